"""Moodle's GIFT: every kind of question that Moodle's documentation shows, each taken as paper asks it or refused by name with its line."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.assignment import GridQuestion, NumberQuestion, OpenQuestion, Part, TextPart
from packets.doors import assignment_files, read_file
from packets.gift import Words
from packets.gift_door import read_gift
from packets.gift_number import only_number
from packets.gift_words import escaped, markdown
from packets.markdown import blocks, inline, unsupported, unsupported_inline
from records.language import set_language
from tests.packets.gift_files import BLANK, FIRST, HEAD, choice, only, read, refusals, taken

WIDE = f"| {' | '.join(['тәуелсіздік'] * 13)} |"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (rf"[markdown]Кіріспе.\n\n{WIDE}\n|{'---|' * 13}", 1),  # as Moodle writes it: all on one line
        (f"[markdown]Кіріспе.\\n\n{WIDE}\n|{'---|' * 13}", 3),
        (r"[markdown]Кіріспе.\n\n# Тақырып", 1),
        (r"[markdown]Кіріспе.\n\n![Су](a.png)", 1),
    ],
)
def test_what_cannot_be_printed_of_a_text_is_named_by_a_line_of_that_text(text: str, lines: int) -> None:
    found = refusals(f"{text}\n\nҚай қала? {{=Астана}}")
    assert [code for _row, code in found if code != "gift_leave_out"] in (
        ["too_large"],
        ["unsupported"],
        ["picture_place"],
        ["picture_missing"],
    )
    assert all(row is not None and FIRST <= row < FIRST + lines for row, code in found if code != "gift_leave_out")


TAKEN = [
    ("Астана қай өзенде? {~Іле =Есіл ~Жайық}", choice("Астана қай өзенде?", ("Іле", "Есіл", "Жайық"), "B")),
    ("Мен {~келеді =келемін ~келесің} ертең.", choice(f"Мен {BLANK} ертең.", ("келеді", "келемін", "келесің"), "B")),
    ("Ол {\n   ~бірінші\n   =екінші\n} орында.", choice(f"Ол {BLANK} орында.", ("бірінші", "екінші"), "B")),
    ("Жаңбыр\nқайдан жауады? {\n ~жерден\n =бұлттан}", choice("Жаңбыр қайдан жауады?", ("жерден", "бұлттан"), "B")),
    ("Каспий тұзды.{T}", choice("Каспий тұзды.", ("Дұрыс", "Бұрыс"), "A")),
    ("Каспий тұщы.{FALSE}", choice("Каспий тұщы.", ("Дұрыс", "Бұрыс"), "B")),
    ("Екі жерде екі {=төрт =4}.", OpenQuestion("1", f"Екі жерде екі {BLANK}.", 1, Decimal(1), "- төрт\n- 4", short=True)),
    ("::Елорда::Елорда қай қала? {=Астана}", OpenQuestion("1", "Елорда қай қала?", 1, Decimal(1), "- Астана", short=True)),
    ("Қай қала? {=Алматы =%75%Алмаата}", OpenQuestion("1", "Қай қала?", 1, Decimal(1), "- Алматы\n- 75 %: Алмаата", short=True)),
    ("Қай жылы? {#1822}", NumberQuestion("1", "Қай жылы?", "1822", 4, Decimal(1))),
    ("Қай жылы? {#1822:0}", NumberQuestion("1", "Қай жылы?", "1822", 4, Decimal(1))),
    ("Нешеу? {#=%100%4:0.4 #дұрыс}", NumberQuestion("1", "Нешеу?", "4", 1, Decimal(1))),
    ("Нешеу? {#3.5..4.5}.", NumberQuestion("1", f"Нешеу? {BLANK}.", "4", 1, Decimal(1))),
    ("Неше градус? {#-3.50:0.001}", NumberQuestion("1", "Неше градус?", "-3.5", 1, Decimal(1), 1, minus=True)),
    ("Пи? {#3,14}", NumberQuestion("1", "Пи?", "3.14", 1, Decimal(1), 2)),
    ("Өлкең туралы жаз. {}", OpenQuestion("1", "Өлкең туралы жаз.", 5, Decimal(1))),
    ("Өлкең туралы жаз. {####Жарайсың!}", OpenQuestion("1", "Өлкең туралы жаз.", 5, Decimal(1))),
    ("Қайсысы 5? {\n ~ \\= 2 + 2\n = \\= 2 + 3 }", choice("Қайсысы 5?", (r"\= 2 + 2", r"\= 2 + 3"), "B")),
    (
        "Қай белгі жай? {~ \\~ #\\~ ерекше ~ \\# ~ \\{ ~ \\} = \\\\ #екі сызық: \\\\\n жалғасы}",
        choice("Қай белгі жай?", (r"\~", "\\#", "{", "}", "\\\\"), "E"),
    ),
    ("[markdown]**Қай** қала? {=Астана ~Алматы}", choice("**Қай** қала?", ("Астана", "Алматы"), "A")),
    ("[html]<p>Қай <b>қала</b>?<br>Ойлан.</p> {=Астана ~[plain]<Алматы>}", choice("Қай **қала**?\nОйлан.", ("Астана", r"\<Алматы\>"), "A")),
    ("5 м<sup>2</sup> неше дм<sup>2</sup>? {~50 =500}", choice("5 м² неше дм²?", ("50", "500"), "B")),
    ("2*3*4 \\: 2 \\= ?\\nЕсепте. {~10 =12}", choice(r"2\*3\*4 : 2 = ?" + "\nЕсепте.", ("10", "12"), "B")),
    ("Кімдер? {~%-50%А ~%50%Б ~%50%В ~%-50%Г}", choice("Кімдер?", ("А", "Б", "В", "Г"), "BC", several=True)),
    ("Кімдер? {~А ~%50%Б ~%50%В}", choice("Кімдер?", ("А", "Б", "В"), "BC", several=True)),
    ("Үшеуі? {~%33.33333%А ~%33.33333%Б ~%33.33333%В}", choice("Үшеуі?", ("А", "Б", "В"), "ABC", several=True)),
    ("Қайсы? {~=Иә ~Жоқ}", choice("Қайсы?", ("Иә", "Жоқ"), "A")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "question"), TAKEN, ids=[text[:24] for text, _question in TAKEN])
def test_what_paper_can_ask_is_taken_as_it_was_meant(text: str, question: Part) -> None:
    assert only(text) == question


def test_pairs_become_a_grid_whose_columns_stand_by_the_alphabet_and_give_nothing_away() -> None:
    grid = only("Елордалар {\n=Ресей -> Мәскеу\n=Қазақстан->Астана\n=Өзбекстан -> Ташкент\n= -> Әнқара}")
    columns = ("Астана", "Әнқара", "Мәскеу", "Ташкент")
    assert grid == GridQuestion("1", "Елордалар", ("Ресей", "Қазақстан", "Өзбекстан"), columns, ("C", "A", "D"), Decimal(1))


def test_numbers_among_columns_stand_by_their_size() -> None:
    grid = only("Есепте {=5+5 -> 10 =1+1 -> 2 =2+7 -> 9}")
    assert isinstance(grid, GridQuestion)
    assert (grid.columns, grid.answer) == (("2", "9", "10"), ("C", "A", "B"))


def test_words_without_braces_are_a_text_and_keep_their_breaks() -> None:
    parts = taken("Мәтінді оқы.\\n\\nСосын жауап бер.\n\n1 + 1? {#2}").parts
    assert parts[0] == TextPart("Мәтінді оқы.\n\nСосын жауап бер.")
    assert isinstance(parts[1], NumberQuestion)


REFUSED = [
    ("Қай жылы? {#1822:1}", "gift_range"),
    ("Пи? {#3.1415:0.0005}.", "gift_range"),
    ("Пи? {#3.141..3.142}.", "gift_range"),
    ("Қай жылы? {#\n=1822:0\n=%50%1822:2}", "gift_numbers"),
    ("Неше? {#көп}", "gift_number"),
    ("Қайда? {~Іле ~%50%Есіл =Жайық}", "gift_part_points"),
    ("Қайда? {=Іле =Жайық ~Есіл}", "gift_several_right"),
    ("Қайда? {~Іле ~Есіл}", "gift_no_right"),
    ("Қайда? {~%25%Іле ~%75%Есіл ~Жайық}", "gift_weights"),
    ("Қайда? {~%50%Іле ~Есіл}", "gift_weights"),
    ("Қайда? {~%көп%Іле =Есіл}", "gift_weight"),
    ("Қайда? {=Іле ~Есіл", "gift_braces"),
    ("Қайда? {=Іле\n\n~Есіл}", "gift_braces"),
    ("Қайда? =Іле ~Есіл}", "gift_braces"),
    ("Мен {=а ~ә} және {=б ~в}.", "gift_braces"),
    ("Қайда? {Іле}", "gift_answers"),
    ("Қайда? {Іле ~Есіл}", "gift_answers"),
    ("{=Іле ~Есіл}", "empty_field"),
    ("[html]<img src='@@PLUGINFILE@@/a.png'> Бұл не? {=Іле ~Есіл}", "unsupported"),
    ("[html]x<sup>q</sup>? {=Іле ~Есіл}", "unsupported"),
    ("Қайда? {=Іле ~Іле}", "doubled_choice"),
    ("Қайда? {=а ~ә ~б ~в ~г ~ғ ~д ~е ~ё}", "choice_count"),
    ("Қайда ⚀ ? {=Іле ~Есіл}", "missing_letter"),
    ("Сәйкестендір {=а -> 1}", "entry_count"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED, ids=[f"{code}: {text[:18]}" for text, code in REFUSED])
def test_what_paper_cannot_ask_is_refused_by_name(text: str, code: str) -> None:
    reading = read(text)
    told = [each for each in reading.complaints if each.refused]
    assert reading.assignment is None
    assert code in [each.code for each in told]
    assert all(each.text and each.row and each.row >= FIRST and each.file == "test.gift" for each in told if each.code != "no_question")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_refusal_is_said_in_the_languages_of_the_country(language: str) -> None:
    english = [[each.text for each in read(text).complaints] for text, _code in REFUSED]
    set_language(language)
    said = [[each.text for each in read(text).complaints] for text, _code in REFUSED]
    assert all(one != other for row, rows in zip(english, said, strict=True) for one, other in zip(row, rows, strict=True))


def test_a_fault_is_told_by_the_line_and_by_the_name_of_its_question() -> None:
    text = "1 + 1? {#2}\n\n// пікір\n::Өзендер::Қайда?\n{\n~Іле\n// тағы пікір\n~%50%Есіл\n=Жайық}"
    (told,) = [each for each in read(text).complaints if each.refused]
    assert (told.row, told.column, told.code) == (FIRST + 7, "Өзендер", "gift_part_points")


def test_what_only_the_screen_needs_is_told_and_left_behind() -> None:
    reading = read("$CATEGORY: $course$/География\n\nҚайда? {~Іле#жоқ =Есіл#иә}\n\nБар ма? {T#Бұрыс#Дұрыс}\n\nКімдер? {~А ~%50%Б ~%50%В}")
    assert reading.assignment is not None
    assert [(each.code, each.row, each.refused) for each in reading.complaints] == [
        ("category", FIRST, False),
        ("gift_feedback", FIRST + 2, False),
        ("gift_other_weights", FIRST + 6, False),
    ]
    assert f"lines {FIRST + 2}, {FIRST + 4}." in reading.complaints[1].text
    assert [question.text for question in reading.assignment.questions] == ["Қайда?", "Бар ма?", "Кімдер?"]


def test_points_lines_and_columns_hold_from_where_they_stand() -> None:
    text = "Бір? {#1}\n\n// poshta: points: 2\n// poshta: digits: 3\nЕкі? {#2}\n\n// poshta: lines: 8\nЖаз. {}\n\n// poshta: points: 1.5\nҚайсы? {=а ~ә}"
    one, two, essay, last = taken(text).questions
    assert (one.points, two.points, essay.points, last.points) == (Decimal(1), Decimal(2), Decimal(2), Decimal("1.5"))
    assert isinstance(two, NumberQuestion)
    assert isinstance(essay, OpenQuestion)
    assert (two.digits, essay.lines) == (3, 8)


def test_the_head_may_name_schools_pupils_and_a_lesson() -> None:
    text = "// poshta: schools: S1, S2\n// poshta: channel: Балапан\n// poshta: date: 2026-10-06\n// poshta: time: 9:20\n\nБір? {#1}"
    assignment = taken(text)
    assert assignment.schools == ("S1", "S2")
    assert assignment.lesson is not None
    assert (assignment.lesson.channel, str(assignment.lesson.date), assignment.lesson.time) == ("Балапан", "2026-10-06", "09:20")


def test_a_head_that_lacks_or_misspells_a_field_is_told_how_to_write_it() -> None:
    head = HEAD.replace("// poshta: grade: 5\n", "// poshta: grad: 5\n").replace("2026-W41", "W41")
    reading = read_gift((head + "Бір? {#1}").encode())
    told = {each.column: (each.row, each.code) for each in reading.complaints}
    assert told == {"grad": (3, "unknown_field"), "week": (7, "wrong_week"), "grade": (1, "missing_field")}
    assert "// poshta: grade:" in next(each.hint for each in reading.complaints if each.column == "grade")


def test_an_export_without_any_head_is_told_once_what_it_lacks() -> None:
    reading = read_gift("1 + 1? {#2}\n\nҚай жылы? {#1822:5}".encode())
    assert [(each.row, each.code) for each in reading.complaints if each.refused] == [(1, "gift_no_head"), (3, "gift_range")]
    assert reading.assignment is None


def test_a_field_said_twice_is_told() -> None:
    assert refusals("// poshta: grade: 6\n\nБір? {#1}") == [(FIRST, "doubled_field")]


def test_with_leave_out_the_rest_is_taken_and_what_is_left_out_is_told() -> None:
    text = "Бір? {#1}\n\nҚай жылы? {#1822:5}\n\n::Ж::Бұл ⚀ ? {=а ~ә}\n\nЕкі? {#2}"
    reading = read(text, leave_out=True)
    assert reading.assignment is not None
    assert [question.text for question in reading.assignment.questions] == ["Бір?", "Екі?"]
    assert [(each.row, each.code, each.refused) for each in reading.complaints] == [
        (FIRST + 2, "gift_range", False),
        (FIRST + 4, "missing_letter", False),
        (None, "gift_left_out", False),
    ]
    assert reading.complaints[-1].text.startswith("2 questions")
    assert read(text).assignment is None
    assert read(text).complaints[-1].code == "gift_leave_out"


def test_with_leave_out_a_fault_of_the_head_or_a_file_without_any_question_is_still_refused() -> None:
    assert read("Қай жылы? {#1822:5}", leave_out=True).assignment is None
    assert read_gift(HEAD.replace("geography", "geo").encode() + b"1? {#1}", leave_out=True).assignment is None


@pytest.mark.parametrize(
    "change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n"), lambda text: text.replace(" ", "\t")]
)
def test_what_windows_editors_add_changes_nothing(change: Any) -> None:
    text = HEAD + "Қайда барамыз? {~Іле =Есіл}"
    assert read_gift(change(text).encode()).assignment == read_gift(text.encode()).assignment != None  # noqa: E711


@pytest.mark.parametrize("content", ["Қайда?".encode("cp1251", "replace"), "Қайда?".encode("utf-16"), b"a\x00b", b"x" * 300_000, b""])
def test_what_is_no_text_is_told_and_never_guessed(content: bytes) -> None:
    reading = read_gift(content)
    assert reading.assignment is None
    assert reading.complaints


SIGNS = st.text(alphabet="абв Ә12{}~=#:\\%\n/>-*_[]<&$|.", max_size=60)


@given(SIGNS, st.booleans())
def test_no_file_makes_the_reader_raise_and_what_it_refuses_it_explains(text: str, leave_out: bool) -> None:
    reading = read(text, leave_out)
    refused = [each for each in reading.complaints if each.refused]
    assert (reading.assignment is None) == bool(refused)
    assert all(each.text and each.code for each in reading.complaints)


BLOCK = (
    st.text(alphabet="абв12{}~=#%->\\\n", min_size=1, max_size=30).map(lambda text: re.sub(r"\s*\n\s*", "\n", text).strip()).filter(bool)
)


@given(st.lists(BLOCK, min_size=1, max_size=5))
def test_no_question_is_lost_without_a_word(blocks: list[str]) -> None:
    reading = read("\n\n".join([*blocks, "1 + 1? {#2}"]), leave_out=True)
    assert reading.assignment is not None, reading.complaints
    left = [int(each.text.split()[0]) for each in reading.complaints if each.code == "gift_left_out"]
    assert len(reading.assignment.parts) + sum(left) == len(blocks) + 1


@given(st.text(alphabet="аӘ12 *_`[]()<>&$~|#+=-.\\:!{}\n", max_size=40))
def test_escaped_words_are_printed_letter_by_letter(text: str) -> None:
    line = " ".join(text.split())
    assert "".join(run.text for run in inline(escaped(line))) == line
    assert unsupported_inline(escaped(line)) == ()
    assert unsupported(escaped(line)) == ()
    assert "".join(run.text for block in blocks(escaped(line)) for run in block.runs) == line


@given(st.integers(-9999, 9999), st.integers(0, 3), st.integers(0, 5))
def test_a_number_is_taken_where_no_other_of_as_many_decimals_lies_within(answer: int, decimals: int, tolerance: int) -> None:
    step = Decimal(1).scaleb(-decimals)
    value, away = answer * step, tolerance * step
    found = only_number(f"{value}:{away}")
    assert found is not None
    assert found.number == ("" if tolerance else f"{value.quantize(step)}")


def test_a_folder_means_its_gift_files_too(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.gift", "c.gift.txt", "notes.txt"):
        (tmp_path / name).write_text(HEAD + "1? {#1}", encoding="utf-8")
    files, left = assignment_files([tmp_path])
    assert sorted(file.name for file in files) == ["a.yaml", "b.gift", "c.gift.txt"]
    assert [file.name for file in left] == ["notes.txt"]
    assert all(read_file(file).assignment for file in files if file.suffix != ".yaml")


def test_a_picture_in_markdown_is_sought_beside_the_file(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (60, 40), 128).save(tmp_path / "uy.png")
    (tmp_path / "a.gift").write_text(HEAD + "[markdown]![үй](uy.png)\n\nБұл не? {=үй ~тау}", encoding="utf-8")
    assignment = read_file(tmp_path / "a.gift").assignment
    assert assignment is not None
    assert [picture.file for picture in assignment.pictures] == ["uy.png"]
    assert read((tmp_path / "a.gift").read_text(encoding="utf-8").removeprefix(HEAD)).assignment is None


@pytest.mark.parametrize(
    ("html", "printed"),
    [
        ("<b>да", "**да**"), ("нет</b> да", "нет да"), ("<b></b>x<b> </b>y", "x y"), ("a<b> да </b>b", "a **да** b"), ("<b>a<br>b</b>", "**a**\\\n**b**"),
        ("<b><p>a</p><p>b</p></b>", "**a**\n\n**b**"), ("<b><i>ай</i></b> да", "***ай*** да"), ("2*3 <b>a*b</b>", "2\\*3 **a\\*b**"),
        ("<ul><li><b>a</b></li></ol>", "- **a**"), ("<b>a<i>b</b></i>", "**a*b***"),
    ],
)  # fmt: skip
def test_bold_and_italics_of_html_leave_no_stars_behind(html: str, printed: str) -> None:
    said: list[str] = []
    assert markdown(Words(html, "html", 1), said.append) == printed
    assert said == []


@pytest.mark.parametrize(("html", "named"), [("Если a<b и c>d", "<b и c>"), ("слово<b>(важно)</b>нет", "<b>, <i>")])
def test_what_would_lose_words_or_print_stars_is_refused_by_name(html: str, named: str) -> None:
    assert [each.value for each in read(f"{html} {{T}}").complaints if each.refused] == [named]


@given(
    st.lists(st.sampled_from(["<b>", "</b>", "<i>", "</i>", "<p>", "</p>", "<br>", "сөз", " ", "да ", "(ә)", "<ul>", "<li>"]), max_size=12)
)
def test_whatever_html_is_made_bold_its_stars_are_never_printed(pieces: list[str]) -> None:
    said: list[str] = []
    printed = markdown(Words("".join(pieces), "html", 1), said.append)
    assert said or "*" not in "".join(run.text for run in inline(printed))


def test_a_penalty_for_a_wrong_choice_is_told_and_the_question_taken() -> None:
    reading = read("Қайсысы? {=дұрыс ~%-50%бұрыс}")
    assert [(each.code, each.refused) for each in reading.complaints] == [("gift_other_weights", False)]
    assert reading.assignment is not None
    assert reading.assignment.parts == (choice("Қайсысы?", ("дұрыс", "бұрыс"), "A"),)


def test_a_refused_question_is_not_told_a_second_time_as_none_and_feedback_names_a_line_once() -> None:
    assert refusals("Қанша? {#12345678}") == [(FIRST, "gift_number")]
    assert refusals("Қанша? {#1,000}") == [(FIRST, "gift_number")]
    assert "on line 9." in read("Қайсысы? {=а#иә ~б#жоқ}").complaints[0].text

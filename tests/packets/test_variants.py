"""Variants of an assignment: which order each prints, who gets which, and that nothing changes where there is only one."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from packets.assignment import LETTERS, Assignment, ChoiceQuestion
from packets.authoring import KINDS, Reading, read_assignment
from packets.doors import read_file
from packets.kinds import LAST, WHOLE
from packets.orders import Order
from packets.paper import Face, width_mm
from packets.subjects import SUBJECTS, subject_name
from packets.template import filled_workbook
from packets.variants import MOST_VARIANTS, deal, order_of, stays_by_words
from packets.worksheet import HEAD_LEFT, HEAD_RIGHT, _for_whom, _what_kind, draw_assignment
from settlements.roster import Learner
from tests.packets.week import FIRST, WEEK

SAMPLE = Path(__file__).parents[2] / "packets" / "samples" / "math-5-kk-w41.yaml"
CODES = st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True)
HEAD = "assignment: a\nsubject: math\ngrade: 5\nlanguage: ru\ntitle: t\nkind: practice\nweek: 2026-W41\nvariants: {variants}\nparts:\n"


def question(choices: int, stays: str = "", number: str = "1") -> ChoiceQuestion:
    return ChoiceQuestion(number, "?", tuple(f"c{place}" for place in range(choices)), ("A",), False, False, Decimal(1), stays)


def read(parts: str, variants: int = 3) -> Reading:
    return read_assignment((HEAD.format(variants=variants) + parts).encode(), "a.yaml")


@given(CODES, st.integers(2, 8), st.integers(1, MOST_VARIANTS), st.sampled_from(["", LAST, WHOLE]))
def test_an_order_is_a_permutation_and_what_stays_stays(code: str, choices: int, variant: int, stays: str) -> None:
    order, letters = order_of(code, variant, question(choices, stays)), LETTERS[:choices]
    assert sorted(order) == list(letters)
    assert order == order_of(code, variant, question(choices, stays))
    assert variant > 1 or order == letters
    if stays:
        assert order[-1] == letters[-1]
    if stays == WHOLE:
        assert order == letters


@given(CODES, st.integers(2, 8), st.integers(2, MOST_VARIANTS), st.sampled_from(["", LAST]))
def test_no_choice_stands_behind_the_same_letter_in_two_variants_while_there_are_enough(
    code: str, choices: int, variants: int, stays: str
) -> None:
    free = choices - (stays == LAST)
    orders = [order_of(code, variant, question(choices, stays))[:free] for variant in range(1, min(variants, free) + 1)]
    for place in range(free):
        assert len({order[place] for order in orders}) == len(orders)


def test_the_order_is_the_one_that_is_described_and_will_be_in_ten_years() -> None:
    found = [order_of("math-5-kk-w41", variant, question(4)) for variant in (1, 2, 3, 4)]
    assert found == ["ABCD", "CDAB", "DABC", "BCDA"]
    assert order_of("math-5-kk-w41", 2, question(5, LAST, "7")) == "CADBE"


@given(st.sets(CODES, max_size=12), st.dictionaries(CODES, st.integers(1, 4), max_size=4), st.integers(2, 4))
def test_pupils_of_a_village_get_different_variants_as_far_as_there_are_any(pupils: set[str], known: dict[str, int], variants: int) -> None:
    dealt = deal("a", "595033100", pupils, {}, variants)
    counts = [list(dealt.values()).count(variant) for variant in range(1, variants + 1)]
    assert max(counts) - min(counts) <= 1
    kept = {pupil: variant for pupil, variant in known.items() if variant <= variants}
    again = deal("a", "595033100", pupils | kept.keys(), known, variants)
    assert kept.items() <= again.items()
    assert set(again.values()) <= set(range(1, variants + 1))


@pytest.mark.parametrize(
    ("choices", "stays"),
    [
        (("5", "6", "7"), ""),
        (("5", "6", "все перечисленные"), LAST),
        (("5", "6", "нет правильного ответа"), LAST),
        (("5", "6", "дұрыс жауап жоқ"), LAST),
        (("5", "6", "Барлығы дұрыс"), LAST),
        (("5", "6", "none of the above"), LAST),
        (("all of the above", "6", "7"), WHOLE),
        (("5", "6", "A и B"), WHOLE),
        (("5", "6", "А және С"), WHOLE),
        (("только A", "6", "7"), WHOLE),
        (("5", "6", "А и Б"), WHOLE),
        (("верно только Б", "6", "7"), WHOLE),
        (("5", "(A) and (B)", "7"), WHOLE),
        (("5", "6", "правильного ответа нет"), LAST),
        (("Б", "Г", "Ж"), ""),
        (("A", "B", "C"), WHOLE),
        (("ABC", "BCA", "CAB"), ""),
        (("В лесу", "А потом домой", "С утра"), ""),
        (("$A + B$", "$A$", "6"), ""),
    ],
)
def test_words_that_name_letters_or_sum_up_keep_their_places(choices: tuple[str, ...], stays: str) -> None:
    assert stays_by_words("Что верно?", choices) == stays


def test_a_question_that_names_its_choices_by_letters_stays_whole() -> None:
    assert stays_by_words("Если ответ B неверен, то какой?", ("5", "6")) == WHOLE
    assert stays_by_words("Чему равен отрезок AB?", ("5", "6")) == ""


def test_a_question_that_stays_because_of_its_words_is_told_and_may_be_moved_all_the_same() -> None:
    asked = '  - question: q\n    choices: ["1", "2", "A и B"]\n    answer: A\n    points: 1\n'
    moves = '  - question: r\n    choices: ["1", "2"]\n    answer: A\n    points: 1\n'
    told = read(asked + moves)
    assert told.assignment is not None
    assert [(each.code, each.refused, each.row, each.column) for each in told.complaints] == [
        ("choices_stay", False, 11, "parts[1].choices")
    ]
    said = read(asked + "    shuffle: true\n" + moves)
    assert said.complaints == ()
    assert said.assignment is not None
    first, _second = said.assignment.questions
    assert isinstance(first, ChoiceQuestion)
    assert first.stays == ""
    kept = read(asked + "    shuffle: false\n" + moves)
    assert kept.complaints == ()
    assert kept.assignment is not None
    assert Assignment.from_json(kept.assignment.as_json()) == kept.assignment
    assert kept.assignment.printed_digest == told.assignment.printed_digest != said.assignment.printed_digest


def test_variants_that_would_all_be_alike_are_refused() -> None:
    told = read("  - question: q\n    true_false: true\n    points: 1\n")
    assert [(each.code, each.row, each.column) for each in told.complaints] == [("nothing_to_shuffle", 8, "variants")]
    assert read("  - question: q\n    number: 4\n    digits: 1\n    points: 1\n").assignment is None


@pytest.mark.parametrize("variants", ["5", "0", "two", "[2]"])
def test_a_number_of_variants_that_cannot_be_is_refused(variants: str) -> None:
    body = HEAD.replace("{variants}", variants) + '  - question: q\n    choices: ["1", "2"]\n    answer: A\n    points: 1\n'
    found = read_assignment(body.encode(), "a.yaml")
    assert found.assignment is None
    assert {(each.row, each.column) for each in found.complaints} == {(8, "variants")}


@pytest.mark.parametrize("variants", ["", "1"])
def test_no_number_or_one_means_that_there_is_one_sheet_for_all(variants: str) -> None:
    body = HEAD.replace("{variants}", variants) + '  - question: q\n    choices: ["1", "2"]\n    answer: A\n    points: 1\n'
    found = read_assignment(body.encode(), "a.yaml").assignment
    assert found is not None
    assert (found.variants, found.in_all_variants) == (1, (found,))


def test_what_has_no_variants_is_what_it_was_before_there_were_any() -> None:
    work = read_file(SAMPLE).assignment
    assert work is not None
    assert work.printed_digest == "849c5cdb0b92f54b03351f28a9eca22d7b1beaaf6d65a548dd184a356702aa67"
    assert work.key_digest == "dd7bb420884c7f98a611a62bb8ae769da64fbc112406c382a49171cfb96bcbe1"
    order = Order("2026-W41-P1", WEEK, Learner("P1", 5, "kk", FIRST, "S1"), "Әсел", None, (work,), date(2026, 10, 19), "1")
    assert (
        order.digest((0, 0))
        == "efe65a233ab58cd205c279406689a82bd78d831fd84d7cf5ace42133d0dacd62.f0f4946b7bf6407e0e697854ef3f459d9c670c76febabf5ba9f61fbb9f8e8b24"
    )
    assert work.in_variant(2) == work
    assert {box.value == box.label for layout in draw_assignment(work).layouts for box in layout.boxes} == {True}


def test_a_workbook_and_a_gift_file_say_the_same_of_variants(tmp_path: Path) -> None:
    moves = '  - question: r\n    choices: ["1", "2", "3", "бәрі"]\n    answer: A\n    points: 1\n'
    asked = '  - question: q\n    choices: ["1", "2", "A и B"]\n    answer: A\n    points: 1\n  - question: t\n    true_false: true\n    points: 1\n'
    work = read(moves + asked).assignment
    assert work is not None
    for language in ("kk", "ru", "en"):
        book = tmp_path / f"{language}.xlsx"
        book.write_bytes(filled_workbook(work, language))
        again = read_file(book)
        assert again.assignment == work, again.complaints
        assert again.complaints == ()
    head = "".join(f"// poshta: {line}\n" for line in HEAD.format(variants=2).splitlines()[:-1])
    gift = tmp_path / "a.gift"
    gift.write_text(head + "\n::r:: r {=1 ~2 ~3 ~нет верного ответа}\n\n::s:: s {T}\n", encoding="utf-8")
    told = read_file(gift)
    assert told.assignment is not None, told.complaints
    assert told.assignment.variants == 2
    assert [question.stays for question in told.assignment.questions if isinstance(question, ChoiceQuestion)] == [LAST, WHOLE]


def test_a_workbook_and_a_gift_file_are_told_what_can_be_done_in_them(tmp_path: Path) -> None:
    moves = '  - question: r\n    choices: ["1", "2"]\n    answer: A\n    points: 1\n'
    work = read(moves + '  - question: q\n    choices: ["1", "2", "3"]\n    answer: A\n    points: 1\n').assignment
    assert work is not None
    book = load_workbook(io.BytesIO(filled_workbook(work, "en")))
    sheet = book["Questions"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Shuffle")
    sheet.cell(2, column).value = None
    sheet.cell(2, 4).value = "A and B"
    book.save(tmp_path / "a.xlsx")
    (told,) = read_file(tmp_path / "a.xlsx").complaints
    assert (told.code, told.sheet, told.row) == ("choices_stay", "Questions", 2)
    assert "Shuffle" in told.hint
    head = "".join(f"// poshta: {line}\n" for line in HEAD.format(variants=2).splitlines()[:-1])
    (tmp_path / "a.gift").write_text(head + "\n::r:: r {=1 ~2 ~3}\n\n::s:: s {=A and B ~C}\n", encoding="utf-8")
    (told,) = read_file(tmp_path / "a.gift").complaints
    assert (told.code, told.column) == ("choices_stay", "s")
    assert "shuffle" not in told.hint


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_longest_heads_leave_room_between_their_sides(language: str) -> None:
    for kind in KINDS:
        for subject in SUBJECTS:
            work = Assignment("a", subject, 11, language, "Тақырып", kind, WEEK, None, (question(4),), variants=4).in_variant(4)
            left = width_mm(subject_name(subject, language), 13, Face.BOLD)
            assert left + width_mm(_for_whom(work), 10) + 2 < HEAD_RIGHT - HEAD_LEFT, subject
            assert width_mm(_what_kind(work), 10) < (HEAD_RIGHT - HEAD_LEFT) * 0.7, kind

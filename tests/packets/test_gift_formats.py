"""The formats that a GIFT file names before words: taken as such, or refused by name where the name itself, or lines of Markdown, would be printed."""

import pytest

from tests.packets.gift_files import FIRST, choice, only, read, refusals

WAYS = [
    "[markdown]**Қай** қала? {=Астана ~Алматы}",
    "[markdown]\n**Қай** қала?\n{=Астана ~Алматы}",
    "::аты::[MarkDown] **Қай** қала? {=Астана ~Алматы}",
    "[html]<b>Қай</b> қала? {=Астана ~Алматы}",
    "[moodle]<b>Қай</b> қала? {=[plain]Астана ~[markdown]Алматы}",
]


@pytest.mark.parametrize("text", WAYS)
def test_words_are_read_in_the_format_that_stands_before_them(text: str) -> None:
    assert only(text) == choice("**Қай** қала?", ("Астана", "Алматы"), "A")


REFUSED = [
    ("[markdown]\n\nҚай қала? {=Астана ~Алматы}", 0, "[markdown]"),
    ("[markdown]", 0, "[markdown]"),
    ("[markdown]::аты::Қай қала? {=Астана ~Алматы}", 0, "::аты::"),
    ("[markdown][html]Қай қала? {=Астана ~Алматы}", 0, "[html]"),
    ("[wiki]Қай қала? {=Астана ~Алматы}", 0, "[wiki]"),
    ("[ markdown ]Қай қала? {=Астана ~Алматы}", 0, "[ markdown ]"),
    ("[mаrkdоwn]Қай қала? {=Астана ~Алматы}", 0, "[mаrkdоwn]"),  # with Cyrillic letters
    ("[markdwn] мәтін", 0, "[markdwn]"),
    ("Қай\n{=Астана\n~[markdwn]Алматы}", 2, "[markdwn]"),
    ("[htlm]Қай қала? {=Астана ~Алматы}", 0, "[htlm]"),
    ("[text]Қай қала? {=Астана ~Алматы}", 0, "[text]"),
    ("Қай {=Астана ~Алматы}\n[markdown]**қала**?", 1, "[markdown]"),
]


@pytest.mark.parametrize(("text", "line", "named"), REFUSED, ids=[text[:24] for text, _line, _named in REFUSED])
def test_a_format_that_would_be_printed_is_refused_by_name_and_line(text: str, line: int, named: str) -> None:
    reading = read(text + "\n\n2 + 2? {~3 =4}")
    (told,) = [each for each in reading.complaints if each.refused]
    assert (told.code, told.row) == ("gift_format", FIRST + line)
    assert named in told.text
    assert told.hint
    taken = read(text + "\n\n2 + 2? {~3 =4}", leave_out=True).assignment
    assert taken is not None
    assert taken.questions[-1].text == "2 + 2?"
    assert not any("[" in question.text for question in taken.questions)


def test_other_brackets_at_the_beginning_are_words() -> None:
    assert only("[a; b] кесіндісі {=иә ~жоқ}") == choice(r"\[a; b\] кесіндісі", ("иә", "жоқ"), "A")
    assert only("[Планета] деген не? {=иә ~жоқ}") == choice(r"\[Планета\] деген не?", ("иә", "жоқ"), "A")
    assert only("[plain][wiki] деген не? {=иә ~жоқ}") == choice(r"\[wiki\] деген не?", ("иә", "жоқ"), "A")


@pytest.mark.parametrize("word", ["Plan", "plane", "explain", "module", "mode", "model"])
def test_words_that_are_only_somewhat_like_a_short_format_are_words(word: str) -> None:
    assert only(f"[{word}] is? {{=a ~b}}") == choice(rf"\[{word}\] is?", ("a", "b"), "A")
    assert only(f"What? {{=[{word}] ~b}}") == choice("What?", (rf"\[{word}\]", "b"), "A")


@pytest.mark.parametrize("word", ["text", "tex", "auto"])
def test_formats_of_other_programs_are_words_in_answers_and_texts(word: str) -> None:
    assert only(f"What? {{=[{word}] ~b}}") == choice("What?", (rf"\[{word}\]", "b"), "A")
    assert read(f"[{word}] Read it.\n\n2 + 2? {{~3 =4}}").assignment is not None


@pytest.mark.parametrize("table", ["| а | б |\n|---|---|\n| 1 | 2 |", "Қай?\n\n| а | б |\n|:--|--:|\n| 1 | 2 |"])
def test_a_table_within_a_question_is_refused_and_as_a_text_of_its_own_taken(table: str) -> None:
    flat = table.replace("\n", "\\n")
    assert refusals(f"[markdown]{flat}\n{{=Астана ~Алматы}}") == [(FIRST, "unsupported")]
    assert read(f"[markdown]{flat}\n\n2 + 2? {{~3 =4}}").assignment is not None


def test_the_items_of_a_list_begin_alike_with_whatever_sign_they_were_written() -> None:
    text = "[markdown]Қайсысы?\n* бір\n+ екі\n- үш\n{=Астана ~Алматы}"
    assert only(text) == choice("Қайсысы?\n- бір\n- екі\n- үш", ("Астана", "Алматы"), "A")

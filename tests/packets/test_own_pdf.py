"""A teacher's own PDF among the parts of an assignment: every slip is told with its line, and it stays the same through every door."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from packets.assignment import Assignment, ChoiceQuestion
from packets.authoring import read_file
from packets.doors import read_file as read_any
from packets.kinds import PagePart
from packets.layout import Layout
from packets.press import Page, Press, Stamp
from packets.shelf import Kept, keep, on_shelf
from packets.template import filled_workbook
from packets.worksheet import draw_assignment
from records.errors import InputRefused
from tests.packets.teacher_pdfs import (
    YAML,
    beside,
    codes,
    kept,
    sheet,
)
from tests.packets.week import open_desk
from tests.small_desk import here


@pytest.mark.parametrize("name", ["../sheet.pdf", "/sheet.pdf", "C:\\sheet.pdf", "none.pdf"])
def test_a_pdf_is_sought_beside_the_assignment_alone(tmp_path: Path, name: str) -> None:
    reading = read_file(beside(tmp_path / "in", sheet(), YAML.replace("pdf: sheet.pdf", f"pdf: '{name}'")))
    assert codes(reading) == ["pdf_missing" if name == "none.pdf" else "pdf_place"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("pdf: sheet.pdf\n", "", "no_pdf"),
        ("page: 2\n", "page: 3\n", "pdf_no_page"),
        ("page: 2\n", "page: second\n", "wrong_type"),
        ("strip: right", "strip: top", "unknown_value"),
        ("choices: 3", "choices: 9", "out_of_range"),
        ("answer: C", "answer: D", "key_without_choice"),
        ("[20, 120, 170, 30]", "[20, 120, 300, 30]", "field_outside"),
        ("[20, 120, 170, 30]", "[20, 120]", "wrong_type"),
        ("[20, 120, 170, 30]", "[20, 120, 170, 1]", "wrong_type"),
        ('{question: "7 × 12 = ?", number: 84', "{number: 84", "missing_field"),
        ('question: "7 × 12 = ?", number: 84, digits: 3', 'question: "7 × 12 = ?", field: page', "unknown_field"),
    ],
)
def test_every_slip_of_the_pen_is_told_with_its_line(tmp_path: Path, before: str, after: str, code: str) -> None:
    reading = read_file(beside(tmp_path, sheet(), YAML.replace(before, after)))
    assert reading.assignment is None
    found = [each for each in reading.complaints if each.refused]
    assert code in [each.code for each in found]
    assert all(each.row for each in found)


def test_a_pdf_without_a_page_among_the_parts_is_told(tmp_path: Path) -> None:
    text = YAML[: YAML.index("parts:")] + 'parts:\n  - {question: "2 + 2 = ?", number: 4, digits: 1, points: 1}\n'
    assert codes(read_file(beside(tmp_path, sheet(), text))) == ["no_page"]


def test_a_page_that_its_questions_leave_no_room_is_refused_with_its_line_and_how_small_it_would_be(tmp_path: Path) -> None:
    many = "".join("  - {choices: 4, answer: A, points: 1}\n" for _question in range(60))
    reading = read_file(beside(tmp_path, sheet(), YAML.replace("  - {choices: 3", many + "  - {choices: 3")))
    assert codes(reading) == ["no_room"]
    reading = read_file(beside(tmp_path, sheet((420.0, 594.0), bottom=560)))
    assert set(codes(reading)) == {"no_room"}
    assert [each.row for each in reading.complaints if each.refused] == [10, 15]


def test_the_same_assignment_comes_through_text_workbook_and_json(tmp_path: Path) -> None:
    text = YAML.replace("[20, 120, 170, 30]", "page").replace("    strip: right\n", "")
    first = kept(tmp_path, text=text)
    assert Assignment.from_json(first.as_json()) == first
    for language in ("kk", "ru", "en"):
        (tmp_path / "own.xlsx").write_bytes(filled_workbook(first, language))
        reading = read_any(tmp_path / "own.xlsx")
        assert reading.assignment == first, reading.complaints


def test_gift_places_pages_between_its_questions(tmp_path: Path) -> None:
    head = "".join(f"// poshta: {line}\n" for line in YAML[: YAML.index("parts:")].splitlines())
    beside(tmp_path, sheet(bottom=90))
    file = tmp_path / "own.gift"
    file.write_text(head + "\n// poshta: page: 2\n\nЕсіл – өзен. {T}\n\nҚайсысы? {~Іле =Есіл}\n", encoding="utf-8")
    reading = read_any(file)
    assert reading.assignment is not None, reading.complaints
    assert [type(part) for part in reading.assignment.parts] == [PagePart, ChoiceQuestion, ChoiceQuestion]


def test_leaving_out_questions_of_a_gift_file_never_leaves_out_a_page(tmp_path: Path) -> None:
    head = "".join(f"// poshta: {line}\n" for line in YAML[: YAML.index("pdf:")].splitlines())
    file = tmp_path / "own.gift"
    file.write_text(head + "\n// poshta: page: 1\n\nЕсіл – өзен. {T}\n", encoding="utf-8")
    reading = read_any(file, leave_out=True)
    assert reading.assignment is None
    assert codes(reading) == ["no_pdf"]


def test_another_pdf_is_another_print_and_another_key_is_not(tmp_path: Path) -> None:
    first = kept(tmp_path)
    other = kept(tmp_path, sheet(bottom=150))
    key = kept(tmp_path, text=YAML.replace("answer: C", "answer: B"))
    assert other != first
    assert other.printed_digest != first.printed_digest
    assert (key.printed_digest, key.key_digest == first.key_digest) == (first.printed_digest, False)


def test_the_same_file_gives_the_same_bytes_and_a_layout_that_comes_back_from_json(tmp_path: Path) -> None:
    first, again = kept(tmp_path / "a"), kept(tmp_path / "b")
    assert first == again
    assert first.pdf is not None and again.pdf is not None  # noqa: PT018
    assert first.pdf.kept == again.pdf.kept
    drawn, twice = draw_assignment(first), draw_assignment(again)
    assert [layout.digest for layout in drawn.layouts] == [layout.digest for layout in twice.layouts]
    assert all(Layout.from_json(layout.as_json()) == layout for layout in drawn.layouts)
    other = draw_assignment(replace(first, pdf=replace(first.pdf, digest="1" * 64)))
    assert drawn.layouts[0].print_digest != other.layouts[0].print_digest
    assert drawn.layouts[2].print_digest == other.layouts[2].print_digest, "the third sheet has no page of the PDF"
    packets = [packet(each.pdf) for each in (drawn, twice)]
    assert packets[0] == packets[1]
    assert len(packet(drawn.pdf)) < len(packet(drawn.pdf, times=2)) < len(packet(drawn.pdf)) + 4000, "a page that stands twice is held once"


def packet(pdf: bytes, times: int = 1) -> bytes:
    press = Press()
    numbers = press.take_in(pdf)
    return press.packet([Page(number, Stamp()) for _time in range(times) for number in numbers])


def test_the_same_file_stays_as_it_was_taken_in_though_a_later_program_would_cut_it_otherwise(tmp_path: Path) -> None:
    first = kept(tmp_path)
    assert first.pdf is not None
    page = first.pdf.pages[0]
    cut = replace(first.pdf, pages=(replace(page, ink=(1.0, 1.0, 200.0, 200.0)), *first.pdf.pages[1:]), kept="")
    home = open_desk(tmp_path / "desk", weeks=())
    with home.database.write() as session:
        assert keep(session, first)[0] is Kept.ADDED
        assert keep(session, replace(first, pdf=cut))[0] is Kept.UNCHANGED
        assert keep(session, replace(kept(tmp_path, text=YAML.replace("answer: C", "answer: B")), pdf=cut))[0] is Kept.KEY_CHANGED
        held = on_shelf(session)[0].assignment.pdf
    home.close()
    assert held is not None
    assert (held.pages, held.kept) == (first.pdf.pages, first.pdf.kept)


def test_what_an_assignment_names_is_not_told_to_be_left_alone(tmp_path: Path) -> None:
    beside(tmp_path / "in", sheet())
    (tmp_path / "in" / "notes.txt.bak").write_text("mine", encoding="utf-8")
    told = here(tmp_path, "assignments", "check", str(tmp_path / "in"))
    assert [Path(file).name for file in told.data["left_alone"]] == ["notes.txt.bak"]


def test_a_workbook_cannot_say_where_on_a_page_an_answer_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputRefused):
        filled_workbook(kept(tmp_path), "ru")


def test_choices_on_a_page_keep_their_order_in_every_variant(tmp_path: Path) -> None:
    worded = '  - {question: "Қайсы?", choices: [Ертіс, Есіл, Жайық], answer: A, points: 1}\n  - page: 2'
    assignment = kept(tmp_path, text=YAML.replace("pdf:", "variants: 4\npdf:").replace("  - page: 2", worded))
    first, second, third, _open, own = assignment.questions[:5]
    shown = assignment.in_all_variants
    assert {each.order(first) for each in shown} == {"ABCD"}
    assert {each.order(second) for each in shown} == {"ABCD"}
    assert {each.order(third) for each in shown} == {"ABC"}
    assert isinstance(own, ChoiceQuestion)
    assert len({each.order(own) for each in shown}) > 1

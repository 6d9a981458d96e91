"""A teacher's own PDF: cleaned or refused by name, placed clear of everything of ours, and the same through every door."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packets import own_pdf_intake
from packets.assignment import Assignment, ChoiceQuestion, NumberQuestion, OpenQuestion, Part
from packets.authoring import Reading, read_file
from packets.doors import read_file as read_any
from packets.kinds import WHOLE, PagePart
from packets.layout import BLANK_DPI, BODY_MM, CODES, FIDUCIALS, PAGE_MM, QR_MODULES, Layout, clear_of_folds
from packets.own_pdf import LEAST_SCALE, OwnPdf, TeacherPage
from packets.own_pdf_cleaning import Cleaned, Refused, clean
from packets.own_pdf_intake import take_in
from packets.own_pdf_page import NoRoom, Sheet, own_sheet
from packets.press import Page, Press, Stamp
from packets.questions import CLEAR_RADII
from packets.shelf import Kept, keep, on_shelf
from packets.template import filled_workbook
from packets.token import write_token
from packets.worksheet import draw_assignment
from records.errors import InputRefused
from records.keys import Key
from tests.packets.teacher_pdfs import (
    YAML,
    beside,
    endless,
    noted,
    refused,
    scripted,
    sheet,
    stamped,
    turned,
    with_code,
    with_drawn_letters,
)
from tests.packets.week import open_desk
from tests.small_desk import here

BAD = refused()
NOT_PAPER = 200
QUIET_MODULES = 4


def kept(folder: Path, content: bytes | None = None, text: str = YAML) -> Assignment:
    """The assignment of a file with its PDF; it is in order."""
    reading = read_file(beside(folder, content or sheet(), text))
    assert reading.assignment is not None, reading.complaints
    return reading.assignment


def codes(reading: Reading, refusals: bool = True) -> list[str]:
    return [each.code for each in reading.complaints if each.refused is refusals]


def bare(number: int, count: int, several: bool = False) -> ChoiceQuestion:
    return ChoiceQuestion(str(number), "", ("",) * count, ("A",), several, False, Decimal(1), WHOLE)


@st.composite
def _pages(draw: st.DrawFn) -> TeacherPage:
    width, height = draw(st.floats(60, 420)), draw(st.floats(60, 420))
    left, top = draw(st.floats(0, width / 3)), draw(st.floats(0, height / 3))
    right, bottom = draw(st.floats(width / 2, width)), draw(st.floats(height / 2, height))
    return TeacherPage(1, width, height, (left, top, right, bottom))


@st.composite
def _own(draw: st.DrawFn) -> Assignment:
    page, strip = draw(_pages()), draw(st.sampled_from(["", "bottom", "right"]))
    parts: list[Part] = [PagePart(1, strip)]
    for number in range(1, draw(st.integers(0, 14)) + 1):
        points = Decimal(draw(st.integers(1, 20)))
        parts.append(
            draw(
                st.one_of(
                    st.builds(bare, st.just(number), st.integers(2, 8), st.booleans()),
                    st.builds(
                        NumberQuestion, st.just(str(number)), st.just(""), st.just("1"), st.integers(1, 4), st.just(points),
                        st.integers(0, 1), st.booleans(),
                    ),
                    st.just(OpenQuestion(str(number), "", 0, points, on_page=True)),
                    st.just(OpenQuestion(str(number), "", 0, points, on_page=True, field=(10.0, 20.0, 40.0, 30.0))),
                    st.just(ChoiceQuestion(str(number), "Қай өзен?", ("Ертіс", "Есіл"), ("A",), False, False, points)),
                )
            )
        )  # fmt: skip
    own = OwnPdf("sheet.pdf", "0" * 64, (page,), "")
    language, grade = draw(st.sampled_from(["kk", "ru", "en"])), draw(st.sampled_from([1, 5]))
    return Assignment("own", "math", grade, language, "Өзіміздікі", "practice", "2026-W41", None, tuple(parts), pdf=own)


def _made(assignment: Assignment, part: PagePart, questions: Sequence[Part]) -> Sheet | NoRoom:
    try:
        return own_sheet(assignment, part, questions, ())
    except NoRoom as failure:
        return failure


@given(_own())
@settings(max_examples=150, deadline=None)
def test_a_page_and_its_strip_never_overlap_and_stay_where_the_sheet_allows(assignment: Assignment) -> None:
    part, *questions = assignment.parts
    assert isinstance(part, PagePart)
    made = _made(assignment, part, questions)
    if isinstance(made, NoRoom):
        assert made.scale < LEAST_SCALE
        return
    assert made.placing is not None
    assert LEAST_SCALE <= made.placing.scale <= 1
    left, top, right, bottom = made.placing.covered
    body = BODY_MM
    assert left >= body[0] - 1e-6 and top >= body[1] - 1e-6 and right <= body[2] + 1e-6 and bottom <= body[3] + 1e-6  # noqa: PT018 - one area
    boxes = [box for each in made.placed for box in each.boxes()]
    for box in boxes:
        (x, y), half = box.center_mm, box.size_mm[0] / 2
        assert 15 + half <= x <= PAGE_MM[0] - 15 - half, box
        assert clear_of_folds(y - half, y + half), box
        clear = half * CLEAR_RADII * 0.7072
        assert x - clear >= right or y - clear >= bottom, (box, made.placing.covered)
    for one, other in ((a, b) for place, a in enumerate(boxes) for b in boxes[place + 1 :]):
        assert np.hypot(*np.subtract(one.center_mm, other.center_mm)) >= (one.size_mm[0] + other.size_mm[0]) / 2 + 1
    assert {item.item for item in made.items} == {question.number for question in assignment.questions}
    for item in made.items:
        question = next(each for each in assignment.questions if each.number == item.item)
        own = isinstance(question, OpenQuestion) and question.on_page
        assert (item.field_mm is not None) is own
        if item.field_mm is not None:
            assert left - 0.1 <= item.field_mm[0] < item.field_mm[2] <= right + 0.1
            assert top - 0.1 <= item.field_mm[1] < item.field_mm[3] <= bottom + 0.1


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_placed_is_refused_by_its_name(name: str) -> None:
    content, code = BAD[name]
    with pytest.raises(Refused) as told:
        clean(content, [1])
    assert told.value.code == code


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_is_upright_as_it_is_shown_whatever_way_it_lies_in_the_file(degrees: int) -> None:
    cleaned = clean(turned(degrees), [2])
    wide = degrees % 180 == 90
    assert (cleaned.pages[0]["width"], cleaned.pages[0]["height"]) == ((297.0, 210.0) if wide else (210.0, 297.0))
    assert words(cleaned) >= {"2-бет"}


def words(cleaned: Cleaned) -> set[str]:
    document = pypdfium2.PdfDocument(cleaned.pdf)
    try:
        return {line.strip() for page in document for line in page.get_textpage().get_text_range().splitlines()}
    finally:
        document.close()


def test_fonts_and_vectors_stay_and_nothing_else_of_the_file_does() -> None:
    cleaned = clean(scripted(), [1])
    assert "pdf_left_behind" in [code for code, _values in cleaned.told]
    with pikepdf.open(io.BytesIO(cleaned.pdf)) as made:
        spelled = b"".join(each.unparse(resolved=True) if not isinstance(each, pikepdf.Stream) else b"" for each in made.objects)
        assert not made.attachments
    for name in (b"JavaScript", b"OpenAction", b"EmbeddedFile", b"/Annots"):
        assert name not in spelled
    document = pypdfium2.PdfDocument(cleaned.pdf)
    kinds = {type(each) for each in document[0].get_objects(max_depth=8)}
    document.close()
    assert pypdfium2.PdfTextObj in kinds, "words are words yet"
    assert pypdfium2.PdfImage not in kinds, "and no picture of them"
    assert "1-бет" in words(cleaned)


def test_a_stamp_that_is_printed_becomes_print() -> None:
    plain, with_stamp = clean(sheet(), [1]).pages[0]["ink"], clean(stamped(), [1]).pages[0]["ink"]
    assert with_stamp[3] > plain[3] + 50


def test_a_note_that_is_not_printed_is_no_reason_to_refuse_the_page() -> None:
    assert clean(noted(), [1]).pages == clean(sheet(), [1]).pages


def test_a_sheet_of_a_packet_is_refused_and_a_code_for_a_telephone_is_not() -> None:
    key = Key("0a0a0a0a", bytes(32), datetime(2026, 9, 1, tzinfo=UTC))
    for corner in (0, 1):
        with pytest.raises(Refused) as told:
            clean(with_code(write_token(key, "0123456789abcd", corner)), [1])
        assert told.value.code == "pdf_ours"
    assert clean(with_code("HTTP://EXAMPLE.KZ/A1"), [1]).pages


def test_letters_that_are_drawings_stay_whatever_they_are_called() -> None:
    cleaned = clean(with_drawn_letters(), [1])
    with pikepdf.open(io.BytesIO(cleaned.pdf)) as made:
        fonts = [each for each in made.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Subtype") == pikepdf.Name.Type3]
        assert [set(font.CharProcs.keys()) for font in fonts] == [{"/A", "/B"}]


def test_white_margins_are_cut_and_a_white_place_for_an_answer_is_not(tmp_path: Path) -> None:
    assignment = kept(tmp_path, sheet(bottom=60), YAML.replace("[20, 120, 170, 30]", "[20, 220, 170, 30]"))
    assert assignment.pdf is not None
    assert assignment.pdf.page(1).ink[3] < 70
    page, *inside = assignment.parts[:5]
    assert isinstance(page, PagePart)
    placing = own_sheet(assignment, page, inside, ()).placing
    assert placing is not None
    assert placing.page.ink[3] == 250


def test_a_page_that_takes_too_long_is_refused_and_nothing_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_pdf_intake, "SECONDS", 2)
    (tmp_path / "endless.pdf").write_bytes(endless())
    with pytest.raises(own_pdf_intake.Refused) as told:
        take_in("endless.pdf", tmp_path, [1])
    assert told.value.said.code == "pdf_heavy"


def test_no_program_that_lies_in_the_working_folder_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside(tmp_path, sheet())
    (tmp_path / "numpy.py").write_text("raise SystemExit('run')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    own, _told = take_in("sheet.pdf", tmp_path, [1])
    assert [page.number for page in own.pages] == [1]


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


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_of_a_page_comes_near_codes_fiducials_and_boxes(tmp_path: Path, dark: bool) -> None:
    drawn = draw_assignment(kept(tmp_path, sheet((180.0, 210.0), dark=dark), text=YAML.replace("170, 30", "150, 30")))
    for number, layout in enumerate(drawn.layouts, start=1):
        blank = cv2.imdecode(np.frombuffer(drawn.blank(number), np.uint8), cv2.IMREAD_GRAYSCALE)
        for code in CODES:
            half = code.size_mm * (0.5 + QUIET_MODULES / QR_MODULES)
            assert part_of(blank, code.center_mm, half).min() > NOT_PAPER, "a code has its white"
        for fiducial in FIDUCIALS:
            round_it = part_of(blank, fiducial.center_mm, fiducial.size_mm / 2 + 4.0).copy()
            inner = round(4.0 * BLANK_DPI / 25.4) - 1
            round_it[inner:-inner, inner:-inner] = 255
            assert round_it.min() > NOT_PAPER, "a fiducial has its white"
        for box in layout.boxes:
            for out, (sx, sy) in product(np.linspace(1.25, CLEAR_RADII, 12), product((-1, 1), (-1, 1))):
                step = out * box.size_mm[0] / 2 / 2**0.5
                x, y = box.center_mm[0] + sx * step, box.center_mm[1] + sy * step
                assert part_of(blank, (x, y), 0.1).max() > NOT_PAPER, (box, out)


def part_of(blank: np.ndarray, middle: tuple[float, float], half: float) -> np.ndarray:
    per_mm = BLANK_DPI / 25.4
    x0, x1, y0, y1 = (round(value * per_mm) for value in (middle[0] - half, middle[0] + half, middle[1] - half, middle[1] + half))
    return blank[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]


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


def test_a_page_is_no_larger_in_large_print_and_that_is_told(tmp_path: Path) -> None:
    reading = read_file(beside(tmp_path, sheet()))
    assert "pdf_large_print" in codes(reading, refusals=False)
    assert reading.assignment is not None
    normal, large = (draw_assignment(reading.assignment, size) for size in ("normal", "large"))
    assert normal.layouts[:2] == large.layouts[:2]
    assert normal.layouts[2] != large.layouts[2], "our own words are set larger"

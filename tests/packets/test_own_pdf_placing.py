"""A page of a teacher's own PDF stands clear of everything of ours, its questions beside it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packets.assignment import Assignment, ChoiceQuestion, NumberQuestion, OpenQuestion, Part
from packets.authoring import read_file
from packets.kinds import WHOLE, PagePart
from packets.layout import BLANK_DPI, BODY_MM, CODES, FIDUCIALS, PAGE_MM, QR_MODULES, clear_of_folds
from packets.own_pdf import LEAST_SCALE, OwnPdf, TeacherPage
from packets.own_pdf_page import NoRoom, Sheet, own_sheet
from packets.questions import CLEAR_RADII
from packets.worksheet import draw_assignment
from tests.packets.teacher_pdfs import (
    YAML,
    beside,
    codes,
    kept,
    sheet,
)

NOT_PAPER = 200
QUIET_MODULES = 4


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


def test_white_margins_are_cut_and_a_white_place_for_an_answer_is_not(tmp_path: Path) -> None:
    assignment = kept(tmp_path, sheet(bottom=60), YAML.replace("[20, 120, 170, 30]", "[20, 220, 170, 30]"))
    assert assignment.pdf is not None
    assert assignment.pdf.page(1).ink[3] < 70
    page, *inside = assignment.parts[:5]
    assert isinstance(page, PagePart)
    placing = own_sheet(assignment, page, inside, ()).placing
    assert placing is not None
    assert placing.page.ink[3] == 250


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


def test_a_page_is_no_larger_in_large_print_and_that_is_told(tmp_path: Path) -> None:
    reading = read_file(beside(tmp_path, sheet()))
    assert "pdf_large_print" in codes(reading, refusals=False)
    assert reading.assignment is not None
    normal, large = (draw_assignment(reading.assignment, size) for size in ("normal", "large"))
    assert normal.layouts[:2] == large.layouts[:2]
    assert normal.layouts[2] != large.layouts[2], "our own words are set larger"

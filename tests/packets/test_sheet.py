"""The sheet's geometry, for any assignment: boxes apart, inside the safe area, off the folds, their diagonals clear; the same bytes each time."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from itertools import pairwise, product
from math import hypot

import cv2
import numpy as np
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from packets.assignment import Assignment, ChoiceQuestion, GridQuestion, NumberQuestion, OpenQuestion, Part, TextPart
from packets.layout import BLANK_DPI, FIDUCIALS, FOLD_CLEAR_MM, FOLDS_MM, PAGE_MM, ROW_MM, Box, BoxKind, Layout
from packets.press import blank_png
from packets.worksheet import draw_assignment
from records.errors import InputRefused
from tests.packets.week import KAZAKH, assignment

CLEAR_RADII = 2.3
SAFE_MM = 15.0  # no box nearer to an edge
words = st.text("абвгқңө ≥÷12", min_size=1, max_size=120)


def _question(number: str) -> st.SearchStrategy[Part]:
    choices = st.lists(st.text("абвгқ 12", min_size=1, max_size=70), min_size=2, max_size=8)
    rows = st.lists(st.text("абвгқ 12", min_size=1, max_size=50), min_size=2, max_size=6)
    points = st.integers(1, 25).map(Decimal)
    return st.one_of(
        st.builds(lambda w, c, p, s: ChoiceQuestion(number, w, tuple(c), ("A",), s, False, p), words, choices, points, st.booleans()),
        st.builds(lambda w, d, p: NumberQuestion(number, w, "7", d, p), words, st.integers(1, 6), points),
        st.builds(
            lambda w, d, c, m: NumberQuestion(number, w, "7", d, Decimal(1), c, m),
            words,
            st.integers(1, 3),
            st.integers(0, 3),
            st.booleans(),
        ),
        st.builds(lambda w, r, c, p: GridQuestion(number, w, tuple(r), tuple(c), ("A",) * len(r), p), words, rows, choices, points),
        st.builds(lambda w, lines, p: OpenQuestion(number, w, lines, p), words, st.integers(1, 12), points),
        st.builds(lambda w, p: OpenQuestion(number, w, 1, Decimal(p), "ә", short=True), words, st.integers(1, 9)),
        st.builds(lambda w, h, q: OpenQuestion(number, w, 0, Decimal(2), frame=h, squares=q), words, st.integers(20, 150), st.booleans()),
        st.builds(lambda w: TextPart(w * 6), words),
    )


@st.composite
def assignments(draw: st.DrawFn) -> Assignment:
    """Any assignment of up to nine parts."""
    pieces: list[Part] = []
    number = 1
    for _place in range(draw(st.integers(1, 9))):
        part = draw(_question(str(number)))
        number += not isinstance(part, TextPart)
        pieces.append(part)
    return assignment("any", draw(st.sampled_from(["kk", "ru"])), draw(st.sampled_from([1, 5, 11])), pieces=tuple(pieces))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(assignments(), st.sampled_from(["normal", "large"]))
def test_boxes_of_any_assignment_lie_where_the_sheet_allows(given_one: Assignment, print_size: str) -> None:
    try:
        drawn = draw_assignment(given_one, print_size)
    except InputRefused:  # too large for one page: other tests say of what
        reject()
    for layout in drawn.layouts:
        for box in layout.boxes:
            _stands_well(box)
        for one, other in product(layout.boxes, layout.boxes):
            if one is not other:
                assert _distance(one, other) >= 0.95 * CLEAR_RADII * one.size_mm[0] / 2 + one.size_mm[0] / 2 * 0.4, (one, other)
        assert Layout.from_json(json.loads(json.dumps(layout.as_json()))) == layout
        assert {box.item for box in layout.boxes} == {item.item for item in layout.items}
    printed = [item.item for layout in drawn.layouts for item in layout.items]
    assert printed == [question.number for question in given_one.questions]


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(assignments())
def test_rows_of_a_question_are_nine_millimetres_apart_and_one_gap_at_most_is_wider(given_one: Assignment) -> None:
    for layout in draw_assignment(given_one).layouts:
        for item in layout.items:
            if item.rule != "number":
                continue
            rows = sorted({box.center_mm[1] for box in layout.boxes_of(item.item)})
            gaps = [round(below - above, 2) for above, below in pairwise(rows)]
            assert len(rows) == 10
            assert min(gaps) >= ROW_MM
            assert sum(gap > ROW_MM for gap in gaps) <= 1


def test_every_kind_of_question_has_its_boxes() -> None:
    layouts = draw_assignment(assignment("all")).layouts
    boxes = [box for layout in layouts for box in layout.boxes]
    rules = {item.item: (item.rule, item.points) for layout in layouts for item in layout.items}
    assert rules == {"1": ("one", "1"), "2": ("several", "1.5"), "3": ("number", "2"), "4": ("number", "2"), "5": ("score", "3")}
    assert [box.value for box in boxes if box.item == "2"] == ["A", "B", "C"]
    assert [(box.column, box.value) for box in boxes if box.item == "3"] == [(c, str(d)) for c in (1, 2, 3) for d in range(10)]
    assert [box.value for box in boxes if box.kind is BoxKind.SCORE] == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("columns", "above"),
    [(("Балқаш", "Каспий"), True), (("Балқаш көлі", "Ең үлкен тұйық көл — Каспий", "Кіші Арал"), True), (("ө" * 40, "ү"), False)],
)
def test_a_grid_has_a_row_of_circles_for_each_of_its_rows_and_words_of_columns_are_never_broken(
    columns: tuple[str, ...], above: bool
) -> None:
    grid = GridQuestion("1", "Қайда құяды?", ("Іле", "Жайық", "Сырдария"), columns, ("A", "B", "A"), Decimal(1))
    drawn = draw_assignment(assignment("grid", pieces=(grid,)))
    (layout,) = drawn.layouts
    assert [(item.item, item.rule, item.points) for item in layout.items] == [("1a", "one", "1"), ("1b", "one", "1"), ("1c", "one", "1")]
    for row in "abc":
        boxes = layout.boxes_of(f"1{row}")
        assert [box.value for box in boxes] == [box.label for box in boxes] == list("ABCDEFGH"[: len(columns)])
        assert len({box.center_mm[1] for box in boxes}) == 1
    tops = sorted({box.center_mm[1] for box in layout.boxes})
    assert min(below - over for over, below in pairwise(tops)) >= ROW_MM
    document = pypdfium2.PdfDocument(drawn.pdf)
    words = document[0].get_textpage().get_text_range().split()
    document.close()
    assert all(word in words for column in columns for word in column.split())
    assert (words.count("A") == 3) == above


def test_rows_of_a_grid_that_crosses_two_folds_keep_clear_of_both() -> None:
    long = "Бұл жол екі жолға бөлінетіндей ұзын жазылған, сондықтан ол биігірек тұрады."
    grid = GridQuestion("1", "?", tuple(f"{n} {long}" for n in range(9)), ("а", "б", "в"), ("A",) * 9, Decimal(1))
    for layout in draw_assignment(assignment("tall", pieces=(grid,))).layouts:
        assert len(layout.items) == 9
        for box in layout.boxes:
            _stands_well(box)


def test_the_minus_and_the_comma_of_a_number_take_a_column_of_their_own() -> None:
    question = NumberQuestion("1", "−7 + 3,5 = ?", "-3.5", 2, Decimal(2), 1, True)
    (layout,) = draw_assignment(assignment("signs", pieces=(question,))).layouts
    boxes = layout.boxes
    assert {box.kind for box in boxes} == {BoxKind.DIGIT}
    assert [(box.column, box.value) for box in boxes] == [(1, "-"), *((column, str(digit)) for column in (2, 3, 5) for digit in range(10))]
    lefts = {box.column: box.center_mm[0] for box in boxes}
    assert [round(lefts[right] - lefts[left], 3) for left, right in ((1, 2), (2, 3), (3, 5))] == [12.0, 8.0, 12.0]


def test_consecutive_numbers_share_their_rows() -> None:
    layout = draw_assignment(assignment("pair")).layouts[0]
    third, fourth = (sorted({box.center_mm[1] for box in layout.boxes_of(item)}) for item in ("3", "4"))
    assert third == fourth


GRID = GridQuestion(
    "7",
    "Сәйкестендір",
    ("Іле", "Бұл жол бір жолға сыймайды, сондықтан ол бірнеше жолға бөлінеді.", "Ә", "Қ"),
    tuple("абвгд"),
    tuple("ABCD"),
    Decimal(1),
)


MORE = (
    NumberQuestion("8", "−7 + 3,5 = ?", "-3.5", 2, Decimal(2), 1, True),
    OpenQuestion("9", "Астана қайда?", 1, Decimal(9), "ә", short=True),
    OpenQuestion("10", "Сыз.", 0, Decimal(3), frame=40, squares=True),
)


@pytest.mark.parametrize("print_size", ["normal", "large"])
@pytest.mark.parametrize("grade", [1, 5])
def test_the_diagonals_of_every_box_are_blank_paper(grade: int, print_size: str) -> None:
    long = ChoiceQuestion("6", "Қайсысы?", ("Бұл жауап бір жолға сыймайды. " * 9, "ә" * 300), ("A",), False, False, Decimal(1))
    drawn = draw_assignment(assignment("white", grade=grade, pieces=(*assignment("white").parts, long, GRID, *MORE)), print_size)
    for number, layout in enumerate(drawn.layouts, start=1):
        blank = cv2.imdecode(np.frombuffer(drawn.blank(number), np.uint8), cv2.IMREAD_GRAYSCALE)
        for box in layout.boxes:
            radius = box.size_mm[0] / 2
            for out in np.linspace(1.25, CLEAR_RADII, 12):
                for sx, sy in product((-1, 1), (-1, 1)):
                    step = out * radius / 2**0.5
                    assert _at(blank, box.center_mm[0] + sx * step, box.center_mm[1] + sy * step) > 200, (box, out)


def test_every_row_of_boxes_has_black_print_of_its_own_nearby() -> None:
    drawn = draw_assignment(assignment("held"))
    for number, layout in enumerate(drawn.layouts, start=1):
        blank = cv2.imdecode(np.frombuffer(drawn.blank(number), np.uint8), cv2.IMREAD_GRAYSCALE)
        for box in layout.boxes:
            cv2.circle(blank, _pixel(*box.center_mm), round(box.size_mm[0] / 2 * BLANK_DPI / 25.4) + 3, 255, -1)
        for box in layout.boxes:
            x, y = _pixel(*box.center_mm)
            reach = round(25 * BLANK_DPI / 25.4)
            assert (blank[y - 20 : y + 20, max(0, x - reach) : x + reach] < 128).sum() > 30, box


def test_the_blank_print_shows_the_boxes_where_the_layout_says() -> None:
    drawn = draw_assignment(assignment("aligned"))
    blank = cv2.imdecode(np.frombuffer(drawn.blank(1), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert blank.shape == (round(PAGE_MM[1] * BLANK_DPI / 25.4), round(PAGE_MM[0] * BLANK_DPI / 25.4))
    for box in drawn.layouts[0].boxes:
        ring = [
            _at(blank, box.center_mm[0] + box.size_mm[0] / 2 * np.cos(a), box.center_mm[1] + box.size_mm[0] / 2 * np.sin(a))
            for a in np.arange(0, 6.28, 0.1)
        ]
        assert np.mean(ring) < 160, box
        assert _at(blank, *box.center_mm) > 250


def test_fiducials_stand_where_the_layout_says_and_are_found() -> None:
    drawn = draw_assignment(assignment("marks"))
    blank = cv2.imdecode(np.frombuffer(drawn.blank(1), np.uint8), cv2.IMREAD_GRAYSCALE)
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36h12))
    corners, found, _rejected = detector.detectMarkers(blank)
    places = {int(number): quad[0].mean(axis=0) * 25.4 / BLANK_DPI for number, quad in zip(found.ravel(), corners, strict=True)}
    for fiducial in FIDUCIALS:
        if fiducial.aruco is None:
            assert _at(blank, *fiducial.center_mm) < 10
        else:
            assert places[fiducial.aruco] == pytest.approx(fiducial.center_mm, abs=0.2)


def test_the_same_assignment_gives_the_same_bytes_and_a_changed_word_another_layout() -> None:
    first, again = draw_assignment(assignment("same")), draw_assignment(assignment("same"))
    assert first.pdf == again.pdf
    assert first.layouts == again.layouts
    other = draw_assignment(assignment("same", pieces=(TextPart("Басқа сөз"), *assignment("same").parts[1:])))
    assert other.layouts[0].digest != first.layouts[0].digest


def test_every_kazakh_letter_can_be_copied_out_of_the_pdf() -> None:
    page = pypdfium2.PdfDocument(draw_assignment(assignment("letters")).pdf)[0]
    text = page.get_textpage().get_text_range()
    assert KAZAKH in text
    assert "5 ≥ x − 1?" in text


def test_a_question_too_large_for_a_page_is_refused_by_its_number() -> None:
    large = (OpenQuestion("1", "Жаз.", 2, Decimal(1)), OpenQuestion("2", "Көп жаз.", 40, Decimal(3)))
    with pytest.raises(InputRefused, match="question 2 is too large") as refusal:
        draw_assignment(assignment("large", pieces=large))
    assert refusal.value.code == "too_large"


def test_a_letter_that_the_font_lacks_is_named() -> None:
    with pytest.raises(InputRefused, match=r"question 1: the font has no «漢» \(U\+6F22\)"):
        draw_assignment(assignment("han", pieces=(OpenQuestion("1", "漢?", 2, Decimal(1)),)))


def test_reading_matter_flows_over_pages_and_loses_no_word() -> None:
    story = " ".join(f"сөз{number}" for number in range(1500))
    drawn = draw_assignment(assignment("story", pieces=(TextPart(story),)))
    assert len(drawn.layouts) > 1
    document = pypdfium2.PdfDocument(drawn.pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    assert all(f"сөз{number}" in text for number in range(1500))


def test_a_page_looks_as_it_did(request: pytest.FixtureRequest) -> None:
    """Coarse on purpose: 24 x 17 squares of mean darkness, so that another font renderer does not matter and a lost row does."""
    blank = cv2.imdecode(np.frombuffer(blank_png(draw_assignment(assignment("snap")).pdf, 1, 100), np.uint8), cv2.IMREAD_GRAYSCALE)
    coarse = cv2.resize(blank, (17, 24), interpolation=cv2.INTER_AREA)
    kept = request.path.parent / "snapshots" / "worksheet.txt"
    if os.environ.get("POSHTA_TEST_SNAPSHOTS") == "write":  # after looking at the new page
        np.savetxt(kept, coarse, fmt="%3d")
    before = np.loadtxt(kept, dtype=np.uint8)
    assert np.abs(coarse.astype(int) - before).max() < 14


def _stands_well(box: Box) -> None:
    (x, y), radius = box.center_mm, box.size_mm[0] / 2
    assert x - radius >= SAFE_MM
    assert x + radius <= PAGE_MM[0] - SAFE_MM
    assert y - radius >= SAFE_MM
    assert y + radius <= PAGE_MM[1] - SAFE_MM
    assert all(abs(y - fold) >= radius + FOLD_CLEAR_MM - 0.002 for fold in FOLDS_MM)


def _distance(one: Box, other: Box) -> float:
    return hypot(one.center_mm[0] - other.center_mm[0], one.center_mm[1] - other.center_mm[1])


def _pixel(x: float, y: float) -> tuple[int, int]:
    return round(x * BLANK_DPI / 25.4), round(y * BLANK_DPI / 25.4)


def _at(picture: np.ndarray, x: float, y: float) -> int:
    column, row = _pixel(x, y)
    return int(picture[row, column])

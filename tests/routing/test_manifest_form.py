"""The boxes of a manifest: where they may lie, what they are called, and that the print beneath them leaves them free."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.layout import CODES, FIDUCIALS, LYING_MM, PAGE_MM, Box, BoxKind, as_printed, lying, upright
from routing.manifest import Manifest, Sealed, draw, forms_of
from routing.manifest_form import OUTCOMES, TABLE_BOTTOM, Form, boxes, printed_form
from routing.request import answer
from tests.routing.weeks import call, days, request

FORMS = [
    Form(((1, 2), (2, 2), (3, 2), (4, 2), (5, 2), (6, 2))),
    Form(((1, 2), (2, 2), (3, 2)), foot=3, last=True),
    Form(((7, 3), (8, 4)), last=False),
    Form((), foot=4, last=True),
    Form(((2, 0), (5, 0)), supplement=1, last=True),
]
CLEAR_RADII = 2.3  # what packets' worksheets keep


@pytest.mark.parametrize("form", FORMS)
def test_boxes_lie_in_the_safe_area_and_apart(form: Form) -> None:
    """15 mm from every edge; 8 mm from each other along a line of digits, 9 mm across."""
    made = boxes(form)
    for box in made:
        (x, y), half = box.center_mm, box.size_mm[0] / 2
        assert min(x - half, y - half, LYING_MM[0] - x - half, LYING_MM[1] - y - half) >= 15
    for one, other in combinations(made, 2):
        across, down = (abs(a - b) for a, b in zip(one.center_mm, other.center_mm, strict=True))
        assert across >= 7.99 or down >= 8.99


@pytest.mark.parametrize("form", FORMS)
def test_boxes_keep_clear_of_codes_and_fiducials(form: Form) -> None:
    """4 mm at least from the black of either."""
    solid = [(code.center_mm, code.size_mm) for code in CODES] + [(each.center_mm, each.size_mm) for each in FIDUCIALS]
    for box in printed_form(form)[0].boxes:
        for center, size in solid:
            gap = max(abs(a - b) for a, b in zip(box.center_mm, center, strict=True)) - size / 2 - box.size_mm[0] / 2
            assert gap >= 4


@pytest.mark.parametrize("form", FORMS)
def test_the_diagonals_of_every_box_are_white(form: Form) -> None:
    """Out to 2.3 radii, where crossings-out are seen; measured on the blank print."""
    layout, png = printed_form(form)
    blank = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert blank is not None
    per_mm = blank.shape[1] / PAGE_MM[0]
    for box in layout.boxes:
        radius = box.size_mm[0] / 2
        for reach in np.arange(1.25, CLEAR_RADII, 0.05):
            for across, down in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                x, y = (box.center_mm[0] + across * reach * radius * 0.7071, box.center_mm[1] + down * reach * radius * 0.7071)
                assert blank[int(y * per_mm), int(x * per_mm)] > 200, (box.item, box.value, reach)


def test_items_are_named_for_ever() -> None:
    """C reads them: a stop's outcome and count, the odometer and the sum; a supplement's begin with its number."""
    layout = printed_form(Form(((3, 2),), foot=3, last=True))[0]
    assert {item.item: item.rule for item in layout.items} == {
        "s3.outcome": "one",
        "s3.back": "number",
        "odometer.start": "number",
        "odometer.end": "number",
        "packets.back": "number",
    }
    assert [box.value for box in layout.boxes_of("s3.outcome")] == list(OUTCOMES) == ["delivered", "nobody", "road_closed", "refused"]
    assert {box.kind for box in layout.boxes_of("s3.outcome")} == {BoxKind.TICK}
    columns = {box.column for box in layout.boxes_of("odometer.end")}
    assert (columns, len(layout.boxes_of("odometer.end"))) == ({1, 2, 3, 4, 5, 6}, 60)
    assert [item.item for item in printed_form(Form(((3, 0),), supplement=2, last=True))[0].items] == ["x2.s3.outcome"]


def test_the_first_digit_stands_in_the_line_above() -> None:
    """Column 1 above column 2, 0 at the left."""

    def place(column: int, value: str) -> Box:
        return next(box for box in boxes(FORMS[0]) if (box.item, box.column, box.value) == ("s1.back", column, value))

    assert place(1, "0").center_mm[1] < place(2, "0").center_mm[1]
    assert place(1, "0").center_mm[0] < place(1, "9").center_mm[0]


@given(st.floats(0, 297), st.floats(0, 210))
def test_a_point_turned_there_and_back_is_itself(x: float, y: float) -> None:
    """To a thousandth of a millimetre; the top left of the lying page is the upright page's top right."""
    back = lying(upright((x, y)))
    assert back == pytest.approx((x, y), abs=1e-3)
    assert upright((0, 0)) == (210, 0)


def test_what_the_contract_says_is_where_it_was_drawn() -> None:
    """The layout is kept upright; its boxes as printed are those of the form."""
    form = FORMS[1]
    size, turned = as_printed(printed_form(form)[0])
    assert size == LYING_MM
    assert turned == boxes(form)


def test_a_full_sheet_ends_above_the_second_code() -> None:
    """Six stops of two digits fill it."""
    assert FORMS[0].tops[-1] == TABLE_BOTTOM


@pytest.mark.parametrize("stops", [1, 2, 3, 4, 6, 7])
def test_the_words_of_a_route_keep_clear_of_every_circle(stops: int) -> None:
    """At least 5 mm of white between a circle and what is printed beside the form: the totals, too, where the foot reaches down to them."""
    calls = [call(f"5936302{place:02d}", 54.02 + 0.02 * place, 69.0) for place in range(stops)]
    (route,) = answer(request(calls, days(weekdays=("mon",))), 1).routes
    manifest = Manifest("2026-W41", replace(route, code="26W41A-150400-1-MON"))
    forms = forms_of(manifest)
    pdf = pypdfium2.PdfDocument(draw([(manifest, [Sealed("0" * 14, ("A" * 20, "B" * 20))] * len(forms))], "manifest"))
    for number, form in enumerate(forms):
        away = white_round(np.asarray(pdf[number].render(scale=10, grayscale=True).to_numpy()), form)
        assert min(away.values()) >= 5.0, min(away, key=lambda box: away[box])


def white_round(printed: npt.NDArray[np.uint8], form: Form) -> dict[tuple[str, str, int | None], float]:
    """Millimetres from the edge of each box to the nearest print that the form itself does not have."""
    blank = cv2.imdecode(np.frombuffer(printed_form(form)[1], np.uint8), cv2.IMREAD_GRAYSCALE)
    assert blank is not None
    lying_blank = cv2.rotate(blank, cv2.ROTATE_90_COUNTERCLOCKWISE)
    scale = printed.shape[1] / LYING_MM[0]
    own = cv2.resize(cv2.erode(lying_blank, np.ones((5, 5), np.uint8)), (printed.shape[1], printed.shape[0]))
    words = ((printed.reshape(own.shape) < 128) & (own > 200)).astype(np.uint8)
    away = cv2.distanceTransform(1 - words, cv2.DIST_L2, 5) / scale
    spots = {(box.item, box.value, box.column): (box.center_mm, box.size_mm[0] / 2) for box in boxes(form)}
    return {name: float(away[int(y * scale), int(x * scale)]) - half for name, ((x, y), half) in spots.items()}

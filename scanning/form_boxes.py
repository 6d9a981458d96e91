"""The boxes of a form's file, one by one or in grids: every fault of them is told by question and value. Pure.

scanning/form_file calls `boxes_in` page by page. Whether they lie on the print is asked in scanning/form_check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packets.layout import Box, BoxKind
from records.language import _
from scanning.form_grids import NotAGrid, boxes_of_grid
from scanning.form_text import Reading

MOST_BOXES = 4000
SMALLEST_BOX_MM, LARGEST_BOX_MM = 1.5, 25.0


def boxes_in(reading: Reading, part: Mapping[str, Any], page: int, size: tuple[float, float]) -> list[Box]:
    """The boxes of page `page`, from 1, on paper of `size` millimetres; those that cannot be used are complained of and left out."""
    told = part.get("boxes") or []
    grids = part.get("grids") or []
    if not isinstance(told, list) or not isinstance(grids, list):
        reading.complain("boxes", _("`boxes` and `grids` are lists."))
        return []
    found = [box for box in (_box(reading, each) for each in told[: MOST_BOXES + 1]) if box is not None]
    for grid in grids:
        try:
            found += [box for box in (_box(reading, each) for each in boxes_of_grid(grid)) if box is not None]
        except NotAGrid as failure:
            reading.complain("grid", failure.text, value=failure.value)
        if len(found) > MOST_BOXES:
            break
    if not 1 <= len(found) <= MOST_BOXES and not reading.complaints:
        reading.complain(
            "boxes", _("Page {page} has {count} boxes; from 1 to {most} can be read.").format(page=page, count=len(found), most=MOST_BOXES)
        )
    else:
        _place_boxes(reading, found, size)
    return found


def _box(reading: Reading, told: object) -> Box | None:
    if (
        not isinstance(told, Mapping)
        or isinstance(told.get("value"), bool)
        or told.get("item") in (None, "")
        or told.get("value") in (None, "")
    ):
        reading.complain(
            "box",
            _("A box needs `item`, `value`, `center_mm` and `size_mm`; letters such as N and Y stand in quotation marks."),
            value=str(told)[:80],
        )
        return None
    item, value = str(told["item"]), str(told["value"])
    center, size = pair(told.get("center_mm")), pair(told.get("size_mm"))
    kind, shape, column = told.get("kind", "choice"), told.get("shape", "circle"), told.get("column")
    if center is None or size is None or not all(SMALLEST_BOX_MM <= each <= LARGEST_BOX_MM for each in size):
        text = _("`center_mm` and `size_mm` are two numbers of millimetres each; a box measures {least} to {most} mm.")
        reading.complain("box_place", text.format(least=SMALLEST_BOX_MM, most=LARGEST_BOX_MM), item, value)
    elif kind not in tuple(BoxKind) or shape not in ("circle", "square"):
        reading.complain("box_kind", _("`kind` is choice, digit, score or tick; `shape` is circle or square."), item, value)
    elif (kind == "digit") != (isinstance(column, int) and not isinstance(column, bool) and 1 <= column <= 30):
        reading.complain("box_column", _("Digit boxes have a `column`, counted from 1 at the left; other boxes have none."), item, value)
    elif kind in ("digit", "score") and not (value.isascii() and value.isdigit()):
        reading.complain("box_value", _("The value of a digit or score box is a digit."), item, value)
    else:
        return Box(item, value, str(told.get("label", value)), BoxKind(str(kind)), center, size, str(shape), column)
    return None


def _place_boxes(reading: Reading, boxes: Sequence[Box], size: tuple[float, float]) -> None:
    """Complain of boxes beyond the page, boxes upon each other, and the same answer twice."""
    met: dict[tuple[str, str, int | None], Box] = {}
    for box in boxes:
        (x, y), (width, height) = box.center_mm, box.size_mm
        if not (width / 2 <= x <= size[0] - width / 2 and height / 2 <= y <= size[1] - height / 2):
            reading.complain(
                "off_page",
                _("Question {item}: the box {value} lies beyond the page.").format(item=box.item, value=box.value),
                box.item,
                box.value,
            )
        if met.setdefault((box.item, box.value, box.column), box) is not box:
            reading.complain(
                "twice",
                _("Question {item}: the box {value} stands in the file twice.").format(item=box.item, value=box.value),
                box.item,
                box.value,
            )
    for one, other in _upon_each_other(boxes):
        text = _("Question {item}: the box {value} overlaps the box {other_value} of question {other}.")
        reading.complain(
            "overlap", text.format(item=one.item, value=one.value, other=other.item, other_value=other.value), one.item, one.value
        )


def _upon_each_other(boxes: Sequence[Box]) -> Iterator[tuple[Box, Box]]:
    order = sorted(boxes, key=lambda box: box.center_mm[1])
    for index, one in enumerate(order):
        for other in order[index + 1 :]:
            down = other.center_mm[1] - one.center_mm[1]
            if down > LARGEST_BOX_MM:
                break
            across = abs(other.center_mm[0] - one.center_mm[0])
            if (one.item, one.value, one.column) != (other.item, other.value, other.column) and _meet(one, other, across, down):
                yield one, other


def _meet(one: Box, other: Box, across: float, down: float) -> bool:
    if one.shape == other.shape == "circle":
        return bool(across**2 + down**2 < (min(one.size_mm) / 2 + min(other.size_mm) / 2) ** 2 * 0.98)
    return across < 0.98 * (one.size_mm[0] + other.size_mm[0]) / 2 and down < 0.98 * (one.size_mm[1] + other.size_mm[1]) / 2


def pair(told: object) -> tuple[float, float] | None:
    """The two finite numbers that were told, or None."""
    if (
        not isinstance(told, list)
        or len(told) != 2
        or not all(isinstance(each, int | float) and not isinstance(each, bool) for each in told)
    ):
        return None
    if not all(abs(each) < 1e4 for each in told):  # asked before: an integer may be beyond any float
        return None
    return float(told[0]), float(told[1])

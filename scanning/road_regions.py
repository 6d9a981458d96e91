"""Where the fields of a driver's sheet lie on it as it is printed, lying: what is cut out for a person who decides one. Pure.

scanning/review_pictures asks. The places follow routing/manifest_form, which this room may not ask; a test holds both together.
"""

from __future__ import annotations

from packets.layout import BoxKind, Layout, as_printed
from records.road_checks import stop_item

Region = tuple[float, float, float, float]  # left, top, right, bottom, millimetres of the lying sheet

STOP_MM = (13.0, 67.0)  # from left to right: a stop's number, both names of its village
DRIVER_MM = (205.0, 26.6, 258.5, 32.0)  # where the driver writes a name: nobody needs it to judge a mark
ROW_MM = 6.2  # above the first circle and below the last: the row and its lines
FOOT_ABOVE_MM = 9.0  # the words above the digits
BEFORE_OUTCOME_MM, AFTER_OUTCOME_MM = 4.3, 20.0
BEFORE_DIGITS_MM, BEFORE_COUNT_MM, AFTER_DIGITS_MM = 13.0, 23.6, 4.5  # the square to write into, and of a stop the number expected


def field_regions(layout: Layout, item: str) -> list[Region]:
    """The parts of the sheet that belong to a field, to be laid side by side: the stop's name and the field's own column, or the field alone. Raises KeyError for none."""
    own = [box for box in as_printed(layout)[1] if box.item == item]
    if not own:
        raise KeyError(item)
    across, down = [box.center_mm[0] for box in own], [box.center_mm[1] for box in own]
    of_stop, digits = stop_item(item) is not None, own[0].kind is BoxKind.DIGIT
    before = (BEFORE_COUNT_MM if of_stop else BEFORE_DIGITS_MM) if digits else BEFORE_OUTCOME_MM
    top, bottom = min(down) - (ROW_MM if of_stop else FOOT_ABOVE_MM), max(down) + ROW_MM
    field = (min(across) - before, top, max(across) + (AFTER_DIGITS_MM if digits else AFTER_OUTCOME_MM), bottom)
    return [(STOP_MM[0], top, STOP_MM[1], bottom), field] if of_stop else [field]

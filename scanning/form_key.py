"""The key and the points of a form's file: what cannot be marked or earned is told by question. Pure.

scanning/form_file calls `key_in` and `points_in`. Neither is part of what a sheet is read by, so both may be corrected later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from packets.layout import Box
from records.language import _
from scanning.form_text import Reading


def key_in(reading: Reading, told: object, rules: Mapping[str, str], boxes: Sequence[Box]) -> dict[str, tuple[str, ...]]:
    """The right values of every question that has them, sorted; a number is one text without leading zeros."""
    key: dict[str, tuple[str, ...]] = {}
    if told is not None and not isinstance(told, Mapping):
        reading.complain("key", _('`key` names the right answers, as {{"1": "B", "2": ["A", "C"], "3": "84"}}.').format())
        return key
    for item, answer in ((str(item), answer) for item, answer in (told or {}).items()):
        values = tuple(sorted({str(each) for each in (answer if isinstance(answer, list) else [answer])}))
        if item not in rules or rules[item] == "score":
            reading.complain(
                "unknown_item", _("The key names question {item}, which has no boxes to be marked by a pupil.").format(item=item), item
            )
        elif not _can_be_marked(values, rules[item], [box for box in boxes if box.item == item]) or isinstance(answer, bool):
            reading.complain(
                "key",
                _("Question {item}: the key «{value}» cannot be marked in its boxes.").format(item=item, value=", ".join(values)),
                item,
                answer,
            )
        else:
            key[item] = (values[0].lstrip("0") or "0",) if rules[item] == "number" else values
    return key


def points_in(reading: Reading, told: object, rules: Mapping[str, str], boxes: Sequence[Box]) -> dict[str, Decimal]:
    """The most that every item can earn: one point without a word; of a strip of score boxes, its highest."""
    highest = {item: Decimal(max(int(box.value) for box in boxes if box.item == item)) for item, rule in rules.items() if rule == "score"}
    points = {item: highest.get(item, Decimal(1)) for item in rules}
    if told is None:
        return points
    by_item = (
        {str(item): value for item, value in told.items()}
        if isinstance(told, Mapping)
        else dict.fromkeys([item for item in rules if item not in highest], told)
    )
    for item, value in by_item.items():
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            amount = Decimal(-1)
        if item not in rules or item in highest:
            reading.complain(
                "unknown_item", _("`points` names question {item}, which has no boxes to be marked by a pupil.").format(item=item), item
            )
        elif isinstance(value, bool) or not amount.is_finite() or not 0 <= amount <= 1000:
            reading.complain("points", _("Question {item}: «{value}» is no number of points.").format(item=item, value=value), item, value)
        else:
            points[item] = amount
    return points


def _can_be_marked(values: Sequence[str], rule: str, boxes: Sequence[Box]) -> bool:
    if rule == "number":
        columns = len({box.column for box in boxes})
        return len(values) == 1 and values[0].isascii() and values[0].isdigit() and len(values[0]) <= columns
    return (len(values) == 1 or rule == "several") and bool(values) and set(values) <= {box.value for box in boxes}

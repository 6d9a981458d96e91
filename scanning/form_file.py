"""A form's file, JSON or YAML, into a `Form`: every fault of it is told by page, item and value, and nothing is guessed.

scanning/form_commands and the workers of scanning/form_batch call `read_form_file`. docs/forms.md describes the file. Whether the boxes lie on the print is
asked in scanning/form_check.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from packets.layout import Box, BoxKind, Item, Layout, PageKind
from records.errors import InputRefused
from records.language import _
from scanning.form import Form, FormPage, column_item
from scanning.form_blank import blank_of
from scanning.form_boxes import boxes_in, pair
from scanning.form_key import key_in, points_in
from scanning.form_text import Reading, fields_of

MOST_PAGES = 20
SIZES_MM = (50.0, 450.0)
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
RULES = ("one", "several", "number", "score")
KNOWN_FIELDS = {"form", "title", "size_mm", "pages", "blank", "blank_page", "boxes", "grids", "items", "key", "points", "identity"}
USUAL_RULE = {BoxKind.CHOICE: "one", BoxKind.TICK: "several", BoxKind.DIGIT: "number", BoxKind.SCORE: "score"}


def read_forms(files: Sequence[Path]) -> tuple[Form, ...]:
    """The forms of several files; raises InputRefused for the first that cannot be used, or where two bear one code."""
    forms = tuple(read_form_file(file) for file in files)
    codes = [form.code for form in forms]
    for code in codes:
        if codes.count(code) > 1:
            raise InputRefused(_("Two forms bear the code {code}.").format(code=code), _("Give each form a code of its own."))
    return forms


def read_form_file(file: Path) -> Form:
    """The form that a file describes; raises NotFound where there is none and InputRefused with a complaint for every fault."""
    body = fields_of(file)
    reading = Reading(file)
    form = _form(reading, body)
    if reading.complaints or form is None:
        first = reading.complaints[0]
        raise InputRefused(
            first.text, first.hint or _("Correct the file and run the same command again."), tuple(reading.complaints), "form_file"
        )
    return form


def _form(reading: Reading, body: Mapping[str, Any]) -> Form | None:
    for name in sorted(set(map(str, body)) - KNOWN_FIELDS):
        reading.complain("unknown_field", _("A form has no field «{name}».").format(name=name), value=name)
    code = str(body.get("form", ""))
    if not CODE.fullmatch(code):
        reading.complain("form_code", _("`form` is the form's code: Latin letters, digits, dots and hyphens."), value=code)
    size = _size(reading, body.get("size_mm", [210.0, 297.0]))
    parts = _parts(reading, body)
    if size is None or not parts:
        return None
    identity = str(body.get("identity") or "")
    boxes = [boxes_in(reading, part, number, size) for number, part in enumerate(parts, start=1)]
    _refuse_items_on_two_pages(reading, boxes)
    rules = _rules(reading, body.get("items"), [box for page in boxes for box in page])
    if identity and rules.get(identity) != "number":
        reading.complain(
            "identity", _("`identity` names «{item}», which has no columns of digit boxes.").format(item=identity), identity, identity
        )
    if reading.complaints:
        return None
    pages = tuple(
        _page(reading, number, part, own, rules, identity, size)
        for number, (part, own) in enumerate(zip(parts, boxes, strict=True), start=1)
    )
    rules.pop(identity, None)
    every = [box for page in boxes for box in page if box.item != identity]
    key, points = key_in(reading, body.get("key"), rules, every), points_in(reading, body.get("points"), rules, every)
    if reading.complaints:
        return None
    return Form(code, str(body.get("title") or code), tuple(page for page in pages if page), rules, points, key, identity)


def _size(reading: Reading, told: object) -> tuple[float, float] | None:
    size = pair(told)
    if size is None or not all(SIZES_MM[0] <= each <= SIZES_MM[1] for each in size):
        reading.complain("size_mm", _("`size_mm` is the paper's width and height in millimetres, as [210, 297]."), value=told)
        return None
    return size


def _parts(reading: Reading, body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The pages as the file lists them; a form of one page may do without a list."""
    told = body.get("pages")
    if told is None:
        told = [{name: body[name] for name in ("blank", "blank_page", "boxes", "grids") if name in body}]
    if (
        not isinstance(told, list)
        or not 1 <= len(told) <= MOST_PAGES
        or not all(isinstance(each, dict) and each.get("blank") and "\0" not in str(each["blank"]) for each in told)
    ):
        reading.complain("pages", _("A page needs `blank`, the file of the empty form, and `boxes` or `grids`."))
        return []
    return told


def _refuse_items_on_two_pages(reading: Reading, pages: Sequence[Sequence[Box]]) -> None:
    where: dict[str, int] = {}
    for number, boxes in enumerate(pages, start=1):
        for item in dict.fromkeys(box.item for box in boxes):
            if where.setdefault(item, number) != number:
                text = _("Question {item} stands on pages {one} and {other}; it belongs on one.")
                reading.complain("two_pages", text.format(item=item, one=where[item], other=number), item)


def _rules(reading: Reading, told: object, boxes: Sequence[Box]) -> dict[str, str]:
    """How each item is judged: as the file says, else by the kind of its boxes."""
    rules: dict[str, str] = {}
    for box in boxes:
        if rules.setdefault(box.item, USUAL_RULE[box.kind]) != USUAL_RULE[box.kind]:
            reading.complain("mixed", _("Question {item} has boxes of different kinds.").format(item=box.item), box.item, box.value)
    if told is not None and not isinstance(told, list):
        reading.complain(
            "items", _("`items` is a list, as [{{item: 1, rule: several}}]; rules are one, several, number and score.").format()
        )
        return rules
    for each in told or []:
        item, rule = (str(each.get("item", "")), each.get("rule")) if isinstance(each, Mapping) else ("", None)
        if item not in rules:
            reading.complain("unknown_item", _("There are no boxes for question {item}.").format(item=item or "?"), item)
        elif rule is not None and (
            rule not in RULES
            or (rule in ("number", "score")) != (rules[item] in ("number", "score"))
            or (rule == "number") != (rules[item] == "number")
        ):
            reading.complain(
                "rule", _("Question {item}: the rule «{rule}» does not fit its boxes.").format(item=item, rule=rule), item, rule
            )
        elif rule is not None:
            rules[item] = str(rule)
    return rules


def _page(
    reading: Reading,
    number: int,
    part: Mapping[str, Any],
    boxes: Sequence[Box],
    rules: Mapping[str, str],
    identity: str,
    size: tuple[float, float],
) -> FormPage | None:
    blank_page = part.get("blank_page", 1)
    try:
        if not isinstance(blank_page, int) or isinstance(blank_page, bool) or blank_page < 1:
            raise InputRefused(_("`blank_page` counts from 1."), code="blank_page")
        blank = blank_of(reading.file.parent / str(part["blank"]), blank_page, size)
    except InputRefused as failure:
        reading.complain(failure.code, failure.message, value=part["blank"], hint=failure.hint)
        return None
    own = tuple(
        replace(box, item=column_item(identity, box.column or 1), column=None, kind=BoxKind.CHOICE) if box.item == identity else box
        for box in boxes
    )
    items = tuple(Item(item, rules.get(item, "one"), "1") for item in dict.fromkeys(box.item for box in own))
    digest = hashlib.sha256(blank.tobytes()).hexdigest()
    return FormPage(number, Layout(PageKind.WORKSHEET, own, items, digest, size, (), ()), blank)

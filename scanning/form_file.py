"""A form's file, JSON or YAML, into a `Form`: every fault of it is told by page, item and value, and nothing is guessed.

scanning/form_commands and the workers of scanning/form_batch call `read_form_file`. docs/forms.md describes the file. Whether the boxes lie on the print is
asked in scanning/form_check.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from packets.layout import Box, BoxKind, Item, Layout, PageKind
from records.errors import Complaint, InputRefused
from records.files import explained
from records.language import _
from scanning.form import Form, FormPage, column_item
from scanning.form_blank import blank_of
from scanning.form_grids import NotAGrid, boxes_of_grid

LARGEST_FILE = 8 << 20
MOST_BOXES, MOST_PAGES = 4000, 20
SMALLEST_BOX_MM, LARGEST_BOX_MM = 1.5, 25.0
SIZES_MM = (50.0, 450.0)
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
RULES = ("one", "several", "number", "score")
KNOWN_FIELDS = {"form", "title", "size_mm", "pages", "blank", "blank_page", "boxes", "grids", "items", "key", "points", "identity"}
USUAL_RULE = {BoxKind.CHOICE: "one", BoxKind.TICK: "several", BoxKind.DIGIT: "number", BoxKind.SCORE: "score"}


@dataclass(slots=True)
class _Reading:
    """A file under way: what is wrong so far."""

    file: Path
    complaints: list[Complaint] = field(default_factory=list)

    def complain(self, code: str, text: str, item: str = "", value: object = "", hint: str = "") -> None:
        """Note one fault."""
        self.complaints.append(Complaint(code, text, hint, self.file.name, column=item, value=str(value) if value != "" else ""))


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
    body = _body(file)
    reading = _Reading(file)
    form = _form(reading, body)
    if reading.complaints or form is None:
        first = reading.complaints[0]
        raise InputRefused(
            first.text, first.hint or _("Correct the file and run the same command again."), tuple(reading.complaints), "form_file"
        )
    return form


def files_digest(file: Path) -> str:
    """The SHA-256 of the form's file and of everything that stands in its folder under a name that it mentions."""
    content = _content(file)
    total = hashlib.sha256(content)
    for name in sorted(set(re.findall(r"""blank["']?\s*:\s*["']?([^"',\n}#]+)""", content.decode("utf-8", "replace")))):
        blank = file.parent / name.strip()
        with suppress(OSError, ValueError):  # a sentence that is no file's name; a blank that cannot be read is told where the form is read
            if blank.is_file():
                total.update(blank.read_bytes())
    return total.hexdigest()


def _content(file: Path) -> bytes:
    with explained(file):
        if file.stat().st_size > LARGEST_FILE:
            raise InputRefused(
                _("{file} is too large for a form.").format(file=file.name), _("Name the form's JSON or YAML file, not its blank.")
            )
        return file.read_bytes()


def _body(file: Path) -> Mapping[str, Any]:
    content = _content(file)
    try:
        text = content.decode("utf-8-sig")
        body = json.loads(text) if text.lstrip().startswith("{") else _yaml(text)
    except (ValueError, RecursionError) as failure:
        reason = " ".join(str(failure).split())
        raise InputRefused(
            _("{file} is no form: {reason}").format(file=file.name, reason=reason),
            _("A form is a JSON or YAML file; docs/forms.md shows one."),
            code="form_file",
        ) from None
    if not isinstance(body, dict):
        raise InputRefused(
            _("{file} is no form: {reason}").format(file=file.name, reason=type(body).__name__),
            _("A form is a JSON or YAML file; docs/forms.md shows one."),
            code="form_file",
        )
    return body


def _yaml(text: str) -> object:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders: no Python objects
    except yaml.YAMLError as failure:
        raise ValueError(str(failure)) from None


def _form(reading: _Reading, body: Mapping[str, Any]) -> Form | None:
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
    boxes = [_boxes(reading, part, number, size) for number, part in enumerate(parts, start=1)]
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
    key, points = _key(reading, body.get("key"), rules, every), _points(reading, body.get("points"), rules, every)
    if reading.complaints:
        return None
    return Form(code, str(body.get("title") or code), tuple(page for page in pages if page), rules, points, key, identity)


def _size(reading: _Reading, told: object) -> tuple[float, float] | None:
    size = _pair(told)
    if size is None or not all(SIZES_MM[0] <= each <= SIZES_MM[1] for each in size):
        reading.complain("size_mm", _("`size_mm` is the paper's width and height in millimetres, as [210, 297]."), value=told)
        return None
    return size


def _parts(reading: _Reading, body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
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


def _boxes(reading: _Reading, part: Mapping[str, Any], page: int, size: tuple[float, float]) -> list[Box]:
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


def _box(reading: _Reading, told: object) -> Box | None:
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
    center, size = _pair(told.get("center_mm")), _pair(told.get("size_mm"))
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


def _place_boxes(reading: _Reading, boxes: Sequence[Box], size: tuple[float, float]) -> None:
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


def _refuse_items_on_two_pages(reading: _Reading, pages: Sequence[Sequence[Box]]) -> None:
    where: dict[str, int] = {}
    for number, boxes in enumerate(pages, start=1):
        for item in dict.fromkeys(box.item for box in boxes):
            if where.setdefault(item, number) != number:
                text = _("Question {item} stands on pages {one} and {other}; it belongs on one.")
                reading.complain("two_pages", text.format(item=item, one=where[item], other=number), item)


def _rules(reading: _Reading, told: object, boxes: Sequence[Box]) -> dict[str, str]:
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
    reading: _Reading,
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


def _key(reading: _Reading, told: object, rules: Mapping[str, str], boxes: Sequence[Box]) -> dict[str, tuple[str, ...]]:
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


def _can_be_marked(values: Sequence[str], rule: str, boxes: Sequence[Box]) -> bool:
    if rule == "number":
        columns = len({box.column for box in boxes})
        return len(values) == 1 and values[0].isascii() and values[0].isdigit() and len(values[0]) <= columns
    return (len(values) == 1 or rule == "several") and bool(values) and set(values) <= {box.value for box in boxes}


def _points(reading: _Reading, told: object, rules: Mapping[str, str], boxes: Sequence[Box]) -> dict[str, Decimal]:
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


def _pair(told: object) -> tuple[float, float] | None:
    """Two finite numbers."""
    if (
        not isinstance(told, list)
        or len(told) != 2
        or not all(isinstance(each, int | float) and not isinstance(each, bool) for each in told)
    ):
        return None
    if not all(abs(each) < 1e4 for each in told):  # asked before: an integer may be beyond any float
        return None
    return float(told[0]), float(told[1])

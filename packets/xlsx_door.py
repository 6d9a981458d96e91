"""A workbook that a teacher filled in becomes an assignment, or complaints with sheet, row and column.

packets/doors calls `read_workbook`; packets/template makes the workbook, packets/xlsx_cells reads its cells. Headings and words of lists are taken in
Kazakh, Russian and English, columns in any order. The tree that is made here is judged by packets/authoring like every other file; its lines are
sheet and row.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from openpyxl.utils import get_column_letter

from packets.assignment import LETTERS
from packets.authoring import Reading, judged
from packets.document import Listing, Mapping, Scalar, Value
from packets.fields import suggestion
from packets.template_words import (
    CODES,
    head_names,
    offered,
    same,
    values_of,
)
from packets.xlsx_cells import Cell
from packets.xlsx_questions import read_questions
from packets.xlsx_sheets import ROWS, TO_LATIN, Making, opened, plain_number, scalar
from records.errors import Complaint, InputRefused
from records.language import N_, _

LESSON = ("channel", "date", "time")
LISTS = ("schools", "pupils")
NUMBERS = ("grade", "variants")
HINTS = {
    "no_question": N_("Write the questions into the sheet «{sheet}», one in each line."),
    "doubled_choice": N_("Change one of the two."),
    "doubled_entry": N_("Change one of the two."),
    "partial_of_one": N_("Choose «several choices» as the kind of question."),
    "too_few_digits": N_("Give it more digits."),
    "no_minus": N_("Choose «yes» under Minus, or leave the cell empty."),
    "choices_stay": N_("Where that is not so, choose «yes» under Shuffle; «no» says the same as this line."),
    "nothing_to_shuffle": N_("Empty the cell, or let choices be shuffled."),
}


def read_workbook(path: Path) -> Reading:
    """The assignment in the workbook at `path`; raises NotFound or NotAllowed where it cannot be opened."""
    file = str(path)
    try:
        making = opened(path)
    except InputRefused as refused:
        own = Complaint(refused.code, refused.message, refused.hint, file)
        return Reading(file, None, refused.complaints or (own,))
    document, fields = making.document, _head_fields(making)
    language = fields.get("language")
    making.comma = not (isinstance(language, Scalar) and language.text == "en")
    read_questions(making)
    _tell_left(making)
    faults = tuple(document.complaints)
    document.complaints = []
    lines = {name: making.line(making.head, making.rows[name]) for name in fields if name in making.rows}
    fields["parts"] = Listing(making.line(making.questions, making.heading_row), tuple(making.parts))
    document.root = Mapping(making.line(making.head, 1), fields, lines)
    reading = judged(document, path.parent)
    refused_before = any(each.refused for each in faults)
    if any(each.refused and each.sheet == making.questions.name for each in faults):
        making.told.add("parts")  # that no question is left says nothing
    said = [_placed(each, making) for each in reading.complaints if each.column not in making.told]
    sheets = [making.head.name, making.questions.name, *making.others]
    complaints = tuple(sorted((*faults, *said), key=lambda each: (sheets.index(each.sheet), each.row or 0)))
    return Reading(file, None if refused_before else reading.assignment, complaints)


def _head_fields(making: Making) -> dict[str, Value]:
    """The filled fields of the head; those with an empty cell are left to the judge."""
    document, head = making.document, making.head
    fields: dict[str, Value] = {}
    lesson: dict[str, Value] = {}
    for (row, column), cell in sorted(head.cells.items()):
        name = head_names().get(same(cell.text)) if column == 1 else None
        if name is None or name in making.rows:
            continue
        making.rows[name] = row
        value = head.cells.get((row, 2))
        if value is None or not value.text:
            continue
        if fault := value.fault:
            making.told.add(name)
            document.complaints.append(Complaint(*fault, document.file, head.name, row, cell.text, value.text, refused=True))
            continue
        read = _head_value(name, value, making, row)
        (lesson if name in LESSON else fields)[name] = read
    if lesson:
        lines = {name: making.line(head, making.rows[name]) for name in lesson}
        fields["lesson"] = Mapping(min(lines.values()), lesson, lines)
    return fields


def _tell_left(making: Making) -> None:
    """Name everything that stands in the workbook and was not read."""
    document, head, questions = making.document, making.head, making.questions
    tell = document.complaints.append
    for (row, column), cell in sorted(head.cells.items()):
        if column == 1 and (row, 2) in head.cells and row not in making.rows.values():
            text = _("There is no field «{field}» here.").format(field=cell.text)
            tell(Complaint("unknown_field", text, _("Nothing of it is stored."), document.file, head.name, row, cell.text, refused=False))
    unread = {place for number, place in questions.cells if number > making.heading_row} - set(making.columns.values())
    for place in sorted(unread):
        name = questions.text(making.heading_row, place) or get_column_letter(place)
        text = _("The column «{name}» is not used and was dropped.").format(name=name)
        hint = _("Nothing of it is stored.")
        tell(Complaint("dropped_column", text, hint, document.file, questions.name, making.heading_row, name, refused=False))
    for name in making.others:
        text = _("The sheet «{sheet}» was not read.").format(sheet=name)
        hint = _("Questions belong into the sheet «{sheet}».").format(sheet=questions.name)
        tell(Complaint("skipped_sheet", text, hint, document.file, name, refused=False))


def _head_value(name: str, cell: Cell, making: Making, row: int) -> Value:
    line = making.line(making.head, row)
    text = " ".join(cell.text.split())
    if name in CODES:
        text = _in_latin(text, making, row)
    if name in LISTS:
        return Listing(line, tuple(scalar(code, line) for code in re.split(r"[\s,;]+", text) if code))
    if name in NUMBERS:
        text = plain_number(text)
    return scalar(values_of(name).get(same(text), text), line)


def _in_latin(text: str, making: Making, row: int) -> str:
    """A code whose Cyrillic letters all look like Latin ones, in Latin, which is told."""
    mended = text.translate(TO_LATIN)
    if mended == text or not mended.isascii():
        return text
    label, said = making.head.text(row, 1), _("«{value}» was read as {after}.").format(value=text, after=mended)
    told = Complaint("mended", said, "", making.document.file, making.head.name, row, label, text, refused=False)
    making.document.complaints.append(told)
    return mended


def _placed(complaint: Complaint, making: Making) -> Complaint:
    """A complaint of the judge with sheet, row and column instead of line and path."""
    number, row = divmod(complaint.row or 0, ROWS)
    path = complaint.column
    in_head = number != 2 and not path.startswith("parts")
    sheet = making.head if in_head else making.questions
    name = re.sub(r"\[\d+\]$", "", path.rpartition(".")[2])
    column = making.label(name) if in_head else making.heading(_column_of(path)) if _column_of(path) else ""
    if in_head and (name in making.rows or row <= 1):
        row = making.rows.get(name, 0)
    text, hint = complaint.text, complaint.hint
    if complaint.code in ("missing_field", "empty_field"):
        text, hint = _("The cell «{column}» is empty.").format(column=column), ""
    elif complaint.code in ("unknown_value", "unknown_subject") and in_head:
        text = _("«{value}» cannot stand in «{field}».").format(value=complaint.value, field=column)
        hint = suggestion(complaint.value, offered(name))
    elif complaint.code in HINTS:
        hint = _(HINTS[complaint.code]).format(sheet=making.questions.name)
    elif complaint.code == "wrong_type" and name == "answer":
        hint = _("Choose «several choices» as the kind of question.")
    return replace(complaint, text=text, hint=hint, sheet=sheet.name, row=row or None, column=column)


def _column_of(path: str) -> str:
    """The column in which a field of a part stands: parts[3].choices[2] stands in B."""
    found = re.fullmatch(r"parts\[\d+\]\.(\w+)(?:\[(\d+)\])?(?:\.\w+)?", path)
    if not found:
        return ""
    name, place = found[1], int(found[2] or 1)
    if name in ("choices", "columns"):
        return LETTERS[min(place, len(LETTERS)) - 1] if found[2] else LETTERS[0]
    return {
        "text": "question",
        "rows": "question",
        "number": "answer",
        "true_false": "answer",
        "short": "rubric",
        "page": "question",
        "field": "kind",
    }.get(name, name)

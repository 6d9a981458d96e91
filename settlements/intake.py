"""From a spreadsheet to rows that can be taken and complaints that a person can mend. Reads files, knows no database.

Called by settlements/commands; settlements/enrol writes what is taken. A bad row never hides a good one, and nothing is dropped
without being named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from records.errors import Complaint, InputRefused, UsageRefused
from records.exchange import UNSAVED_FORMULA, ReadSheet, read_sheets
from records.language import _, ngettext
from settlements.cells import CellRefused
from settlements.codes import holds_iin
from settlements.columns import HEADING_ROWS, KINDS, Column, Heading, ListKind, find_heading

DROPPED_COLUMN, SKIPPED_SHEET, HIDDEN_ROWS = "dropped_column", "skipped_sheet", "hidden_rows"
TOLD_ONLY = (DROPPED_COLUMN, SKIPPED_SHEET, HIDDEN_ROWS)  # nobody has to do anything about these, unless something was refused

HIDDEN_ROWS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands."""

    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row whose every cell could be read: the values of the columns that the sheet has."""

    place: Place
    values: dict[str, Any]


@dataclass(slots=True)
class Reading:
    """What a file held: rows to take, complaints, and the columns that were dropped. `rows` counts every row below a heading."""

    kind: ListKind
    rows: int = 0
    taken: list[TakenRow] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def parse_mapping(text: str, kind: ListKind) -> dict[str, str]:
    """The option --columns as ours -> theirs: `name_kk=kato_name_kk,note=match`; raises UsageRefused for a name that is not ours."""
    mapping: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        ours, sign, theirs = (side.strip() for side in part.partition("="))
        allowed = (*kind.names, *kind.notes)
        if not sign or not theirs or ours not in allowed:
            raise UsageRefused(
                _("«{part}» in --columns is not understood.").format(part=part),
                _("Write name=heading, where name is one of: {names}.").format(names=", ".join(allowed)),
            )
        mapping[ours] = theirs
    return mapping


def read_list(path: Path, kind_name: str, mapping: Mapping[str, str] | None = None) -> Reading:
    """Read a list of that kind; raises InputRefused where no sheet has a heading that names the columns it needs."""
    reading = Reading(KINDS[kind_name])
    sheets = read_sheets(path)
    headed = [(sheet, _usable_heading(reading, sheet, mapping or {})) for sheet in sheets]
    if not any(heading for _sheet, heading in headed):
        raise _without_heading(path, reading)
    _check_mapping(headed, mapping or {}, path)
    for sheet, heading in headed:
        if heading:
            _read_sheet(reading, sheet, heading)
    return reading


def complain(place: Place, code: str, text: str, hint: str = "", column: str = "", value: str = "", refused: bool = True) -> Complaint:
    """A complaint about one row."""
    return Complaint(code, text, hint, place.file, place.sheet, place.row, column, value, refused)


def _usable_heading(reading: Reading, sheet: ReadSheet, mapping: Mapping[str, str]) -> Heading | None:
    if not sheet.rows:
        return None
    heading = find_heading(reading.kind, sheet.rows, mapping)
    missing = _missing(reading.kind, heading) if heading else []
    if sheet.hidden:
        text = _("The sheet «{sheet}» is hidden and was not read.").format(sheet=sheet.name)
        hint = _("If it belongs to the list, show it in the spreadsheet program, save the file and import it again.")
        reading.complaints.append(Complaint(SKIPPED_SHEET, text, hint, sheet.file, sheet.name, refused=heading is not None))
        return None
    if heading and not missing:
        return heading
    text = _("No heading was recognised in the first {count} rows.").format(count=HEADING_ROWS)
    if missing:
        text = _("The heading lacks: {columns}.").format(columns=", ".join(missing))
    hint = _("This list has the columns: {names}.").format(names=", ".join(reading.kind.names))
    row = heading.row if heading else None
    reading.complaints.append(Complaint(SKIPPED_SHEET, text, hint, sheet.file, sheet.name, row, refused=bool(missing)))
    return None


def _missing(kind: ListKind, heading: Heading) -> list[str]:
    missing = [column.name for column in kind.columns if column.required and column.name not in heading.places]
    if kind.any_of and not any(name in heading.places for name in kind.any_of):
        missing.append(" / ".join(kind.any_of))
    return missing


def _without_heading(path: Path, reading: Reading) -> InputRefused:
    hint = _("Name the columns in the first row, or say which is which with --columns.")
    return InputRefused(_("{file} does not hold a list of this kind.").format(file=path.name), hint, tuple(reading.complaints))


def _check_mapping(headed: Sequence[tuple[ReadSheet, Heading | None]], mapping: Mapping[str, str], path: Path) -> None:
    found = {name for _sheet, heading in headed if heading for name in heading.places}
    for ours, theirs in mapping.items():
        if ours not in found:
            raise InputRefused(
                _("{file} has no column «{column}».").format(file=path.name, column=theirs),
                _("Correct --columns: it is given for {name}.").format(name=ours),
            )


def _read_sheet(reading: Reading, sheet: ReadSheet, heading: Heading) -> None:
    _tell_dropped(reading, sheet, heading)
    _tell_hidden_rows(reading, sheet, heading)
    columns = [(column, heading.places[column.name]) for column in reading.kind.columns if column.name in heading.places]
    note_places = [heading.places[name] for name in reading.kind.notes if name in heading.places]
    pasted = next(texts for number, texts in sheet.rows if number == heading.row)  # lists pasted one below the other repeat it
    for number, texts in sheet.rows:
        if number <= heading.row or texts == pasted:
            continue
        reading.rows += 1
        place = Place(sheet.file, sheet.name, number)
        values, complaints = _read_row(reading.kind, columns, texts, place)
        if complaints:
            reading.complaints.extend(_with_note(complaint, texts, note_places) for complaint in complaints)
        else:
            reading.taken.append(TakenRow(place, values))


def _tell_dropped(reading: Reading, sheet: ReadSheet, heading: Heading) -> None:
    hint = _("Nothing of it is stored.")
    for name in heading.dropped:
        told = _("a column whose heading is an IIN") if holds_iin(name) else name
        text = _("The column «{name}» is not used and was dropped.").format(name=told)
        reading.complaints.append(Complaint(DROPPED_COLUMN, text, hint, sheet.file, sheet.name, heading.row, told, refused=False))
        reading.dropped.append(told)
    for name in heading.doubled:
        text = _("The column «{name}» means the same as an earlier one and was dropped.").format(name=name)
        reading.complaints.append(Complaint(DROPPED_COLUMN, text, hint, sheet.file, sheet.name, heading.row, name, refused=False))
        reading.dropped.append(name)


def _tell_hidden_rows(reading: Reading, sheet: ReadSheet, heading: Heading) -> None:
    """Rows that are hidden or filtered away belong to the list: they are taken, and told."""
    rows = [number for number in sheet.hidden_rows if number > heading.row]
    if rows:
        sentence = ngettext("{count} hidden row was read too: {rows}.", "{count} hidden rows were read too: {rows}.", len(rows))
        shown = ", ".join(map(str, rows[:HIDDEN_ROWS_SHOWN])) + (" …" if len(rows) > HIDDEN_ROWS_SHOWN else "")
        hint = _("If they should not be taken, delete them from the list.")
        told = sentence.format(count=len(rows), rows=shown)
        reading.complaints.append(Complaint(HIDDEN_ROWS, told, hint, sheet.file, sheet.name, rows[0], refused=False))


def _read_row(
    kind: ListKind, columns: Sequence[tuple[Column, int]], texts: Sequence[str], place: Place
) -> tuple[dict[str, Any], list[Complaint]]:
    values: dict[str, Any] = {}
    complaints: list[Complaint] = []
    for column, position in columns:
        text = _cell(texts, position)
        try:
            values[column.name] = _read_cell(column, text)
        except CellRefused as refusal:
            shown = "" if refusal.code == "iin" else text
            complaints.append(complain(place, refusal.code, refusal.text, refusal.hint, column.name, shown))
    if not complaints and kind.any_of and not any(values.get(name) for name in kind.any_of):
        text = _("The row has no name.")
        complaints.append(complain(place, "empty", text, _("Fill {columns}.").format(columns=" / ".join(kind.any_of)), kind.any_of[0]))
    complaints.extend(_half_placed(values, place))
    return values, complaints


@lru_cache(maxsize=1 << 16)
def _read_cell(column: Column, text: str) -> Any:
    if text == UNSAVED_FORMULA:
        raise CellRefused(
            "formula",
            _("The cell holds a formula without its saved value."),
            _("Open the file in the spreadsheet program and save it there."),
        )
    if holds_iin(text):
        raise CellRefused(
            "iin", _("The cell holds an IIN, which may not be stored here."), _("Remove it from the list; pupils are known by codes.")
        )
    if column.required and not text:
        raise CellRefused("empty", _("The cell is empty."), _("Fill {columns}.").format(columns=column.name))
    return column.read(text)


def _half_placed(values: Mapping[str, Any], place: Place) -> list[Complaint]:
    """A complaint where only one of the two coordinates is given."""
    for lat, lon in (("lat", "lon"), ("latitude", "longitude")):
        if lat in values and lon in values and (values[lat] is None) != (values[lon] is None):
            empty = lat if values[lat] is None else lon
            return [complain(place, "half_placed", _("Only one of the two coordinates is given."), _("Give both or none."), empty)]
    return []


def _with_note(complaint: Complaint, texts: Sequence[str], places: Sequence[int]) -> Complaint:
    notes = ", ".join(filter(None, (_cell(texts, place) for place in places)))
    if not notes or holds_iin(notes):
        return complaint
    text = _("{sentence} The list says of this row: «{note}».").format(sentence=complaint.text, note=notes)
    where = (complaint.file, complaint.sheet, complaint.row, complaint.column, complaint.value, complaint.refused)
    return Complaint(complaint.code, text, complaint.hint, *where)


def _cell(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""

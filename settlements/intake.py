"""From a spreadsheet to rows that can be taken and complaints that a person can mend. Reads files, knows no database.

Called by settlements/commands; settlements/enrol writes what is taken. A bad row never hides a good one, and nothing is dropped
without being named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from records.errors import Complaint, InputRefused, UsageRefused
from records.exchange import ReadSheet, read_sheets
from records.language import _, ngettext
from settlements.codes import holds_iin
from settlements.columns import KINDS, ListKind
from settlements.headings import HEADING_ROWS, Heading, find_heading
from settlements.merged import Fill, fills
from settlements.not_rows import is_numbering, is_signature, is_total
from settlements.rows import MENDED, Place, RowReader, TakenRow, complain, mended

DROPPED_COLUMN, SKIPPED_SHEET, HIDDEN_ROWS, NOT_A_ROW = "dropped_column", "skipped_sheet", "hidden_rows", "not_a_row"
UNCLEAR_COLUMN = "unclear_column"
TOLD_ONLY = (
    DROPPED_COLUMN,
    SKIPPED_SHEET,
    HIDDEN_ROWS,
    NOT_A_ROW,
    MENDED,
)  # nobody has to do anything about these, unless something was refused

HIDDEN_ROWS_SHOWN = 20
_KATO = re.compile(r"[1-9]\d{2} ?\d{3} ?\d{3}(\.0)?")


@dataclass(slots=True)
class Reading:
    """What a file held: rows to take, complaints, and the columns that were dropped. `rows` counts every row below a heading.

    `refused` are the rows that cannot be taken, with the cells of them that could be read; `headings` tells the heading's row of each sheet,
    `named` the columns that somebody named once for lists with such headings.
    """

    kind: ListKind
    rows: int = 0
    taken: list[TakenRow] = field(default_factory=list)
    refused: list[TakenRow] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    headings: dict[str, int] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)


def parse_mapping(text: str, kind: ListKind) -> dict[str, str]:
    """The option --columns as ours -> theirs: `name_kk=kato_name_kk,note=match`; raises UsageRefused for a name that is not ours."""
    mapping: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        ours, sign, theirs = (side.strip() for side in part.partition("="))
        allowed = (*kind.names, *kind.notes, *(joint.name for joint in kind.joints))
        if not sign or not theirs or ours not in allowed:
            raise UsageRefused(
                _("«{part}» in --columns is not understood.").format(part=part),
                _("Write name=heading, where name is one of: {names}.").format(names=", ".join(allowed)),
            )
        mapping[ours] = theirs
    return mapping


def read_list(
    path: Path, kind: str | ListKind, mapping: Mapping[str, str] | None = None, remembered: Sequence[Mapping[str, str]] = ()
) -> Reading:
    """Read a list of that kind (a name of settlements.columns.KINDS, or another room's own); raises InputRefused where no sheet has a heading that names the columns it needs.

    Without a `mapping`, the first of those `remembered` counts whose headings a sheet has.
    """
    reading = Reading(KINDS[kind] if isinstance(kind, str) else kind)
    sheets = read_sheets(path)
    headed = [(sheet, _usable_heading(reading, sheet, sheets, mapping or _fitting(reading, sheet, remembered))) for sheet in sheets]
    if not any(heading for _sheet, heading in headed):
        raise _without_heading(path, reading)
    _check_mapping(headed, mapping or {}, path)
    for sheet, heading in headed:
        if heading:
            _read_sheet(reading, sheet, heading)
    return reading


def _fitting(reading: Reading, sheet: ReadSheet, remembered: Sequence[Mapping[str, str]]) -> Mapping[str, str]:
    """The first mapping whose headings the sheet has all together."""
    for mapping in remembered:
        heading = find_heading(reading.kind, sheet.rows, mapping)
        if heading and set(mapping) <= set(heading.places):
            reading.named |= mapping
            return mapping
    return {}


def _usable_heading(reading: Reading, sheet: ReadSheet, sheets: Sequence[ReadSheet], mapping: Mapping[str, str]) -> Heading | None:
    if not sheet.rows:
        return None
    heading = find_heading(reading.kind, sheet.rows, mapping)
    missing = _missing(reading.kind, heading) if heading else []
    if sheet.hidden:
        text = _("The sheet «{sheet}» is hidden and was not read.").format(sheet=sheet.name)
        hint = _("If it belongs to the list, show it in the spreadsheet program, save the file and import it again.")
        reading.complaints.append(Complaint(SKIPPED_SHEET, text, hint, sheet.file, sheet.name, refused=heading is not None))
        return None
    if heading:
        _tell_unclear(reading, sheet, heading)
    if heading and not missing:
        return heading
    text = _("No heading was recognised in the first {count} rows.").format(count=HEADING_ROWS)
    hint = _("This list has the columns: {names}.").format(names=", ".join(reading.kind.names))
    continues = heading is None and _may_continue(sheet, sheets)
    if missing:
        text = _("The heading lacks: {columns}.").format(columns=", ".join(missing))
    if continues:
        text = _("The sheet «{sheet}» may continue the list, but has no heading and was not read.").format(sheet=sheet.name)
        hint = _("If it belongs to the list, write the heading above its rows too, and import the file again.")
    row = heading.row if heading else None
    reading.complaints.append(Complaint(SKIPPED_SHEET, text, hint, sheet.file, sheet.name, row, refused=bool(missing) or continues))
    return None


def _may_continue(sheet: ReadSheet, sheets: Sequence[ReadSheet]) -> bool:
    """Whether one of several sheets, without a heading, looks like rows of the list: by a KATO code, or as wide as the first give or take one."""
    if len(sheets) > 1 and any(_KATO.fullmatch(cell) for _number, texts in sheet.rows for cell in texts):
        return True
    width, usual = (max((len(texts) for _number, texts in each.rows), default=0) for each in (sheet, sheets[0]))
    return sheet is not sheets[0] and width > 1 and abs(width - usual) <= 1


def _missing(kind: ListKind, heading: Heading) -> list[str]:
    present = {*heading.places, *(part for joint in kind.joints if joint.name in heading.places for part in joint.parts)}
    missing = [column.name for column in kind.columns if column.required and column.name not in present]
    if kind.any_of and not any(name in present for name in kind.any_of):
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
    reader = RowReader(reading.kind, heading)
    notes = [heading.places[name] for name in reading.kind.notes if name in heading.places]
    pasted = {texts for number, texts in sheet.rows if heading.first <= number <= heading.row}  # lists pasted one below the other repeat it
    filled = fills(sheet, heading)
    reading.headings[sheet.name] = heading.row
    fresh = True
    for number, texts in sheet.rows:
        if number > heading.row and texts not in pasted:
            _take(reading, reader, Place(sheet.file, sheet.name, number), texts, filled.get(number, ()), notes, fresh)
        fresh = number <= heading.row or texts in pasted


def _take(
    reading: Reading, reader: RowReader, place: Place, texts: Sequence[str], filled: Sequence[Fill], notes: Sequence[int], fresh: bool
) -> None:
    """Take one line, refuse it, or tell that it is no row; `fresh` where it stands at once below a heading."""
    row = reader.read(_with_fills(texts, filled), place)
    if row.is_refused and (why := _no_row(texts, fresh)):
        reading.complaints.append(complain(place, NOT_A_ROW, why, _("It was left out; nothing need be done."), refused=False))
        return
    reading.rows += 1
    merged_over = _("The cell above is merged over this one: it was read here too.")
    reading.complaints.extend(mended(place, merged_over, fill.column, fill.text) for fill in filled if not holds_iin(fill.text))
    reading.complaints.extend(_with_note(complaint, texts, notes) if complaint.refused else complaint for complaint in row.complaints)
    (reading.refused if row.is_refused else reading.taken).append(TakenRow(place, row.values))


def _no_row(texts: Sequence[str], fresh: bool) -> str:
    """Why the line is no row of the list; empty where it may be one."""
    if fresh and is_numbering(texts):
        return _("This line counts the columns.")
    if is_total(texts):
        return _("This line is a total.")
    return _("This line is a signature or a note.") if is_signature(texts) else ""


def _with_fills(texts: Sequence[str], filled: Sequence[Fill]) -> Sequence[str]:
    if not filled:
        return texts
    cells = [*texts, *[""] * (max(fill.position for fill in filled) + 1 - len(texts))]
    for fill in filled:
        cells[fill.position] = fill.text
    return cells


def _tell_dropped(reading: Reading, sheet: ReadSheet, heading: Heading) -> None:
    hint = _("Nothing of it is stored.")
    for name in (each for each in heading.dropped if each not in reading.kind.written):
        told = _("a column whose heading is an IIN") if holds_iin(name) else name
        text = _("The column «{name}» is not used and was dropped.").format(name=told)
        reading.complaints.append(Complaint(DROPPED_COLUMN, text, hint, sheet.file, sheet.name, heading.row, told, refused=False))
        reading.dropped.append(told)
    for name in heading.doubled:
        text = _("The column «{name}» means the same as an earlier one and was dropped.").format(name=name)
        reading.complaints.append(Complaint(DROPPED_COLUMN, text, hint, sheet.file, sheet.name, heading.row, name, refused=False))
        reading.dropped.append(name)


def _tell_unclear(reading: Reading, sheet: ReadSheet, heading: Heading) -> None:
    """Headings that could mean one column, each with more words than its name: a person says which is meant."""
    for name, several in heading.unclear.items():
        told = [_("a column whose heading is an IIN") if holds_iin(each) else each for each in several]
        text = _("Each of these headings could mean {name}, and none was taken: {columns}.")
        hint = _("Say which one is meant, as in --columns {name}=HEADING, or give one of them the plain name in the list.").format(
            name=name
        )
        text = text.format(name=name, columns=", ".join(f"«{each}»" for each in told))
        reading.complaints.append(Complaint(UNCLEAR_COLUMN, text, hint, sheet.file, sheet.name, heading.row, name, refused=False))
        reading.dropped.extend(told)


def _tell_hidden_rows(reading: Reading, sheet: ReadSheet, heading: Heading) -> None:
    """Rows that are hidden or filtered away belong to the list: they are taken, and told."""
    rows = [number for number in sheet.hidden_rows if number > heading.row]
    if rows:
        sentence = ngettext("{count} hidden row was read too: {rows}.", "{count} hidden rows were read too: {rows}.", len(rows))
        shown = ", ".join(map(str, rows[:HIDDEN_ROWS_SHOWN])) + (" …" if len(rows) > HIDDEN_ROWS_SHOWN else "")
        hint = _("If they should not be taken, delete them from the list.")
        told = sentence.format(count=len(rows), rows=shown)
        reading.complaints.append(Complaint(HIDDEN_ROWS, told, hint, sheet.file, sheet.name, rows[0], refused=False))


def _with_note(complaint: Complaint, texts: Sequence[str], places: Sequence[int]) -> Complaint:
    notes = ", ".join(filter(None, (_cell(texts, place) for place in places)))
    if not notes or holds_iin(notes):
        return complaint
    text = _("{sentence} The list says of this row: «{note}».").format(sentence=complaint.text, note=notes)
    where = (complaint.file, complaint.sheet, complaint.row, complaint.column, complaint.value, complaint.refused)
    return Complaint(complaint.code, text, complaint.hint, *where)


def _cell(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""

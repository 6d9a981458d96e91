"""One row of a list: its cells read, mended or refused, each with a complaint that says where. Pure.

Called by settlements/intake, sheet by sheet. What a cell may hold stands in settlements/cells; here is what only the whole row tells: names and
coordinates that share a column, coordinates that have been exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from records.errors import Complaint
from records.exchange import UNSAVED_FORMULA
from records.language import _
from settlements.codes import holds_iin
from settlements.columns import Column, ListKind
from settlements.coordinates import exchanged, pair
from settlements.headings import Heading
from settlements.joints import Joint
from settlements.mending import Mended
from settlements.refusal import CellRefused

MENDED = "mended"
DASHES = frozenset(("-", "–", "—", "--", "---"))
_BLANK = re.compile(r"_+")  # left to be filled in by hand
REMEMBERED_CELLS = 1 << 16
TWO_COORDINATES = (("lat", "lon"), ("latitude", "longitude"))


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


def complain(place: Place, code: str, text: str, hint: str = "", column: str = "", value: str = "", refused: bool = True) -> Complaint:
    """A complaint about one row."""
    return Complaint(code, text, hint, place.file, place.sheet, place.row, column, value, refused)


def mended(place: Place, text: str, column: str, value: str) -> Complaint:
    """What was done to a cell so that its row could be taken."""
    return complain(place, MENDED, text, _("If that is wrong, correct the cell and import the list again."), column, value, refused=False)


@dataclass(slots=True)
class ReadRow:
    """What came of one row: the values of the cells that could be read, and the complaints."""

    values: dict[str, Any] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """Whether the row cannot be taken."""
        return any(complaint.refused for complaint in self.complaints)


class RowReader:
    """Reads the rows below one heading; equal cells of a column are read once."""

    def __init__(self, kind: ListKind, heading: Heading) -> None:
        places = heading.places
        self._kind = kind
        self._joints = [(joint, places[joint.name]) for joint in kind.joints if joint.name in places]
        parts = {part for joint, _place in self._joints for part in joint.parts}
        self._cells = [
            (_CellReader(column), places.get(column.name, -1)) for column in kind.columns if column.name in places or column.name in parts
        ]
        self._located = next((pair for pair in TWO_COORDINATES if set(pair) <= kind_names(kind) & {*places, *parts}), None)

    def read(self, texts: Sequence[str], place: Place) -> ReadRow:
        """Read one row's cells."""
        row = ReadRow()
        given = self._divided(texts, place, row) if self._joints else {}
        if self._located:
            given = self._located_texts(given, texts, place, row)
        for cell, position in self._cells:
            name = cell.column.name
            text = given[name] if name in given else texts[position] if 0 <= position < len(texts) else ""
            if text is not None:
                cell.read_into(row, text, place)
        self._require_names(row, place)
        _refuse_half_placed(row, place)
        return row

    def _divided(self, texts: Sequence[str], place: Place, row: ReadRow) -> dict[str, str | None]:
        """The texts of columns that stand together in one; None where that one was refused."""
        given: dict[str, str | None] = {}
        own = {cell.column.name for cell, position in self._cells if position >= 0}
        for joint, position in self._joints:
            parts = _parts(joint, texts[position] if position < len(texts) else "", place, row)
            given |= {part: parts[part] if parts else None for part in joint.parts if part not in own and given.get(part) is None}
        return given

    def _located_texts(self, given: dict[str, str | None], texts: Sequence[str], place: Place, row: ReadRow) -> dict[str, str | None]:
        """The texts of both coordinates, parted where one cell holds both and put right where they were exchanged."""
        assert self._located
        where = {cell.column.name: position for cell, position in self._cells if cell.column.name in self._located}
        lat, lon = (given[name] if name in given else _at(texts, where[name]) for name in self._located)
        if not lat or _is_empty(lat):
            return given
        if not lon and (two := pair(lat)):
            text = _("It was read as latitude {lat}, longitude {lon}.").format(lat=two[0], lon=two[1])
            row.complaints.append(mended(place, text, self._located[0], lat))
            return given | dict(zip(self._located, two, strict=True))
        if lon and exchanged(lat, lon):
            text = _("Latitude and longitude were exchanged: it was read as latitude {lat}, longitude {lon}.").format(lat=lon, lon=lat)
            row.complaints.append(mended(place, text, self._located[0], lat))
            return given | {self._located[0]: lon, self._located[1]: lat}
        return given

    def _require_names(self, row: ReadRow, place: Place) -> None:
        any_of = self._kind.any_of
        if any_of and not row.is_refused and not any(row.values.get(name) for name in any_of):
            hint = _("Fill {columns}.").format(columns=" / ".join(any_of))
            row.complaints.append(complain(place, "empty", _("The row has no name."), hint, any_of[0]))


def kind_names(kind: ListKind) -> set[str]:
    """The names of the list's columns."""
    return set(kind.names)


class _CellReader:
    """One column's reader, which remembers what it has read."""

    __slots__ = ("_read", "column")

    def __init__(self, column: Column) -> None:
        self.column = column
        self._read: dict[str, Any] = {}

    def read_into(self, row: ReadRow, text: str, place: Place) -> None:
        """Put the cell's value into the row, or a complaint."""
        found = self._read.get(text, self)
        if found is self:
            if len(self._read) >= REMEMBERED_CELLS:
                self._read.clear()
            found = self._read[text] = _outcome(self.column, text)
        if isinstance(found, CellRefused):
            shown = "" if found.code == "iin" else text
            row.complaints.append(complain(place, found.code, found.text, found.hint, self.column.name, shown))
        elif isinstance(found, Mended):
            row.values[self.column.name] = found.value
            row.complaints.append(mended(place, found.text, self.column.name, text))
        else:
            row.values[self.column.name] = found


def _outcome(column: Column, text: str) -> Any:
    """What the reader of the column makes of the cell: a value, a mended one, or the refusal."""
    try:
        _refuse_hidden(text)
        meant = "" if _BLANK.fullmatch(text) or (text in DASHES and not column.dash_means) else text
        if column.required and not meant:
            raise CellRefused("empty", _("The cell is empty."), _("Fill {columns}.").format(columns=column.name))
        return column.read(meant)
    except CellRefused as refusal:
        return refusal.with_traceback(None)  # kept for the next cell of the same text


def _refuse_hidden(text: str) -> None:
    """Refuse what must not be read any further: a formula without its value, an IIN."""
    if text == UNSAVED_FORMULA:
        raise CellRefused(
            "formula",
            _("The cell holds a formula without its saved value."),
            _("Open the file in the spreadsheet program and save it there."),
        )
    if holds_iin(text):
        raise CellRefused(
            "iin",
            _("The cell holds an IIN, which may not be stored here."),
            _("Remove it from the list; pupils are known by codes."),
        )


def _parts(joint: Joint, text: str, place: Place, row: ReadRow) -> dict[str, str]:
    """The texts of a joint column's parts; nothing, and a complaint, where the cell was refused."""
    try:
        _refuse_hidden(text)
        parts, told = joint.divide("" if _is_empty(text) else text)
    except CellRefused as refusal:
        shown = "" if refusal.code == "iin" else text
        row.complaints.append(complain(place, refusal.code, refusal.text, refusal.hint, joint.name, shown))
        return {}
    if told:
        row.complaints.append(mended(place, told, joint.name, text))
    return dict(parts)


def _refuse_half_placed(row: ReadRow, place: Place) -> None:
    """A complaint where only one of the two coordinates is given."""
    values = row.values
    for lat, lon in TWO_COORDINATES:
        if lat in values and lon in values and (values[lat] is None) != (values[lon] is None):
            empty = lat if values[lat] is None else lon
            text = _("Only one of the two coordinates is given.")
            row.complaints.append(complain(place, "half_placed", text, _("Give both or none."), empty))


def _is_empty(text: str) -> bool:
    return not text or text in DASHES or bool(_BLANK.fullmatch(text))


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place] if 0 <= place < len(texts) else ""

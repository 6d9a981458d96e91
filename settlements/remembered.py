"""The rows of a list whose pupils were forgotten and are asked back with --remember. Pure.

Called by settlements/pupil_codes, which knows who was forgotten; settlements/import_commands reads the option.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from records.errors import UsageRefused
from records.language import _
from settlements.rows import Place, TakenRow

SheetRow = tuple[str, int]  # the sheet's name, empty for the only one, and the row


@dataclass(slots=True)
class Asked:
    """The rows that are asked back, and the seals that came by each; `only_sheet` is None where the list has several."""

    rows: frozenset[SheetRow]
    only_sheet: str | None
    found: dict[SheetRow, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, remembered: Collection[SheetRow], rows: Sequence[TakenRow]) -> Asked:
        """What was asked of a list with these rows; a row without a sheet is one of the only sheet."""
        sheets = {row.place.sheet for row in rows}
        only = sheets.pop() if len(sheets) == 1 else None
        return cls(frozenset((sheet or only or "", number) for sheet, number in remembered), only)

    @property
    def seals(self) -> list[str]:
        """The seals of everybody who comes back."""
        return [seal for seals in self.found.values() for seal in seals]

    def takes(self, place: Place, seals: list[str]) -> bool:
        """Whether the forgotten pupil of that row comes back."""
        where = (place.sheet, place.row)
        if where in self.rows:
            self.found[where] = seals
        return where in self.rows

    def words_for(self, place: Place) -> str:
        """The row as --remember names it."""
        return str(place.row) if self.only_sheet is not None else f"{place.sheet}:{place.row}"

    def require_all(self) -> None:
        """Raise UsageRefused where a row brought nobody back."""
        idle = sorted(self.rows - set(self.found))
        if idle:
            rows = ", ".join(f"{sheet}:{number}" if sheet else str(number) for sheet, number in idle)
            hint = _("Name rows that were refused as forgotten; where a file has several sheets, as SHEET:ROW.")
            raise UsageRefused(_("--remember {rows} brought nobody back.").format(rows=rows), hint)

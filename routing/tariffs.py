"""What the post's service costs: a dated table of prices, of which the newest that was in force on a day counts. No price is built in.

routing/figures reckons with it. The program's own table (data/tariffs.csv) holds only what was read somewhere; a desk names its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from records.errors import Complaint, InputRefused
from records.exchange import read_sheets
from records.language import _

OWN = Path(__file__).parent / "data" / "tariffs.csv"
COLUMNS = ("service", "grams_up_to", "tenge", "since", "source")
PACKET, KILOMETRE, STOP, ROUTE = SERVICES = ("packet", "kilometre", "stop", "route")  # what figures reckon with


@dataclass(frozen=True, slots=True)
class Tariff:
    """One price in tenge, in force since a day (None: undated, never reckoned with), for items of up to `grams_up_to` (None: of any weight)."""

    service: str
    grams_up_to: int | None
    tenge: Decimal
    since: date | None
    source: str

    def as_json(self) -> dict[str, Any]:
        """The price as `routes figures` names it."""
        return {
            "service": self.service,
            "grams_up_to": self.grams_up_to,
            "tenge": float(self.tenge),
            "since": self.since.isoformat() if self.since else None,
            "source": self.source,
        }


def price(tariffs: Sequence[Tariff], service: str, day: date, grams: int = 0) -> Tariff | None:
    """The price of a service on `day`: of the newest edition in force, the lowest step that holds the weight. Pure."""
    dated = [(each.since, each) for each in tariffs if each.service == service and each.since is not None and each.since <= day]
    if not dated:
        return None
    newest = max(since for since, _each in dated)
    steps = [each for since, each in dated if since == newest and (each.grams_up_to is None or grams <= each.grams_up_to)]
    return min(steps, key=lambda each: (each.grams_up_to is None, each.grams_up_to or 0), default=None)


def read_tariffs(path: Path) -> list[Tariff]:
    """The prices of a table in CSV or XLSX; raises InputRefused naming every cell that cannot be used: a wrong price is worse than none."""
    sheet = next(sheet for sheet in read_sheets(path) if sheet.rows)
    (_first, heading), *rows = sheet.rows
    names = [cell.casefold() for cell in heading]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise InputRefused(
            _("{file} lacks the column {column}.").format(file=sheet.file, column=", ".join(missing)),
            _("A table of tariffs has the columns {columns}.").format(columns=", ".join(COLUMNS)),
        )
    complaints: list[Complaint] = []
    found = []
    for number, cells in rows:
        values = {name: cells[names.index(name)] if names.index(name) < len(cells) else "" for name in COLUMNS}
        try:
            found.append(_tariff(values))
        except _Unusable as failure:
            column = str(failure)
            text = _("«{value}» cannot stand in the column {column}.").format(value=values[column], column=column)
            hint = _("Weights are whole grams, prices tenge, days as 2026-01-01; source says where the price was read.")
            complaints.append(Complaint("tariff", text, hint, sheet.file, sheet.name, number, column, values[column]))
    if complaints:
        raise InputRefused(_("{file} has prices that cannot be used.").format(file=sheet.file), complaints[0].hint, tuple(complaints))
    return found


class _Unusable(Exception):
    """A cell; its column is the message."""


def _tariff(values: Mapping[str, str]) -> Tariff:
    service, source = values["service"].casefold(), values["source"]
    if not service:
        raise _Unusable("service")
    if not source:
        raise _Unusable("source")
    grams = values["grams_up_to"]
    if grams and not (grams.isascii() and grams.isdigit()):
        raise _Unusable("grams_up_to")
    return Tariff(service, int(grams) if grams else None, _tenge(values["tenge"]), _day(values["since"]), source)


def _tenge(text: str) -> Decimal:
    try:
        found = Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        raise _Unusable("tenge") from None
    if not found.is_finite() or found < 0:
        raise _Unusable("tenge")
    return found


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.split(" ", maxsplit=1)[0])
    except ValueError:
        raise _Unusable("since") from None

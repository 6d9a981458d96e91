"""Kazpost's events from a table: item, event, time. Each row is told once; what is not known is named and kept.

`routes events import` calls this. An item is an S10 number or a packet's code; a row with both ties the number to the packet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records import journal
from records.calendar import YEARS
from records.errors import Complaint, InputRefused
from records.events import POST, Event, Happening, kazpost_event
from records.exchange import ReadSheet, read_sheets
from records.language import _
from records.postal_numbers import postal_number, tie, tied
from records.road_events import settle_packets, tell
from records.schema import Packet

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "item": ("item", "number", "s10", "шпи", "номер", "номер отправления", "жөнелтілім нөмірі", "нөмірі"),
    "event": ("event", "code", "событие", "операция", "статус", "оқиға", "мәртебе"),
    "time": ("time", "date", "дата", "время", "дата и время", "уақыты", "күні"),
    "packet": ("packet", "пакет", "код пакета", "пакет коды"),
    "office": ("office", "index", "индекс", "отделение", "офис", "бөлімше"),
}
NEEDED = ("event", "time")
_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")


@dataclass(slots=True)
class Imported:
    """What came of a table: rows, new events, those known before, numbers tied to packets, refused rows, and what is told of them."""

    rows: int = 0
    added: int = 0
    known: int = 0
    tied: int = 0
    refused: int = 0
    unknown: dict[str, int] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    events: list[int] = field(default_factory=list)
    new_numbers: list[str] = field(default_factory=list)
    tied_numbers: list[str] = field(default_factory=list)

    def for_the_journal(self) -> dict[str, Any]:
        """What `undo` needs: the events as spans of numbers, and the postal numbers that were new, or known and tied to a packet now."""
        spans: list[list[int]] = []
        for number in self.events:
            if spans and spans[-1][1] == number - 1:
                spans[-1][1] = number
            else:
                spans.append([number, number])
        return {"added": self.added, "tied": self.tied, "events": spans, "numbers": self.new_numbers, "ties": self.tied_numbers}


@dataclass(frozen=True, slots=True)
class _Told:
    """One row that can be read."""

    row: int
    number: str | None
    packet: str | None
    name: str
    kind: Happening
    at: datetime
    office: str


def import_events(session: Session, path: Path) -> Imported:
    """Take in every row that can be read; raises InputRefused for a file without the columns, or where every row is refused."""
    result = Imported()
    packets: set[str] = set()
    for sheet in (each for each in read_sheets(path) if each.rows):
        told = _read(session, sheet, result)
        for each in told:
            _take_in(session, sheet, each, result, packets)
    if result.rows and result.refused == result.rows:
        raise InputRefused(
            _("No row of {file} can be taken.").format(file=path.name), _("Correct the rows that are named."), tuple(result.complaints)
        )
    session.flush()
    settle_packets(session, packets)
    if result.added or result.tied:
        journal.record(session, "routes.events", path.name, **result.for_the_journal())
    return result


def _take_in(session: Session, sheet: ReadSheet, told: _Told, result: Imported, packets: set[str]) -> None:
    packet = told.packet
    if told.number:
        known = tied(session, told.number)
        if packet and known and known.packet not in (None, packet):
            result.refused += 1
            result.complaints.append(_elsewhere(sheet, told, known.packet))
            return
        if (packet or known is None) and tie(session, told.number, packet):
            if told.number not in result.new_numbers:
                (result.new_numbers if known is None else result.tied_numbers).append(told.number)
            result.tied += packet is not None
        packet = packet or (known.packet if known else None)
        if packet is None:
            result.waiting.append(told.number)
    evidence = {"file": sheet.file, "row": told.row, "number": told.number, "office": told.office}
    kept = {name: value for name, value in evidence.items() if value}
    reason = told.name if told.kind is Happening.OTHER else ""
    number = tell(session, Event(told.at, told.kind, POST, packet, reason=reason, evidence=kept))
    if number is None:
        result.known += 1
    else:
        result.added += 1
        result.events.append(number)
    if packet:
        packets.add(packet)


def _elsewhere(sheet: ReadSheet, told: _Told, packet: str) -> Complaint:
    text = _("The number {number} is noted for the packet {code} already.").format(number=told.number, code=packet)
    hint = _("Look at both stickers; a wrong one is replaced with --instead.")
    return Complaint("event_row", text, hint, sheet.file, sheet.name, told.row, "item", told.number or "")


def _read(session: Session, sheet: ReadSheet, result: Imported) -> list[_Told]:
    """The rows of a sheet; each that cannot be read is complained about, each unknown name once."""
    (_first, heading), *rows = sheet.rows
    places = _places(heading)
    missing = [name for name in NEEDED if name not in places] + ([] if {"item", "packet"} & set(places) else ["item"])
    if missing:
        raise InputRefused(
            _("{file} lacks the column {column}.").format(file=sheet.file, column=", ".join(missing)),
            _("The first row names the columns: item, event, time, and if you like packet and office."),
        )
    codes = set(session.scalars(select(Packet.code)))
    found = []
    for number, cells in rows:
        result.rows += 1
        told = _row(sheet, number, {name: cells[place] if place < len(cells) else "" for name, place in places.items()}, codes)
        if isinstance(told, Complaint):
            result.refused += 1
            result.complaints.append(told)
            continue
        if told.kind is Happening.OTHER:
            if told.name not in result.unknown:
                result.complaints.append(_unknown(sheet, number, told.name))
            result.unknown[told.name] = result.unknown.get(told.name, 0) + 1
        found.append(told)
    return found


def _places(heading: Sequence[str]) -> dict[str, int]:
    """Where each column stands; the first that bears a name of it."""
    named = [" ".join(cell.casefold().split()) for cell in heading]
    found = {}
    for name, others in COLUMNS.items():
        place = next((place for place, cell in enumerate(named) if cell in others), None)
        if place is not None:
            found[name] = place
    return found


def _row(sheet: ReadSheet, number: int, cells: Mapping[str, str], codes: set[str]) -> _Told | Complaint:
    def refused(column: str, text: str, hint: str) -> Complaint:
        return Complaint("event_row", text, hint, sheet.file, sheet.name, number, column, cells.get(column, ""))

    item, packet = cells.get("item", ""), cells.get("packet", "") or None
    s10 = postal_number(item) if item else None
    if item and s10 is None:
        if item.upper() not in codes:
            text = _("«{value}» is neither a postal number with the right check digit nor a packet's code.").format(value=item)
            return refused("item", text, _("Look at the sticker: two letters, nine digits, KZ."))
        packet = item.upper()
    if packet is not None and packet.upper() not in codes:
        text = _("There is no packet {code}.").format(code=packet)
        return refused("packet", text, _("`poshta packets list --week W` shows the codes."))
    if s10 is None and packet is None:
        return refused(
            "item", _("The row names neither an item nor a packet."), _("Write the number on the sticker, or the packet's code.")
        )
    at = _time(cells["time"])
    if at is None:
        text = _("«{value}» is no time.").format(value=cells["time"])
        return refused("time", text, _("Write it as 2026-10-05 14:30 or 05.10.2026 14:30."))
    name = cells["event"]
    if not name:
        return refused("event", _("The row names no event."), _("Write Kazpost's code or name of the event."))
    kind = kazpost_event(name) or Happening.OTHER
    return _Told(number, s10, packet.upper() if packet else None, name, kind, at, cells.get("office", ""))


def _time(text: str) -> datetime | None:
    plain = re.sub(r"(?<=\d)[T,]\s*(?=\d)", " ", text.strip())
    plain = re.sub(r"(\.\d+)?([+-]\d\d:?\d\d|Z)$", "", plain) if " " in plain else plain
    for form in _TIMES:
        try:
            at = datetime.strptime(plain, form)
        except ValueError:
            continue
        return at if at.year in YEARS else None
    return None


def _unknown(sheet: ReadSheet, number: int, name: str) -> Complaint:
    text = _("The event «{name}» is not known; it is kept under its own name and moves nothing.").format(name=name)
    return Complaint(
        "unknown_event", text, _("docs/tracking.md lists Kazpost's names."), sheet.file, sheet.name, number, "event", name, False
    )

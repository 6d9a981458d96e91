"""A file of the KATO classifier: the plain list or the statistics bureau's own workbook, to an edition with every odd row told.

Called by settlements/kato_commands. Two shapes are known: columns kato, level, type_code, name_kk, name_ru (and kato_version), and the
bureau's te, ab, cd, ef, hij, k, kaz_name, rus_name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from records.errors import Complaint, InputRefused
from records.exchange import ReadSheet, read_sheets
from records.language import _
from settlements.codes import is_kato, level_of
from settlements.kato import Unit

PLAIN = ("kato", "level", "type_code", "name_kk", "name_ru")
WORKBOOK = {"te": "kato", "k": "type_code", "kaz_name": "name_kk", "rus_name": "name_ru"}
HEADING_ROWS = 20
TYPE_CODES = ("0", "1", "2", "3", "4")
_YEAR = re.compile(r"(?:19|20)\d{2}\b")


@dataclass(slots=True)
class ReadEdition:
    """What the file held: units by code, the edition it names (or empty), and complaints; `rows` counts every row below a heading."""

    name: str = ""
    rows: int = 0
    units: dict[str, Unit] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)


def read_edition(path: Path) -> ReadEdition:
    """Read a classifier; raises InputRefused where no sheet is one, or none of its rows can be used."""
    edition = ReadEdition()
    for sheet in read_sheets(path):
        heading = _heading(sheet)
        if heading is not None:
            _read_rows(edition, sheet, *heading)
    if not edition.rows:
        raise InputRefused(
            _("{file} does not hold the KATO classifier.").format(file=path.name),
            _("Its heading has the columns {columns}, or te, k, kaz_name, rus_name.").format(columns=", ".join(PLAIN)),
        )
    _tell_orphans(edition, path.name)
    if not edition.units:
        raise InputRefused(
            _("No row of {file} can be used.").format(file=path.name), _("Nothing was changed."), tuple(edition.complaints[:20])
        )
    return edition


def year_of(name: str) -> date | None:
    """The first day of the year that an edition's name ends with: «NK RK 11-2025»."""
    years = _YEAR.findall(name)
    return date(int(years[-1]), 1, 1) if years else None


def _heading(sheet: ReadSheet) -> tuple[int, dict[str, int]] | None:
    for number, texts in sheet.rows[:HEADING_ROWS]:
        names = [WORKBOOK.get(text.casefold(), text.casefold()) for text in texts]
        places = {name: names.index(name) for name in (*PLAIN, "kato_version") if name in names}
        if {"kato", "name_kk", "name_ru"} <= places.keys():
            return number, places
    return None


def _read_rows(edition: ReadEdition, sheet: ReadSheet, heading: int, places: Mapping[str, int]) -> None:
    for number, texts in sheet.rows:
        if number <= heading:
            continue
        edition.rows += 1
        cells = {name: texts[place] if place < len(texts) else "" for name, place in places.items()}
        complaint = next(_faults(cells, edition), None)
        if complaint:
            column, code, text = complaint
            edition.complaints.append(Complaint(code, text, "", sheet.file, sheet.name, number, column, cells.get(column, "")))
            continue
        edition.name = edition.name or cells.get("kato_version", "")
        edition.units[cells["kato"]] = Unit(cells["kato"], cells.get("type_code", ""), cells["name_kk"], cells["name_ru"])


def _faults(cells: Mapping[str, str], edition: ReadEdition) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a row: column, code and sentence."""
    kato = cells["kato"]
    if not is_kato(kato):
        yield "kato", "kato", _("«{value}» is not a KATO code.").format(value=kato)
        return
    if kato in edition.units:
        yield "kato", "doubled", _("The code {kato} stands in the list twice.").format(kato=kato)
    level = cells.get("level", "")
    if level and level != level_of(kato):
        yield "level", "wrong_level", _("The level {level} does not fit the code {kato}.").format(level=level, kato=kato)
    if cells.get("type_code", "") not in ("", *TYPE_CODES):
        yield "type_code", "type_code", _("The sign k is 0, 1, 2, 3 or 4, not «{value}».").format(value=cells["type_code"])
    if not (cells["name_kk"] and cells["name_ru"]):
        yield ("name_ru" if cells["name_kk"] else "name_kk"), "empty", _("The row has no name in one of the two languages.")
    named = cells.get("kato_version", "")
    if named and edition.name and named != edition.name:
        text = _("The row is of the edition «{found}», the list of «{expected}».")
        yield "kato_version", "other_edition", text.format(found=named, expected=edition.name)


def _tell_orphans(edition: ReadEdition, file: str) -> None:
    """Units that hang below nothing: their region is missing."""
    regions = {kato[:2] for kato in edition.units if kato[2:] == "0000000"}
    for prefix in sorted({kato[:2] for kato in edition.units} - regions):
        text = _("The region {kato} is missing, but units below it are there.").format(kato=prefix + "0000000")
        edition.complaints.append(Complaint("region_missing", text, "", file, value=prefix + "0000000", refused=False))


def shown(units: Sequence[Unit], language: str) -> str:
    """A path of units as a person reads it, the region first."""
    return " › ".join(unit.name(language) for unit in units)

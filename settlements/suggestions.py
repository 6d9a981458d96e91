"""«Did you mean»: the codes of places that are called like a refused row's village, from the classifier or the register.

Called by settlements/enrol. Names are compared as settlements/letters folds them; they are no keys, so nothing is taken, only told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.errors import Complaint
from records.language import _
from records.schema import Settlement
from settlements.codes import Level, district_of
from settlements.intake import Reading
from settlements.kato import Classifier, Unit, bare_name
from settlements.kato_store import classifier
from settlements.rows import Place

WITHOUT_CODE = frozenset(("empty", "kato", "wrong_level"))
SHOWN = 3


def suggest_codes(session: Session, reading: Reading, complaints: list[Complaint]) -> None:
    """Put into the hints of rows without a good code what the places of that name are called by."""
    lacking = [at for at, each in enumerate(complaints) if each.column == "kato" and each.code in WITHOUT_CODE and each.refused]
    if reading.kind.name != "settlements" or not lacking:
        return
    known = classifier(session)
    named = known.by_name if known else _registered(session)
    districts = Counter(district_of(row.values["kato"]) for row in reading.taken)
    refused = {row.place: row.values for row in reading.refused}
    for at in lacking:
        each = complaints[at]
        values = refused.get(Place(each.file, each.sheet, each.row or 0), {})
        names = {bare_name(values.get(name) or "") for name in ("name_kk", "name_ru")} - {""}
        units = {unit.kato: unit for name in names for unit in named.get(name, ()) if unit.level is Level.SETTLEMENT}
        if units:
            complaints[at] = replace(each, hint=_told(units.values(), known, districts))


def _told(units: Iterable[Unit], known: Classifier | None, districts: Mapping[str, int]) -> str:
    """The question, the places of the list's own districts first."""
    near = sorted(units, key=lambda unit: (-districts.get(district_of(unit.kato), 0), unit.kato))
    shown = ", ".join(_place(unit, known) for unit in near[:SHOWN]) + (" …" if len(near) > SHOWN else "")
    return _("Did you mean {places}?").format(places=shown)


def _place(unit: Unit, known: Classifier | None) -> str:
    above = known.at_level(unit.kato, Level.DISTRICT) if known else None
    names = ", ".join(filter(None, (unit.name_kk or unit.name_ru, above.name_kk if above else "")))
    return f"{unit.kato} ({names})"


def _registered(session: Session) -> dict[str, list[Unit]]:
    """The villages of the register under their bare names."""
    villages: dict[str, list[Unit]] = {}
    for kato, kk, ru in session.execute(select(Settlement.kato, Settlement.name_kk, Settlement.name_ru)):
        for name in {bare_name(kk), bare_name(ru)} - {""}:
            villages.setdefault(name, []).append(Unit(kato, "", kk, ru))
    return villages

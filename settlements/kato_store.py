"""Editions of the classifier in the database: kept side by side, read as the one in force on a day.

Called by settlements/kato_commands, and by every list that wants the names above a code. An edition that was loaded twice changes nothing;
one that was actualised under its old name takes the place of itself.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from records import journal
from records.calendar import now, today
from records.errors import NotAllowed
from records.language import _
from records.schema import KatoEdition, KatoMove, KatoUnit
from settlements.kato import Classifier, Move, Unit, derived_moves, units_of

KNOWN_MOVES = Path(__file__).parent / "data" / "kato_moves.csv"
MANY_REMOVED = 0.01  # of the units: in a year some dozens of 15,594 go
KNOWN_SOURCE = "Decree 887 of 2022-05-03"


@dataclass(frozen=True, slots=True)
class Kept:
    """What loading an edition changed."""

    added: int
    changed: int
    removed: int
    moves: int

    @property
    def anything(self) -> bool:
        """Whether the database differs from before."""
        return bool(self.added or self.changed or self.removed or self.moves)


def editions(session: Session) -> list[tuple[str, date]]:
    """The editions that are loaded, with the day each came into force; the oldest first."""
    return [(row.edition, row.since) for row in session.scalars(select(KatoEdition).order_by(KatoEdition.since, KatoEdition.edition))]


def classifier(session: Session, on: date | None = None) -> Classifier | None:
    """The newest edition in force on a day (today), else the oldest that is loaded; None where none is."""
    loaded = editions(session)
    if not loaded:
        return None
    day = on or today()
    edition, since = next(((name, start) for name, start in reversed(loaded) if start <= day), loaded[0])
    return _edition(session, edition, since)


def keep(session: Session, edition: str, since: date, units: Mapping[str, Unit], whole: bool = False) -> Kept:
    """Put an edition into the open write session, with the moves that it and its neighbours in time tell of; says what changed.

    Raises NotAllowed where much of the edition that is loaded would go, unless `whole`: a file cut short must not empty the classifier.
    """
    row = session.get(KatoEdition, edition)
    before = _edition(session, edition, row.since).units if row else {}
    changed = sum(1 for kato, unit in units.items() if kato in before and before[kato] != unit)
    added, removed = len(units.keys() - before.keys()), len(before.keys() - units.keys())
    if removed > MANY_REMOVED * len(before) and not whole:
        raise NotAllowed(
            _("The file lacks {count} of the {all} units of the edition {edition} that is loaded.").format(
                count=removed, all=len(before), edition=edition
            ),
            _("Nothing was changed. If the file is whole and these units are really gone, load it with --replace."),
        )
    if added or changed or removed or row is None or row.since != since:
        _replace(session, edition, since, units)
    moves = _keep_moves(session)
    kept = Kept(added, changed, removed, moves)
    if kept.anything or (row is not None and row.since != since):
        journal.record(session, "settlements.load_kato", edition, since=since.isoformat(), added=added, changed=changed, removed=removed)
    return kept


@lru_cache(maxsize=1)
def known_moves() -> tuple[Move, ...]:
    """The moves that this program brings along (settlements/data/kato_moves.SOURCE.md)."""
    with KNOWN_MOVES.open(encoding="utf-8", newline="") as file:
        return tuple(Move(row["old"], row["new"], date.fromisoformat(row["since"]), KNOWN_SOURCE) for row in csv.DictReader(file))


def _edition(session: Session, edition: str, since: date) -> Classifier:
    wanted = select(KatoUnit.kato, KatoUnit.type_code, KatoUnit.name_kk, KatoUnit.name_ru).where(KatoUnit.edition == edition)
    units = {row.kato: Unit(*row) for row in session.execute(wanted.order_by(KatoUnit.kato))}
    return Classifier(edition, since, units, _moves(session))


def _moves(session: Session) -> tuple[Move, ...]:
    derived = (Move(row.old, row.new, row.since, row.source) for row in session.scalars(select(KatoMove)))
    known = {(move.old, move.new): move for move in (*derived, *known_moves())}
    return tuple(sorted(known.values(), key=lambda move: (move.since, move.old)))


def _replace(session: Session, edition: str, since: date, units: Mapping[str, Unit]) -> None:
    session.execute(delete(KatoUnit).where(KatoUnit.edition == edition))
    session.execute(delete(KatoEdition).where(KatoEdition.edition == edition))
    session.execute(insert(KatoEdition), [{"edition": edition, "since": since, "digest": _digest(units.values()), "loaded_at": now()}])
    session.execute(insert(KatoUnit), [{"edition": edition, **_columns(unit)} for unit in units_of(units.values()).values()])


def _keep_moves(session: Session) -> int:
    """Moves between each edition and the next, drawn anew; answers by how many the table differs."""
    before = {(move.old, move.since, move.new) for move in session.scalars(select(KatoMove))}
    loaded = [_edition(session, edition, since) for edition, since in editions(session)]
    found: dict[tuple[str, date, str], Move] = {}
    for old, new in itertools.pairwise(loaded):
        found |= {(move.old, move.since, move.new): move for move in derived_moves(old, new)}
    if before != found.keys():
        session.execute(delete(KatoMove))
        rows = [{"old": move.old, "new": move.new, "since": move.since, "source": move.source} for move in found.values()]
        if rows:
            session.execute(insert(KatoMove), rows)
    return len(before ^ found.keys())


def _columns(unit: Unit) -> dict[str, str]:
    return {"kato": unit.kato, "type_code": unit.type_code, "name_kk": unit.name_kk, "name_ru": unit.name_ru}


def _digest(units: Iterable[Unit]) -> str:
    lines = sorted(f"{unit.kato}\t{unit.type_code}\t{unit.name_kk}\t{unit.name_ru}" for unit in units)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()

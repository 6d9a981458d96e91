"""Codes of lists that are older than a reform: the district went to another region, and every code in it changed.

Called by settlements/enrol before anything is compared. Without a loaded classifier, or where two readings are possible, a code stays as it is,
and `settlements check` tells it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.calendar import today
from records.errors import Complaint
from records.language import _, current_language
from records.schema import KatoUnit, Office, Pupil, School, Settlement
from settlements.codes import scope_prefix
from settlements.kato import Classifier, Unit, bare_name
from settlements.kato_store import classifier
from settlements.rows import TakenRow, mended

WITH_CODES = frozenset(("settlements", "offices", "schools", "pupils", "schedule"))


@dataclass(frozen=True)
class _Moves:
    """The classifier in force, and what the desk holds under codes of before."""

    session: Session
    known: Classifier
    on: date

    @cached_property
    def held(self) -> frozenset[str]:
        """Codes that stand in the register or on the roster: a list that repeats them means those."""
        tables = (Settlement.kato, Office.kato, School.kato, Pupil.kato)
        return frozenset(kato for column in tables for kato in self.session.scalars(select(column).distinct()))

    def target(self, kato: str) -> Unit | None:
        """The unit that today has another code in the place of `kato`; None where it is in force, held, or has several heirs."""
        if kato in self.known.units or kato in self.held:
            return None
        heirs = {self._heir(kato, move.old, move.new) for move in self.known.moves if move.since <= self.on and _is_within(kato, move.old)}
        found = {heir for heir in heirs if heir in self.known.units}
        new = self.known.successor(kato, self.on)
        return self.known.units[new] if found == {new} else None

    @staticmethod
    def _heir(kato: str, old: str, new: str) -> str:
        head = scope_prefix(new)
        return new if kato == old else head + kato[len(head) :]

    def names_before(self, kato: str) -> list[str]:
        """What editions that are loaded called the code."""
        rows = self.session.execute(select(KatoUnit.name_kk, KatoUnit.name_ru).where(KatoUnit.kato == kato))
        return [name for row in rows for name in row]

    def since(self, kato: str, new: str) -> date:
        """The day on which the code moved."""
        return max(move.since for move in self.known.moves if _is_within(kato, move.old) and _is_within(new, move.new))


def follow_moves(session: Session, kind: str, rows: Sequence[TakenRow], complaints: list[Complaint]) -> list[TakenRow]:
    """The rows under the codes of today; each change is told in `complaints`."""
    known = classifier(session) if kind in WITH_CODES and rows else None
    if known is None:
        return list(rows)
    moves = _Moves(session, known, today())
    targets: dict[str, Unit | None] = {}
    before: dict[str, list[str]] = {}
    followed = []
    for row in rows:
        kato = row.values.get("kato", "")
        if kato and kato not in targets:
            targets[kato] = moves.target(kato)
            before[kato] = moves.names_before(kato) if targets[kato] else []
        target = targets.get(kato)
        if target and _is_meant(kind, row.values, target, before[kato]):
            text = _("{old} is {new} ({name}) since {day}.").format(
                old=kato, new=target.kato, name=target.name(current_language()), day=moves.since(kato, target.kato).isoformat()
            )
            complaints.append(mended(row.place, text, "kato", kato))
            followed.append(replace(row, values={**row.values, "kato": target.kato}))
        else:
            followed.append(row)
    return followed


def _is_meant(kind: str, values: Mapping[str, Any], target: Unit, before: Sequence[str]) -> bool:
    """Whether the names agree: the row's own for a village, else those of an older edition, where one is loaded."""
    own = [values.get(name) or "" for name in ("name_kk", "name_ru")] if kind == "settlements" else before
    names = {bare_name(name) for name in own if name}
    return bool(names & {bare_name(target.name_kk), bare_name(target.name_ru)}) if names else kind != "settlements"


def _is_within(kato: str, above: str) -> bool:
    return kato.startswith(scope_prefix(above))

"""The KATO classifier as it is used: units, their parents, and where codes went when districts changed hands. Pure.

settlements/kato_store reads it out of the database. A code alone is no key of history: 191000000 was Taldykorgan until June 2022 and is
Konaev since. So a moved code is always asked for by the date of the list that names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from settlements.codes import Level, level_of, scope_prefix
from settlements.letters import folded

KINDS = frozenset(
    # what a unit is, written beside its name, beyond single letters: ru and kk, as `folded` writes them
    [
        "ст",
        "рзд",
        "зимовка",
        "уч",
        "участок",
        "точка",
        "ферма",
        "отг",
        "отгон",
        "кр",
        "район",
        "область",
        "станция",
        "разъезд",
        "село",
        "поселок",
        "город",
        "кала",
        "ауыл",
        "кыстау",
        "кыстауы",
        "мекен",
        "мекени",
        "шаркож",
        "аудан",
        "ауданы",
        "облысы",
        "кент",
    ]
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of the classifier. `type_code` is the sign k: 0 region, 1 urban, 2 rural, 3 town with villages, 4 district with towns."""

    kato: str
    type_code: str
    name_kk: str
    name_ru: str

    @property
    def level(self) -> Level:
        """Region, district, sub-district or settlement, by the code's zeros."""
        return level_of(self.kato)

    def name(self, language: str) -> str:
        """The name for a page in `language`: Russian for ru, else Kazakh."""
        return self.name_ru if language == "ru" else self.name_kk


@dataclass(frozen=True, slots=True)
class Move:
    """A code that names another place, or nothing, since a day; `new` names the same place since then. `source` says who decided it."""

    old: str
    new: str
    since: date
    source: str = ""


@dataclass(frozen=True)
class Classifier:
    """One edition, whole. `since` is the day from which it is in force."""

    edition: str
    since: date
    units: Mapping[str, Unit]
    moves: tuple[Move, ...] = field(default=())

    def parent(self, kato: str) -> Unit | None:
        """The unit above: the code with HIJ zero, else EF, else CD, the first of them that exists (KATO, 6.2-6.7); None above a region."""
        above = (kato[:6] + "000", kato[:4] + "00000", kato[:2] + "0000000")
        return next((self.units[code] for code in above if code != kato and code in self.units), None)

    def path(self, kato: str) -> tuple[Unit, ...]:
        """The units from the region down to `kato` itself; empty where this edition does not hold the code."""
        unit = self.units.get(kato)
        upwards: list[Unit] = []
        while unit is not None:
            upwards.append(unit)
            unit = self.parent(unit.kato)
        return tuple(reversed(upwards))

    def at_level(self, kato: str, level: Level) -> Unit | None:
        """The unit of that level above (or at) `kato`; a place in a city of republican significance has no district above it."""
        return next((unit for unit in self.path(kato) if unit.level is level), None)

    def successor(self, kato: str, on: date) -> str:
        """The code that names today the place that `kato` named on a list older than `on`; empty where none is known.

        A move of a district carries the tails of its codes along; the caller compares names, since single tails were given anew.
        """
        fitting = [move for move in self.moves if move.since <= on and kato.startswith(scope_prefix(move.old))]
        for move in sorted(fitting, key=lambda move: (len(scope_prefix(move.old)), move.since), reverse=True):
            head = scope_prefix(move.new)
            new = move.new if kato == move.old else head + kato[len(head) :]
            if new in self.units:
                return new
        return ""

    @cached_property
    def by_name(self) -> dict[str, list[Unit]]:
        """Every unit under its bare names in both languages. Names are never keys: 9,549 villages of 2025 share 6,636 names."""
        named: dict[str, list[Unit]] = {}
        for unit in self.units.values():
            for name in {bare_name(unit.name_kk), bare_name(unit.name_ru)}:
                named.setdefault(name, []).append(unit)
        return named


def bare_name(name: str) -> str:
    """A unit's name for comparing, without what it is: «с.Новоишимское» and «НОВОИШИМСКОЕ» are one."""
    words = folded(name).split()
    kept = [word for word in words if len(word) > 1 and word not in KINDS]
    return " ".join(kept or words)


def derived_moves(old: Classifier, new: Classifier) -> Iterator[Move]:
    """Codes of `old` that `new` does not hold, where one unit of the same level, both names and moved parent is new in `new`."""
    fresh: dict[tuple[Level, str, str], list[Unit]] = {}
    for unit in new.units.values():
        if unit.kato not in old.units:
            fresh.setdefault(_likeness(unit), []).append(unit)
    gone = sorted((unit for unit in old.units.values() if unit.kato not in new.units), key=lambda unit: (_rank(unit), unit.kato))
    went: dict[str, str] = {}
    for unit in gone:
        above = old.parent(unit.kato)
        parent = went.get(above.kato, above.kato) if above else ""
        fitting = [each for each in fresh.get(_likeness(unit), ()) if _stands_below(new, each.kato, parent)]
        if len(fitting) == 1:
            went[unit.kato] = fitting[0].kato
            yield Move(unit.kato, fitting[0].kato, new.since, new.edition)


def units_of(rows: Iterable[Unit]) -> dict[str, Unit]:
    """Units by code, in the order of codes."""
    return {unit.kato: unit for unit in sorted(rows, key=lambda unit: unit.kato)}


def _likeness(unit: Unit) -> tuple[Level, str, str]:
    return unit.level, bare_name(unit.name_kk), bare_name(unit.name_ru)


def _rank(unit: Unit) -> int:
    return list(Level).index(unit.level)


def _stands_below(new: Classifier, kato: str, parent: str) -> bool:
    """Whether `kato` hangs below what became of its old parent; a district may change its region."""
    if level_of(kato) in (Level.OBLAST, Level.DISTRICT):
        return True
    above = new.parent(kato)
    return above is not None and above.kato == parent

"""Regions, districts and sub-districts as the classifier has them: to which one a code belongs, and what it is called.

Called wherever counts are rolled up: settlements/summary, channels, export, and the statuses and grades of scanning. Without a classifier
the codes' own beginnings decide, and areas go by their codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from sqlalchemy.orm import Session

from records.calendar import today
from records.errors import UsageRefused
from records.language import _
from settlements.codes import REPUBLICAN_CITIES, Level, district_of, oblast_of
from settlements.kato import Classifier, Unit
from settlements.kato_store import classifier

Row = TypeVar("Row")
LEVELS = {"region": Level.OBLAST, "district": Level.DISTRICT, "sub_district": Level.SUB_DISTRICT}


@dataclass(frozen=True)
class Areas:
    """The areas of one level. `of` answers the code of the area that a place belongs to, empty for a place without a code."""

    level: Level
    known: Classifier | None
    on: date
    _of: dict[str, str] = field(default_factory=dict)

    def of(self, kato: str) -> str:
        """The area's code. A code that has moved belongs where it is today; a city of republican significance has no districts."""
        if kato not in self._of:
            self._of[kato] = self._found(kato) if kato else ""
        return self._of[kato]

    def name(self, area: str, language: str) -> str:
        """What the area is called in `language`; its code where no classifier knows it."""
        unit = self.unit(area)
        return unit.name(language) if unit else area

    def unit(self, area: str) -> Unit | None:
        """The area as the classifier has it."""
        return self.known.units.get(area) if self.known else None

    def _found(self, kato: str) -> str:
        if self.known is None:
            return _by_digits(kato, self.level)
        code = kato if kato in self.known.units else self.known.successor(kato, self.on) or kato
        if code[:2] in REPUBLICAN_CITIES:
            return oblast_of(code)
        levels = list(LEVELS.values())
        for level in reversed(levels[: levels.index(self.level) + 1]):  # a village right below a district has no sub-district
            unit = self.known.at_level(code, level)
            if unit is not None:
                return unit.kato
        return _by_digits(code, self.level)


def areas(session: Session, by: str) -> Areas:
    """The areas of a level: region, district or sub_district. Raises UsageRefused for another word."""
    return Areas(level_named(by), classifier(session), today())


def level_named(by: str) -> Level:
    """The level that a word means. Raises UsageRefused for another word."""
    word = by.replace("-", "_")
    if word not in LEVELS:
        raise UsageRefused(
            _("«{word}» is no part of the country.").format(word=by), _("Say one of: {words}.").format(words=", ".join(LEVELS))
        )
    return LEVELS[word]


def rolled_up(rows: Iterable[Row], kato_of: Callable[[Row], str], areas: Areas) -> dict[str, list[Row]]:
    """The rows of every area that has any, by the area's code."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(areas.of(kato_of(row)), []).append(row)
    return dict(sorted(found.items()))


def _by_digits(kato: str, level: Level) -> str:
    if kato[:2] in REPUBLICAN_CITIES or level is Level.OBLAST:
        return oblast_of(kato)
    if level is Level.DISTRICT:
        return district_of(kato)
    return kato[:6] + "000"

"""The register and the roster in numbers, rolled up by region, district or sub-district of KATO.

Called by settlements/summary_commands. Counts only; what does not fit together is told by settlements/check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from settlements.areas import Areas
from settlements.codes import scope_prefix
from settlements.register import HubSchool, PostOffice, Van, Village, office_of, offices, schools, vans, villages
from settlements.roster import LANGUAGES, Learner, learners

BANDS = {"1-4": range(1, 5), "5-9": range(5, 10), "10-12": range(10, 13)}
COUNTS = ("villages", "with_pupils", "pupils", "offices", "schools", "vehicles", "without_coordinates", "without_office")


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything that is counted, read once; `every_office` also holds those elsewhere, which may serve a village here."""

    villages: list[Village]
    learners: list[Learner]
    offices: list[PostOffice]
    vans: list[Van]
    schools: list[HubSchool]
    every_office: list[PostOffice]


def inventory(session: Session, within: str = "") -> Inventory:
    """The lists below a KATO code; without one, also offices, vehicles and schools that have no code of their own."""
    prefix = scope_prefix(within) if within else ""
    every = offices(session)
    known = [office for office in every if office.kato.startswith(prefix)]
    indices = {office.index for office in known}
    return Inventory(
        villages(session, within),
        learners(session, within),
        known,
        [van for van in vans(session) if not prefix or van.office in indices],
        [school for school in schools(session).values() if school.kato.startswith(prefix)],
        every,
    )


def summary(session: Session, areas: Areas, within: str = "") -> dict[str, dict[str, Any]]:
    """The counts of every area that has anything, by its code; the empty code is of what says no place."""
    lists = inventory(session, within)
    stand = {office.index: office.kato for office in lists.every_office}
    peopled = {learner.kato for learner in lists.learners}
    counted: dict[str, Counter[str]] = {}

    def count(name: str, katos: Iterable[str]) -> None:
        for kato in katos:
            counted.setdefault(areas.of(kato), Counter())[name] += 1

    count("villages", (village.kato for village in lists.villages))
    count("with_pupils", (village.kato for village in lists.villages if village.kato in peopled))
    count("without_coordinates", (village.kato for village in lists.villages if village.lat is None or village.lon is None))
    count("without_office", (village.kato for village in lists.villages if not office_of(village, lists.every_office)))
    count("pupils", (learner.kato for learner in lists.learners))
    count("offices", (office.kato for office in lists.offices))
    count("vehicles", (stand.get(van.office, "") for van in lists.vans))
    count("schools", (school.kato for school in lists.schools))
    for learner in lists.learners:
        count(learner.language, [learner.kato])
        count(_band(learner.grade), [learner.kato])
    return {area: _row(counted[area]) for area in sorted(counted)}


def total(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The sum of some rows of `summary`."""
    found: Counter[str] = Counter()
    for row in rows:
        found.update({name: row[name] for name in COUNTS})
        found.update(row["languages"])
        found.update(row["grades"])
    return _row(found)


def _row(counts: Counter[str]) -> dict[str, Any]:
    languages = {language: counts[language] for language in LANGUAGES if counts[language]}
    return {**{name: counts[name] for name in COUNTS}, "languages": languages, "grades": {band: counts[band] for band in BANDS}}


def _band(grade: int) -> str:
    return next(band for band, grades in BANDS.items() if grade in grades)

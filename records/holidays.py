"""Days on which the post drives nothing: the law's holidays as dated data, and what poshta.toml says besides.

routing/fleet keeps vehicles off them; `routes calendar` shows them. The data stands in records/dated/holidays.toml with its sources.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from records.language import _, current_language
from records.settings import CalendarSettings

DATED = Path(__file__).parent / "dated"
OWN = "poshta.toml"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off with its name in the user's language, and where that is known from."""

    day: date
    name: str
    source: str


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def holidays(first: date, last: date, calendar: CalendarSettings) -> dict[date, Holiday]:
    """The days off from the first to the last day, in order."""
    own = {day: Holiday(day, _("day off"), OWN) for span in calendar.off for day in days_between(*span)}
    working = {day for span in calendar.working for day in days_between(*span)}
    found = {}
    for day in days_between(first, last):
        holiday = None if day in working else own.get(day) or _of_the_law(day)
        if holiday is not None:
            found[day] = holiday
    return found


def _of_the_law(day: date) -> Holiday | None:
    known = dated("holidays")
    for row in known["yearly"]:
        if row["day"] == f"{day:%m-%d}" and row["since"] <= day <= row.get("until", day):
            return Holiday(day, _named(row), row["source"])
    return next((Holiday(day, _named(row), row["source"]) for row in known["single"] if row["date"] == day), None)


def _named(row: dict[str, Any]) -> str:
    return str(row["names"].get(current_language()) or row["names"]["kk"])


@lru_cache(maxsize=4)
def dated(name: str) -> dict[str, Any]:
    """A table of records/dated, with dates as dates."""
    return tomllib.loads((DATED / f"{name}.toml").read_text(encoding="utf-8"))

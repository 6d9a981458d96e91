"""Quarters by name, and which study weeks belong to them. No clock but `records.calendar.today`, by way of the school years in force.

scanning/grade_book calls this. Every study week belongs to one quarter, so that no work is lost: a week that lies wholly in the holidays counts for the quarter
before it (our rule), and a week that two quarters share for the earlier.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from records.calendar import StudyWeek
from records.errors import NotFound, UsageRefused
from records.language import _
from records.school_year import SCHOOL_DAYS, SchoolYear, school_years
from records.settings import CalendarSettings

FIRST_MONTH = 8  # a school year begins in August, as records.school_year has it
QUARTERS = 4


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of the school year that begins in `year`: 2026-27/1."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{year_name(self.year)}/{self.number}"

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """The quarter named by `text`; raises UsageRefused where it is misspelt."""
        years, slash, number = text.strip().rpartition("/")
        start = _start_of(years)
        if not slash or start is None or not re.fullmatch(r"[1-9]", number):
            raise UsageRefused(
                _("«{text}» is not a quarter.").format(text=text), _("Write the school year and the quarter, as in 2026-27/1.")
            )
        return cls(start, int(number))


@dataclass(frozen=True)
class MarkedYear:
    """A school year with its quarters. `assumed`: no order is known for it, and its quarters are those of the last known year, moved by whole weeks."""

    start: int
    year: SchoolYear
    assumed: bool

    @cached_property
    def quarters(self) -> tuple[Quarter, ...]:
        """Its quarters in order."""
        return tuple(Quarter(self.start, number) for number in range(1, len(self.year.quarters) + 1))

    def span(self, quarter: Quarter) -> tuple[date, date]:
        """The first and last day of a quarter; raises NotFound where the year has fewer."""
        if not 1 <= quarter.number <= len(self.quarters):
            text = _("The school year {year} has {count} quarters.").format(year=year_name(self.start), count=len(self.quarters))
            raise NotFound(text, _("`poshta routes calendar` shows its holidays; poshta.toml may name others: [[calendar.school_years]]."))
        return self.year.quarters[quarter.number - 1]

    def quarter_of(self, week: StudyWeek) -> Quarter:
        """The quarter to which a study week of this school year belongs."""
        last = week.monday + timedelta(days=SCHOOL_DAYS - 1)
        spans = self.year.quarters
        touched = [number for number, (first, end) in enumerate(spans, start=1) if first <= last and week.monday <= end]
        before = [number for number, (first, _end) in enumerate(spans, start=1) if first <= last]
        return Quarter(self.start, touched[0] if touched else before[-1] if before else 1)

    def weeks(self, quarter: Quarter) -> list[str]:
        """The study weeks of a quarter, in order."""
        self.span(quarter)
        return [str(week) for week in _weeks_of_year(self.start) if self.quarter_of(week) == quarter]


def marked_year(start: int, calendar: CalendarSettings) -> MarkedYear:
    """The school year that begins in `start`: by its order or poshta.toml, else assumed from the last year that is known."""
    known = {int(each.name[:4]): each for each in school_years(calendar)}
    if start in known:
        return MarkedYear(start, known[start], False)
    whole = [year for year, each in known.items() if len(each.quarters) == QUARTERS]
    nearest = min(whole, key=lambda year: (abs(start - year), -year))
    return MarkedYear(start, _moved(known[nearest], start), True)


def parse_year(text: str) -> int:
    """The year in which the school year named by `text` begins: 2026-27 or 2026-2027; raises UsageRefused."""
    start = _start_of(text.strip())
    if start is None:
        raise UsageRefused(_("«{text}» is not a school year.").format(text=text), _("Write it as 2026-27."))
    return start


def year_name(start: int) -> str:
    """2026-27."""
    return f"{start}-{(start + 1) % 100:02d}"


def start_year(day: date) -> int:
    """The year in which the school year of a day begins."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def _start_of(text: str) -> int | None:
    found = re.fullmatch(r"(20[0-9]{2})[-–/]([0-9]{4}|[0-9]{2})", text)
    if not found:
        return None
    start = int(found[1])
    return start if int(found[2]) % 100 == (start + 1) % 100 and (len(found[2]) == 2 or int(found[2]) == start + 1) else None


def _weeks_of_year(start: int) -> list[StudyWeek]:
    """Those whose Monday lies between the first of August and the last of July."""
    found, day = [], date(start, FIRST_MONTH, 1)
    day += timedelta(days=-day.weekday() % 7)
    while start_year(day) == start:
        year, number, _weekday = day.isocalendar()
        found.append(StudyWeek(year, number))
        day += timedelta(weeks=1)
    return found


def _moved(base: SchoolYear, start: int) -> SchoolYear:
    """A known year as it would lie in another: its holidays by whole weeks, its first and last day by their dates."""
    years = start - base.first.year
    first, last = base.first.replace(year=start), base.last.replace(year=start + 1)
    weeks = timedelta(weeks=round((first - base.first).days / 7))
    spans = tuple((begin + weeks, end + weeks) for begin, end in base.holidays)
    return replace(base, name=f"{start}-{start + 1}", first=first, last=last, holidays=spans, first_grade=()) if years else base

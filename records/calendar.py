"""Today, and study weeks: the only clock that dated rules may read.

POSHTA_TODAY=YYYY-MM-DD sets the date for every dated rule, so that a demo or a test can live through weeks in a minute.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from records.errors import UsageRefused
from records.language import N_, _

YEARS = range(2000, 2200)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}


def day_names(days: Iterable[str]) -> str:
    """Days of the week in words: Monday, Thursday; three or more in a row as Monday – Saturday; a dash for none."""
    named, row = list[str](), list[int]()
    for place in [*sorted({WEEKDAYS.index(day) for day in days}), len(WEEKDAYS) + 1]:
        if row and place != row[-1] + 1:
            words = [_(DAY_WORDS[WEEKDAYS[each]]) for each in row]
            named += [f"{words[0]} – {words[-1]}"] if len(row) > 2 else words
            row = []
        row.append(place)
    return ", ".join(named) or "-"


@dataclass(frozen=True, slots=True, order=True)
class StudyWeek:
    """An ISO 8601 week as it is printed on a packet: 2026-W41."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> StudyWeek:
        """The week named by `text`; raises UsageRefused where it is misspelt or the year has no such week."""
        found = re.fullmatch(r"([0-9]{4})-[Ww]([0-9]{2})", text.strip())
        hint = _("Write the year and the ISO week, as in 2026-W41.")
        if not found or int(found[1]) not in YEARS:
            raise UsageRefused(_("«{text}» is not a study week.").format(text=text), hint)
        week = cls(int(found[1]), int(found[2]))
        try:
            date.fromisocalendar(week.year, week.number, 1)
        except ValueError:
            raise UsageRefused(_("The year {year} has no week {number}.").format(year=week.year, number=week.number), hint) from None
        return week

    @property
    def monday(self) -> date:
        """The first day of the week."""
        return date.fromisocalendar(self.year, self.number, 1)

    def day(self, weekday: str) -> date:
        """The date of `weekday` (mon ... sun) in this week."""
        return self.monday + timedelta(days=WEEKDAYS.index(weekday))

    def plus(self, weeks: int) -> StudyWeek:
        """The week that many weeks later (earlier where negative)."""
        year, number, _day = (self.monday + timedelta(weeks=weeks)).isocalendar()
        return StudyWeek(year, number)


def today() -> date:
    """The date for every dated rule."""
    text = os.environ.get("POSHTA_TODAY", "")
    if not text:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageRefused(
            _("POSHTA_TODAY is «{text}», which is not a date.").format(text=text), _("Write it as 2026-10-05, or unset it.")
        ) from None


def now() -> datetime:
    """The moment of an act: the date of `today`, the time of the clock, without microseconds or zone (the desk's own time)."""
    return datetime.combine(today(), datetime.now().time().replace(microsecond=0))

"""The school year as dated data: its quarters, the holidays between them, and whether a study week falls into one. No clock but `today`'s.

`packets build`, `routes plan` and `routes calendar` tell it. Orders move quarters in the middle of a year: of several editions the one in force today counts.
The data stands in records/dated/school_years.toml with its sources; poshta.toml has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from records.calendar import StudyWeek, today
from records.errors import Complaint
from records.holidays import OWN, dated
from records.language import _
from records.settings import CalendarSettings, span_of

SCHOOL_DAYS = 6  # Monday to Saturday
Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """One edition of a school year: first and last day, the holidays of all, and those of grade 1 alone."""

    name: str
    since: date
    first: date
    last: date
    holidays: tuple[Span, ...]
    first_grade: tuple[Span, ...]
    source: str

    @property
    def quarters(self) -> tuple[Span, ...]:
        """The spans between the holidays."""
        ends = [*(first - timedelta(days=1) for first, _last in self.holidays), self.last]
        starts = [self.first, *(last + timedelta(days=1) for _first, last in self.holidays)]
        return tuple(zip(starts, ends, strict=True))

    def holiday_on(self, day: date) -> Span | None:
        """The holiday of all grades on that day."""
        return next((span for span in self.holidays if span[0] <= day <= span[1]), None)


@dataclass(frozen=True, slots=True)
class WeekInSchool:
    """A study week by the calendar: how many of its six days are holidays, of whom, and the quarter; `year` None where none is known."""

    year: SchoolYear | None
    quarter: int  # 1 to 4; 0 outside every quarter
    free_days: int
    holiday: Span | None
    first_grade: Span | None


def school_years(calendar: CalendarSettings) -> list[SchoolYear]:
    """Every edition that is in force, of each year the one that counts."""
    known = [_year(row) for row in dated("school_years")["year"]]
    own = [
        SchoolYear(_name(each.first), each.since, each.first, each.last, each.spans, each.first_grade_spans, OWN)
        for each in calendar.school_years
    ]
    in_force: dict[str, SchoolYear] = {}
    for edition in (*sorted(known, key=lambda each: each.since), *sorted(own, key=lambda each: each.since)):
        if edition.since <= today():
            in_force[edition.name] = edition
    return list(in_force.values())


def week_in_school(week: StudyWeek, calendar: CalendarSettings) -> WeekInSchool:
    """Where the study week lies in its school year."""
    days = [week.monday + timedelta(days=number) for number in range(SCHOOL_DAYS)]
    name = _name(days[0])
    year = next((each for each in school_years(calendar) if each.name == name), None)
    if year is None:
        return WeekInSchool(None, 0, 0, None, None)
    free = [day for day in days if year.holiday_on(day) or not year.first <= day <= year.last]
    quarter = next((number for number, span in enumerate(year.quarters, start=1) if _meet(days, [span])), 0)
    holiday = next((span for span in (year.holiday_on(day) for day in free) if span), None)
    return WeekInSchool(year, quarter, len(free), holiday, _meet(days, year.first_grade))


def school_holidays(week: StudyWeek, calendar: CalendarSettings) -> list[Complaint]:
    """That the study week lies in the holidays, wholly, in part, or for grade 1 alone; nothing where it does not, or no year is known."""
    found = week_in_school(week, calendar)
    if found.year is None:
        return []
    if found.free_days:
        text = _("{days} of the {all} days of the study week {week} are school holidays.").format(
            days=found.free_days, all=SCHOOL_DAYS, week=week
        )
    elif found.first_grade:
        text = _("In the study week {week} grade 1 has holidays of its own: {first} to {last}.").format(
            week=week, first=found.first_grade[0], last=found.first_grade[1]
        )
    else:
        return []
    hint = _("By the school year {year} ({source}). Where it was moved, say so in poshta.toml: [[calendar.school_years]].").format(
        year=found.year.name, source=found.year.source
    )
    return [Complaint("school_holiday", text, hint, value=str(week), refused=False)]


def _meet(days: Iterable[date], spans: Iterable[Span]) -> Span | None:
    return next((span for span in spans for day in days if span[0] <= day <= span[1]), None)


def _name(day: date) -> str:
    """2025-2026: a year begins in August, so that its first week is whole."""
    start = day.year if day.month >= 8 else day.year - 1
    return f"{start}-{start + 1}"


def _year(row: dict[str, object]) -> SchoolYear:
    spans = {name: tuple(span_of(str(text)) for text in _texts(row.get(name, []))) for name in ("holidays", "first_grade")}
    dates = [row[name] for name in ("since", "first", "last")]
    since, first, last = (each for each in dates if isinstance(each, date))
    return SchoolYear(str(row["name"]), since, first, last, spans["holidays"], spans["first_grade"], str(row["source"]))


def _texts(value: object) -> list[object]:
    assert isinstance(value, list), "a list of spans"
    return value

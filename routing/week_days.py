"""What the calendar says of a week: mail days on holidays, a study week in the school holidays; and `poshta routes calendar`, which shows both.

Holidays and school years are dated data (records/holidays, records/school_year); routing/fleet keeps vehicles off holidays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer

from records.calendar import DAY_WORDS, WEEKDAYS, StudyWeek
from records.desk import desk_of
from records.errors import Complaint
from records.holidays import holidays
from records.language import _, ngettext
from records.school_year import WeekInSchool, school_holidays, week_in_school
from records.settings import CalendarSettings
from records.terminal import Answer, Sheet
from routing.fleet import Fleet
from routing.plan import weekday_of
from routing.stops import Call
from settlements.register import WORKING_DAYS

SHOWN = 10  # villages named in one sentence


def register(routes: typer.Typer) -> None:
    """Hang the command on `routes`."""
    routes.command("calendar")(calendar)


def told(week: StudyWeek, calls: Iterable[Call], fleet: Fleet, settings: CalendarSettings) -> list[Complaint]:
    """What a person should know of this week's days before its routes are driven."""
    return [*school_holidays(week, settings), *_mail_days(list(calls), fleet)]


def _mail_days(calls: Sequence[Call], fleet: Fleet) -> list[Complaint]:
    """For each holiday the villages that have mail days of their own, and one of them on it."""
    found = []
    for date, name in fleet.days_off.items():
        day = weekday_of(date)
        meant = [call.kato for call in calls if day in call.days and set(call.days) < set(WORKING_DAYS)]
        if not meant:
            continue
        shown = ", ".join(meant[:SHOWN]) + (" …" if len(meant) > SHOWN else "")
        text = ngettext(
            "{count} village has a mail day on {day}, a holiday ({name}): {villages}.",
            "{count} villages have a mail day on {day}, a holiday ({name}): {villages}.",
            len(meant),
        ).format(count=len(meant), day=date, name=name, villages=shown)
        hint = _("They are served on their other mail days of the week; where there is none, the village is named with its reason.")
        found.append(Complaint("mail_day_on_holiday", text, hint, value=date, refused=False))
    return found


def calendar(context: typer.Context, week: Annotated[str, typer.Option("--week", help="The study week, as in 2026-W41.")]) -> Answer:
    """The days of a study week's delivery and of the week itself: holidays, quarter, school holidays, and where each is known from."""
    study = StudyWeek.parse(week)
    with desk_of(context).opened() as home:
        settings, delivery = home.settings.calendar, study.plus(-home.settings.lead_weeks)
    off = holidays(delivery.monday, delivery.day("sun"), settings)
    days: list[dict[str, Any]] = [
        {"day": day, "date": delivery.day(day).isoformat(), "holiday": each.name if each else None, "source": each.source if each else None}
        for day in WEEKDAYS
        for each in [off.get(delivery.day(day))]
    ]
    school = week_in_school(study, settings)
    data = {"week": str(study), "delivery": days, "school": _as_json(school)}
    rows = [(each["date"], _(DAY_WORDS[each["day"]]), each["holiday"] or "", each["source"] or "") for each in days]
    sheet = Sheet(
        _("Delivery of {week}: {delivery}").format(week=study, delivery=delivery), (_("Date"), _("Day"), _("Holiday"), _("Source")), rows
    )
    return Answer(data, [_school_line(study, school)], [sheet], school_holidays(study, settings))


def _as_json(school: WeekInSchool) -> dict[str, Any]:
    spans = {
        name: [each.isoformat() for each in span] if span else None
        for name, span in (("holiday", school.holiday), ("first_grade", school.first_grade))
    }
    known = {"year": school.year.name, "source": school.year.source} if school.year else {"year": None, "source": None}
    return known | {"quarter": school.quarter or None, "free_days": school.free_days} | spans


def _school_line(week: StudyWeek, school: WeekInSchool) -> str:
    if school.year is None:
        return _("No calendar of the school year of {week} is known: add it to poshta.toml, [[calendar.school_years]].").format(week=week)
    if school.quarter:
        return _("The study week {week} lies in quarter {quarter} of {year}.").format(
            week=week, quarter=school.quarter, year=school.year.name
        )
    return _("The study week {week} lies outside the quarters of {year}.").format(week=week, year=school.year.name)

"""The commands of closures: routes close, open, closures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from records.calendar import StudyWeek, today
from records.desk import desk_of
from records.errors import UsageRefused
from records.home import Home
from records.language import _, current_language
from records.terminal import Answer, Sheet
from routing.closures import Closure, close, closures, known_names, open_again

Day = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; today where it is left out.")]
Places = Annotated[
    list[str], typer.Argument(help="A village's KATO, or the two ends of a road: KATO codes or office indices.", metavar="PLACE...")
]


def register(routes: typer.Typer) -> None:
    """Hang the commands under `routes`."""
    routes.command("close")(routes_close)
    routes.command("open")(routes_open)
    routes.command("closures")(routes_closures)


def routes_close(
    context: typer.Context,
    places: Places,
    since: Day = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last closed day; until it is opened where it is left out.")
    ] = None,
    one_way: Annotated[bool, typer.Option("--one-way", help="Only from the first place to the second.")] = False,
    why: Annotated[str, typer.Option(help="Snow, flood, a bridge; no names of people.")] = "",
) -> Answer:
    """Note that a road between two places, or the way to a village as a whole, is closed. Plans from then on keep to it."""
    start, end = _ends(places)
    if one_way and not end:
        raise UsageRefused(_("A village is closed in both directions: leave --one-way out."))
    with desk_of(context).opened() as home, home.database.write() as session:
        closure, changed = close(session, start, end, _day(since), until.date() if until else None, one_way, why)
        names = known_names(session, {start, end}, current_language())
    sentence = _("Closed: {what}.") if changed else _("Closed already: {what}.")
    lines = [sentence.format(what=_said(closure, names))]
    if changed:
        lines.append(_("Plan the weeks again that it touches: `poshta routes plan --week W`."))
    return Answer({**closure.as_json(), "changed": changed}, lines)


def routes_open(context: typer.Context, places: Places, since: Day = None) -> Answer:
    """Note that a road or a village is open again from a day on. PLACE may be a closure's number too."""
    _ends(places)
    with desk_of(context).opened() as home, home.database.write() as session:
        ended = open_again(session, places, _day(since))
        names = known_names(session, {code for each in ended for code in (each.start, each.end)}, current_language())
    lines = [_("Open from {day} on: {what}.").format(day=_day(since), what=_said(each, names)) for each in ended]
    return Answer(
        {"opened": [each.as_json() for each in ended], "day": _day(since).isoformat(), "changed": bool(ended)},
        lines or [_("It was open on that day already.")],
    )


def routes_closures(
    context: typer.Context,
    week: Annotated[str, typer.Option("--week", help="Only what is closed while vehicles drive for this study week.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Those that are over too.")] = False,
) -> Answer:
    """What is closed, since when and until when."""
    with desk_of(context).opened() as home, home.database.read() as session:
        first, last = _span(home, week, everything)
        found = closures(session, first, last)
        names = known_names(session, {code for each in found for code in (each.start, each.end)}, current_language())
    headings = (_("№"), _("What"), _("Since"), _("Until"), _("Why"))
    rows = [(each.number, _road(each, names), each.since, each.until or _("until it is opened"), each.why) for each in found]
    lines = [] if found else [_("Nothing is closed.")]
    return Answer({"closures": [each.as_json() for each in found]}, lines, [Sheet(_("Closures"), headings, rows)] if found else [])


def _span(home: Home, week: str, everything: bool) -> tuple[date | None, date | None]:
    """The days that are asked for."""
    if not week:
        return (None if everything else today()), None
    delivery = StudyWeek.parse(week).plus(-home.settings.lead_weeks)
    return delivery.day("mon"), delivery.day("sun")


def _ends(places: list[str]) -> tuple[str, str]:
    if len(places) > 2:
        raise UsageRefused(_("Name one village, or the two ends of a road."))
    return places[0].strip(), places[1].strip() if len(places) == 2 else ""


def _day(said: datetime | None) -> date:
    return said.date() if said else today()


def _said(closure: Closure, names: dict[str, str]) -> str:
    """The closure in words, with its days."""
    road = _road(closure, names)
    if closure.until is None:
        return _("{road}, from {since} until it is opened").format(road=road, since=closure.since)
    return _("{road}, from {since} to {until}").format(road=road, since=closure.since, until=closure.until)


def _road(closure: Closure, names: dict[str, str]) -> str:
    start, end = (f"{code} {names.get(code, '')}".strip() for code in (closure.start, closure.end))
    return start if not closure.end else f"{start} {'→' if closure.one_way else '–'} {end}"

"""The commands of vehicles beside their import: out of service, back, and the list with what is out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from records.calendar import day_names, today
from records.desk import desk_of
from records.language import _
from records.terminal import Answer, Sheet
from settlements.outages import Outage, outages, put_back, take_out
from settlements.register import vans

Office = Annotated[str, typer.Argument(help="The office's postal index.", metavar="OFFICE")]
Vehicle = Annotated[str, typer.Argument(help="The vehicle, as its list names it.", metavar="VEHICLE")]
From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; today where it is left out.")]
Until = Annotated[
    datetime | None,
    typer.Option("--until", "--to", formats=["%Y-%m-%d"], help="The last day out; until it is told to be back where it is left out."),
]
Why = Annotated[str, typer.Option(help="Repair, no fuel; no names of people.")]


def register(group: typer.Typer) -> None:
    """Hang the commands under `vehicles`."""
    group.command("list")(vehicles_list)
    group.command("out")(vehicles_out)
    group.command("back")(vehicles_back)


def vehicles_list(context: typer.Context) -> Answer:
    """Every vehicle, and the days from today on which it is out of service."""
    with desk_of(context).opened() as home, home.database.read() as session:
        listed, out = vans(session), outages(session, today())
    rows: list[dict[str, Any]] = [
        {
            "office": van.office,
            "vehicle": van.vehicle,
            "payload_kg": van.payload_kg,
            "day_minutes": van.day_minutes,
            "days": list(van.days),
            "speed": van.speed,
            "out": [each.as_json() for each in out if (each.office, each.vehicle) == (van.office, van.vehicle)],
        }
        for van in listed
    ]
    headings = (_("Post office"), _("Vehicle"), _("Payload, kg"), _("Days"), _("Speed"), _("Out of service"))
    table = [
        (
            *(row["office"], row["vehicle"], row["payload_kg"], day_names(row["days"]), row["speed"]),
            "; ".join(_span(each) for each in out if (each.office, each.vehicle) == (row["office"], row["vehicle"])),
        )
        for row in rows
    ]
    return Answer(
        {"vehicles": rows}, [] if rows else [_("No vehicle is registered.")], [Sheet(_("Vehicles"), headings, table)] if rows else []
    )


def vehicles_out(
    context: typer.Context, office: Office, vehicle: Vehicle, since: From = None, until: Until = None, why: Why = ""
) -> Answer:
    """Note that a vehicle does not drive for some days. Plans from then on do without it."""
    with desk_of(context).opened() as home, home.database.write() as session:
        outage, changed = take_out(session, office.strip(), vehicle.strip(), _day(since), until.date() if until else None, why)
    sentence = _("{vehicle} of {office} is out of service: {days}.") if changed else _("{vehicle} of {office} is noted already: {days}.")
    lines = [sentence.format(vehicle=outage.vehicle, office=outage.office, days=_span(outage))]
    if changed:
        lines.append(
            _("For a week that is planned already: `poshta routes replan --week W --without vehicle:{office}/{vehicle}`.").format(
                office=outage.office, vehicle=outage.vehicle
            )
        )
    return Answer({**outage.as_json(), "changed": changed}, lines)


def vehicles_back(context: typer.Context, office: Office, vehicle: Vehicle, since: From = None) -> Answer:
    """Note that a vehicle drives again from a day on."""
    with desk_of(context).opened() as home, home.database.write() as session:
        ended = put_back(session, office.strip(), vehicle.strip(), _day(since))
    sentence = (
        _("{vehicle} of {office} drives again from {day} on.") if ended else _("{vehicle} of {office} was not out of service after {day}.")
    )
    data = {"office": office.strip(), "vehicle": vehicle.strip(), "day": _day(since).isoformat(), "changed": bool(ended)}
    return Answer(
        data | {"ended": [each.as_json() for each in ended]},
        [sentence.format(vehicle=vehicle.strip(), office=office.strip(), day=_day(since))],
    )


def _day(said: datetime | None) -> date:
    return said.date() if said else today()


def _span(outage: Outage) -> str:
    if outage.until is None:
        return _("from {since} until it is told to be back").format(since=outage.since)
    return _("from {since} to {until}").format(since=outage.since, until=outage.until)

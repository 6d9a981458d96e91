"""The command `routes calibrate`: what the desk's own trips say of its roads, and taking it as the estimate's factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from records.desk import desk_of
from records.errors import Complaint, NotAllowed
from records.home import Home
from records.language import _, current_language, ngettext
from records.settings import RouteSettings
from records.terminal import Answer, Sheet
from routing.calibrate import Fit, fits
from routing.calibrated import apply, factors, forget
from routing.roads import Factors
from routing.trips import trips_of
from settlements.areas import areas

LEAST = 5


def register(routes: typer.Typer) -> None:
    """Hang the command under `routes`."""
    routes.command("calibrate")(routes_calibrate)


def routes_calibrate(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Option("--from", help="Trips as route,odometer_start,odometer_end,start,end in CSV or XLSX.")
    ] = None,
    least: Annotated[int, typer.Option(min=2, help="Trips that a district needs.")] = LEAST,
    take: Annotated[bool, typer.Option("--apply", help="Let the estimate use what was fitted.")] = False,
    drop: Annotated[bool, typer.Option("--forget", help="Let the estimate use the settings' factors again, in every district.")] = False,
) -> Answer:
    """What odometers on returned manifests say of the roads, district by district. Changes nothing without --apply."""
    with desk_of(context).opened() as home:
        if drop:
            return _dropped(home)
        with home.database.read() as session:
            trips, complaints = trips_of(session, file)
            before = factors(session)
        settings = home.settings.routes
        found = fits(trips, least, settings.speed_kmh, Factors(settings.metres_factor, settings.seconds_factor))
        fitted = {each.district: each for each in found if each.fitted is not None}
        if take and not fitted:
            raise _too_few(least, len(trips), complaints)
        changed: list[str] = []
        with home.database.write() as session:
            if take:
                changed = apply(session, list(fitted.values()))
            names = _names(session, found)
    data = {"trips": len(trips), "least": least, "applied": take, "changed": changed, "districts": [_row(each, before) for each in found]}
    return Answer(
        data, _lines(found, least, take, changed), [_sheet(found, names, before, settings)] if found else [], complaints, bool(complaints)
    )


def _dropped(home: Home) -> Answer:
    with home.database.write() as session:
        changed = forget(session)
    lines = [_("The estimate uses the factors of the settings in every district.")]
    return Answer({"trips": 0, "least": 0, "applied": False, "changed": changed, "districts": []}, lines)


def _too_few(least: int, trips: int, complaints: Sequence[Complaint]) -> NotAllowed:
    return NotAllowed(
        _("No district has {least} trips with an odometer; there are {trips} in all. Nothing was changed.").format(
            least=least, trips=trips
        ),
        _("Scan the manifests that came back, or give a table with --from."),
        tuple(complaints),
    )


def _names(session: Session, found: Sequence[Fit]) -> dict[str, str]:
    named = areas(session, "district")
    return {each.district: named.name(each.district, current_language()) for each in found}


def _row(each: Fit, before: Mapping[str, Factors]) -> dict[str, object]:
    """A district as JSON: quartiles of the ratios, what was fitted, and what is in force."""
    fitted = each.fitted
    old = before.get(each.district)
    return {
        "district": each.district,
        "trips": each.trips,
        "timed": each.timed,
        "metres": [round(value, 3) for value in each.metres],
        "seconds": None if each.seconds is None else [round(value, 3) for value in each.seconds],
        "metres_factor": None if fitted is None else fitted.metres,
        "seconds_factor": None if fitted is None else fitted.seconds,
        "before": None if old is None else {"metres_factor": old.metres, "seconds_factor": old.seconds},
    }


def _lines(found: Sequence[Fit], least: int, take: bool, changed: Sequence[str]) -> list[str]:
    trips, few = sum(each.trips for each in found), sum(1 for each in found if each.fitted is None)
    lines = [ngettext("{count} trip with an odometer.", "{count} trips with an odometer.", trips).format(count=trips)]
    if few:
        lines.append(
            _("Districts with fewer than {least} trips, which keep the factors they have: {count}.").format(least=least, count=few)
        )
    if take:
        lines.append(_("Factors changed in districts: {count}. Plan the weeks again that are not under way.").format(count=len(changed)))
    elif any(each.fitted for each in found):
        lines.append(_("Nothing was changed: --apply takes these factors."))
    return lines


def _sheet(found: Sequence[Fit], names: Mapping[str, str], before: Mapping[str, Factors], settings: RouteSettings) -> Sheet:
    headings = (_("District"), _("Trips"), _("km: middle half"), _("km factor"), _("Time: middle half"), _("Time factor"), _("In force"))
    rows = []
    for each in found:
        old = before.get(each.district, Factors(settings.metres_factor, settings.seconds_factor))
        fitted = each.fitted
        rows.append(
            (
                *(names[each.district], each.trips, _spread(each.metres), "-" if fitted is None else f"{fitted.metres:g}"),
                *(_spread(each.seconds), "-" if fitted is None else f"{fitted.seconds:g}", f"{old.metres:g} / {old.seconds:g}"),
            )
        )
    return Sheet(_("Roads against the straight line"), headings, rows)


def _spread(quartiles: tuple[float, float, float] | None) -> str:
    return "-" if quartiles is None else f"{quartiles[0]:.2f}-{quartiles[2]:.2f}"

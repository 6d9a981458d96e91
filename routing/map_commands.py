"""The command `routes map`: pages, pictures, GeoJSON and GPX of a week's routes, for the country and each district."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import NotFound
from records.files import write_bytes, write_text
from records.home import Home
from records.language import _, ngettext
from records.terminal import Answer, progress
from routing import book
from routing.files import as_geojson
from routing.gpx import as_gpx
from routing.map_page import route_map
from routing.map_sketch import Missed, Outline, Sketch, districts_of, sketch
from routing.plan import Plan
from settlements.areas import Areas, areas
from settlements.boundaries import boundaries
from settlements.codes import district_of
from settlements.register import villages
from settlements.scope import require_place

COUNTRY = "country"


def register(routes: typer.Typer) -> None:
    """Hang the command under `routes`."""
    routes.command("map")(routes_map)


def routes_map(
    context: typer.Context,
    week: Annotated[str, typer.Option("--week", help="The study week, as in 2026-W41.")],
    district: Annotated[str, typer.Option(help="Only this district, by any KATO code within it.", metavar="KATO")] = "",
    out: Annotated[
        Path | None, typer.Option(help="The folder; routes/WEEK/maps in the desk's where it is left out.", metavar="FOLDER")
    ] = None,
) -> Answer:
    """Maps of the plan in force: a page, a picture and GeoJSON of each district and of the country, and a GPX file of each route."""
    require_place(district)
    desk = desk_of(context)
    with desk.opened() as home:
        with home.database.read() as session:
            plan = book.current_plan(session, str(StudyWeek.parse(week)))
            sketches = _sketches(session, plan, district)
        folder = out or home.path / "routes" / plan.week / "maps"
        with progress(_("Drawing maps"), len(sketches), desk.quiet) as tick:
            files: list[str] = []
            for each in sketches:
                files += _draw(home, folder, each)
                tick()
        files += _phones(home, folder, sketches)
    lines = [
        ngettext("{count} map drawn, in {folder}.", "{count} maps drawn, in {folder}.", len(sketches)).format(
            count=len(sketches), folder=home.named(folder)
        )
    ]
    maps = [{"district": each.district, "routes": len(each.lines), "missed": len(each.missed), "page": _page(each)} for each in sketches]
    return Answer({"plan": plan.code, "maps": maps, "files": files}, lines)


def _sketches(session: Session, plan: Plan, only: str) -> list[Sketch]:
    """The country's map and every district's, or one district's. Raises NotFound where no route calls there."""
    loaded = boundaries(session)
    outlines = [Outline(each.kato, each.name_kk, each.name_ru, each.outline) for each in (loaded.districts if loaded else ())]
    known = {village.kato: village for village in villages(session)}
    missed = []
    for each in plan.unplanned:
        village = known.get(each.kato)
        place = (village.lat, village.lon) if village and village.lat is not None and village.lon is not None else None
        missed.append(Missed(each, village.name_kk if village else "", village.name_ru if village else "", place))
    named = areas(session, "district")
    found = districts_of(plan)
    if only:
        found = [district for district in found if district == district_of(only)]
        if not found:
            raise NotFound(
                _("No route of the plan {plan} calls in the district {district}.").format(plan=plan.code, district=district_of(only)),
                _("Leave --district out: the maps of all districts are drawn then."),
            )
    shapes = {each.kato: each for each in outlines}
    own = [sketch(plan, missed, outlines, district, _names(named, shapes, district)) for district in found]
    return own if only else [sketch(plan, missed, outlines), *own]


def _names(named: Areas, shapes: Mapping[str, Outline], district: str) -> tuple[str, str]:
    """The district's names by the classifier, else by its boundary, else its code."""
    if named.unit(district) is None and district in shapes:
        return shapes[district].name_kk, shapes[district].name_ru
    return named.name(district, "kk"), named.name(district, "ru")


def _page(each: Sketch) -> str:
    return f"map-{each.district or COUNTRY}.html"


def _draw(home: Home, folder: Path, each: Sketch) -> list[str]:
    """The page, the picture and the GeoJSON of one map."""
    from routing.map_picture import route_picture  # pictures need a library that other commands do not wait for

    page = folder / _page(each)
    write_text(page, route_map(each))
    write_bytes(page.with_suffix(".png"), route_picture(each))
    write_text(page.with_suffix(".geojson"), json.dumps(as_geojson(each.own_plan), ensure_ascii=False) + "\n")
    return [home.named(page.with_suffix(suffix)) for suffix in (".html", ".png", ".geojson")]


def _phones(home: Home, folder: Path, sketches: Sequence[Sketch]) -> list[str]:
    """A GPX file for each route that is on a map."""
    routes = {line.route.code: line.route for each in sketches for line in each.lines}
    files = []
    for code in sorted(routes):
        file = folder / "gpx" / f"{code}.gpx"
        write_bytes(file, as_gpx(routes[code]))
        files.append(home.named(file))
    return files

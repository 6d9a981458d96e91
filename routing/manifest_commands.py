"""`poshta routes manifest`, `handover` and `supplement`: the paper that a driver takes along, and the moment from which it never changes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import pikepdf
import typer
from sqlalchemy.orm import Session

from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import IntegrityFailed, NotAllowed, NotFound
from records.files import digest, write_bytes
from records.home import Home
from records.language import _, ngettext
from records.terminal import Answer
from routing import book, manifest_book, postal_commands
from routing.manifest import Manifest, draw
from routing.manifest_book import FOLDER, Draft
from routing.plan import Plan, PlannedRoute
from routing.supplement import Bags, addition

WeekOption = Annotated[str, typer.Option("--week", help="The study week, as in 2026-W41.")]
RouteOption = Annotated[str, typer.Option("--route", help="One route only, by its code.")]


def register(routes: typer.Typer) -> None:
    """Hang these commands on `routes`."""
    routes.command("manifest")(manifest)
    routes.command("handover")(handover)
    routes.command("supplement")(supplement)
    postal_commands.register(routes)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command is about: routes of the plan in force, and supplements with their bags."""

    plan: Plan
    routes: tuple[PlannedRoute, ...]
    supplements: tuple[tuple[Manifest, Bags], ...]


def manifest(context: typer.Context, week: WeekOption, route: RouteOption = "") -> Answer:
    """Print the manifests: a PDF for each route and each supplement, and one for each office with all of them."""
    with desk_of(context).opened() as home:
        asked = _asked(home, week, route)
        drafts = _printed(home, asked)
        together = [] if route else _print_offices(home, asked.plan.week, drafts)
    files = [draft.file for draft in drafts]
    data = {"plan": asked.plan.code, "manifests": [_told(draft) for draft in drafts], "files": [*files, *together]}
    folder = f"{FOLDER}/{asked.plan.week}"
    return Answer(data, [_("Manifests written: {count}, in {folder}.").format(count=len(files), folder=folder)])


def handover(context: typer.Context, week: WeekOption, route: RouteOption = "") -> Answer:
    """Note that bags and manifest were given to the driver. A route that is handed over never changes. Safe to run twice."""
    with desk_of(context).opened() as home:
        asked = _asked(home, week, route)
        drafts = _printed(home, asked)
        with home.database.write() as session:
            moved = {each.code: book.hand_over(session, asked.plan.week, each) for each in asked.routes}
            moved |= {each.code: book.hand_over_supplement(session, each) for each, _bags in asked.supplements}
    data = {
        "plan": asked.plan.code,
        "routes": [{"route": code, "packets": count} for code, count in moved.items()],
        "packets": sum(moved.values()),
        "files": [draft.file for draft in drafts],
    }
    return Answer(data, [_("Packets handed over: {packets}; routes: {routes}.").format(packets=sum(moved.values()), routes=len(moved))])


def supplement(
    context: typer.Context,
    week: WeekOption,
    route: Annotated[str, typer.Option("--route", help="The route that is handed over, by its code.")],
    packet: Annotated[list[str] | None, typer.Option("--packet", help="Only this packet; may be said several times.")] = None,
) -> Answer:
    """Print a supplement: packets built since a route was handed over go along on a sheet of their own. Safe to run twice."""
    with desk_of(context).opened() as home:
        asked = _asked(home, week, route)
        keys = home.keys()
        with home.database.read() as session:
            places = manifest_book.handover_places(session)
            first = _the_route(asked, route)
            made, bags = addition(session, asked.plan.week, first, [code.strip().upper() for code in packet or ()], places)
            draft = manifest_book.prepare(session, keys, made, bags)
        _keep(home, [draft])
    packets = [code for bag in bags.values() for code in bag]
    data = {**_told(draft), "packets": packets, "files": [draft.file]}
    count = len(packets)
    told = ngettext("Supplement {code}: {count} packet.", "Supplement {code}: {count} packets.", count).format(code=made.code, count=count)
    then = _("Give it to the driver with the bags, then: `poshta routes handover --week {week} --route {code}`.")
    return Answer(data, [told, then.format(week=asked.plan.week, code=made.code)])


def _the_route(asked: Asked, code: str) -> PlannedRoute:
    """The route that was named; raises NotAllowed for a supplement."""
    if not asked.routes:
        raise NotAllowed(
            _("{code} is a supplement itself.").format(code=code), _("Name the route: {code}.").format(code=asked.supplements[0][0].first)
        )
    return asked.routes[0]


def _told(draft: Draft) -> dict[str, object]:
    """A manifest as the commands answer it."""
    pages = [each.page for each in draft.sealed]
    return {
        "route": draft.manifest.code,
        "pdf": draft.file,
        "sheets": len(pages),
        "pages": pages,
        "closed": draft.closed is not None,
        "supplement_to": draft.manifest.first or None,
    }


def _asked(home: Home, week: str, code: str) -> Asked:
    """The route or supplement named by `code`, or all of the week; raises NotFound or NotAllowed."""
    with home.database.read() as session:
        made = book.current_plan(session, str(StudyWeek.parse(week)))
        added = manifest_book.supplements(session, [route.code for route in made.routes])
    wanted = code.strip().upper()
    routes = tuple(route for route in made.routes if wanted in ("", route.code))
    supplements = tuple((each, bags) for each, bags in added if wanted in ("", each.code))
    if wanted and not routes and not supplements:
        raise NotFound(
            _("The plan {plan} has no route {route}.").format(plan=made.code, route=code),
            _("`poshta routes export --week {week}` lists its routes.").format(week=made.week),
        )
    return Asked(made, routes, supplements)


def _printed(home: Home, asked: Asked) -> list[Draft]:
    """Draw, write and keep manifests; one that is closed stays byte for byte as it was. Safe to run twice."""
    keys, week = home.keys(), asked.plan.week
    with home.database.read() as session:
        places = manifest_book.handover_places(session)
        own = [Manifest(week, route, manifest_book.places_of(route, places)) for route in asked.routes]
        drafts = [manifest_book.prepare(session, keys, each, _bags(session, each)) for each in own]
        drafts += [manifest_book.prepare(session, keys, each, bags) for each, bags in asked.supplements]
    _keep(home, drafts)
    return drafts


def _keep(home: Home, drafts: Sequence[Draft]) -> None:
    """Write the files first, then the rows."""
    drawn = [(draft, write_manifest(home, draft)) for draft in drafts]
    with home.database.write() as session:
        for draft, pdf in drawn:
            manifest_book.keep(session, draft, pdf)


def write_manifest(home: Home, draft: Draft) -> bytes:
    """Write the manifest's PDF and answer it; raises IntegrityFailed where a closed one can no longer be drawn as it was."""
    path = home.path / draft.file
    there = path.read_bytes() if path.is_file() else b""
    if draft.standing and digest(there) == draft.pdf_digest:
        return there
    pdf = draw([(draft.manifest, draft.sealed)], draft.manifest.code)
    if draft.closed is not None and digest(pdf) != draft.pdf_digest:
        raise IntegrityFailed(
            _("The manifest {manifest} was handed over, and this version of the program would print it otherwise.").format(
                manifest=draft.manifest.code
            ),
            _("Copy {file} back from the last backup, or copy the paper that the driver signed.").format(file=draft.file),
        )
    if pdf != there:
        write_bytes(path, pdf)
    return pdf


def _bags(session: Session, manifest: Manifest) -> dict[int, tuple[str, ...]]:
    """The packets of an open manifest; of a closed one manifest_book knows them."""
    return {} if manifest_book.is_closed(session, manifest.code) else book.bags_of(session, manifest.week, manifest.route)


def _print_offices(home: Home, week: str, drafts: Sequence[Draft]) -> list[str]:
    """One file of all manifests of each office, put together from their own."""
    offices: dict[str, list[str]] = {}
    for draft in drafts:
        offices.setdefault(draft.manifest.route.office, []).append(draft.file)
    files = []
    for office, parts in offices.items():
        file = f"{FOLDER}/{week}/manifests-{office}.pdf"
        write_bytes(home.path / file, _joined([(home.path / part).read_bytes() for part in parts]))
        files.append(file)
    return files


def _joined(pdfs: Sequence[bytes]) -> bytes:
    made = pikepdf.Pdf.new()
    for pdf in pdfs:
        with pikepdf.open(io.BytesIO(pdf)) as source:
            made.pages.extend(source.pages)
    file = io.BytesIO()
    made.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()

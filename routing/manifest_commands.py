"""`poshta routes manifest` and `routes handover`: the paper that a driver takes along, and the moment from which it never changes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Annotated

import pikepdf
import typer
from sqlalchemy.orm import Session

from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import IntegrityFailed, NotFound
from records.files import digest, write_bytes
from records.home import Home
from records.language import _
from records.terminal import Answer
from routing import book, manifest_book
from routing.manifest import Manifest, draw
from routing.manifest_book import FOLDER, Draft
from routing.plan import Plan, PlannedRoute

WeekOption = Annotated[str, typer.Option("--week", help="The study week, as in 2026-W41.")]
RouteOption = Annotated[str, typer.Option("--route", help="One route only, by its code.")]


def register(routes: typer.Typer) -> None:
    """Hang these commands on `routes`."""
    routes.command("manifest")(manifest)
    routes.command("handover")(handover)


def manifest(context: typer.Context, week: WeekOption, route: RouteOption = "") -> Answer:
    """Print the manifests: a PDF for each route, and one for each office with all its routes."""
    with desk_of(context).opened() as home:
        made = plan_in_force(home, week)
        drafts = print_routes(home, made.week, chosen(made, route))
        together = [] if route else _print_offices(home, made, drafts)
    files = [draft.file for draft in drafts]
    data = {
        "plan": made.code,
        "manifests": [
            {
                "route": draft.manifest.code,
                "pdf": draft.file,
                "sheets": len(draft.sealed),
                "pages": [each.page for each in draft.sealed],
                "closed": draft.closed is not None,
            }
            for draft in drafts
        ],
        "files": [*files, *together],
    }
    folder = f"{FOLDER}/{made.week}"
    return Answer(data, [_("Manifests written: {count}, in {folder}.").format(count=len(files), folder=folder)])


def handover(context: typer.Context, week: WeekOption, route: RouteOption = "") -> Answer:
    """Note that bags and manifest were given to the driver. A route that is handed over never changes. Safe to run twice."""
    with desk_of(context).opened() as home:
        made = plan_in_force(home, week)
        routes = chosen(made, route)
        drafts = print_routes(home, made.week, routes)
        with home.database.write() as session:
            moved = {each.code: book.hand_over(session, made.week, each) for each in routes}
    data = {
        "plan": made.code,
        "routes": [{"route": code, "packets": count} for code, count in moved.items()],
        "packets": sum(moved.values()),
        "files": [draft.file for draft in drafts],
    }
    return Answer(data, [_("Packets handed over: {packets}; routes: {routes}.").format(packets=sum(moved.values()), routes=len(moved))])


def plan_in_force(home: Home, week: str) -> Plan:
    """The week's plan; raises NotFound or NotAllowed where there is none."""
    with home.database.read() as session:
        return book.current_plan(session, str(StudyWeek.parse(week)))


def chosen(made: Plan, code: str) -> list[PlannedRoute]:
    """The route named by `code`, or all of them."""
    if not code:
        return list(made.routes)
    found = [route for route in made.routes if route.code == code.strip().upper()]
    if not found:
        raise NotFound(
            _("The plan {plan} has no route {route}.").format(plan=made.code, route=code),
            _("`poshta routes export --week {week}` lists its routes.").format(week=made.week),
        )
    return found


def print_routes(home: Home, week: str, routes: Sequence[PlannedRoute]) -> list[Draft]:
    """Draw, write and keep the routes' manifests; one that is closed stays byte for byte as it was. Safe to run twice."""
    keys = home.keys()
    with home.database.read() as session:
        places = manifest_book.handover_places(session)
        manifests = [Manifest(week, route, manifest_book.places_of(route, places)) for route in routes]
        drafts = [manifest_book.prepare(session, keys, each, _bags(session, each)) for each in manifests]
    drawn = [(draft, write_manifest(home, draft)) for draft in drafts]
    with home.database.write() as session:
        for draft, pdf in drawn:
            manifest_book.keep(session, draft, pdf)
    return drafts


def write_manifest(home: Home, draft: Draft) -> bytes:
    """Write the manifest's PDF and answer it; raises IntegrityFailed where a closed one can no longer be drawn as it was."""
    path = home.path / draft.file
    there = path.read_bytes() if path.is_file() else b""
    if draft.closed is not None and digest(there) == draft.pdf_digest:
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


def _print_offices(home: Home, made: Plan, drafts: Sequence[Draft]) -> list[str]:
    """One file of all manifests of each office, put together from their own."""
    offices: dict[str, list[str]] = {}
    for draft in drafts:
        offices.setdefault(draft.manifest.route.office, []).append(draft.file)
    files = []
    for office, parts in offices.items():
        file = f"{FOLDER}/{made.week}/manifests-{office}.pdf"
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

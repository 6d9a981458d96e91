"""`poshta routes labels` and `routes form103`: what the post wants beside the manifest, labels for bags and the list of their items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import NotFound
from records.files import write_bytes
from records.home import Home
from records.language import _, ngettext
from records.schema import Packet, PostalItem
from records.terminal import Answer
from routing import book, manifest_book
from routing.bag_labels import BagLabel, bag_labels, draw_bag_labels
from routing.form103 import Item, ItemList, draw_form103
from routing.manifest import Manifest
from routing.manifest_book import FOLDER
from routing.supplement import Bags
from settlements.register import Village, office_of, offices, villages

WeekOption = Annotated[str, typer.Option("--week", help="The study week, as in 2026-W41.")]
RouteOption = Annotated[str, typer.Option("--route", help="One route or supplement only, by its code.")]


def register(routes: typer.Typer) -> None:
    """Hang these commands on `routes`."""
    routes.command("labels")(labels)
    routes.command("form103")(form103)


def labels(context: typer.Context, week: WeekOption, route: RouteOption = "") -> Answer:
    """Labels for the bags: one for each village on each route, in the order of loading."""
    with desk_of(context).opened() as home:
        file, made = write_bag_labels(home, week, route)
    bags = [{"bag": each.code, "route": each.manifest, "stop": each.stop, "kato": each.kato, "packets": each.packets} for each in made]
    told = ngettext("Labels for {count} bag.", "Labels for {count} bags.", len(made)).format(count=len(made))
    return Answer({"week": str(StudyWeek.parse(week)), "bags": bags, "files": [file]}, [told, file])


def write_bag_labels(home: Home, week: str, route: str = "") -> tuple[str, list[BagLabel]]:
    """Write the bags' labels; answers the file, relative to home, and what stands on them."""
    with home.database.read() as session:
        found = [manifest for manifest, _bags in _manifests(session, week, route)]
    made = list(bag_labels(found))
    file = f"{FOLDER}/{StudyWeek.parse(week)}/labels{'-' + found[0].code if route else ''}.pdf"
    write_bytes(home.path / file, draw_bag_labels(made))
    return file, made


def form103(context: typer.Context, week: WeekOption, route: RouteOption = "") -> Answer:
    """The list of a route's items in the columns of form 103 (unverified), with room for the numbers that the post sticks on."""
    with desk_of(context).opened() as home:
        sender = ", ".join(line.strip() for line in home.settings.packets.sender.splitlines() if line.strip())
        with home.database.read() as session:
            places = _where(session)
            made = [_listed(session, each, bags, places, sender) for each, bags in _manifests(session, week, route)]
        files = [f"{FOLDER}/{each.week}/form103-{each.code}.pdf" for each in made]
        for file, each in zip(files, made, strict=True):
            write_bytes(home.path / file, draw_form103(each))
    lists = [
        {
            "route": each.code,
            "items": len(each.items),
            "grams": sum(item.grams for item in each.items),
            "numbered": _numbered(each),
            "pdf": file,
        }
        for each, file in zip(made, files, strict=True)
    ]
    told = _("Lists of items written: {count}. The form is unverified: compare it with the post's own.").format(count=len(lists))
    return Answer({"week": str(StudyWeek.parse(week)), "lists": lists, "files": files}, [told, *files])


def _manifests(session: Session, week: str, code: str) -> list[tuple[Manifest, Bags]]:
    """The routes in force and their supplements with their bags, or the one that is named; raises NotFound or NotAllowed."""
    made, wanted = book.current_plan(session, str(StudyWeek.parse(week))), code.strip().upper()
    found: list[tuple[Manifest, Bags]] = []
    added = manifest_book.supplements(session, [route.code for route in made.routes])
    for route in made.routes:
        if wanted in ("", route.code):
            closed = manifest_book.is_closed(session, route.code)
            bags = manifest_book.bags_of(session, route.code) if closed else book.bags_of(session, made.week, route)
            found.append((Manifest(made.week, route), bags))
        found += [(each, bags) for each, bags in added if each.first == route.code and wanted in ("", each.code)]
    if not found:
        raise NotFound(
            _("The plan {plan} has no route {route}.").format(plan=made.code, route=code),
            _("`poshta routes export --week {week}` lists its routes.").format(week=made.week),
        )
    return found


def _where(session: Session) -> Mapping[str, tuple[str, str]]:
    """For each village the post office that serves it, and its names, as a list shows them."""
    known = {office.index: office for office in offices(session)}
    found = {}
    for village in villages(session):
        index = office_of(village, known.values())
        office = known.get(index)
        found[village.kato] = (f"{index} {office.name if office else ''}".strip() or village.kato, _names(village))
    return found


def _names(village: Village) -> str:
    return " / ".join(dict.fromkeys(name for name in (village.name_kk, village.name_ru) if name))


def _listed(session: Session, manifest: Manifest, bags: Bags, places: Mapping[str, tuple[str, str]], sender: str) -> ItemList:
    """The items of one manifest by stop and code, with the post's numbers as far as they are known."""
    codes = [packet for _stop, bag in sorted(bags.items()) for packet in bag]
    rows = {row.code: row for row in session.scalars(select(Packet).where(Packet.code.in_(codes)))}
    numbers = {row.packet: row.number for row in session.scalars(select(PostalItem).where(PostalItem.packet.in_(codes)))}
    items = []
    for code in codes:
        where, village = places.get(rows[code].kato, (rows[code].kato, ""))
        items.append(Item(code, where, f"{village} {rows[code].kato}".strip(), rows[code].grams, numbers.get(code, "")))
    route = manifest.route
    office = f"{route.office} {route.office_name}".strip()
    return ItemList(manifest.code, manifest.week, route.date, office, sender, tuple(items))


def _numbered(listed: ItemList) -> int:
    return sum(1 for item in listed.items if item.number)

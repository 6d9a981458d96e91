"""What a print job holds and in which order: bags by route, the last stop first, as a vehicle is loaded. Reads the tables; writes nothing.

packets/print_command asks; packets/printing cuts the bags into batches. Packets that are on no route follow by village.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.archive import Standing, standing_packets
from packets.nothing_there import nothing_there
from packets.printing import Bag, Printed, Route
from records.errors import NotAllowed
from records.language import _, short_date
from records.lifecycle import PacketState
from records.road import RoadRoute, packets_planned, road_route, road_routes, route_of
from records.schema import Manifest, ManifestPacket, Page
from settlements.register import Village, offices, villages
from settlements.roster import FEW, learners, names

NOWHERE = ("", 0)  # the route and stop of a packet that is on none


@dataclass(frozen=True, slots=True)
class Choice:
    """Which packets of a week: all, or those below a KATO code, of one pupil, of one route or supplement."""

    week: str
    place: str = ""
    pupil: str = ""
    route: str = ""

    @property
    def folder(self) -> str:
        """Where its files stand below the week's folder; empty for the whole week."""
        return self.pupil or self.route or self.place

    @property
    def flags(self) -> str:
        """As the command line says it."""
        said = {"--pupil": self.pupil, "--route": self.route, "--district": self.place}
        return f"--week {self.week}" + "".join(f" {flag} {value}" for flag, value in said.items() if value)


def bags_to_print(session: Session, choice: Choice) -> list[Bag]:
    """The bags in the order of loading. Raises NotFound for a place, pupil or route that is not there, NotAllowed without packets."""
    standing = _standing(session, choice)
    routes = _routes(session, choice.week)
    aboard = _aboard(session, choice.week, routes.values())
    if choice.route:
        road_route(session, choice.route)  # raises NotFound
        wanted = {code for code in standing if choice.route in (_route(aboard, code), route_of(_route(aboard, code)))}
        standing = {code: each for code, each in standing.items() if code in wanted}
        if not standing:
            raise NotAllowed(
                _("The route {route} carries no packets of {week}.").format(route=choice.route, week=choice.week),
                _("`poshta routes export --week {week}` tells which routes do.").format(week=choice.week),
            )
    bags: dict[tuple[str, int, str], list[Standing]] = defaultdict(list)
    for code, each in standing.items():
        bags[(*aboard.get(code, NOWHERE), each.kato)].append(each)
    places = {village.kato: village for village in villages(session)}
    post = {office.index: office.name for office in offices(session)}
    printed = _printed(session, choice.week, standing)
    return [_bag(key, mine, printed, places, routes, post) for key, mine in sorted(bags.items(), key=lambda bag: _loading(bag[0], routes))]


def _standing(session: Session, choice: Choice) -> dict[str, Standing]:
    found = standing_packets(session, choice.week, choice.place)
    mine = {code: each for code, each in found.items() if each.state is not PacketState.VOID and choice.pupil in ("", each.pupil)}
    if not mine:
        raise nothing_there(session, choice.week, choice.place, choice.pupil)
    return mine


def _routes(session: Session, week: str) -> dict[str, RoadRoute]:
    return {route.code: route for route in road_routes(session, week=week, in_force=True)}


def _aboard(session: Session, week: str, routes: Iterable[RoadRoute]) -> dict[str, tuple[str, int]]:
    """For each packet the manifest and stop by which it travels: those that stand on a manifest, then those that the plan sends."""
    carried = (
        select(ManifestPacket.packet, ManifestPacket.manifest, ManifestPacket.stop)
        .join(Manifest, Manifest.code == ManifestPacket.manifest)
        .where(Manifest.week == week, ManifestPacket.released.is_(False))
    )
    found = {packet: (manifest, stop) for packet, manifest, stop in session.execute(carried)}
    for route in routes:
        if route.handed_over_at is None:
            for stop, packets in packets_planned(session, route).items():
                for packet in packets:
                    found.setdefault(packet, (route.code, stop))
    return found


def _route(aboard: Mapping[str, tuple[str, int]], packet: str) -> str:
    return aboard.get(packet, NOWHERE)[0]


def _loading(key: tuple[str, int, str], routes: Mapping[str, RoadRoute]) -> tuple[object, ...]:
    """By day and route; the last stop lies deepest, so it comes first. What is on no route comes after all."""
    manifest, stop, kato = key
    route = routes.get(route_of(manifest))
    return (not manifest, route.day.isoformat() if route else "", manifest, -stop, kato)


def _printed(session: Session, week: str, standing: Mapping[str, Standing]) -> dict[str, Printed]:
    kinds = _kinds(session, week, standing)
    pupils = [each.pupil for each in standing.values()]
    people = names(session, codes=pupils)
    large = {learner.code for learner in learners(session, with_left=True) if learner.print == "large"}
    return {
        code: Printed(
            packet=code,
            pupil=each.pupil,
            first_name=people[each.pupil].first_name if each.pupil in people else "",
            pdf=each.pdf,
            digest=each.pdf_digest,
            kinds=kinds[code],
            large=each.pupil in large,
        )
        for code, each in standing.items()
    }


def _kinds(session: Session, week: str, packets: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The kinds of each packet's pages, in the order of its file."""
    rows = select(Page.packet, Page.kind).where(Page.week == week, Page.void.is_(False), Page.packet.is_not(None))
    if len(packets) <= FEW:
        rows = rows.where(Page.packet.in_(packets))
    found: dict[str, list[str]] = defaultdict(list)
    for packet, kind in session.execute(rows.order_by(Page.packet, Page.pdf_page)):
        found[str(packet)].append(kind)
    return {packet: tuple(found[packet]) for packet in packets}


def _bag(
    key: tuple[str, int, str],
    mine: Iterable[Standing],
    printed: Mapping[str, Printed],
    places: Mapping[str, Village],
    routes: Mapping[str, RoadRoute],
    post: Mapping[str, str],
) -> Bag:
    manifest, stop, kato = key
    village, route = places.get(kato), routes.get(route_of(manifest))
    head = Route()
    if route is not None:
        office = f"{route.office} {post.get(route.office, '')}".strip()
        head = Route(manifest, short_date(route.day), office, route.vehicle)
    named = (village.name_kk, village.name_ru) if village else ("", "")
    return Bag(head, stop, kato, named, tuple(printed[each.code] for each in mine))

"""What the routes of a time achieved: delivered, returned, lost, how long it took, how far and at what price; for each route, office and all together.

`routes figures` asks. Counts are of packets, one a pupil: small ones are hidden (routing/suppression) when they are told, never in the reckoning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.whereabouts import Tracked, Wanted, tracked
from records.events import Event, Happening, Patience, TrackState
from records.road import RoadRoute, road_routes, route_of
from records.road_checks import ODOMETER_END, ODOMETER_START, READ
from records.road_notes import Note, notes_of
from records.schema import Packet, PostEvent
from routing.suppression import FEW, median, rows_to_hide, shown
from routing.tariffs import KILOMETRE, PACKET, ROUTE, STOP, Tariff, price

COUNTS = ("delivered", "not_delivered", "untold")  # together they are `packets`
PACKETS, OUTCOMES, KEPT, PRICED = "packets", "outcomes", "kept", "priced"  # counts that are hidden together
GROUPS = (PACKETS, OUTCOMES, KEPT, PRICED)
_OUTCOMES = (Happening.DELIVERED, Happening.NOT_DELIVERED)


@dataclass(slots=True)
class Figures:
    """One route's figures, or the sum of several. `kept` packets stayed with their pupils; of these `returned` came back, in part at least, and `lost` did not.

    `untold`: nobody said what became of them. `days` from the hand-over until a packet was read whole. `cost` None: no price was in force; `unpriced` packets
    had none.
    """

    packets: int = 0
    delivered: int = 0
    not_delivered: int = 0
    kept: int = 0
    returned: int = 0
    scanned: int = 0
    lost: int = 0
    days: list[int] = field(default_factory=list)
    routes: int = 0
    stops: int = 0
    planned_metres: int = 0
    driven_km: int = 0
    measured: int = 0  # routes whose odometer was read
    cost: Decimal | None = None
    unpriced: int = 0

    @property
    def untold(self) -> int:
        """Packets of which nobody said whether they were handed out."""
        return self.packets - self.delivered - self.not_delivered

    def add(self, other: Figures) -> None:
        """Take another's figures in."""
        for name in self.__slots__:
            mine, theirs = getattr(self, name), getattr(other, name)
            if name == "cost":
                self.cost = theirs if mine is None else mine if theirs is None else mine + theirs
            else:
                setattr(self, name, mine + theirs)

    @property
    def groups(self) -> dict[str, tuple[int, ...]]:
        """The counts that are hidden together, with those that subtraction would give; a cost tells of the packets in it."""
        kept = (self.kept, self.returned, self.scanned, self.lost)
        away = (self.kept - self.returned, self.kept - self.scanned, self.kept - self.lost)
        priced = (self.unpriced, self.packets - self.unpriced)
        return {PACKETS: (self.packets,), OUTCOMES: tuple(getattr(self, name) for name in COUNTS), KEPT: kept + away, PRICED: priced}

    def as_json(self, secret: Collection[str] = ()) -> dict[str, Any]:
        """What may be told: the groups in `secret` are null, and those with a count of one to four."""
        few = {group for group, counts in self.groups.items() if any(0 < count < FEW for count in counts)} | set(secret)
        gone = set(GROUPS) if PACKETS in few else few
        told = {name: None if OUTCOMES in gone else getattr(self, name) for name in COUNTS}
        told |= {name: None if KEPT in gone else getattr(self, name) for name in ("returned", "scanned", "lost")}
        return {
            "packets": None if PACKETS in gone else self.packets,
            **told,
            "return_rate": None if KEPT in gone else shown(self.returned, self.kept),
            "loss": None if KEPT in gone else shown(self.lost, self.kept),
            "turnaround_days": None if KEPT in gone else median(self.days),
            "routes": self.routes,
            "stops": self.stops,
            "planned_km": round(self.planned_metres / 1000, 1),
            "driven_km": self.driven_km if self.measured == self.routes and self.routes else None,
            "cost": None if PRICED in gone or self.cost is None else float(round(self.cost, 2)),
            "unpriced": None if PRICED in gone else self.unpriced,
        }


@dataclass(frozen=True, slots=True)
class RouteFigures:
    """A route's figures with what it is."""

    route: str
    office: str
    day: date
    week: str
    figures: Figures

    def head(self) -> dict[str, Any]:
        """What names the route."""
        return {"route": self.route, "office": self.office, "date": self.day.isoformat(), "week": self.week}


def route_figures(
    session: Session, patience: Patience, tariffs: Sequence[Tariff], week: str = "", first: date | None = None, last: date | None = None
) -> list[RouteFigures]:
    """The figures of every route that was driven in the week or between the days, by day and code."""
    routes = [each for each in road_routes(session, week=week, in_force=True) if each.handed_over_at is not None]
    routes = [each for each in routes if (first is None or each.day >= first) and (last is None or each.day <= last)]
    notes = notes_of(session, [each.code for each in routes])
    weeks = _weeks_on(session, routes)
    carried, grams = _carried(session, weeks, patience), _grams(session, weeks)
    return [
        RouteFigures(
            route.code, route.office, route.day, route.week, _figures(route, carried[route.code], notes.get(route.code, {}), grams, tariffs)
        )
        for route in routes
    ]


def summed(rows: Iterable[RouteFigures]) -> Figures:
    """All of them together."""
    total = Figures()
    for row in rows:
        total.add(row.figures)
    return total


def by_office(rows: Sequence[RouteFigures]) -> dict[str, Figures]:
    """Together, office by office."""
    offices: dict[str, list[RouteFigures]] = defaultdict(list)
    for row in rows:
        offices[row.office].append(row)
    return {office: summed(mine) for office, mine in sorted(offices.items())}


def to_hide(parts: Mapping[str, Figures]) -> dict[str, set[str]]:
    """For each of the parts the groups of which nothing may be told where the sum over all parts is told."""
    size = {name: figures.packets for name, figures in parts.items()}
    secret: dict[str, set[str]] = {name: set() for name in parts}
    for group in GROUPS:
        for name in rows_to_hide({name: figures.groups[group] for name, figures in parts.items()}, size):
            secret[name].add(group)
    return secret


def _weeks_on(session: Session, routes: Iterable[RoadRoute]) -> set[str]:
    """The study weeks of the packets that left with the routes: packets that waited travel with a later week's."""
    codes = {code for route in routes for code in (route.code, *(stop.manifest for stop in route.stops))}
    mine = (PostEvent.route.in_(codes), PostEvent.kind == Happening.HANDED_OVER.value, PostEvent.withdrawn_at.is_(None))
    return set(session.scalars(select(Packet.week).join(PostEvent, PostEvent.packet == Packet.code).where(*mine).distinct()))


def _carried(session: Session, weeks: Iterable[str], patience: Patience) -> dict[str, list[Tracked]]:
    """The packets by the routes that carried them; one that came back and left again was carried by both."""
    found: dict[str, list[Tracked]] = defaultdict(list)
    for week in sorted(weeks):
        for each in tracked(session, Wanted(week), patience):
            for route in sorted({route_of(event.route) for event in each.events if event.kind is Happening.HANDED_OVER and event.route}):
                found[route].append(each)
    return found


def _grams(session: Session, weeks: set[str]) -> dict[str, int]:
    return {code: grams for code, grams in session.execute(select(Packet.code, Packet.grams).where(Packet.week.in_(weeks)))}  # noqa: C416 - typed


def _figures(
    route: RoadRoute, carried: Sequence[Tracked], notes: Mapping[str, Note], grams: Mapping[str, int], tariffs: Sequence[Tariff]
) -> Figures:
    found = Figures(packets=len(carried), routes=1, stops=_own_stops(route), planned_metres=route.metres)
    for each in carried:
        mine = [event for event in each.events if event.route is not None and route_of(event.route) == route.code]
        outcome = next((event.kind for event in reversed(mine) if event.kind in _OUTCOMES), None)
        found.delivered += outcome is Happening.DELIVERED
        found.not_delivered += outcome is Happening.NOT_DELIVERED
        if outcome is not Happening.NOT_DELIVERED and each.handed is not None and route_of(each.handed.route or "") == route.code:
            _stayed(found, each, each.handed)
    driven = _driven(notes)
    found.driven_km, found.measured = driven or 0, int(driven is not None)
    found.cost, found.unpriced = cost(route, [grams.get(each.packet, 0) for each in carried], driven, tariffs)
    return found


def _stayed(found: Figures, packet: Tracked, handed: Event) -> None:
    """Count a packet that stayed with its pupil."""
    state, paper = packet.where.state, packet.paper
    found.kept += 1
    found.returned += state in (TrackState.RETURNED, TrackState.SCANNED) or paper.read > 0
    found.scanned += state is TrackState.SCANNED
    found.lost += state is TrackState.LOST
    if state is TrackState.SCANNED and paper.last_read is not None:
        found.days.append(max(0, (paper.last_read.date() - _day(handed.at)).days))


def cost(route: RoadRoute, grams: Sequence[int], driven_km: int | None, tariffs: Sequence[Tariff]) -> tuple[Decimal | None, int]:
    """What the trip cost by the prices in force on its day, and how many packets had no price though packets have prices; None where none was in force."""
    kilometres = Decimal(driven_km) if driven_km is not None else Decimal(route.metres) / 1000
    parts = [
        each.tenge * times
        for service, times in ((KILOMETRE, kilometres), (STOP, Decimal(_own_stops(route))), (ROUTE, Decimal(1)))
        if (each := price(tariffs, service, route.day))
    ]
    prices = [price(tariffs, PACKET, route.day, weight) for weight in grams]
    parts += [each.tenge for each in prices if each is not None]
    packets_priced = any(each.service == PACKET and each.since is not None and each.since <= route.day for each in tariffs)
    unpriced = sum(each is None for each in prices) if packets_priced else 0
    return (sum(parts, Decimal(0)) if parts else None), unpriced


def _own_stops(route: RoadRoute) -> int:
    """A supplement adds packets, not calls."""
    return sum(stop.manifest == route.code for stop in route.stops)


def _driven(notes: Mapping[str, Note]) -> int | None:
    """Kilometres by the odometer, where both readings stand and it did not run backwards."""
    start, end = (notes.get(item) for item in (ODOMETER_START, ODOMETER_END))
    if start is None or end is None or start.state != READ or end.state != READ:
        return None
    driven = int(end.value) - int(start.value)
    return driven if driven >= 0 else None


def _day(at: datetime) -> date:
    return at.date()

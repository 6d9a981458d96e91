"""Routes as they were planned and driven: stops, times, packets. Read from the tables of plans, for whoever may not ask routing/ itself.

scanning/manifest_filing, routing/tracking and records/road_notes ask; nothing is written here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.errors import NotFound
from records.language import _
from records.lifecycle import PacketState
from records.schema import Manifest, Packet, Plan, Route

_SUPPLEMENT = re.compile(r"-S[0-9]+$")


@dataclass(frozen=True, slots=True)
class RoadStop:
    """A stop as its manifest has it; `at` is when the vehicle was to be there. `name` begins its items: s3, or x1.s3 on the first supplement."""

    manifest: str
    name: str
    order: int
    kato: str
    packets_out: int
    packets_back: int
    at: datetime
    closed_at: datetime | None = None  # when its supplement was handed over


@dataclass(frozen=True, slots=True)
class RoadRoute:
    """A route as the plan has it, with the stops of its supplements behind its own. `in_force`: it belongs to the current plan, or was handed over."""

    code: str
    week: str
    office: str
    day: date
    vehicle: str
    metres: int
    handed_over_at: datetime | None
    in_force: bool
    departs_at: datetime
    back_at: datetime
    stops: tuple[RoadStop, ...]

    def not_before(self, at: datetime, stop: RoadStop) -> datetime:
        """`at`, or the hand-over of the stop's bag where that was noted later: nothing happens to a bag before it has left."""
        return max(moment for moment in (at, self.handed_over_at, stop.closed_at) if moment is not None)

    def stop(self, order: int, manifest: str = "") -> RoadStop:
        """The stop of that order, the route's own or a supplement's; raises NotFound."""
        mine = {stop.order: stop for stop in self.stops if stop.manifest == (manifest or self.code)}
        found = mine.get(order)
        if found is None:
            raise NotFound(
                _("The route {route} has no stop {stop}.").format(route=manifest or self.code, stop=order),
                _("Its stops are {stops}.").format(stops=", ".join(map(str, sorted(mine))) or "—"),
            )
        return found


def road_routes(session: Session, codes: Collection[str] | None = None, week: str = "", in_force: bool = False) -> list[RoadRoute]:
    """The routes by date and code, narrowed by what is given; `in_force`: only those of current plans and those that were handed over."""
    wanted = select(Route, Plan).join(Plan, Plan.code == Route.plan).order_by(Route.date, Route.code)
    if codes is not None:
        wanted = wanted.where(Route.code.in_(codes))
    if week:
        wanted = wanted.where(Plan.week == week)
    added = _supplements(session, codes)
    found = [_route(row, plan, added.get(row.code, ())) for row, plan in session.execute(wanted)]
    return [route for route in found if route.in_force or not in_force]


def road_route(session: Session, code: str) -> RoadRoute:
    """One route, by its code or that of one of its supplements; raises NotFound."""
    wanted = code.strip().upper()
    found = road_routes(session, [route_of(wanted)])
    if not found:
        raise NotFound(
            _("There is no route {route}.").format(route=code), _("`poshta routes export --week W` lists the routes of a study week.")
        )
    supplements = dict.fromkeys(stop.manifest for stop in found[0].stops if stop.manifest != found[0].code)
    if wanted not in (found[0].code, *supplements):
        raise NotFound(
            _("The route {route} has no supplement {supplement}.").format(route=found[0].code, supplement=wanted),
            _("Its supplements are: {codes}.").format(codes=", ".join(supplements))
            if supplements
            else _("It has none. Name the route alone, without -S and a number."),
        )
    return found[0]


def packets_planned(session: Session, route: RoadRoute) -> dict[int, list[str]]:
    """The packets of the week that the plan sends to each stop's village; void ones do not travel."""
    bags = {stop.kato: stop.order for stop in route.stops if stop.packets_out and stop.manifest == route.code}
    mine = (Packet.week == route.week, Packet.kato.in_(bags), Packet.state != PacketState.VOID.value)
    found: dict[int, list[str]] = {}
    for code, kato in session.execute(select(Packet.code, Packet.kato).where(*mine).order_by(Packet.code)):
        found.setdefault(bags[kato], []).append(code)
    return found


def route_of(manifest: str) -> str:
    """The route of a manifest's code: its own, or the one that a supplement adds to."""
    return _SUPPLEMENT.sub("", manifest)


def _supplements(session: Session, routes: Collection[str] | None) -> dict[str, list[Manifest]]:
    wanted = select(Manifest).where(Manifest.supplement > 0).order_by(Manifest.supplement)
    if routes is not None:
        wanted = wanted.where(Manifest.route.in_(routes))
    found: dict[str, list[Manifest]] = {}
    for row in session.scalars(wanted):
        found.setdefault(row.route, []).append(row)
    return found


def _route(row: Route, plan: Plan, supplements: Sequence[Manifest]) -> RoadRoute:
    body = row.definition
    own = _stops(row, row.code, "", body["stops"])
    added = [
        stop
        for each in supplements
        for stop in _stops(row, each.code, f"x{each.supplement}.", each.definition["route"]["stops"], each.closed_at)
    ]
    stops = (*own, *added)
    return RoadRoute(
        code=row.code,
        week=plan.week,
        office=row.office,
        day=row.date,
        vehicle=row.vehicle,
        metres=body["metres"],
        handed_over_at=row.handed_over_at,
        in_force=plan.current or row.handed_over_at is not None,
        departs_at=_at(row.date, body["depart"]),
        back_at=_back_at(row, own),
        stops=stops,
    )


def _stops(
    row: Route, manifest: str, prefix: str, stops: Sequence[Mapping[str, Any]], closed_at: datetime | None = None
) -> tuple[RoadStop, ...]:
    return tuple(
        RoadStop(
            manifest=manifest,
            name=f"{prefix}s{each['order']}",
            order=each["order"],
            kato=each["kato"],
            packets_out=each["packets_out"],
            packets_back=each["packets_back"],
            at=_at(each.get("date") or row.date, each["arrive"]),
            closed_at=closed_at,
        )
        for each in stops
    )


def _back_at(row: Route, stops: Sequence[RoadStop]) -> datetime:
    """When the vehicle is back: after its last stop; where it stays there overnight, on the next day."""
    body = row.definition
    home = timedelta(minutes=body["return_minutes"] + body.get("return_break", 0))
    if not stops:
        return _at(row.date, body["depart"]) + home
    left = stops[-1].at + timedelta(minutes=body["stops"][-1]["service_minutes"])
    next_day = _at(body["back_date"], body["depart"]) if body.get("back_date") else left
    return max(left, next_day if next_day.date() > left.date() else left) + home


def _at(day: date | str, clock: str) -> datetime:
    """A planned time on a planned day."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(on, time.fromisoformat(clock))

"""Where every bag of a route is, and what of the manifests waits for a person. Reads only; packets/whereabouts tells of packets.

`routes track` asks. What happened stands in records/road_events.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from packets.whereabouts import Wanted
from records.events import Event, Happening, TrackState, in_order
from records.road import RoadRoute, RoadStop, road_routes, route_of
from records.road_checks import BACK, DOUBT, OUTCOME, item_of
from records.road_events import events
from records.road_notes import Note, notes_of
from settlements.codes import scope_prefix

_OUTCOMES = (Happening.DELIVERED, Happening.NOT_DELIVERED, Happening.BROUGHT_BACK)


@dataclass(frozen=True, slots=True)
class TrackedBag:
    """One stop's bag. `back` packets were counted back there (None: nobody said), of `expected`; `doubts` are fields that wait for a person."""

    route: str
    stop: RoadStop
    week: str
    office: str
    day: date
    state: TrackState
    since: datetime | None
    event: Event | None
    back: int | None
    doubts: tuple[Note, ...]

    def as_json(self) -> dict[str, Any]:
        """The bag as `routes track` answers it."""
        return {
            "route": self.route,
            "stop": self.stop.order,
            "kato": self.stop.kato,
            "week": self.week,
            "office": self.office,
            "date": self.day.isoformat(),
            "packets": self.stop.packets_out,
            "state": self.state.value,
            "since": self.since.isoformat() if self.since else None,
            "reason": self.event.reason if self.event else "",
            "back": self.back,
            "expected": self.stop.packets_back,
            "event": self.event.as_json() if self.event else None,
        }


def bags(session: Session, wanted: Wanted) -> list[TrackedBag]:
    """The bags of routes in force, by day, route and stop; of a supplement its own alone."""
    codes = None if not wanted.route else [route_of(wanted.route)]
    routes = road_routes(session, codes, wanted.week, in_force=True)
    if wanted.packet:
        there = {(event.route, event.stop) for event in events(session, packets=[wanted.packet]) if event.route}
        routes = [route for route in routes if any(route.code == route_of(code) for code, _stop in there)]
    told: dict[tuple[str | None, int | None], list[Event]] = defaultdict(list)
    for event in events(session, routes=[stop.manifest for route in routes for stop in route.stops]):
        if event.packet is None:
            told[event.route, event.stop].append(event)
    notes = notes_of(session, [route.code for route in routes])
    found = [_bag(route, stop, told[stop.manifest, stop.order], notes.get(route.code, {})) for route in routes for stop in route.stops]
    inside = [bag for bag in found if not wanted.village or bag.stop.kato.startswith(scope_prefix(wanted.village))]
    inside = [bag for bag in inside if not wanted.route or wanted.route in (bag.route, route_of(bag.route))]
    return [bag for bag in inside if not wanted.packet or (bag.route, bag.stop.order) in there]


def route_doubts(session: Session, routes: Iterable[str]) -> list[tuple[str, Note]]:
    """What on these routes' manifests waits for a person."""
    held = notes_of(session, list(routes))
    return [(route, note) for route, notes in held.items() for note in notes.values() if note.state == DOUBT]


def _bag(route: RoadRoute, stop: RoadStop, told: Sequence[Event], notes: Mapping[str, Note]) -> TrackedBag:
    """A stop's bag by its own events; one that nobody told of stands printed, since nobody knows when."""
    outcomes = in_order(event for event in told if event.kind in (*_OUTCOMES, Happening.HANDED_OVER))
    counted = next((event for event in reversed(told) if event.kind is Happening.RETURNED), None)
    last = outcomes[-1] if outcomes else None
    states = {
        None: TrackState.PRINTED,
        Happening.HANDED_OVER: TrackState.HANDED_OVER,
        Happening.DELIVERED: TrackState.DELIVERED,
        Happening.NOT_DELIVERED: TrackState.NOT_DELIVERED,
        Happening.BROUGHT_BACK: TrackState.NOT_DELIVERED,
    }
    doubts = tuple(
        note for item in (item_of(stop.name, OUTCOME), item_of(stop.name, BACK)) if (note := notes.get(item)) and note.state == DOUBT
    )
    return TrackedBag(
        route=stop.manifest,
        stop=stop,
        week=route.week,
        office=route.office,
        day=route.day,
        state=states[last.kind if last else None],
        since=last.at if last else None,
        event=last,
        back=int(counted.evidence["packets"]) if counted else None,
        doubts=doubts,
    )

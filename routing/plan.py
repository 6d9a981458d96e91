"""A week's plan as frozen values: routes with their stops, and the villages that no vehicle reaches.

routing/draft makes a Plan, routing/verify judges it, routing/book stores it, routing/manifest prints it. No database, clock or solver here.
Metres and minutes are whole numbers; a minute is rounded up at each leg, so that the sum is a promise. Times are minutes after midnight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from records.calendar import WEEKDAYS

REASONS = ("no_road", "too_far", "over_capacity", "closed", "no_vehicle", "no_mail_day", "no_route", "may_wait")
PLANNED, SCHEDULE, OVERNIGHT = "planned", "schedule", "overnight"  # our own route, one that the post drives anyway, one with a night
CONTRACT_STOP = (
    *("order", "kato", "lat", "lon", "arrive", "service_minutes", "packets_out", "packets_back", "grams_out", "grams_back"),
    *("leg_metres", "leg_minutes", "source", "date", "break_minutes"),
)


@dataclass(frozen=True, slots=True)
class Stop:
    """One call at a village. `leg_*` and `source` are of the way to it from the stop before, or from the office.

    `via`: places that the post calls at on that way without a packet of ours; `leg_minutes` counts the calls there. `break_minutes`: the driver's
    break before he arrives. `date`: of the call; on a trip with a night it may be the route's next.
    """

    order: int
    kato: str
    name_kk: str
    name_ru: str
    lat: float | None
    lon: float | None
    visit: int
    visits: int
    arrive: str
    service_minutes: int
    packets_out: int
    packets_back: int
    grams_out: int
    grams_back: int
    leg_metres: int
    leg_minutes: int
    source: str
    date: str = ""
    break_minutes: int = 0
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedRoute:
    """One vehicle's trip from its office and back. `minutes` counts driving, service, the return and breaks, but no night.

    `kind`: PLANNED, SCHEDULE (`schedule` names the existing route; `return_via` as a stop's `via`) or OVERNIGHT: the vehicle stays at the stop
    numbered `night_after`, goes on at the time of departure on `back_date`, and is back on that day.
    """

    code: str
    office: str
    office_name: str
    number: int  # of the vehicle among the office's own
    day: str
    date: str
    vehicle: str
    depart: str
    metres: int
    minutes: int
    max_load_grams: int
    lat: float | None
    lon: float | None
    return_metres: int
    return_minutes: int
    return_source: str
    stops: tuple[Stop, ...]
    kind: str = PLANNED
    schedule: str = ""
    return_via: tuple[str, ...] = ()
    night_after: int = 0
    back_date: str = ""
    return_break: int = 0  # minutes of the driver's break on the way home

    def as_json(self) -> dict[str, Any]:
        """The route as plain JSON values; `from_json` reads it back to an equal route."""
        return asdict(self) | {"stops": [asdict(stop) for stop in self.stops]}

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> PlannedRoute:
        """The route that `as_json` wrote."""
        stops = tuple(Stop(**{**stop, "via": tuple(stop.get("via", ()))}) for stop in body["stops"])
        return cls(**{**body, "stops": stops, "return_via": tuple(body.get("return_via", ()))})

    def contract(self) -> dict[str, Any]:
        """The route as `routes export` answers it (DESIGN section 6)."""
        stops = [{name: getattr(stop, name) for name in CONTRACT_STOP} | {"via": list(stop.via)} for stop in self.stops]
        head = ("office", "day", "date", "vehicle", "depart", "metres", "minutes", "max_load_grams")
        kind = ("kind", "schedule", "night_after", "back_date", "return_break")
        return {
            "route": self.code,
            **{name: getattr(self, name) for name in head},
            "start": {"lat": self.lat, "lon": self.lon},
            "return_metres": self.return_metres,
            "return_minutes": self.return_minutes,
            **{name: getattr(self, name) for name in kind},
            "return_via": list(self.return_via),
            "stops": stops,
        }

    @property
    def packets_out(self) -> int:
        """Packets that leave the office on this trip."""
        return sum(stop.packets_out for stop in self.stops)

    @property
    def grams_out(self) -> int:
        """Their weight."""
        return sum(stop.grams_out for stop in self.stops)

    @property
    def vehicle_days(self) -> tuple[tuple[str, str, str], ...]:
        """Office, vehicle and weekday of each day on which the trip keeps its vehicle busy."""
        days = (self.day, weekday_of(self.back_date)) if self.kind == OVERNIGHT else (self.day,)
        return tuple((self.office, self.vehicle, day) for day in days)

    def day_of(self, stop: Stop) -> str:
        """The weekday of a call."""
        return weekday_of(stop.date) if self.kind == OVERNIGHT else self.day

    @property
    def day_minutes(self) -> tuple[int, ...]:
        """Minutes of each of its days."""
        if self.kind != OVERNIGHT:
            return (self.minutes,)
        last = self.stops[self.night_after - 1]
        first = minutes_of(last.arrive) + last.service_minutes - minutes_of(self.depart)
        return first, self.minutes - first

    @property
    def back_at(self) -> str:
        """When the vehicle is back at its office on its last day, HH:MM."""
        return clock(minutes_of(self.depart) + self.day_minutes[-1])


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A call that is on no route: `reason` is one of REASONS, `details` the figures and words that its sentence needs.

    `visit` 0 means the village as a whole, else the visit of that number.
    """

    kato: str
    reason: str
    visit: int = 0
    visits: int = 1
    details: tuple[tuple[str, str | int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` reads them back."""
        return asdict(self) | {"details": dict(self.details)}

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Unplanned:
        """What `as_json` wrote."""
        return cls(**{**body, "details": tuple(body["details"].items())})


@dataclass(frozen=True, slots=True)
class Plan:
    """All routes of one study week. `code` is empty until routing/book has stored it."""

    week: str
    scope: str
    routes: tuple[PlannedRoute, ...]
    unplanned: tuple[Unplanned, ...]
    code: str = ""

    @property
    def metres(self) -> int:
        """What all vehicles drive together."""
        return sum(route.metres for route in self.routes)

    @property
    def stops(self) -> Sequence[Stop]:
        """Every stop of every route."""
        return [stop for route in self.routes for stop in route.stops]


def weekday_of(day: str) -> str:
    """mon ... sun of a date as 2026-10-05."""
    return WEEKDAYS[date.fromisoformat(day).weekday()]


def clock(minutes: int) -> str:
    """Minutes after midnight as HH:MM."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def minutes_of(text: str) -> int:
    """HH:MM as minutes after midnight."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)

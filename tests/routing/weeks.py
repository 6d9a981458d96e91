"""Weeks to plan in tests: villages round offices by seed, with vehicles; as dataclasses or as rows of a desk."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from records.calendar import WEEKDAYS, StudyWeek
from records.schema import Office, Packet, Settlement, Vehicle
from records.settings import RouteSettings
from routing.fleet import Depot, Fleet, VehicleDay
from routing.request import Request
from routing.roads import Place, RoadMatrix, Roads
from routing.runs import Schedule
from routing.scopes import Scope
from routing.stops import Call
from settlements.schedule import ExistingRoute, ScheduledCall

WEEK = StudyWeek(2026, 41)
DELIVERY = WEEK.plus(-1)
WORKING = WEEKDAYS[:6]
QUICK = RouteSettings(iterations=150)


def call(
    kato: str, lat: float | None, lon: float | None, packets: int = 5, days: tuple[str, ...] = WORKING, visits: int = 1, grams: int = 200
) -> Call:
    """A village that gets `packets` packets of `grams` grams each."""
    return Call(kato, f"{kato} а.", f"с. {kato}", lat, lon, "", days, packets, packets, packets * grams, packets * grams, 1, visits)


def depot(index: str = "150400", lat: float = 54.0, lon: float = 69.0, kato: str = "593630100") -> Depot:
    """An office in North Kazakhstan."""
    return Depot(index, f"Office {index}", kato, lat, lon)


def days(
    office: str = "150400", weekdays: tuple[str, ...] = WORKING, payload: int = 100_000, minutes: int = 600, number: int = 1
) -> tuple[VehicleDay, ...]:
    """One vehicle's days."""
    return tuple(
        VehicleDay(office, f"UAZ-{number}", number, day, DELIVERY.day(day).isoformat(), payload, minutes, 8 * 60) for day in weekdays
    )


def request(
    calls: list[Call],
    fleet: tuple[VehicleDay, ...],
    depots: tuple[Depot, ...] = (),
    settings: RouteSettings = QUICK,
    scope: Scope = Scope.COUNTRY,
    matrix: RoadMatrix | None = None,
) -> Request:
    """A request as routing/request gathers it."""
    places = {each.index: each for each in depots or (depot(),)}
    return Request(str(WEEK), tuple(sorted(calls, key=lambda each: each.kato)), Fleet(places, fleet), Roads(settings, matrix), scope)


def random_request(seed: int) -> Request:
    """Any week: 1-3 offices, 1-14 villages, tight or roomy vehicles, mail days, several visits, places without a road."""
    dice = random.Random(seed)
    depots = tuple(
        depot(f"15{number}000", 54 + dice.random(), 69 + dice.random(), f"5936{number}0100") for number in range(dice.randint(1, 3))
    )
    fleet = tuple(
        day
        for each in depots
        for number in range(1, dice.randint(1, 2) + 1)
        for day in days(each.index, _some_days(dice), dice.choice((2_000, 5_000, 50_000)), dice.choice((120, 240, 600)), number)
    )
    calls = [_random_call(dice, f"5936301{number:02d}") for number in range(dice.randint(1, 14))]
    return request(calls, fleet, depots, replace_settings(iterations=60, return_share=1.0))


def replace_settings(**values: object) -> RouteSettings:
    """The quick settings with some values changed."""
    return RouteSettings.model_validate(QUICK.model_dump() | values)


def _some_days(dice: random.Random) -> tuple[str, ...]:
    chosen = set(dice.sample(WORKING, dice.randint(1, 6)))
    return tuple(day for day in WORKING if day in chosen)


def _random_call(dice: random.Random, kato: str) -> Call:
    lat, lon = 54 + dice.uniform(-0.8, 1.8), 69 + dice.uniform(-0.8, 1.8)
    made = call(kato, lat, lon, dice.randint(1, 10), _some_days(dice), dice.choice((1, 1, 1, 2, 3)))
    if dice.random() < 0.1:
        return replace(made, lat=None, lon=None)
    return replace(made, grams_back=dice.randint(0, 2_000))


def fill_desk(session: Session, villages: int = 8, seed: int = 1, packets: int = 5, district: str = "5936", office: str = "150400") -> None:
    """A district on a desk: its office, one vehicle, and villages with built packets for WEEK."""
    dice = random.Random(seed)
    session.add(Office(index=office, name="Тайынша", kato=f"{district}30100", lat=53.85, lon=69.77))
    session.add(Vehicle(office=office, vehicle="УАЗ 1", payload_kg=400, day_minutes=600, days=""))
    for number in range(villages):
        kato = f"{district}31{100 + number}"
        lat, lon = 53.85 + dice.uniform(-0.4, 0.4), 69.77 + dice.uniform(-0.6, 0.6)
        session.add(
            Settlement(kato=kato, name_kk=f"Қызыләскер {number} а.", name_ru=f"с. Кызыласкер {number}", lat=lat, lon=lon, population=90)
        )
        for pupil in range(packets):
            add_packet(session, kato, f"P{number:03d}{pupil:02d}")


def add_packet(session: Session, kato: str, pupil: str, state: str = "built", grams: int = 150) -> None:
    """One packet of WEEK."""
    session.add(
        Packet(
            code=f"K-{kato}-{pupil}",
            week=str(WEEK),
            pupil=pupil,
            kato=kato,
            state=state,
            input_digest="",
            pdf="",
            pdf_digest="",
            sheets=20,
            grams=grams,
            return_by=date(2026, 10, 19),
            built_at=datetime(2026, 9, 20, 9, 0),
        )
    )


def schedule(*routes: ExistingRoute, calls: Iterable[Call] = (), passed: Mapping[str, tuple[float, float]] | None = None) -> Schedule:
    """Existing routes with the places of `calls` and of what they pass besides."""
    places = {each.kato: Place((each.kato,), each.lat, each.lon) for each in calls if each.lat is not None}
    return Schedule(routes, places | {kato: Place((kato,), *where) for kato, where in (passed or {}).items()})


def existing(name: str, katos: Iterable[str], on: tuple[str, ...] = ("tue",), office: str = "150400", vehicle: str = "") -> ExistingRoute:
    """A route that calls at the places on the days."""
    return ExistingRoute(office, name, vehicle, tuple(ScheduledCall(kato, on) for kato in katos))


def scheduled_request(seed: int) -> Request:
    """A random week with existing routes: through some of its villages and places without packets, on some days, with and without vehicles."""
    wanted, dice = random_request(seed), random.Random(seed + 10_000)
    passed = {f"59363019{n}": (54 + dice.uniform(-0.3, 1.0), 69 + dice.uniform(-0.3, 1.0)) for n in range(4)}
    routes = []
    for number in range(dice.randint(1, 4)):
        office = dice.choice(sorted(wanted.fleet.depots))
        chosen = dice.sample([each.kato for each in wanted.calls] + [*passed, "593630999"], min(4, len(wanted.calls)))
        calls = tuple(ScheduledCall(kato, _some_days(dice)) for kato in chosen)
        routes.append(ExistingRoute(office, str(number), dice.choice(("", "", "UAZ-1", "GAZ")), calls))
    settings = replace_settings(iterations=60, free_share=dice.choice((0.2, 1.0)), detour_metres=dice.choice((0, 30_000)))
    roads = Roads(settings, wanted.roads.matrix)
    return replace(wanted, roads=roads, schedule=schedule(*routes, calls=wanted.calls, passed=passed))

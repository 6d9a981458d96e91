"""What a plan is made from: the week's calls, the fleet, the roads and the scope, with a digest that names exactly this input.

routing/commands gathers it from the database; routing/draft plans it; routing/verify judges the outcome against it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version

from sqlalchemy.orm import Session

from records.calendar import StudyWeek
from records.errors import Complaint, IntegrityFailed
from records.files import digest
from records.language import _
from records.settings import Settings
from records.terminal import Ticker
from routing import book
from routing.calibrated import factors
from routing.closures import closed_in
from routing.draft import draft
from routing.fleet import Fleet, week_fleet
from routing.overnight import with_nights
from routing.plan import SCHEDULE, Plan, PlannedRoute
from routing.remainder import joined, open_calls, open_fleet, taken_by, whole_call
from routing.roads import Place, RoadMatrix, Roads
from routing.runs import Schedule, week_of
from routing.schedule import Carried, carried
from routing.scopes import Scope
from routing.stops import Call, week_calls
from routing.verify import Fault, faults, legs_of
from routing.verify_closed import closed_faults
from routing.verify_schedule import schedule_faults
from routing.verify_waiting import waiting_faults
from settlements.register import villages
from settlements.schedule import existing_routes

ASKING = ("osrm_url", "osrm_profile", "osrm_block", "osrm_timeout_seconds", "osrm_tries")  # how roads are asked for, not what they say
EXISTING = "existing"  # the scope of what runs today
NO_SCHEDULE = Schedule()
PLANNING = 5  # counts changes of the rules by which a plan is made


@dataclass(frozen=True, slots=True)
class Request:
    """Everything that a plan depends on."""

    week: str
    calls: tuple[Call, ...]
    fleet: Fleet
    roads: Roads
    scope: Scope
    kept: tuple[PlannedRoute, ...] = ()  # routes under way
    schedule: Schedule = NO_SCHEDULE  # what the post drives anyway
    without: tuple[str, ...] = ()  # what it was planned anew without (routing/without)

    @property
    def open_calls(self) -> list[Call]:
        """What is to be planned: the week's calls without those under way."""
        return open_calls(self.calls, self.kept)

    def with_settings(self, **values: bool) -> Request:
        """The same with some settings of routes changed."""
        return replace(self, roads=replace(self.roads, settings=self.roads.settings.model_copy(update=values)))

    @property
    def digest(self) -> str:
        """The SHA-256 of the week's input and of the programs that plan it: the same digest means the same plan.

        What is handed over does not change it, so that a plan stays in force while its routes leave one after the other.
        """
        body = {
            "planning": [PLANNING, version("pyvrp")],
            "week": self.week,
            "scope": self.scope.value,
            "calls": [asdict(call) for call in self.calls],
            "fleet": [asdict(each) for each in self.fleet.days],
            "depots": [asdict(depot) for depot in self.fleet.depots.values()],
            "settings": self.roads.settings.model_dump(exclude=set(ASKING)),
            "roads": ["" if known is None else known.digest for known in (self.roads.matrix, self.roads.served)],
            "factors": {district: asdict(each) for district, each in self.roads.factors.items()},
            "closed": [asdict(way) for way in self.roads.closed],
            "schedule": [asdict(route) for route in self.schedule.routes] if self.roads.settings.on_schedule else [],
            **({"without": self.without} if self.without else {}),
        }
        return digest(json.dumps(body, sort_keys=True, ensure_ascii=False).encode())


def gather(session: Session, week: StudyWeek, settings: Settings, scope: Scope, matrix: RoadMatrix | None) -> Request:
    """The request of a week; raises NotAllowed where no packet is built."""
    kept = book.under_way(session, str(week))
    taken = taken_by(kept)
    gone = {kato: (each.packets_out, each.grams_out) for kato, each in taken.items() if each.packets_out}
    calls = [
        whole_call(call, taken[call.kato]) if call.kato in taken else call
        for call in week_calls(session, str(week), settings.routes.return_share, gone, settings.routes.optional_metres)
    ]
    closed = closed_in(session, week.plus(-settings.lead_weeks))
    roads = Roads(settings.routes, matrix, factors=factors(session), closed=closed)
    schedule = known_schedule(session, roads)
    return Request(str(week), tuple(calls), week_fleet(session, week, settings), roads, scope, kept, schedule)


def known_schedule(session: Session, roads: Roads) -> Schedule:
    """The post's existing routes, with the places of which coordinates or a matrix tell where they are."""
    routes = tuple(existing_routes(session))
    called = {call.kato for route in routes for call in route.calls}
    register = {each.kato: (each.lat, each.lon) for each in villages(session) if each.kato in called} if called else {}
    return Schedule(routes, known_places({kato: Place((kato,), *register.get(kato, (None, None))) for kato in called}, roads))


def known_places(places: Mapping[str, Place], roads: Roads) -> dict[str, Place]:
    """Those of the places, by their KATO, of which coordinates or a matrix tell where they are."""
    named = {name for known in (roads.matrix, roads.served) if known is not None for name in known.index}
    return {kato: place for kato, place in places.items() if place.lat is not None or kato in named}


def answer(request: Request, processes: int, tick: Ticker | None = None) -> Plan:
    """The plan of the request with the routes under way, judged; raises IntegrityFailed with every fault where the judge finds one."""
    plan = planned(request, processes, tick)
    require_sound(request, plan)
    return plan


def planned(request: Request, processes: int, tick: Ticker | None = None) -> Plan:
    """The plan, not judged yet.

    With the setting on_schedule, existing routes carry what they can, and only the rest is planned, with the vehicles that do not drive them.
    """
    fixed, busy = request.kept, frozenset[tuple[str, str, str]]()
    if request.roads.settings.on_schedule:
        riding, busy, _complaints = on_schedule(request)
        fixed = (*request.kept, *riding)
    fleet = open_fleet(request.fleet, fixed, busy)
    rest = draft(request.week, open_calls(request.calls, fixed), fleet, request.roads, request.scope, processes, tick)
    rest = with_nights(rest, open_calls(request.calls, fixed), fleet, request.roads, request.scope)
    return joined(rest, request.calls, request.fleet, fixed)


def busy_days(request: Request) -> frozenset[tuple[str, str, str]]:
    """The vehicle-days that existing routes take, where the plan keeps them."""
    return on_schedule(request)[1] if request.roads.settings.on_schedule else frozenset()


def as_today(request: Request) -> tuple[Plan, Carried]:
    """The whole week on the existing routes alone, judged: their plan with what is left over, and what each run carries."""
    whole = replace(request, kept=())
    week = week_of(whole.schedule, whole.fleet)
    found = carried(whole.calls, whole.schedule, week, whole.fleet, whole.roads)
    plan = Plan(whole.week, EXISTING, found.routes, found.left)
    require_sound(whole, plan)
    return plan, replace(found, complaints=(*week.complaints, *found.complaints))


def on_schedule(request: Request) -> tuple[tuple[PlannedRoute, ...], frozenset[tuple[str, str, str]], tuple[Complaint, ...]]:
    """The existing routes that carry packets beside the routes under way, with visits numbered as in the whole week.

    And the vehicle-days that drive existing routes, with packets or without, and what is said of routes that do not work.
    """
    gone = {(route.office, route.schedule, route.day) for route in request.kept if route.kind == SCHEDULE}
    week = week_of(request.schedule, open_fleet(request.fleet, request.kept), gone)
    found = carried(request.open_calls, request.schedule, week, request.fleet, request.roads)
    whole = joined(Plan(request.week, request.scope.value, found.routes, ()), request.calls, request.fleet, request.kept)
    riding = tuple(route for route in whole.routes if route not in request.kept)
    return riding, week.busy, (*week.complaints, *found.complaints)


def judged(request: Request, plan: Plan) -> list[Fault]:
    """Everything that the independent judges find wrong with the plan."""
    settings, places = request.roads.settings, request.schedule.places or {}
    legs = legs_of(plan, request.calls, request.fleet, request.roads, places)
    found = faults(plan, request.calls, request.fleet, legs, settings.service_minutes, request.kept, settings.calling_minutes)
    found += waiting_faults(plan, request.calls, legs, request.kept, closed=bool(request.roads.closed))
    found += closed_faults(plan, request.roads.closed, request.fleet, request.kept)
    return found + schedule_faults(plan, request.schedule, request.fleet, legs, settings, request.kept)


def require_sound(request: Request, plan: Plan) -> None:
    """Raise IntegrityFailed unless the independent judge finds the plan without fault."""
    found = judged(request, plan)
    if found:
        complaints: Sequence[Complaint] = [Complaint(fault.kind, f"{fault.where}: {fault.text}") for fault in found]
        raise IntegrityFailed(
            _("The plan breaks a rule and was not saved: {fault}.").format(fault=complaints[0].text),
            _("Nothing was changed. This is a fault of the program: please report the line."),
            tuple(complaints),
        )

"""What a plan is made from: the week's calls, the fleet, the roads and the scope, with a digest that names exactly this input.

routing/commands gathers it from the database; routing/draft plans it; routing/verify judges the outcome against it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
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
from routing.plan import Plan, PlannedRoute
from routing.remainder import joined, open_calls, open_fleet, taken_by, whole_call
from routing.roads import RoadMatrix, Roads
from routing.scopes import Scope
from routing.stops import Call, week_calls
from routing.verify import faults, legs_of
from routing.verify_closed import closed_faults

ASKING = ("osrm_url", "osrm_profile", "osrm_block", "osrm_timeout_seconds", "osrm_tries")  # how roads are asked for, not what they say
PLANNING = 3  # counts changes of the rules by which a plan is made


@dataclass(frozen=True, slots=True)
class Request:
    """Everything that a plan depends on."""

    week: str
    calls: tuple[Call, ...]
    fleet: Fleet
    roads: Roads
    scope: Scope
    kept: tuple[PlannedRoute, ...] = ()  # routes under way

    @property
    def open_calls(self) -> list[Call]:
        """What is to be planned: the week's calls without those under way."""
        return open_calls(self.calls, self.kept)

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
        }
        return digest(json.dumps(body, sort_keys=True, ensure_ascii=False).encode())


def gather(session: Session, week: StudyWeek, settings: Settings, scope: Scope, matrix: RoadMatrix | None) -> Request:
    """The request of a week; raises NotAllowed where no packet is built."""
    kept = book.under_way(session, str(week))
    taken = taken_by(kept)
    gone = {kato: (each.packets_out, each.grams_out) for kato, each in taken.items() if each.packets_out}
    calls = [
        whole_call(call, taken[call.kato]) if call.kato in taken else call
        for call in week_calls(session, str(week), settings.routes.return_share, gone)
    ]
    closed = closed_in(session, week.plus(-settings.lead_weeks))
    roads = Roads(settings.routes, matrix, factors=factors(session), closed=closed)
    return Request(str(week), tuple(calls), week_fleet(session, week, settings), roads, scope, kept)


def answer(request: Request, processes: int, tick: Ticker | None = None) -> Plan:
    """The plan of the request with the routes under way, judged; raises IntegrityFailed with every fault where the judge finds one."""
    fleet = open_fleet(request.fleet, request.kept)
    rest = draft(request.week, request.open_calls, fleet, request.roads, request.scope, processes, tick)
    plan = joined(rest, request.calls, request.fleet, request.kept)
    require_sound(request, plan)
    return plan


def require_sound(request: Request, plan: Plan) -> None:
    """Raise IntegrityFailed unless the independent judge finds the plan without fault."""
    legs = legs_of(plan, request.calls, request.fleet, request.roads)
    found = faults(plan, request.calls, request.fleet, legs, request.roads.settings.service_minutes, request.kept)
    found += closed_faults(plan, request.roads.closed, request.fleet, request.kept)
    if found:
        complaints: Sequence[Complaint] = [Complaint(fault.kind, f"{fault.where}: {fault.text}") for fault in found]
        raise IntegrityFailed(
            _("The plan breaks a rule and was not saved: {fault}.").format(fault=complaints[0].text),
            _("Nothing was changed. This is a fault of the program: please report the line."),
            tuple(complaints),
        )

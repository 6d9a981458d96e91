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
from routing.draft import draft
from routing.fleet import Fleet, week_fleet
from routing.plan import Plan
from routing.roads import RoadMatrix, Roads
from routing.scopes import Scope
from routing.stops import Call, week_calls
from routing.verify import faults, legs_of

PLANNING = 1  # counts changes of the rules by which a plan is made


@dataclass(frozen=True, slots=True)
class Request:
    """Everything that a plan depends on."""

    week: str
    calls: tuple[Call, ...]
    fleet: Fleet
    roads: Roads
    scope: Scope

    @property
    def digest(self) -> str:
        """The SHA-256 of this input and of the programs that plan it: the same digest means the same plan."""
        body = {
            "planning": [PLANNING, version("pyvrp")],
            "week": self.week,
            "scope": self.scope.value,
            "calls": [asdict(call) for call in self.calls],
            "fleet": [asdict(each) for each in self.fleet.days],
            "depots": [asdict(depot) for depot in self.fleet.depots.values()],
            "settings": self.roads.settings.model_dump(),
            "matrix": "" if self.roads.matrix is None else self.roads.matrix.digest,
        }
        return digest(json.dumps(body, sort_keys=True, ensure_ascii=False).encode())


def gather(session: Session, week: StudyWeek, settings: Settings, scope: Scope, matrix: RoadMatrix | None) -> Request:
    """The request of a week; raises NotAllowed where no packet is built."""
    calls = week_calls(session, str(week), settings.routes.return_share)
    return Request(str(week), tuple(calls), week_fleet(session, week, settings), Roads(settings.routes, matrix), scope)


def answer(request: Request, processes: int, tick: Ticker | None = None) -> Plan:
    """The plan of the request, judged; raises IntegrityFailed with every fault where the judge finds one."""
    plan = draft(request.week, request.calls, request.fleet, request.roads, request.scope, processes, tick)
    require_sound(request, plan)
    return plan


def require_sound(request: Request, plan: Plan) -> None:
    """Raise IntegrityFailed unless the independent judge finds the plan without fault."""
    legs = legs_of(plan, request.calls, request.fleet, request.roads)
    found = faults(plan, request.calls, request.fleet, legs, request.roads.settings.service_minutes)
    if found:
        complaints: Sequence[Complaint] = [Complaint(fault.kind, f"{fault.where}: {fault.text}") for fault in found]
        raise IntegrityFailed(
            _("The plan breaks a rule and was not saved: {fault}.").format(fault=complaints[0].text),
            _("Nothing was changed. This is a fault of the program: please report the line."),
            tuple(complaints),
        )

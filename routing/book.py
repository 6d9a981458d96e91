"""Plans in the database: stored, superseded, read again, handed over. routing/commands opens the sessions.

A plan's code is the week's and a letter that counts its revisions, 26W41A; a route's code adds office, vehicle and day: 26W41A-150400-1-MON.
Routes of a plan that is superseded stay under their own codes, so that paper printed from it can be told apart.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records import journal
from records.calendar import StudyWeek, now
from records.errors import NotAllowed, NotFound
from records.language import _
from records.lifecycle import PacketEvent, PacketState, move
from records.schema import Packet
from records.schema import Plan as PlanRow
from records.schema import Route as RouteRow
from routing.plan import Plan, PlannedRoute, Stop, Unplanned
from routing.stops import nothing_built


def revision_letters(number: int) -> str:
    """A, B ... Z, AA, AB: the name of the plan made `number`-th, from 1."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def plan_code(week: str, revision: int) -> str:
    """26W41A: short enough to be said on the telephone."""
    parsed = StudyWeek.parse(week)
    return f"{parsed.year % 100:02d}W{parsed.number:02d}{revision_letters(revision)}"


def route_code(plan: str, route: PlannedRoute) -> str:
    """26W41A-150400-1-MON."""
    return f"{plan}-{route.office}-{route.number}-{route.day.upper()}"


def current_plan(session: Session, week: str) -> Plan:
    """The plan in force; raises NotFound where the week has none, NotAllowed where it has no packet either."""
    row = _current(session, week)
    if row is None and not session.scalar(select(Packet.code).where(Packet.week == week, Packet.state != PacketState.VOID.value).limit(1)):
        raise nothing_built(week)
    if row is None:
        raise NotFound(
            _("There is no plan for the week {week}.").format(week=week),
            _("Run `poshta routes plan --week {week}` first.").format(week=week),
        )
    routes = tuple(PlannedRoute.from_json(route.definition) for route in _routes(session, row.code))
    return Plan(week, row.scope, routes, tuple(Unplanned.from_json(each) for each in row.unplanned), row.code)


def unchanged(session: Session, week: str, input_digest: str) -> bool:
    """Whether the plan in force was made from this very input."""
    row = _current(session, week)
    return row is not None and row.input_digest == input_digest


def require_replaceable(session: Session, week: str) -> None:
    """Raise NotAllowed where a route of the plan in force is under way."""
    row = _current(session, week)
    under_way = [] if row is None else [route.code for route in _routes(session, row.code) if route.handed_over_at is not None]
    if under_way:
        raise NotAllowed(
            _("The plan of {week} cannot be replaced: the route {route} is handed over.").format(week=week, route=under_way[0]),
            _("Packets built since that plan are on no route: withdraw them with `poshta packets void CODE` to hand over the rest."),
        )


def save(session: Session, plan: Plan, input_digest: str) -> Plan:
    """Store the plan as the one in force and answer it with its codes."""
    require_replaceable(session, plan.week)
    earlier = _current(session, plan.week)
    if earlier is not None:
        earlier.current = False
    revision = 1 + (session.scalar(select(func.count()).select_from(PlanRow).where(PlanRow.week == plan.week)) or 0)
    code = plan_code(plan.week, revision)
    coded = replace(plan, code=code, routes=tuple(replace(route, code=route_code(code, route)) for route in plan.routes))
    missed = [each.as_json() for each in plan.unplanned]
    session.add(
        PlanRow(code=code, week=plan.week, scope=plan.scope, input_digest=input_digest, made_at=now(), current=True, unplanned=missed)
    )
    session.flush()
    session.add_all(_row(route, code) for route in coded.routes)
    figures = {"routes": len(plan.routes), "stops": len(plan.stops), "unplanned": len(plan.unplanned), "metres": plan.metres}
    journal.record(session, "routes.plan", code, week=plan.week, scope=plan.scope, **figures)
    return coded


def remember_manifest(session: Session, route: str, path: str) -> None:
    """Note where the route's manifest stands."""
    row = session.get(RouteRow, route)
    assert row is not None, "a route of the current plan"
    if row.manifest != path:
        row.manifest = path
        journal.record(session, "routes.manifest", route, file=path)


def hand_over(session: Session, week: str, route: PlannedRoute) -> int:
    """Mark the route and its packets as handed over to the driver; answers how many packets moved. Twice changes nothing.

    Raises NotAllowed where the packets of a village are no longer those of the plan.
    """
    row = session.get(RouteRow, route.code)
    assert row is not None, "a route of the current plan"
    if row.handed_over_at is not None:
        return 0
    packets = [packet for stop in route.stops if stop.packets_out for packet in _packets_of(session, week, stop)]
    for packet in packets:
        packet.state = move(PacketState(packet.state), PacketEvent.HAND_OVER).value
    row.handed_over_at = now()
    journal.record(session, "routes.handover", route.code, packets=len(packets))
    return len(packets)


def _packets_of(session: Session, week: str, stop: Stop) -> list[Packet]:
    """The village's packets that still stand at the office; all that travel must be as many as the manifest says."""
    packets = list(
        session.scalars(select(Packet).where(Packet.week == week, Packet.kato == stop.kato, Packet.state != PacketState.VOID.value))
    )
    if len(packets) != stop.packets_out:
        raise NotAllowed(
            _("The plan counts {planned} packets for {kato}, but {built} are built now.").format(
                planned=stop.packets_out, kato=stop.kato, built=len(packets)
            ),
            _("Run `poshta routes plan --week {week}` and print the manifests again.").format(week=week),
        )
    return [packet for packet in packets if packet.state == PacketState.BUILT.value]


def _current(session: Session, week: str) -> PlanRow | None:
    return session.scalars(select(PlanRow).where(PlanRow.week == week, PlanRow.current)).one_or_none()


def _routes(session: Session, plan: str) -> list[RouteRow]:
    """The routes of a plan by office, date and vehicle."""
    return list(session.scalars(select(RouteRow).where(RouteRow.plan == plan).order_by(RouteRow.office, RouteRow.date, RouteRow.code)))


def _row(route: PlannedRoute, plan: str) -> RouteRow:
    return RouteRow(
        code=route.code,
        plan=plan,
        office=route.office,
        day=route.day,
        date=date.fromisoformat(route.date),
        vehicle=route.vehicle,
        definition=route.as_json(),
    )

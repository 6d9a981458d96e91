"""Plans in the database: stored, superseded, read again, handed over. routing/commands opens the sessions.

A plan's code is the week's and a letter that counts its revisions, 26W41A; a route's code adds office, vehicle and day: 26W41A-150400-1-MON.
Routes of a plan that is superseded stay under their own codes, so that paper printed from it can be told apart. A route that is handed over
is in force for ever, whichever plan it comes from: the week is planned anew around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from records import journal
from records.calendar import StudyWeek, now
from records.errors import NotAllowed, NotFound
from records.language import _
from records.lifecycle import PacketEvent, PacketState, move
from records.road import road_route
from records.road_events import note_handover, packets_on
from records.schema import Packet
from records.schema import Plan as PlanRow
from records.schema import Route as RouteRow
from routing import manifest_book
from routing.manifest import Manifest
from routing.plan import Plan, PlannedRoute, Stop, Unplanned
from routing.stops import added_packets, nothing_built
from routing.waiting import waited

_AT_OFFICE = Packet.state == PacketState.BUILT.value


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
    routes = tuple(PlannedRoute.from_json(route.definition) for route in _routes(session, row))
    return Plan(week, row.scope, routes, tuple(Unplanned.from_json(each) for each in row.unplanned), row.code)


def unchanged(session: Session, week: str, input_digest: str) -> bool:
    """Whether the plan in force was made from this very input."""
    row = _current(session, week)
    return row is not None and row.input_digest == input_digest


def under_way(session: Session, week: str) -> tuple[PlannedRoute, ...]:
    """The week's routes that are handed over, of whichever plan: they stay exactly as they are."""
    row = _current(session, week)
    routes = [] if row is None else _routes(session, row)
    return tuple(PlannedRoute.from_json(route.definition) for route in routes if route.handed_over_at is not None)


def all_under_way(session: Session, week: str) -> bool:
    """Whether the week has a plan that leaves nothing to do: every route is handed over, and no village is left out."""
    row = _current(session, week)
    return row is not None and not row.unplanned and all(route.handed_over_at is not None for route in _routes(session, row))


def save(session: Session, plan: Plan, input_digest: str) -> Plan:
    """Store the plan as the one in force and answer it with its codes; routes that have one keep it: those under way, and of a plan that was
    changed only in part those that stay as they are.

    Raises NotAllowed where a route was handed over, or the week planned anew, since the plan was begun.
    """
    _require_all_kept(session, plan)
    earlier = _current(session, plan.week)
    if earlier is not None:
        earlier.current = False
    manifest_book.release_superseded(session, plan.week, {route.code for route in plan.routes})
    revision = 1 + (session.scalar(select(func.count()).select_from(PlanRow).where(PlanRow.week == plan.week)) or 0)
    code = plan_code(plan.week, revision)
    coded = replace(plan, code=code, routes=tuple(_coded(route, code) for route in plan.routes))
    missed = [each.as_json() for each in plan.unplanned]
    session.add(
        PlanRow(code=code, week=plan.week, scope=plan.scope, input_digest=input_digest, made_at=now(), current=True, unplanned=missed)
    )
    session.flush()
    _carry_over(session, plan, earlier, code)
    session.add_all(_row(route, code) for route, draft in zip(coded.routes, plan.routes, strict=True) if not draft.code)
    figures = {"routes": len(plan.routes), "stops": len(plan.stops), "unplanned": len(plan.unplanned), "metres": plan.metres}
    journal.record(session, "routes.plan", code, week=plan.week, scope=plan.scope, **figures)
    return coded


def hand_over(session: Session, week: str, route: PlannedRoute) -> int:
    """Mark the route and its packets as handed over to the driver; answers how many packets moved. Twice changes nothing.

    Raises NotAllowed where the packets of a village are no longer those of the plan.
    """
    row = session.get(RouteRow, route.code)
    assert row is not None, "a route of the current plan"
    if row.handed_over_at is not None:
        return 0
    bags = bags_of(session, week, route)
    row.handed_over_at = now()
    manifest_book.close(session, route.code, bags, row.handed_over_at)
    moved = give_out(session, route.code, bags, row.handed_over_at)
    journal.record(session, "routes.handover", route.code, packets=moved)
    return moved


def hand_over_supplement(session: Session, manifest: Manifest) -> int:
    """Close a supplement and mark its packets as handed over; answers how many moved. Twice changes nothing."""
    if manifest_book.is_closed(session, manifest.code):
        return 0
    bags, at = manifest_book.bags_of(session, manifest.code), now()
    manifest_book.close(session, manifest.code, bags, at)
    moved = give_out(session, manifest.code, bags, at)
    if moved != manifest.route.packets_out:
        raise NotAllowed(
            _("The supplement {manifest} counts {planned} packets, but {built} stand at the office now.").format(
                manifest=manifest.code, planned=manifest.route.packets_out, built=moved
            ),
            _("Run `poshta routes supplement --week {week} --route {route}` to print it again.").format(
                week=manifest.week, route=manifest.first
            ),
        )
    journal.record(session, "routes.handover", manifest.code, packets=moved)
    return moved


def give_out(session: Session, route: str, bags: Mapping[int, Sequence[str]], at: datetime) -> int:
    """Let the packets of these bags, by stop, that stand at the office be with the driver; answers how many did."""
    codes = [code for bag in bags.values() for code in bag]
    at_office = {packet.code: packet for packet in session.scalars(select(Packet).where(Packet.code.in_(codes), _AT_OFFICE))}
    for packet in at_office.values():
        packet.state = move(PacketState(packet.state), PacketEvent.HAND_OVER).value
    note_handover(session, route, {stop: [code for code in bag if code in at_office] for stop, bag in bags.items()}, at)
    return len(at_office)


def bags_of(session: Session, week: str, route: PlannedRoute) -> dict[int, tuple[str, ...]]:
    """The packets that travel with a route of the plan in force, by stop; raises NotAllowed where they are not as many as the plan counts."""
    row = session.get(RouteRow, route.code)
    if row is not None and row.handed_over_at is not None:
        road = road_route(session, route.code)
        return {stop.order: tuple(packets_on(session, road, road.stop(stop.order))) for stop in route.stops if stop.packets_out}
    gone = {stop.kato for kept in under_way(session, week) for stop in kept.stops if stop.packets_out}
    return {stop.order: _packets_of(session, week, stop, stop.kato in gone) for stop in route.stops if stop.packets_out}


def _require_all_kept(session: Session, plan: Plan) -> None:
    missing = [route.code for route in under_way(session, plan.week) if route not in plan.routes]
    if missing:
        raise NotAllowed(
            _("The route {route} was handed over while the week was planned. Nothing was saved.").format(route=missing[0]),
            _("Run `poshta routes plan --week {week}` again.").format(week=plan.week),
        )


def _carry_over(session: Session, plan: Plan, earlier: PlanRow | None, code: str) -> None:
    """Let the open routes that stay as they are belong to the new plan."""
    for route in plan.routes:
        row = session.get(RouteRow, route.code) if route.code else None
        if row is None or row.handed_over_at is not None:
            continue
        if earlier is None or row.plan != earlier.code or PlannedRoute.from_json(row.definition) != route:
            raise NotAllowed(
                _("The week was planned anew meanwhile. Nothing was saved."),
                _("Run `poshta routes plan --week {week}` again.").format(week=plan.week),
            )
        row.plan = code


def _coded(route: PlannedRoute, plan: str) -> PlannedRoute:
    return route if route.code else replace(route, code=route_code(plan, route))


def _packets_of(session: Session, week: str, stop: Stop, gone: bool) -> tuple[str, ...]:
    """The village's packets that travel; they must be as many as the plan says.

    `gone`: others of the village left on another route; of those that remain, only what stands at the office is counted.
    """
    wanted = select(Packet.code).where(Packet.week == week, Packet.kato == stop.kato, Packet.code.not_in(added_packets()))
    wanted = wanted.where(_AT_OFFICE if gone else Packet.state != PacketState.VOID.value).order_by(Packet.code)
    packets = tuple(sorted([*session.scalars(wanted), *(code for code, _grams in waited(session, week).get(stop.kato, ()))]))
    if len(packets) != stop.packets_out:
        raise NotAllowed(
            _("The plan counts {planned} packets for {kato}, but {built} are built now.").format(
                planned=stop.packets_out, kato=stop.kato, built=len(packets)
            ),
            _("Run `poshta routes plan --week {week}` and print the manifests again.").format(week=week),
        )
    return packets


def _current(session: Session, week: str) -> PlanRow | None:
    return session.scalars(select(PlanRow).where(PlanRow.week == week, PlanRow.current)).one_or_none()


def _routes(session: Session, plan: PlanRow) -> list[RouteRow]:
    """The routes in force by office, date and vehicle: those of the plan, and those of earlier plans that are under way."""
    in_force = or_(RouteRow.plan == plan.code, RouteRow.handed_over_at.is_not(None))
    wanted = select(RouteRow).join(PlanRow, PlanRow.code == RouteRow.plan).where(PlanRow.week == plan.week, in_force)
    return list(session.scalars(wanted.order_by(RouteRow.office, RouteRow.date, RouteRow.vehicle)))


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

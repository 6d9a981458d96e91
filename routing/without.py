"""What a week has to do without: a vehicle, a road, a village, as `routes replan --without` names them. Pure.

routing/replan keeps to it; routing/request's Request carries it, so that a plan knows what it was made without.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from records.calendar import WEEKDAYS
from records.errors import NotFound, UsageRefused
from records.language import _
from routing.closed import ClosedWay
from routing.fleet import Fleet
from routing.plan import Plan
from routing.roads import Roads
from routing.stops import Call

Van = tuple[str, str]  # office and vehicle


@dataclass(frozen=True, slots=True)
class Without:
    """Vehicles, roads (both ways) and villages that are not to be counted on."""

    vehicles: tuple[Van, ...] = ()
    legs: tuple[tuple[str, str], ...] = ()
    villages: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """As the command line says it, in order."""
        vans = [f"vehicle:{office}/{vehicle}" for office, vehicle in self.vehicles]
        return tuple(sorted([*vans, *(f"leg:{start}-{end}" for start, end in self.legs), *(f"village:{kato}" for kato in self.villages)]))

    def fleet(self, fleet: Fleet) -> Fleet:
        """The fleet without its vehicles."""
        return replace(fleet, days=tuple(each for each in fleet.days if (each.office, each.vehicle) not in self.vehicles))

    def roads(self, roads: Roads) -> Roads:
        """The roads with its legs closed on all days."""
        closed = tuple(ClosedWay(start, end, WEEKDAYS) for start, end in self.legs)
        return replace(roads, closed=(*roads.closed, *closed))


def parse(words: Iterable[str]) -> Without:
    """What the options say; raises UsageRefused for what is none of the three."""
    found: dict[str, list[tuple[str, str]]] = {"vehicle": [], "leg": [], "village": []}
    for word in words:
        kind, _colon, rest = (part.strip() for part in word.partition(":"))
        first, sign, second = (part.strip() for part in rest.partition({"vehicle": "/", "leg": "-"}.get(kind, "\0")))
        if kind not in found or not first or bool(second) != (kind != "village") or bool(sign) != (kind != "village"):
            raise UsageRefused(
                _("«{word}» in --without is not understood.").format(word=word),
                _("Write vehicle:OFFICE/VEHICLE, leg:FROM-TO or village:KATO."),
            )
        found[kind].append((first, second))
    vehicles, legs, villages = (tuple(dict.fromkeys(each)) for each in found.values())
    return Without(vehicles, tuple(dict.fromkeys(_ends(leg) for leg in legs)), tuple(kato for kato, _empty in villages))


def _ends(leg: tuple[str, str]) -> tuple[str, str]:
    return (leg[0], leg[1]) if leg[0] <= leg[1] else (leg[1], leg[0])


def require_known(without: Without, plan: Plan, calls: Sequence[Call], fleet: Fleet) -> None:
    """Raise NotFound for what is not of this week: a slip of the pen would otherwise change nothing, in silence."""
    vans = {(each.office, each.vehicle) for each in fleet.days} | {(route.office, route.vehicle) for route in plan.routes}
    offices = {route.office for route in plan.routes} | set(fleet.depots) | {depot.kato for depot in fleet.depots.values()}
    villages = {call.kato for call in calls}
    passed = {kato for route in plan.routes for stop in route.stops for kato in stop.via}
    for office, vehicle in without.vehicles:
        if (office, vehicle) not in vans:
            known = ", ".join(sorted(name for index, name in vans if index == office))
            hint = (
                _("Its vehicles are: {names}.").format(names=known) if known else _("`poshta vehicles list` shows every office's vehicles.")
            )
            raise NotFound(_("The office {office} has no vehicle {vehicle} this week.").format(office=office, vehicle=vehicle), hint)
    for place in (*without.villages, *(end for leg in without.legs for end in leg)):
        if place not in villages and (place in without.villages or place not in offices | passed):
            raise NotFound(
                _("{place} is no village with packets this week, and no office.").format(place=place),
                _("`poshta routes export --week {week}` lists the villages and offices of the plan.").format(week=plan.week),
            )

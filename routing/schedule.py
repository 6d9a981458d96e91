"""Packets on the post's existing routes: who rides with which run, what detour a village is worth, and what is left over with a reason. Pure.

A village's visit rides with the earliest run that calls there on one of its mail days, as long as the run keeps its vehicle's day and the share of
the payload that ordinary mail leaves free. What is left may be called at on a detour, the cheapest first. The van drives its route to the end
whether or not packets ride with it. routing/request plans what is left over, or tells it; routing/verify_schedule judges.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from records.calendar import WEEKDAYS
from records.errors import Complaint
from records.language import N_, _
from routing.fleet import Depot, Fleet
from routing.plan import PlannedRoute, Unplanned
from routing.ride import Ground, Ride, free_grams, ground_of
from routing.roads import Roads
from routing.runs import Run, Schedule, Week
from routing.scopes import Scope, area
from routing.stops import Call, deal_visits

Details = tuple[tuple[str, str | int], ...]


@dataclass(slots=True)
class Riding:
    """What rides where so far."""

    ground: Ground
    rides: dict[Run, Ride]


@dataclass(frozen=True, slots=True)
class Score:
    """What a run carries, and what it drives and works for that beyond its own route."""

    route: PlannedRoute
    free_grams: int
    extra_metres: int
    extra_minutes: int


@dataclass(frozen=True, slots=True)
class Carried:
    """The runs that carry packets, and the calls that none carries whole, each visit with its reason."""

    scores: tuple[Score, ...]
    left: tuple[Unplanned, ...]
    complaints: tuple[Complaint, ...] = ()

    @property
    def routes(self) -> tuple[PlannedRoute, ...]:
        """The runs as routes."""
        return tuple(score.route for score in self.scores)


def carried(calls: Sequence[Call], schedule: Schedule, week: Week, fleet: Fleet, roads: Roads) -> Carried:
    """The week's packets on the existing routes, area by area: a detour leads to villages of the run's own district only."""
    depots = {run.route.office: fleet.depots[run.route.office] for run in week.runs}
    runs: dict[str, list[Run]] = defaultdict(list)
    for run in week.runs:
        runs[_area(depots[run.route.office])].append(run)
    on_route = {kato: _area(depots[run.route.office]) for run in reversed(week.runs) for kato in run.calls}
    scores: list[Score] = []
    left: list[Unplanned] = []
    unfit: dict[Run, str] = {}
    for name in sorted({*runs, *(_home(call, on_route, depots) for call in calls)}):
        mine = [call for call in calls if _home(call, on_route, depots) == name]
        riding = _ride(mine, runs[name], ground_of(mine, runs[name], schedule, depots, roads))
        scores += [_score(riding.ground, ride) for ride in riding.rides.values() if ride.visits]
        left += _left_over(mine, schedule, week, riding)
        unfit |= {run: riding.ground.fault(Ride(run, run.calls, {})) for run in runs[name] if run not in riding.rides}
    scores.sort(key=lambda score: (score.route.office, score.route.date, score.route.vehicle))
    return Carried(tuple(scores), tuple(sorted(left, key=lambda each: (each.kato, each.visit))), _unfit(unfit))


UNFIT = {
    "too_far": N_("The existing route {route} of the office {office} takes longer than its vehicle's day, by the roads as they are known."),
    "no_road": N_("The existing route {route} of the office {office} leads where no road is known."),
    "closed": N_("The existing route {route} of the office {office} leads over a road that is closed this week."),
}


def _unfit(runs: Mapping[Run, str]) -> tuple[Complaint, ...]:
    """One complaint for each route that cannot be counted on, on whatever days."""
    told = {(run.route.office, run.route.name): fault for run, fault in runs.items()}
    hint = _("No packet rides on it then; its villages are told as left over, or planned otherwise.")
    return tuple(
        Complaint("schedule_unfit", _(UNFIT[fault]).format(route=name, office=office), hint, value=f"{office} {name}", refused=False)
        for (office, name), fault in sorted(told.items())
    )


def _area(depot: Depot) -> str:
    return area(depot.kato, Scope.DISTRICT)


def _home(call: Call, on_route: Mapping[str, str], depots: Mapping[str, Depot]) -> str:
    """Where the call is looked at: with the runs that call there, else with its office's, else with those of its district."""
    if call.kato in on_route:
        return on_route[call.kato]
    return _area(depots[call.office]) if call.office in depots else area(call.kato, Scope.DISTRICT)


def _ride(calls: Sequence[Call], runs: Sequence[Run], ground: Ground) -> Riding:
    """Every visit on the earliest run that can take it, and then what is left on the cheapest detour."""
    able = [run for run in runs if not ground.fault(Ride(run, run.calls, {}))]
    riding = Riding(ground, {run: Ride(run, run.calls, {}) for run in able})
    visits = [visit for call in calls for visit in _dealt(call, able)]
    for run in able:
        _load(riding, run, [visit for visit in visits if visit.kato in run.calls and run.vehicle.day in visit.days])
        visits = [visit for visit in visits if visit not in riding.rides[run].visits.values()]
    for visit in sorted(visits, key=lambda each: (-each.packets_out, each.kato, each.visit)):
        _call_on_detour(riding, visit)
    return riding


def _dealt(call: Call, runs: Iterable[Run]) -> list[Call]:
    """The call's visits on the days of the runs that call there; where there are too few days, the first ones of all."""
    days = {run.vehicle.day for run in runs if call.kato in run.calls}
    possible = tuple(day for day in call.days if day in days) or call.days
    if not possible:
        return []
    dealt = deal_visits(call, possible)
    if len(dealt) == call.visits:
        return dealt
    return [*dealt[:-1], replace(dealt[-1], packets_back=0, grams_back=0)]


def _load(riding: Riding, run: Run, visits: Sequence[Call]) -> None:
    """Let as many of the visits ride as the run can take, the largest first."""
    places = {kato: place for place, kato in reversed(list(enumerate(run.calls)))}
    for visit in sorted(visits, key=lambda each: (-each.packets_out, each.kato, each.visit)):
        ride = riding.rides[run]
        longer = replace(ride, visits={**ride.visits, places[visit.kato]: visit})
        if places[visit.kato] not in ride.visits and not riding.ground.fault(longer):
            riding.rides[run] = longer


def _call_on_detour(riding: Riding, visit: Call) -> None:
    """Put the village into the run where it costs the fewest metres, if they are few enough and no rule is broken."""
    offers = []
    for number, (run, ride) in enumerate(riding.rides.items()):
        if run.vehicle.day not in visit.days or visit.kato in ride.walk:
            continue
        for place, extra in enumerate(riding.ground.detours(run, ride.walk, visit.kato)):
            if extra <= min(riding.ground.settings.detour_metres, math.inf if visit.worth is None else visit.worth):
                offers.append((extra, number, place, run))
    for _extra, _number, place, run in sorted(offers, key=lambda offer: offer[:3]):
        longer = _with(riding.rides[run], visit, place)
        if not riding.ground.fault(longer):
            riding.rides[run] = longer
            return


def _with(ride: Ride, visit: Call, place: int) -> Ride:
    moved = {spot + (spot >= place): each for spot, each in ride.visits.items()}
    return replace(
        ride, walk=(*ride.walk[:place], visit.kato, *ride.walk[place:]), visits={**moved, place: visit}, detours=ride.detours + 1
    )


def _score(ground: Ground, ride: Ride) -> Score:
    alone = Ride(ride.run, ride.run.calls, {})
    extra = ground.metres(ride) - ground.metres(alone), ground.minutes(ride) - ground.minutes(alone)
    return Score(ground.written(ride), free_grams(ride.run, ground.settings), *extra)


def _left_over(calls: Sequence[Call], schedule: Schedule, week: Week, riding: Riding) -> list[Unplanned]:
    """Each visit that no run makes, with its reason; a village without any is told as a whole."""
    made = {(visit.kato, visit.visit) for ride in riding.rides.values() for visit in ride.visits.values()}
    found = []
    for call in calls:
        missing = [number for number in range(1, call.visits + 1) if (call.kato, number) not in made]
        if missing:
            reason, details = _why(call, schedule, week, riding)
            whole = len(missing) == call.visits
            found += [Unplanned(call.kato, reason, number, call.visits, details) for number in ([0] if whole else missing)]
    return found


def _why(call: Call, schedule: Schedule, week: Week, riding: Riding) -> tuple[str, Details]:
    """The first thing that keeps the existing routes from the village."""
    ground = riding.ground
    named = [route for route in schedule.routes if any(each.kato == call.kato for each in route.calls)]
    if not named:
        return "no_route", (("detour", ground.settings.detour_metres),)
    runs = [run for run in week.runs if call.kato in run.calls]
    if not runs and not schedule.known(call.kato) and any(run.route in named for run in week.runs):
        return "no_road", (("known", int(call.lat is not None)),)
    if not runs:
        return "no_vehicle", (("schedule", named[0].name),)
    days = {run.vehicle.day for run in runs}
    meant = [run for run in runs if run.vehicle.day in call.days]
    if not meant:
        driven = ",".join(day for day in WEEKDAYS if day in days)
        return "no_mail_day", (("mail_days", ",".join(call.days)), ("driven", driven))
    faults = [ground.fault(_only(run, call)) for run in meant]
    if call.visits > 1 and not all(faults):
        return "no_mail_day", (("visits", call.visits), ("possible", len(days.intersection(call.days))))
    details: dict[str, Details] = {
        "too_far": (("needed", ground.minutes(_only(meant[0], call))), ("longest", meant[0].vehicle.minutes)),
        "closed": (("closed_days", meant[0].vehicle.day),),
        "no_road": (("known", int(call.lat is not None)),),
        "over_capacity": (("needed", max(call.grams_out, call.grams_back)),),
    }
    reason = faults[0] or "over_capacity"
    return reason, details[reason]


def _only(run: Run, call: Call) -> Ride:
    """The run with this village's packets alone."""
    return Ride(run, run.calls, {run.calls.index(call.kato): call})

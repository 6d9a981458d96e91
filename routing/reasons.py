"""Why a village is on no route: the causes that stand before planning, and the sentence for each.

A cause is named alone where removing it alone would let a vehicle come. routing/attempt asks before it plans; routing/repair asks for
what the solver left over. Pure but for the language of the sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from records.calendar import WEEKDAYS, day_names
from records.language import N_, _
from routing.closed import closed_days
from routing.hours import driven, longest_work, rested
from routing.plan import Unplanned
from routing.roads import NO_ROAD
from routing.scopes import Model
from routing.stops import Call, deal_visits

Flags = npt.NDArray[np.bool_]
CAUSES = ("closed", "no_road", "no_mail_day", "over_capacity", "too_far")
CAUSE_WORDS = {
    "closed": N_("the road is closed this week"),
    "no_road": N_("no road is known"),
    "no_mail_day": N_("the mail days do not fit"),
    "over_capacity": N_("the load is too heavy"),
    "too_far": N_("the way is too far for a day"),
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Which vehicle-days can make which call by itself, there and back: bool (vehicle-days, calls) for each cause; True: no obstacle."""

    clear: dict[str, Flags]
    needed: npt.NDArray[np.int64]  # minutes of the lone trip

    def free(self) -> Flags:
        """Where nothing stands in the way."""
        return self.but("")

    def but(self, cause: str) -> Flags:
        """Where nothing stands in the way but perhaps `cause`."""
        free: Flags = np.logical_and.reduce([flags for name, flags in self.clear.items() if name != cause])
        return free


def reach(model: Model, service_minutes: int) -> Reach:
    """Each vehicle-day against each call of the model."""
    row_of = {depot.index: row for row, depot in enumerate(model.depots)}
    start = np.array([row_of[each.office] for each in model.fleet], dtype=np.int64)
    villages = len(model.depots) + np.arange(len(model.calls))
    there, back = model.roads.minutes[np.ix_(start, villages)], model.roads.minutes[np.ix_(villages, start)].T
    speeds = [each.speed for each in model.fleet]
    if len({*speeds, 1.0}) > 1:
        there, back = (np.array([driven(row, speed) for row, speed in zip(way, speeds, strict=True)]) for way in (there, back))
    needed = there + back + service_minutes
    driving = np.array([[day == each.day for day in WEEKDAYS] for each in model.fleet], dtype=np.int64).reshape(-1, 7)
    wanted = np.array([[day in call.days for day in WEEKDAYS] for call in model.calls], dtype=np.int64).reshape(-1, 7)
    payload = np.array([each.payload_grams for each in model.fleet], dtype=np.int64)
    heaviest = np.array([max(call.grams_out, call.grams_back) for call in model.calls], dtype=np.int64)
    limit = np.array([longest_work(each) for each in model.fleet], dtype=np.int64)
    road = (there < NO_ROAD) & (back < NO_ROAD)
    clear = {
        "closed": _not_closed(model, start, villages),
        "no_road": road,
        "no_mail_day": driving @ wanted.T > 0,
        "over_capacity": payload[:, None] >= heaviest,
        "too_far": (needed <= limit[:, None]) | ~road,
    }
    return Reach(clear, needed)


def _not_closed(model: Model, start: npt.NDArray[np.int64], villages: npt.NDArray[np.int64]) -> Flags:
    """Where the direct way there and back is open, or at least some way in and some way out by another place, for the search to find."""
    clear = np.ones((len(model.fleet), len(model.calls)), dtype=np.bool_)
    for day, mask in model.shut.items():
        usable = ~mask & (model.roads.minutes < NO_ROAD) & ~np.eye(len(mask), dtype=np.bool_)
        ways = np.logical_or.reduce(usable[:, villages], axis=0) & np.logical_or.reduce(usable[villages], axis=1)
        rows = [row for row, each in enumerate(model.fleet) if each.day == day]
        direct: Flags = ~(mask[np.ix_(start[rows], villages)] | mask[np.ix_(villages, start[rows])].T)
        clear[rows] = direct | (ways & np.bool_(len(model.calls) > 1))
    return clear


def sort_out(model: Model, service_minutes: int) -> tuple[list[Call], list[Unplanned]]:
    """The visits that some vehicle-day can make, and the calls that none can, each with its reason."""
    if not model.fleet:
        return [], [Unplanned(call.kato, "no_vehicle", 0, call.visits, (("area", model.area),)) for call in model.calls]
    grid = reach(model, service_minutes)
    fits, sometimes = grid.free(), grid.but("closed")
    days = np.array([each.day for each in model.fleet])
    visits: list[Call] = []
    unplanned: list[Unplanned] = []
    for column, call in enumerate(model.calls):
        possible, otherwise = set(days[fits[:, column]].tolist()), set(days[sometimes[:, column]].tolist())
        if not possible:
            unplanned.append(_obstacle(model, grid, column))
            continue
        wanted = (
            possible if call.visits > 1 else otherwise
        )  # a single visit keeps its closed days: should it find no place, they are the reason
        dealt = deal_visits(call, tuple(day for day in call.days if day in wanted))
        visits += dealt
        for number in range(len(dealt) + 1, call.visits + 1):
            closed = number <= min(call.visits, len(otherwise))
            unplanned.append(_closed(model, column, number) if closed else _too_few_days(call, number, len(dealt)))
    return visits, unplanned


def _closed(model: Model, column: int, number: int) -> Unplanned:
    call = model.calls[column]
    return Unplanned(call.kato, "closed", number, call.visits, _days_closed(model, column))


def _days_closed(model: Model, column: int) -> tuple[tuple[str, str | int], ...]:
    return (("closed_days", ",".join(closed_days(model.shut, len(model.depots) + column))),)


def _obstacle(model: Model, grid: Reach, column: int) -> Unplanned:
    """The one cause whose removal lets some vehicle come; where several must go at once, the first, with the others beside it."""
    call = model.calls[column]
    for cause in CAUSES:
        others = grid.but(cause)[:, column]
        if others.any():
            return Unplanned(call.kato, cause, 0, call.visits, _details(model, grid, column, cause, others))
    left = [cause for cause in CAUSES if not grid.clear[cause][:, column].all()]
    first = next((cause for cause in left if not grid.clear[cause][:, column].any()), left[0])
    everyone = np.ones(len(model.fleet), dtype=np.bool_)
    also = ",".join(cause for cause in left if cause != first)
    return Unplanned(call.kato, first, 0, call.visits, (*_details(model, grid, column, first, everyone), ("also", also)))


def _details(model: Model, grid: Reach, column: int, cause: str, vehicles: Flags) -> tuple[tuple[str, str | int], ...]:
    """The figures of the sentence, over the vehicle-days that nothing else keeps away."""
    call = model.calls[column]
    if cause == "closed":
        return _days_closed(model, column)
    able = [row for row, fits in enumerate(vehicles) if fits]
    if cause == "no_road":
        return (("known", int(call.lat is not None)),)
    if cause == "no_mail_day":
        return (("mail_days", ",".join(call.days)), ("driven", _days_of({model.fleet[row].day for row in able})))
    if cause == "over_capacity":
        return (("needed", max(call.grams_out, call.grams_back)), ("largest", max(model.fleet[row].payload_grams for row in able)))
    drivable = [row for row in able if grid.needed[row, column] < NO_ROAD] or able
    shortest = min(drivable, key=lambda row: int(grid.needed[row, column] - longest_work(model.fleet[row])))
    needed, day = int(grid.needed[shortest, column]), model.fleet[shortest]
    return (("needed", needed + rested(needed, day)), ("longest", day.minutes))


def _too_few_days(call: Call, number: int, days: int) -> Unplanned:
    return Unplanned(call.kato, "no_mail_day", number, call.visits, (("visits", call.visits), ("possible", days)))


def _days_of(days: set[str]) -> str:
    return ",".join(day for day in WEEKDAYS if day in days)


def sentence(each: Unplanned) -> str:
    """Why, and what would help, in the language of the person at the desk."""
    details = dict(each.details)
    text = _sentence(each.reason, details)
    others = [cause for cause in str(details.get("also", "")).split(",") if cause]
    if others:
        text += " " + _("Besides: {causes}.").format(causes=", ".join(_(CAUSE_WORDS[cause]) for cause in others))
    if each.visits > 1 and each.visit > 0:
        text += " " + _("This concerns visit {visit} of {visits}.").format(visit=each.visit, visits=each.visits)
    return text


def duration(minutes: int) -> str:
    """Minutes as a person says them: 11 h 20 min."""
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def kilograms(grams: int) -> str:
    """Grams as kilograms with one decimal, rounded half up."""
    return f"{(grams + 50) // 100 / 10:.1f}"


def _sentence(reason: str, details: dict[str, str | int]) -> str:
    sentences = {
        "no_road": _no_road,
        "closed": _closed_way,
        "no_mail_day": _no_mail_day,
        "over_capacity": _over_capacity,
        "no_vehicle": _no_vehicle,
        "no_route": _no_route,
        "too_far": _too_far,
        "may_wait": _may_wait,
    }
    return sentences[reason](details)


def _days(listed: str | int) -> list[str]:
    """The days of `mon,thu`."""
    return [day for day in str(listed).split(",") if day]


def _may_wait(details: dict[str, str | int]) -> str:
    allowed = f"{int(details['worth']) / 1000:.1f}"
    if int(details["more"]) < 0:
        return _("Its packets may wait: no vehicle has room for it this week. Next week they travel with the new ones.")
    return _(
        "Its packets may wait: a call would cost {more} km, and {worth} km are allowed. Next week they travel with the new ones."
    ).format(more=f"{int(details['more']) / 1000:.1f}", worth=allowed)


def _closed_way(details: dict[str, str | int]) -> str:
    if "asked" in details:
        return _("It was left out on purpose when the week was planned anew. `poshta routes plan` plans it again.")
    return _("The way there is closed on {days}. `poshta routes closures` lists what is closed and until when.").format(
        days=day_names(_days(details["closed_days"]))
    )


def _too_far(details: dict[str, str | int]) -> str:
    needed, longest = duration(int(details["needed"])), duration(int(details["longest"]))
    text = _("Too far for a day: there, the stop and back need {needed}; the longest day of a vehicle is {longest}.").format(
        needed=needed, longest=longest
    )
    if "night" in details:
        text += " " + _("A trip with a night could reach it: `poshta routes plan --overnight`.")
    return text


def _no_road(details: dict[str, str | int]) -> str:
    if details["known"]:
        return _(
            "No road is known: every office lies beyond the reach of the estimate, has no coordinates, or the matrix says that there is none."
        )
    return _("The village has no coordinates, and no matrix tells the way to it. Add lat and lon to the list of settlements.")


def _no_mail_day(details: dict[str, str | int]) -> str:
    if "visits" in details:
        return _("Visits wanted a week: {visits}; mail days on which a vehicle can come: {possible}.").format(
            visits=details["visits"], possible=details["possible"]
        )
    if not details["mail_days"]:
        return _("The list of settlements says that no post comes to this village on any day.")
    return _("Its mail days are {mail_days}; a vehicle could come on: {driven}.").format(
        mail_days=day_names(_days(details["mail_days"])), driven=day_names(_days(details["driven"]))
    )


def _over_capacity(details: dict[str, str | int]) -> str:
    if "largest" in details:
        return _("{needed} kg are more than the largest vehicle that can come carries: {largest} kg.").format(
            needed=kilograms(int(details["needed"])), largest=kilograms(int(details["largest"]))
        )
    return _("The vehicles that can come are full: there is no room for another {needed} kg.").format(
        needed=kilograms(int(details["needed"]))
    )


def _no_route(details: dict[str, str | int]) -> str:
    return _("No existing route calls there, and none comes so near that a detour of {km} km would do.").format(
        km=f"{int(details['detour']) / 1000:.0f}"
    )


def _no_vehicle(details: dict[str, str | int]) -> str:
    if "schedule" in details:
        return _("The existing route {route} that calls there has no vehicle on its days this week.").format(route=details["schedule"])
    if "office" in details:
        return _("Every vehicle that can come is busy on all its days. One more day of a vehicle of the office {office} would do.").format(
            office=details["office"]
        )
    if details["area"]:
        return _("No vehicle with a known office drives in {area} this week.").format(area=details["area"])
    return _("No vehicle with a known office drives this week.")

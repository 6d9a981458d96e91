"""A road server's legs for the places of a week: out of the home's cache, the rest asked for in blocks; what goes wrong is told, never hidden.

routing/commands lays them over a request before it is planned. The server is asked only for legs within `too_far_metres`. Where it is down, slow or
answers nonsense, those legs stay with the estimate and the week is planned all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from records.errors import Complaint
from records.language import _, ngettext
from records.settings import RouteSettings
from records.terminal import Ticker
from routing.osrm import FAILURES, REFUSING, Point, Server, ServerFailed, TooManyPlaces, table
from routing.osrm_cache import Cache, cache
from routing.osrm_judge import Verdict, judge
from routing.request import Request
from routing.roads import Place, RoadMatrix
from routing.scopes import Scope, parts, places_of
from settlements.distance import pairwise

NAMED = 10  # places in one complaint
GIVE_UP = 2  # blocks in a row without an answer: the server is not asked again in this run
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Asking:
    """One run's talk with the server: the failures, and how many legs could not be had or taken."""

    server: Server
    block: int
    failures: list[ServerFailed] = field(default_factory=list)
    in_a_row: int = 0
    lost: int = 0
    refused: Counter[Verdict] = field(default_factory=Counter)
    far: list[str] = field(default_factory=list)  # places that lie far from every road of the server

    @property
    def given_up(self) -> bool:
        """Whether the server is left alone now."""
        return self.in_a_row >= GIVE_UP


def with_server(
    home: Path, request: Request, scope: Scope | None = None, tick: Ticker | None = None
) -> tuple[Request, tuple[Complaint, ...]]:
    """The request with the road server's legs laid under the user's matrix, and what is to be told of the server; `tick` counts areas.

    `scope`: how widely legs are wanted, where that is not the request's own. Without `routes.osrm_url` the request is answered as it is.
    """
    settings = request.roads.settings
    if not settings.osrm_url:
        return request, ()
    server = Server(settings.osrm_url, settings.osrm_profile, settings.osrm_timeout_seconds, settings.osrm_tries)
    asking = Asking(server, settings.osrm_block)
    found: list[RoadMatrix] = []
    with cache(home, settings.osrm_url, settings.osrm_profile) as kept:
        for _name, calls, fleet_days in parts(request.calls, request.fleet, scope or request.scope):
            found.append(_area(places_of(calls, fleet_days, request.fleet), settings, kept, asking))
            if tick is not None:
                tick()
        found += [_area(places, settings, kept, asking, counted=False) for places in _existing(request)]
    served = _joined(found)
    return replace(request, roads=replace(request.roads, served=served)), tuple(_complaints(asking))


def _existing(request: Request) -> Iterator[list[Place]]:
    """The places of each existing route: it may call where no packet goes, and in other districts."""
    known = dict(request.schedule.places or {}) | {call.kato: Place((call.kato,), call.lat, call.lon) for call in request.calls}
    for route in request.schedule.routes:
        depot = request.fleet.depots.get(route.office)
        if depot is not None:
            codes = dict.fromkeys(call.kato for call in route.calls if call.kato in known)
            yield [Place((depot.index, depot.kato), depot.lat, depot.lon), *(known[kato] for kato in codes)]


def areas_to_ask(request: Request, scope: Scope) -> int:
    """What `with_server` counts."""
    return len(parts(request.calls, request.fleet, scope)) if request.roads.settings.osrm_url else 0


def _area(places: Sequence[Place], settings: RouteSettings, kept: Cache, asking: Asking, counted: bool = True) -> RoadMatrix:
    """The legs between an area's places, asked for where the cache lacks them; those of places that stand in another area too are not `counted` again."""
    placed = [(place, (place.lat, place.lon)) for place in places if place.lat is not None and place.lon is not None]
    points = [point for _place, point in placed]
    absurd = asking.refused[Verdict.ABSURD]
    while not asking.given_up:
        missing = _wanted(points, settings) & ~_grid(kept.known(points), len(points))
        try:
            _ask(points, missing, kept, asking)
            break
        except TooManyPlaces:
            if asking.block <= 2:
                asking.failures.append(ServerFailed(REFUSING, _("two places in one question are too many for it")))
                asking.in_a_row = GIVE_UP
            asking.block = max(2, asking.block // 2)
    known = kept.known(points)
    good = known[known[:, 2] == Verdict.GOOD]
    if counted:
        _count([place.names[0] for place, _point in placed], points, known, settings, asking, absurd)
    index = {place.names[0]: number for number, (place, _point) in enumerate(placed)}
    return RoadMatrix(index, good[:, 0], good[:, 1], good[:, 3], good[:, 4])


def _count(names: Sequence[str], points: Sequence[Point], known: Whole, settings: RouteSettings, asking: Asking, absurd: int) -> None:
    """Add up what could not be had or taken in an area; `absurd`: such legs before it."""
    asking.lost += int((_wanted(points, settings) & ~_grid(known, len(points))).sum()) - (asking.refused[Verdict.ABSURD] - absurd)
    for verdict, count in Counter(known[:, 2].tolist()).items():
        asking.refused[Verdict(verdict)] += count
    asking.far += _far(names, known)


def _far(names: Sequence[str], known: Whole) -> list[str]:
    """The places all of whose legs lead far from any road; none are named where no leg of the area does otherwise."""
    near = set(known[known[:, 2] != Verdict.FAR][:, :2].ravel().tolist())
    far = set(known[known[:, 2] == Verdict.FAR][:, :2].ravel().tolist())
    return [names[spot] for spot in sorted(far - near)] if near else []


def _wanted(points: Sequence[Point], settings: RouteSettings) -> Flags:
    """Which legs the server is asked for: bool (n, n)."""
    where = np.array(points, dtype=np.float64).reshape(-1, 2)
    wanted: Flags = pairwise(where, where) <= settings.too_far_metres
    np.fill_diagonal(wanted, False)
    return wanted


def _grid(legs: Whole, count: int) -> Flags:
    grid = np.zeros((count, count), np.bool_)
    grid[legs[:, 0], legs[:, 1]] = True
    return grid


def _ask(points: Sequence[Point], missing: Flags, kept: Cache, asking: Asking) -> None:
    """Ask for what is missing, block by block; each is kept at once. Raises TooManyPlaces."""
    for rows, columns in _blocks(missing, asking.block):
        if asking.given_up:
            return
        sources, destinations = [points[row] for row in rows], [points[column] for column in columns]
        try:
            answered = table(asking.server, sources, destinations)
        except ServerFailed as failure:
            asking.failures.append(failure)
            asking.in_a_row += 1
            continue
        asking.in_a_row = 0
        verdicts = judge(answered, sources, destinations)
        asking.refused[Verdict.ABSURD] += int((missing[np.ix_(rows, columns)] & (verdicts == Verdict.ABSURD)).sum())
        metres = np.where(verdicts == Verdict.GOOD, np.rint(np.nan_to_num(answered.metres)), -1)
        seconds = np.where(verdicts == Verdict.GOOD, np.ceil(np.nan_to_num(answered.seconds)), -1)
        a, b = np.nonzero(missing[np.ix_(rows, columns)] & (verdicts != Verdict.ABSURD))
        legs = np.stack([a, b, verdicts[a, b], metres[a, b], seconds[a, b]], axis=1).astype(np.int64)
        kept.keep(sources, destinations, legs)


def _blocks(missing: Flags, most: int) -> Iterator[tuple[list[int], list[int]]]:
    """Rows and columns that hold every missing leg, at most `most` places in each block."""
    count = len(missing)
    size = count if count <= most else max(1, most // 2)
    starts = range(0, count, size) if count else []
    for top in starts:
        for left in starts:
            part = missing[top : top + size, left : left + size]
            new = part.mean(axis=1) > 0.5  # a new village lacks its row and its column: two thin questions instead of a whole one
            for each in (part & new[:, None], part & ~new[:, None]):
                if each.any():
                    yield (top + np.flatnonzero(each.any(axis=1))).tolist(), (left + np.flatnonzero(each.any(axis=0))).tolist()


def _joined(found: Sequence[RoadMatrix]) -> RoadMatrix:
    """The areas' legs as one table; a place stands in one area, an office perhaps in several."""
    index: dict[str, int] = {}
    arrays = []
    for each in found:
        numbers = np.array([index.setdefault(name, len(index)) for name in each.index], dtype=np.int64)
        arrays.append((numbers[each.start], numbers[each.end], each.metres, each.seconds))
    columns = [np.concatenate(column) if arrays else np.zeros(0, np.int64) for column in zip(*arrays, strict=True)]
    return RoadMatrix(index, *(columns or [np.zeros(0, np.int64)] * 4))


def _complaints(asking: Asking) -> Iterator[Complaint]:
    """The server's failures by kind, and its legs that were not taken."""
    hint = _("These legs are estimated. What was answered is kept: run the same command again when the server is well.")
    for kind, reason in dict.fromkeys((each.kind, each.reason) for each in asking.failures):
        text = _(FAILURES[kind]).format(url=asking.server.url, reason=reason)
        yield Complaint(kind, f"{text} {_legs(asking.lost)}", hint, value=asking.server.url, refused=False)
    words = {
        Verdict.ABSURD: (
            "road_server_lies",
            _("The road server {url} answers legs that cannot be true: negative, shorter than the straight line, or too fast or too slow."),
        ),
        Verdict.FAR: (
            "road_server_far",
            _("The road server {url} knows no road within 5 km of some places. Correct their coordinates, or load the right map there.")
            + _named(asking.far),
        ),
        Verdict.NO_WAY: ("road_server_no_way", _("The road server {url} knows no way between some places.")),
    }
    for verdict, (kind, sentence) in words.items():
        if asking.refused[verdict]:
            text = f"{sentence.format(url=asking.server.url)} {_legs(asking.refused[verdict])}"
            yield Complaint(kind, text, _("These legs are estimated."), value=asking.server.url, refused=False)


def _named(places: Sequence[str]) -> str:
    """The first places by their codes, and how many more there are."""
    more = f" + {len(places) - NAMED}" if len(places) > NAMED else ""
    return f" ({', '.join(places[:NAMED])}{more})" if places else ""


def _legs(count: int) -> str:
    return ngettext("{count} leg.", "{count} legs.", count).format(count=count)

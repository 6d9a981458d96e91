"""Places that cannot be where the register has them: their coordinates are not believed, and the rest of the week is planned.

routing/asked calls it before roads are asked for. A village or office in the sea, in another country or with latitude and longitude exchanged would
otherwise be given kilometres that nobody can drive; without coordinates it is reached by the user's matrix, or by nobody, and told so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from records.errors import Complaint
from records.language import N_, _
from routing.fleet import Depot
from routing.request import Request, known_places
from routing.roads import Place
from routing.scopes import Scope
from routing.stops import Call
from settlements.boundaries import FAR_OUTSIDE_METRES, Boundaries, in_the_caspian
from settlements.coordinates import LAT_BOUNDS, LON_BOUNDS

Spot = TypeVar("Spot", Call, Depot, Place)
EXCHANGED, OUTSIDE, SEA = "coordinates_exchanged", "outside_country", "in_the_sea"
SENTENCES = {
    EXCHANGED: N_("{place}: latitude {lat} and longitude {lon} seem to be exchanged. These coordinates are not used."),
    OUTSIDE: N_("{place} would lie outside of Kazakhstan ({lat}, {lon}). These coordinates are not used."),
    SEA: N_("{place} would lie in the sea ({lat}, {lon}). These coordinates are not used."),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why coordinates cannot be true."""

    code: str
    lat: float
    lon: float


def with_sound_places(request: Request, boundaries: Boundaries | None) -> tuple[Request, list[Complaint]]:
    """The request without coordinates that cannot be true, those of existing routes too, and each told once."""
    wrong: dict[str, tuple[Wrong, str]] = {}

    def sound(code: str, name: str, spot: Spot) -> Spot:
        found = misplaced(spot.lat, spot.lon, boundaries)
        if found is None:
            return spot
        wrong.setdefault(code, (found, f"{code} {name}".strip()))
        return replace(spot, lat=None, lon=None)

    calls = tuple(sound(call.kato, call.name_ru or call.name_kk, call) for call in request.calls)
    depots = {index: sound(index, depot.name, depot) for index, depot in request.fleet.depots.items()}
    places = {kato: sound(kato, "", place) for kato, place in (request.schedule.places or {}).items()}
    if not wrong:
        return request, []
    schedule = replace(request.schedule, places=known_places(places, request.roads))
    cleaned = replace(request, calls=calls, fleet=replace(request.fleet, depots=depots), schedule=schedule)
    return cleaned, [_told(found, code, place) for code, (found, place) in wrong.items()]


def misplaced(lat: float | None, lon: float | None, boundaries: Boundaries | None) -> Wrong | None:
    """What is wrong with a place's coordinates; None where nothing is, or where there are none."""
    if lat is None or lon is None:
        return None
    if not _within(lat, lon):
        return Wrong(EXCHANGED if _within(lon, lat) else OUTSIDE, lat, lon)
    if boundaries is None or boundaries.at(lat, lon) is not None or boundaries.metres_from_land(lat, lon) <= FAR_OUTSIDE_METRES:
        return None
    return Wrong(SEA if in_the_caspian(lat, lon) else OUTSIDE, lat, lon)


def unserved_offices(request: Request) -> Iterator[Complaint]:
    """Offices that villages of the week name, and that have no vehicle this week or are not in the register."""
    named = Counter(call.office for call in request.calls if call.office and call.office not in request.fleet.depots)
    for index, count in sorted(named.items()):
        area = _("of their district") if request.scope is Scope.DISTRICT else _("of their area")
        text = _(
            "The office {office} is not in the register or has no vehicle this week. Villages that name it: {count}; vehicles {area} come instead."
        ).format(office=index, count=count, area=area)
        hint = _("Import the office or its vehicles: `poshta offices import`, `poshta vehicles import`.")
        yield Complaint("office_without_vehicles", text, hint, value=index, refused=False)


def _within(lat: float, lon: float) -> bool:
    return LAT_BOUNDS[0] <= lat <= LAT_BOUNDS[1] and LON_BOUNDS[0] <= lon <= LON_BOUNDS[1]


def _told(wrong: Wrong, value: str, place: str) -> Complaint:
    text = _(SENTENCES[wrong.code]).format(place=place, lat=wrong.lat, lon=wrong.lon)
    return Complaint(wrong.code, text, _("Correct lat and lon in the list and import it again."), value=value, refused=False)

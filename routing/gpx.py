"""A route for a driver's phone: GPX 1.1, the calls in order as a route and as waypoints, named in Kazakh and Russian. Pure.

https://www.topografix.com/GPX/1/1/. The same route gives the same bytes. Villages and offices only; no names of people.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from records.language import N_, in_both
from routing.plan import PlannedRoute, Stop

NAMESPACE = "http://www.topografix.com/GPX/1/1"


def as_gpx(route: PlannedRoute) -> bytes:
    """The file's bytes; calls without coordinates are passed over, but keep their numbers."""
    root = Element("gpx", {"version": "1.1", "creator": "poshta-mektebi", "xmlns": NAMESPACE})
    head = SubElement(root, "metadata")
    SubElement(head, "name").text = route.code
    points = _points(route)
    for lat, lon, name, words in points[:-1]:  # the way home ends where it began: one waypoint is enough
        _point(root, "wpt", lat, lon, name, words)
    way = SubElement(root, "rte")
    SubElement(way, "name").text = route.code
    SubElement(way, "desc").text = f"{route.date} {route.vehicle}: {route.depart}-{route.back_at}, {route.metres / 1000:.1f} km"
    for lat, lon, name, words in points:
        _point(way, "rtept", lat, lon, name, words)
    indent(root)
    body: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _points(route: PlannedRoute) -> list[tuple[float, float, str, str]]:
    """Latitude, longitude, name and words of each place in order, from the office and back to it."""
    office = f"{in_both(N_('Post office'))} {route.office} {route.office_name}".strip()
    found = [] if route.lat is None or route.lon is None else [(route.lat, route.lon, f"00 {office}", route.depart)]
    found += [
        (stop.lat, stop.lon, f"{stop.order:02d} {_name(stop)}", _words(stop))
        for stop in route.stops
        if stop.lat is not None and stop.lon is not None
    ]
    if route.lat is not None and route.lon is not None:
        found.append((route.lat, route.lon, f"{len(route.stops) + 1:02d} {office}", route.back_at))
    return found


def _name(stop: Stop) -> str:
    names = dict.fromkeys(name for name in (stop.name_kk, stop.name_ru) if name)
    return " / ".join(names) or stop.kato


def _words(stop: Stop) -> str:
    packets = in_both(N_("packets"))
    return f"{stop.arrive}; {packets}: {stop.packets_out} → {stop.packets_back}; {stop.kato}"


def _point(parent: Element, kind: str, lat: float, lon: float, name: str, words: str) -> None:
    point = SubElement(parent, kind, {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"})
    SubElement(point, "name").text = name
    SubElement(point, "desc").text = words

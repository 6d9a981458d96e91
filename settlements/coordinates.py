"""Coordinates as people write them: decimal degrees, degrees and minutes, both in one cell, exchanged. Pure.

Called by settlements/cells, settlements/joints and settlements/rows. Degrees of WGS 84, north and east counted positive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from records.language import _
from settlements.mending import Mended, read_as
from settlements.refusal import CellRefused, number

LAT_BOUNDS = (40.5, 55.5)  # Kazakhstan, a little more than its outermost points
LON_BOUNDS = (46.4, 87.4)
PLACES = 6  # decimals: a tenth of a metre
LONGEST = 80  # letters of a cell that can be coordinates

_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_SMALL = r"\d{1,2}(?:[.,]\d+)?(?!\d|\s*[°º˚])"
_SIDE = r"[NSEW]\b|с\.?\s*ш\.?|ю\.?\s*ш\.?|в\.?\s*д\.?|з\.?\s*д\.?"
_ANGLE = re.compile(  # a bare number after degrees may be minutes: 47°50
    rf"(?P<before>[NSEW](?=\d)|{_SIDE})?\s*(?P<sign>[+-]?)(?P<degrees>{_NUMBER})"
    rf"(?:\s*(?:°|º|˚|град\w*\.?|гр\.?|deg)(?:\s*(?P<minutes>{_SMALL})\s*(?:'(?!')|′(?!′)|’(?!’)|`|мин\w*\.?|min)\s*"
    rf"(?:(?P<seconds>{_SMALL})\s*(?:\"|″|”|''|′′|’’|сек\w*\.?|sec))?|(?!\d|\s+\d+(?:[.,]\d+)?\s*$)))?"
    rf"\s*(?P<after>{_SIDE})?",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(\d{2})\s(\d{2})(?:\s(\d{2}(?:[.,]\d+)?))?")  # 54 30 15
_BETWEEN = re.compile(r"[\s,;/|]*")


def angles(text: str) -> list[float]:
    """The angles that `text` consists of, in degrees; nothing where anything else stands in it."""
    if spaced := _SPACED.fullmatch(text):
        return [_angle(*spaced.groups(default="0"))] if _fits(*spaced.groups()[1:]) else []
    found: list[float] = []
    place = len(text) if len(text) > LONGEST else 0
    while place < len(text):
        angle = _ANGLE.match(text, place)
        if angle is None or not _fits(angle["minutes"], angle["seconds"]):
            return []
        found.append(_signed(angle))
        between = _BETWEEN.match(text, angle.end())
        place = between.end() if between else angle.end()
    return found


def latitude(text: str) -> float | Mended | None:
    """Degrees north, within Kazakhstan; None where the cell is empty."""
    return _within(text, LAT_BOUNDS, LON_BOUNDS, _("latitude"))


def longitude(text: str) -> float | Mended | None:
    """Degrees east, within Kazakhstan; None where the cell is empty."""
    return _within(text, LON_BOUNDS, LAT_BOUNDS, _("longitude"))


def pair(text: str) -> tuple[str, str] | None:
    """Latitude and longitude, as texts, of a cell that holds both, in whichever order only one of them lies in Kazakhstan; None elsewhere."""
    found = angles(text)
    if len(found) != 2:
        return None
    lat, lon = found[::-1] if not _is_place(*found) and _is_place(*found[::-1]) else found
    return str(lat), str(lon)


def exchanged(lat: str, lon: str) -> bool:
    """Whether the two cells name a place in Kazakhstan only when they change their places."""
    values = [each for text in (lat, lon) for each in angles(text)]
    return len(values) == 2 and not _is_place(*values) and _is_place(*values[::-1])


def _is_place(lat: float, lon: float) -> bool:
    return LAT_BOUNDS[0] <= lat <= LAT_BOUNDS[1] and LON_BOUNDS[0] <= lon <= LON_BOUNDS[1]


def _within(text: str, bounds: tuple[float, float], others: tuple[float, float], name: str) -> float | Mended | None:
    value, is_plain = _one(text)
    if value is not None and not bounds[0] <= value <= bounds[1]:
        hint = _("It must lie from {lowest} to {highest} degrees.").format(lowest=bounds[0], highest=bounds[1])
        if others[0] <= value <= others[1]:
            hint = _("Latitude and longitude may have been exchanged.")
        raise CellRefused("outside", _("The {name} {value} is outside Kazakhstan.").format(name=name, value=text), hint)
    return value if value is None or is_plain else read_as(text, value)


def _one(text: str) -> tuple[float | None, bool]:
    """The one angle of a cell, and whether it was written as a plain number. Raises CellRefused for what is none."""
    found = angles(text)
    if len(found) == 1 and not re.fullmatch(r"[+-]?\d+([.,]\d+)?", text):
        return found[0], False
    return number(text), True


def _fits(minutes: str | None, seconds: str | None) -> bool:
    """Whether these can be minutes and seconds; programs that round write 60.00 seconds."""
    above, below = _numbers((minutes or "0", seconds or "0"))
    return above < 60 and below <= 60


def _signed(found: re.Match[str]) -> float:
    side = (found["before"] or found["after"] or "").casefold()
    away = found["sign"] == "-" or side[:1] in ("s", "w", "ю", "з")
    value = _angle(found["degrees"], found["minutes"] or "0", found["seconds"] or "0")
    return -value if away else value


def _angle(*parts: str) -> float:
    degrees, minutes, seconds = _numbers(parts)
    return round(degrees + minutes / 60 + seconds / 3600, PLACES)


def _numbers(texts: tuple[str, ...]) -> Iterator[float]:
    return (float(text.replace(",", ".")) for text in texts)

"""What one sheet in one picture tells of printer, scanner and paper, in a few numbers: the material of scanning/alarms.

scanning/filing makes a `PageNumbers` of each sheet that it files, from its measurements and the worker's `Look`. Pure, without pictures or database.
Turns and scales are those of the sheet's middle; the picture's axes are those of the picture as it came, which is the scanner's frame.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packets.layout import PAGE_MM

OUT_OF_PLACE = 0.4  # a row that looks less like its print (scanning.rows.FLOOR, which would load pictures' libraries here)


@dataclass(frozen=True, slots=True)
class Stripe:
    """A line along the whole picture: `axis` 0 stands upright at `place` pixels from the left, 1 lies at `place` pixels from the top. `step` is in grey values, dark below 0."""

    axis: int
    place: float
    step: float


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture shows besides its sheets. `size` is (width, height); `dpi` what the file claims; `quality` the JPEG's, of 100; `two_tone`: no greys."""

    size: tuple[int, int]
    dpi: float | None = None
    stripes: tuple[Stripe, ...] = ()
    quality: int | None = None
    two_tone: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sheet was seen: the digest of the original, the file as the user named it, picture and part."""

    original: str
    file: str
    frame: int
    part: int


@dataclass(frozen=True, slots=True)
class Posture:
    """How a sheet lies in its picture: degrees from the nearest quarter turn, pixels a millimetre along the picture's two axes, and how much it is tilted away.

    `upright`: its long side is the picture's vertical; `middle` is the sheet's middle in pixels. `tilt` is by how large a share the scale differs between two edges of the sheet: about 0 on a scanner.
    """

    askew: float
    across: float
    down: float
    tilt: float
    upright: bool = True
    middle: tuple[float, float] = (0.0, 0.0)

    @property
    def scanned(self) -> bool:
        """Whether it lay flat on a scanner, rather than before a camera."""
        return self.tilt < FLAT


FLAT = 0.012  # share of scale between two edges: scanners stay below, cameras seldom do


@dataclass(frozen=True, slots=True)
class PageNumbers:
    """One sheet. `black` is the grey of its print over that of its paper; `lost` the corners of which nothing was found; `unfit` the items whose row is not its print.

    `doubts` are the reasons of the reader's doubts, one an item; `items` how many there are; `rows` how many rows were compared; `number` the page's in its packet.
    """

    place: Place
    state: str
    reason: str = ""
    layout: str = ""
    week: str = ""
    assignment: str = ""
    number: int = 0
    items: int = 0
    doubts: tuple[str, ...] = ()
    look: Look | None = None
    posture: Posture | None = None
    black: float | None = None
    points: int | None = None
    lost: tuple[str, ...] = ()
    rows: int = 0
    unfit: tuple[str, ...] = ()


def posture_of(homography: Sequence[float]) -> Posture | None:
    """How the sheet lies, by the nine numbers that take its millimetres to pixels; None where they are not to be used."""
    h = [float(each) for each in homography]
    x, y = PAGE_MM[0] / 2, PAGE_MM[1] / 2
    if len(h) != 9 or not all(map(math.isfinite, h)):
        return None
    below = h[6] * x + h[7] * y + h[8]
    if abs(below) < 1e-9:
        return None
    u, v = ((h[row] * x + h[row + 1] * y + h[row + 2]) / below for row in (0, 3))
    right = ((h[0] - u * h[6]) / below, (h[3] - v * h[6]) / below)
    downwards = ((h[1] - u * h[7]) / below, (h[4] - v * h[7]) / below)
    wide, high = math.hypot(*right), math.hypot(*downwards)
    if not wide or not high:
        return None
    turn = math.degrees(math.atan2(right[1], right[0]))
    quarters = round(turn / 90)
    across, down = (wide, high) if quarters % 2 == 0 else (high, wide)
    tilt = max(abs(h[6]) * PAGE_MM[0], abs(h[7]) * PAGE_MM[1]) / abs(below)
    return Posture(
        round(turn - 90 * quarters, 3), round(across, 4), round(down, 4), round(tilt, 5), quarters % 2 == 0, (round(u, 1), round(v, 1))
    )


def measured(measurements: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of PageNumbers that stand in the measurements of a sheet; those that an older reader did not take are left out."""
    rows = measurements.get("rows", [])
    told: dict[str, Any] = {"rows": len(rows), "unfit": tuple(dict.fromkeys(str(row[0]) for row in rows if row[1] < OUT_OF_PLACE))}
    if "transform" in measurements:
        told["posture"] = posture_of(measurements["transform"])
    told |= {name: measurements[name] for name in ("black", "points") if name in measurements}
    return told | {"lost": tuple(measurements.get("lost", ()))}

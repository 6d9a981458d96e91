"""Lines that the paper brought with it: a notebook's rules, squared paper, the table of an old form that shines through from the back. Pure.

Such lines run straight on through circle after circle, pale and all of one tone, and look like strokes over fills and dirt in empty circles. scanning/page
asks for them where boxes show any; scanning/marks measures what remains when the light that they took is given back. Ink over a line keeps all of its own
darkness, since both take their share of the light. Of a single line nobody can say whose it is; only where there are several are they taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from packets.layout import PAGE_MM
from scanning.elsewhere import MM, Bare, seen_from_above
from scanning.patches import SPAN, Values, axes
from scanning.transform import Points, Transform, remap_grid
from scanning.verdict import Grey

Numbers = npt.NDArray[np.float64]
FEWEST = 3  # lines of one direction that make a ruling
LEAST_MM = 100.0  # that a line must run: no hand draws three so long in one tone
PALEST, DARKEST = 0.03, 0.4  # share of the light that a line takes: a pencil's own line takes more
STRIP = 40  # cells along a line that are looked at together: a centimetre
APART = 4  # cells to both sides that must be lighter: a millimetre
HINT = 0.018  # mean share of the light that a strip of a line takes
KNOWN = 12  # bare cells that a strip must have to tell anything
STEADY = 0.75  # share of a line's strips, and of its columns, that must show it
LEAN = 0.035  # that a line may lean against the sheet: two degrees
LEANS = 29
STEP_MM = 0.25  # along a line, where it is measured
OFFSETS_MM = np.arange(-16, 17) / 10  # and across
AT_LINE, ASIDE = np.abs(OFFSETS_MM) < 0.2, np.abs(OFFSETS_MM) > 1.1
NEAR_MM = 0.5  # print so near hides a line
ONE_MM = 1.0  # nearer to each other two lines are one
WANDER_MM = 0.8  # that it may lie off where it was first seen
TOO_DARK, SLACK = 1.8, 0.05  # times its usual darkness, and more, is ink over it
SMOOTH_MM = 5.0  # along which it is asked where a line ends
COURSE_STRIPS = 5  # from which on a line's course may bend
Course = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `down`: it runs down the sheet, not across · course: coefficients, the highest first, of where it lies, of how far along it is, millimetres ·
    reach: from where to where it runs, millimetres · light: the share that it leaves at OFFSETS_MM from its middle."""

    down: bool
    course: Course
    reach: tuple[float, float]
    light: tuple[float, ...]

    @property
    def darkness(self) -> float:
        """The share of the light that it takes at its middle."""
        return 1.0 - min(self.light)

    def leaves(self, along: Numbers, across: Numbers) -> Numbers:
        """The share of the light that the line leaves at points of the sheet."""
        off = across - np.polyval(self.course, along)
        left = np.interp(off, OFFSETS_MM, self.light, left=1.0, right=1.0)
        return np.where((along >= self.reach[0]) & (along <= self.reach[1]), left, 1.0)


def lines_of(image: Grey, transform: Transform, bare: Bare) -> list[Line]:
    """The paper's own lines on a sheet, none where there are too few to be a ruling."""
    seen, free = seen_from_above(image, transform, bare), bare.part(0, 0, *bare.shape[::-1])
    ways = {
        down: (np.ascontiguousarray(seen.T if down else seen), np.ascontiguousarray(free.T if down else free)) for down in (False, True)
    }
    guesses = {down: _guesses(page, white) for down, (page, white) in ways.items()}
    if max(map(len, guesses.values())) < FEWEST:
        return []
    found = {down: [_measured(image, transform, ways[down][1], down, *guess) for guess in own] for down, own in guesses.items()}
    lines: list[Line] = []
    for line in (line for own in found.values() for line in own if line is not None):
        if not any(_is_one(line, other) for other in lines):
            lines.append(line)
    most = max(sum(line.down is down for line in lines) for down in found)
    return lines if most >= FEWEST else []


def _is_one(line: Line, other: Line) -> bool:
    """Whether two guesses led to one line, or to the two edges of one: its light is given back once."""
    low, high = max(line.reach[0], other.reach[0]), min(line.reach[1], other.reach[1])
    if line.down is not other.down or low > high:
        return False
    apart = np.polyval(line.course, [low, (low + high) / 2, high]) - np.polyval(other.course, [low, (low + high) / 2, high])
    return bool(np.abs(apart).min() < ONE_MM)


def lifted(patches: Values, lines: Sequence[Line], centers: Points, radii: Numbers) -> Values:
    """The patches, (n, SIDE, SIDE) grey values round `centers`, (n, 2) millimetres, `radii` (n,), with the light that the lines took."""
    if not lines:
        return patches
    steps = axes()[0][0].astype(np.float64)
    whole: Values = patches.copy()
    for line in lines:
        own, other = (1, 0) if line.down else (0, 1)
        away = np.abs(centers[:, other] - np.polyval(line.course, centers[:, own]))
        beyond = np.maximum(line.reach[0] - centers[:, own], centers[:, own] - line.reach[1])
        for index in np.flatnonzero(np.maximum(away - OFFSETS_MM[-1], beyond) <= radii * SPAN):
            along, across = (centers[index, axis] + steps * radii[index] for axis in (own, other))
            mesh = np.meshgrid(along, across, indexing="ij" if line.down else "xy")
            left = line.leaves(*mesh)
            whole[index] = np.minimum(255.0, whole[index] / left)
    return whole


def _guesses(page: Grey, white: npt.NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Where lines may run across the page: middle height and lean of each, in cells, the plainest first, a millimetre and a half apart at least."""
    depth = _strips(page, white)
    known, hit = np.isfinite(depth), np.nan_to_num(depth) >= HINT
    strips, needed = np.arange(depth.shape[1]), LEAST_MM / MM / STRIP
    rows = np.flatnonzero(_most_hits(hit) >= needed * STEADY)
    best: list[tuple[float, float, float]] = []
    for lean in np.linspace(-LEAN, LEAN, LEANS) if len(rows) else ():
        at = rows[:, None] + np.round(lean * STRIP * (strips - strips.mean())).astype(np.intp)
        inside, at = (at >= 0) & (at < len(depth)), at.clip(0, len(depth) - 1)
        hits = hit[at, strips] & inside
        begin, end = hits.argmax(axis=1), len(strips) - 1 - hits[:, ::-1].argmax(axis=1)
        asked = (known[at, strips] & inside & (strips >= begin[:, None]) & (strips <= end[:, None])).sum(axis=1)
        plain = (end - begin + 1 >= needed) & (hits.sum(axis=1) >= STEADY * np.maximum(asked, 1))
        taken = np.where(hits, depth[at, strips], 0.0).sum(axis=1)
        best += [(float(taken[each]), float(rows[each]), float(lean)) for each in np.flatnonzero(plain)]
    return _apart(sorted(best, reverse=True), page.shape[1])


def _most_hits(hit: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Of each row, in how many strips a line that leans as much as one may shows within reach."""
    reach = int(LEAN * hit.shape[1] * STRIP / 2) + 1
    wide = cv2.dilate(hit.astype(np.uint8), np.ones((2 * reach + 1, 1), np.uint8))
    most: npt.NDArray[np.intp] = wide.sum(axis=1, dtype=np.intp)
    return most


def _strips(page: Grey, white: npt.NDArray[np.bool_]) -> Numbers:
    """The mean share of the light that a thin dark line takes, (rows, strips); NaN where print leaves too little to see."""
    grey = np.asarray(cv2.blur(page, (3, 1)), np.float32)
    depth, free = np.zeros_like(grey), np.zeros_like(white)
    aside = np.minimum(grey[: -2 * APART], grey[2 * APART :])
    depth[APART:-APART] = np.clip(1.0 - grey[APART:-APART] / np.maximum(aside, 8.0), -0.3, 0.3)
    free[APART:-APART] = white[APART:-APART] & white[: -2 * APART] & white[2 * APART :]
    starts = np.arange(0, page.shape[1], STRIP)
    total, known = (np.add.reduceat(each, starts, axis=1, dtype=np.float64) for each in (depth * free, free))
    mean: Numbers = np.where(known >= KNOWN, total / np.maximum(known, 1), np.nan)
    return mean


def _apart(best: Sequence[tuple[float, float, float]], width: int) -> list[tuple[float, float]]:
    """Those of the lines, the best first, that come nowhere near a better one."""
    kept: list[tuple[float, float]] = []
    for _depth, row, lean in best:
        if all(abs(row - other) + abs(lean - slope) * width / 4 > 1.5 / MM for other, slope in kept):
            kept.append((row, lean))
    return kept


def _measured(image: Grey, transform: Transform, white: npt.NDArray[np.bool_], down: bool, row: float, lean: float) -> Line | None:
    """A line seen in cells, followed in the picture itself; None if it is no such line."""
    length = PAGE_MM[1] if down else PAGE_MM[0]
    along = np.arange(STEP_MM / 2, length, STEP_MM)
    middle = (white.shape[1] // STRIP + 1) * STRIP / 2 * MM
    course: Course = (lean, (row + 0.5) * MM - lean * middle)
    for _again in range(2):
        values = _across(image, transform, along, course, down)
        known = _is_bare(white, along, course)
        bent = _followed(values, known, along, course)
        if bent is None:
            return None
        course = bent
    values, known = _across(image, transform, along, course, down), _is_bare(white, along, course)
    return _line(values, known, along, course, down)


def _across(image: Grey, transform: Transform, along: Numbers, course: Course, down: bool) -> Numbers:
    """The light across a line, (offsets, along), of the paper's beside it."""
    across = np.polyval(course, along) + OFFSETS_MM[:, None]
    there = np.broadcast_to(along, across.shape)
    mm = np.stack([across, there] if down else [there, across], axis=2).reshape(-1, 2)
    pixels = transform.pixels(mm).astype(np.float32)
    x, y = (np.ascontiguousarray(pixels[:, axis]).reshape(across.shape) for axis in (0, 1))
    grey = remap_grid(image, x, y).astype(np.float64)
    light: Numbers = grey / np.maximum(np.median(grey[ASIDE], axis=0), 8.0)
    return light


def _is_bare(white: npt.NDArray[np.bool_], along: Numbers, course: Course) -> npt.NDArray[np.bool_]:
    """Where no print lies on the line or beside it, (along,)."""
    bare = np.ones(len(along), np.bool_)
    columns = (along / MM).astype(np.intp).clip(0, white.shape[1] - 1)
    for off in (-NEAR_MM, 0.0, NEAR_MM):
        rows = ((np.polyval(course, along) + off) / MM).astype(np.intp)
        bare &= (rows >= 0) & (rows < len(white)) & white[rows.clip(0, len(white) - 1), columns]
    return bare


def _followed(values: Numbers, known: npt.NDArray[np.bool_], along: Numbers, course: Course) -> Course | None:
    """The course that the darkest of the line takes, centimetre by centimetre."""
    per_strip = round(STRIP * MM / STEP_MM)
    places, offsets = [], []
    for start in range(0, len(along), per_strip):
        part = np.flatnonzero(known[start : start + per_strip]) + start
        if len(part) < per_strip // 4:
            continue
        dark = np.where(np.abs(OFFSETS_MM) <= WANDER_MM, 1.0 - np.median(values[:, part], axis=1), 0.0)
        if dark.max() >= HINT:
            weight = np.maximum(dark - dark.max() / 2, 0.0)
            places.append(float(along[part].mean()))
            offsets.append(float((weight * OFFSETS_MM).sum() / weight.sum()))
    if len(places) < COURSE_STRIPS:
        return None
    at, off = np.array(places), np.array(offsets)
    near = np.abs(off - np.median(off)) <= WANDER_MM / 2
    if near.sum() < COURSE_STRIPS:
        return None
    bend = np.polyfit(at[near], off[near], 2 if near.sum() > COURSE_STRIPS else 1)
    return tuple(np.polyadd(bend, course).tolist())


def _line(values: Numbers, known: npt.NDArray[np.bool_], along: Numbers, course: Course, down: bool) -> Line | None:
    middle = values[AT_LINE].mean(axis=0)
    usual = 1.0 - float(np.median(middle[known])) if known.any() else 0.0
    if not PALEST / 2 <= usual <= DARKEST:
        return None
    here = known & (middle <= 1.0 - usual / 2)
    share = _smoothed(here) / np.maximum(_smoothed(known), 1e-6)
    there = np.flatnonzero(known & (share >= STEADY))
    if len(there) < COURSE_STRIPS:
        return None
    within = known & (along >= along[there[0]]) & (along <= along[there[-1]])
    if not (within & here).any():
        return None
    own = middle[within]
    light = np.median(values[:, within & here], axis=1)
    light = np.minimum(1.0, light / np.median(light[ASIDE]))
    light[ASIDE] = 1.0
    taken = 1.0 - float(light.min())
    steady = (own <= 1.0 - taken / 2) & (own >= 1.0 - TOO_DARK * taken - SLACK)
    reach = (float(along[there[0]]) - STEP_MM / 2, float(along[there[-1]]) + STEP_MM / 2)
    if not PALEST <= taken <= DARKEST or steady.mean() < STEADY or reach[1] - reach[0] < LEAST_MM:
        return None
    return Line(down, course, reach, tuple(light.tolist()))


def _smoothed(flags: npt.NDArray[np.bool_]) -> Numbers:
    """The mean of flags along a line."""
    side = round(SMOOTH_MM / STEP_MM)
    mean: Numbers = np.convolve(flags.astype(np.float64), np.full(side, 1.0 / side), mode="same")
    return mean

"""Alarms: what many sheets together tell of the printer, the scanner and the paper, before a week's answers suffer. Pure.

`alarms` looks at the numbers of one batch in the order in which they were scanned, and at the medians of earlier batches. scanning/alarms_book keeps what it
finds, scanning/alarms_words says what to do. A single odd sheet is none of this room's business. Every figure is argued in docs/reading.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Any

from scanning.alarms_numbers import PageNumbers, Place, Posture
from scanning.alarms_stripes import stripes

MM_PER_INCH = 25.4
MISFIT = "does_not_fit"
ENOUGH = 300  # pages of a third that are compared: of more, every other or third one


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on something is told."""

    fewest: int = 8  # pages that show it
    series: int = 24  # pages of a batch that can show a trend: thirds of eight
    scans: float = 0.6  # share of the sheets that lie flat: of photographs one in five does
    pale: float = 0.30  # grey of solid print over that of paper: only the palest tenth of rough scans comes near
    paler: float = 0.08  # rise from the first third to the last
    paler_than_before: float = 0.10  # rise against the median of earlier batches
    sure: float = 3.3  # standard deviations of the rank sum: one batch in 2,000 by chance
    skewed: float = 1.5  # degrees: from here on feeders lose corners
    more_skewed: tuple[float, float] = (0.8, 1.0)  # degrees from the first third to the last, and of the last
    scaled: float = 0.015  # printers and scanners keep 0.5 %, a window that is fitted to the page 3 %
    stretched: float = 0.012
    known_dpi: float = 0.15  # a file's own dpi is believed if the print says so within this
    some: float = 0.3  # share of the pages
    corner: float = 0.2  # the same for a lost corner
    few_points: int = 10  # of the 16 that are printed
    doubts: tuple[float, int, int] = (0.08, 15, 5)  # share of the items, items, pages
    one_layout: int = 5  # pages of it
    misfit: tuple[float, float] = (0.3, 0.6)  # shares of its pages that do not fit at all; on which one and the same row does not
    low_dpi: float = 135.0
    low_quality: int = 30
    two_tone: float = 0.5


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing to be seen to: a stable code, its figures, and the sheets that show it in the order of scanning."""

    code: str
    numbers: Mapping[str, Any]
    places: tuple[Place, ...]


def alarms(pages: Sequence[PageNumbers], earlier: Sequence[Mapping[str, Any]] = (), limits: Limits = LIMITS) -> list[Alarm]:
    """Every alarm of a batch; `earlier` are the `medians` of the batches before it, the newest first."""
    lying = _lying(pages, limits)
    found: list[Alarm] = []
    found += _fading(pages, earlier, limits)
    found += [Alarm("stripe", numbers, places) for numbers, places in stripes(lying)]
    found += _skewed(lying, limits)
    found += _scaled(lying, limits)
    found += _corners(pages, limits)
    found += _wrong_print(pages, limits)
    found += _doubtful(pages, limits)
    return [*found, *_coarse(pages, limits), *_two_tone(pages, limits)]


def _lying(pages: Sequence[PageNumbers], limits: Limits) -> list[tuple[PageNumbers, Posture]]:
    """The sheets that lay on a scanner; none where most are photographs, of which some happen to be taken from straight above."""
    seen = [(page, page.posture) for page in pages if page.posture is not None]
    flat = [(page, posture) for page, posture in seen if posture.scanned]
    return flat if len(flat) >= limits.scans * len(seen) else []


def medians(pages: Sequence[PageNumbers]) -> dict[str, Any]:
    """What the batches to come are compared with."""
    black = [page.black for page in pages if page.black is not None]
    return {"pages": len(pages), "black": round(median(black), 3) if len(black) >= LIMITS.fewest else None}


def _fading(pages: Sequence[PageNumbers], earlier: Sequence[Mapping[str, Any]], limits: Limits) -> list[Alarm]:
    """Solid print that gets paler: over the batch, against earlier ones, or pale altogether."""
    seen = [(page.place, page.black) for page in pages if page.black is not None]
    if len(seen) < limits.fewest:
        return []
    black = [value for _place, value in seen]
    now, before = median(black), [each["black"] for each in earlier if each.get("black") is not None]
    first, last = _ends(black)
    numbers: dict[str, Any] = {"now": round(now, 3), "earlier": round(median(before), 3) if before else None, "first": None, "last": None}
    since = bool(before) and now - median(before) >= limits.paler_than_before
    trend = len(black) >= limits.series and median(last) - median(first) >= limits.paler and _rank_rise(first, last) >= limits.sure
    if trend:
        numbers |= {"first": round(median(first), 3), "last": round(median(last), 3)}
    if not trend and not since and now < limits.pale:
        return []
    numbers["seen"] = "over_the_batch" if trend else "since_earlier" if since else "altogether"
    least = median(first) + limits.paler if trend else now
    return [Alarm("fading_toner", numbers, tuple(place for place, value in seen if value >= least))]


def _skewed(lying: Sequence[tuple[PageNumbers, Posture]], limits: Limits) -> list[Alarm]:
    """Sheets that come through the feeder at an angle."""
    askew = [abs(posture.askew) for _page, posture in lying]
    if len(askew) < limits.fewest:
        return []
    first, last = _ends(askew)
    least_rise, least_last = limits.more_skewed
    grows = len(askew) >= limits.series and median(last) - median(first) >= least_rise and median(last) >= least_last
    grows = grows and _rank_rise(first, last) >= limits.sure
    if median(askew) <= limits.skewed and not grows:
        return []
    numbers = {
        "degrees": round(median(askew), 2),
        "first": round(median(first), 2) if grows else None,
        "last": round(median(last), 2) if grows else None,
    }
    least = min(limits.skewed, numbers["last"] or limits.skewed)
    return [Alarm("skewed_feed", numbers, tuple(page.place for page, posture in lying if abs(posture.askew) >= least))]


def _scaled(lying: Sequence[tuple[PageNumbers, Posture]], limits: Limits) -> list[Alarm]:
    """Prints that are not of their size, where the file's dpi can be believed; and sheets that came out longer or shorter than wide."""
    sizes, shapes = [], []
    for page, posture in lying:
        shapes.append((page.place, posture.across / posture.down))
        dpi = page.look.dpi if page.look else None
        if dpi:
            across, down = posture.across * MM_PER_INCH / dpi, posture.down * MM_PER_INCH / dpi
            if max(abs(across - 1), abs(down - 1)) <= limits.known_dpi and abs(across / down - 1) < limits.stretched:
                sizes.append((page.place, sqrt(across * down)))
    found = []
    for code, ratios, least in (("scaled_prints", sizes, limits.scaled), ("stretched_feed", shapes, limits.stretched)):
        for sign in (-1, 1):
            off = [(place, ratio) for place, ratio in ratios if sign * (ratio - 1) > least]
            if len(off) >= max(limits.fewest, limits.some * len(ratios)):
                found.append(
                    Alarm(code, {"percent": round(100 * median(ratio for _p, ratio in off), 1)}, tuple(place for place, _ratio in off))
                )
    return found


def _corners(pages: Sequence[PageNumbers], limits: Limits) -> list[Alarm]:
    """One corner that many sheets lack; or printed points that are hardly found at all."""
    seen = [page for page in pages if page.points is not None]
    if len(seen) < limits.fewest:
        return []
    points = round(median(page.points for page in seen if page.points is not None))
    if points <= limits.few_points:
        poor = tuple(page.place for page in seen if (page.points or 0) <= limits.few_points)
        return [Alarm("few_points", {"points": points}, poor)]
    lost: dict[str, list[Place]] = defaultdict(list)
    for page in seen:
        for corner in page.lost:
            lost[corner].append(page.place)
    many = {corner: places for corner, places in lost.items() if len(places) >= max(limits.fewest, limits.corner * len(seen))}
    return [
        Alarm("lost_corner", {"corner": corner, "share": round(len(many[corner]) / len(seen), 3)}, tuple(many[corner]))
        for corner in sorted(many)
    ]


def _wrong_print(pages: Sequence[PageNumbers], limits: Limits) -> list[Alarm]:
    """A page of an assignment whose paper does not look like what the desk printed."""
    by_layout: dict[str, list[PageNumbers]] = defaultdict(list)
    for page in pages:
        if page.layout and page.rows:
            by_layout[page.layout].append(page)
    found = []
    every, same_row = limits.misfit
    for own in by_layout.values():
        if len(own) < limits.one_layout:
            continue
        gone = [page for page in own if page.reason == MISFIT]
        times = Counter(item for page in own for item in page.unfit)
        rows = sorted(item for item, count in times.items() if count >= max(limits.one_layout, same_row * len(own)))
        if len(gone) >= max(limits.one_layout, every * len(own)) or rows:
            told = tuple(page.place for page in own if page.reason == MISFIT or set(page.unfit) & set(rows))
            numbers = {"assignment": own[0].assignment, "number": own[0].number, "pages": len(own), "items": rows}
            found.append(Alarm("wrong_print", numbers, told))
    return found


def _doubtful(pages: Sequence[PageNumbers], limits: Limits) -> list[Alarm]:
    """Too many doubts of one kind."""
    items = sum(page.items for page in pages)
    share, fewest, fewest_pages = limits.doubts
    counts = Counter(reason for page in pages for reason in page.doubts)
    found = []
    for reason, count in sorted(counts.items()):
        places = tuple(page.place for page in pages if reason in page.doubts)
        if count >= max(fewest, share * items) and len(places) >= fewest_pages:
            found.append(Alarm("many_doubts", {"reason": reason, "share": round(count / items, 3), "items": count}, places))
    return found


def _coarse(pages: Sequence[PageNumbers], limits: Limits) -> list[Alarm]:
    """Pictures of too few pixels, or pressed too hard."""
    dots = [(page.place, MM_PER_INCH * max(page.posture.across, page.posture.down)) for page in pages if page.posture is not None]
    qualities = [(page.place, float(page.look.quality)) for page in pages if page.look is not None and page.look.quality is not None]
    found = []
    for code, name, seen, poor in (
        ("low_dpi", "dpi", dots, _below(limits.low_dpi)),
        ("hard_jpeg", "quality", qualities, _below(limits.low_quality + 0.5)),
    ):
        places = tuple(place for place, value in seen if poor(value))
        if len(places) >= max(limits.fewest, 0.5 * len(seen)):
            found.append(Alarm(code, {name: round(median(value for _place, value in seen if poor(value)))}, places))
    return found


def _two_tone(pages: Sequence[PageNumbers], limits: Limits) -> list[Alarm]:
    """Pictures without greys, however few the batch has: what is lost in them nobody can doubt."""
    places = tuple(page.place for page in pages if page.look is not None and page.look.two_tone)
    return [Alarm("black_and_white", {"pictures": len(places)}, places)] if places and len(places) >= limits.two_tone * len(pages) else []


def _below(limit: float) -> Callable[[float], bool]:
    return lambda value: value < limit


def _ends(values: Sequence[float]) -> tuple[Sequence[float], Sequence[float]]:
    """The first third and the last."""
    third = max(1, len(values) // 3)
    return values[:third], values[-third:]


def _rank_rise(first: Sequence[float], last: Sequence[float]) -> float:
    """By how many standard deviations the later values stand above the earlier ones (Mann and Whitney 1947, ties counted half)."""
    first, last = (values[:: max(1, len(values) // ENOUGH)] for values in (first, last))
    above = sum(1.0 if late > early else 0.5 if late == early else 0.0 for early in first for late in last)
    one, other = len(first), len(last)
    return (above - one * other / 2) / sqrt(one * other * (one + other + 1) / 12)


def by_frame(places: Iterable[Place]) -> dict[str, list[int]]:
    """The frames of each file, in order, each once."""
    found: dict[str, list[int]] = {}
    for place in places:
        frames = found.setdefault(place.file, [])
        if place.frame not in frames:
            frames.append(place.frame)
    return found

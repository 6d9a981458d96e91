"""Pages on which much is struck out in every way that children have, and much is filled beyond the rim: what the forest of scanning/overshoot learns from.

Shapes are in radii of the circle, round its middle; both simulators draw them with their own pens and machines. bench/learn_strikes learns from them;
`python -m bench.strikes` tells what the judge takes for an answer. The strike `wave` and the pens of WITHHELD_PENS are never learned from.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from bench.judgement import as_read
from bench.other_hands import strokes, tools
from bench.other_hands.conditions import CONDITIONS as OTHER_CONDITIONS
from bench.other_hands.habits import USUAL
from bench.other_hands.picture import Work
from bench.other_hands.pupil import Deed, Hand
from bench.other_hands.sheets import PrintRoom
from bench.printed_week import MemoryBook, print_week
from packets.layout import Layout
from scanning.judge import judge_page
from scanning.page import read_page
from scanning.rehearsal import hand
from scanning.rehearsal.camera import photograph, picture_size
from scanning.rehearsal.conditions import CONDITIONS
from scanning.rehearsal.pages import sheets_of
from scanning.rehearsal.paper import paper_wear, print_wear
from scanning.rehearsal.pens import PENS, Held, draw, take
from scanning.rehearsal.scanner import Scanner, scan
from scanning.rehearsal.sheet import MM_PER_INCH, render
from scanning.verdict import Chosen, Doubt, Grey, PageBook
from scanning.yardstick import THRESHOLDS

Rng = np.random.Generator
Line = npt.NDArray[np.float64]
Shape = Callable[[Rng], list[Line]]
REHEARSED = ("clean_scan", "office_scan", "rough_scan", "photocopy", "one_bit", "phone_photo")
OTHERS = ("clean_200", "office_200", "low_150", "colour_office", "photocopy", "phone")
PENCIL_CASE = (
    "pencil_hb",
    "pencil_2b",
    "pencil_faint",
    "ballpoint_blue",
    "ballpoint_black",
    "ballpoint_violet",
    "gel",
    "felt_tip",
    "ballpoint_worn",
)
WITHHELD_PENS = ("pencil_colour", "ballpoint_red")
TOOL_BOX = (
    tools.PENCIL_HB, tools.PENCIL_2H, tools.PENCIL_4B, tools.PENCIL_BLUNT, tools.BALL_BLUE, tools.BALL_BLACK, tools.BALL_DRY, tools.GEL_BLUE,
    tools.GEL_BLACK, tools.GEL_VIOLET, tools.FELT_BLUE,
)  # fmt: skip
WITHHELD_TOOLS = (tools.CRAYON, tools.FOUNTAIN, tools.WORN_FELT)
ANOTHER_PEN = 0.15  # of strikes


def straight(rng: Rng, turn: float, back: float, out: float, aside: float = 0.0) -> Line:
    """A line from `back` to `out` radii in the direction `turn`, `aside` from the middle, a little bent."""
    way, (x, y) = np.linspace(-back, out, 14), (np.cos(turn), np.sin(turn))
    across = aside + rng.normal(0, 0.05) * np.sin(np.linspace(0, np.pi, 14)) * (back + out)
    return np.stack([way * x - across * y, way * y + across * x], axis=1)


def one_line(rng: Rng) -> list[Line]:
    """One line, in any direction or level, 1.2 to 3 radii to each side, not always through the very middle."""
    turn = rng.uniform(0, np.pi) if rng.random() < 0.6 else rng.normal(0, 0.12)
    reach = rng.uniform(1.2, 3.0)
    ends = reach * rng.uniform(0.8, 1.2, 2)
    return [straight(rng, turn, ends[0], ends[1], rng.normal(0, 0.15))]


def thick_line(rng: Rng) -> list[Line]:
    """One line, gone over to and fro."""
    turn, ends = rng.uniform(0, np.pi), rng.uniform(1.3, 2.6, 2)
    return [
        straight(rng, turn + rng.normal(0, 0.05), *ends * rng.uniform(0.9, 1.1), rng.normal(0, 0.08))
        for _time in range(int(rng.integers(2, 4)))
    ]


def two_lines(rng: Rng) -> list[Line]:
    """Two lines side by side."""
    turn, apart = rng.uniform(0, np.pi) if rng.random() < 0.6 else rng.normal(0, 0.12), rng.uniform(0.3, 0.9)
    ends = rng.uniform(1.2, 2.8, (2, 2))
    return [straight(rng, turn + rng.normal(0, 0.06), ends[k, 0], ends[k, 1], side * apart / 2) for k, side in enumerate((-1, 1))]


def upright_cross(rng: Rng) -> list[Line]:
    """A + over the circle."""
    return _crossed(rng, rng.normal(0, 0.1), (1.25, 2.6))


def short_cross(rng: Rng) -> list[Line]:
    """A × that hardly gets beyond the edge."""
    return _crossed(rng, np.pi / 4 + rng.normal(0, 0.15), (1.2, 1.7))


def long_cross(rng: Rng) -> list[Line]:
    """A × as the legend shows it."""
    return _crossed(rng, np.pi / 4 + rng.normal(0, 0.15), (1.6, 2.8))


def askew_cross(rng: Rng) -> list[Line]:
    """A cross in any direction, off the middle, its arms as they come."""
    return [each + rng.normal(0, 0.25, 2) for each in _crossed(rng, rng.uniform(0, np.pi), (1.1, 2.4))]


def _crossed(rng: Rng, turn: float, reach: tuple[float, float]) -> list[Line]:
    lean, length = rng.normal(0, 0.12), rng.uniform(*reach)
    ends = length * rng.uniform(0.85, 1.15, 4)
    return [
        straight(rng, turn, ends[0], ends[1], rng.normal(0, 0.1)),
        straight(rng, turn + np.pi / 2 + lean, ends[2], ends[3], rng.normal(0, 0.1)),
    ]


def zigzag(rng: Rng) -> list[Line]:
    """A few strokes to and fro across the circle, wider than it."""
    count, reach, turn = int(rng.integers(3, 8)), rng.uniform(1.2, 2.2), rng.uniform(0, np.pi)
    down = np.linspace(-1, 1, count) * rng.uniform(0.6, 1.4)
    corners = np.stack([np.where(np.arange(count) % 2, 1, -1) * reach * rng.uniform(0.8, 1.1, count), down], axis=1)
    return [_turned(_along(corners), turn)]


def scribble(rng: Rng) -> list[Line]:
    """A wild scribble over everything."""
    reach = rng.uniform(0.7, 1.1)
    return [_smooth(rng.normal(0, reach, (int(rng.integers(12, 28)), 2)).clip(-2.1 * reach, 2.1 * reach))]


def loops(rng: Rng) -> list[Line]:
    """Loops one after the other across the circle, as over a word."""
    way, turn = np.linspace(0, rng.integers(2, 5) * 2 * np.pi, 60), rng.normal(0, 0.4)
    reach, high = rng.uniform(1.2, 2.2), rng.uniform(0.5, 1.2)
    return [_turned(np.stack([np.linspace(-reach, reach, 60) + 0.4 * np.sin(way), high * np.cos(way)], axis=1), turn)]


def ring(rng: Rng) -> list[Line]:
    """A ring round the filled circle."""
    angle = np.linspace(0, 2 * np.pi * rng.uniform(0.9, 1.3), 40) + rng.uniform(0, 6.28)
    return [np.stack([np.cos(angle), np.sin(angle)], axis=1) * rng.uniform(1.25, 1.9, 2) + rng.normal(0, 0.12, 2)]


def wave(rng: Rng) -> list[Line]:
    """A waving line through the circle. Withheld: never learned from."""
    reach, high, turn = rng.uniform(1.3, 2.8), rng.uniform(0.15, 0.6), rng.uniform(0, np.pi)
    way = np.linspace(-reach, reach, 40)
    return [_turned(np.stack([way, high * np.sin(way * rng.uniform(2.0, 5.0) + rng.uniform(0, 6.28))], axis=1), turn)]


def long_hatch(rng: Rng) -> list[Line]:
    """Filled to and fro in one direction, the strokes beyond the rim at both ends."""
    return [_hatched(rng, rng.uniform(1.1, 1.7), rng.uniform(0.8, 1.15), rng.uniform(0.2, 0.45), rng.uniform(0.05, 0.35))]


def moved_hatch(rng: Rng) -> list[Line]:
    """Filled off the middle, so that the strokes leave on one side."""
    return [
        each + rng.uniform(-0.4, 0.4, 2)
        for each in [_hatched(rng, rng.uniform(1.0, 1.4), rng.uniform(0.9, 1.2), rng.uniform(0.2, 0.5), 0.15)]
    ]


def ragged_hatch(rng: Rng) -> list[Line]:
    """Filled well, but one or two strokes slip out far."""
    line = _hatched(rng, 1.0, 0.95, rng.uniform(0.18, 0.35), 0.06)
    for place in rng.choice(np.arange(12, len(line) - 12), int(rng.integers(1, 3))):
        line[place - 3 : place + 4] *= 1 + (rng.uniform(0.2, 0.8) * np.hanning(7))[:, None]
    return [line]


def tailed_spiral(rng: Rng) -> list[Line]:
    """Filled round and round; the end leaves the circle."""
    turns = rng.uniform(2.5, 5)
    angle = np.linspace(0, turns * 2 * np.pi, int(turns * 16)) * rng.choice([-1, 1]) + rng.uniform(0, 6.28)
    round_ = np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.sqrt(np.linspace(0.01, 1, len(angle)))[:, None] * rng.uniform(0.85, 1.1)
    way = round_[-1] - round_[-2]
    way = way / max(float(np.hypot(*way)), 1e-6) + 0.4 * round_[-1]
    tail = round_[-1] + way * np.linspace(0, rng.uniform(0.2, 1.1), 8)[:, None]
    return [np.vstack([round_, tail])]


def wild_fill(rng: Rng) -> list[Line]:
    """Filled in loops without care, somewhat over the rim."""
    reach = rng.uniform(0.5, 0.68)
    return [_smooth(rng.normal(0, reach, (int(rng.integers(16, 30)), 2)).clip(-2.2 * reach, 2.2 * reach) + rng.uniform(-0.15, 0.15, 2))]


def _hatched(rng: Rng, along: float, across: float, pitch: float, uneven: float) -> Line:
    count = max(5, int(2 * across / pitch))
    height = np.linspace(-across, across, count) + rng.normal(0, 0.1 * pitch, count)
    half = along * np.sqrt(np.maximum(1.02 - (height / across) ** 2, 0.06)) * (1 + rng.normal(0, uneven, count)).clip(0.6, 1.6)
    return _turned(_along(np.stack([half * np.where(np.arange(count) % 2, 1, -1), height], axis=1)), rng.uniform(0, np.pi))


def _along(corners: Line) -> Line:
    way = np.arange(0, len(corners) - 1 + 1e-9, 0.125)
    return np.stack([np.interp(way, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)], axis=1)


def _smooth(points: Line) -> Line:
    return np.stack([cv2.GaussianBlur(axis[None], (0, 0), 3.0)[0] for axis in _along(points).T], axis=1) * 1.12


def _turned(line: Line, turn: float) -> Line:
    return line @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])


STRIKES: dict[str, Shape] = {
    each.__name__: each for each in (one_line, thick_line, two_lines, upright_cross, short_cross, long_cross, askew_cross, zigzag, scribble, loops, ring)
}  # fmt: skip
WITHHELD_STRIKES: dict[str, Shape] = {"wave": wave}
OVERSHOOTS: dict[str, Shape] = {each.__name__: each for each in (long_hatch, moved_hatch, ragged_hatch, tailed_spiral, wild_fill)}
WEIGHTS = {"one_line": 3.0, "upright_cross": 1.5}  # of the strikes; others 1


@dataclass(frozen=True, slots=True)
class Box:
    """A circle of a page: `key` names its item, column and value."""

    key: tuple[str, int | None, str]
    center: tuple[float, float]
    radius: float


@dataclass(frozen=True, slots=True)
class Done:
    """What was drawn in a box: `answer`, and how."""

    answer: bool
    how: str


@dataclass(frozen=True, slots=True)
class Played:
    """A page as it came back: its picture, its book and id, its layout, and what was done to its boxes."""

    picture: Grey
    book: PageBook
    page: str
    layout: Layout
    done: Mapping[tuple[str, int | None, str], Done]


class Pupil:
    """Decides what is drawn on a page: some pupils always stay within the rims, some never; each strikes mostly in one way."""

    def __init__(self, rng: Rng, strikes: Mapping[str, Shape], struck: float, busy: bool = False) -> None:
        self.rng, self.strikes, self.struck, self.busy = rng, strikes, struck, busy
        self.over = float(rng.choice([0.0, 0.2, 0.6, 0.95]))
        self.favourite_fill = str(rng.choice(list(OVERSHOOTS)))
        self.favourite_strike = self._strike()

    def _strike(self) -> str:
        weights = np.array([WEIGHTS.get(name, 1.0) for name in self.strikes])
        return str(self.rng.choice(list(self.strikes), p=weights / weights.sum()))

    def plan(self, boxes: list[Box]) -> list[tuple[Box, str, str]]:
        """Of one group: (box, how it is filled, how it is struck out or nothing). A fill named "" is the simulator's own."""
        rng, order = self.rng, [boxes[place] for place in self.rng.permutation(len(boxes))]
        if self.busy:
            return [(box, self._fill(), self._mostly() if rng.random() < self.struck else "") for box in order[:5] if rng.random() < 0.6]
        if rng.random() >= self.struck:
            return [(order[0], self._fill(), "")] if rng.random() < 0.95 else []
        made = [(order[0], self._fill(), self._mostly())]
        return [*made, *((box, self._fill(), "") for box in order[1:2])] if rng.random() < 0.5 else made

    def _mostly(self) -> str:
        return self.favourite_strike if self.rng.random() < 0.6 else self._strike()

    def _fill(self) -> str:
        if self.rng.random() >= self.over:
            return ""
        return self.favourite_fill if self.rng.random() < 0.7 else str(self.rng.choice(list(OVERSHOOTS)))


def _groups(keys: list[Box]) -> list[list[Box]]:
    groups: dict[tuple[str, int | None], list[Box]] = {}
    for box in keys:
        groups.setdefault(box.key[:2], []).append(box)
    return list(groups.values())


def rehearsed(
    condition: str,
    pages: int,
    seed: int,
    strikes: Mapping[str, Shape] = STRIKES,
    pens: tuple[str, ...] = PENCIL_CASE,
    struck: float = 0.2,
    busy: bool = False,
) -> Iterator[Played]:
    """Pages of the rehearsal's prints, pens, papers and machines."""
    home, at = Path(tempfile.mkdtemp(prefix="strikes-")), CONDITIONS[condition]
    try:
        week = print_week(home, pages, files=sorted(Path(__file__).with_name("dense").glob("*.yaml")))
        book = MemoryBook(week)
        for number, page in enumerate(sheets_of(week.layout, week.several)):
            rng = np.random.default_rng([seed, zlib.crc32(condition.encode()), number])
            size = (0, 0) if isinstance(at.eye, Scanner) else picture_size(rng, at.eye)
            size = size if page.size[0] <= page.size[1] else size[::-1]
            dpi = float(rng.choice(at.eye.dpi)) if isinstance(at.eye, Scanner) else size[1] / page.size[1] * MM_PER_INCH
            sheet = render(home / page.pdf, page.pdf_page, dpi)
            print_wear(sheet, rng, at.wear)
            boxes = [Box((each.item, each.column, each.value), each.center, each.radius) for each in page.places if each.kind != "score"]
            pupil, done = Pupil(rng, strikes, struck, busy), {}
            pen = take(rng, PENS[str(rng.choice(pens))])
            plain = str(rng.choice((*hand.FILLS, "overshot", "overshot", "scribble")))
            for group in _groups(boxes):
                for box, fill, strike in pupil.plan(group):
                    done[box.key] = Done(not strike, f"{fill or plain}/{strike}")
                    _draw_rehearsed(sheet, rng, pen, box, OVERSHOOTS[fill](rng) if fill else [], plain)
                    if strike:
                        other = take(rng, PENS[str(rng.choice(pens))]) if rng.random() < ANOTHER_PEN else pen
                        _draw_rehearsed(sheet, rng, other, box, strikes[strike](rng), "")
            bed = at.eye.bed(rng)
            damage = paper_wear(sheet, rng, at.wear, bed)
            if isinstance(at.eye, Scanner):
                taken = scan(sheet, rng, at.eye, round(dpi), bed, damage.bend)
            else:
                taken = photograph(sheet, rng, at.eye, size, bed, damage.bend)
            yield Played(as_read(taken), book, page.page, week.layouts[week.pages[page.page].layout], done)
    finally:
        shutil.rmtree(home)


def _draw_rehearsed(sheet: Any, rng: Rng, pen: Held, box: Box, shape: list[Line], plain: str) -> None:
    lines = [each * box.radius + box.center + rng.normal(0, 0.03, each.shape) for each in shape]
    draw(sheet, rng, pen, lines or hand.SHAPES[plain](rng, box.center, box.radius, pen.width_mm), float(rng.uniform(0.9, 1.12)))


def other_hands(
    condition: str,
    pages: int,
    seed: int,
    strikes: Mapping[str, Shape] = STRIKES,
    pens: tuple[Any, ...] = TOOL_BOX,
    struck: float = 0.2,
    busy: bool = False,
) -> Iterator[Played]:
    """Pages of the second simulator."""
    room, at = PrintRoom(), OTHER_CONDITIONS[condition]
    for number in range(pages):
        rng = np.random.default_rng([seed, zlib.crc32(condition.encode()), number])
        sheet = room.sheet(f"strikes/{condition}/{seed}/{number}", rng)
        per_mm = at.print_dpi / 25.4
        work = Work(sheet.render(at.print_dpi), per_mm, rng, None)
        for stage in at.before:
            stage(work)
        eyes, tool = str(rng.choice(at.eyes)), pens[int(rng.integers(len(pens)))]
        writer = Hand(work.page, per_mm, USUAL, tool, eyes, rng)
        plain, pupil, done = str(rng.choice(("careful", "zigzag", "spiral", "hurried", "hurried"))), Pupil(rng, strikes, struck, busy), {}
        spots = {(spot.item, spot.column, spot.value): spot for spot in sheet.spots if sheet.rules[spot.item] != "score"}
        for group in _groups([Box(key, spot.center, spot.size / 2) for key, spot in spots.items()]):
            for box, fill, strike in pupil.plan(group):
                done[box.key], deed, spot = Done(not strike, f"{fill or plain}/{strike}"), Deed(box.key[0], None), spots[box.key]
                made = [_pressed(each, box, rng) for each in OVERSHOOTS[fill](rng)] if fill else writer.shape(spot, plain)
                struck_out = [_pressed(each, box, rng) for each in strikes[strike](rng)] if strike else []
                if strike and rng.random() < ANOTHER_PEN:
                    writer.lay(deed, spot, "answer", plain, made)
                    Hand(work.page, per_mm, USUAL, pens[int(rng.integers(len(pens)))], eyes, rng).lay(
                        deed, spot, "cancelled", strike, struck_out
                    )
                else:
                    writer.lay(deed, spot, "answer", plain, [*made, *struck_out])
        for stage in at.after:
            stage(work)
        book, printed = room.book(), room.book().page(sheet.page_id)
        assert printed is not None
        yield Played(at.device(work).grey, book, sheet.page_id, book.layout(printed.layout), done)
        room.forget()


def _pressed(shape: Line, box: Box, rng: Rng) -> strokes.Stroke:
    return strokes.stroke(shape * box.radius, rng, 0.05)


PLAYS: dict[str, Callable[..., Iterator[Played]]] = {"rehearsal": rehearsed, "other_hands": other_hands}


def measurements_of(played: Played) -> Mapping[str, Any] | None:
    """What the reader measured on the page; None where it was not read."""
    verdict = next((each for each in read_page(played.picture, played.book) if each.page_id == played.page and each.items), None)
    return verdict.measurements if verdict else None


def judged(played: Played, counts: Counter[str]) -> None:
    """Counts the boxes of a page by what was done to them: `asked` of the third forest, and `taken` for an answer because of it."""
    measurements = measurements_of(played)
    if measurements is None:
        return
    own, without = (judge_page(measurements, played.layout, each) for each in (THRESHOLDS, replace(THRESHOLDS, overshot=2.0)))
    rules = {item.item: item.rule for item in played.layout.items}
    before = {said.item: said.judgement for said in without}
    for said in own:
        done = [each for (item, _column, _value), each in played.done.items() if item == said.item]
        kind = "struck out" if any(not each.answer for each in done) else "overshot" if any(each.how for each in done) else "blank"
        counts[f"{kind}: questions"] += 1
        if isinstance(said.judgement, Chosen) and isinstance(before[said.item], Doubt):
            meant = {value for (item, _column, value), each in played.done.items() if item == said.item and each.answer}
            right = rules[said.item] == "number" or set(said.judgement.values) == meant
            counts[f"{kind}: taken"] += 1
            counts["wrong"] += not (right and (rules[said.item] != "number" or kind == "overshot"))


def main() -> None:
    """Play, judge, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=40, help="of each condition")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--withheld", choices=("strike", "pen"))
    given = parser.parse_args()
    strikes = WITHHELD_STRIKES if given.withheld == "strike" else STRIKES
    cases: dict[str, Any] = (
        {"rehearsal": WITHHELD_PENS, "other_hands": WITHHELD_TOOLS}
        if given.withheld == "pen"
        else {"rehearsal": PENCIL_CASE, "other_hands": TOOL_BOX}
    )
    for play, names in (("rehearsal", REHEARSED), ("other_hands", OTHERS)):
        for name in names:
            counts: Counter[str] = Counter(wrong=0)
            for played in PLAYS[play](name, given.pages, given.seed, strikes, cases[play]):
                judged(played, counts)
            print(f"{play} {name}: {dict(sorted(counts.items()))}", flush=True)


if __name__ == "__main__":
    main()

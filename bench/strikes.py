"""Pages on which much is struck out in every way that children have, and much is filled beyond the rim: what the forest of scanning/overshoot learns from.

Both simulators draw the shapes of bench/strike_shapes with their own pens and machines. bench/learn_strikes learns from them;
`python -m bench.strikes` tells what the judge takes for an answer. The strike `wave` and the pens of WITHHELD_PENS are never learned from.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.judgement import as_read
from bench.other_hands import strokes, tools
from bench.other_hands.conditions import CONDITIONS as OTHER_CONDITIONS
from bench.other_hands.habits import USUAL
from bench.other_hands.picture import Work
from bench.other_hands.pupil import Deed, Hand
from bench.other_hands.sheets import PrintRoom
from bench.printed_week import MemoryBook, print_week
from bench.strike_shapes import OVERSHOOTS, STRIKES, WEIGHTS, WITHHELD_STRIKES, Line, Shape
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
from scanning.verdict import Chosen, Doubt, Grey, Judgement, PageBook

Rng = np.random.Generator
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
    """Counts the questions of a page, numbers apart, by whether something was struck out in them and by what the judge says, with the network's word (scanning/struck) and without."""
    measurements = measurements_of(played)
    if measurements is None:
        return
    rules = {item.item: item.rule for item in played.layout.items}
    for which, told in (("", measurements), (" without the network", {**measurements, "left": {}})):
        for said in judge_page(told, played.layout):
            done = {value: each for (item, _column, value), each in played.done.items() if item == said.item}
            if done and rules[said.item] in ("one", "several"):
                kind = "plain" if all(each.answer for each in done.values()) else "struck out"
                ringed = any(each.how.endswith("/ring") for each in done.values())  # the one that counts, or not: nobody can tell
                meant = None if ringed else {value for value, each in done.items() if each.answer}
                counts[f"{kind}: {_said(said.judgement, meant)}{which}"] += 1


def _said(judgement: Judgement, meant: set[str] | None) -> str:
    """A question of which nothing but something struck out is left is to be asked about, never blank (DESIGN, section 4)."""
    if isinstance(judgement, Doubt):
        return "asked about"
    return "right" if isinstance(judgement, Chosen) and set(judgement.values) == meant else "WRONG"


def main() -> None:
    """Play, judge, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=40, help="of each condition")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--withheld", choices=("strike", "pen"))
    parser.add_argument("--busy", action="store_true", help="every circle of a question may be filled, and more is struck out")
    given = parser.parse_args()
    strikes = WITHHELD_STRIKES if given.withheld == "strike" else STRIKES
    cases: dict[str, Any] = (
        {"rehearsal": WITHHELD_PENS, "other_hands": WITHHELD_TOOLS}
        if given.withheld == "pen"
        else {"rehearsal": PENCIL_CASE, "other_hands": TOOL_BOX}
    )
    total: Counter[str] = Counter()
    for play, names in (("rehearsal", REHEARSED), ("other_hands", OTHERS)):
        for name in names:
            counts: Counter[str] = Counter()
            for played in PLAYS[play](name, given.pages, given.seed, strikes, cases[play], 0.3 if given.busy else 0.2, given.busy):
                judged(played, counts)
            print(f"{play} {name}: {dict(sorted(counts.items()))}", flush=True)
            total += counts
    print(f"all: {dict(sorted(total.items()))}")


if __name__ == "__main__":
    main()

"""Pages that a teacher corrected in ink before they were scanned: whose answers are read, in colour and in grey?

    python -m bench.corrected [--pages 30] [--seed 1] [--pens "red ballpoint,pink gel pen"] [--kinds]

The hands of bench/other_hands fill sheets; a teacher then ticks, crosses, rings or fills circles of seven questions in ten with one pen a page. The sheet is taken three times
alike, through a red, a green and a blue eye, which together are a scan in colour; the same JPEG in grey is the other column. What the pupil meant is right, a
doubt is asked, all else is silent: the teacher's answer in place of the pupil's. `--kinds` tells them by what the teacher did. Answers that were not corrected stand apart.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from bench.other_hands import strokes as s
from bench.other_hands import tools as t
from bench.other_hands.conditions import OFFICE
from bench.other_hands.habits import USUAL
from bench.other_hands.judge import verdict_on
from bench.other_hands.picture import Picture, Work
from bench.other_hands.printers import office
from bench.other_hands.pupil import Deed, Hand, fill
from bench.other_hands.sheets import PrintRoom, Sheet, Spot
from bench.other_hands.strokes import Rng
from bench.other_hands.tools import CHANNELS, Tool
from bench.other_hands.truth import Truth, truths
from scanning.page import read_page
from scanning.pictures import photograph
from scanning.verdict import ItemVerdict

PER_MM = 200 / 25.4
CORRECTED = 0.7  # of the questions
QUALITY = (70, 86)
MOST_PIXELS = 60_000_000
PENS = (
    t.RED_BALL,
    t.RED_GEL,
    Tool("red felt", (0.9, 1.3), (0.85, 0.16, 0.2), 0.1, 0.1, bleeds=0.12),
    Tool("red pencil", (0.8, 1.3), (0.85, 0.38, 0.36), 0.6, 0.6),
    Tool("orange felt", (0.9, 1.3), (0.95, 0.48, 0.15), 0.1, 0.1, bleeds=0.12),
    Tool("pink gel pen", (0.5, 0.7), (0.92, 0.35, 0.6), 0.05, 0.15),
    Tool("green ballpoint", (0.45, 0.6), (0.15, 0.5, 0.3), 0.2, 0.45),
    Tool("green gel pen", (0.5, 0.7), (0.12, 0.58, 0.32), 0.05, 0.15),
    t.FELT_GREEN,
    Tool("dark green ballpoint", (0.45, 0.6), (0.08, 0.27, 0.2), 0.2, 0.45),
)
Outcome = tuple[str, str, str, str]  # the pen, what the teacher did, colour or grey, what came out


@dataclass(frozen=True, slots=True)
class Corrected:
    """One sheet in its picture: a JPEG in colour, what the pupil meant, and what the teacher did to each question."""

    sheet: Sheet
    jpeg: bytes
    truths: Sequence[Truth]
    done: dict[str, str]


def corrected(seed: int, number: int, pen: Tool, room: PrintRoom) -> Corrected:
    """Picture `number` of a pen; the same for the same seed."""
    sheet = room.sheet(f"corrected/{pen.name}/{seed}/{number}", _luck(seed, number, 0))
    untouched, deeds, _done = _taken(sheet, "luma", None, seed, number)
    seen = [_taken(sheet, eye, pen, seed, number) for eye in CHANNELS]
    colour = cv2.merge([picture.grey for picture, _deeds, _done in seen])
    quality = int(_luck(seed, number, 3).integers(*QUALITY))
    jpeg = cv2.imencode(".jpg", colour, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
    return Corrected(sheet, jpeg, truths(sheet, deeds, untouched, []), seen[0][2])


def _taken(sheet: Sheet, eye: str, pen: Tool | None, seed: int, number: int) -> tuple[Picture, list[Deed], dict[str, str]]:
    """The sheet through one eye: filled, corrected where there is a pen, scanned; each by chances of its own, so that all eyes see the same."""
    work = Work(sheet.render(200), PER_MM, _luck(seed, number, 1))
    office(work)
    deeds = fill(work.page, PER_MM, sheet, USUAL, eye, work.rng)
    done = _correct(Hand(work.page, PER_MM, USUAL, pen, eye, _luck(seed, number, 2)), sheet, deeds) if pen else {}
    return replace(OFFICE, quality=None)(work), deeds, done


def _luck(seed: int, number: int, purpose: int) -> Rng:
    return np.random.default_rng([seed, number, purpose])


def _correct(hand: Hand, sheet: Sheet, deeds: Sequence[Deed]) -> dict[str, str]:
    """Go over the page as a teacher does; answers what was done to each question."""
    hand.force, done = hand.rng.uniform(0.9, 1.2), {}
    for item, rule in sheet.rules.items():
        if rule == "score" or hand.rng.random() > CORRECTED:
            continue
        spots = sheet.spots_of(item)
        own = [mark.spot for deed in deeds if deed.item == item for mark in deed.marks if mark.role == "answer"]
        others = [spot for spot in spots if spot not in own and (not own or spot.column == own[0].column)]
        there = {"own": own, "other": others, "": spots}
        way = str(hand.rng.choice([way for way in WAYS if all(there[whose] for whose, _draw in WAYS[way])]))
        for whose, draw in WAYS[way]:
            draw(hand, there[whose][int(hand.rng.integers(len(there[whose])))])
        done[item] = way
    return done


def _lay(hand: Hand, spot: Spot, made: Sequence[s.Stroke]) -> None:
    hand.lay(Deed(spot.item, spot.column), spot, "teacher", "correction", made)


def _beside(hand: Hand, spot: Spot) -> None:
    _lay(hand, spot, [each.moved((-float(hand.rng.uniform(7, 11)), 0.0)) for each in s.tick(spot.size / 2, hand.rng)])


def _ticked(hand: Hand, spot: Spot) -> None:
    _lay(hand, spot, s.tick(spot.size / 2, hand.rng))


def _crossed(hand: Hand, spot: Spot) -> None:
    _lay(hand, spot, s.cross(spot.size / 2, hand.rng, (1.0, 1.8)))


def _filled(hand: Hand, spot: Spot) -> None:
    hand.answer(Deed(spot.item, spot.column), spot)


def _ringed(hand: Hand, spot: Spot) -> None:
    _lay(hand, spot, s.rim(spot.size / 2, hand.rng, 1.15, 1.45))


WAYS: dict[str, tuple[tuple[str, Callable[[Hand, Spot], None]], ...]] = {  # whose circles, and what is drawn there
    "ticked beside": (("", _beside),),
    "the answer ticked": (("own", _ticked),),
    "the answer crossed": (("own", _crossed),),
    "another filled": (("other", _filled),),
    "another ringed": (("other", _ringed),),
    "crossed, another filled": (("own", _crossed), ("other", _filled)),
    "crossed, another ringed": (("own", _crossed), ("other", _ringed)),
}


def outcomes(seed: int, number: int, pen: Tool, room: PrintRoom) -> Iterator[Outcome]:
    """What became of each question of one picture, in colour and in grey."""
    page = corrected(seed, number, pen, room)
    taken = photograph(page.jpeg, MOST_PIXELS)
    for name, colour in (("colour", taken.colour), ("grey", None)):
        verdicts = read_page(np.asarray(taken.image, np.uint8), room.book(), colour=colour)
        said = {item.item: item for verdict in verdicts if verdict.page_id == page.sheet.page_id for item in verdict.items}
        for truth in page.truths:
            if page.sheet.rules[truth.item] != "score":
                yield pen.name, page.done.get(truth.item, "nothing"), name, _came_out(truth, said.get(truth.item))
    room.forget()


def _came_out(truth: Truth, said: ItemVerdict | None) -> str:
    return {"right": "right", "silent": "silent"}.get(verdict_on(truth, said.judgement if said else None), "asked")


def table(counts: Counter[Outcome], kinds: bool) -> Iterator[str]:
    """A row a pen, or a pen and what the teacher did, and one of what was not corrected."""
    yield "| pen | done | answers | colour: right | asked | silent | grey: right | asked | silent |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for pen in dict.fromkeys(each[0] for each in counts):
        ways = sorted({each[1] for each in counts if each[0] == pen} - {"nothing"})
        for label, own in [*([(way, [way]) for way in ways] if kinds else [("corrected", ways)]), ("nothing", ["nothing"])]:
            cells = [sum(counts[pen, way, eye, out] for way in own) for eye in ("colour", "grey") for out in ("right", "asked", "silent")]
            yield f"| {pen} | {label} | {sum(cells[:3])} | " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    """Parse, play, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=30, help="of each pen")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pens", default=",".join(pen.name for pen in PENS))
    parser.add_argument("--kinds", action="store_true", help="tell them by what the teacher did")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    room, counts = PrintRoom(), Counter[Outcome]()
    for pen in PENS:
        if pen.name in given.pens.split(","):
            for number in range(given.pages):
                counts.update(outcomes(given.seed, number, pen, room))
    print("\n".join(table(counts, given.kinds)))


if __name__ == "__main__":
    main()

"""How sure the reader says it is, and how often it is right: over pages that bench.judgement kept.

    python -m bench.reliability KEPT ... [--accepted]

Of every question whose answer can be seen (not those that only a person may settle, and not those where several may be marked), `ItemVerdict.confidence` of the
reading, or of a doubt's first candidate, which is what a person is shown first; with `--accepted` of the readings alone, which nobody looks at. Questions in
which no box had to be weighed, and doubts without a candidate, tell nothing and are left out. The Brier score is the mean square of confidence less 1 or 0 (Brier 1950).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean

from bench.kept import Kept, pages_of
from packets.layout import Layout
from scanning.rehearsal.meaning import ItemTruth, Must
from scanning.verdict import Chosen, Doubt, ItemVerdict

SEVERAL = "several"  # the rule of questions that are left out
EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)


@dataclass(frozen=True, slots=True)
class Told:
    """One question: how sure the reader was, whether that was what was meant, and whether it was accepted without a person."""

    confidence: float
    right: bool
    accepted: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: questions whose confidence lies in [low, high), in the last row up to and with `high`."""

    low: float
    high: float
    count: int
    mean: float
    right: float


def told_of(item: ItemTruth, verdict: ItemVerdict) -> Told | None:
    """What one question tells; None where no one reading is meant, nothing was weighed, or a doubt names no candidate."""
    if item.must is not Must.READ or verdict.confidence is None:
        return None
    match verdict.judgement:
        case Chosen(values):
            return Told(verdict.confidence, values in (item.reading, *item.also), True)
        case Doubt(_reason, candidates) if candidates:
            return Told(verdict.confidence, candidates[:1] in (item.reading, *item.also), False)
        case _:
            return None


def table(told: Iterable[Told]) -> list[Line]:
    """The questions by how sure the reader was; rows without any are left out."""
    every = sorted(told, key=lambda each: each.confidence)
    lines = []
    for low, high in pairwise(EDGES):
        mine = [each for each in every if low <= each.confidence < high or (high == EDGES[-1] == each.confidence)]
        if mine:
            lines.append(Line(low, high, len(mine), fmean(each.confidence for each in mine), fmean(each.right for each in mine)))
    return lines


def brier(told: Iterable[Told]) -> float:
    """The mean square of confidence less what came true; 0 is best."""
    every = [(each.confidence - each.right) ** 2 for each in told]
    return sum(every) / max(1, len(every))


def questions(file: Path) -> Iterator[Told]:
    """What every question of a kept file tells."""
    _condition, _seed, layouts, pages = pages_of(file)
    for page in pages:
        yield from _page(page, layouts)


def _page(page: Kept, layouts: Mapping[str, Layout]) -> Iterator[Told]:
    verdicts = {each.page_id: each for each in page.judged(layouts)}
    for sheet in page.truth.sheets:
        verdict = verdicts.get(sheet.page)
        if verdict is None or not verdict.items:
            continue
        several = {item.item for item in layouts[page.layouts[sheet.page]].items if item.rule == SEVERAL}
        found = {each.item: each for each in verdict.items}
        for item in sheet.items:
            told = told_of(item, found[item.item]) if item.item in found and item.item not in several else None
            if told is not None:
                yield told


def main() -> None:
    """Print the table of the files named."""
    arguments = argparse.ArgumentParser(description="How sure the reader is, and how often it is right.")
    arguments.add_argument("kept", nargs="+", type=Path, help="files of bench.judgement --keep")
    arguments.add_argument("--accepted", action="store_true", help="only what was accepted without a person")
    chosen = arguments.parse_args()
    told = [each for file in chosen.kept for each in questions(file) if each.accepted or not chosen.accepted]
    print("| confidence | readings | mean confidence | share right |\n|---|---|---|---|")
    for line in table(told):
        print(f"| {line.low:g} to {line.high:g} | {line.count:,} | {line.mean:.4f} | {line.right:.4f} |")
    print(f"\n{len(told):,} questions, Brier score {brier(told):.5f}")


if __name__ == "__main__":
    main()

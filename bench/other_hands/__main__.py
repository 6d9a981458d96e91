"""`python -m bench.other_hands --condition NAME|all --pages N --seed S [--workers 2] [--save FOLDER] [--json FILE]`: one row a condition.

Then every silent error and every lost or wrong page on a line of its own. `--show FOLDER` draws the first pictures of each condition and reads nothing.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import cv2

from bench.other_hands.conditions import CONDITIONS, KNOWN, SECRET, WITHHELD
from bench.other_hands.field import take
from bench.other_hands.judge import Tally
from bench.other_hands.part import part, room

HEADS = (
    "condition",
    "pages",
    "answers",
    "right",
    "needless",
    "%",
    "due",
    "silent",
    "outside",
    "<=/1000",
    "lost",
    "wrong",
    "ms/page",
    "drawn",
)
CHUNK = 10
Part = Callable[[str, int, int, int, Path | None], tuple[str, Tally]]


def run(names: list[str], pages: int, seed: int, workers: int, save: Path | None, part: Part = part) -> dict[str, Tally]:
    """Judge `pages` pictures of each condition (half as many where two sheets lie in one); `part` is what one process does at a time."""
    tallies = {name: Tally() for name in names}
    jobs = []
    for name in names:
        pictures = (pages + 1) // 2 if KNOWN[name].two else pages
        jobs += [(name, seed, first, min(CHUNK, pictures - first), save) for first in range(0, pictures, CHUNK)]
    if workers <= 1:
        results = [part(*job) for job in jobs]
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            results = [future.result() for future in [pool.submit(part, *job) for job in jobs]]
    for name, tally in results:
        tallies[name].add(tally)
    return tallies


def show(names: list[str], pages: int, seed: int, folder: Path) -> None:
    """Draw the first pictures of each condition as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        for number in range(pages):
            grey, _shown = take(name, seed, number, room())
            cv2.imwrite(str(folder / f"{name}-{number}.png"), grey)


def table(tallies: dict[str, Tally]) -> str:
    """The counts, one row a condition, and below a row of all."""
    total = Tally()
    for tally in tallies.values():
        total.add(tally)
    rows = [HEADS, *(_row(name, tally) for name, tally in tallies.items())]
    if len(tallies) > 1:
        rows.append(_row("all", total))
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    return "\n".join(
        "  ".join(cell.ljust(w) if k == 0 else cell.rjust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))) for row in rows
    )


def _row(name: str, tally: Tally) -> tuple[str, ...]:
    pages = max(1, tally.pages)
    counts = (tally.pages, tally.answers, tally.right, tally.needless)
    share = f"{100 * tally.needless / max(1, tally.answers):.2f}"
    rest = (str(tally.due), str(tally.silent), str(tally.outside), f"{tally.bound:.2f}", str(tally.lost), str(tally.wrong))
    return (name, *map(str, counts), share, *rest, f"{tally.read_ms / pages:.0f}", f"{tally.drawn_ms / pages:.0f}")


def reliability(tallies: dict[str, Tally]) -> str:
    """How often the reader was right against how sure it was, over all conditions; questions with several answers left out."""
    total = Tally()
    for tally in tallies.values():
        total.add(tally)
    rows = [
        f"{name:>14} {count:9.0f} {sure / count:16.4f} {right / count:12.4f}" for name, (count, right, sure) in sorted(total.trust.items())
    ]
    return "\n".join([f"{'confidence':>14} {'readings':>9} {'mean confidence':>16} {'share right':>12}", *rows])


def arguments(prog: str, about: str | None, conditions: str) -> argparse.Namespace:
    """What was asked for on the command line; `conditions` says what --condition takes."""
    parser = argparse.ArgumentParser(prog=prog, description=about)
    parser.add_argument("--condition", default=conditions.partition(" ")[0], help=f"a name, several with commas, or {conditions}")
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--save", type=Path, help="crops of silent errors, lost pages and needless doubts")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--show", type=Path, help="draw pictures here and read nothing")
    return parser.parse_args()


def main() -> None:
    """Run from the command line."""
    asked = arguments("python -m bench.other_hands", __doc__, "all (without the withheld ones)")
    names = [name for name in CONDITIONS if name not in WITHHELD] if asked.condition == "all" else asked.condition.split(",")
    answer(asked, names)


def answer(asked: argparse.Namespace, names: list[str], part: Part = part) -> None:
    """Do what was asked for with these conditions."""
    if asked.show:
        show(names, asked.pages, asked.seed, asked.show)
        return
    tallies = run(names, asked.pages, asked.seed, asked.workers, asked.save, part)
    print(table(tallies))
    print(reliability(tallies))
    findings = [finding for name, tally in tallies.items() if name not in SECRET for finding in tally.findings]
    for finding in findings:
        if finding.what != "needless doubt":
            print(finding.line())
    doubts = Counter((finding.kind, finding.said.split(" (")[0]) for finding in findings if finding.what == "needless doubt")
    for (kind, said), count in doubts.most_common(40):
        print(f"{count:5d} needless: {said}; drawn: {kind}")
    if asked.json:
        asked.json.write_text(
            json.dumps({name: asdict(tally) for name, tally in tallies.items()}, ensure_ascii=False, indent=1), encoding="utf-8"
        )


if __name__ == "__main__":
    main()

"""Learns the network of scanning/meant from simulated pages; what it writes may then take the place of scanning/data/meant.onnx.

    python -m bench.learn_meant [--share 1.0] [--workers 2] --out FILE

The plays are those of bench/learn_struck, twice, with other seeds. Learned from are all circles that scanning/meant looks at: answers, what was struck out or rubbed out, what only
touched a circle, and nothing but the paper; and answers that are made paler, as a light hand's rubber leaves them. What is withheld there is withheld here. Needs PyTorch and onnx:
`pip install torch==2.15.0 onnx` beforehand. The judges of what was learned are `bench.judgement`, `bench.other_hands`, `bench.strikes` and `bench.paled` with other seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np

from bench.learn_marks import ANSWER, DENSE, STRUCK, Place, other_hands, rehearsed
from bench.learn_marks import NOTHING as UNTOUCHED
from bench.learn_struck import STEPS, plays
from bench.strikes import PLAYS as STRIKES
from bench.strikes import measurements_of
from bench.struck_network import AMONG_STRIKES, MEANT, NOTHING, ORDINARY, STRUCK_OUT, UNDONE, Examples, learned, onnx_of
from packets.layout import Layout
from records.files import write_bytes
from records.workers import workers
from scanning import meant
from scanning.page import read_page
from scanning.patches import Values
from scanning.verdict import Grey, PageBook

AGAIN = (0, 1)  # what is added to the seeds of the busy hands; twice as much to those of the strikes, of which there are two
Example = tuple[tuple[Values, Values], int]  # patch and print, and what somebody did to the circle
_looked: list[tuple[Values, Values]] = []


def remembering(patches: Values, prints: Values) -> Values:
    """Stands for `meant.look`: keeps what it is shown, and answers with its place among what was kept, as so many of the smallest steps of a probability."""
    first = len(_looked)
    _looked.extend(zip(patches, prints, strict=True))
    return np.arange(first, len(_looked), dtype=np.float64) / STEPS


def start() -> None:
    """Sets a worker up."""
    cv2.setNumThreads(1)
    meant.look = remembering


def examples_of(image: Grey, book: PageBook, page: str, layout: Layout, done: Mapping[Place, int]) -> Iterator[Example]:
    """The circles of a page that were looked at."""
    _looked.clear()
    verdict = next((each for each in read_page(image, book) if each.page_id == page and each.items), None)
    if verdict is not None:
        yield from _told(verdict.measurements.get("meant", {}), layout, done)


def _told(seen: Mapping[str, float], layout: Layout, done: Mapping[Place, int]) -> Iterator[Example]:
    for place, number in seen.items():
        box = layout.boxes[int(place)]
        yield _looked[round(number * STEPS)], done.get((box.item, box.column, box.value), UNTOUCHED)


def played(asked: tuple[str, str, str, int, int]) -> Examples:
    """All examples of one play. Runs in a worker."""
    kind, play, name, pages, seed = asked
    if kind == "busy hands":
        found = list(_busy(play, name, pages, seed))
    else:
        found = list(_struck_out(play, name, pages, seed, kind == "busy strikes"))
    answer = ORDINARY if kind == "busy hands" else AMONG_STRIKES
    kinds = {ANSWER: answer, STRUCK: STRUCK_OUT, UNTOUCHED: NOTHING}
    patches, prints = ([both[which] for both, _label in found] for which in range(2))
    return Examples.of(patches, prints, [kinds.get(label, UNDONE) for _both, label in found])


def _busy(play: str, name: str, pages: int, seed: int) -> Iterator[Example]:
    rows = rehearsed(name, pages, seed, examples_of, DENSE) if play == "rehearsal" else other_hands(name, pages, seed, examples_of)  # type: ignore[arg-type]
    yield from rows  # type: ignore[misc]


def _struck_out(play: str, name: str, pages: int, seed: int, busy: bool) -> Iterator[Example]:
    for page in STRIKES[play](name, pages, seed, struck=0.3 if busy else 0.2, busy=busy):
        _looked.clear()
        measurements = measurements_of(page)
        if measurements is not None:
            done = {place: ANSWER if each.answer else STRUCK for place, each in page.done.items()}
            yield from _told(measurements.get("meant", {}), page.layout, done)


def all_plays(share: float) -> list[tuple[str, str, str, int, int]]:
    """Every play: kind, simulator, condition, pages, seed."""
    return [
        (kind, play, name, pages, seed + more * (1 if kind == "busy hands" else 2))
        for more in AGAIN
        for kind, play, name, pages, seed in plays(share)
    ]


def main() -> None:
    """Play, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--share", type=float, default=1.0, help="of the pages")
    parser.add_argument("--steps", type=int, default=10000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    gathered: list[Examples] = []
    with workers(given.workers, start, ()) as pool:
        jobs = all_plays(given.share)
        for (kind, play, name, *_more), found in zip(jobs, pool.map(played, jobs), strict=True):
            gathered.append(found)
            print(f"{kind}, {play} {name}: {len(found.kinds)} circles, {int((found.kinds <= AMONG_STRIKES).sum())} answers", flush=True)
    write_bytes(given.out, onnx_of(learned(Examples.all(gathered), given.steps, MEANT)))


if __name__ == "__main__":
    main()

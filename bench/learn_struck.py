"""Learns the network of scanning/struck from simulated pages; what it writes may then take the place of scanning/data/struck.onnx.

    python -m bench.learn_struck [--share 1.0] [--workers 2] --out FILE

Both simulators play the busy hands of bench/learn_marks and the pages of bench/strikes, where much is struck out and much runs over the rim. Learned
from are the circles that scanning/struck looks at, and only those that were answered or struck out. The strike `wave`, the pens of
WITHHELD_PENS and WITHHELD_TOOLS, and the conditions `withheld_pen` and `withheld_paper` are in none. Needs PyTorch and onnx, which the program itself does not:
`pip install torch==2.15.0 onnx` beforehand. The judges of what was learned are `python -m bench.strikes`, `bench.judgement` and `bench.other_hands` with other seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np

from bench.learn_marks import ANSWER, DENSE, NOTHING, STRUCK, Place, other_hands, rehearsed
from bench.strikes import PLAYS as STRIKES
from bench.strikes import measurements_of
from bench.struck_network import AMONG_STRIKES, ORDINARY, STRUCK_OUT, Examples, learned, onnx_of
from packets.layout import Layout
from records.files import write_bytes
from records.workers import workers
from scanning import struck
from scanning.network import DECIMALS
from scanning.page import read_page
from scanning.patches import Values
from scanning.verdict import Grey, PageBook

SEED = 52
# simulator, condition, pages
BUSY = (
    *(("rehearsal", name, 450) for name in ("office_scan", "rough_scan", "one_bit")),
    *(("rehearsal", name, 350) for name in ("photocopy", "hard_photo")),
    *(("rehearsal", name, 300) for name in ("clean_scan", "phone_photo")),
    *(("other_hands", name, 150) for name in ("office_200", "rubbers", "crossers", "photocopy", "phone", "copied_after", "phone_bad", "faint_writers")),
    *(("other_hands", name, 120) for name in (
        "clean_200", "elsewhere", "off_target", "one_bit_200", "low_100", "low_150", "stained_scan", "torn_scan", "show_through", "elsewhere_phone",
    )),
    *(("other_hands", name, 100) for name in ("one_bit_300", "toner_40", "inkjet_tired", "colour_office", "creased_scan")),
    ("other_hands", "fine_300", 80),
)  # fmt: skip
# pages on which a fifth is struck out, and pages where every circle of a question may be filled
STRIKE_PAGES = (
    ("rehearsal", "office_scan", 120, 100), ("other_hands", "office_200", 120, 100), ("rehearsal", "clean_scan", 80, 60), ("other_hands", "clean_200", 80, 60),
    ("rehearsal", "rough_scan", 80, 60), ("rehearsal", "photocopy", 60, 50), ("other_hands", "photocopy", 60, 50), ("rehearsal", "one_bit", 60, 50),
    ("other_hands", "low_150", 60, 50), ("other_hands", "colour_office", 60, 50), ("rehearsal", "phone_photo", 60, 50), ("other_hands", "phone", 60, 50),
)  # fmt: skip
Example = tuple[tuple[Values, Values], int]  # patch and print, and whether it is an answer or struck out
STEPS = 10**DECIMALS  # more than the circles of any page
_looked: list[tuple[Values, Values]] = []


def remembering(patches: Values, prints: Values) -> Values:
    """Stands for `struck.look`: keeps what it is shown, and answers with its place among what was kept, as so many of the smallest steps of a probability."""
    first = len(_looked)
    _looked.extend(zip(patches, prints, strict=True))
    return np.arange(first, len(_looked), dtype=np.float64) / STEPS


def start() -> None:
    """Sets a worker up."""
    cv2.setNumThreads(1)
    struck.look = remembering  # type: ignore[assignment]


def examples_of(image: Grey, book: PageBook, page: str, layout: Layout, done: Mapping[Place, int]) -> Iterator[Example]:
    """The circles of a page that were looked at and answered or struck out."""
    _looked.clear()
    verdict = next((each for each in read_page(image, book) if each.page_id == page and each.items), None)
    if verdict is not None:
        yield from _told(verdict.measurements.get("left", {}), layout, done)


def _told(left: Mapping[str, float], layout: Layout, done: Mapping[Place, int]) -> Iterator[Example]:
    for place, number in left.items():
        box = layout.boxes[int(place)]
        label = done.get((box.item, box.column, box.value), NOTHING)
        if label in (ANSWER, STRUCK):
            yield _looked[round(number * STEPS)], label


def played(asked: tuple[str, str, str, int, int]) -> Examples:
    """All examples of one play. Runs in a worker."""
    kind, play, name, pages, seed = asked
    if kind == "busy hands":
        found = list(_busy(play, name, pages, seed))
    else:
        found = list(_struck_out(play, name, pages, seed, kind == "busy strikes"))
    answer = ORDINARY if kind == "busy hands" else AMONG_STRIKES
    patches, prints = ([both[which] for both, _label in found] for which in range(2))
    return Examples.of(patches, prints, [answer if label == ANSWER else STRUCK_OUT for _both, label in found])


def _busy(play: str, name: str, pages: int, seed: int) -> Iterator[Example]:
    rows = rehearsed(name, pages, seed, examples_of, DENSE) if play == "rehearsal" else other_hands(name, pages, seed, examples_of)  # type: ignore[arg-type]
    yield from rows  # type: ignore[misc]


def _struck_out(play: str, name: str, pages: int, seed: int, busy: bool) -> Iterator[Example]:
    for page in STRIKES[play](name, pages, seed, struck=0.3 if busy else 0.2, busy=busy):
        _looked.clear()
        measurements = measurements_of(page)
        if measurements is not None:
            done = {place: ANSWER if each.answer else STRUCK for place, each in page.done.items()}
            yield from _told(measurements.get("left", {}), page.layout, done)


def plays(share: float) -> list[tuple[str, str, str, int, int]]:
    """Every play: kind, simulator, condition, pages, seed."""
    busy = [("busy hands", play, name, pages, SEED) for play, name, pages in BUSY]
    strikes = [("strikes", play, name, pages, SEED + 99) for play, name, pages, _more in STRIKE_PAGES]
    more = [("busy strikes", play, name, pages, SEED + 100) for play, name, _pages, pages in STRIKE_PAGES]
    return [(kind, play, name, max(1, round(pages * share)), seed) for kind, play, name, pages, seed in (*busy, *strikes, *more)]


def main() -> None:
    """Play, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--share", type=float, default=1.0, help="of the pages")
    parser.add_argument("--steps", type=int, default=13000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    gathered: list[Examples] = []
    with workers(given.workers, start, ()) as pool:
        jobs = plays(given.share)
        for (kind, play, name, *_more), found in zip(jobs, pool.map(played, jobs), strict=True):
            gathered.append(found)
            print(f"{kind}, {play} {name}: {len(found.kinds)} circles, {int((found.kinds == STRUCK_OUT).sum())} struck out", flush=True)
    write_bytes(given.out, onnx_of(learned(Examples.all(gathered), given.steps)))


if __name__ == "__main__":
    main()

"""Identity: by which stage spoiled pages are named, how many are not, and that none is ever taken for another.

    python -m bench.identity [--pages 40] [--wrong 20000] [--seed 1] [--only WORD] [--strangers]

One row a condition: of `--pages` printed pages the share named at each stage (`codes.Stage`), the share left to a person, wrong ones, milliseconds of processor time (mean, longest).
The book holds `--wrong` invented pages beside the true ones. `--strangers` takes the true pages out of it: whatever is named then is a false match.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium

from bench.printed_week import BENCH_KEY, MemoryBook, PrintedWeek, print_week
from bench.spoiled import PER_MM, Rng, bent, blotted, covered, faded, photographed, scanned, scribbled, torn
from packets.layout import CODES, PAGE_MM
from scanning.codes import Sheet, Stage
from scanning.payloads import Payloads, Printed
from scanning.sheets import sheets_in
from scanning.verdict import Grey

CODE_CORNERS = ("top right", "bottom left")
FIDUCIAL_CORNERS = ("top left", "bottom right")
Condition = Callable[[Grey, Rng], Grey]


class CrowdedBook(MemoryBook):
    """The week's pages, or none of them, among many that never were."""

    def __init__(self, week: PrintedWeek, wrong: int, strangers: bool) -> None:
        super().__init__(week)
        luck = np.random.default_rng(99)
        invented = (Printed(f"{number:014x}", BENCH_KEY.id) for number in luck.integers(0, 1 << 56, wrong).tolist())
        own = () if strangers else (Printed(page.id, page.key_id) for page in week.pages.values())
        self._payloads = Payloads((*own, *invented), self.keys)


def conditions() -> dict[str, Condition]:
    """By name: what is done to a page, and how its picture is taken."""
    flat: dict[str, Condition] = {"clean, 200 dpi": lambda page, rng: scanned(page, rng, turn=rng.uniform(-2, 2))}
    for dpi in (100, 150, 300):
        flat[f"clean, {dpi} dpi"] = lambda page, rng, dpi=dpi: scanned(page, rng, dpi, rng.uniform(-2, 2))  # type: ignore[misc]
    for share in (0.05, 0.1, 0.2, 0.3, 0.4):
        flat[f"blots {share:.0%} on both codes"] = lambda page, rng, share=share: scanned(
            blotted(page, rng, share), rng, turn=rng.uniform(-2, 2)
        )  # type: ignore[misc]
    for lines in (2, 4, 8):
        flat[f"{lines} pen strokes over each code"] = lambda page, rng, lines=lines: scanned(scribbled(page, rng, lines), rng)  # type: ignore[misc]
    for share in (0.5, 0.7, 0.85, 0.92):
        flat[f"faded {share:.0%}"] = lambda page, rng, share=share: scanned(faded(page, rng, share, 0.5), rng)  # type: ignore[misc]
    flat["faded 70 %, blots 20 %"] = lambda page, rng: scanned(faded(blotted(page, rng, 0.2), rng, 0.7, 0.5), rng)
    flat["one code torn off, blots 20 % on the other"] = lambda page, rng: scanned(torn(blotted(page, rng, 0.2), CODE_CORNERS[:1], 75), rng)
    flat["one code torn off"] = lambda page, rng: scanned(torn(page, (str(rng.choice(CODE_CORNERS)),), 75), rng)
    flat["a code and a fiducial covered"] = lambda page, rng: scanned(covered(page, (CODE_CORNERS[1], FIDUCIAL_CORNERS[0]), 42), rng)
    flat["a code and a fiducial covered, blots 20 %"] = lambda page, rng: scanned(
        covered(blotted(page, rng, 0.2), (CODE_CORNERS[1], FIDUCIAL_CORNERS[0]), 42), rng
    )
    flat["both fiducials covered, blots 20 %"] = lambda page, rng: scanned(covered(blotted(page, rng, 0.2), FIDUCIAL_CORNERS, 30), rng)
    flat["both codes covered (nothing to go by)"] = lambda page, rng: scanned(covered(page, CODE_CORNERS, 42), rng)
    for blur in (1.5, 2.5, 3.5):
        flat[f"blurred by {blur} px at 200 dpi"] = lambda page, rng, blur=blur: scanned(page, rng, blur=blur)  # type: ignore[misc]
    for turn in (30, 45, 60):
        flat[f"photo turned by {turn} degrees"] = partial(photographed, turn=turn, aside=8.0)
    for aside in (20, 35, 50, 60):
        flat[f"photo from {aside} degrees aside"] = partial(photographed, aside=aside)
    flat["photo from 50 degrees aside, 12 MP"] = partial(photographed, aside=50.0, long_side=4000)
    flat["photo, out of focus by 3 px"] = partial(photographed, aside=10.0, blur=3.0)
    flat["photo, curled 4 mm, folded"] = lambda page, rng: photographed(bent(page, 4.0, 0.8), rng, aside=12.0)
    flat["photo from 35 degrees, blots 20 %"] = lambda page, rng: photographed(blotted(page, rng, 0.2), rng, aside=35.0)
    flat["upside down, blots 20 %"] = lambda page, rng: scanned(blotted(page, rng, 0.2), rng, turn=180.0)
    return flat


def drawn(week: PrintedWeek, place: dict[str, object]) -> Grey:
    """The printed page at `PER_MM`."""
    document = pdfium.PdfDocument(week.home / str(place["pdf"]))
    page = document[int(str(place["pdf_page"])) - 1].render(scale=PER_MM * 25.4 / 72, grayscale=True).to_numpy()
    size = (round(PAGE_MM[0] * PER_MM), round(PAGE_MM[1] * PER_MM))
    return np.asarray(cv2.resize(page.reshape(page.shape[:2]), size, interpolation=cv2.INTER_AREA), np.uint8)


def judge(name: str, spoil: Condition, pages: list[tuple[str, Grey]], book: CrowdedBook, seed: int) -> str:
    """The row of one condition."""
    told: Counter[str] = Counter()
    wrong, milliseconds = 0, []
    for number, (identity, page) in enumerate(pages):
        image = spoil(page, np.random.default_rng([seed, number]))
        start = time.process_time()
        shown = sheets_in(image, book)
        milliseconds.append(1000 * (time.process_time() - start))
        for each in shown:
            if isinstance(each, Sheet):
                words = {code.word.page_id for code in each.codes if code.word}
                wrong += words != {identity}
                told[each.codes[0].stage] += words == {identity}
            else:
                told[each[1] or each[0]] += 1
    share = {stage: f"{100 * told[stage] / len(pages):6.1f}" for stage in Stage}
    named = sum(told[stage] for stage in Stage)
    rest = ", ".join(f"{reason} {count}" for reason, count in told.items() if reason not in set(Stage))
    return f"| {name:<46} | {' | '.join(share.values())} | {100 * named / len(pages):6.1f} | {wrong} | {np.mean(milliseconds):5.0f} | {max(milliseconds):5.0f} | {rest} |"


def main() -> None:
    """Print pages, spoil them, name them, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--wrong", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="conditions whose names hold this word")
    parser.add_argument("--strangers", action="store_true", help="leave the true pages out of the book")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        week = print_week(Path(folder), given.pages)
        book = CrowdedBook(week, given.wrong, given.strangers)
        places = week.layout["pages"][: given.pages]
        pages = [(place["page"], drawn(week, place)) for place in places]
        print(f"| condition | {' | '.join(Stage)} | named % | wrong | ms | longest | else |")
        for name, spoil in conditions().items():
            if given.only in name:
                print(judge(name, spoil, pages, book, given.seed), flush=True)
    assert len(CODES) == 2


if __name__ == "__main__":
    main()

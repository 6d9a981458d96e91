"""How fast a page is read: pages a second of one core, beside the decoding of its JPEG alone.

    python -m bench.reading [--pages 40] [--profile]

Synthetic sheets of tests/scanning/sheets (89 boxes) at 200 and 300 dpi, filled in, 1 degree askew; processor time, one thread. `--profile` tells where
the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections.abc import Callable
from typing import Any

import cv2

from scanning.page import read_page
from scanning.verdict import Grey
from tests.scanning import sheets as drawn


class KeptBook(drawn.Book):
    """A book whose answers cost nothing, as the desk's own keeps its last layouts."""

    def layout(self, _digest: str) -> Any:
        return self._layout


def pages(dpi: int, layout: Any) -> Grey:
    """One filled-in page at `dpi`."""
    sheet = drawn.Sheet(layout, dpi)
    for number in range(1, 12):
        sheet.fill(str(number), "ABCDE"[number % 5])
    sheet.fill("12", "8", column=2)
    sheet.fill("12", "4", column=3)
    return sheet.scan(dpi=dpi, turn=1.0)


def processor_ms(work: Callable[[], object], times: int) -> float:
    """The best of `times` runs, milliseconds of processor time: others on the machine only ever add."""
    taken = []
    for _run in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken) * 1000


def main() -> None:
    """Print one row a resolution."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=int, default=40)
    arguments.add_argument("--profile", action="store_true")
    chosen = arguments.parse_args()
    cv2.setNumThreads(1)
    layout = drawn.choice_layout()
    book = KeptBook(layout)
    print("dpi   decode ms   read ms   pages/s   with decoding")
    for dpi in (200, 300):
        image = pages(dpi, layout)
        packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
        read_page(image, book)
        decode = processor_ms(lambda packed=packed: cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), chosen.pages)  # type: ignore[misc]
        read = processor_ms(lambda image=image: read_page(image, book), chosen.pages)  # type: ignore[misc]
        print(f"{dpi}   {decode:9.1f}   {read:7.1f}   {1000 / read:7.1f}   {1000 / (read + decode):7.1f}")
        if chosen.profile:
            with cProfile.Profile() as profile:
                for _run in range(chosen.pages):
                    read_page(image, book)
            pstats.Stats(profile).sort_stats("tottime").print_stats(18)


if __name__ == "__main__":
    main()

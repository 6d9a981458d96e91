"""The sheet's geometry under bad printing: what is left of codes and fiducials.

    python -m bench.sheet [--pages 20] [--seed 1]

For each kind of print, of `--pages` pages scanned at 200 dpi: codes read and ArUco fiducials found (of both), printed points located (of sixteen) and what they
leave over in millimetres. Then the share of codes read by their printed size, with blots on 4 % of each, at 100 and 150 dpi.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from bench.identity import drawn
from bench.printed_week import BENCH_KEY, print_week
from bench.spoiled import PER_MM, Rng, blotted, faded, scanned
from packets.layout import CodePlace
from packets.symbol import modules
from packets.token import page_id, write_token
from scanning.align import align
from scanning.codes import ours, sheets_of
from scanning.identify import decode, sightings
from scanning.rescue import BARE
from scanning.sheets import known_points
from scanning.trace import traces
from scanning.verdict import Grey

SIZES_MM = (15.0, 17.0, 20.0, 22.0, 25.0)
Print = Callable[[Grey, Rng], Grey]


def laser(page: Grey, rng: Rng, toner: float = 1.0) -> Grey:
    """600 dpi: greys become dots of a 45-degree screen, edges hard; `toner` is what is left of the black, crumbling."""
    fine = cv2.resize(page, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    y, x = np.mgrid[0:7, 0:7] * (2 * np.pi / 7)
    tile = (127 + 40 * (np.cos(x + y) + np.cos(x - y))).astype(np.uint8)
    screen = np.tile(tile, (fine.shape[0] // 7 + 1, fine.shape[1] // 7 + 1))[: fine.shape[0], : fine.shape[1]]
    dots = cv2.compare(fine, np.ascontiguousarray(screen), cv2.CMP_GE)
    printed = np.asarray(cv2.resize(dots, page.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
    return printed if toner == 1.0 else faded(printed, rng, 1 - toner, 0.5)


def inkjet(page: Grey, rng: Rng) -> Grey:
    """Tired: ink runs into the paper, some nozzles are dry, bands come out paler."""
    ink = cv2.GaussianBlur(255 - cv2.erode(page, np.ones((2, 2), np.uint8)), (0, 0), 1.2).astype(np.float32)
    rows = np.ones(page.shape[0], np.float32)
    step = round(1.4 * PER_MM)
    for start in range(0, page.shape[0], step):
        rows[start : start + step] *= rng.uniform(0.55, 1.0)
        if rng.random() < 0.4:
            dry = start + int(rng.integers(0, step))
            rows[dry : dry + 2] = 0.1
    return np.asarray(255 - ink * 0.85 * rows[:, None], np.uint8)


def photocopy(page: Grey, rng: Rng, scale: float) -> Grey:
    """A copy of a copy: harder, specked, its black eaten at the edges, at `scale`."""
    soft = cv2.GaussianBlur(page, (0, 0), 2.2).astype(np.float32)
    hard = np.clip((soft - 128) * rng.uniform(1.6, 2.6) + 150, 0, 255)
    specks = cv2.resize((rng.random((page.shape[0] // 6, page.shape[1] // 6)) < 0.0015).astype(np.float32), page.shape[::-1])
    hard[specks > 0.5] = 40
    middle = (page.shape[1] / 2, page.shape[0] / 2)
    into = cv2.getRotationMatrix2D(middle, 0, scale)
    return np.asarray(cv2.warpAffine(hard.astype(np.uint8), into, page.shape[::-1], borderValue=(255,)), np.uint8)


PRINTS: dict[str, Print] = {
    "as drawn": lambda page, _rng: page,
    "laser, 600 dpi, halftoned greys": laser,
    "laser, toner at 40 %": lambda page, rng: laser(page, rng, 0.4),
    "laser, toner at 20 %": lambda page, rng: laser(page, rng, 0.2),
    "tired inkjet": inkjet,
    "photocopy at 94 %": lambda page, rng: photocopy(page, rng, 0.94),
    "photocopy at 100 %": lambda page, rng: photocopy(page, rng, 1.0),
    "photocopy at 103 %": lambda page, rng: photocopy(page, rng, 1.03),
}


def row(name: str, how: Print, pages: list[Grey], seed: int) -> str:
    """What is found on pages printed like this."""
    codes = arucos = read = 0
    points, errors = [], []
    for number, page in enumerate(pages):
        rng = np.random.default_rng([seed, number])
        image = scanned(how(page, rng), rng, turn=float(rng.uniform(-2, 2)))
        arucos += sum(len(trace.mm) // 4 for trace in traces(image))
        sheets = sheets_of(sightings(image))
        read += bool(sheets)
        codes += sum(len(sheet.codes) for sheet in sheets)
        for sheet in sheets[:1]:
            found = align(image, BARE, *known_points(sheet))
            points.append(found.points)
            errors.append(found.error_mm)
    count = len(pages)
    return f"| {name} | {100 * read / count:.1f} | {50 * codes / count:.1f} | {50 * arucos / count:.1f} | {np.mean(points):.1f} | {np.mean(errors):.3f} |"


def read_by_size(size: float, dpi: int, samples: int, seed: int) -> float:
    """The share of blotted codes of that size, in millimetres, that a decoder reads."""
    side, room, read = round(size * PER_MM), round(34 * PER_MM), 0
    for number in range(samples):
        rng = np.random.default_rng([seed, number])
        paper = np.full((room, room), 255, np.uint8)
        start = (room - side) // 2
        black = np.where(modules(write_token(BENCH_KEY, page_id(int(rng.integers(0, 1 << 56))), 0)), 0, 255).astype(np.uint8)
        paper[start : start + side, start : start + side] = cv2.resize(black, (side, side), interpolation=cv2.INTER_NEAREST)
        spoilt = blotted(paper, rng, 0.04, [CodePlace(0, (17.0, 17.0), size)])
        factor = dpi / 25.4 / PER_MM
        seen = cv2.GaussianBlur(cv2.resize(spoilt, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), (0, 0), 0.7)
        noisy = np.clip(seen * 0.94 + rng.normal(0, 6, seen.shape), 0, 255).astype(np.uint8)
        read += bool(ours(decode(noisy)))
    return 100 * read / samples


def main() -> None:
    """Print, scan, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        week = print_week(Path(folder), given.pages)
        pages = [drawn(week, place) for place in week.layout["pages"][: given.pages]]
        print("| print | pages read at once % | codes read % | ArUco found % | points of 16 | error mm |")
        for name, how in PRINTS.items():
            print(row(name, how, pages, given.seed), flush=True)
    print("| code, mm | module, mm | read at 100 dpi % | at 150 dpi % |")
    for size in SIZES_MM:
        shares = [read_by_size(size, dpi, 10 * given.pages, given.seed) for dpi in (100, 150)]
        print(f"| {size:.0f} | {size / 25:.2f} | {shares[0]:.1f} | {shares[1]:.1f} |", flush=True)


if __name__ == "__main__":
    main()

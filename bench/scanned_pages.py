"""A desk with a printed week, and plain scans of its worksheets as a feeder of an office gives them: what bench/reading.py has read.

Made from the sample assignments through the front door. The pens are the rehearsal's ordinary ones on paper that the post has not worn; every
page is turned by up to 1.5 degrees. The pages are the same for every resolution and kind of file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from packets.samples import write_samples
from records.keys import Key, keep_key
from scanning.rehearsal.conditions import CONDITIONS
from scanning.rehearsal.desk import fill_in
from scanning.rehearsal.frames import jpeg_of, write_frames
from scanning.rehearsal.habits import HABITS
from scanning.rehearsal.pages import WORKSHEET, PrintedSheet, sheets_of
from scanning.rehearsal.play import Setting, take_page
from scanning.rehearsal.scanner import Scanner, Taken, scan
from scanning.rehearsal.sheet import render
from settlements.sample_lists import write_sample

WEEK, OTHER_WEEK = "2026-W41", "2026-W42"
BUILD_DAY, SCAN_DAY = "2026-09-24", "2026-10-14"
PAGES_A_VILLAGE = 18
COMMENT = b"\xff\xfe"  # a JPEG segment that no decoder looks at (ITU T.81, B.2.4.5)
FEEDER = Scanner(skew=(-1.5, 1.5), shift_mm=(-2, 2), scale=(0.997, 1.003), black_border=0.0, wide_bed=0.0, jpeg=(75, 85), turned=(0, 0, 0))
LISTS = ("settlements", "offices", "vehicles", "schools", "teachers", "pupils")


@dataclass(frozen=True, slots=True)
class PrintedDesk:
    """`home` is a desk before anything was scanned; `sheets` its printed worksheets."""

    home: Path
    sheets: tuple[PrintedSheet, ...]


def printed_desk(folder: Path, pages: int, environment: dict[str, str] | None = None) -> PrintedDesk:
    """Make a desk in `folder` with at least `pages` worksheets, the same in every run; one that stands there already is taken as it is."""
    home, inputs = folder / "desk", folder / "inputs"
    with _surroundings(BUILD_DAY, environment or {}):
        if not (folder / "printed").exists():
            villages = 2 + pages // PAGES_A_VILLAGE
            write_sample(inputs, 1, villages=villages)
            files = [str(file) for file in write_samples(inputs / "assignments", (WEEK, OTHER_WEEK))]
            keep_key(home / "keys", Key("00000000", hashlib.sha256(b"bench.reading").digest(), datetime.fromisoformat(BUILD_DAY)))
            _said(home, "init")
            for kind in LISTS:
                _said(home, kind, "import", str(next(inputs.glob(f"{kind}.*"))))
            _said(home, "assignments", "add", *files)
            _said(home, "packets", "build", "--week", WEEK)
            (folder / "printed").touch()
        _said(home, "init")  # an older one is brought up to date
        layout = _said(home, "packets", "layout", "--week", WEEK)
    sheets = tuple(sheet for sheet in sheets_of(layout) if sheet.kind == WORKSHEET)[:pages]
    assert len(sheets) == pages, f"only {len(sheets)} worksheets were printed"
    return PrintedDesk(home, sheets)


def scanned(desk: PrintedDesk, dpi: int) -> Iterator[Taken]:
    """The worksheets, filled in and scanned at `dpi`."""
    cv2.setNumThreads(1)
    for sheet in desk.sheets:
        chance = np.random.default_rng([1, int(sheet.page, 16)])
        page = render(desk.home / sheet.pdf, sheet.pdf_page, dpi)
        fill_in(page, sheet, chance, HABITS["ordinary"], {})
        yield scan(page, chance, FEEDER, dpi, 250, None)


def write_jpegs(desk: PrintedDesk, dpi: int, folder: Path) -> Path:
    """One JPEG a page; what stands there already is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    if len(list(folder.iterdir())) < len(desk.sheets):
        for number, taken in enumerate(scanned(desk, dpi)):
            (folder / f"{number:05d}.jpg").write_bytes(jpeg_of(taken))
    return folder


def write_pdfs(desk: PrintedDesk, dpi: int, folder: Path, pages_each: int = 50) -> Path:
    """PDFs of `pages_each` embedded JPEGs."""
    if not folder.exists():
        folder.mkdir(parents=True)
        pile: list[Taken] = []
        for number, taken in enumerate(scanned(desk, dpi), start=1):
            pile.append(taken)
            if len(pile) == pages_each or number == len(desk.sheets):
                write_frames(folder / f"{number:05d}.pdf", "pdf", pile)
                pile = []
    return folder


def write_hard(desk: PrintedDesk, folder: Path, conditions: Sequence[str], each: int) -> Path:
    """One folder a condition of the rehearsal with `each` pages: what takes the reader's slow path."""
    for name in conditions:
        place = folder / name
        if place.exists():
            continue
        place.mkdir(parents=True)
        setting = Setting(desk.home, place, 5, {CONDITIONS[name].name: 1.0}, desk.sheets, {})
        for number in range(each):
            taken, _truth, _name = take_page(setting, number)
            (place / f"{number:05d}.jpg").write_bytes(jpeg_of(taken))
    return folder


def write_copies(folder: Path, pages: int, into: Path) -> Path:
    """`pages` files out of the JPEGs in `folder`, in turn; a comment in each makes it a file of its own with a page that came before."""
    originals = sorted(folder.glob("*.jpg"))
    into.mkdir(parents=True, exist_ok=True)
    for number in range(len(list(into.iterdir())), pages):
        content = originals[number % len(originals)].read_bytes()
        note = f"copy {number // len(originals)}".encode()
        (into / f"{number:05d}.jpg").write_bytes(content[:2] + COMMENT + (len(note) + 2).to_bytes(2) + note + content[2:])
    return into


def _said(home: Path, *words: str) -> dict[str, Any]:
    from cli import invoke

    answer = invoke(("--home", str(home), "--quiet", *words))
    assert answer is not None, words
    return answer.data


@contextmanager
def _surroundings(day: str, more: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update({"POSHTA_TODAY": day, **more})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)

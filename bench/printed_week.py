"""A printed week for benchmarks, made from the sample assignments without a desk: PDFs, the layout that `packets layout` would tell, a page book.

The rehearsal gets the PDFs and the layout, the reader the book: neither sees the other's side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from packets.assignment import Assignment
from packets.authoring import read_file
from packets.layout import Layout, PageKind, contract_box
from packets.press import Page, Press, Stamp
from packets.samples import sample_files
from packets.token import derive_page_id, short_code, write_token
from packets.worksheet import FixedPages, draw_assignment, draw_personal
from records.keys import Key
from scanning.payloads import Payloads, Printed
from scanning.verdict import Grey, PrintedPage

BENCH_KEY = Key("bench", bytes(range(32)), datetime(2026, 10, 5, tzinfo=UTC))
NAMES = ("Айгерім", "Нұрсұлтан", "Өмірбек", "Іңкәр", "Владислав")


@dataclass(slots=True)
class PrintedWeek:
    """Everything printed: `layout` is the data of `packets layout`; blank prints are kept as PNG."""

    home: Path
    layout: dict[str, Any]
    several: dict[str, tuple[str, ...]]
    pages: dict[str, PrintedPage] = field(default_factory=dict)
    layouts: dict[str, Layout] = field(default_factory=dict)
    blanks: dict[str, bytes] = field(default_factory=dict)

    def book(self) -> MemoryBook:
        """What the reader may look up."""
        return MemoryBook(self)


class MemoryBook:
    """A scanning.verdict.PageBook without a database."""

    def __init__(self, week: PrintedWeek) -> None:
        self._week = week
        self._decoded: dict[str, Grey] = {}
        self._payloads: Payloads | None = None

    @property
    def keys(self) -> Sequence[Key]:
        return (BENCH_KEY,)

    def page(self, page_id: str) -> PrintedPage | None:
        return self._week.pages.get(page_id)

    def payloads(self) -> Payloads:
        if self._payloads is None:
            self._payloads = Payloads((Printed(page.id, page.key_id) for page in self._week.pages.values()), self.keys)
        return self._payloads

    def layout(self, digest: str) -> Layout:
        return self._week.layouts[digest]

    def blank(self, digest: str) -> Grey:
        if digest not in self._decoded:
            packed = np.frombuffer(self._week.blanks[digest], np.uint8)
            self._decoded[digest] = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
        return self._decoded[digest]


def print_week(
    home: Path, pages: int, prints: Sequence[str] = ("normal", "normal", "normal", "large"), files: Sequence[Path] = ()
) -> PrintedWeek:
    """Print at least `pages` worksheet pages below `home`: the samples in turn, or the assignments of `files`, now and then in large print."""
    home.mkdir(parents=True, exist_ok=True)
    week = PrintedWeek(home, {"pages": []}, {})
    drawn: dict[tuple[str, str], tuple[Assignment, FixedPages]] = {}
    files = files or sample_files()
    number = 0
    while len(week.pages) < pages:
        file, size = files[number * 7 % len(files)], prints[number % len(prints)]
        if (file.name, size) not in drawn:
            assignment = read_file(file).assignment
            assert assignment is not None, file
            drawn[file.name, size] = (assignment, draw_assignment(assignment, size))
        _print_packet(week, number, *drawn[file.name, size])
        number += 1
    return week


def _print_packet(week: PrintedWeek, number: int, assignment: Assignment, fixed: FixedPages) -> None:
    press = Press()
    places = press.take_in(fixed.pdf)
    packet, sheets = f"PK{number:05d}", []
    for index, layout in enumerate(fixed.layouts):
        identity = derive_page_id(BENCH_KEY, f"{packet}/{index}")
        stamp = Stamp()
        tokens = [write_token(BENCH_KEY, identity, corner) for corner in (0, 1)]
        draw_personal(
            stamp, tokens, identity, NAMES[number % len(NAMES)], f"P{number:05d}", index + 1, len(fixed.layouts), assignment.language
        )
        sheets.append(Page(places[index], stamp))
        _remember(week, fixed, index, identity, layout)
        week.layout["pages"].append(_told(packet, assignment, index, len(fixed.layouts), identity, layout))
    (week.home / f"{packet}.pdf").write_bytes(press.packet(sheets))
    week.several[assignment.code] = tuple(item.item for layout in fixed.layouts for item in layout.items if item.rule == "several")


def _remember(week: PrintedWeek, fixed: FixedPages, index: int, identity: str, layout: Layout) -> None:
    week.pages[identity] = PrintedPage(identity, PageKind.WORKSHEET, layout.digest, BENCH_KEY.id)
    if layout.digest not in week.layouts:
        week.layouts[layout.digest] = layout
        week.blanks[layout.digest] = fixed.blank(index + 1)


def _told(packet: str, assignment: Assignment, index: int, of: int, identity: str, layout: Layout) -> dict[str, Any]:
    return {
        "page": identity, "short_code": short_code(identity), "kind": "worksheet", "week": assignment.week, "packet": packet, "pupil": "P" + packet[2:],
        "assignment": assignment.code, "number": index + 1, "of": of, "pdf": f"{packet}.pdf", "pdf_page": index + 1, "size_mm": list(layout.size_mm),
        "layout": layout.digest, "boxes": [contract_box(box) for box in layout.boxes],
    }  # fmt: skip

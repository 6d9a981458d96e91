"""Batches of numbers as scanners bring them, drawn by seed: what a clean desk sees in docs/reading.md, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from scanning.alarms_numbers import Look, PageNumbers, Place, Posture, Stripe

PER_INCH = 25.4


def clean_batch(seed: int, pages: int = 0) -> list[PageNumbers]:
    """An ordinary batch: one scanner, its dpi, sheets a little askew, a tired toner now and then, some doubts, odd stripes of pens and folds."""
    luck = np.random.default_rng(seed)
    count = pages or int(luck.integers(9, 220))
    dpi = int(luck.choice((150, 200, 200, 300)))
    worst = float(luck.choice((0.5, 1.0, 1.5)))
    known = bool(luck.random() < 0.8)
    return [_page(luck, number, dpi, worst, known) for number in range(1, count + 1)]


def _page(luck: np.random.Generator, number: int, dpi: int, worst: float, known: bool) -> PageNumbers:
    scale, stretch = luck.uniform(0.997, 1.003), luck.uniform(0.999, 1.001)
    per_mm = dpi / PER_INCH * scale
    size = (round(210 * dpi / PER_INCH), round(297 * dpi / PER_INCH))
    middle = (size[0] / 2 + luck.normal(0, 1) * per_mm, size[1] / 2 + luck.normal(0, 1) * per_mm)
    posture = Posture(float(luck.uniform(-worst, worst)), per_mm, per_mm * stretch, float(luck.uniform(0, 0.002)), True, middle)
    items = int(luck.integers(2, 9))
    doubts = tuple(str(luck.choice(("crossed_out", "faint", "erased", "two_marks"))) for _item in range(items) if luck.random() < 0.05)
    black = float(luck.uniform(0.05, 0.25) if luck.random() < 0.12 else luck.uniform(0.004, 0.02))
    lines = (Stripe(int(luck.integers(0, 2)), float(luck.uniform(0, size[0])), -30.0),) if luck.random() < 0.03 else ()
    quality = int(luck.integers(60, 93)) if luck.random() < 0.4 else None
    return PageNumbers(
        Place(f"{number:064x}", f"scans/{number:04d}.jpg", 1, 1),
        "doubtful" if doubts else "read",
        layout=f"layout{number % 5}",
        assignment=f"math-{number % 5}",
        number=2,
        items=items,
        doubts=doubts,
        look=Look(size, float(dpi) if known else None, lines, quality),
        posture=posture,
        black=black,
        points=16,
        lost=("top_left",) if luck.random() < 0.02 else (),
        rows=items,
        unfit=("1",) if luck.random() < 0.01 else (),
    )


def spoilt(pages: list[PageNumbers], change: Callable[[int, PageNumbers], dict[str, Any]]) -> list[PageNumbers]:
    """The batch with `change(index, page)` put into every page."""
    return [replace(page, **change(index, page)) for index, page in enumerate(pages)]


def lying(page: PageNumbers, **changes: Any) -> dict[str, Any]:
    """The page lying otherwise."""
    assert page.posture is not None
    return {"posture": replace(page.posture, **changes)}


def seen(page: PageNumbers, **changes: Any) -> dict[str, Any]:
    """The picture looking otherwise."""
    assert page.look is not None
    return {"look": replace(page.look, **changes)}

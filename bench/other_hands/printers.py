"""Printers, copiers and papers before a pupil has written: faded toner, tired ink, second generations, a printed back that shines through.

Stages of a condition: each changes `work.page` in place of the clean print.
"""

from __future__ import annotations

import cv2
import numpy as np

from bench.other_hands.picture import Work, add_noise, curve, shade, soft_field

LEVELS = np.arange(256, dtype=np.float64)


def office(work: Work) -> None:
    """A good laser printer on office paper: black a little grey, paper a little off white, edges a little soft."""
    black, white = work.rng.uniform(18, 45), work.rng.uniform(236, 252)
    soft = cv2.GaussianBlur(work.page, (0, 0), 0.05 * work.per_mm)
    work.page = curve(np.asarray(soft, np.uint8), black + (white - black) * LEVELS / 255)


def faded(work: Work) -> None:
    """Toner at about 40 %, unevenly: pale bands along the sheet, worn spots."""
    strength = work.rng.uniform(0.3, 0.5)
    bands = soft_field(work.rng, (3, int(work.rng.integers(6, 14))), work.page.shape[::-1], strength - 0.14, strength + 0.12)
    bands *= soft_field(work.rng, (30, 24), work.page.shape[::-1], 0.8, 1.15)
    ink = cv2.multiply(255 - work.page, bands, dtype=cv2.CV_8U)
    work.page = curve(np.asarray(255 - ink, np.uint8), LEVELS * work.rng.uniform(0.94, 0.98))


def inkjet(work: Work) -> None:
    """Tired ink: it bleeds into the paper, nozzles fail in stripes, lines of the head do not quite meet."""
    rng, per_mm = work.rng, work.per_mm
    spread = cv2.erode(work.page, np.ones((2, 2), np.uint8)) if per_mm > 6 else work.page
    soft = np.asarray(cv2.GaussianBlur(spread, (0, 0), rng.uniform(0.07, 0.13) * per_mm), np.uint8)
    ink = cv2.multiply(255 - soft, soft_field(rng, (40, 30), soft.shape[::-1], 0.6, 0.95), dtype=cv2.CV_8U)
    rows = np.ones(len(soft), np.float32)
    pitch, phase = rng.uniform(4.0, 9.0), rng.uniform(0, 5)
    for line in np.arange(phase, 297, pitch):
        thick = rng.uniform(0.1, 0.35)
        rows[int(line * per_mm) : int((line + thick) * per_mm) + 1] = rng.uniform(0.1, 0.7)
    ink = np.asarray(ink * rows[:, None], np.uint8)
    work.page = curve(np.asarray(255 - ink, np.uint8), LEVELS * rng.uniform(0.93, 0.99))


def copied(work: Work) -> None:
    """Once through a copier: softened, contrast driven up, toner specks, a scale that is not quite 100 %, edges gone black."""
    rng, per_mm = work.rng, work.per_mm
    soft = np.asarray(cv2.GaussianBlur(work.page, (0, 0), rng.uniform(0.08, 0.13) * per_mm), np.uint8)
    middle, steep = rng.uniform(118, 176), rng.uniform(18, 34)
    dark, light = rng.uniform(15, 50), rng.uniform(240, 255)
    work.page = curve(add_noise(soft, rng.uniform(4, 10), rng), dark + (light - dark) / (1 + np.exp(-(LEVELS - middle) / steep)))
    _specks(work, int(rng.integers(80, 500)))
    _black_borders(work)
    if work.scale == 1.0:
        work.scale = rng.uniform(0.94, 1.03)


def shine_through(work: Work) -> None:
    """The back's print and writing, mirrored and dimmed, on thin paper."""
    assert work.back is not None, "the condition asks for a back"
    back = cv2.GaussianBlur(cv2.flip(work.back, 1), (0, 0), work.rng.uniform(0.12, 0.3) * work.per_mm)
    back = np.roll(back, tuple(int(shift) for shift in work.rng.integers(-30, 30, 2)), (0, 1))
    strength = work.rng.uniform(0.06, 0.2)
    dim = curve(np.asarray(back, np.uint8), 255 - strength * (255 - LEVELS))
    work.page = np.asarray(cv2.multiply(work.page, dim, scale=1 / 255), np.uint8)


def thin_paper(work: Work) -> None:
    """Newsprint: grey, cloudy, with fibres and specks of old ink."""
    rng = work.rng
    cloudy = soft_field(rng, (18, 13), work.page.shape[::-1], 0.75, 0.83) * soft_field(rng, (150, 106), work.page.shape[::-1], 0.97, 1.03)
    work.page = add_noise(shade(work.page, cloudy), rng.uniform(4, 8), rng)
    for _fibre in range(int(rng.integers(200, 700))):
        x, y = rng.uniform(0, 210), rng.uniform(0, 297)
        turn, long = rng.uniform(0, 6.28), rng.uniform(0.3, 1.6)
        ends = [(round((x + k * np.cos(turn) * long) * work.per_mm), round((y + k * np.sin(turn) * long) * work.per_mm)) for k in (0, 1)]
        cv2.line(work.page, ends[0], ends[1], (int(rng.integers(110, 180)),), 1, cv2.LINE_AA)


def squared_paper(work: Work) -> None:
    """Printed onto exercise paper: 5 mm squares in pale violet under everything."""
    rng, tone = work.rng, float(work.rng.uniform(0.72, 0.88))
    for size, axis in ((297, 0), (210, 1)):
        for place in np.arange(rng.uniform(0, 5), size, 5.0):
            start, end = int(place * work.per_mm), int(place * work.per_mm) + max(1, round(0.2 * work.per_mm))
            line = work.page[start:end] if axis == 0 else work.page[:, start:end]
            np.copyto(line, (line * tone).astype(np.uint8))


def newsprint_or_squares(work: Work) -> None:
    """The withheld papers."""
    (thin_paper if work.rng.random() < 0.5 else squared_paper)(work)


def _specks(work: Work, count: int) -> None:
    places = (work.rng.uniform([0, 0], [210, 297], (count, 2)) * work.per_mm).astype(int)
    for (x, y), size in zip(places, work.rng.gamma(1.2, 0.06, count) * work.per_mm, strict=True):
        cv2.circle(work.page, (int(x), int(y)), round(min(size, 0.28 * work.per_mm)), (int(work.rng.integers(20, 110)),), -1, cv2.LINE_AA)


def _black_borders(work: Work) -> None:
    tall, wide = work.page.shape
    for side in range(4):
        if work.rng.random() < 0.6:
            thick = round(work.rng.uniform(1.0, 6.0) * work.per_mm)
            slant = round(work.rng.uniform(0.0, 2.0) * work.per_mm)
            edge = {
                0: [(0, 0), (wide, 0), (wide, thick), (0, max(0, thick - slant))],
                1: [(0, 0), (thick, 0), (max(0, thick - slant), tall), (0, tall)],
            }
            corners = np.array(edge[side % 2], np.int32)
            if side >= 2:
                corners = np.array([wide, tall], np.int32) - corners
            cv2.fillPoly(work.page, [corners], int(work.rng.integers(10, 50)))

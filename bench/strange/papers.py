"""Papers that nobody would buy for printing and prints that nobody would keep: stages before writing.

Each darkens or lightens `work.page`, which comes from a printer, by a texture of its own.
"""

from __future__ import annotations

import cv2
import numpy as np

from bench.other_hands.picture import Maps, Work, add_noise, curve, grain, shade, soft_field
from bench.other_hands.strokes import Floats, Rng, handwriting

LEVELS = np.arange(256, dtype=np.float64)


def recycled(work: Work) -> None:
    """Grey and cloudy, with dark and pale flecks and short fibres."""
    rng, size, grey = work.rng, work.page.shape[::-1], work.rng.uniform(0.7, 0.88)
    cloudy = soft_field(rng, (40, 28), size, grey - 0.03, grey + 0.03)
    work.page = add_noise(shade(work.page, cloudy), rng.uniform(2, 6), rng)
    paper = 245 * grey
    for _fleck in range(int(rng.integers(300, 1800))):
        x, y = (rng.uniform([0, 0], [210, 297]) * work.per_mm).astype(int).tolist()
        tone = int(np.clip(paper + rng.choice([-1, -1, 1]) * rng.uniform(10, 75), 0, 250))
        long, wide = rng.gamma(1.5, 0.12) * work.per_mm, rng.uniform(0.05, 0.14) * work.per_mm
        cv2.ellipse(work.page, ((float(x), float(y)), (max(1.0, long), max(1.0, wide)), float(rng.uniform(0, 180))), tone, -1, cv2.LINE_AA)


def foxed(work: Work) -> None:
    """Old yellow paper: brown towards its edges, with foxing."""
    rng, small = work.rng, (210, 297)
    x, y = np.meshgrid(np.arange(210.0), np.arange(297.0))
    inwards = np.minimum(np.minimum(x, 210 - x), np.minimum(y, 297 - y))
    light = soft_field(rng, (9, 6), small, 0.82, 0.92) * (1 - rng.uniform(0.1, 0.3) * np.exp(-inwards / rng.uniform(5, 14)))
    wide = np.asarray(cv2.resize(np.asarray(light, np.float32), work.page.shape[::-1]), np.float32)
    for _spot in range(int(rng.integers(20, 140))):
        center, radius = rng.uniform([0, 0], [210, 297]), min(4.0, rng.gamma(1.4, 0.7))
        _spot_of(wide, center * work.per_mm, radius * work.per_mm, rng.uniform(0.05, 0.3))
    work.page = add_noise(shade(work.page, wide), rng.uniform(1, 4), rng)


def coloured(work: Work) -> None:
    """Pink, green, blue or yellow office paper, as grey, a little mottled."""
    rng = work.rng
    tone = float(rng.choice([0.93, 0.84, 0.76, 0.68, 0.6])) + rng.uniform(-0.03, 0.03)
    work.page = add_noise(
        shade(work.page, soft_field(rng, (150, 106), work.page.shape[::-1], tone - 0.02, tone + 0.02)), rng.uniform(1, 4), rng
    )


def ruled(work: Work) -> None:
    """Printed on a sheet from a notebook: rules every 8 mm or pairs of them, and a margin."""
    rng, per_mm, tone = work.rng, work.per_mm, work.rng.uniform(0.62, 0.86)
    pitch = 8.0 if rng.random() < 0.7 else 12.0
    starts = np.arange(rng.uniform(4, 12), 297, pitch)
    places = np.concatenate((starts, starts + 4.0)) if pitch > 9 else starts
    slope = rng.normal(0, 0.004)
    light = np.ones(work.page.shape, np.float32)
    for y in places:
        ends = [(0, round(y * per_mm)), (work.page.shape[1], round((y + slope * 210) * per_mm))]
        cv2.line(light, ends[0], ends[1], tone, max(1, round(0.2 * per_mm)), cv2.LINE_AA)
    x = rng.choice([20.0, 185.0]) + rng.normal(0, 1.5)
    cv2.line(
        light,
        (round(x * per_mm), 0),
        (round((x - slope * 297) * per_mm), len(light)),
        tone - 0.08,
        max(1, round(0.25 * per_mm)),
        cv2.LINE_AA,
    )
    work.page = shade(work.page, light)


def laid(work: Work) -> None:
    """Ribbed paper: fine ribs across, chain lines down."""
    rng, per_mm = work.rng, work.per_mm
    x, y = np.arange(work.page.shape[1]) / per_mm, np.arange(work.page.shape[0]) / per_mm
    ribs = np.sin(2 * np.pi * y / rng.uniform(0.9, 1.6))[:, None] * soft_field(rng, (12, 9), work.page.shape[::-1], 0.3, 1.0)
    away = np.abs((x + rng.uniform(0, 25)) % rng.uniform(22, 28) - 11)
    chains = np.exp(-((away / 0.3) ** 2))[None, :]
    light = rng.uniform(0.9, 0.97) * (1 - rng.uniform(0.02, 0.07) * ribs - rng.uniform(0.03, 0.09) * chains)
    work.page = shade(work.page, np.asarray(light, np.float32))


def table_behind(work: Work) -> None:
    """The back of a used form shines through: a ruled table with words and figures, mirrored."""
    rng, per_mm = work.rng, work.per_mm
    back = np.full(work.page.shape, 255, np.uint8)
    xs, ys = np.cumsum(rng.uniform(12, 45, 12)), np.arange(rng.uniform(15, 60), 285, rng.uniform(7, 14))
    thick = max(1, round(rng.uniform(0.15, 0.5) * per_mm))
    xs = xs[xs < 200]
    for x in xs:
        cv2.line(back, (round(x * per_mm), round(ys[0] * per_mm)), (round(x * per_mm), round(ys[-1] * per_mm)), 20, thick)
    for y in ys:
        cv2.line(back, (round(xs[0] * per_mm), round(y * per_mm)), (round(xs[-1] * per_mm), round(y * per_mm)), 20, thick)
        for x in xs[:-1]:
            if rng.random() < 0.75:
                word = "".join(rng.choice(list("ABEKMHOPCTXabcdehkmnoprt0123456789"), int(rng.integers(2, 9))))
                cv2.putText(
                    back,
                    word,
                    (round((x + 1.5) * per_mm), round((y - 2) * per_mm)),
                    cv2.FONT_HERSHEY_COMPLEX,
                    0.11 * per_mm,
                    25,
                    thick,
                    cv2.LINE_AA,
                )
    soft = np.asarray(cv2.GaussianBlur(cv2.flip(back, 1), (0, 0), rng.uniform(0.1, 0.3) * per_mm), np.uint8)
    dim = curve(soft, 255 - rng.uniform(0.07, 0.25) * (255 - LEVELS))
    work.page = np.asarray(cv2.multiply(work.page, dim, scale=1 / 255), np.uint8)


def watermark(work: Work) -> None:
    """A firm's letterhead: a large pale emblem and lettering under the print."""
    rng, per_mm = work.rng, work.per_mm
    mark = np.zeros(work.page.shape, np.uint8)
    x, y = (rng.uniform([70, 100], [140, 200]) * per_mm).astype(int).tolist()
    big = rng.uniform(40, 85) * per_mm
    for share in (1.0, 0.86):
        cv2.circle(mark, (x, y), round(big * share), 255, max(1, round(rng.uniform(0.8, 5) * per_mm)), cv2.LINE_AA)
    rays = int(rng.integers(6, 33))
    for turn in np.linspace(0, 2 * np.pi, rays, endpoint=False):
        wedge = [
            [x + np.cos(turn + d) * big * far, y + np.sin(turn + d) * big * far] for far, d in ((0.35, -0.04), (0.78, 0.0), (0.35, 0.04))
        ]
        cv2.fillPoly(mark, [np.round(wedge).astype(np.int32)], 255, cv2.LINE_AA)
    cv2.circle(mark, (x, y), round(big * 0.3), 255, -1, cv2.LINE_AA)
    for line in range(int(rng.integers(1, 5))):
        cv2.putText(
            mark,
            "QAZAQ POSHTA",
            (round(8 * per_mm), round((60 + 55 * line) * per_mm)),
            cv2.FONT_HERSHEY_DUPLEX,
            0.9 * per_mm,
            255,
            round(2 * per_mm),
        )
    work.page = shade(work.page, np.asarray(1 - rng.uniform(0.06, 0.24) / 255 * mark, np.float32))


def carbon(work: Work) -> None:
    """Carbon paper lay on it: smudges, rubbed edges, and a copy of somebody's writing."""
    rng, per_mm = work.rng, work.per_mm
    coal = np.zeros(work.page.shape, np.float32)
    for _smudge in range(int(rng.integers(5, 25))):
        x, y = (rng.uniform([0, 0], [210, 297]) * per_mm / 4).tolist()
        wide, tall = (rng.uniform([4, 2], [36, 12]) * per_mm / 4).tolist()
        layer: Maps = np.zeros((len(work.page) // 4, work.page.shape[1] // 4), np.float32)
        cv2.ellipse(layer, ((x, y), (wide, tall), float(rng.uniform(0, 180))), float(rng.uniform(0.05, 0.3)), -1)
        coal += cv2.resize(cv2.GaussianBlur(layer, (0, 0), rng.uniform(0.3, 1.2) * per_mm), coal.shape[::-1])
    rough = cv2.resize(np.roll(grain(), int(rng.integers(1500)))[:1000, :700], work.page.shape[::-1])
    coal *= np.clip(1 + 0.5 * rough, 0, 2)
    _copied_words(coal, per_mm, rng)
    work.page = shade(work.page, np.asarray(1 - np.clip(coal, 0, 0.45), np.float32))


def _copied_words(coal: Maps, per_mm: float, rng: Rng) -> None:
    layer = np.zeros(coal.shape, np.float32)
    for _line in range(int(rng.integers(2, 8))):
        left, base = rng.uniform([15, 50], [90, 260])
        for each in handwriting(rng.uniform(20, 90), rng, 3.0):
            points = np.round((each.points + np.array([left, base])) * per_mm).astype(np.int32)
            cv2.polylines(layer, [points], False, 1.0, max(1, round(0.35 * per_mm)), cv2.LINE_AA)
    coal += cv2.GaussianBlur(layer, (0, 0), 0.15 * per_mm) * rng.uniform(0.1, 0.3)


def draft(work: Work) -> None:
    """A printer's saving mode: 150 dots an inch, and black made of dots that leave every other place white."""
    rng, tall, wide = work.rng, *work.page.shape
    dots = (round(wide * 150 / 25.4 / work.per_mm), round(tall * 150 / 25.4 / work.per_mm))
    small = np.asarray(cv2.resize(work.page, dots, interpolation=cv2.INTER_AREA), np.uint8)
    ink = (small < rng.uniform(120, 175)).astype(np.float32)
    y, x = np.indices(ink.shape)
    inside = cv2.erode(ink, np.ones((3, 3), np.uint8))
    ink *= 1 - inside * ((x + y) % 2) * rng.uniform(0.3, 0.9)
    large = cv2.resize(ink * rng.uniform(0.65, 0.9), (wide, tall), interpolation=cv2.INTER_NEAREST)
    work.page = np.asarray(245 * (1 - cv2.GaussianBlur(large, (0, 0), 0.06 * work.per_mm)), np.uint8)


def drum_ghost(work: Work) -> None:
    """A worn drum: the print again, paler, one turn further down, specks at each turn, and smears along the way."""
    rng, per_mm = work.rng, work.per_mm
    turn = round(rng.choice([75.0, 94.0, 38.0]) * per_mm)
    ink = 1 - work.page.astype(np.float32) / 250
    ghost = np.zeros_like(ink)
    for time, strength in ((1, rng.uniform(0.06, 0.22)), (2, rng.uniform(0.0, 0.07))):
        ghost[turn * time :] += ink[: -turn * time] * strength
    ghost = np.asarray(cv2.GaussianBlur(ghost, (0, 0), 0.15 * per_mm), np.float32)
    for _smear in range(int(rng.integers(0, 4))):
        x, wide = rng.uniform(5, 205) * per_mm, rng.uniform(0.5, 4) * per_mm
        ghost += rng.uniform(0.03, 0.16) * np.exp(-(((np.arange(ink.shape[1]) - x) / wide) ** 2))[None, :]
    for _speck in range(int(rng.integers(0, 6))):
        x, y = (rng.uniform([5, 0], [205, 75]) * per_mm).tolist()
        for down in np.arange(y, len(ink), turn):
            cv2.circle(ghost, (round(x), round(down)), max(1, round(rng.uniform(0.2, 0.6) * per_mm)), 0.6, -1, cv2.LINE_AA)
    work.page = shade(work.page, np.asarray(1 - np.clip(ghost, 0, 0.8), np.float32))


def half_empty(work: Work) -> None:
    """A cartridge that runs out: one side of the print is pale, with white streaks along."""
    rng, (tall, wide) = work.rng, work.page.shape
    side = np.linspace(0, 1, wide)[:: int(rng.choice([-1, 1]))]
    strength = rng.uniform(0.22, 0.45) + 0.75 / (1 + np.exp(-(side - rng.uniform(0.3, 0.6)) * rng.uniform(5, 14)))
    streaks = 1 - 0.6 * np.clip(np.interp(np.arange(wide), np.linspace(0, wide, 90), rng.normal(-0.8, 0.8, 90)), 0, 1)
    inked = np.clip(strength * streaks, 0.12, 1.0)[None, :] * soft_field(rng, (25, 3), (wide, tall), 0.9, 1.0)
    work.page = np.asarray(248 - (248 - np.minimum(work.page, 248)) * inked, np.uint8)


def _spot_of(light: Maps, center: Floats, radius: float, depth: float) -> None:
    """A soft round spot, in place."""
    left, top = (max(0, int(place - 2 * radius)) for place in center)
    patch = light[top : int(center[1] + 2 * radius) + 1, left : int(center[0] + 2 * radius) + 1]
    y, x = np.indices(patch.shape)
    away = np.hypot(x + left - center[0], y + top - center[1]) / max(1.0, radius)
    patch *= np.asarray(1 - depth * np.exp(-(away**3)), np.float32)

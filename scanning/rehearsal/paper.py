"""What happens to paper: tired toner, folds, stains, tears, crumples, punch holes, tape, the print of the back showing through.

`print_wear` comes before the pupil writes, `paper_wear` after. Both darken or lighten the sheet in place; what bends the paper is
answered as a field of displacements for the scanner or camera to look through.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from scanning.rehearsal.sheet import Field, Sheet, grain_window, shade, smooth_noise

Rng = np.random.Generator
Range = tuple[float, float]
FOLDS_MM = {"c5": (148.5,), "dl": (99.0, 198.0)}
WHITE = 250


@dataclass(frozen=True, slots=True)
class Wear:
    """Probabilities (0 to 1) of each damage and ranges of its strength; lengths in millimetres, shades as shares of light taken."""

    fold: float = 0.0
    fold_shade: Range = (0.03, 0.15)
    fold_shift: Range = (0.0, 0.25)
    curl: Range = (0.0, 0.0)
    crumple: float = 0.0
    stains: float = 0.0  # mean number
    stain_shade: Range = (0.05, 0.2)
    fingers: float = 0.0  # mean number of fingerprints
    blots: float = 0.0  # mean number of opaque spots
    tear: float = 0.0
    tear_legs: Range = (8.0, 26.0)
    dog_ear: float = 0.0
    holes: float = 0.0
    staple: float = 0.0
    tape: float = 0.0
    show_through: float = 0.0
    show_shade: Range = (0.02, 0.07)
    toner: float = 0.0
    toner_loss: Range = (0.1, 0.4)
    specks: Range = (0.0, 0.0)  # per 100 cm2


@dataclass(slots=True)
class Damage:
    """What became of a sheet, on a grid of 1 mm: `gone` paper, `dirt` (light taken), and `bend` in millimetres (x, y), None where flat."""

    gone: npt.NDArray[np.bool_]
    dirt: Field
    bend: Field | None = None
    happened: list[str] = field(default_factory=list)


def print_wear(sheet: Sheet, rng: Rng, wear: Wear) -> None:
    """Tired toner: pale stripes along the feed and speckled letters."""
    if rng.random() >= wear.toner:
        return
    loss = float(rng.uniform(*wear.toner_loss))
    stripes = smooth_noise(rng, (1, 210), float(rng.uniform(4, 30)))[0]
    along = smooth_noise(rng, (297, 1), 60.0)[:, 0]
    pale = np.clip(loss * (0.6 + 0.5 * stripes[None, :] + 0.2 * along[:, None]), 0, 0.75).astype(np.float32)
    half = (max(1, sheet.grey.shape[0] // 2), max(1, sheet.grey.shape[1] // 2))
    lost = cv2.resize(pale, half[::-1], interpolation=cv2.INTER_LINEAR) * (1.0 + 0.4 * grain_window(rng, half, 0.7))
    kept = cv2.resize((255 - 255 * np.clip(lost, 0, 0.9)).astype(np.uint8), sheet.grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    sheet.grey[:] = 255 - cv2.multiply(255 - sheet.grey, kept, scale=1 / 255.0)


def paper_wear(sheet: Sheet, rng: Rng, wear: Wear, bed: int) -> Damage:
    """Everything that happens to the written sheet. `bed`: the grey seen where paper is gone."""
    width, height = (round(side) for side in sheet.size)
    damage = Damage(np.zeros((height, width), bool), np.zeros((height, width), np.float32))
    if rng.random() < wear.show_through:
        _show_through(sheet, rng, float(rng.uniform(*wear.show_shade)))
    light = np.ones((height, width), np.float32)
    _stain(rng, wear, damage)
    _folds(sheet, rng, wear, damage, light)
    _curl_and_crumple(rng, wear, damage, light)
    light *= 1.0 - damage.dirt
    if (light != 1).any():
        shade(sheet, light)
    _specks(sheet, rng, float(rng.uniform(*wear.specks)))
    for _blot in range(rng.poisson(wear.blots)):
        _spot(sheet, rng, damage)
    for chance, make in ((wear.tape, _tape), (wear.staple, _staple)):
        if rng.random() < chance:
            make(sheet, rng, damage)
    _missing_paper(sheet, rng, wear, damage, bed)
    return damage


def _stain(rng: Rng, wear: Wear, damage: Damage) -> None:
    """Tea rings, water edges and greasy fingers; all soft."""
    height, width = damage.dirt.shape
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    for _each in range(rng.poisson(wear.stains)):
        damage.happened.append("stain")
        reach = rng.uniform(8, 45)
        distance = np.hypot(xs - rng.uniform(0, width), (ys - rng.uniform(0, height)) * rng.uniform(0.7, 1.4))
        distance += smooth_noise(rng, damage.dirt.shape, 14.0) * reach * 0.15
        inside = 0.5 - 0.5 * np.tanh((distance - reach) / rng.uniform(1.2, 6))
        rim = np.exp(-(((distance - reach) / rng.uniform(1.0, 2.5)) ** 2))
        damage.dirt += (rng.uniform(*wear.stain_shade) * (0.5 * inside + 0.7 * rim)).astype(np.float32)
    for _each in range(rng.poisson(wear.fingers)):
        x, y, turn = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0, np.pi)
        across = (xs - x) * np.cos(turn) + (ys - y) * np.sin(turn)
        along = -(xs - x) * np.sin(turn) + (ys - y) * np.cos(turn)
        oval = np.exp(-(((across / 7) ** 2 + (along / 10) ** 2) ** 2))
        damage.dirt += (rng.uniform(0.03, 0.12) * oval * (0.7 + 0.3 * np.sin(across * 3.0))).astype(np.float32)
    np.clip(damage.dirt, 0, 0.6, out=damage.dirt)


def _folds(sheet: Sheet, rng: Rng, wear: Wear, damage: Damage, light: Field) -> None:
    """Creases of a C5 or DL envelope: one side in the shade, a crack in the toner, a small shift of what lies below."""
    if rng.random() >= wear.fold:
        return
    kind = "c5" if rng.random() < 0.7 else "dl"
    damage.happened.append(f"fold_{kind}")
    bend = _bend_of(damage)
    height, width = damage.dirt.shape
    ys = np.arange(height, dtype=np.float32)[:, None] + 0.5
    slope = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :]
    for fold in FOLDS_MM[kind]:
        line = fold + rng.normal(0, 0.8) + slope * rng.normal(0, 1.5)
        depth, side = rng.uniform(*wear.fold_shade), rng.choice([-1, 1])
        below = ys - line
        light -= (depth * np.exp(-np.abs(below) / rng.uniform(1.5, 8)) * (0.5 + 0.5 * np.tanh(side * below / 0.6))).astype(np.float32)
        light += (0.3 * depth * np.exp(-np.abs(below) / 6) * (0.5 - 0.5 * np.tanh(side * below / 0.6))).astype(np.float32)
        shift = rng.uniform(*wear.fold_shift)
        bend[..., 1] += (shift * rng.choice([-1, 1]) * np.tanh(below / 1.5) * np.exp(-np.abs(below) / rng.uniform(15, 60))).astype(
            np.float32
        )
        _crack(sheet, rng, line[0], depth)


def _crack(sheet: Sheet, rng: Rng, line_mm: npt.NDArray[np.float64], depth: float) -> None:
    """The crease itself: a thin broken line where toner fell off and dirt went in."""
    ends = [(0, line_mm[0]), (sheet.size[0], line_mm[-1])]
    fixed = [tuple(round(value * sheet.per_mm * 16) for value in end) for end in ends]
    mask = np.zeros(sheet.grey.shape, np.uint8)
    cv2.line(mask, fixed[0], fixed[1], 255, max(1, round(rng.uniform(0.12, 0.3) * sheet.per_mm)), cv2.LINE_AA, 4)
    low, high = (int((line_mm.min() - 2) * sheet.per_mm), int((line_mm.max() + 2) * sheet.per_mm))
    part, window = mask[low:high], sheet.grey[low:high]
    share = part / 255.0 * np.clip(0.7 + 0.6 * grain_window(rng, part.shape, 2.0), 0, 1)
    target = np.where(window < 150, 215.0, window * (1 - depth * 1.2))
    window[:] = (window * (1 - share) + target * share).astype(np.uint8)


def _curl_and_crumple(rng: Rng, wear: Wear, damage: Damage, light: Field) -> None:
    curl = float(rng.uniform(*wear.curl))
    height, width = damage.dirt.shape
    if curl > 0.02:
        across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
        down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        bend = _bend_of(damage)
        way = rng.choice([-1.0, 1.0], 2) * rng.uniform(0.3, 1.0, 2) * curl
        bend[..., 0] += (way[0] * (across**2 - 0.33) * (1 + 0.4 * down)).astype(np.float32)
        bend[..., 1] += (way[1] * (down**2 - 0.33) * (1 + 0.4 * across)).astype(np.float32)
        light -= (0.03 * abs(way[0]) * np.abs(across) ** 3 + 0 * down).astype(np.float32)
    if rng.random() < wear.crumple:
        damage.happened.append("crumple")
        bend = _bend_of(damage)
        folds = smooth_noise(rng, light.shape, 22.0) + 0.5 * smooth_noise(rng, light.shape, 9.0)
        light += (np.gradient(folds, axis=1) * rng.uniform(0.2, 0.7)).astype(np.float32).clip(-0.2, 0.1)
        for axis in (0, 1):
            bend[..., axis] += smooth_noise(rng, light.shape, 35.0) * float(rng.uniform(0.05, 0.3))


def _show_through(sheet: Sheet, rng: Rng, strength: float) -> None:
    """Another page's print, mirrored and soft: here the same page turned over and moved, which looks alike."""
    small = cv2.resize(sheet.grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    back = np.roll(cv2.GaussianBlur(small[:, ::-1], (0, 0), 1.0), (int(rng.integers(-40, 40)), int(rng.integers(-20, 20))), (0, 1))
    shade(sheet, (1.0 - strength * (255 - back.astype(np.float32)) / 255.0).astype(np.float32))


def _specks(sheet: Sheet, rng: Rng, density: float) -> None:
    count = rng.poisson(density * sheet.size[0] * sheet.size[1] / 10_000)
    for x, y in rng.uniform((0, 0), sheet.size, (count, 2)):
        reach = max(1, round(float(rng.uniform(0.05, 0.18)) * sheet.per_mm))
        cv2.circle(sheet.grey, (int(x * sheet.per_mm), int(y * sheet.per_mm)), reach, int(rng.integers(20, 160)), -1)


def _spot(sheet: Sheet, rng: Rng, damage: Damage) -> None:
    """An ink blot, jam or mud: opaque."""
    damage.happened.append("blot")
    x, y, reach = rng.uniform(10, sheet.size[0] - 10), rng.uniform(10, sheet.size[1] - 10), rng.uniform(1.0, 5.0)
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    outline = np.stack([np.cos(angle), np.sin(angle)], 1) * (reach * rng.uniform(0.7, 1.2, (24, 1))) + (x, y)
    cv2.fillPoly(sheet.grey, [np.round(outline * sheet.per_mm * 16).astype(np.int32)], int(rng.integers(30, 140)), cv2.LINE_AA, 4)
    cv2.fillPoly(layer := np.zeros(damage.dirt.shape, np.uint8), [np.round(outline).astype(np.int32)], 1)
    damage.dirt[layer > 0] = 0.8


def _tape(sheet: Sheet, rng: Rng, damage: Damage) -> None:
    """A strip of clear tape: a little darker, with a bright edge."""
    damage.happened.append("tape")
    x, y, length, turn = rng.uniform(20, 190), rng.uniform(20, 280), rng.uniform(30, 90), rng.uniform(0, np.pi)
    way, side = np.array([np.cos(turn), np.sin(turn)]) * length / 2, np.array([-np.sin(turn), np.cos(turn)]) * 9
    corners = np.array([way + side, way - side, -way - side, -way + side]) + np.array((x, y))
    mask = np.zeros(sheet.grey.shape, np.uint8)
    cv2.fillPoly(mask, [np.round(corners * sheet.per_mm).astype(np.int32)], 255)
    sheet.grey[mask > 0] = (sheet.grey[mask > 0] * 0.93 + 3).astype(np.uint8)
    cv2.polylines(sheet.grey, [np.round(corners * sheet.per_mm).astype(np.int32)], True, 225, 1, cv2.LINE_AA)


def _staple(sheet: Sheet, rng: Rng, damage: Damage) -> None:
    damage.happened.append("staple")
    x, y, turn = rng.uniform(6, 14), rng.uniform(6, 14), rng.uniform(-0.9, 0.9)
    way = np.array([np.cos(turn), np.sin(turn)]) * 6
    ends = [tuple(round(value * sheet.per_mm) for value in end) for end in (np.array((x, y)) - way, np.array((x, y)) + way)]
    cv2.line(sheet.grey, ends[0], ends[1], 70, max(1, round(0.5 * sheet.per_mm)), cv2.LINE_AA)
    cv2.line(sheet.grey, ends[0], ends[1], 210, max(1, round(0.15 * sheet.per_mm)), cv2.LINE_AA)


def _missing_paper(sheet: Sheet, rng: Rng, wear: Wear, damage: Damage, bed: int) -> None:
    if rng.random() < wear.holes:
        damage.happened.append("holes")
        for y in (sheet.size[1] / 2 - 40, sheet.size[1] / 2 + 40):
            _take_away(sheet, damage, _disc(11 + rng.normal(0, 1), y + rng.normal(0, 1), 3.0), bed)
    if rng.random() < wear.dog_ear:
        damage.happened.append("dog_ear")
        _fold_corner(sheet, rng, damage, float(rng.uniform(6, 20)), bed)
    if rng.random() < wear.tear:
        damage.happened.append("tear")
        _take_away(sheet, damage, _ragged_corner(sheet, rng, wear.tear_legs), bed)


def _disc(x: float, y: float, radius: float) -> npt.NDArray[np.float64]:
    angle = np.linspace(0, 2 * np.pi, 24)
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], 1)


def _ragged_corner(sheet: Sheet, rng: Rng, legs: Range) -> npt.NDArray[np.float64]:
    """A corner, or now and then a bite out of a side, with a ragged edge."""
    corner = np.array([rng.choice([0.0, sheet.size[0]]), rng.choice([0.0, sheet.size[1]])])
    inwards = np.where(corner > 0, -1.0, 1.0)
    first, second = corner + inwards * np.array((rng.uniform(*legs), 0)), corner + inwards * np.array((0, rng.uniform(*legs)))
    steps = np.linspace(0, 1, 20)[:, None]
    edge = first * (1 - steps) + second * steps + rng.normal(0, 0.5, (20, 2))
    return np.concatenate([[corner], edge])


def _fold_corner(sheet: Sheet, rng: Rng, damage: Damage, leg: float, bed: int) -> None:
    """A dog-ear: the corner is gone, and its back lies over the paper inside."""
    corner = np.array([rng.choice([0.0, sheet.size[0]]), rng.choice([0.0, sheet.size[1]])])
    inwards = np.where(corner > 0, -1.0, 1.0)
    first, second, inner = corner + inwards * np.array((leg, 0)), corner + inwards * np.array((0, leg)), corner + inwards * leg
    _take_away(sheet, damage, np.array([first, second, inner]), WHITE - 8)
    _take_away(sheet, damage, np.array([corner, first, second]), bed)
    ends = [tuple(round(value * sheet.per_mm) for value in end) for end in (first, second)]
    cv2.line(sheet.grey, ends[0], ends[1], 190, 1, cv2.LINE_AA)


def _take_away(sheet: Sheet, damage: Damage, outline: npt.NDArray[np.float64], shade_of: int) -> None:
    cv2.fillPoly(sheet.grey, [np.round(outline * sheet.per_mm * 16).astype(np.int32)], shade_of, cv2.LINE_AA, 4)
    layer = np.zeros(damage.gone.shape, np.uint8)
    cv2.fillPoly(layer, [np.round(outline).astype(np.int32)], 1)
    damage.gone |= layer > 0


def _bend_of(damage: Damage) -> Field:
    if damage.bend is None:
        damage.bend = np.zeros((*damage.dirt.shape, 2), np.float32)
    return damage.bend

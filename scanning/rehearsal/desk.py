"""The sheet on the table: draws the pupil's deeds, the writing round them and the teacher's pen, and says what that did to the truth.

A line that enters a box it was not meant for excuses a doubt about that box's item, whoever drew it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from scanning.rehearsal import hand
from scanning.rehearsal.habits import Habits
from scanning.rehearsal.meaning import Act, ItemTruth
from scanning.rehearsal.pages import Place, PrintedSheet
from scanning.rehearsal.pens import PENS, Held, Line, draw, rub_out, take
from scanning.rehearsal.pupil import Deed, ItemDeeds, Writer, answer_sheet, one_of
from scanning.rehearsal.sheet import Sheet

Rng = np.random.Generator
TEACHERS_PENS = {"ballpoint_red": 6.0, "ballpoint_blue": 2.0, "gel": 1.0, "felt_tip": 0.3}
RULED_MM = 14.0  # lines to write on lie no farther apart
KEEP_OFF_MM = 1.5  # honest writing stays that far from boxes
GRID_ROW_MM = 7.0  # from a circle: ruled lines that are nearer part the rows of a grid; those of open answers are 8 mm and more away


@dataclass(slots=True)
class Table:
    """One sheet being written on, and the lines drawn so far with the box each was meant for."""

    sheet: Sheet
    page: PrintedSheet
    rng: Rng
    drawn: list[tuple[Line, str]]

    def texture(self) -> Rng:
        """Chance of its own for ink on paper, so that the deeds are the same at every resolution."""
        return self.rng.spawn(1)[0]

    def write(self, pen: Held, lines: Sequence[Line], item: str = "") -> None:
        """Draw lines that belong to `item`, or to none."""
        if lines:
            draw(self.sheet, self.texture(), pen, lines, 1.0)
            self.drawn += [(line, item) for line in lines]


def fill_in(sheet: Sheet, page: PrintedSheet, rng: Rng, habits: Habits, wanted: Mapping[str, Sequence[str]]) -> list[ItemTruth]:
    """Let one pupil, and perhaps the teacher, write on the sheet; answers the truth of every item on it."""
    pen = take(rng, PENS[one_of(rng, habits.pens)])
    writer = Writer(habits, one_of(rng, habits.styles), pen.dark * habits.pressure[0], pen.rubs_out, pen.name == "ballpoint_worn")
    teacher_was_here = any(place.kind == "score" for place in page.places) and rng.random() < habits.teacher
    red = take(rng, PENS[one_of(rng, TEACHERS_PENS)])
    deeds = answer_sheet(rng, page, writer, wanted, teacher_was_here)
    table = Table(sheet, page, rng, [])
    _round_about(Table(sheet, page, table.texture(), table.drawn), pen, habits)
    for item in deeds:
        for deed in item.deeds:
            _do(table, red if item.by_teacher else pen, deed, habits)
    for item in deeds:
        if item.rule == "number" and rng.random() < habits.in_figures:
            _in_figures(table, pen, item)
    if teacher_was_here and rng.random() < habits.red_ticks:
        _red_ticks(table, red)
    touched = touched_items(page, table.drawn)
    truths = [replace(item.truth(), dark=_darkness(item, red.dark if item.by_teacher else pen.dark)) for item in deeds]
    return [truth.excused() if truth.item in touched else truth for truth in truths]


def _darkness(item: ItemDeeds, dark: float) -> float:
    """Of the item's marks; of what the rubber left, where nothing else is there."""
    marks = [deed.mark for deed in item.deeds]
    left = [mark.residue for mark in marks if mark.act is Act.RUBBED_OUT]
    return max(left) if left and len(left) == len(marks) else dark


def touched_items(page: PrintedSheet, drawn: Sequence[tuple[Line, str]]) -> set[str]:
    """Items with a box that was entered by a line meant for another box (or, in the same item, by a long tail)."""
    found: set[str] = set()
    if not page.places:
        return found
    centers = np.array([place.center for place in page.places])
    reach = np.array([place.radius + 0.5 for place in page.places])
    keys = [_key(place.item, place.value, place.column) for place in page.places]
    for line, meant in drawn:
        near = ((centers + reach[:, None] > line.min(axis=0)) & (centers - reach[:, None] < line.max(axis=0))).all(axis=1)
        for index in np.flatnonzero(near):
            if meant != keys[index] and _distance(line, centers[index]) < reach[index]:
                found.add(page.places[index].item)
    return found


def _distance(line: Line, point: npt.NDArray[np.float64]) -> float:
    """From a point to the nearest piece of a line."""
    start, along = line[:-1], np.diff(line, axis=0)
    share = np.clip(((point - start) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-9), 0, 1)
    return float(np.hypot(*(start + share[:, None] * along - point).T).min())


def _key(item: str, value: str, column: int | None) -> str:
    return f"{item}/{column}/{value}"


def _do(table: Table, pen: Held, deed: Deed, habits: Habits) -> None:
    place, rng = deed.place, table.rng
    radius = place.radius
    own = _key(place.item, place.value, place.column)
    if deed.mark.act is Act.ANSWER:
        lines = hand.SHAPES[deed.mark.style](rng, place.center, radius, pen.width_mm)
        draw(table.sheet, table.texture(), pen, lines, float(rng.uniform(*habits.pressure)))
        table.drawn += [(line, own) for line in lines]
        return
    fill = hand.SHAPES[str(rng.choice(hand.FILLS[:3]))](rng, place.center, radius, pen.width_mm)
    if deed.mark.act is Act.RUBBED_OUT:
        rub_out(table.sheet, table.texture(), pen, fill, deed.mark.residue)
        return
    table.write(pen, fill, own)
    table.write(pen, getattr(hand, deed.mark.style)(rng, place.center, radius, pen.width_mm), own)


def _round_about(table: Table, pen: Held, habits: Habits) -> None:
    """Everything that is written without being an answer to be read."""
    rng, (width, height) = table.rng, table.page.size
    if rng.random() < habits.name:
        _writing(table, pen, float(rng.uniform(60, 90)), float(rng.uniform(34, 41)), float(rng.uniform(30, 60)), 2.2)
    for baseline, left, length in ruled_lines(table.sheet):
        if rng.random() < habits.writes and not _of_a_grid(table.page.places, baseline, left, length):
            _writing(table, pen, left, baseline - 0.6, length * float(rng.uniform(0.3, 1.0)), float(rng.uniform(1.6, 2.6)))
    if rng.random() < habits.doodle:
        x = float(rng.choice([rng.uniform(4, 10), width - rng.uniform(4, 10)]))
        table.write(pen, hand.doodle(rng, (x, float(rng.uniform(50, height - 50))), float(rng.uniform(2, 4))))
    if rng.random() < habits.stray:
        start = (float(rng.uniform(20, width - 20)), float(rng.uniform(40, height - 40)))
        table.write(pen, hand.stray(rng, start, float(rng.uniform(6, 60))))


def _of_a_grid(places: Sequence[Place], baseline: float, left: float, length: float) -> bool:
    """Whether a ruled line parts rows of circles: nobody writes sentences on it."""
    return any(abs(place.center[1] - baseline) < GRID_ROW_MM and left <= place.center[0] <= left + length for place in places)


def _writing(table: Table, pen: Held, left: float, baseline: float, length: float, height: float) -> None:
    """Write words, leaving out those that would come near a box."""
    kept = []
    for word in hand.writing(table.rng, left, baseline, length, height):
        low, high = word.min(axis=0) - KEEP_OFF_MM, word.max(axis=0) + KEEP_OFF_MM
        if not any(
            low[0] < place.center[0] + place.radius
            and high[0] > place.center[0] - place.radius
            and low[1] < place.center[1] + place.radius
            and high[1] > place.center[1] - place.radius
            for place in table.page.places
        ):
            kept.append(word)
    if kept:
        draw(table.sheet, table.texture(), replace(pen, builds_up=False), kept)


def _in_figures(table: Table, pen: Held, item: ItemDeeds) -> None:
    """The number written above its columns, as the empty squares there invite; what was crossed out below stands crossed out there."""
    for deed in item.deeds:
        column = [place for place in table.page.items[item.item] if place.column == deed.place.column]
        spot = _square(column, deed)
        if deed.mark.act is not Act.RUBBED_OUT and deed.mark.value in hand.FIGURES:
            table.write(pen, hand.digit(table.rng, spot, float(table.rng.uniform(2.8, 4.4)), deed.mark.value))
        if deed.mark.act is Act.CROSSED_OUT:
            table.write(pen, hand.dash(table.rng, spot, 2.5, pen.width_mm))


def _square(column: Sequence[Place], deed: Deed) -> tuple[float, float]:
    """Where the empty square of a digit stands: above its column; left of the first circle where the digits lie in a line."""
    left, top = (min(place.center[axis] for place in column) for axis in (0, 1))
    if left == max(place.center[0] for place in column):
        return (deed.place.center[0], top - 2 * deed.place.size[1])
    return (left - 2 * deed.place.size[0], top)


def _red_ticks(table: Table, red: Held) -> None:
    """The teacher ticks or underlines beside some answers, right of the last box of a row."""
    for places in table.page.items.values():
        if table.rng.random() < 0.5:
            last = max(places, key=lambda place: place.center[0])
            spot = (last.center[0] + float(table.rng.uniform(8, 14)), last.center[1])
            table.write(red, hand.tick(table.rng, spot, float(table.rng.uniform(2, 3.5)), red.width_mm))


def ruled_lines(sheet: Sheet) -> list[tuple[float, float, float]]:
    """The printed lines to write on, found in the picture: (baseline, left, length) in millimetres. A line alone is a frame, not a place to write."""
    dark = sheet.grey < 225
    rows = dark[:, round(28 * sheet.per_mm) : round(180 * sheet.per_mm)]
    found, last = [], -99.0
    for row in np.flatnonzero(rows.mean(axis=1) > 0.8):
        y = row / sheet.per_mm
        if y - last > 3:
            columns = np.flatnonzero(dark[row])
            left, right = max(24.0, columns[0] / sheet.per_mm), min(186.0, columns[-1] / sheet.per_mm)
            found.append((float(y), float(left), float(right - left)))
        last = y
    heights = [line[0] for line in found]
    return [line for line in found if any(0 < abs(line[0] - other) < RULED_MM for other in heights)]

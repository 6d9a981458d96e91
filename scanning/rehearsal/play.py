"""Plays the pupils, the post and the scanner over a week's printed packets: files to scan, and the truth about them.

Called by the demo, the tests and bench/judgement.py. Works from the packets' PDFs and the JSON of `packets layout` alone; it knows neither
the database nor the reader. Every page draws its chances from the seed and its own id, so that one page can be made again alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from records.workers import workers as pool_of
from scanning.rehearsal.camera import photograph, picture_size
from scanning.rehearsal.conditions import CONDITIONS, Condition, shares_of
from scanning.rehearsal.desk import fill_in
from scanning.rehearsal.frames import SUFFIXES, back_of_sheet, break_file, foreign_paper, write_frames
from scanning.rehearsal.meaning import ItemTruth, Must
from scanning.rehearsal.pages import PrintedSheet, sheets_of
from scanning.rehearsal.paper import Damage, paper_wear, print_wear
from scanning.rehearsal.post import LATE, ON_TIME, FilePlan, Frame, PostHabits, plan_post
from scanning.rehearsal.pupil import one_of
from scanning.rehearsal.scanner import Matrix, Scanner, Taken, scan, side_by_side
from scanning.rehearsal.seen import what_is_seen
from scanning.rehearsal.sheet import MM_PER_INCH, render
from scanning.rehearsal.truth import FrameTruth, Seen, Truth, save

Wanted = Mapping[str, Mapping[str, Sequence[str]]]  # page id -> item -> values
DIRTY = 0.22
INVISIBLE, PALE = 0.06, 0.15  # contrasts below which a person sees nothing, or may well ask
HAND, PAPER, EYE, CHOICE, POST = range(5)


@dataclass(frozen=True, slots=True)
class Setting:
    """What every worker has to know. Picklable."""

    home: Path
    out: Path
    seed: int
    shares: Mapping[str, float]
    sheets: tuple[PrintedSheet, ...]
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class PostResult:
    """The files of each batch (1 on time, 2 late), where the truth is, and the truth itself."""

    batches: Mapping[int, tuple[Path, ...]]
    truth_path: Path
    truth: Truth

    @property
    def files(self) -> tuple[Path, ...]:
        """All files, batch by batch."""
        return tuple(path for batch in sorted(self.batches) for path in self.batches[batch])


def play_post(
    home: Path,
    layout: Mapping[str, Any],
    out: Path,
    seed: int,
    condition: str = "demo",
    *,
    answers: Wanted | None = None,
    several: Mapping[str, Iterable[str]] | None = None,
    habits: PostHabits | None = None,
    truth_path: Path | None = None,
    workers: int = 1,
) -> PostResult:
    """Fill in, post and scan the pages of `layout` (the data of `packets layout`), whose PDFs lie below `home`.

    `condition`: a name from conditions.CONDITIONS or MIXES. `answers`: for a page id and item the values that the pupil means, all else is
    guessed. `several`: for an assignment's code the items that take several answers. Pictures go below `out`, the truth to `truth_path`
    (default: `out`.truth.json beside it).
    """
    sheets = tuple(sheets_of(layout, several))
    setting = Setting(home, out, seed, shares_of(condition), sheets, answers or {})
    plan = plan_post(_chance(seed, POST), sheets, habits or PostHabits())
    with pool_of(workers, _prepare, (setting,)) as pool:
        frames = [frame for made in pool.map(_make_file, plan.files, chunksize=4) for frame in made]
    truth = Truth(seed, tuple(frames), plan.dropped, plan.doubled, plan.late)
    truth_path = truth_path or out.with_name(out.name + ".truth.json")
    save(truth, truth_path)
    batches = {batch: tuple(dict.fromkeys(out / frame.file for frame in frames if frame.batch == batch)) for batch in (ON_TIME, LATE)}
    return PostResult(batches, truth_path, truth)


def take_page(setting: Setting, index: int, copy: int = 1) -> tuple[Taken, tuple[ItemTruth, ...], str]:
    """The picture of one page, what can be read on it, and the name of the condition it was taken under."""
    page = setting.sheets[index]
    number = int(page.page, 16)
    habits = CONDITIONS[one_of(_chance(setting.seed, CHOICE, number, 1), setting.shares)]
    taking = habits if copy == 1 else CONDITIONS[one_of(_chance(setting.seed, CHOICE, number, copy), setting.shares)]
    eye = _chance(setting.seed, EYE, number, copy)
    dpi, size = _resolution(eye, taking, page)
    sheet = render(setting.home / page.pdf, page.pdf_page, dpi)
    paper = _chance(setting.seed, PAPER, number)
    print_wear(sheet, paper, habits.wear)
    truths = fill_in(sheet, page, _chance(setting.seed, HAND, number), habits.habits, setting.wanted.get(page.page, {}))
    bed = taking.eye.bed(eye)
    damage = paper_wear(sheet, paper, habits.wear, bed)
    if isinstance(taking.eye, Scanner):
        taken = scan(sheet, eye, taking.eye, round(dpi), bed, damage.bend)
    else:
        taken = photograph(sheet, eye, taking.eye, size, bed, damage.bend)
    return taken, tuple(seen_truth(truth, page, damage, taken) for truth in truths), taking.name


def seen_truth(truth: ItemTruth, page: PrintedSheet, damage: Damage, taken: Taken) -> ItemTruth:
    """What is left of an item's truth after damage to the paper, where its boxes fell out of the picture or its marks were washed out."""
    places = page.items[truth.item]
    lost = [place.value for place in places if _is_gone(place.center, place.radius, damage, taken)]
    if lost and (truth.must is Must.BLANK or any(value in lost for value in _marked(truth))):
        return truth.doubtful()
    if lost or any(_window(damage.dirt, place.center, place.radius).max() > DIRTY for place in places):
        truth = truth.excused()
    contrast = taken.contrast(truth.dark) if truth.marks else 1.0
    if contrast < INVISIBLE:
        return replace(truth.washed_out(), also=(*truth.washed_out().also, *what_is_seen(truth, page, taken).also))
    truth = truth.excused() if contrast < PALE else truth
    return what_is_seen(truth, page, taken) if taken.tone is not None else truth


def _marked(truth: ItemTruth) -> list[str]:
    return [mark.rsplit(":", 1)[1] for mark in truth.marks]


def _is_gone(center: tuple[float, float], radius: float, damage: Damage, taken: Taken) -> bool:
    if _window(damage.gone, center, radius).any():
        return True
    x, y, scale = taken.to_pixels @ np.array([*center, 1.0])
    edge = radius * _per_mm(taken.to_pixels, center)
    return not (edge <= x / scale <= taken.size[0] - edge and edge <= y / scale <= taken.size[1] - edge)


def _per_mm(to_pixels: Matrix, center: tuple[float, float]) -> float:
    near = to_pixels @ np.array([[center[0], center[0] + 1], [center[1], center[1]], [1, 1]])
    near = near[:2] / near[2]
    return float(np.hypot(*(near[:, 1] - near[:, 0])))


def _window(grid: Any, center: tuple[float, float], radius: float) -> Any:
    (x, y), reach = center, radius + 0.5
    return grid[max(0, int(y - reach)) : int(y + reach) + 1, max(0, int(x - reach)) : int(x + reach) + 1]


def _resolution(eye: np.random.Generator, condition: Condition, page: PrintedSheet) -> tuple[float, tuple[int, int]]:
    """At how many dots an inch the page is drawn, and for a photograph its size in pixels."""
    if isinstance(condition.eye, Scanner):
        return float(eye.choice(condition.eye.dpi)), (0, 0)
    size = picture_size(eye, condition.eye)
    if page.size[0] > page.size[1]:
        size = size[::-1]
    return size[1] / page.size[1] * MM_PER_INCH, size


def _chance(seed: int, *path: int) -> np.random.Generator:
    """The generator of one purpose and page: the same whatever else is made before."""
    return np.random.default_rng(np.random.SeedSequence([seed, *path]))


_setting: Setting | None = None


def _prepare(setting: Setting) -> None:
    """What a worker keeps between files."""
    global _setting  # noqa: PLW0603 - one worker plays one post
    import cv2

    cv2.setNumThreads(1)
    _setting = setting


def _make_file(plan: FilePlan) -> list[FrameTruth]:
    assert _setting is not None, "a worker is prepared before its first file"
    name = plan.name + SUFFIXES[plan.kind]
    pictures, truths = [], []
    for number, frame in enumerate(plan.frames, start=1):
        picture, sheets, condition = _make_frame(_setting, frame)
        pictures.append(picture)
        truths.append(FrameTruth(name, number, plan.batch, frame.kind, condition, sheets))
    write_frames(_setting.out / name, plan.kind, pictures)
    if plan.frames[0].kind == "broken":
        break_file(_setting.out / name, _chance(_setting.seed, POST, 2))
    return truths


def _make_frame(setting: Setting, frame: Frame) -> tuple[Taken, tuple[Seen, ...], str]:
    if frame.kind == "page":
        picture, items, condition = take_page(setting, frame.sheet, frame.copy)
        return picture, (Seen(setting.sheets[frame.sheet].page, frame.copy, items),), condition
    if frame.kind == "pair":
        (left, ours, condition), (right, theirs, _other) = (take_page(setting, index) for index in (frame.sheet, frame.beside))
        seen = (Seen(setting.sheets[frame.sheet].page, 1, ours), Seen(setting.sheets[frame.beside].page, 1, theirs))
        return side_by_side(left, right), seen, condition
    chance = _chance(setting.seed, POST, 1, frame.sheet + 1, frame.copy)
    if frame.kind == "back":
        return back_of_sheet(chance, 150, setting.sheets[frame.sheet].size), (), ""
    return foreign_paper(chance, 150), (), ""

"""What a box is told by: its own numbers, those of its question and of its page, side by side as one row of features. Pure.

scanning/forest weighs the rows; bench/learn_marks makes rows from simulated pages and learns from them. Nothing is decided here. The order
of FEATURES is part of the forest's file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from statistics import median

from scanning.marks import Mark
from scanning.yardstick import Yardstick

FEATURES = (
    "strength", "of_pen", "of_usual", "ink", "ink_of_usual", "spot", "cover", "least", "span", "thin", "sharp", "sharp_of_page", "sharp_of_usual",
    "sharp_of_softest", "even", "cover_beyond_usual", "least_beyond_usual", "outside", "diagonal_1", "diagonal_2", "diagonal_3", "diagonal_4",
    "near_1", "near_2", "near_3", "near_4", "diagonal_3_of_strength", "rim", "rim_of_page", "noise", "over_noise", "pen", "page_sharp", "weak", "rubs",
    "answers", "darkest_answer", "palest_answer", "second_marks", "other", "other_of_own", "other_ink", "other_sharp", "other_cover", "other_least",
    "other_diagonal_3", "other_diagonal_4", "others", "several", "seen", "through", "through_of_strength", "beside", "axes_1", "axes_2", "edge_of_page",
    "spot_of_dark", "shown", "sharp_of_alike", "of_alike", "cover_beyond_alike", "ink_of_alike", "paler", "smoother", "equals", "second_other",
    "outside_of_strength", "line_of_page", "quiet_of_page",
)  # fmt: skip
ALIKE = 5  # so many other answers of the page that cover as much of their circles tell what such a mark of this hand looks like: fills are no measure of ticks
AS_DARK, AS_SHARP = 0.15, 1.15  # of a box's own darkness and sharpness: another question's mark that near is as dark, and no sharper
VISIBLE = 0.06  # darkness above the page's empty boxes from which a question's darkest box counts as its answer
# what boxes are ordered by: equally dark ones by all their numbers, so that their places say nothing
_darkness = attrgetter("dark", *Mark.__slots__)


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """The darkest box of one question: darkness above the page's empty boxes, sharpness, cover and ink, and its place."""

    strength: float
    sharp: float
    cover: float
    ink: float
    place: int


@dataclass(frozen=True, slots=True)
class Usual:
    """What the darkest box of a question usually looks like on this page: the hand of its writer. Medians, but for the two ends; and each by itself."""

    answers: int
    dark: float
    darkest: float
    palest: float
    ink: float
    cover: float
    least: float
    sharp: float
    softest: float
    second_marks: int
    each: tuple[Answer, ...] = ()


Group = tuple[str, int | None]  # a question, or one digit column of it


def groups_of(boxes: Sequence[tuple[str, int | None]], without: Collection[str]) -> dict[Group, list[int]]:
    """The places of each group's boxes, questions in `without` (the teacher's) left out."""
    groups: dict[Group, list[int]] = {}
    for place, group in enumerate(boxes):
        if group[0] not in without:
            groups.setdefault(group, []).append(place)
    return groups


def seen(mark: Mark, yardstick: Yardstick) -> bool:
    """Whether there is anything inside the box."""
    return mark.dark >= yardstick.quiet or mark.ink >= yardstick.quiet_ink


def usual_of(marks: Sequence[Mark], groups: Mapping[Group, Sequence[int]], yardstick: Yardstick) -> Usual:
    """The writer's hand, from the darkest box of each group."""
    darkest = [max(places, key=lambda place: _darkness(marks[place])) for places in groups.values()]
    there = [place for place in darkest if seen(marks[place], yardstick) and marks[place].dark - yardstick.floor > VISIBLE]
    found = [marks[place] for place in there]
    if not found:
        return Usual(0, yardstick.pen, yardstick.pen, yardstick.pen, 0.3, 0.7, 0.5, 3.0, 3.0, 0)
    strengths = [mark.dark - yardstick.floor for mark in found]
    ink, cover, least, sharp = (median(getattr(mark, name) for mark in found) for name in ("ink", "cover", "least", "sharp"))
    more = sum(seen(marks[place], yardstick) for places in groups.values() for place in places) - len(found)
    softest = min(mark.sharp for mark in found)
    each = (
        Answer(strength, mark.sharp, mark.cover, mark.ink, place) for strength, mark, place in zip(strengths, found, there, strict=True)
    )
    return Usual(len(found), median(strengths), max(strengths), min(strengths), ink, cover, least, sharp, softest, more, tuple(each))


def features(place: int, group: Sequence[int], marks: Sequence[Mark], yardstick: Yardstick, usual: Usual, several: bool) -> list[float]:
    """One row in the order of FEATURES: the box at `place`, beside the darkest other box of its `group`."""
    mark, others = marks[place], [marks[other] for other in group if other != place]
    other = max(others, key=_darkness, default=None)
    return [
        *_own(mark, yardstick, usual),
        *_page(yardstick, usual),
        *_beside(mark, other, others, yardstick, several),
        float(seen(mark, yardstick)),
        *_round(mark, yardstick),
        *_alike(mark, group, usual, yardstick),
        *_rest(mark, others, yardstick),
    ]


def _own(mark: Mark, yardstick: Yardstick, usual: Usual) -> list[float]:
    strength = mark.dark - yardstick.floor
    far, near = _lines(mark.diagonals, yardstick), _lines(mark.near, yardstick)
    return [
        strength, strength / max(yardstick.pen, 0.05), strength / max(usual.dark, 0.05), mark.ink, mark.ink / max(usual.ink, 0.02), mark.spot,
        mark.cover, mark.least, mark.span, mark.thin, mark.sharp, mark.sharp / max(yardstick.sharp, 0.5), mark.sharp / max(usual.sharp, 0.5),
        mark.sharp / max(usual.softest, 0.3), mark.ink / max(mark.dark, 0.03), mark.cover - usual.cover, mark.least - usual.least, mark.outside,
        *far, *near, far[2] / max(strength, 0.05), mark.rim, mark.rim / max(yardstick.rim, 0.1), mark.noise, strength / max(mark.noise, 0.002),
    ]  # fmt: skip


def _page(yardstick: Yardstick, usual: Usual) -> list[float]:
    return [
        yardstick.pen, yardstick.sharp, float(yardstick.weak), float(yardstick.rubs), usual.answers, usual.darkest, usual.palest, usual.second_marks,
    ]  # fmt: skip


def _beside(mark: Mark, other: Mark | None, others: Sequence[Mark], yardstick: Yardstick, several: bool) -> list[float]:
    if other is None:
        return [0.0] * 9 + [float(several)]
    strength, lines = other.dark - yardstick.floor, _lines(other.diagonals, yardstick)
    return [
        strength, strength / max(mark.dark - yardstick.floor, 0.02), other.ink, other.sharp / max(mark.sharp, 0.3), other.cover, other.least,
        lines[2], lines[3], float(sum(seen(each, yardstick) for each in others)), float(several),
    ]  # fmt: skip


def _round(mark: Mark, yardstick: Yardstick) -> list[float]:
    first, second, *_others = sorted(mark.axes, reverse=True)
    return [
        mark.through, mark.through / _strength(mark, yardstick), mark.beside - yardstick.beside, first, second, mark.edge / max(yardstick.edge, 0.1),
        mark.spot / max(mark.dark, 0.03), mark.shown,
    ]  # fmt: skip


def _alike(mark: Mark, group: Sequence[int], usual: Usual, yardstick: Yardstick) -> list[float]:
    """The box beside those answers of other questions that cover about as much of their circles, and among all of them."""
    others = [each for each in usual.each if each.place not in group]
    if not others:
        return [1.0, 1.0, 0.0, 1.0, 0.5, 0.5, 0.0]
    strength = _strength(mark, yardstick)
    near = sorted(others, key=lambda each: (abs(each.cover - mark.cover), each))[:ALIKE]
    dark, sharp, cover, ink = (median(getattr(each, name) for each in near) for name in ("strength", "sharp", "cover", "ink"))
    equals = sum(abs(each.strength - strength) < AS_DARK * strength and each.sharp < AS_SHARP * mark.sharp for each in others)
    return [
        mark.sharp / max(sharp, 0.3), strength / max(dark, 0.05), mark.cover - cover, mark.ink / max(ink, 0.02),
        sum(each.strength < strength for each in others) / len(others), sum(each.sharp < mark.sharp for each in others) / len(others), equals / len(others),
    ]  # fmt: skip


def _rest(mark: Mark, others: Sequence[Mark], yardstick: Yardstick) -> list[float]:
    second = sorted((each.dark - yardstick.floor for each in others), reverse=True)[1:2]
    return [*(second or [0.0]), mark.outside / _strength(mark, yardstick), yardstick.line, yardstick.quiet]


def _strength(mark: Mark, yardstick: Yardstick) -> float:
    return max(mark.dark - yardstick.floor, 0.02)


def _lines(values: Sequence[float], yardstick: Yardstick) -> list[float]:
    """Darkness along the four diagonals above that of empty boxes, the darkest first."""
    return sorted((each - yardstick.line for each in values), reverse=True)

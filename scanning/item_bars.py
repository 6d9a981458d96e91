"""What was answered to a question, as bars that differ by pattern: the key black, other answers hatched, blanks empty, what waits dashed. On paper and screen alike.

scanning/item_page and scanning/return_page show them, with the sentences of a class that stand above.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from packets.assignment import ChoiceQuestion, OpenQuestion
from packets.paper import BLACK, Shade
from scanning.return_words import Words, percent, shortened
from scanning.returns import ClassWork
from scanning.statistics import FEWEST_TO_DISCRIMINATE, ClassFigures, Figures, key_of

NUMBERS = 4  # wrong numbers that are named; the others are counted together
CHOICE = 28  # letters of a choice's words
HATCH_MM, EDGE_MM = 1.1, 0.2
DASH = (0.8, 0.6)


class Pattern(StrEnum):
    """How a bar is filled."""

    KEY = "key"
    OTHER = "other"
    BLANK = "blank"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer and how often it was given; `sign` is its letter or number, `words` what it says, either may be empty."""

    sign: str
    words: str
    count: int
    pattern: Pattern


class Lines(Protocol):
    """What can draw a bar: a packets.paper.Pen, a scanning.svg.Svg."""

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = ..., grey: Shade = ..., dash: Sequence[float] = ...) -> None:
        """Draw a straight line."""
        ...

    def polygon(self, corners: Sequence[tuple[float, float]], fill: Shade | None = ..., outline: float | None = ...) -> None:
        """Draw a closed shape."""
        ...


def bars(words: Words, each: Figures) -> list[Bar]:
    """The bars of a question: its answers, then the blank ones and those that wait for somebody."""
    question, key = each.question, key_of(each.question)
    if isinstance(question, ChoiceQuestion):
        texts = dict(zip((letter for letter, _count in each.given), question.choices, strict=True))
        found = [Bar(letter, shortened(texts[letter], CHOICE), count, _pattern(letter in key)) for letter, count in each.given]
    elif isinstance(question, OpenQuestion):
        most = str(int(question.points))
        found = [Bar("", words.translate("{points} points", points=n), count, _pattern(n == most)) for n, count in each.given]
    else:
        found = _numbers(words, each, question.answer)
    rest = (
        (words.translate("nothing marked"), each.blank, Pattern.BLANK),
        (words.translate("unclear, a person decides"), each.doubts, Pattern.WAITS),
        (words.translate("waits for your points"), each.waiting, Pattern.WAITS),
    )
    return [*found, *(Bar("", said, count, pattern) for said, count, pattern in rest if count)]


def draw_bar(pen: Lines, x: float, y: float, width: float, height: float, pattern: Pattern) -> None:
    """A bar of `width` millimetres with its top left at (x, y); nothing where it has no width."""
    if width <= 0:
        return
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    if pattern is Pattern.KEY:
        pen.polygon(corners, fill=BLACK)
        return
    dash = DASH if pattern is Pattern.WAITS else ()
    for (x1, y1), (x2, y2) in pairwise([*corners, corners[0]]):
        pen.line(x1, y1, x2, y2, EDGE_MM, BLACK, dash)
    if pattern is Pattern.OTHER:
        for x1, y1, x2, y2 in _hatch(width, height):
            pen.line(x + x1, y + y1, x + x2, y + y2, EDGE_MM, BLACK)


def all_answers(each: Figures) -> int:
    """How many pupils a whole bar stands for."""
    return each.decided + each.doubts + each.waiting


def share_said(words: Words, each: Figures, everybody: Figures | None) -> str:
    """The share of points of a question, here and over the desk."""
    if not each.decided:
        return words.translate("nothing is decided yet")
    said = words.translate("{percent} % of the points", percent=percent(each.share))
    if isinstance(each.question, ChoiceQuestion) and each.question.grid:
        said = words.translate("{percent} % right; only all rows together earn points", percent=percent(each.share))
    return said if everybody is None else f"{said}; {words.translate('all classes {percent} %', percent=percent(everybody.share))}"


def told_apart(words: Words, each: Figures, everybody: Figures | None) -> str:
    """How well a question tells pupils apart, by this class or by all; empty where nobody can say."""
    own, all_ = each.discrimination, everybody.discrimination if everybody else None
    value = own if own is not None else all_
    if value is None:
        return ""
    said = words.translate("tells pupils apart: {value}", value=_number(value))
    if own is None:
        said = f"{said} ({words.translate('all classes')})"
    turned = (each if own is not None else everybody or each).turned
    return f"{said}. {words.translate('The strongest pupils fail it: check the key and the wording.')}" if turned else said


def class_said(words: Words, own: ClassFigures, everybody: ClassFigures | None) -> list[str]:
    """The class as a whole, beside all classes; what cannot be said honestly, and why."""
    lines = [_mean(words, own)]
    if everybody is not None:
        lines.append(f"{words.translate('All classes of the desk, earlier weeks too:')} {_mean(words, everybody)}")
    if own.left_out:
        numbers = ", ".join(own.left_out)
        lines.append(words.translate("Not counted, since points are awaited there: question {numbers}.", numbers=numbers))
    if max(own.complete, everybody.complete if everybody else 0) < FEWEST_TO_DISCRIMINATE:
        most = FEWEST_TO_DISCRIMINATE
        lines.append(words.translate("How well a question tells pupils apart is not said of fewer than {most} pupils.", most=most))
    return lines


def letters_said(words: Words, work: ClassWork) -> list[str]:
    """Whose letters the bars carry, where sheets print several orders."""
    if work.assignment.variants < 2:
        return []
    return [
        words.translate("The sheets were of {count} variants; the letters here are those of the first.", count=work.assignment.variants)
    ]


def worth_telling(work: ClassWork) -> bool:
    """Whether bars say more than the class table: of one child they do not."""
    return work.figures.pupils > 1 or (work.figures.pupils == 1 and work.everybody is not None)


def beside(everybody: ClassFigures | None, place: int) -> Figures | None:
    """A question's figures over all classes."""
    return None if everybody is None else everybody.questions[place]


def _mean(words: Words, found: ClassFigures) -> str:
    if found.mean is None or found.lowest is None or found.highest is None:
        return words.translate("Of no pupil is every answer decided.")
    said = words.ntranslate(
        "{count} pupil with every answer decided: {mean} % of the points",
        "{count} pupils with every answer decided: {mean} % of the points",
        found.complete,
        mean=percent(found.mean),
    )
    parts = [said]
    if found.complete > 1:
        parts.append(words.translate("from {lowest} to {highest} %", lowest=percent(found.lowest), highest=percent(found.highest)))
    if found.spread is not None:
        parts.append(words.translate("standard deviation {spread}", spread=percent(found.spread)))
    if found.alpha is not None:
        parts.append(words.translate("reliability (alpha) {alpha}", alpha=_number(found.alpha)))
    return ", ".join(parts) + "."


def _numbers(words: Words, each: Figures, answer: str) -> list[Bar]:
    wrong = [(value, count) for value, count in each.given if Decimal(value) != Decimal(answer)]
    right = sum(count for value, count in each.given if Decimal(value) == Decimal(answer))
    found = [Bar(answer, "", right, Pattern.KEY)] + [Bar(value, "", count, Pattern.OTHER) for value, count in wrong[:NUMBERS]]
    others = sum(count for _value, count in wrong[NUMBERS:])
    return [*found, Bar("", words.translate("other numbers"), others, Pattern.OTHER)] if others else found


def _pattern(right: bool) -> Pattern:
    return Pattern.KEY if right else Pattern.OTHER


def _hatch(width: float, height: float) -> list[tuple[float, float, float, float]]:
    """Strokes that rise to the right, cut off at the edges."""
    strokes = []
    start = HATCH_MM - height
    while start < width:
        left, right = max(start, 0.0), min(start + height, width)
        strokes.append((left, height - (left - start), right, height - (right - start)))
        start += HATCH_MM
    return strokes


def _number(value: Decimal) -> str:
    return f"{value:.2f}".replace(".", ",").replace("-", "−")

"""What the empty circles of a page show, number by number, and how far one stands out among them. Pure.

scanning/yardstick takes it once a page; scanning/judge asks before a question is called empty. What a copier, a scan without greys or a noisy photograph leaves of
an answer may be paler than any mark, and is still more than what the page's other empty circles show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanning.marks import Mark

ROUNDED = 0.001  # measurements have three decimals
INSIDE = 2  # of the numbers, the first


@dataclass(frozen=True, slots=True)
class Grain:
    """Of each number of `looks`, over a page's empty circles: the median, and 1.48 times the median distance from it (the standard deviation of what is spread normally; a few outliers move it little). Both empty where no circle is."""

    usual: tuple[float, ...] = ()
    spread: tuple[float, ...] = ()

    @classmethod
    def of(cls, empty: Sequence[Mark]) -> Grain:
        """From the marks of circles that seem to be empty; a few of those sought may be among them."""
        columns = list(zip(*(looks(mark) for mark in empty), strict=True))
        usual = tuple(median(column) for column in columns)
        return cls(usual, tuple(_spread(column, middle) for column, middle in zip(columns, usual, strict=True)))

    def inside(self, mark: Mark, least: float) -> float:
        """By how many spreads a circle is darker inside than usual; 0 of what is less than `least` darker. Beyond the rim dust lies as often."""
        return max(self._beyond(mark, least, two_tone=False)[:INSIDE], default=0.0)

    def anywhere(self, mark: Mark, least: float = 0.0, two_tone: bool = False) -> float:
        """By how many spreads a circle, or the paper just beyond its rim, is darker than usual, where it is so most; on a page of two tones every dot is ink."""
        return max(self._beyond(mark, least, two_tone), default=0.0)

    def _beyond(self, mark: Mark, least: float, two_tone: bool) -> list[float]:
        """Number by number. Where half of the circles show the very same, as on a page that a program drew, a number says nothing, unless the page has two tones only."""
        told = zip(looks(mark), self.usual, self.spread, strict=False)  # nothing, where no circle is empty
        return [
            (value - usual) / (spread + ROUNDED) if value - usual >= least and (spread > 0 or two_tone) else 0.0
            for value, usual, spread in told
        ]


def looks(mark: Mark) -> tuple[float, ...]:
    """The numbers by which a trace of ink shows: in the circle, then just beyond its rim."""
    return mark.dark, mark.spot, mark.outside, max(mark.near)


def _spread(values: Sequence[float], middle: float) -> float:
    return 1.48 * median(abs(each - middle) for each in values)

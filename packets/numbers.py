"""How a number stands in columns of circles: a minus first where one is offered, digits, a printed comma, digits behind it. Pure.

packets/questions draws by it, scanning/judge puts what is marked together by `number_text`, scanning/annotate finds the circles of a number. Columns are counted
from 1 at the left; the minus and the comma take a place of their own, so that a gap in the count is the comma.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MINUS, POINT = "-", "."
_SIGNS = str.maketrans({"−": MINUS, "–": MINUS, ",": POINT, "\u00a0": None, " ": None})
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a number: whether a minus is offered, and how many digits stand before and behind the comma."""

    digits: int
    decimals: int = 0
    minus: bool = False

    @property
    def whole(self) -> tuple[int, ...]:
        """The columns before the comma."""
        return tuple(range(1 + self.minus, 1 + self.minus + self.digits))

    @property
    def parts(self) -> tuple[int, ...]:
        """The columns behind the comma."""
        return tuple(range(self.whole[-1] + 2, self.whole[-1] + 2 + self.decimals))

    @property
    def plain(self) -> bool:
        """Whether there are digits only."""
        return not self.decimals and not self.minus

    @property
    def largest(self) -> str:
        """The largest number that can be marked."""
        return "9" * self.digits + (f"{POINT}{'9' * self.decimals}" if self.decimals else "")

    def holds(self, number: str) -> bool:
        """Whether a plain number can be marked here."""
        whole, _point, parts = number.lstrip(MINUS).partition(POINT)
        return len(whole) <= self.digits and len(parts) <= self.decimals and (self.minus or not number.startswith(MINUS))

    def places(self, number: str) -> dict[int, str]:
        """What is marked in which column to say a plain number; columns before its first digit stay empty, those behind its last take a 0."""
        whole, _point, parts = number.lstrip(MINUS).partition(POINT)
        found = dict(zip(reversed(self.whole), reversed(whole), strict=False)) | dict(
            zip(self.parts, parts.ljust(self.decimals, "0"), strict=True)
        )
        return ({1: MINUS} if number.startswith(MINUS) else {}) | found


def read_number(typed: str) -> str | None:
    """A number as a person writes it, with comma or point and any dash, in plain letters: -3.5; None where it is none."""
    text = typed.strip().translate(_SIGNS)
    return plain_number(text) if _NUMBER.fullmatch(text) else None


def plain_number(text: str) -> str:
    """A number without zeros that say nothing, and without a minus before 0: -03.50 is -3.5."""
    sign = MINUS if text.startswith(MINUS) else ""
    whole, _point, parts = text.lstrip(MINUS).partition(POINT)
    whole, parts = whole.lstrip("0") or "0", parts.rstrip("0")
    number = f"{whole}{POINT}{parts}" if parts else whole
    return number if number == "0" else sign + number


def split_columns(columns: Sequence[int]) -> tuple[list[int], list[int]]:
    """Digit columns, in their order, before and behind the gap in the count that is the comma."""
    for place in range(1, len(columns)):
        if columns[place] > columns[place - 1] + 1:
            return list(columns[:place]), list(columns[place:])
    return list(columns), []

"""The one number that an answer of a numerical GIFT question takes: `1822`, `1822:0`, `3.99..4.01`. Pure.

packets/gift_door asks this. Digit columns hold one right number, so a tolerance or range is taken only where no other number of as many decimals
lies within it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_NUMBER = r"\s*([+-]?\d{1,18}(?:[.,]\d{1,9})?)\s*"


@dataclass(frozen=True, slots=True)
class Found:
    """What was understood; `number` is empty where several numbers, or none, would be right."""

    number: str


def only_number(text: str) -> Found | None:
    """The number that `text` takes, in plain digits with a point; None where it is not an answer of a numerical question.

    `a:t` takes what is at most t away from a, and counts numbers with as many decimals as a has; `a..b` counts whole numbers.
    """
    if span := re.fullmatch(rf"{_NUMBER}\.\.{_NUMBER}", text):
        return _only(_decimal(span[1]), _decimal(span[2]), Decimal(1))
    found = re.fullmatch(rf"{_NUMBER}(?::{_NUMBER})?", text)
    if not found:
        return None
    answer, tolerance = _decimal(found[1]), abs(_decimal(found[2] or "0"))
    exponent = answer.as_tuple().exponent
    assert isinstance(exponent, int), "digits make a finite number"
    return _only(answer - tolerance, answer + tolerance, Decimal(1).scaleb(exponent))


def _only(low: Decimal, high: Decimal, step: Decimal) -> Found:
    """The only multiple of `step` from `low` to `high`."""
    first = (low / step).to_integral_value(ROUND_CEILING)
    last = (high / step).to_integral_value(ROUND_FLOOR)
    return Found(f"{(first * step).quantize(step)}" if first == last else "")


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))

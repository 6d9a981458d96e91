"""Raised and lowered signs as letters of their own: 5² and H₂O in plain words, whatever said so. Pure.

packets/gift_words takes them from HTML, packets/xlsx_cells from the formatting of a workbook.
"""

from __future__ import annotations

from dataclasses import dataclass

RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
LOWERED = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")


@dataclass(frozen=True, slots=True)
class Shifted:
    """Words as raised or lowered letters; `whole`: each of them has such a letter."""

    words: str
    whole: bool


def shifted(words: str, lowered: bool = False) -> Shifted:
    """`words` raised above the line, or `lowered` below it."""
    table = LOWERED if lowered else RAISED
    return Shifted(words.translate(table), all(ord(letter) in table for letter in words.strip()))

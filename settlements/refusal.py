"""A cell that cannot be taken, and the plain number that many columns share. Pure.

Raised by settlements/cells, settlements/coordinates and settlements/joints; settlements/rows makes complaints of it.
"""

from __future__ import annotations

import re

from records.language import _


class CellRefused(Exception):
    """A cell that cannot be taken; `hint` says what to write instead."""

    def __init__(self, code: str, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.hint = hint


def number(text: str) -> float | None:
    """A number, with a decimal point or comma and spaces between thousands; None where the cell is empty."""
    if not text:
        return None
    bare = text.replace(" ", "")
    if re.fullmatch(r"[+-]?\d+([.,]\d+)?", bare) and bare.isascii():
        return float(bare.replace(",", "."))
    raise CellRefused("number", _("«{value}» is not a number.").format(value=text), _("Write digits only, as in 12 or 12,5."))

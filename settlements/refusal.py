"""A cell that cannot be taken, and the plain number that many columns share. Pure.

Raised by settlements/cells, settlements/coordinates and settlements/joints; settlements/rows makes complaints of it.
"""

from __future__ import annotations

import re

from records.language import _

TRUTHS = frozenset(("true", "false", "истина", "ложь"))

MOST_DIGITS = 4  # in a name


class CellRefused(Exception):
    """A cell that cannot be taken; `hint` says what to write instead."""

    def __init__(self, code: str, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.hint = hint


def person_name(text: str) -> None:
    """Raise CellRefused for what names no person: a number, a date, a truth value of a spreadsheet, anything that does not begin with a letter.

    A short number behind a name stays: a school that has two of one name writes Иванов 2.
    """
    if not text or (text[0].isalpha() and len(re.findall(r"\d", text)) <= MOST_DIGITS and text.casefold() not in TRUTHS):
        return
    code = "iin" if re.search(r"(?:\d[\s-]?){9}", text) else "name"  # what may be an IIN with a slip in it is not repeated
    raise CellRefused(code, _("That is no name of a person."), _("A name begins with a letter and holds no long number: correct the cell."))


def quantity(text: str) -> float | None:
    """A number as `number` reads it, but 1,500 and 1.500 are refused: they may mean 1500 or one and a half."""
    bare = text.replace(" ", "")
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", bare):
        many, few = re.sub(r"\D", "", bare), bare.replace(",", ".").rstrip("0").rstrip(".")
        told = _("«{value}» may mean {many} or {few}.").format(value=text, many=many, few=few)
        raise CellRefused("number", told, _("Write it without a point or comma between the thousands."))
    return number(text)


def number(text: str) -> float | None:
    """A number, with a decimal point or comma and spaces between thousands; None where the cell is empty."""
    if not text:
        return None
    bare = text.replace(" ", "")
    if re.fullmatch(r"[+-]?\d+([.,]\d+)?", bare) and bare.isascii():
        return float(bare.replace(",", "."))
    raise CellRefused("number", _("«{value}» is not a number.").format(value=text), _("Write digits only, as in 12 or 12,5."))

"""A question for a number in an assignment file, checked and turned into the fields that packets.kinds stores.

packets/parts calls `read_digits`. A comma and a point are the same; columns behind the comma, and a minus, are there where the answer needs them or the
teacher asks for them, so that a sheet need not give away which kind of number is right.
"""

from __future__ import annotations

import re
from typing import Any

from packets.fields import Fields
from packets.numbers import MINUS, POINT, read_number
from records.language import _, ngettext

MOST_DIGITS = 6  # columns of a number, before and behind the comma together
THOUSANDS = re.compile(r"[-−–]?[1-9]\d{0,2}[.,]\d{3}")  # a comma or point where many set thousands apart
_FRACTION = re.compile(r"\s*[-+]?[0-9]+\s*/\s*[0-9]+\s*")


def read_digits(fields: Fields) -> dict[str, Any]:
    """The answer, its columns, and whether a minus is offered; what is as usual is left out."""
    answer = _answer(fields)
    digits = fields.whole("digits", 1, MOST_DIGITS)
    _whole, _point, parts = (answer or "0").lstrip(MINUS).partition(POINT)
    decimals = fields.whole("decimals", 0, MOST_DIGITS - 1) if fields.has("decimals") else len(parts)
    minus = fields.truth("minus") if fields.has("minus") else (answer or "").startswith(MINUS)
    if answer is not None and digits is not None and decimals is not None and not _tell_thousands(fields, digits):
        _check(fields, answer, digits, decimals, minus)
    body: dict[str, Any] = {"number": answer, "digits": digits}
    return body | ({"decimals": decimals} if decimals else {}) | ({"minus": True} if minus else {})


def _answer(fields: Fields) -> str | None:
    """The answer in plain letters, without leading zeros."""
    text = fields.word("number")
    number = None if text is None else read_number(text)
    if text is not None and number is None:
        hint = _("Write it in digits, as in 84, -7 or 3,5; or give choices.")
        if _FRACTION.fullmatch(text):
            hint = _("A fraction has no columns: ask for it as a decimal, or give choices.")
        fields.complain(
            "wrong_number", "number", _("«{value}» is not a number that digit columns can hold.").format(value=text), hint, text
        )
    return number


def _tell_thousands(fields: Fields, digits: int) -> bool:
    """Complain of 12,500 where five columns before the comma say that thousands may be meant; whether it did."""
    typed = fields.word("number") or ""
    if fields.has("decimals") or not THOUSANDS.fullmatch(typed) or digits < len(re.findall(r"\d", typed)):
        return False
    plain = re.sub(r"[.,]", "", typed)
    said = _("«{value}» may be {plain}, or a number with three digits behind the comma.").format(value=typed, plain=plain)
    fields.complain(
        "unclear_number", "number", said, _("Write {plain}, or say how many digits stand behind the comma.").format(plain=plain), typed
    )
    return True


def _check(fields: Fields, answer: str, digits: int, decimals: int, minus: bool) -> None:
    """Complain where the columns cannot hold the answer, or the sheet cannot hold the columns."""
    whole, _point, parts = answer.lstrip(MINUS).partition(POINT)
    needed = len(whole) + max(decimals, len(parts))
    if needed > MOST_DIGITS:
        text = _("The answer {answer} has more than {most} digits.").format(answer=answer, most=MOST_DIGITS)
        fields.complain("too_many_digits", "number", text, value=answer)
    elif digits < len(whole):
        said = ngettext(
            "The answer {answer} does not fit into {digits} digit.", "The answer {answer} does not fit into {digits} digits.", digits
        )
        hint = _("Write digits: {needed}, or more so that the number of columns gives nothing away.").format(needed=len(whole))
        fields.complain("too_few_digits", "digits", said.format(answer=answer, digits=digits), hint, str(digits))
    elif digits + decimals > MOST_DIGITS:
        said = _("{digits} columns before the comma and {decimals} behind it are more than {most}.")
        fields.complain("too_many_digits", "digits", said.format(digits=digits, decimals=decimals, most=MOST_DIGITS), value=str(digits))
    elif decimals < len(parts):
        hint = _("Write decimals: {needed}, or more.").format(needed=len(parts))
        fields.complain(
            "too_few_digits",
            "decimals",
            _("The answer {answer} has more digits behind the comma.").format(answer=answer),
            hint,
            str(decimals),
        )
    elif answer.startswith(MINUS) and not minus:
        fields.complain(
            "no_minus", "minus", _("The answer {answer} cannot be marked without a minus.").format(answer=answer), _("Write minus: true.")
        )

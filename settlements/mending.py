"""What a reader's eye mends in one cell: look-alike letters, shouted names, codes that a spreadsheet took for numbers, roman numerals. Pure.

Called by settlements/cells and settlements/joints. What is mended is told by settlements/rows with the value that stood there; nothing is mended
where a second reading is possible.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from records.language import _
from settlements.letters import in_one_script

SHORT_WORD = 3  # letters of a village's name that may be an abbreviation: МТФ, ГЭС
_SHOUTED = re.compile(r"[^\W\d_]{2,}")
_LETTERS = re.compile(r"[^\W\d_]+")
_VOWEL = re.compile(r"[АЕЁИОУЫЭЮЯӘІӨҰҮAEIOUY]")
_ROMAN_NAME = re.compile(r"[IVXІХ]{2,}")  # Мирное-II
_ROMAN = re.compile(r"(X?)(IX|IV|V?I{0,3})")
_GROUPED = re.compile(r"\d{1,3}(?:([ .,'’])\d{3})(?:\1\d{3})*")
_PARENTAGE = frozenset(("ҰЛЫ", "ҚЫЗЫ", "УЛЫ", "КЫЗЫ", "ОГЛЫ", "ОҒЛЫ", "УГЛИ"))  # written small after a name
_TO_LATIN = str.maketrans("АВСЕНКМОРТХУІЅЈ", "ABCEHKMOPTXYISJ")
_TO_ROMAN = str.maketrans("ІХХ", "IXX")


@dataclass(frozen=True, slots=True)
class Mended:
    """A value that is not what the cell says to the letter. `text` tells what was done."""

    value: Any
    text: str


def read_as(shown: str, value: Any, after: str = "") -> Mended:
    """The plain mend: one thing was written, another is meant."""
    return Mended(value, _("«{value}» was read as {after}.").format(value=shown, after=after or value))


def in_its_script(text: str) -> str | Mended:
    """Words of Cyrillic letters with Latin look-alikes among them, in Cyrillic: lists are pasted together from everywhere."""
    mended = in_one_script(text)
    if mended == text:
        return text
    return Mended(mended, _("Latin letters among Cyrillic ones were replaced: {after}.").format(after=mended))


def in_small_letters(text: str, with_short_words: bool = True) -> str | Mended:
    """A name in capitals, each word with one capital; initials, roman numerals and names that are not all capitals stay.

    Without `with_short_words`, words that may be abbreviations stay too: up to three letters, or no vowel.
    """
    if text != text.upper() or not _SHOUTED.search(text):
        return text
    mended = _LETTERS.sub(lambda found: _small_word(found) if with_short_words or not _is_short(found.group()) else found.group(), text)
    return Mended(mended, _("A name in capitals was written as {after}.").format(after=mended)) if mended != text else text


def _small_word(found: re.Match[str]) -> str:
    word = found.group()
    if _ROMAN_NAME.fullmatch(word):
        return word
    return word.lower() if found.start() and word in _PARENTAGE else word.capitalize()


def _is_short(word: str) -> bool:
    return len(word) <= SHORT_WORD or not _VOWEL.search(word)


def both(first: str | Mended, second: str | Mended) -> str | Mended:
    """Two mends one after the other, told together; `second` was made from the value of `first`."""
    if isinstance(first, Mended) and isinstance(second, Mended):
        return Mended(second.value, f"{first.text} {second.text}")
    return Mended(second, first.text) if isinstance(first, Mended) else second


def code_digits(text: str) -> str:
    """The digits of a code that was typed in groups, with an apostrophe, with .0 or in the scientific form; else `text` itself.

    The scientific form counts only where it has every digit of the code: 5,998301E+08 may be what a format left of another one.
    """
    bare = text.lstrip("'’`")
    if scientific := re.fullmatch(r"(\d)[.,](\d+)[eEеЕ]\+?0*(\d{1,2})", bare):
        digits, places = scientific[1] + scientific[2], int(scientific[3]) + 1
        return digits if len(digits) == places else text
    bare = re.sub(r"(?<=\d{5})[.,]0+$", "", bare)
    if _GROUPED.fullmatch(bare) or re.fullmatch(r"\d+(?: \d+)+", bare):
        bare = re.sub(r"\D", "", bare)
    return bare if bare.isascii() and bare.isdigit() else text


def in_latin(text: str) -> str:
    """A code in capitals whose Cyrillic letters all look like Latin ones, in Latin; else `text` itself."""
    mended = text.translate(_TO_LATIN)
    return mended if mended.isascii() else text


def roman(text: str) -> int | None:
    """A roman numeral from 1 to 12, in Latin letters or in Cyrillic ones that look so; None where it is none."""
    found = _ROMAN.fullmatch(text.upper().translate(_TO_ROMAN))
    if not found or not text:
        return None
    ones = {"IX": 9, "IV": 4}.get(found[2], 5 * found[2].count("V") + found[2].count("I"))
    value = 10 * len(found[1]) + ones
    return value if 1 <= value <= 12 else None

"""The sealed word in a page's QR code, and the short code for typing. Pure.

Twenty letters of QR's alphanumeric alphabet (ISO/IEC 18004, table 5) hold 109 bits: format 4, corner 1, page id 56, seal 48. The seal is
HMAC-SHA256 over the other 61 bits, cut to 48. Without the desk's database the word says nothing about anybody.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from packets.layout import FORMAT, FORMATS
from records.keys import Key

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
LENGTH = 20
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
ID_BITS, SEAL_BITS = 56, 48
FORMAT_BITS = 4  # the same number as the layout's: packets.layout.FORMAT

SHORT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 letters: no 0 O 1 I L
SHORT_LENGTH = 13  # twelve letters and a check letter
GROUPS = (4, 4, 5)
_LOOK_ALIKES = str.maketrans("АВСЕНКМРТХУавсенкмртху", "ABCEHKMPTXYABCEHKMPTXY")


@dataclass(frozen=True, slots=True)
class Word:
    """A token taken apart; nothing is believed until `seal_fits`."""

    format: int
    corner: int
    page_id: str
    seal: int


def page_id(number: int) -> str:
    """A page id as it is stored: 14 hexadecimal letters."""
    return f"{number:014x}"


def derive_page_id(key: Key, purpose: str) -> str:
    """The 56-bit id of the page described by `purpose`: pseudo-random under the key, so that a crashed build repeats itself."""
    seed = hmac.new(key.secret, b"page id\0" + purpose.encode(), hashlib.sha256).digest()
    return seed[: ID_BITS // 8].hex()


def write_token(key: Key, identity: str, corner: int, form: int = FORMAT) -> str:
    """The twenty letters printed in `corner` (0 top right, 1 bottom left) of the page `identity`, on a sheet of the format `form`."""
    body = token_body(form, corner, int(identity, 16))
    return _letters(body << SEAL_BITS | seal(key, body))


def token_body(form: int, corner: int, number: int) -> int:
    """The 61 bits that a token says, before its seal; `number` is the page id as a number."""
    return form << ID_BITS + 1 | corner << ID_BITS | number


def seal(key: Key, body: int) -> int:
    """The 48 bits that only the holder of `key` can put behind `body`."""
    message = b"page token\0" + body.to_bytes(8)
    return int.from_bytes(hmac.digest(key.secret, message, "sha256")[: SEAL_BITS // 8])


def read_token(text: str) -> Word | None:
    """The token taken apart, or None where `text` is not one of ours by its form, or of a format that this program does not know."""
    word = _apart(text)
    return word if word is not None and word.format in FORMATS else None


def newer_format(text: str) -> int | None:
    """The format of what would be a token of a program newer than this one; None for all else.

    Half of all texts of twenty letters that have nothing to do with us look like that too: believe it only beside our fiducials.
    """
    word = _apart(text)
    return word.format if word is not None and word.format > max(FORMATS) else None


def sealing_key(word: Word, keys: Iterable[Key]) -> Key | None:
    """The key that sealed `word`, or None where none of `keys` did."""
    body = token_body(word.format, word.corner, int(word.page_id, 16))
    for key in keys:
        if hmac.compare_digest(seal(key, body).to_bytes(SEAL_BITS // 8), word.seal.to_bytes(SEAL_BITS // 8)):
            return key
    return None


@lru_cache(maxsize=1 << 10)
def short_code(identity: str) -> str:
    """The page id for typing: twelve letters of base 31 and a check letter, without groups."""
    number, letters = int(identity, 16), ""
    for _place in range(SHORT_LENGTH - 1):
        number, digit = divmod(number, len(SHORT_ALPHABET))
        letters = SHORT_ALPHABET[digit] + letters
    return letters + _check_letter(letters)


def grouped(code: str) -> str:
    """A short code as it is printed: XXXX-XXXX-XXXXX."""
    first, second = GROUPS[0], GROUPS[0] + GROUPS[1]
    return f"{code[:first]}-{code[first:second]}-{code[second:]}"


def read_short_code(typed: str) -> str | None:
    """The page id that a person typed, with any spacing, case and Cyrillic look-alikes; None where the check letter does not fit."""
    code = "".join(letter for letter in typed.translate(_LOOK_ALIKES).upper() if letter.isalnum())
    if len(code) != SHORT_LENGTH or any(letter not in SHORT_ALPHABET for letter in code):
        return None
    if _check_letter(code[:-1]) != code[-1]:
        return None
    number = 0
    for letter in code[:-1]:
        number = number * len(SHORT_ALPHABET) + SHORT_ALPHABET.index(letter)
    return page_id(number) if number < 1 << ID_BITS else None


def _apart(text: str) -> Word | None:
    """The fields of twenty letters, whatever they mean; None where they are not twenty letters that a token could have."""
    if len(text) != LENGTH or any(letter not in ALPHABET for letter in text):
        return None
    number = 0
    for letter in text:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    body, seal = number >> SEAL_BITS, number & (1 << SEAL_BITS) - 1
    form, rest = body >> ID_BITS + 1, body & (1 << ID_BITS + 1) - 1
    if form >= 1 << FORMAT_BITS:
        return None
    return Word(form, rest >> ID_BITS, page_id(rest & (1 << ID_BITS) - 1), seal)


def _check_letter(letters: str) -> str:
    """Weights 2..13 modulo the prime 31 catch every single wrong letter and every swap of two."""
    total = sum(weight * SHORT_ALPHABET.index(letter) for weight, letter in enumerate(letters, start=2))
    return SHORT_ALPHABET[-total % len(SHORT_ALPHABET)]


def _letters(number: int) -> str:
    pairs = []
    for _place in range(LENGTH // 2):
        number, pair = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[pair])
    return "".join(reversed(pairs))

"""Codes of places and people: KATO, the postal index, the check digit of an IIN. Pure.

Called by settlements/intake to judge cells and by every floor above to find the district of a village. It knows the form of codes, not
which of them exist: the edition of the classifier is another matter.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

KATO_FORM = re.compile(r"[1-7]\d{8}")
OLD_INDEX_FORM = re.compile(r"\d{6}")
NEW_INDEX_FORM = re.compile(r"[A-Z]\d{2}[A-Z]\d[A-Z]\d")  # X41D8M0
LONG_NUMBER = re.compile(r"(?:\d[\s\u00a0-]*){11}")
REPUBLICAN_CITIES = ("71", "75", "79")  # Astana, Almaty, Shymkent: the region is itself the city

# The regions' first two signs of KATO, the first two digits of their old postal index and the first letter of the new one. The three
# regions of 2022 (10, 33, 62) kept the indices of those they left; Shymkent shares Turkistan's.
INDEX_PREFIXES: dict[str, tuple[str, str]] = {
    "10": ("07", "F"),
    "11": ("02", "C"),
    "15": ("03", "D"),
    "19": ("04", "B"),
    "23": ("06", "E"),
    "27": ("09", "L"),
    "31": ("08", "H"),
    "33": ("04", "B"),
    "35": ("10", "M"),
    "39": ("11", "P"),
    "43": ("12", "N"),
    "47": ("13", "R"),
    "55": ("14", "S"),
    "59": ("15", "T"),
    "61": ("16", "X"),
    "62": ("10", "M"),
    "63": ("07", "F"),
    "71": ("01", "Z"),
    "75": ("05", "A"),
    "79": ("16", "X"),
}


class Level(StrEnum):
    """Which part of a KATO code is the last that is not zero."""

    OBLAST = "oblast"
    DISTRICT = "district"
    SUB_DISTRICT = "sub_district"
    SETTLEMENT = "settlement"


def is_kato(text: str) -> bool:
    """Whether `text` has the form of a KATO code: nine digits, the first from 1 to 7."""
    return bool(KATO_FORM.fullmatch(text)) and text.isascii()


def level_of(kato: str) -> Level:
    """What the code names, by its zeros: AB oblast, CD district, EF sub-district or town, HIJ settlement (order of the KATO, 6.2-6.7)."""
    if kato[6:] != "000":
        return Level.SETTLEMENT
    if kato[4:6] != "00":
        return Level.SUB_DISTRICT
    return Level.DISTRICT if kato[2:4] != "00" else Level.OBLAST


def is_place(kato: str) -> bool:
    """Whether people can live and a vehicle can stop there: a settlement, a sub-district or town, or a city of republican significance."""
    return level_of(kato) in (Level.SETTLEMENT, Level.SUB_DISTRICT) or kato[:2] in REPUBLICAN_CITIES


def district_of(kato: str) -> str:
    """The code of the district or city administration that the place belongs to."""
    return kato[:4] + "00000"


def oblast_of(kato: str) -> str:
    """The code of the region that the place belongs to."""
    return kato[:2] + "0000000"


def scope_prefix(kato: str) -> str:
    """The beginning that every code within `kato` shares: 59 of a region, 5932 of a district, and so on down to the code itself."""
    cut = {Level.OBLAST: 2, Level.DISTRICT: 4, Level.SUB_DISTRICT: 6, Level.SETTLEMENT: 9}
    return kato[: cut[level_of(kato)]]


def is_old_index(text: str) -> bool:
    """Whether `text` has the form of a postal index of six digits."""
    return bool(OLD_INDEX_FORM.fullmatch(text)) and text.isascii()


def is_new_index(text: str) -> bool:
    """Whether `text` has the form of a postal index of 2015: X41D8M0."""
    return bool(NEW_INDEX_FORM.fullmatch(text)) and text.isascii()


def index_fits(index: str, kato: str) -> bool:
    """Whether the postal index belongs to the region of the place; true where the region is not known."""
    prefixes = INDEX_PREFIXES.get(kato[:2])
    if prefixes is None or not (is_old_index(index) or is_new_index(index)):
        return True
    old, new = prefixes
    return index.startswith(old) if is_old_index(index) else index.startswith(new)


def is_iin(digits: str) -> bool:
    """Whether twelve digits are a possible IIN: a date of birth, a sign of century and sex, and the check digit that fits them.

    Check digit: the sum of digit times place modulo 11; where that is 10, the same with weights 3..11, 1, 2; 10 again is not issued.
    """
    if not (len(digits) == 12 and digits.isascii() and digits.isdigit() and digits[6] in "0123456"):
        return False
    if not _is_birth_date(digits):
        return False
    signs = [int(sign) for sign in digits]
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        check = sum(weight * sign for weight, sign in zip(weights, signs, strict=False)) % 11
        if check != 10:
            return check == signs[11]
    return False


def holds_iin(text: str) -> bool:
    """Whether an IIN stands anywhere in `text`, written together or in groups, or as a number that lost its first zero."""
    if len(text) < 11 or not LONG_NUMBER.search(text):
        return False
    joined = re.sub(r"(?<=\d)[\s\u00a0-]+(?=\d)", "", text)
    return any(is_iin(run.zfill(12)) for source in (text, joined) for run in re.findall(r"\d+", source) if len(run) in (11, 12))


def _is_birth_date(digits: str) -> bool:
    century = {"1": 1800, "2": 1800, "3": 1900, "4": 1900}.get(digits[6], 2000)
    try:
        date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    return True

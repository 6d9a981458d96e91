"""Names of places and people as they are compared: without capitals, ё, Kazakh letters apart from Russian ones, or marks. Pure.

Called wherever two spellings of one name must meet: the search of settlements/places, the moved codes of settlements/kato, lists typed on
a keyboard without Kazakh letters. What is compared this way is never stored or printed.
"""

from __future__ import annotations

import re

# The Russian letter that stands in for a Kazakh one where a keyboard has no Kazakh layout, and ё as е.
STAND_INS = str.maketrans("әғқңөұүһіё", "агкноуухие")
# Latin letters that look like Cyrillic ones: found inside Cyrillic words of pasted lists.
LOOK_ALIKES = str.maketrans("AaBCcEeHKMOoPpTXxyIihkY", "АаВСсЕеНКМОоРрТХхуІіһкҮ")
_NOT_A_LETTER = re.compile(r"[^0-9a-zа-яәғқңөұүһі]+")
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]")


def folded(text: str) -> str:
    """`text` for comparing: small letters, Kazakh ones as their Russian stand-ins, every run of other signs one space."""
    return _NOT_A_LETTER.sub(" ", in_one_script(text).casefold().translate(STAND_INS)).strip()


def in_one_script(text: str) -> str:
    """Words of Cyrillic with a few Latin look-alikes, written in Cyrillic; a word of Latin letters only stays."""
    if not _LATIN.search(text):
        return text
    return re.sub(r"\w+", lambda word: _cyrillic(word.group()), text)


def _cyrillic(word: str) -> str:
    if not _CYRILLIC.search(word):
        return word
    mended = word.translate(LOOK_ALIKES)
    return word if _LATIN.search(mended) else mended

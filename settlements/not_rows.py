"""Lines of a list that are no rows of it: numbers below the heading, totals, signatures. Pure.

Called by settlements/intake, for lines that could not be read as rows; a line that can be read is never taken for one of these.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from settlements.letters import folded

MOST_WORDS = 5  # filled cells of a signature's line
_TOTALS = ("итого", "всего", "барлыгы", "жиыны", "жалпы саны", "total", "в том числе", "онын ишинде")
_SIGNED = (
    "директор",
    "руководитель",
    "начальник",
    r"заведующ\w*",
    "заместитель",
    "исполнитель",
    "исп",
    r"ответственн\w*",
    "составил",
    "утверждаю",
    "согласовано",
    "подпись",
    "м п",
    "дата",
    "примечание",
    "мектеп директоры",
    "басшы",
    "болим басшысы",
    "орындаушы",
    "орындаган",
    "жауапты",
    "колы",
    "ескерту",
    "head",
    "director",
    "signature",
    "prepared by",
    "note",
)
_RULE = re.compile(r"_{3,}")
_CODE = re.compile(r"\d{9}")  # a line with a KATO code is a row, whatever its first word


def is_numbering(texts: Sequence[str]) -> bool:
    """Whether the cells count the columns: 1 2 3 ..., with nothing else among them."""
    filled = [text for text in texts if text]
    return len(filled) > 1 and filled == [str(number) for number in range(1, len(filled) + 1)]


def is_total(texts: Sequence[str]) -> bool:
    """Whether the line sums up what stands above it."""
    return _begins(texts, _TOTALS)


def is_signature(texts: Sequence[str]) -> bool:
    """Whether the line is signed or dated, or says who made the list."""
    filled = [text for text in texts if text]
    if len(filled) > MOST_WORDS or any(_CODE.fullmatch(text) for text in filled):
        return False
    return _begins(texts, _SIGNED) or any(_RULE.search(text) for text in filled)


def _begins(texts: Sequence[str], words: Sequence[str]) -> bool:
    first = folded(next((text for text in texts if text), ""))
    return any(re.match(rf"{word}(?=\W|$)", first) for word in words)

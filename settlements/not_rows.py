"""Lines of a list that are no rows of it: numbers below the heading, totals, signatures. Pure.

Called by settlements/intake, for lines that could not be read as rows; a line that can be read is never taken for one of these.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from settlements.cells import Reader, grade, grades, language
from settlements.letters import folded
from settlements.refusal import CellRefused

MOST_WORDS = 3  # filled cells of a signature's line
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
MOST_BY_A_RULE = 2  # filled cells of a line that only its rule makes a signature: a child's blank may be a rule too
_RULE = re.compile(r"_{3,}")
_CODE = re.compile(r"(?=\S*[A-Za-z])(?=\S*\d)[A-Za-z0-9._-]+|\d{9}")  # HEAD-1, a KATO code


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
    if len(filled) > MOST_WORDS or any(map(_is_of_a_row, filled)):
        return False
    return _begins(texts, _SIGNED) or (len(filled) <= MOST_BY_A_RULE and any(_RULE.search(text) for text in filled))


def _is_of_a_row(text: str) -> bool:
    """Whether the cell says a code, a grade or a language, which stand in rows and not below them."""
    return bool(_CODE.fullmatch(text)) or _is_read(grade, text) or _is_read(grades, text) or _is_read(language, text)


def _is_read(read: Reader, text: str) -> bool:
    try:
        return bool(read(text))
    except CellRefused:
        return False


def _begins(texts: Sequence[str], words: Sequence[str]) -> bool:
    first = folded(next((text for text in texts if text), ""))
    return any(re.match(rf"{word}(?=\W|$)", first) for word in words)

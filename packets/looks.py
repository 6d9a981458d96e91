"""What an eye makes of the words of a choice, a row or a column: which of them nobody could tell apart on paper. Pure.

packets/parts and packets/matching ask; packets/markdown knows what is printed.
"""

from __future__ import annotations

from packets.fields import MOST_LETTERS
from packets.markdown import seen

LOOK_ALIKES = str.maketrans("АВЕЗКМНОРСТУХІҺаеорсухі", "ABE3KMHOPCTYXIhaeopcyxi")  # Cyrillic letters that paper cannot tell from Latin ones
Look = tuple[tuple[str, bool, bool], ...]


def seen_of(words: str) -> Look:
    """What an eye makes of a choice; nothing of one that is too long to be looked into."""
    return seen(words) if len(words) <= MOST_LETTERS else ()


def on_paper(words: str) -> Look:
    """The same for an eye that cannot tell Cyrillic letters from Latin ones."""
    return tuple((text.translate(LOOK_ALIKES), bold, italic) for text, bold, italic in seen_of(words))

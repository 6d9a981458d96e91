"""In what language and how large a cover speaks: its sizes in normal and in large print, and the blocks that its parts are set from.

packets/cover and packets/cover_told set their words with it, packets/reprint_slip takes its sizes. Nothing here knows what is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from packets.press import Ink
from packets.questions import LEFT, RIGHT, text_slabs
from packets.slabs import Block, Slab
from packets.typeset import Type, plain, wrap
from records.language import page_language, translate

TEXT, SMALL, HEADING = Type(11, 5.4), Type(9.5, 4.6), Type(12.5, 6.6)
LARGE_TEXT, LARGE_SMALL, LARGE_HEADING = Type(18, 8.6), Type(15, 7.2), Type(20, 10.0)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large a cover is set; `lesson` the timetable's lines, `school` with the height of its name, `foot` with its leading, `mark` the numbers beside the shapes.

    A question's number, `number_mm` wide, and its shape take `mark_mm`, in rows of `mark_row_mm`.
    """

    text: Type
    small: Type
    heading: Type
    lesson: Type
    week: float
    days: float
    school: tuple[Type, float]
    foot: Type
    mark: float
    number_mm: float
    mark_mm: float
    mark_row_mm: float


NORMAL_SIZES = Sizes(
    TEXT,
    SMALL,
    HEADING,
    lesson=TEXT,
    week=13.0,
    days=10.0,
    school=(SMALL, 10.0),
    foot=Type(11, 6.0),
    mark=9.0,
    number_mm=5.0,
    mark_mm=14.0,
    mark_row_mm=8.0,
)
LARGE_SIZES = Sizes(
    LARGE_TEXT,
    LARGE_SMALL,
    LARGE_HEADING,
    lesson=LARGE_SMALL,
    week=16.0,
    days=14.0,
    school=(Type(14, 6.0), 12.0),
    foot=Type(14, 7.5),
    mark=14.0,
    number_mm=9.0,
    mark_mm=18.0,
    mark_row_mm=9.0,
)


@dataclass(frozen=True, slots=True)
class Voice:
    """The language and sizes of one cover."""

    language: str
    sizes: Sizes

    @property
    def text(self) -> Type:
        """Of most words."""
        return self.sizes.text

    @property
    def small(self) -> Type:
        """Of words beside others."""
        return self.sizes.small

    @property
    def heading(self) -> Type:
        """Of what stands above a part of the cover."""
        return self.sizes.heading

    def say(self, message: str, **fields: object) -> str:
        """A sentence in the cover's language, with its fields filled in."""
        return translate(message, self.language).format(**fields)


def voice_in(language: str, large: bool) -> Voice:
    """The voice of a pupil's cover: in the language that covers are printed in, at the size that the pupil reads."""
    return Voice(page_language(language), LARGE_SIZES if large else NORMAL_SIZES)


def words_block(words: str, type_: Type, bold: bool = False, after: float = 1.0, left: float = LEFT) -> Block:
    """Words from `left` to the right edge, in as many lines as they need; `after` is the space below, in millimetres."""
    return Block(tuple(text_slabs(wrap(plain(words, bold), RIGHT - left, type_), left, type_)), after=after)


def over(slab: Slab, also: Callable[[Ink, float], None]) -> Slab:
    """The slab with something more drawn on it."""

    def draw(pen: Ink, top: float) -> None:
        slab.draw(pen, top)
        also(pen, top)

    return Slab(slab.height, draw)

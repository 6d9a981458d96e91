"""A flow of lines over the pages of a return: a pen with a place on the page.

scanning/return_pages and scanning/class_table draw with it.
"""

from __future__ import annotations

from typing import Any

from packets.layout import PAGE_MM
from packets.paper import GREY, Pen, width_mm
from packets.typeset import Type, draw_line, plain, wrap
from scanning.return_words import Words

LEFT, RIGHT, TOP, BOTTOM = 14.0, PAGE_MM[0] - 14.0, 14.0, PAGE_MM[1] - 14.0
TITLE, HEADING, BODY, SMALL = Type(17, 9.0), Type(12, 6.6), Type(10, 5.0), Type(8, 4.2)
SMALLEST = 6.5  # points


class Unseen(Pen):
    """A pen that leaves nothing: what is set with it only takes its place, so that pages can be counted."""

    def text(self, *_given: Any, **_more: Any) -> None:
        """Nothing."""

    def line(self, *_given: Any, **_more: Any) -> None:
        """Nothing."""

    def rectangle(self, *_given: Any, **_more: Any) -> None:
        """Nothing."""

    def circle(self, *_given: Any, **_more: Any) -> None:
        """Nothing."""

    def polygon(self, *_given: Any, **_more: Any) -> None:
        """Nothing."""

    def end_page(self, *_given: Any, **_more: Any) -> None:
        """Nothing."""


class Flow(Words):
    """A pen with a place on the page: lines flow downwards and onto the next page. `counted` draws nothing, and only counts the pages."""

    def __init__(self, language: str, title: str, counted: bool = False) -> None:
        super().__init__(language)
        self.pen = Unseen() if counted else Pen(title=title)
        self.y = TOP
        self._foot = title
        self._number = 1

    @property
    def number(self) -> int:
        """Of the page that is being filled, from 1."""
        return self._number

    def text(self, words: str, type_: Type = BODY, bold: bool = False, grey: float = 0.0, indent: float = 0.0) -> None:
        """Set a paragraph."""
        for line in wrap(plain(words, bold), RIGHT - LEFT - indent, type_):
            self.need(type_.leading)
            draw_line(self.pen, line, LEFT + indent, self.y + type_.baseline, type_, grey)
            self.y += type_.leading

    def gap(self, millimetres: float) -> None:
        """Leave room."""
        self.y += millimetres

    def need(self, millimetres: float) -> None:
        """Go to the next page where less room than that is left."""
        if self.y + millimetres > BOTTOM - 4:
            self.next_page()

    def next_page(self) -> None:
        """Finish this page."""
        self._finish()
        self.y = TOP

    def pdf(self) -> bytes:
        """The finished document."""
        self._finish()
        return self.pen.pdf()

    def _finish(self) -> None:
        self.pen.text(LEFT, BOTTOM + 3, self._foot, SMALL.size, grey=GREY)
        self.pen.text(RIGHT, BOTTOM + 3, str(self._number), SMALL.size, align="right", grey=GREY)
        self.pen.end_page()
        self._number += 1


def fitted(words: str, width: float, size: float) -> tuple[str, float]:
    """`words` and a size at which they are no wider than `width` millimetres: smaller type first, then an ellipsis."""
    wide = width_mm(words, size)
    if wide <= width:
        return words, size
    size = max(SMALLEST, size * width / wide)
    if width_mm(words, size) <= width + 0.01:
        return words, size
    while words and width_mm(words + "…", size) > width:
        words = words[:-1]
    return words + "…", size

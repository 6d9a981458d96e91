"""Labels: where a packet goes, and where its return envelope goes. Sheets of 2 by 7, to be cut or stuck.

On the outside of an envelope stand the parent's or the post office's address and codes, nothing else: no grade, language or mark. Every label is
in Kazakh and Russian, so that it does not tell which of them a child learns in. packets/label_commands gathers the words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from packets.layout import PAGE_MM
from packets.paper import GREY, Face, Pen, width_mm
from packets.typeset import Type, draw_line, fitted_lines
from records.language import N_, in_both

COLUMNS, ROWS = 2, 7
LABEL_MM = (99.0, 38.1)
INSIDE_MM = 5.0
LINE, SMALLEST = Type(10.5, 4.9), Type(7.0, 3.3)
SMALL = Type(7.5, 3.6)
Each = TypeVar("Each")

TO, FROM = N_("Addressee"), N_("Sender")
PUPIL_CODE, PACKET = N_("pupil code"), N_("packet")
AT_POST_OFFICE = N_("Post office, to be called for")


@dataclass(frozen=True, slots=True)
class Label:
    """One label: whom it goes to, line by line, and the small line beneath (sender or codes)."""

    to: tuple[str, ...]
    beneath: str


def draw_labels(labels: Sequence[Label]) -> bytes:
    """The labels as A4 sheets, row by row; the same labels give the same bytes."""
    return sheets_of(labels, COLUMNS, ROWS, LABEL_MM, _draw_label, "labels")


def sheets_of(
    labels: Sequence[Each], columns: int, rows: int, size: tuple[float, float], draw: Callable[[Pen, Each, float, float], None], title: str
) -> bytes:
    """Labels of `size` (width, height in mm) in the middle of A4 sheets, row by row; `draw` gets each one's top left."""
    pen = Pen(title=title)
    left, top = (PAGE_MM[0] - columns * size[0]) / 2, (PAGE_MM[1] - rows * size[1]) / 2
    for start in range(0, len(labels), columns * rows):
        for place, label in enumerate(labels[start : start + columns * rows]):
            row, column = divmod(place, columns)
            draw(pen, label, left + column * size[0], top + row * size[1])
        pen.end_page()
    return pen.pdf()


def _draw_label(pen: Pen, label: Label, x: float, y: float) -> None:
    width, height = LABEL_MM
    pen.rectangle(x, y, width, height, outline=0.1, grey=GREY)
    pen.text(x + INSIDE_MM, y + 5.5, in_both(TO), SMALL.size, grey=GREY)
    bottom = y + height - 6.5
    type_, lines = fitted_lines(label.to, width - 2 * INSIDE_MM, LINE, bottom - y - 7.5, SMALLEST)
    for number, line in enumerate(lines):
        draw_line(pen, line, x + INSIDE_MM, y + 7.0 + number * type_.leading + type_.baseline, type_)
    pen.line(x + INSIDE_MM, bottom + 0.5, x + width - INSIDE_MM, bottom + 0.5, 0.1, GREY)
    room = width - 2 * INSIDE_MM
    size = min(SMALL.size, SMALL.size * room / max(width_mm(label.beneath, SMALL.size, Face.REGULAR), 0.1))
    pen.text(x + INSIDE_MM, y + height - 2.6, label.beneath, size)

"""Labels: where a packet goes, and where its return envelope goes. Sheets of 2 by 7, to be cut or stuck.

On the outside of an envelope stand the parent's or the post office's address and codes, nothing else: no grade, language or mark. Every label is
in Kazakh and Russian, so that it does not tell which of them a child learns in. packets/label_commands gathers the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from packets.layout import PAGE_MM
from packets.paper import GREY, Face, Pen, width_mm
from packets.typeset import Type, draw_line, fitted_lines
from records.language import N_, in_both

COLUMNS, ROWS = 2, 7
LABEL_MM = (99.0, 38.1)
INSIDE_MM = 5.0
LINE, SMALLEST = Type(10.5, 4.9), Type(7.0, 3.3)
SMALL = Type(7.5, 3.6)
LEFT_MM = (PAGE_MM[0] - COLUMNS * LABEL_MM[0]) / 2
TOP_MM = (PAGE_MM[1] - ROWS * LABEL_MM[1]) / 2

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
    pen = Pen(title="labels")
    sheet = COLUMNS * ROWS
    for start in range(0, len(labels), sheet):
        for place, label in enumerate(labels[start : start + sheet]):
            row, column = divmod(place, COLUMNS)
            _draw_label(pen, label, LEFT_MM + column * LABEL_MM[0], TOP_MM + row * LABEL_MM[1])
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

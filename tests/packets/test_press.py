"""The press puts its own fonts in the place of a fixed page's: what a pupil reads must not change by that."""

from __future__ import annotations

from decimal import Decimal

import cv2
import numpy as np
import pypdfium2
import pytest

import packets.press
from packets.assignment import Assignment, OpenQuestion, TextPart
from packets.paper import Face
from packets.press import Page, Press, Stamp, blank_png
from packets.worksheet import draw_assignment
from tests.packets.week import KAZAKH

RARE = "a⁶ : a⁵ = 1⁸ · 5⁰, x₁ ≤ √2 ≈ π, ĝ ǆ Ǽ ẞ, Ґ Ѣ Ѫ, „тырнақша“ – № 7 ₸ … Ә Ғ Қ Ң Ө Ұ Ү Һ І"


def _pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


@pytest.mark.parametrize("style", ["{}", "**{}**", "*{}*"])
def test_rare_letters_stay_themselves_in_a_packet(style: str) -> None:
    """Letters beyond the common alphabet once came out as others: a⁶ was printed as a¡."""
    question = OpenQuestion("1", style.format(RARE), 2, Decimal(1))
    assignment = Assignment("math-5-kk-w41", "math", 5, "kk", RARE, "practice", "2026-W41", None, (TextPart(style.format(RARE)), question))
    fixed = draw_assignment(assignment).pdf
    press = Press()
    stamped = press.packet([Page(number, Stamp()) for number in press.take_in(fixed)])
    assert "a⁶" in _pages(fixed)[0]
    assert _pages(stamped) == _pages(fixed)


def test_fonts_without_hints_draw_the_same_letters_in_fewer_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn() -> tuple[int, bytes]:
        stamp = Stamp()
        for row, face in enumerate(Face):
            stamp.text(20, 30 + 20 * row, f"{KAZAKH} Ёё Йй éü 0123 №₸½≥√", 14, face)
        pdf = Press().packet([Page(None, stamp)])
        return len(pdf), blank_png(pdf)

    size, picture = drawn()
    monkeypatch.setattr(packets.press, "without_hints", bytes)
    hinted_size, hinted_picture = drawn()
    one, other = (cv2.imdecode(np.frombuffer(each, np.uint8), cv2.IMREAD_GRAYSCALE).astype(float) for each in (picture, hinted_picture))
    blurred = np.abs(cv2.blur(one, (5, 5)) - cv2.blur(other, (5, 5)))
    assert one.min() < 50
    assert blurred.max() < 64, "a stroke has moved by more than a rounding"
    assert size < 0.75 * hinted_size

"""The press puts its own fonts in the place of a fixed page's: what a pupil reads must not change by that."""

from __future__ import annotations

from decimal import Decimal

import pypdfium2
import pytest

from packets.assignment import Assignment, OpenQuestion, TextPart
from packets.press import Page, Press, Stamp
from packets.worksheet import draw_assignment

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

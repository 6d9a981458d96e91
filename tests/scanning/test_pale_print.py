"""How much print a box must show beside it to be there: less where a copier washed out the whole page, never so little that another paper would pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanning.kinds import Kind, kind_of
from scanning.marks import Mark
from scanning.thresholds import THRESHOLDS
from scanning.yardstick import yardstick_of

EMPTY = Mark(0.01, 0.02, 0.03, 0.0, 0.0, 0.1, 0.0, (0.0,) * 4, (0.0,) * 4, 0.1, 0.01, 0.95, shown=0.38)
FILLED = replace(EMPTY, ink=0.6, dark=0.8, spot=0.9, cover=0.95, least=0.9, span=0.5, thin=0.4, sharp=1.0)


def page(shown: float) -> list[Mark]:
    return [replace(mark, shown=shown) for mark in [EMPTY] * 20 + [FILLED] * 5]


@pytest.mark.parametrize(
    ("usual", "own", "there"),
    [(0.38, 0.2, True), (0.38, 0.17, False), (0.38, 0.0, False), (0.9, 0.2, False), (0.9, 0.29, False), (0.2, 0.14, False)],
)
def test_a_box_on_a_washed_out_page_may_show_half_of_what_is_usual_there(usual: float, own: float, there: bool) -> None:
    yardstick = yardstick_of([*page(usual), replace(FILLED, shown=own)])
    kind = kind_of(replace(FILLED, shown=own, rim=0.0), yardstick)
    assert kind is (Kind.MARK if there else Kind.TORN)


def test_before_the_rule_it_was_called_torn() -> None:
    strict = replace(THRESHOLDS, shown_share=1.0)
    yardstick = yardstick_of([*page(0.38), replace(FILLED, shown=0.2)], thresholds=strict)
    assert kind_of(replace(FILLED, shown=0.2, rim=0.0), yardstick, strict) is Kind.TORN

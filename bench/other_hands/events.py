"""What happens at a question: a plain answer, second thoughts, a slip. Each function draws, and answers a Deed with what was meant.

The shares come from bench/other_hands/habits; DESIGN section 4 says what marks mean. Called by pupil.fill.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bench.other_hands import strokes as s
from bench.other_hands.pupil import Deed, Hand, Mark
from bench.other_hands.sheets import Sheet, Spot

OUTSIDE = ("off_target", "label_circled", "ringed", "underlined")  # events whose mark is not in its circle
FILLS = ("careful", "zigzag", "spiral", "hurried")


def one(hand: Hand, item: str, column: int | None, spots: Sequence[Spot], value: str = "") -> Deed:
    """A question, or a digit column, with one answer; `value` is what is meant where that is already settled."""
    names, shares = zip(*hand.habits.events, strict=True)
    plain = 1 - sum(shares)
    event = str(hand.rng.choice((*names, "plain"), p=np.array((*shares, plain))))
    if event.startswith("rubbed") and not hand.tool.rubs:
        event = "crossed" + event.removeprefix("rubbed")
    if event == "blank" and value:
        event = "plain"
    first, second = _two(hand, spots, value)
    deed = Deed(item, column, (first.value,), kind=event)
    EVENTS.get(event, _plain)(hand, deed, first, second)
    if event == "plain":
        deed.kind = deed.marks[0].kind
    return deed


def several(hand: Hand, item: str, spots: Sequence[Spot]) -> Deed:
    """A question where several may be marked: one to three of them, now and then one taken back."""
    order = [spots[place] for place in hand.rng.permutation(len(spots))]
    if hand.rng.random() < 0.04:
        return Deed(item, None)
    count = int(hand.rng.integers(1, min(4, len(spots))))
    deed = Deed(item, None, tuple(sorted(spot.value for spot in order[:count])), kind="several", several=True)
    for spot in order[:count]:
        hand.answer(deed, spot)
    shares = dict(hand.habits.events)
    if hand.rng.random() < shares["rubbed_other"] + shares["crossed_other"]:
        if hand.tool.rubs and hand.rng.random() < 0.6:
            deed.kind = "several, one rubbed"
            hand.rubbed(deed, order[count], str(hand.rng.choice(FILLS)))
        else:
            deed.kind = "several, one crossed"
            hand.crossed(deed, order[count])
    return deed


def number(hand: Hand, item: str, spots: Sequence[Spot]) -> list[Deed]:
    """Digit columns: the number written into the squares, then filled; short numbers leave columns at the left empty."""
    columns = sorted({spot.column for spot in spots if spot.column is not None})
    if hand.rng.random() < 0.06:
        return [Deed(item, column) for column in columns]
    unfilled = hand.rng.random() < hand.habits.unfilled if hand.habits.unfilled else False
    length = len(columns) if hand.rng.random() < 0.7 else int(hand.rng.integers(1, len(columns) + 1))
    deeds = []
    for place, column in enumerate(columns):
        boxes = [spot for spot in spots if spot.column == column]
        if place < len(columns) - length:
            deeds.append(Deed(item, column))
            continue
        value = str(hand.rng.choice([spot.value for spot in boxes]))
        if unfilled or hand.rng.random() < 0.75:
            hand.loose_strokes((boxes[0].center[0], boxes[0].center[1] - 8.8), s.digit(value, hand.rng))
        if unfilled:
            deeds.append(Deed(item, column, (value,), sure=False, kind="written, not filled"))
        else:
            deeds.append(one(hand, item, column, boxes, value))
    return deeds


def score(hand: Hand, item: str, spots: Sequence[Spot]) -> Deed:
    """A teacher's strip: a point given, or not yet."""
    if hand.rng.random() < 0.3:
        return Deed(item, None, kind="not scored")
    spot = spots[int(hand.rng.integers(len(spots)))]
    deed = Deed(item, None, (spot.value,), kind="score")
    if hand.rng.random() < 0.05:
        wrong = spots[(spots.index(spot) + 1) % len(spots)]
        hand.crossed(deed, wrong)
        deed.kind = "score corrected"
    hand.answer(deed, spot)
    return deed


def write_lines(hand: Hand, spots: Sequence[Spot]) -> None:
    """An open answer on the ruled line above the strip."""
    baseline = min(spot.center[1] for spot in spots) - 8.3
    if hand.rng.random() < 0.8:
        left = hand.rng.uniform(33, 45)
        for each in s.handwriting(hand.rng.uniform(20, 110), hand.rng):
            middle = float(each.points[:, 0].mean())
            hand.loose_strokes((left + middle, baseline), [each.moved((-middle, 0.0))])


def accidents(hand: Hand, sheet: Sheet) -> None:
    """Dots, slips and small sums in the white of the page, clear of all circles."""
    centers = np.array([spot.center for spot in sheet.spots])
    for _each in range(int(hand.rng.poisson(1.5 * hand.habits.dirt))):
        place = hand.rng.uniform([24, 46], [186, 254])
        if np.hypot(*(centers - place).T).min() > 7.0:
            made = s.dot(hand.rng) if hand.rng.random() < 0.5 else s.slip(hand.rng.uniform(1.0, 3.0), hand.rng)
            hand.loose_strokes((float(place[0]), float(place[1])), made)


def _two(hand: Hand, spots: Sequence[Spot], value: str) -> tuple[Spot, Spot]:
    """The box that is meant, and another."""
    order = [spots[place] for place in hand.rng.permutation(len(spots))]
    if value:
        order.sort(key=lambda spot: spot.value != value)
    return order[0], order[1]


def _plain(hand: Hand, deed: Deed, first: Spot, _second: Spot) -> None:
    hand.answer(deed, first)


def _blank(_hand: Hand, deed: Deed, _first: Spot, _second: Spot) -> None:
    deed.meant = ()


def _rubbed_other(hand: Hand, deed: Deed, first: Spot, second: Spot) -> None:
    hand.rubbed(deed, second, _fill_or_favourite(hand))
    hand.answer(deed, first, _strong(hand))


def _rubbed_alone(hand: Hand, deed: Deed, _first: Spot, second: Spot) -> None:
    deed.meant, deed.sure = (), False
    hand.rubbed(deed, second, _fill_or_favourite(hand))


def _crossed_other(hand: Hand, deed: Deed, first: Spot, second: Spot) -> None:
    hand.crossed(deed, second)
    hand.answer(deed, first, _strong(hand))


def _crossed_alone(hand: Hand, deed: Deed, _first: Spot, second: Spot) -> None:
    deed.meant, deed.sure = (), False
    hand.crossed(deed, second)


def _scratched_other(hand: Hand, deed: Deed, first: Spot, second: Spot) -> None:
    deed.sure = False
    hand.lay(deed, second, "scratched", "scratch-out", [*hand.shape(second, "zigzag"), *s.scratch(second.size / 2, hand.width, hand.rng)])
    hand.answer(deed, first, _strong(hand))


def _two_marks(hand: Hand, deed: Deed, first: Spot, second: Spot) -> None:
    deed.meant, deed.sure = ("two marks",), False
    hand.answer(deed, first)
    hand.answer(deed, second)


def _dot_beside(hand: Hand, deed: Deed, first: Spot, second: Spot) -> None:
    hand.answer(deed, first, str(hand.rng.choice(FILLS)))
    hand.loose_strokes(second.center, [each.moved(_near(hand, 0.5)) for each in s.dot(hand.rng)])


def _dot_alone(hand: Hand, deed: Deed, first: Spot, _second: Spot) -> None:
    deed.meant, deed.sure = (), False
    hand.lay(deed, first, "touch", "a lone dot", [each.moved(_near(hand, 0.6)) for each in s.dot(hand.rng, 0.35)])


def _off_target(hand: Hand, deed: Deed, first: Spot, _second: Spot) -> None:
    deed.sure = False
    turn, far = hand.rng.uniform(-0.6, 0.6) + hand.rng.choice([0, np.pi / 2, -np.pi / 2]), hand.rng.uniform(0.95, 1.5) * first.size / 2
    moved = [each.moved((float(np.cos(turn) * far), float(np.sin(turn) * far))) for each in hand.shape(first, str(hand.rng.choice(FILLS)))]
    hand.lay(deed, first, "elsewhere", "beside the circle", moved)


def _label_circled(hand: Hand, deed: Deed, first: Spot, _second: Spot) -> None:
    deed.sure = False
    left = -first.size / 2 - (2.6 if first.kind == "choice" else 1.6)
    hand.lay(deed, first, "elsewhere", "the letter circled", [each.moved((left, 0.0)) for each in s.ring(1.9, 2.4, hand.rng)])


def _ringed(hand: Hand, deed: Deed, first: Spot, _second: Spot) -> None:
    deed.sure = False
    hand.lay(deed, first, "elsewhere", "a ring round the circle", s.ring(first.size * 0.68, first.size * 0.66, hand.rng))


def _underlined(hand: Hand, deed: Deed, first: Spot, _second: Spot) -> None:
    deed.sure = False
    low, right = first.size / 2 + hand.rng.uniform(0.1, 0.8), hand.rng.uniform(3.0, 9.0)
    hand.lay(deed, first, "elsewhere", "underlined", [s.straight((-4.5, low), (right, low + hand.rng.normal(0, 0.4)), hand.rng)])


def _slip_through(hand: Hand, deed: Deed, first: Spot, second: Spot) -> None:
    deed.sure = False
    made = [each.moved(_near(hand, 1.5)) for each in s.slip(hand.rng.uniform(4, 14), hand.rng)]
    hand.lay(deed, second, "touch", "a slip of the pen", made)
    hand.answer(deed, first)


def _touch_beside(hand: Hand, deed: Deed, first: Spot, second: Spot) -> None:
    """Begun at the wrong circle and stopped at once: a short stroke there, a good fill here."""
    deed.sure = False
    hand.lay(deed, second, "touch", "a begun stroke", s.slip(hand.rng.uniform(1.0, 2.4), hand.rng))
    hand.answer(deed, first, str(hand.rng.choice(FILLS)))


def _struck(hand: Hand, deed: Deed, spot: Spot) -> None:
    """Fill a circle and draw one line through it and on, mostly level."""
    r, lean = spot.size / 2, hand.rng.normal(0, 0.12)
    ends = [side * r * hand.rng.uniform(2.0, 3.4) for side in (-1, 1)]
    line = s.straight((ends[0], ends[0] * lean), (ends[1], ends[1] * lean), hand.rng)
    hand.lay(deed, spot, "cancelled", "struck through", [*hand.shape(spot, str(hand.rng.choice(FILLS))), line])


def _struck_other(hand: Hand, deed: Deed, first: Spot, second: Spot) -> None:
    deed.sure = False
    _struck(hand, deed, second)
    hand.answer(deed, first, _strong(hand))


def _struck_alone(hand: Hand, deed: Deed, _first: Spot, second: Spot) -> None:
    deed.meant, deed.sure = (), False
    _struck(hand, deed, second)


def _retraced(hand: Hand, deed: Deed, first: Spot, _second: Spot) -> None:
    deed.sure = False
    r = first.size / 2
    hand.lay(deed, first, "elsewhere", "the outline drawn over", [*s.ring(r, r, hand.rng), *s.ring(r, r, hand.rng)])


def _ticked_behind(hand: Hand, deed: Deed, first: Spot, _second: Spot) -> None:
    """A tick out of the circle's reach, below its words or behind them."""
    deed.sure = False
    away = (hand.rng.uniform(8.0, 16.0), hand.rng.uniform(-1.5, 1.0))
    hand.lay(deed, first, "elsewhere", "a tick behind the words", [each.moved(away) for each in s.tick(2.2, hand.rng)])


EVENTS: dict[str, Callable[[Hand, Deed, Spot, Spot], None]] = {  # another collection adds its own
    "blank": _blank, "rubbed_other": _rubbed_other, "rubbed_alone": _rubbed_alone, "crossed_other": _crossed_other, "crossed_alone": _crossed_alone,
    "scratched_other": _scratched_other, "two_marks": _two_marks, "dot_beside": _dot_beside, "dot_alone": _dot_alone, "off_target": _off_target,
    "struck_other": _struck_other, "struck_alone": _struck_alone, "retraced": _retraced, "ticked_behind": _ticked_behind,
    "label_circled": _label_circled, "ringed": _ringed, "underlined": _underlined, "slip_through": _slip_through, "touch_beside": _touch_beside,
}  # fmt: skip


def _strong(hand: Hand) -> str:
    """How a circle is marked after a change of mind: mostly filled, as the legend teaches."""
    return str(hand.rng.choice(FILLS)) if hand.rng.random() < 0.85 else ""


def _fill_or_favourite(hand: Hand) -> str:
    return hand.favourite if hand.rng.random() < 0.4 else str(hand.rng.choice(FILLS))


def _near(hand: Hand, far: float) -> tuple[float, float]:
    dx, dy = hand.rng.uniform(-far, far, 2)
    return float(dx), float(dy)


__all__ = ["EVENTS", "Mark", "accidents", "number", "one", "score", "several", "write_lines"]

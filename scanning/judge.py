"""What the marks mean: Chosen, Blank or Doubt for every question, from numbers alone (DESIGN section 4).

scanning/page calls `judge_page` with the measurements that it just took; `scan rejudge` may call it with stored ones. Pure: no picture, database, clock
or order of scanning. The page itself is the yardstick: how dark its own marks are, and how quiet its own empty boxes.

A wrong answer that nobody sees is the worst that can happen here; a doubt costs a teacher five seconds. So every answer must be clear and
everything beside it must be clearly nothing. A page on which nothing is marked at all is not believed where the picture has no greys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from packets.layout import Item, Layout, PageKind
from packets.numbers import MINUS, POINT, plain_number, split_columns
from scanning.colour_ink import asked_for_ink
from scanning.forest import Weight
from scanning.ink_beside import InkBeside
from scanning.kinds import Kind, leaves_once
from scanning.lost_marks import MANY, perhaps_lost
from scanning.marks import Mark
from scanning.seen import Seen, candidates, confidence, seen_as, sureness
from scanning.thresholds import THRESHOLDS, Thresholds
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, ItemVerdict, Judgement
from scanning.weights import weights_of
from scanning.yardstick import Yardstick, is_dim, reaches_out, yardstick_of

REASONS = {
    Kind.TORN: DoubtReason.TORN,
    Kind.BLOTTED: DoubtReason.STAINED,
    Kind.FLOODED: DoubtReason.STAINED,
    Kind.STAINED: DoubtReason.STAINED,
    Kind.CROSSED: DoubtReason.CROSSED_OUT,
    Kind.CANCELLED: DoubtReason.CROSSED_OUT,
    Kind.STRUCK: DoubtReason.CROSSED_OUT,
    Kind.RINGED: DoubtReason.OUT_OF_PLACE,
    Kind.FAINT: DoubtReason.FAINT,
    Kind.RUBBED: DoubtReason.ERASED,
    Kind.LOOSE: DoubtReason.OUT_OF_PLACE,
    Kind.SMEARED: DoubtReason.ERASED,
    Kind.SHIFTED: DoubtReason.OUT_OF_PLACE,
    Kind.LINE: DoubtReason.OUT_OF_PLACE,
    Kind.STRIPE: DoubtReason.OUT_OF_PLACE,
    Kind.SPECK: DoubtReason.FAINT,
}
NEVER = (Kind.STRIPE, Kind.CANCELLED, Kind.CROSSED, Kind.STRUCK, Kind.RINGED)  # taken for an answer by the forest alone
PALER = (Kind.FAINT, Kind.RUBBED, Kind.SMEARED)  # less than a mark: a rest, or a second answer
RINGED = 3  # corners round a circle with ink in them: what slips out of the next column reaches two at the most
GAIN = 4  # of a row's numbers: item, likeness, shift right and down, gain


def judge_page(measurements: Mapping[str, Any], layout: Layout, thresholds: Thresholds = THRESHOLDS) -> tuple[ItemVerdict, ...]:
    """The verdict on every item of the layout, in its order, from the `measurements` of a PageVerdict."""
    marks = [Mark.from_list(each) for each in measurements["boxes"]]
    unsafe = _unsafe(measurements["rows"], thresholds)
    teachers = {item.item for item in layout.items if item.rule == "score"}
    yardstick = yardstick_of(marks, [box.item for box in layout.boxes], thresholds, teachers)
    weights = weights_of(measurements, marks, layout, yardstick, thresholds)
    every = list(zip(layout.boxes, marks, weights, strict=True))
    beside = InkBeside.on_page(measurements, yardstick, thresholds)
    verdicts = []
    for item in layout.items:
        own = [(box.column, box.value, mark, weight) for box, mark, weight in every if box.item == item.item]
        said = judge_item(item, own, yardstick, unsafe.get(item.item), thresholds)
        verdicts.append(replace(said, judgement=beside.asked(item, said.judgement)))
    if layout.kind is PageKind.WORKSHEET:
        lost = perhaps_lost(measurements, layout, marks, {said.item: said.judgement for said in verdicts}, yardstick, thresholds)
        verdicts = [replace(said, judgement=lost.get(said.item, said.judgement)) for said in verdicts]
    other = asked_for_ink(measurements, layout, marks, {said.item: said.judgement for said in verdicts}, thresholds)
    verdicts = [
        replace(said, judgement=Doubt(DoubtReason.OTHER_PEN, other[said.item])) if said.item in other else said for said in verdicts
    ]
    return tuple(_unbelieved(said) if measurements.get("washed_out") else said for said in verdicts)


def _unbelieved(said: ItemVerdict) -> ItemVerdict:
    """What is said of a question of a page whose print hardly shows: nothing is accepted there, and what seems to be the answer is a possible one."""
    if isinstance(said.judgement, Doubt):
        return said
    return replace(said, judgement=Doubt(DoubtReason.FAINT, said.judgement.values if isinstance(said.judgement, Chosen) else ()))


def _unsafe(rows: Sequence[Sequence[Any]], thresholds: Thresholds) -> dict[str, DoubtReason]:
    """Items of which a row was not found on the paper, or whose print is so pale that pencil may not show either, and why."""
    gains = [float(row[GAIN]) for row in rows if len(row) > GAIN and row[1] >= thresholds.row_likeness]
    least = max(thresholds.row_gain, thresholds.row_share * max(gains, default=0.0))
    pale = {str(row[0]): DoubtReason.FAINT for row in rows if len(row) > GAIN and row[GAIN] < least}
    return pale | {str(row[0]): DoubtReason.OUT_OF_PLACE for row in rows if row[1] < thresholds.row_likeness}


def judge_item(
    item: Item,
    boxes: Sequence[tuple[int | None, str, Mark, Weight | None]],
    yardstick: Yardstick,
    unsafe: DoubtReason | None,
    thresholds: Thresholds = THRESHOLDS,
) -> ItemVerdict:
    """One question: `boxes` are (column, value, mark, weight); `unsafe` says why its row cannot be believed."""
    if item.rule == "score":
        yardstick = replace(yardstick, pupil=False, pen=min(yardstick.pen, thresholds.clear), dot=0.0)
    seen = [(column, seen_as(value, mark, weight, yardstick, item.rule == "several", thresholds)) for column, value, mark, weight in boxes]
    judgement = _judged(item, seen, yardstick, unsafe, thresholds)
    return ItemVerdict(item.item, judgement, sureness(judgement, seen, thresholds))


def _judged(
    item: Item, seen: Sequence[tuple[int | None, Seen]], yardstick: Yardstick, unsafe: DoubtReason | None, thresholds: Thresholds
) -> Judgement:
    if unsafe:
        return Doubt(unsafe, candidates((one for _column, one in seen), thresholds))
    dim = thresholds.dim_many if item.rule in MANY else thresholds.dim
    if yardstick.quiet > dim * yardstick.pen:
        return Doubt(DoubtReason.FAINT, candidates((one for _column, one in seen), thresholds))
    if item.rule == "number":
        said = _number(seen, thresholds)
    else:
        said = _choice([one for _column, one in seen], item.rule == "several", thresholds)
    apart = _standing_out([one for _column, one in seen], yardstick, thresholds) if isinstance(said, Blank) else ()
    if not apart:
        return said
    return Doubt(DoubtReason.FAINT, () if item.rule == "number" else apart[: thresholds.candidates])  # one circle is no number


def _standing_out(seen: Sequence[Seen], yardstick: Yardstick, thresholds: Thresholds) -> tuple[str, ...]:
    """The circles of a question that seems empty which stand out among the page's empty ones and may hide a mark, those that do most first.

    Where noise may be as dark as a faint mark, less is enough, and so is a circle that is as dark as one.
    """
    grain, dim = yardstick.grain, is_dim(yardstick, thresholds)
    darkness, share = thresholds.dim_empty
    as_dark = min(darkness, share * yardstick.pen)
    found = []
    for one in seen:
        inside = grain.inside(one.mark, thresholds.apart_more)
        apart = max(inside, grain.anywhere(one.mark)) if dim else inside
        if inside >= thresholds.apart or (dim and (one.mark.dark >= as_dark or apart >= thresholds.apart_dim)):
            found.append((-apart, one.value))
    return tuple(value for _apart, value in sorted(found))


def _choice(seen: Sequence[Seen], several: bool, thresholds: Thresholds) -> Judgement:
    """What the boxes of one group say: nothing only where no ink lies beside them either."""
    said, inked = _inside(seen, several, thresholds), tuple(one.value for one in seen if one.inked)
    if several and isinstance(said, Chosen) and _two_ways(one for one in seen if one.value in said.values):
        return Doubt(DoubtReason.CROSSED_OUT, candidates(seen, thresholds))
    return Doubt(DoubtReason.OUT_OF_PLACE, inked[: thresholds.candidates]) if inked and isinstance(said, Blank) else said


def _two_ways(taken: Iterable[Seen]) -> bool:
    """Whether some circles of one question are filled and others crossed, empty or filled too: answers, and perhaps what the pupil rules out."""
    ways = [(one.filled and not one.armed, one.crossed or one.armed) for one in taken]
    return any(filled for filled, _crossed in ways) and any(crossed for _filled, crossed in ways)


def _inside(seen: Sequence[Seen], several: bool, thresholds: Thresholds) -> Judgement:
    """The rules' word, and where a box was weighed the forest's: it must be sure where the rules doubt, and less so where they agree."""
    seen = seen if several else _with_pale_print(seen, thresholds)
    alone = [one for one in seen if one.kind is not Kind.CLEAN]
    if not several and [one.kind for one in alone] == [Kind.FLOODED]:  # the forest knows no such hand
        return Chosen((alone[0].value,))
    ruled = _by_rules(seen, several, thresholds)
    if all(one.weight is None for one in seen) or any(one.kind in (Kind.TORN, Kind.BLOTTED, Kind.FLOODED) for one in seen):
        return ruled
    return _weighed(ruled, seen, several, thresholds)


def _with_pale_print(seen: Sequence[Seen], thresholds: Thresholds) -> Sequence[Seen]:
    """The boxes, those of hardly any print called clean where one other is certainly marked: what is copied that pale hides no mark as dark."""
    clear = (one.weight for one in seen if one.kind is Kind.MARK and one.mark.dark >= thresholds.clear)
    certain = any(weight and weight.answer >= thresholds.certain for weight in clear)
    return [replace(one, kind=Kind.CLEAN, weight=None) if certain and one.pale_print else one for one in seen]


def _weighed(ruled: Judgement, seen: Sequence[Seen], several: bool, thresholds: Thresholds) -> Judgement:
    chosen = [one.value for one in seen if one.weight and one.weight.answer >= thresholds.likely]
    if not chosen:
        empty = all(one.kind is not Kind.LOOSE and one.weight.anything < thresholds.nothing for one in seen if one.weight)
        return Blank() if empty and not isinstance(ruled, Chosen) else _in_doubt(ruled, seen, thresholds)
    if len(chosen) > 1 and not several:
        return ruled if isinstance(ruled, Doubt) else Doubt(DoubtReason.TWO_MARKS, candidates(seen, thresholds))
    if any(_disputed(one, one.value in chosen, several, thresholds) for one in seen):
        return _in_doubt(ruled, seen, thresholds)
    reading, sure = Chosen(tuple(sorted(chosen))), confidence(seen, thresholds)
    if isinstance(ruled, Chosen):
        enough = thresholds.agreed_several if several else thresholds.agreed
        return reading if ruled == reading and sure >= enough else _in_doubt(ruled, seen, thresholds)
    return reading if sure >= (thresholds.sure_stroke if not several and _is_lone_stroke(seen) else thresholds.sure) else ruled


def _is_lone_stroke(seen: Sequence[Seen]) -> bool:
    """Whether one box of the question alone holds anything, and that is a thin mark too crisp and too dark for what a rubber leaves of one."""
    marked = [one for one in seen if one.kind is not Kind.CLEAN]
    return len(marked) == 1 and marked[0].stroke


def _disputed(one: Seen, chosen: bool, several: bool, thresholds: Thresholds) -> bool:
    """Whether a box forbids the forest's reading: something that it takes without being sure enough for what it looks like, or that it passes over."""
    if chosen:
        return _hardly_an_answer(one, several, thresholds)
    weight = one.weight or Weight(0.5, 0.0)
    certain = max(weight.answer, 1.0 - weight.answer) >= thresholds.certain
    if one.kind is Kind.LOOSE:
        return several or not certain
    passed_over = one.kind in (Kind.MARK, Kind.STRUCK, Kind.RINGED) or one.half_there
    there = one.kind in PALER and weight.anything >= thresholds.likely and one.mark.dark >= thresholds.second_dark
    second = there and weight.answer >= thresholds.second
    return passed_over or (several and (second or (one.kind is Kind.CROSSED and not certain)))


def _hardly_an_answer(one: Seen, several: bool, thresholds: Thresholds) -> bool:
    """Whether a box that the forest takes is a slip, dirt, a dot or something crossed out; or, unless the forest is that much surer, an outline, a line that begins inside, a hair, what a rubber may have left, or hardly anything."""
    weight = one.weight or Weight(0.0, 0.0)
    answer, certain = weight.answer, weight.answer >= thresholds.certain
    outline = one.kind is Kind.SHIFTED and not certain
    begun_inside = leaves_once(one.mark, thresholds)
    line = (one.kind is Kind.LINE or one.slip) and not (answer >= thresholds.certain_line and begun_inside)
    passing = one.kind is Kind.MARK and reaches_out(one.mark, thresholds) and not begun_inside
    hair = several and one.kind is Kind.FAINT and one.mark.cover < thresholds.stroke_cover and not (certain and one.lines)
    alone = several or weight.meant is None  # what is paler is as likely a second answer as a rest
    smeared = one.kind is Kind.SMEARED and answer < (thresholds.sure_smeared if alone else thresholds.smeared_seen)
    weak = one.weak and one.kind in (Kind.FAINT, Kind.RUBBED) and answer < (thresholds.sure_weak if alone else thresholds.weak_seen)
    hardly = weight.anything < thresholds.there
    return outline or line or passing or hair or smeared or weak or hardly or one.kind in NEVER or one.dot or one.pale


def _in_doubt(ruled: Judgement, seen: Sequence[Seen], thresholds: Thresholds) -> Doubt:
    """The rules' doubt, or one in the words of the box that is least sure."""
    if isinstance(ruled, Doubt):
        return ruled
    worst = min((one for one in seen if one.weight), key=lambda one: abs(one.weight.answer - 0.5) if one.weight else 1.0)
    crossed = sum(each >= thresholds.ring for each in worst.mark.diagonals) >= 2
    usual = DoubtReason.CROSSED_OUT if crossed else DoubtReason.ERASED
    return Doubt(REASONS.get(worst.kind, usual), candidates(seen, thresholds))


def _by_rules(seen: Sequence[Seen], several: bool, thresholds: Thresholds) -> Judgement:
    chosen = [one for one in seen if one.kind is Kind.MARK]
    if len(chosen) > 1 and not several:
        return Doubt(DoubtReason.TWO_MARKS, candidates(seen, thresholds))
    weakest = min((one.mark.dark for one in chosen), default=0.0)
    troubling = [one for one in seen if one.kind not in (Kind.CLEAN, Kind.MARK) and not _explained(one, weakest, several, thresholds)]
    if troubling:
        worst = max(troubling, key=lambda one: (list(REASONS).index(one.kind) * -1, one.mark.ink))
        return Doubt(REASONS[worst.kind], candidates(seen, thresholds))
    return Chosen(tuple(sorted(one.value for one in chosen))) if chosen else Blank()


def _explained(one: Seen, chosen: float, several: bool, thresholds: Thresholds) -> bool:
    """Whether a mark of darkness `chosen` elsewhere in the item says what this box means: nothing any more.

    Where several may be marked, a thin weak line is as likely a second mark as the rest of a rubbed-out one.
    """
    if one.kind is Kind.CANCELLED:
        return chosen > 0
    if one.kind is Kind.STRIPE:  # the scanner's own line, and nothing beside it
        return chosen > 0 and not several and one.mark.thin < thresholds.slim
    most = min(thresholds.rubbed * chosen, thresholds.rubbed_most)
    if one.kind is Kind.SHIFTED:
        share = thresholds.rubbed if one.mark.span >= thresholds.dot_span else thresholds.speck
        return not several and one.mark.dark < share * chosen and one.mark.outside < thresholds.arc_outside
    if one.kind is Kind.FAINT:
        return not several and one.mark.span < thresholds.dot_span and one.mark.spot < most
    weak = one.mark.dark < most
    thin = several and one.mark.cover < thresholds.filled_cover
    return one.kind in (Kind.RUBBED, Kind.STAINED, Kind.SPECK) and weak and not thin


def _number(seen: Sequence[tuple[int | None, Seen]], thresholds: Thresholds) -> Judgement:
    seen = _without_neighbours(seen, thresholds)
    thresholds = replace(thresholds, agreed=thresholds.agreed_several)  # a line drawn past an empty column must make no digit
    columns = sorted({column or 0 for column, _one in seen})
    said = {which: _choice([one for column, one in seen if (column or 0) == which], False, thresholds) for which in columns}
    signs = {column for column, one in seen if one.value == MINUS}
    whole, parts = split_columns([column for column in columns if column not in signs])
    texts = _texts(said, parts[:1], thresholds)
    doubts = [digit for digit in said.values() if isinstance(digit, Doubt)]
    if doubts:
        return Doubt(doubts[0].reason, texts)
    if all(isinstance(digit, Blank) for digit in said.values()):
        return Blank()
    if _broken([isinstance(said[column], Chosen) for column in whole], [isinstance(said[column], Chosen) for column in parts]):
        return Doubt(DoubtReason.GAP, texts)
    return Chosen(texts[:1])


def _without_neighbours(seen: Sequence[tuple[int | None, Seen]], thresholds: Thresholds) -> list[tuple[int | None, Seen]]:
    """The digits, none of them called inked for a mark in the next column that slips over its rim, as columns stand that close; ink all round a digit is a ring."""
    marked = {(column or 0, one.value) for column, one in seen if one.kind is not Kind.CLEAN}
    beside = {(column + step, value) for column, value in marked for step in (-1, 1)}
    return [
        (column, replace(one, inked=one.inked and ((column or 0, one.value) not in beside or _ringed(one.mark, thresholds))))
        for column, one in seen
    ]


def _ringed(mark: Mark, thresholds: Thresholds) -> bool:
    return sum(max(near, far) >= thresholds.ring for near, far in zip(mark.near, mark.diagonals, strict=True)) >= RINGED


def _broken(whole: Sequence[bool], parts: Sequence[bool]) -> bool:
    """Whether digits are missing among those that are marked: none before the comma, one behind the first, one before the last decimal."""
    return True not in whole or False in whole[whole.index(True) :] or parts != sorted(parts, reverse=True)


def _texts(said: Mapping[int, Judgement], commas: Sequence[int], thresholds: Thresholds) -> tuple[str, ...]:
    """The numbers that the columns allow, without zeros that say nothing; at most as many as a person would read."""
    options = []
    for column, digit in said.items():
        before = POINT if column in commas else ""
        match digit:
            case Chosen(values):
                options.append(tuple(before + value for value in values))
            case Doubt(_reason, candidates):
                options.append(tuple(before + value for value in candidates) or (before,))
            case Blank():
                options.append((before,))
    texts = ("".join(choice) for choice in product(*options))
    plain = dict.fromkeys(plain_number(text) for text in texts if text.strip(MINUS + POINT))
    return tuple(plain)[: thresholds.candidates]

"""Every page of the ledger has exactly one furthest stage, with a reason; whatever happened, the columns add up."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from records.events import DESK, MANIFEST, Event, Happening, Paper, Patience, TrackState, in_order, whereabouts
from records.ledger import MISSED, ORDER, Facts, Seen, Stage, Stop, entry, grouped, summed

DAY = date(2026, 11, 2)
PRINTED = datetime(2026, 9, 24, 9)
PATIENCE = Patience()

moments = st.integers(0, 80).map(lambda days: PRINTED + timedelta(days=days))
happened = st.lists(st.builds(Event, moments, st.sampled_from(Happening), st.sampled_from((DESK, MANIFEST))), max_size=5)
pictures = st.lists(
    st.builds(Seen, st.sampled_from(("read", "doubtful", "duplicate", "unreadable", "unsigned")), st.just(""), moments, st.booleans()),
    max_size=3,
)


@st.composite
def pages(draw: st.DrawFn) -> Facts:
    told, seen = in_order(draw(happened)), tuple(draw(pictures))
    answers = draw(st.integers(0, 4)) if any(each.state in ("read", "doubtful") for each in seen) else 0
    typed = draw(st.booleans())
    doubts = draw(st.integers(0, answers))
    waiting = draw(st.integers(0, answers - doubts))
    came = draw(st.integers(0, 2))
    paper = Paper(PRINTED, date(2026, 10, 19), 4, came, PRINTED + timedelta(days=20) if came else None)
    where = whereabouts(paper, told, DAY, PATIENCE) if draw(st.booleans()) else None
    packet, kato, route = draw(st.sampled_from("AB")), draw(st.sampled_from("KL")), draw(st.sampled_from(("", "R1", "R2")))
    note = draw(st.booleans())
    return Facts(packet, packet, kato, "math", "0" * 14, "", 1, route, "", where, tuple(told), note, came, seen, typed, doubts, waiting)


@given(st.lists(pages(), max_size=20))
def test_every_page_stands_in_one_column_and_the_columns_add_up(facts: list[Facts]) -> None:
    rows = [entry(each, DAY) for each in facts]
    total = summed(rows)
    assert sum(total.stopped.values()) == total.reached(Stage.EXPECTED) == len(facts)
    counts = [total.reached(stage) for stage in Stage]
    assert counts == sorted(counts, reverse=True)
    assert sum(total.reasons.values()) == len(facts)
    for key in ("packet", "kato", "route"):
        parts = [summed(mine) for mine in grouped(rows, lambda row, key=key: getattr(row.facts, key)).values()]  # type: ignore[misc]
        assert sum((Counter(part.stopped) for part in parts), Counter()) == Counter({k: v for k, v in total.stopped.items() if v})
        assert sum(part.missed for part in parts) == total.missed
        assert sum(part.copies for part in parts) == total.copies


@given(pages())
def test_a_page_has_a_reason_unless_it_is_decided_and_what_was_read_is_never_missing(facts: Facts) -> None:
    row = entry(facts, DAY)
    assert (row.stop is Stop.DONE) == (row.stage is Stage.DECIDED)
    if facts.typed or any(each.state in ("read", "doubtful") for each in facts.seen):
        assert ORDER[row.stage] >= ORDER[Stage.READ]
        assert not row.missed
    assert row.missed == (row.stop in MISSED)
    if facts.where is not None and facts.where.state in (TrackState.OVERDUE, TrackState.LOST) and not (facts.seen or facts.typed):
        assert row.missed


def page(*told: Happening, came: int = 0, seen: tuple[Seen, ...] = (), day: date = DAY, noted: bool = True) -> tuple[Stage, Stop]:
    events = tuple(Event(PRINTED + timedelta(days=9 + number), kind, DESK) for number, kind in enumerate(told))
    paper = Paper(PRINTED, date(2026, 10, 19), 4, came, PRINTED + timedelta(days=20) if came else None)
    where = whereabouts(paper, events, day, PATIENCE)
    row = entry(Facts("A", "A", "K", "math", "1", where=where, events=events, told=noted, came_with=came, seen=seen), day)
    return row.stage, row.stop


def test_each_way_of_stopping_has_its_name() -> None:
    early, late = date(2026, 10, 10), date(2027, 2, 1)
    out, there = Happening.HANDED_OVER, Happening.DELIVERED
    assert page(day=early) == page(day=late) == (Stage.PRINTED, Stop.AT_DESK)
    assert page(day=late, noted=False) == (Stage.HANDED_OVER, Stop.MISSING)
    assert page(day=early, noted=False) == (Stage.PRINTED, Stop.AT_DESK)
    assert page(out, day=early) == (Stage.HANDED_OVER, Stop.WITH_THE_POST)
    assert page(out, there, day=early) == (Stage.HANDED_OVER, Stop.WITH_THE_PUPIL)
    assert page(out, there, came=1, day=early) == (Stage.HANDED_OVER, Stop.WITH_THE_PUPIL)
    assert page(out, there) == page(out, there, came=1) == (Stage.HANDED_OVER, Stop.MISSING)
    assert page(out, there, day=late) == (Stage.HANDED_OVER, Stop.LOST)
    assert page(out, there, Happening.REPRINTED, day=early) == (Stage.HANDED_OVER, Stop.WITH_THE_PUPIL)
    assert page(Happening.REPRINTED, day=early) == (Stage.PRINTED, Stop.AT_DESK)
    assert page(out, Happening.NOT_DELIVERED, day=early) == (Stage.HANDED_OVER, Stop.NOT_DELIVERED)
    assert page(out, Happening.NOT_DELIVERED, Happening.BROUGHT_BACK) == (Stage.PRINTED, Stop.BROUGHT_BACK)
    assert page(out, there, Happening.RETURNED) == (Stage.ARRIVED, Stop.COUNTED_BACK)
    assert page(out, there, seen=(Seen("unreadable", "does_not_fit", PRINTED),)) == (Stage.ARRIVED, Stop.UNREADABLE)


def test_second_pictures_of_a_page_are_copies_and_void_ones_are_none() -> None:
    seen = tuple(Seen(state, "", PRINTED) for state in ("read", "duplicate", "duplicate", "unreadable"))
    assert entry(Facts("A", "A", "K", "math", "1", seen=seen), DAY).copies == 2
    assert entry(Facts("A", "A", "K", "math", "1", seen=seen[3:]), DAY).copies == 0
    assert entry(Facts("A", "A", "K", "math", unbuilt=Stop.WITHDRAWN), DAY).stop is Stop.WITHDRAWN

"""Where a packet is after all that happened to it: pure rules, over whatever was told in whatever order."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.events import (
    HAPPENING_WORDS,
    KAZPOST,
    OUTCOME_WORDS,
    TRACK_WORDS,
    Event,
    Happening,
    Outcome,
    Paper,
    Patience,
    TrackState,
    kazpost_event,
    ledger_state,
    outcome_events,
    whereabouts,
)
from records.lifecycle import PacketState

BUILT, DUE = datetime(2026, 9, 24, 9, 0), date(2026, 10, 19)
PAPER = Paper(BUILT, DUE, 4)
PATIENCE = Patience()
EVENTS = st.builds(
    Event,
    at=st.datetimes(min_value=datetime(2026, 9, 25), max_value=datetime(2026, 12, 20)),
    kind=st.sampled_from(Happening),
    source=st.just("post"),
)


def told(*kinds: Happening, first: datetime = datetime(2026, 9, 28, 8, 0)) -> list[Event]:
    """These events, an hour apart."""
    return [Event(first + timedelta(hours=place), kind, "desk") for place, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((), TrackState.PRINTED),
        ((Happening.HANDED_OVER,), TrackState.HANDED_OVER),
        ((Happening.HANDED_OVER, Happening.SORTED, Happening.ARRIVED), TrackState.HANDED_OVER),
        ((Happening.HANDED_OVER, Happening.DELIVERED), TrackState.DELIVERED),
        ((Happening.HANDED_OVER, Happening.NOT_DELIVERED, Happening.BROUGHT_BACK), TrackState.NOT_DELIVERED),
        ((Happening.HANDED_OVER, Happening.NOT_DELIVERED, Happening.BROUGHT_BACK, Happening.HANDED_OVER), TrackState.HANDED_OVER),
        ((Happening.DELIVERED, Happening.RETURNED), TrackState.RETURNED),
        ((Happening.HANDED_OVER, Happening.DID_NOT_ARRIVE), TrackState.LOST),
        ((Happening.DELIVERED, Happening.OTHER), TrackState.DELIVERED),
    ],
)
def test_the_last_thing_that_happened_says_where_a_packet_is(kinds: tuple[Happening, ...], state: TrackState) -> None:
    assert whereabouts(PAPER, told(*kinds), date(2026, 10, 1), PATIENCE).state is state


def test_a_packet_is_there_since_it_came_there_not_since_it_was_last_told() -> None:
    events = told(Happening.HANDED_OVER, Happening.SORTED, Happening.ARRIVED)
    assert whereabouts(PAPER, events, date(2026, 10, 1), PATIENCE).since == events[0].at


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (DUE, TrackState.DELIVERED),
        (DUE + timedelta(days=1), TrackState.OVERDUE),
        (DUE + timedelta(days=59), TrackState.OVERDUE),
        (DUE + timedelta(days=60), TrackState.LOST),
    ],
)
def test_work_is_overdue_the_day_after_its_day_and_lost_after_two_months(day: date, state: TrackState) -> None:
    assert whereabouts(PAPER, told(Happening.HANDED_OVER, Happening.DELIVERED), day, PATIENCE).state is state


def test_what_came_late_is_due_later_and_a_reprint_begins_anew() -> None:
    late = whereabouts(PAPER, told(Happening.DELIVERED, first=datetime(2026, 10, 16, 10)), date(2026, 10, 25), PATIENCE)
    assert (late.due, late.state) == (date(2026, 10, 30), TrackState.DELIVERED)
    again = whereabouts(PAPER, told(Happening.DELIVERED, Happening.REPRINTED, first=datetime(2026, 12, 1, 8)), date(2026, 12, 5), PATIENCE)
    assert (again.due, again.state) == (date(2026, 12, 15), TrackState.PRINTED)


@pytest.mark.parametrize(
    ("days", "state"), [(0, TrackState.PRINTED), (14, TrackState.PRINTED), (15, TrackState.OVERDUE), (74, TrackState.LOST)]
)
def test_what_was_printed_again_is_waited_for_again(days: int, state: TrackState) -> None:
    again = datetime(2026, 12, 20, 9, 0)
    first = told(Happening.HANDED_OVER, Happening.DELIVERED)
    where = whereabouts(PAPER, [*first, Event(again, Happening.REPRINTED, "desk")], again.date() + timedelta(days=days), PATIENCE)
    assert where.state is state


@pytest.mark.parametrize("kinds", [(), (Happening.HANDED_OVER, Happening.NOT_DELIVERED, Happening.BROUGHT_BACK)])
def test_what_was_printed_again_at_the_office_is_nobodys_debt(kinds: tuple[Happening, ...]) -> None:
    where = whereabouts(PAPER, told(*kinds, Happening.REPRINTED), date(2027, 6, 1), PATIENCE)
    assert where.state is TrackState.PRINTED


def test_nobody_is_blamed_for_what_never_left_or_came_back_with_the_van() -> None:
    for kinds in ((), (Happening.HANDED_OVER, Happening.NOT_DELIVERED, Happening.BROUGHT_BACK)):
        where = whereabouts(PAPER, told(*kinds), date(2027, 3, 1), PATIENCE)
        assert (where.state in (TrackState.PRINTED, TrackState.NOT_DELIVERED), where.over) == (True, 0)


@given(st.lists(EVENTS, max_size=12), st.dates(date(2026, 9, 25), date(2027, 6, 1)))
def test_what_was_read_has_come_back_whatever_else_is_told(events: list[Event], day: date) -> None:
    read = Paper(BUILT, DUE, 4, 4, datetime(2026, 10, 10, 12))
    assert whereabouts(read, events, day, PATIENCE).state is TrackState.SCANNED
    assert whereabouts(Paper(BUILT, DUE, 4, void=True), events, day, PATIENCE).state is TrackState.VOID


@given(st.lists(EVENTS, max_size=12), st.randoms(use_true_random=False), st.dates(date(2026, 9, 25), date(2027, 6, 1)))
def test_the_order_of_telling_does_not_matter(events: list[Event], dice: object, day: date) -> None:
    shuffled = list(events)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    at_once = {(event.at, event.kind): event for event in events}
    if len(at_once) == len(events):
        assert whereabouts(PAPER, shuffled, day, PATIENCE) == whereabouts(PAPER, events, day, PATIENCE)


@given(st.lists(EVENTS, max_size=12))
def test_the_ledger_never_loses_paper_that_came_back(events: list[Event]) -> None:
    for state in (PacketState.RETURNING, PacketState.COMPLETE, PacketState.VOID):
        assert ledger_state(state, events) is state
    assert ledger_state(PacketState.BUILT, events) in (PacketState.BUILT, PacketState.HANDED_OVER, PacketState.DELIVERED)


@pytest.mark.parametrize("outcome", Outcome)
def test_a_bag_that_nobody_took_is_at_the_office_again(outcome: Outcome) -> None:
    events = [*told(Happening.HANDED_OVER), *(Event(datetime(2026, 9, 28, 15), kind, "manifest") for kind, _why in outcome_events(outcome))]
    expected = PacketState.DELIVERED if outcome is Outcome.DELIVERED else PacketState.BUILT
    assert ledger_state(PacketState.HANDED_OVER, events) is expected


def test_kazposts_names_are_known_by_code_and_by_word() -> None:
    for code, (russian, kind) in KAZPOST.items():
        assert kazpost_event(code.lower()) is kazpost_event(f"  {russian.upper()} ") is kind
    assert kazpost_event("приём") is Happening.ACCEPTED
    assert kazpost_event("delivered") is Happening.DELIVERED
    assert kazpost_event("Растаможено") is None


def test_everything_has_a_word() -> None:
    assert (set(HAPPENING_WORDS), set(TRACK_WORDS), set(OUTCOME_WORDS)) == (set(Happening), set(TrackState), set(Outcome))

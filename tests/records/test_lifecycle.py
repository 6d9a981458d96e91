"""Which event leads a packet where, over the whole table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import NotAllowed
from records.lifecycle import STATE_WORDS, PacketEvent, PacketState, move

ALLOWED = {
    ("built", "rebuild"): "built",
    ("built", "hand_over"): "handed_over",
    ("handed_over", "take_back"): "built",
    **{(state, "deliver"): "delivered" for state in ("built", "handed_over", "delivered")},
    **{(state, "bring_back"): "built" for state in ("built", "handed_over", "delivered")},
    **{(state, "page_returned"): "returning" for state in ("built", "handed_over", "delivered", "returning")},
    ("complete", "page_returned"): "complete",
    **{(state, "all_returned"): "complete" for state in ("built", "handed_over", "delivered", "returning", "complete")},
    **{(state, "cancel"): "void" for state in ("built", "handed_over", "delivered")},
}


@pytest.mark.parametrize("state", PacketState)
@pytest.mark.parametrize("event", PacketEvent)
def test_each_event_does_in_each_state_what_the_table_says(state: PacketState, event: PacketEvent) -> None:
    if (state.value, event.value) in ALLOWED:
        assert move(state, event).value == ALLOWED[state.value, event.value]
    else:
        with pytest.raises(NotAllowed):
            move(state, event)


@given(st.lists(st.sampled_from(PacketEvent), max_size=30))
def test_paper_is_never_unread_and_a_void_packet_stays_void(events: list[PacketEvent]) -> None:
    state = PacketState.BUILT
    for event in events:
        try:
            after = move(state, event)
        except NotAllowed:
            continue
        assert state is not PacketState.VOID
        if state in (PacketState.RETURNING, PacketState.COMPLETE):
            assert after in (PacketState.RETURNING, PacketState.COMPLETE)
        state = after


def test_every_state_has_a_word() -> None:
    assert set(STATE_WORDS) == set(PacketState)

"""The life of a packet, as a pure table: which event leads from which state to which.

built -> handed_over -> delivered -> returning -> complete, with `void` beside it. Paper is not obedient: a page can come back from a
packet whose hand-over nobody recorded, so `page_returned` is allowed from every state but void, and `deliver` without a hand-over.
"""

from __future__ import annotations

from enum import StrEnum

from records.errors import NotAllowed
from records.language import N_, _


class PacketState(StrEnum):
    """Where a packet is."""

    BUILT = "built"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    RETURNING = "returning"
    COMPLETE = "complete"
    VOID = "void"


class PacketEvent(StrEnum):
    """What can happen to a packet."""

    REBUILD = "rebuild"
    HAND_OVER = "hand_over"
    TAKE_BACK = "take_back"  # a mistaken hand-over, undone
    DELIVER = "deliver"
    BRING_BACK = "bring_back"  # nobody took it: it is at the office again
    PAGE_RETURNED = "page_returned"
    ALL_RETURNED = "all_returned"
    CANCEL = "cancel"


_B, _H, _D, _R, _C, _V = PacketState
_MOVES: dict[tuple[PacketState, PacketEvent], PacketState] = {
    (_B, PacketEvent.REBUILD): _B,
    (_B, PacketEvent.HAND_OVER): _H,
    (_H, PacketEvent.TAKE_BACK): _B,
    **{(state, PacketEvent.DELIVER): _D for state in (_B, _H, _D)},
    **{(state, PacketEvent.BRING_BACK): _B for state in (_B, _H, _D)},
    **{(state, PacketEvent.PAGE_RETURNED): _R for state in (_B, _H, _D, _R)},
    **{(state, PacketEvent.ALL_RETURNED): _C for state in (_B, _H, _D, _R, _C)},
    (_C, PacketEvent.PAGE_RETURNED): _C,
    **{(state, PacketEvent.CANCEL): _V for state in (_B, _H, _D)},
}

STATE_WORDS = {
    _B: N_("built"),
    _H: N_("handed over"),
    _D: N_("delivered"),
    _R: N_("partly returned"),
    _C: N_("complete"),
    _V: N_("void"),
}


def move(state: PacketState, event: PacketEvent) -> PacketState:
    """The state after `event`; raises NotAllowed where the event cannot happen in `state`."""
    after = _MOVES.get((state, event))
    if after is None:
        raise NotAllowed(
            _("A packet that is «{state}» cannot be changed like this ({event}).").format(state=_(STATE_WORDS[state]), event=event.value),
            _("`poshta packets show CODE` tells what has happened to it."),
        )
    return after

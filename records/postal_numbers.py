"""Numbers that the post sticks on its items (UPU S10): read or typed, checked, and tied to our packets. Never invented here.

routing/post_events takes them in with Kazpost's events; forms that leave room for the sticker check what is typed.
"""

from __future__ import annotations

import re

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from records.calendar import now
from records.events import POST, ledger_state
from records.lifecycle import PacketState
from records.road_events import events, settle_packets
from records.schema import Packet, PostalItem, PostEvent

WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_FORM = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_LOOK_ALIKES = str.maketrans("АВСЕНКМРТХУ", "ABCEHKMPTXY")


def check_digit(serial: str) -> int:
    """The check digit of the eight digits of an S10 number: 47312482 has 9."""
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def postal_number(text: str) -> str | None:
    """The number in capitals without spaces; None where it is no S10 number or its check digit is wrong. Cyrillic look-alikes are taken as Latin."""
    number = "".join(text.upper().split()).replace("-", "").translate(_LOOK_ALIKES)
    found = _FORM.fullmatch(number)
    return number if found and check_digit(found[2]) == int(found[3]) else None


def tie(session: Session, number: str, packet: str | None = None, route: str | None = None, stop: int | None = None) -> bool:
    """Note on which packet or bag a number was stuck; answers whether that is new. What was told of the number before is told of the packet from now on."""
    row, before = session.get(PostalItem, number), None
    if row is None:
        row = PostalItem(number=number, noted_at=now())
        session.add(row)
    elif (row.packet, row.route, row.stop) == (packet, route, stop) or not (packet or route):
        return False
    else:
        before = row.packet
    row.packet, row.route, row.stop = packet, route, stop
    _carry_over(session, number, before, packet, route, stop)
    return True


def let_go(session: Session, number: str) -> None:
    """Forget on what a number was stuck; what was told of it waits until the number is noted again."""
    row = session.get(PostalItem, number)
    if row is not None:
        before = row.packet
        session.delete(row)
        _carry_over(session, number, before)


def tied(session: Session, number: str) -> PostalItem | None:
    """What is known of a number, within the session."""
    return session.get(PostalItem, number)


def _carry_over(
    session: Session, number: str, before: str | None, packet: str | None = None, route: str | None = None, stop: int | None = None
) -> None:
    """Let what the post told of the number be told of what it is stuck on now, and the packets be where they are without and with it."""
    session.flush()
    was = events(session, packets=[before]) if before else []
    held = PostEvent.packet == before if before else and_(PostEvent.packet.is_(None), PostEvent.route.is_(None))
    mine = select(PostEvent).where(held, PostEvent.source == POST, PostEvent.withdrawn_at.is_(None))
    moved = [event.id for event in session.scalars(mine) if event.evidence.get("number") == number]
    if moved:
        session.execute(update(PostEvent).where(PostEvent.id.in_(moved)).values(packet=packet, route=route, stop=stop))
    if moved and before and (row := session.get(Packet, before)) and ledger_state(PacketState.BUILT, was) == row.state:
        row.state = ledger_state(PacketState.BUILT, events(session, packets=[before])).value
    if packet:
        settle_packets(session, [packet])

"""Villages whose packets may wait: what a call there is worth, and which packets waited until this week.

A village of priority 2 or more is called at only where that lengthens the week's routes by no more than it is worth. Its packets then stand at the
office until the next week that is planned, in which they travel with that week's, and the village is served like any other: it never waits twice
running. routing/solve, repair and attempt plan by what a call is worth; routing/verify_waiting judges with arithmetic of its own.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.lifecycle import PacketState
from records.schema import Packet, Plan

MAY_WAIT = "may_wait"
MUST = 1


def worth(priority: int, optional_metres: int) -> int | None:
    """Metres that routes may be longer for the sake of a village: all of them at priority 2, half at 3, a third at 4; None where it may not wait."""
    return None if priority <= MUST else optional_metres // (priority - MUST)


def waited(session: Session, week: str) -> dict[str, list[tuple[str, int]]]:
    """Packets, with grams, by village, that the plan of the latest earlier week let wait and that still stand at the office."""
    before = session.scalars(select(Plan).where(Plan.current, Plan.week < week).order_by(Plan.week.desc()).limit(1)).one_or_none()
    if before is None:
        return {}
    villages = {each["kato"] for each in before.unplanned if each["reason"] == MAY_WAIT}
    here = (Packet.week == before.week, Packet.kato.in_(villages), Packet.state == PacketState.BUILT.value)
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for kato, code, grams in session.execute(select(Packet.kato, Packet.code, Packet.grams).where(*here).order_by(Packet.code)):
        found[kato].append((code, grams))
    return dict(found)

"""A sheet filed under a typed short code, taken back: its answers go, what they superseded stands again, the picture is without a name as before.

scanning/undo hands it to records/undo. Only the last act is undone, so nothing later hangs on the answers that go: the one place where any are deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from records.journal import Entry
from records.language import _
from records.schema import Answer, Packet, Scan
from records.undo import in_the_way
from scanning.verdict import PageState


def forget_name(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Give the picture back the state that it had; raises NotAllowed where the act is of an older program, or the sheet is not as it was left."""
    told = entry.details
    scan = session.get(Scan, told.get("scan", 0))
    if scan is None or scan.page != entry.subject:
        raise in_the_way(_("the sheet is not as it was filed"))
    _take_answers_back(session, scan.id)
    _set_back(session, told["packet"])
    if told["before"]:
        _state_before(scan, told["before"])
    else:
        session.delete(scan)
    return {"place": told["place"]}


def _take_answers_back(session: Session, scan: int) -> None:
    """Delete what was read of this scan; what that superseded is current again."""
    own = list(session.scalars(select(Answer.id).where(Answer.scan == scan)))
    earlier = list(session.scalars(select(Answer.id).where(Answer.superseded_by.in_(own), Answer.id.not_in(own))))
    session.execute(delete(Answer).where(Answer.id.in_(own)))
    session.execute(update(Answer).where(Answer.id.in_(earlier)).values(superseded_by=None))


def _set_back(session: Session, moved: Sequence[str] | None) -> None:
    """The packet in the state that it had before the page came, where it has moved; `moved`: its code, the state before and after."""
    if moved is None:
        return
    code, before, after = moved
    packet = session.get(Packet, code)
    if packet is None or packet.state != after:
        raise in_the_way(_("the packet {code} is not as it was then").format(code=code))
    packet.state = before


def _state_before(scan: Scan, before: Sequence[Any]) -> None:
    scan.part, scan.state, scan.reason, scan.page, scan.late = *before, False
    if scan.state != PageState.UNSIGNED:  # whose measurements are those that were just taken
        scan.measurements, scan.error_mm = {}, None

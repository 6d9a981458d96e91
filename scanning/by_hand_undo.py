"""A sheet filed under a typed short code, taken back: its answers go, what they superseded stands again, the picture is without a name as before.

scanning/undo hands it to records/undo. Only the last act is undone, so nothing later hangs on the answers that go: the one place where any are deleted.
What a printed review sheet decided stands on other pages, as a person's word: there the earlier reading is recorded again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from records.journal import Entry, record
from records.language import _
from records.schema import Act, Answer, Packet, Scan
from records.undo import UNDO, in_the_way
from scanning.verdict import PageState

Restore = Callable[[Session, Entry], Mapping[str, Any]]
AMEND, MANIFEST = "grades.amend", "scan.manifest"


def forget_name(restore: Restore) -> Restore:
    """The undoing of a name; `restore` takes back one amendment.

    It gives the picture back the state that it had, and raises NotAllowed where the act is of an older program, the sheet is not as it was left, or it is a
    driver's sheet that noted something.
    """

    def forget(session: Session, entry: Entry) -> Mapping[str, Any]:
        told = entry.details
        scan = session.get(Scan, told.get("scan", 0))
        if scan is None or scan.page != entry.subject:
            raise in_the_way(_("the sheet is not as it was filed"))
        _take_decisions_back(session, entry, restore)
        _take_answers_back(session, scan.id)
        _set_back(session, told["packet"])
        if told["before"]:
            _state_before(scan, told["before"])
        else:
            session.delete(scan)
        return {"place": told["place"]}

    return forget


def _take_decisions_back(session: Session, entry: Entry, restore: Restore) -> None:
    """Record again what the rows of a review sheet superseded, the last first."""
    for act in list(_with_it(session, entry)):
        if act.action == MANIFEST:
            raise in_the_way(_("what the driver noted stands: say what is right with `poshta routes note`"))
        told = restore(session, act)
        record(session, UNDO, act.subject, act=act.id, undone=AMEND, **told)


def _with_it(session: Session, entry: Entry) -> Iterator[Entry]:
    """The acts right before the naming that came of the same sheet."""
    for act in session.scalars(select(Act).where(Act.id < entry.id).order_by(Act.id.desc()).execution_options(yield_per=100)):
        if (act.action, act.details.get("sheet")) != (AMEND, entry.subject) and (act.action, act.details.get("page")) != (
            MANIFEST,
            entry.subject,
        ):
            return
        yield Entry(act.id, act.at, act.action, act.subject, act.details)


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

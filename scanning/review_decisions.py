"""A reviewer's word on one case: decided, set aside as unreadable, or taken back. The same records and acts as `grades amend`.

scanning/review_app calls this. Each word names the record that the reviewer saw; where another stands by now, nothing is written and Conflict tells what stands.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from packets.token import grouped, short_code
from records.errors import NotAllowed, NotFound
from records.grades import DOUBT, PERSON, Decision, Recorded, decide, standing
from records.journal import Entry, entries, record
from records.language import _
from records.schema import Answer
from records.undo import UNDO
from scanning.amend import amend
from scanning.undo import restore_reading
from scanning.words import NOT_LEGIBLE

AMEND = "grades.amend"
MOST_ACTS = 1000  # of one page


class Conflict(NotAllowed):
    """Somebody else decided meanwhile; `stands` is what holds now."""

    code = "conflict"

    def __init__(self, stands: Recorded) -> None:
        super().__init__(
            _("Somebody else has decided question {item} of the page {page} meanwhile.").format(
                item=stands.item, page=grouped(short_code(stands.page))
            ),
            _("Nothing of yours was written. Look at what stands now."),
        )
        self.stands = stands


def decide_case(session: Session, seen: int, value: str) -> int:
    """Record `value` as `scanning.amend.amend` takes it, in place of the record `seen`; answers the new record. Raises Conflict, and what `amend` raises."""
    held = _still(session, seen)
    amend(session, held.page, held.item, value)
    return standing(session, held.page)[held.item].id


def set_aside(session: Session, seen: int) -> int:
    """Record that a person looked at the doubt `seen` and could not read it: it stays a doubt, told apart. Raises Conflict; NotAllowed where it is none."""
    held = _still(session, seen)
    if held.state != DOUBT:
        raise NotAllowed(_("Question {item} is not in doubt: it waits for points.").format(item=held.item), _("Give points, or go on."))
    after = Decision(
        page=held.page,
        item=held.item,
        reading=(),
        candidates=held.candidates,
        state=DOUBT,
        reason=NOT_LEGIBLE,
        points=None,
        max_points=held.max_points,
        decided_by=PERSON,
        scan=held.scan,
    )
    number = decide(session, after)
    if number != held.id:
        record(session, AMEND, held.page, item=held.item, record=number, superseded=held.id)
    return number


def take_back_case(session: Session, made: int) -> int:
    """Record again what stood before the reviewer's record `made`; answers the record that now stands. Raises Conflict, NotFound."""
    held = _still(session, made)
    act = _act_of(session, held)
    told = restore_reading(session, act)
    record(session, UNDO, held.page, act=act.id, undone=AMEND, **told)
    return int(told["record"])


def _still(session: Session, seen: int) -> Recorded:
    """The record, which must be the one that stands."""
    row = session.get(Answer, seen)
    if row is None:
        raise NotFound(_("There is no record {number}.").format(number=seen), _("Load the page of the review again."))
    stands = standing(session, row.page)[row.item]
    if stands.id != seen:
        raise Conflict(stands)
    return stands


def _act_of(session: Session, held: Recorded) -> Entry:
    for entry in entries(session, AMEND, held.page, MOST_ACTS):
        if entry.details.get("record") == held.id:
            return entry
    raise NotFound(_("There is no record {number}.").format(number=held.id), _("Load the page of the review again."))

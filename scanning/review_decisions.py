"""A reviewer's word on one case: decided, set aside as unreadable, or taken back. The same records and acts as `grades amend`.

scanning/review_app calls this. Each word names the record that the reviewer saw; where another stands by now, nothing is written and Conflict tells what stands.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from packets.token import grouped, short_code
from records.comments import standing_comments
from records.errors import NotAllowed, NotFound
from records.grades import DOUBT, PERSON, Decision, Recorded, decide, standing
from records.journal import Entry, entries, record
from records.language import _
from records.schema import Answer
from records.undo import UNDO
from scanning.amend import amend
from scanning.comment import comment, printable
from scanning.printed_letters import as_printed
from scanning.undo import restore_reading
from scanning.words import NOT_LEGIBLE

AMEND = "grades.amend"
MOST_ACTS = 1000  # of one page


class Conflict(NotAllowed):
    """Somebody else decided meanwhile; `stands` is what holds now, `on_paper` the same in the letters of the sheet."""

    code = "conflict"

    def __init__(self, stands: Recorded, printed: tuple[str, ...]) -> None:
        super().__init__(
            _("Somebody else has decided question {item} of the page {page} meanwhile.").format(
                item=stands.item, page=grouped(short_code(stands.page))
            ),
            _("Nothing of yours was written. Look at what stands now."),
        )
        self.stands = stands
        self.on_paper = replace(stands, reading=printed)


class CommentConflict(NotAllowed):
    """Somebody else said something else meanwhile; `stands` is what the pupil will read."""

    code = "conflict"

    def __init__(self, page: str, item: str, words: str) -> None:
        super().__init__(
            _("Somebody else has commented on question {item} of the page {page} meanwhile.").format(
                item=item, page=grouped(short_code(page))
            ),
            _("Nothing of yours was written. Look at what stands now."),
        )
        self.stands = words


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


def comment_case(session: Session, seen: int, said: int, words: str) -> int:
    """Let `words` be said to the pupil about the answer of the record `seen`, in place of the comment `said` (0: none) that the person saw.

    Answers the comment that stands now (0: none). Raises CommentConflict where another was made meanwhile, and what `comment` raises.
    """
    row = session.get(Answer, seen)
    if row is None:
        raise _lost(seen)
    now = standing_comments(session, {row.page}).get((row.page, row.item))
    if (now.id if now else 0) != said and printable(words) != (now.words if now else ""):
        raise CommentConflict(row.page, row.item, now.words if now else "")
    made = comment(session, row.page, row.item, words)
    return made.record if made.words else 0


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
        raise _lost(seen)
    stands = standing(session, row.page)[row.item]
    if stands.id != seen:
        raise Conflict(stands, as_printed(session, stands.page, stands.item, stands.reading))
    return stands


def _act_of(session: Session, held: Recorded) -> Entry:
    for entry in entries(session, AMEND, held.page, MOST_ACTS):
        if entry.details.get("record") == held.id:
            return entry
    raise _lost(held.id)


def _lost(number: int) -> NotFound:
    return NotFound(_("There is no record {number}.").format(number=number), _("Load the page of the review again."))

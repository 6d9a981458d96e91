"""What of this room can be undone: a person's amendment of an answer, a sheet filed by its short code, appeals, closed quarters, and a judging again. cli.py hands it to records/undo."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from records.grades import Decision, decide, standing
from records.journal import Entry
from records.language import N_, _
from records.schema import Answer
from records.undo import Undoer, in_the_way
from scanning.audit import CONFIRMED, DRAWN
from scanning.audit_files import clear_away
from scanning.audit_undo import forget_draw, forget_word
from scanning.by_hand_undo import forget_name
from scanning.comment import ACT as COMMENT
from scanning.comment import take_back
from scanning.grade_book_appeals import CLOSED, OPENED, forget_appeal, reopen_appeal
from scanning.grade_book_closing import CLOSE, open_again
from scanning.rejudge_undo import restore_judgements


def restore_reading(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Record again what the amendment superseded, in its place; raises NotAllowed where nothing was recorded before, or something newer stands."""
    page, item = entry.subject, str(entry.details["item"])
    current = standing(session, page).get(item)
    if current is None or current.id != entry.details["record"]:
        raise in_the_way(_("question {item} has a newer answer").format(item=item))
    before = session.get(Answer, entry.details["superseded"]) if entry.details["superseded"] else None
    if before is None:
        raise in_the_way(_("question {item} had no answer before: give another with `poshta grades amend`").format(item=item))
    return {"item": item, "record": decide(session, as_it_was(before)), "superseded": current.id}


def as_it_was(row: Answer) -> Decision:
    """The decision that a superseded row holds."""
    points = None if row.points is None else Decimal(row.points)
    said = (tuple(row.reading), tuple(row.candidates), row.state, row.reason, points, Decimal(row.max_points))
    return Decision(row.page, row.item, *said, row.decided_by, row.scan, row.why, row.rules)


UNDOERS = {
    "grades.amend": Undoer(N_("the amendment of question {item} on page {subject}"), restore_reading),
    COMMENT: Undoer(N_("the comment on page {subject}"), take_back),
    OPENED: Undoer(N_("an appeal against question {item} of the page {subject}"), forget_appeal),
    CLOSED: Undoer(N_("the closing of an appeal against question {item} of the page {subject}"), reopen_appeal),
    CLOSE: Undoer(N_("{marks} marks of the quarter {subject} were closed"), open_again),
    "scan.named": Undoer(
        N_("a picture was filed under the page {subject}"),
        forget_name(restore_reading),
        N_("The picture is without a name again. File it under the right code: `poshta scan PATH --page CODE`."),
    ),
    DRAWN: Undoer(N_("{answers} answers of {subject} were drawn for the audit"), forget_draw, after=clear_away),
    CONFIRMED: Undoer(N_("a person's word on question {item} of page {subject}"), forget_word(restore_reading)),
    "scan.rejudge": Undoer(N_("judging again by other thresholds, page {subject} last"), restore_judgements),
}

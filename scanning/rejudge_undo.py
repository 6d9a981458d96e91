"""A judging again, taken back: every page of it, the last first. scanning/undo hands it to records/undo.

Each page has an act of its own in the journal. Those of one run of the command stand in a row (one that was stopped and run once more too): they are taken
back together, in one transaction, or not at all. A run before it, of another week or packet, is an undo of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records import journal
from records.grades import decide_all, standing
from records.journal import Entry
from records.language import _
from records.schema import Act, Answer, Scan
from records.undo import UNDO, in_the_way

REJUDGE = "scan.rejudge"


def restore_judgements(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Record again what the judging superseded; raises NotAllowed where an answer has been decided anew since."""
    from scanning.undo import as_it_was

    answers = 0
    pages = list(_together(session, entry))
    for each in pages:
        held = standing(session, each.subject)
        before = []
        for told in each.details["answers"]:
            current, row = held.get(str(told["item"])), session.get(Answer, told["superseded"])
            if current is None or current.id != told["record"] or row is None:
                raise in_the_way(_("question {item} on page {page} has a newer answer").format(item=told["item"], page=each.subject))
            before.append(as_it_was(row))
        decide_all(session, before)
        answers += len(before)
        _states_before(session, each)
        if each.id != entry.id:
            journal.record(session, UNDO, each.subject, act=each.id, undone=REJUDGE)
    return {"pages": len(pages), "answers": answers}


def _states_before(session: Session, entry: Entry) -> None:
    """Give each scan the state and reason that it had; one that was read anew since keeps its own."""
    for told in entry.details["states"]:
        scan = session.get(Scan, told["scan"])
        if scan is not None and [scan.state, scan.reason] == told["after"]:
            scan.state, scan.reason = told["before"]


def _together(session: Session, last: Entry) -> Iterator[Entry]:
    """`last` and the acts right before it that are of the same run."""
    run = _run(last.details)
    for act in session.scalars(select(Act).where(Act.id <= last.id).order_by(Act.id.desc()).execution_options(yield_per=100)):
        if act.action != REJUDGE or _run(act.details) != run:
            return
        yield Entry(act.id, act.at, act.action, act.subject, act.details)


def _run(details: Mapping[str, Any]) -> tuple[str, str]:
    """What acts of one run have in common: the thresholds, and which pages were asked for."""
    return details["rules"], details.get("scope", "")

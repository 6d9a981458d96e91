"""A review that was decided elsewhere comes home: each decision once, and none over what somebody has decided meanwhile.

scanning/review_commands calls this with what scanning/review_set has opened. The same records and acts as on the page of `scan review`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from packets.token import grouped, short_code
from records.comments import standing_comments
from records.errors import Complaint, InputRefused, PoshtaError
from records.grades import DOUBT, PERSON, Recorded, standing
from records.journal import record
from records.language import _
from records.schema import Answer
from scanning.amend import heard
from scanning.comment import printable
from scanning.review_decisions import CommentConflict, Conflict, comment_case, decide_case, set_aside
from scanning.review_set import CameHome, Word, Words
from scanning.review_words import stands_in_words
from scanning.words import NOT_LEGIBLE

ACT = "review.import"


@dataclass(slots=True)
class Brought:
    """What came of a file. `conflicts` were decided otherwise meanwhile; `lost` are of records that are no more."""

    decided: int = 0
    comments: int = 0
    unchanged: int = 0
    conflicts: list[dict[str, str]] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)


def bring_home(session: Session, came: CameHome) -> Brought:
    """Take in what was decided. Raises InputRefused, and nothing is written, where a value is one that the question cannot have."""
    brought = Brought()
    for said in came.comments:  # before the points: a decided case and its words go to the same cover
        _comment(session, said, brought)
    for word in came.decided:
        _decide(session, word, brought)
    if brought.decided or brought.comments:
        counts = {"decided": brought.decided, "comments": brought.comments, "conflicts": len(brought.conflicts)}
        record(session, ACT, came.seal[:16], week=came.week, teacher=came.teacher, **counts)
    return brought


def _decide(session: Session, word: Word, brought: Brought) -> None:
    stands = standing(session, word.page).get(word.item)
    if stands is not None and _says_so(session, word, stands):
        brought.unchanged += 1
        return
    try:
        if word.value is None:
            set_aside(session, word.seen)
        else:
            decide_case(session, word.seen, word.value)
        brought.decided += 1
    except Conflict as conflict:
        _conflict(brought, word.page, word.item, word.value or "", stands_in_words(conflict.stands), conflict)
    except InputRefused:
        raise
    except PoshtaError as failure:
        brought.complaints.append(_complaint(failure, word.page, word.item, word.value or ""))


def _says_so(session: Session, word: Word, stands: Recorded) -> bool:
    """Whether a person's word that stands is this one already."""
    if stands.decided_by != PERSON:
        return False
    if word.value is None:
        return stands.state == DOUBT and stands.reason == NOT_LEGIBLE
    return heard(session, word.page, word.item, word.value).after.says_the_same(stands)


def _comment(session: Session, said: Words, brought: Brought) -> None:
    now = standing_comments(session, {said.page}).get((said.page, said.item))
    try:
        words = printable(said.words)
    except InputRefused as failure:  # the page cannot tell what the font lacks; the points beside the words are none the worse
        brought.complaints.append(_complaint(failure, said.page, said.item, ""))
        return
    if words == (now.words if now else ""):
        brought.unchanged += 1
        return
    try:
        if session.get(Answer, said.seen) is not None:
            comment_case(session, said.seen, said.said, said.words)
            brought.comments += 1
    except CommentConflict as conflict:
        _conflict(brought, said.page, said.item, said.words, conflict.stands, conflict)


def _conflict(brought: Brought, page: str, item: str, said: str, stands: str, failure: PoshtaError) -> None:
    brought.conflicts.append({"page": page, "item": item, "said": said, "stands": stands})
    text = _("Question {item} of the page {page}: the file says «{said}», by now «{stands}» stands. That stays.")
    told = text.format(item=item, page=grouped(short_code(page)), said=said, stands=stands)
    hint = _("Look at both; `poshta grades amend` decides otherwise.")
    brought.complaints.append(Complaint(failure.code, told, hint))


def _complaint(failure: PoshtaError, page: str, item: str, said: str) -> Complaint:
    return Complaint(failure.code, f"{grouped(short_code(page))} {item}: {failure.message}", failure.hint, value=said)

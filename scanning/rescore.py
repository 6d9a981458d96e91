"""A corrected key, or other points for a question: the answers that were scored by the old one are scored again.

Every command of scanning/commands calls `rescore` first, and whatever else shows points may: it costs one small query when no key has changed. Records
are superseded, and only those whose points change, so that a cover tells a pupil about nothing else.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.assignment import Assignment
from records import schema
from records.database import Database
from records.grades import decide_all, recorded
from records.journal import record
from scanning.score import scored_again


def rescore(database: Database) -> dict[str, int]:
    """Score again wherever a key has changed since; answers how many records changed, by assignment."""
    with database.read() as session:
        if not _stale(session):
            return {}
    with database.write() as session:
        return {code: _rescored(session, code) for code in _stale(session)}


def _stale(session: Session) -> list[str]:
    row = schema.Assignment
    return list(session.scalars(select(row.code).where(row.scored_digest != row.key_digest).order_by(row.code)))


def _rescored(session: Session, code: str) -> int:
    row = session.get_one(schema.Assignment, code)
    questions = {question.number: question for question in Assignment.from_json(row.definition).questions}
    held = [each for each in recorded(session, assignment=code) if each.item in questions]
    after = [(each, scored_again(questions[each.item], each)) for each in held]
    changed = [new for old, new in after if not new.says_the_same(old)]
    if changed:
        decide_all(session, changed)
        record(session, "grades.rescore", code, changed=len(changed))
    row.scored_digest = row.key_digest
    return len(changed)

"""A printed review sheet into the records: each row that was filled decides the answer that it is about, as on the page of `scan review`.

scanning/filing calls this for pages of kind review, within its transaction. An empty row decides nothing: its answer still waits. A row in doubt is told and changes nothing; where
somebody has decided otherwise since the sheet was printed, that stays and is told too. A second copy fills what the first left open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.assignment import Assignment, OpenQuestion
from packets.review_values import NONE, NONE_ITEM
from packets.token import grouped, short_code
from records import schema
from records.grades import TEACHER_MARK, Recorded, decide, standing
from records.journal import record
from scanning.amend import heard
from scanning.verdict import Chosen, Doubt, DoubtReason, Judgement, PageVerdict

NOT_FILLED, MEANWHILE, GONE = "not_filled", "decided_meanwhile", "answer_gone"
SHEET = "sheet"  # stands in the place of an item where it is about the whole sheet
Doubts = tuple[tuple[str, str], ...]


def file_review(session: Session, page: schema.Page, verdict: PageVerdict) -> Doubts:
    """Decide what the sheet decides; answers what it leaves in doubt, by its own rows."""
    seen = {each.item: each.judgement for each in verdict.items}
    rows = list(session.scalars(select(schema.ReviewItem).where(schema.ReviewItem.sheet == page.id)))
    said = {row.item: _said(seen, row.item) for row in rows}
    if all(each is None or each is DoubtReason.OUT_OF_PLACE for each in said.values()):
        return ((SHEET, NOT_FILLED),)
    doubts = []
    for row in sorted(rows, key=lambda one: int(one.item)):
        reason = _filed(session, page, row, said[row.item])
        if reason:
            doubts.append((row.item, reason))
    return tuple(doubts)


def _said(seen: Mapping[str, Judgement], item: str) -> tuple[str, ...] | DoubtReason | None:
    """What a row says: values as they are printed on it, none for «not answered»; why it is in doubt; None where it is empty."""
    judgements = [seen[each] for each in (item, NONE_ITEM.format(item=item)) if each in seen]
    for each in judgements:
        if isinstance(each, Doubt):
            return each.reason
    values = tuple(value for each in judgements if isinstance(each, Chosen) for value in each.values)
    if NONE in values:
        return () if values == (NONE,) else DoubtReason.TWO_MARKS
    return values or None


def _filed(session: Session, sheet: schema.Page, row: schema.ReviewItem, said: tuple[str, ...] | DoubtReason | None) -> str:
    """Record one row's decision; answers why it could not be, or nothing."""
    if said is None:
        return ""
    if isinstance(said, DoubtReason):
        return said.value
    stands = standing(session, row.page).get(row.question)
    answered = session.get_one(schema.Page, row.page)
    if stands is None or answered.void:
        return GONE
    after = heard(session, row.page, row.question, ",".join(said), printed=True).after
    if _is_open(session, answered, row.question):
        after = replace(after, decided_by=TEACHER_MARK)
    if _agrees(stands, after.reading, after.state):
        return ""
    if stands.id != row.answer:
        return MEANWHILE
    number = decide(session, replace(after, why=grouped(short_code(sheet.id))))
    record(session, "grades.amend", row.page, item=row.question, record=number, superseded=stands.id, sheet=sheet.id)
    return ""


def _agrees(stands: Recorded, reading: tuple[str, ...], state: str) -> bool:
    return stands.state == state and stands.reading == reading


def _is_open(session: Session, answered: schema.Page, question: str) -> bool:
    work = Assignment.from_json(session.get_one(schema.Assignment, answered.assignment).definition)
    return any(isinstance(each, OpenQuestion) and each.number == question for each in work.questions)

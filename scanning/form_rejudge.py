"""Sheets of other houses judged again from what was measured on them, without the paper: what other thresholds make of their answers.

`poshta forms rejudge` calls `survey`, which writes nothing, and `apply`. A sheet is judged by the boxes that it was read by: where the form's file has others
today, it is named and left. The outcome hangs on the measurements and the thresholds alone: twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records import schema
from records.database import Database
from records.grades import DOUBT
from records.journal import record
from records.terminal import Ticker
from scanning.form import Form, FormPage
from scanning.form_results import READ_STATES, Answer, answers_of, standing_of
from scanning.page import state_of
from scanning.rejudge import Unjudged, judged_items, kind_of
from scanning.rules import keep
from scanning.thresholds import Thresholds

SHEETS = 16  # that are looked at, or written, together
BOXES_CHANGED = "boxes_changed"
Standing = tuple[str, str]  # state and reason


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One answer as it stands, and as the thresholds make it; both as scanning/form_results writes them."""

    before: Answer
    after: Answer

    @property
    def kind(self) -> str:
        """One of scanning.rejudge.KINDS."""
        return kind_of(self.before["state"], self.after["state"])


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """What became of one sheet. `left` is the reason why it was not judged, empty where it was; `after` all its answers then."""

    id: int
    sheet: str
    form: str
    form_page: int
    original: str  # relative to the home
    frame: int
    before: Standing
    items: int = 0
    left: str = ""
    stands: Standing = ("", "")
    after: tuple[Answer, ...] = ()
    changes: tuple[AnswerChange, ...] = ()

    @property
    def same(self) -> bool:
        """Whether there is nothing to write."""
        return bool(self.left) or (not self.changes and self.stands == self.before)


def survey(database: Database, forms: Sequence[Form], thresholds: Thresholds, tick: Ticker | None = None) -> Iterator[SheetOutcome]:
    """What `thresholds` would make of every sheet of `forms` that was read, in the order in which they came; nothing is written."""
    every = _sheets_read(database, forms)
    for some in (every[start : start + SHEETS] for start in range(0, len(every), SHEETS)):
        with database.read() as session:
            outcomes = [outcome for outcome, _row in _judged(session, some, forms, thresholds)]
        yield from outcomes
        if tick is not None:
            tick(len(some))


def apply(database: Database, outcomes: Sequence[SheetOutcome], forms: Sequence[Form], thresholds: Thresholds) -> list[SheetOutcome]:
    """Write what `survey` found, each sheet judged once more as it stands now and written whole or not at all; answers what was written."""
    numbers = [each.id for each in outcomes if not each.same]
    written: list[SheetOutcome] = []
    for some in (numbers[start : start + SHEETS] for start in range(0, len(numbers), SHEETS)):
        with database.write() as session:
            rules = keep(session, thresholds)
            for outcome, row in _judged(session, some, forms, thresholds):
                if not outcome.same:
                    _write(session, outcome, row, rules)
                written.append(outcome)
    return written


def judged_again(form: Form, page: FormPage, measurements: Mapping[str, Any], thresholds: Thresholds) -> tuple[list[Answer], Standing]:
    """The answers of a sheet and its state, from its measurements: pure. Raises Unjudged where they are not those of the page's boxes."""
    items = judged_items(measurements, page.layout, thresholds)
    try:
        answers = answers_of(form, page, items)
    except (ArithmeticError, LookupError, TypeError, ValueError) as failure:
        raise Unjudged("measurements_damaged") from failure
    state, reason = standing_of(*state_of(items), answers)
    return answers, (state.value, reason)


def _sheets_read(database: Database, forms: Sequence[Form]) -> list[int]:
    sheet = schema.FormSheet
    wanted = select(sheet.id).where(sheet.form.in_([form.code for form in forms]), sheet.state.in_([state.value for state in READ_STATES]))
    with database.read() as session:
        return list(session.scalars(wanted.order_by(sheet.id)))


def _judged(
    session: Session, sheets: Sequence[int], forms: Sequence[Form], thresholds: Thresholds
) -> Iterator[tuple[SheetOutcome, schema.FormSheet]]:
    by_digest = {form.digest: form for form in forms}
    wanted = select(schema.FormSheet, schema.Original.path).join(schema.Original, schema.Original.digest == schema.FormSheet.original)
    for row, path in session.execute(wanted.where(schema.FormSheet.id.in_(sheets)).order_by(schema.FormSheet.id)):
        place = f"{row.original[:12]}:{row.frame}"
        found = SheetOutcome(row.id, place, row.form, row.form_page, path, row.frame, (row.state, row.reason), len(row.answers))
        yield _one(found, row, by_digest.get(row.form_digest), thresholds), row


def _one(found: SheetOutcome, row: schema.FormSheet, form: Form | None, thresholds: Thresholds) -> SheetOutcome:
    if form is None:
        return replace(found, left=BOXES_CHANGED)
    try:
        after, stands = judged_again(form, form.pages[row.form_page - 1], row.measurements, thresholds)
    except Unjudged as failure:
        return replace(found, left=failure.reason)
    before = {each["item"]: each for each in row.answers}
    if set(before) != {each["item"] for each in after}:
        return replace(found, left="measurements_damaged")
    changes = tuple(AnswerChange(before[each["item"]], each) for each in after if each != before[each["item"]])
    return replace(found, stands=stands, after=tuple(after), changes=changes)


def _write(session: Session, outcome: SheetOutcome, row: schema.FormSheet, rules: str) -> None:
    row.answers, (row.state, row.reason), row.rules = list(outcome.after), outcome.stands, rules
    kinds = sorted(change.kind for change in outcome.changes)  # no values: a field of digits may say who wrote
    record(session, "forms.rejudge", outcome.form, place=outcome.sheet, rules=rules, changes=kinds, state=outcome.stands[0])


def arises(change: AnswerChange) -> bool:
    """Whether a person is asked who was not asked before."""
    return bool(change.after["state"] == DOUBT != change.before["state"])

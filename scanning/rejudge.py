"""Judged again from what was measured, without the paper: what other thresholds make of pages that were read. Who decided by hand is not touched.

`poshta scan rejudge` calls `survey`, which writes nothing, and `apply`, which writes each page whole or not at all. A page that came in several copies is
judged copy after copy, as it was filed (scanning/copies). The outcome hangs on the measurements, the thresholds and the key alone: twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from packets.assignment import Assignment, Question
from packets.layout import Layout, PageKind
from records import schema
from records.database import Database
from records.grades import BLANK, DOUBT, PERSON, READ, TEACHER_MARK, WAITING, Decision, Recorded, decide_all, held_of
from records.journal import record
from records.lifecycle import PacketState
from records.terminal import Ticker
from scanning.copies import settle
from scanning.filing import SAME_PAGE
from scanning.held import READ_STATES
from scanning.judge import judge_page
from scanning.marks import LATER, Mark
from scanning.page import state_of
from scanning.rules import keep
from scanning.score import decision, scored_again
from scanning.thresholds import Thresholds
from scanning.verdict import MEASUREMENTS, ItemVerdict, PageState

BY_HAND = (PERSON, TEACHER_MARK)
PAGES = 64  # that are looked at together
KINDS = tuple(
    f"{before}_to_{after}"
    for before, afters in (
        (READ, (READ, BLANK, DOUBT)),
        (BLANK, (READ, DOUBT)),
        (DOUBT, (READ, BLANK, DOUBT, WAITING)),
        (WAITING, (READ, DOUBT)),
    )
    for after in afters
)


@dataclass(frozen=True, slots=True)
class Change:
    """One answer. `before` is what stands, by the key as it is now; `after` what the thresholds make of it."""

    before: Recorded
    after: Decision

    @property
    def kind(self) -> str:
        """One of KINDS."""
        return kind_of(self.before.state, self.after.state)


@dataclass(frozen=True, slots=True)
class Standing:
    """The state and reason of a scan, as they are and as they come to be."""

    scan: int
    before: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What became of one page. `left` is the reason why it was not judged, empty where it was; `by_hand` counts answers that were left alone."""

    page: str
    short_code: str
    packet: str
    original: str = ""  # of its first copy, relative to the home
    frame: int = 0
    left: str = ""
    items: int = 0
    by_hand: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    standings: tuple[Standing, ...] = ()

    @property
    def same(self) -> bool:
        """Whether there is nothing to write."""
        return not self.changes and not self.standings


@dataclass(frozen=True, slots=True)
class Copy:
    """A stored scan of a page."""

    id: int
    state: str
    reason: str
    measurements: Mapping[str, Any]


class Unjudged(Exception):
    """Raised where a page cannot be judged again: `reason` is a key of scanning.rejudge_words.LEFT."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def survey(
    database: Database, thresholds: Thresholds, rules: str, week: str = "", packet: str = "", tick: Ticker | None = None
) -> Iterator[PageOutcome]:
    """What `thresholds` would make of every page that was read, by packet and number; nothing is written."""
    every = pages_read(database, week, packet)
    for some in (every[start : start + PAGES] for start in range(0, len(every), PAGES)):
        with database.read() as session:
            outcomes = _Desk(session, thresholds, rules).judged(some)
        yield from outcomes
        if tick is not None:
            tick(len(some))


def apply(database: Database, outcome: PageOutcome, thresholds: Thresholds, why: str = "", scope: str = "") -> PageOutcome:
    """Write what `survey` found of one page, judged once more as it stands now, in one transaction; answers what was written.

    `scope` says in the journal which pages the run was asked for: what it wrote is undone together, and nothing else with it.
    """
    with database.write() as session:
        rules = keep(session, thresholds)
        (now,) = _Desk(session, thresholds, rules).judged([outcome.page])
        if not now.same:
            _write(session, now, rules, why, scope)
    return now


def pages_read(database: Database, week: str = "", packet: str = "") -> list[str]:
    """The ids of the worksheet pages that were read, by packet and number."""
    page = schema.Page
    read = select(schema.Scan.id).where(schema.Scan.page == page.id, schema.Scan.state.in_(READ_STATES)).exists()
    wanted = select(page.id).where(page.kind == PageKind.WORKSHEET.value, page.assignment.is_not(None), read)
    for column, value in ((page.week, week), (page.packet, packet)):
        if value:
            wanted = wanted.where(column == value)
    with database.read() as session:
        return list(session.scalars(wanted.order_by(page.packet, page.number, page.id)))


def judged_again(
    page: str,
    copies: Sequence[Copy],
    layout: Layout,
    questions: Mapping[str, Question],
    held: Mapping[str, Recorded],
    thresholds: Thresholds,
    rules: str | None = None,
) -> tuple[tuple[Change, ...], tuple[Standing, ...]]:
    """What changes of one page, and of the states of its scans: pure. `copies` in the order in which they were filed. Raises Unjudged."""
    seen: dict[str, Decision] = {}
    standings = []
    for copy in copies:
        items = judged_items(copy.measurements, layout, thresholds)
        shown = [decision(page, _question(questions, each.item), each.judgement, copy.id, rules) for each in items]
        seen |= {each.item: each for each in (settle(seen, shown) if seen else shown)}
        if copy.state in READ_STATES:
            state, reason = state_of(items)
            standings.append(Standing(copy.id, (copy.state, copy.reason), (state.value, reason)))
    if not set(seen) <= set(held):
        raise Unjudged("answers_gone")
    pairs = [(_by_todays_key(questions[item], held[item]), after) for item, after in seen.items() if held[item].decided_by not in BY_HAND]
    changes = tuple(Change(before, after) for before, after in pairs if not after.says_the_same(before))
    return changes, tuple(each for each in standings if each.before != each.after)


def _question(questions: Mapping[str, Question], item: str) -> Question:
    if item not in questions:
        raise Unjudged("question_gone")
    return questions[item]


def _by_todays_key(question: Question, held: Recorded) -> Recorded:
    again = scored_again(question, held)
    return replace(held, points=again.points, max_points=again.max_points)


def kind_of(before: str, after: str) -> str:
    """What becomes of an answer, of the states in which it was and is: one of KINDS."""
    return f"{before}_to_{after}"


def judged_items(measurements: Mapping[str, Any], layout: Layout, thresholds: Thresholds) -> tuple[ItemVerdict, ...]:
    """The verdicts on a sheet from what was measured on it: pure. Raises Unjudged where the measurements are not those of `layout`."""
    _require_sound(measurements, layout)
    try:
        return judge_page(measurements, layout, thresholds)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as failure:
        raise Unjudged("measurements_damaged") from failure


def _require_sound(measurements: Mapping[str, Any], layout: Layout) -> None:
    """Raise Unjudged unless every number is there that today's judge asks for."""
    boxes = measurements.get("boxes")
    if not boxes or not measurements.get("rows"):
        raise Unjudged("measurements_lost")
    if measurements.get("format") != MEASUREMENTS or any(len(numbers) < _numbers() for numbers in boxes):
        raise Unjudged("measurements_older")
    if len(boxes) != len(layout.boxes):
        raise Unjudged("measurements_damaged")


@lru_cache(maxsize=1)
def _numbers() -> int:
    """How many numbers of a box today's judge asks for; those that came later say nothing where they are not there."""
    four = (0.0, 0.0, 0.0, 0.0)
    return len(Mark(0, 0, 0, 0, 0, 0, 0, four, four, 0, 0, 0).as_list()) - LATER


class _Desk:
    """What one session gives to judge pages by: their copies, answers, layouts and keys."""

    def __init__(self, session: Session, thresholds: Thresholds, rules: str) -> None:
        self._session = session
        self._thresholds = thresholds
        self._rules = rules
        self._layouts: dict[str, Layout | None] = {}
        self._questions: dict[str, dict[str, Question]] = {}

    def judged(self, pages: Sequence[str]) -> list[PageOutcome]:
        """The pages in their order."""
        rows = {row.id: row for row in self._session.scalars(select(schema.Page).where(schema.Page.id.in_(pages)))}
        held = held_of(self._session, pages)
        copies = self._copies(pages)
        return [self._one(rows[page], copies.get(page, []), held.get(page, {})) for page in pages]

    def _one(self, page: schema.Page, copies: Sequence[tuple[Copy, str, int]], held: Mapping[str, Recorded]) -> PageOutcome:
        by_hand = tuple(each.decided_by for each in held.values() if each.decided_by in BY_HAND)
        found = PageOutcome(page.id, page.short_code, page.packet or "", items=len(held), by_hand=by_hand)
        if not copies:
            return replace(found, left="measurements_lost")
        found = replace(found, original=copies[0][1], frame=copies[0][2])
        try:
            layout, questions = self._layout(page), self._key(page)
            scans = [copy for copy, _original, _frame in copies]
            changes, standings = judged_again(page.id, scans, layout, questions, held, self._thresholds, self._rules)
        except Unjudged as failure:
            return replace(found, left=failure.reason)
        return replace(found, changes=changes, standings=standings)

    def _copies(self, pages: Sequence[str]) -> dict[str, list[tuple[Copy, str, int]]]:
        """The copies of each page in the order of filing, each with the path of its original and its frame."""
        scan = schema.Scan
        counted = or_(scan.state.in_(READ_STATES), (scan.state == PageState.DUPLICATE.value) & (scan.reason == SAME_PAGE))
        columns = (scan.id, scan.state, scan.reason, scan.measurements, scan.page, scan.frame, schema.Original.path)
        wanted = select(*columns).join(schema.Original, schema.Original.digest == scan.original).where(scan.page.in_(pages), counted)
        found: dict[str, list[tuple[Copy, str, int]]] = {}
        for number, state, reason, measurements, page, frame, path in self._session.execute(wanted.order_by(scan.id)):
            found.setdefault(str(page), []).append((Copy(number, state, reason, measurements or {}), path, frame))
        return found

    def _layout(self, page: schema.Page) -> Layout:
        packet = self._session.get(schema.Packet, page.packet) if page.packet else None
        if page.void or (packet is not None and packet.state == PacketState.VOID):
            raise Unjudged("withdrawn")
        if page.layout not in self._layouts:
            row = self._session.get(schema.Layout, page.layout)
            self._layouts[page.layout] = _geometry(row) if row is not None else None
        found = self._layouts[page.layout]
        if found is None:
            raise Unjudged("layout_gone")
        return found

    def _key(self, page: schema.Page) -> Mapping[str, Question]:
        code = page.assignment or ""
        if code not in self._questions:
            row = self._session.get(schema.Assignment, code)
            questions = Assignment.from_json(row.definition).questions if row is not None else ()
            self._questions[code] = {question.number: question for question in questions}
        return self._questions[code]


def _geometry(row: schema.Layout) -> Layout | None:
    try:
        return Layout.from_json(row.geometry)
    except (LookupError, TypeError, ValueError):
        return None


def _write(session: Session, outcome: PageOutcome, rules: str, why: str, scope: str) -> None:
    """Supersede the answers, set the states of the scans, and tell the journal: by what, and what stood before."""
    numbers = decide_all(session, [replace(change.after, why=why) for change in outcome.changes])
    for each in outcome.standings:
        scan = session.get_one(schema.Scan, each.scan)
        scan.state, scan.reason = each.after
    answers = [
        {"item": change.after.item, "record": number, "superseded": change.before.id, "change": change.kind}
        for change, number in zip(outcome.changes, numbers, strict=True)
    ]
    states = [{"scan": each.scan, "before": list(each.before), "after": list(each.after)} for each in outcome.standings]
    record(session, "scan.rejudge", outcome.page, by="reader", rules=rules, scope=scope, answers=answers, states=states)

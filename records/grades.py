"""Grade records: what was read, decided and earned for each question of each page. Superseded, never updated.

scanning/ writes here; packets/feedback reads the table as it stood when a cover was built. The current record of a question is the one that nothing
supersedes; older ones stay for appeals. Points are exact decimals. What an answer earns is not known here (scanning/score).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.orm import Session

from records.calendar import now
from records.errors import Busy, NotFound
from records.language import _
from records.schema import Answer, Page

READ, BLANK, DOUBT, WAITING = "read", "blank", "doubt", "waiting"
READER, PERSON, TEACHER_MARK = "reader", "person", "teacher_mark"
DECIDED = (READ, BLANK)
Place = tuple[str, str]  # page and item
_PENDING = 0  # stands in superseded_by for the moment between freeing the place and filling it


@dataclass(frozen=True, slots=True)
class Decision:
    """What is now held of one question. `points` is None while a doubt or an unscored open answer waits.

    `reading` holds the chosen values; `candidates` what a doubt may be; `scan` the row that it was read from; `why` a person's reason;
    `rules` the digest of the reader's thresholds, None where none were asked.
    """

    page: str
    item: str
    reading: tuple[str, ...]
    candidates: tuple[str, ...]
    state: str
    reason: str
    points: Decimal | None
    max_points: Decimal
    decided_by: str
    scan: int | None
    why: str = ""
    rules: str | None = None

    def says_the_same(self, other: Decision) -> bool:
        """Whether both hold the same, wherever it was read and whyever it was said."""
        return _substance(self) == _substance(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Decision):
    """A decision as it stands in the records, with whose it is; `number` is the page's within its packet."""

    id: int
    made_at: datetime
    pupil: str | None
    packet: str | None
    assignment: str | None
    week: str
    number: int


def decide(session: Session, decision: Decision) -> int:
    """Record one decision; answers the id of the row that now stands. See `decide_all`."""
    return decide_all(session, [decision])[0]


def decide_all(session: Session, decisions: Sequence[Decision]) -> list[int]:
    """Record each decision in place of the current one of its question; one that says the same changes nothing.

    Answers the ids of the rows that now stand, in order. Raises NotFound for a page that this desk never printed, Busy where another writer got
    in between (a desk has one writer at a time: records.database).
    """
    pages = {decision.page for decision in decisions}
    _require_known(session, pages)
    held: dict[Place, tuple[int, Decision]] = {(row.page, row.item): (row.id, row) for row in _standing(session, pages)}
    first: dict[Place, Decision] = {}
    for decision in decisions:
        if _place(decision) not in held:
            first.setdefault(_place(decision), decision)
    made = dict(zip(first, _insert(session, first.values()), strict=True))
    held |= {place: (made[place], decision) for place, decision in first.items()}
    ids = []
    for decision in decisions:
        before, said = held[_place(decision)]
        if not decision.says_the_same(said):
            before = _supersede(session, before, decision)
            held[_place(decision)] = before, decision
        ids.append(before)
    return ids


def standing(session: Session, page: str) -> dict[str, Recorded]:
    """The current records of one page, by item."""
    return {record.item: record for record in _standing(session, {page})}


def held_of(session: Session, pages: Collection[str]) -> dict[str, dict[str, Recorded]]:
    """The current records of several pages, by page and item."""
    found: dict[str, dict[str, Recorded]] = {}
    for row in _standing(session, set(pages)):
        found.setdefault(row.page, {})[row.item] = row
    return found


def recorded(
    session: Session, week: str = "", packet: str = "", pupil: str = "", assignment: str = "", states: Collection[str] = ()
) -> list[Recorded]:
    """Current records, narrowed by whatever is given; by packet, page and question."""
    wanted = _current()
    if states:
        wanted = wanted.where(Answer.state.in_(states))
    for column, value in ((Page.week, week), (Page.packet, packet), (Page.pupil, pupil), (Page.assignment, assignment)):
        if value:
            wanted = wanted.where(column == value)
    return _in_order(session.execute(wanted).all())


def last_id(session: Session) -> int:
    """The id of the newest record; 0 where there is none."""
    return session.scalar(select(func.max(Answer.id))) or 0


def item_order(item: str) -> tuple[tuple[int, str], ...]:
    """A sort key that puts question 2 before 10 and 5a before 5b."""
    return tuple((int(digits or 0), letters) for digits, letters in re.findall(r"(\d*)(\D*)", item) if digits or letters)


def _require_known(session: Session, pages: set[str]) -> None:
    found = set(session.scalars(select(Page.id).where(Page.id.in_(pages))))
    for page in sorted(pages - found):
        raise NotFound(_("There is no page {page}.").format(page=page), _("Check the short code that is printed beside the QR code."))


def _substance(decision: Decision) -> tuple[object, ...]:
    return (
        decision.reading,
        decision.candidates,
        decision.state,
        decision.reason,
        decision.points,
        decision.max_points,
        decision.decided_by,
    )


def _supersede(session: Session, before: int, decision: Decision) -> int:
    freed = update(Answer).where(Answer.id == before, Answer.superseded_by.is_(None)).values(superseded_by=_PENDING)
    if session.execute(freed).rowcount != 1:  # type: ignore[attr-defined]
        raise Busy(_("Another program has just decided the same answer."), _("Run the same command again."))
    (number,) = _insert(session, [decision])
    session.execute(update(Answer).where(Answer.id == before).values(superseded_by=number))
    return number


def _insert(session: Session, decisions: Iterable[Decision]) -> list[int]:
    rows = [_row(decision) for decision in decisions]
    return list(session.scalars(insert(Answer).returning(Answer.id, sort_by_parameter_order=True), rows)) if rows else []


def _row(decision: Decision) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(decision, name) for name in Decision.__slots__}
    points = None if decision.points is None else f"{decision.points:f}"
    changed = {"reading": list(decision.reading), "candidates": list(decision.candidates), "points": points}
    return fields | changed | {"max_points": f"{decision.max_points:f}", "made_at": now()}


def _place(decision: Decision) -> Place:
    return decision.page, decision.item


def _current() -> Select[Any]:
    columns = (Answer.page, Answer.item, Answer.reading, Answer.candidates, Answer.state, Answer.reason, Answer.points, Answer.max_points)
    more = (Answer.decided_by, Answer.scan, Answer.why, Answer.rules, Answer.id, Answer.made_at)
    whose = (Page.pupil, Page.packet, Page.assignment, Page.week, Page.number)
    return select(*columns, *more, *whose).join(Page, Page.id == Answer.page).where(Answer.superseded_by.is_(None))


def _standing(session: Session, pages: set[str]) -> list[Recorded]:
    return _in_order(session.execute(_current().where(Answer.page.in_(pages))).all())


def _in_order(rows: Iterable[Row[Any]]) -> list[Recorded]:
    return sorted(map(_recorded, rows), key=lambda record: (record.packet or "", record.number, record.page, item_order(record.item)))


def _recorded(row: Row[Any]) -> Recorded:
    fields = row._asdict()
    fields["reading"], fields["candidates"] = tuple(fields["reading"]), tuple(fields["candidates"])
    fields["points"] = None if fields["points"] is None else Decimal(fields["points"])
    fields["max_points"] = Decimal(fields["max_points"])
    return Recorded(**fields)

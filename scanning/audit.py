"""Accepted answers that a person looks at again: a seeded share of them is drawn, a person says what stands there, and the sum bounds the reader's error.

scanning/audit_command calls this. Whether an answer is drawn hangs on the seed, its page and its question alone: not on when it was read, nor on what was drawn
before. No answer is drawn twice. The person's word changes a record only where it differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from packets.token import grouped, short_code
from records import schema
from records.calendar import now
from records.errors import NotFound
from records.grades import DECIDED, READER, Recorded, decide, item_order
from records.journal import record
from records.language import _
from scanning.amend import Amended, heard
from scanning.printed_letters import letters_of

DRAWN, CONFIRMED = "scan.audit", "scan.audit_confirm"  # acts of the journal
CONFIDENCE = 0.95
HASH_BITS = 64


@dataclass(frozen=True, slots=True)
class Drawn:
    """An answer that was drawn and waits for a person: `reading` as the reader accepted it, `scan` the row that it was read from."""

    page: str
    item: str
    week: str
    assignment: str | None
    reading: tuple[str, ...]
    scan: int | None

    @property
    def short_code(self) -> str:
        """The page's code as it is printed."""
        return grouped(short_code(self.page))


@dataclass(frozen=True, slots=True)
class Sum:
    """Of a week, or of all where `week` is empty: how many answers were drawn, confirmed by a person, and found to be read wrongly."""

    week: str
    drawn: int
    audited: int
    errors: int

    @property
    def upper(self) -> float | None:
        """The highest share of wrong answers that agrees with what was found; None where nothing was audited."""
        return upper_bound(self.errors, self.audited) if self.audited else None

    def as_json(self) -> dict[str, object]:
        """As the contract tells it."""
        return {"week": self.week or None, "drawn": self.drawn, "audited": self.audited, "errors": self.errors, "upper": self.upper}


@dataclass(frozen=True, slots=True)
class Word:
    """A person's word on a drawn answer. `wrong`: the reader was; `stands`: another person's later word that was left as it is, if there is one."""

    amended: Amended
    week: str
    reading: tuple[str, ...]
    said: tuple[str, ...]
    wrong: bool
    noted: bool
    changed: bool
    stands: Recorded | None = None
    letters: Mapping[str, str] = field(default_factory=dict)  # that the page prints, by the author's own


def upper_bound(errors: int, audited: int) -> float:
    """The one-sided 95 % upper bound of a share of which `errors` in `audited` were seen.

    Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial, Biometrika 26 (1934): a quantile of the beta distribution.
    """
    from scipy.special import betaincinv

    return 1.0 if errors >= audited else float(betaincinv(errors + 1, audited - errors, CONFIDENCE))


def falls_to(share: float, seed: int, page: str, item: str) -> bool:
    """Whether an answer belongs to the share that this seed draws."""
    first = hashlib.sha256(f"{seed}:{page}:{item}".encode()).digest()[: HASH_BITS // 8]
    return int.from_bytes(first) < share * float(2**HASH_BITS)


def draw(session: Session, week: str, share: float, seed: int) -> tuple[int, int]:
    """Draw from the answers of a week that the reader accepted; answers how many are new, and how many were accepted."""
    _forget_taken_back(session)
    accepted = _accepted(session, week)
    known = {(page, item) for page, item in session.execute(select(schema.Audited.page, schema.Audited.item))}
    fallen = [row for row in accepted if (row.page, row.item) not in known and falls_to(share, seed, row.page, row.item)]
    if fallen:
        number = (session.scalar(select(func.max(schema.Audited.draw))) or 0) + 1
        session.add_all(
            schema.Audited(page=each.page, item=each.item, week=week, draw=number, answer=each.id, reading=each.reading, drawn_at=now())
            for each in fallen
        )
        record(session, DRAWN, week, draw=number, answers=len(fallen), share=share, seed=seed)
    return len(fallen), len(accepted)


def waiting(session: Session, week: str = "") -> list[Drawn]:
    """What was drawn and no person has looked at, of one week or of all; in the order of the pictures, so that pages stay together."""
    audited, answer = schema.Audited, schema.Answer
    columns = (audited.page, audited.item, audited.week, schema.Page.assignment, audited.reading, answer.scan)
    wanted = select(*columns).join(schema.Page, schema.Page.id == audited.page).join(answer, answer.id == audited.answer)
    wanted = wanted.where(audited.confirmed_at.is_(None), schema.Page.void.is_(False))
    found = [
        Drawn(page, item, of, work, tuple(reading), scan)
        for page, item, of, work, reading, scan in session.execute(wanted.where(audited.week == week) if week else wanted)
    ]
    return sorted(found, key=lambda each: (each.week, each.scan or 0, each.page, item_order(each.item)))


def sums(session: Session) -> list[Sum]:
    """What is known, by week in order; the last is the sum of all. What was drawn of a page that was withdrawn counts only if somebody looked at it before."""
    audited = schema.Audited
    by_week = select(audited.week, func.count(), func.count(audited.confirmed_at)).join(schema.Page, schema.Page.id == audited.page)
    by_week = by_week.where(or_(audited.confirmed_at.is_not(None), schema.Page.void.is_(False)))
    by_week = by_week.group_by(audited.week).order_by(audited.week)
    wrong = select(audited.week, func.count()).where(audited.wrong.is_(True)).group_by(audited.week)
    errors = dict(session.execute(wrong).all())
    found = [Sum(week, drawn, confirmed, errors.get(week, 0)) for week, drawn, confirmed in session.execute(by_week)]
    return [*found, together(found)]


def together(found: Iterable[Sum]) -> Sum:
    """The sum over weeks."""
    rows = list(found)
    return Sum("", sum(each.drawn for each in rows), sum(each.audited for each in rows), sum(each.errors for each in rows))


def confirm(session: Session, page: str, item: str, value: str) -> Word:
    """Note that a person read `value` at a drawn answer, as `scanning.amend.amend` takes it, in printed letters; the same again changes nothing.

    The answer is superseded where it differs, unless a person has given it another value since: that word stands. Raises what `amend` raises, NotFound
    where the answer was not drawn.
    """
    amended = heard(session, page, item, value, printed=True)
    row = session.get(schema.Audited, (amended.page, amended.after.item))
    if row is None:
        text = _("The answer to question {item} of the page {page} was not drawn.").format(item=item, page=page)
        raise NotFound(text, _("`poshta scan audit` lists those that were. Any answer may be changed with `poshta grades amend`."))
    said, reading = amended.after.reading, tuple(row.reading)
    earlier = None if row.confirmed_at is None else tuple(row.said or ())
    wrong = sorted(said) != sorted(reading)
    held = amended.before
    other = held is not None and held.decided_by != READER and earlier != held.reading and not _alike(held, said)
    changed = held is not None and not other and not _alike(held, said)
    noted = earlier != said
    number = decide(session, amended.after) if changed else None
    if noted or changed:
        details: dict[str, object] = {"item": row.item, "record": number, "superseded": held.id if changed and held else None}
        details["before"] = {"said": row.said, "wrong": row.wrong, "at": row.confirmed_at.isoformat() if row.confirmed_at else None}
        row.said, row.wrong, row.confirmed_at = list(said), wrong, now()
        record(session, CONFIRMED, row.page, **details)
    letters = letters_of(session, row.page, row.item)
    return Word(amended, row.week, reading, said, wrong, noted, changed, held if other else None, letters)


def _alike(held: Recorded, said: Sequence[str]) -> bool:
    """Whether the record is decided, and says what the person said."""
    return held.state in DECIDED and sorted(held.reading) == sorted(said)


def _accepted(session: Session, week: str) -> list[schema.Answer]:
    """The answers of a week that stand, decided by the reader alone."""
    answer, page = schema.Answer, schema.Page
    wanted = select(answer).join(page, page.id == answer.page).where(page.week == week, page.void.is_(False))
    wanted = wanted.where(answer.superseded_by.is_(None), answer.decided_by == READER, answer.state.in_(DECIDED))
    return list(session.scalars(wanted.order_by(answer.page, answer.item)))


def _forget_taken_back(session: Session) -> None:
    """Let go of draws whose answers are gone because the picture was filed under a wrong page: nobody can look at them."""
    gone = schema.Audited.answer.not_in(select(schema.Answer.id))
    session.execute(delete(schema.Audited).where(schema.Audited.confirmed_at.is_(None), gone))

"""What all classes of a desk made of an assignment: earlier weeks count, a child once, withdrawn pages never, and nothing is told of few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from packets.assignment import Assignment
from packets.token import short_code
from records import schema
from records.grades import Decision, decide, recorded
from records.home import Home
from records.small_cells import FEW
from scanning.pooled import Pool
from scanning.returns import gather
from scanning.statistics import ClassFigures
from tests.scanning.paper import RETURN_BY, WEEK, WORK, open_desk

EARLIER = "2026-W30"
TWIN = replace(WORK, code="math-5-summer", week=EARLIER, title="Жаз")


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-27")
    home: Home = open_desk(tmp_path / "desk")
    with home.database.write() as session:
        yield session
    home.close()


def _answered(session: Session, pupil: str, points: int, lesson: Assignment = WORK, school: str = "S2", void: bool = False) -> None:
    """A pupil elsewhere, one page of whom was read: the first question only."""
    code, identity = f"{lesson.week}-{pupil}", f"{int.from_bytes(sha256(f'{lesson.code} {pupil}'.encode()).digest()[:7]):014x}"
    layout = session.get_one(schema.Page, f"{1:013x}2").layout
    packet = {"sheets": 1, "grams": 9, "return_by": RETURN_BY, "built_at": datetime(2026, 9, 1), "input_digest": "", "pdf_digest": ""}
    session.add(schema.Packet(code=code, week=lesson.week, pupil=pupil, kato="5", school=school, state="built", pdf="", **packet))
    session.flush()
    place = {"kind": "worksheet", "number": 2, "of": 2, "pdf": "", "pdf_page": 2, "layout": layout, "key_id": "k", "void": void}
    whose = {"week": lesson.week, "packet": code, "pupil": pupil, "assignment": lesson.code, "short_code": short_code(identity)}
    session.add(schema.Page(id=identity, **whose, **place))
    session.flush()
    decide(session, Decision(identity, "1", ("A",), (), "read", "", Decimal(points), Decimal(1), "reader", None))


def _twin(session: Session, lesson: Assignment = TWIN) -> None:
    named = {"code": lesson.code, "week": lesson.week, "subject": lesson.subject, "grade": lesson.grade, "language": lesson.language}
    digests = {"printed_digest": lesson.printed_digest, "key_digest": lesson.key_digest, "definition": lesson.as_json()}
    session.add(schema.Assignment(**named, **digests, kind=lesson.kind, title=lesson.title, added_at=datetime(2026, 7, 1)))
    session.flush()


def _beside(session: Session, *pupils: str) -> ClassFigures | None:
    return Pool(session, WEEK, {WORK.code: WORK}, recorded(session, week=WEEK)).beside(WORK.code, pupils)


@pytest.mark.parametrize("others", [FEW - 1, FEW])
def test_nothing_is_told_of_fewer_than_five_others(session: Session, others: int) -> None:
    for number in range(others):
        _answered(session, f"Q{number}", number % 2)
    _answered(session, "OWN", 1, school="S1")
    found = _beside(session, "OWN")
    assert (found is not None) == (others >= FEW)
    assert found is None or (found.pupils, found.questions[0].decided) == (FEW + 1, FEW + 1)
    assert _beside(session, "OWN", "Q0") is None


def test_the_same_assignment_of_an_earlier_week_counts_and_a_child_once(session: Session) -> None:
    _twin(session)
    for number in range(FEW):
        _answered(session, f"Q{number}", 0, TWIN)
    _answered(session, "Q0", 1)
    found = _beside(session)
    assert found is not None
    assert (found.pupils, found.questions[0].share) == (FEW, Decimal("0.2"))


@pytest.mark.parametrize(
    "other",
    [
        replace(TWIN, language="ru"),
        replace(TWIN, week="2026-W50"),
        replace(TWIN, parts=(replace(WORK.questions[0], text="1/2 + 1/3 = ?"), *WORK.parts[1:])),
    ],
)
def test_what_was_asked_otherwise_or_later_does_not_count(session: Session, other: Assignment) -> None:
    _twin(session, other)
    for number in range(FEW):
        _answered(session, f"Q{number}", 0, other)
    assert _beside(session) is None


def test_withdrawn_pages_do_not_count(session: Session) -> None:
    for number in range(FEW):
        _answered(session, f"Q{number}", 0, void=number == 0)
    assert _beside(session) is None


def test_a_return_carries_the_figures_of_everybody_beside_those_of_its_class(session: Session) -> None:
    assert date(2026, 10, 26) == RETURN_BY
    for number in range(FEW):
        _answered(session, f"Q{number}", 0)
    (mine, theirs) = gather(session, WEEK)
    assert (mine.school, theirs.school) == ("S1", "S2")
    assert mine.works[0].everybody is not None
    assert mine.works[0].figures.pupils == 0
    assert theirs.works[0].everybody is None

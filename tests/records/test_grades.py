"""Grade records: superseded, never updated; one current record for a question, however many desks decide at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from records.database import Database
from records.errors import Busy, NotFound
from records.grades import Decision, decide, decide_all, item_order, last_id, recorded, standing
from records.schema import Answer, Assignment, Layout, Packet, Page, Pupil

PAGE, OTHER = "00000000000001", "00000000000002"
MOMENT = datetime(2026, 10, 20, 9, 0)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    yield from _filled(Database(database_url))


def _filled(database: Database) -> Iterator[Database]:
    database.upgrade()
    with database.write() as session:
        session.add(Pupil(code="P1", grade=5, language="kk", kato="591000000"))
        session.add(Layout(digest="L", geometry={}, blank=b""))
        session.add(
            Assignment(
                code="math", week="2026-W41", subject="math", grade=5, language="kk", kind="formative", title="", definition={}, printed_digest="", key_digest="k",
                added_at=MOMENT,
            )
        )  # fmt: skip
        session.add(
            Packet(
                code="K1", week="2026-W41", pupil="P1", kato="591000000", state="built", input_digest="", pdf="", pdf_digest="", sheets=1, grams=5,
                return_by=date(2026, 10, 20), built_at=MOMENT,
            )
        )  # fmt: skip
        session.flush()
        for number, page in enumerate((PAGE, OTHER), start=1):
            session.add(
                Page(
                    id=page, short_code=page, kind="worksheet", week="2026-W41", packet="K1", pupil="P1", assignment="math", number=number, of=2, pdf="", pdf_page=1,
                    layout="L", key_id="k",
                )
            )  # fmt: skip
    yield database
    database.close()


def _decision(item: str = "1", reading: str = "A", points: str = "1", page: str = PAGE, decided_by: str = "reader") -> Decision:
    return Decision(page, item, (reading,), (), "read", "", Decimal(points), Decimal(2), decided_by, None)


def test_a_later_decision_supersedes_and_the_earlier_one_stays_for_appeals(database: Database) -> None:
    with database.write() as session:
        first = decide(session, _decision(reading="A"))
    with database.write() as session:
        second = decide(session, _decision(reading="B", points="0", decided_by="person"))
    with database.read() as session:
        rows = session.scalars(select(Answer).order_by(Answer.id)).all()
        assert [(row.id, row.reading, row.superseded_by) for row in rows] == [(first, ["A"], second), (second, ["B"], None)]
        assert [record.id for record in recorded(session)] == [second]


def test_saying_the_same_again_changes_nothing(database: Database) -> None:
    for points in ("1", "1.0", "1.00"):
        with database.write() as session:
            decide(session, _decision(points=points))
    with database.read() as session:
        assert len(session.scalars(select(Answer)).all()) == 1


def test_two_decisions_about_one_question_in_one_call_leave_the_later(database: Database) -> None:
    with database.write() as session:
        first, second = decide_all(session, [_decision(reading="A"), _decision(reading="B")])
    with database.read() as session:
        assert first != second
        assert standing(session, PAGE)["1"].reading == ("B",)


def test_points_keep_every_digit(database: Database) -> None:
    with database.write() as session:
        decide(session, _decision(points="0.10"))
    with database.read() as session:
        assert str(recorded(session)[0].points) == "0.10"


def test_records_are_narrowed_and_stand_in_the_order_of_page_and_question(database: Database) -> None:
    with database.write() as session:
        decide_all(session, [_decision("10"), _decision("2"), _decision("1", page=OTHER), _decision("5b"), _decision("5a")])
    with database.read() as session:
        found = recorded(session, week="2026-W41", packet="K1", pupil="P1", assignment="math")
        assert [(record.page, record.item) for record in found] == [(PAGE, "2"), (PAGE, "5a"), (PAGE, "5b"), (PAGE, "10"), (OTHER, "1")]
        assert recorded(session, week="2026-W42") == []
        assert recorded(session, packet="K2") == []
        assert (found[0].pupil, found[0].packet, found[0].assignment, found[0].week) == ("P1", "K1", "math", "2026-W41")


def test_a_page_that_was_never_printed_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound), database.write() as session:
        decide(session, _decision(page="ffffffffffffff"))
    with database.read() as session:
        assert last_id(session) == 0


def test_a_failure_in_the_middle_leaves_no_half_superseded_record(database: Database) -> None:
    with database.write() as session:
        decide(session, _decision(reading="A"))

    def act() -> None:
        with database.write() as session:
            decide(session, _decision(reading="B"))
            raise RuntimeError("a power cut")

    with pytest.raises(RuntimeError):
        act()
    with database.read() as session:
        assert standing(session, PAGE)["1"].reading == ("A",)


def _race(database: Database, rounds: int = 12) -> list[BaseException]:
    """Four writers decide the same question of the same page, over and over, each time something else."""
    failures: list[BaseException] = []
    start = threading.Barrier(4)

    def writer(name: str) -> None:
        start.wait()
        for round_number in range(rounds):
            try:
                with database.write() as session:
                    decide(session, _decision(reading=f"{name}{round_number}"))
            except BaseException as failure:
                failures.append(failure)

    threads = [threading.Thread(target=writer, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_desks_that_decide_at_once_leave_one_chain_without_gaps(database: Database) -> None:
    assert _race(database) == []
    with database.read() as session:
        rows = session.scalars(select(Answer).order_by(Answer.id)).all()
        assert len(rows) == 48
        assert [row.superseded_by for row in rows] == [row.id for row in rows[1:]] + [None]


def test_without_the_lock_the_race_is_real(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite's write lock is the lock")
    monkeypatch.setattr(Database, "_become_writer", lambda *_: None)
    failures = _race(database)
    assert failures, "the test above would prove nothing"
    assert all(isinstance(failure, Busy) or "uq_answer_current" in str(failure) for failure in failures)


@pytest.mark.parametrize(("first", "second"), [("2", "10"), ("5", "5a"), ("5a", "5b"), ("9b", "10a"), ("1", "2")])
def test_questions_sort_as_a_person_counts(first: str, second: str) -> None:
    assert item_order(first) < item_order(second)

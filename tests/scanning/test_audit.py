"""`poshta scan audit`: a seeded share of the accepted answers, each drawn once, a person's word on it, and the bound that follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import comb
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import schema
from records.home import Home
from records.journal import entries
from scanning.audit import CONFIRMED, falls_to, upper_bound
from scanning.audit_command import percent
from tests.scanning.desks import desk_that_reads_notes
from tests.scanning.paper import WEEK, Sheet, page, save

Poshta = Callable[..., Any]
ALL = ("scan", "audit", "--week", WEEK, "--share", "1")
ANSWERS = {("P1", 2, "1"): ["A"], ("P1", 2, "2"): ["A", "C"], ("P1", 3, "3"): ["84"], ("P2", 2, "2"): []}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with desk_that_reads_notes(tmp_path / "desk", monkeypatch) as desk:
        yield desk


@pytest.fixture
def read(home: Home, tmp_path: Path, poshta: Poshta) -> Home:
    """Three pages: four answers that the reader accepted, an open answer that waits, and a doubt."""
    save(tmp_path / "scans" / "a.png", Sheet(page("P1", 2), {"1": "A", "2": "A,C"}))
    save(tmp_path / "scans" / "b.png", Sheet(page("P1", 3), {"3": "84", "4": ""}))
    save(tmp_path / "scans" / "c.png", Sheet(page("P2", 2), {"1": "?two_marks:A|B", "2": ""}))
    poshta("scan", str(tmp_path / "scans"))
    return home


def drawn(told: Any) -> set[tuple[str, str]]:
    return {(each["page"], each["item"]) for each in told.data["answers"]}


def answers(home: Home) -> list[tuple[Any, ...]]:
    with home.database.read() as session:
        rows = session.query(schema.Answer).order_by(schema.Answer.page, schema.Answer.item, schema.Answer.id)
        return [(row.page, row.item, row.reading, row.decided_by, row.superseded_by is None) for row in rows]


def test_what_the_reader_accepted_is_drawn_and_nothing_else(read: Home, poshta: Poshta) -> None:
    told = poshta(*ALL)
    assert (told.code, told.data["drawn"], told.data["accepted"]) == (3, 4, 4)
    assert {(each["page"], each["item"]): each["reading"] for each in told.data["answers"]} == {
        (page(pupil, number), item): reading for (pupil, number, item), reading in ANSWERS.items()
    }
    assert told.data["total"] == {"week": None, "drawn": 4, "audited": 0, "errors": 0, "upper": None}


def test_no_answer_is_drawn_twice_by_any_seed_and_new_ones_join(read: Home, tmp_path: Path, poshta: Poshta) -> None:
    first = poshta(*ALL)
    for words in (ALL, (*ALL, "--seed", "9")):
        again = poshta(*words)
        assert (again.data["drawn"], again.data["answers"]) == (0, first.data["answers"])
    poshta("scan", "audit", "confirm", page("P1", 2), "1", "A")
    save(tmp_path / "more.png", Sheet(page("P2", 3), {"3": "12", "4": ""}))
    poshta("scan", str(tmp_path / "more.png"))
    later = poshta(*ALL)
    assert (later.data["drawn"], drawn(later)) == (1, drawn(first) - {(page("P1", 2), "1")} | {(page("P2", 3), "3")})


def test_the_person_who_agrees_changes_nothing(read: Home, poshta: Poshta) -> None:
    poshta(*ALL)
    stood = answers(read)
    for item, value in (("1", "А"), ("2", "C,A")):  # Cyrillic, and in another order
        told = poshta("scan", "audit", "confirm", page("P1", 2), item, value)
        assert (told.code, told.data["wrong"], told.data["changed"]) == (0, False, False)
    told = poshta("scan", "audit", "confirm", page("P2", 2), "2", "")
    assert answers(read) == stood
    assert told.data["total"] == {"week": None, "drawn": 4, "audited": 3, "errors": 0, "upper": pytest.approx(1 - 0.05 ** (1 / 3))}


def test_where_the_person_differs_the_answer_follows_and_the_error_counts(read: Home, poshta: Poshta) -> None:
    poshta(*ALL)
    told = poshta("scan", "audit", "confirm", page("P1", 2), "1", "B")
    assert (told.data["reading"], told.data["said"], told.data["wrong"], told.data["changed"]) == (["A"], ["B"], True, True)
    found = poshta("grades", "answers", "--week", WEEK).data["answers"]
    (row,) = [each for each in found if (each["page"], each["item"]) == (page("P1", 2), "1")]
    assert (row["reading"], row["points"], row["decided_by"]) == (["B"], 0, "person")
    assert told.data["total"]["errors"] == 1
    with read.database.read() as session:
        assert [entry.subject for entry in entries(session, CONFIRMED)] == [page("P1", 2)]
    stood = answers(read)
    again = poshta("scan", "audit", "confirm", page("P1", 2), "1", "B")
    assert (again.data["noted"], again.data["changed"], answers(read)) == (False, False, stood)
    mended = poshta("scan", "audit", "confirm", page("P1", 2), "1", "A")  # the person looked again
    assert (mended.data["wrong"], mended.data["changed"], mended.data["total"]["errors"]) == (False, True, 0)


def test_another_persons_later_word_stands_and_is_told(read: Home, poshta: Poshta) -> None:
    poshta(*ALL)
    poshta("grades", "amend", page("P1", 2), "1", "C")
    stood = answers(read)
    told = poshta("scan", "audit", "confirm", page("P1", 2), "1", "B")
    assert (told.code, told.data["stands"], told.data["wrong"], told.data["changed"]) == (3, ["C"], True, False)
    assert answers(read) == stood
    same = poshta("scan", "audit", "confirm", page("P1", 2), "1", "C")
    assert (same.code, same.data["wrong"], same.data["changed"], answers(read)) == (0, True, False, stood)


def test_a_word_and_a_draw_are_taken_back(read: Home, poshta: Poshta) -> None:
    before = answers(read)
    poshta(*ALL)
    poshta("scan", "audit", "confirm", page("P1", 2), "1", "B")
    poshta("scan", "audit", "confirm", page("P1", 3), "3", "84")
    told = [poshta("undo") for _times in range(2)]
    assert [each.code for each in told] == [0, 0]
    assert [row[2] for row in answers(read) if row[:2] == (page("P1", 2), "1") and row[4]] == [["A"]]
    assert poshta("scan", "audit").data["total"] == {"week": None, "drawn": 4, "audited": 0, "errors": 0, "upper": None}
    assert poshta("undo").data["action"] == "scan.audit"
    assert poshta("scan", "audit").data["total"]["drawn"] == 0
    assert [row[:4] for row in answers(read) if row[4]] == [row[:4] for row in before]


def test_a_draw_of_which_some_is_confirmed_stays(read: Home, poshta: Poshta) -> None:
    poshta(*ALL)
    poshta("scan", "audit", "confirm", page("P1", 2), "1", "A")
    with read.database.write() as session:
        session.query(schema.Act).filter_by(action=CONFIRMED).delete()
    assert poshta("undo").code == 7
    assert poshta("scan", "audit").data["total"]["drawn"] == 4


def test_an_answer_that_was_not_drawn_is_not_confirmed(read: Home, poshta: Poshta) -> None:
    told = poshta("scan", "audit", "confirm", page("P1", 2), "1", "A")
    assert (told.code, "grades amend" in told.body["errors"][0]["hint"]) == (6, True)
    poshta(*ALL)
    assert poshta("scan", "audit", "confirm", page("P1", 2), "1", "Z").code == 4
    assert poshta("scan", "audit", "confirm", page("P1", 2), "1", "A,B").code == 4
    assert poshta("scan", "audit", "confirm", "nonsense", "1", "A").code == 6


@pytest.mark.parametrize(
    "words",
    [("--share", "0.5"), ("--seed", "2"), ("--week", WEEK, "--share", "0"), ("--week", WEEK, "--share", "1.1"), ("--week", "2026-W60")],
)
def test_what_makes_no_sense_is_refused(home: Home, words: tuple[str, ...], poshta: Poshta) -> None:
    assert poshta("scan", "audit", *words).code == 2


def test_a_week_of_which_nothing_was_read_is_said_so(home: Home, poshta: Poshta) -> None:
    told = poshta("scan", "audit", "--week", WEEK)
    assert (told.code, told.data["drawn"], told.data["accepted"], told.data["answers"]) == (0, 0, 0, [])


def test_the_share_is_what_it_says_and_a_larger_one_holds_the_smaller() -> None:
    places = [(f"{number:014x}", str(item)) for number in range(5000) for item in range(4)]
    small, large = ({place for place in places if falls_to(share, 3, *place)} for share in (0.02, 0.1))
    assert 340 < len(small) < 460
    assert 1880 < len(large) < 2120
    assert small < large
    other = {place for place in places if falls_to(0.02, 4, *place)}
    assert len(small & other) < 30
    assert all(falls_to(1, 5, *place) for place in places)


@given(st.integers(1, 60).flatmap(lambda audited: st.tuples(st.integers(0, audited - 1), st.just(audited))))
def test_at_the_bound_so_few_errors_have_a_chance_of_one_in_twenty(seen: tuple[int, int]) -> None:
    errors, audited = seen
    share = upper_bound(errors, audited)
    chance = sum(comb(audited, count) * share**count * (1 - share) ** (audited - count) for count in range(errors + 1))
    assert chance == pytest.approx(0.05, abs=1e-9)


def test_the_bound_is_that_of_the_books() -> None:
    """Three in n, and all wrong; 1 of 100 by R's binom.test(1, 100, alternative="less")."""
    assert upper_bound(0, 300) == pytest.approx(0.00994, abs=1e-5)
    assert upper_bound(1, 100) == pytest.approx(0.04656, abs=1e-5)
    assert upper_bound(5, 5) == 1


def test_a_bound_is_never_rounded_down() -> None:
    assert percent(0.010001) == "1.01"
    assert percent(upper_bound(0, 10_000)) == "0.0300"
    assert percent(1.0) == "100"


def test_an_export_carries_the_bound(read: Home, tmp_path: Path, poshta: Poshta) -> None:
    poshta(*ALL)
    poshta("scan", "audit", "confirm", page("P1", 2), "1", "B")
    told = poshta("grades", "export", str(tmp_path / "answers.json"), "--week", WEEK)
    assert told.data["audit"] == {"week": None, "drawn": 4, "audited": 1, "errors": 1, "upper": 1.0}
    assert '"upper": 1.0' in (tmp_path / "answers.json").read_text(encoding="utf-8")

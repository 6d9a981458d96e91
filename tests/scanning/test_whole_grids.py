"""A grid that counts only as a whole, on a desk: every word on one row moves the points of all, everywhere alike, and no record but its own."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from records.grades import standing
from records.home import Home
from scanning.audit import confirm
from scanning.review_decisions import decide_case, set_aside, take_back_case
from tests.scanning.rejudged import TOML
from tests.scanning.whole_grids import DOUBT, WRONG, copied_desk, file, points, printed_desk, records, say, scan, total
from tests.small_desk import WEEK, here


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return printed_desk(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def home(printed: Path, tmp_path: Path) -> Iterator[Home]:
    yield from copied_desk(printed, tmp_path)


def test_all_rows_right_earn_the_points_and_one_wrong_row_earns_them_nothing(home: Home) -> None:
    scan(home, {})
    scan(home, WRONG, pupil="P3")
    assert points(home) == {"1": 1, "2a": 0.33, "2b": 0.33, "2c": 0.34}
    assert points(home, "P3") == {"1": 1, "2a": 0, "2b": 0, "2c": 0}
    assert [(total(home, who)["points"], total(home, who)["max_points"], total(home, who)["percent"]) for who in ("P1", "P3")] == [
        (2, 2, 100),
        (1, 2, 50),
    ]


def test_while_a_row_is_in_doubt_nothing_is_told_of_the_others_points_unless_one_is_wrong(home: Home) -> None:
    scan(home, DOUBT)
    assert points(home) == {"1": 1, "2a": None, "2b": None, "2c": None}
    assert (total(home)["points"], total(home)["doubts"], total(home)["mark"]) == (1, 1, None)
    say(home, "2c", "A")
    assert points(home) == {"1": 1, "2a": 0, "2b": None, "2c": 0}


def test_the_grade_book_keeps_a_mark_open_between_nothing_and_all_points_of_the_grid(home: Home) -> None:
    scan(home, DOUBT)
    (work,) = [each for each in here(home.path, "grades", "book", "--week", WEEK).data["works"] if each["pupil"] == "P1"]
    assert (work["points"], work["possible"], work["max_points"]) == (1, 2, 2)
    assert [(each["item"], each["why"], each["max_points"]) for each in work["undecided"]] == [("2b", "doubt", 1)]
    say(home, "2c", "A")
    (work,) = [each for each in here(home.path, "grades", "book", "--week", WEEK).data["works"] if each["pupil"] == "P1"]
    assert (work["points"], work["possible"]) == (1, 1)


# ---- words on one row


@pytest.mark.parametrize("order", list(permutations([("2a", "A"), ("2b", "B"), ("2c", "C")])))
def test_in_whatever_order_rows_are_decided_the_end_is_the_same(home: Home, order: tuple[tuple[str, str], ...]) -> None:
    scan(home, {"2a": "B:rubbed", "2b": "B:rubbed", "2c": "C:rubbed"})
    for place, (item, value) in enumerate(order, start=1):
        told = say(home, item, value)
        assert told["grid"]["points"] == (1 if place == 3 else None)
        assert len(told["grid"]["waiting"]) == 3 - place
    assert points(home) == {"1": 1, "2a": 0.33, "2b": 0.33, "2c": 0.34}
    assert total(home)["points"] == 2


def test_a_word_on_one_row_touches_no_record_of_another_and_undo_brings_all_back(home: Home) -> None:
    scan(home, DOUBT)
    before, sums = records(home), points(home)
    told = say(home, "2b", "A")
    assert (told["before"]["points"], told["points"], told["grid"]["right"]) == (None, 0, 2)
    assert points(home) == {"1": 1, "2a": 0, "2b": 0, "2c": 0}
    assert {row[2] for row in records(home) if row not in before} == {"2b"}
    assert here(home.path, "undo").code == 0
    assert points(home) == sums
    say(home, "2b", "B")
    assert total(home)["points"] == 2
    assert here(home.path, "undo").code == 0
    assert points(home) == sums


def test_a_right_row_is_told_to_earn_nothing_before_and_after_while_another_is_wrong(home: Home) -> None:
    scan(home, WRONG)
    told = say(home, "2a", "A")
    assert (told["changed"], told["reading"], told["before"]["points"], told["points"]) == (True, ["A"], 0, 0)
    assert (told["grid"]["right"], told["grid"]["points"], told["grid"]["max_points"]) == (2, 0, 1)
    assert say(home, "2b", "B")["grid"]["points"] == 1


def test_two_rows_are_decided_and_each_can_be_taken_back_after_the_other(home: Home) -> None:
    """Records of siblings that moved with a word would stand in the way of undoing the earlier one."""
    scan(home, {"2a": "B:rubbed", "2b": "B:rubbed"})
    sums = points(home)
    say(home, "2a", "A")
    say(home, "2b", "B")
    assert total(home)["points"] == 2
    assert [here(home.path, "undo").code for _each in range(2)] == [0, 0]
    assert points(home) == sums


def test_on_the_page_of_the_review_a_word_can_be_taken_back_after_another_row_was_decided(home: Home) -> None:
    page = scan(home, {"2a": "B:rubbed", "2b": "B:rubbed"})
    sums = points(home)
    with home.database.write() as session:
        seen = {item: each.id for item, each in standing(session, page).items()}
        made = decide_case(session, seen["2a"], "A")
        decide_case(session, seen["2b"], "B")
    assert points(home)["2c"] == 0.34
    with home.database.write() as session:
        take_back_case(session, made)
    assert (points(home)["2c"], total(home)["doubts"]) == (None, 1)
    with home.database.write() as session:
        set_aside(session, standing(session, page)["2a"].id)
    assert points(home) == sums


def test_an_audit_that_finds_a_row_read_wrongly_takes_the_points_of_all_and_its_undo_gives_them_back(home: Home) -> None:
    page = scan(home, {})
    assert here(home.path, "scan", "audit", "--week", WEEK, "--share", "1").code in {0, 3}
    with home.database.write() as session:
        assert confirm(session, page, "2b", "A").wrong
    assert (total(home)["points"], points(home)["2a"]) == (1, 0)
    assert here(home.path, "undo").code == 0
    assert total(home)["points"] == 2


def test_a_second_copy_that_shows_the_row_gives_the_points_and_one_that_contradicts_takes_them(home: Home) -> None:
    scan(home, DOUBT)
    scan(home, {}, note="again")
    assert total(home)["points"] == 2
    scan(home, WRONG, note="third")
    assert points(home) == {"1": 1, "2a": None, "2b": None, "2c": None}
    assert total(home)["doubts"] == 1


# ---- keys and thresholds


def test_a_corrected_key_and_corrected_points_score_the_whole_again_and_twice_changes_nothing(home: Home, tmp_path: Path) -> None:
    scan(home, WRONG)
    assert here(home.path, "assignments", "add", file(tmp_path, "A, A, C", "2")).code == 0
    assert points(home) == {"1": 1, "2a": 0.66, "2b": 0.66, "2c": 0.68}
    assert (total(home)["points"], total(home)["max_points"]) == (3, 3)
    again = records(home)
    assert here(home.path, "assignments", "add", file(tmp_path, "A, A, C", "2")).code == 0
    assert (points(home)["2a"], records(home)) == (0.66, again)
    assert here(home.path, "assignments", "add", file(tmp_path)).code == 0
    assert total(home)["points"] == 1


def test_judging_again_tells_whose_points_change_by_the_whole_grid_and_its_undo_brings_them_back(home: Home) -> None:
    scan(home, {"2b": "B:tick"})
    assert total(home)["points"] == 2
    (home.path / "poshta.toml").write_text(TOML, encoding="utf-8")
    trial = here(home.path, "scan", "rejudge", "--week", WEEK)
    told = here(home.path, "scan", "rejudge", "--week", WEEK, "--apply")
    for each in (trial, told):
        (change,) = each.data["points"]
        assert (change["pupil"], change["before"], change["after"], change["max_points"]) == ("P1", 2, 1, 2)
    assert total(home)["points"] == 1
    assert here(home.path, "scan", "rejudge", "--week", WEEK, "--apply").data["changes"] == []
    assert here(home.path, "undo").code == 0
    assert total(home)["points"] == 2

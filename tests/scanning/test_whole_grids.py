"""A grid that counts only as a whole, on a desk: every word on one row moves the points of all, everywhere alike, and no record but its own."""

import csv
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from packets.assignment import Assignment, ChoiceQuestion, GridQuestion
from packets.together import earned
from records import schema
from records.grades import Decision, standing
from records.home import Home, open_home
from scanning.audit import confirm
from scanning.batch import scan_files
from scanning.return_words import verdicts_on
from scanning.returns import gather
from scanning.review_decisions import decide_case, set_aside, take_back_case
from scanning.score import decision, is_right, scored_again
from scanning.statistics import class_figures
from scanning.verdict import Blank, Chosen, Judgement
from tests.packets.week import FIRST, open_desk, texts
from tests.scanning.measured_desk import measuring_reader
from tests.scanning.paper import Sheet, save
from tests.scanning.rejudged import TOML
from tests.small_desk import AFTER, BEFORE, NEXT_WEEK, WEEK, here

WORK = """
assignment: geo-5
subject: world
grade: 5
language: kk
title: Өзендер
kind: unit
week: 2026-W41
parts:
  - question: "1/2 + 1/4 = ?"
    choices: ["3/4", "1/6"]
    answer: A
    points: 1
  - question: "Қайда құяды?"
    rows: ["Іле", "Жайық", "Сырдария"]
    columns: ["Балқаш", "Каспий", "Арал"]
    answer: [{key}]
    points: {points}
    partial: false
"""
KEY = "A, B, C"
RIGHT = {"1": "A:filled", "2a": "A:filled", "2b": "B:filled", "2c": "C:filled"}
DOUBT = {"2b": "B:rubbed"}
WRONG = {"2b": "A:filled"}


def file(folder: Path, key: str = KEY, points: str = "1") -> str:
    (folder / "geo.yaml").write_text(WORK.format(key=key, points=points), encoding="utf-8")
    return str(folder / "geo.yaml")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that has printed the assignment for two pupils."""
    folder = tmp_path_factory.mktemp("whole")
    open_desk(folder / "desk", weeks=()).close()
    assert here(folder / "desk", "assignments", "add", file(folder), day=BEFORE).code == 0
    assert here(folder / "desk", "packets", "build", "--week", WEEK, day=BEFORE).code in {0, 3}
    return folder / "desk"


@pytest.fixture
def home(printed: Path, tmp_path: Path) -> Iterator[Home]:
    shutil.copytree(printed, tmp_path / "desk")
    desk = open_home(tmp_path / "desk")
    yield desk
    desk.close()


def page_of(home: Home, pupil: str = "P1") -> str:
    with home.database.read() as session:
        wanted = select(schema.Page.id).where(schema.Page.pupil == pupil, schema.Page.assignment == "geo-5")
        return session.scalars(wanted).one()


def scan(home: Home, *marks: dict[str, str], pupil: str = "P1", note: str = "") -> str:
    """File sheets of a pupil with these marks beside those of a faultless one; answers the page."""
    page, folder = page_of(home, pupil), home.path.parent
    files = [save(folder / f"{pupil}{note}{n}.png", Sheet(page, RIGHT | each), note=f"{note}{n}") for n, each in enumerate(marks)]
    scan_files(home, files, 1, measuring_reader)
    return page


def points(home: Home, pupil: str = "P1") -> dict[str, float | None]:
    """What each answer earns, as `grades answers` tells it."""
    told = here(home.path, "grades", "answers", "--week", WEEK).data["answers"]
    return {each["item"]: each["points"] for each in told if each["pupil"] == pupil}


def total(home: Home, pupil: str = "P1") -> dict[str, Any]:
    told = here(home.path, "grades", "list", "--week", WEEK).data["grades"]
    return next(each for each in told if each["pupil"] == pupil)


def say(home: Home, item: str, value: str, *more: str) -> dict[str, Any]:
    told = here(home.path, "grades", "amend", page_of(home), item, value, *more)
    assert told.code == 0, told.err
    return told.data


def records(home: Home) -> list[tuple[Any, ...]]:
    """All records of answers, but for their moments."""
    with home.database.read() as session:
        row = schema.Answer
        columns = (row.id, row.page, row.item, row.reading, row.state, row.points, row.max_points, row.decided_by, row.superseded_by)
        return [tuple(map(str, each)) for each in session.execute(select(*columns).order_by(row.id))]


# ---- what the scanner saw


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


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "2 of 3 rows are right: 0 of 1 points"),
        ("ru", "верных строк 2 из 3, баллов 0 из 1"),
        ("kk", "3 жолдың ішінен 2 жол дұрыс, 1 балдан 0 балл"),
    ],
)
def test_amend_and_history_say_how_the_grid_stands(home: Home, lang: str, said: str) -> None:
    page = scan(home, DOUBT)
    assert said in here(home.path, "grades", "amend", page, "2b", "A", lang=lang, json=False).out
    assert said in here(home.path, "grades", "history", page, "2a", lang=lang, json=False).out
    told = here(home.path, "grades", "history", page, "2a").data
    assert (len(told["records"]), told["records"][0]["points"], told["grid"]["points"]) == (1, 0.33, 0)
    assert "2b, 2c." in here(home.path, "grades", "history", page, "2a", lang=lang, json=False).out
    assert here(home.path, "grades", "history", page, "1").data["grid"] is None


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


# ---- what teachers and pupils read


def test_every_list_export_and_page_tells_the_same_sum(home: Home, tmp_path: Path) -> None:
    scan(home, WRONG)
    scan(home, {}, pupil="P3")
    assert here(home.path, "grades", "export", str(tmp_path / "a.json"), "--week", WEEK).code in {0, 3}
    tables = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    sums: dict[str, float] = {}
    for each in tables["answers"]:
        sums[each["pupil"]] = sums.get(each["pupil"], 0) + (each["points"] or 0)
    assert sums == {"P1": 1, "P3": 2}
    assert here(home.path, "grades", "entry", str(tmp_path / "e.csv"), "--week", WEEK).code in {0, 3}
    with (tmp_path / "e.csv").open(encoding="utf-8-sig", newline="") as rows:
        assert {each["pupil"]: float(each["points"]) for each in csv.DictReader(rows) if each["points"]} == {"P1": 1, "P3": 2}


def test_a_list_of_answers_says_why_a_right_row_may_earn_nothing(home: Home) -> None:
    scan(home, WRONG)
    said = "earn its points together, or nothing"
    assert said in here(home.path, "grades", "answers", "--week", WEEK, json=False).out


def test_a_return_shows_which_rows_were_right_and_the_points_of_the_grid_once(home: Home) -> None:
    page = scan(home, WRONG)
    scan(home, DOUBT, pupil="P3")
    with home.database.read() as session:
        (report,) = gather(session, WEEK)
    (work,) = report.works
    told = {}
    for pupil in work.pupils:
        (sheet,) = [each for each in pupil.sheets if each.scan is not None]
        told[pupil.pupil] = [(each.held.item, str(each.held.points), each.points) for each in verdicts_on(work, pupil, sheet)]
        assert pupil.pupil != "P1" or sheet.page == page
    assert told["P1"] == [("1", "1", None), ("2a", "0.33", ""), ("2b", "0", ""), ("2c", "0.34", "0/1")]
    assert told["P3"][1:] == [("2a", "0.33", ""), ("2b", "None", ""), ("2c", "0.34", "?/1")]
    shares = {pupil.pupil: pupil.share for pupil in work.pupils}
    assert shares == {"P1": Decimal("0.5"), "P3": Decimal(1)}
    assert here(home.path, "returns", "--week", WEEK, day=AFTER).code in {0, 3}


@pytest.mark.parametrize(
    ("marks", "points", "said"),
    [
        (WRONG, "1 / 2", "2-сұрақ: 3 жолдың ішінен 2 жол дұрыс"),
        ({"2a": "B:filled", "2b": "A:filled", "2c": "A:filled"}, "1 / 2", ""),
        ({}, "2 / 2", ""),
        (DOUBT, "1 / 1", ""),
    ],
)
def test_the_next_cover_tells_the_sum_and_what_was_right_of_a_grid_that_earned_nothing(
    home: Home, tmp_path: Path, marks: dict[str, str], points: str, said: str
) -> None:
    scan(home, marks)
    later = Path(file(tmp_path)).read_text(encoding="utf-8").replace("geo-5", "geo-6").replace(WEEK, NEXT_WEEK)
    (tmp_path / "later.yaml").write_text(later, encoding="utf-8")
    assert here(home.path, "assignments", "add", str(tmp_path / "later.yaml")).code == 0
    assert here(home.path, "packets", "build", "--week", NEXT_WEEK, day=AFTER).code in {0, 3}
    words = " ".join(texts(home, f"packets/{NEXT_WEEK}/{FIRST}/{NEXT_WEEK}-P1.pdf")[0].split())
    assert f"{points} балл" in words
    assert (said in words) if said else ("жолдың ішінен" not in words)


@pytest.mark.parametrize("marks", [{}, {"2a": "B:filled", "2b": "B:rubbed"}], ids=["all right", "one wrong, one in doubt"])
def test_a_cover_that_is_drawn_again_tells_the_points_of_its_day_though_those_of_the_grid_were_corrected_since(
    home: Home, tmp_path: Path, marks: dict[str, str]
) -> None:
    scan(home, marks)
    later = Path(file(tmp_path)).read_text(encoding="utf-8").replace("geo-5", "geo-6").replace(WEEK, NEXT_WEEK)
    (tmp_path / "later.yaml").write_text(later, encoding="utf-8")
    assert here(home.path, "assignments", "add", str(tmp_path / "later.yaml")).code == 0
    assert here(home.path, "packets", "build", "--week", NEXT_WEEK, day=AFTER).code in {0, 3}
    packet = home.path / "packets" / NEXT_WEEK / FIRST / f"{NEXT_WEEK}-P1.pdf"
    printed = packet.read_bytes()
    assert here(home.path, "assignments", "add", file(tmp_path, points="4"), day=AFTER).code == 0
    packet.unlink()
    assert here(home.path, "packets", "build", "--week", NEXT_WEEK, day=AFTER).data["redrawn"] == 1
    assert packet.read_bytes() == printed


# ---- random keys and answers


@st.composite
def marked(draw: st.DrawFn) -> tuple[GridQuestion, GridQuestion, list[Judgement]]:
    """A whole grid, the same with a corrected key and other points, and what was read of its rows."""
    rows, columns = draw(st.integers(2, 10)), draw(st.integers(2, 8))
    letters = st.sampled_from("ABCDEFGH"[:columns])
    keys = [tuple(draw(st.lists(letters, min_size=rows, max_size=rows))) for _each in range(2)]
    worth = [Decimal(draw(st.integers(rows, 5000))) / 100 for _each in range(2)]
    words = tuple(map(str, range(rows))), tuple(map(str, range(columns)))
    before, after = (GridQuestion("7", "?", *words, key, points, whole=True) for key, points in zip(keys, worth, strict=True))
    seen: list[Judgement] = [draw(st.sampled_from([Chosen((key,))] * 3 + [Chosen((draw(letters),))]) | st.just(Blank())) for key in keys[0]]
    return before, after, seen


@given(marked())
def test_by_any_key_the_rows_earn_all_points_or_none_and_a_corrected_key_earns_what_it_would_have_from_the_first(
    drawn: tuple[GridQuestion, GridQuestion, list[Judgement]],
) -> None:
    before, after, seen = drawn

    def read(grid: GridQuestion) -> dict[str, Decision]:
        made = (decision("p", row, each, 1) for row, each in zip(grid.row_questions, seen, strict=True))
        return {each.item: each for each in made}

    for grid in (before, after):
        right = [each == Chosen((key,)) for each, key in zip(seen, grid.answer, strict=True)]
        assert sum(each or 0 for each in earned(grid.row_questions, read(grid)).values()) == (grid.points if all(right) else 0)
        assert [is_right(row, read(grid)[row.number].points) for row in grid.row_questions] == right
    again = {row.number: scored_again(row, read(before)[row.number]) for row in after.row_questions}
    assert again == read(after)
    assert {row.number: scored_again(row, again[row.number]) for row in after.row_questions} == again


# ---- figures of a class

ALONE = tuple(ChoiceQuestion(str(n), f"?{n}", ("а", "б"), ("A",), False, False, Decimal(1)) for n in (1, 3))
GRID = GridQuestion("2", "?", ("1", "2", "3"), ("а", "б"), ("A", "A", "A"), Decimal(1), whole=True)
ITEMS = ("1", "2a", "2b", "2c", "3")


def figures(rows: Sequence[Sequence[bool]], whole: bool = True) -> Any:
    """Of pupils of whom it is told which answers are right."""
    work = Assignment("m", "math", 5, "kk", "т", "unit", WEEK, None, (ALONE[0], replace(GRID, whole=whole, points=Decimal(1)), ALONE[1]))
    questions = {each.number: each for each in work.questions}

    def held(item: str, right: bool) -> Decision:
        most = questions[item].points
        return Decision("p", item, ("A" if right else "B",), (), "read", "", most if right else Decimal(0), most, "reader", None)

    return class_figures(work, [{item: held(item, right) for item, right in zip(ITEMS, row, strict=True)} for row in rows])


@given(st.lists(st.tuples(*[st.booleans()] * 5), min_size=30, max_size=36))
def test_the_share_of_a_row_is_that_of_pupils_who_had_it_right_and_sums_count_the_grid_once(rows: list[tuple[bool, ...]]) -> None:
    found = figures(rows)
    for place, each in enumerate(found.questions):
        assert each.share == Decimal(sum(row[place] for row in rows)) / len(rows)
    sums = [row[0] + all(row[1:4]) + row[4] for row in rows]
    assert found.mean is not None
    assert abs(found.mean - Decimal(sum(sums)) / len(rows) / 3) < Decimal("1e-9")
    assert found.highest == Decimal(max(sums)) / 3
    merged = [(row[0], all(row[1:4]), row[4]) for row in rows]
    assert found.alpha == _one_by_one(merged)


def _one_by_one(rows: Sequence[tuple[bool, ...]]) -> Decimal | None:
    """Alpha of three ordinary questions."""
    three = tuple(ChoiceQuestion(str(n), f"?{n}", ("а", "б"), ("A",), False, False, Decimal(1)) for n in (1, 2, 3))
    work = Assignment("m", "math", 5, "kk", "т", "unit", WEEK, None, three)
    works = [
        {
            str(n): Decision("p", str(n), ("A",), (), "read", "", Decimal(right), Decimal(1), "reader", None)
            for n, right in enumerate(row, start=1)
        }
        for row in rows
    ]
    return class_figures(work, works).alpha


def test_a_row_is_held_against_the_other_questions_and_never_against_its_own_grid() -> None:
    """Rows that go together with each other and with nothing else must not tell pupils apart."""
    rows = [(one, grid, grid, grid, one) for one, grid in product((True, False), repeat=2) for _each in range(4)]
    found = {each.question.number: each.discrimination for each in figures(rows).questions}
    assert [found[item] for item in ("2a", "2b", "2c")] == [0, 0, 0]
    by_rows = {each.question.number: each.discrimination for each in figures(rows, whole=False).questions}
    assert by_rows["2a"] > Decimal("0.5")

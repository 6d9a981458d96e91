"""What teachers and pupils read of a grid that counts only as a whole: lists, returns and covers tell one sum, and why a right row earned nothing."""

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from records.home import Home
from scanning.return_words import verdicts_on
from scanning.returns import gather
from tests.packets.week import FIRST, texts
from tests.scanning.rejudged import TOML
from tests.scanning.whole_grids import (
    DOUBT,
    WRONG,
    build_next_week,
    copied_desk,
    file,
    printed_desk,
    scan,
)
from tests.small_desk import AFTER, NEXT_WEEK, WEEK, here


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return printed_desk(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def home(printed: Path, tmp_path: Path) -> Iterator[Home]:
    yield from copied_desk(printed, tmp_path)


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
    ("others", "said"),
    [
        ({}, "сол жолы дұрыс оқушылардың үлесі, %; барлық жолы дұрыс болып, балл алғандар: 50 %."),
        (DOUBT, "сол жолы дұрыс оқушылардың үлесі, %; барлық жолы дұрыс болып, балл алғандар: 0 %."),
    ],
)
def test_a_class_table_never_calls_the_right_answers_of_a_row_points(home: Home, others: dict[str, str], said: str) -> None:
    scan(home, WRONG)
    scan(home, others, pupil="P3")
    told = here(home.path, "returns", "--week", WEEK, day=AFTER).data["returns"][0]
    words = " ".join(" ".join(texts(home, told["file"])).split())
    assert said in words
    assert said in (home.path / told["html"]).read_text(encoding="utf-8")


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
    home: Home, marks: dict[str, str], points: str, said: str
) -> None:
    scan(home, marks)
    build_next_week(home)
    words = " ".join(texts(home, f"packets/{NEXT_WEEK}/{FIRST}/{NEXT_WEEK}-P1.pdf")[0].split())
    assert f"{points} балл" in words
    assert (said in words) if said else ("жолдың ішінен" not in words)


@pytest.mark.parametrize("marks", [{}, {"2a": "B:filled", "2b": "B:rubbed"}], ids=["all right", "one wrong, one in doubt"])
def test_a_cover_that_is_drawn_again_tells_the_points_of_its_day_though_those_of_the_grid_were_corrected_since(
    home: Home, tmp_path: Path, marks: dict[str, str]
) -> None:
    scan(home, marks)
    build_next_week(home)
    packet = home.path / "packets" / NEXT_WEEK / FIRST / f"{NEXT_WEEK}-P1.pdf"
    printed = packet.read_bytes()
    assert here(home.path, "assignments", "add", file(tmp_path, points="4"), day=AFTER).code == 0
    packet.unlink()
    assert here(home.path, "packets", "build", "--week", NEXT_WEEK, day=AFTER).data["redrawn"] == 1
    assert packet.read_bytes() == printed


def test_judging_again_tells_of_rows_that_stay_as_they_were_and_lose_their_points_with_another(home: Home) -> None:
    page = scan(home, {"2b": "B:tick"})
    (home.path / "poshta.toml").write_text(TOML, encoding="utf-8")
    told = here(home.path, "scan", "rejudge", "--week", WEEK)
    assert [each["item"] for each in told.data["changes"]] == ["2b"]
    assert [
        (each["page"], each["item"], each["because"], each["before"], each["after"], each["max_points"]) for each in told.data["together"]
    ] == [
        (page, "2a", ["2b"], 0.33, None, 0.33),
        (page, "2c", ["2b"], 0.34, None, 0.34),
    ]
    lines = [
        " ".join(line.replace("│", " ").split()) for line in here(home.path, "scan", "rejudge", "--week", WEEK, json=False).out.splitlines()
    ]
    assert any("2b B in doubt" in line and line.endswith("0.33 → –") for line in lines), lines
    assert any(line.endswith("2a A 2b 0.33 → –") for line in lines), lines


def test_a_row_that_comes_into_doubt_moves_nothing_while_another_is_wrong(home: Home) -> None:
    scan(home, {"2b": "B:tick", "2c": "A:filled"})
    (home.path / "poshta.toml").write_text(TOML, encoding="utf-8")
    told = here(home.path, "scan", "rejudge", "--week", WEEK)
    assert ([each["item"] for each in told.data["changes"]], told.data["together"], told.data["points"]) == (["2b"], [], [])
    assert "0.33" not in here(home.path, "scan", "rejudge", "--week", WEEK, json=False).out, "the row earned nothing before either"

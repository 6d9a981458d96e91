"""The grade book in files: every kind of file says the same, no cell is a formula, names stand there only where they were asked for and are found again."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from packets.assignment import Assignment, OpenQuestion
from records.grades import Decision
from records.marks import own_scales
from scanning.grade_book import Undecided, Work
from scanning.grade_book_analysis import levels, solved
from scanning.grade_book_paper import Page, write_pages
from tests.conftest import Poshta
from tests.scanning.graded_desk import GradedDesk, graded_desk

TODAY = "2026-11-22"
Q1 = "2026-27/1"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GradedDesk]:
    """Two pupils: ҚБ, two БЖБ and ТЖБ; of the second one work is undecided."""
    monkeypatch.setenv("POSHTA_TODAY", TODAY)
    made = graded_desk(tmp_path / "desk")
    made.pupil("A", name="Үсенова")
    made.pupil("B", name="Әлиев")
    for pupil, works in (("A", ["8", "5", "9", "7"]), ("B", ["3", "10", "?", "2"])):
        for (week, kind), points in zip(
            (("2026-W38", "formative"), ("2026-W39", "unit"), ("2026-W40", "unit"), ("2026-W42", "term")), works, strict=True
        ):
            made.give(pupil, week, kind, [points], title="=1+1")
    yield made
    made.home.close()


def cells(file: Path, sheet: int = 0) -> list[list[Any]]:
    return [[cell for cell in row if cell is not None] for row in load_workbook(file).worksheets[sheet].iter_rows(values_only=True)]


# ---- tables


def test_the_marks_of_a_quarter_are_the_same_in_every_kind_of_file(desk: GradedDesk, poshta: Poshta) -> None:
    for suffix in ("csv", "xlsx", "parquet", "json"):
        said = poshta("grades", "export", str(desk.path / f"q.{suffix}"), "--quarter", Q1)
        assert (said.code, said.data["marks"], said.data["files"]) == (0, 2, [f"q.{suffix}"])
        assert said.data["audit"]["week"] is None
    frames = [pd.read_csv(desk.path / "q.csv"), pd.read_excel(desk.path / "q.xlsx"), pd.read_parquet(desk.path / "q.parquet")]
    frames.append(pd.DataFrame(json.loads((desk.path / "q.json").read_text(encoding="utf-8"))["marks"]))
    for frame in frames:
        assert list(frame["pupil"]) == ["A", "B"]
        assert list(frame["percent"].fillna(0).astype(int)) == [72, 0], "((14 + 8)/(20 + 10))·50 + (7/10)·50 = 71.67, and one that is open"
        assert list(frame["state"]) == ["marked", "open"]
        assert [(frame["lowest"][1], frame["highest"][1])] == [(2, 3)]
    tables = json.loads((desk.path / "q.json").read_text(encoding="utf-8"))
    assert list(tables) == ["marks", "works", "undecided", "audit"]
    assert [(each["pupil"], each["why"]) for each in tables["undecided"]] == [("B", "doubt")]


def test_the_marks_of_a_year_are_exported(desk: GradedDesk, poshta: Poshta) -> None:
    said = poshta("grades", "export", str(desk.path / "y.json"), "--year", "2026-27")
    (row, _other) = json.loads((desk.path / "y.json").read_text(encoding="utf-8"))["years"]
    assert (said.data["year"], row["quarter_1"], row["quarter_2_state"], row["state"]) == ("2026-27", 4, "to_come", "open")


def test_an_extract_holds_summative_work_with_its_most_points(desk: GradedDesk, poshta: Poshta) -> None:
    said = poshta("grades", "extract", str(desk.path / "e.json"), "--pupil", "A", "--year", "2026-27")
    assert (said.data["works"], said.data["marks"]) == (3, 1)
    tables = json.loads((desk.path / "e.json").read_text(encoding="utf-8"))
    assert [(each["kind"], each["points"], each["max_points"]) for each in tables["summative"]] == [
        ("unit", 5, 10),
        ("unit", 9, 10),
        ("term", 7, 10),
    ]
    assert poshta("grades", "extract", str(desk.path / "x.json"), "--pupil", "nobody").code == 6
    assert not (desk.path / "x.json").exists()


def test_the_list_for_entry_has_a_row_for_each_work_and_no_points_for_what_is_undecided(desk: GradedDesk, poshta: Poshta) -> None:
    said = poshta("grades", "entry", str(desk.path / "n.csv"), "--quarter", Q1)
    assert (said.data["rows"], said.data["open"]) == (8, 1)
    frame = pd.read_csv(desk.path / "n.csv")
    assert list(frame.columns[:8]) == ["school", "class", "subject", "date", "work_type", "max", "pupil", "points"]
    mine = frame[frame["pupil"] == "A"]
    assert list(mine["work_type"]) == ["ҚБ", "БЖБ", "БЖБ", "ТЖБ"]
    assert list(mine["ten"].fillna(0)) == [8, 0, 0, 0]
    assert list(mine["date"]) == ["2026-09-14", "2026-09-21", "2026-09-28", "2026-10-12"]
    (waits,) = frame[frame["state"] == "open"].to_dict("records")
    assert (waits["pupil"], pd.isna(waits["points"])) == ("B", True)


def test_no_cell_is_a_live_formula(desk: GradedDesk, poshta: Poshta) -> None:
    for command, name in (("journal", "j"), ("analysis", "a"), ("export", "q"), ("extract", "e"), ("entry", "n")):
        words = ["--pupil", "A", "--year", "2026-27"] if command == "extract" else ["--quarter", Q1]
        assert poshta("grades", command, str(desk.path / f"{name}.xlsx"), *words).code == 0
        for sheet in load_workbook(desk.path / f"{name}.xlsx").worksheets:
            for row in sheet.iter_rows():
                assert all(cell.data_type != "f" and not str(cell.value or "").startswith("=") for cell in row), (command, sheet.title)


# ---- names


@pytest.mark.parametrize(
    ("command", "words"),
    [("export", ["--quarter", Q1]), ("export", ["--week", "2026-W40"]), ("export", ["--year", "2026-27"]), ("journal", ["--quarter", Q1]),
     ("extract", ["--pupil", "A"]), ("entry", ["--week", "2026-W40"])],
)  # fmt: skip
def test_names_stand_in_a_file_only_where_they_were_asked_for_and_are_forgotten_with_the_pupil(
    desk: GradedDesk, poshta: Poshta, command: str, words: list[str]
) -> None:
    file = desk.path / "out.xlsx"

    def text() -> str:
        return " ".join(str(cell) for sheet in load_workbook(file).worksheets for row in sheet.iter_rows(values_only=True) for cell in row)

    assert poshta("grades", command, str(file), *words).code == 0
    assert "Үсенова" not in text()
    assert poshta("pupils", "forget", "B").code == 0
    assert file.exists(), "it names nobody"
    assert poshta("grades", command, str(file), *words, "--names").code == 0
    assert "Үсенова" in text()
    assert "Әлиев" not in text()
    assert poshta("pupils", "forget", "A").code == 0
    assert not file.exists()


def test_a_file_with_names_outside_of_the_desk_is_told(desk: GradedDesk, poshta: Poshta, tmp_path: Path) -> None:
    assert desk.path != tmp_path
    out = poshta("grades", "journal", str(tmp_path / "j.xlsx"), "--quarter", Q1, "--names", json=False).out
    assert "outside" in out


# ---- pages


def test_a_journal_has_pupils_down_works_across_and_a_page_of_topics(desk: GradedDesk, poshta: Poshta) -> None:
    said = poshta("grades", "journal", str(desk.path / "j.xlsx"), "--quarter", Q1, "--names")
    assert said.data["pages"] == ["5 kk Математика", "5 kk Математика Тақырыптар"]
    marks = cells(desk.path / "j.xlsx")
    assert marks[0] == ["Сынып журналы: Математика"]
    assert "тексерілмеген" in marks[3][0]
    assert marks[4] == [
        *("№", "Оқушы", "14.09.2026\nҚБ (10)", "21.09.2026\nБЖБ (10)", "28.09.2026\nБЖБ (10)", "12.10.2026\nТЖБ (10)"),
        *("Σ ҚБ", "Σ БЖБ", "Σ ТЖБ", "%", "Баға"),
    ]
    assert marks[5] == [1, "Әлиев А", "3 / 3", 10, "?", 2, "3/10", "?", "2/10", "?", "? 2–3"], "Ә stands before Ү in Kazakh"
    assert marks[6] == [2, "Үсенова А", "8 / 8", 5, 9, 7, "8/10", "14/20", "7/10", 72, 4]
    topics = cells(desk.path / "j.xlsx", 1)
    assert topics[5][1:5] == ["14.09.2026", "2026-W38", "'=1+1", "ҚБ"]
    assert load_workbook(desk.path / "j.xlsx").sheetnames[-1] == "audit"


def test_pages_are_set_up_for_a4(desk: GradedDesk, poshta: Poshta) -> None:
    poshta("grades", "journal", str(desk.path / "j.xlsx"), "--quarter", Q1)
    sheet = load_workbook(desk.path / "j.xlsx").worksheets[0]
    setup = sheet.page_setup
    assert (int(setup.paperSize), setup.orientation, setup.fitToWidth, setup.fitToHeight) == (9, "landscape", 1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$5:$5", "A6")


def test_the_analysis_counts_levels_quality_and_success(desk: GradedDesk, poshta: Poshta) -> None:
    said = poshta("grades", "analysis", str(desk.path / "a.xlsx"), "--quarter", Q1)
    assert said.data["pages"] == ["5 kk Математика"]
    rows = cells(desk.path / "a.xlsx")
    assert rows[5][1:11] == ["БЖБ: =1+1", "21.09.2026", 2, 2, 10, 0, 1, 1, 50, 100]
    assert rows[6][1:11] == ["БЖБ: =1+1", "28.09.2026", 2, 1, 10, 0, 0, 1, 100, 100], "one is undecided and counts nowhere"
    assert rows[7][1:11] == ["ТЖБ: =1+1", "12.10.2026", 2, 2, 10, 1, 1, 0, 50, 50]
    assert "Үсенова" not in str(rows)


@pytest.mark.parametrize(
    ("lang", "title"), [("kk", "Сынып журналы: Физика"), ("ru", "Классный журнал: Физика"), ("ug", "Сынып журналы: Физика")]
)
def test_a_page_speaks_the_language_of_its_class(desk: GradedDesk, poshta: Poshta, lang: str, title: str) -> None:
    desk.pupil("C", language=lang, grade=7)
    desk.give("C", "2026-W40", "unit", ["5"], subject="physics", grade=7, language=lang)
    poshta("grades", "journal", str(desk.path / "j.xlsx"), "--quarter", Q1, "--subject", "physics")
    assert cells(desk.path / "j.xlsx")[0] == [title]


def some_work(points: int | None) -> Work:
    assignment = Assignment("w", "math", 5, "kk", "t", "unit", "2026-W40", None, (OpenQuestion("1", "?", 1, Decimal(100)),))
    undecided = (Undecided("", "1", "doubt", Decimal(100), None),) if points is None else ()
    return Work("p", "S1", assignment, "P", Decimal(points or 0), Decimal(100), undecided, 0)


def test_levels_end_where_the_marks_do() -> None:
    """0-39 low, 40-84 middle, 85-100 high; quality from 65, success from 40."""
    found = levels([some_work(points) for points in (0, 39, 40, 64, 65, 84, 85, 100, None)], own_scales())
    assert (found.pupils, found.decided, found.low, found.middle, found.high) == (9, 8, 2, 4, 2)
    assert (found.quality, found.success) == (50, 75)
    nothing = levels([some_work(None)], own_scales())
    assert (nothing.decided, nothing.quality, nothing.success) == (0, None, None)


def test_questions_are_solved_or_difficult_by_their_decided_answers() -> None:
    def decided(item: str, points: int | None) -> Decision:
        return Decision(
            "p",
            item,
            (),
            (),
            "doubt" if points is None else "read",
            "",
            None if points is None else Decimal(points),
            Decimal(10),
            "reader",
            None,
        )

    answers = [
        decided("1", 9),
        decided("1", 8),
        decided("2", 3),
        decided("2", None),
        decided("10", 4),
        decided("10", 3),
        decided("3", None),
    ]
    assert solved(answers) == (["1"], ["2", "10"])


def test_a_sheets_name_and_cells_bear_anything(tmp_path: Path) -> None:
    pages = [Page("a/b*c" * 9, "=x", ["+y"], ["№"], [["-1\x01"]], [5]), Page("a/b*c" * 9, "", [], ["№"], [], [5])]
    write_pages(tmp_path / "p.xlsx", pages)
    book = load_workbook(tmp_path / "p.xlsx")
    assert len(set(book.sheetnames)) == 2
    assert [cell.value for cell in book.worksheets[0]["A"]] == ["'=x", "'+y", "№", "'-1\ufffd"]


# ---- what is refused


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["export", "q.doc", "--quarter", Q1], 2),
        (["export", "q.csv"], 2),
        (["export", "q.csv", "--week", "2026-W40", "--grade", "5"], 2),
        (["export", "q.csv", "--quarter", "2027-28/1"], 6),
        (["journal", "j.csv", "--quarter", Q1], 2),
        (["journal", "j.xlsx", "--quarter", Q1, "--school", "nowhere"], 6),
        (["analysis", "a.xlsx", "--quarter", "2027-28/1"], 6),
        (["entry", "n.csv", "--week", "2026-W30"], 6),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_no_file(desk: GradedDesk, poshta: Poshta, words: list[str], code: int) -> None:
    command, name, *rest = words
    said = poshta("grades", command, str(desk.path / name), *rest)
    assert said.code == code, said.out
    assert said.body["errors"][0]["hint"]
    assert not (desk.path / name).exists()

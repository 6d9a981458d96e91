"""Examinations in grades 9 and 11: 70 % of the annual mark and 30 % of the examination's; what cannot be used is told with its row."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from records.errors import InputRefused, NotFound
from records.exchange import write_table
from scanning.grade_book_exams import read_exams
from tests.conftest import Poshta
from tests.scanning.graded_desk import GradedDesk, graded_desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GradedDesk]:
    """After the year: A of grade 9 and B of grade 8, both with a 3 in mathematics."""
    monkeypatch.setenv("POSHTA_TODAY", "2027-06-10")
    made = graded_desk(tmp_path / "desk")
    for pupil, grade in (("A", 9), ("B", 8)):
        made.pupil(pupil, grade=grade)
        made.give(pupil, "2026-W40", "unit", ["5"], grade=grade)
    yield made
    made.home.close()


def exams(folder: Path, *rows: tuple[str, ...], headings: tuple[str, ...] = ("pupil", "subject", "mark")) -> Path:
    return write_table(folder / "exams.csv", headings, rows)


def test_a_final_mark_is_made_of_the_year_and_the_examination(desk: GradedDesk, poshta: Poshta, tmp_path: Path) -> None:
    """3·0.7 + 5·0.3 = 3.6: 4."""
    file = exams(tmp_path, ("A", "math", "5"))
    rows = {each["pupil"]: each for each in poshta("grades", "book", "--year", "2026-27", "--exams", str(file)).data["marks"]}
    assert (rows["A"]["mark"], rows["A"]["exam"], rows["A"]["final"]) == (3, 5, 4)
    assert (rows["B"]["mark"], rows["B"]["exam"], rows["B"]["final"]) == (3, None, None)
    assert poshta("grades", "export", str(desk.path / "y.csv"), "--year", "2026-27", "--exams", str(file)).code == 0
    assert list(pd.read_csv(desk.path / "y.csv")["final"].fillna(0)) == [0, 4]


def test_an_examination_that_makes_no_final_mark_is_told(desk: GradedDesk, poshta: Poshta, tmp_path: Path) -> None:
    assert desk.path.exists()
    file = exams(tmp_path, ("B", "math", "5"), ("A", "physics", "5"))
    said = poshta("grades", "book", "--year", "2026-27", "--exams", str(file))
    assert (said.code, [each["code"] for each in said.body["errors"][1:]]) == (3, ["exam_unused", "exam_unused"])


def test_names_of_subjects_and_headings_are_understood_in_three_languages(tmp_path: Path) -> None:
    for headings, subject in (
        (("Оқушы", "Пән", "Баға"), "Физика"),
        (("ученик", "предмет", "оценка"), "физика"),
        (("pupil", "subject", "mark"), "Physics"),
    ):
        file = exams(tmp_path, ("A", subject, "4"), headings=headings)
        assert read_exams(file).marks == {("A", "physics"): 4}


def test_bad_rows_are_told_with_row_column_and_value_and_good_ones_kept(tmp_path: Path) -> None:
    rows = [("A", "math", "5"), ("", "math", "5"), ("A", "maths", "5"), ("B", "math", "6"), ("A", "math", "4"), ("A", "math", "5")]
    found = read_exams(exams(tmp_path, *rows))
    assert found.marks == {("A", "math"): 5}
    assert [(each.row, each.column, each.value) for each in found.complaints] == [
        (3, "pupil", ""),
        (4, "subject", "maths"),
        (5, "mark", "6"),
        (6, "mark", "4"),
    ]
    assert all(each.hint for each in found.complaints)


def test_a_file_without_a_usable_row_or_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused):
        read_exams(exams(tmp_path, ("A", "math", "6")))
    with pytest.raises(InputRefused):
        read_exams(exams(tmp_path, ("A", "5"), headings=("pupil", "mark")))
    with pytest.raises(NotFound):
        read_exams(tmp_path / "nowhere.csv")


def test_examinations_mean_nothing_without_a_year(desk: GradedDesk, poshta: Poshta, tmp_path: Path) -> None:
    assert desk.path.exists()
    file = exams(tmp_path, ("A", "math", "5"))
    assert poshta("grades", "book", "--quarter", "2026-27/1", "--exams", str(file)).code == 2

"""Whose code it is: two schools may use one code, and a forgotten child comes back only where its own row is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.conftest import Poshta
from tests.small_desk import Told

HEAD = ("code", "last_name", "first_name", "grade", "language", "kato", "school")
NUR = ("1", "Серик", "Нур", "3", "kk", "599830100", "s1")
FIRST = ("", "Қаламов", "Әділ", "3", "kk", "599830100", "s1")
SECOND = ("", "Тетрадкина", "Вера", "5", "ru", "599830100", "s1")
THIRD = ("", "Беков", "Бек", "5", "ru", "599830100", "s1")


def imported(poshta: Poshta, folder: Path, *rows: tuple[str, ...]) -> Told:
    path = folder / "pupils.csv"
    path.write_text("\n".join(",".join(row) for row in (HEAD, *rows)), encoding="utf-8")
    return poshta("pupils", "import", str(path))


def with_(row: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    return tuple(cells.get(name, cell) for name, cell in zip(HEAD, row, strict=True))


def test_a_code_of_another_school_and_village_does_not_hand_one_child_to_another(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    imported(poshta, tmp_path, NUR)
    told = imported(poshta, tmp_path, with_(NUR, first_name="Асель", grade="7", kato="599830200", school="s9"))
    assert (told.code, told.body["errors"][-1]["code"]) == (4, "code_taken")
    assert poshta("pupils", "list").data["pupils"][0]["school"] == "s1"


@pytest.mark.parametrize(
    "cells",
    [{"kato": "599830200", "grade": "7"}, {"school": "s9", "grade": "7"}, {"grade": "4"}],
    ids=["the-school-agrees", "the-village-agrees", "both-agree-a-year-later"],
)
def test_one_corrected_name_is_the_same_child_where_its_school_or_village_agrees(
    desk: Path, poshta: Poshta, tmp_path: Path, cells: dict[str, str]
) -> None:
    imported(poshta, tmp_path, NUR)
    told = imported(poshta, tmp_path, with_(NUR, first_name="Нұр", **cells))
    assert (told.code, told.data["changed"], told.body["errors"]) == (0, 1, [])


def test_one_changed_name_with_the_village_and_the_school_is_a_doubt_even_in_the_same_grade(
    desk: Path, poshta: Poshta, tmp_path: Path
) -> None:
    imported(poshta, tmp_path, with_(NUR, school=""))
    moved = with_(NUR, first_name="Асель", kato="599830200", school="")
    told = imported(poshta, tmp_path, moved)
    assert (told.code, [error["code"] for error in told.body["errors"]]) == (3, ["changed_pupil"])
    assert imported(poshta, tmp_path, moved).code == 0, "it is told once"


def test_a_child_of_the_same_name_may_move_anywhere(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    imported(poshta, tmp_path, NUR)
    assert imported(poshta, tmp_path, with_(NUR, grade="7", kato="599830200", school="s9")).code == 0


def book(path: Path, **sheets: tuple[tuple[str, ...], ...]) -> str:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name.replace("_", ", "))
        for row in (HEAD, *rows):
            sheet.append(row)
    workbook.save(path)
    return str(path)


def forgotten(poshta: Poshta, folder: Path) -> None:
    imported(poshta, folder, with_(FIRST, code="A1"), with_(SECOND, code="A2"))
    for code in ("A1", "A2"):
        poshta("pupils", "forget", code)


def test_of_several_sheets_only_the_named_row_comes_back(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    forgotten(poshta, tmp_path)
    path = book(tmp_path / "two.xlsx", Бір=(FIRST, THIRD), Екі_2=(SECOND,))
    told = poshta("pupils", "import", path, "--dry-run")
    assert ["--remember Бір:2" in told.body["errors"][0]["hint"], "--remember Екі, 2:2" in told.body["errors"][1]["hint"]] == [True, True]
    assert poshta("pupils", "import", path, "--remember", "2").code == 2, "row 2 of which sheet"
    assert poshta("pupils", "list").data["pupils"] == [], "nothing was written"
    told = poshta("pupils", "import", path, "--remember", "Екі, 2:2")
    assert (told.code, told.data["added"], told.data["refused"]) == (3, 2, 1)
    assert poshta("pupils", "import", path, "--remember", "Бір:2").data["added"] == 1


@pytest.mark.parametrize("rows", ["99", "2,4", "Лист:2", "4"])
def test_a_row_that_brings_nobody_back_is_refused_and_nothing_is_written(desk: Path, poshta: Poshta, tmp_path: Path, rows: str) -> None:
    forgotten(poshta, tmp_path)
    path = book(tmp_path / "one.xlsx", Бір=(FIRST, SECOND, THIRD))
    told = poshta("pupils", "import", path, "--remember", rows)
    assert told.code == 2
    assert poshta("pupils", "list").data["pupils"] == []
    assert poshta("pupils", "import", path, "--remember", "2, Бір:3").data["added"] == 3


@pytest.mark.parametrize("text", ["row", "2,,3", "Бір:", ":2", "-2", "Бір:2x"])
def test_what_names_no_row_is_refused(desk: Path, poshta: Poshta, tmp_path: Path, text: str) -> None:
    assert poshta("pupils", "import", book(tmp_path / "one.xlsx", Бір=(FIRST,)), "--remember", text).code == 2

"""Headings that are named once are remembered for lists that have them all; only the headings, nothing of any row."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.conftest import Poshta

LIST = ("id,title,why,Тайное", "599830100,Село,,Медотвод")
NAMED = "kato=id,name_ru=Title"


def written(folder: Path, *lines: str, name: str = "list.csv") -> str:
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def test_columns_named_once_are_used_for_the_next_list_and_that_is_told(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    path = written(tmp_path, *LIST)
    assert poshta("settlements", "import", path).code == 4, "nobody knows these headings yet"
    first = poshta("settlements", "import", path, "--columns", NAMED)
    assert (first.code, first.data["columns_remembered"]) == (0, True)
    later = written(tmp_path, "other,TITLE,id", "x,Хутор,599830200", name="later.csv")
    told = poshta("settlements", "import", later)
    assert (told.data["added"], told.data["columns"]) == (1, {"kato": "id", "name_ru": "title"})
    assert "as they were named before" in poshta("settlements", "import", later, json=False).out
    assert poshta("settlements", "import", path, "--columns", NAMED).data["columns_remembered"] is False, "it was known already"


def test_a_list_that_lacks_one_of_the_headings_is_read_as_if_nothing_were_remembered(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    poshta("settlements", "import", written(tmp_path, *LIST), "--columns", NAMED)
    assert poshta("settlements", "import", written(tmp_path, "id,name", "599830200,Хутор")).code == 4


def test_other_names_for_the_same_headings_take_the_place_of_the_first_and_can_be_let_go(
    desk: Path, poshta: Poshta, tmp_path: Path
) -> None:
    path = written(tmp_path, *LIST)
    poshta("settlements", "import", path, "--columns", NAMED)
    poshta("settlements", "import", path, "--columns", "kato=id,name_kk=title")
    (named,) = poshta("settlements", "columns").data["named"]
    assert named["columns"] == {"kato": "id", "name_kk": "title"}
    assert poshta("offices", "columns").data["named"] == [], "each list has its own"
    assert poshta("settlements", "columns", "--forget", "00000000").code == 6
    assert poshta("settlements", "columns", "--forget", named["number"]).data["named"] == []
    assert poshta("settlements", "import", path).code == 4


def test_a_trial_a_refused_list_and_a_heading_with_an_iin_are_not_remembered(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    path = written(tmp_path, *LIST)
    poshta("settlements", "import", path, "--columns", NAMED, "--dry-run")
    poshta("settlements", "import", written(tmp_path, "id,title", "1,Село", name="bad.csv"), "--columns", NAMED)
    heading = written(tmp_path, "id,100101500012", "599830300,Село", name="iin.csv")
    assert poshta("settlements", "import", heading, "--columns", "kato=id,name_ru=100101500012").code == 0
    assert poshta("settlements", "columns").data["named"] == []


def test_only_the_headings_that_were_named_are_kept(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    poshta("settlements", "import", written(tmp_path, *LIST), "--columns", NAMED)
    with sqlite3.connect(desk / "poshta.sqlite3") as database:
        kept = "".join(database.iterdump())
    assert "title" in kept
    assert not [word for word in ("Тайное", "тайное", "Медотвод") if word in kept]

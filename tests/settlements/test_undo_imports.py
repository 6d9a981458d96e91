"""An import is taken back whole: what it added is gone, what it changed is as it was, names too; and only the last one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Poshta

LISTS = {
    "settlements": ("kato,name_kk,name_ru,lat,lon", "593230100,Қалам,Калам,53.5,67.5", "593230100,Қалам,Каламное,53.6,67.5"),
    "offices": ("index,name,kato", "150100,Бір,593230100", "150100,Екі,593230100"),
    "vehicles": ("office,vehicle,payload_kg", "150100,V1,800", "150100,V1,900"),
    "schools": ("school,name_kk,name_ru", "s1,Мектеп,Школа", "s1,Мектеп,Лицей"),
    "teachers": ("teacher,name,school,subject,grade,language", "T1,Қаламова Әсел,s1,math,5,kk", "T1,Қаламова Айару,s1,math,6,kk"),
    "pupils": ("code,last_name,first_name,grade,language,kato,school,parent", "A1,Қаламов,Әділ,3,kk,593230100,s1,Қ", "A1,Қаламов,Әлі,4,kk,593230100,s1,Ә"),
}  # fmt: skip


def rows(home: Path) -> dict[str, Any]:
    """All rows but those that tell of imports themselves, and seals of names that stand again: they only keep a name from coming back."""
    apart = ("act", "last_import", "earlier_seal")
    with closing(sqlite3.connect(home / "poshta.sqlite3")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if name not in apart]
        found = {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in tables}
    found["person"] = [row for row in found["person"] if "/earlier" not in row]
    return found


def take(poshta: Poshta, home: Path, kind: str, *lines: str) -> None:
    path = home / f"{kind}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert poshta(kind, "import", str(path)).code == 0


@pytest.mark.parametrize("kind", LISTS)
def test_an_import_that_changed_rows_and_added_others_is_taken_back_whole(poshta: Poshta, desk: Path, kind: str) -> None:
    heading, first, second = LISTS[kind]
    take(poshta, desk, kind, heading, first)
    before = rows(desk)
    new = second.replace("593230100,Қалам", "593230200,Дәптер").replace("150100,", "150200,").replace("s1,Мек", "s2,Мек")
    new = new.replace("T1,Қаламова", "T2,Дәптерова").replace("A1,Қаламов", "A2,Дәптеров").replace(",6,kk", ",7,kk")
    take(poshta, desk, kind, heading, second, new)
    assert rows(desk) != before
    told = poshta("undo")
    assert told.code == 0, told.out
    assert told.data["action"] == f"{kind}.import"
    assert rows(desk) == before
    assert poshta("undo").code == 7  # the import before it is no longer known


def test_a_lesson_that_went_to_another_teacher_comes_back(poshta: Poshta, desk: Path) -> None:
    heading, first, _second = LISTS["teachers"]
    take(poshta, desk, "teachers", heading, first)
    before = rows(desk)
    (desk / "t.csv").write_text(f"{heading}\nT9,Дәптерова Сәуле,s1,math,5,kk\n", encoding="utf-8")
    assert poshta("teachers", "import", str(desk / "t.csv"), "--replace").code == 0
    assert poshta("undo").code == 0
    assert rows(desk) == before


def test_an_act_after_the_import_stands_in_the_way_until_it_is_undone_itself(poshta: Poshta, desk: Path) -> None:
    take(poshta, desk, "settlements", *LISTS["settlements"][:2], "593230200,Дәптер,Даптер,53.7,67.5")
    take(poshta, desk, "pupils", *LISTS["pupils"][:2])
    assert poshta("pupils", "move", "A1", "593230200").code == 0
    assert poshta("undo").data["action"] == "pupils.move"
    assert poshta("undo").data["action"] == "pupils.import"
    assert poshta("pupils", "list").data["pupils"] == []


def test_a_name_that_was_forgotten_after_the_import_is_nowhere(poshta: Poshta, desk: Path) -> None:
    heading, first, second = LISTS["pupils"]
    take(poshta, desk, "pupils", heading, first)
    take(poshta, desk, "pupils", heading, second)
    assert poshta("pupils", "forget", "A1").code == 0
    assert [row for row in rows(desk)["person"] if "A1" in row] == []
    with closing(sqlite3.connect(desk / "poshta.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM person WHERE code = 'A1'").fetchone() == (0,)
    assert poshta("undo").code == 7


def test_a_list_that_changes_nothing_leaves_the_last_import_to_be_undone(poshta: Poshta, desk: Path) -> None:
    take(poshta, desk, "offices", *LISTS["offices"][:2])
    take(poshta, desk, "offices", *LISTS["offices"][:2])
    assert poshta("undo").code == 0
    assert rows(desk)["office"] == []


def test_a_name_that_an_import_let_come_back_is_forgotten_again_when_it_is_undone(poshta: Poshta, desk: Path) -> None:
    heading, first, _second = LISTS["pupils"]
    take(poshta, desk, "pupils", heading, first)
    assert poshta("pupils", "forget", "A1").code == 0
    (desk / "pupils.csv").write_text(f"{heading}\n{first.replace('A1', '')}\nA5,Дәптеров,Сәуле,7,kk,593230100,s1,Д\n", encoding="utf-8")
    before = rows(desk)
    for _time in range(2):
        assert poshta("pupils", "import", str(desk / "pupils.csv"), "--remember", "2").data["added"] == 2
        assert rows(desk)["forgotten_name"] == []
        undone = poshta("undo")
        assert (undone.code, undone.data["action"]) == (0, "pupils.import"), undone.out
        assert {**rows(desk), "act": []} == {**before, "act": []}
    told = poshta("pupils", "import", str(desk / "pupils.csv"))
    assert [each["code"] for each in told.body["errors"]] == ["forgotten"]


def test_the_act_of_remembering_does_not_stand_in_the_way_of_an_earlier_one(poshta: Poshta, desk: Path) -> None:
    heading, first, _second = LISTS["pupils"]
    take(poshta, desk, "pupils", heading, first)
    assert poshta("pupils", "forget", "A1").code == 0
    take(poshta, desk, "pupils", heading, "A2,Дәптеров,Сәуле,7,kk,593230100,s1,Д")
    assert poshta("pupils", "change", "A2", "--print", "large").code == 0
    (desk / "back.csv").write_text(f"{heading}\n{first.replace('A1', '')}\n", encoding="utf-8")
    assert poshta("pupils", "import", str(desk / "back.csv"), "--remember", "2").code == 0
    assert [poshta("undo").data["action"] for _time in range(2)] == ["pupils.import", "pupils.change"]


def test_no_seal_of_a_name_stands_beside_its_code_once_it_is_forgotten_again(poshta: Poshta, desk: Path) -> None:
    heading, first, _second = LISTS["pupils"]
    take(poshta, desk, "pupils", heading, first)
    assert poshta("pupils", "forget", "A1").code == 0
    (desk / "back.csv").write_text(f"{heading}\n{first.replace('A1', '')}\n", encoding="utf-8")
    assert poshta("pupils", "import", str(desk / "back.csv"), "--remember", "2").code == 0
    kept = "SELECT count(*) FROM last_import WHERE list_table = 'forgotten_name'"
    (code,) = (each["code"] for each in poshta("pupils", "list").data["pupils"])
    with closing(sqlite3.connect(desk / "poshta.sqlite3")) as database:
        assert database.execute(kept).fetchone() == (1,)
    assert poshta("pupils", "forget", code).code == 0
    with closing(sqlite3.connect(desk / "poshta.sqlite3")) as database:
        assert database.execute(kept).fetchone() == (0,)


def test_the_code_of_a_forgotten_pupil_whom_this_desk_never_had_is_not_taken(poshta: Poshta, desk: Path) -> None:
    """As after the restore of a backup from before the child came: a later restore would strike the name again by this code."""
    heading, first, _second = LISTS["pupils"]
    take(poshta, desk, "pupils", heading, first)
    assert poshta("pupils", "forget", "A1").code == 0
    with closing(sqlite3.connect(desk / "poshta.sqlite3")) as database:
        database.execute("DELETE FROM pupil WHERE code = 'A1'")
        database.commit()
    (desk / "back.csv").write_text(f"{heading}\n{first}\n{first.replace('A1', '')}\n", encoding="utf-8")
    told = poshta("pupils", "import", str(desk / "back.csv"), "--remember", "3")
    assert (told.data["added"], [(each["row"], each["code"]) for each in told.body["errors"]]) == (1, [(2, "code_taken")])
    assert "A1" not in [each["code"] for each in poshta("pupils", "list").data["pupils"]]

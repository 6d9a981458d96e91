"""The roster: codes that are given and found again, doubles, moves, and names that are forgotten."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from records.database import Database, sqlite_url
from records.keys import load_keys
from settlements.forgetting import seal
from settlements.pupil_codes import CODE_ALPHABET, looks_like_number, new_code
from settlements.roster import learners, names, pupils_by_village, teacher_of
from tests.conftest import Poshta

HEAD = "code,last_name,first_name,grade,language,kato,school"
ONE = ",Қаламов,Әділ,3,kk,599830100,s1"
TWO = ",Тетрадкина,Вера,5,ru,599830100,s1"


def taken(poshta: Poshta, folder: Path, *rows: str, head: str = HEAD) -> tuple[int, tuple[int, ...], list[str]]:
    """Exit code, counts, codes of complaints."""
    path = folder / "pupils.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    told = poshta("pupils", "import", str(path))
    counts = tuple(told.data.get(name, 0) for name in ("added", "changed", "unchanged", "refused"))
    return told.code, counts, [error["code"] for error in told.body["errors"]]


def codes(poshta: Poshta) -> list[str]:
    return [pupil["code"] for pupil in poshta("pupils", "list").data["pupils"]]


def test_a_pupil_without_a_code_gets_one_and_is_found_again(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    assert taken(poshta, tmp_path, ONE, TWO) == (0, (2, 0, 0, 0), [])
    first = codes(poshta)
    assert all(len(code) == 6 and set(code) <= set(CODE_ALPHABET) for code in first)
    assert taken(poshta, tmp_path, TWO, ONE.replace("Қаламов", "ҚАЛАМОВ ")) == (0, (0, 0, 2, 0), ["mended"])
    assert codes(poshta) == first


def test_a_pupil_named_twice_without_a_code_is_taken_once_and_told(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    assert taken(poshta, tmp_path, ONE, ONE) == (3, (1, 0, 0, 0), ["doubled_row"])


def test_one_code_for_two_children_is_refused(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    assert taken(poshta, tmp_path, "A1" + ONE, "A1" + TWO) == (3, (1, 0, 0, 1), ["doubled_code"])
    assert taken(poshta, tmp_path, "A1" + TWO)[0] == 4, "a code of the roster is never handed on"
    assert taken(poshta, tmp_path, "A1" + ONE.replace("Қаламов", "Қағазов")) == (0, (0, 1, 0, 0), []), (
        "one changed name may be a correction"
    )


def test_one_child_under_two_codes_is_a_doubt(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    assert taken(poshta, tmp_path, "A1" + ONE, "A2" + ONE) == (3, (2, 0, 0, 0), ["doubled_pupil"])
    assert taken(poshta, tmp_path, ONE, TWO)[1:] == ((1, 0, 0, 1), ["ambiguous_pupil"])


def test_a_namesake_in_another_grade_is_a_doubt(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    taken(poshta, tmp_path, ONE)
    assert taken(poshta, tmp_path, ONE.replace(",3,", ",4,")) == (3, (1, 0, 0, 0), ["namesake"])


@pytest.mark.parametrize(
    "other",
    [ONE.replace("Қаламов", "Каламов"), ONE.replace("Әділ", "Адил"), ",Әділ,Қаламов,3,kk,599830100,s1"],
    ids=["k-for-q", "russian-keyboard", "order"],
)
def test_one_child_in_two_spellings_is_a_doubt_and_never_a_merge(desk: Path, poshta: Poshta, tmp_path: Path, other: str) -> None:
    taken(poshta, tmp_path, "A1" + ONE)
    assert taken(poshta, tmp_path, "A2" + other) == (3, (1, 0, 0, 0), ["similar_name"])
    assert sorted(codes(poshta)) == ["A1", "A2"]
    assert taken(poshta, tmp_path, "A2" + other) == (0, (0, 0, 1, 0), []), "a doubt is told once, when the second comes"
    assert taken(poshta, tmp_path, other.replace(",3,", ",4,"))[2] != ["similar_name"], "another grade is another child"


def test_two_spellings_in_one_list_are_a_doubt(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    assert taken(poshta, tmp_path, TWO.replace("Вера", "Алёна"), TWO.replace("Вера", "Алена"))[:2] == (3, (1, 0, 0, 0)), (
        "ё and е are one letter"
    )
    assert taken(poshta, tmp_path, ONE, ONE.replace("Қаламов", "Каламов"))[1:] == ((2, 0, 0, 0), ["similar_name"])


def test_a_move_is_journalled_once(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    taken(poshta, tmp_path, "A1" + ONE)
    assert poshta("pupils", "move", "A1", "599830200").code == 6, "no such village"
    villages = tmp_path / "villages.csv"
    villages.write_text("kato,name_ru\n599830200,Село\n", encoding="utf-8")
    poshta("settlements", "import", str(villages))
    assert [poshta("pupils", "move", "A1", "599830200").data["changed"] for _time in range(2)] == [True, False]
    (act,) = poshta("journal", "--action", "pupils.move").data["acts"]
    assert (act["subject"], act["details"]) == ("A1", {"before": "599830100", "after": "599830200"})
    assert poshta("pupils", "move", "ZZ", "599830200").code == 6
    assert poshta("pupils", "move", "A1", "village").code == 2


def test_forgetting_removes_the_names_and_journals_only_the_code(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    taken(poshta, tmp_path, "A1" + ONE, "A2" + TWO)
    assert poshta("pupils", "forget", "A1").data["changed"] is True
    assert poshta("pupils", "forget", "A1").data["changed"] is False
    assert poshta("pupils", "forget", "ZZ").code == 6
    assert codes(poshta) == ["A2"]
    (act,) = poshta("journal", "--action", "pupils.forget").data["acts"]
    assert (act["subject"], act["details"]) == ("A1", {})
    assert taken(poshta, tmp_path, "A1" + ONE, "A2" + TWO) == (3, (0, 0, 1, 1), ["left"])


def test_a_list_does_not_bring_a_forgotten_pupil_back_unless_that_is_asked_for(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    taken(poshta, tmp_path, "A1" + ONE, "A2" + TWO)
    poshta("pupils", "forget", "A1")
    for row in (ONE, ONE.replace("Қаламов", "Каламов "), ",Әділ,Қаламов,4,kk,599830100,s1", "A7" + ONE):
        assert taken(poshta, tmp_path, row, "A2" + TWO) == (3, (0, 0, 1, 1), ["forgotten"]), row
    assert taken(poshta, tmp_path, ONE.replace("599830100", "599830200")) == (0, (1, 0, 0, 0), []), "a namesake of another village"
    path = tmp_path / "pupils.csv"
    path.write_text("\n".join([HEAD, TWO.replace("Вера", "Нина"), ONE]), encoding="utf-8")
    assert "--remember 3" in poshta("pupils", "import", str(path)).body["errors"][0]["hint"]
    trial = poshta("pupils", "import", str(path), "--remember", "3", "--dry-run")
    assert (trial.code, trial.data["added"]) == (0, 1)
    assert poshta("pupils", "import", str(path)).data["refused"] == 1, "a trial brings nobody back"
    assert poshta("pupils", "import", str(path), "--remember", "row 3").code == 2
    assert poshta("pupils", "import", str(path), "--remember", "3").data["added"] == 1
    assert poshta("pupils", "import", str(path)).data["unchanged"] == 2
    assert "A1" not in codes(poshta), "a code is never handed on"
    (act,) = poshta("journal", "--action", "pupils.remember").data["acts"]
    assert act["details"] == {"rows": 1}


def test_a_pupil_forgotten_after_a_move_is_known_from_the_old_list_too(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    taken(poshta, tmp_path, "A1" + ONE)
    villages = tmp_path / "villages.csv"
    villages.write_text("kato,name_ru\n599830200,Село\n", encoding="utf-8")
    poshta("settlements", "import", str(villages))
    poshta("pupils", "move", "A1", "599830200")
    poshta("pupils", "forget", "A1")
    assert taken(poshta, tmp_path, ONE, ONE.replace("599830100", "599830200"))[2] == ["refused", "forgotten", "forgotten"]


def test_a_name_that_a_list_replaced_before_the_pupil_was_forgotten_does_not_come_back(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    """Not by the first list, in neither of the two villages; and the seals do not stand beside the code any more."""
    taken(poshta, tmp_path, "A1" + ONE)
    villages = tmp_path / "villages.csv"
    villages.write_text("kato,name_ru\n599830200,Село\n", encoding="utf-8")
    poshta("settlements", "import", str(villages))
    poshta("pupils", "move", "A1", "599830200")
    moved = ONE.replace("599830100", "599830200")
    assert taken(poshta, tmp_path, "A1" + moved.replace("Қаламов", "Қаламұлы"))[1] == (0, 1, 0, 0)
    poshta("pupils", "forget", "A1")
    assert taken(poshta, tmp_path, ONE)[2][-1] == "forgotten"
    assert taken(poshta, tmp_path, moved)[2][-1] == "forgotten"
    with sqlite3.connect(desk / "poshta.sqlite3") as database:
        assert database.execute("select count(*) from earlier_seal").fetchone() == (0,)


def test_an_earlier_name_that_belongs_to_a_namesake_who_stays_is_not_refused(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    """A slip gave one child the name of another for a week."""
    other = ",Қағазов,Әділ,5,kk,599830100,s1"
    taken(poshta, tmp_path, "A1" + ONE, "A2" + other)
    for name in ("Қағазов", "Қаламов"):
        assert taken(poshta, tmp_path, "A1" + ONE.replace("Қаламов", name))[1] == (0, 1, 0, 0)
    poshta("pupils", "forget", "A1")
    assert "forgotten" not in taken(poshta, tmp_path, other.replace(",5,", ",6,"))[2], "in the next grade, without a code"
    assert taken(poshta, tmp_path, ONE)[2][-1] == "forgotten"


def test_the_seal_of_a_forgotten_name_is_kept_under_the_key_and_apart_from_the_code(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    taken(poshta, tmp_path, "A1" + ONE)
    poshta("pupils", "forget", "A1")
    with sqlite3.connect(desk / "poshta.sqlite3") as database:
        ((kept, key_id),) = database.execute("select * from forgotten_name").fetchall()
        assert [code for code, _day in database.execute("select * from forgotten")] == ["A1"]
    (key,) = load_keys(desk / "keys")
    assert (kept, key_id) == (seal(key, "Қаламов", "Әділ", "599830100"), key.id)
    assert kept != seal(replace(key, secret=b"x" * 32), "Қаламов", "Әділ", "599830100"), "a seal means nothing without the key"


def test_names_stand_in_one_table_and_never_in_the_journal(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    taken(poshta, tmp_path, "A1" + ONE, "bad code!" + TWO)
    with sqlite3.connect(desk / "poshta.sqlite3") as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        holding = [table for table in tables if "Қаламов" in str(database.execute(f'select * from "{table}"').fetchall())]
    assert holding == ["person"]
    assert "Тетрадкина" not in poshta("journal").out
    assert "Қаламов" not in poshta("pupils", "list").out
    assert "Қаламов" in poshta("pupils", "list", "--names").out


def test_packets_and_returns_get_learners_names_and_teachers(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    taken(poshta, tmp_path, "A1" + ONE, "A2" + TWO)
    teachers = tmp_path / "teachers.csv"
    teachers.write_text("teacher,school,subject,grade,language\nT1,s1,math,3,kk\n", encoding="utf-8")
    poshta("teachers", "import", str(teachers))
    with Database(sqlite_url(desk / "poshta.sqlite3")).read() as session:
        assert [each.code for each in learners(session, district="599800000")] == ["A1", "A2"]
        assert learners(session, district="599700000") == []
        counted = pupils_by_village(session)
        assert counted == Counter(each.kato for each in learners(session))
        assert learners(session, villages=list(counted)) == learners(session)
        assert learners(session, villages=[]) == []
        assert list(pupils_by_village(session, pupil="A2").values()) == [1]
        assert pupils_by_village(session, district="599700000") == {}
        assert names(session, codes=["A2"])["A2"].full == "Тетрадкина Вера"
        answer = teacher_of(session)
        assert (answer("s1", "math", 3, "kk"), answer("s1", "math", 3, "ru")) == ("T1", "")


@pytest.mark.parametrize("code", ["345678", "2E4567", "E23456"])
def test_a_code_that_a_spreadsheet_would_spoil_is_recognised(code: str) -> None:
    assert looks_like_number(code)


def test_given_codes_are_new() -> None:
    taken_codes = {new_code(set()) for _time in range(300)}
    assert len(taken_codes) == 300
    assert not any(looks_like_number(code) for code in taken_codes)


def test_a_namesake_who_stays_is_not_refused_because_another_was_forgotten(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    """One child under two codes: the officer forgets one of them, as the hint says, and the school's next list names the child in the next grade."""
    twice = (ONE.replace(",Қаламов", "A1,Қаламов", 1), ONE.replace(",Қаламов", "A2,Қаламов", 1).replace(",3,", ",5,"))
    assert taken(poshta, tmp_path, *twice)[1][0] == 2
    assert poshta("pupils", "forget", "A2").code == 0
    _code, _counts, complaints = taken(poshta, tmp_path, ONE.replace(",3,", ",4,"))
    assert "forgotten" not in complaints
    assert "A1" in codes(poshta)

"""Whose name stands in which file: no name in a file of which nobody knows, whatever becomes of the writing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete

from records import schema
from records.errors import Busy
from records.home import Home, make_home
from records.named_files import Written, files_naming, naming

FILE = Written("lists/grade5.csv", "pupils list --names --out lists/grade5.csv")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made, _new = make_home(tmp_path / "desk")
    (made.path / "lists").mkdir()
    with made.database.write() as session:
        for code in ("P1", "P2", "P3"):
            session.add(schema.Person(code=code, role="pupil", last_name="Серік", first_name="Әсел", parent="", address=""))
    return made


def write(home: Home, *pupils: str, file: Written = FILE) -> None:
    with naming(home, {file: pupils}):
        (home.path / file.path).write_text(",".join(pupils), encoding="utf-8")


def noted(home: Home) -> dict[str, list[Written]]:
    with home.database.read() as session:
        return {pupil: files_naming(session, pupil) for pupil in ("P1", "P2", "P3")}


def forget(home: Home, pupil: str) -> None:
    with home.database.write() as session:
        session.execute(delete(schema.Person).where(schema.Person.code == pupil))


def test_a_file_that_is_written_anew_is_noted_under_those_it_names_now(home: Home) -> None:
    write(home, "P1", "P2")
    assert noted(home) == {"P1": [FILE], "P2": [FILE], "P3": []}
    again = Written(FILE.path, "pupils list --grade 5 --names --out lists/grade5.csv")
    write(home, "P2", "P3", file=again)
    assert noted(home) == {"P1": [], "P2": [again], "P3": [again]}
    write(home)
    assert noted(home) == {"P1": [], "P2": [], "P3": []}


def test_a_file_that_cannot_be_replaced_stays_noted_under_those_whose_names_are_in_it(home: Home) -> None:
    write(home, "P1", "P2")
    with pytest.raises(PermissionError), naming(home, {FILE: ["P2", "P3"]}):
        raise PermissionError("open in another program")
    assert (home.path / FILE.path).read_text(encoding="utf-8") == "P1,P2"
    assert noted(home) == {"P1": [FILE], "P2": [FILE], "P3": [FILE]}


def test_the_note_is_there_before_the_file(home: Home) -> None:
    with naming(home, {FILE: ["P1"]}):
        assert noted(home)["P1"] == [FILE]


def test_a_name_forgotten_while_it_is_being_written_leaves_no_file_and_the_others_stay(home: Home) -> None:
    other = Written("lists/other.csv", "")
    with pytest.raises(Busy), naming(home, {FILE: ["P1", "P2"], other: ["P2"]}):
        forget(home, "P1")
        for file in (FILE, other):
            (home.path / file.path).write_text("names", encoding="utf-8")
    assert not (home.path / FILE.path).exists()
    assert (home.path / other.path).exists()


def test_a_name_forgotten_while_a_run_that_fails_was_writing_it_leaves_no_file(home: Home) -> None:
    with pytest.raises(OSError, match="full"), naming(home, {FILE: ["P1"]}):
        (home.path / FILE.path).write_text("names", encoding="utf-8")
        forget(home, "P1")
        raise OSError("full")
    assert not (home.path / FILE.path).exists()

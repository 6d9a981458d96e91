"""A desk's folder: made once, safe to make again, wherever it stands."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from records.home import attach, make_home, open_home
from tests.conftest import Poshta

ROOT = Path(__file__).parents[2]


def test_a_desk_may_stand_in_a_folder_with_spaces_and_kazakh_letters(tmp_path: Path, poshta: Poshta) -> None:
    home = tmp_path / "Қызылжар ауданы" / "үстел 1"
    assert poshta("init", home=home).code == 0
    assert poshta("journal", home=home).code == 0
    assert sorted(file.name for file in home.iterdir() if "sqlite3-" not in file.name) == ["keys", "poshta.sqlite3"]


def test_making_it_again_changes_nothing_and_a_lost_key_is_replaced_and_journalled(desk: Path, poshta: Poshta) -> None:
    assert poshta("init").data["key_made"] is False
    assert len(poshta("journal").data["acts"]) == 1
    shutil.rmtree(desk / "keys")
    again = poshta("init")
    assert again.data["key_made"] is True
    key = next((desk / "keys").glob("*.key")).stem
    assert next((act["action"], act["subject"]) for act in poshta("journal").data["acts"]) == ("desk.key", key)


def test_two_programs_that_make_it_at_once_make_one_key(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(tmp_path / "desk"), "--json", "init"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("POSHTA_")}
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) for _each in range(2)]
    said = [each.communicate() for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert len(list((tmp_path / "desk" / "keys").glob("*.key"))) == 1


def test_a_relative_address_of_sqlite_means_the_desk_s_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, elsewhere = tmp_path / "desk", tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("POSHTA_DATABASE", "sqlite:///data.db")
    made, _key = make_home(home)
    made.close()
    monkeypatch.chdir(elsewhere)
    open_home(home).close()
    assert (home / "data.db").exists()
    assert list(elsewhere.iterdir()) == []


def test_a_folder_that_may_not_be_written_exits_7(poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object, **_named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refused)
    answer = poshta("init")
    assert answer.code == 7
    assert "desk" in answer.body["errors"][0]["text"]


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="root may write everywhere")
def test_a_database_that_may_not_be_written_exits_7(desk: Path, poshta: Poshta) -> None:
    desk.chmod(0o555)
    try:
        assert poshta("init").code == 7
    finally:
        desk.chmod(0o755)


def test_a_read_only_database_exits_7(desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    from records import home

    monkeypatch.setattr(home, "sqlite_url", lambda path: f"sqlite:///file:{path}?mode=ro&uri=true")
    monkeypatch.setattr(home, "require_desk", lambda _home: None)
    for folder in (desk / "keys",):
        shutil.rmtree(folder)
    assert poshta("init").code == 7


def test_paths_are_told_relative_with_forward_slashes(desk: Path) -> None:
    home = attach(desk)
    assert home.relative(desk / "packets" / "W41" / "a.pdf") == "packets/W41/a.pdf"
    home.close()


def test_a_file_of_no_bytes_is_not_taken_for_a_desk(desk: Path, tmp_path: Path, poshta: Poshta) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    sqlite3.connect(empty / "poshta.sqlite3").close()
    (empty / "poshta.sqlite3").touch()
    assert poshta("journal", home=empty).code == 9
    assert poshta("init", home=empty).code == 0
    assert poshta("journal", home=empty).code == 0

"""Pupils who were forgotten since a backup was made stay so after its restore: by lists of codes and seals beside it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli import main
from records import files
from records.backup_forgotten import merged
from tests.conftest import Poshta

pytestmark = pytest.mark.usefixtures("quick_passphrases")


def test_two_lists_of_forgotten_pupils_become_one() -> None:
    one = {"pupils": [{"pupil": "A", "forgotten_on": "2026-10-02"}], "names": [{"seal": "s", "key_id": "k"}]}
    other = {"pupils": [{"pupil": "A", "forgotten_on": "2026-10-01"}, {"pupil": "B", "forgotten_on": "2026-10-03"}], "names": []}
    whole = merged(one, other)
    assert whole["pupils"] == [{"pupil": "A", "forgotten_on": "2026-10-01"}, {"pupil": "B", "forgotten_on": "2026-10-03"}]
    assert whole["names"] == one["names"]


def people(home: Path) -> set[str]:
    with closing(sqlite3.connect(home / "poshta.sqlite3")) as database:
        return {code for (code,) in database.execute("SELECT code FROM person")}


def test_a_pupil_forgotten_after_the_backup_is_forgotten_by_the_restore_though_the_machine_is_lost(
    desk_with_pupils: Path, tmp_path: Path, poshta: Poshta
) -> None:
    assert poshta("pupils", "forget", "P1").code == 0
    shutil.rmtree(desk_with_pupils)
    listed = next((tmp_path / "stick").glob("forgotten-*.json")).read_text(encoding="utf-8")
    assert "Сынақова" not in listed
    said = poshta("backup", "restore", str(tmp_path / "stick" / "old.tar"), home=tmp_path / "new")
    assert said.data["forgotten"] == ["P1"]
    assert people(tmp_path / "new") == {"P2"}
    again = poshta("pupils", "import", str(tmp_path / "pupils.csv"), home=tmp_path / "new")
    assert again.code == 3
    assert people(tmp_path / "new") == {"P2"}


def test_a_list_that_was_saved_from_the_old_desk_can_be_named(desk_with_pupils: Path, tmp_path: Path, poshta: Poshta) -> None:
    (tmp_path / "stick").rename(tmp_path / "drawer")  # out of reach while P1 is forgotten
    assert poshta("pupils", "forget", "P1").code == 0
    old, named = str(tmp_path / "drawer" / "old.tar"), str(desk_with_pupils / "forgotten.json")
    assert poshta("backup", "restore", old, home=tmp_path / "without").data["forgotten"] == []
    assert poshta("backup", "restore", old, "--forgotten", named, home=tmp_path / "new").data["forgotten"] == ["P1"]
    assert people(tmp_path / "new") == {"P2"}


def test_a_pupil_forgotten_after_a_backup_in_the_desk_itself_stays_forgotten(
    desk_with_pupils: Path, tmp_path: Path, poshta: Poshta
) -> None:
    made = desk_with_pupils / poshta("backup", "make").data["file"]
    desk_with_pupils.rename(tmp_path / "moved")  # the list is found again though the desk stands elsewhere
    assert poshta("pupils", "forget", "P1", home=tmp_path / "moved").data["out_of_reach"] == []
    said = poshta("backup", "restore", str(tmp_path / "moved" / "backups" / made.name), home=tmp_path / "new")
    assert said.data["forgotten"] == ["P1"]
    assert len(said.data["lists"]) == 1


def test_a_restore_without_any_list_says_so(
    desk_with_pupils: Path, tmp_path: Path, poshta: Poshta, capsys: pytest.CaptureFixture[str]
) -> None:
    assert poshta("pupils", "forget", "P1").code == 0
    (tmp_path / "post").mkdir()
    for home, backup_file, warned in (("one", tmp_path / "post" / "old.tar", True), ("two", tmp_path / "stick" / "old.tar", False)):
        if warned:
            shutil.copy(tmp_path / "stick" / "old.tar", backup_file)
        assert main(["--home", str(tmp_path / home), "--lang", "en", "backup", "restore", str(backup_file)]) == 0
        assert ("No list of forgotten pupils" in " ".join(capsys.readouterr().out.split())) is warned
    assert people(tmp_path / "one") == {"P1", "P2"}


def test_a_restored_desk_brings_the_list_to_the_stick_it_came_from(desk_with_pupils: Path, tmp_path: Path, poshta: Poshta) -> None:
    shutil.rmtree(desk_with_pupils)
    old = str(tmp_path / "stick" / "old.tar")
    assert poshta("backup", "restore", old, home=tmp_path / "new").data["forgotten"] == []
    assert poshta("pupils", "forget", "P1", home=tmp_path / "new").code == 0
    assert poshta("backup", "restore", old, home=tmp_path / "newer").data["forgotten"] == ["P1"]


def test_forgetting_tells_which_folder_of_backups_was_out_of_reach(desk_with_pupils: Path, tmp_path: Path, poshta: Poshta) -> None:
    assert poshta("pupils", "forget", "P1").data["out_of_reach"] == []
    (tmp_path / "stick").rename(tmp_path / "drawer")
    assert poshta("pupils", "forget", "P2").data["out_of_reach"] == [str(tmp_path / "stick")]


@pytest.mark.parametrize(
    "content", [b"{", b"\xff\xfe\x00", b"[]", b'{"pupils": [{"pupil": "P1", "forgotten_on": "soon"}], "names": []}', b'{"pupils": 5}']
)
def test_a_damaged_list_is_named_and_nothing_is_restored(content: bytes, desk_with_pupils: Path, tmp_path: Path, poshta: Poshta) -> None:
    (beside,) = (tmp_path / "stick").glob("forgotten-*.json")
    beside.write_bytes(content)
    said = poshta("backup", "restore", str(tmp_path / "stick" / "old.tar"), home=tmp_path / "new")
    (error,) = said.body["errors"]
    assert (said.code, error["code"], beside.name in error["text"]) == (4, "list_damaged", True)
    assert not (tmp_path / "new").exists()
    beside.rename(tmp_path / "aside")
    assert poshta("backup", "restore", str(tmp_path / "stick" / "old.tar"), home=tmp_path / "new").code == 0


def test_a_new_backup_brings_the_list_to_a_folder_that_was_out_of_reach(desk_with_pupils: Path, tmp_path: Path, poshta: Poshta) -> None:
    (tmp_path / "stick").rename(tmp_path / "drawer")
    assert poshta("pupils", "forget", "P1").code == 0
    (tmp_path / "drawer").rename(tmp_path / "stick")
    assert poshta("backup", "make").code == 0
    said = poshta("backup", "restore", str(tmp_path / "stick" / "old.tar"), home=tmp_path / "new")
    assert said.data["forgotten"] == ["P1"]


def test_forgetting_deletes_the_plain_copy_made_before_a_migration(desk_with_pupils: Path, poshta: Poshta) -> None:
    copy = desk_with_pupils / "backups" / "before-0003-2026-10-01-080000.sqlite3"
    files.write_bytes(copy, b"names")
    assert poshta("pupils", "forget", "P1").code == 0
    assert not copy.exists()

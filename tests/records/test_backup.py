"""A backup holds the desk, or it is refused: by a changed, missing or added byte anywhere, by a wrong passphrase, by a full home, by a path that leads out."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest

from records import backup, backup_commands, files, journal
from records.backup import restore_backup, verify_backup
from records.backup_archive import packed
from records.backup_vault import opened_vault, write_vault
from records.errors import InputRefused, IntegrityFailed, NoRoom, PoshtaError
from records.home import attach, open_home
from tests.conftest import Poshta
from tests.records.backups import PASSPHRASE, names, nobody, tick, tree

pytestmark = pytest.mark.usefixtures("quick_passphrases")
BLOCK = 512


def test_a_restored_desk_holds_every_file_that_cannot_be_made_again(
    backup_file: Path, full_desk: Path, tmp_path: Path, poshta: Poshta
) -> None:
    said = poshta("backup", "restore", str(backup_file), home=tmp_path / "new")
    assert said.code == 0
    before, after = tree(full_desk), tree(tmp_path / "new")
    kept = {name for name in before if not name.startswith(("packets/", "backups/", "poshta.sqlite3"))}
    assert {name: before[name] for name in kept} == {name: after[name] for name in kept}
    assert after.keys() - kept == {"poshta.sqlite3", "forgotten.json", "backups/folders.json"}
    assert json.loads(after["forgotten.json"]) == {"pupils": [], "names": []}
    acts = poshta("journal", home=tmp_path / "new").data["acts"]
    assert [act["action"] for act in acts] == ["backup.restore", "desk.key"]


@pytest.mark.skipif(os.name == "nt", reason="no such modes there")
def test_keys_and_the_backup_are_for_their_owner_alone(backup_file: Path, tmp_path: Path, poshta: Poshta) -> None:
    poshta("backup", "restore", str(backup_file), home=tmp_path / "new")
    (key,) = (tmp_path / "new" / "keys").iterdir()
    assert {path.stat().st_mode & 0o777 for path in (key, backup_file, tmp_path / "new" / "poshta.sqlite3")} == {0o600}


def test_the_standard_parts_open_it_without_this_program(backup_file: Path) -> None:
    with tarfile.open(backup_file) as outer:
        read = {member.name: outer.extractfile(member).read() for member in outer}  # type: ignore[union-attr]
    identity = pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(read["identity.age"], PASSPHRASE).decode())
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(read["content.age"], [identity]))) as inner:
        assert "originals/ab/abc.png" in inner.getnames()
    assert "age -d -i identity.age" in read["READ-ME.txt"].decode()


def test_no_name_or_scan_can_be_read_in_the_file(backup_file: Path) -> None:
    content = backup_file.read_bytes()
    assert b"scanscan" not in content
    assert b"SQLite" not in content
    assert b"originals" not in content


def test_verify_tells_what_it_holds(backup_file: Path, poshta: Poshta) -> None:
    data = poshta("backup", "verify", str(backup_file)).data
    assert data["members"] == 6
    assert data["database"] is True


def test_a_byte_changed_at_two_hundred_places_is_refused_each_time(backup_file: Path) -> None:
    whole = backup_file.read_bytes()
    places = random.Random(41).sample(range(len(whole)), 200)
    for place in places:
        assert refused(backup_file, whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :]), place
    assert not refused(backup_file, whole)


def test_a_byte_changed_in_each_structural_place_is_refused(backup_file: Path) -> None:
    whole = backup_file.read_bytes()
    with tarfile.open(backup_file) as outer:
        members = outer.getmembers()
    heads = [range(member.offset, member.offset_data) for member in members]
    small = [range(member.offset_data, member.offset_data + min(member.size, 400)) for member in members]
    ends = [range(member.offset_data + member.size - 3, member.offset_data + member.size) for member in members]
    places = sorted({place for each in (*heads, *small, *ends, range(len(whole) - 2 * BLOCK - 20, len(whole))) for place in each})
    missed = [place for place in places if not refused(backup_file, whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])]
    assert missed == []
    assert len(places) > 3000


def test_a_cut_or_lengthened_file_is_refused(backup_file: Path) -> None:
    whole = backup_file.read_bytes()
    for length in (0, 1, 511, 512, 4096, len(whole) // 2, len(whole) - 1024, len(whole) - 512, len(whole) - 1):
        assert refused(backup_file, whole[:length]), length
    assert refused(backup_file, whole + b"\0")
    assert refused(backup_file, whole[:20000] + whole[20001:])
    assert refused(backup_file, b"not a backup at all" * 1000)


def refused(file: Path, content: bytes) -> bool:
    """Whether verify refuses the content, as damaged and not for its passphrase."""
    changed = file.with_name("changed.tar")
    changed.write_bytes(content)
    try:
        verify_backup(changed, PASSPHRASE, tick)
    except IntegrityFailed:
        return True
    return False


def test_a_damaged_file_is_exit_10_and_nothing_is_restored(backup_file: Path, tmp_path: Path, poshta: Poshta) -> None:
    content = bytearray(backup_file.read_bytes())
    content[len(content) // 2] ^= 1
    backup_file.write_bytes(content)
    before = names(tmp_path)
    assert poshta("backup", "verify", str(backup_file)).code == 10
    said = poshta("backup", "restore", str(backup_file), home=tmp_path / "new")
    assert said.code == 10
    assert said.body["errors"][0]["code"] == "backup_damaged"
    assert names(tmp_path) == before


def test_a_wrong_passphrase_has_its_own_sentence(backup_file: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_PASSPHRASE", "five other unlikely words")
    said = poshta("backup", "verify", str(backup_file))
    assert (said.code, said.body["errors"][0]["code"]) == (4, "wrong_passphrase")


def test_a_short_passphrase_and_none_are_refused_and_write_nothing(
    full_desk: Path, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSHTA_PASSPHRASE", "tooshort")
    assert poshta("backup", "make", str(tmp_path / "b.tar")).code == 4
    monkeypatch.delenv("POSHTA_PASSPHRASE")
    assert poshta("backup", "make", str(tmp_path / "b.tar")).code == 2
    assert not (tmp_path / "b.tar").exists()


@pytest.mark.parametrize(("typed", "code"), [((PASSPHRASE, PASSPHRASE), 0), ((PASSPHRASE, "another long one"), 4)])
def test_a_typed_passphrase_is_asked_for_twice(
    typed: tuple[str, ...], code: int, full_desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(typed)
    monkeypatch.delenv("POSHTA_PASSPHRASE")
    monkeypatch.setattr(backup_commands, "_typed", lambda _question: next(answers))
    assert poshta("backup", "make").code == code
    assert next(answers, None) is None


def test_the_same_letters_typed_on_another_system_open_it(
    backup_file: Path, full_desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSHTA_PASSPHRASE", "төрт сөз ё й жолақ")
    file = backup_file.with_name("kk.tar")
    assert poshta("backup", "make", str(file)).code == 0
    monkeypatch.setenv("POSHTA_PASSPHRASE", "төрт сөз е\u0308 и\u0306 жолақ")
    assert poshta("backup", "verify", str(file)).code == 0


def test_a_home_that_is_not_empty_stays_as_it_is(backup_file: Path, full_desk: Path, poshta: Poshta) -> None:
    before = tree(full_desk)
    assert poshta("backup", "restore", str(backup_file)).code == 7
    assert tree(full_desk) == before


def test_an_earlier_backup_is_never_overwritten_nor_made_part_of_the_next(backup_file: Path, full_desk: Path, poshta: Poshta) -> None:
    before = backup_file.read_bytes()
    assert poshta("backup", "make", str(backup_file)).code == 7
    assert backup_file.read_bytes() == before
    assert poshta("backup", "make", str(full_desk / "b.tar")).code == 7
    assert poshta("backup", "make", str(full_desk / "backups" / "b.tar")).data["files"] == ["backups/b.tar"]


def test_a_link_is_left_out_by_name(full_desk: Path, tmp_path: Path, poshta: Poshta) -> None:
    try:
        (full_desk / "originals" / "link").symlink_to(tmp_path)
    except OSError:
        pytest.skip("no links here")
    said = poshta("backup", "make")
    assert said.code == 3
    assert [error["file"] for error in said.body["errors"]] == ["originals/link"]


def test_two_files_under_one_name_never_get_into_a_backup(full_desk: Path, tmp_path: Path, poshta: Poshta) -> None:
    """The database stands elsewhere, an old one and its log in the home, and a file of somebody's is called like the backup's own list."""
    elsewhere = tmp_path / "fast" / "desk.sqlite3"
    elsewhere.parent.mkdir()
    shutil.copy(full_desk / "poshta.sqlite3", elsewhere)
    (full_desk / "poshta.toml").write_text(f'database = "sqlite:///{elsewhere.as_posix()}"\n', encoding="utf-8")
    for name in ("poshta.sqlite3-wal", "manifest.json"):
        (full_desk / name).write_bytes(b"old")
    said = poshta("backup", "make", str(tmp_path / "b.tar"))
    assert said.code == 3
    assert [error["file"] for error in said.body["errors"]] == ["manifest.json", "poshta.sqlite3", "poshta.sqlite3-wal"]
    assert poshta("backup", "verify", str(tmp_path / "b.tar")).code == 0
    restored = poshta("backup", "restore", str(tmp_path / "b.tar"), home=tmp_path / "new")
    assert [error["code"] for error in restored.body["errors"]] == ["database_elsewhere"]
    assert not {"manifest.json", "poshta.sqlite3-wal"} & names(tmp_path / "new")


@pytest.mark.parametrize("path", ["a", "manifest.json"])
def test_no_stream_is_made_that_could_not_be_read_again(path: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(IntegrityFailed):
        list(packed([("a", tmp_path / "a"), (path, tmp_path / "a")], datetime(2026, 10, 1), "", "", tick))


def looked_into(monkeypatch: pytest.MonkeyPatch, name: str, failure: type[OSError]) -> None:
    """Let the system refuse to list every folder of that name (root may look into all)."""
    real = os.scandir

    def scandir(folder: Any = ".") -> Any:
        if Path(os.fsdecode(folder)).name == name:
            raise failure(failure.__name__, "refused", os.fsdecode(folder))
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)


def test_a_folder_that_may_not_be_looked_into_is_left_out_by_name(
    full_desk: Path, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_into(monkeypatch, "originals", PermissionError)
    said = poshta("backup", "make", str(tmp_path / "b.tar"))
    assert said.code == 3
    assert [error["file"] for error in said.body["errors"]] == ["originals"]


def test_a_folder_or_file_that_vanishes_meanwhile_asks_for_the_same_command_again(
    full_desk: Path, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as gone:
        looked_into(gone, "ab", FileNotFoundError)
        assert poshta("backup", "make", str(tmp_path / "b.tar")).code == 8
    listed = backup.desk_files
    monkeypatch.setattr(backup, "desk_files", lambda *given: ([*listed(*given)[0], "originals/gone.png"], {}))
    assert poshta("backup", "make", str(tmp_path / "b.tar")).code == 8
    assert not (tmp_path / "b.tar").exists()


def test_a_target_that_is_not_called_tar_is_a_folder(full_desk: Path, tmp_path: Path, poshta: Poshta) -> None:
    said = poshta("backup", "make", f"{tmp_path}/stick/new folder/")
    (made,) = (tmp_path / "stick" / "new folder").glob("poshta-*.tar")
    assert said.data["file"] == made.as_posix()


def test_a_backup_holds_the_database_of_one_moment_while_others_write(full_desk: Path, tmp_path: Path) -> None:
    home = open_home(full_desk)
    with home.database.write() as session:
        journal.record(session, "test", "not yet committed")
        session.flush()
        home.database.copy_to(tmp_path / "copy.sqlite3")
    home.close()
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        assert copy.execute("SELECT action FROM act").fetchall() == [("desk.key",)]


def test_a_file_that_grows_while_it_is_read_stops_the_backup(
    full_desk: Path, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fstat

    def shorter(handle: int) -> os.stat_result:
        found = list(real(handle))
        if found[6] == 80000:
            found[6] -= 1
        return os.stat_result(found)

    monkeypatch.setattr("records.backup_archive.os.fstat", shorter)
    assert poshta("backup", "make", str(tmp_path / "b.tar")).code == 8
    assert not (tmp_path / "b.tar").exists()


def test_a_full_disk_leaves_nothing(full_desk: Path, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (tmp_path / "stick").mkdir()
    assert poshta("backup", "make", str(tmp_path / "stick" / "b.tar")).code == 11
    assert names(tmp_path / "stick") == set()
    monkeypatch.undo()
    assert names(full_desk / "backups") == {"earlier.tar"}


def test_a_full_disk_in_the_middle_of_the_stream_is_told_as_such(tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def write(self, content: Any) -> int:
            if self.tell() > 5000:
                raise NoRoom("full")
            return super().write(content)

    with pytest.raises(NoRoom):
        write_vault(Full(), [b"x" * 100000], PASSPHRASE)


def test_a_full_disk_while_restoring_leaves_nothing(
    backup_file: Path, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names(tmp_path)

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert poshta("backup", "restore", str(backup_file), home=tmp_path / "new").code == 11
    assert names(tmp_path) == before


def test_the_folder_in_which_the_command_runs_is_not_replaced(
    backup_file: Path, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for home in (Path(), tmp_path / "here"):
        said = poshta("backup", "restore", str(backup_file), home=home)
        assert (said.code, "Go to another folder" in said.body["errors"][0]["hint"]) == (7, True)
    assert names(tmp_path / "here") == set()
    assert poshta("backup", "restore", str(backup_file), home=Path("below")).code == 0
    assert "poshta.sqlite3" in names(tmp_path / "here" / "below")


def test_where_a_disk_begins_no_desk_is_restored(
    backup_file: Path, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stick2").mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path).name == "stick2")
    for home in (tmp_path / "stick2", Path("/")):
        said = poshta("backup", "restore", str(backup_file), home=home)
        assert (said.code, "Name a folder on it" in said.body["errors"][0]["hint"]) == (7, True)
    assert names(tmp_path / "stick2") == set()


def test_what_a_killed_restore_left_is_swept_by_the_next(backup_file: Path, tmp_path: Path, poshta: Poshta) -> None:
    files.write_bytes(tmp_path / ".new.restoring" / "originals" / "left", b"half")
    assert poshta("backup", "restore", str(backup_file), home=tmp_path / "new").code == 0
    assert not (tmp_path / ".new.restoring").exists()
    assert not (tmp_path / "new" / "originals" / "left").exists()


def test_an_empty_folder_becomes_the_desk(backup_file: Path, tmp_path: Path, poshta: Poshta) -> None:
    (tmp_path / "new").mkdir()
    assert poshta("backup", "restore", str(backup_file), home=tmp_path / "new").code == 0
    assert poshta("doctor", home=tmp_path / "new").code == 0


# ---- the vault by itself


def test_memory_stays_flat_and_a_reader_may_stop_early(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        for _number in range(200):
            yield b"y" * 100_000

    with (tmp_path / "vault").open("wb") as file:
        write_vault(file, pieces(), PASSPHRASE)
    with opened_vault(tmp_path / "vault", PASSPHRASE) as stream:
        assert stream.read(3) == b"yyy"
    with opened_vault(tmp_path / "vault", PASSPHRASE) as stream:
        assert sum(len(chunk) for chunk in iter(lambda: stream.read(65536), b"")) == 20_000_000


def test_what_stops_the_pieces_is_what_is_told(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"some"
        raise InputRefused("because")

    with pytest.raises(InputRefused, match="because"), (tmp_path / "vault").open("wb") as file:
        write_vault(file, pieces(), PASSPHRASE)


def test_a_desk_of_a_newer_program_is_not_restored(backup_file: Path, full_desk: Path, tmp_path: Path, poshta: Poshta) -> None:
    with closing(sqlite3.connect(full_desk / "poshta.sqlite3")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    home = attach(full_desk)
    backup.make_backup(home, tmp_path / "newer.tar", PASSPHRASE, tick)
    home.close()
    with pytest.raises(PoshtaError) as told:
        restore_backup(tmp_path / "newer.tar", tmp_path / "new", PASSPHRASE, nobody, tick)
    assert told.value.exit_code == 9
    assert not (tmp_path / "new").exists()

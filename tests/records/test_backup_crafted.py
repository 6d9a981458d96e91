"""What a crafted backup could try: paths that lead out of the folder, links, devices, files told twice, databases elsewhere."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from datetime import datetime
from pathlib import Path

import pytest

from records import backup, files
from records.backup import restore_backup
from records.backup_archive import Manifest, Member, safe_path, unpacked
from records.backup_vault import write_vault
from records.errors import IntegrityFailed
from tests.records.backups import PASSPHRASE, names, nobody, tick, tree

pytestmark = pytest.mark.usefixtures("quick_passphrases")


def crafted(file: Path, members: list[tuple[tarfile.TarInfo, bytes]], database: str = "") -> Path:
    """A vault under the right passphrase with these members, and a manifest that fits them and names this database."""
    inner = io.BytesIO()
    listed = tuple(Member(info.name, len(body), files.digest(body)) for info, body in members)
    manifest = json.dumps(Manifest(datetime(2026, 10, 1), "0001", database, listed).as_json()).encode()
    with tarfile.open(fileobj=inner, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for info, body in [*members, (tarfile.TarInfo("manifest.json"), manifest)]:
            info.size = len(body) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(body))
    with file.open("wb") as written:
        write_vault(written, [inner.getvalue()], PASSPHRASE)
    return file


def link(name: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


@pytest.mark.parametrize(
    "name", ["../out", "/out", "a/../../out", "a\\..\\out", "C:/out", "a/./b", "a//b", "NUL", "a/con.txt", "end.", "x\ny"]
)
def test_no_path_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(IntegrityFailed):
        safe_path(name)
    before = names(tmp_path)
    file = crafted(tmp_path / "crafted.tar", [(tarfile.TarInfo(name), b"x")])
    with pytest.raises(IntegrityFailed):
        restore_backup(file, tmp_path / "new", PASSPHRASE, nobody, tick)
    assert names(tmp_path) - before == {"crafted.tar"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_nothing_but_plain_files_is_unpacked(kind: bytes, tmp_path: Path) -> None:
    file = crafted(tmp_path / "crafted.tar", [(link("a", kind), b"")])
    with pytest.raises(IntegrityFailed):
        restore_backup(file, tmp_path / "new", PASSPHRASE, nobody, tick)
    assert not (tmp_path / "new").exists()


def test_a_file_twice_or_one_that_the_list_does_not_tell_is_refused(tmp_path: Path) -> None:
    twice = crafted(tmp_path / "twice.tar", [(tarfile.TarInfo("a"), b"x"), (tarfile.TarInfo("a"), b"x")])
    with pytest.raises(IntegrityFailed):
        restore_backup(twice, tmp_path / "new", PASSPHRASE, nobody, tick)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, body in (("a", b"x"), ("manifest.json", json.dumps(Manifest(datetime(2026, 10, 1), "", "", ()).as_json()).encode())):
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    stream.seek(0)
    with pytest.raises(IntegrityFailed, match="does not fit"):
        unpacked(stream, lambda _path: backup._counted(tick))


def test_a_crafted_backup_that_is_honest_is_restored(tmp_path: Path) -> None:
    file = crafted(tmp_path / "crafted.tar", [(tarfile.TarInfo("a/b"), b"x")])
    restore_backup(file, tmp_path / "new", PASSPHRASE, nobody, tick)
    assert tree(tmp_path / "new") == {"a/b": b"x"}


@pytest.mark.parametrize("outside", ["absolute", "../outside.sqlite3", "absent.sqlite3"])
def test_no_database_outside_of_the_backup_is_touched(outside: str, desk: Path, tmp_path: Path) -> None:
    database = tmp_path / "outside.sqlite3"
    shutil.copy(desk / "poshta.sqlite3", database)
    before = database.read_bytes()
    named = str(database) if outside == "absolute" else outside
    file = crafted(tmp_path / "crafted.tar", [(tarfile.TarInfo("a"), b"x")], named)
    with pytest.raises(IntegrityFailed, match="not among them"):
        restore_backup(file, tmp_path / "new", PASSPHRASE, nobody, tick)
    assert database.read_bytes() == before

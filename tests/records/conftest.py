"""Desks with something to back up, and passphrases that take no second each. For tests/records/test_backup*."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyrage
import pytest

from records import backup_vault, files
from tests.conftest import Poshta
from tests.records.backups import PASSPHRASE

PUPILS = "code,last_name,first_name,grade,language,kato\nP1,Сынақова,Айжан,5,kk,154853100\nP2,Сынақов,Болат,6,kk,154853100\n"
locked_once = cache(backup_vault._fresh)
unlocked_once = cache(pyrage.passphrase.decrypt)


@pytest.fixture
def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """scrypt takes a second on purpose: here once for each passphrase."""
    monkeypatch.setattr(pyrage.passphrase, "decrypt", unlocked_once)
    monkeypatch.setattr(backup_vault, "_fresh", locked_once)
    monkeypatch.setenv("POSHTA_PASSPHRASE", PASSPHRASE)


@pytest.fixture
def full_desk(desk: Path) -> Path:
    """A desk with scans, settings, a manifest and things that no backup needs."""
    for name, content in {
        "originals/ab/abc.png": b"scan" * 20000,
        "originals/ab/empty.png": b"",
        "routes/2026-W41/манифест-қ.pdf": b"manifest",
        "poshta.toml": b'language = "ru"\n',
        "packets/2026-W41/p.pdf": b"drawn again",
        "backups/earlier.tar": b"earlier",
    }.items():
        files.write_bytes(desk / name, content)
    return desk


@pytest.fixture
def backup_file(full_desk: Path, tmp_path: Path, poshta: Poshta) -> Path:
    assert poshta("backup", "make", str(tmp_path / "stick" / "desk.tar")).code == 0
    return tmp_path / "stick" / "desk.tar"


@pytest.fixture
def desk_with_pupils(desk: Path, tmp_path: Path, poshta: Poshta) -> Path:
    (tmp_path / "pupils.csv").write_text(PUPILS, encoding="utf-8")
    assert poshta("pupils", "import", str(tmp_path / "pupils.csv")).code == 0
    assert poshta("backup", "make", str(tmp_path / "stick" / "old.tar")).code == 0
    return desk

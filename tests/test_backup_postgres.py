"""A desk whose database is on a server: everything else is backed up, and what is missing is said plainly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Poshta


def test_a_server_s_database_is_not_in_the_backup_and_that_is_said(
    postgres_url: str, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSHTA_DATABASE", postgres_url)
    monkeypatch.setenv("POSHTA_PASSPHRASE", "four unlikely words here")
    assert poshta("init").code == 0
    made = poshta("backup", "make", str(tmp_path / "desk.tar"))
    assert (made.code, made.data["database"]) == (3, False)
    assert "pg_dump" in made.body["errors"][0]["hint"]
    restored = poshta("backup", "restore", str(tmp_path / "desk.tar"), home=tmp_path / "new")
    assert (restored.code, restored.data["database"]) == (3, False)
    assert [path.suffix for path in (tmp_path / "new" / "keys").iterdir()] == [".key"]
    assert not (tmp_path / "new" / "poshta.sqlite3").exists()
    assert poshta("journal", home=tmp_path / "new").data["acts"][0]["action"] == "backup.make"

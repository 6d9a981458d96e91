"""The doctor finds what is wrong, names it, and ends its round whatever happens."""

import shutil
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from packets import health as printing
from records import health
from records.files import digest, keep_original
from records.health import Check, examine
from records.home import Home, open_home
from records.schema import Original
from scanning import health as reading
from tests.conftest import Poshta
from tests.small_desk import SmallDesk, here

NAMES = ["settings", "database", "migrations", "key", "room", "originals", "backup", "fonts", "qr", "libzbar", "thresholds"]


def states(poshta: Poshta, code: int) -> dict[str, str]:
    answer = poshta("doctor")
    assert answer.code == code, answer
    return {check["name"]: check["state"] for check in answer.data["checks"]}


def test_a_new_desk_is_well(desk: Path, poshta: Poshta) -> None:
    found = states(poshta, 0)
    assert list(found) == NAMES
    assert set(found.values()) <= {"ok", "warn"}


def test_a_folder_without_a_desk_is_told_and_not_made(tmp_path: Path, poshta: Poshta) -> None:
    found = states(poshta, 12)
    assert found["database"] == "fail"
    assert found["qr"] == "ok"
    assert not (tmp_path / "desk").exists()


def test_a_missing_key_fails(desk: Path, poshta: Poshta) -> None:
    shutil.rmtree(desk / "keys")
    assert states(poshta, 12)["key"] == "fail"


def test_a_new_key_does_not_hide_that_the_old_one_is_gone(own_desk: SmallDesk) -> None:
    assert here(own_desk.home, "doctor").code == 0
    (lost,) = (own_desk.home / "keys").glob("*.key")
    lost.unlink()
    assert here(own_desk.home, "init").data["key_made"] is True
    told = here(own_desk.home, "doctor")
    assert (told.code, told.body["errors"][0]["code"]) == (12, "key")
    assert lost.stem in told.body["errors"][0]["text"]


def test_a_damaged_key_is_a_matter_of_integrity(desk: Path, poshta: Poshta) -> None:
    next((desk / "keys").glob("*.key")).write_text("{}")
    assert states(poshta, 10)["key"] == "fail"


@pytest.mark.skipif(sys.platform == "win32", reason="file modes")
def test_a_key_that_others_may_read_fails(desk: Path, poshta: Poshta) -> None:
    next((desk / "keys").glob("*.key")).chmod(0o644)
    assert states(poshta, 12)["key"] == "fail"


def test_a_damaged_database_is_a_matter_of_integrity(desk: Path, poshta: Poshta) -> None:
    for leftover in desk.glob("poshta.sqlite3-*"):
        leftover.unlink()
    file = desk / "poshta.sqlite3"
    content = bytearray(file.read_bytes())
    for page in range(1, len(content) // 4096):  # every page but the first loses its header
        content[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    file.write_bytes(bytes(content))
    assert states(poshta, 10)["database"] == "fail"


def kept(home: Home, content: bytes) -> Path:
    source = home.path / "incoming.pdf"
    source.write_bytes(content)
    path = keep_original(home.originals, source, digest(content))
    from records.calendar import now

    with home.database.write() as session:
        session.add(Original(digest=digest(content), path=home.relative(path), bytes=len(content), frames=1, first_seen=now()))
    return path


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"another")], ids=["gone", "changed"])
def test_an_original_that_is_gone_or_changed_is_a_matter_of_integrity(desk: Path, poshta: Poshta, harm: Callable[[Path], object]) -> None:
    home = open_home(desk)
    paths = [kept(home, f"scan {number}".encode()) for number in range(3)]
    home.close()
    assert states(poshta, 0)["originals"] == "ok"
    harm(paths[1])
    assert states(poshta, 10)["originals"] == "fail"


@pytest.mark.parametrize(("free", "state", "code"), [(10 << 30, "ok", 0), (1 << 30, "warn", 0), (1 << 20, "fail", 12)])
def test_scarce_room_is_told_before_it_is_gone(
    desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch, free: int, state: str, code: int
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(100 << 30, 0, free))
    assert states(poshta, code)["room"] == state


def test_a_missing_libzbar_is_only_a_warning(desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyzbar.pyzbar", None)
    assert states(poshta, 0)["libzbar"] == "warn"


def test_a_symbol_that_is_not_read_fails(desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_drawn", lambda _text: np.full((200, 200), 255, np.uint8))
    assert states(poshta, 12)["qr"] == "fail"


def test_a_letter_that_the_font_lacks_fails(desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MUST_PRINT", printing.MUST_PRINT + "語")
    answer = poshta("doctor")
    assert answer.code == 12
    assert "語" in answer.body["errors"][0]["text"]


def test_a_check_that_breaks_does_not_end_the_round(tmp_path: Path) -> None:
    def broken(_home: Home) -> Check:
        raise ZeroDivisionError

    answer = examine(tmp_path, [("broken", broken), ("settings", health.settings)])
    assert [(check["name"], check["state"]) for check in answer.data["checks"]] == [("broken", "fail"), ("settings", "ok")]
    assert answer.code == 12


def test_a_desk_without_a_backup_for_more_than_two_weeks_is_warned(desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_PASSPHRASE", "four unlikely words here")
    later = (date.today() + timedelta(days=15)).isoformat()
    monkeypatch.setenv("POSHTA_TODAY", later)
    assert states(poshta, 0)["backup"] == "warn"
    assert poshta("backup", "make").code == 0
    assert states(poshta, 0)["backup"] == "ok"


def test_a_restored_desk_has_the_age_of_the_backup_that_it_came_from(
    desk: Path, tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSHTA_PASSPHRASE", "four unlikely words here")
    assert poshta("backup", "make", str(tmp_path / "stick")).code == 0
    made = date.today().isoformat()
    monkeypatch.setenv("POSHTA_TODAY", (date.today() + timedelta(days=10)).isoformat())
    (file,) = (tmp_path / "stick").glob("*.tar")
    assert poshta("backup", "restore", str(file), home=tmp_path / "new").code == 0
    (found,) = (check for check in poshta("doctor", home=tmp_path / "new").data["checks"] if check["name"] == "backup")
    assert (found["state"], made in found["text"]) == ("ok", True)
    monkeypatch.setenv("POSHTA_TODAY", (date.today() + timedelta(days=15)).isoformat())
    (found,) = (check for check in poshta("doctor", home=tmp_path / "new").data["checks"] if check["name"] == "backup")
    assert found["state"] == "warn"

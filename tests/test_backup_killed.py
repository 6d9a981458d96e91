"""A backup or a restore that is killed, at any step and at any moment, leaves nothing or the whole; a restored desk goes on where it was."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from records import files
from tests.small_desk import AFTER, NEXT_WEEK, ROOT, SmallDesk, command, environment, here
from tests.test_killed import KILLER, NEVER

PASSPHRASE = {"POSHTA_PASSPHRASE": "four unlikely words here"}
pytestmark = pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")


def run(home: Path, *words: str, left: int = NEVER) -> tuple[int, int]:
    """Run the command with so many steps left to live; answers the exit code and the steps it took (0: killed)."""
    started = [sys.executable, "-c", KILLER, str(ROOT), str(left), "--home", str(home), "--lang", "en", "--json", *words]
    ended = subprocess.run(started, capture_output=True, encoding="utf-8", check=False, env=environment(AFTER, **PASSPHRASE), timeout=300)
    return ended.returncode, int(ended.stderr.split()[-1]) if ended.returncode == 0 else 0


def killed_after(seconds: float, home: Path, *words: str) -> int:
    """Start the command, kill it after so long; answers its exit code."""
    with subprocess.Popen(
        command(home, *words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(AFTER, **PASSPHRASE)
    ) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        return process.wait()


@pytest.fixture
def full_desk(desk: Path) -> Path:
    for number in range(6):
        files.write_bytes(desk / "originals" / f"{number:02}" / f"{number}.png", random.Random(number).randbytes(200_000))
    return desk


def tree(folder: Path) -> Mapping[str, bytes]:
    """Every file but the database, whose journal holds a clock, and the list of forgotten pupils, which a restore brings from beside the backup."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {
        name: path.read_bytes() for name, path in found.items() if not name.startswith(("poshta.sqlite3", "backups/", "forgotten.json"))
    }


@pytest.mark.slow
def test_a_backup_killed_at_any_step_is_not_there_or_whole(full_desk: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    assert run(full_desk, "backup", "make", str(stick / "first.tar"))[0] == 0  # the folder is known from now on
    code, steps = run(full_desk, "backup", "make", str(stick / "calm.tar"))
    assert (code, steps >= 4) == (0, True)
    there = []
    for left in (*range(0, steps - 1, 2), steps - 1):
        file = stick / f"{left}.tar"
        assert run(full_desk, "backup", "make", str(file), left=left)[0] == -signal.SIGKILL
        there.append(file.exists())
        if file.exists():
            assert run(full_desk, "backup", "verify", str(file))[0] == 0
    assert there[0] is False
    assert there[-1] is True
    assert run(full_desk, "backup", "make", str(stick / "last.tar"))[0] == 0
    assert [path.name for path in [*stick.iterdir(), *(full_desk / "backups").iterdir()] if path.name.startswith(".new-")] == []


@pytest.mark.slow
def test_a_restore_killed_at_any_step_leaves_nothing_or_the_whole(full_desk: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "desk.tar")
    assert run(full_desk, "backup", "make", file)[0] == 0
    code, steps = run(tmp_path / "calm", "backup", "restore", file)
    assert (code, steps >= 9) == (0, True)
    for left in range(0, steps, 4):
        home = tmp_path / f"home{left}"
        assert run(home, "backup", "restore", file, left=left)[0] == -signal.SIGKILL
        assert not home.exists() or tree(home) == tree(full_desk)
    home = tmp_path / "home4"
    assert run(home, "backup", "restore", file)[0] == 0
    assert tree(home) == tree(full_desk)
    assert not (tmp_path / ".home4.restoring").exists()


@pytest.mark.slow
def test_killed_at_random_moments_neither_leaves_a_half(full_desk: Path, tmp_path: Path) -> None:
    file, stick = tmp_path / "desk.tar", tmp_path / "stick"
    stick.mkdir()
    began = time.monotonic()
    assert run(full_desk, "backup", "make", str(file))[0] == 0
    usual = time.monotonic() - began
    moments = [random.Random(7).uniform(0.2, usual * 1.2) for _number in range(5)]
    for number, moment in enumerate(moments):
        made, home = stick / f"{number}.tar", tmp_path / f"home{number}"
        killed_after(moment, full_desk, "backup", "make", str(made))
        assert not made.exists() or run(full_desk, "backup", "verify", str(made))[0] == 0
        killed_after(moment, home, "backup", "restore", str(file))
        assert not home.exists() or tree(home) == tree(full_desk)


def test_a_restored_desk_reads_pages_printed_before_the_backup_and_draws_the_same_packets(small_desk: SmallDesk, tmp_path: Path) -> None:
    file, new = str(tmp_path / "desk.tar"), tmp_path / "new"
    old = shutil.copytree(small_desk.unread, tmp_path / "old")
    assert here(old, "backup", "make", file, **PASSPHRASE).code == 0
    assert here(new, "backup", "restore", file, **PASSPHRASE).code == 0
    assert [key.name for key in (new / "keys").iterdir()] == [key.name for key in (small_desk.unread / "keys").iterdir()]
    told = here(new, "scan", str(small_desk.scans))
    assert told.code in {0, 3}
    assert {page["packet"] for page in told.data["pages"] if page["state"] in {"read", "doubtful"}} == set(small_desk.played)
    assert "unsigned" not in {page["state"] for page in told.data["pages"]}
    assert here(new, "returns", "--week", "2026-W41").code in {0, 3}
    assert here(new, "packets", "build", "--week", NEXT_WEEK).code in {0, 3}


def test_the_packets_left_out_of_a_backup_are_drawn_again_byte_for_byte(small_desk: SmallDesk, tmp_path: Path) -> None:
    file, new = str(tmp_path / "desk.tar"), tmp_path / "new"
    old = shutil.copytree(small_desk.unread, tmp_path / "old")
    assert here(old, "backup", "make", file, **PASSPHRASE).code == 0
    assert here(new, "backup", "restore", file, **PASSPHRASE).code == 0
    assert not (new / "packets").exists()
    assert here(new, "packets", "build", "--week", "2026-W41").code in {0, 3}
    before = {path.name: path.read_bytes() for path in (small_desk.unread / "packets").rglob("*.pdf") if "label" not in path.name}
    after = {path.name: path.read_bytes() for path in (new / "packets").rglob("*.pdf")}
    assert {name: after.get(name) == content for name, content in before.items()} == dict.fromkeys(before, True)

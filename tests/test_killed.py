"""A process killed without warning, at any step of writing: the same command again ends as if nothing had happened.

A step is a file that is flushed to the disk or a transaction that is about to be committed. The harness first counts the steps of an undisturbed
run, and each test sees that its kill has struck.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.small_desk import AFTER, BEFORE, NEXT_WEEK, ROOT, SmallDesk, environment

KILLER = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from sqlalchemy.orm import Session
left, steps = int(sys.argv[2]), 0
def before(real):
    def step(*given):
        global steps
        steps += 1
        if steps > left:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given)
    return step
os.fsync, Session.commit = before(os.fsync), before(Session.commit)
from cli import main
code = main(sys.argv[3:])
print(steps, file=sys.stderr)
sys.exit(code)
"""
NEVER = 10**6
TIME = re.compile(r"20\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?")


def run(home: Path, day: str, words: tuple[str, ...], left: int = NEVER) -> tuple[int, int]:
    """Run the command with so many steps left to live; answers the exit code and the steps it took (0: killed)."""
    started = [sys.executable, "-c", KILLER, str(ROOT), str(left), "--home", str(home), "--lang", "en", "--json", *words]
    more = {"POSHTA_SCAN__COMMIT_PAGES": "1"}
    ended = subprocess.run(started, capture_output=True, encoding="utf-8", check=False, env=environment(day, **more), timeout=300)
    return ended.returncode, int(ended.stderr.split()[-1]) if ended.returncode in {0, 3} else 0


def result(home: Path) -> dict[str, Any]:
    """All rows without clocks and milliseconds, and the digests of all other files; what one run told of the machines is of that run."""
    with sqlite3.connect(f"file:{home / 'poshta.sqlite3'}?mode=ro", uri=True) as database:
        database.row_factory = sqlite3.Row
        tables = [row["name"] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        rows: dict[str, Any] = {
            name: sorted(TIME.sub("", repr({**row, "ms": 0})) for row in map(dict, database.execute(f'SELECT * FROM "{name}"')))
            for name in tables
            if name != "batch"
        }
    files = (path for path in home.rglob("*") if path.is_file() and not path.name.startswith("poshta.sqlite3"))
    return rows | {path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The tables and files that are not the same."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def without_file(home: Path) -> list[str]:
    """The packets whose row names a file that is neither in its place nor lies beside it."""
    with sqlite3.connect(f"file:{home / 'poshta.sqlite3'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT code, pdf, pdf_digest FROM packet WHERE state != 'void'").fetchall()
    known = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in (home / "packets").glob("*/anew/*.pdf")}
    lost = [(code, home / pdf, digest) for code, pdf, digest in rows if digest not in known]
    return [code for code, pdf, digest in lost if not pdf.is_file() or hashlib.sha256(pdf.read_bytes()).hexdigest() != digest]


COMMANDS = {"build": (BEFORE, ("packets", "build", "--week", NEXT_WEEK)), "scan": (AFTER, ("scan", "SCANS"))}


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
@pytest.mark.parametrize("what", COMMANDS)
def test_killed_at_any_step_and_run_again_the_result_is_that_of_an_undisturbed_run(
    small_desk: SmallDesk, tmp_path: Path, what: str
) -> None:
    day, words = COMMANDS[what]
    words = tuple(word.replace("SCANS", str(small_desk.scans)) for word in words)
    calm, killed = _unread(small_desk, tmp_path / "calm"), _unread(small_desk, tmp_path / "killed")
    code, steps = run(calm, day, words)
    assert code in {0, 3}
    assert steps > 5
    wanted = result(calm)
    for left in (1, steps // 2 - 1, 0):
        assert run(killed, day, words, left)[0] == -signal.SIGKILL
    assert differences(result(killed), wanted) != []
    assert run(killed, day, words)[0] in {0, 3}
    assert differences(result(killed), wanted) == []


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_packets_built_anew_and_killed_at_any_step_end_as_in_an_undisturbed_run(small_desk: SmallDesk, tmp_path: Path) -> None:
    """After each kill, too, the file of every row is there, in its place or about to take it: the paper may be handed over before the next run."""
    words = ("packets", "build", "--week", NEXT_WEEK)
    built = _unread(small_desk, tmp_path / "built")
    assert run(built, BEFORE, words)[0] in {0, 3}
    with sqlite3.connect(built / "poshta.sqlite3") as database:
        changed = database.execute("UPDATE person SET first_name = first_name || 'а' WHERE role = 'pupil'").rowcount
    calm, killed = shutil.copytree(built, tmp_path / "calm"), shutil.copytree(built, tmp_path / "killed")
    code, steps = run(calm, BEFORE, words)
    assert code in {0, 3}
    wanted = result(calm)
    assert differences(result(killed), wanted) != []
    assert steps > changed, "each file is flushed, and the rows are kept"
    for left in (2, steps - 1, steps - 2, steps - 3, 0):
        assert run(killed, BEFORE, words, left)[0] in {-signal.SIGKILL, 0, 3}
        assert without_file(killed) == []
    assert run(killed, BEFORE, words)[0] in {0, 3}
    assert differences(result(killed), wanted) == []


def _unread(desk: SmallDesk, folder: Path) -> Path:
    shutil.copytree(desk.unread, folder)
    return folder

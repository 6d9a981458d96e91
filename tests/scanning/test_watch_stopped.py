"""`poshta scan watch DIR` that is killed or stopped: what was filed is filed once, and moved at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from records.home import Home
from scanning.inbox import REASON, REFUSED
from tests.scanning.desks import desk_that_reads_notes
from tests.scanning.inboxes import below, counted
from tests.scanning.paper import Sheet, page, save

Poshta = Callable[..., Any]
FULL = {"1": "A", "2": "A,C"}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("POSHTA_SCAN__WATCH_SECONDS", "0.01")
    with desk_that_reads_notes(tmp_path / "desk", monkeypatch) as desk:
        yield desk


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


KILLED_BEFORE_IT_MOVES = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
Path.rename = lambda *_given: os.kill(os.getpid(), signal.SIGKILL)
from cli import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_a_process_killed_before_it_moves_anything_has_filed_all_and_the_next_one_moves_it(home: Home, inbox: Path, poshta: Poshta) -> None:
    for pupil in ("P1", "P2"):
        save(inbox / f"{pupil}.png", Sheet(page(pupil, 2), FULL))
    (inbox / "letter.txt").write_text("dear grandmother")
    words = ["--home", str(home.path), "--json", "scan", "watch", str(inbox), "--once"]
    ended = subprocess.run([sys.executable, "-c", KILLED_BEFORE_IT_MOVES, str(ROOT), *words], check=False, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    assert {"P1.png", "P2.png", "letter.txt"} <= set(below(inbox))
    stood = counted(home)
    assert stood["scan"] == stood["original"] == 2
    told = poshta("scan", "watch", str(inbox), "--once")
    assert len(told.data["moved"]) == 3
    assert below(inbox) == ["done/P1.png", "done/P2.png", "refused/letter.txt", f"refused/letter.txt{REASON}"]
    assert counted(home) == stood


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_watch_ends_with_130_and_one_object_and_nothing_half_done(home: Home, inbox: Path, stop: signal.Signals) -> None:
    (inbox / "letter.txt").write_text("dear grandmother")
    words = [sys.executable, str(ROOT / "cli.py"), "--home", str(home.path), "--lang", "en", "--json", "scan", "watch", str(inbox)]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    until = time.monotonic() + 60
    while not (inbox / REFUSED / "letter.txt").exists() and time.monotonic() < until and running.poll() is None:
        time.sleep(0.05)
    running.send_signal(stop)
    try:
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()
    assert (running.returncode, out.count("\n")) == (130, 1), err
    assert '"status": "error"' in out
    assert '"to"' in out
    assert "Traceback" not in err
    assert below(inbox) == ["refused/letter.txt", f"refused/letter.txt{REASON}"]

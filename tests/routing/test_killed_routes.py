"""Killed without warning at any step, the commands of weeks end, run again, as if nothing had happened."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from records.schema import Vehicle
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change
from tests.routing.test_schedule_import import LIST, written
from tests.routing.weeks import fill_desk
from tests.test_killed import differences, result, run

DAY = "2026-09-20"
COMMANDS = {
    "import": ("routes", "import-schedule", "LIST"),
    "replan": ("routes", "replan", *WEEK, "--without", "vehicle:150400/ГАЗ"),
}


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
@pytest.mark.parametrize("what", COMMANDS)
def test_a_kill_at_any_step_leaves_nothing_half_done(what: str, desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    """Before the last step nothing has changed; the same command again does it, and once more changes nothing."""
    change(desk, fill_desk)
    change(desk, lambda session: session.add(Vehicle(office="150400", vehicle="ГАЗ", payload_kg=300, day_minutes=600, days="")))
    poshta("routes", "plan", *WEEK)
    words = tuple(word.replace("LIST", written(tmp_path, LIST)) for word in COMMANDS[what])
    before, killed = result(desk), tmp_path / "killed"
    shutil.copytree(desk, killed)
    code, steps = run(desk, DAY, words)
    assert code in {0, 3}
    assert steps >= 1
    for left in range(steps):
        assert run(killed, DAY, words, left)[0] == -signal.SIGKILL
        assert differences(result(killed), before) == []
    assert run(killed, DAY, words)[0] == code
    assert differences(result(killed), result(desk)) == []
    assert differences(result(killed), before) != []

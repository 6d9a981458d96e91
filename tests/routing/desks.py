"""Desks for tests of paper: planned, printed, handed over; made once for a module and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.routing.test_commands import change
from tests.routing.weeks import fill_desk
from tests.small_desk import here

MORNING = "2026-09-28"  # on which the one route leaves


def made_desk(folder: Path, *steps: str) -> Path:
    """A desk of eight villages with 40 packets, on which these commands of routes were run for the week."""
    desk = folder / "desk"
    assert here(desk, "init", day=MORNING).code == 0
    change(desk, fill_desk)
    for step in steps:
        assert here(desk, "routes", step, "--week", "2026-W41", day=MORNING).code == 0
    return desk


def copied(desk: Path, folder: Path) -> Path:
    """A copy of a desk for one test, where the command line of tests looks for it."""
    shutil.copytree(desk, folder / "desk")
    return folder / "desk"

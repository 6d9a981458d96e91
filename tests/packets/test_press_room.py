"""Several presses print what one prints, and one that dies costs no packet."""

from __future__ import annotations

import multiprocessing
import os

import pytest

import packets.bundle
from packets.press_room import Pressed, VillageTask, press_village
from records.files import write_text
from records.home import Home
from tests.conftest import Poshta
from tests.packets.week import WEEK, printed


def dying_press(task: VillageTask) -> list[Pressed]:
    """A process that the operating system kills, as it does when memory runs short."""
    if multiprocessing.parent_process() is not None:
        os._exit(9)
    return press_village(task)


@pytest.fixture
def busy(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A desk with two presses for however little work."""
    write_text(home.path / "poshta.toml", "workers = 2\n")
    monkeypatch.setattr(packets.bundle, "WORTH_PROCESSES", 0)
    return home


def test_two_presses_print_the_bytes_of_one(busy: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    by_two = poshta("packets", "build", "--week", WEEK)
    two = printed(busy)
    write_text(busy.path / "poshta.toml", "workers = 1\n")
    for file in by_two.data["files"]:
        (busy.path / file).unlink()
    by_one = poshta("packets", "build", "--week", WEEK)
    assert by_one.data["redrawn"] == by_two.data["built"] == 3
    assert printed(busy) == two


def test_a_press_that_dies_costs_no_packet(busy: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packets.bundle, "press_village", dying_press)
    said = poshta("packets", "build", "--week", WEEK)
    assert said.data["built"] == 3
    assert len(printed(busy)) == 3
    assert poshta("packets", "build", "--week", WEEK).data["unchanged"] == 3

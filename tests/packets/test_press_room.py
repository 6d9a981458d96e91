"""Several presses print what one prints, and a helper that dies costs no packet."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

import packets.bundle
import packets.planning
import packets.press_room
from packets.bundle import build
from packets.planning import Scope, Task, plan
from packets.press_room import Pressed, press_here
from packets.workshop import Workshop
from records.files import write_text
from records.home import Home
from tests.conftest import Poshta
from tests.packets.week import WEEK, open_desk, printed


def dying_helper(parcel: bytes) -> list[Pressed]:
    """A process that the operating system kills, as it does when memory runs short."""
    assert multiprocessing.parent_process() is not None
    os._exit(9)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A desk with two presses for however little work, each village a task; how many packets were drawn in this process, task by task."""
    drawn: list[int] = []

    def counted(home: Path, workshop: Workshop, task: Task) -> list[Pressed]:
        drawn.append(len(task.jobs))
        return press_here(home, workshop, task)

    monkeypatch.setattr(packets.bundle, "WORTH_PROCESSES", 0)
    monkeypatch.setattr(packets.planning, "STRETCH", 1)
    monkeypatch.setattr(packets.press_room, "press_here", counted)
    return drawn


@pytest.fixture
def busy(home: Home, here: list[int]) -> Home:
    """The small week's desk with two processes."""
    write_text(home.path / "poshta.toml", "workers = 2\n")
    return home


def test_a_helper_prints_the_bytes_that_this_process_prints(busy: Home, poshta: Poshta, here: list[int]) -> None:
    by_helper = poshta("packets", "build", "--week", WEEK)
    assert (by_helper.data["built"], here) == (3, []), "both villages lay with the helper"
    before = printed(busy)
    write_text(busy.path / "poshta.toml", "workers = 1\n")
    for file in by_helper.data["files"]:
        (busy.path / file).unlink()
    assert poshta("packets", "build", "--week", WEEK).data["redrawn"] == 3
    assert here == [2, 1]
    assert printed(busy) == before


def test_what_a_helper_has_no_hands_for_is_drawn_in_this_process(
    busy: Home, poshta: Poshta, here: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packets.press_room, "AHEAD", 1)
    said = poshta("packets", "build", "--week", WEEK)
    assert here == [1], "the second village, while the first one lay with the helper"
    assert [Path(file).stem[-2:] for file in said.data["files"]] == ["P1", "P2", "P3"], "kept in the order of the villages all the same"


def test_a_helper_that_dies_costs_no_packet(busy: Home, poshta: Poshta, here: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packets.press_room, "press_parcel", dying_helper)
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["built"], here) == (3, [2, 1])
    assert len(printed(busy)) == 3
    assert poshta("packets", "build", "--week", WEEK).data["unchanged"] == 3


def test_assignments_go_to_a_helper_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are the greater part of a task: pictures, and every question's words."""
    monkeypatch.setenv("POSHTA_TODAY", "2026-09-28")
    home = open_desk(tmp_path / "desk")
    planned = plan(home, WEEK, Scope())
    task = packets.planning.task_of(planned, planned.stretches[0])
    numbers = {assignment: number for number, (assignment, _print_size) in enumerate(planned.fixed)}
    parcel = packets.press_room._parcel(task, numbers)
    assert all(assignment.title.encode() not in parcel for assignment in numbers)
    assert packets.press_room._parcel(task, {}).count("Жай бөлшектер".encode()) >= 1, "else the title could not have shown it"


def test_a_build_by_stretches_is_the_build_in_one(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    before = printed(home)
    for file in before:
        (home.path / file).unlink()
    monkeypatch.setattr(packets.planning, "STRETCH", 1)
    planned = plan(home, WEEK, Scope())
    assert [stretch.packets for stretch in planned.stretches] == [2, 1]
    build(home, planned, lambda _steps=1: None)
    assert printed(home) == before

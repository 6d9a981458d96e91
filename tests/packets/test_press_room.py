"""Several presses print what one prints, and a helper that dies costs no packet."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import packets.bundle
import packets.planning
import packets.press_room
from packets.archive import NewPacket, keep_packets, standing_packets
from packets.bundle import build
from packets.planning import Plan, Scope, Stretch, Task, plan, task_of
from packets.press_room import Pressed, PressRoom, press_here
from packets.workshop import Workshop
from records.errors import Busy
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
    assert [Path(file).stem[-2:] for file in said.data["files"]] == ["P1", "P2", "P3"], "told in the order of the villages all the same"


def test_a_helper_that_dies_costs_no_packet(busy: Home, poshta: Poshta, here: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packets.press_room, "press_parcel", dying_helper)
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["built"], here) == (3, [2, 1])
    assert len(printed(busy)) == 3
    assert poshta("packets", "build", "--week", WEEK).data["unchanged"] == 3


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> type[PressRoom]:
    """A press room whose first task lies with a helper who has not begun; the others are done here at once."""
    lying: list[Future[list[Pressed]]] = []
    press = PressRoom.press

    def pressing(room: PressRoom, task: Task) -> Future[list[Pressed]]:
        lying.append(press(room, task) if lying else Future())
        return lying[-1]

    monkeypatch.setattr(packets.planning, "STRETCH", 1)
    monkeypatch.setattr(PressRoom, "press", pressing)
    return PressRoom


def kept(home: Home) -> list[str]:
    with home.database.read() as session:
        return sorted(packet[-2:] for packet in standing_packets(session, WEEK))


def test_what_is_done_is_kept_though_a_helper_has_not_begun_when_the_build_is_stopped(
    home: Home, slow: type[PressRoom], monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed = slow.pressed

    def stopped(room: PressRoom, task: Task, begun: Future[list[Pressed]]) -> list[Pressed]:
        if not begun.done():
            raise KeyboardInterrupt
        return pressed(room, task, begun)

    monkeypatch.setattr(slow, "pressed", stopped)
    with pytest.raises(KeyboardInterrupt):
        build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    assert kept(home) == ["P3"]


@pytest.mark.parametrize("at", ["looking up", "keeping"])
def test_what_a_helper_has_in_hand_is_kept_where_another_stretch_is_refused(
    home: Home, slow: type[PressRoom], monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    look_up, keep_them = task_of, keep_packets
    told: list[int] = []

    def waited(_room: PressRoom, task: Task, begun: Future[list[Pressed]]) -> list[Pressed]:
        return begun.result() if begun.done() else press_here(home.path, Workshop(), task)

    def looking_up(planned: Plan, stretch: Stretch) -> Task:
        if stretch is planned.stretches[1]:
            raise Busy("Another.", "Wait.")
        return look_up(planned, stretch)

    def keeping(session: Session, made: Sequence[NewPacket]) -> None:
        if made[0].standing.pupil == "P3":
            raise Busy("Another.", "Wait.")
        keep_them(session, made)

    monkeypatch.setattr(slow, "pressed", waited)
    monkeypatch.setattr(packets.bundle, "task_of", looking_up if at == "looking up" else look_up)
    monkeypatch.setattr(packets.bundle, "keep_packets", keep_them if at == "looking up" else keeping)
    with pytest.raises(Busy, match="Another"):
        build(home, plan(home, WEEK, Scope()), lambda steps=1: told.append(steps))
    assert kept(home) == ["P1", "P2"]
    assert sum(told) == 2


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

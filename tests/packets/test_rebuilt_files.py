"""A packet that is built anew keeps its file until the new rows are kept: whatever ends the build, the next one leaves row and file of one issue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

import packets.bundle
import packets.rebuilt_files
from packets.archive import Standing, packet_named, withdraw
from packets.bundle import build
from packets.planning import Scope, plan
from records import files, schema
from records.errors import ExitCode, PoshtaError
from records.files import file_digest
from records.home import Home
from settlements.forgetting import forget
from tests.conftest import Poshta
from tests.packets.week import FIRST, FIRST_PACKET, SECOND, WEEK, printed, texts

FIRST_CODE = f"{WEEK}-P1"


class Killed(BaseException):
    """The end of a process, which tidies nothing up."""


def renamed(home: Home) -> None:
    with home.database.write() as session:
        session.execute(update(schema.Person).where(schema.Person.code == "P1").values(first_name="Әлия"))


def moved(home: Home) -> None:
    with home.database.write() as session:
        session.execute(update(schema.Pupil).where(schema.Pupil.code == "P1").values(kato=SECOND))


def withdrawn(home: Home) -> None:
    with home.database.write() as session:
        withdraw(session, FIRST_CODE)
    (home.path / FIRST_PACKET).unlink()


def lost(home: Home) -> None:
    (home.path / FIRST_PACKET).write_bytes(b"%PDF-torn")


def die(*_given: object, **_named: object) -> Any:
    raise Killed


def standing(home: Home) -> Standing:
    with home.database.read() as session:
        return packet_named(session, FIRST_CODE)


def killed_build(home: Home, monkeypatch: pytest.MonkeyPatch, room: Any, at: str) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(room, at, die)
        patch.setattr(packets.bundle, "give_up", lambda *_given: None)  # a killed process does not come so far
        with pytest.raises(Killed):
            build(home, plan(home, WEEK, Scope(pupil="P1")), lambda _steps=1: None)


BEFORE, AFTER = (packets.bundle, "keep_packets"), (packets.bundle, "put_in_place")
WITHIN = (packets.rebuilt_files, "_flush")
POINTS = {"before the rows": BEFORE, "after the rows": AFTER, "in its place": WITHIN}


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("change", [renamed, moved, withdrawn])
def test_a_rebuild_killed_anywhere_is_finished_by_the_next_build(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch, change: Any, point: str
) -> None:
    poshta("packets", "build", "--week", WEEK)
    change(home)
    killed_build(home, monkeypatch, *POINTS[point])
    assert poshta("packets", "build", "--week", WEEK, "--pupil", "P1").code == 0
    now = standing(home)
    assert (now.issue, now.state) == (2, "built")
    assert file_digest(home.path / now.pdf) == now.pdf_digest
    assert sorted(Path(name).name for name in printed(home)) == [f"{WEEK}-P{number}.pdf" for number in (1, 2, 3)]


@pytest.mark.parametrize("change", [renamed, moved])
def test_a_packet_whose_rebuild_was_killed_can_be_handed_over_and_printed_again(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    """Its paper lies on the table; the file on disk must be that paper's, not one of pages that nobody keeps."""
    poshta("packets", "build", "--week", WEEK)
    before = standing(home).pdf_digest
    change(home)
    killed_build(home, monkeypatch, *BEFORE)
    assert file_digest(home.path / FIRST_PACKET) == before == standing(home).pdf_digest
    with home.database.write() as session:
        session.execute(update(schema.Packet).where(schema.Packet.pupil == "P1").values(state="handed_over"))
    assert poshta("packets", "reprint", FIRST_CODE).code == 0


def test_what_a_killed_rebuild_left_is_not_lost_where_it_could_not_be_drawn_again(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    poshta("packets", "build", "--week", WEEK)
    renamed(home)
    killed_build(home, monkeypatch, *AFTER)
    with home.database.write() as session:
        session.execute(update(schema.Packet).where(schema.Packet.pupil == "P1").values(state="handed_over"))
        session.execute(update(schema.Person).where(schema.Person.code == "P1").values(first_name="Айгүл"))
    assert {"reason": "changed_after_handover", "pupils": ["P1"]} in poshta("packets", "build", "--week", WEEK).data["without"]
    assert file_digest(home.path / FIRST_PACKET) == standing(home).pdf_digest
    assert "Әлия" in texts(home, FIRST_PACKET)[0]


@pytest.mark.parametrize("point", POINTS)
def test_forgetting_finds_what_a_killed_rebuild_left(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    poshta("packets", "build", "--week", WEEK)
    moved(home)
    killed_build(home, monkeypatch, *POINTS[point])
    assert [name for name in printed(home) if "P1" in name], "else nothing would have been left to find"
    forget(home, "P1")
    assert [name for name in printed(home) if "P1" in name] == []


def test_a_rebuild_that_is_stopped_leaves_nothing_apart(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    poshta("packets", "build", "--week", WEEK)
    before = printed(home)
    renamed(home)
    with monkeypatch.context() as patch:
        patch.setattr(packets.bundle, "keep_packets", die)
        with pytest.raises(Killed):
            build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    assert printed(home) == before


def test_a_packet_withdrawn_before_its_new_file_is_in_place_has_none(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    poshta("packets", "build", "--week", WEEK)
    renamed(home)
    put = packets.bundle.put_in_place

    def meanwhile(*given: Any) -> None:
        assert poshta("packets", "void", FIRST_CODE).code == 0
        put(*given)

    monkeypatch.setattr(packets.bundle, "put_in_place", meanwhile)
    build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    assert [name for name in printed(home) if "P1" in name] == []


def test_a_pupil_forgotten_before_the_new_file_is_in_place_has_none(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    poshta("packets", "build", "--week", WEEK)
    renamed(home)
    put = packets.bundle.put_in_place

    def meanwhile(*given: Any) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("settlements.forgetting._remove", lambda *_files: ([], []))  # between its rows and its files
            forget(home, "P1")
        put(*given)

    monkeypatch.setattr(packets.bundle, "put_in_place", meanwhile)
    build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    assert not list((home.path / "packets" / WEEK / "anew").iterdir())
    monkeypatch.undo()
    forget(home, "P1")
    assert [name for name in printed(home) if "P1" in name] == []


def test_a_lost_file_whose_packet_was_built_anew_meanwhile_is_not_written_over_the_new_one(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    lost(home)
    slow = plan(home, WEEK, Scope())
    renamed(home)
    look_up = packets.bundle.task_of
    with pytest.MonkeyPatch.context() as patch:

        def meanwhile(*given: Any) -> Any:
            with home.database.write() as session:
                session.execute(update(schema.Person).where(schema.Person.code == "P1").values(first_name="Әсел"))
            task = look_up(*given)
            patch.undo()
            renamed(home)
            assert poshta("packets", "build", "--week", WEEK).data["rebuilt"] == 1
            return task

        patch.setattr(packets.bundle, "task_of", meanwhile)
        with pytest.raises(PoshtaError):
            build(home, slow, lambda _steps=1: None)
    assert file_digest(home.path / FIRST_PACKET) == standing(home).pdf_digest
    assert "Әлия" in texts(home, FIRST_PACKET)[0]


def test_a_build_of_another_village_leaves_alone_what_this_one_has_written(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    poshta("packets", "build", "--week", WEEK)
    renamed(home)
    keep = packets.bundle._keep

    def kept(*given: Any) -> None:
        packets.rebuilt_files.finish(home, WEEK, Scope(village=SECOND))
        packets.rebuilt_files.finish(home, WEEK, Scope(pupil="P2"))
        keep(*given)

    monkeypatch.setattr(packets.bundle, "_keep", kept)
    assert poshta("packets", "build", "--week", WEEK, "--village", FIRST).data["rebuilt"] == 1


def test_a_build_whose_new_file_another_build_has_tidied_up_keeps_no_rows(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    poshta("packets", "build", "--week", WEEK)
    before = printed(home)
    renamed(home)
    keep = packets.bundle._keep

    def kept(*given: Any) -> None:
        packets.rebuilt_files.finish(home, WEEK, Scope())
        keep(*given)

    monkeypatch.setattr(packets.bundle, "_keep", kept)
    assert poshta("packets", "build", "--week", WEEK).code == ExitCode.BUSY
    assert standing(home).issue == 1
    assert printed(home) == before


@pytest.mark.parametrize("point", POINTS)
def test_pages_printed_again_of_a_packet_whose_lost_file_is_drawn_stay(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    poshta("packets", "build", "--week", WEEK)
    (again,) = poshta("packets", "reprint", FIRST_CODE).data["files"]
    lost(home)
    killed_build(home, monkeypatch, *POINTS[point])
    poshta("packets", "build", "--week", WEEK)
    assert (home.path / again).is_file()
    assert file_digest(home.path / FIRST_PACKET) == standing(home).pdf_digest


def files_of_the_first(home: Home) -> list[str]:
    return [name for name in printed(home) if "P1" in name]


def test_a_withdrawal_removes_what_a_killed_build_left_of_a_moved_pupil(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file in the former village stayed for good: the packet's row named the new place, where nothing lay."""
    poshta("packets", "build", "--week", WEEK)
    moved(home)
    with monkeypatch.context() as patch:
        killed_build(home, patch, *AFTER)
    left = files_of_the_first(home)
    assert len(left) == 2
    said = poshta("packets", "void", FIRST_CODE)
    assert (said.code, len(said.data["removed"]), files_of_the_first(home)) == (0, 2, [])


def test_a_withdrawal_between_rows_and_place_leaves_no_file_of_a_moved_pupil(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    poshta("packets", "build", "--week", WEEK)
    moved(home)
    put = packets.bundle.put_in_place

    def meanwhile(*given: Any) -> None:
        assert poshta("packets", "void", FIRST_CODE).code == 0
        put(*given)

    with monkeypatch.context() as patch:
        patch.setattr(packets.bundle, "put_in_place", meanwhile)
        build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    assert files_of_the_first(home) == []


def test_what_was_half_written_when_the_program_was_killed_goes_with_the_forgotten_name(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    poshta("packets", "build", "--week", WEEK)
    renamed(home)
    with monkeypatch.context() as patch:
        killed_build(home, patch, *BEFORE)
    (lying,) = (home.path / "packets" / WEEK / "anew").iterdir()
    half = lying.rename(lying.with_name(".new-abc"))
    files._swept.clear()  # another process
    forget(home, "P1")
    assert not half.exists()

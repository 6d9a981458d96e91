"""A week's packets: safe to run twice and to be killed; nothing printed in silence, nobody left out without a reason; names stay inside."""

from __future__ import annotations

import errno
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, update

import packets.archive
import packets.bundle
import packets.planning
import records.files
from packets.assignment import OpenQuestion
from packets.bundle import build
from packets.orders import Order, Reason
from packets.planning import Plan, Scope, Stretch, Task, plan
from packets.shelf import keep
from records import schema
from records.errors import Busy, ExitCode
from records.files import file_digest
from records.home import Home
from settlements.forgetting import forget
from settlements.roster import learners
from tests.conftest import Poshta
from tests.packets.week import FIRST, FIRST_PACKET, NEXT_WEEK, SECOND, WEEK, answered, assignment, open_desk, printed, texts


def test_a_build_writes_a_packet_for_everybody_by_post_and_names_the_others(home: Home, poshta: Poshta) -> None:
    said = poshta("packets", "build", "--week", WEEK)
    assert said.code == 3
    assert said.data["built"] == 3
    assert said.data["files"] == [
        f"packets/{WEEK}/{FIRST}/{WEEK}-P1.pdf",
        f"packets/{WEEK}/{FIRST}/{WEEK}-P2.pdf",
        f"packets/{WEEK}/{SECOND}/{WEEK}-P3.pdf",
    ]
    assert {each["reason"]: each["pupils"] for each in said.data["without"]} == {
        "no_village": ["P5"],
        "no_assignment": ["P4"],
        "other_channel": ["P6"],
    }
    assert all((home.path / file).exists() for file in said.data["files"])


def test_a_second_build_does_nothing(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    before, acts = printed(home), len(poshta("journal").data["acts"])
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["unchanged"], said.data["built"], said.data["files"]) == (3, 0, [])
    assert printed(home) == before
    assert len(poshta("journal").data["acts"]) == acts


def test_a_lost_or_damaged_file_is_drawn_again_with_the_same_bytes(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    before = printed(home)
    (home.path / FIRST_PACKET).unlink()
    (home.path / f"packets/{WEEK}/{SECOND}/{WEEK}-P3.pdf").write_bytes(b"%PDF-torn")
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["redrawn"], said.data["unchanged"]) == (2, 1)
    assert printed(home) == before


@pytest.mark.parametrize("change", ["layout", "pages"])
def test_a_lost_file_that_this_version_would_print_otherwise_is_not_drawn(home: Home, poshta: Poshta, change: str) -> None:
    """Else paper would go out that the reader takes for what was printed before."""
    poshta("packets", "build", "--week", WEEK)
    (home.path / FIRST_PACKET).unlink()
    with home.database.write() as session:
        first = session.scalars(select(schema.Page).where(schema.Page.packet == f"{WEEK}-P1").order_by(schema.Page.number)).all()
        if change == "layout":
            first[-1].layout = first[0].layout
        else:
            session.delete(first[-1])
    said = poshta("packets", "build", "--week", WEEK)
    assert said.code == ExitCode.WAITING
    assert (said.data["redrawn"], said.data["unchanged"], said.data["files"]) == (0, 2, [])
    assert {"reason": "printed_otherwise", "pupils": ["P1"]} in said.data["without"]
    assert not (home.path / FIRST_PACKET).exists()


def test_changed_input_builds_anew_under_new_page_ids_and_voids_the_old_pages(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    old = {page["page"] for page in poshta("packets", "layout", "--week", WEEK, "--packet", f"{WEEK}-P1").data["pages"]}
    with home.database.write() as session:
        session.execute(update(schema.Person).where(schema.Person.code == "P1").values(first_name="Әлия"))
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["rebuilt"], said.data["unchanged"]) == (1, 2)
    shown = poshta("packets", "show", f"{WEEK}-P1").data
    assert shown["issue"] == 2
    assert {page["page"] for page in shown["pages"] if page["void"]} == old
    assert {page["void_reason"] for page in shown["pages"] if page["void"]} == {"rebuilt"}
    assert "Әлия" in texts(home, FIRST_PACKET)[0]


def test_a_packet_that_was_handed_over_stays_as_it_is_and_that_is_told(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    before = printed(home)
    with home.database.write() as session:
        session.execute(update(schema.Packet).where(schema.Packet.pupil == "P1").values(state="handed_over"))
        session.execute(update(schema.Person).where(schema.Person.code == "P1").values(first_name="Әлия"))
    said = poshta("packets", "build", "--week", WEEK, "--pupil", "P1")
    assert said.code == 3
    assert said.data["without"] == [{"reason": "changed_after_handover", "pupils": ["P1"]}]
    assert printed(home) == before


def test_corrected_points_print_a_built_packet_anew_and_leave_one_that_has_gone_alone(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    given = assignment(f"math-kk-{WEEK[-3:]}")
    first = replace(given.parts[1], points=Decimal(4))
    with home.database.write() as session:
        keep(session, replace(given, parts=(given.parts[0], first, *given.parts[2:])))
        session.execute(update(schema.Packet).where(schema.Packet.pupil == "P1").values(state="handed_over"))
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["unchanged"], said.data["rebuilt"]) == (2, 1)
    assert "changed_after_handover" not in [each["reason"] for each in said.data["without"]]
    assert said.data["former_points"] == [f"{WEEK}-P1"]
    assert "1 packet that has gone out shows points as they were" in poshta("packets", "build", "--week", WEEK, json=False).out


@pytest.mark.parametrize("first", ["1.0", "1.00"])
def test_the_digest_of_a_packet_does_not_hang_on_who_wrote_the_same_points_otherwise_before(home: Home, first: str) -> None:
    given = assignment(f"written-{first}")
    other, own = (replace(given, parts=(replace(given.parts[1], points=Decimal(points)),)) for points in (first, "1"))
    with home.database.read() as session:
        order = Order("P", WEEK, learners(session)[0], "Дана", None, (own,), date(2026, 10, 19), "")
    points = [order.digest((0, 0))]
    replace(order, assignments=(replace(other, code="read-before"),)).digest((0, 0))
    points.append(replace(order, assignments=(replace(own, code="read-before"),)).digest((0, 0)))
    assert len({digest.partition(".")[2] for digest in points}) == 1


def test_the_lost_file_of_a_packet_that_has_gone_is_drawn_again_with_the_points_it_showed(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    before = printed(home)[FIRST_PACKET]
    given = assignment(f"math-kk-{WEEK[-3:]}")
    with home.database.write() as session:
        session.execute(update(schema.Packet).values(state="handed_over"))
    for points in (4, 7):
        with home.database.write() as session:
            keep(session, replace(given, parts=(given.parts[0], replace(given.parts[1], points=Decimal(points)), *given.parts[2:])))
    (home.path / FIRST_PACKET).unlink()
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["redrawn"], said.data["unchanged"]) == (1, 2)
    assert said.data["former_points"] == [f"{WEEK}-P1", f"{WEEK}-P3"]
    assert printed(home)[FIRST_PACKET] == before


def test_a_packet_whose_pupil_left_is_told_until_it_is_withdrawn(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    with home.database.write() as session:
        session.execute(update(schema.Pupil).where(schema.Pupil.code == "P1").values(left_on=date(2026, 9, 29)))
    left = {"reason": "left_over", "pupils": ["P1"]}
    assert left in poshta("packets", "build", "--week", WEEK).data["without"]
    assert left not in poshta("packets", "build", "--week", WEEK, "--village", SECOND).data["without"]
    poshta("packets", "void", f"{WEEK}-P1")
    assert left not in poshta("packets", "build", "--week", WEEK).data["without"]


def test_a_pupil_who_moves_takes_the_file_along(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    with home.database.write() as session:
        session.execute(update(schema.Pupil).where(schema.Pupil.code == "P1").values(kato=SECOND))
    poshta("packets", "build", "--week", WEEK)
    assert not (home.path / FIRST_PACKET).exists()
    assert (home.path / f"packets/{WEEK}/{SECOND}/{WEEK}-P1.pdf").exists()


def test_a_build_killed_between_files_and_rows_repeats_itself_byte_for_byte(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_given: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(packets.bundle, "keep_packets", die)
        with pytest.raises(Killed):
            build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    half = printed(home)
    assert half, "the fault came too early: no file was written"
    with home.database.read() as session:
        assert session.query(schema.Packet).count() == 0
    build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    assert {name: content for name, content in printed(home).items() if name in half} == half


def test_a_full_disk_is_said_and_leaves_nothing_half_written(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = records.files.os.replace
    written: list[str] = []

    def full(source: str, target: Path) -> None:
        if str(target).endswith("P2.pdf"):
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(str(target))
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(records.files.os, "replace", full)
        said = poshta("packets", "build", "--week", WEEK)
    assert said.code == 11
    assert written, "the disk was full too early for the test to mean anything"
    assert not list((home.path / "packets").rglob(".new-*"))
    with home.database.read() as session:
        assert session.query(schema.Page).count() == 0
    assert poshta("packets", "build", "--week", WEEK).data["built"] == 3


def test_two_builds_at_once_do_not_both_keep_a_packet(home: Home) -> None:
    first, second = plan(home, WEEK, Scope()), plan(home, WEEK, Scope())
    build(home, first, lambda _steps=1: None)
    with pytest.raises(Busy):
        build(home, second, lambda _steps=1: None)


@pytest.mark.parametrize(("pupil", "after"), [("P1", 0), ("P2", 0), ("P3", 1)])
def test_a_pupil_forgotten_before_the_packet_is_drawn_has_none(home: Home, monkeypatch: pytest.MonkeyPatch, pupil: str, after: int) -> None:
    monkeypatch.setattr(packets.planning, "STRETCH", 1)
    ticks: list[int] = []

    def meanwhile(steps: int = 1) -> None:
        ticks.append(steps)
        if len(ticks) == after + 1:
            forget(home, pupil)

    with pytest.raises(Busy):
        build(home, plan(home, WEEK, Scope()), meanwhile)
    _nothing_of(home, pupil)


@pytest.mark.parametrize("pupil", ["P1", "P2", "P3"])
def test_a_pupil_forgotten_while_the_packet_is_drawn_has_none(home: Home, monkeypatch: pytest.MonkeyPatch, pupil: str) -> None:
    """The name was read before the drawing; without a look at the end it would stand in a file again."""
    look_up = packets.bundle.task_of

    def meanwhile(planned: Plan, stretch: Stretch) -> Task:
        task = look_up(planned, stretch)
        if pupil in {job.order.learner.code for job in task.jobs}:
            forget(home, pupil)
        return task

    with monkeypatch.context() as patch:
        patch.setattr(packets.planning, "STRETCH", 1)
        patch.setattr(packets.bundle, "task_of", meanwhile)
        with pytest.raises(Busy):
            build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    _nothing_of(home, pupil)


def _nothing_of(home: Home, pupil: str) -> None:
    """No file of the pupil stands, and a second build makes those of the others."""
    assert [name for name in printed(home) if name.endswith(f"{pupil}.pdf")] == []
    build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    assert sorted(Path(name).stem[-2:] for name in printed(home)) == sorted({"P1", "P2", "P3"} - {pupil})


def test_forgetting_finds_the_packets_of_a_build_that_was_cut_off_and_only_those_of_this_pupil(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_given: object) -> None:
        raise Killed

    with home.database.write() as session:
        session.add(schema.Pupil(code="X-P1", grade=5, language="kk", kato=FIRST, school="S1", print="normal", channels="post"))
        session.add(schema.Person(code="X-P1", role="pupil", first_name="Дана", last_name="Серік", parent="", address=""))
    monkeypatch.setattr(packets.bundle, "keep_packets", die)
    with pytest.raises(Killed):
        build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    before = printed(home)
    assert FIRST_PACKET in before
    done = forget(home, "P1")
    assert [file.path for file in done.removed] == [FIRST_PACKET]
    assert set(printed(home)) == set(before) - {FIRST_PACKET}
    assert f"packets/{WEEK}/{FIRST}/{WEEK}-X-P1.pdf" in printed(home)


@pytest.mark.parametrize("change", [{"print": "large"}, {"kato": "599999999"}, {"left_on": date(2026, 9, 1)}, {"channels": "tv"}])
def test_a_pupil_who_changes_after_the_plan_stops_the_build(home: Home, change: dict[str, object]) -> None:
    """Else pages would be drawn whose layout nobody has kept, or a packet that was not promised."""
    planned = plan(home, WEEK, Scope())
    with home.database.write() as session:
        session.execute(update(schema.Pupil).where(schema.Pupil.code == "P2").values(**change))
    with pytest.raises(Busy):
        build(home, planned, lambda _steps=1: None)
    assert printed(home) == {}


def test_a_pupil_who_comes_after_the_plan_is_for_the_next_build(home: Home, poshta: Poshta) -> None:
    planned = plan(home, WEEK, Scope())
    with home.database.write() as session:
        session.add(schema.Pupil(code="P0", grade=5, language="kk", kato=FIRST, school="S1", print="large", channels="post"))
        session.add(schema.Person(code="P0", role="pupil", first_name="Дана", last_name="Серік", parent="", address=""))
    build(home, planned, lambda _steps=1: None)
    assert [Path(name).stem[-2:] for name in printed(home)] == ["P1", "P2", "P3"]
    assert poshta("packets", "build", "--week", WEEK).data["built"] == 1


def test_a_pupil_who_changes_during_a_build_is_not_called_another_program(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packets.planning, "STRETCH", 1)
    planned = plan(home, WEEK, Scope())
    with home.database.write() as session:
        session.execute(update(schema.Pupil).where(schema.Pupil.code == "P3").values(left_on=date(2026, 9, 29)))
    with pytest.raises(Busy, match="has changed since this build began; what was built until then stays"):
        build(home, planned, lambda _steps=1: None)
    assert [Path(name).stem[-2:] for name in printed(home)] == ["P1", "P2"]


def test_an_answer_typed_while_its_packet_is_built_anew_is_not_lost(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The packet had left the desk though nobody told: were it built anew, its pages would be void and the answer would count no longer."""
    build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    with home.database.write() as session:
        session.execute(update(schema.Person).where(schema.Person.code == "P1").values(first_name="Әлия"))
    draw = packets.bundle.task_of

    def typed_meanwhile(planned: Plan, stretch: Stretch) -> Task:
        task = draw(planned, stretch)
        answered(home, f"{WEEK}-P1", "1", "read", "1", "1", ("A",))
        return task

    planned = plan(home, WEEK, Scope())
    monkeypatch.setattr(packets.bundle, "task_of", typed_meanwhile)
    with pytest.raises(Busy, match="typed"):
        build(home, planned, lambda _steps=1: None)
    with home.database.read() as session:
        packet = session.get_one(schema.Packet, f"{WEEK}-P1")
        assert packet.issue == 1
        assert file_digest(home.path / packet.pdf) == packet.pdf_digest
        assert not session.scalars(select(schema.Page).where(schema.Page.packet == packet.code, schema.Page.void.is_(True))).all()
    monkeypatch.undo()
    assert [each.reason for each in plan(home, WEEK, Scope()).without if each.pupil == "P1"] == [Reason.CHANGED_AFTER_HANDOVER]


def test_an_assignment_replaced_while_it_is_printed_stops_the_build(home: Home, poshta: Poshta) -> None:
    """Else the pupil would answer other questions than those that the answers are scored by."""
    planned = plan(home, WEEK, Scope())
    given = assignment(f"math-kk-{WEEK[-3:]}")
    with home.database.write() as session:
        keep(session, replace(given, title="Басқа тақырып"))
    with pytest.raises(Busy):
        build(home, planned, lambda _steps=1: None)
    assert poshta("packets", "build", "--week", WEEK).data["built"] == 3


def test_two_homes_with_one_key_print_the_same_bytes(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-01")
    other = open_desk(tmp_path / "other", (WEEK, NEXT_WEEK))
    shutil.rmtree(other.keys_folder)
    shutil.copytree(home.keys_folder, other.keys_folder)
    for each in (home, other):
        build(each, plan(each, WEEK, Scope()), lambda _steps=1: None)
    assert printed(home) == printed(other)


@pytest.mark.parametrize(
    ("option", "value", "count"), [("--village", FIRST, 2), ("--district", FIRST[:4] + "00000", 3), ("--pupil", "P2", 1)]
)
def test_a_build_can_be_narrowed(home: Home, poshta: Poshta, option: str, value: str, count: int) -> None:
    assert poshta("packets", "build", "--week", WEEK, option, value).data["built"] == count
    assert len(printed(home)) == count


def test_a_week_without_assignments_is_not_found(home: Home, poshta: Poshta) -> None:
    said = poshta("packets", "build", "--week", "2026-W20")
    assert said.code == 6
    assert "assignments add" in said.body["errors"][0]["hint"]


def test_a_desk_without_a_key_builds_nothing(home: Home, poshta: Poshta) -> None:
    shutil.rmtree(home.keys_folder)
    assert poshta("packets", "build", "--week", WEEK).code == 12
    assert not (home.path / "packets").exists()


def test_an_assignment_that_cannot_be_printed_stops_the_build_before_anything_is_written(home: Home, poshta: Poshta) -> None:
    with home.database.write() as session:
        keep(session, assignment("too-long", pieces=(OpenQuestion("1", "Жаз.", 40, Decimal(1)),)))
    said = poshta("packets", "build", "--week", WEEK)
    assert said.code == 4
    assert "too-long: question 1 is too large" in said.body["errors"][0]["text"]
    assert not (home.path / "packets").exists()


def test_void_withdraws_a_packet_until_its_pupil_is_named_again(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    void = {"packet": f"{WEEK}-P1", "state": "void", "build_again": None, "removed": [FIRST_PACKET]}
    assert poshta("packets", "void", f"{WEEK}-P1").data == void
    assert not (home.path / FIRST_PACKET).exists()
    assert poshta("packets", "layout", "--week", WEEK, "--packet", f"{WEEK}-P1").data["pages"] == []
    assert poshta("packets", "void", f"{WEEK}-P1").code == 7
    assert poshta("packets", "build", "--week", WEEK).data["rebuilt"] == 0
    assert poshta("packets", "build", "--week", WEEK, "--pupil", "P1").data["rebuilt"] == 1
    assert poshta("packets", "show", f"{WEEK}-P1").data["state"] == "built"


@pytest.mark.parametrize("words", [("show", "X"), ("void", "X"), ("layout", "--week", WEEK, "--packet", "X")])
def test_a_packet_that_does_not_exist_is_not_found(home: Home, poshta: Poshta, words: tuple[str, ...]) -> None:
    assert poshta("packets", *words).code == 6

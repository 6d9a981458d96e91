"""A batch of scans: twice, copies, late and void pages, one worker or two; everything appears or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from records import schema
from records.errors import NotFound
from records.files import file_digest, original_path
from records.grades import recorded
from records.home import Home
from scanning import arrival
from scanning.batch import _Batch
from scanning.filing import Filing
from scanning.verdict import PageState
from tests.scanning.desks import EITHER, all_filed, either_desk, made, scan
from tests.scanning.paper import Sheet, open_desk, packet, page, picture, save, save_pages

FULL = {"1": "A", "2": "A,C"}
SECOND = {"3": "84", "4": ""}


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with either_desk(request, tmp_path / "desk", monkeypatch) as desk:
        yield desk


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    return tmp_path / "scans"


def _held(home: Home, pupil: str = "P1") -> dict[str, Any]:
    with home.database.read() as session:
        return {each.item: each for each in recorded(session, pupil=pupil)}


@EITHER
def test_a_page_is_filed_with_its_answers_points_packet_and_journal(home: Home, scans: Path) -> None:
    file = save(scans / "a.png", Sheet(page("P1", 2), {"1": "A", "2": "A"}))
    (row,) = scan(home, file)
    assert (row.state, row.page, row.packet, row.late, row.doubts) == (PageState.READ, page("P1", 2), packet("P1"), False, ())
    held = _held(home)
    assert [(each.reading, each.state, each.points, each.decided_by) for each in held.values()] == [
        (("A",), "read", 1, "reader"),
        (("A",), "read", 1, "reader"),
    ]
    with home.database.read() as session:
        assert session.get_one(schema.Packet, packet("P1")).state == "returning"
        assert session.scalar(select(schema.Act.subject).where(schema.Act.action == "scan.page")) == page("P1", 2)
    assert original_path(home.originals, file_digest(file), ".png").read_bytes() == file.read_bytes()


def test_a_file_that_changes_while_it_is_taken_in_is_refused_and_read_once_it_is_whole(
    home: Home, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing = save(scans / "a.png", Sheet(page("P1", 2), FULL))
    whole = save(scans / "b.png", Sheet(page("P2", 2), FULL))
    with monkeypatch.context() as patched:
        patched.setattr(arrival, "file_digest", lambda file: "0" * 64 if file == growing else file_digest(file))
        rows = scan(home, growing, whole)
    assert [(row.state, row.reason) for row in rows] == [(PageState.REFUSED, "changing"), (PageState.READ, "")]
    assert [row.state for row in scan(home, growing)] == [PageState.READ]


def test_a_packet_is_complete_when_its_last_worksheet_is_back_and_a_cover_is_never_awaited(home: Home, scans: Path) -> None:
    scan(home, save(scans / "a.png", Sheet(page("P1", 2), FULL)), save(scans / "b.png", Sheet(page("P1", 3), SECOND)))
    with home.database.read() as session:
        assert session.get_one(schema.Packet, packet("P1")).state == "complete"
        assert session.get_one(schema.Packet, packet("P2")).state == "built"


def test_a_cover_is_read_without_answers(home: Home, scans: Path) -> None:
    (row,) = scan(home, save(scans / "cover.png", Sheet(page("P1", 1), {})))
    assert (row.state, row.packet, row.doubts) == (PageState.READ, packet("P1"), ())
    assert _held(home) == {}


@EITHER
def test_open_answers_wait_until_the_teacher_has_filled_a_bubble(home: Home, scans: Path) -> None:
    scan(home, save(scans / "a.png", Sheet(page("P1", 3), {"3": "0", "4": ""})))
    held = _held(home)
    assert (held["3"].points, held["4"].state, held["4"].points) == (0, "waiting", None)
    scan(home, save(scans / "b.png", Sheet(page("P1", 3), {"3": "0", "4": "2"})))
    held = _held(home)
    assert (held["4"].state, held["4"].reading, held["4"].points, held["4"].decided_by) == ("read", ("2",), 2, "teacher_mark")


@EITHER
def test_the_same_file_again_changes_nothing_and_points_to_its_pages(home: Home, scans: Path) -> None:
    file = save_pages(made(scans) / "all.tif", [picture(Sheet(page("P1", 2), FULL)), picture(Sheet(page("P1", 3), SECOND))])
    first = scan(home, file)
    before = all_filed(home)
    second = scan(home, file)
    assert [row.state for row in first] == [PageState.READ] * 2
    assert [(row.frame, row.state, row.reason, row.page, row.packet) for row in second] == [
        (1, PageState.DUPLICATE, "same_file", page("P1", 2), packet("P1")),
        (2, PageState.DUPLICATE, "same_file", page("P1", 3), packet("P1")),
    ]
    assert all_filed(home) == before


def test_the_same_file_twice_in_one_batch_is_read_once(home: Home, scans: Path) -> None:
    first = save(scans / "a.png", Sheet(page("P1", 2), FULL))
    second = scans / "b.png"
    second.write_bytes(first.read_bytes())
    rows = scan(home, scans)
    assert [(Path(row.file).name, row.state) for row in rows] == [("a.png", PageState.READ), ("b.png", PageState.DUPLICATE)]


def test_every_file_has_a_row_in_the_order_of_names(home: Home, scans: Path) -> None:
    save(scans / "b" / "2.png", Sheet(page("P1", 2), FULL))
    save(scans / "a.png", Sheet(page("P2", 2), FULL), Sheet(page("P2", 3), SECOND))
    (scans / "b" / "notes.txt").write_text("not a scan")
    (scans / "b" / "0.png").write_bytes(b"")
    rows = scan(home, scans, scans / "nowhere.pdf")
    assert [(Path(row.file).name, row.part, row.state, row.reason) for row in rows] == [
        ("a.png", 1, PageState.READ, ""),
        ("a.png", 2, PageState.READ, ""),
        ("0.png", 1, PageState.REFUSED, "empty_file"),
        ("2.png", 1, PageState.READ, ""),
        ("notes.txt", 1, PageState.REFUSED, "unknown_kind"),
        ("nowhere.pdf", 1, PageState.REFUSED, "not_found"),
    ]


def test_paths_that_are_all_absent_are_not_found(home: Home, scans: Path) -> None:
    with pytest.raises(NotFound):
        scan(home, scans / "nowhere.pdf")


@EITHER
def test_a_damaged_file_does_not_stop_the_batch_and_is_refused_again(home: Home, scans: Path) -> None:
    good = save(scans / "a.png", Sheet(page("P1", 2), FULL))
    whole = good.read_bytes()
    (scans / "b.png").write_bytes(whole[: len(whole) // 2])
    save(scans / "c.png", Sheet(page("P1", 3), SECOND))
    assert [(row.state, row.reason) for row in scan(home, scans)] == [
        (PageState.READ, ""),
        (PageState.REFUSED, "damaged"),
        (PageState.READ, ""),
    ]
    before = all_filed(home)
    again = scan(home, scans)
    assert [row.state for row in again] == [PageState.DUPLICATE, PageState.REFUSED, PageState.DUPLICATE]
    assert again[1].text
    assert all_filed(home) == before


def test_a_fault_of_the_reader_costs_one_page_only(home: Home, scans: Path) -> None:
    from PIL import Image

    fault = picture()
    fault.flat[:] = 0
    fault.flat[:5] = list(b"raise")
    Image.fromarray(fault).save(made(scans) / "a.png")
    save(scans / "b.png", Sheet(page("P1", 2), FULL))
    assert [(row.state, row.reason) for row in scan(home, scans)] == [
        (PageState.UNREADABLE, "fault_ZeroDivisionError"),
        (PageState.READ, ""),
    ]


@pytest.mark.parametrize("state", ["foreign", "unsigned", "empty", "unreadable"])
def test_other_states_of_the_reader_are_kept_and_write_no_answer(home: Home, scans: Path, state: str) -> None:
    known = page("P1", 2) if state == "unsigned" else None
    (row,) = scan(home, save(scans / "a.png", Sheet(known, {}, state, "why")))
    assert (row.state.value, row.reason, row.page) == (state, "why", known)
    assert _held(home) == {}


def test_a_page_withdrawn_while_it_was_away_is_told_not_counted(home: Home, scans: Path) -> None:
    with home.database.write() as session:
        session.get_one(schema.Page, page("P1", 2)).void = True
        session.get_one(schema.Packet, packet("P2")).state = "void"
    rows = scan(home, save(scans / "a.png", Sheet(page("P1", 2), FULL)), save(scans / "b.png", Sheet(page("P2", 2), FULL)))
    assert [row.state for row in rows] == [PageState.VOID] * 2
    assert _held(home) == _held(home, "P2") == {}


@pytest.mark.parametrize(("day", "late"), [("2026-10-26", False), ("2026-10-27", True)])
def test_a_late_page_is_counted_for_its_own_week(home: Home, scans: Path, day: str, late: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", day)
    (row,) = scan(home, save(scans / "a.png", Sheet(page("P1", 2), FULL)))
    assert row.late is late
    assert {each.week for each in _held(home).values()} == {"2026-W41"}


def test_a_second_copy_fills_a_doubt_and_changes_no_decided_answer(home: Home, scans: Path) -> None:
    first = save(scans / "a.png", Sheet(page("P1", 2), {"1": "?faint:A", "2": "A,C"}))
    second = save(scans / "b.png", Sheet(page("P1", 2), {"1": "A", "2": "A,C"}))
    rows = scan(home, first, second)
    assert [(row.state, row.reason, row.doubts) for row in rows] == [
        (PageState.DOUBTFUL, "", (("1", "faint"),)),
        (PageState.DUPLICATE, "same_page", ()),
    ]
    assert (_held(home)["1"].reading, _held(home)["1"].points) == (("A",), 1)


@EITHER
def test_a_copy_that_disagrees_makes_a_doubt_that_no_third_copy_settles(home: Home, scans: Path) -> None:
    for name, answer in (("a", "A"), ("b", "B"), ("c", "A")):
        save(scans / f"{name}.png", Sheet(page("P1", 2), {"1": answer, "2": "C"}), note=name)
    rows = scan(home, scans)
    assert [row.doubts for row in rows] == [(), (("1", "disagreement"),), ()]
    held = _held(home)
    assert (held["1"].state, held["1"].candidates, held["1"].points) == ("doubt", ("A", "B"), None)
    assert held["2"].points == 1


def test_an_unfilled_second_print_contradicts_nothing(home: Home, scans: Path) -> None:
    scan(home, save(scans / "a.png", Sheet(page("P1", 2), FULL)), save(scans / "b.png", Sheet(page("P1", 2), {"1": "", "2": ""})))
    assert _held(home)["1"].state == "read"


def test_newer_bubbles_of_the_teacher_win_and_empty_ones_change_nothing(home: Home, scans: Path) -> None:
    for name, points in (("a", "1"), ("b", "3"), ("c", "")):
        save(scans / f"{name}.png", Sheet(page("P1", 3), {"3": "84", "4": points}), note=name)
    scan(home, scans)
    assert _held(home)["4"].points == 3


def test_doubts_leave_the_packet_to_a_person_but_the_page_is_back(home: Home, scans: Path) -> None:
    scan(home, save(scans / "a.png", Sheet(page("P1", 2), {"1": "?two_marks:A|B", "2": "C"}), Sheet(page("P1", 3), SECOND)))
    with home.database.read() as session:
        assert session.get_one(schema.Packet, packet("P1")).state == "complete"


def test_two_workers_file_the_same_rows_as_one(tmp_path: Path, scans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-20")
    for number in range(12):
        pupil, sheet = ("P1", "P2")[number % 2], 2 + number % 3 // 2
        answers = {"1": "ABCD"[number % 4], "2": ""} if sheet == 2 else {"3": str(number), "4": ""}
        save(scans / f"{number:02}.png", Sheet(page(pupil, sheet), answers), note=str(number))
    one, two = open_desk(tmp_path / "one"), open_desk(tmp_path / "two")
    alone, together = scan(one, scans), scan(two, scans, workers=2)
    assert [(row.file, row.state, row.reason, row.doubts) for row in alone] == [
        (row.file, row.state, row.reason, row.doubts) for row in together
    ]
    assert all_filed(one) == all_filed(two)
    one.close()
    two.close()


def test_a_frame_that_another_run_has_filed_meanwhile_is_told_as_a_duplicate(
    home: Home, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = save(scans / "a.png", Sheet(page("P1", 2), FULL))
    scan(home, file)
    before = all_filed(home)
    monkeypatch.setattr(_Batch, "_filed", lambda *_: {})  # what this run saw when it planned
    (row,) = scan(home, file)
    assert (row.state, row.reason, row.page) == (PageState.DUPLICATE, "same_file", page("P1", 2))
    assert all_filed(home) == before


def test_rows_stand_in_the_order_of_frames_though_one_in_the_middle_was_missing(home: Home, scans: Path) -> None:
    pictures = [picture(Sheet(page("P1", 2), FULL)), picture(Sheet(page("P1", 3), SECOND)), picture(Sheet(page("P2", 2), FULL))]
    file = save_pages(made(scans) / "all.tif", pictures)
    scan(home, file)
    with home.database.write() as session:
        session.execute(delete(schema.Answer).where(schema.Answer.page == page("P1", 3)))
        session.execute(delete(schema.Scan).where(schema.Scan.frame == 2))
    assert [(row.frame, row.state) for row in scan(home, file)] == [
        (1, PageState.DUPLICATE),
        (2, PageState.READ),
        (3, PageState.DUPLICATE),
    ]


def test_commits_group_pages_up_to_the_setting(home: Home, scans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups: list[int] = []
    finish = Filing.finish

    def noted(self: Filing) -> None:
        groups.append(self._session.scalar(select(func.count()).select_from(schema.Scan)) or 0)
        finish(self)

    monkeypatch.setattr(Filing, "finish", noted)
    for number in range(37):
        save(scans / f"{number:02}.png", Sheet(page("P1", 2), FULL), note=str(number))
    scan(home, scans)
    assert groups == [16, 32, 37]

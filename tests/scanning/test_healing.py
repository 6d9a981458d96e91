"""The same file again after its cause was mended: what waited is read, what was read stays and is never filed twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from records import schema
from records.grades import recorded
from records.home import Home
from scanning.batch import scan_files
from scanning.crew import Reader
from scanning.filing import PageRow
from scanning.healing import unfiled
from scanning.verdict import Colour, Grey, PageBook, PageState, PageVerdict
from tests.scanning.paper import Sheet, fake_reader, open_desk, packet, page, save

FULL = {"1": "A", "2": "A,C"}
SECOND = {"3": "84", "4": ""}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-20")
    desk = open_desk(tmp_path / "desk")
    yield desk
    desk.close()


def cured(image: Grey, book: PageBook, *, colour: Colour | None = None) -> list[PageVerdict]:
    """The same pictures, when nothing hinders the reader any more."""
    return [
        replace(each, state=PageState.READ, reason="") if each.state in (PageState.UNSIGNED, PageState.UNREADABLE) else each
        for each in fake_reader(image, book)
    ]


def _scan(home: Home, file: Path, reader: Reader = fake_reader) -> list[PageRow]:
    return scan_files(home, [file], 1, reader)


def _told(rows: list[PageRow]) -> list[tuple[int, str, str, str | None]]:
    return [(row.part, row.state.value, row.reason, row.page) for row in rows]


def _counted(home: Home) -> dict[str, int]:
    tables: tuple[Any, ...] = (schema.Scan, schema.Answer, schema.Act)
    with home.database.read() as session:
        return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def _items(home: Home) -> list[str]:
    with home.database.read() as session:
        return [each.item for each in recorded(session, pupil="P1")]


CAUSES = [
    ("unsigned", "key_missing"),
    ("unsigned", "seal_broken"),
    ("unreadable", "took_too_long"),
    ("unreadable", "fault_MemoryError"),
    ("unreadable", "nothing_found"),
]


@pytest.mark.parametrize(("state", "reason"), CAUSES)
@pytest.mark.parametrize("place", [0, 1])
def test_a_sheet_that_waited_beside_one_that_was_read_is_read_once_its_cause_is_mended(
    home: Home, tmp_path: Path, state: str, reason: str, place: int
) -> None:
    sheets = [Sheet(page("P1", 2), FULL)]
    sheets.insert(place, Sheet(page("P1", 3), SECOND, state, reason))
    file = save(tmp_path / "a.png", *sheets)
    with_unreadable = {each.part: each.state.value for each in _scan(home, file)}
    assert with_unreadable == {place + 1: state, 2 - place: "read"}
    before = _counted(home)
    second = {row.part: (row.state.value, row.reason) for row in _scan(home, file)}
    assert second == {place + 1: (state, reason), 2 - place: ("duplicate", "same_file")}
    assert _counted(home) == before, "a scan of which nothing has healed changes nothing"
    healed = {row.part: (row.state.value, row.page) for row in _scan(home, file, cured)}
    assert healed == {place + 1: ("read", page("P1", 3)), 2 - place: ("duplicate", page("P1", 2))}
    assert _items(home) == ["1", "2", "3", "4"]
    with home.database.read() as session:
        assert session.get_one(schema.Packet, packet("P1")).state == "complete"
    after = _counted(home)
    assert after == {"scan": before["scan"], "answer": before["answer"] + 2, "act": before["act"] + 1}
    assert [row.state for row in _scan(home, file, cured)] == [PageState.DUPLICATE] * 2
    assert _counted(home) == after


@pytest.mark.parametrize("reason", ["does_not_fit", "code_lost", "mirrored", "codes_disagree"])
def test_what_the_paper_is_to_blame_for_is_not_read_again(home: Home, tmp_path: Path, reason: str) -> None:
    file = save(tmp_path / "a.png", Sheet(page("P1", 2), FULL), Sheet(page("P1", 3), SECOND, "unreadable", reason))
    _scan(home, file)
    assert [row.state for row in _scan(home, file, cured)] == [PageState.DUPLICATE] * 2


def test_of_two_that_waited_one_may_heal_alone(home: Home, tmp_path: Path) -> None:
    waiting = [Sheet(page("P1", number), answers, "unsigned", "key_missing") for number, answers in ((2, FULL), (3, SECOND))]
    file = save(tmp_path / "a.png", *waiting)
    _scan(home, file)
    half: Reader = lambda image, book, **_colour: [cured(image, book)[0], fake_reader(image, book)[1]]  # noqa: E731
    assert _told(_scan(home, file, half)) == [(1, "read", "", page("P1", 2)), (2, "unsigned", "key_missing", page("P1", 3))]
    assert _told(_scan(home, file, cured)) == [(1, "duplicate", "same_file", page("P1", 2)), (2, "read", "", page("P1", 3))]
    assert _items(home) == ["1", "2", "3", "4"]


def test_a_program_that_counts_the_sheets_otherwise_files_none_of_them_twice(home: Home, tmp_path: Path) -> None:
    file = save(tmp_path / "a.png", Sheet(page("P1", 2), FULL), Sheet(page("P1", 3), SECOND, "unsigned", "key_missing"))
    _scan(home, file)

    def turned(image: Grey, book: PageBook, *, colour: Colour | None = None) -> list[PageVerdict]:
        first, second = cured(image, book)
        return [replace(second, part=1), replace(first, part=2)]

    assert _told(_scan(home, file, turned)) == [(1, "duplicate", "same_file", page("P1", 2)), (2, "read", "", page("P1", 3))]
    assert _items(home) == ["1", "2", "3", "4"]


def test_a_sheet_that_is_not_found_again_keeps_the_row_that_it_had(home: Home, tmp_path: Path) -> None:
    file = save(tmp_path / "a.png", Sheet(page("P1", 2), FULL), Sheet(page("P1", 3), SECOND, "unsigned", "key_missing"))
    _scan(home, file)
    before = _counted(home)
    lost: Reader = lambda image, book, **_colour: fake_reader(image, book)[:1]  # noqa: E731
    assert [row.state for row in _scan(home, file, lost)] == [PageState.DUPLICATE, PageState.UNSIGNED]
    assert _counted(home) == before


def test_two_copies_of_a_page_in_one_picture_are_told_apart() -> None:
    scans = [schema.Scan(part=part, page="a" * 14, state="read", reason="") for part in (1, 2)]
    sheets = [PageVerdict(PageState.READ, page_id="a" * 14, part=part) for part in (1, 2, 3)]
    assert unfiled(scans, sheets) == sheets[2:]
    assert unfiled(scans[1:], sheets) == [sheets[0], sheets[2]]

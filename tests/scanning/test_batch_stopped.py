"""A batch that is stopped: killed while a sheet is filed, or by a full disk. Everything of a page appears or nothing, and the next run goes on."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from records.errors import NoRoom
from scanning.filing import Filing
from scanning.verdict import PageState
from tests.scanning.desks import TODAY, all_filed, made, scan
from tests.scanning.paper import Sheet, open_desk, page, picture, save, save_pages

FULL = {"1": "A", "2": "A,C"}
SECOND = {"3": "84", "4": ""}


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    return tmp_path / "scans"


class PowerCut(BaseException):
    """What no handler may swallow."""


def _cut_at(monkeypatch: pytest.MonkeyPatch, sheet: int) -> None:
    """The power goes while the `sheet`th sheet is being filed, after its scan row and before its answers."""
    answers, met = Filing._answers, [0]

    def cut(self: Filing, *arguments: Any) -> Any:
        met[0] += 1
        if met[0] == sheet:
            raise PowerCut
        return answers(self, *arguments)

    monkeypatch.setattr(Filing, "_answers", cut)


@pytest.mark.parametrize("commit_pages", [1, 2, 16])
@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_a_run_that_was_killed_goes_on_and_ends_as_if_it_had_not_been(
    tmp_path: Path, scans: Path, monkeypatch: pytest.MonkeyPatch, commit_pages: int, cut: int
) -> None:
    monkeypatch.setenv("POSHTA_TODAY", TODAY)
    monkeypatch.setenv("POSHTA_SCAN__COMMIT_PAGES", str(commit_pages))
    pictures = [picture(Sheet(page(pupil, number), FULL if number == 2 else SECOND)) for pupil in ("P1", "P2") for number in (2, 3)]
    file = save_pages(made(scans) / "all.tif", pictures)
    whole = open_desk(tmp_path / "whole")
    scan(whole, file)
    hurt = open_desk(tmp_path / "hurt")
    with monkeypatch.context() as patch:
        _cut_at(patch, cut)
        with pytest.raises(PowerCut):
            scan(hurt, file)
    left = all_filed(hurt)
    assert len(left["scan"]) == (cut - 1) // commit_pages * commit_pages
    assert len(left["act"]) == len(left["scan"])
    rows = scan(hurt, file)
    assert sorted((row.page or "") for row in rows) == sorted(page(pupil, number) for pupil in ("P1", "P2") for number in (2, 3))
    assert {row.state for row in rows} <= {PageState.READ, PageState.DUPLICATE}
    assert all_filed(hurt) == all_filed(whole)
    whole.close()
    hurt.close()


def test_the_harness_bites_where_a_sheet_is_filed_in_two_transactions(tmp_path: Path, scans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a planted fault (a commit between scan row and answers), the cut of the test above does leave a page without its answers."""
    monkeypatch.setenv("POSHTA_TODAY", TODAY)
    desk = open_desk(tmp_path / "desk")
    kept = Filing._scan

    def leaky(self: Filing, *arguments: Any) -> Any:
        row = kept(self, *arguments)
        self._session.commit()
        return row

    monkeypatch.setattr(Filing, "_scan", leaky)
    _cut_at(monkeypatch, 1)
    with pytest.raises(PowerCut):
        scan(desk, save(scans / "a.png", Sheet(page("P1", 2), FULL)))
    left = all_filed(desk)
    assert (len(left["scan"]), len(left["answer"])) == (1, 0)
    desk.close()


def test_a_full_disk_stops_the_batch_with_nothing_filed(tmp_path: Path, scans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", TODAY)
    home = open_desk(tmp_path / "desk")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("records.files.os.replace", full)
    with pytest.raises(NoRoom):
        scan(home, save(scans / "a.png", Sheet(page("P1", 2), FULL)))
    assert all_filed(home)["scan"] == []
    assert not [path for path in home.originals.rglob("*") if path.is_file()]
    home.close()

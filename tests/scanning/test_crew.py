"""Workers that die or never end cost one picture, not the batch."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from records.home import Home
from scanning import crew
from scanning.batch import scan_files
from scanning.page import read_page
from scanning.verdict import Colour, Grey, PageBook, PageState, PageVerdict
from tests.scanning.paper import Sheet, fake_reader, open_desk, page, picture, save


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-20")
    monkeypatch.setenv("POSHTA_SCAN__SECONDS_PER_PAGE", "0.3")
    desk = open_desk(tmp_path / "desk")
    yield desk
    desk.close()


def mortal_reader(image: Grey, book: PageBook, *, colour: Colour | None = None) -> list[PageVerdict]:
    """Dies at a picture that says `die`; at one that says `once NAME` only while no file of that name exists; `slow` works for ten seconds."""
    text = bytes(image.ravel()).rstrip(b"\0").decode("ascii", "replace")
    if text.startswith("die"):
        os._exit(3)
    if text.startswith("once "):
        if not Path(text[5:]).exists():
            Path(text[5:]).touch()
            os._exit(3)
        return [PageVerdict(PageState.EMPTY)]
    if text.startswith("slow"):
        end = time.process_time() + 10
        while time.process_time() < end:
            pass
    return fake_reader(image, book)


def _says(path: Path, text: str) -> None:
    pixels = np.zeros_like(picture())
    pixels.flat[: len(text)] = list(text.encode())
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def test_a_picture_that_kills_its_worker_is_refused_by_name_and_the_batch_goes_on(home: Home, tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    save(scans / "a.png", Sheet(page("P1", 2), {"1": "A", "2": "A"}))
    _says(scans / "b.png", "die")
    _says(scans / "c.png", f"once {tmp_path / 'died'}")
    save(scans / "d.png", Sheet(page("P1", 3), {"3": "84", "4": ""}))
    rows = scan_files(home, [scans], 2, mortal_reader)
    assert [(Path(row.file).name, row.state, row.reason) for row in rows] == [
        ("a.png", PageState.READ, ""),
        ("b.png", PageState.REFUSED, "worker_died"),
        ("c.png", PageState.EMPTY, ""),
        ("d.png", PageState.READ, ""),
    ]
    assert "b.png" in rows[1].text


def test_a_picture_that_takes_too_long_is_cut_short_and_the_next_is_read(home: Home, tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    _says(scans / "a.png", "slow")
    save(scans / "b.png", Sheet(page("P1", 2), {"1": "A", "2": "A"}))
    begun = time.process_time()
    rows = scan_files(home, [scans], 1, mortal_reader)
    assert [(row.state, row.reason) for row in rows] == [(PageState.UNREADABLE, "took_too_long"), (PageState.READ, "")]
    assert time.process_time() - begun < 5


def test_without_a_timer_of_the_system_a_long_page_is_told_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "setitimer", raising=False)
    with pytest.raises(crew.TookTooLong), crew._within(0.05):
        end = time.process_time() + 0.1
        while time.process_time() < end:
            pass


def test_workers_end_without_a_word_on_the_user_s_screen(home: Home, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A library's objects kept by a module were told as leaks, in English, by every worker that had read a page."""
    for name in "abcd":
        _says(tmp_path / "scans" / f"{name}.png", name)
    rows = scan_files(home, [tmp_path / "scans"], 2, read_page)
    assert [row.reason for row in rows] == ["no_code"] * 4
    assert capfd.readouterr() == ("", "")

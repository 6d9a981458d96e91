"""Alarms from pictures: sheets that are drawn, scanned with one fault, read, and looked at; then what `scan` and `scan status` tell and keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from sqlalchemy import select

from records import schema
from records.home import Home, open_home
from scanning.alarms import Alarm, alarms
from scanning.alarms_look import look
from scanning.alarms_numbers import PageNumbers, Place, measured
from scanning.page import read_page
from scanning.verdict import Grey
from tests.conftest import Poshta
from tests.scanning.measured_desk import measured_desk, measuring_reader
from tests.scanning.paper import WEEK, page, picture, save_pages
from tests.scanning.paper import Sheet as Said
from tests.scanning.sheets import Book, Sheet, choice_layout

DPI, PAGES = 150, 9
Spoil = Callable[[Any, int], Any]


def batch(spoil: Spoil = lambda image, _index: image, after: Spoil = lambda image, _index: image, **scanner: Any) -> list[PageNumbers]:
    """The numbers of some sheets, each lying a little differently. `spoil` changes the paper (12 pixels a millimetre), `after` the picture."""
    layout = choice_layout()
    book = Book(layout)
    luck = np.random.default_rng(1)
    found = []
    for index in range(PAGES):
        sheet = Sheet(layout, index)
        for number in range(1, 12):
            sheet.fill(str(number), "ABCDE"[(number + index) % 5])
        sheet.page = spoil(sheet.page, index)
        how = {"turn": float(luck.uniform(-0.4, 0.4)), "shift": tuple(luck.uniform(-1, 1, 2))} | scanner
        image: Grey = after(sheet.scan(dpi=DPI, **how), index)
        (verdict,) = read_page(image, book)
        place = Place("o", "a.pdf", index + 1, 1)
        told = measured(verdict.measurements)
        found.append(PageNumbers(place, verdict.state, verdict.reason, items=len(verdict.items), look=look(image, DPI), **told))
    return found


def only(found: list[Alarm]) -> Alarm:
    (one,) = found
    return one


def test_ordinary_sheets_are_silent_and_lie_as_they_were_laid() -> None:
    pages = batch()
    assert alarms(pages) == []
    for each in pages:
        assert each.posture is not None
        assert each.posture.scanned
        assert abs(each.posture.across / (DPI / 25.4) - 1) < 0.002


def test_dirt_on_the_glass_is_found_to_the_millimetre() -> None:
    def dirty(image: Any, _index: int) -> Any:
        image = image.copy()
        x = round(63 * DPI / 25.4)
        image[:, x : x + 2] = (image[:, x : x + 2] * 0.6).astype(np.uint8)
        return image

    found = only(alarms(batch(after=dirty)))
    assert found.code == "stripe"
    assert abs(found.numbers["mm"] - 63) <= 1
    assert len(found.places) >= PAGES - 2


def test_a_window_fitted_to_the_page_is_seen_by_the_scale_of_the_print() -> None:
    found = only(alarms(batch(scale=0.97)))
    assert (found.code, round(found.numbers["percent"])) == ("scaled_prints", 97)


def test_a_feeder_that_pulls_askew_is_seen() -> None:
    found = only(alarms(batch(turn=2.2)))
    assert (found.code, abs(found.numbers["degrees"] - 2.2) < 0.1) == ("skewed_feed", True)


def test_a_corner_that_is_folded_away_is_named() -> None:
    def folded(paper: Any, _index: int) -> Any:
        paper = paper.copy()
        corner = np.array([[0, 0], [45 * 12, 0], [0, 45 * 12]])
        return cv2.fillPoly(paper, [corner], 255.0)

    found = only(alarms(batch(spoil=folded)))
    assert (found.code, found.numbers["corner"], len(found.places)) == ("lost_corner", "top_left", PAGES)


def test_pale_print_is_seen() -> None:
    codes = {each.code for each in alarms(batch(fade=0.4))}
    assert "fading_toner" in codes


def test_a_print_of_somebody_else_s_is_named_by_its_page() -> None:
    def other(paper: Any, _index: int) -> Any:
        words = paper.copy()
        words[73 * 12 : 84 * 12] = np.roll(words[73 * 12 : 84 * 12], 5 * 12, axis=1)  # the row of question 3 stands 5 mm further right
        return words

    pages = [replace(each, layout="l", assignment="math-5", number=2) for each in batch(spoil=other)]
    found = [each for each in alarms(pages) if each.code == "wrong_print"]
    assert [each.numbers["items"] for each in found] == [["3"]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-20")
    monkeypatch.setattr("scanning.batch.page_reader", lambda thresholds: partial(measuring_reader, thresholds=thresholds))
    measured_desk(tmp_path / "desk").close()
    return open_home(tmp_path / "desk")


def faint_pile(folder: Path) -> Path:
    """Many copies of pages on which every question is faint, in one file that bears a child's name."""
    folder.mkdir()
    said = {"1": "A:faint", "2": "B:faint"}
    pictures = [picture(Said(page(pupil, 2), said), note=str(number)) for number in range(10) for pupil in ("P1", "P2")]
    return save_pages(folder / "Айгерім.tif", pictures)


def test_scan_tells_alarms_and_status_those_of_the_latest_batch(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    assert poshta("scan", "status", "--week", WEEK).data["scanned_at"] is None
    file = faint_pile(tmp_path / "scans")
    told = poshta("scan", str(file)).data["alarms"]
    assert [(each["code"], each["numbers"]["reason"]) for each in told] == [("many_doubts", "faint")]
    assert {each["file"] for each in told[0]["pages"]} == {str(file)}
    assert len(told[0]["pages"]) == 20
    status = poshta("scan", "status", "--week", WEEK).data
    assert [(each["code"], each["text"], each["numbers"]) for each in status["alarms"]] == [
        (told[0]["code"], told[0]["text"], told[0]["numbers"])
    ]
    assert {each["file"][:10] for each in status["alarms"][0]["pages"]} == {"originals/"}
    assert status["scanned_at"].startswith("2026-10-20")
    for lang in ("kk", "ru", "en"):
        assert "%" in poshta("scan", "status", "--week", WEEK, json=False, lang=lang).out


def test_the_name_of_a_file_is_not_kept_and_scanning_it_again_tells_and_keeps_nothing(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    file = faint_pile(tmp_path / "scans")
    poshta("scan", str(file))
    with home.database.read() as session:
        (kept,) = session.scalars(select(schema.Batch))
        assert "Айгерім" not in repr((kept.alarms, kept.numbers))
        assert (kept.pages, len(kept.rules)) == (20, 64)
    assert poshta("scan", str(file)).data["alarms"] == []
    with home.database.read() as session:
        assert len(list(session.scalars(select(schema.Batch)))) == 1


def test_a_single_sheet_scanned_later_does_not_hide_the_alarms_of_the_pile(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    poshta("scan", str(faint_pile(tmp_path / "scans")))
    poshta("scan", str(save_pages(tmp_path / "one.tif", [picture(Said(page("P1", 3), {"3": "3.4:filled", "4": ""}))])))
    assert [each["code"] for each in poshta("scan", "status", "--week", WEEK).data["alarms"]] == ["many_doubts"]

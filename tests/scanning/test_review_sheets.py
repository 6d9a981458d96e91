"""What the review's page shows of sheets: a question's own part, nothing of a name, and sheets whose codes nobody could read."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from packets.layout import PAGE_MM
from packets.token import grouped, short_code
from records.grades import recorded
from records.home import Home, open_home
from scanning.intake import Limits
from scanning.review_app import Review
from scanning.review_pictures import HEAD_MM, NAME_MM, SHEET_DPI, Pictures, region_of, source_of
from tests.scanning.desks import scan
from tests.scanning.measured_desk import boxes_of
from tests.scanning.paper import ITEMS, Sheet, fake_reader, page, picture, save
from tests.scanning.reviewing import HERE, acts, send, shown
from tests.small_desk import SmallDesk


def test_a_sheet_without_a_picture_is_told_not_a_fault(browser: FlaskClient) -> None:
    case = shown(browser)["P1", "1"]
    assert browser.get(f"/picture/{case['id']}", base_url=HERE).status_code == 404
    assert browser.get("/picture/999999", base_url=HERE).status_code == 404


@given(st.sampled_from([(number, item) for number, items in ITEMS.items() for item in items]))
def test_a_questions_part_of_the_sheet_holds_its_boxes_and_no_others(place: tuple[int, str]) -> None:
    number, item = place
    layout = boxes_of(number)
    left, top, right, bottom = region_of(layout, item)
    inside = {box.item for box in layout.boxes if left < box.center_mm[0] < right and top < box.center_mm[1] < bottom}
    assert inside == {item}
    assert 0 <= left < right <= PAGE_MM[0]
    assert 0 <= top < bottom <= PAGE_MM[1]


def test_a_sheet_without_a_name_is_shown_and_a_wrong_short_code_changes_nothing(
    home: Home, review: Review, browser: FlaskClient, tmp_path: Path
) -> None:
    scan(home, save(tmp_path / "nameless.png", Sheet(None, {}, "unreadable", "code_lost"), Sheet(None, {}, "empty", "")))
    sheets = browser.get("/nameless", base_url=HERE).get_json()["sheets"]
    assert [sorted(sheet) for sheet in sheets] == [["reason", "scan"]], "blank paper waits for nobody"
    picture = browser.get(f"/nameless/{sheets[0]['scan']}", base_url=HERE)
    assert (picture.status_code, picture.data[:3]) == (200, b"\xff\xd8\xff")
    before = acts(home)
    assert send(browser, review, "/name", {"id": sheets[0]["scan"], "code": "АВСД-2345-67892"}).status_code == 404
    answer = send(browser, review, "/name", {"id": sheets[0]["scan"], "code": short_code(page("P1", 2))})
    assert answer.status_code == 422, "the picture shows no such page"
    assert send(browser, review, "/name", {"id": 10**6, "code": short_code(page("P1", 2))}).status_code == 404
    assert send(browser, review, "/name", {"id": sheets[0]["scan"]}).status_code == 400
    assert acts(home) == before
    assert len(browser.get("/nameless", base_url=HERE).get_json()["sheets"]) == 1


def test_a_short_code_that_fits_files_the_sheet(
    home: Home, review: Review, browser: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "scanning.by_hand.read_as", lambda *_, **_how: fake_reader(picture(Sheet(page("P1", 2), {"1": "A", "2": "?faint:A"})), None)[0]
    )
    scan(home, save(tmp_path / "nameless.png", Sheet(None, {}, "unreadable", "code_lost")))
    (sheet,) = browser.get("/nameless", base_url=HERE).get_json()["sheets"]
    typed = grouped(short_code(page("P1", 2))).lower().translate(str.maketrans("abcehkmptxy", "авсенкмртху"))
    answer = send(browser, review, "/name", {"id": sheet["scan"], "code": typed})
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["page"] == page("P1", 2)
    assert "scan.named" in acts(home)
    assert browser.get("/nameless", base_url=HERE).get_json()["sheets"] == []


def test_no_picture_of_a_sheet_shows_where_the_name_is_printed(own_desk: SmallDesk) -> None:
    """The name stands on the scan: the same place is white on the sheet and lies on no cutting, however tall the question's words are."""
    desk = open_home(own_desk.home)
    pictures = Pictures(own_desk.home, Limits.of(desk.settings.scan))
    with desk.database.read() as session:
        sources = {each.page: source_of(session, each.scan, each.page) for each in recorded(session)}
    desk.close()
    whole = 0
    for source in sources.values():
        left, top, right, bottom = NAME_MM
        sheet = cv2.imdecode(np.frombuffer(pictures.sheet(source), np.uint8), cv2.IMREAD_GRAYSCALE)
        assert sheet is not None
        dots = SHEET_DPI / 25.4
        assert sheet[int((top + 1) * dots) : int((bottom - 1) * dots), int((left + 1) * dots) : int((right - 1) * dots)].min() > 200
        whole += int(np.ptp(sheet) > 100)
        for item in {box.item for box in source.layout.boxes}:
            assert region_of(source.layout, item)[1] >= HEAD_MM > bottom
    assert whole == len(sources) > 3

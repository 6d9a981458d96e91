"""What `poshta scan audit` cuts out of real scans: the question and its marks, never the head of the sheet with the pupil's name."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from packets.layout import BODY_MM
from records.home import open_home
from scanning.audit import waiting
from scanning.audit_pictures import Scissors
from scanning.intake import Limits
from scanning.review_pictures import DPI, region_of, source_of
from tests.small_desk import WEEK, SmallDesk, here


def test_every_drawn_answer_has_its_picture_without_the_sheets_head(own_desk: SmallDesk) -> None:
    told = here(own_desk.home, "scan", "audit", "--week", WEEK, "--share", "1")
    assert told.data["drawn"] == len(told.data["answers"]) > 3
    assert told.data["files"] == [each["crop"] for each in told.data["answers"]]
    home = open_home(own_desk.home)
    with home.database.read() as session:
        regions = {
            (each.page, each.item): region_of(source_of(session, each.scan, each.page).layout, each.item) for each in waiting(session)
        }
    home.close()
    headed = 0
    for each in told.data["answers"]:
        picture = cv2.imread(str(own_desk.home / each["crop"]), cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        _left, top, _right, bottom = regions[each["page"], each["item"]]
        assert picture.shape[0] <= (bottom - max(top, BODY_MM[1] - 2)) * DPI / 25.4 + 2
        assert np.ptp(picture) > 80, "nothing is printed there"
        headed += top < BODY_MM[1] - 2
    assert headed, "no question near the head: the test proves nothing"


def test_a_picture_is_gone_once_the_answer_is_confirmed_and_made_again_when_that_is_taken_back(own_desk: SmallDesk) -> None:
    told = here(own_desk.home, "scan", "audit", "--week", WEEK, "--share", "1")
    one = told.data["answers"][0]
    crop, said = own_desk.home / one["crop"], ",".join(one["reading"])
    first = crop.read_bytes()
    assert here(own_desk.home, "scan", "audit", "confirm", one["short_code"], one["item"], said).code == 0
    assert not crop.exists()
    assert here(own_desk.home, "undo").code == 0
    here(own_desk.home, "scan", "audit")
    assert crop.read_bytes() == first


def test_where_the_original_is_gone_the_answer_is_listed_without_a_picture(own_desk: SmallDesk) -> None:
    for original in (own_desk.home / "originals").rglob("*.*"):
        original.unlink()
    told = here(own_desk.home, "scan", "audit", "--week", WEEK, "--share", "1")
    assert (told.code, {each["crop"] for each in told.data["answers"]}, told.data["files"]) == (3, {None}, [])
    home = open_home(own_desk.home)
    with home.database.read() as session:
        assert Scissors(Path(own_desk.home), Limits()).cut(session, None, told.data["answers"][0]["page"], "1") == b""
    home.close()

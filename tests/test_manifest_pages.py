"""A manifest is a page of ours: listed with its boxes, read back by the reader that reads worksheets, void once its plan is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
import pytest

from records.home import open_home
from scanning.book import DeskBook
from scanning.page import read_page
from scanning.verdict import Blank, Chosen
from tests.conftest import Poshta
from tests.routing.desks import copied, made_desk
from tests.routing.test_commands import change
from tests.routing.weeks import add_packet

WEEK = ("--week", "2026-W41")
Picture = npt.NDArray[np.uint8]
MEANT = {"s1.outcome": "delivered", "s1.back": "05", "s2.outcome": "nobody", "s3.outcome": "road_closed", "s4.outcome": "refused"}
MEANT |= {"s4.back": "12", "odometer.start": "048215", "odometer.end": "048377", "packets.back": "017"}


@pytest.fixture(scope="module")
def with_manifests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk whose one route is planned and printed: look, do not touch."""
    return made_desk(tmp_path_factory.mktemp("pages"), "plan", "manifest")


@pytest.fixture
def printed(with_manifests: Path, tmp_path: Path) -> Path:
    """The same for one test."""
    return copied(with_manifests, tmp_path)


def sheets(poshta: Poshta) -> list[dict[str, Any]]:
    """The manifest's sheets as the contract tells them."""
    return [page for page in poshta("packets", "layout", *WEEK).data["pages"] if page["kind"] == "manifest"]


def filled(home: Path, page: dict[str, Any], meant: dict[str, str], dpi: int) -> Picture:
    """The sheet as it comes off the printer, with the circles of `meant` filled where the contract says that they are."""
    picture = np.array(pypdfium2.PdfDocument(home / page["pdf"])[page["pdf_page"] - 1].render(scale=dpi / 72, grayscale=True).to_numpy())
    assert (picture.shape[1] > picture.shape[0]) is (page["size_mm"] == [297, 210])
    for box in page["boxes"]:
        value = meant.get(box["item"], "")
        if value == box["value"] or (box["column"] and value and value[box["column"] - 1] == box["value"]):
            x, y = (round(place * dpi / 25.4 * 16) for place in box["center_mm"])
            cv2.circle(picture, (x, y), round(1.9 * dpi / 25.4 * 16), (40,), -1, cv2.LINE_AA, 4)
    return picture.reshape(picture.shape[:2])


def test_every_sheet_is_a_page_with_boxes(printed: Path, poshta: Poshta) -> None:
    """Of the week and the route, of no packet and no pupil; eight stops on two sheets."""
    pages = sheets(poshta)
    assert [(page["number"], page["of"], page["pdf_page"]) for page in pages] == [(1, 2, 1), (2, 2, 2)]
    assert all(page["packet"] is None and page["pupil"] is None and page["assignment"] is None for page in pages)
    items = [box["item"] for page in pages for box in page["boxes"]]
    assert {f"s{order}.{what}" for order in range(1, 9) for what in ("outcome", "back")} <= set(items)
    assert {"odometer.start", "odometer.end", "packets.back"} <= set(items)
    told = poshta("routes", "manifest", *WEEK).data["manifests"]
    assert [page["page"] for page in pages] == told[0]["pages"]


@pytest.mark.parametrize(("dpi", "turned"), [(150, 0), (200, 1), (200, 2), (300, 3)])
def test_what_is_marked_on_a_manifest_is_read(printed: Path, poshta: Poshta, dpi: int, turned: int) -> None:
    """Whichever way it lies on the glass; nothing else is taken for a mark."""
    home = open_home(printed)
    book = DeskBook(home.database, home.keys())
    seen = {}
    for page in sheets(poshta):
        picture = np.ascontiguousarray(np.rot90(filled(printed, page, MEANT, dpi), turned))
        (verdict,) = read_page(picture, book)
        assert (verdict.state.value, verdict.page_id) == ("read", page["page"])
        assert "stripes" not in verdict.measurements, "its table's rules, nearly as long as the paper, are not dirt on the glass"
        assert verdict.error_mm is not None
        assert verdict.error_mm < 0.2
        seen |= {item.item: item.judgement for item in verdict.items}
    home.close()
    assert {item: said for item, said in seen.items() if said != Blank()} == {
        item: Chosen((value.lstrip("0"),)) if value.isdigit() else Chosen((value,)) for item, value in MEANT.items()
    }


def test_an_untouched_manifest_holds_no_mark(printed: Path, poshta: Poshta) -> None:
    """The words that are a route's own do not disturb the reader."""
    home = open_home(printed)
    book = DeskBook(home.database, home.keys())
    for page in sheets(poshta):
        (verdict,) = read_page(filled(printed, page, {}, 200), book)
        assert {type(item.judgement) for item in verdict.items} == {Blank}
    home.close()


def test_a_scanned_manifest_is_told_by_name(printed: Path, poshta: Poshta, tmp_path: Path) -> None:
    """Seen, of no packet; what it says in vain is in doubt, and the worksheets' answers stay untouched."""
    page = sheets(poshta)[0]
    cv2.imwrite(str(tmp_path / "manifest.png"), filled(printed, page, MEANT, 200))
    said = poshta("scan", str(tmp_path / "manifest.png"))
    (row,) = said.data["pages"]
    assert (row["state"], row["page"], row["packet"]) == ("doubtful", page["page"], None)
    assert {"item": "s4.back", "reason": "more_than_expected"} in row["doubts"]
    assert poshta("grades", "answers", *WEEK).data["answers"] == []


def test_a_sheet_of_a_plan_that_is_gone_can_still_be_read(printed: Path, poshta: Poshta, tmp_path: Path) -> None:
    """A van may have gone by it; the new plan's sheets are others, and carry the packets now."""
    page = sheets(poshta)[0]
    cv2.imwrite(str(tmp_path / "manifest.png"), filled(printed, page, MEANT, 200))
    change(printed, lambda session: add_packet(session, "593631100", "P999"))
    poshta("routes", "plan", *WEEK)
    (row,) = poshta("scan", str(tmp_path / "manifest.png")).data["pages"]
    assert (row["state"] in {"read", "doubtful"}, row["page"]) == (True, page["page"])
    assert poshta("routes", "manifest", *WEEK).code == 0
    assert len({each["page"] for each in sheets(poshta)}) == 4

"""A teacher's own PDF goes round: printed, written on all over, scanned, scored, shown to whoever gives the points, corrected, returned, backed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest

from packets.assignment import Assignment
from packets.layout import PAGE_MM
from packets.own_pdf_page import chapters, own_sheet
from packets.worksheet import draw_assignment
from scanning.review_pictures import region_of
from tests.packets.teacher_pdfs import YAML, beside, sheet
from tests.packets.test_own_pdf import kept
from tests.packets.week import open_desk
from tests.small_desk import AFTER, BEFORE, WEEK, here

DPI = 200
PER_MM = DPI / 25.4
MEANT: Mapping[str, Sequence[str]] = {"1": ["A"], "2": ["B"], "3": ["A"], "4": ["2"], "5": ["-3.5"], "6": ["84"]}
EARNED = {"1": 1.0, "2": 1.0, "3": 0.0, "4": 2.0, "5": 2.0, "6": 2.0}
SEED = 7


@dataclass(frozen=True)
class OwnDesk:
    """A desk on which two pupils' sheets of one own PDF are back; the one in large print left question 4 to the teacher."""

    home: Path
    inputs: Path
    pages: tuple[dict[str, Any], ...]


@pytest.fixture(scope="module")
def own_desk(tmp_path_factory: pytest.TempPathFactory) -> OwnDesk:
    """Printed for two pupils, filled in, the pages of the PDF written on up to the strip, and scanned."""
    folder = tmp_path_factory.mktemp("own")
    open_desk(folder / "desk", weeks=()).close()
    home, file = folder / "desk", beside(folder / "inputs", sheet())
    assert here(home, "assignments", "add", str(file), day=BEFORE).code == 0
    assert here(home, "packets", "build", "--week", WEEK, day=BEFORE).code in {0, 3}
    pages = [page for page in here(home, "packets", "layout", "--week", WEEK).data["pages"] if page["kind"] == "worksheet"]
    (folder / "scans").mkdir()
    covered = written_on(kept(folder / "look", sheet()))
    for place, page in enumerate(pages):
        picture = filled_in(home, page, covered.get(page["number"] - 2), place)
        cv2.imwrite(str(folder / "scans" / f"{place:02}.png"), picture)
    told = here(home, "scan", str(folder / "scans"))
    assert told.code in {0, 3}, told.err
    assert {page["state"] for page in told.data["pages"]} == {"read"}
    return OwnDesk(home, folder / "inputs", tuple(pages))


def written_on(assignment: Assignment) -> dict[int, tuple[float, float, float, float]]:
    """The area that a page of the PDF takes on each sheet, by the sheet's place from 0."""
    areas = {}
    for place, (page, inside) in enumerate(chapters(assignment.parts)):
        if page is not None:
            placing = own_sheet(assignment, page, inside, ()).placing
            assert placing is not None
            areas[place] = placing.covered
    return areas


def filled_in(home: Path, page: Mapping[str, Any], covered: tuple[float, float, float, float] | None, seed: int) -> np.ndarray:
    """The printed page as a picture: circles filled, and the whole of the PDF's page written over."""
    document = pypdfium2.PdfDocument(home / page["pdf"])
    picture = document[page["pdf_page"] - 1].render(scale=DPI / 72, grayscale=True).to_numpy().copy()
    document.close()
    picture = picture.reshape(picture.shape[:2])
    for box in page["boxes"]:
        if marked(page, box):
            middle = tuple(round(value * PER_MM) for value in box["center_mm"])
            cv2.circle(picture, middle, round(box["size_mm"][0] * 0.46 * PER_MM), 70, -1, cv2.LINE_AA)
    if covered is not None:
        scribble(picture, covered, np.random.default_rng(SEED + seed))
    return picture


def marked(page: Mapping[str, Any], box: Mapping[str, Any]) -> bool:
    if box["item"] == "4" and page["pupil"] == "P3":
        return False
    meant = MEANT[box["item"]][0]
    if box["kind"] != "digit":
        return bool(box["value"] == meant)
    columns = sorted({each["column"] for each in page["boxes"] if each["item"] == box["item"]})
    signs = {"-3.5": "-35", "84": " 84"}[meant]
    return bool(signs[columns.index(box["column"])] == box["value"])


def scribble(picture: np.ndarray, area: tuple[float, float, float, float], luck: np.random.Generator) -> None:
    """A pupil's writing in pencil over an area of the sheet, up to its very edge."""
    left, top, right, bottom = (value * PER_MM for value in area)
    for y in np.arange(top + 10, bottom, 6.0 * PER_MM):
        x = np.arange(left, right, 0.4 * PER_MM)
        wave = y + np.cumsum(luck.normal(0, 0.35, len(x))) * PER_MM * 0.3
        line = np.stack([x, np.clip(wave, top, bottom)], axis=1).astype(np.int32)
        cv2.polylines(picture, [line], False, 90, 4, cv2.LINE_AA)
    for _cross in range(6):
        ends = np.stack([luck.uniform(left, right, 2), luck.uniform(top, bottom, 2)], axis=1).astype(np.int32)
        cv2.line(picture, ends[0].tolist(), ends[1].tolist(), 60, 5, cv2.LINE_AA)


def answers(home: Path) -> dict[tuple[str, str], dict[str, Any]]:
    return {(each["pupil"], each["item"]): each for each in here(home, "grades", "answers", "--week", WEEK).data["answers"]}


def test_what_is_marked_in_the_strip_is_read_whatever_is_written_on_the_page(own_desk: OwnDesk) -> None:
    found = answers(own_desk.home)
    assert len(found) == 2 * len(MEANT)
    for (pupil, item), each in found.items():
        if (pupil, item) == ("P3", "4"):
            assert each["state"] in {"waiting", "read"}  # another test may have given the points
            continue
        wanted = ["B"] if item == "2" else list(MEANT[item])
        assert each["reading"] == wanted, (pupil, item, each)
        assert each["points"] == EARNED[item], (pupil, item, each)


def test_who_gives_the_points_sees_the_place_on_the_page(own_desk: OwnDesk) -> None:
    layout = draw_assignment(kept(own_desk.inputs.parent / "look", sheet())).layouts[0]
    left, top, right, bottom = region_of(layout, "4")
    field = next(item.field_mm for item in layout.items if item.item == "4")
    assert field is not None
    assert (left, top) < (field[0], field[1])
    assert (right, bottom) > (field[2], field[3])
    strip = layout.boxes_of("4")
    assert all(left < box.center_mm[0] < right and top < box.center_mm[1] < bottom for box in strip)
    assert 0 <= left < right <= PAGE_MM[0]


def test_a_person_gives_the_points_and_the_returns_are_made(own_desk: OwnDesk) -> None:
    page = answers(own_desk.home)["P3", "4"]["page"]
    assert here(own_desk.home, "grades", "amend", page, "4", "3").code == 0
    assert answers(own_desk.home)["P3", "4"]["points"] == 3
    told = here(own_desk.home, "returns", "--week", WEEK, day=AFTER)
    assert told.code in {0, 3}
    assert all((own_desk.home / file).stat().st_size for file in told.data["files"])


def test_a_corrected_key_scores_again_and_another_pdf_wants_another_code(own_desk: OwnDesk) -> None:
    file = beside(own_desk.inputs / "key", sheet(), YAML.replace("{choices: 3, answer: C", "{choices: 3, answer: A"))
    told = here(own_desk.home, "assignments", "add", str(file))
    assert (told.code, told.data["rescore"]) == (0, ["own-5-kk"])
    assert answers(own_desk.home)["P1", "3"]["points"] == 1
    assert here(own_desk.home, "assignments", "add", str(beside(own_desk.inputs / "other", sheet(bottom=150)))).code == 7
    assert here(own_desk.home, "assignments", "add", str(own_desk.inputs / "own.yaml")).code == 0
    assert answers(own_desk.home)["P1", "3"]["points"] == 0


def test_a_lost_packet_is_drawn_again_byte_for_byte_when_the_pdf_is_long_gone(own_desk: OwnDesk) -> None:
    paper = own_desk.home / own_desk.pages[0]["pdf"]
    before = paper.read_bytes()
    (own_desk.inputs / "sheet.pdf").unlink()
    paper.unlink()
    assert here(own_desk.home, "packets", "build", "--week", WEEK, day=BEFORE).code in {0, 3}
    assert paper.read_bytes() == before
    beside(own_desk.inputs, sheet())


def test_two_pages_of_a_pdf_make_a_packet_no_larger_than_they_are(own_desk: OwnDesk) -> None:
    for page in own_desk.pages:
        assert (own_desk.home / page["pdf"]).stat().st_size < 200_000

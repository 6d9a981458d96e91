"""The third collection draws: the same seed the same picture, every condition its own, marks that can be seen, and places that stay true."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from bench.other_hands.conditions import CONDITIONS as OTHERS
from bench.other_hands.conditions import KNOWN, SECRET, Condition
from bench.other_hands.field import Shown, take
from bench.other_hands.picture import Work
from bench.other_hands.pupil import Deed, Hand
from bench.other_hands.scanners import Scan
from bench.other_hands.sheets import PrintRoom, Spot
from bench.strange import pens
from bench.strange.conditions import CONDITIONS, MACHINES, OPEN, PAPERS, PENS, WITHHELD
from bench.strange.machines import Then
from bench.strange.traces import smudged, whitened_other
from packets.layout import FIDUCIALS
from scanning.verdict import Grey

SHEET = "one sheet for all"


@pytest.fixture(scope="module")
def room() -> PrintRoom:
    return PrintRoom()


@pytest.fixture(scope="module")
def plain(room: PrintRoom) -> Grey:
    with pytest.MonkeyPatch.context() as patch:
        return drawn(room, OTHERS["clean_200"], patch)[0]


def drawn(room: PrintRoom, condition: Condition, monkeypatch: pytest.MonkeyPatch) -> tuple[Grey, Shown]:
    """A condition under a name that is the same for all, on a plain scanner: the same sheet, and the same answers where pens are the same."""
    device = replace(condition.device, device=Scan()) if isinstance(condition.device, Then) else Scan()
    monkeypatch.setitem(KNOWN, SHEET, replace(condition, device=device, print_dpi=200.0))
    grey, shown = take(SHEET, 4, 6, room)
    return grey, shown[0]


def darkness(shown: Shown, spot: Spot) -> float:
    """How dark the middle of a circle is against the whole paper, 0 to 1."""
    around = np.stack(np.meshgrid([-1.2, -0.6, 0.0, 0.6, 1.2], [-1.2, -0.6, 0.0, 0.6, 1.2]), axis=-1).reshape(-1, 2)
    x, y = np.floor(shown.picture.places(around * spot.size / 4.6 + spot.center)).astype(int).T
    return 1 - float(shown.picture.grey[y, x].mean()) / float(np.percentile(shown.picture.grey, 70))


def test_open_and_withheld_share_the_conditions_out_and_are_known_by_name() -> None:
    assert not OPEN & WITHHELD
    assert OPEN | WITHHELD == CONDITIONS.keys() == PENS.keys() | PAPERS.keys() | MACHINES.keys()
    assert abs(len(OPEN) - len(WITHHELD)) <= 1
    assert not CONDITIONS.keys() & OTHERS.keys()
    assert KNOWN.keys() >= CONDITIONS.keys()
    assert SECRET & CONDITIONS.keys() == WITHHELD


@pytest.mark.parametrize("name", ["blobbing_ballpoint", "crumpled", "fax"])
def test_the_same_seed_draws_the_same_picture(room: PrintRoom, name: str) -> None:
    first, again, other = (take(name, 4, number, room)[0] for number in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first[:900, :900], other[:900, :900])


@pytest.mark.parametrize("name", [*CONDITIONS])
def test_a_condition_changes_the_picture(room: PrintRoom, plain: Grey, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    grey = drawn(room, CONDITIONS[name], monkeypatch)[0]
    assert grey.dtype == np.uint8
    assert grey.ndim == 2
    small = [cv2.resize(each, (420, 594), interpolation=cv2.INTER_AREA).astype(int) for each in (plain, grey)]
    assert np.abs(small[0] - small[1]).max() > 30


@pytest.mark.parametrize("name", [*PENS])
def test_answers_are_darker_than_empty_circles(room: PrintRoom, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = drawn(room, CONDITIONS[name], monkeypatch)[1]
    answered = [mark.spot for deed in shown.deeds if deed.sure for mark in deed.marks if mark.role == "answer"]
    touched = {id(mark.spot) for deed in shown.deeds for mark in deed.marks}
    empty = [darkness(shown, spot) for spot in shown.sheet.spots if id(spot) not in touched]
    assert len(answered) > 5
    assert np.median([darkness(shown, spot) for spot in answered]) > np.median(empty) + 0.05


@pytest.mark.parametrize("name", ["fax", "jittering_feeder", "app_magic", "messenger", "lid_open"])
def test_the_places_follow_what_the_machine_does(room: PrintRoom, name: str) -> None:
    grey, (shown,) = take(name, 5, 1, room)
    dark = []
    for fiducial in FIDUCIALS[2:]:
        ring = np.array([[4.0, 4.0], [-4.0, 4.0], [4.0, -4.0], [-4.0, -4.0]])
        x, y = shown.picture.places(np.array([fiducial.center_mm]))[0]
        around = np.clip(shown.picture.places(ring + fiducial.center_mm).astype(int), 0, np.array(grey.shape[::-1]) - 1)
        dark.append(float(grey[int(y), int(x)]) < 0.6 * float(np.median(grey[around[:, 1], around[:, 0]])))
    assert sum(dark) >= len(dark) - 2


def test_correction_fluid_hides_one_mark_and_leaves_the_other() -> None:
    page = np.full((500, 900), 242, np.uint8)
    hand = Hand(page, 8.0, replace(pens.FLUID, force=(1.0, 1.0)), pens.FLUID.tools[0][0], "luma", np.random.default_rng(4))
    hand.favourite = "careful"
    first, second = (Spot("1", value, "choice", None, (x, 30.0), 4.6) for value, x in (("A", 25.0), ("B", 85.0)))
    deed = Deed("1", None, ("A",))
    whitened_other(hand, deed, first, second)
    assert [mark.role for mark in deed.marks] == ["rubbed", "answer"]
    assert page[224:256, 184:216].mean() < 170
    assert page[224:256, 664:696].mean() > 215


def test_a_smudge_darkens_paper_and_never_lightens_it() -> None:
    page = np.full((2339, 1654), 240, np.uint8)
    work = Work(page.copy(), 200 / 25.4, np.random.default_rng(3), printed=page)
    for y in range(200, 2200, 150):
        cv2.circle(work.page, (400, y), 20, 50, -1)
    before = work.page.copy()
    smudged(work)
    assert (work.page <= before).all()
    assert (work.page < before).sum() > 2000

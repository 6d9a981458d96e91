"""A scanner without duplex: all fronts, the stack turned over, all backs. Every page carries its own code, so the order of pictures never matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from records import schema
from records.home import Home
from records.lifecycle import PacketState
from scanning.page import read_page
from scanning.verdict import Grey, PageState
from tests.scanning import sheets as drawn
from tests.scanning.desks import desk_that_reads_notes
from tests.scanning.paper import PUPILS, Sheet, open_desk, packet, page, picture, save_pages

Poshta = Callable[..., Any]
LAYOUT = drawn.choice_layout()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with desk_that_reads_notes(tmp_path / "desk", monkeypatch) as desk:
        yield desk


def pile(order: Sequence[int]) -> list[Grey]:
    """Both packets' pages in the order of their numbers, each packet as `order` says; the backs stand as 0."""
    answers = {1: {}, 2: {"1": "A", "2": "A,C"}, 3: {"3": "84", "4": "2"}}
    return [
        picture(Sheet(page(pupil, number), answers[number]), note=f"{pupil} {number}") if number else back(f"{pupil}")
        for pupil in PUPILS
        for number in order
    ]


def back(note: str) -> Grey:
    return picture(Sheet(None, {}, "empty"), note=note)


def held(home: Home) -> tuple[dict[tuple[str, str], tuple[Any, ...]], dict[str, str]]:
    with home.database.read() as session:
        answers = {(row.page, row.item): (tuple(row.reading), row.state, row.points) for row in session.query(schema.Answer)}
        return answers, {row.code: row.state for row in session.query(schema.Packet)}


def odd_then_even(pictures: list[Grey]) -> list[Grey]:
    """The fronts in their order, then the backs from the last to the first, as the turned stack gives them."""
    return pictures[::2] + pictures[1::2][::-1]


def test_odd_then_even_reversed_gives_the_same_answers_and_complete_packets(
    home: Home, tmp_path: Path, poshta: Poshta, monkeypatch: Any
) -> None:
    """Printed on both sides: pages 1 and 2 share a sheet, page 3 has an empty back."""
    in_order = pile((1, 2, 3, 0))
    told = poshta("scan", str(save_pages(tmp_path / "turned.tiff", odd_then_even(in_order))))
    turned = held(home)
    assert set(turned[1].values()) == {PacketState.COMPLETE.value}
    assert told.data["counts"]["read"] == 6
    assert told.data["counts"]["empty"] == 2
    other = open_desk(tmp_path / "other")
    assert poshta("scan", str(save_pages(tmp_path / "ordered.tiff", in_order)), home=tmp_path / "other").code == told.code
    assert held(other) == turned
    other.close()


def test_a_page_that_is_missing_from_the_turned_stack_is_missed_in_its_packet_alone(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    pictures = [each for number, each in enumerate(odd_then_even(pile((1, 2, 3, 0)))) if number != 1]
    poshta("scan", str(save_pages(tmp_path / "turned.tiff", pictures)))
    assert held(home)[1] == {packet("P1"): PacketState.RETURNING.value, packet("P2"): PacketState.COMPLETE.value}


def test_empty_backs_are_no_complaint_and_nothing_for_a_person(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    told = poshta("scan", str(save_pages(tmp_path / "backs.tiff", [back("1"), back("2")])))
    assert (told.code, told.body["status"], told.body["errors"]) == (0, "ok", [])
    assert [row["state"] for row in told.data["pages"]] == ["empty", "empty"]


@pytest.mark.parametrize("shade", [0.03, 0.1, 0.16])
@pytest.mark.parametrize("filled", [False, True])
def test_a_back_through_which_the_front_shines_is_empty_not_foreign(shade: float, filled: bool) -> None:
    sheet = drawn.Sheet(LAYOUT, 5)
    if filled:
        for item in ("1", "2", "5", "7"):
            sheet.fill(item, "C")
    front = cv2.GaussianBlur(cv2.resize(sheet.page.astype(np.float32), (1654, 2339), interpolation=cv2.INTER_AREA)[:, ::-1], (0, 0), 1.5)
    luck = np.random.default_rng(6)
    paper = 232 - (255 - front) * shade + luck.normal(0, 4, front.shape)
    (verdict,) = read_page(np.clip(paper, 0, 255).astype(np.uint8), drawn.Book(LAYOUT))
    assert (verdict.state, verdict.reason) == (PageState.EMPTY, "")

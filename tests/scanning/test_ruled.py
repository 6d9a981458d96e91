"""Paper with lines of its own: a notebook's rules, squared paper, a table behind; and what a pupil ruled stays what it is."""

from __future__ import annotations

import itertools
from typing import Any

import cv2
import numpy as np
import pytest

from scanning import ruled as ruled_lines
from scanning.elsewhere import bare_of
from scanning.marks import Mark
from scanning.page import read_page
from scanning.transform import Transform
from scanning.verdict import Blank, Chosen, Doubt, Grey, ItemVerdict
from tests.scanning import sheets as drawn

LAYOUT = drawn.choice_layout()


def ruled(
    sheet: drawn.Sheet, rows: np.ndarray[Any, Any], columns: np.ndarray[Any, Any], tone: float, wide: float = 0.25, end: float = 1.0
) -> Grey:
    """The page, `tone` of its light left where lines run, at heights and places in millimetres, `wide` millimetres each; across to `end` of the sheet's width."""
    page = sheet.page.copy()
    light = np.ones_like(page)
    for at, lines, whole in ((0, rows, end), (1, columns, 1.0)):
        for place in lines:
            low = round((place - wide / 2) * drawn.PER_MM)
            part: list[slice] = [slice(0, round(page.shape[1] * whole))] * 2 if at == 0 else [slice(None)] * 2
            part[at] = slice(low, low + max(1, round(wide * drawn.PER_MM)))
            light[tuple(part)] = tone
    return np.asarray(page * light, np.float32)


@pytest.fixture(scope="module")
def sheet() -> drawn.Sheet:
    """Answers of many kinds, half of the questions left empty."""
    made = drawn.Sheet(LAYOUT, 5)
    made.fill("1", "B")
    made.scribble("2", "C")
    made.tick("3", "A")
    made.cross_out("6", "A")
    made.fill("6", "C")
    made.fill("10", "B", level=0.55)
    return made


TRUTH = {
    "1": Chosen(("B",)),
    "2": Chosen(("C",)),
    "3": Chosen(("A",)),
    "6": Chosen(("C",)),
    "10": Chosen(("B",)),
    "5": Blank(),
    "7": Blank(),
    "9": Blank(),
}
PAPERS = {
    "rules through the middles": (np.arange(6.0, 290.0, 12.0), np.array([]), 0.75),
    "rules askew of the circles": (np.arange(4.8, 290.0, 8.0), np.array([190.0]), 0.7),
    "squares": (np.arange(3.0, 295.0, 5.0), np.arange(3.0, 208.0, 5.0), 0.85),
    "a table behind": (np.arange(30.0, 280.0, 9.3), np.array([20.0, 60.0, 118.5, 142.0, 160.0]), 0.82),
}


def answers(page: Grey, **picture: Any) -> dict[str, ItemVerdict]:
    (verdict,) = read_page(drawn.scan(page, seed=3, **picture), drawn.Book(LAYOUT))
    return {item.item: item for item in verdict.items}


def unlike(found: dict[str, ItemVerdict]) -> list[str]:
    return [item for item, meant in TRUTH.items() if found[item].judgement != meant]


@pytest.mark.parametrize("picture", [{}, {"turn": 1.2}, {"dpi": 300}, {"tilt": 0.06}], ids=str)
@pytest.mark.parametrize("paper", PAPERS)
def test_lines_of_the_paper_are_no_marks(paper: str, picture: dict[str, Any], sheet: drawn.Sheet) -> None:
    rows, columns, tone = PAPERS[paper]
    assert unlike(answers(ruled(sheet, rows, columns, tone), **picture)) == []


def test_without_taking_them_off_they_are_asked_about(sheet: drawn.Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruled_lines, "lines_of", lambda *_page: [])
    asked = {paper: len(unlike(answers(ruled(sheet, rows, columns, tone)))) for paper, (rows, columns, tone) in PAPERS.items()}
    assert sum(asked.values()) >= 6
    assert sum(count > 0 for count in asked.values()) >= 3


@pytest.mark.parametrize("line", ["answer", "pale", "short", "two"])
def test_what_a_pupil_may_have_ruled_stays(line: str, sheet: drawn.Sheet) -> None:
    """Three lines as dark as an answer, three that end within the sheet, two lines only: none is the paper's, and a fill with one through it is not simply read.

    (A line from one edge of a sheet that lies straight to the other is taken for dirt on the glass: test_glass.)
    """
    heights = np.array([box.center_mm[1] for box in (sheet.box("1", "B"), sheet.box("2", "C"), sheet.box("6", "C"))])
    struck = {
        "answer": ruled(sheet, heights, np.array([]), 0.35, 0.4, end=0.86),
        "pale": ruled(sheet, heights, np.array([]), 0.5, 0.5, end=0.86),
        "short": ruled(sheet, heights, np.array([]), 0.75, 0.4, end=0.0),
        "two": ruled(sheet, heights[:2], np.array([]), 0.6, 0.4, end=0.86),
    }[line]
    if line == "short":
        left, right = (round(x * drawn.PER_MM) for x in (110.0, 175.0))
        struck[:, left:right] = ruled(sheet, heights, np.array([]), 0.5, 0.4)[:, left:right]
    found = answers(struck)
    assert isinstance(found["1"].judgement, Doubt)


@pytest.mark.parametrize("seed", range(12))
def test_no_soup_of_lines_stops_the_reader(seed: int) -> None:
    """Lines of any tone, lean and length, doubled and broken, and noise: some are told or none, and what is told takes light and gives it back."""
    luck = np.random.default_rng(seed)
    picture = np.full((1169, 827), 240, np.uint8)
    for _line in range(int(luck.integers(3, 80))):
        x, y = luck.uniform(0, 827), luck.uniform(0, 1169)
        turn, long = luck.choice([0.0, np.pi / 2]) + luck.normal(0, 0.02), luck.uniform(20, 1500)
        ends = [(round(x + way * np.cos(turn) * long), round(y + way * np.sin(turn) * long)) for way in (-0.5, 0.5)]
        cv2.line(picture, ends[0], ends[1], int(luck.integers(0, 235)), int(luck.integers(1, 5)), cv2.LINE_AA)
    noisy = np.clip(picture + luck.normal(0, luck.uniform(0, 30), picture.shape), 0, 255).astype(np.uint8)
    per_mm = 827 / 210
    plane = Transform(np.diag([per_mm, per_mm, 1.0]))
    lines = ruled_lines.lines_of(noisy, plane, bare_of(np.full((2338, 1654), 255, np.uint8)))
    for down in (False, True):
        middles = sorted(
            float(np.polyval(line.course, sum(line.reach) / 2))
            for line in lines
            if line.down is down and line.reach[1] - line.reach[0] > 180
        )
        assert all(after - before >= ruled_lines.ONE_MM / 2 for before, after in itertools.pairwise(middles)), "no line is told twice"
    assert len(lines) == 0 or len(lines) >= ruled_lines.FEWEST
    for line in lines:
        assert ruled_lines.PALEST <= line.darkness <= ruled_lines.DARKEST
        assert line.reach[1] - line.reach[0] >= ruled_lines.LEAST_MM


def test_ink_on_a_line_keeps_its_darkness(sheet: drawn.Sheet) -> None:
    """A pale tick on ruled paper measures as on white paper."""
    box = next(place for place, each in enumerate(LAYOUT.boxes) if each == sheet.box("3", "A"))
    numbers = []
    for page in (sheet.page, ruled(sheet, np.arange(6.0, 290.0, 12.0), np.array([]), 0.75)):
        (verdict,) = read_page(drawn.scan(page, seed=3), drawn.Book(LAYOUT))
        numbers.append(Mark.from_list(verdict.measurements["boxes"][box]))
    white, lined = numbers
    assert lined.dark == pytest.approx(white.dark, abs=0.06)
    assert lined.ink == pytest.approx(white.ink, abs=0.04)

"""From pictures to verdicts on synthetic sheets: conditions, states, garbage; and proof that the rules that guard a page do guard it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from packets.layout import Layout
from scanning import page as reader
from scanning import rows
from scanning.judge import judge_page
from scanning.page import read_page
from scanning.thresholds import Thresholds
from scanning.verdict import Blank, Chosen, Doubt, Grey, PageState, PageVerdict, PrintedPage
from tests.scanning import sheets as drawn

LAYOUT = drawn.choice_layout()
TRUTH: dict[str, tuple[str, ...]] = {
    "1": ("B",), "2": ("C",), "3": ("A",), "4": ("A", "C"), "5": ("D",), "6": ("C",), "7": ("E",), "8": ("B",), "9": (), "10": ("B",), "12": ("84",), "13": ("2",),
}  # fmt: skip
DOUBTFUL = {"11"}  # rubbed out, and nothing else


def write(sheet: drawn.Sheet) -> drawn.Sheet:
    """Marks of every kind; `TRUTH` and `DOUBTFUL` say what they mean."""
    sheet.fill("1", "B")
    sheet.scribble("2", "C")
    sheet.tick("3", "A")
    sheet.fill("4", "A")
    sheet.cross("4", "C")
    sheet.cross("5", "D")
    sheet.cross_out("6", "A")
    sheet.fill("6", "C")
    sheet.rub_out("7", "B")
    sheet.fill("7", "E")
    sheet.fill("8", "B")
    sheet.fill("10", "B", level=0.55)
    sheet.rub_out("11", "D")
    sheet.fill("12", "8", column=2)
    sheet.fill("12", "4", column=3)
    sheet.fill("13", "2")
    return sheet


@pytest.fixture(scope="module")
def written() -> drawn.Sheet:
    return write(drawn.Sheet(LAYOUT, 1))


@pytest.fixture(scope="module")
def book() -> drawn.Book:
    return drawn.Book(LAYOUT)


def faults(verdict: PageVerdict) -> tuple[list[str], list[str]]:
    """Items silently wrong, and items doubted without need."""
    silent, needless = [], []
    for item in verdict.items:
        match item.judgement:
            case Chosen(values) if values != TRUTH.get(item.item, ("?",)):
                silent.append(item.item)
            case Blank() if TRUTH.get(item.item, ("?",)) != ():
                silent.append(item.item)
            case Doubt() if item.item not in DOUBTFUL:
                needless.append(item.item)
    return silent, needless


CONDITIONS: dict[str, dict[str, Any]] = {
    "clean": {}, "100 dpi": {"dpi": 100}, "150 dpi": {"dpi": 150}, "300 dpi": {"dpi": 300}, "400 dpi": {"dpi": 400}, "skewed": {"turn": 3.0},
    "upside down": {"turn": 180.0}, "copied at 94 %": {"scale": 0.94}, "copied at 103 %": {"scale": 1.03}, "creased": {"crease": 1.0}, "shaded": {"shade": 0.5},
    "noisy": {"noise": 15.0}, "squeezed": {"jpeg": 25}, "faded": {"fade": 0.5}, "tilted": {"tilt": 0.12, "turn": 4.0}, "shifted": {"shift": (4.0, -4.0)}, "grey": {"paper": 170.0},
}  # fmt: skip


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_page_is_read_without_a_silent_error_and_without_needless_doubts(name: str, written: drawn.Sheet, book: drawn.Book) -> None:
    (verdict,) = read_page(written.scan(**CONDITIONS[name]), book)
    assert verdict.page_id == drawn.PAGE
    assert verdict.state is PageState.DOUBTFUL
    assert [item.item for item in verdict.items] == [item.item for item in LAYOUT.items]
    assert faults(verdict) == ([], [])


def spoiled_code(image: Grey) -> None:
    image[130:270, 1400:1530] = 10


def torn_corner(image: Grey) -> None:
    cv2.fillPoly(image, [np.array([[0, 0], [600, 0], [0, 600]])], 255)


def stripe(image: Grey) -> None:
    image[:, 945:949] = (image[:, 945:949] * 0.6).astype(np.uint8)


def without_aruco(image: Grey) -> None:
    image[60:240, 60:240] = 255


@pytest.mark.parametrize("dpi", [100, 200])
@pytest.mark.parametrize("share", [0.12, 0.35, 0.5, 0.62])
@pytest.mark.parametrize("side", ["left", "right"])
def test_what_lies_outside_the_picture_is_never_taken_for_empty(
    side: str, share: float, dpi: int, written: drawn.Sheet, book: drawn.Book
) -> None:
    """The picture ends where the sheet goes on, as of a sheet that was fed askew or photographed in part."""
    image = written.scan(dpi=dpi)
    cut = round(share * image.shape[1])
    (verdict,) = read_page(np.ascontiguousarray(image[:, cut:] if side == "left" else image[:, :-cut]), book)
    assert faults(verdict)[0] == []
    edge = share * LAYOUT.size_mm[0]
    gone = {
        box.item for box in LAYOUT.boxes if (box.center_mm[0] < edge if side == "left" else box.center_mm[0] > LAYOUT.size_mm[0] - edge)
    }
    assert all(isinstance(item.judgement, Doubt) for item in verdict.items if item.item in gone)


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_where_even_the_print_is_too_pale_to_see_nothing_is_called_empty(share: float, written: drawn.Sheet, book: drawn.Book) -> None:
    """A lamp that shines into the camera, or a picture whose lower part lost its contrast on the way."""
    image = written.scan().copy()
    from_line = round((1 - share) * image.shape[0])
    image[from_line:] = 215 + (image[from_line:] // 16)
    (verdict,) = read_page(image, book)
    assert faults(verdict)[0] == []
    dim = {box.item for box in LAYOUT.boxes if box.center_mm[1] > (1 - share) * LAYOUT.size_mm[1] + 8}
    assert dim
    assert all(isinstance(item.judgement, Doubt) for item in verdict.items if item.item in dim)


@pytest.mark.parametrize("damage", [spoiled_code, torn_corner, stripe, without_aruco])
def test_damage_makes_doubts_but_never_a_silent_error(damage: Callable[[Grey], None], written: drawn.Sheet, book: drawn.Book) -> None:
    image = written.scan().copy()
    damage(image)
    (verdict,) = read_page(image, book)
    assert verdict.page_id == drawn.PAGE
    assert faults(verdict)[0] == []
    assert len(faults(verdict)[1]) <= (4 if damage is stripe else 3)  # it passes through circles, of which each is asked about


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_lying_on_its_side_is_read(turns: int, written: drawn.Sheet, book: drawn.Book) -> None:
    (verdict,) = read_page(np.ascontiguousarray(np.rot90(written.scan(), turns)), book)
    assert faults(verdict) == ([], [])


def test_paper_torn_away_over_an_empty_box_is_a_doubt_not_blank(written: drawn.Sheet, book: drawn.Book) -> None:
    image = written.scan().copy()
    x, y = (round(value * 200 / 25.4) for value in (118.0 + 24, 155.0))
    image[y - 30 : y + 30, x - 30 : x + 30] = 240
    (verdict,) = read_page(image, book)
    found = {item.item: item.judgement for item in verdict.items}["9"]
    assert isinstance(found, Doubt)


def test_the_same_picture_gives_the_same_verdict_and_stored_numbers_give_it_again(written: drawn.Sheet, book: drawn.Book) -> None:
    image = written.scan()
    (first,), (second,) = read_page(image, book), read_page(image.copy(), book)
    assert first == second
    kept = json.loads(json.dumps(first.measurements))
    assert judge_page(kept, LAYOUT) == first.items


def test_states_of_seals_and_books(written: drawn.Sheet) -> None:
    image = written.scan()
    page = PrintedPage(drawn.PAGE, LAYOUT.kind, LAYOUT.digest, drawn.KEY.id)

    def state(keys: tuple[Any, ...], pages: dict[str, PrintedPage]) -> tuple[PageState, str]:
        (verdict,) = read_page(image, drawn.Book(LAYOUT, keys, pages))
        assert verdict.items == ()
        return verdict.state, verdict.reason

    assert state((drawn.OTHER_KEY,), {drawn.PAGE: page}) == (PageState.UNSIGNED, "key_missing")
    assert state((drawn.OTHER_KEY,), {drawn.PAGE: replace(page, key_id=drawn.OTHER_KEY.id)}) == (PageState.UNSIGNED, "seal_broken")
    assert state((drawn.KEY,), {}) == (PageState.FOREIGN, "unknown_page")
    assert state((drawn.OTHER_KEY,), {}) == (PageState.UNSIGNED, "unknown_page")
    assert state((drawn.KEY,), {drawn.PAGE: replace(page, void=True)}) == (PageState.VOID, "withdrawn")


def test_two_codes_of_different_pages_are_never_believed(written: drawn.Sheet, book: drawn.Book) -> None:
    other = drawn.scan(drawn.printed(LAYOUT, page="0badbadbadbad0").astype(np.float32))
    image = written.scan().copy()
    image[:400, 1200:] = other[:400, 1200:]
    (verdict,) = read_page(image, book)
    assert (verdict.state, verdict.reason, verdict.items) == (PageState.UNREADABLE, "codes_disagree", ())


def test_a_mirrored_picture_is_named(written: drawn.Sheet, book: drawn.Book) -> None:
    (verdict,) = read_page(np.ascontiguousarray(written.scan()[:, ::-1]), book)
    assert (verdict.state, verdict.reason) == (PageState.UNREADABLE, "mirrored")


def test_two_sheets_in_one_picture_are_two_parts(written: drawn.Sheet) -> None:
    second = "00000000000042"
    pages = {each: PrintedPage(each, LAYOUT.kind, LAYOUT.digest, drawn.KEY.id) for each in (drawn.PAGE, second)}
    right = drawn.scan(drawn.printed(LAYOUT, page=second).astype(np.float32))
    verdicts = read_page(np.concatenate([written.scan(), right], axis=1), drawn.Book(LAYOUT, (drawn.KEY,), pages))
    assert {verdict.page_id for verdict in verdicts} == {drawn.PAGE, second}
    assert [verdict.part for verdict in verdicts] == [1, 2]
    assert all(faults(verdict)[0] == [] for verdict in verdicts if verdict.page_id == drawn.PAGE)


def test_a_sheet_that_lost_both_codes_waits_for_its_short_code(written: drawn.Sheet, book: drawn.Book) -> None:
    image = written.scan().copy()
    image[80:320, 1330:1580] = 30
    image[2000:2260, 80:320] = 30
    (verdict,) = read_page(image, book)
    assert (verdict.state, verdict.reason) == (PageState.UNREADABLE, "code_lost")


def blank_paper() -> Grey:
    luck = np.random.default_rng(3)
    paper = 225 + luck.normal(0, 4, (2339, 1654)) - np.linspace(0, 60, 1654)[None, :]
    cv2.circle(paper, (60, 900), 22, 20, -1)
    ghost = cv2.resize(drawn.printed(LAYOUT, codes=False), (1654, 2339), interpolation=cv2.INTER_AREA)[:, ::-1]
    return np.clip(paper - (255 - ghost.astype(float)) * 0.06, 0, 255).astype(np.uint8)


def foreign_paper() -> Grey:
    paper = np.full((2339, 1654), 240, np.uint8)
    for line in range(20):
        cv2.putText(paper, "Kvitantsiya No 5512", (200, 300 + 70 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 30, 3)
    return paper


def test_blank_backs_are_empty_and_other_papers_foreign(book: drawn.Book) -> None:
    assert [verdict.state for verdict in read_page(blank_paper(), book)] == [PageState.EMPTY]
    (verdict,) = read_page(foreign_paper(), book)
    assert (verdict.state, verdict.reason) == (PageState.FOREIGN, "no_code")


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (17, 17), (40, 4000), (300, 300), (1000, 700)])
@pytest.mark.parametrize("kind", ["black", "white", "noise"])
def test_no_picture_makes_the_reader_fail(shape: tuple[int, int], kind: str, book: drawn.Book) -> None:
    luck = np.random.default_rng(7)
    image = {
        "black": np.zeros(shape, np.uint8),
        "white": np.full(shape, 255, np.uint8),
        "noise": luck.integers(0, 256, shape).astype(np.uint8),
    }[kind]
    verdicts = read_page(image, book)
    assert verdicts
    assert all(verdict.items == () and verdict.page_id is None for verdict in verdicts)


def test_a_fault_at_one_sheet_costs_the_sheet_beside_it_nothing(written: drawn.Sheet, book: drawn.Book, monkeypatch: Any) -> None:
    image = written.scan(dpi=150)
    other = drawn.scan(drawn.printed(LAYOUT, page="0badbadbadbad0").astype(np.float32), dpi=150)
    pages = {each: PrintedPage(each, LAYOUT.kind, LAYOUT.digest, drawn.KEY.id) for each in (drawn.PAGE, "0badbadbadbad0")}
    measured = reader._measured

    def faulty(*arguments: Any) -> Any:
        if arguments[3].id == "0badbadbadbad0":
            raise FloatingPointError
        return measured(*arguments)

    monkeypatch.setattr(reader, "_measured", faulty)
    verdicts = read_page(np.hstack([image, other]), drawn.Book(LAYOUT, pages=pages))
    assert sorted((verdict.state, verdict.reason) for verdict in verdicts if verdict.items == ()) == [
        (PageState.UNREADABLE, "fault_FloatingPointError")
    ]
    assert [verdict.page_id for verdict in verdicts if verdict.items] == [drawn.PAGE]


def test_a_reader_that_does_not_hold_on_to_its_rows_fails_these_tests(written: drawn.Sheet, book: drawn.Book, monkeypatch: Any) -> None:
    """A negative control: rows put a few millimetres aside are noticed, and even then nothing is wrong in silence."""

    def displaced(_image: Any, _lit: Any, _factor: float, _transform: Any, plan: rows.Plan) -> rows.Anchors:
        return rows.Anchors(np.full((len(plan.rows), 2), (12.0, 0.0)), np.ones(len(plan.rows)), np.ones(len(plan.rows)))

    monkeypatch.setattr(reader.rows, "anchor", displaced)
    (verdict,) = read_page(written.scan(), book)
    assert len(faults(verdict)[1]) > 5
    assert faults(verdict)[0] == []


def test_a_judge_with_wrong_thresholds_fails_these_tests(written: drawn.Sheet, book: drawn.Book) -> None:
    """A negative control: a judge that believes every trace takes a rubbed-out mark for an answer, and the metric sees it."""
    (verdict,) = read_page(written.scan(), book)
    credulous = Thresholds(likely=0.0, sure=0.0, sure_weak=0.0, sure_smeared=0.0, smeared_seen=0.0, weak_seen=0.0, there=0.0)
    assert "11" in faults(replace(verdict, items=judge_page(verdict.measurements, LAYOUT, credulous)))[0]


def test_a_sheet_of_another_layout_is_not_guessed(written: drawn.Sheet) -> None:
    """The page's rows do not look like the print that the book tells of."""
    moved = Layout(
        LAYOUT.kind,
        tuple(replace(box, center_mm=(box.center_mm[0] - 30, box.center_mm[1] + 5)) for box in LAYOUT.boxes),
        LAYOUT.items,
        "moved",
    )
    other = drawn.Book(moved, (drawn.KEY,), {drawn.PAGE: PrintedPage(drawn.PAGE, moved.kind, moved.digest, drawn.KEY.id)})
    (verdict,) = read_page(written.scan(), other)
    assert (verdict.state, verdict.reason, verdict.items) == (PageState.UNREADABLE, "does_not_fit", ())

"""The rehearsal as a whole: the same seed gives the same files, and the truth tells of every picture."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from scanning import rehearsal
from scanning.rehearsal.conditions import CONDITIONS, MIXES, shares_of
from scanning.rehearsal.frames import jpeg_of
from scanning.rehearsal.meaning import ItemTruth, Must
from scanning.rehearsal.pages import sheets_of
from scanning.rehearsal.paper import Damage
from scanning.rehearsal.play import PostResult, Setting, play_post, seen_truth, take_page
from scanning.rehearsal.post import PostHabits
from scanning.rehearsal.scanner import Taken
from scanning.rehearsal.seen import what_is_seen
from scanning.rehearsal.sheet import render
from tests.scanning.rehearsal_pages import draw_packet

QUICK = {"clean_scan": 1.0}


def played(tmp_path: Path, name: str, seed: int = 1, packets: int = 3, **rest: Any) -> PostResult:
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    layout = draw_packet(home, packets=packets, pages=2)
    return play_post(home, layout, tmp_path / name, seed, "clean_scan", **rest)


def setting(home: Path, condition: str = "clean_scan", seed: int = 1, wanted: Any = None, several: Any = None) -> Setting:
    layout = draw_packet(home, packets=1, pages=2)
    return Setting(home, home, seed, shares_of(condition), tuple(sheets_of(layout, several)), wanted or {})


def contents(result: PostResult, folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in result.files}


def test_one_seed_gives_the_same_files_and_another_seed_others(tmp_path: Path) -> None:
    first, again, other = played(tmp_path, "a", 1, 1), played(tmp_path, "b", 1, 1), played(tmp_path, "c", 2, 1)
    assert contents(first, tmp_path / "a") == contents(again, tmp_path / "b")
    assert first.truth == again.truth
    assert contents(first, tmp_path / "a") != contents(other, tmp_path / "c")


def test_two_workers_make_what_one_makes(tmp_path: Path) -> None:
    one, two = played(tmp_path, "a", 1, 1), played(tmp_path, "b", 1, 1, workers=2)
    assert contents(one, tmp_path / "a") == contents(two, tmp_path / "b")


def test_every_picture_is_in_the_truth_and_every_page_is_accounted_for(tmp_path: Path) -> None:
    habits = PostHabits(dropped=0.2, doubled=0.4, late_packets=0.4, backs=0.5)
    result = played(tmp_path, "out", seed=4, habits=habits)
    truth = result.truth
    assert {tmp_path / "out" / frame.file for frame in truth.frames} == set(result.files)
    assert all(path.stat().st_size > 0 for path in result.files)
    printed = {page["page"] for page in draw_packet(tmp_path / "home", 3, 2)["pages"]}
    assert truth.pages() | set(truth.dropped) == printed
    assert not truth.pages() & set(truth.dropped)
    copies = [sheet.page for frame in truth.frames for sheet in frame.sheets]
    assert {page for page in copies if copies.count(page) == 2} == set(truth.doubled)
    assert {"page", "foreign", "broken"} <= {frame.kind for frame in truth.frames}


def test_a_page_made_alone_is_the_page_made_among_others(tmp_path: Path) -> None:
    result = played(
        tmp_path,
        "out",
        habits=PostHabits(kinds={"jpeg": 1.0}, dropped=0, doubled=0, late_packets=0, covers=0, backs=0, foreign=0, broken=0),
    )
    sheets = tuple(sheets_of(draw_packet(tmp_path / "home", 3, 2)))
    frame = next(frame for frame in result.truth.frames if frame.sheets[0].page == sheets[4].page)
    taken, items, _condition = take_page(Setting(tmp_path / "home", tmp_path, 1, QUICK, sheets, {}), 4)
    assert jpeg_of(taken) == (tmp_path / "out" / frame.file).read_bytes()
    assert items == frame.sheets[0].items


def test_a_second_copy_is_the_same_paper_taken_anew(tmp_path: Path) -> None:
    play = setting(tmp_path, "office_scan")
    first, second = take_page(play, 0, 1), take_page(play, 0, 2)
    assert [(item.item, item.reading, item.marks) for item in first[1]] == [(item.item, item.reading, item.marks) for item in second[1]]
    assert first[0].grey.shape != second[0].grey.shape or not np.array_equal(first[0].grey, second[0].grey)


def test_the_pupil_writes_what_the_demo_wants(tmp_path: Path) -> None:
    page = draw_packet(tmp_path, 1, 1)["pages"][0]["page"]
    wanted = {page: {"1": ["C"], "2": ["A", "D"], "9": ["84"], "10": ["2"]}}
    found: dict[str, set[tuple[str, ...]]] = {}
    for seed in range(5):
        _taken, items, _condition = take_page(setting(tmp_path, seed=seed, wanted=wanted, several={"math-5": ["2"]}), 0)
        for item in items:
            if item.must is Must.READ:
                found.setdefault(item.item, set()).add(item.reading)
    assert found["1"] == {("C",)}
    assert found["2"] == {("A", "D")}
    assert found["9"] == {("84",)}
    assert found["10"] == {("2",)}


def test_the_marks_lie_in_the_boxes_that_the_truth_names(tmp_path: Path) -> None:
    play = setting(tmp_path, "clean_scan", seed=3)
    sheet = play.sheets[0]
    taken, items, _condition = take_page(play, 0)
    blank = render(tmp_path / sheet.pdf, 1, taken.dpi)
    read = [item for item in items if item.must is Must.READ and sheet.items[item.item][0].kind == "choice"]
    assert read
    for item in read:
        darkness = {place.value: _ink(taken, blank.grey, place.center) for place in sheet.items[item.item]}
        assert max(darkness, key=lambda value: darkness[value]) in item.reading


def _ink(taken: Taken, blank: Any, center: tuple[float, float]) -> float:
    """Mean darkness in a box of the picture, less that of the print."""
    upright = np.rot90(taken.grey, taken.turned // 90)
    x, y, _one = taken.to_pixels @ np.array([*center, 1.0])
    per_mm = taken.dpi / 25.4
    reach = 1.6 * per_mm
    seen = upright[int(y - reach) : int(y + reach), int(x - reach) : int(x + reach)]
    px, py = center[0] * per_mm, center[1] * per_mm
    return float(blank[int(py - reach) : int(py + reach), int(px - reach) : int(px + reach)].mean() - seen.mean())


@pytest.mark.parametrize("name", sorted(CONDITIONS))
def test_every_condition_makes_a_grey_picture_with_a_truth_for_every_item(tmp_path: Path, name: str) -> None:
    play = setting(tmp_path, name, seed=5)
    taken, items, condition = take_page(play, 1)
    assert condition == name
    assert taken.grey.dtype == np.uint8
    assert taken.grey.ndim == 2
    assert {item.item for item in items} == set(play.sheets[1].items)
    assert taken.grey.std() > 5


@pytest.mark.parametrize("name", sorted(MIXES))
def test_every_mix_names_known_conditions(name: str) -> None:
    assert set(shares_of(name)) <= set(CONDITIONS)


def test_an_unknown_condition_is_refused() -> None:
    with pytest.raises(KeyError):
        shares_of("sunshine")


def test_a_torn_away_answer_is_a_doubt_and_a_torn_away_neighbour_an_excuse(tmp_path: Path) -> None:
    sheet = setting(tmp_path).sheets[0]
    taken = Taken(np.zeros((297, 210), np.uint8), np.eye(3), (210, 297), 0, 25, 80)
    whole = Damage(np.zeros((297, 210), bool), np.zeros((297, 210), np.float32))
    truth = ItemTruth("1", ("A",), Must.READ, marks=("answer:hatched:A",))
    assert seen_truth(truth, sheet, whole, taken) == truth
    for value, must in (("A", Must.DOUBT), ("D", Must.READ)):
        torn = Damage(whole.gone.copy(), whole.dirt)
        x, y = next(place.center for place in sheet.items["1"] if place.value == value)
        torn.gone[int(y), int(x)] = True
        seen = seen_truth(truth, sheet, torn, taken)
        assert (seen.must, seen.doubt_ok) == (must, True)


def test_files_open_as_what_they_are_named(tmp_path: Path) -> None:
    import pypdfium2
    from PIL import Image

    for kind in ("jpeg", "png", "tiff", "pdf"):
        result = played(tmp_path, kind, 1, 1, habits=PostHabits(kinds={kind: 1.0}, broken=0, foreign=0, dropped=0))
        for path in result.files:
            frames = [frame for frame in result.truth.frames if tmp_path / kind / frame.file == path]
            if kind == "pdf":
                assert len(pypdfium2.PdfDocument(path)) == len(frames)
            else:
                with Image.open(path) as image:
                    assert getattr(image, "n_frames", 1) == len(frames)


def test_a_broken_file_cannot_be_decoded_whole(tmp_path: Path) -> None:
    result = played(tmp_path, "out", 1, 1, habits=PostHabits(broken=1))
    (name,) = {frame.file for frame in result.truth.frames if frame.kind == "broken"}
    content = (tmp_path / "out" / name).read_bytes()
    assert not content.endswith(b"\xff\xd9")
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is None or picture.std() >= 0  # it may open half-way, as such files do


def test_the_rehearsal_knows_nothing_of_the_reader_or_the_database() -> None:
    allowed = {"records.files", "records.workers", "records"}
    for file in Path(rehearsal.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) and node.module else ""
            if module.split(".")[0] in ("records", "packets", "settlements", "routing"):
                assert module in allowed, f"{file.name} imports {module}"
            if module.split(".")[0] == "scanning":
                assert module.startswith("scanning.rehearsal"), f"{file.name} imports {module}"


def test_a_mark_that_the_copier_washed_out_is_blank_to_everybody_and_a_pale_one_excuses_a_doubt(tmp_path: Path) -> None:
    sheet = setting(tmp_path).sheets[0]
    whole = Damage(np.zeros((297, 210), bool), np.zeros((297, 210), np.float32))
    tone = np.clip((np.arange(256) / 255 - 0.5) * 510 + 127.5, 0, 255).astype(np.uint8)
    grey = np.full((2970, 2100), 250, np.uint8)
    (place,) = [each for each in sheet.items["1"] if each.value == "A"]
    cv2.circle(grey, [round(10 * value) for value in place.center], 15, 20, -1)
    copy = Taken(grey, np.diag([10.0, 10.0, 1.0]), (2100, 2970), 0, 254, 80, tone=tone)
    found = {}
    for dark in (0.1, 0.3, 0.9):
        truth = ItemTruth("1", ("A",), Must.READ, marks=("answer:hatched:A",), dark=dark)
        found[dark] = seen_truth(truth, sheet, whole, copy)
    assert (found[0.1].must, found[0.1].reading, found[0.1].also) == (Must.BLANK, (), (("A",),))
    assert (found[0.3].must, found[0.3].doubt_ok) == (Must.READ, True)
    assert (found[0.9].must, found[0.9].doubt_ok, found[0.9].also) == (Must.READ, False, ())


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_mark_of_which_the_picture_shows_nothing_is_nobodys_error_and_the_least_trace_of_it_is_one(tmp_path: Path, turned: int) -> None:
    sheet = setting(tmp_path).sheets[0]
    (a, b) = [next(each for each in sheet.items["1"] if each.value == value) for value in "AB"]
    truth = ItemTruth("1", ("B",), Must.READ, marks=("rubbed_out:rubbed:A", "answer:tick:B"), columns=(0, 0))
    alone = ItemTruth("1", (), Must.DOUBT, True, marks=("rubbed_out:rubbed:A",), columns=(0,))
    found = []
    for marked in ((), (a,), (b,), (a, b)):
        grey = np.full((2970, 2100), 250, np.uint8)
        for place in marked:
            cv2.circle(grey, [round(10 * value) for value in place.center], 5, 225, -1)
        taken = Taken(np.rot90(grey, -turned // 90), np.diag([10.0, 10.0, 1.0]), (2100, 2970), turned, 254, 80)
        found.append((what_is_seen(truth, sheet, taken).also, what_is_seen(alone, sheet, taken).also))
    assert found == [(((),), ((),)), ((), ()), ((("B",),), ((),)), ((), ())]


def test_two_sheets_in_one_picture_are_both_in_the_truth(tmp_path: Path) -> None:
    result = played(tmp_path, "out", 1, 1, habits=PostHabits(pairs=1.0, dropped=0, doubled=0, broken=0, foreign=0, backs=0))
    (frame,) = result.truth.frames
    assert frame.kind == "pair"
    assert len({sheet.page for sheet in frame.sheets}) == 2
    assert all(sheet.items for sheet in frame.sheets)

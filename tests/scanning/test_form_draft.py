"""`forms draft`: every box of drawn blanks is found and named in its turn, what is not sure is told, and nothing is ever overwritten."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cli import main
from scanning.form_blocks import blocks_of, skew_of
from scanning.form_draft import Draft, draft_of
from scanning.form_file import read_form_file
from scanning.form_outlines import Outline, outlines_of
from tests.scanning import drawn_blanks
from tests.scanning.form_pictures import filled, folder, form, save, scanned

Command = Callable[..., tuple[int, dict[str, Any]]]
LATIN = str.maketrans("АБВГ", "ABCD")


@pytest.fixture
def poshta_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """A command line whose home is a new folder; answers exit code and JSON."""

    def run(*words: str | Path) -> tuple[int, dict[str, Any]]:
        code = main(["--home", str(tmp_path), "--lang", "en", "--json", *map(str, words)])
        body: dict[str, Any] = json.loads(capsys.readouterr().out)
        return code, body

    return run


def drafted(file: Path) -> Draft:
    grey = drawn_blanks.grey_of(file)
    return draft_of(grey, outlines_of(grey))


def unsure(draft: Draft) -> dict[str, list[tuple[str, str, int]]]:
    told: dict[str, list[tuple[str, str, int]]] = {}
    for each in draft.unsure:
        told.setdefault(each.code, []).append((each.item, each.value, each.count))
    return told


def named(draft: Draft) -> dict[tuple[str, str, int | None], tuple[float, float]]:
    return {(box["item"], box["value"], box["column"]): tuple(box["center_mm"]) for box in draft.boxes}


@pytest.mark.parametrize("name", ["exam", "squares", "dropout", "numbers", "twins"])
def test_the_boxes_of_forms_of_other_houses_are_found_where_they_are_and_named_in_their_turn(
    poshta_forms: Command, tmp_path: Path, name: str
) -> None:
    out = tmp_path / f"{name}-draft.json"
    code, told = poshta_forms("forms", "draft", folder() / f"{name}.pdf", "--out", out)
    true, found = form(name), read_form_file(out)
    assert (code, told["data"]["boxes"]) == (3, sum(len(page.layout.boxes) for page in true.pages))
    assert (found.identity, dict(found.rules)) == (true.identity, dict(true.rules))
    for page, expected in zip(found.pages, true.pages, strict=True):
        wanted = {(box.item, box.value.translate(LATIN), box.column): box for box in expected.layout.boxes}
        assert {(box.item, box.value, box.column) for box in page.layout.boxes} == set(wanted)
        for box in page.layout.boxes:
            true_box = wanted[box.item, box.value, box.column]
            assert (box.shape, box.kind) == (true_box.shape, true_box.kind)
            assert math.dist(box.center_mm, true_box.center_mm) < 0.1
            assert abs(box.size_mm[0] - true_box.size_mm[0]) < 0.3
    assert len(told["data"]["files"]) == 1 + len(true.pages)
    assert all((tmp_path / file).is_file() for file in told["data"]["files"])


@pytest.mark.parametrize(
    ("name", "dpi", "degrees"), [("exam", 200, 0.7), ("squares", 150, -0.5), ("dropout", 300, 0.3), ("numbers", 200, -1.0)]
)
def test_a_scan_that_is_a_little_askew_gives_the_same_questions_and_that_is_told(name: str, dpi: int, degrees: float) -> None:
    page = form(name).pages[0]
    grey = cv2.resize(scanned(page.blank, 3, dpi, degrees), page.blank.shape[::-1], interpolation=cv2.INTER_LINEAR)
    draft = draft_of(np.asarray(grey, np.uint8), outlines_of(np.asarray(grey, np.uint8)))
    straight = draft_of(page.blank, outlines_of(page.blank))
    assert set(named(draft)) == set(named(straight))
    assert ("skew" in unsure(draft)) == (abs(degrees) > 0.4)


def test_digits_that_begin_with_one_are_known_by_the_nought_at_their_end(tmp_path: Path) -> None:
    draft = drafted(drawn_blanks.digits_from_one(tmp_path / "a.pdf"))
    assert unsure(draft)["identity"] == [("code", "1", 0)]
    found = named(draft)
    assert found["code", "1", 1] == pytest.approx((30, 50), abs=0.1)
    assert found["code", "0", 4] == pytest.approx((51, 104), abs=0.1)


def test_digits_across_are_lines_of_one_number(tmp_path: Path) -> None:
    draft = drafted(drawn_blanks.digits_across(tmp_path / "a.pdf"))
    assert unsure(draft)["digits"] == [("1", "0", 0)]
    assert {key[2] for key in named(draft)} == {1, 2, 3}
    assert named(draft)["1", "7", 2] == pytest.approx((96, 69), abs=0.1)


def test_a_block_of_ten_without_any_print_is_choices_and_asked_about(tmp_path: Path) -> None:
    draft = drafted(drawn_blanks.bare_ten(tmp_path / "a.pdf"))
    assert "direction" in unsure(draft)
    assert (draft.questions, {box["kind"] for box in draft.boxes}) == (10, {"choice"})


def test_a_second_group_of_ten_questions_goes_on_below_the_first(tmp_path: Path) -> None:
    """Ten rows are digits only where the print says so."""
    draft = drafted(drawn_blanks.in_tens(tmp_path / "a.pdf"))
    found = named(draft)
    assert found["11", "A", None] == pytest.approx((40, 150), abs=0.1)
    assert found["21", "A", None] == pytest.approx((110, 60), abs=0.1)
    assert (draft.questions, "digits" in unsure(draft)) == (40, False)


def test_rows_in_groups_of_five_are_counted_down_each_column(tmp_path: Path) -> None:
    found = named(drafted(drawn_blanks.in_fives(tmp_path / "a.pdf")))
    assert len(found) == 90
    assert found["15", "C", None] == pytest.approx((58, 182), abs=0.1)
    assert found["16", "A", None] == pytest.approx((110, 60), abs=0.1)


def test_a_box_whose_outline_is_broken_is_told_with_its_place_and_its_neighbours_keep_their_letters(tmp_path: Path) -> None:
    draft = drafted(drawn_blanks.in_fives(tmp_path / "a.pdf", lost=(49, 76)))
    (lost,) = [each for each in draft.unsure if each.code == "box_lost"]
    assert (lost.item, lost.value) == ("3", "B")
    assert lost.place == pytest.approx((49, 76), abs=0.2)
    assert {key[1] for key in named(draft) if key[0] == "3"} == {"A", "C"}
    assert len(draft.boxes) == 89


def test_cells_to_write_into_and_single_squares_are_left_out_and_told(tmp_path: Path) -> None:
    draft = drafted(drawn_blanks.with_cells(tmp_path / "a.pdf"))
    assert (draft.questions, len(draft.boxes)) == (3, 12)
    assert [unsure(draft)[code] for code in ("shared_lines", "alone")] == [[("", "", 20)], [("", "", 1)]]


def test_what_is_thick_or_stands_below_each_other_is_no_row_of_bubbles(tmp_path: Path) -> None:
    """Eyes of QR codes and letters O are no boxes; a list of boxes is one question with one answer, for two marks shall be a doubt."""
    draft = drafted(drawn_blanks.a_list_and_a_code(tmp_path / "a.pdf"))
    assert unsure(draft)["single_column"] == [("1", "", 5)]
    assert [(box["item"], box["value"], box["kind"]) for box in draft.boxes] == [("1", value, "choice") for value in "ABCDE"]


def test_ovals_are_boxes_too_with_both_their_sides(poshta_forms: Command, tmp_path: Path) -> None:
    code, told = poshta_forms("forms", "draft", drawn_blanks.ovals(tmp_path / "ovals.png"), "--out", tmp_path / "o.json")
    assert (code, told["data"]["questions"], told["data"]["boxes"]) == (3, 6, 30)
    (page,) = read_form_file(tmp_path / "o.json").pages
    assert {(round(box.size_mm[0]), round(box.size_mm[1]), box.shape) for box in page.layout.boxes} == {(6, 4, "circle")}


def test_numbers_go_on_from_page_to_page_and_the_answer_says_it_is_a_draft(poshta_forms: Command, tmp_path: Path) -> None:
    out = tmp_path / "t.json"
    _code, told = poshta_forms("forms", "draft", folder() / "twins.pdf", "--out", out)
    counted = [each["text"] for each in told["data"]["unsure"] if each["code"] == "counted"]
    assert ["1-30" in counted[0], "31-60" in counted[1]] == [True, True]
    assert "draft" in json.loads(out.read_text())["title"].lower()
    assert {each["code"] for each in told["errors"]} == {"counted", "named"}


def test_a_draft_can_be_checked_and_scanned_with_as_it_is(poshta_forms: Command, tmp_path: Path) -> None:
    blank = tmp_path / "paper" / "squares.pdf"
    blank.parent.mkdir()
    blank.write_bytes((folder() / "squares.pdf").read_bytes())
    poshta_forms("init")
    out = tmp_path / "squares.json"
    poshta_forms("forms", "draft", blank, "--out", out)
    assert json.loads(out.read_text())["pages"][0]["blank"] == "paper/squares.pdf"
    code, told = poshta_forms("forms", "check", out)
    assert (code, told["errors"]) == (0, [])
    picture = save(tmp_path / "one.png", filled(form("squares").pages[0], {"1": "Б", "30": "Г"}))
    code, told = poshta_forms("scan", "--form", out, picture)
    read = {each["item"]: each["reading"] for each in told["data"]["pages"][0]["answers"] if each["reading"]}
    assert (code, read) == (0, {"1": ["B"], "30": ["D"]})


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_sheet_on_its_side_is_refused_and_nothing_is_written(poshta_forms: Command, tmp_path: Path, quarters: int) -> None:
    upright = drawn_blanks.in_fives(tmp_path / "a.pdf")
    code, told = poshta_forms("forms", "draft", drawn_blanks.turned(upright, tmp_path / "side.png", quarters), "--out", tmp_path / "f.json")
    assert (code, told["errors"][0]["code"]) == (4, "blank_turned")
    assert sorted(each.name for each in tmp_path.glob("f*")) == []
    code, _told = poshta_forms("forms", "draft", drawn_blanks.turned(upright, tmp_path / "up.png", 0), "--out", tmp_path / "f.json")
    assert code == 3


@pytest.mark.parametrize("taken", ["f.json", "f-1.draft.png"])
def test_nothing_is_ever_overwritten(poshta_forms: Command, tmp_path: Path, taken: str) -> None:
    blank = drawn_blanks.in_fives(tmp_path / "a.pdf")
    (tmp_path / taken).write_text("mine")
    code, told = poshta_forms("forms", "draft", blank, "--out", tmp_path / "f.json")
    assert (code, taken in told["errors"][0]["text"]) == (7, True)
    assert (tmp_path / taken).read_text() == "mine"
    assert len(list(tmp_path.glob("f*"))) == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("LETTER", "--out", "f.json"), 4),
        (("LETTER", "--out", "f.yaml"), 2),
        (("LETTER", "--out", "f.json", "--size-mm", "A4"), 2),
        (("LETTER", "--out", "f.json", "--size-mm", "210x20"), 2),
        (("nowhere.pdf", "--out", "f.json"), 6),
        (("BROKEN", "--out", "f.json"), 4),
        (("STRIP", "--out", "f.json"), 4),
    ],
)
def test_refusals_have_their_codes_and_a_hint_and_write_nothing(
    poshta_forms: Command, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    Image.fromarray(np.full((600, 1500), 255, np.uint8)).save(tmp_path / "strip.png")
    files = {"LETTER": drawn_blanks.a_letter(tmp_path / "letter.pdf"), "BROKEN": tmp_path / "broken.pdf", "STRIP": tmp_path / "strip.png"}
    given = [str(files.get(word, tmp_path / word if word.startswith("f.") or word == "nowhere.pdf" else word)) for word in words]
    found, told = poshta_forms("forms", "draft", *given)
    assert found == code
    assert told["errors"][0]["hint"]
    assert not list(tmp_path.glob("f*"))


def test_a_picture_that_does_not_say_its_size_is_a4_and_that_is_told_else_the_size_is_asked_for(
    poshta_forms: Command, tmp_path: Path
) -> None:
    grey = drawn_blanks.grey_of(drawn_blanks.in_fives(tmp_path / "a.pdf"))
    Image.fromarray(grey).save(tmp_path / "plain.png")
    _code, told = poshta_forms("forms", "draft", tmp_path / "plain.png", "--out", tmp_path / "f.json")
    assert told["data"]["size_mm"] == [210, 297]
    assert "size_assumed" in {each["code"] for each in told["data"]["unsure"]}
    Image.fromarray(grey[: round(grey.shape[1] * 1.2)]).save(tmp_path / "cut.png")
    code, told = poshta_forms("forms", "draft", tmp_path / "cut.png", "--out", tmp_path / "g.json")
    assert (code, told["errors"][0]["code"]) == (4, "blank_size")
    code, told = poshta_forms("forms", "draft", tmp_path / "cut.png", "--out", tmp_path / "g.json", "--size-mm", "210x252")
    assert (code, told["data"]["size_mm"]) == (3, [210, 252])


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 9), st.integers(2, 8), st.floats(3, 6), st.floats(1.35, 2.6), st.floats(1.35, 3.0), st.floats(-1.2, 1.2), st.randoms()
)
def test_any_regular_block_is_one_block_whatever_the_order_and_the_turn(
    rows: int, columns: int, side: float, across: float, down: float, degrees: float, dice: Any
) -> None:
    angle = math.radians(degrees)
    points = [(column * across * side, row * down * side) for row in range(rows) for column in range(columns)]
    made = [
        Outline((40 + x * math.cos(angle) - y * math.sin(angle), 50 + x * math.sin(angle) + y * math.cos(angle)), (side, side), "circle")
        for x, y in points
    ]
    dice.shuffle(made)
    (block,) = blocks_of(made)
    assert (block.rows, block.columns, block.lost) == (rows, columns, [])
    assert skew_of(made) == pytest.approx(degrees, abs=0.05)

"""Pictures and tables of reading matter: taken in from the teacher's folder, kept within the assignment, drawn the same again; what cannot be taken is named."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packets.assignment import Assignment, OpenQuestion, TextPart
from packets.authoring import read_assignment, read_file
from packets.markdown import pieces
from packets.pictures import LONGEST_SIDE, MOST_BYTES
from packets.press import Page, Press, Stamp
from packets.samples.kinds import KINDS_FOLDER
from packets.shelf import Kept, compare
from packets.worksheet import draw_assignment, too_large_for_a_page
from tests.packets.week import assignment

TEXT = """assignment: pictured
subject: math
grade: 5
language: kk
title: Сурет
kind: practice
week: 2026-W41
parts:
  - text: |
      Қара:

      ![Көл]({file})
  - question: Не көрінді?
    lines: 2
    points: 1
"""


def written(folder: Path, file: str = "a.png", text: str = TEXT) -> Path:
    path = folder / "work.yaml"
    path.write_text(text.format(file=file), encoding="utf-8")
    return path


def picture(path: Path, size: tuple[int, int] = (60, 40), mode: str = "RGB", **how: object) -> None:
    Image.new(mode, size, None).save(path, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "mode"), [("a.png", "RGBA"), ("ә/көл.jpg", "RGB"), ("b.jpeg", "L"), ("c.png", "P"), ("d.png", "I;16")])
def test_a_picture_beside_the_assignment_is_taken_and_drawn_again_without_its_file(tmp_path: Path, name: str, mode: str) -> None:
    (tmp_path / "ә").mkdir()
    picture(tmp_path / name, mode=mode)
    reading = read_file(written(tmp_path, name))
    assert reading.complaints == ()
    assert reading.assignment is not None
    (kept,) = reading.assignment.pictures
    with Image.open(io.BytesIO(kept.content)) as opened:
        assert (opened.mode, opened.size, opened.format) == ("L", (60, 40), "JPEG")
    (tmp_path / name).unlink()
    again = Assignment.from_json(json.loads(json.dumps(reading.assignment.as_json())))
    assert again == reading.assignment
    assert draw_assignment(again).pdf == draw_assignment(reading.assignment).pdf
    press = Press()
    pages = press.take_in(draw_assignment(again).pdf)
    assert kept.content in press.packet([Page(pages[0], Stamp())])


def test_a_large_picture_is_kept_small_and_a_sideways_one_upright(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    picture(tmp_path / "a.png", (4000, 1000))
    picture(tmp_path / "b.jpg", (60, 40), exif=turned)
    sizes = [read_file(written(tmp_path, name)).assignment.pictures[0] for name in ("a.png", "b.jpg")]  # type: ignore[union-attr]
    assert [(each.width, each.height) for each in sizes] == [(LONGEST_SIDE, LONGEST_SIDE // 4), (40, 60)]


def test_what_is_clear_in_a_picture_is_white_on_the_sheet(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", mode="RGBA")
    kept = read_file(written(tmp_path)).assignment.pictures[0]  # type: ignore[union-attr]
    with Image.open(io.BytesIO(kept.content)) as opened:
        assert opened.getextrema() == (255, 255)


def test_another_picture_of_the_same_name_is_another_assignment(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    before = read_file(written(tmp_path)).assignment
    picture(tmp_path / "a.png", (61, 40))
    after = read_file(written(tmp_path)).assignment
    assert before is not None
    assert after is not None
    assert compare(before, before, printed=True) is Kept.UNCHANGED
    assert compare(before, after, printed=True) is Kept.ALREADY_PRINTED


def _damaged(path: Path) -> None:
    picture(path, (300, 300))
    path.write_bytes(path.read_bytes()[:200])


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("a.png", None, "picture_missing"),
        ("a.svg", lambda path: path.write_text("<svg/>"), "picture_format"),
        ("a.gif", picture, "picture_format"),
        ("a.png", lambda path: path.write_bytes(b"GIF89a"), "picture_format"),
        ("a.png", _damaged, "picture_damaged"),
        ("a.png", lambda path: path.write_bytes(bytes(MOST_BYTES + 1)), "picture_too_large"),
        ("a.png", lambda path: picture(path, (10_000, 6_000), mode="1"), "picture_too_large"),
        ("../a.png", lambda path: picture(path.parent.parent / "a.png"), "picture_place"),
        ("/etc/hostname", None, "picture_place"),
    ],
)
def test_a_picture_that_cannot_be_taken_is_named_with_its_line(tmp_path: Path, name: str, make: object, code: str) -> None:
    folder = tmp_path / "inner"
    folder.mkdir()
    if callable(make):
        make(folder / Path(name).name)
    reading = read_file(written(folder, name))
    assert reading.assignment is None
    assert [(each.code, each.row, each.column, each.value) for each in reading.complaints] == [(code, 12, "parts[1].text", name)]
    assert reading.complaints[0].hint


def test_without_a_folder_there_are_no_pictures() -> None:
    reading = read_assignment(TEXT.format(file="a.png").encode())
    assert [each.code for each in reading.complaints] == ["picture_place"]


def test_a_table_is_drawn_whole_within_the_sheet_and_a_long_one_is_parted_between_rows() -> None:
    rows = "\n".join(f"| {n} | ұзын сөйлем, ол бірнеше жолға бөлінеді деп ойлаймыз, сондықтан кесте биік | {'ә' * 40} |" for n in range(60))
    text = f"| № | Сөйлем | Сөз |\n|---|:---|---|\n{rows}\n"
    pieces_ = (TextPart(text), OpenQuestion("1", "Жаз.", 2, Decimal(1)))
    drawn = draw_assignment(assignment("table", pieces=pieces_))
    assert len(drawn.layouts) > 3
    assert too_large_for_a_page(assignment("table", pieces=pieces_), "large") == []
    assert len(pieces(text)) == 1


def test_a_row_of_a_table_that_fits_no_page_is_told() -> None:
    text = f"| а | б |\n|---|---|\n| {'сөз ' * 2000} | б |\n"
    body = TEXT.replace("      Қара:\n\n      ![Көл]({file})\n", "".join(f"      {line}\n" for line in text.splitlines()))
    reading = read_assignment(body.encode())
    assert [each.code for each in reading.complaints] == ["too_large"]
    assert "table" in reading.complaints[0].text
    assert (reading.complaints[0].row, reading.complaints[0].column) == (10, "parts[1].text")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_samples_of_all_kinds_are_correct_and_ask_the_same(language: str) -> None:
    reading = read_file(KINDS_FOLDER / f"kinds-5-{language}.yaml")
    assert reading.complaints == ()
    other = read_file(KINDS_FOLDER / "kinds-5-kk.yaml").assignment
    assert reading.assignment is not None
    assert other is not None
    assert reading.assignment.key_digest == other.key_digest


def test_a_picture_of_sixteen_bits_keeps_its_greys(tmp_path: Path) -> None:
    row = np.array([[0, 0x4000, 0x8000, 0xFFFF]] * 4, np.uint16).repeat(8, axis=0).repeat(8, axis=1)
    Image.fromarray(row).save(tmp_path / "a.png")
    reading = read_file(written(tmp_path))
    assert reading.assignment is not None
    with Image.open(io.BytesIO(reading.assignment.pictures[0].content)) as opened:
        assert [abs(int(opened.getpixel((4 + 8 * place, 16))) - grey) < 8 for place, grey in enumerate((0, 64, 128, 255))] == [True] * 4  # type: ignore[arg-type]


def test_a_name_that_no_file_can_have_is_missing(tmp_path: Path) -> None:
    assert [each.code for each in read_file(written(tmp_path, "a%00b.png")).complaints] == ["picture_missing"]

"""The preview: the pages as they will be printed, the key on them where it is asked for, and nothing that could pass for a page that counts."""

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest

from packets.assignment import Assignment, ChoiceQuestion
from packets.authoring import read_file
from packets.layout import CODES, FIDUCIALS
from packets.preview import answer_text, preview_pdf, right_boxes
from packets.samples import sample_files
from packets.worksheet import draw_assignment
from records.language import set_language

KINDS = Path(__file__).parents[2] / "packets" / "samples" / "kinds"
DPI = 150


@pytest.fixture(scope="module")
def kinds() -> Assignment:
    reading = read_file(KINDS / "kinds-5-kk.yaml")
    assert reading.assignment is not None
    return reading.assignment


def picture(pdf: bytes, page: int) -> Any:
    document = pypdfium2.PdfDocument(pdf)
    return document[page - 1].render(scale=DPI / 72, grayscale=True).to_numpy()


def words(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def darkness(page: Any, x: float, y: float, side: float) -> float:
    """How dark a square of the page is, from 0 to 1; its centre and side in millimetres."""
    left, top, right, bottom = (round(edge * DPI / 25.4) for edge in (x - side / 2, y - side / 2, x + side / 2, y + side / 2))
    return float(1 - page[top:bottom, left:right].mean() / 255)


def test_nothing_on_a_preview_can_be_scanned_as_a_page(kinds: Assignment) -> None:
    import cv2
    import zxingcpp

    page = picture(preview_pdf(kinds).pdf, 1)
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36H12)
    _corners, ids, _rejected = cv2.aruco.ArucoDetector(dictionary).detectMarkers(np.ascontiguousarray(page))
    assert zxingcpp.read_barcodes(page) == []
    assert ids is None or len(ids) == 0
    assert all(darkness(page, *fiducial.center_mm, fiducial.size_mm) == 0 for fiducial in FIDUCIALS)
    assert all(darkness(page, *code.center_mm, code.size_mm * 0.9) < 0.1 for code in CODES)


def test_between_the_corners_the_pages_are_those_that_will_be_printed(kinds: Assignment) -> None:
    printed, shown = draw_assignment(kinds), preview_pdf(kinds)
    assert shown.pages == len(printed.layouts)
    for number in range(1, shown.pages + 1):
        body = slice(round(45 * DPI / 25.4), round(255 * DPI / 25.4)), slice(round(22 * DPI / 25.4), round(188 * DPI / 25.4))
        apart = np.abs(picture(printed.pdf, number)[body].astype(int) - picture(shown.pdf, number)[body])
        assert (apart > 128).mean() < 0.0005  # the press leaves the fonts' hints away: edges of letters may differ


@pytest.mark.parametrize("size", ["normal", "large"])
def test_the_key_fills_the_right_circles_and_no_others(kinds: Assignment, size: str) -> None:
    layouts, pdf = draw_assignment(kinds, size).layouts, preview_pdf(kinds, size, key=True).pdf
    for number, layout in enumerate(layouts, start=1):
        page, right = picture(pdf, number), right_boxes(kinds.questions, layout)
        filled = [box for box in layout.boxes if darkness(page, *box.center_mm, 2.0) > 0.9]
        assert filled == right
    marked = [box.item for layout in layouts for box in right_boxes(kinds.questions, layout)]
    assert {question.number for question in kinds.questions if answer_text(question) != "the teacher gives the points"} == set(marked)


def test_without_the_key_no_answer_is_told(kinds: Assignment) -> None:
    layouts, pdf = draw_assignment(kinds).layouts, preview_pdf(kinds).pdf
    assert not any(darkness(picture(pdf, 1), *box.center_mm, 2.0) > 0.2 for box in layouts[0].boxes)
    assert len(words(pdf)) == len(layouts)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_list_of_answers_tells_each_with_its_points_and_what_earns_them(kinds: Assignment, language: str) -> None:
    set_language(language)
    drawn = preview_pdf(kinds, key=True)
    listed = "\n".join(words(drawn.pdf)[drawn.pages :])
    assert all(f"{question.number}." in listed for question in kinds.questions)
    assert ("−3.5" if language == "en" else "−3,5") in listed
    assert "төртбұрыш дұрыс сызылған" in listed
    assert {"kk": "Кілт", "ru": "Ключ", "en": "Key"}[language] in listed


def test_the_same_assignment_gives_the_same_bytes_and_a_sound_file(kinds: Assignment) -> None:
    pdf = preview_pdf(kinds, key=True).pdf
    assert pdf == preview_pdf(kinds, key=True).pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []


def test_long_keys_go_on_on_another_page(kinds: Assignment) -> None:
    many = Assignment.from_json(kinds.as_json() | {"parts": kinds.as_json()["parts"] * 8})
    drawn = preview_pdf(many, key=True)
    listed = words(drawn.pdf)[drawn.pages :]
    assert len(listed) > 1
    assert all(any(f"{question.number}." in page for page in listed) for question in many.questions)


def test_long_answers_end_above_the_foot_of_their_page(kinds: Assignment) -> None:
    question = ChoiceQuestion("1", "Қайсысы?", ("Өте ұзын жауап " * 40, "қысқа"), ("A",), several=False, partial=False, points=Decimal(1))
    long = replace(kinds, parts=tuple(replace(question, number=str(number)) for number in range(1, 8)))
    drawn = preview_pdf(long, key=True)
    with pypdfium2.PdfDocument(drawn.pdf) as pdf:
        for number in range(drawn.pages, len(pdf)):
            text = pdf[number].get_textpage()
            lowest = min(text.get_charbox(place)[1] for place in range(text.count_chars()))
            assert lowest / 72 * 25.4 > 297 - 276


def test_a_file_needs_no_desk_and_a_code_is_looked_for_on_it(tmp_path: Path, poshta: Any) -> None:
    file = str(sample_files()[0])
    said = poshta("assignments", "preview", file, "--key")
    assert (said.code, said.data["key"], said.data["pages"] >= 1) == (0, True, True)
    (name,) = said.data["files"]
    assert (tmp_path / "desk" / name).read_bytes() == (tmp_path / "desk" / "preview" / f"{said.data['assignment']}-key.pdf").read_bytes()
    assert not (tmp_path / "desk" / "poshta.toml").exists()
    poshta("init")
    poshta("assignments", "add", file)
    assert poshta("assignments", "preview", said.data["assignment"], "--out", str(tmp_path / "a.pdf")).code == 0
    assert (tmp_path / "a.pdf").read_bytes()[:5] == b"%PDF-"
    assert poshta("assignments", "preview", "nothing").code == 6
    assert poshta("assignments", "preview", "nothing.yaml").code == 6
    assert poshta("assignments", "preview", file, "--print", "huge").code == 2
    assert poshta("assignments", "preview", file, "--out", str(tmp_path / "a.png")).code == 2


def test_a_file_that_is_wrong_is_told_like_by_check_and_nothing_is_written(tmp_path: Path, poshta: Any) -> None:
    (tmp_path / "a.yaml").write_text("assignment: a\n", encoding="utf-8")
    said = poshta("assignments", "preview", str(tmp_path / "a.yaml"))
    assert said.code == 4
    assert "subject" in [error.get("column") for error in said.body["errors"]]
    assert not (tmp_path / "desk").exists()


def test_a_template_is_written_once_and_never_over_what_was_filled_in(tmp_path: Path, poshta: Any) -> None:
    file = tmp_path / "a.xlsx"
    assert poshta("assignments", "template", str(file), "--language", "ru").data["files"] == [file.as_posix()]
    before = file.read_bytes()
    assert poshta("assignments", "template", str(file), "--language", "ru").code == 0
    assert poshta("assignments", "template", str(file), "--language", "kk").code == 7
    assert poshta("assignments", "template", str(file), "--of", str(sample_files()[0])).code == 7
    assert file.read_bytes() == before
    assert poshta("assignments", "template", str(tmp_path / "b.xlsx"), "--of", str(sample_files()[0])).code == 0
    assert poshta("assignments", "check", str(tmp_path / "b.xlsx")).code == 0
    assert poshta("assignments", "template", str(tmp_path / "a.docx")).code == 2
    assert poshta("assignments", "template", str(tmp_path / "c.xlsx"), "--language", "fr").code == 2


def test_the_head_for_a_gift_file_is_one_that_only_wants_its_values(tmp_path: Path, poshta: Any) -> None:
    file = tmp_path / "a.gift"
    assert poshta("assignments", "template", str(file)).code == 0
    head = file.read_text(encoding="utf-8")
    for name, value in (
        ("assignment", "a-1"),
        ("subject", "math"),
        ("grade", "5"),
        ("language", "kk"),
        ("title", "Т"),
        ("kind", "unit"),
        ("week", "2026-W41"),
    ):
        head = head.replace(f"{name}: \n", f"{name}: {value}\n")
    file.write_text(head + "\n1 + 1? {#2}\n", encoding="utf-8")
    assert poshta("assignments", "check", str(file)).data["correct"] == ["a-1"]

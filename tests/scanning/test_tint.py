"""A teacher's red on a page that is scanned afterwards is never taken for the pupil's answer where the picture has colours."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from packets.layout import PAGE_MM
from scanning.intake import Frame, Limits, frames
from scanning.judge import judge_page
from scanning.page import read_page
from scanning.review_pictures import Pictures, Source
from scanning.verdict import Chosen, Doubt, DoubtReason, Judgement
from tests.scanning import sheets as drawn

LAYOUT = drawn.choice_layout()
Written = Callable[[drawn.Sheet], Any]


Ink = tuple[float, float, float]
RED: Ink = (0.15, 1.0, 1.0)  # how dark it is in red, green and blue light: hardly seen in red light
GREEN: Ink = (1.0, 0.6, 0.8)  # a ballpoint's
LIGHT_BLUE: Ink = (1.0, 0.5, 0.3)


def coloured(pupil: drawn.Sheet, teacher: Written, ink: Ink = RED, **how: Any) -> Image.Image:
    """A colour scan of the pupil's page with what the teacher wrote on it in `ink`."""
    both = replace(pupil)
    both.page = pupil.page.copy()
    teacher(both)
    plain, inked = pupil.scan(**how).astype(np.float32), both.scan(**how).astype(np.float32)
    return Image.fromarray(np.dstack([plain * (1 - share) + inked * share for share in ink]).astype(np.uint8))


def said(path: Path, picture: Image.Image, kind: str = "JPEG", **options: Any) -> dict[str, Judgement]:
    picture.save(path, kind, **options)
    (frame,) = frames(path, Limits())
    assert isinstance(frame, Frame)
    (page,) = read_page(frame.image, drawn.Book(LAYOUT), colour=frame.colour)
    return {item.item: item.judgement for item in page.items}


def pencilled() -> drawn.Sheet:
    sheet = drawn.Sheet(LAYOUT, 7)
    for item in "1358":
        sheet.fill(item, "B")
    return sheet


def with_red_answers(sheet: drawn.Sheet) -> None:
    sheet.fill("2", "C")
    sheet.tick("6", "D")
    sheet.cross("7", "A")
    sheet.fill("8", "E")
    sheet.fill("12", "4", 2)
    sheet.fill("12", "2", 3)
    sheet.fill("13", "2")


def in_red_throughout(sheet: drawn.Sheet) -> None:
    sheet.fill("2", "C")
    sheet.tick("6", "D")
    sheet.cross("7", "A")
    sheet.fill("8", "E")
    sheet.fill("12", "4", 2)


ASKED = {"2": ("C",), "6": ("D",), "7": ("A",), "8": ("B", "E"), "12": ("42",)}
FILES = [("JPEG", {"quality": 75}), ("PNG", {}), ("TIFF", {}), ("PDF", {"resolution": 200})]


@pytest.mark.parametrize(("kind", "options"), FILES)
def test_red_answers_on_a_page_of_pencil_are_asked_about(tmp_path: Path, kind: str, options: dict[str, Any]) -> None:
    answers = said(tmp_path / "a", coloured(pencilled(), with_red_answers), kind, **options)
    assert {item: answers[item] for item in ASKED} == {item: Doubt(DoubtReason.OTHER_PEN, values) for item, values in ASKED.items()}
    assert {answers[item] for item in "135"} == {Chosen(("B",))}
    assert answers["13"] == Chosen(("2",))  # the strip is the teacher's own


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "CMYK"), ("TIFF", "P"), ("PDF", "P")])
def test_whichever_way_a_file_holds_its_colours(tmp_path: Path, kind: str, mode: str) -> None:
    picture = coloured(pencilled(), with_red_answers)
    held = picture.quantize(256, Image.Quantize.FASTOCTREE) if mode == "P" else picture.convert(mode)
    answers = said(tmp_path / "a", held, kind, **({"resolution": 200} if kind == "PDF" else {}))
    assert {item: answers[item] for item in ASKED} == {item: Doubt(DoubtReason.OTHER_PEN, values) for item, values in ASKED.items()}
    assert {answers[item] for item in "135"} == {Chosen(("B",))}


def test_a_scan_under_words_that_can_be_searched_has_its_colours(tmp_path: Path) -> None:
    coloured(pencilled(), with_red_answers).save(tmp_path / "a.jpg", quality=80)
    across, down = (side * 72 / 25.4 for side in PAGE_MM)
    paper = Canvas(str(tmp_path / "a.pdf"), pagesize=(across, down))
    paper.drawImage(str(tmp_path / "a.jpg"), 0, 0, across, down)
    words = paper.beginText(50, 500)
    words.setTextRenderMode(3)
    words.textOut("Matematika")
    paper.drawText(words)
    paper.save()
    (frame,) = frames(tmp_path / "a.pdf", Limits())
    assert isinstance(frame, Frame)
    (page,) = read_page(frame.image, drawn.Book(LAYOUT), colour=frame.colour)
    answers = {item.item: item.judgement for item in page.items}
    assert {item: answers[item] for item in ASKED} == {item: Doubt(DoubtReason.OTHER_PEN, values) for item, values in ASKED.items()}
    assert {answers[item] for item in "135"} == {Chosen(("B",))}


@pytest.mark.parametrize("how", [{"dpi": 100}, {"dpi": 300, "turn": 181.5}, {"dpi": 200, "tilt": 0.06, "shade": 0.3}])
def test_however_the_page_lies_in_the_picture(tmp_path: Path, how: dict[str, Any]) -> None:
    answers = said(tmp_path / "a", coloured(pencilled(), lambda sheet: sheet.fill("2", "C"), **how), quality=80)
    assert answers["2"] == Doubt(DoubtReason.OTHER_PEN, ("C",))
    assert answers["3"] == Chosen(("B",))


def test_a_photograph_that_is_turned_by_its_exif_has_its_colours_turned_too(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    picture = coloured(pencilled(), lambda sheet: sheet.fill("2", "C")).rotate(90, expand=True)
    assert said(tmp_path / "a", picture, quality=90, exif=exif)["2"] == Doubt(DoubtReason.OTHER_PEN, ("C",))


@pytest.mark.parametrize("dpi", [100, 200])
def test_teachers_who_correct_in_green_are_told_too(tmp_path: Path, dpi: int) -> None:
    answers = said(tmp_path / "a", coloured(pencilled(), with_red_answers, GREEN, dpi=dpi), quality=80)
    assert {item: answers[item] for item in ASKED} == {
        item: Doubt(DoubtReason.OTHER_PEN, values) for item, values in ASKED.items() if item != "8"
    } | {"8": answers["8"]}
    assert isinstance(answers["8"], Doubt), "marked twice, by whomever"
    assert {answers[item] for item in "135"} == {Chosen(("B",))}


@pytest.mark.parametrize("ink", [GREEN, LIGHT_BLUE])
def test_a_pupil_who_writes_in_green_or_blue_throughout_is_read(tmp_path: Path, ink: Ink) -> None:
    answers = said(tmp_path / "a", coloured(drawn.Sheet(LAYOUT, 7), in_red_throughout, ink))
    assert {item: answers[item] for item in ("2", "6", "8")} == {"2": Chosen(("C",)), "6": Chosen(("D",)), "8": Chosen(("E",))}


@pytest.mark.parametrize(("hue", "share", "told"), [("red", 0.45, False), ("red", 0.55, True), ("green", 0.2, False), ("green", 0.3, True)])
def test_from_how_red_or_green_a_mark_on_it_is_another_pen_s(hue: str, share: float, told: bool) -> None:
    (page,) = read_page(pencilled().scan(), drawn.Book(LAYOUT))
    place = next(number for number, box in enumerate(LAYOUT.boxes) if (box.item, box.value) == ("3", "B"))
    judged = {item.item: item.judgement for item in judge_page(page.measurements | {hue: {str(place): share}}, LAYOUT)}
    assert judged["3"] == (Doubt(DoubtReason.OTHER_PEN, ("B",)) if told else Chosen(("B",)))
    assert judged["1"] == Chosen(("B",))


@pytest.mark.parametrize("ink", [(0.84, 0.8, 0.5), (0.82, 0.82, 0.8), (0.7, 0.85, 0.5)], ids=["blue", "black", "violet"])
def test_a_ballpoint_beside_pencil_is_no_teacher_s(tmp_path: Path, ink: Ink) -> None:
    answers = said(tmp_path / "a", coloured(pencilled(), with_red_answers, ink), quality=80)
    assert (answers["2"], answers["6"]) == (Chosen(("C",)), Chosen(("D",)))


def test_light_blue_is_a_pupil_s_second_pen(tmp_path: Path) -> None:
    answers = said(tmp_path / "a", coloured(pencilled(), with_red_answers, LIGHT_BLUE))
    assert answers["2"] == Chosen(("C",))


def in_two_colours(pupil: Ink, teacher: Ink) -> Image.Image:
    """A page written in one ink, and three answers by a teacher in the other."""

    def answered(sheet: drawn.Sheet) -> None:
        for item in "139":
            sheet.fill(item, "A")

    inks = [coloured(drawn.Sheet(LAYOUT, 7), *drawing) for drawing in ((in_red_throughout, pupil), (answered, teacher))]
    return Image.fromarray(np.minimum(*map(np.asarray, inks)))


@pytest.mark.parametrize(("pupil", "teacher"), [(GREEN, RED), (RED, GREEN)], ids=["green", "red"])
def test_on_a_page_written_in_one_colour_the_other_is_never_read(tmp_path: Path, pupil: Ink, teacher: Ink) -> None:
    answers = said(tmp_path / "a", in_two_colours(pupil, teacher))
    assert {answers[item] for item in "139"} == {Doubt(DoubtReason.OTHER_PEN, ("A",))}


def test_red_on_a_page_written_in_green_is_the_teacher_s(tmp_path: Path) -> None:
    pupil = np.asarray(coloured(drawn.Sheet(LAYOUT, 7), in_red_throughout, GREEN), np.float32)
    teacher = np.asarray(coloured(drawn.Sheet(LAYOUT, 7), lambda sheet: sheet.fill("3", "A")), np.float32)
    answers = said(tmp_path / "a", Image.fromarray(np.minimum(pupil, teacher).astype(np.uint8)))
    assert answers["3"] == Doubt(DoubtReason.OTHER_PEN, ("A",))
    assert (answers["2"], answers["6"]) == (Chosen(("C",)), Chosen(("D",)))


def test_a_grey_picture_cannot_tell(tmp_path: Path) -> None:
    assert said(tmp_path / "a", coloured(pencilled(), with_red_answers).convert("L"))["2"] == Chosen(("C",))


def test_red_over_the_pupil_s_own_mark_and_in_the_margin_says_nothing(tmp_path: Path) -> None:
    def corrected(sheet: drawn.Sheet) -> None:
        sheet.tick("1", "B")
        sheet.tick("3", "B")
        sheet.strokes(replace(sheet.box("5", "A"), center_mm=(30.0, 105.0)), [[[-0.6, 0.0], [-0.1, 0.6]], [[-0.1, 0.6], [1.0, -1.1]]], 0.5)

    answers = said(tmp_path / "a", coloured(pencilled(), corrected))
    assert {answers[item] for item in "135"} == {Chosen(("B",))}


def test_a_pupil_who_writes_in_red_throughout_is_read(tmp_path: Path) -> None:
    answers = said(tmp_path / "a", coloured(drawn.Sheet(LAYOUT, 7), in_red_throughout))
    assert {item: answers[item] for item in ("2", "6", "8")} == {"2": Chosen(("C",)), "6": Chosen(("D",)), "8": Chosen(("E",))}


@pytest.mark.parametrize("level", [0.36, 0.3])
def test_red_answers_beside_a_pencil_paler_than_they_are_asked_about(tmp_path: Path, level: float) -> None:
    """None of the pencil's marks is clear for itself: the red ones were taken for the pupil's, as of a page that is red throughout."""

    def corrected(sheet: drawn.Sheet) -> None:
        sheet.level = 0.8
        with_red_answers(sheet)

    pale = drawn.Sheet(LAYOUT, 7, level=level)
    for item in "1358":
        pale.fill(item, "B")
    answers = said(tmp_path / "a", coloured(pale, corrected), quality=85)
    assert {item: answers[item] for item in "267"} == {item: Doubt(DoubtReason.OTHER_PEN, ASKED[item]) for item in "267"}
    assert {answers[item] for item in "135"} == {Chosen(("B",))}


def test_a_thin_red_tick_that_is_pale_in_grey_is_asked_about(tmp_path: Path) -> None:
    def ticked(sheet: drawn.Sheet) -> None:
        sheet.strokes(sheet.box("10", "A"), [[[-0.6, 0.0], [-0.1, 0.6]], [[-0.1, 0.6], [1.0, -1.1]]], 0.33, 0.6)

    assert said(tmp_path / "a", coloured(pencilled(), ticked), quality=85)["10"] == Doubt(DoubtReason.OTHER_PEN, ("A",))


@pytest.mark.parametrize("paper", [(250, 215, 160), (170, 215, 250), (110, 100, 90)])
def test_yellow_blue_and_dark_paper_make_no_pencil_red(tmp_path: Path, paper: tuple[int, int, int]) -> None:
    scan = pencilled().scan().astype(np.float32)
    tinted = Image.fromarray(np.dstack([scan * part / 255 for part in paper]).astype(np.uint8))
    answers = said(tmp_path / "a", tinted)
    assert {answers[item] for item in "1358"} == {Chosen(("B",))}


def test_colours_are_kept_smaller_than_the_picture(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("RGB", (3200, 1600), (200, 30, 40)).save(file, "JPEG")
    (tmp_path / "a").write_bytes(file.getvalue())
    (frame,) = frames(tmp_path / "a", Limits())
    assert isinstance(frame, Frame)
    assert frame.colour is not None
    assert frame.colour.shape == (400, 800, 3)
    assert np.abs(frame.colour[200, 400].astype(int) - (40, 30, 200)).max() < 6
    grey = cv2.imencode(".jpg", np.zeros((1600, 3200), np.uint8))[1].tobytes()
    (tmp_path / "b").write_bytes(grey)
    (frame,) = frames(tmp_path / "b", Limits())
    assert isinstance(frame, Frame)
    assert frame.colour is None


@pytest.mark.parametrize("ink", [RED, GREEN], ids=["red", "green"])
@pytest.mark.parametrize("teacher", [with_red_answers, lambda _sheet: None], ids=["corrected", "untouched"])
def test_whoever_decides_sees_red_and_green_ink_in_its_colour_and_paper_stays_grey(tmp_path: Path, teacher: Written, ink: Ink) -> None:
    coloured(pencilled(), teacher, ink, turn=2.0).save(tmp_path / "a.jpg", quality=85)
    (frame,) = frames(tmp_path / "a.jpg", Limits())
    assert isinstance(frame, Frame)
    (page,) = read_page(frame.image, drawn.Book(LAYOUT), colour=frame.colour)
    source = Source(1, "a.jpg", 1, page.measurements, LAYOUT)
    for on_paper in (False, True):
        shown = Pictures(tmp_path, Limits(), on_paper)
        for jpeg in (shown.question(source, "2"), shown.sheet(source)):
            picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_UNCHANGED)
            assert picture is not None
            assert (picture.ndim == 3) == (teacher is with_red_answers and not on_paper)
            assert picture.ndim == 2 or int((np.abs(picture[..., 2].astype(int) - picture[..., 1]) > 60).sum()) > 100


def test_a_page_written_in_red_is_read_though_a_stain_lies_over_an_empty_circle(tmp_path: Path) -> None:
    """A tea ring is no other pen: nobody took the circle that it crosses."""
    pupil = drawn.Sheet(LAYOUT, 7)
    pupil.strokes(pupil.box("9", "D"), [[[-1.9, 0.3], [1.9, 0.1]]], 3.2, 0.26)
    answers = said(tmp_path / "a", coloured(pupil, in_red_throughout))
    assert {item: answers[item] for item in ("2", "6")} == {"2": Chosen(("C",)), "6": Chosen(("D",))}


def test_pink_is_a_pupil_s_second_pen_and_red_a_teacher_s(tmp_path: Path) -> None:
    pupil, both = pencilled(), pencilled()
    both.fill("2", "C")
    plain, inked = pupil.scan().astype(np.float32), both.scan().astype(np.float32)
    for blue, told in ((1.0, Doubt(DoubtReason.OTHER_PEN, ("C",))), (0.5, Chosen(("C",)))):
        parts = [plain * (1 - share) + inked * share for share in (0.1, 1.0, blue)]
        assert said(tmp_path / "a", Image.fromarray(np.dstack(parts).astype(np.uint8)), quality=85)["2"] == told


def crossed(item: str, value: str, instead: str = "", reach: float = 1.65) -> Written:
    """A teacher's cross over a mark, and the right answer filled in."""

    def correct(sheet: drawn.Sheet) -> None:
        sheet.cross(item, value, reach=reach)
        if instead:
            sheet.fill(item, instead)

    return correct


def pencil_in(*items: str, value: str = "B", level: float = 0.75) -> drawn.Sheet:
    sheet = drawn.Sheet(LAYOUT, 7, level=level)
    for item in items:
        sheet.fill(item, value)
    return sheet


@pytest.mark.parametrize("reach", [1.6, 1.9])
def test_a_page_on_which_every_answer_was_wrong_is_not_red_throughout(tmp_path: Path, reach: float) -> None:
    """The pencil lies under the teacher's crosses, so that only red was left to be taken for answers."""

    def correct(sheet: drawn.Sheet) -> None:
        for item in "2367":
            crossed(item, "B", "C", reach)(sheet)

    answers = said(tmp_path / "a", coloured(pencil_in(*"2367"), correct), quality=85)
    assert not [item for item in "2367" if isinstance(answers[item], Chosen)]
    alone = said(tmp_path / "a", coloured(pencil_in("2"), crossed("2", "B", "C", reach)), quality=85)
    assert isinstance(alone["2"], Doubt)


@pytest.mark.parametrize("ink", [RED, GREEN], ids=["red", "green"])
@pytest.mark.parametrize("reach", [1.65, 1.9])
def test_a_teacher_s_cross_does_not_take_back_one_of_several_answers(tmp_path: Path, reach: float, ink: Ink) -> None:
    pupil = pencil_in("1", "3")
    pupil.fill("4", "A")
    pupil.fill("4", "C")
    answers = said(tmp_path / "a", coloured(pupil, crossed("4", "C", reach=reach), ink), quality=85)
    assert answers["4"] == Doubt(DoubtReason.OTHER_PEN, ("A", "C"))
    own = replace(pupil)
    own.page = pupil.page.copy()
    own.cross("4", "C", reach=reach)
    assert said(tmp_path / "a", coloured(own, lambda _sheet: None), quality=85)["4"] == Chosen(("A",))


def test_red_over_a_pale_pencil_does_not_make_a_page_red_throughout(tmp_path: Path) -> None:
    def correct(sheet: drawn.Sheet) -> None:
        sheet.level = 0.75
        for item in "135":
            sheet.fill(item, "B")
        sheet.fill("2", "C")
        sheet.fill("7", "D")

    answers = said(tmp_path / "a", coloured(pencil_in(*"135", level=0.25), correct), quality=85)
    assert (answers["2"], answers["7"]) == (Doubt(DoubtReason.OTHER_PEN, ("C",)), Doubt(DoubtReason.OTHER_PEN, ("D",)))


def test_where_the_strip_is_red_too_the_answers_are_perhaps_the_teacher_s(tmp_path: Path) -> None:
    """A page that its pupil left empty, on which the teacher showed the answers and gave the points."""
    answers = said(tmp_path / "a", coloured(drawn.Sheet(LAYOUT, 7), with_red_answers))
    assert {item: answers[item] for item in "267"} == {item: Doubt(DoubtReason.OTHER_PEN, ASKED[item]) for item in "267"}
    assert answers["13"] == Chosen(("2",))


def test_red_that_was_drawn_over_a_grey_scan_has_its_colour(tmp_path: Path) -> None:
    """A tablet's pen: the page's only picture is grey, and the red lies in the page's drawing."""
    Image.fromarray(pencilled().scan()).save(tmp_path / "a.png")
    across, down = (side * 72 / 25.4 for side in PAGE_MM)
    paper = Canvas(str(tmp_path / "a.pdf"), pagesize=(across, down))
    paper.drawImage(str(tmp_path / "a.png"), 0, 0, across, down)
    (x, y), radius = drawn.Sheet(LAYOUT).box("2", "C").center_mm, 1.6
    paper.setFillColorRGB(0.85, 0.1, 0.1)
    paper.circle(x * 72 / 25.4, down - y * 72 / 25.4, radius * 72 / 25.4, stroke=0, fill=1)
    paper.save()
    (frame,) = frames(tmp_path / "a.pdf", Limits())
    assert isinstance(frame, Frame)
    (page,) = read_page(frame.image, drawn.Book(LAYOUT), colour=frame.colour)
    answers = {item.item: item.judgement for item in page.items}
    assert (answers["1"], answers["2"]) == (Chosen(("B",)), Doubt(DoubtReason.OTHER_PEN, ("C",)))

"""Foreign forms in pictures: found in any turn by their print alone, their printed letters taken off, never guessed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.printed_week import BENCH_KEY
from packets.token import write_token
from scanning.form_page import alike, read_form
from scanning.form_results import answers_of
from scanning.verdict import Grey, PageState, PageVerdict
from tests.scanning.form_pictures import CODE, coded, filled, folder, form, scanned, shelf

TURNS = (None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)


def readings(name: str, page: int, verdict: PageVerdict) -> dict[str, str]:
    """What was read, doubts with a question mark."""
    own = form(name)
    told = answers_of(own, own.pages[page - 1], verdict.items)
    return {each["item"]: "?" if each["state"] == "doubt" else ",".join(each["reading"]) for each in told}


@pytest.mark.parametrize("turn", TURNS)
def test_a_sheet_is_read_in_any_quarter_turn(turn: int | None) -> None:
    own = form("squares")
    marks = {str(number): "АБВГ"[number % 4] for number in range(1, 31) if number != 7}
    picture = filled(own.pages[0], marks)
    picture = picture if turn is None else np.asarray(cv2.rotate(picture, turn), np.uint8)
    (verdict,) = read_form(picture, shelf("squares"))
    assert verdict.state is PageState.READ
    assert readings("squares", 1, verdict) == marks | {"7": ""}


def test_letters_printed_inside_the_circles_are_no_marks_and_hide_none() -> None:
    own = form("exam")
    marks = {str(number): "ABCDE"[number % 5] for number in range(1, 101) if number % 9}
    (verdict,) = read_form(filled(own.pages[0], marks | coded(CODE)), shelf("exam"))
    told = readings("exam", 1, verdict)
    assert told.pop("code") == CODE
    assert told == {str(number): marks.get(str(number), "") for number in range(1, 101)}


def test_a_column_of_one_letter_filled_everywhere_is_not_taken_for_print() -> None:
    marks = {str(number): "C" for number in range(1, 101)}
    (verdict,) = read_form(filled(form("exam").pages[0], marks | coded(CODE)), shelf("exam"))
    told = readings("exam", 1, verdict)
    assert {told[item] for item in marks} <= {"C", "?"}
    assert sum(told[item] == "C" for item in marks) > 90


def test_a_code_with_an_empty_column_is_a_doubt_that_tells_what_is_known() -> None:
    own = form("exam")
    (verdict,) = read_form(filled(own.pages[0], coded("10 257")), shelf("exam"))
    identity = answers_of(own, own.pages[0], verdict.items)[0]
    assert (identity["state"], identity["reading"], identity["candidates"]) == ("doubt", [], ["10?257"])


@pytest.mark.parametrize("share", [0.1, 0.3, 0.45])
def test_boxes_outside_the_picture_are_never_called_empty(share: float) -> None:
    own = form("squares")
    marks = {str(number): "АБВГ"[number % 4] for number in range(1, 31)}
    picture = filled(own.pages[0], marks)
    kept = np.ascontiguousarray(picture[:, : round((1 - share) * picture.shape[1])])
    (verdict,) = read_form(kept, shelf("squares"))
    edge = (1 - share) * own.pages[0].layout.size_mm[0]
    gone = {box.item for box in own.pages[0].layout.boxes if box.center_mm[0] > edge}
    told = readings("squares", 1, verdict) if verdict.items else {}
    assert all(told[item] == "?" for item in gone & set(told))
    assert {item: said for item, said in told.items() if said not in ("?", marks[item])} == {}


def test_two_marks_are_a_doubt() -> None:
    (verdict,) = read_form(filled(form("squares").pages[0], {"1": "АБ", "2": "В"}), shelf("squares"))
    told = readings("squares", 1, verdict)
    assert (verdict.state, told["1"], told["2"]) == (PageState.DOUBTFUL, "?", "В")


def test_an_empty_form_is_blank_in_grey_and_asked_about_in_black_and_white() -> None:
    picture = filled(form("squares").pages[0], {})
    (grey,) = read_form(picture, shelf("squares"))
    (hard,) = read_form(np.where(picture > 127, 255, 0).astype(np.uint8), shelf("squares"))
    assert (grey.state, set(readings("squares", 1, grey).values())) == (PageState.READ, {""})
    assert (hard.state, set(readings("squares", 1, hard).values())) == (PageState.DOUBTFUL, {"?"})
    assert [each.measurements.get("two_tone", False) for each in (grey, hard)] == [False, True]


@pytest.mark.parametrize("number", [1, 2])
def test_pages_that_differ_in_their_numbers_only_are_told_apart(number: int) -> None:
    page = form("twins").pages[number - 1]
    item = page.layout.items[4].item
    (verdict,) = read_form(filled(page, {item: "D"}), shelf("twins", "squares"))
    assert (verdict.measurements["form"], verdict.measurements["form_page"]) == ("twins", number)
    assert readings("twins", number, verdict)[item] == "D"
    assert not alike(shelf("twins", "squares"))


def test_pages_that_nobody_can_tell_apart_are_left_to_a_person() -> None:
    from dataclasses import replace

    from scanning.form_page import shelf_of

    own = form("squares")
    both = shelf_of([own, replace(own, code="other")])
    assert len(alike(both)) == 1
    (verdict,) = read_form(filled(own.pages[0], {"1": "А"}), both)
    assert (verdict.state, verdict.reason, verdict.items) == (PageState.UNREADABLE, "forms_alike", ())


@pytest.mark.parametrize("name", ["squares", "numbers"])
def test_a_picture_from_behind_is_named_and_not_read(name: str) -> None:
    picture = filled(form(name).pages[0], {"1": "1"})
    (verdict,) = read_form(np.ascontiguousarray(picture[:, ::-1]), shelf(name))
    assert (verdict.state, verdict.reason, verdict.items) == (PageState.UNREADABLE, "mirrored", ())


def test_another_form_is_not_read_as_this_one() -> None:
    for name in ("exam", "twins", "dropout"):
        (verdict,) = read_form(filled(form(name).pages[0], {"1": "A"}), shelf("numbers"))
        assert verdict.state in (PageState.FOREIGN, PageState.UNREADABLE), name
        assert verdict.items == ()


def test_half_a_sheet_is_not_guessed() -> None:
    picture = filled(form("squares").pages[0], {"1": "А"})
    picture[:, picture.shape[1] // 3 :] = 240
    (verdict,) = read_form(picture, shelf("squares"))
    assert verdict.items == () or all(answer == "?" for item, answer in readings("squares", 1, verdict).items() if int(item) > 15)


def test_blank_paper_and_nothing_at_all_have_their_names() -> None:
    noise = np.random.default_rng(3)
    paper = np.clip(noise.normal(240, 3, (1754, 1240)), 0, 255).astype(np.uint8)
    assert read_form(paper, shelf("squares"))[0].state is PageState.EMPTY
    assert read_form(np.zeros((4, 4), np.uint8), shelf("squares"))[0].reason == "too_small"
    speckled = noise.integers(0, 255, (900, 700)).astype(np.uint8)
    assert read_form(speckled, shelf("squares"))[0].state in (PageState.FOREIGN, PageState.UNREADABLE)


def test_a_page_of_ours_is_named_and_not_read_as_a_form() -> None:
    from packets.layout import CODES, PAGE_MM
    from packets.paper import Pen

    pen = Pen(PAGE_MM)
    for place in CODES:
        pen.code(place, write_token(BENCH_KEY, "0" * 13 + "1", place.corner))
    pen.end_page()
    (verdict,) = read_form(drawn(pen.pdf()), shelf("squares"))
    assert (verdict.state, verdict.reason) == (PageState.FOREIGN, "our_page")


def drawn(pdf: bytes) -> Grey:
    """The first page at 150 dpi."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    picture = np.array(document[0].render(scale=150 / 72, grayscale=True).to_numpy(), np.uint8)
    document.close()
    return picture.reshape(picture.shape[:2])


def test_a_photograph_with_a_desk_round_it_is_read() -> None:
    own = form("squares")
    flat = filled(own.pages[0], {"1": "Б", "30": "Г"}, dpi=200)
    height, width = flat.shape
    there = np.array([[260, 180], [width + 120, 240], [width + 40, height + 160], [180, height + 60]], np.float32)
    plane = cv2.getPerspectiveTransform(np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32), there)
    desk = cv2.warpPerspective(flat, plane, (width + 420, height + 380), borderValue=(95,))
    light = np.linspace(1.0, 0.7, desk.shape[1])[None, :]
    (verdict,) = read_form((desk * light).astype(np.uint8), shelf("squares", "twins"))
    told = readings("squares", 1, verdict)
    assert (told["1"], told["30"], told["2"]) == ("Б", "Г", "")


def test_the_same_picture_gives_the_same_verdict() -> None:
    picture = filled(form("numbers").pages[0], {"1": "1", "7": "A"})
    assert read_form(picture, shelf("numbers")) == read_form(picture.copy(), shelf("numbers"))


def test_the_blanks_are_written_where_their_forms_say() -> None:
    assert (folder() / "exam.pdf").is_file()
    assert scanned(form("numbers").pages[0].blank).shape == (874, 1240)

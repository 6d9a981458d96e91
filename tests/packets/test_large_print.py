"""Large print: 18 pt, nothing for the pupil below 14, no letter on another or on a circle, on worksheets and covers; and pages that are still read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from bench.judgement import run
from bench.printed_week import print_week
from packets.assignment import Assignment, ChoiceQuestion, GridQuestion, NumberQuestion, Part, TextPart
from packets.authoring import read_file
from packets.awaited import Awaited
from packets.cover import CoverWords, Entry, draw_cover, draw_cover_frame, lay_out
from packets.cover_voice import LARGE_SIZES
from packets.feedback import Mark, Outcome, Told
from packets.layout import BODY_MM, PAGE_MM, Layout
from packets.on_air import OnAir
from packets.paper import width_mm
from packets.press import Page, Press, Stamp
from packets.samples import sample_files
from packets.samples.kinds import KINDS_FOLDER
from packets.token import derive_page_id, write_token
from packets.worksheet import draw_assignment, draw_personal, too_large_for_a_page
from records.keys import Key
from tests.packets.week import assignment

MM = 25.4 / 72
TOUCH_MM = 0.35
BESIDE_MM = 1.0  # two letters of one word reach over each other by less: «ау»
KEY = Key("0" * 16, bytes(32), datetime(2026, 9, 1, tzinfo=UTC))
SAMPLES = [*sorted(KINDS_FOLDER.glob("*.yaml")), *sample_files()[::9]]


@dataclass(frozen=True, slots=True)
class Letters:
    """What stands on a page: each letter, its type in points, and its box (left, top, right, bottom in millimetres from the top left)."""

    said: str
    sizes: np.ndarray
    boxes: np.ndarray


def letters_of(pdf: bytes) -> Iterator[Letters]:
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            places = [place for place in range(text.count_chars()) if text.get_text_range(place, 1).strip()]
            sizes = [pdfium.FPDFText_GetFontSize(text.raw, place) for place in places]
            corners = [text.get_charbox(place) for place in places]
            boxes = [(left * MM, PAGE_MM[1] - top * MM, right * MM, PAGE_MM[1] - bottom * MM) for left, bottom, right, top in corners]
            said = "".join(text.get_text_range(place, 1) for place in places)
            yield Letters(said, np.array(sizes).round(2), np.array(boxes).reshape(-1, 4))


def on_each_other(page: Letters) -> list[str]:
    """Pairs of letters whose boxes overlap by more than a touch."""
    left, top, right, bottom = page.boxes.T
    across = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    down = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    far = np.triu(across > TOUCH_MM, 1)
    far &= ~(np.eye(len(far), k=1, dtype=bool) & (across < BESIDE_MM) & (page.sizes[:, None] == page.sizes))
    firsts, seconds = np.nonzero(far & (down > TOUCH_MM))
    return [f"{page.said[one]}/{page.said[other]} at {page.boxes[one].round(1)}" for one, other in zip(firsts, seconds, strict=True)]


def in_circles(page: Letters, layout: Layout) -> list[str]:
    """Letters that reach into a circle."""
    left, top, right, bottom = page.boxes.T
    found = []
    for box in layout.boxes:
        (x, y), radius = box.center_mm, box.size_mm[0] / 2
        near = np.hypot(np.clip(x, left, right) - x, np.clip(y, top, bottom) - y) < radius
        found += [f"{page.said[place]} in {box.item}{box.value}" for place in np.nonzero(near)[0]]
    return found


def stands_well(page: Letters) -> None:
    """Within the sheet's width, and no letter on another."""
    assert on_each_other(page) == []
    body = (page.boxes[:, 1] > BODY_MM[1]) & (page.boxes[:, 3] < BODY_MM[3])
    assert page.boxes[body, 0].min(initial=PAGE_MM[0]) > BODY_MM[0] - 0.5
    assert page.boxes[body, 2].max(initial=0.0) < BODY_MM[2] + 0.5


def in_large_print(made: Assignment) -> list[Letters]:
    """The pages of an assignment as a pupil gets them, looked at."""
    fixed = draw_assignment(made, "large")
    press = Press()
    pages = []
    for number, place in enumerate(press.take_in(fixed.pdf), start=1):
        identity = derive_page_id(KEY, str(number))
        stamp = Stamp()
        tokens = [write_token(KEY, identity, corner) for corner in (0, 1)]
        draw_personal(stamp, tokens, identity, "Бекболсынбике", "EWU6V6", number, len(fixed.layouts), made.language, True)
        pages.append(Page(place, stamp))
    found = list(letters_of(press.packet(pages)))
    for page, layout in zip(found, fixed.layouts, strict=True):
        stands_well(page)
        assert in_circles(page, layout) == []
    return found


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: str(file.stem))
def test_no_letter_of_a_sample_stands_on_another_or_in_a_circle(file: Path) -> None:
    made = read_file(file).assignment
    assert made is not None
    for page in in_large_print(made):
        assert 18.0 in page.sizes


LONG = "Қазақстан Республикасының халықаралық ынтымақтастығы"
QUESTIONS: tuple[Part, ...] = (
    TextPart(f"{LONG}. " * 4 + "\n\n" + "\n".join(f"{number}. {LONG}" for number in range(1, 13))),
    *(ChoiceQuestion(str(n), f"{LONG}?", ("Иә", "Жоқ", LONG, "ө" * 40), ("A",), False, False, Decimal(1)) for n in range(1, 8)),
    GridQuestion("8", LONG, (LONG, "Жайық"), ("Балқаш", "Каспий теңізі", "Арал"), ("A", "B"), Decimal("0.5")),
    GridQuestion("9", LONG, (LONG, "Жайық"), tuple("абвгдеж"), ("A", "B"), Decimal(1)),
    NumberQuestion("10", f"{LONG}?", "-123.456", 3, Decimal(2), 3, True),
    NumberQuestion("11", "Нешеу?", "7", 1, Decimal(2)),
    NumberQuestion("12", "Нешеу?", "77", 2, Decimal(2)),
)


@pytest.mark.parametrize(("language", "kind"), [("kk", "unit"), ("ru", "term"), ("en", "formative")])
def test_everything_that_a_pupil_reads_is_eighteen_points_and_notes_fourteen_or_more(language: str, kind: str) -> None:
    made = replace(
        assignment("large", language, 11, pieces=QUESTIONS), kind=kind, subject="kazakh_and_lit", title=f"{LONG} " * 3, variant=4
    )
    pages = in_large_print(made)
    for page in pages:
        body = (page.boxes[:, 1] > BODY_MM[1]) & (page.boxes[:, 3] < BODY_MM[3])
        assert set(page.sizes[body]) <= {14.0, 18.0, 20.0}, "14: the figures between the digits' circles"
        small = page.sizes < 14
        assert set("".join(np.array(list(page.said))[small])) <= set("-23456789ABCDEFGHJKLMNPQRSTUVWXYZ"), "the short code alone"
    assert any(20.0 in page.sizes for page in pages[:1]), "the title"
    assert sum((page.sizes == 18).sum() for page in pages) > 1000


def test_a_formula_too_wide_for_large_print_is_told_and_one_that_fits_is_not() -> None:
    def of(words: str) -> list[str]:
        asked = ChoiceQuestion("1", "?", (f"${words}$", "a"), ("A",), False, False, Decimal(1))
        listed = GridQuestion("2", "?", ("a", "b"), (f"${words}$", "ө" * 60), ("A", "B"), Decimal(1))
        return too_large_for_a_page(assignment("wide", pieces=(asked, listed)), "large")

    assert of("+".join(["xyz"] * 6)) == []
    assert of("+".join(["xyz"] * 8)) == ["1"], "22.3 em fit behind a column's letter and not behind a circle"
    assert of("+".join(["xyz"] * 8) + "x") == ["1", "2"], "of so much only a whole line has room"


def test_a_number_of_two_figures_before_a_question_or_a_list_item_stays_clear_of_its_words() -> None:
    asked = tuple(ChoiceQuestion(str(number), "Жаз", ("1", "2"), ("A",), False, False, Decimal(1)) for number in range(1, 11))
    pdf = draw_assignment(assignment("ten", pieces=(TextPart("10. Бір"), *asked)), "large").pdf
    said = {word: page for page in letters_of(pdf) for word in ("10.Бір", "10.Жаз") if word in page.said}
    assert len(said) == 2
    for word, page in said.items():
        place = page.said.index(word)
        assert page.boxes[place, 0] >= BODY_MM[0] - 0.1
        assert page.boxes[place + 3, 0] - page.boxes[place + 2, 2] > 1.0


def cover(language: str) -> CoverWords:
    outcomes = list(Outcome)
    marks = tuple(Mark(f"{number}{letter}", outcomes[number % len(outcomes)]) for number in range(7, 14) for letter in ("", "b"))
    told = tuple(
        Told(week, "math-5", "kazakh_and_lit", LONG, Decimal("7.5"), Decimal(10), marks, (("12b", LONG), ("", LONG)))
        for week in ("2026-W40", "2026-W41")
    )
    entries = tuple(Entry(assignment(f"a{number}", language), 2 * number, 2 * number + number % 2) for number in range(1, 8))
    lessons = tuple(
        OnAir(date(2026, 10, day), "10:20", "Балапан", "kazakh_and_lit", 5, language, "tv", LONG, "daryn.online/x") for day in (5, 6)
    )
    school = "«Абай атындағы жалпы білім беретін мектеп» КММ"
    late = (Awaited("2026-W39", "math-5", (2, 3, 11), "kazakh_and_lit", LONG),)
    week, by = "2026-W41", date(2026, 10, 19)
    return CoverWords(
        "EWU6V6", "Бекболсынбике", language, week, by, school, "+7 (715) 200-11-22", "1450", True, entries, told, late, lessons
    )


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_cover_in_large_print_has_nothing_small_and_no_letter_on_another(language: str) -> None:
    words = cover(language)
    assert width_mm("13b", LARGE_SIZES.mark) <= LARGE_SIZES.number_mm, "clear of the shape before it"
    laid = lay_out(words)
    ids = [derive_page_id(KEY, f"cover {number}") for number in range(len(laid))]
    stamps = draw_cover(words, laid, ids, [[write_token(KEY, each, corner) for corner in (0, 1)] for each in ids], 14)
    press = Press()
    (frame,) = press.take_in(draw_cover_frame().pdf)
    for page in letters_of(press.packet([Page(frame, stamp) for stamp in stamps])):
        stands_well(page)
        body = (page.boxes[:, 1] > BODY_MM[1]) & (page.boxes[:, 3] < BODY_MM[3])
        assert set(page.sizes[body]) <= {14.0, 15.0, 18.0, 20.0}


def test_the_reader_reads_large_print(tmp_path: Path) -> None:
    tally = run("clean_scan", print_week(tmp_path, 5, ("large",)), 3100, 1, None)
    assert (tally.lost, tally.strangers, tally.silent, tally.missing) == ([], [], [], 0)
    assert tally.items >= 10
    assert tally.right + tally.accepted == tally.items, "no doubt that was not due"


def test_a_timetable_of_nine_lessons_and_feedback_take_no_third_side() -> None:
    words = cover("ru")
    days = [(date(2026, 10, day), time) for day in (5, 6, 7) for time in ("09:00", "10:20", "11:40")]
    title = "Сравнение обыкновенных дробей"
    lessons = tuple(replace(words.lessons[0], date=day, time=time, subject="math", title=title, link="") for day, time in days)
    told = (replace(words.told[0], subject="math", title="Натуральные числа", marks=words.told[0].marks[:8], comments=()),)
    entries = tuple(replace(entry, assignment=replace(entry.assignment, lesson=None)) for entry in words.entries[:2])
    assert len(lay_out(replace(words, entries=entries, lessons=lessons, told=told, awaited=()))) == 2

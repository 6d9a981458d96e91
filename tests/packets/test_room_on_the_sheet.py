"""Words, formulas and tables never run into circles or off the sheet, and nothing that a teacher types holds the program up."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packets.assignment import GridQuestion, NumberQuestion, Part, TextPart
from packets.authoring import Reading, read_assignment
from packets.fields import MOST_LETTERS
from packets.grid import grid_block
from packets.layout import BODY_MM, Box
from packets.markdown import Run, inline
from packets.number_columns import number_block
from packets.paper import Face, width_mm
from packets.questions import LARGE, NORMAL, Style, style_of
from packets.reading import reading_blocks
from packets.slabs import Block, Placed, flow
from packets.typeset import Line, Piece, Type, draw_line, wrap
from packets.worksheet import draw_assignment

WIDE = r"$\frac{-b\pm\sqrt{b^2-4ac}}{2a}+x_1+x_2+x_3+x_4$"
ASKED = {"question": "Қайсысы?", "choices": ["бір", "екі"], "answer": "A", "points": 1}


def written(*parts: dict[str, Any]) -> Reading:
    head = {"assignment": "t-1", "subject": "math", "grade": 5, "language": "kk", "title": "Сынақ", "kind": "practice", "week": "2026-W41"}
    return read_assignment(json.dumps({**head, "parts": [*parts]}, ensure_ascii=False).encode())


def told(*parts: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.code, each.column) for each in written(*parts).complaints]


def pages(reading: Reading, size: str) -> list[list[Placed]]:
    assert reading.assignment is not None
    style = style_of(5, size)
    return flow(block for part in reading.assignment.parts for block in blocks_of(part, style))


def blocks_of(part: Part, style: Style) -> list[Block]:
    match part:
        case NumberQuestion():
            return [number_block([part], style, "kk")]
        case GridQuestion():
            return [grid_block(part, style, "kk")]
        case TextPart(markdown):
            return list(reading_blocks(markdown, {}, style))
    return []


class _Eye:
    """Notes where formulas are drawn, and nothing else."""

    def __init__(self) -> None:
        self.formulas: list[tuple[float, float, float]] = []  # left, right, baseline

    def outlines(self, x: float, y: float, size: float, outlines: Any, *_grey: float) -> None:
        across = [step[-2] for outline in outlines for step in outline if step]
        self.formulas.append((x + min(across) * size * 25.4 / 72, x + max(across) * size * 25.4 / 72, y))

    def __getattr__(self, name: str) -> Any:
        return lambda *_args, **_named: None


def touched(placed: Placed) -> list[Box]:
    """The circles into which a formula runs."""
    eye = _Eye()
    placed.draw(eye)  # type: ignore[arg-type]
    return [
        box
        for left, right, y in eye.formulas
        for box in placed.boxes()
        if abs(box.center_mm[1] - y) < 6 and left < box.center_mm[0] + 3 and right > box.center_mm[0] - 3
    ]


@pytest.mark.parametrize("size", ["normal", "large"])
def test_a_wide_formula_stands_above_digit_columns_instead_of_in_them(size: str) -> None:
    asked = {"question": f"Есепте: {WIDE}", "number": "-123,456", "digits": 3, "decimals": 3, "minus": True, "points": 2}
    for page in pages(written(asked), size):
        for placed in page:
            assert touched(placed) == []


def test_a_long_word_stands_above_digit_columns_unbroken() -> None:
    word = "Электрэнергетикалықжүйелердегі"
    reading = written({"question": f"{word} саны?", "number": "-123,456", "digits": 3, "decimals": 3, "minus": True, "points": 2})
    assert isinstance(reading.assignment and reading.assignment.parts[0], NumberQuestion)
    (placed,) = pages(reading, "large")[0]
    first = min(box.center_mm[1] for box in placed.boxes())
    assert first - placed.tops[0] > LARGE.type.leading + 7  # a line of words, then the squares
    assert wrap(inline(word), BODY_MM[2] - BODY_MM[0], LARGE.type)[0][0].text == word


def test_a_formula_that_would_run_into_the_circles_of_its_row_is_refused_and_a_narrower_one_is_not() -> None:
    grid = {"question": "Сәйкестендір", "columns": ["Каспий", "Балқаш", "Арал", "Алакөл"], "answer": ["A", "B"], "points": 1}
    assert ("too_large", "parts[1]") in told({**grid, "rows": [WIDE, "к"]})
    reading = written({**grid, "rows": [r"$\frac{-b\pm\sqrt{b^2-4ac}}{2a}+x_1+x_2$", "к"]})
    for size in ("normal", "large"):
        assert [touched(placed) for page in pages(reading, size) for placed in page] == [[]]


def test_a_table_of_many_columns_is_set_smaller_and_one_of_too_many_is_refused() -> None:
    def table(columns: int) -> dict[str, str]:
        rows = ("|".join(["Температура"] * columns), "|".join(["-"] * columns), "|".join(["1"] * columns))
        return {"text": "\n".join(f"|{row}|" for row in rows)}

    assert told(table(5), ASKED) == []
    assert told(table(14), ASKED) == [("too_large", "parts[1].text")]
    formulas = "|а|б|в|\n|-|-|-|\n|" + "|".join([WIDE] * 3) + "|"
    assert told({"text": formulas}, ASKED) == [("too_large", "parts[1].text")]


def test_a_formula_higher_than_a_sheet_is_named_and_high_ones_in_a_paragraph_find_pages() -> None:
    assert told({"text": r"$\genfrac{}{}{9999}{0}{a}{b}$"}, ASKED) == [("unsupported", "parts[1].text")]
    high = r"$\genfrac{}{}{150}{0}{a}{b}$"
    reading = written({"text": "\\\n".join([high] * 4)}, ASKED)
    assert len(pages(reading, "large")) > 1


@pytest.mark.parametrize("tex", [r"\hspace{-30}x", r"x\hspace{-9}y", r"\quad"])
def test_a_formula_that_prints_beside_itself_or_nothing_is_named(tex: str) -> None:
    assert told({**ASKED, "question": f"${tex}$"}) == [("unsupported", "parts[1].question")]


@pytest.mark.parametrize("words", [r"$\frac{1}{2}$5", r"\frac{1}{2}", r"\(\sqrt{2}\)", r"5 $ \cdot 3"])
def test_notation_of_formulas_that_would_be_printed_as_it_is_is_named(words: str) -> None:
    assert ("unsupported", "parts[1].choices[1]") in told({**ASKED, "choices": [words, "екі"]})


@pytest.mark.parametrize("words", ["$5 және $6", r"\$5", r"C:\Windows", "a\\b", "$x$ және 5"])
def test_money_and_folders_are_no_formulas(words: str) -> None:
    assert told({**ASKED, "choices": [words, "екі"]}) == []


@pytest.mark.parametrize("words", ["&nbsp;", "\u00ad", "&shy;", "&#32;"])
def test_a_choice_that_nobody_sees_is_told(words: str) -> None:
    assert told({**ASKED, "choices": [words, "екі"]}) == [("empty_field", "parts[1].choices[1]")]
    assert told({**ASKED, "choices": ["![а](b.png)", "екі"]}) == [("unsupported", "parts[1].choices[1]")]


@pytest.mark.parametrize("other", ["2\u00ad", "&#50;", "$2$", " 2 "])
def test_two_choices_that_an_eye_cannot_tell_apart_are_told(other: str) -> None:
    assert ("doubled_choice", "parts[1].choices[2]") in told({**ASKED, "choices": ["2", other]})


def test_a_stress_in_bold_makes_a_difference() -> None:
    assert told({**ASKED, "choices": ["**за**мок", "за**мок**"]}) == []


def test_rows_and_columns_that_look_alike_are_told() -> None:
    grid = {"question": "Сәйкестендір", "rows": ["бір", "екі"], "columns": ["A", "А"], "answer": ["A", "B"], "points": 1}
    assert ("doubled_entry", "parts[1].columns[2]") in told(grid)


@pytest.mark.parametrize("unit", ["а", "[", "*a ", "![a", "- a\n", "|1|2|\n", "_a__b"])
def test_a_text_without_an_end_is_refused_at_once(unit: str) -> None:
    started = time.process_time()
    assert ("long_text", "parts[1].text") in told({"text": unit * (60_000 // len(unit))}, ASKED)
    assert time.process_time() - started < 5


@settings(deadline=None)
@given(st.text("аШі W", min_size=1, max_size=400), st.sampled_from([NORMAL, LARGE]), st.floats(12, 160))
def test_long_words_are_broken_into_lines_that_fit_and_lose_no_letter(text: str, style: Style, width: float) -> None:
    lines = wrap(inline(text), width, style.type)
    assert "".join(piece.text for line in lines for piece in line).replace(" ", "") == "".join(text.split())
    for line in lines:
        assert line[-1].x + width_mm(line[-1].text, style.type.size) <= width + 0.02
    for line, after in pairwise(lines):
        first = after[0].text.split()[0][:1]
        whole = line[-1].x + width_mm(line[-1].text + first, style.type.size, Face.REGULAR)
        assert whole > width - 0.02 or " " in text


@settings(deadline=None)
@given(st.lists(st.tuples(st.text("абв( ", min_size=1, max_size=8), st.booleans()), max_size=30), st.floats(60, 160))
def test_a_line_is_broken_at_spaces_only_also_where_the_face_changes(runs: list[tuple[str, bool]], width: float) -> None:
    faced = tuple(Run(text, italic=italic) for text, italic in runs)
    whole = "".join(run.text for run in faced).split()
    type_ = Type(18, 8.6)
    lines = wrap(faced, width, type_)
    said = " ".join(
        "".join(" " * (place > 0 and piece.x > end + 0.01) + piece.text for place, (piece, end) in enumerate(_ends(line, type_)))
        for line in lines
    )
    if all(width_mm(word, 18, Face.BOLD_ITALIC) < width for word in whole):
        assert said.split() == whole


def _ends(line: Line, type_: Type) -> list[tuple[Piece, float]]:
    """Each piece with where the one before it ends."""
    ends = [0.0, *(piece.x + width_mm(piece.text, type_.size, piece.face) for piece in line)]
    return list(zip(line, ends, strict=False))


def test_a_bracket_before_a_slanted_word_goes_with_it_to_the_next_line() -> None:
    lines = wrap(inline("предмет действует сам (*бегущий*)."), 100, Type(18, 8.6))
    assert [line[0].text for line in lines] == ["предмет действует сам", "("]


def test_a_long_word_is_set_in_time_that_grows_with_its_length() -> None:
    started = time.process_time()
    lines = wrap(inline("ә" * MOST_LETTERS), 100, Type(11, 5.2))
    assert sum(len(line[0].text) for line in lines) == MOST_LETTERS
    assert time.process_time() - started < 2
    draw_line(_Eye(), lines[0], 0, 0, Type(11, 5.2))  # type: ignore[arg-type]


def test_a_table_that_goes_on_says_its_head_on_each_page() -> None:
    rows = "\n".join(f"|{number} сағ|{number * 18}|" for number in range(1, 61))
    reading = written({"text": f"|Уақыт|Жол|\n|-|-|\n{rows}"}, ASKED)
    assert reading.assignment is not None
    with pypdfium2.PdfDocument(draw_assignment(reading.assignment).pdf) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    tabled = [text for text in texts if "сағ" in text]
    assert len(tabled) > 1
    assert [text.count("Уақыт") for text in tabled] == [1] * len(tabled)
    assert ["60 сағ" in text for text in tabled] == [False] * (len(tabled) - 1) + [True]


def test_a_table_whose_head_and_row_fill_more_than_a_page_is_refused() -> None:
    high = " ".join(["сөз"] * 700)
    assert ("too_large", "parts[1].text") in told({"text": f"|а|б|\n|-|-|\n|{high}|1|\n|{high}|2|\n|{high}|3|"}, ASKED)

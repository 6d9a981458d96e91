"""A grid that counts only as a whole: what it is worth, what its rows earn together, and how a file of each door says it and paper tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packets.assignment import Assignment, ChoiceQuestion, GridQuestion, Question
from packets.doors import read_file
from packets.kinds import HUNDREDTH, part_json, part_of
from packets.shelf import Kept, compare
from packets.template import filled_workbook
from packets.together import ZERO, Scored, at_stake, earned, summed, whole_grids
from tests.packets.week import assignment
from tests.small_desk import here

ALONE = ChoiceQuestion("1", "1/2 + 1/4 = ?", ("3/4", "1/6"), ("A",), False, False, Decimal(1))
RIVERS = GridQuestion("2", "Қайда құяды?", ("Іле", "Жайық", "Сырдария"), ("Балқаш", "Каспий"), ("A", "B", "A"), Decimal("0.5"))
WHOLE = replace(RIVERS, whole=True)
RIGHT, WRONG, WAITS = "right", "wrong", "waits"


@dataclass(frozen=True)
class Held:
    """A record's points."""

    points: Decimal | None
    max_points: Decimal


@st.composite
def whole_grid(draw: st.DrawFn) -> GridQuestion:
    rows = draw(st.integers(2, 10))
    points = Decimal(draw(st.integers(rows, 10_000))) * HUNDREDTH
    return GridQuestion("2", "?", tuple(map(str, range(rows))), ("а", "б"), ("A",) * rows, points, whole=True)


def held_of(questions: tuple[Question, ...], said: Mapping[str, str]) -> dict[str, Scored]:
    points = {each.number: each.points for each in questions}
    worth = {RIGHT: 1, WRONG: 0}
    return {item: Held(None if what == WAITS else points[item] * worth[what], points[item]) for item, what in said.items()}


@st.composite
def works(draw: st.DrawFn) -> tuple[GridQuestion, dict[str, str]]:
    grid = draw(whole_grid())
    items = ["1", *(row.number for row in grid.row_questions)]
    return grid, {item: draw(st.sampled_from((RIGHT, RIGHT, RIGHT, WRONG, WAITS))) for item in items}


# ---- what it is worth


@given(whole_grid())
def test_the_rows_of_a_whole_grid_share_its_points_to_the_hundredth_and_each_has_some(grid: GridQuestion) -> None:
    shares = [row.points for row in grid.row_questions]
    assert sum(shares) == grid.points
    assert all(share >= HUNDREDTH and share == round(share, 2) for share in shares)
    assert len(set(shares[:-1])) == 1
    assert shares[-1] >= shares[0]


def test_files_of_before_mean_what_they_meant() -> None:
    """The digests were taken from the program as it was before grids could count as a whole."""
    before = Assignment("geo-5", "world", 5, "kk", "Өзендер", "formative", "2026-W41", None, (ALONE, RIVERS))
    assert before.printed_digest == "8c87a0ffcdfb85dea4f52f14e40f9998a8dbd177f23f593abbb73a8694f3ba12"
    assert before.key_digest == "c5b3424709997feaf0eea232b97aaafaaf9ac13c6bc85cb256beea3b47757d12"
    assert "partial" not in part_json(RIVERS)


@given(whole_grid())
def test_a_whole_grid_comes_back_from_what_is_stored_also_with_the_points_of_before(grid: GridQuestion) -> None:
    assert part_of(part_json(grid), "2") == grid
    work = assignment("whole", pieces=(ALONE, grid))
    assert work.with_points([str(each.points) for each in work.questions]) == work
    assert work.max_points == 1 + grid.points


def test_what_paper_says_of_all_rows_is_not_changed_after_the_print() -> None:
    before, after = (assignment("whole", pieces=(ALONE, grid)) for grid in (RIVERS, WHOLE))
    same_points = assignment("whole", pieces=(ALONE, replace(WHOLE, points=3 * RIVERS.points)))
    assert [each.points for each in same_points.questions] == [each.points for each in before.questions]
    assert same_points.key_digest != before.key_digest
    assert compare(before, after, printed=True) is Kept.ALREADY_PRINTED
    assert compare(after, before, printed=True) is Kept.ALREADY_PRINTED
    other = assignment("whole", pieces=(ALONE, replace(WHOLE, answer=("A", "A", "A"), points=Decimal(2))))
    assert compare(after, other, printed=True) is Kept.KEY_CHANGED


# ---- what rows earn together


@given(works())
def test_rows_together_earn_the_points_of_the_grid_or_nothing(work: tuple[GridQuestion, dict[str, str]]) -> None:
    grid, said = work
    questions = (ALONE, *grid.row_questions)
    points = earned(questions, held_of(questions, said))
    rows = {item: points[item] for item in said if item != "1"}
    told = sum((each for each in rows.values() if each is not None), ZERO)
    outcomes = {what for item, what in said.items() if item != "1"}
    assert told == (grid.points if outcomes == {RIGHT} else 0)
    open_rows = {item for item, each in rows.items() if each is None}
    waiting = {item for item in rows if said[item] == WAITS}
    assert open_rows == (waiting if WRONG in outcomes else set(rows) if waiting else set())
    assert points["1"] == {RIGHT: 1, WRONG: 0, WAITS: None}[said["1"]]


@given(works())
def test_the_sum_is_that_of_the_rows_and_what_is_at_stake_is_what_the_best_end_would_bring(
    work: tuple[GridQuestion, dict[str, str]],
) -> None:
    grid, said = work
    questions = (ALONE, *grid.row_questions)
    held = held_of(questions, said)
    now = summed(questions, held)
    assert now.points == sum((each for each in earned(questions, held).values() if each is not None), ZERO)
    best = summed(questions, held_of(questions, {item: RIGHT if what == WAITS else what for item, what in said.items()}))
    stake = sum(at_stake(questions, held).values(), ZERO) + (1 if said["1"] == WAITS else 0)
    assert now.points + stake == best.points
    assert best.of == 1 + grid.points
    assert now.of <= best.of


def test_a_row_that_was_never_recorded_waits_and_a_page_that_did_not_come_says_nothing() -> None:
    questions = (ALONE, *WHOLE.row_questions)
    part = held_of(questions, {"1": RIGHT, "2a": RIGHT, "2b": RIGHT})
    assert earned(questions, part) == {"1": 1, "2a": None, "2b": None}
    assert at_stake(questions, part) == {"2c": Decimal("0.5")}
    assert whole_grids(questions, held_of(questions, {"1": RIGHT})) == []
    assert earned(questions, held_of(questions, {"1": RIGHT})) == {"1": 1}


def test_a_grid_that_counts_row_by_row_is_none_of_this() -> None:
    questions = (ALONE, *RIVERS.row_questions)
    held = held_of(questions, {"2a": RIGHT, "2b": WRONG, "2c": WAITS})
    assert earned(questions, held) == {"2a": Decimal("0.5"), "2b": 0, "2c": None}
    assert (whole_grids(questions, held), at_stake(questions, held)) == ([], {})


# ---- the doors, and paper

TEXT = """
assignment: geo-5
subject: world
grade: 5
language: {language}
title: Өзендер
kind: formative
week: 2026-W41
parts:
  - question: "Қайда құяды?"
    rows: ["Іле", "Жайық", "Сырдария"]
    columns: ["Балқаш", "Каспий"]
    answer: [A, B, A]
    points: {points}
    partial: {partial}
"""


def written(folder: Path, points: str = "1", partial: str = "false", language: str = "kk") -> Path:
    (folder / "geo.yaml").write_text(TEXT.format(points=points, partial=partial, language=language), encoding="utf-8")
    return folder / "geo.yaml"


@pytest.mark.parametrize(("partial", "whole"), [("false", True), ("true", False)])
def test_a_text_file_says_it_with_partial(tmp_path: Path, partial: str, whole: bool) -> None:
    found = read_file(written(tmp_path, partial=partial)).assignment
    assert found is not None
    assert found.parts == (replace(RIVERS, number="1", points=Decimal(1), whole=whole),)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["kk", "ru", "en"]), st.booleans())
def test_a_workbook_says_it_in_its_column_of_partial_points(tmp_path: Path, language: str, whole: bool) -> None:
    work = assignment("whole", pieces=(ALONE, replace(RIVERS, whole=whole)))
    (tmp_path / "a.xlsx").write_bytes(filled_workbook(work, language))
    found = read_file(tmp_path / "a.xlsx")
    assert (found.complaints, found.assignment and found.assignment.parts) == ((), work.parts)


@pytest.mark.parametrize(
    ("points", "partial", "code"),
    [
        ("0.02", "false", "wrong_points"),
        ("0.03", "false", ""),
        ("0.02", "true", ""),
        ("1", "maybe", "wrong_type"),
        ("1", "", "empty_field"),
    ],
)
def test_points_too_few_to_be_shared_and_words_that_say_neither_are_told(tmp_path: Path, points: str, partial: str, code: str) -> None:
    complaints = read_file(written(tmp_path, points, partial)).complaints
    assert [each.code for each in complaints] == [code] * bool(code)
    assert all("parts[1]" in str(each) for each in complaints)


@pytest.mark.parametrize(
    ("language", "said"),
    [("kk", "(барлық жол дұрыс болса, 1 балл)"), ("ru", "(1 балл, если верны все строки)"), ("en", "(1 point, if every row is right)")],
)
@pytest.mark.parametrize("size", ["normal", "large"])
def test_paper_says_that_all_rows_must_be_right_and_the_key_tells_the_points_once(
    tmp_path: Path, language: str, said: str, size: str
) -> None:
    made = tmp_path / "p.pdf"
    path = written(tmp_path, language=language)
    told = here(tmp_path, "assignments", "preview", str(path), "--print", size, "--key", "--out", str(made), lang=language)
    assert (told.code, told.data["max_points"]) == (0, 1.0)
    document = pypdfium2.PdfDocument(made)
    words = [" ".join(page.get_textpage().get_text_range().replace("\xa0", " ").split()) for page in document]
    document.close()
    assert said in words[0]
    points = said.strip("()").split(", ")[1 if language == "kk" else 0]
    assert words[-1].count(points) == 2, words[-1]  # of the whole sheet, and of the grid

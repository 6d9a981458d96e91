"""Grids that count only as a whole, by random keys and answers, and in the figures of a class: sums count them once."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from packets.assignment import Assignment, ChoiceQuestion, GridQuestion
from packets.together import earned
from records.grades import Decision
from scanning.score import decision, is_right, scored_again
from scanning.statistics import class_figures
from scanning.verdict import Blank, Chosen, Judgement
from tests.small_desk import WEEK


@st.composite
def marked(draw: st.DrawFn) -> tuple[GridQuestion, GridQuestion, list[Judgement]]:
    """A whole grid, the same with a corrected key and other points, and what was read of its rows."""
    rows, columns = draw(st.integers(2, 10)), draw(st.integers(2, 8))
    letters = st.sampled_from("ABCDEFGH"[:columns])
    keys = [tuple(draw(st.lists(letters, min_size=rows, max_size=rows))) for _each in range(2)]
    worth = [Decimal(draw(st.integers(rows, 5000))) / 100 for _each in range(2)]
    words = tuple(map(str, range(rows))), tuple(map(str, range(columns)))
    before, after = (GridQuestion("7", "?", *words, key, points, whole=True) for key, points in zip(keys, worth, strict=True))
    seen: list[Judgement] = [draw(st.sampled_from([Chosen((key,))] * 3 + [Chosen((draw(letters),))]) | st.just(Blank())) for key in keys[0]]
    return before, after, seen


@given(marked())
def test_by_any_key_the_rows_earn_all_points_or_none_and_a_corrected_key_earns_what_it_would_have_from_the_first(
    drawn: tuple[GridQuestion, GridQuestion, list[Judgement]],
) -> None:
    before, after, seen = drawn

    def read(grid: GridQuestion) -> dict[str, Decision]:
        made = (decision("p", row, each, 1) for row, each in zip(grid.row_questions, seen, strict=True))
        return {each.item: each for each in made}

    for grid in (before, after):
        right = [each == Chosen((key,)) for each, key in zip(seen, grid.answer, strict=True)]
        assert sum(each or 0 for each in earned(grid.row_questions, read(grid)).values()) == (grid.points if all(right) else 0)
        assert [is_right(row, read(grid)[row.number].points) for row in grid.row_questions] == right
    again = {row.number: scored_again(row, read(before)[row.number]) for row in after.row_questions}
    assert again == read(after)
    assert {row.number: scored_again(row, again[row.number]) for row in after.row_questions} == again


# ---- figures of a class

ALONE = tuple(ChoiceQuestion(str(n), f"?{n}", ("а", "б"), ("A",), False, False, Decimal(1)) for n in (1, 3))
GRID = GridQuestion("2", "?", ("1", "2", "3"), ("а", "б"), ("A", "A", "A"), Decimal(1), whole=True)
ITEMS = ("1", "2a", "2b", "2c", "3")


def figures(rows: Sequence[Sequence[bool]], whole: bool = True) -> Any:
    """Of pupils of whom it is told which answers are right."""
    work = Assignment("m", "math", 5, "kk", "т", "unit", WEEK, None, (ALONE[0], replace(GRID, whole=whole, points=Decimal(1)), ALONE[1]))
    questions = {each.number: each for each in work.questions}

    def held(item: str, right: bool) -> Decision:
        most = questions[item].points
        return Decision("p", item, ("A" if right else "B",), (), "read", "", most if right else Decimal(0), most, "reader", None)

    return class_figures(work, [{item: held(item, right) for item, right in zip(ITEMS, row, strict=True)} for row in rows])


@given(st.lists(st.tuples(*[st.booleans()] * 5), min_size=30, max_size=36))
def test_the_share_of_a_row_is_that_of_pupils_who_had_it_right_and_sums_count_the_grid_once(rows: list[tuple[bool, ...]]) -> None:
    found = figures(rows)
    for place, each in enumerate(found.questions):
        assert each.share == Decimal(sum(row[place] for row in rows)) / len(rows)
    sums = [row[0] + all(row[1:4]) + row[4] for row in rows]
    assert found.mean is not None
    assert abs(found.mean - Decimal(sum(sums)) / len(rows) / 3) < Decimal("1e-9")
    assert found.highest == Decimal(max(sums)) / 3
    merged = [(row[0], all(row[1:4]), row[4]) for row in rows]
    assert found.alpha == _one_by_one(merged)


def _one_by_one(rows: Sequence[tuple[bool, ...]]) -> Decimal | None:
    """Alpha of three ordinary questions."""
    three = tuple(ChoiceQuestion(str(n), f"?{n}", ("а", "б"), ("A",), False, False, Decimal(1)) for n in (1, 2, 3))
    work = Assignment("m", "math", 5, "kk", "т", "unit", WEEK, None, three)
    works = [
        {
            str(n): Decision("p", str(n), ("A",), (), "read", "", Decimal(right), Decimal(1), "reader", None)
            for n, right in enumerate(row, start=1)
        }
        for row in rows
    ]
    return class_figures(work, works).alpha


def test_a_row_is_held_against_the_other_questions_and_never_against_its_own_grid() -> None:
    """Rows that go together with each other and with nothing else must not tell pupils apart."""
    rows = [(one, grid, grid, grid, one) for one, grid in product((True, False), repeat=2) for _each in range(4)]
    found = {each.question.number: each.discrimination for each in figures(rows).questions}
    assert [found[item] for item in ("2a", "2b", "2c")] == [0, 0, 0]
    by_rows = {each.question.number: each.discrimination for each in figures(rows, whole=False).questions}
    assert by_rows["2a"] > Decimal("0.5")

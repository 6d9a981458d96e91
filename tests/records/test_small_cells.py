"""No hidden number of children comes out of what is told, by any reckoning; the check itself is first shown to find one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from records.small_cells import FEW, Addition, _nearest_told, is_small, possible, to_hide

Counts = dict[str, int]


def table(rows: Sequence[Sequence[int]]) -> tuple[Counts, list[Addition]]:
    """A table with the sums of its rows and columns and the sum of all."""
    width = len(rows[0])
    counts = {f"{i},{j}": value for i, row in enumerate(rows) for j, value in enumerate(row)}
    counts |= {f"{i},": sum(row) for i, row in enumerate(rows)}
    counts |= {f",{j}": sum(row[j] for row in rows) for j in range(width)}
    counts[","] = sum(map(sum, rows))
    additions = [Addition(f"{i},", tuple(f"{i},{j}" for j in range(width))) for i in range(len(rows))]
    additions += [Addition(f",{j}", tuple(f"{i},{j}" for i in range(len(rows)))) for j in range(width)]
    additions += [Addition(",", tuple(f"{i}," for i in range(len(rows)))), Addition(",", tuple(f",{j}" for j in range(width)))]
    return counts, additions


def whole_numbers(name: str, counts: Mapping[str, int], additions: Sequence[Addition], secret: Collection[str]) -> tuple[int, int]:
    """The least and greatest whole number that a hidden cell can be: another solver, over all cells at once, told ones being held fast."""
    names = sorted(counts)
    matrix = np.zeros((len(additions), len(names)))
    for number, each in enumerate(additions):
        matrix[number, names.index(each.total)] -= 1
        for part in each.parts:
            matrix[number, names.index(part)] += 1
    low = np.array([0 if cell in secret else counts[cell] for cell in names], float)
    high = np.array([999 if cell in secret else counts[cell] for cell in names], float)
    goal = np.array([float(cell == name) for cell in names])
    found = []
    for sign in (1, -1):
        answer = milp(sign * goal, constraints=LinearConstraint(matrix, 0, 0), bounds=Bounds(low, high), integrality=np.ones(len(names)))
        found.append(round(sign * answer.fun))
    return found[0], found[1]


@settings(max_examples=60)
@example([[0, 2, 3], [2, 0, 0], [3, 0, 1]])  # the last cell's row and column were hidden whole, and sums beyond them still named it
@given(
    st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(st.integers(0, 14), min_size=width, max_size=width), min_size=1, max_size=4))
)
def test_of_every_hidden_cell_several_numbers_are_possible_and_one_is_not_small(rows: list[list[int]]) -> None:
    counts, additions = table(rows)
    secret = to_hide(counts, additions)
    assert {name for name, count in counts.items() if is_small(count)} <= secret
    for name in secret:
        least, most = whole_numbers(name, counts, additions, secret)
        assert least < most, (name, counts[name], secret)
        assert most >= FEW


def test_hiding_the_small_cells_alone_gives_them_away_and_the_check_sees_it() -> None:
    counts, additions = table([[3, 20], [15, 30]])
    small = {name for name, count in counts.items() if is_small(count)}
    assert small == {"0,0"}
    assert whole_numbers("0,0", counts, additions, small) == (3, 3)
    assert possible("0,0", counts, additions, small) == (3.0, 3.0)
    assert to_hide(counts, additions) == {"0,0", "0,1", "1,0", "1,1"}


def test_nothing_is_hidden_where_nothing_is_small_and_nought_is_told() -> None:
    counts, additions = table([[5, 0], [0, 7]])
    assert to_hide(counts, additions) == set()


def test_what_stands_in_no_sum_is_hidden_alone() -> None:
    assert to_hide({"a": 2, "b": 9}, []) == {"a"}


def test_two_small_cells_whose_sum_is_small_take_a_third_with_them() -> None:
    counts, additions = table([[1], [2], [40], [9]])
    assert to_hide(counts, additions) >= {"0,", "1,", "3,"}
    assert "2," not in to_hide(counts, additions)


def test_the_nearest_sum_that_is_told_may_lie_behind_several_that_are_not() -> None:
    chain = [Addition("x", ("a", "b")), Addition("y", ("b", "c")), Addition("z", ("c", "d")), Addition("far", ("d", "e"))]
    assert _nearest_told("a", chain, {"x", "a", "b", "y", "c", "z"}) == [chain[2]]
    assert _nearest_told("a", chain[:2], {"x", "a", "b", "y", "c"}) == []


def test_few_children_behind_a_large_count_hide_it() -> None:
    """Twelve works of two pupils are two pupils."""
    counts = {"all": 60, "a": 12, "b": 20, "c": 28}
    additions = [Addition("all", ("a", "b", "c"))]
    assert to_hide(counts, additions) == set()
    assert to_hide(counts, additions, {"a": 2}) == {"a", "b"}


def test_a_whole_table_of_few_is_hidden_to_its_last_sum() -> None:
    counts, additions = table([[1, 2]])
    assert to_hide(counts, additions) == set(counts)


def test_the_same_table_hides_the_same_cells() -> None:
    counts, additions = table([[2, 9, 0], [8, 3, 11], [30, 1, 6]])
    again = dict(sorted(counts.items(), reverse=True))
    assert to_hide(counts, additions) == to_hide(again, additions)

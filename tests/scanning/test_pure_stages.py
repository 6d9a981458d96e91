"""Properties of the pure stages that hold for any page: what the judge may never do, tokens, transforms, second copies."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packets.layout import PAGE_MM, Box, BoxKind
from packets.token import ALPHABET, newer_format, page_id, read_short_code, read_token, sealing_key, write_token
from records.grades import Decision
from scanning import rows
from scanning.copies import settle
from scanning.judge import judge_page
from scanning.marks import Mark
from scanning.transform import Transform, fit_plane
from scanning.verdict import Blank, Chosen, Doubt
from tests.scanning import sheets as drawn
from tests.scanning.sheets import KEY, OTHER_KEY
from tests.scanning.test_judge import CLEAN, CROSS, CROSSED_OUT, FILLED, KINDS, RUBBED, TICK, layout, numbers, verdict

ANY_MARK = st.sampled_from(KINDS)
CLEAR_MARK = st.sampled_from([FILLED, TICK, CROSS])
ROW = st.lists(ANY_MARK, min_size=4, max_size=4)
DARKNESSES = ("ink", "dark", "spot", "outside", "diagonals", "near", "noise")


def said(marks: list[Mark], rule: str = "one") -> Any:
    return verdict(dict(zip("ABCD", marks, strict=True)), rule)


def paler(mark: Mark, share: float) -> Mark:
    """The same box in a copy on which all that was written is so much paler."""
    changed = {name: getattr(mark, name) for name in DARKNESSES}
    scaled: dict[str, Any] = {
        name: tuple(each * share for each in value) if isinstance(value, tuple) else value * share for name, value in changed.items()
    }
    return replace(mark, **scaled)


# the judge


@given(ROW, CLEAR_MARK, CLEAR_MARK, st.permutations(range(4)))
def test_two_clear_marks_in_a_question_of_one_are_never_one_answer(marks: list[Mark], one: Mark, other: Mark, places: list[int]) -> None:
    marks[places[0]], marks[places[1]] = one, other
    assert isinstance(said(marks), Doubt)


@given(
    st.lists(st.sampled_from([CLEAN, CROSSED_OUT, RUBBED]), min_size=4, max_size=4),
    CLEAR_MARK,
    CLEAR_MARK,
    st.permutations(range(4)),
    st.sampled_from(["one", "score"]),
)
def test_a_second_clear_mark_turns_an_answer_into_a_doubt(quiet: list[Mark], one: Mark, other: Mark, places: list[int], rule: str) -> None:
    """Whatever was crossed or rubbed out beside it: one mark is the answer, two are nobody's."""
    marks = [*quiet]
    marks[places[0]] = one
    assert said(marks, rule) == Chosen(("ABCD"[places[0]],))
    marks[places[1]] = other
    assert isinstance(said(marks, rule), Doubt)


@given(ROW, CLEAR_MARK, st.integers(0, 3))
def test_a_clear_mark_never_makes_a_question_blank(marks: list[Mark], mark: Mark, place: int) -> None:
    marks[place] = mark
    for rule in ("one", "several", "score"):
        assert not isinstance(said(marks, rule), Blank)


@given(st.lists(st.sampled_from([CLEAN, FILLED, TICK, CROSS, CROSSED_OUT, RUBBED]), min_size=4, max_size=4), st.floats(0.7, 1.15))
def test_a_paler_or_darker_copy_of_the_whole_page_never_gives_another_answer(marks: list[Mark], share: float) -> None:
    sheet = layout()
    page = numbers(sheet, dict(zip("ABCD", marks, strict=True)))
    copy = dict(page, boxes=[paler(Mark.from_list(each), share).as_list() for each in page["boxes"]])
    for one, other in zip(judge_page(page, sheet), judge_page(copy, sheet), strict=True):
        if not isinstance(one.judgement, Doubt) and not isinstance(other.judgement, Doubt):
            assert one.judgement == other.judgement


@given(ROW)
def test_candidates_of_a_doubt_and_values_of_an_answer_are_the_questions_own(marks: list[Mark]) -> None:
    for rule in ("one", "several", "score"):
        found = said(marks, rule)
        values = found.values if isinstance(found, Chosen) else found.candidates if isinstance(found, Doubt) else ()
        assert {letter for value in values for letter in value.split(",")} <= set("ABCD")
        assert len(set(values)) == len(values)


# tokens


@given(st.text(alphabet=st.one_of(st.sampled_from(ALPHABET), st.characters()), max_size=45))
def test_any_text_is_a_token_or_none_and_never_sealed_by_chance(text: str) -> None:
    word = read_token(text)
    newer_format(text)
    read_short_code(text)
    if word is not None:
        assert sealing_key(word, [KEY, OTHER_KEY]) is None


@given(st.integers(0, 2**56 - 1), st.integers(0, 2**56 - 1), st.sampled_from([0, 1]), st.sampled_from([0, 1]))
def test_tokens_of_different_pages_corners_and_keys_differ(one: int, other: int, corner: int, place: int) -> None:
    first, second = write_token(KEY, page_id(one), corner), write_token(KEY, page_id(other), place)
    assert (first == second) == ((one, corner) == (other, place))
    assert write_token(OTHER_KEY, page_id(one), corner) != first


# transforms


@st.composite
def planes(draw: st.DrawFn) -> Any:
    """A camera's or scanner's view of the sheet: turned, scaled, tilted, moved."""
    angle, scale = np.deg2rad(draw(st.floats(-180, 180))), draw(st.floats(2.0, 25.0))
    tilt = draw(st.floats(-4e-4, 4e-4)), draw(st.floats(-4e-4, 4e-4))
    spin = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [*tilt, 1.0]])
    spin[:2] *= scale
    move = np.array([[1, 0, draw(st.floats(-500, 3000))], [0, 1, draw(st.floats(-500, 3000))], [0, 0, 1.0]])
    return move @ spin


MM = np.array([[x, y] for x in (10.0, 80.0, 150.0, PAGE_MM[0] - 10) for y in (10.0, 120.0, 200.0, PAGE_MM[1] - 10)])


@given(planes())
def test_a_plane_is_found_again_from_points_and_leads_back(plane: Any) -> None:
    there = Transform(plane)
    pixels = there.pixels(MM)
    back = Transform(np.linalg.inv(plane))
    assert np.allclose(back.pixels(pixels), MM, atol=1e-5)
    again = Transform(fit_plane(MM, pixels))
    assert np.abs(again.pixels(MM) - pixels).max() < 0.25 * there.scale, "a quarter of a millimetre: the fit prefers little tilt"


@given(planes(), st.floats(0.25, 4.0))
def test_a_scaled_picture_moves_every_point_with_it_and_jacobians_say_how_fast(plane: Any, factor: float) -> None:
    there = Transform(plane)
    assert np.allclose(there.scaled(factor).pixels(MM) + 0.5, (there.pixels(MM) + 0.5) * factor, rtol=1e-6, atol=1e-4)
    step = np.array([0.01, 0.0])
    moved = (there.pixels(MM + step) - there.pixels(MM - step)) / 0.02
    assert np.allclose(there.jacobians(MM)[:, :, 0], moved, rtol=1e-2, atol=1e-2 * there.scale)


# second copies


@st.composite
def decisions(draw: st.DrawFn, item: str = "1") -> Decision:
    state = draw(st.sampled_from(["read", "blank", "doubt"]))
    reading = (draw(st.sampled_from("ABC")),) if state == "read" else ()
    candidates = tuple(draw(st.lists(st.sampled_from("ABC"), unique=True))) if state == "doubt" else ()
    return Decision("p", item, reading, candidates, state, "faint" if state == "doubt" else "", None, Decimal(1), "reader", None)


@settings(max_examples=300)
@given(decisions(), decisions())
def test_a_second_copy_never_changes_a_decided_answer_into_another(held: Decision, seen: Decision) -> None:
    """It may fill a doubt; where it disagrees there is a doubt; the same again changes nothing."""
    settled = settle({"1": held}, [seen])
    now = settled[-1] if settled else held
    if held.state != "doubt":
        assert now.state == "doubt" or (now.state, now.reading) == (held.state, held.reading)
    assert settle({"1": held}, [held]) in ([], [held])


def test_a_row_without_print_of_its_own_is_like_no_print_and_costs_the_page_nothing() -> None:
    layout = drawn.choice_layout()
    blank = np.full((2339, 1654), 255, np.uint8)
    made = rows.plan(layout, blank)
    seen = rows.anchor(
        blank, *rows.lighting(blank, rows.BLANK_PER_MM), Transform(np.diag([rows.BLANK_PER_MM, rows.BLANK_PER_MM, 1.0])), made
    )
    assert len(seen.likeness) == len(made.rows)
    assert (seen.likeness < rows.FLOOR).all()


@pytest.mark.parametrize("across_mm", [14.0, 105.0, 196.0])
@pytest.mark.parametrize("down_mm", [14.0, 150.0, 284.0])
def test_a_plan_made_of_the_part_that_the_rows_look_at_is_that_of_the_whole_print(
    across_mm: float, down_mm: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where rows lie at an edge of the sheet: the light and the blur at the part's own edges must not tell."""
    blank = np.random.default_rng(11).integers(0, 256, (2339, 1654), np.uint8)  # nothing is alike anywhere
    boxes = tuple(Box(str(line), "A", "A", BoxKind.CHOICE, (across_mm, min(284.0, down_mm + 9.0 * line))) for line in (1, 2))
    made = rows.plan(replace(drawn.choice_layout(), boxes=boxes), blank)
    monkeypatch.setattr(rows, "_part", lambda whole, _reaches: (np.zeros(2, np.intp), whole))
    whole = rows.plan(replace(drawn.choice_layout(), boxes=boxes), blank)
    assert len(made.mm) > 100
    assert all(np.array_equal(getattr(made, name), getattr(whole, name)) for name in ("owner", "starts", "mm", "basis", "gram", "model"))

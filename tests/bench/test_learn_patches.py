"""What the networks that see patches learn from: nothing that is withheld, no play twice, and the very patches that they are shown when they read."""

from __future__ import annotations

import numpy as np
import pytest

from bench import learn_patches
from bench.other_hands.conditions import CONDITIONS as OTHER_CONDITIONS
from bench.other_hands.conditions import WITHHELD
from bench.strikes import OTHERS, REHEARSED
from bench.struck_network import AMONG_STRIKES, ANSWERS, MEANT, NOTHING, ORDINARY, STRUCK, STRUCK_OUT, UNDONE, Examples, Recipe, batch_of
from scanning.network import CELLS, DARKEST
from scanning.rehearsal.conditions import CONDITIONS

KNOWN = {"rehearsal": set(CONDITIONS), "other_hands": set(OTHER_CONDITIONS) - WITHHELD}


@pytest.mark.parametrize("name", learn_patches.LESSONS)
def test_no_withheld_condition_is_learned_from_and_none_twice(name: str) -> None:
    every = learn_patches.plays(name, 1.0)
    assert all(each.condition in KNOWN[each.simulator] for each in every)
    assert {each.condition for each in every if "strikes" in each.kind} <= {*REHEARSED, *OTHERS}
    assert len({(each.kind, each.simulator, each.condition, each.seed) for each in every}) == len(every)


def test_the_seeds_are_none_that_the_judges_of_what_was_learned_play() -> None:
    def seeds(name: str) -> dict[str, set[int]]:
        every = learn_patches.plays(name, 1.0)
        return {kind: {each.seed for each in every if each.kind == kind} for kind in ("busy hands", "strikes", "busy strikes")}

    assert seeds("struck") == {"busy hands": {52}, "strikes": {151}, "busy strikes": {152}}
    assert seeds("meant") == {"busy hands": {52, 53}, "strikes": {151, 153}, "busy strikes": {152, 154}}


@pytest.mark.parametrize(
    ("name", "kind", "play", "condition", "pages", "kinds", "more"),
    [
        ("meant", "busy strikes", "rehearsal", "clean_scan", 12, {AMONG_STRIKES, STRUCK_OUT}, {NOTHING}),
        ("meant", "busy hands", "other_hands", "crossers", 12, {ORDINARY, STRUCK_OUT, UNDONE}, {NOTHING}),
        ("meant", "busy hands", "rehearsal", "one_bit", 12, {ORDINARY, STRUCK_OUT, UNDONE}, {NOTHING}),
        ("struck", "busy strikes", "rehearsal", "clean_scan", 4, {AMONG_STRIKES, STRUCK_OUT}, set()),
        ("struck", "busy hands", "other_hands", "crossers", 4, {ORDINARY, STRUCK_OUT}, set()),
    ],
)
def test_a_play_gives_the_patches_that_the_network_is_shown(
    name: str, kind: str, play: str, condition: str, pages: int, kinds: set[int], more: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learn_patches.LESSONS[name].module, "look", learn_patches.remembering)
    found = learn_patches.played(learn_patches.Play(name, kind, play, condition, pages, 3))
    assert kinds <= set(found.kinds) <= kinds | more
    assert found.patches.shape == found.prints.shape == (len(found.kinds), CELLS, CELLS)
    assert 0 <= found.patches.min() <= found.patches.max() <= DARKEST
    middle = slice(CELLS // 2 - 3, CELLS // 2 + 3)
    ink = (found.patches - found.prints)[np.isin(found.kinds, ANSWERS)][:, middle, middle].max(axis=(1, 2))
    assert np.mean(ink > 0.1) > 0.98


def test_examples_of_nothing_are_none_and_join_others() -> None:
    nothing = Examples.of([], [], [])
    some = Examples.of([np.zeros((CELLS, CELLS))], [np.ones((CELLS, CELLS))], [ORDINARY])
    assert len(nothing.kinds) == 0
    assert len(Examples.all([nothing, some, some]).kinds) == 2


def test_every_kind_of_circle_has_its_share_of_a_batch() -> None:
    assert len(MEANT.batch) == NOTHING + 1
    assert all(MEANT.batch)
    assert 0.4 < sum(MEANT.batch[kind] for kind in ANSWERS) / sum(MEANT.batch) < 0.7


@pytest.mark.parametrize("recipe", [STRUCK, MEANT])
def test_what_is_paled_is_made_of_ordinary_answers_and_is_none(recipe: Recipe) -> None:
    sizes, kinds, answers, paled = batch_of(recipe)
    of_each = [kind for size, kind in zip(sizes, kinds, strict=True) for _circle in range(size)]
    assert len(answers) == len(paled) == len(of_each) == sum(recipe.batch) + recipe.rests
    assert sum(paled) == recipe.rests
    for kind, answer, rest in zip(of_each, answers, paled, strict=True):
        assert answer == (kind in ANSWERS and not rest)
        assert kind == ORDINARY or not rest

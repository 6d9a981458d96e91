"""What the network learns from: nothing that is withheld, and the very patches that it is shown when it reads."""

from __future__ import annotations

import numpy as np
import pytest

from bench import learn_struck
from bench.other_hands.conditions import CONDITIONS as OTHER_CONDITIONS
from bench.other_hands.conditions import WITHHELD
from bench.strikes import OTHERS, REHEARSED
from bench.struck_network import AMONG_STRIKES, ORDINARY, STRUCK_OUT, Examples
from scanning import struck
from scanning.network import CELLS, DARKEST
from scanning.rehearsal.conditions import CONDITIONS

KNOWN = {"rehearsal": set(CONDITIONS), "other_hands": set(OTHER_CONDITIONS) - WITHHELD}


def test_no_withheld_condition_is_learned_from() -> None:
    every = learn_struck.plays(1.0)
    assert all(name in KNOWN[play] for _kind, play, name, _pages, _seed in every)
    assert {name for kind, _play, name, _pages, _seed in every if "strikes" in kind} <= {*REHEARSED, *OTHERS}
    assert len({(kind, play, name) for kind, play, name, _pages, _seed in every}) == len(every)


@pytest.mark.parametrize(
    ("kind", "play", "name", "answers"),
    [("busy strikes", "rehearsal", "clean_scan", AMONG_STRIKES), ("busy hands", "other_hands", "crossers", ORDINARY)],
)
def test_a_play_gives_the_patches_that_the_network_is_shown(
    kind: str, play: str, name: str, answers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(struck, "look", learn_struck.remembering)
    found = learn_struck.played((kind, play, name, 4, 3))
    assert set(found.kinds) == {answers, STRUCK_OUT}
    assert found.patches.shape == found.prints.shape == (len(found.kinds), CELLS, CELLS)
    assert 0 <= found.patches.min() <= found.patches.max() <= DARKEST
    middle = slice(CELLS // 2 - 3, CELLS // 2 + 3)
    assert np.all(found.patches[:, middle, middle].max(axis=(1, 2)) > found.prints[:, middle, middle].max(axis=(1, 2)))


def test_examples_of_nothing_are_none_and_join_others() -> None:
    nothing = Examples.of([], [], [])
    some = Examples.of([np.zeros((CELLS, CELLS))], [np.ones((CELLS, CELLS))], [ORDINARY])
    assert len(nothing.kinds) == 0
    assert len(Examples.all([nothing, some, some]).kinds) == 2

"""What the network of scanning/meant learns from: nothing that is withheld, no play twice, and the very patches that it is shown when it reads."""

from __future__ import annotations

import numpy as np
import pytest

from bench import learn_meant
from bench.other_hands.conditions import CONDITIONS as OTHER_CONDITIONS
from bench.other_hands.conditions import WITHHELD
from bench.struck_network import AMONG_STRIKES, ANSWERS, MEANT, NOTHING, ORDINARY, STRUCK_OUT, UNDONE
from scanning import meant
from scanning.network import CELLS, DARKEST
from scanning.rehearsal.conditions import CONDITIONS

KNOWN = {"rehearsal": set(CONDITIONS), "other_hands": set(OTHER_CONDITIONS) - WITHHELD}


def test_no_withheld_condition_is_learned_from_and_none_twice() -> None:
    every = learn_meant.all_plays(1.0)
    assert all(name in KNOWN[play] for _kind, play, name, _pages, _seed in every)
    assert len({(kind, play, name, seed) for kind, play, name, _pages, seed in every}) == len(every)
    seeds = {kind: {seed for each, *_rest, seed in every if each == kind} for kind in ("busy hands", "strikes", "busy strikes")}
    assert seeds == {"busy hands": {52, 53}, "strikes": {151, 153}, "busy strikes": {152, 154}}, (
        "none that the judges of what was learned play"
    )


@pytest.mark.parametrize(
    ("kind", "play", "name", "kinds"),
    [
        ("busy strikes", "rehearsal", "clean_scan", {AMONG_STRIKES, STRUCK_OUT}),
        ("busy hands", "other_hands", "crossers", {ORDINARY, STRUCK_OUT, UNDONE}),
        ("busy hands", "rehearsal", "one_bit", {ORDINARY, STRUCK_OUT, UNDONE}),
    ],
)
def test_a_play_gives_the_patches_that_the_network_is_shown(
    kind: str, play: str, name: str, kinds: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meant, "look", learn_meant.remembering)
    found = learn_meant.played((kind, play, name, 12, 3))
    assert kinds <= set(found.kinds) <= kinds | {NOTHING}
    assert found.patches.shape == found.prints.shape == (len(found.kinds), CELLS, CELLS)
    assert 0 <= found.patches.min() <= found.patches.max() <= DARKEST
    middle = slice(CELLS // 2 - 3, CELLS // 2 + 3)
    answers = np.isin(found.kinds, ANSWERS)
    ink = (found.patches - found.prints)[answers][:, middle, middle].max(axis=(1, 2))
    assert np.mean(ink > 0.1) > 0.98


def test_every_kind_of_circle_has_its_share_of_a_batch() -> None:
    assert len(MEANT.batch) == NOTHING + 1
    assert all(MEANT.batch)
    assert 0.4 < sum(MEANT.batch[kind] for kind in ANSWERS) / sum(MEANT.batch) < 0.7

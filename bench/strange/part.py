"""What one process does at a time, as in bench/other_hands; a new process that looks for it here learns the names of these conditions as well."""

from __future__ import annotations

from pathlib import Path

from bench.other_hands import part as usual
from bench.other_hands.judge import Tally
from bench.strange.conditions import CONDITIONS


def part(name: str, seed: int, first: int, count: int, save: Path | None) -> tuple[str, Tally]:
    """The tally of `count` pictures of a condition from number `first` on."""
    assert name in CONDITIONS, name
    return usual.part(name, seed, first, count, save)

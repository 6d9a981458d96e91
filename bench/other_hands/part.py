"""A few pictures of a condition, drawn, read and judged: what one process does at a time. A module of its own, since a new process does not find what stands in __main__."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2

from bench.other_hands.judge import Tally, judge_pictures
from bench.other_hands.sheets import PrintRoom


def part(name: str, seed: int, first: int, count: int, save: Path | None) -> tuple[str, Tally]:
    """The tally of `count` pictures of a condition from number `first` on."""
    from scanning.page import read_page

    return name, judge_pictures(name, seed, range(first, first + count), room(), read_page, save)


@lru_cache(maxsize=1)
def room() -> PrintRoom:
    """The sheets that this process prints."""
    cv2.setNumThreads(1)
    return PrintRoom()

"""When Python looks for rings of objects that nobody holds: seldom. cli.py asks for it at the start, records/workers in each process.

The start makes a quarter of a million objects that all stay, and a page some thousands that go by themselves; looking through them again and again took a tenth
of a day's post and a fifth of the start (docs/measured.md). Rings are few and small here: pictures lie in none.
"""

from __future__ import annotations

import gc

YOUNG, MIDDLING, OLD = (
    50_000,
    20,
    20,
)  # new objects until the young are looked through (Python: 700), looks until the older (10), and until all (10)


def seldom() -> None:
    """Let this process look for rings only after many new objects."""
    gc.set_threshold(YOUNG, MIDDLING, OLD)

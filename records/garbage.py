"""When Python looks for rings of objects that nobody holds: seldom. cli.py asks for it at the start, records/workers in each process of the program's own.

The start makes a quarter of a million objects that all stay, and a page some thousands that go by themselves; looking through them again and again took a
seventeenth of the processor time of 200 pages and a fifth of the start's (docs/measured.md). Rings are few and small here: pictures lie in none. Processes of a
Dask cluster are their owner's, and are left as they are.
"""

from __future__ import annotations

import gc

YOUNG = 50_000  # new objects until the young are looked through; Python: 700
MIDDLING = 20  # such looks until the older are, too; Python: 10
OLD = 20  # and such looks until all are; Python: 10


def seldom() -> None:
    """Let this process look for rings only after many new objects."""
    gc.set_threshold(YOUNG, MIDDLING, OLD)

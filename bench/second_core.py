"""What a second process can bring on this machine at all: its second core may be half of the first, or somebody else's. `python -m bench.second_core`.

Two plain loops at once against one alone: 2.00 where the cores are the program's own, less where they share a core's units, its cache or its warmth.
A ratio of "two processes" tells of a program only beside this one, taken in the same minutes.
"""

from __future__ import annotations

import multiprocessing
import sys
import time

LOOPS, TURNS = 15_000_000, 4


def _busy(loops: int) -> int:
    total = 0
    for each in range(loops):
        total += each
    return total


def two_against_one(turns: int = TURNS, loops: int = LOOPS) -> float:
    """How much more two busy processes get done by the clock than one: the quickest of so many turns of each."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(_busy, [1, 1])  # both are there
        alone, both = zip(*((_seconds(pool, [loops]), _seconds(pool, [loops, loops])) for _turn in range(turns)), strict=True)
    return 2 * min(alone) / min(both)


def _seconds(pool: multiprocessing.pool.Pool, work: list[int]) -> float:
    begun = time.perf_counter()
    pool.map(_busy, work, chunksize=1)
    return time.perf_counter() - begun


def told() -> str:
    """One line of a table."""
    return (
        f"two plain loops at once on this machine: {two_against_one():.2f} times one alone; no program can gain more from a second process"
    )


def main() -> None:
    """Print what two loops gain."""
    sys.stdout.write(told() + "\n")


if __name__ == "__main__":
    main()

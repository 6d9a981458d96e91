"""How much memory a command held: the system's own figure for a child that has ended also counts what this program held when it began it.

    with watching(process.pid) as peak: process.communicate()

reads `/proc` from a thread, so that waiting is not disturbed; where there is no `/proc` the peak stays 0.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

LOOK_SECONDS = 0.02


@dataclass(slots=True)
class Peak:
    """The most that the process, or one of its children, held, in megabytes."""

    megabytes: float = 0.0


@contextmanager
def watching(process: int) -> Iterator[Peak]:
    """Look at a process and all below it until the block ends."""
    peak, ended = Peak(), threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_SECONDS):
            peak.megabytes = max(peak.megabytes, largest_megabytes(process))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def largest_megabytes(process: int) -> float:
    """The most that this process or one of its children has held so far."""
    peaks = [0.0]
    with suppress(OSError):
        status = Path(f"/proc/{process}/status").read_text()
        peaks += [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")]
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        peaks += [largest_megabytes(int(child)) for child in children]
    return max(peaks)

"""What a worker process does: frames of a kept original, read one after the other with a book of its own.

scanning/batch prepares workers and hands them tasks; nothing here writes. Tasks and results are small and picklable: paths, never pictures.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from records.database import Database
from records.errors import PoshtaError
from records.home import attach
from records.language import set_language
from scanning.book import DeskBook
from scanning.filing import FrameSeen
from scanning.intake import Frame, Limits, Refused, frames
from scanning.verdict import Grey, PageBook, PageState, PageVerdict

Reader = Callable[[Grey, PageBook], list[PageVerdict]]


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is asked: frames of one kept original."""

    original: str
    name: str
    frames: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Tools:
    """What a worker process holds between tasks."""

    database: Database
    book: PageBook
    limits: Limits
    reader: Reader


def prepare_worker(home: Path, language: str, limits: Limits, reader: Reader) -> None:
    """Make this process ready for `read_frames`: language, book and reader; pictures are decoded on one thread."""
    import cv2

    if multiprocessing.parent_process() is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the desk's own process decides what Ctrl-C means
    cv2.setNumThreads(1)
    set_language(language)
    desk = attach(home)
    _tools.append(_Tools(desk.database, DeskBook(desk.database, desk.keys()), limits, reader))


_tools: list[_Tools] = []


def read_frames(task: Task) -> list[FrameSeen]:
    """Read the frames of `task`, in a process that `prepare_worker` has made ready."""
    tools = _tools[-1]
    results = []
    begun = time.perf_counter()
    for frame in frames(Path(task.original), tools.limits, task.name, task.frames):
        sheets, refused = ((), frame) if isinstance(frame, Refused) else (_sheets(frame, tools), None)
        ended = time.perf_counter()
        results.append(FrameSeen(frame.number, round((ended - begun) * 1000), sheets, refused))
        begun = ended
    return results


def _sheets(frame: Frame, tools: _Tools) -> tuple[PageVerdict, ...]:
    """The sheets of one frame; a fault of the reader is a page that nobody could read, not the end of the batch."""
    try:
        sheets = tuple(tools.reader(frame.image, tools.book))
    except PoshtaError:
        raise
    except Exception as fault:  # noqa: BLE001 - one page must not cost the others; its reason names the fault
        return (PageVerdict(PageState.UNREADABLE, f"fault_{type(fault).__name__}"),)
    return sheets or (PageVerdict(PageState.UNREADABLE, "nothing_found"),)


def put_down_tools() -> None:
    """Close what `prepare_worker` opened in this process."""
    while _tools:
        _tools.pop().database.close()


def page_reader() -> Reader:
    """The reader of the program."""
    from scanning.page import read_page

    return read_page

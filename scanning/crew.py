"""What a worker process does: frames of a kept original, read one after the other with a book of its own.

scanning/batch hires a `Crew` and hands it tasks; nothing here writes. Tasks and results are small and picklable: paths, never pictures. A worker
process that dies costs no batch: its tasks are read again, frame by frame in a process of their own, and what kills that too is refused by name.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from records.database import Database
from records.errors import PoshtaError
from records.home import attach
from records.language import set_language
from records.workers import workers
from scanning.alarms_look import look
from scanning.book import DeskBook
from scanning.filing import FrameSeen
from scanning.intake import Frame, Limits, Refused, frames, refuse
from scanning.thresholds import THRESHOLDS, Thresholds
from scanning.verdict import Colour, Grey, PageBook, PageState, PageVerdict, fault


class Reader(Protocol):
    """Reads the sheets in a picture, in the shape of scanning.page.read_page."""

    def __call__(self, image: Grey, book: PageBook, *, colour: Colour | None = None) -> list[PageVerdict]:
        """The verdict on every sheet; at least one."""
        ...


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


Arguments = tuple[Path, str, Limits, Reader]


class TookTooLong(Exception):
    """Raised into the reader when a picture has used up its processor time."""


class Crew:
    """Workers that read tasks; used in a `with` block. `arguments` are those of `prepare_worker`; `count` 1 reads in this process.

    With `cluster`, the address of a Dask scheduler, workers are on other machines. `ahead` is how many loads of tasks keep everybody busy.
    """

    def __init__(self, count: int, arguments: Arguments, cluster: str = "") -> None:
        self.ahead = 1 if count <= 1 else 2 * count
        self._count = count
        self._cluster = cluster
        self._arguments = arguments
        self._hired = ExitStack()

    def __enter__(self) -> Self:
        self._hire()
        return self

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._hired.__exit__(kind, failure, trace)
        finally:
            put_down_tools()

    def _hire(self) -> None:
        if not self._cluster:
            self._pool: Executor = self._hired.enter_context(workers(self._count, prepare_worker, self._arguments))
            return
        from records.cluster import cluster

        hired = self._hired.enter_context(cluster(self._cluster, self._arguments[0], prepare_worker, self._arguments))
        self._pool, self.ahead = hired, 2 * hired.size

    def submit(self, tasks: Sequence[Task]) -> Future[list[list[FrameSeen]]]:
        """Have `tasks` read by one worker; ask `result` for what was seen."""
        try:
            return self._pool.submit(read_tasks, tasks)
        except BrokenProcessPool:
            self._hired.close()
            self._hire()
            return self._pool.submit(read_tasks, tasks)

    def result(self, tasks: Sequence[Task], future: Future[list[list[FrameSeen]]]) -> list[list[FrameSeen]]:
        """What was seen on the frames of each of `tasks`, in their order."""
        try:
            return future.result()
        except BrokenExecutor:
            return [[self._alone(replace(task, frames=(number,))) for number in task.frames] for task in tasks]

    def _alone(self, task: Task) -> FrameSeen:
        """One frame in a process of its own; refused where that dies twice: the first time it may be the machine's fault."""
        for _attempt in range(2):
            with suppress(BrokenProcessPool), workers(1, prepare_worker, self._arguments, apart=True) as lone:
                (seen,) = lone.submit(read_frames, task).result()
                return seen
        (number,) = task.frames
        return FrameSeen(number, 0, refused=refuse(task.name, "worker_died", self._arguments[2], number))


def prepare_worker(home: Path, language: str, limits: Limits, reader: Reader) -> None:
    """Make this process ready for `read_frames`: language, book and reader; pictures are decoded on one thread."""
    import cv2

    put_down_tools()
    if multiprocessing.parent_process() is not None and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the desk's own process decides what Ctrl-C means
    cv2.setNumThreads(1)
    set_language(language)
    desk = attach(home)
    _tools.append(_Tools(desk.database, DeskBook(desk.database, desk.keys()), limits, reader))


_tools: list[_Tools] = []


def read_tasks(tasks: Sequence[Task]) -> list[list[FrameSeen]]:
    """Read the frames of several tasks, one after the other."""
    return [read_frames(task) for task in tasks]


def read_frames(task: Task) -> list[FrameSeen]:
    """Read the frames of `task`, in a process that `prepare_worker` has made ready."""
    tools = _tools[-1]
    results = []
    begun = time.perf_counter()
    for frame in frames(Path(task.original), tools.limits, task.name, task.frames):
        sheets, refused = ((), frame) if isinstance(frame, Refused) else (_sheets(frame, tools), None)
        glance = None if isinstance(frame, Refused) else look(frame.image, frame.dpi)
        ended = time.perf_counter()
        results.append(FrameSeen(frame.number, round((ended - begun) * 1000), sheets, refused, glance))
        begun = ended
    return results


def _sheets(frame: Frame, tools: _Tools) -> tuple[PageVerdict, ...]:
    """The sheets of one frame; a fault of the reader is a page that nobody could read, not the end of the batch."""
    try:
        with _within(tools.limits.seconds):
            sheets = tuple(tools.reader(frame.image, tools.book, colour=frame.colour))
    except PoshtaError:
        raise
    except TookTooLong:
        return (PageVerdict(PageState.UNREADABLE, "took_too_long"),)
    except Exception as failure:  # noqa: BLE001 - one page must not cost the others; its reason names the fault
        return (PageVerdict(PageState.UNREADABLE, fault(failure)),)
    return sheets or (PageVerdict(PageState.UNREADABLE, "nothing_found"),)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise TookTooLong once this process has worked so long on the block; where the system has no such timer, at the block's end."""
    timer = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    begun = time.process_time()
    before = signal.signal(signal.SIGPROF, _too_long) if timer else None
    try:
        if timer:
            signal.setitimer(signal.ITIMER_PROF, seconds)
        yield
    finally:
        if timer:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
    if time.process_time() - begun > seconds:
        raise TookTooLong


def _too_long(_signal: int, _where: object) -> None:
    raise TookTooLong


def put_down_tools() -> None:
    """Close what `prepare_worker` opened in this process."""
    while _tools:
        _tools.pop().database.close()


def page_reader(thresholds: Thresholds = THRESHOLDS) -> Reader:
    """The reader of the program, judging by these thresholds."""
    from scanning.page import read_page

    return partial(read_page, thresholds=thresholds)

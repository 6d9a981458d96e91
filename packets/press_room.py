"""The press room: draws packets and writes their files, in this process and in helpers beside it.

packets/bundle brings tasks in and keeps the rows of what comes out; nothing here opens the database. Page ids are derived and fixed pages are drawn
once, so that the bytes do not depend on who drew a packet.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from packets.archive import NewPage, Sealed
from packets.assignment import Assignment
from packets.orders import Order
from packets.planning import Job, Task
from packets.verdicts import Outcome
from packets.workshop import Drawn, Fixed, Workshop
from records.files import digest, write_each
from records.home import Home
from records.workers import SerialExecutor, workers

P = ParamSpec("P")
T = TypeVar("T")

FOLDER = "packets"
APART = "anew"  # in a week's folder: files whose packets have rows already; packets/rebuilt_files puts them into their places
AHEAD = 2  # tasks that lie with a helper: the one in its hands, and the next


@dataclass(frozen=True, slots=True)
class Pressed:
    """A packet whose file is written: the path of its PDF relative to the home, the SHA-256 of its bytes, its pages.

    Without a path nothing was written: another version of the program printed the packet otherwise, and paper drawn now would be read by the older layout.
    """

    path: str
    digest: str
    pages: tuple[NewPage, ...]


class PressRoom:
    """This process's press, and the helpers to whom it hands as many tasks as they can take; the others it does itself.

    Each helper is a pool of one process: what is sent to it reaches it, and where it dies, the others go on.
    """

    def __init__(self, home: Path, workshop: Workshop, pools: Sequence[Executor]) -> None:
        self._home, self._workshop = home, workshop
        self._numbers: dict[Assignment, int] = {}
        self._helpers: dict[Executor, list[Future[list[Pressed]]]] = {pool: [] for pool in pools}  # with the tasks that lie there
        for pool in pools:
            self._handed(pool, _arrive)

    def share(self) -> None:
        """Hand the fixed pages that the workshop has drawn to the helpers, before the first task."""
        drawn = self._workshop.drawn
        self._numbers = {each.assignment: number for number, each in enumerate(drawn)}
        for pool in list(self._helpers):
            self._handed(pool, _open_helper, self._home, drawn)

    def press(self, task: Task) -> Future[list[Pressed]]:
        """Begin a task: it lies with a helper who has too little to do, else it is done on return."""
        for pool, lying in list(self._helpers.items()):
            lying[:] = [future for future in lying if not future.done()]
            if len(lying) < AHEAD and (begun := self._handed(pool, press_parcel, _parcel(task, self._numbers))):
                lying.append(begun)
                return begun
        return SerialExecutor().submit(press_here, self._home, self._workshop, task)

    def pressed(self, task: Task, begun: Future[list[Pressed]]) -> list[Pressed]:
        """What came of a task; where its helper died, from outside or for want of memory, it is done in this process."""
        try:
            return begun.result()
        except BrokenProcessPool:
            return press_here(self._home, self._workshop, task)

    def _handed(self, pool: Executor, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> Future[T] | None:
        try:
            return pool.submit(work, *given, **named)
        except BrokenProcessPool:
            self._helpers.pop(pool, None)
            return None


@contextmanager
def press_room(home: Home, workshop: Workshop, helpers: int) -> Iterator[PressRoom]:
    """A press room with so many processes besides this one; they start while this one goes on to draw the fixed pages."""
    with ExitStack() as doors:
        yield PressRoom(home.path, workshop, [doors.enter_context(workers(1, apart=True)) for _helper in range(helpers)])


def press_here(home: Path, workshop: Workshop, task: Task) -> list[Pressed]:
    """Draw and write every packet of the task, in its order."""
    made: list[Pressed] = []

    def files() -> Iterator[tuple[Path, bytes]]:
        for job in task.jobs:
            drawn = _drawn(workshop, task, job)
            made.append(_pressed(job, drawn))
            if made[-1].path:
                yield home / lying_path(job, made[-1].digest), drawn.pdf

    write_each(files())
    return made


def pdf_path(order: Order) -> str:
    """Where a packet's PDF stands, relative to the home."""
    return f"{FOLDER}/{order.week}/{order.learner.kato}/{order.packet}.pdf"


def written_path(job: Job) -> str:
    """Where a job's PDF belongs, relative to the home: one that is drawn again stands where it stood."""
    return pdf_path(job.order) if job.outcome is not Outcome.REDRAWN or job.before is None else job.before.pdf


def lying_path(job: Job, pdf_digest: str) -> str:
    """Where a job's PDF is written first, relative to the home: one that rows name stays until those of the new one are kept."""
    return written_path(job) if job.before is None else f"{FOLDER}/{job.order.week}/{APART}/{job.order.packet}+{pdf_digest}.pdf"


def _drawn(workshop: Workshop, task: Task, job: Job) -> Drawn:
    pupil = job.order.learner.code
    ids = tuple(page.id for page in job.sealed)
    return workshop.draw(job.order, job.issue, job.key, task.told.get(pupil, ()), task.awaited.get(pupil, ()), ids)


def _pressed(job: Job, drawn: Drawn) -> Pressed:
    if job.outcome is Outcome.REDRAWN and tuple(Sealed(page.id, page.layout) for page in drawn.pages) != job.sealed:
        return Pressed("", "", ())
    return Pressed(written_path(job), digest(drawn.pdf), drawn.pages)


@dataclass(frozen=True, slots=True)
class _Helper:
    """What a helper has: the desk's folder, a workshop, and the assignments by their numbers in parcels."""

    home: Path
    workshop: Workshop
    assignments: Sequence[Assignment]


_opened: list[_Helper] = []  # in a helper: itself


def _open_helper(home: Path, drawn: Sequence[Fixed]) -> None:
    _opened[:] = [_Helper(home, Workshop(drawn), [each.assignment for each in drawn])]


def _arrive() -> None:
    """What a helper is asked first: to find this, it reads in all that it needs."""


def press_parcel(parcel: bytes) -> list[Pressed]:
    """Do a task that was sent to this helper."""
    (helper,) = _opened
    task = _Unpacking(io.BytesIO(parcel), helper.assignments).load()
    return press_here(helper.home, helper.workshop, task)


def _parcel(task: Task, numbers: Mapping[Assignment, int]) -> bytes:
    """A task as it is sent to a helper: assignments, the greater part of it, go by their numbers."""
    parcel = io.BytesIO()
    _Packing(parcel, numbers).dump(task)
    return parcel.getvalue()


class _Packing(pickle.Pickler):
    def __init__(self, file: io.BytesIO, numbers: Mapping[Assignment, int]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._numbers = numbers

    def persistent_id(self, obj: Any) -> int | None:
        return self._numbers.get(obj) if isinstance(obj, Assignment) else None


class _Unpacking(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, assignments: Sequence[Assignment]) -> None:
        super().__init__(file)
        self._assignments = assignments

    def persistent_load(self, pid: Any) -> Assignment:
        number: int = pid
        return self._assignments[number]

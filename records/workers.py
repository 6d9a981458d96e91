"""Workers behind the shape of concurrent.futures.Executor: in this process, or in several. A cluster takes the same shape in records.cluster.

Tasks are module-level functions with small picklable arguments (paths rather than pictures).
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, ParamSpec, TypeVar

from records import garbage
from records.errors import UsageRefused
from records.language import _, current_language, set_language
from records.threads import THREADS

P = ParamSpec("P")
T = TypeVar("T")
MOST = 256  # processes


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does long work: so many processes, or the cluster whose scheduler has an address."""

    count: int = 1
    cluster: str = ""

    @classmethod
    def of(cls, said: str, otherwise: int) -> Hands:
        """What --workers says: a number, 0 for `otherwise`, or dask:ADDRESS; raises UsageRefused for all else."""
        kind, _colon, address = said.strip().partition(":")
        if kind == "dask" and address:
            return cls(cluster=address)
        if kind.isdecimal() and not address and int(kind) <= MOST:
            return cls(int(kind) or otherwise)
        raise UsageRefused(
            _("«{value}» does not say who is to work.").format(value=said),
            _("Give --workers a number of processes up to {most}, or dask:ADDRESS as in dask:tcp://host:8786.").format(most=MOST),
        )


class SerialExecutor(Executor):
    """Runs each task at once, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` now; its result or exception is in the future."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as failure:  # noqa: BLE001 - an executor hands every failure to whoever asks for the result
            future.set_exception(failure)
        return future


@contextmanager
def workers(
    count: int, initializer: Callable[..., None] | None = None, arguments: tuple[Any, ...] = (), apart: bool = False
) -> Iterator[Executor]:
    """An executor of `count` processes (1: this process, unless `apart`); each runs `initializer(*arguments)` once before its first task.

    Left by an exception (Ctrl-C too), it lets running tasks end and drops the waiting ones.
    """
    if count <= 1 and not apart:
        if initializer is not None:
            initializer(*arguments)
        yield SerialExecutor()
        return
    prepared = (current_language(), initializer, arguments)
    with _one_thread_each():
        pool = ProcessPoolExecutor(max(1, count), _Spawned(), _begin, prepared)
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        pool.shutdown()


class _Deaf(SpawnProcess):
    """A process that Ctrl-C does not reach from its first moment: until it has read in Python it could not say that it leaves that to its parent."""

    def start(self) -> None:
        """Start it with SIGINT held back, which it inherits; for this process the signal waits those few milliseconds."""
        if sys.platform == "win32":
            super().start()
            return
        resource_tracker.ensure_running()  # which would let the signal through, were it started on the way
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Spawned(SpawnContext):
    """How a pool makes its processes."""

    Process = _Deaf


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started within calculate on one thread each, unless the user says otherwise: several would only wait for each other."""
    added = [name for name in THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(added, "1"))
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def _begin(language: str, initializer: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    """A worker speaks the language of the desk, looks for garbage as seldom as it, leaves Ctrl-C to the process that gave it work, and ends with it, however that one ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    garbage.seldom()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    set_language(language)
    if initializer is not None:
        initializer(*arguments)


def _end_with_parent() -> None:
    """Wait for the death of the process that gave work: a killed one tells nobody, and its workers would wait for it for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)

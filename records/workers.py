"""Workers behind the shape of concurrent.futures.Executor: in this process, or in several. A cluster takes the same shape later.

Tasks are module-level functions with small picklable arguments (paths rather than pictures).
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


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
def workers(count: int, initializer: Callable[..., None] | None = None, arguments: tuple[Any, ...] = ()) -> Iterator[Executor]:
    """An executor of `count` processes (1: this process); each runs `initializer(*arguments)` once before its first task."""
    if count <= 1:
        if initializer is not None:
            initializer(*arguments)
        yield SerialExecutor()
        return
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), initializer, arguments) as pool:
        yield pool

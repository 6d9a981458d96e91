"""A Dask cluster behind the shape of concurrent.futures.Executor: the same functions, the same small arguments, on other machines.

scanning/crew hires it for `scan --workers dask:ADDRESS`. Every worker process sees to it once that it is fit for this desk (`Witness`): another
program, other keys, another database or a folder that is not shared would read pages otherwise, or not at all. Secrets never travel: workers find the desk's
folder where the desk has it, and its settings in it or in their own environment (docs/cluster.md). dask is imported only here, and only when asked for.
"""

from __future__ import annotations

import hashlib
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import uuid4

from sqlalchemy import select

from records.errors import Busy, PartMissing, PoshtaError, SettingsInvalid, UsageRefused
from records.files import scratch
from records.home import Home, attach
from records.keys import load_keys
from records.language import _, current_language, set_language
from records.schema import Act

P = ParamSpec("P")
T = TypeVar("T")
CONNECT_SECONDS = 15.0
LOOK_SECONDS = 5.0  # between two looks whether the cluster is still there
ABANDONED_SECONDS = 120.0  # without any worker
ROOMS = ("records", "packets", "scanning")  # what reading is made of
PARTS = ("*.py", "data/*.json", "data/*.onnx")  # and what of each: what is written, and what was learned
_one_at_a_time = threading.Lock()  # the libraries that open PDFs, and the books of pages, are not made for threads
_prepared: dict[str, bool] = {}


@dataclass(frozen=True, slots=True)
class Witness:
    """What a worker must see as the desk does: its program, the desk's keys, its database, and a file that is there only now."""

    program: str
    keys: str
    database: str
    probe: Path


@dataclass(frozen=True, slots=True)
class Preparation:
    """What every worker process does before its first task of this run."""

    run: str
    home: Path
    language: str
    witness: Witness
    initializer: Callable[..., None]
    arguments: tuple[Any, ...]


@contextmanager
def cluster(address: str, home: Path, initializer: Callable[..., None], arguments: tuple[Any, ...]) -> Iterator[ClusterExecutor]:
    """An executor on the cluster whose scheduler listens at `address` (tcp://host:8786), for the desk at `home`; each worker process runs `initializer(*arguments)` once.

    Raises PartMissing without dask, UsageRefused for what is no address, Busy where nobody answers or works there, SettingsInvalid where the desk is on
    SQLite. Left by an exception, it drops the tasks that wait.
    """
    here = home.resolve()
    desk = attach(here)
    try:
        if desk.database.is_sqlite:
            raise SettingsInvalid(
                _("A cluster needs a database on a server; this desk keeps its own in a file."),
                _("Set `database` to a PostgreSQL server (docs/cluster.md), or read with --workers and a number of processes."),
            )
        client = _connected(address)
        try:
            with scratch(here / "originals") as probe:
                witness = Witness(_program(), _keys(desk), _database(desk), probe)
                preparation = Preparation(uuid4().hex, here, current_language(), witness, initializer, arguments)
                yield ClusterExecutor(client, address, preparation)
        finally:
            client.close()
    finally:
        desk.close()


class ClusterExecutor(Executor):
    """Hands tasks to the cluster."""

    def __init__(self, client: Any, address: str, preparation: Preparation) -> None:
        self._client = client
        self._address = address
        self._preparation = preparation

    @property
    def size(self) -> int:
        """How many workers there are now, at least one."""
        return max(1, len(_workers(self._client)))

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `fn` called by a worker; its result, or what it raised, is in the future."""
        try:
            far = self._client.submit(perform, self._preparation, fn, args, kwargs, pure=False)
        except Exception as failure:  # dask raises many kinds where the scheduler is gone
            raise _gone(self._address) from failure
        return _Promise(self._client, self._address, far)


class _Promise(Future[T]):
    """A result that is on its way; asks now and then whether anybody is still working on it."""

    def __init__(self, client: Any, address: str, far: Any) -> None:
        super().__init__()
        self._client = client
        self._address = address
        self._far = far

    def result(self, timeout: float | None = None) -> T:
        """What the task answered; raises what it raised, BrokenExecutor where it ended several workers, Busy where the cluster is gone."""
        del timeout  # the cluster's patience rules
        lonely = 0.0
        while True:
            try:
                answer: T = self._far.result(timeout=LOOK_SECONDS)
                return answer
            except TimeoutError:
                lonely = 0.0 if self._client.status == "running" and _workers(self._client) else lonely + LOOK_SECONDS
                if self._client.status not in ("running", "connecting") or lonely >= ABANDONED_SECONDS:
                    raise _gone(self._address) from None
            except PoshtaError:
                raise
            except ImportError as missing:
                raise PartMissing(
                    _("A machine of the cluster does not have this program, or not all of it: {name} is missing.").format(
                        name=missing.name
                    ),
                    _("Install the same version there and start its worker in that folder (docs/cluster.md)."),
                ) from missing
            except BaseException as failure:
                raise _translated(failure, self._address) from failure

    def cancel(self) -> bool:
        """Have the task dropped if nobody has begun it."""
        if self._client.status == "running":
            self._far.cancel()
        return True


def perform(preparation: Preparation, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    """What a worker process of the cluster does with one task."""
    with _one_at_a_time:
        if preparation.run not in _prepared:
            set_language(preparation.language)
            _see_the_desk(preparation)
            preparation.initializer(*preparation.arguments)
            _prepared.clear()
            _prepared[preparation.run] = True
        return fn(*args, **kwargs)


def _see_the_desk(preparation: Preparation) -> None:
    """Raise SettingsInvalid where this process would not read as the desk does."""
    wanted, machine = preparation.witness, _machine()
    if wanted.program != _program():
        raise SettingsInvalid(
            _("The worker on {machine} runs another version of this program, or of Python or OpenCV.").format(machine=machine),
            _("Install the desk's version there, then start its workers anew."),
        )
    if not wanted.probe.exists():
        raise SettingsInvalid(
            _("The worker on {machine} does not see the desk's folder {folder}.").format(machine=machine, folder=preparation.home),
            _("Share the folder, under the same path, and start the worker again."),
        )
    desk = attach(preparation.home)
    try:
        if _keys(desk) != wanted.keys:
            raise SettingsInvalid(
                _("The worker on {machine} cannot read the desk's keys.").format(machine=machine),
                _("Run it as the user to whom {folder} belongs.").format(folder=desk.keys_folder),
            )
        if desk.database.is_sqlite or _database(desk) != wanted.database:
            raise SettingsInvalid(
                _("The worker on {machine} does not use the desk's database.").format(machine=machine),
                _("Write `database` into poshta.toml in the shared folder, or set POSHTA_DATABASE there too."),
            )
    finally:
        desk.close()


def _connected(address: str) -> Any:
    try:
        import distributed
    except ImportError as missing:
        raise PartMissing(
            _("Dask is not installed: {name} is missing.").format(name=missing.name),
            _("Install it: .venv/bin/python -m pip install --require-hashes -r requirements-cluster.lock"),
        ) from missing
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we say ourselves what is wrong
    try:
        make: Any = distributed.Client
        client = make(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except OSError as failure:  # TimeoutError among them
        raise _gone(address) from failure
    except (ValueError, TypeError, ImportError) as failure:
        raise UsageRefused(
            _("«{address}» is not the address of a Dask scheduler.").format(address=address), _("Write it as dask:tcp://host:8786.")
        ) from failure
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError:
        client.close()
        raise Busy(
            _("The cluster at {address} has no worker.").format(address=address), _("Start its workers and run the same command again.")
        ) from None
    return client


def _workers(client: Any) -> dict[str, Any]:
    found: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
    return found


def _translated(failure: BaseException, address: str) -> BaseException:
    """What the loss of workers or of the scheduler is called in this house."""
    kind = type(failure).__name__
    if kind == "KilledWorker":
        return BrokenExecutor("the task ended several workers")
    if "Cancelled" in kind or "Comm" in kind:
        return _gone(address)
    return failure


def _gone(address: str) -> Busy:
    return Busy(
        _("The cluster at {address} does not answer.").format(address=address),
        _(
            "Start its scheduler and workers, or read with --workers and a number of processes. What was finished is kept; the same command goes on."
        ),
    )


@lru_cache(maxsize=1)
def _program() -> str:
    """The digest of the rooms that read, with what they learned, and of what they calculate with, as this process met them first."""
    import cv2
    import numpy as np

    total = hashlib.sha256(f"{sys.version_info[:2]} {cv2.__version__} {np.__version__}".encode())
    house = Path(__file__).resolve().parents[1]
    for file in sorted(file for room in ROOMS for part in PARTS for file in (house / room).rglob(part)):
        total.update(file.relative_to(house).as_posix().encode() + file.read_bytes())
    return total.hexdigest()


def _keys(desk: Home) -> str:
    """A digest that only the same keys give."""
    return hashlib.sha256(b"".join(key.secret for key in load_keys(desk.keys_folder))).hexdigest()


def _database(desk: Home) -> str:
    """What tells this desk's database from another: its tables' version and the moment of its first act."""
    with desk.database.read() as session:
        first = session.scalar(select(Act.at).order_by(Act.id).limit(1))
    return f"{desk.database.version()} {first}"


def _machine() -> str:
    import platform

    return platform.node() or "?"

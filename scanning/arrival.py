"""Files as they come in: what each is, its digest, and its original kept, a few files ahead of whoever reads them.

scanning/batch goes through `arrivals`. Hashing, copying and waiting for the disk go on in threads beside the reading. What a file holds is not looked at
here, and no database.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from records.errors import Busy, NotAllowed, NotFound
from records.files import file_digest, keep_original
from scanning.intake import Limits, Unreadable, files_below, kind_of

THREADS = 4  # that wait for the disk; several at once are flushed to it together
AHEAD = 32  # files


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file of a batch: `place` counts them, `name` is the user's. `reason` says why it was not taken in, else `kept` is its original."""

    place: int
    name: str
    reason: str = ""
    digest: str = ""
    kept: Path = Path()
    size: int = 0


def arrivals(paths: Sequence[Path], originals: Path, limits: Limits) -> Iterator[Arrival]:
    """Every file of `paths`, in their order, folders with all that is in them; each with its original kept below `originals`, or the reason why not."""
    found = enumerate(each for path in paths for each in _files(path))
    pool = ThreadPoolExecutor(THREADS)
    line: deque[Future[Arrival]] = deque()
    try:
        while True:
            for place, (file, reason) in islice(found, AHEAD - len(line)):
                line.append(pool.submit(_taken_in, place, file, reason, originals, limits))
            if not line:
                return
            yield line.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _taken_in(place: int, file: Path, reason: str, originals: Path, limits: Limits) -> Arrival:
    name = str(file)
    if reason:
        return Arrival(place, name, reason)
    try:
        kind_of(file, limits)
        digest = _digest(file)
        kept = keep_original(originals, file, digest)
        return Arrival(place, name, "", digest, kept, kept.stat().st_size)
    except Unreadable as failure:
        return Arrival(place, name, failure.reason)
    except Busy:  # the other files need not wait for this one
        return Arrival(place, name, "changing")


def _digest(file: Path) -> str:
    """The file's digest; raises Unreadable where it is gone meanwhile, locked, or on a disk that fails: the other files need not suffer for it."""
    try:
        return file_digest(file)
    except NotFound:
        raise Unreadable("not_found") from None
    except NotAllowed:
        raise Unreadable("no_access") from None
    except OSError:
        raise Unreadable("broken_medium") from None


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """The files of one path with the reason why one cannot be taken in, if there is one."""
    if not path.exists():
        yield path, "not_found"
        return
    any_file = False
    for file in files_below(path):
        any_file = True
        yield file, ""
    if not any_file:
        yield path, "no_files"

"""Files that are there whole or not at all, and originals kept under the digest of their bytes.

An atomic write survives a killed process and a full disk: the old file stays until the new one is complete on the disk, and what was left
half-written is swept away by the next process that writes in that folder. It does not promise that a directory entry survives a power cut on
file systems that ignore fsync.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from pathlib import Path
from typing import IO

from records.errors import Busy, NoRoom, NotAllowed, NotFound
from records.language import _

CHUNK = 1 << 20
FLUSHING = 4  # threads that wait for the disk: a flush takes as long as a packet takes to draw
BEGUN = ".new-"  # how the name of a file begins that is not finished
FORGOTTEN_SECONDS = 3600.0  # on Windows, a younger one may be whole and about to get its name
HELD_OPEN = (32, 33)  # Windows: ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
_FORMAT = re.compile(r"\.[A-Za-z0-9]{1,5}")
_swept: set[Path] = set()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals about `path` into sentences: full disk, open elsewhere, no permission, not there."""
    try:
        yield
    except OSError as failure:
        if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom(
                _("There is no room on the disk to write {file}.").format(file=path),
                _("Nothing was half-written. Free some space and run the same command again."),
            ) from failure
        if getattr(failure, "winerror", None) in HELD_OPEN:
            raise Busy(
                _("Another program has {file} open.").format(file=path), _("Close it there and run the same command again.")
            ) from failure
        if isinstance(failure, PermissionError) or failure.errno == errno.EROFS:
            raise NotAllowed(
                _("This user may not read or write {file}.").format(file=path), _("Check who owns the file and its folder.")
            ) from failure
        if isinstance(failure, FileNotFoundError):
            raise NotFound(_("There is no file {file}.").format(file=path), _("Check the name and the folder.")) from failure
        if isinstance(failure, IsADirectoryError | NotADirectoryError | FileExistsError):
            raise NotAllowed(
                _("{file} cannot be used: a file stands where a folder is needed, or a folder where a file is.").format(file=path),
                _("Choose another name, or move what stands there."),
            ) from failure
        raise


@contextmanager
def atomic(path: Path, mode: int = 0o644, settled: bool = True) -> Iterator[IO[bytes]]:
    """A binary file to write to, which takes the place of `path` only when the block has ended well.

    Not `settled`, its name may be lost in a power cut until the caller has called `sync_folder`.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent.resolve())
        handle, name = _begin(path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
                Path(name).chmod(mode)
                if sys.platform != "win32":
                    Path(name).replace(path)  # while its lock still keeps another process from sweeping it away
            if sys.platform == "win32":
                Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        if settled:
            sync_folder(path.parent)


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """An empty file in `folder` that is gone when the block ends; a killed process's is swept away like a half-written one."""
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder.resolve())
        handle, name = _begin(folder)
    if sys.platform == "win32":
        os.close(handle)  # else nobody could rename the file
    try:
        yield Path(name)
    finally:
        if sys.platform != "win32":
            os.close(handle)
        Path(name).unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` to `path` whole or not at all."""
    with atomic(path, mode) as file:
        file.write(content)


def write_each(files: Iterable[tuple[Path, bytes]]) -> None:
    """Write each file whole or not at all, while the next is being made: waiting for the disk goes on in threads, and folders are flushed once, at the end.

    Raises what the first failing write raises; the others may be there or not.
    """
    begun: deque[Future[Path]] = deque()
    folders: set[Path] = set()
    with ThreadPoolExecutor(FLUSHING) as threads:
        for path, content in files:
            asked = copy_context()  # a refusal speaks the language of whoever asked
            begun.append(threads.submit(asked.run, _write_unsettled, path, content))
            if len(begun) > 2 * FLUSHING:
                folders.add(begun.popleft().result())
        folders.update(each.result() for each in begun)
    for folder in folders:
        sync_folder(folder)


def _write_unsettled(path: Path, content: bytes) -> Path:
    with atomic(path, settled=False) as file:
        file.write(content)
    return path.parent


def write_text(path: Path, content: str) -> None:
    """Write `content` to `path` in UTF-8, whole or not at all."""
    write_bytes(path, content.encode())


def remove(path: Path) -> bool:
    """Delete a file; answers whether it was there. Raises Busy where another program holds it open, NotAllowed where this user may not."""
    with explained(path):
        there = path.is_file()
        path.unlink(missing_ok=True)
    return there


def require_removable(path: Path) -> None:
    """Raise Busy or NotAllowed where `remove` of this file would do so now. It is left as it is."""
    with explained(path):
        path.replace(path)  # Windows refuses to name a file anew, by its own name too, that another program holds
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def digest(content: bytes) -> str:
    """The SHA-256 of `content` as 64 hexadecimal letters."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    """The SHA-256 of the file's bytes, read in pieces."""
    total = hashlib.sha256()
    with explained(path), path.open("rb") as file:
        while chunk := file.read(CHUNK):
            total.update(chunk)
    return total.hexdigest()


def original_path(folder: Path, content_digest: str, suffix: str) -> Path:
    """Where the original with that digest stands below `folder`; of the end of a name only what a format is called is kept, for a name may end in a person's."""
    plain = suffix.lower() if _FORMAT.fullmatch(suffix) else ""
    return folder / content_digest[:2] / f"{content_digest}{plain}"


def keep_original(folder: Path, source: Path, content_digest: str) -> Path:
    """Copy `source` below `folder` under its digest, unless it is there already; answers where it stands.

    Raises Busy, and keeps nothing, where the bytes that were copied are not those of the digest: somebody is still writing the file.
    """
    target = original_path(folder, content_digest, source.suffix)
    if not target.exists():
        copied = hashlib.sha256()
        with explained(source), source.open("rb") as incoming, atomic(target) as kept:
            while chunk := incoming.read(CHUNK):
                copied.update(chunk)
                kept.write(chunk)
            if copied.hexdigest() != content_digest:
                raise Busy(
                    _("{file} changed while it was being read.").format(file=source.name),
                    _("Wait until it has been copied or scanned to its end, then run the same command again."),
                )
    return target


def _begin(folder: Path) -> tuple[int, str]:
    """A new file in `folder` that only this process writes to: its handle and name. The lock goes with the process, however that ends."""
    while True:
        handle, name = tempfile.mkstemp(prefix=BEGUN, dir=folder)
        with suppress(OSError):  # a file system without locks
            _lock(handle)
        if Path(name).exists():  # not swept away between its making and its lock
            return handle, name
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what killed processes have left half-written in `folder`: once in the life of this process."""
    if folder in _swept:
        return
    _swept.add(folder)
    for left in folder.glob(f"{BEGUN}*"):
        with suppress(OSError):  # a living process is writing it
            _remove_if_free(left)


def _remove_if_free(left: Path) -> None:
    if sys.platform == "win32":
        if time.time() - left.stat().st_mtime > FORGOTTEN_SECONDS:
            left.unlink()  # refused while it is open anywhere
        return
    with left.open("rb") as file:
        _lock(file.fileno(), wait=False)
        left.unlink()


def _lock(handle: int, wait: bool = True) -> None:
    """Lock an open file until it is closed; not on Windows, where an open file cannot be removed anyway."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


def sync_folder(folder: Path) -> None:
    """Ask the system to keep the names in `folder` through a power cut, where it can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

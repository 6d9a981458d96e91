"""One encrypted file that holds a stream of any length: the age format (https://age-encryption.org/v1) through the library pyrage.

A vault is a plain tar of three files: READ-ME.txt, which tells how to open it without this program; identity.age, a fresh age identity under the
passphrase (scrypt); content.age, the stream, encrypted to that identity. Every byte outside the two age files is either sealed by READ-ME.txt's last
line or can be only one thing, so that any changed byte is noticed. What the stream means is told in records/backup_archive.
"""

from __future__ import annotations

import hashlib
import os
import re
import tarfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pyrage

from records.errors import InputRefused, IntegrityFailed
from records.files import explained
from records.language import N_, _, translate

READ_ME, IDENTITY, CONTENT = "READ-ME.txt", "identity.age", "content.age"
BLOCK = tarfile.BLOCKSIZE
LARGEST_HEAD = 1 << 20  # bytes of READ-ME.txt or identity.age that are read into memory
SEAL = re.compile(rb"(.*\n)sha256: ([0-9a-f]{64})\n", re.DOTALL)
INSTRUCTIONS = N_(
    "A backup of a desk of Poshta Mektebi. It is opened by `poshta backup restore`, or without it by tar and age (https://age-encryption.org), "
    "with the passphrase: unpack this file, then `age -d -i identity.age content.age`; what comes out is a tar of the desk's files."
)


class _Pulled:
    """Pieces of bytes as a file that pyrage reads from; keeps what went wrong, which pyrage would turn into its own words."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._left = iter(pieces), b""
        self.failure: BaseException | None = None

    def read(self, size: int) -> bytes:
        """At most `size` bytes, none at the end."""
        try:
            while not self._left:
                self._left = next(self._pieces)
        except StopIteration:
            return b""
        except BaseException as failure:
            self.failure = failure
            raise
        given, self._left = self._left[:size], self._left[size:]
        return given


class _Pushed:
    """A file that pyrage writes to; keeps what went wrong."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.failure: BaseException | None = None

    def write(self, content: bytes) -> int:
        """Write all of `content`."""
        try:
            self._file.write(content)
        except BaseException as failure:
            self.failure = failure
            raise
        return len(content)

    def flush(self) -> None:
        """Nothing: whoever gave the file flushes it."""


def write_vault(file: IO[bytes], pieces: Iterable[bytes], passphrase: str) -> None:
    """Write a vault of `pieces` to an empty seekable file; memory stays flat whatever their length. Raises what `pieces` and `file` raise."""
    identity, locked = _fresh(passphrase)
    for name, content in ((READ_ME, _read_me(locked)), (IDENTITY, locked)):
        file.write(_header(name, len(content)) + content + _padding(len(content)))
    place = file.tell()
    file.write(bytes(BLOCK))
    _encrypt(pieces, file, identity)
    size = file.tell() - place - BLOCK
    file.write(_padding(size) + bytes(2 * BLOCK))
    file.seek(place)
    file.write(_header(CONTENT, size))


@contextmanager
def opened_vault(path: Path, passphrase: str) -> Iterator[IO[bytes]]:
    """The stream of the vault at `path`, to be read once and in order, as far as one likes.

    Only when the block ends is the whole known to be what was written: IntegrityFailed is raised then, or earlier, for any byte that is changed, missing
    or added. Raises InputRefused for a wrong passphrase.
    """
    with explained(path), path.open("rb") as file:
        locked, start, size = _outline(file, path)
        identity = _unlock(locked, passphrase, path)
        file.seek(start)
        with _decrypting(_Slice(file, size), identity, path) as stream:
            yield stream


def damaged(path: Path) -> IntegrityFailed:
    """What is said of a backup that is not what was written."""
    return IntegrityFailed(
        _("{file} is damaged, cut short, or no backup of this program.").format(file=path.name),
        _("Nothing was taken from it. Copy it again from where it was kept, or use an earlier backup."),
        code="backup_damaged",
    )


def _fresh(passphrase: str) -> tuple[Any, bytes]:
    """A new identity, and its file under the passphrase; takes about a second on purpose."""
    identity = pyrage.x25519.Identity.generate()
    return identity, pyrage.passphrase.encrypt(str(identity).encode(), passphrase)


def _encrypt(pieces: Iterable[bytes], file: IO[bytes], identity: Any) -> None:
    source, target = _Pulled(pieces), _Pushed(file)
    try:
        pyrage.encrypt_io(source, target, [identity.to_public()])
    except pyrage.EncryptError as failure:
        raise source.failure or target.failure or failure from None


def _unlock(locked: bytes, passphrase: str, path: Path) -> Any:
    """The identity; its file is sealed, so that only a wrong passphrase can fail here."""
    try:
        return pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(locked, passphrase).decode().strip())
    except pyrage.DecryptError:
        raise InputRefused(
            _("The passphrase does not open {file}.").format(file=path.name),
            _("The file itself is whole so far. Try again, and look at the keyboard's language and capitals."),
            code="wrong_passphrase",
        ) from None


class _Slice:
    """The next `size` bytes of a file, as pyrage reads them."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left = file, size

    def read(self, size: int) -> bytes:
        """At most `size` bytes."""
        content = self._file.read(min(size, self._left))
        self._left -= len(content)
        return content


@contextmanager
def _decrypting(source: _Slice, identity: Any, path: Path) -> Iterator[IO[bytes]]:
    """The decrypted stream through a pipe, since pyrage pushes and we pull."""
    incoming, outgoing = os.pipe()
    failures: list[BaseException] = []

    def work() -> None:
        with suppress(BrokenPipeError), os.fdopen(outgoing, "wb") as pipe:  # whoever reads may stop early
            try:
                pyrage.decrypt_io(source, _Pushed(pipe), [identity])
            except BaseException as failure:  # noqa: BLE001 - told by the other thread
                failures.append(failure)

    worker = threading.Thread(target=work, name="decrypting", daemon=True)
    with os.fdopen(incoming, "rb") as stream:
        worker.start()
        try:
            yield stream
            while stream.read(1 << 20):
                pass
        except (tarfile.TarError, EOFError):
            raise damaged(path) from None
        except IntegrityFailed:
            if failures:  # what was decrypted ended too early
                raise damaged(path) from None
            raise
        finally:
            stream.close()
            worker.join()
    if failures:
        raise damaged(path)


def _outline(file: IO[bytes], path: Path) -> tuple[bytes, int, int]:
    """The locked identity, and where the content begins and how long it is; raises IntegrityFailed unless all around them is as it must be."""
    read_me, locked = (_member(file, name, path) for name in (READ_ME, IDENTITY))
    sealed = SEAL.fullmatch(read_me)
    if sealed is None or _seal(sealed[1], locked) != sealed[2]:
        raise damaged(path)
    size = _size(file, CONTENT, path)
    start = file.tell()
    file.seek(start + size)
    ending = _padding(size) + bytes(2 * BLOCK)
    if file.read(len(ending) + 1) != ending:
        raise damaged(path)
    return locked, start, size


def _member(file: IO[bytes], name: str, path: Path) -> bytes:
    size = _size(file, name, path)
    if size > LARGEST_HEAD:
        raise damaged(path)
    content = file.read(size)
    if len(content) != size or file.read(len(_padding(size))) != _padding(size):
        raise damaged(path)
    return content


def _size(file: IO[bytes], name: str, path: Path) -> int:
    """The size that the header at this place tells, if it is otherwise exactly the header that `name` must have."""
    header = file.read(BLOCK)
    try:
        size = tarfile.TarInfo.frombuf(header, "utf-8", "strict").size
        if size < 0 or header != _header(name, size):
            raise damaged(path)
    except (tarfile.TarError, ValueError, OverflowError):
        raise damaged(path) from None
    return size


def _read_me(locked: bytes) -> bytes:
    text = "\n\n".join(translate(INSTRUCTIONS, language) for language in ("kk", "ru", "en")) + "\n\n"
    return text.encode() + b"sha256: " + _seal(text.encode(), locked) + b"\n"


def _seal(text: bytes, locked: bytes) -> bytes:
    return hashlib.sha256(text + locked).hexdigest().encode()


def _header(name: str, size: int) -> bytes:
    """The one header that a member of that name and size has."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % BLOCK)

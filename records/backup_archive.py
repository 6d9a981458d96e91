"""A desk's files as one stream, and back: a tar whose last member, manifest.json, tells the SHA-256 of every other.

records/backup says which files, records/backup_vault encrypts the stream. A path that leads out of the folder, a link, a file twice, one that the
manifest does not know or tells otherwise: all are refused, whoever made the stream.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from records.errors import Busy, IntegrityFailed
from records.files import CHUNK, explained
from records.language import _

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 1 << 30
FORBIDDEN = re.compile(r'[\x00-\x1f<>:"|?*\\]')  # what some system cannot have in a name, or reads as a way elsewhere
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # Windows opens these as machines


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a backup: where it stands in the home, its length and digest."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `schema` is the version of the tables; `database` the database's path in the home, nothing where it is on a server."""

    made_at: datetime
    schema: str
    database: str
    members: tuple[Member, ...]

    @property
    def total(self) -> int:
        """The bytes of all files together."""
        return sum(member.bytes for member in self.members)

    def as_json(self) -> dict[str, Any]:
        """The manifest as it stands in the backup."""
        files = [{"path": each.path, "bytes": each.bytes, "sha256": each.sha256} for each in self.members]
        return {"format": FORMAT, "made_at": self.made_at.isoformat(), "schema": self.schema, "database": self.database, "files": files}

    @classmethod
    def from_json(cls, content: bytes) -> Manifest:
        """The manifest in `content`; raises IntegrityFailed for anything else."""
        try:
            body = json.loads(content)
            if body["format"] != FORMAT:
                raise ValueError("format")
            members = tuple(Member(str(each["path"]), int(each["bytes"]), str(each["sha256"])) for each in body["files"])
            return cls(datetime.fromisoformat(body["made_at"]), str(body["schema"]), str(body["database"]), members)
        except (ValueError, KeyError, TypeError):
            raise IntegrityFailed(_("The backup's list of files cannot be read."), _("Use an earlier backup.")) from None


Keep = Callable[[str], AbstractContextManager[IO[bytes]]]


def packed(files: Iterable[tuple[str, Path]], made_at: datetime, schema: str, database: str, tick: Callable[[], None]) -> Iterator[bytes]:
    """The stream of `files` (path in the home, where its bytes are), in pieces of at most a megabyte.

    Raises Busy for a file whose length changes while it is read or that is gone by then, IntegrityFailed for a path that comes twice.
    """
    members: list[Member] = []
    met = {MANIFEST}
    for path, source in files:
        if path in met:
            raise IntegrityFailed(_("{path} would stand in the backup twice.").format(path=path), _("Give one of the two another name."))
        met.add(path)
        total = hashlib.sha256()
        with explained(source), _opened(source, path) as file:
            size = os.fstat(file.fileno()).st_size
            yield _header(path, size)
            for chunk in _exactly(file, size, path):
                total.update(chunk)
                yield chunk
        yield bytes(-size % tarfile.BLOCKSIZE)
        members.append(Member(path, size, total.hexdigest()))
        tick()
    body = json.dumps(Manifest(made_at, schema, database, tuple(members)).as_json(), indent=1).encode()
    yield _header(MANIFEST, len(body)) + body + bytes(-len(body) % tarfile.BLOCKSIZE) + bytes(2 * tarfile.BLOCKSIZE)


def unpacked(stream: IO[bytes], keep: Keep) -> Manifest:
    """Read a stream to its end and hand each file to `keep`, which answers a file to write to; answers the manifest that all of them fit.

    Raises IntegrityFailed for whatever does not fit, tarfile.TarError for what is no tar.
    """
    seen: dict[str, Member] = {}
    with tarfile.open(fileobj=stream, mode="r|", format=tarfile.GNU_FORMAT) as tar:
        for info in tar:
            path = safe_path(info.name)
            content = tar.extractfile(info) if info.isreg() else None
            if content is None or path in seen:
                raise IntegrityFailed(_("The backup holds something that is no file of a desk: {path}.").format(path=info.name))
            if path == MANIFEST:
                return _fitting(Manifest.from_json(content.read(LARGEST_MANIFEST)), seen)
            seen[path] = _take(path, content, keep)
    raise IntegrityFailed(_("The backup's list of files cannot be read."), _("Use an earlier backup."))


def safe_path(name: str) -> str:
    """`name`, if it is a plain relative path that stays in its folder on every system; raises IntegrityFailed."""
    parts = PurePosixPath(name).parts
    plain = not FORBIDDEN.search(name) and not any(
        part in {"..", "/"} or part.endswith((".", " ")) or DEVICES.fullmatch(part) for part in parts
    )
    if not parts or not plain or "/".join(parts) != name:
        raise IntegrityFailed(_("The backup holds something that is no file of a desk: {path}.").format(path=name))
    return name


def _take(path: str, content: IO[bytes], keep: Keep) -> Member:
    total, size = hashlib.sha256(), 0
    with keep(path) as target:
        while chunk := content.read(CHUNK):
            total.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return Member(path, size, total.hexdigest())


def _fitting(manifest: Manifest, seen: Mapping[str, Member]) -> Manifest:
    told = {member.path: member for member in manifest.members}
    if told != seen or len(told) != len(manifest.members):
        wrong = sorted(path for path in told.keys() | seen.keys() if told.get(path) != seen.get(path))
        raise IntegrityFailed(_("The backup's list of files does not fit its files, {path} first.").format(path=(wrong or [MANIFEST])[0]))
    if manifest.database and manifest.database not in told:  # else what is done to the database would be done outside of the folder
        raise IntegrityFailed(_("The backup's list of files names a database that is not among them."), _("Use an earlier backup."))
    return manifest


def vanished(path: str) -> Busy:
    """What is said of a file or folder that was there when the backup began."""
    return Busy(_("{file} was moved or deleted while the backup was being made.").format(file=path), _("Run the same command again."))


def _opened(source: Path, path: str) -> IO[bytes]:
    try:
        return source.open("rb")
    except FileNotFoundError:
        raise vanished(path) from None


def _exactly(file: IO[bytes], size: int, path: str) -> Iterator[bytes]:
    left = size
    while left and (chunk := file.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk
    if left or file.read(1):
        raise Busy(
            _("{file} changed while it was being read.").format(file=path),
            _("Wait until it has been copied or scanned to its end, then run the same command again."),
        )


def _header(path: str, size: int) -> bytes:
    info = tarfile.TarInfo(path)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8")

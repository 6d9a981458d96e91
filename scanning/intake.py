"""A file to grey pictures, one after the other, within limits; what cannot be read is refused by name, never skipped.

What a file is, its first bytes say, not its name. Headers are read before pixels, so that a bomb costs nothing. scanning/batch calls this in workers;
scanning/pictures and scanning/documents know the formats. No database, no reading of marks.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from stat import S_ISREG

from records.language import N_, _
from records.settings import ScanSettings
from scanning.verdict import Colour, Grey, Picture

MEGABYTE = 1 << 20


class Kind(StrEnum):
    """The formats that scanners and telephones write."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"


_BEGINNINGS = {
    b"\xff\xd8\xff": Kind.JPEG,
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"II*\0": Kind.TIFF,
    b"MM\0*": Kind.TIFF,
    b"II+\0": Kind.TIFF,
    b"MM\0+": Kind.TIFF,
}

REFUSALS = {
    "not_found": N_("{file} does not exist."),
    "no_files": N_("{file} is a folder without files."),
    "changing": N_("{file} changed while it was being read; scan it again when it is complete."),
    "broken_medium": N_("{file} cannot be read to its end: the disk or memory stick reports a fault. Copy it from the scanner again."),
    "no_access": N_("{file} cannot be opened: this user may not read it."),
    "empty_file": N_("{file} is empty: it holds no bytes. Scan the sheets again."),
    "unknown_kind": N_("{file} is not a PDF, JPEG, PNG or TIFF file. Save the scan as one of these."),
    "too_large": N_("{file} is larger than {megabytes} MB. Scan in smaller batches, or raise scan.max_file_megabytes."),
    "too_many_frames": N_("{file} holds more than {frames} pages. Split it, or raise scan.max_frames."),
    "too_many_pixels": N_(
        "{file}, page {number}: the picture is larger than {pixels} pixels. Scan at 200 or 300 dpi, or raise scan.max_pixels."
    ),
    "too_heavy": N_("{file}, page {number}: drawing this page takes too long or too much memory. Scan the sheet, or save it as a picture."),
    "encrypted": N_("{file} is locked with a password. Save it without one."),
    "worker_died": N_(
        "{file}, page {number}: the program died twice while it read this picture. Take it out of the batch, scan the sheet again, and report it."
    ),
    "damaged": N_("{file}, page {number}: the file is damaged or cut off. Copy it again from the scanner, or scan the sheets again."),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost."""

    megabytes: int = 512
    pixels: int = 120_000_000
    frames: int = 5000
    seconds: float = 20.0  # of processor time for one picture

    @classmethod
    def of(cls, settings: ScanSettings) -> Limits:
        """The limits of a desk."""
        return cls(settings.max_file_megabytes, settings.max_pixels, settings.max_frames, settings.seconds_per_page)


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a file, upright as the camera meant it; `number` counts from 1, `dpi` is what the file claims, `colour` there where the file has any."""

    file: str
    number: int
    image: Grey
    dpi: float | None
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or picture that is not read: `reason` for programs, `text` for the person at the desk."""

    file: str
    number: int
    reason: str
    text: str


class Unreadable(Exception):
    """Raised by the formats' readers: `reason` is a key of REFUSALS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refuse(file: str, reason: str, limits: Limits, number: int = 1) -> Refused:
    """The refusal with its sentence."""
    text = _(REFUSALS[reason]).format(file=file, number=number, megabytes=limits.megabytes, frames=limits.frames, pixels=limits.pixels)
    return Refused(file, number, reason, text)


def files_below(path: Path) -> Iterator[Path]:
    """`path` itself, or the files of a folder and of the folders in it, in the order of their names; links to folders are not followed."""
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        yield from (Path(folder) / name for name in sorted(names))


def kind_of(path: Path, limits: Limits) -> Kind:
    """What the file is, by its first bytes; raises Unreadable where it is nothing that is read here, or more than the limits."""
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode):
            raise Unreadable("unknown_kind")  # a pipe or a device, which may never end
        size = found.st_size
        with path.open("rb") as file:
            head = file.read(1024)
    except PermissionError:
        raise Unreadable("no_access") from None
    except OSError:
        raise Unreadable("not_found") from None
    if size == 0:
        raise Unreadable("empty_file")
    if size > limits.megabytes * MEGABYTE:
        raise Unreadable("too_large")
    for beginning, kind in _BEGINNINGS.items():
        if head.startswith(beginning):
            return kind
    if b"%PDF-" in head:
        return Kind.PDF
    raise Unreadable("unknown_kind")


def count_frames(path: Path, limits: Limits) -> int:
    """How many pictures the file holds, by its headers; raises Unreadable."""
    kind = kind_of(path, limits)
    count = 1
    if kind is Kind.PDF:
        from scanning import documents

        count = documents.count(path)
    elif kind is Kind.TIFF:
        from scanning import pictures

        count = pictures.count(path)
    if count > limits.frames:
        raise Unreadable("too_many_frames")
    if count < 1:
        raise Unreadable("damaged")
    return count


def frames(path: Path, limits: Limits, name: str = "", only: Iterable[int] | None = None) -> Iterator[Frame | Refused]:
    """The pictures of `path`, one in memory at a time; at least one result, and no exception, whatever the file holds.

    `name` is the file's name in results (default: `path`); `only` names the frames wanted, counted from 1.
    """
    name = name or str(path)
    try:
        kind = kind_of(path, limits)
        wanted = list(range(1, count_frames(path, limits) + 1) if only is None else only)
    except Unreadable as failure:
        yield refuse(name, failure.reason, limits)
        return
    try:
        for number in wanted:
            yield _frame(path, kind, number, limits, name)
    finally:
        if kind is Kind.PDF:
            _put_away()


def _put_away() -> None:
    from scanning import documents

    documents.put_away()


def _frame(path: Path, kind: Kind, number: int, limits: Limits, name: str) -> Frame | Refused:
    try:
        picture = _picture(path, kind, number, limits)
    except Unreadable as failure:
        return refuse(name, failure.reason, limits, number)
    return Frame(name, number, *picture)


def _picture(path: Path, kind: Kind, number: int, limits: Limits) -> Picture:
    from scanning import pictures

    try:
        if kind is Kind.PDF:
            from scanning import documents

            return documents.page_picture(path, number, limits.pixels, limits.seconds)
        if kind is Kind.JPEG:
            return pictures.photograph(path.read_bytes(), limits.pixels)
        return pictures.frame(path, number, limits.pixels)
    except Unreadable:
        raise
    except Exception as failure:  # decoders raise whatever they like at a damaged file; the batch must go on
        raise Unreadable("damaged") from failure

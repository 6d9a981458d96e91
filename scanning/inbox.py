"""A folder into which a scanner writes: which of its files are whole, and where each goes once it was read.

scanning/watch_command looks into it round by round. Nothing is read or recorded here, and nothing is deleted: files move to `done` or `refused` below the folder,
what was refused with a file beside it that says why. A file that was filed but not moved when the program stopped is filed again, which changes nothing, and moved.
A scanner may go on writing to a file that was moved: such a file is brought back and is to be whole once more (scanning/inbox_away: where that happened
while nobody watched).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from records.errors import Busy, NotAllowed, NotFound, UsageRefused
from records.files import explained, remove, write_bytes
from records.home import BACKUPS, Home
from records.language import N_, _

DONE, REFUSED = "done", "refused"
REASON = ".reason.txt"
UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".lock", ".lck", ".swp")  # how names end
BY_OTHERS = frozenset({"thumbs.db", "desktop.ini"})  # that file managers leave
EMPTY_SECONDS = 60.0  # for which a file without bytes may be one that was just begun
OWN_FOLDERS = frozenset({"originals", "keys", BACKUPS, "packets", "labels", "routes", "returns", "audits", "district"})  # of a desk
MOST_REMEMBERED = 1000  # files that were moved and may still grow: each is looked at every round
LONGEST_NAME = 255 - len(REASON)  # bytes that a file system takes

LEFT_WORDS = {
    "growing": N_("{file} is still being written, or was begun just now."),
    "unfinished_name": N_("{file} has the name of a file that is not finished."),
    "held_open": N_("{file} is open in another program, or this user may not read it. It is tried again."),
    "not_moved": N_("{file} was filed, but it cannot be moved: it is open in another program, or this user may not. It is tried again."),
    "gone": N_("{file} was there, and is gone."),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What a file looked like: bytes, and nanoseconds of its last change."""

    size: int
    changed: int

    @classmethod
    def of(cls, file: Path) -> Sight | None:
        """The file as it looks now; None where it is gone."""
        try:
            found = file.stat()
        except OSError:
            return None
        return cls(found.st_size, found.st_mtime_ns)

    @property
    def just_begun(self) -> bool:
        """Whether a scanner may have made the file and not yet written to it."""
        return self.size == 0 and time.time() - self.changed / 1e9 < EMPTY_SECONDS


NEVER = Sight(-1, 0)  # no file looks like it


@dataclass(frozen=True, slots=True)
class Filed:
    """A file that was read: `folder` is DONE or REFUSED, `why` the sentences of what in it was refused."""

    file: Path
    folder: str
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a file went; `reason` is the file beside it that says why, if there is one."""

    file: Path
    to: Path
    reason: Path | None = None


class Inbox:
    """One folder through several rounds: `look`, then `put_away` what was filed. `left` tells why each other file stays, by a word of LEFT_WORDS."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.left: dict[Path, str] = {}
        self._seen: dict[Path, Sight] = {}
        self._whole: dict[Path, Sight] = {}
        self._unmoved: dict[Path, tuple[Sight, Filed]] = {}
        self._moved: dict[Path, Sight] = {}  # the last that were moved, as they looked then

    def look(self) -> list[Path]:
        """The files that look as they did at the last look, in the order of their names; raises NotFound where the folder is gone or its disk away."""
        if not _there(self.folder):
            raise _no_folder(self.folder)
        files, closed = _files(self.folder)
        before, self._seen, self._whole, self.left = self._seen, {}, {}, dict.fromkeys(closed, "held_open")
        for file in files:
            self._judge(file, before.get(file))
        self._unmoved = {file: kept for file, kept in self._unmoved.items() if self._seen.get(file) == kept[0]}
        return [file for file in self._whole if file not in self._unmoved]

    def changed_since(self) -> list[Path]:
        """Those of the last files that were moved which look otherwise now: somebody went on writing to them. What is gone is forgotten."""
        if not _there(self.folder):
            return []
        now = {file: Sight.of(file) for file in self._moved}
        changed = [file for file, sight in now.items() if sight is not None and sight != self._moved[file]]
        self._moved = {file: sight for file, sight in self._moved.items() if now[file] == sight}
        return changed

    def bring_back(self, files: Iterable[Path]) -> list[Moved]:
        """Move files out of `done` and `refused` to where they lay, with a number where another has come; one that cannot be moved is tried again."""
        back = []
        for file in files:
            rest = Path(*file.relative_to(self.folder).parts[1:])
            target = _free(self.folder / rest)
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                file.rename(target)
                reason_beside(file).unlink(missing_ok=True)
            except FileNotFoundError:
                continue
            except OSError:
                self.left[file] = "not_moved"
                self._moved[file] = NEVER
                continue
            back.append(Moved(file, target))
        return back

    def put_away(self, filed: Iterable[Filed]) -> list[Moved]:
        """Move what was filed now or at an earlier round; what changed meanwhile stays, and is looked at anew."""
        self._unmoved |= {each.file: (self._whole[each.file], each) for each in filed}
        moved = []
        for file, (sight, each) in list(self._unmoved.items()):
            if Sight.of(file) != sight:
                self.left[file] = "gone" if Sight.of(file) is None else "growing"
                del self._unmoved[file]
                continue
            try:
                moved.append(_move(self.folder, each))
                del self._unmoved[file]
                self._remember(moved[-1].to, sight)
            except NotFound:
                self.left[file] = "gone"
                del self._unmoved[file]
            except (Busy, NotAllowed, OSError):  # a disk may fail in any way it likes
                self.left[file] = "not_moved"
        return moved

    def _remember(self, file: Path, sight: Sight) -> None:
        """Keep in mind what a moved file looked like before it was moved, for the last MOST_REMEMBERED."""
        self._moved[file] = sight
        while len(self._moved) > MOST_REMEMBERED:
            del self._moved[next(iter(self._moved))]

    def _judge(self, file: Path, before: Sight | None) -> None:
        """Note what the file looks like, and whether it is whole or why it is left."""
        now = Sight.of(file)
        if now is None:
            return
        self._seen[file] = now
        if file.name.lower().endswith(UNFINISHED) or file.name.startswith("~"):
            self.left[file] = "unfinished_name"
        elif now != before or now.just_begun:
            self.left[file] = "growing"
        elif not _opens(file):
            self.left[file] = "held_open"
        else:
            self._whole[file] = now


def require_inbox(home: Home, folder: Path) -> None:
    """Raise where a folder cannot be watched: everything in it will be moved. It must be there and no place where other things are kept."""
    if Sight.of(folder) is None:
        raise _no_folder(folder)
    if not _there(folder):
        raise UsageRefused(_("{folder} is a file, not a folder.").format(folder=folder), _("Read one file with `poshta scan FILE`."))
    whole, desk = folder.resolve(), home.path.resolve()
    inside = whole.relative_to(desk).parts[:1] if whole.is_relative_to(desk) else ()
    if desk.is_relative_to(whole) or Path.home().resolve().is_relative_to(whole) or (inside and inside[0] in OWN_FOLDERS):
        raise UsageRefused(
            _("{folder} cannot be watched: every file would be moved out of it, and other things are kept there.").format(folder=folder),
            _("Give the scanner a folder of its own."),
        )


def _there(folder: Path) -> bool:
    """Whether the folder stands there; not where its disk or its server does not answer."""
    try:
        return folder.is_dir()
    except OSError:
        return False


def _no_folder(folder: Path) -> NotFound:
    return NotFound(_("There is no folder {folder}.").format(folder=folder), _("Check the name, and whether the disk is there."))


def _files(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files of the folder and of those in it, without what has been put away, what is hidden and what file managers leave; and the folders that
    cannot be listed. Raises NotFound where the disk of the folder itself is away."""
    found: list[Path] = []
    closed: list[Path] = []

    def unlisted(failure: OSError) -> None:
        place = Path(os.fspath(failure.filename or folder))
        if place == folder and not isinstance(failure, PermissionError):
            raise _no_folder(folder) from failure
        if not isinstance(failure, FileNotFoundError):
            closed.append(place)

    for place, folders, names in os.walk(folder, onerror=unlisted):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not (here == folder and name in (DONE, REFUSED)))
        found += [here / name for name in sorted(names) if not name.startswith(".") and name.lower() not in BY_OTHERS]
    return found, closed


def _opens(file: Path) -> bool:
    """Whether the file can be opened now: on Windows not while a scanner has it. What is no plain file is left to whoever reads it."""
    try:
        if file.is_file():
            file.open("rb").close()
    except OSError:
        return False
    return True


def _move(folder: Path, filed: Filed) -> Moved:
    """Move a file to where nothing stands yet, its reason first: whoever is killed between both does the same again."""
    target = _free(folder / filed.folder / filed.file.relative_to(folder))
    with explained(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
    reason = reason_beside(target) if filed.why else None
    if reason is not None:
        write_bytes(reason, reason_text(folder, filed.why).encode("utf-8", "backslashreplace"))  # a name may hold bytes of another alphabet
        _date_alike(filed.file, reason)
    try:
        with explained(filed.file):
            filed.file.rename(target)
    except BaseException:
        if reason is not None:
            remove(reason)
        raise
    return Moved(filed.file, target, reason)


def reason_text(folder: Path, why: Sequence[str]) -> str:
    """What stands in the file beside one that was refused, or of which a part was."""
    return "\n".join([*why, _("Once it is mended or scanned again, put it into {folder}.").format(folder=folder), ""])


def reason_beside(target: Path) -> Path:
    """Where it is told why a file was refused, or a part of it."""
    name = target.name
    while len(os.fsencode(name)) > LONGEST_NAME:
        name = name[:-1]
    return target.with_name(name + REASON)


def _date_alike(file: Path, reason: Path) -> None:
    """Give the reason the file's own time of change: a file with a later one was written to since."""
    with suppress(OSError):
        found = file.stat()
        os.utime(reason, ns=(found.st_atime_ns, found.st_mtime_ns))


def _free(target: Path) -> Path:
    """`target`, or with a number where a file of that name stands already."""
    number, free = 1, target
    while free.exists() or free.is_symlink():
        number += 1
        free = target.with_name(f"{target.stem}-{number}{target.suffix}")
    return free

"""A file is there whole or not at all, even on a full disk or under a killed process; the faults are first shown to bite."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import records.files
from records.errors import Busy, NoRoom, NotAllowed, NotFound
from records.files import (
    _remove_if_free,
    _swept,
    atomic,
    digest,
    explained,
    file_digest,
    keep_original,
    original_path,
    write_bytes,
    write_each,
    write_text,
)

OLD, NEW = b"the old file", b"the new file" * 100_000
ROOT = Path(__file__).parents[2]


def plain_write(path: Path, content: bytes) -> None:
    """What a careless program does: the fault harness must catch it."""
    with path.open("wb") as file:
        for start in range(0, len(content), 1000):
            file.write(content[start : start + 1000])
            file.flush()
        file.flush()


class FullDisk:
    """A disk that takes `room` more bytes: os.write below every file that is opened for writing fails then."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        self.left = room
        monkeypatch.setattr(os, "fdopen", self.wrapped(os.fdopen))
        monkeypatch.setattr(Path, "open", self.wrapped(Path.open))

    def wrapped(self, opened: Any) -> Any:
        def wrapping(*arguments: Any, **named: Any) -> Any:
            file = opened(*arguments, **named)
            write = file.write

            def limited(content: bytes) -> int:
                fits = content[: self.left]
                write(fits)
                self.left -= len(fits)
                if len(fits) < len(content):
                    file.flush()
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return len(content)

            return Recorded(file, limited)

        return wrapping


class Recorded:
    """A file whose `write` is another."""

    def __init__(self, file: Any, write: Any) -> None:
        self._file, self.write = file, write

    def __enter__(self) -> Any:
        self._file.__enter__()
        return self

    def __exit__(self, *failure: object) -> Any:
        return self._file.__exit__(*failure)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def test_a_full_disk_leaves_the_old_file_where_a_plain_write_destroys_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    careless, careful = tmp_path / "careless", tmp_path / "careful"
    careless.write_bytes(OLD)
    careful.write_bytes(OLD)
    with monkeypatch.context() as patched:
        FullDisk(patched, room=5000)
        with pytest.raises(OSError, match="No space"):
            plain_write(careless, NEW)
    assert careless.read_bytes() != OLD, "the planted fault does not bite"
    with monkeypatch.context() as patched:
        FullDisk(patched, room=5000)
        with pytest.raises(NoRoom):
            write_bytes(careful, NEW)
    assert careful.read_bytes() == OLD
    assert sorted(file.name for file in tmp_path.iterdir()) == ["careful", "careless"]


def test_a_full_disk_at_the_last_moment_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.EDQUOT, "quota")

    (tmp_path / "list").write_bytes(OLD)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoRoom, match="list"):
        write_bytes(tmp_path / "list", NEW)
    assert (tmp_path / "list").read_bytes() == OLD
    assert len(list(tmp_path.iterdir())) == 1


KILLED = """
import sys, time
from pathlib import Path
sys.path.insert(0, {root!r})
from records.files import atomic
how, path = sys.argv[1], Path(sys.argv[2])
with (atomic(path) if how == "atomic" else path.open("wb")) as file:
    file.write(b"half of the new")
    file.flush()
    print("half", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize(("how", "survives"), [("plain", False), ("atomic", True)])
def test_a_killed_process_leaves_the_old_file_only_when_the_write_is_atomic(tmp_path: Path, how: str, survives: bool) -> None:
    path = tmp_path / "list"
    path.write_bytes(OLD)
    with subprocess.Popen([sys.executable, "-c", KILLED.format(root=str(ROOT)), how, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (path.read_bytes() == OLD) is survives


def test_whoever_reads_meanwhile_sees_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_bytes(OLD)
    with atomic(path) as file:
        file.write(NEW)
        assert path.read_bytes() == OLD
    assert path.read_bytes() == NEW


def test_an_error_inside_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyError), atomic(tmp_path / "list"):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="file modes")
def test_the_mode_is_set_before_the_file_appears(tmp_path: Path) -> None:
    write_bytes(tmp_path / "secret", b"x", mode=0o600)
    write_text(tmp_path / "list", "Ә")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "list").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "list").read_text(encoding="utf-8") == "Ә"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, NoRoom),
        (errno.EACCES, NotAllowed),
        (errno.EROFS, NotAllowed),
        (errno.ENOENT, NotFound),
        (errno.EISDIR, NotAllowed),
        (errno.EIO, OSError),
    ],
)
def test_the_system_s_refusals_become_sentences_and_others_pass(number: int, kind: type[Exception]) -> None:
    with pytest.raises(kind), explained(Path("somewhere")):
        raise OSError(number, os.strerror(number))


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "list").mkdir()
    with pytest.raises(NotAllowed, match="list"):
        write_bytes(tmp_path / "list", b"x")
    (tmp_path / "file").touch()
    with pytest.raises(NotAllowed):
        write_bytes(tmp_path / "file" / "below", b"x")


@given(st.binary(max_size=300))
def test_a_file_has_the_digest_of_its_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("digest") / "file"
    file.write_bytes(content)
    assert file_digest(file) == digest(content)


def test_an_original_is_kept_once_under_its_digest(tmp_path: Path) -> None:
    source = tmp_path / "scan.PDF"
    source.write_bytes(NEW)
    kept = keep_original(tmp_path / "originals", source, digest(NEW))
    assert kept == original_path(tmp_path / "originals", digest(NEW), ".pdf")
    first = kept.stat().st_mtime_ns
    time.sleep(0.01)
    assert keep_original(tmp_path / "originals", source, digest(NEW)) == kept
    assert kept.stat().st_mtime_ns == first
    assert kept.read_bytes() == NEW


def test_a_file_that_changes_before_it_is_copied_is_not_kept_under_the_digest_of_what_it_was(tmp_path: Path) -> None:
    source = tmp_path / "scan.pdf"
    source.write_bytes(OLD)
    before = digest(OLD)
    source.write_bytes(NEW)
    with pytest.raises(Busy, match="changed while"):
        keep_original(tmp_path / "originals", source, before)
    assert [path for path in (tmp_path / "originals").rglob("*") if path.is_file()] == []


SLOW_WRITER = """
import pathlib, sys
from records.files import atomic
with atomic(pathlib.Path(sys.argv[1])) as file:
    file.write(b"whole")
    print(flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_process_left_is_swept_away_and_what_another_writes_is_not(tmp_path: Path) -> None:
    (tmp_path / ".new-left").write_bytes(b"half of a pa")
    words = [sys.executable, "-c", SLOW_WRITER, str(tmp_path / "theirs")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdout.readline()
        assert len(list(tmp_path.glob(".new-*"))) == 1  # theirs, which has swept away the one that was left
        _swept.discard(tmp_path.resolve())
        write_bytes(tmp_path / "ours", b"whole")
        other.stdin.close()
        other.wait(60)
        assert other.returncode == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"ours": b"whole", "theirs": b"whole"}


@pytest.mark.skipif(os.name == "nt", reason="Windows sweeps old files only")
def test_a_finished_file_is_not_swept_away_in_the_moment_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = Path.replace

    def beaten_by_a_sweeper(self: Path, target: Path) -> Path:
        with suppress(OSError):
            _remove_if_free(self)
        return named(self, target)

    monkeypatch.setattr(Path, "replace", beaten_by_a_sweeper)
    write_bytes(tmp_path / "packet", b"whole")
    assert (tmp_path / "packet").read_bytes() == b"whole"


def test_each_file_of_many_is_there_and_the_next_is_made_while_others_are_written(tmp_path: Path) -> None:
    wanted = {tmp_path / f"folder{number % 3}" / f"{number}.bin": bytes([number]) * 100 for number in range(40)}
    write_each(wanted.items())
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.bin")} == wanted
    assert not list(tmp_path.rglob(".new-*"))


def test_of_many_files_no_folder_is_left_unflushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[tuple[Path, int]] = []
    monkeypatch.setattr(records.files, "sync_folder", lambda folder: flushed.append((folder, len(list(folder.glob("*.bin"))))))
    write_each((tmp_path / folder / f"{number}.bin", b"x") for folder in "ab" for number in range(12))
    assert sorted(flushed) == [(tmp_path / "a", 12), (tmp_path / "b", 12)], "once each, when all its files have their names"


def test_of_many_files_one_that_cannot_be_written_stops_the_rest_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    made: list[int] = []

    def files() -> Iterator[tuple[Path, bytes]]:
        for number in range(100):
            made.append(number)
            yield (tmp_path / "3.bin" if number == 3 else tmp_path / "good" / f"{number}.bin"), b"x"

    (tmp_path / "3.bin" / "in the way").mkdir(parents=True)
    with pytest.raises(NotAllowed):
        write_each(files())
    assert len(made) < 100, "it goes no further than is needed to see the fault"
    assert not list(tmp_path.rglob(".new-*"))

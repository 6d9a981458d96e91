"""Which files of a watched folder are whole, where they go, and which come back."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from records.errors import NotFound
from scanning.inbox import DONE, REASON, REFUSED, Filed, Inbox, Moved
from tests.scanning.inboxes import below, whole


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def test_a_killed_move_leaves_a_reason_that_the_next_one_uses(inbox: Path) -> None:
    """The reason is written before the file moves: killed between both, no second reason appears."""
    (inbox / REFUSED).mkdir()
    (inbox / REFUSED / f"x.pdf{REASON}").write_text("half")
    (inbox / "x.pdf").write_bytes(b"x")
    watched = Inbox(inbox)
    assert whole(watched) == ["x.pdf"]
    (moved,) = watched.put_away([Filed(inbox / "x.pdf", REFUSED, ("It is broken.",))])
    assert (moved.to.name, below(inbox)) == ("x.pdf", ["refused/x.pdf", f"refused/x.pdf{REASON}"])
    assert (inbox / REFUSED / f"x.pdf{REASON}").read_text().startswith("It is broken.\n")


def test_a_file_that_grows_is_left_until_two_looks_are_alike(inbox: Path) -> None:
    watched, file = Inbox(inbox), inbox / "a.png"
    file.write_bytes(b"1")
    assert watched.look() == []
    file.write_bytes(b"12")
    assert (watched.look(), watched.left) == ([], {file: "growing"})
    os.utime(file, ns=(1, 1))  # the same size, written again
    assert watched.look() == []
    assert (watched.look(), watched.left) == ([file], {})


def test_a_file_that_changes_after_it_was_taken_stays(inbox: Path) -> None:
    watched, file = Inbox(inbox), inbox / "a.png"
    file.write_bytes(b"1")
    assert whole(watched) == ["a.png"]
    file.write_bytes(b"12")
    assert watched.put_away([Filed(file, DONE)]) == []
    assert (watched.left, below(inbox)) == ({file: "growing"}, ["a.png"])


def test_unfinished_names_and_what_others_leave_there_are_not_taken(inbox: Path) -> None:
    for name in ("a.png.part", "b.TMP", "~c.pdf", ".hidden.pdf", "Thumbs.db", "d.pdf", ".trash/e.pdf", "done/f.pdf", "refused/g.pdf"):
        (inbox / name).parent.mkdir(exist_ok=True)
        (inbox / name).write_bytes(b"x")
    watched = Inbox(inbox)
    assert whole(watched) == ["d.pdf"]
    assert {file.name: why for file, why in watched.left.items()} == dict.fromkeys(("a.png.part", "b.TMP", "~c.pdf"), "unfinished_name")


def test_an_empty_file_is_one_that_was_just_begun_for_a_while(inbox: Path) -> None:
    file = inbox / "a.pdf"
    file.touch()
    watched = Inbox(inbox)
    assert (whole(watched), watched.left) == ([], {file: "growing"})
    os.utime(file, (time.time() - 100, time.time() - 100))
    assert whole(watched) == ["a.pdf"]


def test_a_disk_that_fails_while_a_file_is_moved_leaves_it_and_no_reason_behind(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched, file = Inbox(inbox), inbox / "x.pdf"
    file.write_bytes(b"x")
    assert whole(watched) == ["x.pdf"]

    def fails(*_given: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "rename", fails)
    assert watched.put_away([Filed(file, REFUSED, ("It is broken.",))]) == []
    assert (watched.left, below(inbox)) == ({file: "not_moved"}, ["x.pdf"])


def test_a_server_that_does_not_answer_is_a_folder_that_is_away(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox / "a.png").write_bytes(b"1")
    (inbox / "sub").mkdir()
    (inbox / "sub" / "b.png").write_bytes(b"1")
    watched, listed = Inbox(inbox), os.scandir
    assert whole(watched) == ["a.png", "b.png"]

    def broken(*places: Path) -> Callable[[Any], Any]:
        def scandir(place: Any) -> Any:
            if Path(place) in places:
                raise OSError(errno.EHOSTDOWN, "Host is down", str(place))
            return listed(place)

        return scandir

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", broken(inbox))
        with pytest.raises(NotFound):
            watched.look()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "is_dir", lambda _path: broken(inbox)(inbox))
        with pytest.raises(NotFound):
            watched.look()
    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", broken(inbox / "sub"))
        assert [file.name for file in watched.look()] == ["a.png"]
    assert watched.left == {inbox / "sub": "held_open"}
    assert whole(watched) == ["a.png", "b.png"]


def put_away(inbox: Path, name: str, folder: str, *why: str) -> tuple[Inbox, Path]:
    watched = Inbox(inbox)
    whole(watched)
    (moved,) = watched.put_away([Filed(inbox / name, folder, why)])
    assert watched.changed_since() == []
    return watched, moved.to


def test_a_file_that_grows_after_it_was_moved_comes_back_and_is_whole_again(inbox: Path) -> None:
    with (inbox / "a.pdf").open("wb") as scanner:  # the scanner rests, and goes on with the same file
        scanner.write(b"one page")
        scanner.flush()
        watched, done = put_away(inbox, "a.pdf", DONE)
        scanner.write(b", and another")
    assert watched.changed_since() == [done]
    assert watched.bring_back([done]) == [Moved(done, inbox / "a.pdf")]
    assert (whole(watched), below(inbox), watched.changed_since()) == (["a.pdf"], ["a.pdf"], [])
    assert (inbox / "a.pdf").read_bytes() == b"one page, and another"


def test_what_was_refused_half_written_comes_back_without_its_reason_and_beside_a_newer_one(inbox: Path) -> None:
    (inbox / "sub").mkdir()
    with (inbox / "sub" / "a.pdf").open("wb") as scanner:
        scanner.write(b"half")
        scanner.flush()
        watched, refused = put_away(inbox, "sub/a.pdf", REFUSED, "It is damaged.")
        scanner.write(b" and whole")
    (inbox / "sub" / "a.pdf").write_bytes(b"another")
    assert watched.bring_back(watched.changed_since()) == [Moved(refused, inbox / "sub" / "a-2.pdf")]
    assert below(inbox) == ["sub/a-2.pdf", "sub/a.pdf"]


def test_what_was_taken_out_of_done_by_hand_is_forgotten(inbox: Path) -> None:
    (inbox / "a.pdf").write_bytes(b"1")
    watched, done = put_away(inbox, "a.pdf", DONE)
    done.unlink()
    assert watched.changed_since() == []
    done.write_bytes(b"something else")
    assert watched.changed_since() == []


def test_a_grown_file_that_cannot_be_moved_back_is_told_and_tried_again(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox / "a.pdf").write_bytes(b"1")
    watched, done = put_away(inbox, "a.pdf", DONE)
    done.write_bytes(b"12")

    def fails(*_given: object) -> None:
        raise PermissionError(13, "held open")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fails)
        assert watched.bring_back(watched.changed_since()) == []
        assert watched.left == {done: "not_moved"}
    assert [moved.to for moved in watched.bring_back(watched.changed_since())] == [inbox / "a.pdf"]


def test_only_the_last_files_are_remembered(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanning.inbox.MOST_REMEMBERED", 2)
    for name in "abc":
        (inbox / name).write_bytes(b"1")
    watched = Inbox(inbox)
    whole(watched)
    moved = watched.put_away([Filed(inbox / name, DONE) for name in "abc"])
    for each in moved:
        each.to.write_bytes(b"12")
    assert watched.changed_since() == [each.to for each in moved[1:]]

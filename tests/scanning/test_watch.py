"""`poshta scan watch DIR`: whole files are filed and moved, others stay; stopped anywhere and started again, nothing is counted twice."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from records.errors import Busy, NotFound, UsageRefused
from records.home import Home
from scanning.inbox import DONE, REASON, REFUSED, Filed, Inbox, require_inbox
from tests.scanning.desks import desk_that_reads_notes
from tests.scanning.inboxes import below, counted, whole
from tests.scanning.paper import Sheet, page, picture, save, save_pages

Poshta = Callable[..., Any]
FULL = {"1": "A", "2": "A,C"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("POSHTA_SCAN__WATCH_SECONDS", "0.01")
    with desk_that_reads_notes(tmp_path / "desk", monkeypatch) as desk:
        yield desk


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def test_what_can_be_read_is_filed_and_moved_and_what_cannot_be_goes_aside_with_the_reason(home: Home, inbox: Path, poshta: Poshta) -> None:
    save(inbox / "a.png", Sheet(page("P1", 2), FULL))
    save(inbox / "sub" / "b.png", Sheet(page("P2", 2), FULL))
    (inbox / "letter.txt").write_text("dear grandmother")
    told = poshta("scan", "watch", str(inbox), "--once", lang="ru")
    assert told.code == 3
    assert below(inbox) == ["done/a.png", "done/sub/b.png", "refused/letter.txt", f"refused/letter.txt{REASON}"]
    reason = (inbox / REFUSED / f"letter.txt{REASON}").read_text(encoding="utf-8")
    assert "letter.txt" in reason
    assert "PDF" in reason
    assert str(inbox) in reason
    assert any("а" <= letter <= "я" for letter in reason)
    data = told.data
    assert {row["file"]: row["state"] for row in data["pages"]} == {
        str(inbox / "a.png"): "read",
        str(inbox / "sub" / "b.png"): "read",
        str(inbox / "letter.txt"): "refused",
    }
    assert {each["file"]: each["to"] for each in data["moved"]}[str(inbox / "sub" / "b.png")] == str(inbox / DONE / "sub" / "b.png")
    assert (len(data["moved"]), data["left"], data["counts"]["read"]) == (3, [], 2)
    assert data["files"] == [(inbox / REFUSED / f"letter.txt{REASON}").resolve().as_posix()]


@pytest.mark.skipif(sys.platform != "linux", reason="names there are text")
def test_a_name_of_another_alphabet_is_refused_like_any_other(home: Home, inbox: Path, poshta: Poshta) -> None:
    name = os.fsdecode(b"\xd1.pdf")
    (inbox / name).write_bytes(b"%PDF-1.4 cut off")
    (inbox / "b.pdf").write_bytes(b"%PDF-1.4 cut off too")
    told = poshta("scan", "watch", str(inbox), "--once")
    assert told.code == 4
    assert below(inbox) == sorted(f"refused/{each}" for each in (name, name + REASON, "b.pdf", "b.pdf" + REASON))
    assert "\\udcd1.pdf" in (inbox / REFUSED / (name + REASON)).read_text(encoding="utf-8")


def test_once_more_finds_nothing_to_do(home: Home, inbox: Path, poshta: Poshta) -> None:
    save(inbox / "a.png", Sheet(page("P1", 2), FULL))
    poshta("scan", "watch", str(inbox), "--once")
    stood = counted(home)
    told = poshta("scan", "watch", str(inbox), "--once")
    assert (told.code, told.data["pages"], told.data["moved"], counted(home)) == (0, [], [], stood)


def test_a_file_of_the_same_name_does_not_take_the_place_of_the_earlier_one(home: Home, inbox: Path, poshta: Poshta) -> None:
    for pupil in ("P1", "P2"):
        save(inbox / "scan.png", Sheet(page(pupil, 2), FULL))
        (inbox / "bad.pdf").write_bytes(b"%PDF-1.4 cut off " + pupil.encode())
        poshta("scan", "watch", str(inbox), "--once")
    assert below(inbox / DONE) == ["scan-2.png", "scan.png"]
    assert below(inbox / REFUSED) == ["bad-2.pdf", f"bad-2.pdf{REASON}", "bad.pdf", f"bad.pdf{REASON}"]
    assert counted(home)["scan"] == 4


def test_a_file_of_which_one_picture_is_refused_is_done_with_the_reason_beside_it(
    home: Home, inbox: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_pages(inbox / "two.tif", [picture(Sheet(page("P1", 2), FULL)), picture(Sheet(page("P2", 2), FULL))])
    from scanning import intake, pictures

    real = pictures.frame

    def second_is_damaged(path: Path, number: int, most: int) -> Any:
        if number == 2:
            raise intake.Unreadable("damaged")
        return real(path, number, most)

    monkeypatch.setattr(pictures, "frame", second_is_damaged)
    told = poshta("scan", "watch", str(inbox), "--once")
    assert [row["state"] for row in told.data["pages"]] == ["read", "refused"]
    assert below(inbox) == ["done/two.tif", f"done/two.tif{REASON}"]
    assert "page 2" in (inbox / DONE / f"two.tif{REASON}").read_text(encoding="utf-8")


def test_stopped_between_filing_and_moving_it_is_moved_at_the_next_start_and_not_counted_twice(
    home: Home, inbox: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(inbox / "a.png", Sheet(page("P1", 2), FULL))

    def killed(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Inbox, "put_away", killed)
        told = poshta("scan", "watch", str(inbox), "--once")
    assert (told.code, told.body["errors"][0]["code"], below(inbox)) == (130, "interrupted", ["a.png"])
    stood = counted(home)
    assert stood == {"scan": 1, "answer": 2, "original": 1}
    told = poshta("scan", "watch", str(inbox), "--once")
    assert [(row["state"], row["reason"]) for row in told.data["pages"]] == [("duplicate", "same_file")]
    assert (below(inbox), counted(home)) == (["done/a.png"], stood)


def test_a_file_that_another_program_holds_is_told_and_moved_when_it_is_free(
    home: Home, inbox: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = save(inbox / "a.png", Sheet(page("P1", 2), FULL))

    def held(*_given: object) -> None:
        raise Busy("held")

    with monkeypatch.context() as patched:
        patched.setattr("scanning.inbox._move", held)
        told = poshta("scan", "watch", str(inbox), "--once")
        assert (told.code, told.data["left"]) == (3, [{"file": str(file), "reason": "not_moved"}])
        assert "a.png" in told.body["errors"][0]["text"]
        watched = Inbox(inbox)
        assert whole(watched) == ["a.png"]
        assert watched.put_away([Filed(file, DONE)]) == []
    assert watched.look() == []  # it is filed, and not read again
    assert [moved.to for moved in watched.put_away([])] == [inbox / DONE / "a.png"]
    with monkeypatch.context() as patched:
        patched.setattr("scanning.inbox._opens", lambda _file: False)
        save(inbox / "b.png", Sheet(page("P2", 2), FULL))
        told = poshta("scan", "watch", str(inbox), "--once")
    assert (told.code, told.data["left"][0]["reason"], told.data["pages"]) == (3, "held_open", [])


def test_a_folder_that_vanishes_is_said_and_a_watch_waits_for_it(home: Home, inbox: Path, poshta: Poshta) -> None:
    from records.desk import Desk
    from scanning.watch_command import Watching

    told = poshta("scan", "watch", str(inbox / "nowhere"), "--once")
    assert (told.code, told.body["errors"][0]["code"]) == (6, "not_found")
    rounds: list[float] = []

    def pause(seconds: float) -> None:
        rounds.append(seconds)
        if len(rounds) == 1:
            inbox.rmdir()
        elif len(rounds) == 3:
            inbox.mkdir()
            save(inbox / "a.png", Sheet(page("P1", 2), FULL))
        elif len(rounds) == 6:
            raise KeyboardInterrupt

    watching = Watching(Desk(home.path, as_json=True, quiet=True), inbox, "1", pause)
    with pytest.raises(KeyboardInterrupt):
        watching.until_stopped(0.5)
    assert (below(inbox), rounds) == (["done/a.png"], [0.5] * 6)
    assert [row["state"] for row in watching.answer().data["pages"]] == ["read"]
    inbox.rename(inbox.with_name("away"))
    with pytest.raises(NotFound):
        Inbox(inbox).look()


def test_a_watch_of_many_weeks_remembers_only_the_last_of_what_it_did(home: Home, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from records.desk import Desk
    from scanning import watch_command

    monkeypatch.setattr(watch_command, "MOST_KEPT", 2)
    rounds: list[float] = []

    def pause(seconds: float) -> None:
        rounds.append(seconds)
        if len(rounds) > 6:
            raise KeyboardInterrupt
        if len(rounds) % 2:
            save(inbox / f"{len(rounds)}.png", Sheet(page("P1", 2), FULL), note=str(rounds))

    watching = watch_command.Watching(Desk(home.path, as_json=True, quiet=True), inbox, "1", pause)
    with pytest.raises(KeyboardInterrupt):
        watching.until_stopped(0.5)
    data = watching.answer().data
    assert [Path(each["file"]).name for each in data["moved"]] == ["3.png", "5.png"]
    assert (len(data["pages"]), counted(home)["scan"]) == (2, 3)


@pytest.mark.parametrize("place", [".", "..", "originals", "packets/2026-W41"])
def test_no_folder_is_watched_in_which_other_things_are_kept(home: Home, place: str, poshta: Poshta) -> None:
    folder = home.path / place
    folder.mkdir(parents=True, exist_ok=True)
    stood = below(home.path)
    assert poshta("scan", "watch", str(folder), "--once").code == 2
    assert below(home.path) == stood
    with pytest.raises(UsageRefused):
        require_inbox(home, Path.home())


def test_a_folder_of_its_own_within_the_home_may_be_watched(home: Home, poshta: Poshta) -> None:
    save(home.path / "scans" / "a.png", Sheet(page("P1", 2), FULL))
    assert poshta("scan", "watch", str(home.path / "scans"), "--once").code == 0
    assert below(home.path / "scans") == ["done/a.png"]


def a_page_more(inbox: Path, file: Path) -> None:
    save_pages(inbox / "all.tif", [picture(Sheet(page("P1", 2), FULL)), picture(Sheet(page("P2", 2), FULL))])
    file.write_bytes((inbox / "all.tif").read_bytes())
    (inbox / "all.tif").unlink()


def test_a_page_that_a_scanner_adds_to_a_moved_file_is_read(home: Home, inbox: Path) -> None:
    from records.desk import Desk
    from scanning.watch_command import Watching

    rounds: list[float] = []

    def pause(seconds: float) -> None:
        rounds.append(seconds)
        if len(rounds) == 3:
            a_page_more(inbox, inbox / DONE / "a.tif")
        elif len(rounds) > 6:
            raise KeyboardInterrupt

    save_pages(inbox / "a.tif", [picture(Sheet(page("P1", 2), FULL))])
    watching = Watching(Desk(home.path, as_json=True, quiet=True), inbox, "1", pause)
    with pytest.raises(KeyboardInterrupt):
        watching.until_stopped(0.5)
    data = watching.answer().data
    assert [(row["page"], row["state"], row["reason"]) for row in data["pages"]] == [
        (page("P1", 2), "read", ""),
        (page("P1", 2), "duplicate", "same_page"),
        (page("P2", 2), "read", ""),
    ]
    assert data["back"] == [{"file": str(inbox / DONE / "a.tif"), "to": str(inbox / "a.tif")}]
    assert below(inbox) == ["done/a.tif"]


def test_a_page_that_was_added_while_nobody_watched_is_read_at_the_next_start(home: Home, inbox: Path, poshta: Poshta) -> None:
    save_pages(inbox / "a.tif", [picture(Sheet(page("P1", 2), FULL))])
    (inbox / "half.png").write_bytes(b"\x89PNG cut off")
    poshta("scan", "watch", str(inbox), "--once")
    assert poshta("scan", "watch", str(inbox), "--once").data["back"] == []
    a_page_more(inbox, inbox / DONE / "a.tif")
    half = inbox / REFUSED / "half.png"
    moment = half.stat().st_mtime_ns
    save(half, Sheet(page("P2", 3), {"3": "84", "4": ""}))
    os.utime(half, ns=(moment + 10**9, moment + 10**9))
    told = poshta("scan", "watch", str(inbox), "--once")
    assert [each["to"] for each in told.data["back"]] == [str(inbox / "a.tif"), str(inbox / "half.png")]
    assert told.data["counts"]["read"] == 2
    assert below(inbox) == ["done/a.tif", "done/half.png"]
    assert poshta("scan", "watch", str(inbox), "--once").data["back"] == []

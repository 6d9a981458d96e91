"""A packet's file that cannot be removed, since a viewer holds it open or its folder is locked: a sentence, and everything as it was before."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from packets import void_command
from records import schema
from records.home import Home
from tests.conftest import Poshta
from tests.packets.week import FIRST_PACKET, SECOND, WEEK, printed

HELD = PermissionError(errno.EACCES, "held open")
HELD.winerror = 32  # type: ignore[attr-defined]
REFUSALS = [(HELD, 8, "busy"), (PermissionError(errno.EACCES, "denied"), 7, "not_allowed")]


def _refuse(monkeypatch: pytest.MonkeyPatch, refusal: OSError) -> None:
    """Let no PDF be removed or renamed."""
    unlink, replace = Path.unlink, Path.replace

    def refused(self: Path, missing_ok: bool = False) -> None:
        if self.suffix == ".pdf" and self.exists():
            raise refusal
        unlink(self, missing_ok)

    def kept(self: Path, target: Path) -> Path:
        if self == target and self.suffix == ".pdf" and self.exists():
            raise refusal
        return replace(self, target)

    monkeypatch.setattr(Path, "unlink", refused)
    monkeypatch.setattr(Path, "replace", kept)


@pytest.mark.parametrize(("refusal", "code", "word"), REFUSALS, ids=["open elsewhere", "forbidden"])
def test_a_packet_whose_file_cannot_be_removed_is_not_withdrawn(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch, refusal: OSError, code: int, word: str
) -> None:
    poshta("packets", "build", "--week", WEEK)
    before = printed(home)
    with monkeypatch.context() as patch:
        _refuse(patch, refusal)
        said = poshta("packets", "void", f"{WEEK}-P1")
    assert (said.code, said.body["errors"][0]["code"]) == (code, word)
    assert FIRST_PACKET in said.body["errors"][0]["text"]
    assert poshta("packets", "show", f"{WEEK}-P1").data["state"] == "built"
    assert printed(home) == before
    assert poshta("packets", "build", "--week", WEEK).data["unchanged"] == 3
    assert poshta("packets", "void", f"{WEEK}-P1").code == 0


def test_a_moved_pupils_old_file_that_is_open_elsewhere_leaves_the_packet_as_it_was_until_it_is_closed(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    poshta("packets", "build", "--week", WEEK)
    with home.database.write() as session:
        session.execute(update(schema.Pupil).where(schema.Pupil.code == "P1").values(kato=SECOND))
    with monkeypatch.context() as patch:
        _refuse(patch, HELD)
        said = poshta("packets", "build", "--week", WEEK)
    assert said.code == 8
    shown = poshta("packets", "show", f"{WEEK}-P1").data
    assert (shown["issue"], shown["pdf"]) == (1, FIRST_PACKET)
    assert poshta("packets", "build", "--week", WEEK).data["rebuilt"] == 1
    assert sorted(Path(each).name for each in printed(home)) == [f"{WEEK}-P{number}.pdf" for number in (1, 2, 3)]
    assert FIRST_PACKET not in printed(home)


def reprinted(home: Home, poshta: Poshta) -> list[str]:
    """Build the week, and print pages of its first packet again; answers the files, which stand."""
    poshta("packets", "build", "--week", WEEK)
    files: list[str] = poshta("packets", "reprint", f"{WEEK}-P1").data["files"]
    return [*files, FIRST_PACKET]


def stopped_before_the_notes(*_of: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("stopped_at", [0, 1, 2])
def test_a_withdrawal_that_is_stopped_leaves_no_packet_standing_without_its_files_and_the_next_run_finishes(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch, stopped_at: int
) -> None:
    files = reprinted(home, poshta)
    removed: list[Path] = []
    unlink = Path.unlink

    def stopped(self: Path, missing_ok: bool = False) -> None:
        if self.suffix == ".pdf":
            if len(removed) == stopped_at:
                raise KeyboardInterrupt
            removed.append(self)
        unlink(self, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", stopped)
        patch.setattr(void_command, "let_go", stopped_before_the_notes)
        assert poshta("packets", "void", f"{WEEK}-P1").code == 130
    assert poshta("packets", "show", f"{WEEK}-P1").data["state"] == "void", "what is gone is not called standing"
    left = [file for file in files if (home.path / file).exists()]
    assert len(left) == len(files) - stopped_at
    said = poshta("packets", "void", f"{WEEK}-P1")
    assert (said.code, sorted(said.data["removed"]), said.data["state"]) == (0, sorted(left), "void")
    assert not [file for file in files if (home.path / file).exists()]
    assert poshta("packets", "void", f"{WEEK}-P1").code == 7
    with home.database.read() as session:
        assert not [row for row in session.query(schema.NamedFile) if row.path in files]


def test_a_file_that_is_opened_while_its_packet_is_withdrawn_is_named_and_removed_by_the_next_run(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = reprinted(home, poshta)
    unlink = Path.unlink

    def held(self: Path, missing_ok: bool = False) -> None:
        if self.name == f"{WEEK}-P1.pdf" and self.parent.name != "reprint":
            raise HELD
        unlink(self, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held)
        said = poshta("packets", "void", f"{WEEK}-P1")
    (error,) = said.body["errors"]
    assert (said.code, error["code"], said.data["state"], said.data["removed"]) == (3, "busy", "void", files[:-1])
    assert FIRST_PACKET in error["text"]
    assert poshta("packets", "void", f"{WEEK}-P1").data["removed"] == [FIRST_PACKET]


def test_a_packet_that_is_renewed_while_it_is_withdrawn_keeps_its_new_file(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    reprinted(home, poshta)
    withdraw = void_command._withdrawn

    def renewed(*given: Any) -> Any:
        withdrawn = withdraw(*given)
        with monkeypatch.context() as patch:
            patch.setattr(void_command, "_withdrawn", withdraw)
            assert poshta("packets", "build", "--week", WEEK, "--pupil", "P1").data["rebuilt"] == 1
        return withdrawn

    monkeypatch.setattr(void_command, "_withdrawn", renewed)
    said = poshta("packets", "void", f"{WEEK}-P1")
    assert (said.code, said.data["removed"]) == (0, [])
    assert [Path(each).name for each in printed(home) if "P1" in each] == [f"{WEEK}-P1.pdf"]
    assert poshta("packets", "build", "--week", WEEK).data["unchanged"] == 3

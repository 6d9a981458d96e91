"""A packet's file that cannot be removed, since a viewer holds it open or its folder is locked: a sentence, and everything as it was before."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from sqlalchemy import update

from records import schema
from records.home import Home
from tests.conftest import Poshta
from tests.packets.week import FIRST_PACKET, SECOND, WEEK, printed

HELD = PermissionError(errno.EACCES, "held open")
HELD.winerror = 32  # type: ignore[attr-defined]
REFUSALS = [(HELD, 8, "busy"), (PermissionError(errno.EACCES, "denied"), 7, "not_allowed")]


def _refuse(monkeypatch: pytest.MonkeyPatch, refusal: OSError) -> None:
    """Let no PDF be removed."""
    unlink = Path.unlink

    def refused(self: Path, missing_ok: bool = False) -> None:
        if self.suffix == ".pdf" and self.exists():
            raise refusal
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", refused)


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

"""Files of pages printed again go with the pages: after a withdrawal or a new issue nobody finds void pages to print."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update

from records import schema
from records.home import Home
from tests.conftest import Poshta
from tests.packets.test_held_files import HELD, _refuse
from tests.packets.week import FIRST_PACKET, WEEK

FOLDER = f"packets/{WEEK}/reprint"
PACKET = f"{WEEK}-P1"


def reprints(home: Home) -> list[str]:
    """The files of pages printed again, by name."""
    return sorted(path.name for path in (home.path / FOLDER).glob("*"))


def noted(home: Home) -> list[str]:
    """The files that are noted to carry a name."""
    with home.database.read() as session:
        return sorted(path for path in set(session.scalars(select(schema.NamedFile.path))) if path.startswith(FOLDER))


@pytest.fixture
def printed_again(home: Home, poshta: Poshta) -> Home:
    """A built week of which a whole packet, one page of it, and another pupil's packet were printed again."""
    with home.database.write() as session:  # whose code begins like that of P1
        session.add(schema.Pupil(code="P10", grade=5, language="kk", kato="595033100", school="S1", print="normal", channels="post"))
        session.add(schema.Person(code="P10", role="pupil", first_name="Ержан", last_name="Серік", parent="", address=""))
    poshta("packets", "build", "--week", WEEK)
    page = next(page for page in poshta("packets", "show", PACKET).data["pages"] if page["kind"] == "worksheet")
    for words in ((PACKET,), ("--pages", page["page"]), (f"{WEEK}-P10",)):
        assert poshta("packets", "reprint", *words).code == 0
    assert reprints(home) == [f"{PACKET}+p{page['number']}.pdf", f"{PACKET}.pdf", f"{WEEK}-P10.pdf"]
    return home


def test_what_was_printed_again_of_a_withdrawn_packet_is_removed_and_told(printed_again: Home, poshta: Poshta) -> None:
    mine = [f"{FOLDER}/{name}" for name in reprints(printed_again) if "P10" not in name]
    said = poshta("packets", "void", PACKET)
    assert (said.code, said.data["removed"]) == (0, [FIRST_PACKET, *mine])
    assert reprints(printed_again) == [f"{WEEK}-P10.pdf"]
    assert noted(printed_again) == [f"{FOLDER}/{WEEK}-P10.pdf"]
    assert poshta("packets", "void", f"{WEEK}-P3").data["removed"] == [f"packets/{WEEK}/595033200/{WEEK}-P3.pdf"]


@pytest.mark.parametrize(("language", "words"), [("kk", "қайта басылған"), ("ru", "напечатанные снова"), ("en", "printed again")])
def test_the_screen_says_which_files_went(printed_again: Home, poshta: Poshta, language: str, words: str) -> None:
    said = poshta("packets", "void", PACKET, json=False, lang=language)
    assert words in " ".join(said.out.split())
    assert f"{PACKET}+p" in said.out


def test_a_new_issue_removes_what_was_printed_again_of_the_old_one_and_a_second_build_does_nothing(
    printed_again: Home, poshta: Poshta
) -> None:
    before = reprints(printed_again)
    assert poshta("packets", "build", "--week", WEEK).data["removed"] == []
    assert reprints(printed_again) == before
    with printed_again.database.write() as session:
        session.execute(update(schema.Person).where(schema.Person.code == "P1").values(first_name="Айгүл"))
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["rebuilt"], said.data["removed"]) == (1, [f"{FOLDER}/{name}" for name in before if "P10" not in name])
    assert reprints(printed_again) == [f"{WEEK}-P10.pdf"]
    again = poshta("packets", "build", "--week", WEEK)
    assert (again.data["unchanged"], again.data["removed"]) == (4, [])


def test_a_packet_drawn_again_keeps_what_was_printed_again_since_its_pages_are_the_same(printed_again: Home, poshta: Poshta) -> None:
    before = reprints(printed_again)
    (printed_again.path / FIRST_PACKET).unlink()
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["redrawn"], said.data["removed"]) == (1, [])
    assert reprints(printed_again) == before


def test_a_withdrawal_taken_back_prints_the_same_pages_again(printed_again: Home, poshta: Poshta) -> None:
    whole = printed_again.path / FOLDER / f"{PACKET}.pdf"
    before = whole.read_bytes()
    poshta("packets", "void", PACKET)
    assert poshta("undo").code == 0
    assert poshta("packets", "build", "--week", WEEK).data["redrawn"] == 1
    assert poshta("packets", "reprint", PACKET).code == 0
    assert whole.read_bytes() == before


def test_where_such_a_file_is_open_elsewhere_nothing_is_withdrawn(
    printed_again: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = reprints(printed_again)
    with monkeypatch.context() as patch:
        _refuse(patch, HELD)
        said = poshta("packets", "void", PACKET)
    assert said.code == 8
    assert poshta("packets", "show", PACKET).data["state"] == "built"
    assert (reprints(printed_again), (printed_again.path / FIRST_PACKET).is_file()) == (before, True)
    assert poshta("packets", "void", PACKET).code == 0


def test_a_file_that_somebody_removed_by_hand_is_no_fault(printed_again: Home, poshta: Poshta, tmp_path: Path) -> None:
    (printed_again.path / FOLDER / f"{PACKET}.pdf").unlink()
    said = poshta("packets", "void", PACKET)
    assert said.code == 0
    assert f"{FOLDER}/{PACKET}.pdf" not in said.data["removed"]
    assert noted(printed_again) == [f"{FOLDER}/{WEEK}-P10.pdf"]

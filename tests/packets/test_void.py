"""Withdrawing a packet, or building it anew: what refuses it says why and what to do instead, through every door, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from packets.archive import packet_named, withdraw
from records import schema
from records.errors import NotAllowed
from records.home import Home, open_home
from tests.conftest import Poshta
from tests.packets.week import WEEK, printed
from tests.small_desk import SmallDesk, here, outside

WORDS = {
    "en": "Pages of the packet {code} have come back.",
    "kk": "{code} пакетінің беттері қайтып келді.",
    "ru": "Страницы пакета {code} уже вернулись.",
}


def state_of(home: Path, code: str) -> tuple[str, int, int]:
    """A packet's state, how many of its pages are void, and how many acts stand in the journal."""
    shown = here(home, "packets", "show", code).data
    return shown["state"], sum(page["void"] for page in shown["pages"]), len(here(home, "journal").data["acts"])


@pytest.mark.parametrize("language", WORDS)
def test_a_packet_that_has_come_back_is_not_withdrawn_and_the_sentence_says_what_to_do(own_desk: SmallDesk, language: str) -> None:
    code = own_desk.played[0]
    before = state_of(own_desk.home, code)
    assert before[0] in {"returning", "complete"}
    for door in (here, outside) if language == "en" else (here,):
        said = door(own_desk.home, "packets", "void", code, lang=language)
        assert said.code == 7
        (error,) = said.body["errors"]
        assert error["text"].startswith(WORDS[language].format(code=code))
        assert "grades amend" in error["hint"]
        assert ("packets reprint" in error["hint"]) is (before[0] == "returning")
    assert state_of(own_desk.home, code) == before
    assert (own_desk.home / here(own_desk.home, "packets", "show", code).data["pdf"]).is_file()


def test_the_function_refuses_what_has_come_back_and_leaves_its_pages_valid(own_desk: SmallDesk) -> None:
    code = own_desk.played[-1]
    home = open_home(own_desk.home)
    with pytest.raises(NotAllowed, match="have come back"), home.database.write() as session:
        withdraw(session, code)
    with home.database.read() as session:
        assert packet_named(session, code).state.value in {"returning", "complete"}
    home.close()


def test_a_packet_that_is_withdrawn_already_says_so_and_how_to_print_another(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    assert poshta("packets", "void", f"{WEEK}-P1").code == 0
    before = printed(home)
    said = poshta("packets", "void", f"{WEEK}-P1")
    assert said.code == 7
    (error,) = said.body["errors"]
    assert error["text"] == f"The packet {WEEK}-P1 is withdrawn already."
    assert "--pupil P1" in error["hint"]
    assert printed(home) == before


def test_a_packet_of_which_a_person_typed_what_a_pupil_wrote_is_not_withdrawn_though_no_picture_of_it_was_read(
    home: Home, poshta: Poshta
) -> None:
    """Its marks would go out of the grade book without a word; an answer typed on the wrong page is made blank first."""
    poshta("packets", "build", "--week", WEEK)
    page = next(page["page"] for page in poshta("packets", "show", f"{WEEK}-P1").data["pages"] if page["kind"] == "worksheet")
    assert poshta("grades", "amend", page, "1", "A").code == 0
    before = state_of(home.path, f"{WEEK}-P1")
    said = poshta("packets", "void", f"{WEEK}-P1")
    assert (said.code, [error["text"].startswith("Pages of the packet") for error in said.body["errors"]]) == (7, [True])
    assert state_of(home.path, f"{WEEK}-P1") == before
    assert poshta("grades", "amend", page, "1", "").code == 0
    assert poshta("packets", "void", f"{WEEK}-P1").code == 0


def test_a_packet_of_which_answers_were_typed_is_not_built_anew_though_nobody_told_of_its_hand_over(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    page = next(page["page"] for page in poshta("packets", "show", f"{WEEK}-P1").data["pages"] if page["kind"] == "worksheet")
    assert poshta("grades", "amend", page, "1", "A").code == 0
    assert poshta("packets", "build", "--week", WEEK).data["unchanged"] == 3
    works = poshta("grades", "book", "--week", WEEK, "--pupil", "P1").data["works"]
    assert works[0]["points"] == 1
    with home.database.write() as session:
        session.execute(update(schema.Person).where(schema.Person.code.in_(["P1", "P3"])).values(first_name="Айгүл"))
    said = poshta("packets", "build", "--week", WEEK)
    assert said.data["rebuilt"] == 1
    assert {"reason": "changed_after_handover", "pupils": ["P1"]} in said.data["without"]
    assert poshta("grades", "book", "--week", WEEK, "--pupil", "P1").data["works"] == works

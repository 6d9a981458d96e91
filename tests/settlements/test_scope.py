"""What is no KATO code is said in one sentence by every command that takes a place, and never taken for a place where nobody lives."""

from __future__ import annotations

import pytest

from records.errors import UsageRefused
from settlements.scope import narrowest, require_place
from tests.small_desk import WEEK, SmallDesk, here, outside

COMMANDS = (
    ("overdue", "--village", "село"),
    ("routes", "track", "--village", "село"),
    ("packets", "build", "--week", WEEK, "--village", "село"),
    ("packets", "build", "--week", WEEK, "--district", "село"),
    ("packets", "list", "--week", WEEK, "--village", "село"),
    ("packets", "list", "--week", WEEK, "--district", "село"),
    ("packets", "layout", "--week", WEEK, "--district", "село"),
    ("packets", "labels", "--week", WEEK, "--district", "село"),
    ("packets", "labels", "--week", WEEK, "--village", "село"),
    ("packets", "print", "--week", WEEK, "--village", "село"),
    ("packets", "ledger", "--week", WEEK, "--village", "село"),
    ("packets", "reprint", "--lost", "--village", "село"),
    ("district", "report", "--week", WEEK, "--district", "село"),
    ("district", "export", "no.json", "--week", WEEK, "--district", "село"),
    ("routes", "map", "--week", WEEK, "--district", "село"),
    ("settlements", "list", "--district", "село"),
    ("settlements", "list", "--within", "село"),
    ("settlements", "find", "ауыл", "--within", "село"),
    ("settlements", "summary", "--within", "село"),
    ("pupils", "list", "--district", "село"),
    ("pupils", "list", "--village", "село"),
    ("pupils", "channels", "--within", "село"),
    ("pupils", "move", "NOBODY", "село"),
    ("loans", "list", "--within", "село"),
)
SENTENCES = {"en": "«село» is not a KATO code.", "kk": "«село» – ӘАОЖ коды емес.", "ru": "«село» – не код КАТО."}


@pytest.mark.parametrize("text", ["село", "12", "59302010", "893020100", "../.."])
def test_what_has_not_the_form_of_a_code_is_refused(text: str) -> None:
    with pytest.raises(UsageRefused, match="is not a KATO code") as refused:
        require_place(text)
    assert "settlements find" in refused.value.hint


@pytest.mark.parametrize("text", ["", "593020100", "590000000"])
def test_a_code_of_any_place_and_none_at_all_are_taken(text: str) -> None:
    require_place(text)


def test_of_a_district_and_its_village_the_village_is_meant() -> None:
    assert [narrowest(*both) for both in (("593000000", "593020100"), ("593000000", ""), ("", "593020100"), ("", ""))] == [
        "593020100",
        "593000000",
        "593020100",
        "",
    ]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_every_command_that_takes_a_place_says_the_same(small_desk: SmallDesk, words: tuple[str, ...]) -> None:
    said = here(small_desk.home, *words)
    assert (said.code, said.body["errors"][0]["text"]) == (UsageRefused.exit_code, SENTENCES["en"])


@pytest.mark.parametrize(
    "words", [("packets", "list"), ("packets", "build"), ("packets", "labels"), ("packets", "print"), ("pupils", "list")], ids=" ".join
)
def test_a_village_of_another_district_is_told_by_every_command_that_takes_both(small_desk: SmallDesk, words: tuple[str, ...]) -> None:
    week = ("--week", WEEK) if words[0] == "packets" else ()
    said = here(small_desk.home, *words, *week, "--district", "150000000", "--village", "593020100")
    assert (said.code, said.body["errors"][0]["text"]) == (2, "The village 593020100 is not below 150000000.")


@pytest.mark.parametrize("language", SENTENCES)
def test_the_sentence_is_said_in_the_language_of_the_desk_by_the_program_itself(small_desk: SmallDesk, language: str) -> None:
    said = outside(small_desk.home, "packets", "list", "--week", WEEK, "--village", "село", lang=language)
    assert (said.code, said.body["errors"][0]["text"]) == (2, SENTENCES[language])


NARROWED = (
    ("settlements", "list", "--within"),
    ("settlements", "list", "--district"),
    ("settlements", "summary", "--within"),
    ("pupils", "list", "--village"),
    ("pupils", "channels", "--within"),
    ("loans", "list", "--within"),
    ("packets", "list", "--week", WEEK, "--district"),
    ("packets", "layout", "--week", WEEK, "--district"),
    ("packets", "ledger", "--week", WEEK, "--village"),
    ("packets", "reprint", "--missing", "--week", WEEK, "--village"),
    ("overdue", "--village"),
    ("routes", "track", "--village"),
)


@pytest.mark.parametrize("words", NARROWED, ids=lambda words: " ".join(words[:2]))
def test_a_list_of_a_place_that_the_desk_does_not_know_says_so_and_one_of_a_place_that_it_knows_does_not(
    small_desk: SmallDesk, words: tuple[str, ...]
) -> None:
    """A digit mistyped would else be read as: nobody is overdue there."""
    said = here(small_desk.home, *words, "710000000")
    assert (said.code, [(each["code"], each["value"]) for each in said.body["errors"]]) == (0, [("unknown_place", "710000000")])
    known = here(small_desk.home, "settlements", "list").data["settlements"][0]["kato"]
    if words[0] != "packets" or words[1] != "reprint":  # which writes files
        told = here(small_desk.home, *words, known).body["errors"]
        assert "unknown_place" not in [each["code"] for each in told]

"""Where a week's packets have none to print or to label, the sentence is true and says what to do: build, find the pupils, or print another week."""

from __future__ import annotations

import pytest

from records import schema
from records.home import Home
from tests.conftest import Poshta
from tests.packets.week import FIRST, NEXT_WEEK, SECOND, WEEK

BOTH = pytest.mark.parametrize("command", ["labels", "print"])


@BOTH
def test_a_place_of_which_nothing_was_built_is_told_apart_from_a_week_of_which_nothing_was(
    home: Home, poshta: Poshta, command: str
) -> None:
    assert poshta("packets", "build", "--week", WEEK, "--village", FIRST).code == 0
    said = poshta("packets", command, "--week", WEEK, "--village", SECOND)
    (error,) = said.body["errors"]
    assert (said.code, error["text"]) == (7, f"No packets of {WEEK} were built there.")
    assert f"poshta packets build --week {WEEK} --district {SECOND}" in error["hint"]
    said = poshta("packets", command, "--week", NEXT_WEEK, "--village", SECOND)
    assert (said.code, said.body["errors"][0]["text"]) == (7, f"There are no packets of the study week {NEXT_WEEK}.")
    assert not (home.path / "print").exists()
    assert not list((home.path / "packets").rglob("labels*"))


@BOTH
@pytest.mark.parametrize("built", [True, False])
def test_a_place_that_nobody_knows_or_where_no_pupil_lives_is_not_found(home: Home, poshta: Poshta, command: str, built: bool) -> None:
    """Also in a week of which nothing was built: else a mistyped code would be told to be built."""
    with home.database.write() as session:
        session.add(schema.Settlement(kato="595033300", name_kk="Бос", name_ru="Пустое", lat=54.1, lon=69.2))
    if built:
        assert poshta("packets", "build", "--week", WEEK).code in {0, 3}
    said = poshta("packets", command, "--week", WEEK, "--district", "710000000")
    assert (said.code, said.body["errors"][0]["text"]) == (6, "This desk knows no village, pupil or packet below 710000000.")
    said = poshta("packets", command, "--week", WEEK, "--village", "595033300")
    assert (said.code, said.body["errors"][0]["text"]) == (6, "There are no pupils there.")


@BOTH
def test_packets_that_were_all_withdrawn_are_not_said_never_to_have_been_built(home: Home, poshta: Poshta, command: str) -> None:
    assert poshta("packets", "build", "--week", WEEK).code in {0, 3}
    assert poshta("packets", "void", f"{WEEK}-P3").code == 0
    said = poshta("packets", command, "--week", WEEK, "--village", SECOND)
    assert (said.code, said.body["errors"][0]["text"]) == (7, f"All packets of {WEEK} there were withdrawn.")
    for pupil in ("P1", "P2"):
        assert poshta("packets", "void", f"{WEEK}-{pupil}").code == 0
    said = poshta("packets", command, "--week", WEEK)
    assert (said.code, said.body["errors"][0]["text"]) == (7, f"All packets of the study week {WEEK} were withdrawn.")
    assert f"poshta packets build --week {WEEK} --pupil CODE" in said.body["errors"][0]["hint"]


@pytest.mark.parametrize(
    ("command", "where"), [("print", ("--village", SECOND)), ("labels", ("--village", SECOND)), ("print", ("--pupil", "P3"))]
)
def test_what_is_said_to_do_about_withdrawn_packets_prints_new_ones(
    home: Home, poshta: Poshta, command: str, where: tuple[str, str]
) -> None:
    """A place does not renew what was withdrawn in it: only a pupil's code does."""
    assert poshta("packets", "build", "--week", WEEK).code in {0, 3}
    assert poshta("packets", "void", f"{WEEK}-P3").code == 0
    (error,) = poshta("packets", command, "--week", WEEK, *where).body["errors"]
    advice = error["hint"].split("`")[1].split()
    assert poshta(*advice[1:]).body["data"]["rebuilt"] == 1
    assert poshta("packets", command, "--week", WEEK, *where).code == 0


def test_a_withdrawn_packet_of_a_pupil_is_not_said_to_be_unknown(home: Home, poshta: Poshta) -> None:
    assert poshta("packets", "build", "--week", WEEK).code in {0, 3}
    assert poshta("packets", "void", f"{WEEK}-P3").code == 0
    said = poshta("packets", "print", "--week", WEEK, "--pupil", "P3")
    assert (said.code, said.body["errors"][0]["text"]) == (7, f"The packet {WEEK}-P3 was withdrawn.")
    assert poshta("packets", "print", "--week", WEEK, "--pupil", "P6").code == 6

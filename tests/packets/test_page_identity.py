"""A page's id says what is printed on it: no restored desk takes one print for another, and a packet drawn again keeps its ids."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import delete, update

from packets.assignment import Assignment, ChoiceQuestion
from packets.shelf import keep
from packets.token import grouped, short_code
from records import schema
from records.home import Home
from tests.conftest import Poshta
from tests.packets.week import FIRST_PACKET, WEEK, assignment, texts


def pages(poshta: Poshta) -> dict[tuple[Any, ...], str]:
    """Page ids by packet, assignment and number."""
    listed = poshta("packets", "layout", "--week", WEEK).data["pages"]
    return {(page["packet"], page["assignment"], page["number"]): page["page"] for page in listed}


def lose(home: Home) -> None:
    """The desk as a backup from before the build restores it: no packets, the same key."""
    with home.database.write() as session:
        for table in (schema.Page, schema.Packet, schema.Layout, schema.Assignment):
            session.execute(delete(table))


def restock(home: Home, *kept: Assignment) -> None:
    with home.database.write() as session:
        for each in kept:
            keep(session, each)


def test_the_same_print_after_a_restore_has_the_same_ids(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    before = pages(poshta)
    lose(home)
    restock(home, assignment("math-kk-W41", "kk"), assignment("math-ru-W41", "ru"))
    poshta("packets", "build", "--week", WEEK)
    assert pages(poshta) == before


def test_another_print_of_the_same_place_after_a_restore_has_another_id(home: Home, poshta: Poshta) -> None:
    """Else the old paper, which is out there, would be scored by the new key without a word."""
    poshta("packets", "build", "--week", WEEK)
    before = pages(poshta)
    lose(home)
    kazakh = assignment("math-kk-W41", "kk")
    parts = tuple(replace(part, choices=part.choices[::-1]) if isinstance(part, ChoiceQuestion) else part for part in kazakh.parts)
    restock(home, replace(kazakh, parts=parts), assignment("math-ru-W41", "ru"))
    poshta("packets", "build", "--week", WEEK)
    after = pages(poshta)
    assert after.keys() == before.keys()
    changed = {place for place in before if before[place] != after[place]}
    assert changed == {place for place in before if place[1] == "math-kk-W41"}


def test_a_packet_that_is_drawn_again_keeps_the_ids_that_it_has(home: Home, poshta: Poshta) -> None:
    """Those of desks that derived their ids otherwise, too."""
    poshta("packets", "build", "--week", WEEK)
    mine = poshta("packets", "show", f"{WEEK}-P1").data["pages"]
    given = [f"{page['number']:014x}" for page in mine]
    with home.database.write() as session:
        for page, identity in zip(mine, given, strict=True):
            values = {"id": identity, "short_code": short_code(identity)}
            session.execute(update(schema.Page).where(schema.Page.id == page["page"]).values(**values))
    Path(home.path / FIRST_PACKET).unlink()
    assert poshta("packets", "build", "--week", WEEK).data["redrawn"] == 1
    assert [grouped(short_code(identity)) in text for identity, text in zip(given, texts(home, FIRST_PACKET), strict=True)] == [True] * len(
        mine
    )

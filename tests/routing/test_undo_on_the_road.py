"""What was said of a route by hand, and what the post told, is taken back: everything is where it was before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from records.home import open_home
from records.schema import Packet, PostalItem, Route
from tests.conftest import Poshta
from tests.routing.desks import MORNING
from tests.routing.test_commands import WEEK, change
from tests.routing.weeks import fill_desk

STICKER, OTHER = "RA473124829KZ", "RA473124832KZ"
LATER = "2026-09-29"


@pytest.fixture
def planned(desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> str:
    """A desk whose one route is planned, and nobody has handed it over; answers the route."""
    change(desk, fill_desk)
    monkeypatch.setenv("POSHTA_TODAY", MORNING)
    poshta("routes", "plan", *WEEK)
    poshta("routes", "manifest", *WEEK)
    (route,) = poshta("routes", "export", *WEEK).data["routes"]
    return str(route["route"])


@pytest.fixture
def away(planned: str, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same, handed over the day before."""
    assert poshta("routes", "handover", *WEEK).code == 0
    monkeypatch.setenv("POSHTA_TODAY", LATER)
    return planned


def standing(desk: Path, poshta: Poshta) -> Any:
    """Where everything is: packets and bags, notes, states, numbers."""
    found = poshta("routes", "track", *WEEK).data
    home = open_home(desk)
    with home.database.read() as session:
        states = [*session.execute(select(Packet.code, Packet.state).order_by(Packet.code))]
        numbers = [*session.execute(select(PostalItem.number, PostalItem.packet).order_by(PostalItem.number))]
        left = [*session.scalars(select(Route.handed_over_at))]
    home.close()
    return found, states, numbers, left


def table(folder: Path, *rows: str) -> str:
    path = folder / "events.csv"
    path.write_text("\n".join(("item,event,time,packet", *rows)), encoding="utf-8")
    return str(path)


def test_what_was_noted_is_taken_back_one_after_the_other(away: str, desk: Path, poshta: Poshta) -> None:
    """A first word, and one that took its place: each undoing leaves what stood before it."""
    before = standing(desk, poshta)
    assert poshta("routes", "note", away, "1", "delivered", "--back", "3").code == 0
    first = standing(desk, poshta)
    assert poshta("routes", "note", away, "1", "nobody", "--back", "0").code == 0
    assert poshta("undo").code == 0
    assert standing(desk, poshta) == first != before
    assert poshta("routes", "note", away, "1", "refused", "--back", "0").code == 0
    assert poshta("undo").code == 0
    assert standing(desk, poshta) == first
    said = poshta("undo")
    assert (said.code, said.data["action"], standing(desk, poshta)) == (0, "routes.note", before)
    assert poshta("routes", "note", away, "1", "delivered", "--back", "3").code == 0
    assert standing(desk, poshta)[1:] == first[1:]


def test_a_doubt_that_a_word_made_goes_with_it(away: str, desk: Path, poshta: Poshta) -> None:
    """An odometer that ends before it starts puts the earlier reading in doubt; it is plain again."""
    poshta("routes", "note", away, "--start", "1000")
    before = standing(desk, poshta)
    poshta("routes", "note", away, "2", "nobody", "--end", "900")
    assert poshta("undo").code == 0
    assert standing(desk, poshta) == before


def test_a_route_that_was_driven_only_by_a_word_is_planned_again(planned: str, desk: Path, poshta: Poshta) -> None:
    """A word on the wrong route: two acts, both undone, and the route can be handed over."""
    before = standing(desk, poshta)
    assert poshta("routes", "note", planned, "1", "delivered").code == 0
    assert standing(desk, poshta) != before
    assert [poshta("undo").data["action"] for _time in range(2)] == ["routes.note", "routes.on_the_road"]
    assert standing(desk, poshta) == before
    assert poshta("routes", "handover", *WEEK).data["packets"] == 40


def test_what_the_post_told_is_taken_back(away: str, desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    """Events go, new numbers go, and a number that was waiting waits again; the same table can be taken in anew."""
    codes = [each["packet"] for each in poshta("routes", "track", *WEEK).data["packets"]][:3]
    poshta("routes", "events", "import", table(tmp_path, f"{STICKER},DLV,2026-09-28 12:00,"))
    before = standing(desk, poshta)
    rows = (
        f"{codes[0]},Вручено,2026-09-28 13:00,",
        f"{STICKER},Вручено,2026-09-28 14:00,{codes[1]}",
        f"{OTHER},TRNRPO,2026-09-28 11:00,",
        f"{OTHER},Вручено,2026-09-28 15:00,{codes[2]}",
    )
    file = table(tmp_path, *rows)
    assert poshta("routes", "events", "import", file).data["added"] == 4
    after = standing(desk, poshta)
    assert [state for code, state in after[1] if code in codes] == ["delivered"] * 3
    said = poshta("undo")
    assert (said.code, said.data["action"]) == (0, "routes.events")
    assert standing(desk, poshta) == before
    assert before[2] == [(STICKER, None)]
    assert poshta("routes", "events", "import", file).data["added"] == 4
    assert standing(desk, poshta)[1:] == after[1:]


def test_pages_that_came_back_are_no_matter_of_the_post(away: str, desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    """A packet that is past the post's word keeps its state."""
    code = poshta("routes", "track", *WEEK).data["packets"][0]["packet"]
    poshta("routes", "events", "import", table(tmp_path, f"{code},Вручено,2026-09-28 13:00,"))
    change(desk, lambda session: setattr(session.get_one(Packet, code), "state", "complete"))
    assert poshta("undo").code == 0
    assert dict(standing(desk, poshta)[1])[code] == "complete"

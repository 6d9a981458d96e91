"""Pages of earlier weeks that are not back are named on the next cover, until they come."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from records import schema
from records.calendar import now
from records.home import Home
from tests.conftest import Poshta
from tests.packets.week import FIRST, NEXT_WEEK, WEEK, answered, cover_of, printed

NOT_BACK = "Өткен апталардың бұл беттері бізге жеткен жоқ"


def _next_cover(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch, day: str) -> str:
    monkeypatch.setenv("POSHTA_TODAY", day)
    poshta("packets", "build", "--week", NEXT_WEEK, "--pupil", "P1")
    return cover_of(home, "P1", NEXT_WEEK)


def test_a_cover_names_the_pages_of_a_week_that_is_over_and_of_which_nothing_came(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    poshta("packets", "build", "--week", WEEK)
    pages = [str(page["number"]) for page in poshta("packets", "show", f"{WEEK}-P1").data["pages"] if page["kind"] == "worksheet"]
    cover = _next_cover(home, poshta, monkeypatch, "2026-10-12")
    assert NOT_BACK in cover
    assert f"{WEEK} Математика Жай бөлшектер, {', '.join(pages)}-бет" in " ".join(cover.split())


def test_a_week_that_is_not_over_is_not_asked_for(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    poshta("packets", "build", "--week", WEEK)
    assert NOT_BACK not in _next_cover(home, poshta, monkeypatch, "2026-10-11")


def test_a_page_that_came_and_a_packet_that_was_withdrawn_are_not_asked_for(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    poshta("packets", "build", "--week", WEEK)
    for item in "12345":
        answered(home, f"{WEEK}-P1", item, "read", "1", "1")
    poshta("packets", "void", f"{WEEK}-P2")
    assert NOT_BACK not in _next_cover(home, poshta, monkeypatch, "2026-10-12")
    poshta("packets", "build", "--week", NEXT_WEEK, "--pupil", "P2")
    assert "до нас не дошли" not in cover_of(home, "P2", NEXT_WEEK)


def test_a_cover_drawn_again_asks_for_what_it_asked_for_even_after_the_pages_came(
    home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch
) -> None:
    poshta("packets", "build", "--week", WEEK)
    _next_cover(home, poshta, monkeypatch, "2026-10-12")
    before = printed(home)
    for item in "12345":
        answered(home, f"{WEEK}-P1", item, "read", "1", "1")
    with home.database.write() as session:
        session.execute(update(schema.Packet).where(schema.Packet.week == NEXT_WEEK).values(state="handed_over"))
    (home.path / f"packets/{NEXT_WEEK}/{FIRST}/{NEXT_WEEK}-P1.pdf").unlink()
    assert poshta("packets", "build", "--week", NEXT_WEEK, "--pupil", "P1").data["redrawn"] == 1
    assert printed(home) == before


def test_a_packet_that_never_left_is_not_asked_for(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the desk notes its hand-overs; one that notes none has sent everything, as far as it knows."""
    poshta("packets", "build", "--week", WEEK)
    with home.database.write() as session:
        values = {"scope": "district", "input_digest": "", "unplanned": [], "made_at": now()}
        session.add(schema.Plan(code="p", week=WEEK, **values))
        session.flush()
        monday = {"day": "mon", "date": date(2026, 9, 28), "vehicle": "V", "definition": {}, "handed_over_at": now()}
        session.add(schema.Route(code="p-1", plan="p", office="150000", **monday))
        session.execute(update(schema.Packet).where(schema.Packet.code == f"{WEEK}-P2").values(state="handed_over"))
    assert NOT_BACK not in _next_cover(home, poshta, monkeypatch, "2026-10-12")
    poshta("packets", "build", "--week", NEXT_WEEK, "--pupil", "P2")
    assert "до нас не дошли" in cover_of(home, "P2", NEXT_WEEK)

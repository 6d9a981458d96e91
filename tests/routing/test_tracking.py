"""From the hand-over to the pupil and back, through the front door: every packet and bag is somewhere, with its evidence."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import delete, select

from records.home import open_home
from records.language import set_language
from records.road_notes import Note
from records.schema import Packet, PostEvent, RoadNote
from routing.track_commands import doubt_complaint
from scanning.words import doubt_words
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change, states
from tests.routing.weeks import add_packet, fill_desk

STICKER = "RA473124829KZ"


@pytest.fixture
def away(desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> str:
    """A desk whose one route was handed over on its day; answers the route."""
    change(desk, fill_desk)
    monkeypatch.setenv("POSHTA_TODAY", "2026-09-28")
    poshta("routes", "plan", *WEEK)
    assert poshta("routes", "handover", *WEEK).code == 0
    monkeypatch.setenv("POSHTA_TODAY", "2026-09-29")
    (route,) = poshta("routes", "export", *WEEK).data["routes"]
    return str(route["route"])


def tracked(poshta: Poshta, *words: str) -> dict[str, Any]:
    """The answer of `routes track`."""
    found: dict[str, Any] = poshta("routes", "track", *(words or WEEK)).data
    return found


def bag(poshta: Poshta, route: str, stop: int) -> dict[str, Any]:
    """One stop's bag."""
    return next(each for each in tracked(poshta, "--route", route)["bags"] if each["stop"] == stop)


def table(folder: Path, *rows: str) -> str:
    """A CSV of events."""
    path = folder / "events.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return str(path)


def test_before_the_van_leaves_everything_is_printed(desk: Path, poshta: Poshta) -> None:
    change(desk, fill_desk)
    assert tracked(poshta)["counts"]["printed"] == 40


def test_a_hand_over_is_told_for_every_packet_and_bag(away: str, poshta: Poshta) -> None:
    found = tracked(poshta)
    assert (found["counts"]["handed_over"], {each["route"] for each in found["packets"]}) == (40, {away})
    assert all(each["event"]["event"] == "handed_over" and each["since"].startswith("2026-09-28") for each in found["packets"])
    assert {each["state"] for each in found["bags"]} == {"handed_over"}
    assert sum(each["packets"] for each in found["bags"]) == 40


def test_a_person_says_what_happened_and_the_packets_follow(away: str, poshta: Poshta, desk: Path) -> None:
    said = poshta("routes", "note", away, "1", "delivered", "--back", "3")
    assert said.code == 0, said.out
    assert poshta("routes", "note", away, "2", "nobody").code == 0
    counts = tracked(poshta)["counts"]
    assert (counts["delivered"], counts["not_delivered"], counts["handed_over"]) == (5, 5, 30)
    assert states(desk) == {"handed_over", "delivered", "built"}
    assert (bag(poshta, away, 1)["state"], bag(poshta, away, 1)["back"]) == ("delivered", 3)
    assert (bag(poshta, away, 2)["state"], bag(poshta, away, 2)["reason"]) == ("not_delivered", "nobody")
    village = bag(poshta, away, 2)["kato"]
    (one, *_others) = [each["packet"] for each in tracked(poshta, "--village", village)["packets"]]
    history = tracked(poshta, "--packet", one)["packets"][0]["history"]
    assert [event["event"] for event in history] == ["handed_over", "not_delivered", "brought_back"]


def test_a_bag_that_came_back_can_be_planned_and_handed_over_again(away: str, poshta: Poshta) -> None:
    poshta("routes", "note", away, "2", "road_closed")
    again = poshta("routes", "plan", *WEEK)
    assert (again.data["changed"], again.data["plan"]) == (True, "26W41B")
    assert poshta("routes", "handover", *WEEK).data["packets"] == 5
    assert tracked(poshta)["counts"]["handed_over"] == 40


def test_saying_it_twice_changes_nothing_and_a_correction_takes_the_place(away: str, poshta: Poshta, desk: Path) -> None:
    poshta("routes", "note", away, "1", "nobody")
    before = tracked(poshta)
    assert poshta("routes", "note", away, "1", "nobody").data["changed"] == []
    assert tracked(poshta) == before
    poshta("routes", "note", away, "1", "delivered")
    assert (tracked(poshta)["counts"]["not_delivered"], tracked(poshta)["counts"]["delivered"]) == (0, 5)
    poshta("routes", "note", away, "1", "none")
    assert (tracked(poshta)["counts"]["handed_over"], states(desk)) == (40, {"handed_over"})


def test_a_route_that_nobody_handed_over_was_driven_all_the_same(desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "2026-09-29")
    change(desk, fill_desk)
    poshta("routes", "plan", *WEEK)
    (route,) = poshta("routes", "export", *WEEK).data["routes"]
    poshta("routes", "note", route["route"], "1", "delivered")
    counts = tracked(poshta)["counts"]
    assert (counts["delivered"], counts["handed_over"], counts["printed"]) == (5, 35, 0)
    assert poshta("routes", "handover", *WEEK).data["packets"] == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("NO-SUCH", "1", "delivered"), 6),
        (("{route}", "99", "delivered"), 6),
        (("{route}", "1", "eaten"), 2),
        (("{route}", "0", "delivered"), 2),
        (("{route}",), 2),
        (("{route}", "--end", "1000000"), 2),
    ],
)
def test_what_cannot_be_noted_is_refused(away: str, poshta: Poshta, words: tuple[str, ...], code: int) -> None:
    before = tracked(poshta)
    assert poshta("routes", "note", *(word.format(route=away) for word in words)).code == code
    assert tracked(poshta) == before


def test_what_the_village_gave_back_is_returned_only_where_it_must_be_everything(away: str, poshta: Poshta, desk: Path) -> None:
    """Packets handed out on Monday: a later van counts four of five, which names nobody; then five, which names all."""
    poshta("routes", "note", away, "1", "delivered")
    village = bag(poshta, away, 1)["kato"]
    change(desk, lambda session: _move_village(session, village))
    later = _later_route(poshta)
    stop = next(each["stop"] for each in tracked(poshta, "--route", later)["bags"] if each["kato"] == village)
    for count, state in ((4, "delivered"), (5, "returned")):
        poshta("routes", "note", later, str(stop), "delivered", "--back", str(count))
        first = [each for each in tracked(poshta, "--village", village, *WEEK)["packets"] if each["route"] == away]
        assert {each["state"] for each in first} == {state}


def _move_village(session: Any, village: str) -> None:
    """A packet of the next week for the village."""
    one = session.scalars(select(Packet).where(Packet.kato == village)).first()
    fields = {column.name: getattr(one, column.name) for column in Packet.__table__.columns}
    session.add(Packet(**(fields | {"code": "NEXT-1", "week": "2026-W42", "state": "built"})))


def _later_route(poshta: Poshta) -> str:
    poshta("routes", "plan", "--week", "2026-W42")
    (route,) = poshta("routes", "export", "--week", "2026-W42").data["routes"]
    return str(route["route"])


def test_kazposts_events_move_a_packet_and_the_same_table_twice_changes_nothing(away: str, poshta: Poshta, tmp_path: Path) -> None:
    code = tracked(poshta)["packets"][0]["packet"]
    rows = ("ШПИ;Событие;Дата;Пакет", f"{STICKER};Поступление;29.09.2026 10:15;{code}", f"{STICKER};ISSPAY;2026-09-30 12:00;")
    said = poshta("routes", "events", "import", table(tmp_path, *rows))
    assert (said.code, said.data["added"], said.data["tied"]) == (0, 2, 1)
    found = tracked(poshta, "--packet", code)["packets"][0]
    assert (found["state"], found["numbers"], found["event"]["evidence"]["row"]) == ("delivered", [STICKER], 3)
    again = poshta("routes", "events", "import", table(tmp_path, *rows))
    assert (again.data["added"], again.data["known"], again.data["tied"]) == (0, 2, 0)
    assert tracked(poshta, "--packet", code)["packets"][0] == found


def test_an_event_that_is_not_known_is_named_and_kept(away: str, poshta: Poshta, tmp_path: Path) -> None:
    code = tracked(poshta)["packets"][0]["packet"]
    said = poshta("routes", "events", "import", table(tmp_path, "item,event,time", f"{code},Растаможено,2026-09-30 12:00"))
    assert (said.code, said.data["unknown"]) == (3, [{"name": "Растаможено", "rows": 1}])
    found = tracked(poshta, "--packet", code)["packets"][0]
    assert (found["state"], found["history"][-1]["reason"]) == ("handed_over", "Растаможено")


def test_events_of_a_number_that_nobody_knows_wait_for_its_packet(away: str, poshta: Poshta, tmp_path: Path) -> None:
    code = tracked(poshta)["packets"][0]["packet"]
    first = ("item,event,time", f"{STICKER},DLV,2026-09-29 09:00")
    said = poshta("routes", "events", "import", table(tmp_path, *first))
    assert said.data["waiting"] == [STICKER]
    tie = ("item,event,time,packet", f"{STICKER},ISSPAY,2026-09-29 15:00,{code}")
    assert poshta("routes", "events", "import", table(tmp_path, *tie)).data["tied"] == 1
    history = tracked(poshta, "--packet", code)["packets"][0]["history"]
    assert [event["event"] for event in history] == ["handed_over", "out_for_delivery", "delivered"]
    assert poshta("routes", "events", "import", table(tmp_path, *first)).data["added"] == 0


def test_a_number_that_was_noted_wrongly_takes_its_events_to_its_packet(away: str, poshta: Poshta, tmp_path: Path) -> None:
    """Each place that tells of a packet says the same, before and after; a table does not take a number from a packet."""
    first, second = (each["packet"] for each in tracked(poshta)["packets"][:2])

    def told(code: str) -> tuple[str, str, list[str]]:
        found = tracked(poshta, "--packet", code)["packets"][0]
        (row,) = (each for each in poshta("packets", "list", *WEEK).data["packets"] if each["packet"] == code)
        return found["state"], row["state"], [each["event"] for each in found["history"]]

    poshta("routes", "events", "import", table(tmp_path, "item,event,time", f"{STICKER},ISSPAY,2026-09-29 15:00"))
    poshta("packets", "s10", first, STICKER)
    assert told(first) == ("delivered", "delivered", ["handed_over", "delivered"])
    taken = table(tmp_path, "item,event,time,packet", f"{STICKER},DLV,2026-09-29 09:00,{second}", f"{STICKER},STR,2026-09-29 08:00,")
    said = poshta("routes", "events", "import", taken)
    assert (said.code, said.data["added"], said.data["tied"], first in str(said.body)) == (3, 1, 0, True)
    poshta("packets", "s10", first, "CP123456785KZ", "--instead")
    assert told(first) == ("handed_over", "handed_over", ["handed_over"])
    assert poshta("packets", "s10", second, STICKER).code == 0
    assert told(second) == ("delivered", "delivered", ["handed_over", "kept", "delivered"])


def test_an_empty_sheet_of_events_is_passed_over(away: str, poshta: Poshta, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["item", "event", "time"])
    book.active.append([tracked(poshta)["packets"][0]["packet"], "DLV", "2026-09-29 09:00"])
    book.create_sheet("Notes")
    book.save(tmp_path / "events.xlsx")
    said = poshta("routes", "events", "import", str(tmp_path / "events.xlsx"))
    assert (said.code, said.data["added"]) == (0, 1)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("RA473124820KZ,DLV,2026-09-29 09:00", "item"),
        (f"{STICKER},DLV,yesterday", "time"),
        (f"{STICKER},,2026-09-29", "event"),
        (",DLV,2026-09-29", "item"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_with_its_cell(away: str, poshta: Poshta, tmp_path: Path, row: str, column: str) -> None:
    said = poshta("routes", "events", "import", table(tmp_path, "item,event,time", row))
    assert said.code == 4
    assert [(each["row"], each["column"]) for each in said.body["errors"] if "row" in each] == [(2, column)]


def test_a_table_without_its_columns_is_refused(away: str, poshta: Poshta, tmp_path: Path) -> None:
    assert poshta("routes", "events", "import", table(tmp_path, "a,b", "1,2")).code == 4


def test_words_on_the_screen_in_every_language(away: str, poshta: Poshta) -> None:
    poshta("routes", "note", away, "1", "nobody")
    for lang, word in (("en", "nobody there"), ("kk", "ешкім"), ("ru", "никого")):
        assert word in poshta("routes", "track", *WEEK, json=False, lang=lang).out


def test_unknown_names_are_not_found(away: str, poshta: Poshta) -> None:
    for words in (("--packet", "X"), ("--route", "X")):
        assert poshta("routes", "track", *words).code == 6
    assert poshta("routes", "track", "--village", "X").code == 2


def test_a_home_without_events_of_its_hand_overs_still_knows_who_was_on_the_van(away: str, poshta: Poshta, desk: Path) -> None:
    """Desks that handed over before events were written."""
    with open_home(desk).database.write() as session:
        session.execute(delete(PostEvent))
    poshta("routes", "note", away, "1", "delivered")
    assert tracked(poshta)["counts"]["delivered"] == 5


def test_the_doubts_of_a_supplement_are_told_under_its_code(away: str, poshta: Poshta, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the hint names a sheet that there is."""
    monkeypatch.setenv("POSHTA_TODAY", "2026-09-28")
    change(desk, lambda session: add_packet(session, "593631100", "P901"))
    code = poshta("routes", "supplement", *WEEK, "--route", away).data["route"]
    (stop,) = (each["stop"] for each in tracked(poshta, "--route", code)["bags"])
    held = {"value": "", "candidates": [], "state": "doubt", "reason": "faint", "decided_by": "reader", "made_at": datetime(2026, 9, 29)}
    change(desk, lambda session: session.add_all(RoadNote(route=away, item=item, **held) for item in (f"x1.s{stop}.outcome", "s1.outcome")))
    own, village = (poshta("routes", "track", *words) for words in (("--route", code), ("--village", "593631100")))
    assert (own.code, [each["item"] for each in own.data["doubts"]]) == (3, [f"x1.s{stop}.outcome"])
    for said in (own, village):
        assert f"routes note {away}-S1 {stop} OUTCOME" in str(said.body)
        assert "S1-S1" not in str(said.body)
    assert len(tracked(poshta, "--route", away)["doubts"]) == 2


def test_a_doubt_names_the_command_that_decides_it(away: str, poshta: Poshta) -> None:
    """Saying exactly that leaves nothing to decide."""
    poshta("routes", "note", away, "1", "delivered", "--back", "2")
    said = doubt_complaint(away, Note("x2.s3.back", "", ("9",), "doubt", "more_than_expected"))
    assert f"routes note {away}-S2 3 --back N" in said.hint
    for item, flag in (("odometer.start", "--start"), ("odometer.end", "--end"), ("packets.back", "--back")):
        hint = doubt_complaint(away, Note(item, "", (), "doubt", "two_marks")).hint
        command = hint.split("`")[1].replace(" N", " 7").split()[1:]
        assert (flag in command, poshta(*command).code in {0, 3}) == (True, True)
    assert "1 OUTCOME" in doubt_complaint(away, Note("s1.outcome", "", (), "doubt", "faint")).hint


@pytest.mark.parametrize("why", ["a word " * 40, "the driver 900101300007", "900101 300007 says so"])
def test_a_reason_is_short_and_names_nobody(why: str, away: str, poshta: Poshta) -> None:
    """As that of a closure or of a vehicle that is out; nothing is noted."""
    said = poshta("routes", "note", away, "1", "delivered", "--why", why)
    assert (said.code, said.body["errors"][0]["text"]) == (2, "--why holds up to 200 letters and no IIN.")
    assert tracked(poshta)["notes"] == []


@pytest.mark.parametrize(
    "words",
    [("note", "{}-S7", "--back", "3"), ("note", "{}-s7", "1", "delivered"), ("track", "--route", "{}-S9"), ("track", "--route", "{}-S01")],
)
def test_a_supplement_that_does_not_exist_is_not_found(words: tuple[str, ...], away: str, poshta: Poshta) -> None:
    """Exit 6, with the route and what was asked for."""
    said = poshta("routes", *(word.format(away) for word in words))
    assert said.code == 6, said.out
    assert f"The route {away} has no supplement {away}-S" in said.body["errors"][0]["text"]
    assert said.body["errors"][0]["hint"].startswith("It has none.")
    assert tracked(poshta)["notes"] == []


def test_a_person_is_told_of_fields_in_words(away: str, poshta: Poshta) -> None:
    """By the command that notes and by the one that tracks; a program gets the items."""
    assert "stop 1, what happened: handed out" in poshta("routes", "note", away, "1", "delivered", json=False).out
    assert "одометр по возвращении: 120500" in poshta("routes", "note", away, "--end", "120500", json=False, lang="ru").out
    set_language("en")
    text = doubt_complaint(away, Note("x2.s3.back", "", ("9",), "doubt", "more_than_expected")).text
    assert text.startswith(f"Route {away}, supplement 2, stop 3, packets taken back: ")
    assert doubt_words("s3.back", "faint").startswith("stop 3, packets taken back: ")
    assert [each["item"] for each in tracked(poshta)["notes"]] == ["s1.outcome", "odometer.end"]

"""Work that stays away: the ladder of `poshta overdue`, and pages printed again that never count twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.events import Patience, TrackState, Where
from routing.overdue import Step, step_of
from scanning.rehearsal.sheet import render
from tests.small_desk import AFTER, WEEK, SmallDesk, here

DUE = "2026-10-19"
LADDER = Patience()


def days_after(count: int) -> str:
    return (date.fromisoformat(DUE) + timedelta(days=count)).isoformat()


def listed(desk: SmallDesk, day: str, *words: str) -> Any:
    return here(desk.home, "overdue", *words, day=day)


@pytest.mark.parametrize(("days", "step"), [(1, "call"), (29, "call"), (30, "district"), (59, "district"), (60, "visit")])
def test_the_ladder_rises_with_the_days(small_desk: SmallDesk, days: int, step: str) -> None:
    said = listed(small_desk, days_after(days))
    assert said.code == 3
    rows = said.data["overdue"]
    assert {row["packet"] for row in rows} >= silent(small_desk)
    assert {row["step"] for row in rows} == {step}
    assert {row["over"] for row in rows} == {days}
    assert all(row["phone"] and row["village"] and row["school_name"] for row in rows)
    assert said.data["lost"] == ([row["packet"] for row in rows] if days >= 60 else [])


def silent(desk: SmallDesk) -> set[str]:
    """The packets of which nothing came back."""
    rows = here(desk.home, "routes", "track", "--week", WEEK, day=AFTER).data["packets"]
    return {row["packet"] for row in rows if not row["read"]}


def test_on_its_day_nobody_is_overdue(small_desk: SmallDesk) -> None:
    said = listed(small_desk, DUE)
    assert (said.code, said.data["overdue"]) == (0, [])


@given(st.sampled_from(TrackState), st.integers(0, 400))
def test_a_longer_wait_is_never_a_lower_step(state: TrackState, over: int) -> None:
    def step(days: int) -> int:
        found = step_of(Where(state, datetime(2026, 1, 1), date(2026, 1, 1), days), LADDER)
        return -1 if found is None else list(Step).index(found)

    assert step(over + 1) >= step(over)
    assert state in (TrackState.OVERDUE, TrackState.LOST, TrackState.NOT_DELIVERED, TrackState.RETURNED) or step(over) == -1


def test_what_a_van_counted_back_and_nobody_scanned_is_asked_for() -> None:
    where = Where(TrackState.RETURNED, datetime(2026, 10, 5), date(2026, 10, 19), 0)
    assert (step_of(where, LADDER), step_of(replace(where, over=1), LADDER), step_of(replace(where, over=90), LADDER)) == (
        None,
        Step.CALL,
        Step.CALL,
    )


def test_one_step_one_village_and_a_table(own_desk: SmallDesk, tmp_path: Path) -> None:
    day = days_after(31)
    rows = listed(own_desk, day).data["overdue"]
    village = rows[0]["kato"]
    assert listed(own_desk, day, "--level", "call").data["overdue"] == []
    assert {row["kato"] for row in listed(own_desk, day, "--village", village).data["overdue"]} == {village}
    for name in ("list.csv", "list.xlsx"):
        said = listed(own_desk, day, "--out", str(own_desk.home / name))
        assert said.data["files"] == [name]
        assert (own_desk.home / name).stat().st_size > 100


def test_names_stand_there_only_on_request_and_the_file_is_known_to_forgetting(own_desk: SmallDesk) -> None:
    day, file = days_after(31), own_desk.home / "list.csv"
    plain = listed(own_desk, day, "--out", str(file))
    assert all("name" not in row for row in plain.data["overdue"])
    named = listed(own_desk, day, "--names", "--out", str(file)).data["overdue"]
    row = next(row for row in named if row["name"])
    assert row["name"].split()[0] in file.read_text(encoding="utf-8-sig")
    told = here(own_desk.home, "pupils", "forget", row["pupil"])
    assert "list.csv" in told.data["removed"]
    assert any("overdue --names" in str(each) for each in told.data["again"]), told.data["again"]
    assert not file.exists()


def test_the_settings_move_the_ladder(own_desk: SmallDesk) -> None:
    said = here(own_desk.home, "overdue", day=days_after(5), POSHTA_OVERDUE__DISTRICT_DAYS="4")
    assert {row["step"] for row in said.data["overdue"]} == {"district"}


def test_the_lost_are_printed_again_under_the_same_codes(own_desk: SmallDesk) -> None:
    day = days_after(61)
    gone = listed(own_desk, day).data["lost"]
    said = here(own_desk.home, "packets", "reprint", "--lost", "--week", WEEK, day=day)
    assert sorted(each["packet"] for each in said.data["packets"]) == sorted(gone)
    assert all((own_desk.home / each["file"]).is_file() for each in said.data["packets"])
    before = {each["file"]: (own_desk.home / each["file"]).read_bytes() for each in said.data["packets"]}
    after = here(own_desk.home, "routes", "track", "--week", WEEK, day=day).data["packets"]
    assert {row["state"] for row in after if row["packet"] in gone} == {"printed"}
    assert listed(own_desk, day).data["lost"] == []
    again = here(own_desk.home, "packets", "reprint", *gone, day=day)
    assert {each["file"]: (own_desk.home / each["file"]).read_bytes() for each in again.data["packets"]} == before
    history = here(own_desk.home, "routes", "track", "--packet", gone[0], day=day).data["packets"][0]["history"]
    assert [event["event"] for event in history].count("reprinted") == 1


def test_both_copies_of_a_page_never_count_twice(own_desk: SmallDesk, tmp_path: Path) -> None:
    """The reprint is scanned, then the first copy, which was not lost after all."""
    day = days_after(61)
    packet = min(silent(own_desk))
    (reprint,) = here(own_desk.home, "packets", "reprint", packet, day=day).data["packets"]
    whole = here(own_desk.home, "packets", "show", packet).data
    pictures = []
    for name, file, number in (("new", reprint["file"], 2), ("old", whole["pdf"], 2)):
        picture = tmp_path / f"{name}.png"
        write_picture(own_desk.home / file, number, picture, 150 if name == "new" else 160)
        pictures.append(picture)
    first, second = (here(own_desk.home, "scan", str(each), day=day).data["pages"][0] for each in pictures)
    assert (first["state"], second["state"], first["page"]) == ("doubtful", "duplicate", second["page"]), (
        "drawn without greys, and without a mark"
    )
    answers = here(own_desk.home, "grades", "answers", "--week", WEEK, "--packet", packet).data["answers"]
    places = [(each["page"], each["item"]) for each in answers]
    assert len(places) == len(set(places)) > 0


def write_picture(pdf: Path, number: int, to: Path, dpi: int) -> None:
    cv2.imwrite(str(to), render(pdf, number, dpi).grey)


def test_only_what_is_missing_is_printed_again(own_desk: SmallDesk) -> None:
    """Of a packet of which some pages were read, those are left out; of a complete one there is nothing to print."""
    rows = here(own_desk.home, "routes", "track", "--week", WEEK).data["packets"]
    partly = [row for row in rows if 0 < row["read"] < row["pages"]]
    for row in partly:
        (made,) = here(own_desk.home, "packets", "reprint", row["packet"]).data["packets"]
        assert len(made["pages"]) == row["pages"] - row["read"] + covers(own_desk, row["packet"])
    complete = [row["packet"] for row in rows if row["state"] == "scanned"]
    assert partly or complete
    for packet in complete:
        assert here(own_desk.home, "packets", "reprint", packet).code == 7


def covers(desk: SmallDesk, packet: str) -> int:
    return sum(page["kind"] == "cover" for page in here(desk.home, "packets", "show", packet).data["pages"])


@pytest.mark.parametrize("words", [(), ("CODE", "--lost"), ("CODE", "--week", WEEK), ("NO-SUCH",)])
def test_what_cannot_be_printed_again_is_refused(small_desk: SmallDesk, words: tuple[str, ...]) -> None:
    assert here(small_desk.home, "packets", "reprint", *words).code == (6 if words == ("NO-SUCH",) else 2)


def test_a_withdrawn_packet_and_a_lost_file_say_what_to_do(own_desk: SmallDesk) -> None:
    packet = min(silent(own_desk))
    pdf = own_desk.home / here(own_desk.home, "packets", "show", packet).data["pdf"]
    pdf.write_bytes(b"%PDF-1.4 damaged")
    said = here(own_desk.home, "packets", "reprint", packet)
    assert (said.code, "packets build" in said.body["errors"][0]["hint"]) == (6, True)
    here(own_desk.home, "packets", "void", packet)
    assert here(own_desk.home, "packets", "reprint", packet).code == 7

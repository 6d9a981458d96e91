"""The ledger of a week that was played: columns that add up however they are cut, what is missing, withdrawn pages that came, and sheets of nobody."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from records import schema
from records.home import open_home
from tests.small_desk import WEEK, SmallDesk, here

LATER = "2026-11-02"
COLUMNS = ("expected", "printed", "handed_over", "arrived", "read", "decided")


def ledger(desk: SmallDesk, *words: str, day: str = LATER) -> Any:
    return here(desk.home, "packets", "ledger", "--week", WEEK, *words, day=day)


def pages(desk: SmallDesk) -> list[dict[str, Any]]:
    return [page for page in here(desk.home, "packets", "layout", "--week", WEEK).data["pages"] if page["kind"] == "worksheet"]


def test_every_page_stands_there_once_and_the_columns_add_up_however_they_are_cut(small_desk: SmallDesk) -> None:
    told = {by: ledger(small_desk, "--by", by).data for by in ("page", "packet", "village", "route")}
    assert Counter(row["page"] for row in told["page"]["rows"]) == Counter(page["page"] for page in pages(small_desk))
    totals = told["page"]["totals"]
    assert totals["expected"] == len(told["page"]["rows"]) == sum(totals["stopped"].values())
    assert [totals[name] for name in COLUMNS] == sorted((totals[name] for name in COLUMNS), reverse=True)
    assert Counter(row["stage"] for row in told["page"]["rows"]) == {stage: n for stage, n in totals["stopped"].items() if n}
    for by in ("packet", "village", "route"):
        assert told[by]["totals"] == totals
        for name in (*COLUMNS, "missing", "copies"):
            assert sum(row[name] for row in told[by]["rows"]) == totals[name], (by, name)


def test_what_should_be_back_is_missing_and_before_its_day_it_is_not(small_desk: SmallDesk) -> None:
    before, after = ledger(small_desk, day="2026-10-15"), ledger(small_desk, "--missing", "--by", "packet")
    assert (before.code, before.data["totals"]["missing"]) == (0, 0)
    assert after.code == 3
    status = here(small_desk.home, "scan", "status", "--week", WEEK, day=LATER).data["packets"]
    missing = {(each["packet"], page["page"]) for each in status for page in each["missing"]}
    assert missing
    assert {(row["packet"], page["page"]) for row in after.data["rows"] for page in row["missing_pages"]} == missing
    assert after.data["totals"]["missing"] == len(missing)


def test_a_village_alone_has_its_own_pages(small_desk: SmallDesk) -> None:
    rows = ledger(small_desk).data["rows"]
    one = ledger(small_desk, "--village", rows[0]["kato"]).data
    assert (one["rows"], one["totals"]["expected"]) == (rows[:1], rows[0]["expected"])
    assert ledger(small_desk, "--village", "nonsense").code == 2
    assert ledger(small_desk, "--village", "799999999").data["totals"]["expected"] == 0


def test_a_pupil_without_a_packet_is_expected_and_a_withdrawn_packet_that_comes_is_told_and_not_counted(own_desk: SmallDesk) -> None:
    rows = ledger(own_desk, "--by", "packet").data["rows"]
    gone = next(row for row in rows if row["read"])
    before = ledger(own_desk).data["totals"]
    home = open_home(own_desk.home)
    with home.database.write() as session:
        session.query(schema.Packet).filter_by(code=gone["packet"]).update({"state": "void"})
        session.query(schema.Page).filter_by(packet=gone["packet"]).update({"void": True, "void_reason": "withdrawn"})
    home.close()
    told = ledger(own_desk, "--by", "packet").data
    (row,) = [row for row in told["rows"] if row["packet"] == gone["packet"]]
    assert (row["expected"], row["printed"], row["reasons"]) == (gone["expected"], 0, {"withdrawn": gone["expected"]})
    assert told["totals"]["expected"] == before["expected"]
    assert told["totals"]["printed"] == before["printed"] - gone["expected"]
    assert (told["void"]["pages"], len(told["void"]["arrived"])) == (gone["expected"], gone["read"])
    assert {each["pupil"] for each in told["void"]["arrived"]} == {gone["pupil"]}
    assert all(datetime.fromisoformat(at) for each in told["void"]["arrived"] for at in each["at"])
    last_year = ledger(own_desk, "--by", "packet", day="2027-09-15").data
    assert last_year["totals"]["expected"] == before["expected"] - gone["expected"], "grades are others by then"


def test_sheets_of_nobody_are_told(own_desk: SmallDesk, tmp_path: Path) -> None:
    stood = ledger(own_desk).data
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.4 cut off")
    here(own_desk.home, "scan", str(tmp_path / "letter.pdf"), day=LATER)
    told = ledger(own_desk).data
    assert told["totals"] == stood["totals"]
    (new,) = [each for each in told["nameless"]["sheets"] if each not in stood["nameless"]["sheets"]]
    assert (new["state"], new["frame"], new["at"][:10]) == ("refused", 1, LATER)
    assert (own_desk.home / new["file"]).is_file()
    assert told["nameless"]["counts"]["refused"] == stood["nameless"]["counts"].get("refused", 0) + 1


@pytest.mark.parametrize("name", ["pages.csv", "villages.xlsx", "villages.parquet"])
def test_the_ledger_goes_into_a_table_without_names(small_desk: SmallDesk, tmp_path: Path, name: str) -> None:
    by = "page" if name == "pages.csv" else "village"
    told = ledger(small_desk, "--by", by, "--out", str(tmp_path / name))
    assert told.data["files"] == [(tmp_path / name).as_posix()]
    if name.endswith("xlsx"):
        book = load_workbook(tmp_path / name)
        assert book.sheetnames == ["ledger", "missing", "void_arrived", "nameless"]
        assert book["missing"].max_row == told.data["totals"]["missing"] + 1
    if name.endswith("csv"):
        assert len((tmp_path / name).read_text(encoding="utf-8-sig").splitlines()) == told.data["totals"]["expected"] + 1


def test_a_week_of_which_nothing_was_printed_is_said(small_desk: SmallDesk) -> None:
    said = here(small_desk.home, "packets", "ledger", "--week", "2026-W30", day=LATER)
    assert (said.code, "2026-W30" in said.body["errors"][0]["text"]) == (6, True)


def test_another_kind_of_file_is_refused_before_anything_is_done(small_desk: SmallDesk, tmp_path: Path) -> None:
    assert ledger(small_desk, "--out", str(tmp_path / "ledger.doc")).code == 2


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
@pytest.mark.parametrize("by", ["page", "packet", "village", "route"])
def test_the_table_on_the_screen(small_desk: SmallDesk, by: str, lang: str) -> None:
    told = here(small_desk.home, "packets", "ledger", "--week", WEEK, "--by", by, day=LATER, lang=lang, json=False)
    assert (told.code, WEEK in told.out) == (3, True)


def test_a_pupil_who_moved_after_the_week_was_printed_is_expected_where_the_packet_went(own_desk: SmallDesk) -> None:
    rows = ledger(own_desk).data["rows"]
    old, new = rows[0]["kato"], rows[1]["kato"]
    pupil = ledger(own_desk, "--by", "packet", "--village", old).data["rows"][0]["pupil"]
    assert here(own_desk.home, "pupils", "move", pupil, new, day=LATER).code == 0
    for row in rows:
        assert ledger(own_desk, "--village", row["kato"]).data["totals"]["expected"] == row["expected"]


def test_a_village_whose_packets_never_left_is_told_alike_alone_and_among_the_others(own_desk: SmallDesk) -> None:
    left_behind = ledger(own_desk).data["rows"][0]["kato"]
    home = open_home(own_desk.home)
    with home.database.write() as session:
        mine = [row.code for row in session.query(schema.Packet).filter_by(week=WEEK, kato=left_behind)]
        session.query(schema.PostEvent).filter(schema.PostEvent.packet.in_(mine)).update({"withdrawn_at": datetime(2026, 10, 1)})
        pages = [row.id for row in session.query(schema.Page).filter(schema.Page.packet.in_(mine))]
        session.query(schema.Answer).filter(schema.Answer.page.in_(pages)).delete()
        session.query(schema.Scan).filter(schema.Scan.page.in_(pages)).delete()
    home.close()
    for row in ledger(own_desk).data["rows"]:
        alone = ledger(own_desk, "--village", row["kato"]).data
        assert (alone["rows"], alone["totals"]["missing"]) == ([row], row["missing"])
        assert row["kato"] != left_behind or row["reasons"] == {"at_desk": row["expected"]}

"""Just the missing pages printed again, behind a slip that says which; the same pages, so that the ledger stays whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import pikepdf
import pypdfium2
import pytest

from packets.token import grouped
from records import schema
from records.home import open_home
from scanning.rehearsal.sheet import render
from tests.small_desk import WEEK, SmallDesk, here

LATER = "2026-11-02"


def reprint(desk: SmallDesk, *words: str) -> Any:
    return here(desk.home, "packets", "reprint", *words, day=LATER)


def ledger(desk: SmallDesk) -> Any:
    return here(desk.home, "packets", "ledger", "--week", WEEK, "--by", "page", day=LATER).data


def half_missing(desk: SmallDesk) -> tuple[dict[str, Any], dict[str, Any]]:
    """A page of a packet of two or more, made missing; and another of the same packet, which was read."""
    rows = [row for row in ledger(desk)["rows"] if row["stage"] in ("read", "decided")]
    packet = next(row["packet"] for row in rows if sum(each["packet"] == row["packet"] for each in rows) > 1)
    one, other = [row for row in rows if row["packet"] == packet][:2]
    home = open_home(desk.home)
    with home.database.write() as session:
        session.query(schema.Answer).filter_by(page=one["page"]).delete()
        session.query(schema.Scan).filter_by(page=one["page"]).delete()
        session.query(schema.Packet).filter_by(code=packet).update({"state": "returning"})
    home.close()
    return one, other


def words_of(pdf: Path, page: int) -> str:
    with pypdfium2.PdfDocument(pdf) as found:
        return " ".join(found[page].get_textpage().get_text_range().split())


def test_just_the_missing_page_behind_a_slip_that_names_it(own_desk: SmallDesk) -> None:
    one, other = half_missing(own_desk)
    before = ledger(own_desk)
    told = reprint(own_desk, "--missing", "--week", WEEK)
    (made,) = [each for each in told.data["packets"] if each["packet"] == one["packet"]]
    assert (made["slip"], len(made["pages"])) == (True, 1)
    pdf = own_desk.home / made["file"]
    with pikepdf.open(pdf) as found:
        assert len(found.pages) == 2
    assert words_of(pdf, 1).count(grouped(one["short_code"])) >= 1
    home = open_home(own_desk.home)
    with home.database.read() as session:
        people = {row.first_name for row in session.query(schema.Person)}
    home.close()
    slip = words_of(pdf, 0)
    assert grouped(one["short_code"]) in slip
    assert grouped(other["short_code"]) not in slip
    assert not people & set(slip.replace(",", " ").split())
    after = ledger(own_desk)
    assert after["totals"]["expected"] == before["totals"]["expected"]
    assert [row["page"] for row in after["rows"]] == [row["page"] for row in before["rows"]]
    assert after["totals"]["missing"] == 0, "whoever got them again has time again"
    assert reprint(own_desk, "--missing", "--week", WEEK).data["packets"] == []


def test_a_chosen_page_is_printed_the_same_twice_and_both_copies_count_once(own_desk: SmallDesk, tmp_path: Path) -> None:
    one, _other = half_missing(own_desk)
    (made,) = reprint(own_desk, "--pages", grouped(one["short_code"])).data["packets"]
    first = (own_desk.home / made["file"]).read_bytes()
    reprint(own_desk, "--pages", one["page"])
    assert (own_desk.home / made["file"]).read_bytes() == first
    events = here(own_desk.home, "routes", "track", "--packet", one["packet"], day=LATER).data["packets"][0]["history"]
    assert [event["event"] for event in events].count("reprinted") == 1
    for number, dpi in enumerate((150, 160)):
        cv2.imwrite(str(tmp_path / f"{number}.png"), render(own_desk.home / made["file"], 2, dpi).grey)
    states = [here(own_desk.home, "scan", str(tmp_path / f"{number}.png"), day=LATER).data["pages"][0]["state"] for number in range(2)]
    assert states in (["read", "duplicate"], ["doubtful", "duplicate"])
    (row,) = [row for row in ledger(own_desk)["rows"] if row["page"] == one["page"]]
    assert (row["stage"] in ("read", "decided"), row["copies"]) == (True, 1)


def test_a_packet_of_which_nothing_came_is_printed_whole_with_its_own_cover(own_desk: SmallDesk) -> None:
    rows = ledger(own_desk)["rows"]
    silent = {row["packet"] for row in rows} - {row["packet"] for row in rows if row["stage"] in ("arrived", "read", "decided")}
    made = {each["packet"]: each for each in reprint(own_desk, "--missing", "--week", WEEK).data["packets"]}
    assert silent
    for code in silent:
        assert not made[code]["slip"]
        assert len(made[code]["pages"]) == len(here(own_desk.home, "packets", "show", code).data["pages"])


def test_a_page_of_an_earlier_issue_stands_for_the_one_in_its_place(own_desk: SmallDesk) -> None:
    one, _other = half_missing(own_desk)
    home = open_home(own_desk.home)
    with home.database.write() as session:
        page = session.get_one(schema.Page, one["page"])
        fields = {
            name: getattr(page, name) for name in ("kind", "week", "packet", "pupil", "assignment", "number", "of", "pdf", "pdf_page")
        }
        old = schema.Page(id="0" * 14, short_code="2222222222222", layout=page.layout, key_id=page.key_id, void=True, void_reason="rebuilt")
        for name, value in fields.items():
            setattr(old, name, value)
        session.add(old)
    home.close()
    (made,) = reprint(own_desk, "--pages", "0" * 14).data["packets"]
    assert grouped(one["short_code"]) in words_of(own_desk.home / made["file"], 0)


def test_what_came_back_is_not_printed_again_and_what_is_unknown_is_said(own_desk: SmallDesk) -> None:
    _one, other = half_missing(own_desk)
    said = reprint(own_desk, "--pages", other["short_code"])
    assert (said.code, "scan review" in said.body["errors"][0]["hint"]) == (7, True)
    assert reprint(own_desk, "--pages", "0" * 14).code == 6
    assert reprint(own_desk, "--pages", "nonsense").code == 6
    assert not (own_desk.home / "packets" / WEEK / "reprint").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--missing",),
        ("--missing", "--lost", "--week", WEEK),
        ("--pages", "X", "--week", WEEK),
        ("C", "--village", "1"),
        ("C", "--pages", "X"),
    ],
)
def test_one_way_of_choosing_at_a_time(small_desk: SmallDesk, words: tuple[str, ...]) -> None:
    assert reprint(small_desk, *words).code == 2


def items_of(desk: SmallDesk, page: str) -> list[str]:
    boxes = {each["page"]: each["boxes"] for each in here(desk.home, "packets", "layout", "--week", WEEK).data["pages"]}[page]
    return sorted({box["item"] for box in boxes})


def test_a_page_has_come_back_when_all_its_answers_were_typed_and_not_before(own_desk: SmallDesk) -> None:
    one, _other = half_missing(own_desk)
    items = items_of(own_desk, one["page"])
    assert len(items) > 1
    codes = {each["packet"] for each in here(own_desk.home, "overdue", day=LATER).data["overdue"]}
    assert one["packet"] in codes
    for item in items[1:]:
        assert here(own_desk.home, "grades", "amend", one["page"], item, "", day=LATER).code == 0
    [row] = [row for row in ledger(own_desk)["rows"] if row["page"] == one["page"]]
    assert row["reason"] == "missing", "an answer is still wanted"
    here(own_desk.home, "grades", "amend", one["page"], items[0], "", day=LATER)
    [row] = [row for row in ledger(own_desk)["rows"] if row["page"] == one["page"]]
    assert row["stage"] == "decided"
    assert reprint(own_desk, one["packet"]).code == reprint(own_desk, "--pages", one["page"]).code == 7
    assert one["packet"] not in {each["packet"] for each in here(own_desk.home, "overdue", day=LATER).data["overdue"]}


def test_a_week_or_village_beside_a_code_is_named_as_what_is_too_much(small_desk: SmallDesk) -> None:
    told = reprint(small_desk, "--pages", "3DBK-6MPS-48HU9", "--week", WEEK)
    assert "--week" in told.body["errors"][0]["text"]


def test_pages_that_are_chosen_one_after_the_other_do_not_take_each_others_place(own_desk: SmallDesk) -> None:
    whole = next(packet["packet"] for packet in reprint(own_desk, "--missing", "--week", WEEK).data["packets"] if len(packet["pages"]) > 2)
    pages = [row["page"] for row in ledger(own_desk)["rows"] if row["packet"] == whole]
    files = [reprint(own_desk, "--pages", page).data["files"][0] for page in pages]
    assert len({*files}) == len(pages) > 1
    assert all((own_desk.home / file).is_file() for file in files)


def test_a_pupil_who_is_forgotten_leaves_no_page_that_was_printed_again_even_on_a_desk_that_does_not_know_of_it(
    own_desk: SmallDesk,
) -> None:
    one, _other = half_missing(own_desk)
    [file] = reprint(own_desk, "--pages", one["page"]).data["files"]
    home = open_home(own_desk.home)
    with home.database.write() as session:  # as one that was restored from an older backup
        session.query(schema.NamedFile).delete()
    home.close()
    assert here(own_desk.home, "pupils", "forget", one["pupil"], day=LATER).code == 0
    assert not (own_desk.home / file).exists()


def test_where_nothing_is_missing_that_is_said_and_a_village_that_is_none_is_refused(small_desk: SmallDesk) -> None:
    nothing = here(small_desk.home, "packets", "reprint", "--missing", "--week", "2026-W30", json=False)
    assert (nothing.code, "Nothing" in nothing.out) == (0, True)
    assert reprint(small_desk, "--lost", "--village", "Қарағаш").code == 2

"""What `poshta scan audit` cuts out of real scans: the question and its marks, never the head of the sheet with the pupil's name."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from records import schema
from records.home import open_home
from scanning.audit import waiting
from scanning.audit_pictures import Scissors
from scanning.intake import Limits
from scanning.review_pictures import DPI, HEAD_MM, region_of, source_of
from tests.contract.shapes import misfits
from tests.contract.test_contract_of_scanning import READS
from tests.small_desk import WEEK, SmallDesk, here


def test_every_drawn_answer_has_its_picture_without_the_sheets_head(own_desk: SmallDesk) -> None:
    told = here(own_desk.home, "scan", "audit", "--week", WEEK, "--share", "1")
    assert told.data["drawn"] == len(told.data["answers"]) > 3
    assert not list(misfits(told.data["answers"], READS[f"scan audit --week {WEEK}"]["answers"]))
    assert told.data["files"][1:] == [each["crop"] for each in told.data["answers"]]
    home = open_home(own_desk.home)
    with home.database.read() as session:
        regions = {
            (each.page, each.item): region_of(source_of(session, each.scan, each.page).layout, each.item) for each in waiting(session)
        }
    home.close()
    headed = 0
    for each in told.data["answers"]:
        picture = cv2.imread(str(own_desk.home / each["crop"]), cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        _left, top, _right, bottom = regions[each["page"], each["item"]]
        assert top >= HEAD_MM
        assert picture.shape[0] <= (bottom - top) * DPI / 25.4 + 2
        assert np.ptp(picture) > 80, "nothing is printed there"
        headed += top == HEAD_MM
    assert headed, "no question near the head: the test proves nothing"


def test_a_picture_is_gone_once_the_answer_is_confirmed_and_made_again_when_that_is_taken_back(own_desk: SmallDesk) -> None:
    told = here(own_desk.home, "scan", "audit", "--week", WEEK, "--share", "1")
    one = told.data["answers"][0]
    crop, said = own_desk.home / one["crop"], ",".join(one["reading"])
    first = crop.read_bytes()
    assert here(own_desk.home, "scan", "audit", "confirm", one["short_code"], one["item"], said).code == 0
    assert not crop.exists()
    assert here(own_desk.home, "undo").code == 0
    here(own_desk.home, "scan", "audit")
    assert crop.read_bytes() == first


def test_where_the_original_is_gone_the_answer_is_listed_without_a_picture(own_desk: SmallDesk) -> None:
    for original in (own_desk.home / "originals").rglob("*.*"):
        original.unlink()
    told = here(own_desk.home, "scan", "audit", "--week", WEEK, "--share", "1")
    assert (told.code, {each["crop"] for each in told.data["answers"]}, told.data["files"]) == (3, {None}, [])
    home = open_home(own_desk.home)
    with home.database.read() as session:
        assert Scissors(Path(own_desk.home), Limits()).cut(session, None, told.data["answers"][0]["page"], "1") == b""
    home.close()


def test_the_page_shows_every_picture_and_never_what_was_read(own_desk: SmallDesk) -> None:
    told = here(own_desk.home, "scan", "audit", "--week", WEEK, "--share", "1", lang="kk")
    page = own_desk.home / told.data["files"][0]
    text = page.read_text(encoding="utf-8")
    assert page.name == "index.html"
    assert '<html lang="kk">' in text
    assert "http" not in text
    for each in told.data["answers"]:
        assert f'src="{Path(each["crop"]).name}"' in text
        assert f'data-page="{each["page"]}" data-item="{each["item"]}" autocomplete="off">' in text
    assert "value=" not in text.replace("count.value=", "")
    assert "reading" not in text


def test_a_list_is_taken_in_row_by_row_and_twice_changes_nothing(own_desk: SmallDesk, tmp_path: Path) -> None:
    answers = here(own_desk.home, "scan", "audit", "--week", WEEK, "--share", "1").data["answers"]
    rows = [(each["short_code"], each["item"], ",".join(each["reading"]) or "-") for each in answers]
    rows[0] = (*rows[0][:2], "")
    rows[1] = (*rows[1][:2], "Z")
    rows.append(("nonsense", "1", "A"))
    saved = tmp_path / "audit.csv"
    saved.write_text(
        "\ufeffpage;item;value\r\n" + "".join(f'"{page}";"{item}";"{value}"\r\n' for page, item, value in rows), encoding="utf-8"
    )
    told = here(own_desk.home, "scan", "audit", "import", str(saved))
    assert told.code == 3
    good = len(answers) - 2
    counts = ("rows", "noted", "empty", "wrong", "changed", "refused")
    assert [told.data[name] for name in counts] == [len(rows), good, 1, 0, 0, 2]
    assert [error["row"] for error in told.body["errors"]] == [3, len(rows) + 1]
    assert (told.data["total"]["audited"], told.data["total"]["errors"]) == (good, 0)
    again = here(own_desk.home, "scan", "audit", "import", str(saved))
    assert (again.data["noted"], again.data["total"]) == (0, told.data["total"])
    left = here(own_desk.home, "scan", "audit").data["answers"]
    assert [(each["page"], each["item"]) for each in left] == [(each["page"], each["item"]) for each in answers[:2]]


def test_a_list_of_something_else_is_refused_whole(own_desk: SmallDesk, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("code;name\n1;2\n")
    told = here(own_desk.home, "scan", "audit", "import", str(tmp_path / "other.csv"))
    assert (told.code, "page, item, value" in told.body["errors"][0]["text"]) == (4, True)
    (tmp_path / "bad.csv").write_text("page;item;value\nnonsense;1;A\n")
    assert here(own_desk.home, "scan", "audit", "import", str(tmp_path / "bad.csv")).code == 4
    assert here(own_desk.home, "scan", "audit", "import", str(tmp_path / "nowhere.csv")).code == 6


def test_the_page_goes_when_nothing_waits_any_more(own_desk: SmallDesk, tmp_path: Path) -> None:
    answers = here(own_desk.home, "scan", "audit", "--week", WEEK, "--share", "1").data["answers"]
    saved = tmp_path / "audit.csv"
    rows = (f"{each['page']};{each['item']};{','.join(each['reading']) or '-'}\n" for each in answers)
    saved.write_text("page;item;value\n" + "".join(rows), encoding="utf-8")
    assert here(own_desk.home, "scan", "audit", "import", str(saved)).code == 0
    told = here(own_desk.home, "scan", "audit")
    assert (told.code, told.data["files"], list((own_desk.home / "audits").iterdir())) == (0, [], [])


def pictures(desk: SmallDesk) -> set[str]:
    return {path.relative_to(desk.home).as_posix() for path in (desk.home / "audits").rglob("*.png")}


def test_pictures_of_a_draw_that_was_taken_back_are_deleted_with_it(own_desk: SmallDesk) -> None:
    here(own_desk.home, "scan", "audit", "--week", WEEK, "--share", "0.5")
    first = pictures(own_desk)
    mine = own_desk.home / "audits" / WEEK / "notes.txt"
    mine.write_text("a person's own")
    here(own_desk.home, "scan", "audit", "--week", WEEK, "--share", "1")
    assert first < pictures(own_desk)
    assert here(own_desk.home, "undo", "--dry-run").code == 0
    assert first < pictures(own_desk)
    assert here(own_desk.home, "undo").code == 0
    assert pictures(own_desk) == first
    assert here(own_desk.home, "undo").code == 0
    assert [path.name for path in (own_desk.home / "audits").rglob("*")] == [WEEK, mine.name]


def test_what_was_drawn_of_a_withdrawn_packet_is_neither_shown_nor_counted_and_what_was_confirmed_still_counts(own_desk: SmallDesk) -> None:
    answers = here(own_desk.home, "scan", "audit", "--week", WEEK, "--share", "1").data["answers"]
    pages = {page["page"]: page["packet"] for page in here(own_desk.home, "packets", "layout", "--week", WEEK).data["pages"]}
    packet = next(
        code for code in sorted({pages[each["page"]] for each in answers}) if sum(pages[each["page"]] == code for each in answers) > 1
    )
    theirs = [each for each in answers if pages[each["page"]] == packet]
    here(own_desk.home, "scan", "audit", "confirm", theirs[0]["page"], theirs[0]["item"], ",".join(theirs[0]["reading"]))
    home = open_home(own_desk.home)
    with home.database.write() as session:  # read work may not be withdrawn by a command; a desk that was merged may hold such a packet
        session.query(schema.Packet).filter_by(code=packet).update({"state": "void"})
        session.query(schema.Page).filter_by(packet=packet).update({"void": True, "void_reason": "withdrawn"})
    home.close()
    told = here(own_desk.home, "scan", "audit")
    assert {pages[each["page"]] for each in told.data["answers"]}.isdisjoint({packet})
    assert pictures(own_desk) == {each["crop"] for each in told.data["answers"]}
    assert (told.data["total"]["drawn"], told.data["total"]["audited"]) == (len(answers) - len(theirs) + 1, 1)

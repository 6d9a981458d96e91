"""Review sheets on paper: a doubt goes onto a sheet, a pen fills it, the scanner takes it, and the answer is decided; once, and never over somebody's word."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
from hypothesis import given
from hypothesis import strategies as st

from packets.layout import BODY_MM, clear_of_folds
from packets.review_sheet import NUMBER, ONE, SCORE, SEVERAL, SLOTS_MM, Form, Row, boxes, in_sheets, slot_of, tops
from records import schema
from records.grades import WAITING, Decision, Recorded, decide, recorded
from records.home import open_home
from scanning.amend import amend
from scanning.rehearsal.meaning import Must
from scanning.rehearsal.play import play_post
from scanning.rehearsal.post import PostHabits
from tests.scanning.test_review_chromium import in_doubt
from tests.small_desk import WEEK, SmallDesk, here

Marked = dict[tuple[str, str], list[str]]
ONLY_SHEETS = PostHabits(foreign=0, broken=0, backs=0.0)
ROWS = st.one_of(
    st.builds(Row, st.sampled_from((ONE, SEVERAL)), st.integers(2, 8), st.sampled_from(SLOTS_MM)),
    st.builds(Row, st.just(NUMBER), st.integers(1, 6), st.sampled_from(SLOTS_MM)),
    st.builds(Row, st.just(SCORE), st.integers(1, 20), st.sampled_from(SLOTS_MM)),
)


@given(st.lists(ROWS, min_size=1, max_size=12))
def test_every_row_stands_on_some_sheet_within_the_body_and_clear_of_folds(rows: list[Row]) -> None:
    counts = in_sheets(rows)
    assert sum(counts) == len(rows)
    start = 0
    for count in counts:
        some = rows[start : start + count]
        start += count
        placed = tops(some)
        assert placed is not None, "a single row always fits"
        assert all(above + row.height <= below + 0.01 for row, above, below in zip(some, placed, placed[1:], strict=False))
        for box in boxes(Form(tuple(some), "kk")):
            (x, y), half = box.center_mm, box.size_mm[1] / 2
            assert BODY_MM[0] <= x - half
            assert x + half <= BODY_MM[2]
            assert BODY_MM[1] <= y - half
            assert y + half <= BODY_MM[3]
            assert clear_of_folds(y - half, y + half)


@given(st.floats(20, 200), st.floats(5, 250))
def test_a_picture_is_never_larger_than_its_room_and_keeps_its_shape(width: float, height: float) -> None:
    slot, (across, down) = slot_of((width, height))
    assert down <= slot + 0.01
    assert across <= BODY_MM[2] - BODY_MM[0]
    assert abs(across / down - width / height) < 1e-6 * (width / height)


def make_waiting(desk: SmallDesk) -> None:
    """Every answer of the week waits: question 1 is a written one of 3 points without any, all others are in doubt."""
    home = open_home(desk.home)
    with home.database.write() as session:
        rows = recorded(session)
        work = session.get_one(schema.Assignment, str(rows[0].assignment))
        parts = list(work.definition["parts"])
        first = next(place for place, part in enumerate(parts) if "question" in part)
        parts[first] = {"question": "Почему?", "lines": 5, "points": "3"}
        work.definition = {**work.definition, "parts": parts}
        for each in rows:
            fields = {name: getattr(each, name) for name in Decision.__slots__}
            waits = {"state": WAITING, "reading": (), "points": None, "max_points": Decimal(3), "decided_by": "reader"}
            decide(session, Decision(**fields | waits) if each.item == "1" else in_doubt(each))
    home.close()


def printed(desk: SmallDesk) -> list[dict[str, Any]]:
    """The sheets as the contract tells them, after they were printed."""
    told = here(desk.home, "review", "print", "--week", WEEK)
    assert told.code == 0, told.out
    pages = [page for page in here(desk.home, "packets", "layout", "--week", WEEK).data["pages"] if page["kind"] == "review"]
    assert {page["page"] for page in pages} >= set(told.data["pages"])
    return [page for page in pages if page["page"] in told.data["pages"]]


def meant(desk: SmallDesk, pages: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[str, str, list[str]]]:
    """For each sheet and row: the page, the question, and what the teacher means, the last value or number 7."""
    home = open_home(desk.home)
    found = {}
    with home.database.read() as session:
        rows = {(row.sheet, row.item): (row.page, row.question) for row in session.query(schema.ReviewItem)}
    home.close()
    for page in pages:
        for item in {box["item"] for box in page["boxes"]} - {box["item"] for box in page["boxes"] if box["item"].endswith(".none")}:
            own = [box for box in page["boxes"] if box["item"] == item]
            value = "7" if own[0]["kind"] == "digit" else [box["value"] for box in own if box["value"] != "-"][-1]
            found[page["page"], item] = (*rows[page["page"], item], [value])
    return found


def play(desk: SmallDesk, pages: list[dict[str, Any]], wanted: Mapping[str, Mapping[str, list[str]]], out: Path, seed: int = 5) -> Marked:
    """Simulated pens fill the sheets, and a scanner takes them; what was marked in the end, by sheet and row: pens leave things out."""
    empty = {page["page"]: {box["item"]: [] for box in page["boxes"]} for page in pages}
    answers = {page: {**items, **wanted.get(page, {})} for page, items in empty.items()}
    post = play_post(desk.home, {"pages": pages}, out, seed, "clean_scan", answers=answers, habits=ONLY_SHEETS)
    seen = [sheet for frame in post.truth.frames for sheet in frame.sheets]
    return {(sheet.page, each.item): list(each.reading) for sheet in seen for each in sheet.items if each.must is Must.READ}


def draw(desk: SmallDesk, pages: list[dict[str, Any]], wanted: Mapping[tuple[str, str], str], out: Path) -> None:
    """The sheets as they come off the printer, with these circles filled and nothing else."""
    out.mkdir()
    for page in pages:
        printed = pypdfium2.PdfDocument(desk.home / page["pdf"])[page["pdf_page"] - 1].render(scale=150 / 72, grayscale=True)
        picture = np.array(printed.to_numpy()).reshape(printed.height, printed.width)
        for box in page["boxes"]:
            if wanted.get((page["page"], box["item"])) == box["value"]:
                x, y = (round(place * 150 / 25.4 * 16) for place in box["center_mm"])
                cv2.circle(picture, (x, y), round(1.9 * 150 / 25.4 * 16), (40,), -1, cv2.LINE_AA, 4)
        cv2.imwrite(str(out / f"{page['page']}.png"), picture)


def standing(desk: SmallDesk) -> dict[tuple[str, str], Recorded]:
    home = open_home(desk.home)
    with home.database.read() as session:
        found = {(each.page, each.item): each for each in recorded(session)}
    home.close()
    return found


def test_doubts_and_written_answers_come_home_from_paper_once(own_desk: SmallDesk, tmp_path: Path) -> None:
    make_waiting(own_desk)
    pages = printed(own_desk)
    assert {page["packet"] for page in pages} == {None}
    first = (own_desk.home / pages[0]["pdf"]).read_bytes()
    assert [page["page"] for page in printed(own_desk)] == [page["page"] for page in pages], "printed again: the same sheets"
    assert (own_desk.home / pages[0]["pdf"]).read_bytes() == first
    plan = meant(own_desk, pages)
    wanted: dict[str, dict[str, list[str]]] = {}
    for (sheet, item), (_page, _question, values) in plan.items():
        wanted.setdefault(sheet, {})[item] = values
    marked = play(own_desk, pages, wanted, tmp_path / "filled")
    assert len(marked) > len(plan) // 2, "pens that fill nothing prove nothing"
    told = here(own_desk.home, "scan", str(tmp_path / "filled"))
    assert {row["state"] for row in told.data["pages"]} <= {"read", "doubtful"}
    doubts = {(row["page"], each["item"].removesuffix(".none")) for row in told.data["pages"] for each in row["doubts"]}
    doubts |= {place for place in plan if (place[0], "sheet") in doubts}  # nothing on it was sure
    assert len(doubts) < len(plan), "a pale pen, which changes with the desk, is asked about more often"
    now = standing(own_desk)
    for place, (page, question, values) in plan.items():
        if place in marked and place not in doubts:
            assert list(now[page, question].reading) == marked[place] == values
            assert now[page, question].decided_by == ("teacher_mark" if question == "1" else "person")
        elif place not in doubts:
            assert now[page, question].state in {"doubt", "waiting"}, "an empty row decides nothing"
    play(own_desk, pages, wanted, tmp_path / "again", seed=9)
    again = here(own_desk.home, "scan", str(tmp_path / "again"))
    assert {row["state"] for row in again.data["pages"]} == {"duplicate"}
    later = standing(own_desk)
    decided = [place for place, (page, question, _values) in plan.items() if now[page, question].decided_by in {"person", "teacher_mark"}]
    assert all(later[plan[place][:2]].id == now[plan[place][:2]].id for place in decided), "a second copy changes nothing that is decided"


def test_what_was_decided_meanwhile_stays_and_an_empty_row_decides_nothing(own_desk: SmallDesk, tmp_path: Path) -> None:
    make_waiting(own_desk)
    pages = printed(own_desk)
    plan = meant(own_desk, pages)
    choices = [place for place, (_page, question, values) in plan.items() if values[0] in "ABCD" and question != "1"]
    mine, blank = choices[0], choices[1]
    page, question, _values = plan[mine]
    home = open_home(own_desk.home)
    with home.database.write() as session:
        amend(session, page, question, "A")
    home.close()
    before = standing(own_desk)
    draw(own_desk, pages, {mine: "B", blank: "-"}, tmp_path / "filled")
    told = here(own_desk.home, "scan", str(tmp_path / "filled"))
    assert told.code == 3
    doubts = {(row["page"], each["item"]): each["reason"] for row in told.data["pages"] for each in row["doubts"]}
    assert doubts[mine] == "decided_meanwhile"
    now = standing(own_desk)
    assert now[page, question].id == before[page, question].id
    (there, what, _values) = plan[blank]
    assert (now[there, what].state, now[there, what].decided_by) == ("blank", "person")
    untouched = set(plan) - {mine, blank} - set(doubts)
    assert all(now[plan[place][:2]].id == before[plan[place][:2]].id for place in untouched)
    assert {reason for (_page, item), reason in doubts.items() if item == "sheet"} <= {"not_filled"}


def test_where_nothing_waits_nothing_is_printed(own_desk: SmallDesk) -> None:
    assert here(own_desk.home, "review", "print", "--week", "2026-W44").code == 6
    make_waiting(own_desk)
    shutil.rmtree(own_desk.home / "originals")
    told = here(own_desk.home, "review", "print", "--week", WEEK)
    assert (told.code, (own_desk.home / "reviews").exists()) == (6, False)


def test_a_sheet_that_was_filed_by_its_short_code_takes_its_decisions_with_it_when_it_is_taken_back(
    own_desk: SmallDesk, tmp_path: Path
) -> None:
    make_waiting(own_desk)
    pages = printed(own_desk)
    plan = meant(own_desk, pages)
    (sheet, row), (page, question, _values) = next(each for each in plan.items() if each[1][2][0] in "ABCD" and each[1][1] != "1")
    before = standing(own_desk)
    draw(own_desk, [each for each in pages if each["page"] == sheet], {(sheet, row): "B"}, tmp_path / "filled")
    picture = tmp_path / "filled" / f"{sheet}.png"
    seen = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    assert seen is not None
    dots = 150 / 25.4
    for left, top in ((165.0, 10.0), (10.0, 255.0)):  # both QR codes are lost
        cv2.rectangle(seen, (round(left * dots), round(top * dots)), (round((left + 35) * dots), round((top + 32) * dots)), (255,), -1)
    cv2.imwrite(str(picture), seen)
    named = here(own_desk.home, "scan", str(picture), "--page", sheet)
    assert named.code in (0, 3), named.out
    assert standing(own_desk)[page, question].reading == ("B",)
    told = here(own_desk.home, "undo")
    assert (told.code, told.data["action"]) == (0, "scan.named")
    after = standing(own_desk)
    assert {place: (each.state, each.reading) for place, each in after.items()} == {
        place: (each.state, each.reading) for place, each in before.items()
    }
    assert here(own_desk.home, "undo", "--dry-run").data.get("action") != "grades.amend", "what went with the sheet is not undone twice"
    again = here(own_desk.home, "scan", str(picture), "--page", sheet)
    assert again.code in (0, 3), again.out

"""What docs/contract.md promises of assignments and packets, on a finished week. Where new rows go: tests/contract/shapes.py."""

from __future__ import annotations

import json
from typing import Any

import pytest

from packets.layout import Layout
from packets.samples import sample_files
from records import schema
from records.home import open_home
from tests.contract.shapes import (
    DAY,
    HEX14,
    KATO,
    NUMBER,
    PACKET,
    PAGE,
    WEEK_NAME,
    Maybe,
    Some,
    assert_documented,
    assert_files_are_there,
    assert_refused,
    misfits,
)
from tests.small_desk import BEFORE, NEXT_WEEK, WEEK, SmallDesk, here, outside

LESSON = {
    "week": WEEK_NAME,
    "date": DAY,
    "day": str,
    "time": str,
    "medium": {"tv", "radio", "web"},
    "channel": str,
    "subject": str,
    "grade": int,
    "language": str,
    "title": str,
    "link": str,
}
TIMETABLE = dict.fromkeys(("rows", "lessons", "added", "removed", "unchanged", "refused", "packets"), int)
BUILD = {
    "week": {WEEK},
    **dict.fromkeys(("built", "rebuilt", "redrawn", "unchanged", "pages"), int),
    "packets": [PACKET],
    "without": [{"reason": str, "pupils": [str]}],
    "files": [str],
    "removed": [str],
    "rescored": [str],
    "former_points": [PACKET],
}
STANDING = {
    "packet": PACKET,
    "pupil": str,
    "week": WEEK_NAME,
    "kato": KATO,
    "school": str,
    "state": str,
    "issue": int,
    "sheets": int,
    "grams": int,
    "return_by": DAY,
    "pdf": str,
}
STAGES = ("expected", "printed", "handed_over", "arrived", "read", "decided")
LEDGER_SUM = {
    **dict.fromkeys((*STAGES, "missing", "copies", "late"), int),
    "stopped": dict.fromkeys(STAGES, int),
}
READS: dict[str, dict[str, Any]] = {
    f"packets layout --week {WEEK}": {"pages": Some(PAGE)},
    f"packets list --week {WEEK}": {"week": {WEEK}, "packets": Some(STANDING)},
    f"packets build --week {WEEK}": BUILD,
    "assignments list": {
        "assignments": Some(
            {
                **dict.fromkeys(("assignment", "week", "subject", "language", "title"), str),
                "kind": {"practice", "formative", "unit", "term"},
                "grade": int,
                "questions": int,
                "answers": int,
                "max_points": NUMBER,
                "variants": int,
                "printed": bool,
            }
        )
    },
}
WRITES = (
    ("packets", "build", "--week", NEXT_WEEK),
    ("packets", "labels", "--week", WEEK),
    ("assignments", "template", "HOME/template.xlsx"),
    ("assignments", "preview", "HOME/sample.yaml", "--key"),
)
REFUSALS = {
    "packets build": 2,
    "packets build --week 2026-W54": 2,
    "packets build --week yesterday": 2,
    "packets show 2026-W41-NOBODY": 6,
    f"packets layout --week {WEEK} --packet 2026-W41-NOBODY": 6,
    "assignments check INPUTS/offices.csv": 4,
    "assignments check INPUTS/nowhere.yaml": 6,
    "assignments template HOME/template.docx": 2,
    "assignments preview NOTHING": 6,
    "packets void PLAYED": 7,
}


@pytest.mark.parametrize("line", READS)
def test_what_a_command_answers_has_the_documented_fields(own_desk: SmallDesk, line: str) -> None:
    assert_documented(own_desk, line, READS[line])


@pytest.mark.parametrize("words", WRITES, ids=[" ".join(words[:2]) for words in WRITES])
def test_files_are_named_from_the_home_and_are_there(own_desk: SmallDesk, words: tuple[str, ...]) -> None:
    (own_desk.home / "sample.yaml").write_bytes(sample_files()[0].read_bytes())
    assert_files_are_there(own_desk, words)


@pytest.mark.parametrize(("line", "code"), REFUSALS.items())
def test_each_refusal_has_its_exit_code_and_says_what_to_do(own_desk: SmallDesk, line: str, code: int) -> None:
    assert_refused(own_desk, line, code)


def test_a_packet_is_shown_with_its_pages_and_acts(small_desk: SmallDesk) -> None:
    code = here(small_desk.home, "packets", "list", "--week", WEEK).data["packets"][0]["packet"]
    page = {
        **dict.fromkeys(("number", "of"), int),
        "page": HEX14,
        "short_code": str,
        "kind": {"cover", "worksheet"},
        "assignment": Maybe(str),
        "variant": Maybe(int),
        "void": bool,
        "void_reason": str,
    }
    wanted = {**STANDING, "pages": Some(page), "acts": Some({"at": str, "action": str, "details": dict})}
    assert list(misfits(here(small_desk.home, "packets", "show", code).data, wanted)) == []


def test_layout_tells_what_stands_in_the_files(small_desk: SmallDesk) -> None:
    import pypdfium2

    pages = here(small_desk.home, "packets", "layout", "--week", WEEK).data["pages"]
    home = open_home(small_desk.home)
    with home.database.read() as session:
        stored = {row.digest: Layout.from_json(row.geometry) for row in session.query(schema.Layout)}
    home.close()
    for page in pages:
        document = pypdfium2.PdfDocument(small_desk.home / page["pdf"])
        width, height = (round(points * 25.4 / 72, 1) for points in document[page["pdf_page"] - 1].get_size())
        assert [width, height] == page["size_mm"] == ([297.0, 210.0] if page["kind"] == "manifest" else [210.0, 297.0])
        assert len(document) == page["of"]
        document.close()
        for box in page["boxes"]:
            assert all(15 <= at <= most - 15 for at, most in zip(box["center_mm"], page["size_mm"], strict=True)), box
            assert (box["column"] is None) == (box["kind"] != "digit")
        assert {box["item"] for box in page["boxes"]} == {item.item for item in stored[page["layout"]].items}
    assert {page["kind"] for page in pages} == {"worksheet", "cover", "manifest"}
    assert {box["kind"] for page in pages for box in page["boxes"]} == {"choice", "digit", "score", "tick"}
    assert {page["page"] for page in pages if page["kind"] == "cover"}.isdisjoint(page["page"] for page in pages if page["assignment"])
    columns = [box["column"] for page in pages for box in page["boxes"] if box["kind"] == "digit"]
    assert min(columns) == 1
    one = small_desk.played[0]
    assert here(small_desk.home, "packets", "layout", "--week", WEEK, "--packet", one).data["pages"] == [
        page for page in pages if page["packet"] == one
    ]


def test_a_process_keeps_stdout_for_the_one_object(own_desk: SmallDesk) -> None:
    told = outside(own_desk.home, "packets", "build", "--week", NEXT_WEEK, day=BEFORE)
    assert list(json.loads(told.out)) == ["version", "command", "status", "data", "errors"]
    assert told.out.count("\n") == 1
    assert list(misfits(told.data, {**BUILD, "week": {NEXT_WEEK}})) == []
    assert told.data["built"] + len([pupil for each in told.data["without"] for pupil in each["pupils"]]) == 4


@pytest.mark.parametrize(
    ("by", "key"),
    [("village", {"kato": KATO, "name": str}), ("packet", {"packet": PACKET, "pupil": str, "kato": KATO, "route": Maybe(str)})],
)
def test_the_ledger_is_the_contract(small_desk: SmallDesk, by: str, key: dict[str, Any]) -> None:
    data = here(small_desk.home, "packets", "ledger", "--week", WEEK, "--by", by).data
    reasons = [data["totals"].pop("reasons"), *(row.pop("reasons") for row in data["rows"])]
    assert all(isinstance(count, int) and isinstance(name, str) for each in reasons for name, count in each.items())
    counts = data["nameless"].pop("counts")
    assert set(counts) <= {"unreadable", "unsigned", "foreign", "refused"}
    row = {**key, **LEDGER_SUM, "missing_pages": [{"page": HEX14, "number": int, "reason": str}]}
    arrived = {**dict.fromkeys(("short_code", "packet", "pupil", "kato", "reason"), str), "page": HEX14, "at": [str]}
    sheet = {"file": str, "frame": int, "part": int, "state": str, "reason": str, "at": str}
    shape = {"week": {WEEK}, "by": {by}, "totals": LEDGER_SUM, "rows": Some(row), "files": [str]}
    shape |= {"void": {"pages": int, "arrived": [arrived]}, "nameless": {"sheets": [sheet]}}
    assert list(misfits(data, shape)) == []


def test_a_timetable_is_told_as_documented(own_desk: SmallDesk) -> None:
    (own_desk.home / "lessons.csv").write_text(
        "date,time,channel,subject,grade,language\n2026-10-06,10:20,Балапан,math,5,kk\n", encoding="utf-8"
    )
    told = here(own_desk.home, "lessons", "import", str(own_desk.home / "lessons.csv"))
    assert list(misfits(told.data, {**TIMETABLE, "weeks": [WEEK_NAME], "dropped_columns": [str], "dry_run": bool})) == []
    assert_documented(own_desk, "lessons list", {"lessons": Some(LESSON)})
    assert_refused(own_desk, "lessons import INPUTS/offices.csv", 4)

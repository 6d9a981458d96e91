"""What docs/contract.md promises of scan, grades and returns, on a finished week. Where new rows go: tests/contract/shapes.py."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.contract.shapes import (
    DAY,
    DIGEST,
    HEX14,
    KATO,
    NUMBER,
    PACKET,
    PAGE_STATE,
    SHORT,
    WEEK_NAME,
    Maybe,
    Some,
    assert_documented,
    assert_files_are_there,
    assert_refused,
    misfits,
)
from tests.small_desk import NEXT_WEEK, WEEK, SmallDesk, here

SHEET = {
    "file": str,
    "frame": int,
    "part": int,
    "state": PAGE_STATE,
    "reason": str,
    "late": bool,
    "page": Maybe(HEX14),
    "packet": Maybe(PACKET),
    "doubts": [{"item": str, "reason": str}],
    "ms": int,
}
ALARM = {"code": str, "text": str, "pages": Some({"file": str, "frame": int, "part": int}), "numbers": dict}
CLOSED = {"quarter": str, "count": int, "marks": Some({"pupil": str, "subject": str})}
GRID = {"number": str, "rows": Some(str), "right": int, "waiting": [str], "points": Maybe(NUMBER), "max_points": NUMBER}
SIDE = {
    "state": {"read", "blank", "doubt", "waiting"},
    "reason": str,
    "reading": [str],
    "candidates": [str],
    "points": Maybe(NUMBER),
}
REJUDGED = {
    "week": Maybe(WEEK_NAME),
    "packet": Maybe(PACKET),
    "applied": bool,
    "rules": DIGEST,
    "closed_marks": [CLOSED],
    "thresholds": [{"name": str, "value": NUMBER, "default": NUMBER}],
    "pages": int,
    "items": int,
    "kept": {"person": int, "teacher_mark": int},
    "changes": [
        {
            **dict.fromkeys(("pupil", "assignment", "item"), str),
            "page": HEX14,
            "short_code": SHORT,
            "packet": Maybe(PACKET),
            "week": WEEK_NAME,
            "change": re.compile(r"(read|blank|doubt|waiting)_to_(read|blank|doubt|waiting)"),
            "before": SIDE,
            "after": SIDE,
            "max_points": NUMBER,
        }
    ],
    "counts": dict.fromkeys(
        (
            *("read_to_read", "read_to_blank", "read_to_doubt", "blank_to_read", "blank_to_doubt", "doubt_to_read", "doubt_to_blank"),
            *("doubt_to_doubt", "doubt_to_waiting", "waiting_to_read", "waiting_to_doubt"),
        ),
        int,
    ),
    "page_states": [{"page": HEX14, "packet": Maybe(PACKET), "before": PAGE_STATE, "after": PAGE_STATE}],
    "points": [{**dict.fromkeys(("pupil", "packet", "assignment"), str), **dict.fromkeys(("before", "after", "max_points"), NUMBER)}],
    "together": [
        {
            **dict.fromkeys(("pupil", "assignment", "item"), str),
            "page": HEX14,
            "short_code": SHORT,
            "packet": Maybe(PACKET),
            "because": [str],
            "before": Maybe(NUMBER),
            "after": Maybe(NUMBER),
            "max_points": NUMBER,
        }
    ],
    "left": [{"page": HEX14, "short_code": SHORT, "packet": Maybe(PACKET), "file": str, "frame": int, "reason": str}],
}
ANSWER = {
    "pupil": str,
    "packet": PACKET,
    "page": HEX14,
    "assignment": str,
    "item": str,
    "reading": [str],
    "candidates": [str],
    "state": {"read", "blank", "doubt", "waiting"},
    "reason": str,
    "points": Maybe(NUMBER),
    "max_points": NUMBER,
    "decided_by": {"reader", "person", "teacher_mark"},
}
AUDITED = {**dict.fromkeys(("drawn", "audited", "errors"), int), "upper": Maybe(float)}
QUARTER, SCHOOL_YEAR = re.compile(r"20\d\d-\d\d/[1-4]"), re.compile(r"20\d\d-\d\d")
UNDECIDED = {
    "page": Maybe(HEX14),
    "short_code": Maybe(SHORT),
    "item": str,
    "why": {"doubt", "waiting", "outstanding", "missing", "unreadable", "no_page"},
    "max_points": NUMBER,
    "due": Maybe(DAY),
}
OF_PUPIL = {**dict.fromkeys(("pupil", "school", "language", "subject"), str), "grade": int}
SPAN = {**dict.fromkeys(("mark", "lowest", "highest"), Maybe(int))}
MARK = {"state": {"marked", "open", "not_marked"}, "reason": str, "exact": Maybe(NUMBER), "percent": Maybe(int), **SPAN}
WORKS = {"count": int, "points": NUMBER, "max_points": NUMBER}
QUARTER_MARK = {
    **OF_PUPIL,
    **MARK,
    "quarter": QUARTER,
    "formula": {"units_and_term", "distance", "with_formative"},
    "works": dict.fromkeys(("formative", "unit", "term"), WORKS),
    "zeroed": int,
    "undecided": [UNDECIDED],
    "closed": Maybe({"closed_at": str, "why": str, "changed": bool, "now": MARK}),
}
APPEAL = {
    "appeal": int,
    "page": HEX14,
    "short_code": SHORT,
    **dict.fromkeys(("item", "opened_at", "why", "words"), str),
    **dict.fromkeys(("pupil", "assignment", "closed_at"), Maybe(str)),
    "week": WEEK_NAME,
    "outcome": {"", "changed", "upheld", "dismissed"},
}
KEPT = {
    **{name: ANSWER[name] for name in ("reading", "candidates", "state", "reason", "points", "max_points", "decided_by")},
    "record": int,
    **dict.fromkeys(("made_at", "why"), str),
    **dict.fromkeys(("superseded_by", "frame"), Maybe(int)),
    "file": Maybe(str),
}
READS: dict[str, dict[str, Any]] = {
    f"grades book --week {WEEK}": {
        "week": {WEEK},
        "works": Some(
            {
                **OF_PUPIL,
                **SPAN,
                **dict.fromkeys(("assignment", "title"), str),
                "kind": {"practice", "formative", "unit", "term"},
                "week": {WEEK},
                "packet": PACKET,
                **dict.fromkeys(("points", "possible", "max_points"), NUMBER),
                "percent": Maybe(int),
                "zeroed": int,
                "undecided": [UNDECIDED],
            }
        ),
    },
    f"grades answers --week {WEEK}": {"week": {WEEK}, "answers": Some(ANSWER)},
    f"grades list --week {WEEK}": {
        "week": {WEEK},
        "grades": Some(
            {
                **dict.fromkeys(("pupil", "packet", "assignment"), str),
                "points": Maybe(NUMBER),
                "max_points": NUMBER,
                "percent": Maybe(int),
                "mark": Maybe(int),
                **dict.fromkeys(("waiting", "doubts", "missing"), int),
            }
        ),
    },
    f"scan status --week {WEEK}": {
        "week": {WEEK},
        "packets": Some(
            {
                **dict.fromkeys(("packet", "pupil", "state"), str),
                "kato": KATO,
                "return_by": DAY,
                **dict.fromkeys(("expected", "read", "doubtful", "outstanding", "late", "waiting", "doubts"), int),
                "missing": [{"page": HEX14, "number": int}],
            }
        ),
        "alarms": [ALARM],
        "scanned_at": Maybe(str),
    },
    f"scan rejudge --week {WEEK}": REJUDGED,
    f"scan audit --week {WEEK}": {
        "week": {WEEK},
        "drawn": int,
        "accepted": int,
        "answers": [
            {
                **dict.fromkeys(("assignment", "item"), str),
                "week": WEEK_NAME,
                "page": HEX14,
                "short_code": SHORT,
                "reading": [str],
                "crop": Maybe(str),
            }
        ],
        "weeks": [{"week": WEEK_NAME, **AUDITED}],
        "total": {"week": Maybe(WEEK_NAME), **AUDITED},
        "files": [str],
    },
}
BOOK: dict[str, dict[str, Any]] = {
    "grades book --quarter 2026-27/1": {
        "quarter": QUARTER,
        "weeks": Some(WEEK_NAME),
        **dict.fromkeys(("first", "last"), DAY),
        **dict.fromkeys(("over", "assumed"), bool),
        "marks": Some(QUARTER_MARK),
    },
    "grades book --year 2026-27": {
        "year": SCHOOL_YEAR,
        "assumed": bool,
        "marks": Some(
            {
                **OF_PUPIL,
                **SPAN,
                "year": SCHOOL_YEAR,
                "quarters": Some(Maybe(MARK)),
                "state": {"marked", "open", "not_marked"},
                "reason": str,
                "without": int,
                **dict.fromkeys(("exam", "final"), Maybe(int)),
            }
        ),
    },
    "grades appeals --all": {"appeals": [APPEAL]},
}
FIGURES = {
    "key": str,
    **dict.fromkeys(("name_kk", "name_ru"), str),
    **dict.fromkeys(("pupils", "reached", "returned", "whole", "partly", "silent", "lost", "unreached"), Maybe(int)),
    "median_days": Maybe(NUMBER),
}
READS[f"district report --week {WEEK}"] = {
    "span": {"name": {WEEK}, "weeks": [WEEK_NAME]},
    "kato": Maybe(KATO),
    **dict.fromkeys(("coverage", "return_rate", "loss"), Maybe(NUMBER)),
    "rows": Some(FIGURES),
    "marks": [
        {"subject": Maybe(str), "grade": Maybe(int), "works": Maybe(int), "marks": dict.fromkeys("2345", Maybe(int)), "good": Maybe(NUMBER)}
    ],
    "turnaround": {"packets": Maybe(int), "median_days": Maybe(NUMBER), "p90_days": Maybe(int)},
    "pages": dict.fromkeys(("expected", "printed", "handed_over", "arrived", "read", "decided", "missing", "lost"), Maybe(int)),
    "loads": Some(
        {**dict.fromkeys(("key", "name_kk", "name_ru"), str), **dict.fromkeys(("pages", "open", "waiting", "doubts"), Maybe(int))}
    ),
    "silent_villages": [{"kato": KATO, "name_kk": str, "name_ru": str, "weeks": int}],
    "small_silent_villages": int,
    "hidden": int,
    "files": Some(str),
}
WRITES = (
    ("district", "report", "--week", WEEK),
    ("district", "export", "HOME/out/district.json", "--week", WEEK),
    ("grades", "export", "HOME/out/answers.xlsx", "--week", WEEK),
    ("grades", "export", "HOME/out/marks.xlsx", "--quarter", "2026-27/1"),
    ("grades", "export", "HOME/out/years.parquet", "--year", "2026-27"),
    ("grades", "journal", "HOME/out/journal.xlsx", "--quarter", "2026-27/1", "--names"),
    ("grades", "entry", "HOME/out/entry.csv", "--week", WEEK),
    ("returns", "--week", WEEK),
)
REFUSALS = {
    "scan INPUTS/nowhere.pdf": 6,
    f"grades answers --week {WEEK}": 0,
    "grades amend 00000000000000 1 A": 6,
    "grades history 00000000000000 1": 6,
    "grades appeal 00000000000000 1 --why x": 6,
    "grades close --quarter 2026-27/1": 7,
    "grades book --quarter 2026-27/7": 6,
    "grades book": 2,
    f"grades export INPUTS/out.docx --week {WEEK}": 2,
    f"grades export HOME/out.csv --week {NEXT_WEEK}": 6,
    f"returns --week {NEXT_WEEK}": 6,
}


@pytest.mark.parametrize("line", READS)
def test_what_a_command_answers_has_the_documented_fields(own_desk: SmallDesk, line: str) -> None:
    assert_documented(own_desk, line, READS[line])


@pytest.mark.parametrize("words", WRITES, ids=[" ".join(words[:2]) for words in WRITES])
def test_files_are_named_from_the_home_and_are_there(own_desk: SmallDesk, words: tuple[str, ...]) -> None:
    assert_files_are_there(own_desk, words)


@pytest.mark.parametrize(("line", "code"), REFUSALS.items())
def test_each_refusal_has_its_exit_code_and_says_what_to_do(own_desk: SmallDesk, line: str, code: int) -> None:
    assert_refused(own_desk, line, code)


def test_scanning_tells_a_row_for_every_file_and_counts_them(own_desk: SmallDesk, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "letter.txt").write_text("dear grandmother")
    told = here(own_desk.home, "scan", str(own_desk.scans), str(tmp_path / "more"))
    shape = {"pages": Some(SHEET), "counts": dict.fromkeys(PAGE_STATE, int), "alarms": [ALARM], "closed_marks": [CLOSED]}
    assert list(misfits(told.data, shape)) == []
    pages = told.data["pages"]
    given = {str(path) for folder in (own_desk.scans, tmp_path / "more") for path in folder.rglob("*") if path.is_file()}
    assert {page["file"] for page in pages} == given - {str(path) for path in own_desk.scans.rglob("*.json")}
    assert {state: sum(page["state"] == state for page in pages) for state in PAGE_STATE} == told.data["counts"]
    assert min(page["frame"] for page in pages) == min(page["part"] for page in pages) == 1
    assert {page["state"] for page in pages} == {"duplicate", "refused"}
    assert {page["packet"] for page in pages if page["page"]} <= set(own_desk.played)


def test_judging_again_by_a_trial_tells_what_would_change_and_changes_nothing(own_desk: SmallDesk) -> None:
    before = here(own_desk.home, "grades", "answers", "--week", WEEK).data
    told = here(own_desk.home, "scan", "rejudge", "--set", "sure=1", "--set", "agreed=1", "--set", "agreed_several=1")
    assert list(misfits(told.data, REJUDGED)) == []
    assert len(told.data["changes"]) == sum(told.data["counts"].values()) > 0
    assert (told.code, told.data["applied"]) == (3, False)
    assert told.data["thresholds"][0] == {"name": "sure", "value": 1.0, "default": 0.95}
    assert here(own_desk.home, "grades", "answers", "--week", WEEK).data == before


def test_there_is_a_row_for_every_item_of_every_page_read(small_desk: SmallDesk) -> None:
    answers = here(small_desk.home, "grades", "answers", "--week", WEEK).data["answers"]
    layout = {page["page"]: page for page in here(small_desk.home, "packets", "layout", "--week", WEEK).data["pages"]}
    assert len({(each["page"], each["item"]) for each in answers}) == len(answers)
    for page in {each["page"] for each in answers}:
        assert {each["item"] for each in answers if each["page"] == page} == {box["item"] for box in layout[page]["boxes"]}
    for each in answers:
        assert bool(each["reading"]) == (each["state"] == "read"), each
        assert (each["points"] is None) == (each["state"] in {"doubt", "waiting"}), each
        assert each["reason"] or each["state"] != "doubt", each
        assert set(each["candidates"]) <= {box["value"] for box in layout[each["page"]]["boxes"]} or len(each["candidates"][0]) > 1


@pytest.mark.parametrize("line", BOOK)
def test_the_grade_book_has_the_documented_fields(small_desk: SmallDesk, line: str) -> None:
    told = here(small_desk.home, *line.split())
    assert told.code == 0, told.body
    assert list(misfits(told.data, BOOK[line])) == []


def test_amending_takes_ids_short_codes_letters_numbers_and_blanks(own_desk: SmallDesk) -> None:
    answers = here(own_desk.home, "grades", "answers", "--week", WEEK).data["answers"]
    layout = {page["page"]: page for page in here(own_desk.home, "packets", "layout", "--week", WEEK).data["pages"]}
    kinds = {(page["page"], box["item"]): box["kind"] for page in layout.values() for box in page["boxes"]}
    choice = next(each for each in answers if kinds[each["page"], each["item"]] == "choice")
    shape = {"page": HEX14, "short_code": SHORT, "item": str, "changed": bool, "before": ANSWER}
    shape |= {name: ANSWER[name] for name in ("reading", "state", "points", "max_points", "decided_by")}
    shape |= {"printed": ANSWER["reading"], "grid": Maybe(GRID), "appeal": Maybe(APPEAL), "closed_mark": Maybe(QUARTER_MARK)}
    for page in (choice["page"], layout[choice["page"]]["short_code"]):
        for value, reading, state in (("A", ["A"], "read"), ("", [], "blank"), ("B", ["B"], "read")):
            told = here(own_desk.home, "grades", "amend", page, choice["item"], value)
            assert told.code == 0, told.body
            assert list(misfits(told.data, shape)) == []
            assert (told.data["reading"], told.data["state"], told.data["decided_by"]) == (reading, state, "person")
    kept = here(own_desk.home, "grades", "history", choice["page"], choice["item"]).data
    trail = {
        "page": HEX14,
        "short_code": SHORT,
        "item": str,
        "letters": dict,
        "records": Some(KEPT),
        "appeals": [APPEAL],
        "grid": Maybe(GRID),
    }
    assert list(misfits(kept, trail)) == []
    asked = here(own_desk.home, "grades", "appeal", choice["page"], choice["item"], "--why", "look again").data
    assert list(misfits(asked, {"appeal": APPEAL})) == []
    after = here(own_desk.home, "grades", "answers", "--week", WEEK).data["answers"]
    assert [each["reading"] for each in after if (each["page"], each["item"]) == (choice["page"], choice["item"])] == [["B"]]

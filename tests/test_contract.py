"""The contract of docs/contract.md, command by command, on a finished week: names, types, units, exit codes, files, streams.

Shapes are written here as the design tells them, not taken from the program.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from packets.layout import Layout
from records import schema
from records.home import open_home
from tests.small_desk import BEFORE, LISTS, NEXT_WEEK, WEEK, SmallDesk, here, outside

NUMBER = (int, float)
HEX14, DIGEST = re.compile(r"[0-9a-f]{14}"), re.compile(r"[0-9a-f]{64}")
SHORT = re.compile(r"[2-9A-HJKMNP-Z]{13}")
CLOCK, DAY, KATO = re.compile(r"([01]\d|2[0-3]):[0-5]\d"), re.compile(r"20\d\d-\d\d-\d\d"), re.compile(r"\d{9}")
WEEK_NAME, PACKET = re.compile(r"20\d\d-W\d\d"), re.compile(r"20\d\d-W\d\d-[0-9A-Z]+")
PAGE_STATE = {"read", "doubtful", "duplicate", "foreign", "unsigned", "void", "empty", "unreadable", "refused"}
REASON = {"no_road", "too_far", "over_capacity", "closed", "no_vehicle", "no_mail_day", "no_route", "may_wait"}


@dataclass(frozen=True)
class Maybe:
    """Null, or of that shape."""

    shape: Any


@dataclass(frozen=True)
class Some:
    """A list of that shape with at least one row."""

    shape: Any


@dataclass(frozen=True)
class Pair:
    """A list of two of that shape."""

    shape: Any


BOX = {
    "item": str,
    "value": str,
    "label": str,
    "column": Maybe(int),
    "kind": {"choice", "digit", "score", "tick"},
    "shape": {"circle", "square"},
    "center_mm": Pair(NUMBER),
    "size_mm": Pair(NUMBER),
}
PAGE = {
    "page": HEX14,
    "short_code": SHORT,
    "kind": {"worksheet", "cover", "manifest", "review"},
    "week": WEEK_NAME,
    "packet": Maybe(PACKET),
    "pupil": Maybe(str),
    "assignment": Maybe(str),
    "number": int,
    "of": int,
    "pdf": str,
    "pdf_page": int,
    "size_mm": Pair(NUMBER),
    "layout": DIGEST,
    "boxes": [BOX],
}
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
STOP = {
    "order": int,
    "kato": KATO,
    "lat": float,
    "lon": float,
    "arrive": CLOCK,
    "service_minutes": int,
    "packets_out": int,
    "packets_back": int,
    "grams_out": int,
    "grams_back": int,
    "leg_metres": int,
    "leg_minutes": int,
    "source": {"matrix", "osrm", "estimate"},
    "date": DAY,
    "break_minutes": int,
    "via": [KATO],
}
ROUTE = {
    "route": str,
    "office": str,
    "day": {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
    "date": DAY,
    "vehicle": str,
    "depart": CLOCK,
    "metres": int,
    "minutes": int,
    "max_load_grams": int,
    "start": {"lat": float, "lon": float},
    "return_metres": int,
    "return_minutes": int,
    "kind": {"planned", "schedule", "overnight"},
    "schedule": str,
    "night_after": int,
    "back_date": DAY,
    "return_break": int,
    "return_via": [KATO],
    "stops": Some(STOP),
}
UNPLANNED = [{"kato": KATO, "reason": REASON, "text": str}]
COUNTS = dict.fromkeys(("rows", "added", "changed", "unchanged", "refused", "doubled", "given", "replaced", "removed", "mended"), int)
BUILD = {
    "week": {WEEK},
    **dict.fromkeys(("built", "rebuilt", "redrawn", "unchanged", "pages"), int),
    "packets": [PACKET],
    "without": [{"reason": str, "pupils": [str]}],
    "files": [str],
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
AUDITED = {**dict.fromkeys(("drawn", "audited", "errors"), int), "upper": Maybe(float)}
READS: dict[str, dict[str, Any]] = {
    f"packets layout --week {WEEK}": {"pages": Some(PAGE)},
    f"packets list --week {WEEK}": {"week": {WEEK}, "packets": Some(STANDING)},
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
    f"routes export --week {WEEK}": {"routes": Some(ROUTE), "unplanned": UNPLANNED},
    f"routes compare --week {WEEK}": {
        "week": {WEEK},
        "ways": Some(
            {
                "way": {"existing", "there_and_back", "district", "oblast", "country"},
                **dict.fromkeys(("metres", "routes", "stops", "packets"), int),
                "unplanned": UNPLANNED,
                **dict.fromkeys(("saved_metres", "extra_metres", "extra_minutes"), Maybe(int)),
            }
        ),
        "runs": [
            {
                **dict.fromkeys(("schedule", "office", "day", "vehicle"), str),
                **dict.fromkeys(("stops", "packets", "load_grams", "free_grams", "metres", "extra_metres", "extra_minutes"), int),
            }
        ],
    },
    f"routes plan --week {WEEK}": {
        "plan": str,
        "week": {WEEK},
        "scope": {"district", "oblast", "country"},
        "changed": bool,
        **dict.fromkeys(("routes", "stops", "packets", "metres", "on_schedule", "overnight"), int),
        "unplanned": UNPLANNED,
    },
    f"packets build --week {WEEK}": BUILD,
    "settlements list": {
        "settlements": Some(
            {
                "kato": KATO,
                "name_kk": str,
                "name_ru": str,
                "lat": Maybe(float),
                "lon": Maybe(float),
                "pupils": int,
                "office": str,
                "school": str,
            }
        )
    },
    "settlements check": {"problems": dict, "files": [str]},
    "pupils list": {
        "pupils": Some(
            {
                "code": str,
                "grade": int,
                "language": {"kk", "ru", "uz", "ug", "tg", "en"},
                "kato": KATO,
                "school": str,
                "print": {"normal", "large"},
                "channels": [{"post", "tv", "radio", "web"}],
                "left_on": Maybe(str),
            }
        ),
        "files": [str],
    },
    "assignments list": {
        "assignments": Some(
            {
                **dict.fromkeys(("assignment", "week", "subject", "language", "title"), str),
                "kind": {"practice", "formative", "unit", "term"},
                "grade": int,
                "questions": int,
                "max_points": NUMBER,
                "printed": bool,
            }
        )
    },
    "journal": {"acts": Some({"id": int, "at": str, "action": str, "subject": str, "details": dict})},
    "config show": {
        "settings": Some({"name": str, "value": str, "origin": {"default", "poshta.toml", "environment", "flag"}}),
        "thresholds": [{"name": str, "value": NUMBER, "default": NUMBER}],
    },
    "doctor": {"checks": Some({"name": str, "state": {"ok", "warn", "fail"}, "text": str, "hint": str})},
    "init": {"home": str, "schema": str, "key_made": bool, "files": [str]},
}


def misfits(found: Any, shape: Any, place: str = "data") -> Iterator[str]:
    """Where `found` is not of `shape`: types, patterns, sets of words, rows, objects with exactly these fields."""
    if isinstance(shape, Maybe):
        yield from () if found is None else misfits(found, shape.shape, place)
    elif isinstance(shape, dict):
        fits = isinstance(found, dict) and set(found) == set(shape)
        rows = [(f"{place}.{name}", found[name], shape[name]) for name in shape] if fits else []
        yield from _rows(fits, rows, f"{place}: {found!r}, not {list(shape)}")
    elif isinstance(shape, list | Some | Pair):
        fits = isinstance(found, list) and (not isinstance(shape, Some) or bool(found)) and (not isinstance(shape, Pair) or len(found) == 2)
        inner = shape[0] if isinstance(shape, list) else shape.shape
        rows = [(f"{place}[{number}]", each, inner) for number, each in enumerate(found)] if fits else []
        yield from _rows(fits, rows, f"{place}: {found!r} are no such rows")
    elif not _is_word_of(found, shape):
        yield f"{place}: {found!r} is not {shape}"


def _rows(fits: bool, rows: list[tuple[str, Any, Any]], complaint: str) -> Iterator[str]:
    if not fits:
        yield complaint
    for place, found, shape in rows:
        yield from misfits(found, shape, place)


def _is_word_of(found: Any, shape: Any) -> bool:
    if isinstance(shape, re.Pattern):
        return isinstance(found, str) and shape.fullmatch(found) is not None
    if isinstance(shape, set):
        return found in shape
    return isinstance(found, shape) and (shape is bool or not isinstance(found, bool))


def test_the_shapes_notice_what_does_not_fit() -> None:
    good: dict[str, Any] = {"item": "1", "value": "A", "label": "A", "column": None, "kind": "choice", "shape": "circle"}
    good |= {"center_mm": [1.0, 2], "size_mm": [4.6, 4.6]}
    assert not list(misfits(good, BOX))
    wrongs: list[dict[str, Any]] = [{"item": 1}, {"column": "1"}, {"kind": "box"}, {"center_mm": [1]}, {"center_mm": [1, "2"]}, {"new": 1}]
    for wrong in wrongs:
        assert list(misfits({**good, **wrong}, BOX)), wrong
    assert list(misfits({name: good[name] for name in list(good)[1:]}, BOX))
    assert list(misfits([], Some(BOX)))
    assert list(misfits(True, int))


@pytest.mark.parametrize("line", READS)
def test_what_a_command_answers_has_the_documented_fields(own_desk: SmallDesk, line: str) -> None:
    told = here(own_desk.home, *line.split())
    body = told.body
    assert told.out.count("\n") == 1
    assert told.err == ""
    assert list(body) == ["version", "command", "status", "data", "errors"]
    assert (body["version"], body["command"]) == (1, " ".join(word for word in line.split() if word not in {"--week", WEEK}))
    assert body["status"] == {0: "ok", 3: "partial"}[told.code]
    assert list(misfits(body["data"], READS[line])) == []
    for error in body["errors"]:
        assert {"code", "text"} <= set(error) <= {"code", "text", "hint", "file", "sheet", "row", "column", "value"}


def test_without_json_the_answer_is_for_a_person_and_quiet_says_nothing(small_desk: SmallDesk) -> None:
    told = here(small_desk.home, "settlements", "list", json=False)
    assert "599830100" in told.out
    assert told.err == ""
    assert here(small_desk.home, "--quiet", "settlements", "list", json=False).out == ""


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


def test_routes_add_up(small_desk: SmallDesk) -> None:
    def minute(clock: str) -> int:
        return int(clock[:2]) * 60 + int(clock[3:])

    weights = {packet["packet"]: packet for packet in here(small_desk.home, "packets", "list", "--week", WEEK).data["packets"]}
    routes = here(small_desk.home, "routes", "export", "--week", WEEK).data["routes"]
    for route in routes:
        stops = route["stops"]
        assert [stop["order"] for stop in stops] == list(range(1, len(stops) + 1))
        assert route["metres"] == sum(stop["leg_metres"] for stop in stops) + route["return_metres"]
        driven = sum(stop["leg_minutes"] + stop["service_minutes"] for stop in stops) + route["return_minutes"]
        assert abs(route["minutes"] - driven) <= len(stops) + 1
        assert minute(route["depart"]) < minute(stops[0]["arrive"])
        for stop in stops:
            there = [packet for packet in weights.values() if packet["kato"] == stop["kato"]]
            assert (stop["packets_out"], stop["grams_out"]) == (len(there), sum(packet["grams"] for packet in there))
        assert route["max_load_grams"] >= sum(stop["grams_out"] for stop in stops)


def test_scanning_tells_a_row_for_every_file_and_counts_them(own_desk: SmallDesk, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "letter.txt").write_text("dear grandmother")
    told = here(own_desk.home, "scan", str(own_desk.scans), str(tmp_path / "more"))
    assert list(misfits(told.data, {"pages": Some(SHEET), "counts": dict.fromkeys(PAGE_STATE, int), "alarms": [ALARM]})) == []
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


def test_amending_takes_ids_short_codes_letters_numbers_and_blanks(own_desk: SmallDesk) -> None:
    answers = here(own_desk.home, "grades", "answers", "--week", WEEK).data["answers"]
    layout = {page["page"]: page for page in here(own_desk.home, "packets", "layout", "--week", WEEK).data["pages"]}
    kinds = {(page["page"], box["item"]): box["kind"] for page in layout.values() for box in page["boxes"]}
    choice = next(each for each in answers if kinds[each["page"], each["item"]] == "choice")
    shape = {"page": HEX14, "short_code": SHORT, "item": str, "changed": bool, "before": ANSWER}
    shape |= {name: ANSWER[name] for name in ("reading", "state", "points", "max_points", "decided_by")}
    for page in (choice["page"], layout[choice["page"]]["short_code"]):
        for value, reading, state in (("A", ["A"], "read"), ("", [], "blank"), ("B", ["B"], "read")):
            told = here(own_desk.home, "grades", "amend", page, choice["item"], value)
            assert told.code == 0, told.body
            assert list(misfits(told.data, shape)) == []
            assert (told.data["reading"], told.data["state"], told.data["decided_by"]) == (reading, state, "person")
    after = here(own_desk.home, "grades", "answers", "--week", WEEK).data["answers"]
    assert [each["reading"] for each in after if (each["page"], each["item"]) == (choice["page"], choice["item"])] == [["B"]]


WRITES = (
    ("packets", "build", "--week", NEXT_WEEK),
    ("packets", "labels", "--week", WEEK),
    ("routes", "manifest", "--week", WEEK),
    ("routes", "export", "--week", WEEK, "--to", "HOME/plan.geojson"),
    ("settlements", "export", "HOME/lists/villages.csv"),
    ("grades", "export", "HOME/out/answers.xlsx", "--week", WEEK),
    ("returns", "--week", WEEK),
)


@pytest.mark.parametrize("words", WRITES, ids=[" ".join(words[:2]) for words in WRITES])
def test_files_are_named_from_the_home_and_are_there(own_desk: SmallDesk, words: tuple[str, ...]) -> None:
    told = here(own_desk.home, *(word.replace("HOME", str(own_desk.home)) for word in words))
    files = told.data["files"]
    assert files
    assert told.err == ""
    for name in files:
        assert not Path(name).is_absolute()
        assert "\\" not in name
        assert (own_desk.home / name).stat().st_size > 0


@pytest.mark.parametrize("kind", LISTS)
def test_importing_again_counts_everything_as_unchanged(own_desk: SmallDesk, kind: str) -> None:
    told = here(own_desk.home, kind, "import", str(next(own_desk.inputs.glob(f"{kind}.*"))))
    named = {"columns": dict, "columns_remembered": bool, "files": [str]}
    assert list(misfits(told.data, {"list": {kind}, **COUNTS, "dropped_columns": [str], "dry_run": bool, **named})) == []
    assert (told.code, told.data["unchanged"]) == (0, told.data["rows"])


CODES = {
    "journal --limit x": 2,
    "packets build": 2,
    "packets build --week 2026-W54": 2,
    "packets build --week yesterday": 2,
    "packets show 2026-W41-NOBODY": 6,
    f"packets layout --week {WEEK} --packet 2026-W41-NOBODY": 6,
    "assignments check INPUTS/offices.csv": 4,
    "assignments check INPUTS/nowhere.yaml": 6,
    "pupils import INPUTS/nowhere.csv": 6,
    "pupils import INPUTS/offices.csv": 4,
    "pupils move NOBODY 599830100": 6,
    "pupils forget NOBODY": 6,
    "scan INPUTS/nowhere.pdf": 6,
    f"grades answers --week {WEEK}": 0,
    "grades amend 00000000000000 1 A": 6,
    f"grades export INPUTS/out.docx --week {WEEK}": 2,
    f"grades export HOME/out.csv --week {NEXT_WEEK}": 6,
    f"returns --week {NEXT_WEEK}": 6,
    f"routes plan --week {NEXT_WEEK}": 7,
    f"routes compare --week {NEXT_WEEK}": 7,
    f"routes export --week {NEXT_WEEK}": 7,
    f"routes manifest --week {WEEK} --route NOWHERE": 6,
    "packets void PLAYED": 7,
}


@pytest.mark.parametrize(("line", "code"), CODES.items())
def test_each_refusal_has_its_exit_code_and_says_what_to_do(own_desk: SmallDesk, line: str, code: int) -> None:
    places = {"INPUTS": str(own_desk.inputs), "HOME": str(own_desk.home), "PLAYED": own_desk.played[0]}
    words = [re.sub("INPUTS|HOME|PLAYED", lambda found: places[found[0]], word) for word in line.split()]
    told = here(own_desk.home, *words)
    assert told.code == code, told.out
    assert told.body["status"] == ("error" if code else "ok")
    if code:
        assert told.data == {}
        assert told.body["errors"][0]["text"]
        assert told.body["errors"][0]["hint"]
        assert "Traceback" not in told.err


def test_a_home_that_is_none_is_not_made_by_looking(tmp_path: Path) -> None:
    told = here(tmp_path / "nowhere", "packets", "list", "--week", WEEK)
    assert told.code == 6
    assert not (tmp_path / "nowhere").exists()


def test_a_process_keeps_stdout_for_the_one_object(own_desk: SmallDesk) -> None:
    told = outside(own_desk.home, "packets", "build", "--week", NEXT_WEEK, day=BEFORE)
    assert list(json.loads(told.out)) == ["version", "command", "status", "data", "errors"]
    assert told.out.count("\n") == 1
    assert list(misfits(told.data, {**BUILD, "week": {NEXT_WEEK}})) == []
    assert told.data["built"] + len([pupil for each in told.data["without"] for pupil in each["pupils"]]) == 4


ABSENT = ("overdue", "undo", "backup", "print", "reprint", "review", "rejudge", "audit", "watch", "compare", "replan", "calibrate", "track")


@pytest.mark.parametrize("group", ["", "packets", "routes", "scan", "assignments", "settlements"])
def test_help_lists_no_command_that_does_not_exist(small_desk: SmallDesk, group: str) -> None:
    helped = here(small_desk.home, *([group] if group else []), "--help", json=False)
    listed = set(re.findall(r"^│ ([a-z]+) {2,}", helped.out[helped.out.index("Commands") :], re.MULTILINE))
    assert listed
    for word in listed:
        assert here(small_desk.home, *([group] if group else []), word, "--help", json=False).code == 0
    for word in set(ABSENT) - listed:
        told = here(small_desk.home, *([group] if group else []), word)
        assert told.code in {2, 6}, word

"""How an answer is held against docs/contract.md: the shapes of its fields, and what every command's answer must keep.

Rows of the contract's tests go to the room of their command, beside this file:

- test_contract_of_records.py: init, doctor, journal, config, backup, undo; streams, homes, help
- test_contract_of_settlements.py: settlements, offices, vehicles, schools, teachers, pupils
- test_contract_of_packets.py: assignments, packets
- test_contract_of_routes.py: routes; what happens on the road (track, note, figures, overdue, reprint): test_contract_of_the_road.py
- test_contract_of_scanning.py: scan, grades, returns

In each, `READS` has the shape of the answer's data for a line of words on a finished week, `WRITES` the lines that write files, `REFUSALS` exit codes.
Shapes are written as the design tells them, not taken from the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.small_desk import WEEK, SmallDesk, here

NUMBER = (int, float)
HEX14, DIGEST = re.compile(r"[0-9a-f]{14}"), re.compile(r"[0-9a-f]{64}")
SHORT = re.compile(r"[2-9A-HJKMNP-Z]{13}")
CLOCK, DAY, KATO = re.compile(r"([01]\d|2[0-3]):[0-5]\d"), re.compile(r"20\d\d-\d\d-\d\d"), re.compile(r"\d{9}")
WEEK_NAME, PACKET = re.compile(r"20\d\d-W\d\d"), re.compile(r"20\d\d-W\d\d-[0-9A-Z]+")
PAGE_STATE = {"read", "doubtful", "duplicate", "foreign", "unsigned", "void", "empty", "unreadable", "refused"}


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


def assert_documented(desk: SmallDesk, line: str, shape: Any) -> None:
    """The line's answer is one object with the documented fields, and nothing is on stderr."""
    told = here(desk.home, *line.split())
    body = told.body
    assert told.out.count("\n") == 1
    assert told.err == ""
    assert list(body) == ["version", "command", "status", "data", "errors"]
    assert (body["version"], body["command"]) == (1, " ".join(word for word in line.split() if word not in {"--week", WEEK}))
    assert body["status"] == {0: "ok", 3: "partial"}[told.code]
    assert list(misfits(body["data"], shape)) == []
    for error in body["errors"]:
        assert {"code", "text"} <= set(error) <= {"code", "text", "hint", "file", "sheet", "row", "column", "value"}


def assert_files_are_there(desk: SmallDesk, words: tuple[str, ...]) -> None:
    """The files that the command names are named from the home, and are there."""
    told = here(desk.home, *(word.replace("HOME", str(desk.home)) for word in words))
    files = told.data["files"]
    assert files
    assert told.err == ""
    for name in files:
        assert not Path(name).is_absolute()
        assert "\\" not in name
        assert (desk.home / name).stat().st_size > 0


def assert_refused(desk: SmallDesk, line: str, code: int) -> None:
    """The line ends with `code`, with a sentence and a hint, and without an answer; INPUTS, HOME and PLAYED stand for the desk's own."""
    places = {"INPUTS": str(desk.inputs), "HOME": str(desk.home), "PLAYED": desk.played[0]}
    words = [re.sub("INPUTS|HOME|PLAYED", lambda found: places[found[0]], word) for word in line.split()]
    told = here(desk.home, *words)
    assert told.code == code, told.out
    assert told.body["status"] == ("error" if code else "ok")
    if code:
        assert told.data == {}
        assert told.body["errors"][0]["text"]
        assert told.body["errors"][0]["hint"]
        assert "Traceback" not in told.err

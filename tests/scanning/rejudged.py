"""A desk judged again, for the tests of it: strict thresholds under which a tick is no mark, and what they make of what was scanned."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from records.home import Home
from scanning.batch import scan_files
from scanning.rejudge import PageOutcome, apply, survey
from scanning.rules import digest_of
from scanning.thresholds import THRESHOLDS, Thresholds
from tests.scanning.measured_desk import measuring_reader
from tests.scanning.paper import Sheet, save

STRICT = replace(THRESHOLDS, mark=0.72, clear=0.72, like_pen=0.99, sure=1.0)  # a tick of 0.7 is no mark any more, whatever the forest says
TOML = "[scan.thresholds]\nmark = 0.72\nclear = 0.72\nlike_pen = 0.99\nsure = 1.0\n"
TICKED = {"1": "A:tick", "2": "A:filled C:filled"}


def scan(home: Home, folder: Path, *sheets: Sheet, thresholds: Thresholds = THRESHOLDS) -> None:
    files = [save(folder / f"{number}.png", sheet, note=str(number)) for number, sheet in enumerate(sheets)]
    scan_files(home, files, 1, partial(measuring_reader, thresholds=thresholds))


def look(home: Home, thresholds: Thresholds = STRICT) -> list[PageOutcome]:
    return list(survey(home.database, thresholds, digest_of(thresholds)))


def write(home: Home, thresholds: Thresholds = STRICT) -> list[PageOutcome]:
    return [apply(home.database, each, thresholds) if not each.same else each for each in look(home, thresholds)]


def kinds(outcomes: list[PageOutcome]) -> list[tuple[str, str]]:
    return [(change.before.item, change.kind) for outcome in outcomes for change in outcome.changes]

"""The tables of a district's page and paper: headings and cells in words, the same for both."""

from __future__ import annotations

from dataclasses import dataclass

from records.language import N_
from scanning.district_counts import PAGES
from scanning.district_report import LOADS
from scanning.district_words import COLUMN_WORDS, LOAD_WORDS, PAGE_WORDS, Voice

SUM, PART, PLAIN = "sum", "part", ""  # kinds of rows: a sum, a part of the row above, any other


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: headings, and rows of cells, each with its kind."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def returns_grid(voice: Voice) -> Grid:
    """Children by school or district: how many got packets, and what came back."""
    first = voice.say(N_("School")) if voice.report.of_schools else voice.say(N_("District"))
    days = () if voice.report.of_schools else (voice.say(N_("Days, median")),)
    headings = (first, *(voice.say(words) for words in COLUMN_WORDS.values()), voice.say(N_("Came back, %")), *days)
    rows = []
    for row in voice.report.rows:
        counts = (voice.count(row.counts[name]) for name in COLUMN_WORDS)
        cells = (voice.name(row), *counts, voice.percent(row.share("returned", "reached")), voice.number(row.median_days))
        rows.append((SUM if row is voice.report.total else PLAIN, cells[: len(headings)]))
    return Grid(headings, tuple(rows))


def marks_grid(voice: Voice) -> Grid:
    """Works by subject and grade, the best marks first; a grade of which nothing may be told has no row."""
    headings = (
        voice.say(N_("School subject")),
        voice.say(N_("Grade")),
        voice.say(N_("Works")),
        "5",
        "4",
        "3",
        "2",
        voice.say(N_("4 and 5, %")),
    )
    rows = []
    for row in voice.report.marks:
        if row.grade and row.works is None and set(row.marks) == {None}:
            continue
        marks = (voice.count(count) for count in reversed(row.marks))
        kind = SUM if not row.subject else PART if row.grade else PLAIN
        rows.append((kind, (voice.subject(row), voice.grade(row), voice.count(row.works), *marks, voice.percent(row.good))))
    return Grid(headings, tuple(rows))


def loads_grid(voice: Voice) -> Grid:
    """What stood before each teacher, by code, or before those of each district."""
    first = voice.say(N_("Teacher")) if voice.report.of_schools else voice.say(N_("District"))
    headings = (first, *(voice.say(words) for words in LOAD_WORDS.values()))
    last = voice.report.loads[-1]
    rows = (
        (SUM if row is last else PLAIN, (voice.name(row), *(voice.count(row.counts[name]) for name in LOADS))) for row in voice.report.loads
    )
    return Grid(headings, tuple(rows))


def pages_grid(voice: Voice) -> Grid:
    """How far all pages came."""
    return Grid(
        tuple(voice.say(PAGE_WORDS[name]) for name in PAGES), ((PLAIN, tuple(voice.count(voice.report.pages[name]) for name in PAGES)),)
    )

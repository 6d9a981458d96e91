"""Sample assignments in Kazakh and Russian for grades 1-9 and two study weeks running: for the demo, and to begin one's own from.

The files beside this one are ordinary assignment files of the weeks 2026-W41 and 2026-W42, and an invented timetable of lessons of both. `write_samples` and `write_timetable` copy them for
other weeks.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from records.calendar import StudyWeek
from records.files import write_text

FOLDER = Path(__file__).parent
TIMETABLE = "timetable.csv"
WEEKS = (StudyWeek(2026, 41), StudyWeek(2026, 42))  # of the files as they stand here
SHUFFLED = ("math", "geometry")  # subjects of the second week that come in variants where somebody wants that


def sample_files() -> list[Path]:
    """The sample files, by name."""
    return sorted(FOLDER.glob("*.yaml"))


def write_samples(folder: Path, weeks: tuple[str, str], variants: int = 1) -> list[Path]:
    """Write the samples into `folder` for two study weeks of the same year (2026-W41); answers the files, by name.

    Codes, weeks and the dates of lessons move along; nothing else changes, but that mathematics of the second week has `variants`. Raises UsageRefused for a week that does not exist.
    """
    first, second = (StudyWeek.parse(week) for week in weeks)
    moves = dict(zip(WEEKS, (first, second), strict=True))
    written = []
    for file in sample_files():
        text = file.read_text(encoding="utf-8")
        week = StudyWeek.parse(_found(r"^week: (\S+)$", text))
        code = _found(r"^assignment: (\S+)$", text)
        moved = code.replace(f"-w{week.number:02d}", f"-w{moves[week].number:02d}")
        path = folder / f"{moved}.yaml"
        text = _moved(text, code, moved, week, moves[week])
        if variants > 1 and week == WEEKS[1] and code.startswith(SHUFFLED):
            text = text.replace(f"week: {moves[week]}\n", f"week: {moves[week]}\nvariants: {variants}\n", 1)
        write_text(path, text)
        written.append(path)
    return sorted(written)


def write_timetable(folder: Path, weeks: tuple[str, str]) -> Path:
    """Write the timetable of lessons into `folder` for the two study weeks; answers the file. Raises UsageRefused for a week that does not exist."""
    moves = dict(zip(WEEKS, map(StudyWeek.parse, weeks), strict=True))

    def shifted(found: re.Match[str]) -> str:
        day = date.fromisoformat(found[0])
        week = StudyWeek(*day.isocalendar()[:2])
        return str(day + (moves[week].monday - week.monday))

    path = folder / TIMETABLE
    write_text(path, re.sub(r"^\d{4}-\d\d-\d\d", shifted, (FOLDER / TIMETABLE).read_text(encoding="utf-8"), flags=re.MULTILINE))
    return path


def _moved(text: str, code: str, moved: str, week: StudyWeek, other: StudyWeek) -> str:
    def shifted(found: re.Match[str]) -> str:
        return f"date: {date.fromisoformat(found[1]) + (other.monday - week.monday)}"

    text = text.replace(f"assignment: {code}\n", f"assignment: {moved}\n", 1).replace(f"week: {week}\n", f"week: {other}\n", 1)
    return re.sub(r"date: (\d{4}-\d\d-\d\d)", shifted, text, count=1)


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    assert found is not None, pattern
    return found[1]

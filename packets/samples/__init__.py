"""Sample assignments in Kazakh and Russian for grades 1-9 and two study weeks running: for the demo, and to begin one's own from.

The files beside this one are ordinary assignment files of the weeks 2026-W41 and 2026-W42. `write_samples` copies them for other weeks.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from records.calendar import StudyWeek
from records.files import write_text

FOLDER = Path(__file__).parent
WEEKS = (StudyWeek(2026, 41), StudyWeek(2026, 42))  # of the files as they stand here


def sample_files() -> list[Path]:
    """The sample files, by name."""
    return sorted(FOLDER.glob("*.yaml"))


def write_samples(folder: Path, weeks: tuple[str, str]) -> list[Path]:
    """Write the samples into `folder` for two study weeks of the same year (2026-W41); answers the files, by name.

    Codes, weeks and the dates of lessons move along; nothing else changes. Raises UsageRefused for a week that does not exist.
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
        write_text(path, _moved(text, code, moved, week, moves[week]))
        written.append(path)
    return sorted(written)


def _moved(text: str, code: str, moved: str, week: StudyWeek, other: StudyWeek) -> str:
    def shifted(found: re.Match[str]) -> str:
        return f"date: {date.fromisoformat(found[1]) + (other.monday - week.monday)}"

    text = text.replace(f"assignment: {code}\n", f"assignment: {moved}\n", 1).replace(f"week: {week}\n", f"week: {other}\n", 1)
    return re.sub(r"date: (\d{4}-\d\d-\d\d)", shifted, text, count=1)


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    assert found is not None, pattern
    return found[1]

"""docs/spreadsheets.md says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from settlements.columns import KINDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "spreadsheets.md").read_text(encoding="utf-8")


def test_every_column_stands_in_the_table_with_all_its_names() -> None:
    for kind in KINDS.values():
        section = PAGE.split(f"### {kind.name}\n")[1].split("\n\n")[0]
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines()[2:]]
        written = {row[0].strip("*"): (row[0].startswith("**"), tuple(row[1].split(", "))) for row in rows}
        assert written == {column.name: (column.required, column.synonyms) for column in kind.columns}


def test_every_column_that_holds_two_things_stands_in_its_table_with_all_its_names() -> None:
    section = PAGE.split("### Two things in one column\n")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines()[2:]]
    written = {row[0]: tuple(row[1].split(", ")) for row in rows}
    assert written == {joint.name: joint.synonyms for kind in KINDS.values() for joint in kind.joints}


def test_every_problem_of_the_check_is_named() -> None:
    source = "".join(
        (ROOT / "settlements" / name).read_text(encoding="utf-8") for name in ("check.py", "check_places.py", "loans.py", "schedule.py")
    )
    codes = set(re.findall(r'(?:problem|Complaint)\(\s*"([a-z_]+)"', source))
    section = PAGE.split("## What `settlements check` tells")[1]
    assert codes == set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", section))

"""Dirty spreadsheets: what can be taken is taken, and every mended or refused row is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.errors import InputRefused
from settlements.intake import DROPPED_COLUMN, TOLD_ONLY, read_list
from tests.conftest import Poshta
from tests.settlements.museum import EXHIBITS as FIRST
from tests.settlements.museum import Exhibit
from tests.settlements.museum_columns import COLUMNS_AND_SHEETS
from tests.settlements.museum_refused import REFUSED

EXHIBITS = (*FIRST, *COLUMNS_AND_SHEETS)


def test_the_museum_holds_at_least_sixty_exhibits_by_different_names() -> None:
    names = [exhibit.name for exhibit in EXHIBITS]
    assert len(set(names)) == len(names) >= 60


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda each: each.name)
def test_an_exhibit_gives_what_it_holds_and_tells_the_rest(exhibit: Exhibit, tmp_path: Path) -> None:
    path = tmp_path / f"list{exhibit.suffix}"
    path.write_bytes(exhibit.content)
    try:
        reading = read_list(path, exhibit.kind)
    except InputRefused as refusal:
        pytest.fail(f"the whole file was refused: {refusal.message}")
    told = sorted([(each.code, each.row) for each in reading.complaints if each.code != DROPPED_COLUMN], key=str)
    assert (len(reading.taken), told) == (exhibit.taken, sorted(exhibit.told, key=str))
    assert tuple(reading.dropped) == exhibit.dropped
    taken = {row.place.row: row.values for row in reading.taken}
    for number, expected in exhibit.values.items():
        assert {name: taken[number][name] for name in expected} == dict(expected)


def test_the_command_says_by_its_exit_code_whether_a_person_is_needed(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    for exhibit in EXHIBITS:
        path = tmp_path / f"{exhibit.name}{exhibit.suffix}"
        path.write_bytes(exhibit.content)
        asked = any(code not in TOLD_ONLY for code, _row in exhibit.told)
        expected = 4 if not exhibit.taken else 3 if asked or exhibit.asked else 0
        said = poshta(exhibit.kind, "import", str(path), "--dry-run")
        assert (exhibit.name, said.code) == (exhibit.name, expected), said.out


def test_a_file_of_which_nothing_can_be_taken_honestly_is_refused_whole_with_its_reason(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    for refused in REFUSED:
        path = tmp_path / f"{refused.name}.csv"
        path.write_bytes(refused.content)
        said = poshta(refused.kind, "import", str(path))
        assert (refused.name, said.code, refused.words in said.out) == (refused.name, 4, True), said.out
        assert poshta(refused.kind, "list").data[refused.kind] == [], refused.name

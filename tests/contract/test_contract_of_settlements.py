"""What docs/contract.md promises of the lists (settlements, pupils, imports), on a finished week. Where new rows go: tests/contract/shapes.py."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.shapes import KATO, Maybe, Some, assert_documented, assert_files_are_there, assert_refused, misfits
from tests.small_desk import LISTS, SmallDesk, here

COUNTS = dict.fromkeys(("rows", "added", "changed", "unchanged", "refused", "doubled", "given", "replaced", "removed", "mended"), int)
READS: dict[str, dict[str, Any]] = {
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
}
WRITES = (("settlements", "export", "HOME/lists/villages.csv"),)
REFUSALS = {
    "pupils import INPUTS/nowhere.csv": 6,
    "pupils import INPUTS/offices.csv": 4,
    "pupils move NOBODY 599830100": 6,
    "pupils forget NOBODY": 6,
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


@pytest.mark.parametrize("kind", LISTS)
def test_importing_again_counts_everything_as_unchanged(own_desk: SmallDesk, kind: str) -> None:
    told = here(own_desk.home, kind, "import", str(next(own_desk.inputs.glob(f"{kind}.*"))))
    named = {"columns": dict, "columns_remembered": bool, "files": [str]}
    assert list(misfits(told.data, {"list": {kind}, **COUNTS, "dropped_columns": [str], "dry_run": bool, **named})) == []
    assert (told.code, told.data["unchanged"]) == (0, told.data["rows"])

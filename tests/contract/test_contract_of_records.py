"""What docs/contract.md promises of the desk itself (init, doctor, journal, config, streams, help), on a finished week. Where new rows go: tests/contract/shapes.py."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.contract.shapes import BOX, NUMBER, Some, assert_documented, assert_refused, misfits
from tests.small_desk import WEEK, SmallDesk, here

READS: dict[str, dict[str, Any]] = {
    "journal": {"acts": Some({"id": int, "at": str, "action": str, "subject": str, "details": dict})},
    "config show": {
        "settings": Some({"name": str, "value": str, "origin": {"default", "poshta.toml", "environment", "flag"}}),
        "thresholds": [{"name": str, "value": NUMBER, "default": NUMBER}],
    },
    "doctor": {"checks": Some({"name": str, "state": {"ok", "warn", "fail"}, "text": str, "hint": str})},
    "init": {"home": str, "schema": str, "key_made": bool, "files": [str]},
}
REFUSALS = {
    "journal --limit x": 2,
}


@pytest.mark.parametrize("line", READS)
def test_what_a_command_answers_has_the_documented_fields(own_desk: SmallDesk, line: str) -> None:
    assert_documented(own_desk, line, READS[line])


@pytest.mark.parametrize(("line", "code"), REFUSALS.items())
def test_each_refusal_has_its_exit_code_and_says_what_to_do(own_desk: SmallDesk, line: str, code: int) -> None:
    assert_refused(own_desk, line, code)


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


def test_without_json_the_answer_is_for_a_person_and_quiet_says_nothing(small_desk: SmallDesk) -> None:
    told = here(small_desk.home, "settlements", "list", json=False)
    assert "599830100" in told.out
    assert told.err == ""
    assert here(small_desk.home, "--quiet", "settlements", "list", json=False).out == ""


def test_a_home_that_is_none_is_not_made_by_looking(tmp_path: Path) -> None:
    told = here(tmp_path / "nowhere", "packets", "list", "--week", WEEK)
    assert told.code == 6
    assert not (tmp_path / "nowhere").exists()


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

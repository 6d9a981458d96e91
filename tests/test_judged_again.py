"""`scan rejudge` on a finished week of real print: through three doors, and killed at any step of writing."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

import cli
from tests.small_desk import AFTER, BEFORE, WEEK, SmallDesk, here, load, outside, post
from tests.test_killed import differences, result, run

TOML = "[scan.thresholds]\nsure = 1.0\nagreed = 1.0\nagreed_several = 1.0\n"  # no mark is that plain
WORDS = ("scan", "rejudge", "--week", WEEK)


def answers(home: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = here(home, "grades", "answers", "--week", WEEK).data["answers"]
    return found


@pytest.fixture
def strict(own_desk: SmallDesk) -> Path:
    """The finished week at a desk that has since become stricter."""
    (own_desk.home / "poshta.toml").write_text(TOML)
    return own_desk.home


def test_through_three_doors_the_same_is_told_and_apply_makes_it_so(strict: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = answers(strict)
    monkeypatch.setenv("POSHTA_TODAY", AFTER)
    invoked = cli.invoke(["--home", str(strict), "--lang", "en", *WORDS])
    monkeypatch.delenv("POSHTA_TODAY")
    assert invoked is not None
    inside, own_process = here(strict, *WORDS), outside(strict, *WORDS)
    assert invoked.data == inside.data == own_process.data
    assert (int(invoked.code), inside.code, own_process.code) == (3, 3, 3)
    assert answers(strict) == before
    changes = {(each["page"], each["item"]): each["after"] for each in inside.data["changes"]}
    assert len(changes) >= 3
    done = outside(strict, *WORDS, "--apply")
    assert done.data == {**inside.data, "applied": True}
    for each, was in zip(answers(strict), before, strict=True):
        after = changes.get((each["page"], each["item"]))
        assert {name: each[name] for name in after} == after if after else each == was
    again = here(strict, *WORDS, "--apply")
    assert (again.code, again.data["changes"], again.data["points"]) == (0, [], [])


def test_doubts_that_arose_are_told_by_status_and_undo_takes_all_of_it_back(strict: Path) -> None:
    def doubts() -> int:
        return sum(each["doubts"] for each in here(strict, "scan", "status", "--week", WEEK).data["packets"])

    before, were = answers(strict), doubts()
    told = here(strict, *WORDS, "--apply").data
    assert doubts() == were + told["counts"]["read_to_doubt"] + told["counts"]["blank_to_doubt"] - told["counts"]["doubt_to_blank"]
    assert here(strict, "undo").code == 0
    assert (answers(strict), doubts()) == (before, were)


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_killed_at_any_step_and_run_again_the_result_is_that_of_an_undisturbed_run(strict: Path, tmp_path: Path) -> None:
    killed = tmp_path / "killed"
    shutil.copytree(strict, killed)
    words = (*WORDS, "--apply")
    code, steps = run(strict, AFTER, words)
    assert (code, steps >= 3) == (3, True)
    wanted = result(strict)
    for left in (0, steps // 2):
        assert run(killed, AFTER, words, left)[0] == -signal.SIGKILL
    assert differences(result(killed), wanted) != []
    assert run(killed, AFTER, words)[0] in {0, 3}
    assert differences(result(killed), wanted) == []


def test_on_postgresql_it_is_the_same(small_desk: SmallDesk, postgres_url: str, tmp_path: Path) -> None:
    home, scans = tmp_path / "desk", tmp_path / "scans"
    server: dict[str, Any] = {"POSHTA_DATABASE": postgres_url}
    load(home, small_desk.inputs, **server)
    assert here(home, "packets", "build", "--week", WEEK, day=BEFORE, **server).code == 0
    post(home, scans, **server)
    here(home, "scan", str(scans), **server)
    (home / "poshta.toml").write_text(TOML)
    told = here(home, *WORDS, **server).data
    assert told["changes"]
    assert here(home, *WORDS, "--apply", **server).data == {**told, "applied": True}
    assert here(home, *WORDS, "--apply", **server).data["changes"] == []
    assert here(home, "undo", **server).code == 0
    assert here(home, *WORDS, **server).data["counts"] == told["counts"]

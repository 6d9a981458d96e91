"""Thresholds of a desk: what may be set, what is refused by name, and that each set has a digest of its own."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from records import schema
from records.errors import SettingsInvalid, UsageRefused
from records.home import open_home
from records.settings import load_settings
from scanning.rules import RISING, desk_thresholds, differences, digest_of, on_trial, ranges, remembered, written
from scanning.thresholds import THRESHOLDS, Thresholds
from tests.conftest import Poshta


def told(folder: Path, text: str) -> Thresholds:
    (folder / "poshta.toml").write_text(f"[scan.thresholds]\n{text}\n", encoding="utf-8")
    return desk_thresholds(load_settings(folder))


def test_a_desk_without_settings_has_the_program_s_own(tmp_path: Path) -> None:
    assert desk_thresholds(load_settings(tmp_path)) == THRESHOLDS
    assert differences(THRESHOLDS) == []


def test_settings_change_the_named_ones_and_no_other(tmp_path: Path) -> None:
    found = told(tmp_path, "mark = 0.3\nlines = 4\nquiet_tint = [0.03, 0.06]")
    assert found == replace(THRESHOLDS, mark=0.3, lines=4, quiet_tint=(0.03, 0.06))
    assert [str(each) for each in differences(found)] == [
        "quiet_tint [0.03, 0.06] instead of [0.035, 0.05]",
        "mark 0.3 instead of 0.26",
        "lines 4 instead of 3",
    ]


@pytest.mark.parametrize("name", [each.name for each in fields(Thresholds)])
def test_every_threshold_can_be_written_as_it_is_shown_and_its_bounds_hold(name: str, tmp_path: Path) -> None:
    own, least, most = ranges()[name]
    assert on_trial(THRESHOLDS, [f"{name}={written(own)}"]) == THRESHOLDS
    assert told(tmp_path, f"{name} = {written(own)}") == THRESHOLDS
    for wrong in (least - 0.01, most + 1, "nan", "inf", "true", ""):
        several = len(own) if isinstance(own, tuple) else 0
        value = ",".join([str(wrong)] * several) if several and wrong != "" else wrong
        with pytest.raises(UsageRefused):
            on_trial(THRESHOLDS, [f"{name}={value}"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("mrak = 0.3", "mrak"),
        ("mark = 2.6", "1 or less"),
        ("mark = -1", "0 or more"),
        ("mark = true", "number"),
        ('mark = "dark"', "number"),
        ("mark = [0.3]", "number"),
        ("quiet_tint = 0.3", "list"),
        ("quiet_tint = [0.3]", "list"),
        ("lines = 2.5", "whole"),
        ("lines = 0", "1 or more"),
        ("faint_mark = 0.3", "faint_mark may not be more than mark"),
        ("clear = 0.1", "mark may not be more than clear"),
    ],
)
def test_a_wrong_threshold_is_named_with_its_place_and_every_command_says_so(tmp_path: Path, poshta: Poshta, line: str, said: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        told(tmp_path, line)
    name = line.split(maxsplit=1)[0]
    assert said in refused.value.message
    assert (refused.value.complaints[0].column, refused.value.complaints[0].file) == (f"scan.thresholds.{name}", "poshta.toml")
    answer = poshta("config", "show", home=tmp_path)
    assert (answer.code, name in answer.body["errors"][0]["text"]) == (5, True)


def test_two_wrong_ones_are_both_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        told(tmp_path, "mrak = 0.3\nlines = 0")
    assert len(refused.value.complaints) == 2


@pytest.mark.parametrize(("value", "found"), [("0.3", 0.3), ("0.30", 0.3)])
def test_the_environment_sets_them_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, found: float) -> None:
    monkeypatch.setenv("POSHTA_SCAN__THRESHOLDS__MARK", value)
    monkeypatch.setenv("POSHTA_SCAN__THRESHOLDS__QUIET_TINT", "[0.03, 0.04]")
    loaded = load_settings(tmp_path)
    assert desk_thresholds(loaded) == replace(THRESHOLDS, mark=found, quiet_tint=(0.03, 0.04))
    assert loaded.origins["scan.thresholds.mark"] == "environment"


@pytest.mark.parametrize("word", ["mark", "mark=", "=0.3", "mark 0.3"])
def test_a_trial_that_says_nothing_is_refused(word: str) -> None:
    with pytest.raises(UsageRefused):
        on_trial(THRESHOLDS, [word])


@given(st.lists(st.tuples(st.sampled_from([each.name for each in fields(Thresholds)]), st.floats(0, 1, allow_nan=False)), max_size=4))
def test_what_is_accepted_lies_within_its_range_and_in_order(words: list[tuple[str, float]]) -> None:
    try:
        found = on_trial(THRESHOLDS, [f"{name}={value}" for name, value in words])
    except UsageRefused:
        return
    assert getattr(found, RISING[0]) <= getattr(found, RISING[1]) <= getattr(found, RISING[2])
    for name, (_own, least, most) in ranges().items():
        value = getattr(found, name)
        assert all(least <= each <= most for each in (value if isinstance(value, tuple) else (value,)))
    assert (digest_of(found) == digest_of(THRESHOLDS)) == (found == THRESHOLDS)


def test_a_set_is_remembered_once_with_every_value(desk: Path) -> None:
    home = open_home(desk)
    other = replace(THRESHOLDS, mark=0.3)
    digests = [remembered(home.database, each) for each in (THRESHOLDS, other, THRESHOLDS)]
    with home.database.read() as session:
        rows = {row.digest: row.thresholds for row in session.scalars(select(schema.Rules))}
    home.close()
    assert digests[0] == digests[2] != digests[1]
    assert {digest: row["mark"] for digest, row in rows.items()} == {digests[0]: THRESHOLDS.mark, digests[1]: 0.3}
    assert all(set(row) == {each.name for each in fields(Thresholds)} for row in rows.values())


def test_doctor_and_config_show_tell_what_is_not_the_program_s_own(desk: Path, poshta: Poshta) -> None:
    def state() -> str:
        return next(str(each["state"]) for each in poshta("doctor").data["checks"] if each["name"] == "thresholds")

    assert (state(), poshta("config", "show").data["thresholds"]) == ("ok", [])
    told(desk, "mark = 0.3")
    assert (state(), poshta("config", "show").data["thresholds"]) == ("warn", [{"name": "mark", "value": 0.3, "default": THRESHOLDS.mark}])
    assert "0.3" in poshta("config", "show", json=False).out


def test_the_documentation_names_every_threshold() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reading.md").read_text(encoding="utf-8")
    section = text[text.index("## Judging again") : text.index("## Alarms")]
    assert [each.name for each in fields(Thresholds) if f"`{each.name}`" not in section] == []

"""Settings know where they came from, and a wrong one is named with its place."""

from pathlib import Path

import pytest

from records.errors import SettingsInvalid
from records.settings import load_settings
from tests.conftest import Poshta


def toml(folder: Path, text: str) -> Path:
    (folder / "poshta.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_flag_wins_over_the_environment_over_the_file_over_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml(tmp_path, "workers = 2\nlead_weeks = 2\n[routes]\nseed = 2\niterations = 20\n[scan]\nmax_frames = 7\n")
    monkeypatch.setenv("POSHTA_LEAD_WEEKS", "3")
    monkeypatch.setenv("POSHTA_ROUTES__SEED", "3")
    monkeypatch.setenv("POSHTA_ROUTES__ITERATIONS", "30")
    loaded = load_settings(tmp_path, {"routes": {"seed": 4}})
    found = {name: (value, origin) for name, value, origin in loaded.rows()}
    assert found["workers"] == ("2", "poshta.toml")
    assert found["lead_weeks"] == ("3", "environment")
    assert found["routes.iterations"] == ("30", "environment")
    assert found["routes.seed"] == ("4", "flag")
    assert found["scan.max_frames"] == ("7", "poshta.toml")
    assert found["packets.hotline"] == ("1450", "default")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("workers = [\n", "poshta.toml"),
        ("workers = 0\n", "workers"),
        ("wrokers = 2\n", "wrokers"),
        ("[routes]\nsede = 2\n", "routes.sede"),
        ("routes = 3\n", "routes"),
        ('language = "xx"\n', "language"),
        ('[routes]\ndepart = "25:00"\n', "routes.depart"),
    ],
)
def test_a_bad_line_of_the_file_is_named_and_exits_5(tmp_path: Path, poshta: Poshta, text: str, said: str) -> None:
    answer = poshta("config", "show", home=toml(tmp_path, text))
    assert answer.code == 5
    assert said in answer.body["errors"][0]["text"]


def test_a_syntax_error_tells_its_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="line 3"):
        load_settings(toml(tmp_path, "workers = 2\n\nlead_weeks = = 1\n"))


def test_a_file_that_is_not_utf8_is_refused_in_a_sentence(tmp_path: Path, poshta: Poshta) -> None:
    (tmp_path / "poshta.toml").write_bytes('language = "кк"'.encode("cp1251"))
    assert poshta("config", "show", home=tmp_path).code == 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSHTA_WORKERS", "many"),
        ("POSHTA_SCAN", "{"),
        ("POSHTA_SCAN__MAX_PIXEL", "1"),
        ("POSHTA_WROKERS", "2"),
        ("POSHTA_SCAN__MAX_PIXELS", ""),
    ],
)
def test_a_bad_variable_is_named_and_exits_5(
    tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    answer = poshta("config", "show", home=tmp_path)
    assert answer.code == 5, answer
    assert answer.body["errors"][0]["hint"]


def test_every_bad_value_is_told_at_once(tmp_path: Path, poshta: Poshta) -> None:
    answer = poshta("config", "show", home=toml(tmp_path, "workers = 0\nlead_weeks = 99\n"))
    assert {error.get("column") for error in answer.body["errors"]} == {None, "workers", "lead_weeks"}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://desk:geheim@server/poshta",
        "postgresql://desk:ge@heim@server/poshta",
        "x://:geheim@y",
        "postgresql://desk@server/poshta?password=geheim&connect_timeout=3",
        "postgresql:///poshta?password=geheim",
    ],
)
def test_a_password_is_never_shown(tmp_path: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("POSHTA_DATABASE", url)
    answer = poshta("config", "show", home=tmp_path)
    assert answer.code == 0
    assert "geheim" not in answer.out
    assert "heim@" not in answer.out


def test_reasons_are_said_in_the_language_of_the_desk(tmp_path: Path, poshta: Poshta) -> None:
    home = toml(tmp_path, 'workers = "many"\n')
    english = poshta("config", "show", home=home, lang="en").body["errors"][0]["text"]
    for language in ("kk", "ru"):
        said = poshta("config", "show", home=home, lang=language).body["errors"][0]["text"]
        assert said != english
        assert "whole number" not in said

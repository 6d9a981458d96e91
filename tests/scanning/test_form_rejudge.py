"""`forms rejudge`: what other thresholds make of foreign sheets that were read, from what was measured on them alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli import main
from records import schema
from records.home import Home, open_home
from tests.conftest import Poshta
from tests.contract.shapes import Some, misfits
from tests.scanning.form_pictures import filled, form, save, squares_in
from tests.scanning.test_form_commands import TOLD

STRICT = "[scan.thresholds]\nrow_likeness = 1.0\n"  # no print is ever so like: every answer is asked about
TRIAL = ("--set", "row_likeness=1")
SIDE = {**{name: TOLD[name] for name in ("state", "reason", "reading", "candidates")}, "points": (int, float, type(None))}
CHANGE = {
    **dict.fromkeys(("sheet", "file", "form", "item", "change"), str),
    **dict.fromkeys(("frame", "form_page"), int),
    "before": SIDE,
    "after": SIDE,
    "max_points": (int, float, type(None)),
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a form, a file of two sheets of it, and the desk that has read them."""
    folder = tmp_path_factory.mktemp("read")
    pictures = (filled(form("squares").pages[0], {"1": "Б"}), filled(form("squares").pages[0], {"1": "В", "2": "А"}))
    words = ("scan", "--form", squares_in(folder), save(folder / "two.tif", *pictures))
    for each in (("init",), words):
        assert main(["--home", str(folder / "desk"), *map(str, each)]) == 0
    return folder


@pytest.fixture
def squares(read: Path, tmp_path: Path) -> Path:
    shutil.copytree(read, tmp_path, dirs_exist_ok=True)
    return tmp_path / "squares.json"


@pytest.fixture
def home(squares: Path) -> Iterator[Home]:
    """A desk that has read two sheets."""
    opened = open_home(squares.parent / "desk")
    yield opened
    opened.close()


def kept(home: Home) -> list[Any]:
    with home.database.read() as session:
        return [(row.state, row.reason, row.answers, row.rules) for row in session.query(schema.FormSheet).order_by(schema.FormSheet.id)]


def test_a_trial_tells_what_would_change_and_writes_nothing(home: Home, squares: Path, poshta: Poshta) -> None:
    before, acts = kept(home), poshta("journal").data
    told = poshta("forms", "rejudge", str(squares), *TRIAL)
    assert (told.code, told.data["applied"], told.data["sheets"], told.data["left"]) == (3, False, 2, [])
    assert list(misfits(told.data["changes"], Some(CHANGE))) == []
    one = next(each for each in told.data["changes"] if each["item"] == "1")
    assert (one["change"], one["before"]["reading"], one["before"]["points"], one["after"]["points"]) == ("read_to_doubt", ["Б"], 2, None)
    assert {each["after"] for each in told.data["sheet_states"]} == {"doubtful"}
    assert (kept(home), poshta("journal").data) == (before, acts)
    assert poshta("forms", "rejudge", str(squares)).data["changes"] == [], "by the thresholds of the desk nothing changes"


def test_what_is_applied_is_what_was_told_and_what_scanning_anew_would_give(
    home: Home, squares: Path, tmp_path: Path, poshta: Poshta
) -> None:
    before = kept(home)
    (home.path / "poshta.toml").write_text(STRICT)
    told = poshta("forms", "rejudge", str(squares)).data
    done = poshta("forms", "rejudge", str(squares), "--apply")
    assert done.data == told | {"applied": True}
    after = kept(home)
    assert {row[0] for row in after} == {"doubtful"}
    assert {row[3] for row in after} == {told["rules"]} != {row[3] for row in before}
    anew = tmp_path / "anew"
    anew.mkdir()
    assert poshta("init", home=anew).code == 0
    (anew / "poshta.toml").write_text(STRICT)
    poshta("scan", "--form", str(squares), str(tmp_path / "two.tif"), home=anew)
    other = open_home(anew)
    assert kept(other) == after
    other.close()
    again = poshta("forms", "rejudge", str(squares), "--apply")
    assert (again.code, again.data["changes"]) == (0, [])
    acts = poshta("journal", "--action", "forms.rejudge").data["acts"]
    assert [(set(act["details"]), act["details"]["changes"][0]) for act in acts] == [
        ({"place", "rules", "changes", "state"}, "blank_to_doubt")
    ] * 2
    (home.path / "poshta.toml").write_text("")
    poshta("forms", "rejudge", str(squares), "--apply")
    assert kept(home) == before, "by the earlier thresholds the answers are the earlier ones"
    undo = poshta("undo")
    assert (undo.code, "forms rejudge" in undo.body["errors"][0]["hint"]) == (7, True)


def test_sheets_that_cannot_be_judged_again_are_named_and_left(home: Home, squares: Path, poshta: Poshta) -> None:
    with home.database.write() as session:
        first, second = session.query(schema.FormSheet).order_by(schema.FormSheet.id)
        first.measurements = {}
        second.measurements = {**second.measurements, "boxes": second.measurements["boxes"][:-1]}
    before = kept(home)
    told = poshta("forms", "rejudge", str(squares), *TRIAL)
    assert (told.code, told.data["sheets"], told.data["changes"]) == (3, 0, [])
    assert [each["reason"] for each in told.data["left"]] == ["measurements_lost", "measurements_damaged"]
    body = json.loads(squares.read_text())
    body["pages"][0]["boxes"] = [box for box in body["pages"][0]["boxes"] if box["item"] in ("1", "2", "3")]
    squares.write_text(json.dumps(body))
    told = poshta("forms", "rejudge", str(squares), "--apply")
    assert {each["code"] for each in told.body["errors"]} == {"boxes_changed"}
    assert (told.code, kept(home)) == (3, before)


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_a_person_reads_what_would_change_and_what_to_do_next(home: Home, squares: Path, poshta: Poshta, lang: str) -> None:
    (home.path / "poshta.toml").write_text(STRICT)
    assert f"poshta forms rejudge {squares} --apply" in poshta("forms", "rejudge", str(squares), json=False, lang=lang).out.replace(
        "\n", ""
    )


@pytest.mark.parametrize(("words", "code"), [(("--apply", *TRIAL), 2), (("--set", "nought=1"), 2)])
def test_flags_that_contradict_each_other_are_refused(home: Home, squares: Path, poshta: Poshta, words: tuple[str, ...], code: int) -> None:
    before = kept(home)
    assert poshta("forms", "rejudge", str(squares), *words).code == code
    assert kept(home) == before

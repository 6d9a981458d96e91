"""`poshta assignments add | list | check` through the front door: good files kept, bad ones explained, printed ones guarded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from packets.samples.kinds import KINDS_FOLDER
from packets.shelf import on_shelf
from records import schema
from records.home import open_home

GOOD = """assignment: {code}
subject: math
grade: 5
language: kk
title: Жай бөлшектер
kind: formative
week: {week}
parts:
  - question: "1/2 + 1/4 = ?"
    choices: ["3/4", "1/6"]
    answer: A
    points: 1
  - question: Түсіндір
    lines: 5
    points: 3
"""
Written = Callable[..., str]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """`written("a.yaml", code=..., week=...)`: a good file, with `old=new` words exchanged; answers its path as text."""

    def write(name: str, *changes: tuple[str, str], code: str = "m-1", week: str = "2026-W41") -> str:
        text = GOOD.format(code=code, week=week)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def kept(desk: Path) -> dict[str, Any]:
    home = open_home(desk)
    try:
        with home.database.read() as session:
            return {one.assignment.code: one.assignment for one in on_shelf(session)}
    finally:
        home.close()


def print_a_page(desk: Path, code: str) -> None:
    home = open_home(desk)
    try:
        with home.database.write() as session:
            session.add(schema.Layout(digest="d", geometry={}, blank=b""))
            session.flush()
            page: dict[str, Any] = {"id": "0" * 14, "short_code": "x", "kind": "worksheet", "week": "2026-W41", "assignment": code}
            session.add(schema.Page(**page, number=1, of=1, pdf="p.pdf", pdf_page=1, layout="d", key_id="k"))
    finally:
        home.close()


def test_a_good_file_is_kept_and_the_same_again_changes_nothing(desk: Path, poshta: Any, written: Written) -> None:
    path = written("a.yaml")
    first = poshta("assignments", "add", path)
    assert (first.code, first.data["added"], first.data["rescore"]) == (0, ["m-1"], [])
    again = poshta("assignments", "add", path)
    assert (again.code, again.data["added"], again.data["unchanged"]) == (0, [], ["m-1"])
    acts = poshta("journal", "--action", "assignments").data["acts"]
    assert [(act["action"], act["subject"]) for act in acts] == [("assignments.add", "m-1")]


def test_good_files_are_kept_beside_a_bad_one_which_is_explained(desk: Path, poshta: Any, written: Written) -> None:
    good, bad = written("a.yaml"), written("b.yaml", ("answer: A", "answer: D"), code="m-2")
    said = poshta("assignments", "add", good, bad)
    assert (said.code, said.body["status"]) == (3, "partial")
    assert (said.data["added"], said.data["refused"]) == (["m-1"], [bad])
    (error,) = said.body["errors"]
    assert (error["file"], error["row"], error["column"], error["value"]) == (bad, 11, "parts[1].answer", "D")
    assert list(kept(desk)) == ["m-1"]


def test_when_all_are_bad_nothing_is_kept(desk: Path, poshta: Any, written: Written) -> None:
    said = poshta("assignments", "add", written("b.yaml", ("grade: 5", "grade: 50")))
    assert (said.code, said.body["status"]) == (4, "error")
    assert {error["code"] for error in said.body["errors"]} == {"refused", "out_of_range"}
    assert kept(desk) == {}


def test_a_file_or_folder_that_is_not_there_is_not_found(desk: Path, poshta: Any, tmp_path: Path, written: Written) -> None:
    (tmp_path / "empty").mkdir()
    assert poshta("assignments", "add", str(tmp_path / "nothing.yaml")).code == 6
    assert poshta("assignments", "add", str(tmp_path / "empty")).code == 6
    assert poshta("assignments", "add", str(tmp_path / "nothing.yaml"), written("a.yaml")).code == 3


def test_a_folder_is_added_whole_and_what_is_no_assignment_is_named(desk: Path, poshta: Any, tmp_path: Path, written: Written) -> None:
    written("week/a.yaml")
    written("week/sub/b.yml", code="m-2")
    (tmp_path / "week" / "notes.txt").write_text("?")
    said = poshta("assignments", "add", str(tmp_path / "week"))
    assert (said.code, said.data["added"]) == (0, ["m-1", "m-2"])
    assert said.data["left_alone"] == [str(tmp_path / "week" / "notes.txt")]


def test_two_files_with_one_code_and_other_content_are_not_left_to_chance(desk: Path, poshta: Any, written: Written) -> None:
    first, same, other = written("a.yaml"), written("b.yaml"), written("c.yaml", ("grade: 5", "grade: 6"))
    said = poshta("assignments", "add", first, same, other)
    assert (said.code, said.data["refused"]) == (3, [other])
    assert said.body["errors"][0]["code"] == "doubled_code"
    assert kept(desk)["m-1"].grade == 5


def test_before_printing_anything_may_change_and_is_told(desk: Path, poshta: Any, written: Written) -> None:
    poshta("assignments", "add", written("a.yaml"))
    said = poshta("assignments", "add", written("a.yaml", ("1/2 + 1/4", "1/4 + 1/2"), ("answer: A", "answer: B")))
    assert (said.code, said.data["replaced"], said.data["rescore"]) == (0, ["m-1"], [])
    assert kept(desk)["m-1"].questions[0].text == "1/4 + 1/2 = ?"


def test_once_printed_the_words_stay(desk: Path, poshta: Any, written: Written) -> None:
    poshta("assignments", "add", written("a.yaml"))
    print_a_page(desk, "m-1")
    said = poshta("assignments", "add", written("a.yaml", ("1/2 + 1/4", "1/4 + 1/2")))
    assert said.code == 7
    assert [error["code"] for error in said.body["errors"]] == ["not_allowed", "already_printed"]
    assert kept(desk)["m-1"].questions[0].text == "1/2 + 1/4 = ?"
    beside = poshta("assignments", "add", written("a.yaml", ("lines: 5", "lines: 6")), written("b.yaml", code="m-2"))
    assert (beside.code, beside.data["added"]) == (3, ["m-2"])


def test_once_printed_a_corrected_key_or_points_are_taken_and_answers_wait_to_be_scored_again(
    desk: Path, poshta: Any, written: Written
) -> None:
    poshta("assignments", "add", written("a.yaml"))
    print_a_page(desk, "m-1")
    said = poshta("assignments", "add", written("a.yaml", ("answer: A", "answer: B"), ("points: 1", "points: 2")))
    assert (said.code, said.data["key_changed"], said.data["rescore"]) == (0, ["m-1"], ["m-1"])
    assert kept(desk)["m-1"].questions[0].answer == ("B",)
    (act, _added) = poshta("journal", "--action", "assignments").data["acts"]
    assert (act["action"], act["details"]["items"]) == ("assignments.key_changed", ["1"])


def test_the_list_is_narrowed_by_week_and_says_what_is_printed(desk: Path, poshta: Any, written: Written) -> None:
    poshta("assignments", "add", written("a.yaml"), written("b.yaml", code="m-2", week="2026-W42"))
    print_a_page(desk, "m-1")
    everything = poshta("assignments", "list").data["assignments"]
    assert [(one["assignment"], one["printed"], one["questions"], one["max_points"]) for one in everything] == [
        ("m-1", True, 2, 4),
        ("m-2", False, 2, 4),
    ]
    assert [one["assignment"] for one in poshta("assignments", "list", "--week", "2026-W42").data["assignments"]] == ["m-2"]
    assert poshta("assignments", "list", "--week", "2026-W54").code == 2


def test_a_grid_is_one_question_of_as_many_answers_as_it_has_rows(desk: Path, poshta: Any) -> None:
    poshta("assignments", "add", str(KINDS_FOLDER / "kinds-5-kk.yaml"))
    (one,) = poshta("assignments", "list").data["assignments"]
    questions = kept(desk)[one["assignment"]].questions
    assert one["answers"] == len(questions)
    assert one["questions"] == int("".join(filter(str.isdigit, questions[-1].number))) < one["answers"]


def test_check_needs_no_desk_and_keeps_nothing(tmp_path: Path, poshta: Any, written: Written) -> None:
    good, bad = written("a.yaml"), written("b.yaml", ("grade: 5", "grade: x"), ("points: 3", "points: 0"), code="m-2")
    assert poshta("assignments", "check", good).code == 0
    said = poshta("assignments", "check", good, bad)
    assert (said.code, said.data["correct"], said.data["refused"]) == (3, ["m-1"], [bad])
    assert [error["column"] for error in said.body["errors"]] == ["grade", "parts[2].points"]
    assert poshta("assignments", "check", bad).code == 4
    assert not (tmp_path / "desk").exists()


@pytest.mark.parametrize("lang", ["kk", "ru"])
def test_people_are_told_in_their_language(desk: Path, poshta: Any, written: Written, lang: str) -> None:
    good, bad = written("a.yaml"), written("b.yaml", ("answer: A", "answer: D"), code="m-2")
    said = poshta("assignments", "add", good, bad, json=False, lang=lang)
    assert {"kk": "қосылды", "ru": "добавлено"}[lang] in said.out
    assert {"kk": "Кілтте «D» тұр", "ru": "В ключе стоит «D»"}[lang] in said.err

"""Variants go round: the same ticks by meaning earn the same points, whichever letters they stand behind; a person may say either letter.

The pens know the PDF and the JSON of `packets layout` alone.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from records.grades import Decision, decide
from records.home import open_home
from scanning.rehearsal.conditions import CONDITIONS
from scanning.rehearsal.play import play_post
from scanning.review_queue import waiting_groups
from scanning.review_words import case_json
from tests.packets.test_variants_dealt import add_pupil
from tests.packets.week import open_desk
from tests.small_desk import AFTER, BEFORE, WEEK, here
from tests.test_question_kinds import CAREFUL, ONLY_THESE

FILE = """
assignment: varied-5-kk
subject: math
grade: 5
language: kk
title: Жай бөлшектер
kind: formative
week: 2026-W41
variants: 4
parts:
  - question: "1/2 + 1/4 = ?"
    choices: ["3/4", "1/6", "2/6", "1/8"]
    answer: A
    points: 1
  - question: "Қайсысы 1/2-ге тең?"
    choices: ["2/4", "3/6", "2/3", "4/6", "5/10"]
    answer: [A, B, E]
    partial: true
    points: 3
  - question: "Қайсысы жұп сан?"
    choices: ["3", "4", "5", "дұрыс жауап жоқ"]
    answer: B
    points: 1
  - question: "7 × 12 = ?"
    number: 84
    digits: 3
    points: 2
"""
MEANT = {"1": ["A"], "2": ["A", "C"], "3": ["D"], "4": ["84"]}
EARNED = {"1": 1.0, "2": 0.0, "3": 0.0, "4": 2.0}
PUPILS = ("P1", "P7", "P8", "P9")


@pytest.fixture(scope="module")
def read_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with a week of four variants, printed for four neighbours and one pupil elsewhere (in large print), filled in alike and scanned."""
    folder = tmp_path_factory.mktemp("variants")
    opened, home = open_desk(folder / "desk", weeks=()), folder / "desk"
    with opened.database.write() as session:
        for code in PUPILS[1:]:
            add_pupil(session, code)
    opened.close()
    (folder / "varied.yaml").write_text(FILE, encoding="utf-8")
    assert here(home, "assignments", "add", str(folder / "varied.yaml"), day=BEFORE).code == 0
    assert here(home, "packets", "build", "--week", WEEK, day=BEFORE).code in {0, 3}
    pages = worksheets(home)
    patch = pytest.MonkeyPatch()
    patch.setitem(CONDITIONS, CAREFUL.name, CAREFUL)
    wanted = {page["page"]: MEANT for page in pages}
    play_post(home, {"pages": pages}, folder / "scans", 11, CAREFUL.name, answers=wanted, several={"varied-5-kk": ["2"]}, habits=ONLY_THESE)
    patch.undo()
    told = here(home, "scan", str(folder / "scans"))
    assert told.code in {0, 3}, told.err
    return home


def worksheets(home: Path) -> list[dict[str, Any]]:
    return [page for page in here(home, "packets", "layout", "--week", WEEK).data["pages"] if page["kind"] == "worksheet"]


def answers(home: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = here(home, "grades", "answers", "--week", WEEK).data["answers"]
    return found


def letters(home: Path, pupil: str, item: str) -> dict[str, str]:
    """By the author's letter, the one that stands on a pupil's sheet."""
    boxes = [box for page in worksheets(home) if page["pupil"] == pupil for box in page["boxes"]]
    return {box["value"]: box["label"] for box in boxes if box["item"] == item}


def test_neighbours_have_four_different_sheets(read_desk: Path) -> None:
    orders = {"".join(letters(read_desk, pupil, "1")) for pupil in PUPILS}
    assert len(orders) == 4
    assert {letters(read_desk, pupil, "3")["D"] for pupil in PUPILS} == {"D"}


def test_the_same_ticks_by_meaning_earn_the_same_points_in_every_variant(read_desk: Path) -> None:
    found = answers(read_desk)
    assert {each["pupil"] for each in found} == {*PUPILS, "P3"}
    assert len(found) == 5 * len(MEANT)
    for each in found:
        place = (each["pupil"], each["item"], each["reason"])
        assert each["reading"] == MEANT[each["item"]], place
        assert each["points"] == EARNED[each["item"]], place


def test_a_person_says_the_authors_letter_or_the_printed_one(read_desk: Path) -> None:
    for pupil in PUPILS:
        page = next(each["page"] for each in answers(read_desk) if each["pupil"] == pupil and each["item"] == "1")
        printed = letters(read_desk, pupil, "1")
        own = here(read_desk, "grades", "amend", page, "1", "C")
        assert (own.data["reading"], own.data["printed"]) == (["C"], [printed["C"]])
        seen = here(read_desk, "grades", "amend", page, "1", printed["A"], "--printed")
        assert (seen.data["reading"], seen.data["points"]) == (["A"], 1)
        words = here(read_desk, "grades", "amend", page, "1", "C", json=False).out
        assert (f"behind «{printed['C']}»" in words) == (printed["C"] != "C")
        assert here(read_desk, "grades", "amend", page, "1", printed["A"], "--printed").data["reading"] == ["A"]


def test_whoever_confirms_drawn_answers_says_what_stands_on_paper(read_desk: Path) -> None:
    drawn = here(read_desk, "scan", "audit", "--week", WEEK, "--share", "1").data["answers"]
    several = [each for each in drawn if each["item"] == "2"]
    assert len(several) == 5
    pupils = {each["page"]: each["pupil"] for each in worksheets(read_desk)}
    for each in several:
        printed = letters(read_desk, pupils[each["page"]], "2")
        said = here(read_desk, "scan", "audit", "confirm", each["page"], "2", ",".join(printed[value] for value in MEANT["2"]))
        assert (said.data["wrong"], said.data["said"]) == (False, MEANT["2"])
    shown = here(read_desk, "scan", "audit", json=False).out
    assert "2026-W41" in shown


def test_a_corrected_key_scores_every_variant_again(read_desk: Path, tmp_path: Path) -> None:
    changed = tmp_path / "varied.yaml"
    changed.write_text(FILE.replace("answer: [A, B, E]", "answer: [A, C]"), encoding="utf-8")
    assert here(read_desk, "assignments", "add", str(changed)).data["rescore"] == ["varied-5-kk"]
    assert {each["points"] for each in answers(read_desk) if each["item"] == "2"} == {3.0}
    changed.write_text(FILE, encoding="utf-8")
    here(read_desk, "assignments", "add", str(changed))
    assert {each["points"] for each in answers(read_desk) if each["item"] == "2"} == {0.0}


def test_judging_again_from_the_kept_measurements_changes_nothing(read_desk: Path) -> None:
    before = answers(read_desk)
    told = here(read_desk, "scan", "rejudge", "--week", WEEK)
    assert told.code in {0, 3}, told.err
    assert answers(read_desk) == before


def test_the_history_of_an_answer_says_which_letters_its_sheet_prints(read_desk: Path) -> None:
    said = []
    for each in (each for each in answers(read_desk) if each["item"] == "1"):
        printed = {own: shown for own, shown in letters(read_desk, each["pupil"], "1").items() if own != shown}
        assert here(read_desk, "grades", "history", each["page"], "1").data["letters"] == printed
        words = here(read_desk, "grades", "history", each["page"], "1", json=False).out
        assert ("prints others" in words) is bool(printed)
        said.append(all(f"{own} → {shown}" in words for own, shown in printed.items()))
    assert all(said)


def test_judging_again_says_whose_letters_it_tells(read_desk: Path) -> None:
    told = here(read_desk, "scan", "rejudge", "--week", WEEK, "--set", "row_likeness=0.99", json=False)
    assert "Letters are the assignment's own" in " ".join(told.out.split()), told.out + told.err


def test_returns_say_whose_letters_they_count(read_desk: Path) -> None:
    told = here(read_desk, "returns", "--week", WEEK, day=AFTER)
    assert told.code in {0, 3}, told.out
    pages = [read_desk / file for file in told.data["files"] if file.endswith(".html")]
    assert pages
    assert any("4 нұсқа" in page.read_text(encoding="utf-8") for page in pages)


def test_a_reviewer_sees_and_says_the_letters_of_the_sheet(read_desk: Path) -> None:
    home = open_home(read_desk)
    try:
        pages = {each["pupil"]: each["page"] for each in answers(read_desk) if each["item"] == "1"}
        with home.database.write() as session:
            for page in (pages[pupil] for pupil in PUPILS):
                decide(session, Decision(page, "1", (), ("A", "C"), "doubt", "two_marks", None, Decimal(1), "reader", None))
        with home.database.read() as session:
            (group,) = [each for each in waiting_groups(session, WEEK) if each.question.number == "1"]
            for case in group.cases:
                printed = letters(read_desk, case.held.pupil or "", "1")
                told = case_json(case)
                assert told["candidates"] == [printed["A"], printed["C"]]
                assert {each["value"]: each["label"] for each in told["options"]} == printed
                assert [each["label"] for each in told["options"]] == list("ABCD")
                texts = {each["value"]: each["text"] for each in told["options"]}
                assert texts == {"A": "3/4", "B": "1/6", "C": "2/6", "D": "1/8"}
        for pupil in PUPILS:
            here(read_desk, "grades", "amend", pages[pupil], "1", "A")
    finally:
        home.close()

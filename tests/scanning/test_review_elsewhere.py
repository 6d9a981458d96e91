"""A review that leaves the desk as a file: what it holds, what comes home once, and what is refused or shown instead of written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from records.grades import recorded
from records.home import Home
from records.journal import entries
from records.undo import take_back
from scanning.amend import amend
from scanning.comment import comment
from scanning.undo import UNDOERS
from tests.conftest import Poshta
from tests.scanning.paper import page
from tests.scanning.reviewing import stands

WEEK = "2026-W41"


@pytest.fixture
def saved(home: Home, poshta: Poshta, tmp_path: Path) -> Callable[..., Path]:
    """What the exported page saves, given decisions by pupil and question, and words to the pupil."""
    file = tmp_path / "review.html"
    assert poshta("review", "export", str(file), "--week", WEEK, home=home.path).code == 3, "the sheets of this desk have no pictures"
    text = file.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="set">(.*?)</script>', text)
    assert found
    shown = json.loads(found[1])
    ids = {(case["pupil"], group["item"]): case["id"] for group in shown["groups"] for case in group["cases"]}

    def save(decided: dict[tuple[str, str], Any], words: dict[tuple[str, str], str] | None = None, **changed: Any) -> Path:
        said = [{"id": ids[place], **({"aside": True} if value is None else {"value": value})} for place, value in decided.items()]
        comments = [{"id": ids[place], "words": each} for place, each in (words or {}).items()]
        body = {
            "format": "poshta-answers",
            "version": 1,
            "set": shown["sealed"],
            "seal": shown["seal"],
            "answers": said,
            "comments": comments,
        }
        target = tmp_path / "answers.json"
        target.write_text(json.dumps(body | changed), encoding="utf-8")
        return target

    return save


def acts(home: Home) -> int:
    with home.database.read() as session:
        return len(entries(session, limit=10_000))


def test_the_page_holds_codes_only_and_nothing_that_could_be_fetched(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    file = tmp_path / "review.html"
    told = poshta("review", "export", str(file), "--week", WEEK, home=home.path)
    text = file.read_text(encoding="utf-8")
    assert told.data["answers"] == 6
    assert told.data["without_picture"] == 6
    assert "Әсел" not in text
    assert "Тегі" not in text
    assert not re.search(r"https?:|src=|href=\"|<link|@import", text)
    assert "default-src 'none'; img-src data:; style-src 'sha256-" in text
    assert "unsafe" not in text


def test_decisions_come_home_once(home: Home, poshta: Poshta, saved: Callable[..., Path]) -> None:
    file = saved(
        {("P1", "1"): "A", ("P1", "2"): "A,C", ("P1", "3"): "84", ("P1", "4"): "2", ("P2", "4"): "", ("P2", "1"): None},
        {("P1", "4"): "Жақсы ойладың"},
    )
    told = poshta("review", "import", str(file), home=home.path)
    assert (told.code, told.data["decided"], told.data["comments"], told.data["conflicts"]) == (0, 6, 1, [])
    assert [stands(home, "P1", item).reading for item in "1234"] == [("A",), ("A", "C"), ("84",), ("2",)]
    assert {stands(home, "P1", item).decided_by for item in "1234"} == {"person"}
    assert (stands(home, "P2", "1").reason, stands(home, "P2", "4").points) == ("not_legible", 0)
    before = acts(home)
    again = poshta("review", "import", str(file), home=home.path)
    assert (again.code, again.data["decided"], again.data["comments"], again.data["unchanged"]) == (0, 0, 0, 7)
    assert acts(home) == before, "the same file twice changes nothing"
    assert take_back(home, UNDOERS).data["action"] == "grades.amend"


def test_what_was_decided_otherwise_meanwhile_is_shown_and_never_overwritten(
    home: Home, poshta: Poshta, saved: Callable[..., Path]
) -> None:
    file = saved({("P1", "1"): "A", ("P2", "1"): "B"}, {("P1", "1"): "Біреуі", ("P2", "1"): "Мынау"})
    with home.database.write() as session:
        amend(session, page("P1", 2), "1", "D")
        comment(session, page("P1", 2), "1", "Басқасы")
    told = poshta("review", "import", str(file), home=home.path)
    assert (told.code, told.data["decided"], told.data["comments"]) == (3, 1, 1)
    assert [(each["item"], each["said"], each["stands"]) for each in told.data["conflicts"]] == [
        ("1", "Біреуі", "Басқасы"),
        ("1", "A", "D"),
    ]
    assert stands(home, "P1", "1").reading == ("D",)
    assert stands(home, "P2", "1").reading == ("B",)
    assert [error["code"] for error in told.body["errors"]] == ["conflict", "conflict"]


@pytest.mark.parametrize(
    ("answers", "changed"),
    [
        ({("P1", "4"): "4"}, {}),
        ({("P1", "1"): "E"}, {}),
        ({("P1", "3"): "8400000"}, {}),
        ({}, {"answers": [{"id": 1, "value": "A"}, {"id": 1, "value": "B"}]}),
        ({}, {"answers": [{"id": 10**6, "value": "A"}]}),
        ({}, {"answers": [{"id": True, "value": "A"}]}),
        ({}, {"answers": ["x"]}),
        ({}, {"answers": [{"id": 1}]}),
        ({}, {"comments": [{"id": 10**6, "words": "x"}]}),
        ({}, {"seal": "0" * 64}),
        ({}, {"seal": None}),
        ({}, {"seal": "\ud800"}),
        ({("P1", "1"): "\ud800"}, {}),
        ({}, {"set": {"key": "none"}}),
        ({}, {"set": []}),
        ({}, {"version": 2}),
        ({}, {"format": "x"}),
        ({}, {"answers": None}),
    ],
)
def test_what_is_damaged_foreign_or_forged_is_refused_whole(
    home: Home, poshta: Poshta, saved: Callable[..., Path], answers: dict[tuple[str, str], str], changed: dict[str, Any]
) -> None:
    before = acts(home)
    told = poshta("review", "import", str(saved({("P2", "1"): "B", **answers}, **changed)), home=home.path)
    assert told.code == 4, told.out
    assert told.body["errors"][0]["hint"]
    assert acts(home) == before
    assert stands(home, "P2", "1").state == "doubt"


def test_an_answer_smuggled_into_the_set_breaks_its_seal(home: Home, poshta: Poshta, saved: Callable[..., Path]) -> None:
    file = saved({})
    body = json.loads(file.read_text(encoding="utf-8"))
    with home.database.read() as session:
        other = next(each for each in recorded(session, pupil="P2") if each.state == "read")
    body["set"]["cases"].append({"id": other.id, "page": other.page, "item": other.item, "said": 0})
    body["answers"] = [{"id": other.id, "value": "B"}]
    file.write_text(json.dumps(body), encoding="utf-8")
    assert poshta("review", "import", str(file), home=home.path).code == 4
    assert stands(home, "P2", other.item).id == other.id


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1]", b"<html>", b"[" * 100_000])
def test_any_other_file_is_refused_with_a_sentence(home: Home, poshta: Poshta, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    told = poshta("review", "import", str(tmp_path / "x.json"), home=home.path)
    assert told.code == 4
    assert poshta("review", "import", str(tmp_path / "none.json"), home=home.path).code == 6


def test_a_set_that_is_deeper_than_any_desk_writes_is_refused(home: Home, poshta: Poshta, saved: Callable[..., Path]) -> None:
    body = json.loads(saved({}).read_text(encoding="utf-8"))
    for odd in ('{"a":' * 900 + "1" + "}" * 900, '"\\ud800"'):
        body["set"]["odd"] = "HERE"
        file = home.path / "odd.json"
        file.write_text(json.dumps(body).replace('"HERE"', odd), encoding="utf-8")
        assert poshta("review", "import", str(file), home=home.path).code == 4


def test_only_a_teachers_own_pupils_leave_and_an_unknown_teacher_is_told(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    from records import schema

    with home.database.write() as session:
        work = session.query(schema.Assignment).first()
        assert work is not None
        packets = session.query(schema.Packet).order_by(schema.Packet.code).all()
        packets[0].school, packets[1].school = "S1", "S2"
        for school in ("S1", "S2"):
            session.add(
                schema.Teaching(teacher=f"T-{school}", school=school, subject=work.subject, grade=work.grade, language=work.language)
            )
        mine = packets[0].pupil
    told = poshta("review", "export", str(tmp_path / "t.html"), "--week", WEEK, "--teacher", "T-S1", home=home.path)
    assert told.data["answers"] in range(1, 6)
    text = (tmp_path / "t.html").read_text(encoding="utf-8")
    assert f'"pupil": "{mine}"' in text
    assert text.count('"pupil": "P') == told.data["answers"]
    assert poshta("review", "export", str(tmp_path / "t.html"), "--week", WEEK, "--teacher", "T-9", home=home.path).code == 6
    assert poshta("review", "export", str(tmp_path / "t.html"), "--week", "2026-W45", home=home.path).code == 6
    assert poshta("review", "export", str(tmp_path / "t.pdf"), "--week", WEEK, home=home.path).code == 2


def test_a_smile_in_a_comment_costs_the_comment_and_not_the_teachers_decisions(
    home: Home, poshta: Poshta, saved: Callable[..., Path]
) -> None:
    told = poshta("review", "import", str(saved({("P1", "1"): "A"}, {("P1", "1"): "Молодец 👍", ("P1", "2"): "Проверь"})))
    assert (told.code, told.data["decided"], told.data["comments"]) == (3, 1, 1)
    (error,) = json.loads(told.out)["errors"]
    assert error["code"] == "missing_letter"
    assert "👍" in error["text"]
    again = poshta("review", "import", str(saved({("P1", "1"): "A"}, {("P1", "1"): "\ud800"})))
    assert (again.code, again.data["decided"], again.data["unchanged"]) == (3, 0, 1)

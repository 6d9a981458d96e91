"""`poshta scan`, `scan status`, `grades ...`: the contract of DESIGN section 6 to the letter, exit codes, and a person's word."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, select

import cli
from packets.assignment import Assignment
from packets.token import grouped, short_code
from records import schema
from records.grades import last_id, recorded
from records.home import Home
from records.journal import entries
from scanning.rescore import rescore
from scanning.verdict import PageState
from scanning.words import seen_lines
from tests.scanning.desks import desk_that_reads_notes
from tests.scanning.paper import RETURN_BY, WEEK, WORK, Sheet, packet, page, save

Poshta = Callable[..., Any]

PAGE_ROW = {
    "file": str,
    "frame": int,
    "part": int,
    "state": str,
    "reason": str,
    "late": bool,
    "page": str,
    "packet": str,
    "doubts": list,
    "ms": int,
}
ANSWER_ROW = {
    "pupil": str,
    "packet": str,
    "page": str,
    "assignment": str,
    "item": str,
    "reading": list,
    "candidates": list,
    "state": str,
    "reason": str,
    "points": (int, float),
    "max_points": (int, float),
    "decided_by": str,
}
MAY_BE_NULL = {"page", "packet", "points"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with desk_that_reads_notes(tmp_path / "desk", monkeypatch) as desk:
        yield desk


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    return tmp_path / "scans"


def _check(row: dict[str, Any], shape: dict[str, Any]) -> None:
    assert list(row) == list(shape)
    for name, kind in shape.items():
        assert isinstance(row[name], kind) or (name in MAY_BE_NULL and row[name] is None), (name, row[name])


def test_scan_answers_by_the_contract(home: Home, scans: Path, poshta: Poshta) -> None:
    save(scans / "a.png", Sheet(page("P1", 2), {"1": "?two_marks:A|B", "2": "A,C"}), Sheet(None, {}, "foreign", "no_code"))
    (scans / "b.txt").write_text("no scan")
    said = poshta("scan", str(scans))
    assert said.code == 3
    assert said.body["command"] == "scan"
    assert said.body["status"] == "partial"
    assert set(said.data) == {"pages", "counts", "alarms", "closed_marks"}
    for row in said.data["pages"]:
        _check(row, PAGE_ROW)
    assert said.data["pages"][0]["doubts"] == [{"item": "1", "reason": "two_marks"}]
    assert [row["part"] for row in said.data["pages"]] == [1, 2, 1]
    assert said.data["counts"] == {**{state.value: 0 for state in PageState}, "doubtful": 1, "foreign": 1, "refused": 1}
    assert [error["code"] for error in said.body["errors"]] == ["unknown_kind"]


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        (Sheet(page("P1", 2), {"1": "A", "2": ""}), 0),
        (Sheet(page("P1", 3), {"3": "84", "4": ""}), 0),  # an open answer waits for its teacher, not for the officer
        (Sheet(None, {}, "empty"), 0),
        (Sheet(page("P1", 2), {"1": "?faint:A", "2": ""}), 3),
        (Sheet(page("P1", 2), {}, "unsigned", "seal_broken"), 3),
        (Sheet(None, {}, "unreadable", "code_lost"), 3),
        (Sheet(None, {}, "foreign", "no_code"), 3),
    ],
)
def test_the_exit_code_says_whether_a_person_is_needed(home: Home, scans: Path, poshta: Poshta, sheet: Sheet, code: int) -> None:
    assert poshta("scan", str(save(scans / "a.png", sheet))).code == code


def test_the_same_scan_again_is_done_without_a_person(home: Home, scans: Path, poshta: Poshta) -> None:
    save(scans / "a.png", Sheet(page("P1", 2), {"1": "?faint:A", "2": ""}))
    assert poshta("scan", str(scans)).code == 3
    said = poshta("scan", str(scans))
    assert (said.code, said.data["pages"][0]["state"], said.data["pages"][0]["reason"]) == (0, "duplicate", "same_file")


def test_where_every_file_is_refused_the_input_is_refused(home: Home, scans: Path, poshta: Poshta) -> None:
    scans.mkdir()
    (scans / "a.pdf").write_bytes(b"%PDF-1.4\n")
    said = poshta("scan", str(scans))
    assert (said.code, said.data["pages"][0]["state"]) == (4, "refused")
    assert poshta("scan", str(scans / "nowhere")).code == 6
    assert poshta("scan").code in {0, 2}


def test_a_refused_file_is_counted_as_no_sheet() -> None:
    read, refused, foreign = PageState.READ, PageState.REFUSED, PageState.FOREIGN
    assert seen_lines([refused], [refused]) == ["0 sheets were seen.", "1 file or picture was refused."]
    assert seen_lines([read, foreign, refused], [foreign, refused]) == [
        "2 sheets were seen.",
        "1 sheet waits for a person.",
        "1 file or picture was refused.",
    ]


@pytest.mark.parametrize(("lang", "word"), [("en", "rubbed out"), ("kk", "өшірілген"), ("ru", "стёрто")])
def test_words_for_a_person_come_without_json(home: Home, scans: Path, poshta: Poshta, lang: str, word: str) -> None:
    said = poshta("scan", str(save(scans / "a.png", Sheet(page("P1", 2), {"1": "?erased:A", "2": ""}))), json=False, lang=lang)
    assert said.code == 3
    assert word in said.out


def test_answers_and_points_by_the_contract(home: Home, scans: Path, poshta: Poshta) -> None:
    save(scans / "a.png", Sheet(page("P1", 2), {"1": "A", "2": "A"}), Sheet(page("P1", 3), {"3": "?gap:8|84", "4": ""}))
    save(scans / "b.png", Sheet(page("P2", 3), {"3": "84", "4": "2"}))
    poshta("scan", str(scans))
    said = poshta("grades", "answers", "--week", WEEK)
    assert said.code == 0
    rows = said.data["answers"]
    for row in rows:
        _check(row, ANSWER_ROW)
    told = {(row["pupil"], row["item"]): (row["reading"], row["state"], row["points"], row["decided_by"]) for row in rows}
    assert told == {
        ("P1", "1"): (["A"], "read", 1, "reader"),
        ("P1", "2"): (["A"], "read", 1, "reader"),
        ("P1", "3"): ([], "doubt", None, "reader"),
        ("P1", "4"): ([], "waiting", None, "reader"),
        ("P2", "3"): (["84"], "read", 2, "reader"),
        ("P2", "4"): (["2"], "read", 2, "teacher_mark"),
    }
    only = poshta("grades", "answers", "--week", WEEK, "--packet", packet("P2")).data["answers"]
    assert {row["packet"] for row in only} == {packet("P2")}
    assert poshta("grades", "answers", "--week", "2026-W42").data["answers"] == []
    assert poshta("grades", "answers", "--week", "41").code == 2


def test_totals_have_a_mark_only_when_nothing_waits(home: Home, scans: Path, poshta: Poshta) -> None:
    save(scans / "a.png", Sheet(page("P1", 2), {"1": "A", "2": "A,C"}), Sheet(page("P1", 3), {"3": "84", "4": "1"}))
    save(scans / "b.png", Sheet(page("P2", 2), {"1": "?faint:A", "2": ""}))
    poshta("scan", str(scans))
    first, second = poshta("grades", "list", "--week", WEEK).data["grades"]
    assert (first["points"], first["max_points"], first["percent"], first["mark"]) == (6, 8, 75, 4)
    assert (second["mark"], second["doubts"], second["missing"], second["waiting"]) == (None, 1, 2, 0)


@pytest.mark.parametrize("way", ["id", "short", "grouped", "cyrillic"])
def test_a_person_decides_and_what_stood_there_stays(home: Home, scans: Path, poshta: Poshta, way: str) -> None:
    save(scans / "a.png", Sheet(page("P1", 2), {"1": "?two_marks:A|B", "2": ""}))
    poshta("scan", str(scans))
    code = short_code(page("P1", 2))
    look_alikes = str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ")
    typed = {"id": page("P1", 2), "short": code.lower(), "grouped": grouped(code), "cyrillic": code.translate(look_alikes)}[way]
    said = poshta("grades", "amend", typed, "1", "A", "--why", "the teacher saw the sheet")
    assert (said.code, said.data["changed"], said.data["points"], said.data["before"]["state"]) == (0, True, 1, "doubt")
    assert poshta("grades", "amend", typed, "1", "а").data["changed"] is False
    with home.database.read() as session:
        assert [
            row.superseded_by is None
            for row in session.scalars(select(schema.Answer).where(schema.Answer.item == "1").order_by(schema.Answer.id))
        ] == [False, True]
        (act,) = entries(session, "grades.amend")
        assert (act.subject, act.details["item"]) == (page("P1", 2), "1")
    save(scans / "b.png", Sheet(page("P1", 2), {"1": "B", "2": ""}))
    poshta("scan", str(scans))
    assert poshta("grades", "answers", "--week", WEEK).data["answers"][0]["reading"] == ["A"]


def test_a_page_that_could_not_be_read_may_be_typed_in(home: Home, poshta: Poshta) -> None:
    assert poshta("grades", "amend", page("P1", 3), "4", "2.5").data["points"] == 2.5
    assert poshta("grades", "amend", page("P1", 3), "3", "").data["state"] == "blank"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ffffffffffffff", "1", "A"), 6),
        (("ABCD-EFGH-JKLMN", "1", "A"), 6),
        ((page("P1", 2), "9", "A"), 6),
        ((page("P1", 2), "3", "84"), 6),  # stands on another page
        ((page("P1", 1), "1", "A"), 7),  # a cover
        ((page("P1", 2), "1", "E"), 4),
        ((page("P1", 3), "3", "12345"), 4),
        ((page("P1", 3), "4", "9"), 4),
    ],
)
def test_what_cannot_be_amended_changes_nothing(home: Home, poshta: Poshta, words: tuple[str, ...], code: int) -> None:
    said = poshta("grades", "amend", *words)
    assert said.code == code
    assert said.body["errors"][0]["hint"]
    with home.database.read() as session:
        assert last_id(session) == 0


def _new_key(home: Home, **changes: Any) -> None:
    """What `assignments add` does when a key was corrected."""
    questions = (replace(WORK.parts[0], **changes), *WORK.parts[1:])
    corrected: Assignment = replace(WORK, parts=questions)
    with home.database.write() as session:
        row = session.get_one(schema.Assignment, WORK.code)
        row.definition, row.key_digest = corrected.as_json(), corrected.key_digest


def test_a_corrected_key_scores_again_and_tells_pupils_only_what_changed(home: Home, scans: Path, poshta: Poshta) -> None:
    save(scans / "a.png", Sheet(page("P1", 2), {"1": "A", "2": "A,C"}), Sheet(page("P2", 2), {"1": "B", "2": ""}))
    poshta("scan", str(scans))
    with home.database.read() as session:
        told = last_id(session)
    _new_key(home, answer=("B",))
    first, second = poshta("grades", "list", "--week", WEEK).data["grades"]
    assert (first["points"], second["points"]) == (2, 1)
    with home.database.read() as session:
        assert [record.item for record in recorded(session, pupil="P1") if record.id > told] == ["1"]
        count = session.scalar(select(func.count()).select_from(schema.Answer))
    assert rescore(home.database) == {}
    with home.database.read() as session:
        assert session.scalar(select(func.count()).select_from(schema.Answer)) == count


def test_other_points_are_scored_again_under_the_same_reading(home: Home, scans: Path, poshta: Poshta) -> None:
    poshta("scan", str(save(scans / "a.png", Sheet(page("P1", 2), {"1": "A", "2": ""}))))
    _new_key(home, points=Decimal(3))
    assert rescore(home.database) == {WORK.code: 1}
    assert poshta("grades", "answers", "--week", WEEK).data["answers"][0]["points"] == 3


def test_status_calls_a_page_missing_only_after_its_day(home: Home, scans: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    poshta("scan", str(save(scans / "a.png", Sheet(page("P1", 2), {"1": "?faint:A", "2": ""}))))
    (first, second) = poshta("scan", "status", "--week", WEEK).data["packets"]
    assert (first["expected"], first["read"], first["doubtful"], first["outstanding"], first["missing"]) == (2, 0, 1, 1, [])
    assert (second["outstanding"], second["missing"], second["state"]) == (2, [], "built")
    for day, count in ((RETURN_BY.isoformat(), 0), ("2026-10-27", 1)):
        monkeypatch.setenv("POSHTA_TODAY", day)
        (first, second) = poshta("scan", "status", "--week", WEEK).data["packets"]
        assert len(first["missing"]) == count
    assert first["missing"] == [{"page": page("P1", 3), "number": 3}]
    monkeypatch.setenv("POSHTA_TODAY", "2026-11-20")
    poshta("scan", str(save(scans / "b.png", Sheet(page("P1", 3), {"3": "84", "4": ""}))))
    (first, second) = poshta("scan", "status", "--week", WEEK).data["packets"]
    assert (first["late"], first["waiting"], first["missing"], first["state"]) == (1, 1, [], "complete")


def test_a_page_of_which_every_answer_was_typed_is_not_missing(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "2026-11-20")
    poshta("grades", "amend", page("P1", 3), "3", "84")
    (first, _second) = poshta("scan", "status", "--week", WEEK).data["packets"]
    assert [each["number"] for each in first["missing"]] == [2, 3]  # one answer of two
    poshta("grades", "amend", page("P1", 3), "4", "2.5")
    (first, _second) = poshta("scan", "status", "--week", WEEK).data["packets"]
    assert ([each["number"] for each in first["missing"]], first["read"], first["late"]) == ([2], 1, 0)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".json"])
def test_exports_hold_every_answer_and_names_only_on_request(home: Home, scans: Path, poshta: Poshta, tmp_path: Path, suffix: str) -> None:
    save(scans / "a.png", Sheet(page("P1", 2), {"1": "A", "2": "A"}), Sheet(page("P1", 3), {"3": "84", "4": ""}))
    poshta("scan", str(scans))
    for words, named in (((), False), (("--names",), True)):
        file = home.path / "exports" / f"grades{suffix}"
        file.parent.mkdir(exist_ok=True)
        said = poshta("grades", "export", str(file), "--week", WEEK, *words)
        assert (said.code, said.data["files"]) == (0, [f"exports/grades{suffix}"])
        table = _table(file)
        assert list(table["item"].astype(str)) == ["1", "2", "3", "4"]
        assert list(table["points"].astype(float))[:3] == [1, 1, 2]
        assert ("Тегі-P1" in str(table.values)) is named
        if named and suffix in {".csv", ".xlsx"}:
            assert set(table["first_name"]) == {"'=Әсел"}  # no live formula


def _table(file: Path) -> pd.DataFrame:
    if file.suffix == ".json":
        return pd.DataFrame(json.loads(file.read_text(encoding="utf-8"))["answers"])
    return {".csv": pd.read_csv, ".xlsx": pd.read_excel, ".parquet": pd.read_parquet}[file.suffix](file)  # type: ignore[operator, no-any-return]


def test_exports_refuse_what_they_cannot_write(home: Home, scans: Path, poshta: Poshta, tmp_path: Path) -> None:
    assert poshta("grades", "export", str(tmp_path / "a.csv"), "--week", WEEK).code == 6
    poshta("scan", str(save(scans / "a.png", Sheet(page("P1", 2), {"1": "A", "2": "A"}))))
    assert poshta("grades", "export", str(tmp_path / "a.doc"), "--week", WEEK).code == 2


@pytest.mark.parametrize("value", ["-1", "-12", "-1.5", "−1"])
def test_a_value_with_a_minus_is_told_what_is_possible_not_that_it_is_an_option(
    home: Home, scans: Path, poshta: Poshta, value: str
) -> None:
    poshta("scan", str(save(scans / "a.png", Sheet(page("P1", 3), {"3": "84", "4": ""}))))
    said = poshta("grades", "amend", page("P1", 3), "3", value)
    assert (said.code, value in said.body["errors"][0]["text"]) == (4, True)
    assert "from 0 to 99" in said.body["errors"][0]["hint"]
    assert "from 0 to 3" in poshta("grades", "amend", page("P1", 3), "4", value).body["errors"][0]["hint"]
    assert "--wyh" in poshta("grades", "amend", page("P1", 3), "3", "1", "--wyh", "no").body["errors"][0]["text"]


def test_help_of_scan_tells_what_scan_takes_and_shows_no_word_that_nobody_says(poshta: Poshta) -> None:
    shown = poshta("scan", "--help", json=False).out
    assert "Usage: poshta scan [OPTIONS] PATH..." in shown
    assert "--workers" in shown
    assert "files" not in shown[shown.index("Commands") :]
    assert "status" in shown[shown.index("Commands") :]
    assert poshta("scan", "a.pdf", "--help", json=False).out == shown


def test_a_folder_may_have_any_name_but_a_command_s(home: Home, poshta: Poshta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path / "files" / "a.png", Sheet(page("P1", 2), {"1": "A"}))
    monkeypatch.chdir(tmp_path)
    answer = poshta("scan", "files", home=home.path)
    assert (answer.body["command"], answer.data["counts"]["read"]) == ("scan", 1)


@pytest.mark.parametrize("words", [("scan", "status"), ("grades", "list"), ("grades", "answers")])
def test_commands_that_only_look_start_without_the_libraries_that_see_and_draw(home: Home, words: tuple[str, ...]) -> None:
    told = (
        f"import sys, cli; code = cli.main(['--home', {str(home.path)!r}, *{words!r}, '--week', '{WEEK}']);"
        "sys.exit(code or ' '.join({'numpy', 'cv2', 'pandas', 'reportlab', 'pikepdf', 'alembic'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=False, cwd=Path(cli.__file__).parent)
    assert (done.returncode, done.stderr) == (0, "")

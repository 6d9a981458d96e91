"""`scan --form`, `forms check` and `forms results` on a small desk: rows, tables, running twice, keys corrected later, damaged files."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from PIL import Image

from cli import main
from records import schema
from records.errors import InputRefused
from records.home import open_home
from scanning.form import Form, FormPage
from scanning.form_batch import _groups, scan_forms
from scanning.form_file import read_form_file
from scanning.form_results import FormRow, answers_of, points_of, result_tables
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, ItemVerdict, Judgement, PageState
from tests.contract.shapes import PAGE_STATE, Maybe, Some, misfits
from tests.scanning.form_pictures import CODE, coded, filled, folder, form, save, squares_in

TOLD = {"item": str, "reading": [str], "candidates": [str], "state": {"read", "blank", "doubt", "waiting"}, "reason": str}
ROW = {
    **dict.fromkeys(("file", "reason"), str),
    **dict.fromkeys(("frame", "part", "ms"), int),
    "state": PAGE_STATE,
    "late": bool,
    "page": {None},
    "packet": {None},
    "doubts": [{"item": str, "reason": str}],
    **dict.fromkeys(("sheet", "form"), Maybe(str)),
    "form_page": Maybe(int),
    "identity": Maybe({"digits": Maybe(str), "candidates": [str], "state": {"read", "doubt"}, "reason": str}),
    "points": Maybe((int, float)),
    "answers": [{**TOLD, "points": Maybe((int, float)), "max_points": Maybe((int, float))}],
}


class Desk:
    """A new desk, and its command line."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self._capsys = home, capsys
        assert self("init")[0] == 0

    def __call__(self, *words: str | Path) -> tuple[int, dict[str, Any]]:
        code = main(["--home", str(self.home), "--json", *map(str, words)])
        body: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return code, body


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path / "desk", capsys)


@pytest.fixture
def squares(tmp_path: Path) -> Path:
    return squares_in(tmp_path)


def test_a_stack_is_read_scored_told_and_written(desk: Desk, squares: Path, tmp_path: Path) -> None:
    page = form("squares").pages[0]
    stack = save(
        tmp_path / "stack.tif",
        filled(page, {"1": "Б", "2": "А", "3": "АГ"}),
        filled(page, {"1": "В"}),
        np.full((1754, 1240), 245, np.uint8),
    )
    (tmp_path / "letter.txt").write_text("dear grandmother")
    out = tmp_path / "out.xlsx"
    code, body = desk("scan", "--form", squares, stack, tmp_path / "letter.txt", "--out", out)
    pages = body["data"]["pages"]
    assert code == 3
    assert list(misfits(body["data"], {"pages": Some(ROW), "counts": dict.fromkeys(PAGE_STATE, int), "files": [str]})) == []
    assert [(each["frame"], each["state"], each["points"]) for each in pages] == [
        (1, "doubtful", 3),
        (2, "read", 0),
        (3, "empty", None),
        (1, "refused", None),
    ]
    assert pages[0]["doubts"] == [{"item": "3", "reason": "two_marks"}]
    assert {each["item"]: each["reading"] for each in pages[0]["answers"]}["1"] == ["Б"]
    assert body["data"]["files"] == [out.as_posix()]
    book = openpyxl.load_workbook(out)
    head, first, *_rest = book["squares"].iter_rows(values_only=True)
    told = dict(zip(head, first, strict=True))
    assert (told["1"], told["2"], told["3"], told["4"]) == ("Б", "А", "? А/Г", None)
    assert [row[3] for row in book["For a person"].iter_rows(min_row=2, values_only=True)] == ["3", None]


def test_a_file_read_twice_changes_nothing_and_a_corrected_key_is_seen_at_once(desk: Desk, squares: Path, tmp_path: Path) -> None:
    picture = save(tmp_path / "one.png", filled(form("squares").pages[0], {"1": "Б"}))
    _code, first = desk("scan", "--form", squares, picture)
    home = open_home(desk.home)
    with home.database.read() as session:
        before = [(row.id, row.scanned_at) for row in session.query(schema.FormSheet)]
    squares.write_text(squares.read_text().replace('"1": "\\u0411"', '"1": "\\u0412"'))
    code, second = desk("scan", "--form", squares, picture)
    with home.database.read() as session:
        assert [(row.id, row.scanned_at) for row in session.query(schema.FormSheet)] == before
    home.close()
    (one,), (two,) = first["data"]["pages"], second["data"]["pages"]
    assert (code, two["state"], two["reason"]) == (0, "duplicate", "same_file")
    assert [each["reading"] for each in one["answers"]] == [each["reading"] for each in two["answers"]]
    assert (one["points"], two["points"]) == (2, 0)
    code, told = desk("forms", "results", squares)
    assert (code, told["data"]["pages"][0]["points"], told["data"]["pages"][0]["sheet"]) == (0, 0, one["sheet"])


def test_other_boxes_are_read_again_in_the_same_place(desk: Desk, squares: Path, tmp_path: Path) -> None:
    picture = save(tmp_path / "one.png", filled(form("squares").pages[0], {"1": "Б"}))
    desk("scan", "--form", squares, picture)
    body = json.loads(squares.read_text())
    body["pages"][0]["boxes"] = [box for box in body["pages"][0]["boxes"] if box["item"] in ("1", "2", "3")]
    squares.write_text(json.dumps(body))
    _code, told = desk("scan", "--form", squares, picture)
    assert told["data"]["pages"][0]["state"] == "read"
    _code, told = desk("forms", "results", squares)
    assert [[each["item"] for each in row["answers"]] for row in told["data"]["pages"]] == [["1", "2", "3"]]


def test_two_workers_say_what_one_says(desk: Desk, squares: Path, tmp_path: Path) -> None:
    stack = save(tmp_path / "stack.tif", *(filled(form("squares").pages[0], {"1": value}) for value in "АБВГАБ"))
    _code, told = desk("scan", "--form", squares, stack, "--workers", "2")
    assert [row["answers"][0]["reading"] for row in told["data"]["pages"]] == [[value] for value in "АБВГАБ"]


def test_refused_files_stand_in_their_turn_with_several_workers_too(desk: Desk, squares: Path, tmp_path: Path) -> None:
    first = save(tmp_path / "1.png", filled(form("squares").pages[0], {"1": "А"}))
    letter, cut = tmp_path / "2.txt", tmp_path / "3.pdf"
    letter.write_text("dear grandmother")
    cut.write_bytes(b"%PDF-1.7\nnothing more")
    last = save(tmp_path / "4.png", filled(form("squares").pages[0], {"1": "Б"}))
    _code, told = desk("scan", "--form", squares, first, letter, cut, last, "--workers", "2")
    found = [(Path(row["file"]).name, row["state"]) for row in told["data"]["pages"]]
    assert found == [("1.png", "read"), ("2.txt", "refused"), ("3.pdf", "refused"), ("4.png", "read")]


def test_the_thresholds_of_the_desk_judge_foreign_sheets_too(desk: Desk, squares: Path, tmp_path: Path) -> None:
    picture = save(tmp_path / "one.png", filled(form("squares").pages[0], {"1": "Б"}))
    with (desk.home / "poshta.toml").open("a") as settings:
        settings.write("\n[scan.thresholds]\nrow_likeness = 1.0\n")  # no print is ever so like: every answer is asked about
    code, told = desk("scan", "--form", squares, picture)
    assert (code, told["data"]["pages"][0]["state"]) == (3, "doubtful")
    assert {each["state"] for each in told["data"]["pages"][0]["answers"]} == {"doubt"}


def test_answers_read_by_a_form_that_changed_meanwhile_are_refused_and_not_told_as_read(desk: Desk, squares: Path, tmp_path: Path) -> None:
    picture = save(tmp_path / "one.png", filled(form("squares").pages[0], {"1": "Б"}))
    before = read_form_file(squares)  # what this run knows; the worker finds the file as it is by then
    body = json.loads(squares.read_text())
    body["pages"][0]["boxes"] = [box for box in body["pages"][0]["boxes"] if box["item"] in ("1", "2", "3")]
    squares.write_text(json.dumps(body))
    home = open_home(desk.home)
    with pytest.raises(InputRefused) as refusal:
        scan_forms(home, [picture], [squares], [before], 1)
    assert refusal.value.code == "form_changed"
    assert refusal.value.hint
    with home.database.read() as session:
        assert session.query(schema.FormSheet).count() == 0
    home.close()


def test_a_box_off_its_outline_is_told_with_the_way_to_it(desk: Desk, squares: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del capsys
    body = json.loads(squares.read_text())
    body["pages"][0]["boxes"][0]["center_mm"][0] -= 1.4
    squares.write_text(json.dumps(body))
    code, told = desk("forms", "check", squares, "--preview")
    assert code == 4
    assert [(each["code"], each["column"], each["value"]) for each in told["errors"]] == [("no_outline", "1", "А")]
    assert "+1.4" in told["errors"][0]["hint"]
    (preview,) = told["data"]["files"]
    assert Image.open(preview).size == (1260, 1782)


def test_good_forms_have_no_complaint_and_nothing_is_kept(desk: Desk) -> None:
    code, told = desk("forms", "check", folder() / "exam.json", folder() / "twins.json")
    assert (code, told["errors"]) == (0, [])
    assert [(each["form"], each["questions"], each["boxes"]) for each in told["data"]["forms"]] == [("exam", 100, 560), ("twins", 60, 240)]
    assert not list(folder().glob("*.preview.png"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("scan", "--form", "FORM", "nowhere.pdf"), 6),
        (("scan", "--form", "nowhere.json", "nowhere.pdf"), 6),
        (("scan", "--out", "x.xlsx", "nowhere.pdf"), 2),
        (("scan", "--form", "FORM", "--out", "x.docx", "nowhere.pdf"), 2),
        (("scan", "--form", "FORM", "--page", "AAAA", "nowhere.pdf"), 2),
        (("forms", "check", "nowhere.json"), 6),
        (("forms", "check", "."), 4),
        (("forms", "results", "FORM", "FORM", "--out", "x.csv"), 2),
        (("forms", "results", "FORM", "--out", "x.docx"), 2),
    ],
)
def test_refusals_have_their_codes_and_a_hint(desk: Desk, squares: Path, words: tuple[str, ...], code: int) -> None:
    found, told = desk(*(str(squares) if word == "FORM" else word for word in words))
    assert found == code
    assert told["errors"][0]["hint"]


def test_a_table_that_cannot_hold_two_forms_is_refused_before_anything_is_read(desk: Desk, squares: Path, tmp_path: Path) -> None:
    picture = save(tmp_path / "one.png", filled(form("squares").pages[0], {"1": "Б"}))
    code, told = desk("scan", "--form", squares, "--form", folder() / "exam.json", picture, "--out", tmp_path / "x.csv")
    assert (code, told["errors"][0]["code"]) == (2, "usage")
    home = open_home(desk.home)
    with home.database.read() as session:
        assert (session.query(schema.FormSheet).count(), session.query(schema.Original).count()) == (0, 0)
    home.close()
    assert not (tmp_path / "x.csv").exists()


def small() -> tuple[Form, FormPage]:
    """The exam with a key of one question."""
    own = form("exam")
    keyed = Form(own.code, own.title, own.pages, own.rules, {**own.points, "1": Decimal("1.5")}, {"1": ("A",), "2": ("B",)}, own.identity)
    return keyed, own.pages[0]


def test_points_come_of_the_key_alone_and_a_doubt_has_none() -> None:
    keyed, page = small()
    said: dict[str, Judgement] = {"1": Chosen(("A",)), "2": Blank(), "3": Chosen(("C",)), "4": Doubt(DoubtReason.FAINT, ("D",))}
    items = [ItemVerdict(item.item, said.get(item.item, Blank())) for item in page.layout.items]
    told = {each["item"]: each for each in answers_of(keyed, page, items)}
    assert [points_of(keyed, told[item]) for item in ("1", "2", "3", "4")] == [Decimal("1.5"), Decimal(0), None, None]
    assert (told["code"]["state"], told["code"]["reason"]) == ("doubt", "not_filled")


def test_names_of_files_and_values_are_no_live_formulas(tmp_path: Path) -> None:
    from records.exchange import write_tables

    keyed, page = small()
    items = [ItemVerdict(item.item, Blank()) for item in page.layout.items]
    row = FormRow("=cmd.pdf", 1, PageState.READ, "", "x:1", "exam", 1, tuple(answers_of(keyed, page, items)))
    out = write_tables(tmp_path / "out.xlsx", result_tables([keyed], [row]))
    (_head, line, *_rest) = openpyxl.load_workbook(out)["exam"].iter_rows(values_only=True)
    assert line[0] == "'=cmd.pdf"


def test_the_code_of_a_pupil_keeps_its_zeros(desk: Desk, tmp_path: Path) -> None:
    picture = save(tmp_path / "one.png", filled(form("exam").pages[0], coded("004257") | {"1": "A"}, dpi=200))
    _code, told = desk("scan", "--form", folder() / "exam.json", picture)
    (row,) = told["data"]["pages"]
    assert row["identity"] == {"digits": "004257", "candidates": [], "state": "read", "reason": ""}
    assert len(CODE) == len(row["identity"]["digits"])


def test_frames_are_read_in_runs_of_one_kind() -> None:
    assert list(_groups(7, {1, 2, 6}.__contains__)) == [(1, 2), (3, 4, 5), (6,), (7,)]
    assert list(_groups(9, set[int]().__contains__)) == [(1, 2, 3, 4), (5, 6, 7, 8), (9,)]

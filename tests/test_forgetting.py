"""`pupils forget` on a desk with a finished week: the name leaves every file that the desk wrote, and neither a list nor a restore brings it back."""

from __future__ import annotations

import importlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from records.database import Database, sqlite_url
from records.home import open_home
from settlements.forgetting import apply_list, forget
from tests.small_desk import WEEK, SmallDesk, here

LABELS, RETURNED = f"packets/{WEEK}/labels-address.pdf", f"returns/{WEEK}/"
PARENT = "Ерекшеата"


def person(home: Path, code: str) -> tuple[str, ...] | None:
    with sqlite3.connect(home / "poshta.sqlite3") as database:
        found: tuple[str, ...] | None = database.execute(
            "select last_name, first_name, parent from person where role = 'pupil' and code = ?", [code]
        ).fetchone()
    return found


def files_with(home: Path, word: str) -> set[str]:
    """The desk's PDFs and HTML files on which a word stands."""
    found = {file.relative_to(home).as_posix() for file in home.rglob("*.html") if word in file.read_text(encoding="utf-8")}
    for file in home.rglob("*.pdf"):
        document = pypdfium2.PdfDocument(file)
        if any(word in document[page].get_textpage().get_text_range() for page in range(len(document))):
            found.add(file.relative_to(home).as_posix())
        document.close()
    return found


@pytest.fixture
def pupil(own_desk: SmallDesk) -> str:
    """A pupil whose packet came back, with an address of its own, on labels and returns."""
    code = own_desk.played[0].removeprefix(f"{WEEK}-")
    with sqlite3.connect(own_desk.home / "poshta.sqlite3") as database:
        database.execute("update person set last_name = 'Бірегейтек', parent = ?, address = 'Мектеп 1' where code = ?", [PARENT, code])
    database.close()
    assert here(own_desk.home, "packets", "labels", "--week", WEEK).code in (0, 3)
    assert here(own_desk.home, "returns", "--week", WEEK).code == 0
    return code


def test_forgetting_deletes_every_file_with_the_name_and_says_how_to_write_the_others_parts_again(own_desk: SmallDesk, pupil: str) -> None:
    home = own_desk.home
    packet = f"{WEEK}-{pupil}.pdf"
    returns, labels = files_with(home, "Бірегейтек"), files_with(home, PARENT)
    assert labels == {LABELS}
    assert returns
    assert all(file.startswith(RETURNED) for file in returns)
    pages = here(home, "packets", "layout", "--week", WEEK).data["pages"]
    told = here(home, "pupils", "forget", pupil)
    assert (told.code, told.data["changed"]) == (0, True)
    removed = told.data["removed"]
    assert {Path(file).name for file in removed if file.endswith(packet)} == {packet}
    assert returns | labels <= set(removed)
    assert not any((home / file).exists() for file in removed)
    assert f"poshta packets labels --week {WEEK}" in told.data["again"]
    assert told.data["scans"], "the scans stay, and are named"
    assert all((home / file).exists() for file in told.data["scans"])
    assert here(home, "packets", "layout", "--week", WEEK).data["pages"] == pages, "the ledger keeps the pages"
    for again in told.data["again"]:
        assert here(home, *again.removeprefix("poshta ").split()).code in (0, 3), again
    assert (files_with(home, "Бірегейтек"), files_with(home, PARENT)) == (set(), set())
    assert {LABELS} | returns <= {file.relative_to(home).as_posix() for file in home.rglob("*.*")}
    assert returns <= files_with(home, pupil), "the code stands in the place of the name"
    second = here(home, "pupils", "forget", pupil)
    assert (second.data["changed"], second.data["removed"]) == (False, []), "what was written again carries no name"


def test_no_byte_of_the_name_stays_in_the_database_or_its_log(own_desk: SmallDesk, pupil: str) -> None:
    home = own_desk.home
    here(home, "pupils", "forget", pupil)
    stored = b"".join(file.read_bytes() for file in home.iterdir() if file.is_file())
    assert pupil.encode() in stored
    assert "Бірегейтек".encode() not in stored
    assert PARENT.encode() not in stored


def test_the_list_of_the_forgotten_applies_to_an_older_copy_of_the_desk(own_desk: SmallDesk, pupil: str, tmp_path: Path) -> None:
    before = own_desk.copied(tmp_path / "backup").home
    here(own_desk.home, "pupils", "forget", pupil)
    content = (own_desk.home / "forgotten.json").read_text(encoding="utf-8")
    assert "Бірегейтек" not in content
    assert [each["pupil"] for each in json.loads(content)["pupils"]] == [pupil]
    assert person(before, pupil) is not None
    database = Database(sqlite_url(before / "poshta.sqlite3"))
    try:
        for expected in ([pupil], []):
            with database.write() as session:
                assert apply_list(session, content) == expected
    finally:
        database.close()
    assert person(before, pupil) is None


@pytest.mark.parametrize(
    ("words", "written", "writer"),
    [
        (("packets", "labels"), LABELS, "packets.label_commands.draw_labels"),
        (("returns",), RETURNED, "scanning.return_commands.draw"),
        (("grades", "export", "{home}/marks.csv", "--names"), "marks.csv", "scanning.grade_book_files._write"),
        (("pupils", "list", "--names", "--out", "{home}/all.csv"), "all.csv", "settlements.roster_lists.write_table"),
    ],
)
def test_a_name_forgotten_while_a_file_with_it_is_written_is_not_in_the_file_afterwards(
    own_desk: SmallDesk, pupil: str, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], written: str, writer: str
) -> None:
    home = own_desk.home
    spoken = [word.format(home=home) for word in words] + (["--week", WEEK] if words[0] != "pupils" else [])
    room, name = writer.rsplit(".", 1)
    write = getattr(importlib.import_module(room), name)

    def meanwhile(*given: Any, **named: Any) -> Any:
        with closing(open_home(home)) as other:
            forget(other, pupil)
        return write(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(writer, meanwhile)
        told = here(home, *spoken)
    assert (told.code, told.body["errors"][0]["code"]) == (8, "busy"), told.out
    assert not [file for file in home.rglob("*") if file.is_file() and _carries(file)]
    assert here(home, *spoken).code in (0, 3)
    assert [file for file in home.rglob("*") if file.is_file() and file.relative_to(home).as_posix().startswith(written)]
    assert not [file for file in home.rglob("*") if file.is_file() and _carries(file)]


def test_an_exported_table_with_names_is_found_by_forgetting_and_one_outside_of_the_desk_is_told(
    own_desk: SmallDesk, pupil: str, tmp_path: Path
) -> None:
    home = own_desk.home
    outside = "outside of the desk"
    for ending in ("csv", "xlsx", "json"):
        assert (
            outside not in here(home, "grades", "export", str(home / f"marks {ending}.{ending}"), "--week", WEEK, "--names", json=False).out
        )
    assert outside not in here(home, "grades", "export", str(home / "codes.csv"), "--week", WEEK).out
    assert outside not in here(home, "grades", "export", str(tmp_path / "codes.csv"), "--week", WEEK, json=False).out
    assert outside in here(home, "grades", "export", str(tmp_path / "marks.csv"), "--week", WEEK, "--names", json=False).out
    assert "Бірегейтек" in (home / "marks csv.csv").read_text(encoding="utf-8-sig")
    told = here(home, "pupils", "forget", pupil)
    assert {f"marks {ending}.{ending}" for ending in ("csv", "xlsx", "json")} <= set(told.data["removed"])
    assert (home / "codes.csv").exists()
    assert f'poshta grades export "{home / "marks csv.csv"}" --week {WEEK} --names' in told.data["again"]


def _carries(file: Path) -> bool:
    """Whether the pupil's last name or parent can be read in a file of the desk."""
    if file.suffix == ".pdf":
        document = pypdfium2.PdfDocument(file)
        words = "".join(document[page].get_textpage().get_text_range() for page in range(len(document)))
        document.close()
    else:
        words = file.read_bytes().decode("utf-8", errors="replace")
    return "Бірегейтек" in words or PARENT in words

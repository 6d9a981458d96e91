"""`pupils forget` on a desk with a finished week: the name leaves every file that the desk wrote, and neither a list nor a restore brings it back."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pypdfium2
import pytest

from records.database import Database, sqlite_url
from settlements.forgetting import apply_list
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
    """The desk's PDFs on which a word is printed."""
    found = set()
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
    assert {LABELS} | returns <= {file.relative_to(home).as_posix() for file in home.rglob("*.pdf")}
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

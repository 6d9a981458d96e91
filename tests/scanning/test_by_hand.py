"""`poshta scan FILE --page CODE`: a sheet whose codes are lost is filed under what a person read off the paper, if the picture agrees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from packets.assignment import ChoiceQuestion, NumberQuestion, OpenQuestion, Question
from packets.layout import Item, Layout
from packets.token import grouped, short_code
from records import schema
from records.home import Home
from records.journal import entries, record
from records.keys import Key
from scanning.verdict import Grey, PageState
from tests.scanning import paper
from tests.scanning import sheets as drawn
from tests.scanning.paper import open_desk

Poshta = Callable[..., Any]
LAYOUT = drawn.choice_layout()
MINE, OTHER = paper.page("P1", 2), paper.page("P2", 2)
CODE = grouped(short_code(MINE))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A desk whose page 2 of each packet is the drawn sheet, with an assignment of as many questions."""
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-20")
    opened = open_desk(tmp_path / "desk")
    key = opened.keys()[0]
    with opened.database.write() as session:
        session.add(schema.Layout(digest=LAYOUT.digest, geometry=LAYOUT.as_json(), blank=_png(drawn.Book(LAYOUT).blank(LAYOUT.digest))))
        session.flush()
        for pupil in paper.PUPILS:
            for number in (1, 2, 3):
                session.get_one(schema.Page, paper.page(pupil, number)).key_id = key.id
            session.get_one(schema.Page, paper.page(pupil, 2)).layout = LAYOUT.digest
        row = session.get_one(schema.Assignment, paper.WORK.code)
        row.definition = replace(paper.WORK, parts=tuple(map(_question, LAYOUT.items))).as_json()
    yield opened
    opened.close()


def _question(item: Item) -> Question:
    if item.rule == "number":
        return NumberQuestion(item.item, "?", "84", 3, Decimal(2))
    if item.rule == "score":
        return OpenQuestion(item.item, "?", 3, Decimal(3))
    return ChoiceQuestion(item.item, "?", ("1", "2", "3", "4", "5"), ("B",), item.rule == "several", False, Decimal(1))


def _png(image: Grey) -> bytes:
    return cv2.imencode(".png", image)[1].tobytes()


def lost(key: Key, page: str = MINE, codes: bool = False) -> Grey:
    """A filled-in sheet of `page` of which both codes are painted over; with `codes` they are only scribbled on."""
    sheet = drawn.Sheet(LAYOUT, 3)
    sheet.page = drawn.printed(LAYOUT, key=key, page=page).astype(np.float32)
    for item in ("1", "2", "3"):
        sheet.fill(item, "B")
    image = sheet.scan().copy()
    if not codes:
        image[80:320, 1330:1580] = 30
        image[2000:2260, 80:320] = 30
    return image


def saved(folder: Path, image: Grey, name: str = "sheet.png") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(_png(image))
    return path


def test_a_sheet_without_codes_is_filed_under_its_short_code_whatever_letters_it_was_typed_with(
    home: Home, tmp_path: Path, poshta: Poshta
) -> None:
    file = saved(tmp_path / "scans", lost(home.keys()[0]))
    told = poshta("scan", str(file))
    assert [(row["state"], row["reason"], row["page"]) for row in told.data["pages"]] == [("unreadable", "code_lost", None)]
    typed = CODE.lower().translate(str.maketrans("abcehkmptxy", "авсенкмртху"))
    told = poshta("scan", str(file), "--page", typed)
    (row,) = told.data["pages"]
    assert (row["state"], row["page"], row["packet"]) == ("read", MINE, paper.packet("P1"))
    with home.database.read() as session:
        assert [(scan.state, scan.page) for scan in session.query(schema.Scan)] == [("read", MINE)]
        assert [entry.subject for entry in entries(session, "scan.named")] == [MINE]
        answers = {answer.item: answer.reading for answer in session.query(schema.Answer)}
    assert {item: answers[item] for item in ("1", "2", "3")} == {item: ["B"] for item in ("1", "2", "3")}


def test_twice_and_an_ordinary_scan_afterwards_change_nothing(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    file = saved(tmp_path / "scans", lost(home.keys()[0]))
    poshta("scan", str(file), "--page", CODE)
    for words in ((str(file), "--page", CODE), (str(file),)):
        (row,) = poshta("scan", *words).data["pages"]
        assert (row["state"], row["reason"], row["page"]) == ("duplicate", "same_file", MINE)
    with home.database.read() as session:
        assert session.query(schema.Scan).count() == 1


def test_a_code_that_still_shows_another_page_is_not_overruled(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    """Whole codes of the other pupil; and codes that no decoder reads but that still say whose they are not."""
    key = home.keys()[0]
    whole = lost(key, OTHER, codes=True)
    torn = whole.copy()
    torn[2000:2260, 80:320] = 30
    torn[110:160, 1370:1420] = 30  # one eye of the other code
    for number, image in enumerate((whole, torn)):
        file = saved(tmp_path / "scans", image, f"{number}.png")
        told = poshta("scan", str(file), "--page", CODE)
        assert told.code == 4
        assert "name another page" in told.body["errors"][0]["text"]
    with home.database.read() as session:
        assert session.query(schema.Scan).count() == 0


def test_what_does_not_look_like_the_page_is_refused(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    other = np.full((2339, 1654), 235, np.uint8)
    for line in range(20):
        cv2.putText(other, "Kvitantsiya No 5512", (200, 300 + 70 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 30, 3)
    upright = Layout(LAYOUT.kind, (), (), "empty")
    bare = drawn.Sheet(upright).scan().copy()
    bare[80:320, 1330:1580] = 30
    bare[2000:2260, 80:320] = 30
    for number, image in enumerate((other, bare)):
        told = poshta("scan", str(saved(tmp_path / "scans", image, f"{number}.png")), "--page", CODE)
        assert told.code == 4
        assert "cannot be filed" in told.body["errors"][0]["text"]


@pytest.mark.parametrize(
    ("words", "code"),
    [(("--page", "2222-2222-22223"), 6), (("--page", "nonsense"), 6), (("--picture", "1"), 2), (("--page", CODE, "--picture", "2"), 2)],
)
def test_what_cannot_be_is_said_with_its_own_exit_code(
    words: tuple[str, ...], code: int, home: Home, tmp_path: Path, poshta: Poshta
) -> None:
    assert poshta("scan", str(saved(tmp_path / "scans", lost(home.keys()[0]))), *words).code == code


def test_nothing_is_filed_under_a_page_that_was_withdrawn(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    with home.database.write() as session:
        session.get_one(schema.Page, MINE).void = True
    assert poshta("scan", str(saved(tmp_path / "scans", lost(home.keys()[0]))), "--page", CODE).code == 7


def test_a_page_read_before_from_another_picture_is_a_duplicate(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    key = home.keys()[0]
    poshta("scan", str(saved(tmp_path / "scans", lost(key, codes=True), "whole.png")))
    (row,) = poshta("scan", str(saved(tmp_path / "scans", lost(key), "lost.png")), "--page", CODE).data["pages"]
    assert (row["state"], row["page"]) == (PageState.DUPLICATE.value, MINE)


def test_a_second_copy_that_filled_a_doubt_may_be_named_twice(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    """Answers hang on the copy's row: named once more, it stays where it is."""
    key = home.keys()[0]
    sheet = drawn.Sheet(LAYOUT, 3)
    sheet.page = drawn.printed(LAYOUT, key=key, page=MINE).astype(np.float32)
    for item, value in (("1", "B"), ("1", "C"), ("2", "B"), ("3", "B")):
        sheet.fill(item, value)
    poshta("scan", str(saved(tmp_path / "scans", sheet.scan(), "doubtful.png")))
    copy = saved(tmp_path / "scans", lost(key), "copy.png")
    poshta("scan", str(copy), "--page", CODE)
    with home.database.read() as session:
        rows = [(scan.id, scan.state) for scan in session.query(schema.Scan)]
        filled = session.query(schema.Answer).filter_by(page=MINE, item="1", superseded_by=None).one()
        assert (filled.reading, (filled.scan, "duplicate")) == (["B"], rows[1])
    told = poshta("scan", str(copy), "--page", CODE)
    assert (told.code, [(row["state"], row["page"]) for row in told.data["pages"]]) == (0, [("duplicate", MINE)])
    with home.database.read() as session:
        assert [(scan.id, scan.state) for scan in session.query(schema.Scan)] == rows


def filed(home: Home) -> tuple[list[Any], list[Any], list[str]]:
    """Scans, answers and packets as they stand, but for what a clock or a counter gave them."""
    with home.database.read() as session:
        scans = [(row.frame, row.part, row.state, row.reason, row.page, row.late) for row in session.query(schema.Scan)]
        answers = session.query(schema.Answer).order_by(schema.Answer.page, schema.Answer.item, schema.Answer.id)
        told = [(row.page, row.item, row.reading, row.state, row.superseded_by, row.scan) for row in answers]
        return scans, told, [row.state for row in session.query(schema.Packet).order_by(schema.Packet.code)]


def test_a_sheet_filed_under_the_wrong_code_is_taken_back_and_filed_under_the_right_one(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    file = saved(tmp_path / "scans", lost(home.keys()[0]))
    wrong = grouped(short_code(OTHER))
    poshta("scan", str(file))
    before = filed(home)
    assert poshta("scan", str(file), "--page", wrong).data["pages"][0]["page"] == OTHER
    assert filed(home) != before
    told = poshta("undo")
    assert (told.code, told.data["action"], told.data["subject"]) == (0, "scan.named", OTHER)
    assert filed(home) == before
    assert poshta("scan", str(file), "--page", CODE).data["pages"][0]["state"] == "read"
    assert {row[0] for row in filed(home)[1]} == {MINE}


def test_a_picture_that_was_never_scanned_before_it_was_named_leaves_nothing_when_taken_back(
    home: Home, tmp_path: Path, poshta: Poshta
) -> None:
    before = filed(home)
    poshta("scan", str(saved(tmp_path / "scans", lost(home.keys()[0]))), "--page", CODE)
    assert poshta("undo", "--dry-run").code == 0
    assert filed(home) != before
    assert poshta("undo").code == 0
    assert filed(home) == before


def test_a_named_copy_gives_back_the_doubt_that_it_filled(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    key = home.keys()[0]
    sheet = drawn.Sheet(LAYOUT, 3)
    sheet.page = drawn.printed(LAYOUT, key=key, page=MINE).astype(np.float32)
    for item, value in (("1", "B"), ("1", "C"), ("2", "B"), ("3", "B")):
        sheet.fill(item, value)
    poshta("scan", str(saved(tmp_path / "scans", sheet.scan(), "doubtful.png")))
    before = filed(home)
    poshta("scan", str(saved(tmp_path / "scans", lost(key), "copy.png")), "--page", CODE)
    assert filed(home) != before
    assert poshta("undo").code == 0
    assert filed(home) == before


def test_a_named_sheet_stays_where_its_packet_went_on(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    poshta("scan", str(saved(tmp_path / "scans", lost(home.keys()[0]))), "--page", CODE)
    with home.database.write() as session:
        session.get_one(schema.Packet, paper.packet("P1")).state = "void"
    before = filed(home)
    told = poshta("undo")
    assert (told.code, filed(home)) == (7, before)


def test_a_sheet_that_noted_something_of_the_road_keeps_its_name(home: Home, tmp_path: Path, poshta: Poshta) -> None:
    """Its notes stand in the records of the route, where `routes note` says otherwise: a sheet without a name would leave them without their paper."""
    poshta("scan", str(saved(tmp_path / "scans", lost(home.keys()[0]))), "--page", CODE)
    with home.database.write() as session:
        (named,) = entries(session, "scan.named")
        record(session, "scan.manifest", "R1", page=MINE, fields=3)
        record(session, "scan.named", MINE, **named.details)
    before = filed(home)
    told = poshta("undo")
    assert (told.code, filed(home)) == (7, before)
    assert "routes note" in told.out

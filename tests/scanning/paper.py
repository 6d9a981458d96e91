"""A small desk with two packets, and pictures that say in their pixels what the fake reader is to see. No real page is drawn or read here."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from packets.assignment import Assignment, ChoiceQuestion, NumberQuestion, OpenQuestion
from packets.layout import Box, BoxKind, Item, Layout, PageKind
from packets.token import short_code
from records import schema
from records.home import Home, make_home, open_home
from records.lifecycle import PacketState
from scanning.verdict import Blank, Chosen, Colour, Doubt, DoubtReason, Grey, ItemVerdict, Judgement, PageBook, PageState, PageVerdict

WEEK = "2026-W41"
RETURN_BY = date(2026, 10, 26)
PUPILS = ("P1", "P2")
WORK = Assignment(
    code="math-5",
    subject="math",
    grade=5,
    language="kk",
    title="Жай бөлшектер",
    kind="formative",
    week=WEEK,
    lesson=None,
    parts=(
        ChoiceQuestion("1", "1/2 + 1/4 = ?", ("3/4", "1/6", "2/6", "1/8"), ("A",), False, False, Decimal(1)),
        ChoiceQuestion("2", "Жұп сандар?", ("2", "3", "4", "5"), ("A", "C"), True, True, Decimal(2)),
        NumberQuestion("3", "7 × 12 = ?", "84", 3, Decimal(2)),
        OpenQuestion("4", "Түсіндір", 5, Decimal(3)),
    ),
)
ITEMS = {2: ("1", "2"), 3: ("3", "4")}  # by the page's number in its packet; page 1 is the cover


def page(pupil: str, number: int) -> str:
    """The id of a page of `pupil`'s packet: 1 is the cover, 2 and 3 are worksheets."""
    return f"{PUPILS.index(pupil) + 1:013x}{number:x}"


def packet(pupil: str) -> str:
    return f"K-{pupil}"


def open_desk(folder: Path) -> Home:
    """A desk with one assignment, two pupils of grade 5 and a packet of a cover and two worksheets each.

    On SQLite it is a copy of one that was made before; on another database (POSHTA_DATABASE) it is made there.
    """
    if os.environ.get("POSHTA_DATABASE"):
        return _made(folder)
    shutil.copytree(_template(), folder)
    return open_home(folder)


@lru_cache(maxsize=1)
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="poshta-desk-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _made(folder / "desk").close()
    return folder / "desk"


def _made(folder: Path) -> Home:
    home, _key = make_home(folder)
    with home.database.write() as session:
        at = datetime(2026, 9, 25, 9, 0)
        session.add(_assignment(at))
        layouts = {number: _layout(number) for number in (1, 2, 3)}
        blank = cv2.imencode(".png", np.full((20, 20), 255, np.uint8))[1].tobytes()
        session.add_all(schema.Layout(digest=layout.digest, geometry=layout.as_json(), blank=blank) for layout in layouts.values())
        for pupil in PUPILS:
            session.add(schema.Pupil(code=pupil, grade=5, language="kk", kato="591000000", school="S1"))
            session.add(schema.Person(code=pupil, role="pupil", last_name=f"Тегі-{pupil}", first_name="=Әсел"))
            session.add(_packet(pupil, at))
        session.flush()
        session.add_all(_page(pupil, number, layouts[number].digest) for pupil in PUPILS for number in (1, 2, 3))
    return home


def _assignment(at: datetime) -> schema.Assignment:
    return schema.Assignment(
        code=WORK.code,
        week=WEEK,
        subject="math",
        grade=5,
        language="kk",
        kind=WORK.kind,
        title=WORK.title,
        definition=WORK.as_json(),
        printed_digest=WORK.printed_digest,
        key_digest=WORK.key_digest,
        scored_digest=WORK.key_digest,
        added_at=at,
    )


def _layout(number: int) -> Layout:
    items = ITEMS.get(number, ())
    boxes = tuple(Box(item, "A", "A", BoxKind.CHOICE, (30.0, 60.0 + 20 * place)) for place, item in enumerate(items))
    kind = PageKind.WORKSHEET if items else PageKind.COVER
    return Layout(kind, boxes, tuple(Item(item, "one", "1") for item in items), f"print-{number}")


def _packet(pupil: str, at: datetime) -> schema.Packet:
    return schema.Packet(
        code=packet(pupil),
        week=WEEK,
        pupil=pupil,
        kato="591000000",
        school="S1",
        state=PacketState.BUILT.value,
        input_digest="",
        pdf="",
        pdf_digest="",
        sheets=3,
        grams=35,
        return_by=RETURN_BY,
        built_at=at,
    )


def _page(pupil: str, number: int, layout: str) -> schema.Page:
    identity = page(pupil, number)
    return schema.Page(
        id=identity,
        short_code=short_code(identity),
        kind="cover" if number == 1 else "worksheet",
        week=WEEK,
        packet=packet(pupil),
        pupil=pupil,
        assignment=None if number == 1 else WORK.code,
        number=number,
        of=3,
        pdf="",
        pdf_page=number,
        layout=layout,
        key_id="k",
    )


@dataclass(frozen=True)
class Sheet:
    """What the fake reader sees: a page with answers such as {"1": "A", "2": "A,C", "3": "", "4": "?faint:1"}."""

    page: str | None
    answers: Mapping[str, str]
    state: str = ""
    reason: str = ""


def picture(*sheets: Sheet, note: str = "") -> Grey:
    """A picture whose pixels say what is on it; `note` makes two pictures of the same sheets differ."""
    body = json.dumps({"note": note, "sheets": [[sheet.page, dict(sheet.answers), sheet.state, sheet.reason] for sheet in sheets]})
    letters = np.frombuffer(body.encode(), np.uint8)
    side = 64
    image = np.zeros((side, side), np.uint8)
    image.flat[: len(letters)] = letters
    return image


def save(path: Path, *sheets: Sheet, note: str = "") -> Path:
    """One picture as a PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture(*sheets, note=note)).save(path)
    return path


def save_pages(path: Path, pictures: Sequence[Grey]) -> Path:
    """Several pictures as one TIFF."""
    first, *rest = [Image.fromarray(each) for each in pictures]
    first.save(path, save_all=True, append_images=rest)
    return path


def fake_reader(image: Grey, book: PageBook, *, colour: Colour | None = None) -> list[PageVerdict]:
    """The reader of these tests: believes what the pixels say."""
    text = bytes(image.ravel()).rstrip(b"\0").decode()
    if text.startswith("raise"):
        raise ZeroDivisionError(text)
    return [_verdict(part, *each) for part, each in enumerate(json.loads(text)["sheets"], start=1)]


def _verdict(part: int, identity: str | None, answers: dict[str, str], state: str, reason: str) -> PageVerdict:
    items = tuple(ItemVerdict(item, _judgement(said)) for item, said in answers.items())
    doubtful = any(isinstance(each.judgement, Doubt) for each in items)
    found = PageState(state) if state else PageState.DOUBTFUL if doubtful else PageState.READ
    return PageVerdict(found, reason, identity, items, 0.1, {"said": answers}, part)


def _judgement(said: str) -> Judgement:
    if said.startswith("?"):
        reason, _colon, candidates = said[1:].partition(":")
        return Doubt(DoubtReason(reason), tuple(candidates.split("|")) if candidates else ())
    return Chosen(tuple(said.split(","))) if said else Blank()

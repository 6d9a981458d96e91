"""A desk whose pages are measured, not drawn: pictures that say which mark stands in which box, and a reader that judges the numbers of such marks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from packets.layout import Box, BoxKind, Item, Layout, PageKind
from records import schema
from records.grades import Decision, recorded
from records.home import Home
from scanning.judge import judge_page
from scanning.page import state_of
from scanning.thresholds import THRESHOLDS, Thresholds
from scanning.verdict import MEASUREMENTS, Colour, Grey, PageBook, PageVerdict
from tests.scanning.paper import ITEMS, fake_reader, open_desk, page
from tests.scanning.test_judge import CLEAN, CROSSED_OUT, DOT, FAINT, FILLED, RUBBED, TICK

MARKS = {"filled": FILLED, "tick": TICK, "faint": FAINT, "rubbed": RUBBED, "crossed": CROSSED_OUT, "dot": DOT}
RULES = {"1": "one", "2": "several", "3": "number", "4": "score"}


def measured_desk(folder: Path) -> Home:
    """The small desk of tests.scanning.paper, with boxes for all that its questions ask."""
    home = open_desk(folder)
    with home.database.write() as session:
        for number in ITEMS:
            row = session.get_one(schema.Layout, session.get_one(schema.Page, page("P1", number)).layout)
            row.geometry = boxes_of(number).as_json()
    return home


def boxes_of(number: int) -> Layout:
    """The layout of a worksheet: four letters, three columns of digits, points from 0 to 3."""
    boxes: list[Box] = []
    for item in ITEMS[number]:
        if RULES[item] == "number":
            boxes += [
                Box(item, str(d), str(d), BoxKind.DIGIT, (50.0 + 8 * d, 60.0 + 9 * c), column=c) for c in (1, 2, 3) for d in range(10)
            ]
        else:
            letters, kind = ("0123", BoxKind.SCORE) if RULES[item] == "score" else ("ABCD", BoxKind.CHOICE)
            boxes += [Box(item, each, each, kind, (50.0 + 10 * place, 100.0 + 10 * int(item))) for place, each in enumerate(letters)]
    return Layout(PageKind.WORKSHEET, tuple(boxes), tuple(Item(item, RULES[item], "1") for item in ITEMS[number]), f"print-{number}")


def measurements(layout: Layout, marks: Mapping[str, str]) -> dict[str, Any]:
    """What a reader would have measured. `marks`: for an item its marks, as in "A:filled B:rubbed"; a digit with its column, as in "2.8:filled"."""
    said = {item: dict(word.split(":") for word in words.split()) for item, words in marks.items()}
    taken = [MARKS.get(said.get(box.item, {}).get(_name(box), ""), CLEAN).as_list() for box in layout.boxes]
    return {"format": MEASUREMENTS, "boxes": taken, "rows": [[item.item, 0.8, 0.0, 0.0] for item in layout.items]}


def _name(box: Box) -> str:
    return f"{box.column}.{box.value}" if box.column else box.value


def measuring_reader(
    image: Grey, book: PageBook, thresholds: Thresholds = THRESHOLDS, *, colour: Colour | None = None
) -> list[PageVerdict]:
    """Sees what the picture says, in numbers, and judges these by `thresholds`."""
    return [_judged(verdict, book, thresholds) for verdict in fake_reader(image, book)]


def _judged(verdict: PageVerdict, book: PageBook, thresholds: Thresholds) -> PageVerdict:
    known = book.page(verdict.page_id or "")
    assert known is not None
    layout = book.layout(known.layout)
    taken = measurements(layout, verdict.measurements["said"])
    items = judge_page(taken, layout, thresholds)
    state, reason = state_of(items)
    return PageVerdict(state, reason, verdict.page_id, items, 0.1, taken, verdict.part)


def held(home: Home) -> dict[tuple[str, str], Decision]:
    """What stands of every answer."""
    with home.database.read() as session:
        return {(each.page, each.item): each for each in recorded(session)}


def states(home: Home) -> list[tuple[str, str | None, str]]:
    """The state, page and reason of every scan."""
    with home.database.read() as session:
        return [(row.state, row.page, row.reason) for row in session.scalars(select(schema.Scan).order_by(schema.Scan.id))]


def everything(home: Home) -> dict[str, list[str]]:
    """Every row of every table."""
    with home.database.read() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(select(table))) for table in schema.Table.metadata.sorted_tables
        }

"""The list of items handed to the post, in the columns of form 103: to be signed on both sides, with room for the post's stickers.

Kazpost's own text of the form was not found: the columns are those of its relatives of the same root, without telephone, declared value
and cash on delivery. Each sheet says that it is unverified. No names of people: places, and codes of packets. routing/postal_commands
gathers the items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from packets.layout import LYING_MM
from packets.paper import Face, Pen
from records.language import N_, in_both, short_date, translate
from routing.manifest_form import fitted, in_two, signature_line
from routing.words import in_words

LEFT, RIGHT, TOP, BOTTOM = 10.0, 287.0, 10.0, 200.0
TABLE_TOP, HEADING_MM, ROW_MM, FOOT_MM = 46.0, 10.0, 14.0, 44.0
COLUMNS = (13.0, 83.0, 56.0, 28.0, 18.0, 19.0, 60.0)
EDGES = tuple(LEFT + sum(COLUMNS[:place]) for place in range(len(COLUMNS) + 1))
HEADINGS = (
    N_("No."),
    N_("Where to"),
    N_("To whom"),
    N_("Remarks"),
    N_("Mass, g"),
    N_("Charge"),
    N_("Number of the item (sticker)"),
)
PER_SHEET = int((BOTTOM - TABLE_TOP - HEADING_MM) / ROW_MM)
ON_THE_LAST = int((BOTTOM - TABLE_TOP - HEADING_MM - FOOT_MM) / ROW_MM)


@dataclass(frozen=True, slots=True)
class Item:
    """One packet: `where` the post office and the village, `number` the post's own where it is known."""

    packet: str
    where: str
    village: str
    grams: int
    number: str = ""


@dataclass(frozen=True, slots=True)
class ItemList:
    """The list of one manifest: `code` is its number, `sender` the desk's own address."""

    code: str
    week: str
    date: str
    office: str
    sender: str
    items: tuple[Item, ...]


def draw_form103(listed: ItemList) -> bytes:
    """The list as A4 sheets, lying; the same list gives the same bytes."""
    pen, sheets = Pen(LYING_MM, listed.code), _sheets(listed.items)
    for number, part in enumerate(sheets, start=1):
        _head(pen, listed, number, len(sheets))
        top = TABLE_TOP + HEADING_MM
        for place, item in part:
            _row(pen, top, place, item)
            top += ROW_MM
        if number == len(sheets):
            _foot(pen, top, listed)
        pen.end_page()
    return pen.pdf()


def _sheets(items: Sequence[Item]) -> list[list[tuple[int, Item]]]:
    """The items, counted from 1, sheet by sheet; the last keeps room for the foot."""
    left, made = list(enumerate(items, start=1)), list[list[tuple[int, Item]]]()
    while len(left) > ON_THE_LAST:
        take = PER_SHEET if len(left) > PER_SHEET else len(left) - 1  # no sheet holds the foot alone
        made.append(left[:take])
        left = left[take:]
    return [*made, left]


def _head(pen: Pen, listed: ItemList, number: int, of: int) -> None:
    pen.text(LEFT, TOP + 6, in_both(N_("List of items, form 103")), 14, Face.BOLD)
    fitted(pen, RIGHT, TOP + 6, _numbered(number, of), 10, 60, align="right")
    fitted(pen, LEFT, TOP + 11.5, in_both(N_("unverified: not compared with Kazpost's own form")), 10, 200, Face.BOLD)
    day = short_date(date.fromisoformat(listed.date))
    fields = (
        (N_("List No."), listed.code, 75.0),
        (N_("Date"), day, 32.0),
        (N_("Study week"), listed.week, 32.0),
        (N_("Accepting office"), listed.office, 62.0),
        (N_("Kind and category"), "", 70.0),
    )
    x = LEFT
    for label, value, width in fields:
        in_two(pen, x, TOP + 16.5, label, 7.5, width - 2, 2.9)
        if value:
            fitted(pen, x, TOP + 24.5, value, 12, width - 2, Face.BOLD)
        else:
            pen.line(x, TOP + 25, x + width - 2, TOP + 25, 0.2)
        x += width
    sender = f"{in_both(N_('Sender'))}: {listed.sender or '_' * 60}"
    fitted(pen, LEFT, TOP + 32, sender, 11, RIGHT - LEFT)
    pen.rectangle(LEFT, TABLE_TOP, RIGHT - LEFT, HEADING_MM, fill=0.9, outline=0.3)
    for place, heading in enumerate(HEADINGS):
        in_two(pen, EDGES[place] + 1, TABLE_TOP + 4.2, heading, 9, COLUMNS[place] - 2, 4.0, Face.BOLD)


def _numbered(number: int, of: int) -> str:
    words = N_("sheet {number} of {of}")
    return " / ".join(translate(words, language).format(number=number, of=of) for language in ("kk", "ru"))


def _row(pen: Pen, top: float, place: int, item: Item) -> None:
    pen.rectangle(LEFT, top, RIGHT - LEFT, ROW_MM, outline=0.3)
    for edge in EDGES[1:-1]:
        pen.line(edge, top, edge, top + ROW_MM, 0.2)
    pen.text(EDGES[1] - 2, top + 8.5, str(place), 12, align="right")
    fitted(pen, EDGES[1] + 1.5, top + 5.5, item.where, 11, COLUMNS[1] - 3)
    fitted(pen, EDGES[1] + 1.5, top + 11, item.village, 10, COLUMNS[1] - 3)
    fitted(pen, EDGES[2] + 1.5, top + 5.5, in_both(N_("by the packet's code")), 8, COLUMNS[2] - 3)
    fitted(pen, EDGES[2] + 1.5, top + 11, item.packet, 12, COLUMNS[2] - 3, Face.BOLD)
    pen.text(EDGES[5] - 2, top + 8.5, str(item.grams), 12, align="right")
    if item.number:
        fitted(pen, (EDGES[6] + EDGES[7]) / 2, top + 9, item.number, 14, COLUMNS[6] - 3, Face.BOLD, "center")


def _foot(pen: Pen, top: float, listed: ItemList) -> None:
    count, grams = len(listed.items), sum(item.grams for item in listed.items)
    message = N_("Total: items {count} ({words}), mass {grams} g ({mass_words}).")
    for line, language in enumerate(("kk", "ru")):
        total = translate(message, language).format(
            count=count, words=in_words(count, language, feminine=False), grams=grams, mass_words=in_words(grams, language)
        )
        fitted(pen, LEFT, top + 6 + line * 5.5, total, 11, RIGHT - LEFT, Face.BOLD)
    signature_line(pen, LEFT, top + 26, 85, N_("handed over by (sender), name, signature"))
    signature_line(pen, LEFT + 140, top + 26, 85, N_("accepted by, name, signature"))
    for x, words in ((LEFT + 90, N_("stamp")), (LEFT + 230, N_("calendar stamp"))):
        in_two(pen, x, top + 24, words, 9, 40, 3.8)

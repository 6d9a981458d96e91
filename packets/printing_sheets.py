"""The separator that begins every batch: what the batch holds, a line of 100 mm to hold a ruler against, and how to print. No names, no codes to scan.

packets/printing_press puts it before the batch; packets/bundle_cover draws with the same `JobSheet`. Everything is in Kazakh and Russian, and
in the language of the person at the desk where that is another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from packets.paper import GREY, PALE, Face, width_mm
from packets.press import Page, Stamp
from packets.printing import LISTED_FIRST, LISTED_NEXT, Bag, Batch, Part, Way
from packets.typeset import Type, draw_line, plain, wrap
from records.language import N_, current_language, in_both, translate

LEFT, RIGHT, TOP = 18.0, 192.0, 18.0
RULER_MM, RULER_TOP = 100.0, 268.0
TABLE_TOP, NEXT_TOP, ROW_MM = 68.0, 36.0, 5.6
INSTRUCTIONS_TOP = 180.0  # below the longest table of a first page
NUMBERS = (142.0, 167.0, RIGHT)  # right edges of the columns: packets, sheets, grams
BODY, SMALL = Type(9.5, 4.7), Type(8.0, 4.0)
HEAVY_MOST = 4  # sentences about what is too heavy; the command tells all
FULL_SIZE = N_("Print at 100 %, without «fit to page»: measure the line below before the rest is printed.")
SIDES = {
    False: N_("Print on one side of the paper."),
    True: N_("Print on both sides, turned over the long edge; backs of worksheets stay white."),
}
AWAY = N_("This sheet goes into no bag and is not scanned.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a batch stands in its job: number `number` of `of` of a study week. `heavy`: sentences about what is too heavy in it."""

    week: str
    number: int
    of: int
    heavy: tuple[str, ...] = ()


class JobSheet:
    """One sheet of the job that is no pupil's page: words set from the top down, in millimetres from its top left."""

    def __init__(self) -> None:
        self.stamp = Stamp()

    @property
    def page(self) -> Page:
        """As the press takes it."""
        return Page(None, self.stamp)

    def words(
        self, x: float, y: float, words: str, size: float, room: float, face: Face = Face.REGULAR, align: str = "left", grey: float = 0.0
    ) -> None:
        """One line with its baseline at `y`, made smaller where it is wider than `room`."""
        wide = width_mm(words, size, face)
        self.stamp.text(x, y, words, size * min(1.0, room / wide) if wide else size, face, align, grey)

    def paragraph(self, x: float, y: float, words: str, room: float, type_: Type = BODY, bold: bool = False) -> float:
        """Lines no wider than `room` from `y` down; answers where they end."""
        for line in wrap(plain(words, bold), room, type_):
            draw_line(self.stamp, line, x, y + type_.baseline, type_)
            y += type_.leading
        return y

    def rule(self, y: float, grey: float = PALE) -> None:
        """A thin line from edge to edge."""
        self.stamp.line(LEFT, y, RIGHT, y, 0.15, grey)


def in_all(message: str) -> list[str]:
    """A sentence in Kazakh, in Russian, and in the desk's language where that is another; each once."""
    return list(dict.fromkeys(translate(message, language) for language in ("kk", "ru", current_language())))


def separator(batch: Batch, place: Place, way: Way, grams: Sequence[int]) -> list[Page]:
    """The separator's pages; `grams` of each part of the batch."""
    rows = [(part, part.sheets(way), weight) for part, weight in zip(batch.parts, grams, strict=True)]
    first = JobSheet()
    _head(first, batch, place, way)
    _table(first, TABLE_TOP, rows[:LISTED_FIRST])
    _instructions(first, place, way)
    _ruler(first)
    pages = [first.page]
    for start in range(LISTED_FIRST, len(rows), LISTED_NEXT):
        more = JobSheet()
        _title(more, place)
        _table(more, NEXT_TOP, rows[start : start + LISTED_NEXT])
        pages.append(more.page)
    return pages


def _title(sheet: JobSheet, place: Place) -> None:
    sheet.words(LEFT, TOP + 6, in_both(N_("Print batch")), 16, 125, Face.BOLD)
    sheet.words(RIGHT, TOP + 8, f"{place.number} / {place.of}", 30, 50, Face.BOLD, "right")
    sheet.rule(TOP + 12, 0.0)


def _head(sheet: JobSheet, batch: Batch, place: Place, way: Way) -> None:
    _title(sheet, place)
    route, y = batch.route, TOP + 19
    count = len(batch.packets)
    lines = [
        (N_("Study week"), place.week),
        (N_("Route"), f"{route.code}   {route.date}" if route.code else in_both(N_("no route yet: by village"))),
        (N_("Post office"), f"{route.office}   {route.vehicle}".strip()),
        (N_("Packets, sheets"), f"{count},  {batch.sheets(way)}"),
    ]
    for label, said in lines:
        if said:
            sheet.words(LEFT, y, in_both(label), SMALL.size, 50, grey=GREY)
            sheet.words(LEFT + 54, y, said, 12, RIGHT - LEFT - 54, Face.BOLD)
            y += 6.6


def _table(sheet: JobSheet, top: float, rows: Sequence[tuple[Part, int, int]]) -> None:
    y = top + 4
    sheet.words(LEFT, y, in_both(N_("Stop")), SMALL.size, 24, grey=GREY)
    sheet.words(LEFT + 26, y, in_both(N_("Village")), SMALL.size, 60, grey=GREY)
    for edge, label in zip(NUMBERS, (N_("packets"), N_("sheets"), N_("grams")), strict=True):
        sheet.words(edge, y, in_both(label), SMALL.size, 22, align="right", grey=GREY)
    for part, sheets, grams in rows:
        y += ROW_MM
        sheet.rule(y - 4.2)
        bag = part.bag
        sheet.words(LEFT, y, str(bag.stop or "—"), BODY.size, 10, Face.BOLD)
        room = NUMBERS[0] - LEFT - 52
        whole = len(part.packets) == len(bag.packets)
        counted = str(len(part.packets)) if whole else f"{part.start + 1}–{part.end} / {len(bag.packets)}"
        sheet.words(LEFT + 10, y, bag.kato, BODY.size, 20)
        sheet.words(LEFT + 32, y, _named(bag, room), BODY.size, room)
        for edge, said in zip(NUMBERS, (counted, str(sheets), str(grams)), strict=True):
            sheet.words(edge, y, said, BODY.size, 19, align="right")


def _named(bag: Bag, room: float) -> str:
    """Both names of the village; the first alone where both would be too small to read."""
    known = list(dict.fromkeys(name for name in bag.names if name))
    both = " / ".join(known)
    return both if width_mm(both, SMALL.size) <= room else known[0]


def _instructions(sheet: JobSheet, place: Place, way: Way) -> None:
    y = INSTRUCTIONS_TOP
    for sentence in place.heavy[:HEAVY_MOST]:
        y = sheet.paragraph(LEFT, y, sentence, RIGHT - LEFT, SMALL, bold=True)
    said = [in_all(message) for message in (FULL_SIZE, SIDES[way.duplex], AWAY)]
    for translated in zip(*said, strict=True):
        y = sheet.paragraph(LEFT, y + 1.2, " ".join(translated), RIGHT - LEFT)


def _ruler(sheet: JobSheet) -> None:
    """A line of exactly 100 mm, with a stroke at every centimetre."""
    sheet.stamp.line(LEFT, RULER_TOP, LEFT + RULER_MM, RULER_TOP, 0.3)
    for place in range(11):
        high = 4.0 if place % 5 == 0 else 2.5
        sheet.stamp.line(LEFT + 10 * place, RULER_TOP - high, LEFT + 10 * place, RULER_TOP, 0.3)
    measured = "   ".join(in_all(N_("measure: 100 mm")))
    sheet.words(LEFT + RULER_MM + 5, RULER_TOP, measured, BODY.size, RIGHT - LEFT - RULER_MM - 5, Face.BOLD)

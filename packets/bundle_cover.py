"""The two covers of a village's bundle: outside the bag codes only; inside, sealed in, a list with codes and first names.

Drawn for packets/printing_press. Both are in Kazakh and Russian, so that the outside does not tell what anybody learns in.
"""

from __future__ import annotations

from packets.paper import GREY, Face
from packets.press import Page
from packets.printing import COVER_FIRST, Bag, Printed
from packets.printing_sheets import BODY, LEFT, RIGHT, SMALL, TOP, JobSheet, in_all
from records.language import N_, in_both

ROW_MM, TICK_MM = 6.6, 4.0
CODES_TOP, CODES_ROWS, CODES_COLUMNS, CODE_LEADING = 138.0, 26, 3, 5.2


def outside(bag: Bag, week: str, sheets: int, grams: int) -> Page:
    """The sheet on the bag: where it goes, how much is in it, the packets' codes."""
    sheet = JobSheet()
    _head(sheet, bag, week, in_both(N_("Bag")))
    room = RIGHT - LEFT
    y = 72.0
    for name, size in zip(dict.fromkeys(name for name in bag.names if name), (38.0, 26.0), strict=False):
        sheet.words(LEFT, y, name, size, room, Face.BOLD)
        y += 15
    sheet.words(LEFT, y, bag.kato, 18, room)
    counted = f"{in_both(N_('packets inside'))}: {len(bag.packets)}"
    sheet.words(LEFT, 116, counted, 18, room, Face.BOLD)
    weighed = f"{in_both(N_('sheets'))}: {sheets}     {in_both(N_('grams'))}: {grams}"
    sheet.words(LEFT, 125, weighed, 12, room)
    _codes(sheet, bag)
    y = 273.0
    for sentence in in_all(N_("Lay this sheet on the bundle, or stick it to the bag. It carries codes only.")):
        y = sheet.paragraph(LEFT, y, sentence, room, SMALL)
    return sheet.page


def inside(bag: Bag, week: str) -> list[Page]:
    """The list in the bag, by which packets are handed out; as many pages as it needs."""
    return [_list(bag, week, start) for start in range(0, len(bag.packets), COVER_FIRST)]


def _head(sheet: JobSheet, bag: Bag, week: str, title: str) -> None:
    sheet.words(LEFT, TOP + 6, title, 16, 120, Face.BOLD)
    sheet.words(RIGHT, TOP + 6, week, 16, 50, Face.BOLD, "right")
    sheet.rule(TOP + 10, 0.0)
    if bag.route.code:
        on = f"{bag.route.code}   {bag.route.date}   {bag.route.office}"
        sheet.words(LEFT, TOP + 17, on, BODY.size, 140)
        sheet.words(RIGHT, TOP + 27, str(bag.stop), 40, 30, Face.BOLD, "right")
        sheet.words(RIGHT, TOP + 32, in_both(N_("stop")), SMALL.size, 30, align="right", grey=GREY)


def _codes(sheet: JobSheet, bag: Bag) -> None:
    """As many codes as the sheet holds; where there are more, their number is told instead of the rest."""
    room = (RIGHT - LEFT) / CODES_COLUMNS
    most = CODES_ROWS * CODES_COLUMNS
    shown = [packet.packet for packet in bag.packets]
    if len(shown) > most:
        shown = [*shown[: most - 1], f"… + {len(shown) - most + 1}"]
    for place, code in enumerate(shown):
        column, row = divmod(place, CODES_ROWS)
        sheet.words(LEFT + column * room, CODES_TOP + row * CODE_LEADING, code, BODY.size, room - 4)


def _list(bag: Bag, week: str, start: int) -> Page:
    sheet = JobSheet()
    _head(sheet, bag, week, in_both(N_("Inside the bag")))
    named = " / ".join(dict.fromkeys(name for name in bag.names if name)) or bag.kato
    sheet.words(LEFT, TOP + 25, named, 16, 140, Face.BOLD)
    sheet.words(LEFT, TOP + 31, f"{bag.kato}   {in_both(N_('packets inside'))}: {len(bag.packets)}", BODY.size, 140)
    y = TOP + 40.0
    for x, label in zip((LEFT, LEFT + 10, LEFT + 74, RIGHT), ("№", N_("Packet"), N_("First name"), N_("handed out")), strict=True):
        right = x == RIGHT
        sheet.words(x, y, label if label == "№" else in_both(label), SMALL.size, 60, align="right" if right else "left", grey=GREY)
    for number, packet in enumerate(bag.packets[start : start + COVER_FIRST], start=start + 1):
        y += ROW_MM
        _row(sheet, y, number, packet)
    sheet.words(LEFT, 281, in_both(N_("This list carries names: it stays inside the sealed bag.")), SMALL.size, RIGHT - LEFT)
    return sheet.page


def _row(sheet: JobSheet, y: float, number: int, packet: Printed) -> None:
    sheet.rule(y - 4.9)
    sheet.words(LEFT, y, str(number), BODY.size, 9)
    sheet.words(LEFT + 10, y, packet.packet, BODY.size, 60)
    sheet.words(LEFT + 74, y, packet.first_name or "—", 11, 70, Face.BOLD)
    sheet.stamp.rectangle(RIGHT - TICK_MM, y - TICK_MM + 0.6, TICK_MM, TICK_MM)

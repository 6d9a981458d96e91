"""The form beneath a manifest's words: its boxes, and what is printed alike on every manifest with the same number of stops. Pure but for fonts.

A4 lying; millimetres from the sheet's top left as it is printed. The reader knows the same sheet upright (packets.layout: `upright`), with
the codes and fiducials of every page of ours. routing/sheet writes a route's own words into it; docs/manifest.md names the items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from packets.layout import FIDUCIALS, LYING_MM, PITCH_MM, ROW_MM, Box, BoxKind, Item, Layout, PageKind, upright
from packets.legend import draw_example
from packets.paper import GREY, Face, Pen, width_mm
from packets.press import blank_png
from records.language import N_, in_both, translate

LEFT, RIGHT = 14.0, 283.0
TABLE_TOP, HEADING_MM = 46.5, 8.5
FIRST_ROW, TABLE_BOTTOM = TABLE_TOP + HEADING_MM, 169.0  # below stand the second code and its white
BAND_TOP, BAND_BOTTOM, BAND_RIGHT = 170.5, 188.0, 255.0
COLUMNS = (8.0, 44.0, 22.0, 15.0, 101.0, 49.0, 30.0)
EDGES = tuple(LEFT + sum(COLUMNS[:place]) for place in range(len(COLUMNS) + 1))
ORDER, VILLAGE, TIME, OUT, BACK, OUTCOME, SIGNED = range(len(COLUMNS))
HEADINGS = (
    "№",
    N_("Village"),
    N_("Time and km"),
    N_("Hand over"),
    N_("Take back: count them, fill the digits"),
    N_("What happened"),
    N_("Signatures"),
)
DELIVERED, NOBODY, ROAD_CLOSED, REFUSED = OUTCOMES = ("delivered", "nobody", "road_closed", "refused")
OUTCOME_WORDS = {
    DELIVERED: N_("handed out"),
    NOBODY: N_("nobody there"),
    ROAD_CLOSED: N_("road closed"),
    REFUSED: N_("would not take it"),
}
OUTCOME_ITEM, BACK_ITEM, ADDED = "s{order}.outcome", "s{order}.back", "x{supplement}."
ODOMETER_START, ODOMETER_END, ALL_BACK = "odometer.start", "odometer.end", "packets.back"
FOOT_NUMBERS = (
    (ODOMETER_START, N_("Odometer at the start, km"), 6),
    (ODOMETER_END, N_("Odometer at the end, km"), 6),
    (ALL_BACK, N_("Packets counted back at the office"), 0),  # as many digits as the route may need
)
FOOT_FIRST_MM, FOOT_STEP = 8.2, 90.0  # from the rows to the foot's first circles; from one of its numbers to the next
SIGNERS = (N_("handed over at the office"), N_("received by the driver"), N_("returned by the driver"), N_("received back at the office"))
SIGNED_MM = 17.0  # what a supplement keeps for its signatures
SQUARE_MM = 6.6  # to write the digit into, before its circle
FIRST_CIRCLE = 24.0  # from the left of the column: beyond the number expected and the square
WORDS_PT, DIGITS_PT = 8.0, 9.0
EDGE_MM = 0.5  # of a row, above its digits and below them


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet: for each stop its place in the route and the digits of its count, 0 where nothing is counted.

    `foot`: digits of all packets that came back; 0 without odometer and sums. `supplement`: its number, which its items begin with.
    """

    stops: tuple[tuple[int, int], ...]
    foot: int = 0
    supplement: int = 0
    last: bool = False

    @property
    def tops(self) -> tuple[float, ...]:
        """The top of every row, and the bottom of the last."""
        heights = [row_height(digits) for _order, digits in self.stops]
        return tuple(FIRST_ROW + sum(heights[:place]) for place in range(len(heights) + 1))


def item_name(form: Form, item: str, order: int) -> str:
    """The name of an item of a stop: s3.outcome; on the second supplement of the route x2.s3.outcome."""
    return (ADDED.format(supplement=form.supplement) if form.supplement else "") + item.format(order=order)


def foot_height(digits: int) -> float:
    """The height of the foot, where the packets that came back are counted in so many digits; 0: lines for signatures alone."""
    if not digits:
        return SIGNED_MM
    return FOOT_FIRST_MM + max(5 * ROW_MM + 3.7, digits * ROW_MM + 19.5)


def row_height(digits: int) -> float:
    """The height of a stop's row: a line of circles for each digit."""
    return max(2, digits) * ROW_MM + 2 * EDGE_MM


def boxes(form: Form) -> tuple[Box, ...]:
    """Every box of the sheet, in the order of its items, where it is printed."""
    made: list[Box] = []
    for (order, digits), top in zip(form.stops, form.tops, strict=False):
        made += outcome_boxes(item_name(form, OUTCOME_ITEM, order), top)
        made += number_boxes(item_name(form, BACK_ITEM, order), EDGES[BACK] + FIRST_CIRCLE, top + EDGE_MM + ROW_MM / 2, digits)
    if form.foot:
        for place, (item, _words, digits) in enumerate(FOOT_NUMBERS):
            made += number_boxes(item, *_foot_circle(form, place), digits or form.foot)
    return tuple(made)


def outcome_boxes(item: str, top: float) -> list[Box]:
    """The four circles of a stop, two above two."""
    made = []
    for place, value in enumerate(OUTCOMES):
        x = EDGES[OUTCOME] + 4.5 + place % 2 * COLUMNS[OUTCOME] / 2
        made.append(Box(item, value, value, BoxKind.TICK, (round(x, 3), round(top + EDGE_MM + ROW_MM / 2 + place // 2 * ROW_MM, 3))))
    return made


def number_boxes(item: str, x: float, y: float, digits: int) -> list[Box]:
    """Lines of ten circles, 0 at the left: the first digit of the number above, the last one below."""
    return [
        Box(item, str(digit), str(digit), BoxKind.DIGIT, (round(x + digit * PITCH_MM, 3), round(y + line * ROW_MM, 3)), column=line + 1)
        for line in range(digits)
        for digit in range(10)
    ]


@lru_cache(maxsize=64)
def printed_form(form: Form) -> tuple[Layout, bytes]:
    """The layout of the sheet, upright as the reader knows it, and its blank print."""
    pen = Pen(LYING_MM, "manifest")
    draw_form(pen, form)
    pen.end_page()
    placed = tuple(replace(box, center_mm=upright(box.center_mm)) for box in boxes(form))
    items = tuple(Item(item, "number" if digits else "one", "0") for item, digits in _items(form))
    return Layout(PageKind.MANIFEST, placed, items, pen.page_digests[0]), blank_png(pen.pdf(), lying=True)


def draw_form(pen: Pen, form: Form) -> None:
    """Everything that is the same on all manifests with these stops: fiducials, lines, headings, circles and their words."""
    with pen.upright():
        for fiducial in FIDUCIALS:
            pen.fiducial(fiducial)
    _title(pen)
    if form.stops:
        _headings(pen)
    for top, bottom in zip(form.tops, form.tops[1:], strict=False):
        pen.rectangle(LEFT, top, RIGHT - LEFT, bottom - top, outline=0.3)
        for edge in EDGES[1:-1]:
            pen.line(edge, top, edge, bottom, 0.2)
        _outcome_words(pen, top)
        _signatures(pen, top, bottom)
    for item, digits in _items(form):
        _circles(pen, [box for box in boxes(form) if box.item == item], digits)
    if form.foot:
        _foot_words(pen, form)
    elif form.last:
        _signed_alone(pen, form)


def fitted(pen: Pen, x: float, y: float, words: str, size: float, width: float, face: Face = Face.REGULAR, align: str = "left") -> None:
    """Text in the largest size up to `size` points that fits into `width`."""
    natural = width_mm(words, size, face)
    pen.text(x, y, words, size if natural <= width else size * width / natural, face, align)


def in_two(pen: Pen, x: float, y: float, message: str, size: float, width: float, step: float, face: Face = Face.REGULAR) -> None:
    """The Kazakh words, and `step` below them the Russian ones; once, between both places, where they are the same."""
    kazakh, russian = translate(message, "kk"), translate(message, "ru")
    if kazakh == russian:
        fitted(pen, x, y + step / 2, kazakh, size, width, face)
        return
    fitted(pen, x, y, kazakh, size, width, face)
    fitted(pen, x, y + step, russian, size, width, face)


def signature_line(pen: Pen, x: float, y: float, width: float, message: str) -> None:
    """A line to sign on, and who signs there, in both languages beneath."""
    pen.line(x, y, x + width, y, 0.2)
    if width_mm(in_both(message), 6.5) <= width:
        fitted(pen, x, y + 2.6, in_both(message), 7, width)
    else:
        in_two(pen, x, y + 2.6, message, 7, width, 2.6)


def _items(form: Form) -> list[tuple[str, int]]:
    """Each item with its digits; 0 where it is no number."""
    made: list[tuple[str, int]] = []
    for order, digits in form.stops:
        made.append((item_name(form, OUTCOME_ITEM, order), 0))
        made += [(item_name(form, BACK_ITEM, order), digits)] if digits else []
    return made + [(item, digits or form.foot) for item, _words, digits in FOOT_NUMBERS if form.foot]


def _foot_circle(form: Form, place: int) -> tuple[float, float]:
    """The middle of the first circle of a number in the foot."""
    return LEFT + SQUARE_MM + 5.4 + place * FOOT_STEP, form.tops[-1] + FOOT_FIRST_MM


def _title(pen: Pen) -> None:
    """What kind of paper this is, and how circles are filled: between the squares of the upper edge."""
    in_two(pen, 42.0, 14.6, N_("Route sheet"), 10.5, 32.0, 5.0, Face.BOLD)
    for x, words, width in ((143.0, N_("changed"), 14.0), (194.0, N_("fill in like this"), 23.0)):
        draw_example(pen, x, 16.0, crossed=width < 20)
        in_two(pen, x + 21.0, 15.2, words, 8, width, 3.6)


def _headings(pen: Pen) -> None:
    pen.rectangle(LEFT, TABLE_TOP, RIGHT - LEFT, HEADING_MM, fill=0.9, outline=0.3)
    for place, heading in enumerate(HEADINGS):
        kazakh, russian = (translate(heading, language) for language in ("kk", "ru"))
        middle, width = (EDGES[place] + EDGES[place + 1]) / 2, COLUMNS[place] - 1
        if kazakh == russian:
            fitted(pen, middle, TABLE_TOP + 5.5, kazakh, 10, width, Face.BOLD, "center")
        else:
            fitted(pen, middle, TABLE_TOP + 3.6, kazakh, 9, width, Face.BOLD, "center")
            fitted(pen, middle, TABLE_TOP + 7.3, russian, 9, width, Face.BOLD, "center")


def _circles(pen: Pen, made: Sequence[Box], digits: int) -> None:
    """The circles of an item; between those of a number its digits, and a square before every line."""
    for box in made:
        pen.box(box)
        if digits:
            x, y = box.center_mm
            pen.text(x - PITCH_MM / 2, y + 1.15, box.label, DIGITS_PT, align="center")
    for box in made[::10] if digits else ():
        x, y = box.center_mm
        pen.rectangle(x - 5.4 - SQUARE_MM, y - SQUARE_MM / 2, SQUARE_MM, SQUARE_MM, grey=GREY)


def _outcome_words(pen: Pen, top: float) -> None:
    for box in outcome_boxes("", top):
        x, y = box.center_mm
        in_two(pen, x + 4.2, y - 0.4, OUTCOME_WORDS[box.value], WORDS_PT, COLUMNS[OUTCOME] / 2 - 9.2, 3.2)


def _signatures(pen: Pen, top: float, bottom: float) -> None:
    for place, message in enumerate((N_("handed over by"), N_("received by"))):
        signature_line(pen, EDGES[SIGNED] + 1, (top + bottom) / 2 + place * 9.2 - 3.4, COLUMNS[SIGNED] - 2, message)


def _foot_words(pen: Pen, form: Form) -> None:
    for place, (_item, message, _digits) in enumerate(FOOT_NUMBERS):
        x, y = _foot_circle(form, place)
        fitted(pen, x - 5.4 - SQUARE_MM, y - 5.0, in_both(message), 9, FOOT_STEP - 6, Face.BOLD)
    x, y = _foot_circle(form, 2)
    left = x - 5.4 - SQUARE_MM
    for place, message in enumerate(SIGNERS):
        width = (RIGHT - left - 4) / 2
        signature_line(pen, left + place % 2 * (width + 4), y + form.foot * ROW_MM + 1.5 + place // 2 * 12.5, width, message)


def _signed_alone(pen: Pen, form: Form) -> None:
    """Who handed the supplement over, and who received it."""
    for place, message in enumerate(SIGNERS[:2]):
        signature_line(pen, LEFT + place * 90.0, form.tops[-1] + SIGNED_MM - 5.0, 80.0, message)

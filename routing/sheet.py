"""How one sheet of a manifest looks: A4 lying, black on white, Kazakh and Russian side by side, type that is read at arm's length.

routing/manifest decides what stands on which sheet; here it is drawn with packets/paper. Millimetres from the sheet's top left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import qrcode
from qrcode.constants import ERROR_CORRECT_Q

from packets.paper import Face, Pen, width_mm
from records.calendar import WEEKDAYS
from records.language import N_, in_both, short_date, translate
from routing.plan import PlannedRoute, Stop, clock, minutes_of
from routing.reasons import DAY_WORDS, kilograms
from routing.roads import ESTIMATE, MATRIX, OSRM
from routing.words import in_words

SHEET_MM = (297.0, 210.0)
LEFT, RIGHT, TOP, BOTTOM = 10.0, 287.0, 9.0, 201.0
TABLE_TOP = 53.0
HEADING_MM = 9.0
ROW_MM = 19.0
FOOT_MM = 43.0
CODE_MM = 23.0
TWO_LINES_PT = 8.0  # what would be smaller than this in one line is set in two
LINE_MM = 3.0
EARLY_SHARE = 0.8  # of an estimated driving time: the early end of a range; the late end is the promise
COLUMNS = (9.0, 70.0, 22.0, 27.0, 21.0, 33.0, 53.0, 42.0)
EDGES = tuple(LEFT + sum(COLUMNS[:place]) for place in range(len(COLUMNS) + 1))
HEADINGS = ("№", N_("Village"), N_("km"), N_("Time"), N_("Hand over"), N_("Take back"), N_("What happened"), N_("Signatures"))
FOOT_FIELDS = ((N_("Odometer at the start"), 6), (N_("Odometer at the end"), 6), (N_("Packets counted back"), 3))
OUTCOMES = (N_("handed out"), N_("nobody there"), N_("road closed"), N_("would not take it"))
SOURCES = {MATRIX: N_("measured roads"), OSRM: N_("road server"), ESTIMATE: N_("estimate from coordinates")}


@dataclass(frozen=True, slots=True)
class Row:
    """A stop with what only the whole route knows: kilometres so far, and the early end of its time."""

    stop: Stop
    total_metres: int
    early: str


def rows(route: PlannedRoute) -> list[Row]:
    """The route's stops as rows. Matrix legs are taken as they are; estimated ones may be quicker."""
    metres, at, slack, found = 0, minutes_of(route.depart), 0, []
    for stop in route.stops:
        metres += stop.leg_metres
        at += stop.leg_minutes
        if stop.source == ESTIMATE:
            slack += stop.leg_minutes - round(stop.leg_minutes * EARLY_SHARE)
        found.append(Row(stop, metres, clock(at - slack)))
        at += stop.service_minutes
    return found


def head(pen: Pen, week: str, route: PlannedRoute, number: int, of: int) -> None:
    """The head of every sheet."""
    pen.text(LEFT, TOP + 6, in_both(N_("Route sheet")), 13, Face.BOLD)
    pen.text(RIGHT - CODE_MM - 4, TOP + 6, both_numbered(number, of), 10, align="right")
    pen.text(LEFT, TOP + 15.5, route.code, 22, Face.BOLD)
    _code(pen, RIGHT - CODE_MM, TOP, route.code)
    driver = in_both(N_("Driver"))
    pen.text(LEFT + 122, TOP + 15, driver, 9)
    pen.line(LEFT + 124 + width_mm(driver, 9), TOP + 15.5, RIGHT - CODE_MM - 4, TOP + 15.5, 0.3)
    day, office = date.fromisoformat(route.date), f"{route.office} {route.office_name}".strip()
    kg, km = printed_kilograms(route.grams_out), kilometres(route.metres)
    day_word = DAY_WORDS[WEEKDAYS[day.weekday()]]
    first = (
        (N_("Date"), f"{short_date(day)}, {in_both(day_word)}", 83.0),
        (N_("Study week"), week, 42.0),
        (N_("Post office"), office, 72.0),
        (N_("Vehicle"), route.vehicle, 80.0 - CODE_MM - 4),
    )
    bags = sum(1 for stop in route.stops if stop.packets_out)
    second = (
        (N_("Departs"), route.depart, 27.0),
        (N_("Back by"), route.back_at, 35.0),
        (N_("km"), km, 22.0),
        (N_("Stops"), str(len(route.stops)), 31.0),
        (N_("Bags"), str(bags), 23.0),
        (N_("Packets"), str(route.packets_out), 29.0),
        (N_("kg"), kg, 18.0),
        (N_("Distances"), sources(route), 92.0),
    )
    _fields(pen, TOP + 19, first)
    _fields(pen, TOP + 30, second)
    pen.line(LEFT, TOP + 42.5, RIGHT, TOP + 42.5, 0.5)


def both_numbered(number: int, of: int) -> str:
    """Sheet 2 of 5, twice."""
    words = N_("sheet {number} of {of}")
    return " / ".join(translate(words, language).format(number=number, of=of) for language in ("kk", "ru"))


def kilometres(metres: int) -> str:
    """Metres as kilometres with one decimal and a comma, rounded half up."""
    return f"{(metres + 50) // 100 / 10:.1f}".replace(".", ",")


def printed_kilograms(grams: int) -> str:
    """Grams as kilograms with one decimal and a comma, rounded half up."""
    return kilograms(grams).replace(".", ",")


def sources(route: PlannedRoute) -> str:
    """Where the route's distances come from."""
    found = {stop.source for stop in route.stops} | {route.return_source}
    return "; ".join(in_both(SOURCES[source]) for source in SOURCES if source in found)


def table_heading(pen: Pen) -> None:
    """The names of the columns."""
    pen.rectangle(LEFT, TABLE_TOP, RIGHT - LEFT, HEADING_MM, fill=0.9, outline=0.3)
    for place, heading in enumerate(HEADINGS):
        kk, ru = (translate(heading, language) for language in ("kk", "ru"))
        middle, width = (EDGES[place] + EDGES[place + 1]) / 2, COLUMNS[place] - 1
        if kk == ru:
            fitted(pen, middle, TABLE_TOP + 5.6, kk, 10, width, Face.BOLD, "center")
        else:
            fitted(pen, middle, TABLE_TOP + 3.8, kk, 9, width, Face.BOLD, "center")
            fitted(pen, middle, TABLE_TOP + 7.6, ru, 9, width, Face.BOLD, "center")


def table_row(pen: Pen, top: float, row: Row) -> None:
    """One stop."""
    stop = row.stop
    pen.rectangle(LEFT, top, RIGHT - LEFT, ROW_MM, outline=0.3)
    for edge in EDGES[1:-1]:
        pen.line(edge, top, edge, top + ROW_MM, 0.2)
    pen.text((EDGES[0] + EDGES[1]) / 2, top + 11.5, str(stop.order), 17, Face.BOLD, "center")
    _village(pen, top, stop)
    _centred(pen, 2, top, kilometres(stop.leg_metres), f"Σ {kilometres(row.total_metres)}")
    _time(pen, top, row)
    kg = in_both(N_("kg"))
    _centred(pen, 4, top, str(stop.packets_out), f"{printed_kilograms(stop.grams_out)} {kg}")
    _take_back(pen, top, stop)
    _outcomes(pen, top)
    _signatures(pen, EDGES[7] + 2, top, COLUMNS[7] - 4, (N_("handed over by"), N_("received by")))


def foot(pen: Pen, top: float, route: PlannedRoute) -> None:
    """Totals in figures and words, the order of loading, fields for numbers, and the office's signatures."""
    bags = sum(1 for stop in route.stops if stop.packets_out)
    back = sum(stop.packets_back for stop in route.stops)
    for line, language in enumerate(("kk", "ru")):
        words = translate(
            N_("Total out: bags {bags}, packets {packets} ({words}), {kg} kg. Expected back: packets {back} ({back_words})."), language
        )
        total = words.format(
            bags=bags,
            packets=route.packets_out,
            words=in_words(route.packets_out, language),
            kg=printed_kilograms(route.grams_out),
            back=back,
            back_words=in_words(back, language),
        )
        fitted(pen, LEFT, top + 6 + line * 5.5, total, 11, RIGHT - LEFT, Face.BOLD)
    loading = in_both(N_("Load in this order, the last stop first"))
    order = " → ".join(str(stop.order) for stop in reversed(route.stops) if stop.packets_out)
    fitted(pen, LEFT, top + 17.5, f"{loading}: {order}", 11, RIGHT - LEFT)
    for place, (label, digits) in enumerate(FOOT_FIELDS):
        fitted(pen, LEFT, top + 25.5 + place * 8.5, in_both(label), 9, 64)
        _digits(pen, LEFT + 66, top + 20.5 + place * 8.5, digits, 7)
    _signatures(pen, LEFT + 118, top + 24, 75, (N_("handed over at the office"), N_("received by the driver")))
    _signatures(pen, LEFT + 202, top + 24, 75, (N_("returned by the driver"), N_("received back at the office")))


def fitted(pen: Pen, x: float, y: float, words: str, size: float, width: float, face: Face = Face.REGULAR, align: str = "left") -> None:
    """Text in the largest size up to `size` points that fits into `width`."""
    natural = width_mm(words, size, face)
    pen.text(x, y, words, size if natural <= width else size * width / natural, face, align)


def in_lines(words: str, size: float, width: float, face: Face, small: float) -> tuple[float, tuple[str, ...]]:
    """The words in one line of up to `size` points; where that would be smaller than `small`, in two of up to `small`, parted most evenly."""
    natural = width_mm(words, size, face)
    parts = words.split()
    if natural <= width or size * width / natural >= small or len(parts) < 2:
        return min(size, size * width / natural if natural else size), (words,)
    halves = [(" ".join(parts[:place]), " ".join(parts[place:])) for place in range(1, len(parts))]
    longest, lines = min((max(width_mm(half, small, face) for half in pair), pair) for pair in halves)
    return min(small, small * width / longest), lines


def _lined(pen: Pen, x: float, y: float, words: str, size: float, width: float, face: Face = Face.REGULAR) -> None:
    """Text upon the base line `y`, in one line or two that end there."""
    chosen, lines = in_lines(words, size, width, face, TWO_LINES_PT)
    for line, text in enumerate(lines, start=1):
        pen.text(x, y - (len(lines) - line) * LINE_MM, text, chosen, face)


def _fields(pen: Pen, top: float, fields: Sequence[tuple[str, str, float]]) -> None:
    x = LEFT
    for label, value, width in fields:
        fitted(pen, x, top + 3, in_both(label), 7.5, width - 2)
        _lined(pen, x, top + 9.2, value, 14, width - 3, Face.BOLD)
        x += width


def _code(pen: Pen, left: float, top: float, words: str) -> None:
    """The route's code as QR, which begins with the plan's; four modules of white round it come from the margins."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=2)
    code.add_data(words)
    code.make(fit=True)
    cell = CODE_MM / len(code.modules)
    for y, line in enumerate(code.modules):
        for x, black in enumerate(line):
            if black:
                pen.rectangle(left + x * cell, top + y * cell, cell, cell, fill=0.0, outline=None)


def _village(pen: Pen, top: float, stop: Stop) -> None:
    x, width = EDGES[1] + 2, COLUMNS[1] - 4
    names = [name for name in (stop.name_kk, stop.name_ru) if name]
    for place, name in enumerate(names):
        _lined(pen, x, top + 6.8 + place * 6.1, name, 14 if place == 0 else 12, width, Face.BOLD if place == 0 else Face.REGULAR)
    visit = f"   {in_both(N_('visit'))} {stop.visit}/{stop.visits}" if stop.visits > 1 else ""
    pen.text(x, top + 17, f"{stop.kato}{visit}", 9)


def _centred(pen: Pen, column: int, top: float, large: str, small: str) -> None:
    middle, width = (EDGES[column] + EDGES[column + 1]) / 2, COLUMNS[column] - 1.5
    fitted(pen, middle, top + 9, large, 15, width, Face.BOLD, "center")
    fitted(pen, middle, top + 15.5, small, 9.5, width, align="center")


def _time(pen: Pen, top: float, row: Row) -> None:
    middle = (EDGES[3] + EDGES[4]) / 2
    if row.early == row.stop.arrive:
        pen.text(middle, top + 11.5, row.stop.arrive, 15, Face.BOLD, "center")
        return
    pen.text(middle, top + 8, f"{row.early} –", 13, align="center")
    pen.text(middle, top + 15, row.stop.arrive, 15, Face.BOLD, "center")


def _take_back(pen: Pen, top: float, stop: Stop) -> None:
    x = EDGES[5]
    for line, language in enumerate(("kk", "ru")):
        fitted(pen, x + 8, top + 3.6 + line * 2.9, translate(N_("expected back"), language), 7, 14.5, align="center")
        fitted(pen, x + 24.5, top + 3.6 + line * 2.9, translate(N_("counted back"), language), 7, 15, align="center")
    pen.text(x + 8, top + 15.5, str(stop.packets_back), 15, Face.BOLD, "center")
    count = max(2, len(str(stop.packets_back)))
    _digits(pen, x + 17.5 - (count - 2), top + 8, count, 7, (14 + count - 2) / count)


def _outcomes(pen: Pen, top: float) -> None:
    for place, outcome in enumerate(OUTCOMES):
        x, y = EDGES[6] + 4.5 + place % 2 * COLUMNS[6] / 2, top + 5 + place // 2 * 9
        pen.circle(x, y, 5)
        for line, language in enumerate(("kk", "ru")):
            fitted(pen, x + 3.5, y - 0.5 + line * 3, translate(outcome, language), 7.5, COLUMNS[6] / 2 - 8.5)


def _signatures(pen: Pen, x: float, top: float, width: float, labels: Sequence[str]) -> None:
    for place, label in enumerate(labels):
        y = top + 6 + place * 9
        pen.line(x, y, x + width, y, 0.2)
        fitted(pen, x, y + 2.7, in_both(label), 7, width)


def _digits(pen: Pen, x: float, top: float, count: int, height: float, width: float = 7) -> None:
    """Empty squares to write a number into."""
    for digit in range(count):
        pen.rectangle(x + digit * width, top, width, height, outline=0.3)

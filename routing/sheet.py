"""A route's own words on its manifest: Kazakh and Russian side by side, black on white, type that is read at arm's length.

routing/manifest_form draws what is the same on every manifest and says where all stands; routing/manifest decides what goes on which sheet.
A4 lying, millimetres from the sheet's top left. No names of people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import qrcode
from qrcode.constants import ERROR_CORRECT_Q

from packets.paper import Face, Pen, width_mm
from packets.token import grouped, short_code
from packets.typeset import Line, Type, draw_line, plain, wrap
from records.calendar import DAY_WORDS, WEEKDAYS
from records.language import N_, in_both, short_date, translate
from routing.manifest_form import BACK, BAND_RIGHT, COLUMNS, EDGES, LEFT, ORDER, OUT, TIME, VILLAGE, fitted, in_two
from routing.plan import PlannedRoute, Stop, clock, minutes_of
from routing.reasons import kilograms
from routing.roads import ESTIMATE, MATRIX, OSRM
from routing.words import in_words

HEAD_LEFT, HEAD_RIGHT = 42.0, 259.0
CODE_LEFT, CODE_TOP, CODE_MM = 264.0, 27.0, 17.0
TWO_LINES_PT = 8.0  # what would be smaller than this in one line is set in two
LINE_MM = 3.0
EARLY_SHARE = 0.8  # of an estimated driving time: the early end of a range; the late end is the promise
NAME_PT, SMALLEST_PT, RUSSIAN_SHARE, LEADING, NAMES_MM = 13.0, 6.5, 0.88, 0.41, 11.2  # of villages' names
BAND_BASES = (175.4, 179.2, 183.0, 186.8)
SOURCES = {MATRIX: N_("measured roads"), OSRM: N_("road server"), ESTIMATE: N_("estimate from coordinates")}


@dataclass(frozen=True, slots=True)
class Row:
    """A stop with what only the whole route knows: kilometres so far, and the early end of its time."""

    stop: Stop
    total_metres: int
    early: str


def rows(route: PlannedRoute) -> list[Row]:
    """The route's stops as rows. Matrix legs are taken as they are; estimated ones may be quicker."""
    metres, slack, day, found = 0, 0, route.date, list[Row]()
    for stop in route.stops:
        metres += stop.leg_metres
        if (stop.date or route.date) != day:
            slack, day = 0, stop.date  # after a night the vehicle starts on time
        if stop.source == ESTIMATE:
            slack += stop.leg_minutes - round(stop.leg_minutes * EARLY_SHARE)
        found.append(Row(stop, metres, clock(minutes_of(stop.arrive) - slack)))
    return found


def head(pen: Pen, week: str, route: PlannedRoute, code: str, sheet: tuple[int, int], first: str = "") -> None:
    """The head of every sheet; `sheet` is its number and how many there are, `first` the manifest that this one adds to."""
    number, of = sheet
    for line, language in enumerate(("kk", "ru")):
        words = translate(N_("sheet {number} of {of}"), language).format(number=number, of=of)
        fitted(pen, 87.0, 14.6 + line * 5, words, 10.5, 40.0)
    draw_code(pen, CODE_LEFT, CODE_TOP, CODE_MM, code)
    day, office = date.fromisoformat(route.date), f"{route.office} {route.office_name}".strip()
    upper = (
        (N_("Route") if not first else N_("Supplement"), code, 66.0),
        (N_("Date"), f"{short_date(day)}, {in_both(DAY_WORDS[WEEKDAYS[day.weekday()]])}", 70.0),
        (N_("Study week"), week, 27.0),
        (N_("Driver"), "", 54.0),
    )
    bags = sum(1 for stop in route.stops if stop.packets_out)
    lower = (
        (N_("Post office"), office, 56.0),
        (N_("Vehicle"), route.vehicle, 40.0),
        (N_("Departs"), route.depart, 18.0),
        (N_("Back by"), _back(route), 22.0),
        (N_("km"), kilometres(route.metres), 17.0),
        (N_("Stops"), str(len(route.stops)), 19.0),
        (N_("Bags"), str(bags), 13.0),
        (N_("Packets"), str(route.packets_out), 17.0),
        (N_("kg"), printed_kilograms(route.grams_out), 14.0),
    )
    _fields(pen, 21.2, upper)
    _fields(pen, 33.2, lower)
    pen.line(HEAD_RIGHT - 53, 32.0, HEAD_RIGHT - 2, 32.0, 0.3)


def _back(route: PlannedRoute) -> str:
    """When the vehicle is back; with the day where that is another."""
    return f"{route.back_at} {_day(route.back_date)}" if route.back_date not in ("", route.date) else route.back_at


def _day(day: str) -> str:
    """A date without its year, as 29.09."""
    return short_date(date.fromisoformat(day))[:5]


def identity(pen: Pen, page: str, tokens: Sequence[str]) -> None:
    """Both codes of the sheet, upright like every page of ours, and beside them the short code that a person can type."""
    with pen.upright():
        pen.codes(tokens)
    code = grouped(short_code(page))
    pen.text(25.0, 41.6, code, 7, align="center")
    pen.text(BAND_RIGHT + 0.5, 187.5, code, 8, align="right")


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


def stop_words(pen: Pen, top: float, route: PlannedRoute, row: Row, place: str, counted: bool = True) -> None:
    """What is this stop's own in its row; `counted`: what comes back is counted here."""
    stop = row.stop
    pen.text((EDGES[ORDER] + EDGES[ORDER + 1]) / 2, top + 11.5, str(stop.order), 16, Face.BOLD, "center")
    _village(pen, top, stop, place, _remarks(route, stop))
    _time(pen, top, row, stop.date if stop.date and stop.date != route.date else "")
    _out(pen, top, stop)
    if not counted:
        in_two(pen, EDGES[BACK] + 6.0, top + 9.0, N_("What comes back is counted on the route sheet itself."), 10, COLUMNS[BACK] - 12, 4.5)
        return
    for line, language in enumerate(("kk", "ru")):
        fitted(pen, EDGES[BACK] + 6.0, top + 3.8 + line * 2.9, translate(N_("expected"), language), 7, 11.0, align="center")
    fitted(pen, EDGES[BACK] + 6.0, top + 13.5, str(stop.packets_back), 16, 11.0, Face.BOLD, "center")


def _remarks(route: PlannedRoute, stop: Stop) -> list[str]:
    """What else is to be known at a stop: which visit it is, a break on the way to it, a night after it."""
    found = [f"{_short(N_('visit'))} {stop.visit}/{stop.visits}"] if stop.visits > 1 else []
    found += [f"{_short(N_('break, min'))} {stop.break_minutes}"] if stop.break_minutes else []
    return found + ([_short(N_("night"))] if route.night_after == stop.order else [])


def _short(message: str) -> str:
    """A word in both languages without spaces between."""
    return "/".join(dict.fromkeys(translate(message, language) for language in ("kk", "ru")))


def band(pen: Pen, route: PlannedRoute, last: bool, first: str = "") -> None:
    """Below the table: sources of distances, or what a supplement adds to; on the last sheet also the totals in figures and words, and the order of loading."""
    lines = [f"{in_both(N_('Supplement to the route sheet'))}: {first}" if first else f"{in_both(N_('Distances'))}: {sources(route)}"]
    if route.schedule:
        lines[0] += f". {in_both(N_('Existing route'))}: {route.schedule}"
    if route.return_break:
        lines[0] += f". {in_both(N_('break on the way home, min'))}: {route.return_break}"
    if last:
        lines = [*_totals(route), _loading(route), *lines]
    for base, words in zip(BAND_BASES, lines, strict=False):
        fitted(pen, LEFT if base < 184 else LEFT + 14, base, words, 10, BAND_RIGHT - LEFT - (14 if base < 184 else 44))


def _totals(route: PlannedRoute) -> list[str]:
    message = N_("Total out: bags {bags}, packets {packets} ({words}), {kg} kg. Expected back: packets {back} ({back_words}).")
    back = sum(stop.packets_back for stop in route.stops)
    return [
        translate(message, language).format(
            bags=sum(1 for stop in route.stops if stop.packets_out),
            packets=route.packets_out,
            words=in_words(route.packets_out, language),
            kg=printed_kilograms(route.grams_out),
            back=back,
            back_words=in_words(back, language),
        )
        for language in ("kk", "ru")
    ]


def _loading(route: PlannedRoute) -> str:
    order = " → ".join(str(stop.order) for stop in reversed(route.stops) if stop.packets_out)
    return f"{in_both(N_('Load in this order, the last stop first'))}: {order}"


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
    x = HEAD_LEFT
    for label, value, width in fields:
        in_two(pen, x, top + 2.6, label, 7, width - 1.5, 2.7)
        _lined(pen, x, top + 10.8, value, 13, width - 2, Face.BOLD)
        x += width


def draw_code(pen: Pen, left: float, top: float, size: float, words: str) -> None:
    """A QR code of words that a telephone reads; four modules of white round it are left to the caller."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=2)
    code.add_data(words)
    code.make(fit=True)
    cell = size / len(code.modules)
    for y, line in enumerate(code.modules):
        for x, black in enumerate(line):
            if black:
                pen.rectangle(left + x * cell, top + y * cell, cell, cell, fill=0.0, outline=None)


def _village(pen: Pen, top: float, stop: Stop, place: str, remarks: Sequence[str]) -> None:
    """Both names in the largest type that leaves room for the code and the place beneath."""
    x, width = EDGES[VILLAGE] + 1.5, COLUMNS[VILLAGE] - 2.5
    size, lines = _named(stop, width)
    for number, (line, small) in enumerate(lines, start=1):
        draw_line(pen, line, x, top + 0.4 + number * size * LEADING, Type(size * small, 0))
    fitted(pen, x, top + 14.6, "  ".join((stop.kato, *remarks)), 9 if not remarks else 8, width)
    fitted(pen, x, top + 18.1, place, 8, width)


def _named(stop: Stop, width: float) -> tuple[float, list[tuple[Line, float]]]:
    """A size of type and the lines of both names, each with its share of that size."""
    size = NAME_PT
    while True:
        share = max(RUSSIAN_SHARE, SMALLEST_PT / size)
        lines = [(line, 1.0) for line in wrap(plain(stop.name_kk, bold=True), width, Type(size, 0)) if line]
        lines += [(line, share) for line in wrap(plain(stop.name_ru), width, Type(size * share, 0)) if line]
        if len(lines) * size * LEADING <= NAMES_MM or size <= SMALLEST_PT:
            return size, lines
        size -= 0.5


def _time(pen: Pen, top: float, row: Row, day: str) -> None:
    """When the vehicle comes; with the day where that is not the route's."""
    middle, width = (EDGES[TIME] + EDGES[TIME + 1]) / 2, COLUMNS[TIME] - 1.5
    before = [_day(day)] if day else []
    before += [f"{row.early} –"] if row.early != row.stop.arrive else []
    fitted(pen, middle, top + 5, "  ".join(before), 11, width, align="center")
    pen.text(middle, top + 10.8, row.stop.arrive, 15, Face.BOLD, "center")
    fitted(pen, middle, top + 14.6, f"+{kilometres(row.stop.leg_metres)} {in_both(N_('km'))}", 8, width, align="center")
    fitted(pen, middle, top + 18, f"Σ {kilometres(row.total_metres)}", 9, width, align="center")


def _out(pen: Pen, top: float, stop: Stop) -> None:
    middle, width = (EDGES[OUT] + EDGES[OUT + 1]) / 2, COLUMNS[OUT] - 1
    bags = 1 if stop.packets_out else 0
    for line, language in enumerate(("kk", "ru")):
        fitted(pen, middle, top + 3.2 + line * 2.8, f"{bags} {translate(N_('bag'), language)}", 7.5, width, align="center")
    fitted(pen, middle, top + 11.4, str(stop.packets_out), 16, width, Face.BOLD, "center")
    fitted(pen, middle, top + 14.2, in_both(N_("pcs")), 8, width, align="center")
    fitted(pen, middle, top + 18, f"{printed_kilograms(stop.grams_out)} {translate(N_('kg'), 'ru')}", 9, width, align="center")

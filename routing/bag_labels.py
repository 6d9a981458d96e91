"""Labels of bags: one for each village on a route or supplement, with a code, both names and how many packets are inside. Sheets of 2 by 4.

A bag is what one village gets by one route. On its outside stand places and codes only. routing/postal_commands gathers and writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from packets.labels import sheets_of
from packets.paper import GREY, Face, Pen
from packets.typeset import Type, draw_line, plain, wrap
from records.language import N_, in_both, short_date
from routing.manifest import Manifest
from routing.manifest_form import fitted, in_two
from routing.sheet import draw_code, printed_kilograms

COLUMNS, ROWS = 2, 4
LABEL_MM = (99.0, 67.0)
INSIDE_MM, CODE_MM = 6.0, 24.0
NAMES_MM, LARGEST_PT, SMALLEST_PT, LEADING, RUSSIAN_SHARE = 18.5, 21.0, 9.0, 0.42, 0.75


@dataclass(frozen=True, slots=True)
class BagLabel:
    """One bag: `code` is the manifest's with the stop, `stop` of `stops` its place on the route."""

    code: str
    manifest: str
    date: str
    office: str
    stop: int
    name_kk: str
    name_ru: str
    kato: str
    packets: int
    grams: int


def bag_code(manifest: str, stop: int) -> str:
    """26W41A-150400-1-MON-B3: the bag of the third stop."""
    return f"{manifest}-B{stop}"


def bag_labels(manifests: Iterable[Manifest]) -> Iterator[BagLabel]:
    """The labels of these manifests' bags in the order of loading: the last stop first."""
    for each in manifests:
        route = each.route
        for stop in reversed(route.stops):
            if stop.packets_out:
                yield BagLabel(
                    code=bag_code(each.code, stop.order),
                    manifest=each.code,
                    date=stop.date or route.date,
                    office=f"{route.office} {route.office_name}".strip(),
                    stop=stop.order,
                    name_kk=stop.name_kk,
                    name_ru=stop.name_ru,
                    kato=stop.kato,
                    packets=stop.packets_out,
                    grams=stop.grams_out,
                )


def draw_bag_labels(labels: Sequence[BagLabel]) -> bytes:
    """The labels as A4 sheets, row by row; the same labels give the same bytes."""
    return sheets_of(labels, COLUMNS, ROWS, LABEL_MM, _draw, "bag labels")


def _draw(pen: Pen, label: BagLabel, x: float, y: float) -> None:
    width, height = LABEL_MM
    pen.rectangle(x, y, width, height, outline=0.1, grey=GREY)
    draw_code(pen, x + INSIDE_MM, y + INSIDE_MM, CODE_MM, label.code)
    left, room = x + INSIDE_MM + CODE_MM + 5, width - CODE_MM - 2 * INSIDE_MM - 5
    fitted(pen, left, y + 10.5, in_both(N_("Bag")), 12, room, Face.BOLD)
    pen.text(x + width - INSIDE_MM, y + 17, str(label.stop), 38, Face.BOLD, "right")
    in_two(pen, left, y + 15.5, N_("stop"), 9, 20, 3.6)
    fitted(pen, left, y + 25.5, label.manifest, 11, room, Face.BOLD)
    fitted(pen, left, y + 30.5, f"{short_date(date.fromisoformat(label.date))}   {label.office}", 9, room)
    _names(pen, label, x + INSIDE_MM, y + 33.0)
    kilograms = printed_kilograms(label.grams)
    counted = f"{in_both(N_('packets inside'))}: {label.packets}   {kilograms} {in_both(N_('kg'))}"
    fitted(pen, x + INSIDE_MM, y + 57, counted, 12, width - 2 * INSIDE_MM, Face.BOLD)
    pen.text(x + INSIDE_MM, y + 62.5, label.kato, 10)
    fitted(pen, x + width - INSIDE_MM, y + 62.5, label.code, 9, width - 2 * INSIDE_MM - 25, align="right")


def _names(pen: Pen, label: BagLabel, x: float, y: float) -> None:
    """Both names of the village in the largest type that fits."""
    width, size = LABEL_MM[0] - 2 * INSIDE_MM, LARGEST_PT
    while True:
        lines = [(line, 1.0) for line in wrap(plain(label.name_kk, bold=True), width, Type(size, 0)) if line]
        small = Type(size * RUSSIAN_SHARE, 0)
        lines += [(line, RUSSIAN_SHARE) for line in wrap(plain(label.name_ru), width, small) if line]
        if sum(share for _line, share in lines) * size * LEADING <= NAMES_MM or size <= SMALLEST_PT:
            break
        size -= 0.5
    for line, share in lines:
        y += size * share * LEADING
        draw_line(pen, line, x, y, Type(size * share, 0))

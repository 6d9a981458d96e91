"""Manifests on paper: which stops stand on which sheet, and the PDF of the sheets. The same manifest gives the same bytes.

routing/manifest_book keeps manifests in the database and hands them over to be drawn. What stands where is the matter of
routing/manifest_form (boxes and what is alike on all) and routing/sheet (a route's own words). No names of people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from packets.layout import LYING_MM
from packets.paper import Pen
from routing.manifest_form import BAND_TOP, FIRST_ROW, TABLE_BOTTOM, Form, draw_form, foot_height, row_height
from routing.plan import PlannedRoute
from routing.sheet import Row, band, head, identity, rows, stop_words

ROOM_MM = TABLE_BOTTOM - FIRST_ROW
FOOT_ROOM_MM = BAND_TOP - FIRST_ROW  # the foot may reach down to the words below it


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says: the route as it was when it was printed. `places`: where a village's packets are handed over, by KATO.

    `supplement` 0 is the route's own manifest; others count from 1, and `route` then holds only the stops at which they add something; `reached`
    says of these, by their order, the metres so far and the early end of the time.
    """

    week: str
    route: PlannedRoute
    places: Mapping[str, str] = field(default_factory=dict)
    supplement: int = 0
    reached: Mapping[int, tuple[int, str]] = field(default_factory=dict)

    @property
    def rows(self) -> list[Row]:
        """The stops as they are printed."""
        if not self.supplement:
            return rows(self.route)
        return [Row(stop, *self.reached[stop.order]) for stop in self.route.stops]

    @property
    def code(self) -> str:
        """The route's code; that of a supplement ends in its number."""
        return f"{self.route.code}-S{self.supplement}" if self.supplement else self.route.code

    @property
    def first(self) -> str:
        """The manifest that a supplement adds to; nothing for any other."""
        return self.route.code if self.supplement else ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What makes one sheet a page of ours: its id and the two words in its codes."""

    page: str
    tokens: tuple[str, str]


def forms_of(manifest: Manifest) -> tuple[Form, ...]:
    """The form of every sheet, in order."""
    return tuple(form for form, _rows in _sheets(manifest))


def draw(parts: Sequence[tuple[Manifest, Sequence[Sealed]]], title: str) -> bytes:
    """The PDF of the manifests' sheets, one manifest after the other, each counted from 1."""
    pen = Pen(LYING_MM, title)
    for manifest, sealed in parts:
        sheets = _sheets(manifest)
        for number, ((form, own), seal) in enumerate(zip(sheets, sealed, strict=True), start=1):
            draw_form(pen, form)
            head(pen, manifest.week, manifest.route, manifest.code, (number, len(sheets)), manifest.first)
            identity(pen, seal.page, seal.tokens)
            for top, row in zip(form.tops, own, strict=False):
                stop_words(pen, top, manifest.route, row, manifest.places.get(row.stop.kato, ""), not manifest.supplement)
            band(pen, manifest.route, number == len(sheets), manifest.first)
            pen.end_page()
    return pen.pdf()


def _sheets(manifest: Manifest) -> list[tuple[Form, Sequence[Row]]]:
    """The rows sheet by sheet; the last sheet keeps room for the foot, which stands alone where there is none."""
    left, supplement = manifest.rows, manifest.supplement
    foot = 0 if supplement else max(3, _digits(sum(row.stop.packets_back for row in left)))
    made: list[tuple[Form, Sequence[Row]]] = []
    last_room = FOOT_ROOM_MM - foot_height(foot)
    while sum(_height(row, supplement) for row in left) > last_room:
        take = _fitting(left, supplement)
        made.append((_form(left[:take], supplement), left[:take]))
        left = left[take:]
    return [*made, (_form(left, supplement, foot, last=True), left)]


def _form(own: Sequence[Row], supplement: int, foot: int = 0, last: bool = False) -> Form:
    stops = tuple((row.stop.order, 0 if supplement else _digits_of(row)) for row in own)
    return Form(stops, foot, supplement, last)


def _fitting(left: Sequence[Row], supplement: int) -> int:
    """How many rows one sheet holds."""
    height, take = 0.0, 0
    while take < len(left) and height + _height(left[take], supplement) <= ROOM_MM:
        height += _height(left[take], supplement)
        take += 1
    return take


def _height(row: Row, supplement: int) -> float:
    return row_height(0 if supplement else _digits_of(row))


def _digits_of(row: Row) -> int:
    return max(2, _digits(max(row.stop.packets_back, row.stop.packets_out)))


def _digits(expected: int) -> int:
    """Digits enough for twice as many: more may come back than is expected."""
    return len(str(2 * expected))

"""The workshop: draws whole packets. Fixed pages are drawn once for each assignment and print size, then stamped for each pupil.

packets/bundle hands over orders and keeps what comes out. No database and no clock here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from packets.archive import NewPage
from packets.assignment import Assignment
from packets.awaited import Awaited
from packets.cover import CoverWords, Entry, draw_cover, draw_cover_frame, lay_out
from packets.feedback import Told
from packets.layout import Layout, PageKind
from packets.orders import Order
from packets.press import Page, Press, Stamp
from packets.slabs import Placed
from packets.token import derive_page_id, short_code, write_token
from packets.worksheet import FixedPages, draw_assignment, draw_personal
from records.keys import Key


@dataclass(frozen=True, slots=True)
class Drawn:
    """A packet on paper: its PDF, and its pages in order."""

    pdf: bytes
    pages: tuple[NewPage, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """The fixed pages of an assignment in one size of print, as one workshop draws them for others."""

    assignment: Assignment
    print_size: str
    pages: FixedPages


@dataclass(frozen=True, slots=True)
class _Stock:
    """Fixed pages that the press has taken in; `shown` is the digest of the words on them, empty for a cover's."""

    pages: FixedPages
    numbers: tuple[int, ...]
    digests: tuple[str, ...]
    shown: str = ""


class Workshop:
    """One press with all fixed pages drawn so far; `drawn` are those that another workshop has drawn already."""

    def __init__(self, drawn: Iterable[Fixed] = ()) -> None:
        self._press = Press()
        self._stock: dict[tuple[Assignment, str], _Stock] = {}
        self._cover = self._take_in(draw_cover_frame())
        for each in drawn:
            self._stock[each.assignment, each.print_size] = self._take_in(each.pages, each.assignment.printed_digest)

    @property
    def drawn(self) -> tuple[Fixed, ...]:
        """The fixed pages drawn so far."""
        return tuple(Fixed(assignment, print_size, stock.pages) for (assignment, print_size), stock in self._stock.items())

    def prepare(self, assignment: Assignment, print_size: str) -> None:
        """Draw the fixed pages of an assignment, unless they are there; raises InputRefused as packets.worksheet.draw_assignment does."""
        if (assignment, print_size) not in self._stock:
            self._stock[assignment, print_size] = self._take_in(draw_assignment(assignment, print_size), assignment.printed_digest)

    def blanks(self, known: set[str]) -> dict[str, tuple[Layout, bytes]]:
        """The layouts drawn so far whose digest is not among `known`, with their blank prints."""
        return {
            digest: (layout, stock.pages.blank(number))
            for stock in (self._cover, *self._stock.values())
            for number, (digest, layout) in enumerate(zip(stock.digests, stock.pages.layouts, strict=True), start=1)
            if digest not in known
        }

    def draw(
        self, order: Order, issue: int, key: Key, told: tuple[Told, ...], awaited: tuple[Awaited, ...] = (), ids: tuple[str, ...] = ()
    ) -> Drawn:
        """One packet: the cover, then the worksheets. The same order, issue, key and news of earlier weeks give the same bytes.

        `ids` are those of the pages of a packet that is drawn again; else they are derived from the key and from what a page shows.
        """
        stocks = [self._of(assignment, order) for assignment in order.assignments]
        words, laid = _cover(order, stocks, told, awaited)
        covers = len(laid)
        pages = self._cover_pages(order, issue, key, covers) + _worksheet_pages(order, issue, key, stocks, covers)
        if len(ids) == len(pages):
            pages = [replace(page, id=identity, short_code=short_code(identity)) for page, identity in zip(pages, ids, strict=True)]
        tokens = [[write_token(key, page.id, corner) for corner in (0, 1)] for page in pages]
        stamps = draw_cover(words, laid, [page.id for page in pages], tokens, len(pages))
        fixed = [self._cover.numbers[0]] * covers + [number for stock in stocks for number in stock.numbers]
        for page, pair in list(zip(pages, tokens, strict=True))[covers:]:
            stamp = Stamp()
            language, large = order.learner.language, order.learner.print == "large"
            draw_personal(stamp, pair, page.id, order.first_name, order.learner.code, page.number, len(pages), language, large)
            stamps.append(stamp)
        pdf = self._press.packet(Page(number, stamp) for number, stamp in zip(fixed, stamps, strict=True))
        return Drawn(pdf, tuple(pages))

    def _cover_pages(self, order: Order, issue: int, key: Key, count: int) -> list[NewPage]:
        layout = self._cover.digests[0]
        return [_page(order, issue, key, PageKind.COVER, "", "", place, place, layout) for place in range(1, count + 1)]

    def _of(self, assignment: Assignment, order: Order) -> _Stock:
        self.prepare(assignment, order.learner.print)
        return self._stock[assignment, order.learner.print]

    def _take_in(self, pages: FixedPages, shown: str = "") -> _Stock:
        return _Stock(pages, self._press.take_in(pages.pdf), tuple(layout.digest for layout in pages.layouts), shown)


def _cover(
    order: Order, stocks: Sequence[_Stock], told: tuple[Told, ...], awaited: tuple[Awaited, ...]
) -> tuple[CoverWords, list[list[Placed]]]:
    """The cover's words, laid out. They name the worksheets' pages, whose numbers hang on how many pages the cover takes: nearly always one.

    Greater numbers never take less room, so that this ends.
    """
    covers = 1
    while True:
        words = _cover_words(order, _entries(order, stocks, first=covers + 1), told, awaited)
        laid = lay_out(words)
        if len(laid) <= covers:
            return words, laid
        covers = len(laid)


def _entries(order: Order, stocks: Sequence[_Stock], first: int) -> tuple[Entry, ...]:
    entries = []
    for assignment, stock in zip(order.assignments, stocks, strict=True):
        entries.append(Entry(assignment, first, first + len(stock.numbers) - 1))
        first += len(stock.numbers)
    return tuple(entries)


def _worksheet_pages(order: Order, issue: int, key: Key, stocks: Sequence[_Stock], before: int) -> list[NewPage]:
    pages: list[NewPage] = []
    for assignment, stock in zip(order.assignments, stocks, strict=True):
        for place, layout in enumerate(stock.digests, start=1):
            number = before + len(pages) + 1
            pages.append(_page(order, issue, key, PageKind.WORKSHEET, assignment.code, stock.shown, place, number, layout))
    return pages


def _page(order: Order, issue: int, key: Key, kind: PageKind, assignment: str, shown: str, place: int, number: int, layout: str) -> NewPage:
    """A page with an id of its own, by what is printed on it: another print of the same place is another page, also on a desk that was
    restored from a backup older than the first print."""
    purpose = "/".join((order.week, order.learner.code, str(issue), kind.value, assignment, shown, str(place), layout))
    identity = derive_page_id(key, purpose)
    return NewPage(identity, short_code(identity), kind.value, assignment or None, number, layout, key.id)


def _cover_words(order: Order, entries: tuple[Entry, ...], told: tuple[Told, ...], awaited: tuple[Awaited, ...]) -> CoverWords:
    learner, school = order.learner, order.school
    return CoverWords(
        pupil=learner.code,
        first_name=order.first_name,
        language=learner.language,
        week=order.week,
        return_by=order.return_by,
        school=school.name(learner.language) if school else "",
        phone=school.phone if school else "",
        hotline=order.hotline,
        large=learner.print == "large",
        entries=entries,
        told=told,
        awaited=awaited,
        lessons=order.lessons,
    )

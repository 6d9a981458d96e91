"""A print job as frozen values: bags of packets, cut into batches that a printer's tray holds. Pure; packets/printing_order finds the bags.

A batch is of one route. It begins with a separator; before a bag's packets lie its two covers. A packet never lies in two batches, and a bag only
where it fills a tray by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from packets.imposition import Imposition, packet_sides, sheets_of

LISTED_FIRST, LISTED_NEXT = 18, 34  # bags on a separator's first page, and on its next ones
COVER_FIRST = 32  # packets on a bag's list, on each of its pages


@dataclass(frozen=True, slots=True)
class Way:
    """How a job is printed: `most` sheets in a batch; `duplex`: on both sides; `imposition` of covers."""

    most: int = 200
    duplex: bool = False
    imposition: Imposition = Imposition.NONE


@dataclass(frozen=True, slots=True)
class Printed:
    """A packet of a job: its file (relative to home) and the SHA-256 of that, the kinds of its pages in order.

    `first_name` stands inside its village's bag; it is empty where the packet bears none. `large`: it is never made smaller.
    """

    packet: str
    pupil: str
    first_name: str
    pdf: str
    digest: str
    kinds: tuple[str, ...]
    large: bool = False

    def sides(self, way: Way) -> tuple[tuple[int, ...], ...]:
        """What stands on which side."""
        return packet_sides(self.kinds, way.duplex, Imposition.NONE if self.large else way.imposition)

    def sheets(self, way: Way) -> int:
        """Sheets of paper."""
        return sheets_of(self.sides(way), way.duplex)


@dataclass(frozen=True, slots=True)
class Route:
    """What a separator says of a route; all is empty where packets are on none. `code` is the manifest's: a supplement's ends in -S1."""

    code: str = ""
    date: str = ""
    office: str = ""
    vehicle: str = ""


@dataclass(frozen=True, slots=True)
class Bag:
    """The packets that one village gets by one route; `stop` is 0 where they are on none. `names` of the village: Kazakh, Russian."""

    route: Route
    stop: int
    kato: str
    names: tuple[str, str]
    packets: tuple[Printed, ...]

    @property
    def list_pages(self) -> int:
        """Pages of the list that lies inside."""
        return -(-len(self.packets) // COVER_FIRST)

    @property
    def cover_sheets(self) -> int:
        """The cover outside, and the list inside."""
        return 1 + self.list_pages

    @property
    def whole(self) -> Part:
        """All of it."""
        return Part(self, 0, len(self.packets))


@dataclass(frozen=True, slots=True)
class Part:
    """What of a bag lies in one batch: all, or from packet number `start` (from 0) to before `end`."""

    bag: Bag
    start: int
    end: int

    @property
    def packets(self) -> tuple[Printed, ...]:
        """The packets of this part."""
        return self.bag.packets[self.start : self.end]

    @property
    def begins(self) -> bool:
        """Whether the bag's covers lie here."""
        return self.start == 0

    def sheets(self, way: Way) -> int:
        """Sheets of paper, with the bag's covers where they lie here."""
        return (self.bag.cover_sheets if self.begins else 0) + sum(packet.sheets(way) for packet in self.packets)


@dataclass(frozen=True, slots=True)
class Batch:
    """What is printed in one go: the parts of bags of one route."""

    parts: tuple[Part, ...]

    @property
    def route(self) -> Route:
        """The route."""
        return self.parts[0].bag.route

    @property
    def packets(self) -> tuple[Printed, ...]:
        """All packets, in order."""
        return tuple(packet for part in self.parts for packet in part.packets)

    def sheets(self, way: Way) -> int:
        """Sheets of paper, with the separator and the bags' covers."""
        return separator_pages(len(self.parts)) + sum(part.sheets(way) for part in self.parts)


def separator_pages(bags: int) -> int:
    """How many pages a separator takes that lists so many bags."""
    return 1 + max(0, -(-(bags - LISTED_FIRST) // LISTED_NEXT))


def in_batches(bags: Iterable[Bag], way: Way) -> list[Batch]:
    """The bags in batches of at most `way.most` sheets, in their order; only a packet that by itself (as the first of a bag: with its covers) is
    longer makes a longer one.

    A bag that fits into a batch of its own is not torn: it begins the next one where it does not fit into what is left of this.
    """
    batches: list[Batch] = []
    for _route, mine in groupby(bags, key=lambda bag: bag.route):
        batches += _of_route(mine, way)
    return batches


def _of_route(bags: Iterable[Bag], way: Way) -> Iterator[Batch]:
    parts: list[Part] = []
    filled = 0
    for bag in bags:
        pieces = _torn(bag, way)
        together = filled + pieces[0].sheets(way) + separator_pages(len(parts) + 1)
        if parts and (len(pieces) > 1 or together > way.most):
            yield Batch(tuple(parts))
            parts, filled = [], 0
        parts, filled = [*parts, pieces[0]], filled + pieces[0].sheets(way)
        for piece in pieces[1:]:
            yield Batch(tuple(parts))
            parts, filled = [piece], piece.sheets(way)
    if parts:
        yield Batch(tuple(parts))


def _torn(bag: Bag, way: Way) -> list[Part]:
    """The bag in as many parts as batches that it fills; one where it fits into one."""
    parts: list[Part] = []
    start, filled = 0, bag.cover_sheets
    for place, packet in enumerate(bag.packets):
        if place > start and filled + packet.sheets(way) + separator_pages(1) > way.most:
            parts.append(Part(bag, start, place))
            start, filled = place, 0
        filled += packet.sheets(way)
    return [*parts, Part(bag, start, len(bag.packets))]

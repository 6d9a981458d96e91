"""A packet's PDF written straight out: what packets share is spelled once and copied as bytes; only a page's own stream is new.

packets/press hands over its stock of fonts and fixed pages, and pages as `Leaf`s. The file is PDF 1.5 (ISO 32000-1: 7.5.8 for its table of places), and hangs on
the leaves alone: not on the order in which the stock was taken in, nor on the clock.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pikepdf

HEADER = b"%PDF-1.5\n%\xbf\xf7\xa2\xfe\n"
CATALOG, PAGES, FIRST_SHARED = 1, 2, 3  # numbers of objects
MOST_BLOCKS = 32  # kept at a time: each is as large as the fonts and fixed pages of one packet
_REFERENCE = re.compile(rb"\((?:[^()\\]|\\.)*\)|\b(\d+) 0 R\b", re.DOTALL)  # or a text, in which nothing is one: qpdf escapes its brackets


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: its own stream, packed; the fixed page beneath, or None; its fonts by name. The latter two are numbers of objects of the stock."""

    content: bytes
    fixed: int | None
    fonts: tuple[tuple[str, int], ...]

    @property
    def resources(self) -> bytes:
        """The dictionary of what it refers to, with the stock's numbers."""
        fonts = b"".join(b"/%s %d 0 R" % (name.encode(), number) for name, number in self.fonts)
        fixed = b"/XObject<</Fixed %d 0 R>>" % self.fixed if self.fixed is not None else b""
        return b"<</Font<<%s>>%s>>" % (fonts, fixed)


@dataclass(frozen=True, slots=True)
class _Block:
    """Shared objects as they stand after the header: where each begins, and which number the resources of a page have."""

    body: bytes
    places: tuple[int, ...]
    resources: Mapping[bytes, int]
    digest: bytes


class PacketWriter:
    """Writes packets whose pages share the objects of one stock."""

    def __init__(self, stock: pikepdf.Pdf) -> None:
        self._stock = stock
        self._spelled: dict[int, bytes] = {}
        self._blocks: dict[tuple[bytes, ...], _Block] = {}

    def packet(self, leaves: Sequence[Leaf], size: tuple[float, float]) -> bytes:
        """The file of these pages, all of one size in points."""
        wanted = [leaf.resources for leaf in leaves]
        block = self._block(tuple(dict.fromkeys(wanted)))
        out, places, at = [HEADER, block.body], list(block.places), len(HEADER) + len(block.body)
        number = FIRST_SHARED + len(block.places)
        kids = []
        for leaf, resources in zip(leaves, wanted, strict=True):
            page = b"<</Type/Page/Parent %d 0 R/Resources %d 0 R/Contents %d 0 R>>" % (PAGES, block.resources[resources], number + 1)
            for each in (page, _stream(b"/Filter/FlateDecode", leaf.content)):
                places.append(at)
                out.append(_object(number, each))
                at += len(out[-1])
                number += 1
            kids.append(b"%d 0 R" % (number - 2))
        box = b"%g %g" % (round(size[0], 3), round(size[1], 3))
        tree = b"<</Type/Pages/Count %d/Kids[%s]/MediaBox[0 0 %s]>>" % (len(kids), b" ".join(kids), box)
        ends = [_object(CATALOG, b"<</Type/Catalog/Pages %d 0 R>>" % PAGES), _object(PAGES, tree)]
        identity = hashlib.sha256(block.digest + b"".join(leaf.content for leaf in leaves)).hexdigest()[:32].encode()
        return b"".join([*out, *ends, _table([at, at + len(ends[0]), *places], at + sum(map(len, ends)), identity)])

    def _block(self, resources: tuple[bytes, ...]) -> _Block:
        if resources not in self._blocks:
            if len(self._blocks) >= MOST_BLOCKS:
                self._blocks.clear()
            self._blocks[resources] = self._made(resources)
        return self._blocks[resources]

    def _made(self, resources: Sequence[bytes]) -> _Block:
        """Number what these resources lead to, in the order in which they lead there, and spell it."""
        numbers: dict[int, int] = {}
        for each in resources:
            self._follow(each, numbers)
        bodies = [self._of_stock(stock) for stock in numbers] + list(resources)
        spelled = [_object(FIRST_SHARED + place, _renumbered(body, numbers)) for place, body in enumerate(bodies)]
        places, at = [], len(HEADER)
        for each in spelled:
            places.append(at)
            at += len(each)
        own = {each: FIRST_SHARED + len(numbers) + place for place, each in enumerate(resources)}
        body = b"".join(spelled)
        return _Block(body, tuple(places), own, hashlib.sha256(body).digest())

    def _follow(self, spelled: bytes, numbers: dict[int, int]) -> None:
        for found in _REFERENCE.findall(spelled.partition(b"stream\n")[0]):
            stock = int(found or 0)
            if stock and stock not in numbers:
                numbers[stock] = FIRST_SHARED + len(numbers)
                self._follow(self._of_stock(stock), numbers)

    def _of_stock(self, number: int) -> bytes:
        """An object of the stock as it is written, with the stock's numbers."""
        if number not in self._spelled:
            found = self._stock.get_object(number, 0)
            if isinstance(found, pikepdf.Stream):
                head = pikepdf.Dictionary({name: each for name, each in found.items() if name != "/Length"}).unparse()
                self._spelled[number] = _stream(head.removeprefix(b"<<").removesuffix(b">>"), found.read_raw_bytes())
            else:
                self._spelled[number] = found.unparse(resolved=True)
        return self._spelled[number]


def _object(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%s\nendobj\n" % (number, body)


def _stream(entries: bytes, content: bytes) -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def _renumbered(body: bytes, numbers: Mapping[int, int]) -> bytes:
    """References changed from the stock's numbers to the file's; never within a stream."""
    head, stream, content = body.partition(b"stream\n")
    return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers[int(found[1])] if found[1] else found[0], head) + stream + content


def _table(places: Sequence[int], at: int, identity: bytes) -> bytes:
    """Where every object begins, from number 1 on, as a stream; it stands at `at` and is the last object itself."""
    number = len(places) + 1
    rows = b"\0\0\0\0\0\xff" + b"".join(b"\1%s\0" % place.to_bytes(4, "big") for place in (*places, at))
    entries = b"/Type/XRef/Size %d/W[1 4 1]/Root %d 0 R/ID[<%s><%s>]/Filter/FlateDecode" % (number + 1, CATALOG, identity, identity)
    return _object(number, _stream(entries, zlib.compress(rows, 6))) + b"startxref\n%d\n%%%%EOF\n" % at

"""A batch put together out of packets' files: pages are copied as they are, fonts and fixed print kept once. No database; packets/print_command calls it.

What stands on a page at 100 % is copied byte for byte. Pages two to a side become 71 % of their size on an upright sheet, turned a quarter to the
left; on backs, where there are any, to the right, so that a printer that turns all sheets over the long edge turns these as a book is turned.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pikepdf

from packets.bundle_cover import inside, outside
from packets.imposition import WHITE, Side
from packets.layout import PAGE_MM
from packets.paper import POINTS_PER_MM
from packets.press import Press
from packets.printing import Batch, Part, Way
from packets.printing_sheets import Place, separator
from records.settings import PacketSettings

WIDE, HIGH = (side * POINTS_PER_MM for side in PAGE_MM)
HALF = HIGH / 2
BOX = [0, 0, round(WIDE, 3), round(HIGH, 3)]
SHARED = ("/Font", "/XObject")  # resources that many pages have in common
NOBODY = (0, 0)  # the number of no object


class Paper:
    """The pages of one file; what they share is kept once, however many files it comes from."""

    def __init__(self) -> None:
        self._made = pikepdf.Pdf.new()
        self._kept: dict[bytes, pikepdf.Object] = {}
        self._open = ExitStack()
        self._taken = 0

    def take(self, pdf: bytes | Path, sides: Sequence[Side], duplex: bool) -> None:
        """Append sides of a PDF of ours, its pages counted from 1; with `duplex`, sides at odd places are backs."""
        source = self._open.enter_context(pikepdf.open(io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf))
        self._taken += 1
        known = {NOBODY: b"%d" % self._taken}
        for place, side in enumerate(sides):
            if len(side) > 1:
                self._imposed(source, side, partial(self._with_shared, known=known), back=duplex and place % 2 == 1)
            elif side:
                self._copied(source.pages[side[0] - 1], known)
            else:
                self._page(BOX, pikepdf.Dictionary(), pikepdf.Stream(self._made, b""))

    def fit(self, source: pikepdf.Pdf, sides: Sequence[Side], duplex: bool) -> None:
        """Append sides of somebody else's open PDF, two pages to each, as in `take`. Nothing is taken for granted of what its pages refer to."""
        for place, side in enumerate(sides):
            self._imposed(source, side, self._made.copy_foreign, back=duplex and place % 2 == 1)

    def pdf(self) -> bytes:
        """The finished file; the same pages give the same bytes. Nothing can be taken in afterwards."""
        file = io.BytesIO()
        with self._open:
            self._made.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return file.getvalue()

    def _copied(self, page: pikepdf.Page, known: dict[tuple[int, int], bytes]) -> None:
        """A page of ours, whose resources all have numbers of their own (packets/press)."""
        held = {
            kind: pikepdf.Dictionary({name: self._shared(each, known) for name, each in named.items()})
            for kind, named in page.obj.Resources.items()
        }
        self._page([float(side) for side in page.mediabox], pikepdf.Dictionary(held), self._made.copy_foreign(page.obj.Contents))

    def _imposed(self, source: pikepdf.Pdf, side: Side, copied: Callable[[pikepdf.Object], pikepdf.Object], back: bool) -> None:
        forms, drawn = pikepdf.Dictionary(), []
        for half, number in enumerate(side):
            if number != WHITE:
                form = source.pages[number - 1].as_form_xobject()
                forms[f"/Half{half}"] = copied(form)
                drawn.append(b"q %s cm /Half%d Do Q" % (_placed(form, half, back), half))
        self._page(BOX, pikepdf.Dictionary(XObject=forms), pikepdf.Stream(self._made, b"\n".join(drawn)))

    def _page(self, box: Sequence[float], resources: pikepdf.Dictionary, contents: pikepdf.Object) -> None:
        page = pikepdf.Dictionary(Type=pikepdf.Name.Page, MediaBox=list(box), Resources=resources, Contents=contents)
        self._made.pages.append(pikepdf.Page(self._made.make_indirect(page)))

    def _shared(self, each: pikepdf.Object, known: dict[tuple[int, int], bytes]) -> pikepdf.Object:
        """The copy in this file of a font or form, made when it is first wanted."""
        key = _fingerprint(each, known)
        if key not in self._kept:
            self._kept[key] = self._made.copy_foreign(each)
            self._share_within(each, self._kept[key], known)
        return self._kept[key]

    def _with_shared(self, form: pikepdf.Object, known: dict[tuple[int, int], bytes]) -> pikepdf.Object:
        """A copy of a page of ours as a form, whose own fonts and forms are the shared ones."""
        copied = self._made.copy_foreign(form)
        self._share_within(form, copied, known)
        return copied

    def _share_within(self, each: pikepdf.Object, copied: pikepdf.Object, known: dict[tuple[int, int], bytes]) -> None:
        own = each.get("/Resources")
        if not isinstance(own, pikepdf.Dictionary):
            return
        for kind in SHARED:
            named = own.get(kind)
            for name, item in named.items() if isinstance(named, pikepdf.Dictionary) else ():
                if isinstance(item, pikepdf.Object) and item.is_indirect:
                    copied.Resources[kind][name] = self._shared(item, known)


def batch_pdf(home: Path, batch: Batch, place: Place, way: Way, settings: PacketSettings, press: Press) -> bytes:
    """The batch as one PDF: separator, then bag by bag its covers and packets. The same batch gives the same bytes."""
    paper = Paper()
    heads = separator(batch, place, way, [part_grams(part, way, settings) for part in batch.parts])
    paper.take(press.packet(heads), _fronts(len(heads), way), way.duplex)
    for part in batch.parts:
        if part.begins:
            whole = part.bag.whole
            front = outside(part.bag, place.week, whole.sheets(way) - whole.bag.cover_sheets, part_grams(whole, way, settings))
            covers = [front, *inside(part.bag, place.week)]
            paper.take(press.packet(covers), _fronts(len(covers), way), way.duplex)
        for packet in part.packets:
            paper.take(home / packet.pdf, packet.sides(way), way.duplex)
    return paper.pdf()


def grams_of(sheets: int, settings: PacketSettings) -> int:
    """The weight of one packet with its envelopes."""
    return round(sheets * settings.grams_per_sheet + settings.grams_per_envelope)


def part_grams(part: Part, way: Way, settings: PacketSettings) -> int:
    """The weight of what of a bag lies in one batch, with the bag's covers where they lie there."""
    covers = part.bag.cover_sheets * settings.grams_per_sheet if part.begins else 0
    return round(covers) + sum(grams_of(packet.sheets(way), settings) for packet in part.packets)


def _fronts(count: int, way: Way) -> list[Side]:
    """So many pages, each on a sheet of its own."""
    return [side for number in range(1, count + 1) for side in ([(number,), ()] if way.duplex else [(number,)])]


def _placed(form: pikepdf.Object, half: int, back: bool) -> bytes:
    """The matrix that sets a page into the middle of the left (0) or right (1) half of a sheet that lies (ISO 32000-1, 8.3.4)."""
    left, bottom, width, height = _extent(form)
    scale = min(HALF / width, WIDE / height)
    across = half * HALF + (HALF - scale * width) / 2 - scale * left
    up = (WIDE - scale * height) / 2 - scale * bottom
    turned = (0, -scale, scale, 0, up, HIGH - across) if back else (0, scale, -scale, 0, WIDE - up, across)
    return b" ".join(b"%.5f" % number for number in turned)


def _extent(form: pikepdf.Object) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of what a form draws, after its own matrix: a page may be stored turned."""
    x1, y1, x2, y2 = (float(side) for side in form.BBox)
    a, b, c, d, e, f = (float(number) for number in form.get("/Matrix", [1, 0, 0, 1, 0, 0]))
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x1, x2) for y in (y1, y2)]
    (left, right), (bottom, top) = ((min(axis), max(axis)) for axis in zip(*corners, strict=True))
    return left, bottom, right - left, top - bottom


def _fingerprint(each: pikepdf.Object, known: dict[tuple[int, int], bytes]) -> bytes:
    """A digest of an object and of all that it refers to, so that equal ones of different files are found.

    What refers back to itself, as in teachers' own pages, is like nothing of another file: `known` says at NOBODY which file this is.
    """
    if not each.is_indirect:
        return hashlib.sha256(_spelled(each, known)).digest()
    if each.objgen not in known:
        known[each.objgen] = b"%s: %d %d" % (known[NOBODY], *each.objgen)
        known[each.objgen] = hashlib.sha256(_spelled(each, known)).digest()
    return known[each.objgen]


def _spelled(each: object, known: dict[tuple[int, int], bytes]) -> bytes:
    if isinstance(each, pikepdf.Stream):
        return b"stream" + _dictionary(each.items(), known) + each.read_raw_bytes()
    if isinstance(each, pikepdf.Dictionary):
        return b"dictionary" + _dictionary(each.items(), known)
    if isinstance(each, pikepdf.Array):
        return b"array" + b"".join(_whole(item, known) for item in each)
    return repr(each).encode()


def _dictionary(items: Iterable[tuple[str, object]], known: dict[tuple[int, int], bytes]) -> bytes:
    return b"".join(name.encode() + _whole(each, known) for name, each in sorted(items, key=lambda item: item[0]) if name != "/Length")


def _whole(each: object, known: dict[tuple[int, int], bytes]) -> bytes:
    return _fingerprint(each, known) if isinstance(each, pikepdf.Object) else hashlib.sha256(repr(each).encode()).digest()

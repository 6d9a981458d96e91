"""The printed pages of a desk as the reader looks them up: scanning.verdict.PageBook on the database.

scanning/batch makes one in each worker process; it opens read sessions of its own. Layouts and blank prints never change under their digest, so the
last few are kept in memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

import cv2
import numpy as np
from sqlalchemy import bindparam, func, or_, select

from packets.layout import Layout, PageKind
from records import schema
from records.calendar import today
from records.database import Database
from records.errors import IntegrityFailed
from records.keys import Key
from records.language import _
from records.lifecycle import PacketState
from scanning.payloads import Payloads, Printed
from scanning.verdict import Grey, PrintedPage

KEPT = 8  # blank prints of 3.9 MB each; the reader keeps what it made of them
KEPT_LAYOUTS = 256
STILL_OUT_DAYS = 56  # after the day on which it was to come back, a page is named by its codes or by a person only
MOST_OUT = 1_000_000  # pages: 170 MB in each process that meets a sheet without codes
T = TypeVar("T")
_PAGE = (
    select(schema.Page.kind, schema.Page.layout, schema.Page.key_id, schema.Page.void, schema.Packet.state)
    .outerjoin(schema.Packet, schema.Packet.code == schema.Page.packet)
    .where(schema.Page.id == bindparam("page_id"))
)
_OUT = (  # the earliest to come back first: they are the likeliest where there are too many
    select(schema.Page.id, schema.Page.key_id)
    .outerjoin(schema.Packet, schema.Packet.code == schema.Page.packet)
    .where(schema.Page.void.is_(False), or_(schema.Packet.code.is_(None), schema.Packet.state != PacketState.VOID))
    .where(or_(schema.Packet.code.is_(None), schema.Packet.return_by >= bindparam("oldest")))
    .order_by(schema.Packet.return_by, schema.Page.id)
    .limit(MOST_OUT)
)


class DeskBook:
    """Pages, layouts, blank prints and keys of one desk."""

    def __init__(self, database: Database, keys: Sequence[Key]) -> None:
        self._database = database
        self._keys = tuple(keys)
        self._layouts: OrderedDict[str, Layout] = OrderedDict()
        self._blanks: OrderedDict[str, Grey] = OrderedDict()
        self._payloads: tuple[int, Payloads] | None = None

    @property
    def keys(self) -> Sequence[Key]:
        """The desk's keys, the newest first."""
        return self._keys

    def page(self, page_id: str) -> PrintedPage | None:
        """The page with that id, if this desk printed one; void where the page or its whole packet is."""
        with self._database.read() as session:
            found = session.execute(_PAGE, {"page_id": page_id}).first()
        if found is None:
            return None
        kind, layout, key, void, state = found
        return PrintedPage(page_id, PageKind(kind), layout, key, void or state == PacketState.VOID)

    def payloads(self) -> Payloads:
        """The payloads of the pages that are out, made when they are first asked for and again when pages were printed since."""
        with self._database.read() as session:
            printed = session.scalar(select(func.count()).select_from(schema.Page)) or 0
            if self._payloads is None or self._payloads[0] != printed:
                rows = session.execute(_OUT, {"oldest": today() - timedelta(days=STILL_OUT_DAYS)})
                self._payloads = (printed, Payloads((Printed(page, key) for page, key in rows), self._keys))
        return self._payloads[1]

    def layout(self, digest: str) -> Layout:
        """The geometry with that digest."""
        return _kept(self._layouts, digest, lambda: Layout.from_json(self._row(digest).geometry), KEPT_LAYOUTS)

    def blank(self, digest: str) -> Grey:
        """The blank print of that layout: (height, width) grey at packets.layout.BLANK_DPI."""
        return _kept(self._blanks, digest, lambda: _decoded(self._row(digest)), KEPT)

    def _row(self, digest: str) -> schema.Layout:
        with self._database.read() as session:
            row = session.get(schema.Layout, digest)
            if row is None:
                raise IntegrityFailed(
                    _("The layout {digest} of a printed page is missing.").format(digest=digest[:12]), _("Restore the last backup.")
                )
            session.expunge(row)
            return row


def _kept(shelf: OrderedDict[str, T], digest: str, make: Callable[[], T], most: int) -> T:
    if digest not in shelf:
        shelf[digest] = make()
        if len(shelf) > most:
            shelf.popitem(last=False)
    shelf.move_to_end(digest)
    return shelf[digest]


def _decoded(row: schema.Layout) -> Grey:
    image = cv2.imdecode(np.frombuffer(row.blank, np.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise IntegrityFailed(
            _("The blank print of the layout {digest} is damaged.").format(digest=row.digest[:12]), _("Restore the last backup.")
        )
    return np.asarray(image, np.uint8)

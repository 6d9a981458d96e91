"""What the records hold of the frames that one transaction files: fetched at once, with a few statements rather than a few a sheet.

scanning/filing asks it. The transaction is the only writer, so what was fetched at its beginning stays true but for what it files itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session, defer

from packets.layout import PageKind
from records import schema
from records.calendar import now
from scanning.verdict import PageState

READ_STATES = (PageState.READ, PageState.DOUBTFUL)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a batch: `name` as the user gave it, `kept` the original below the home, `frames` how many it holds."""

    name: str
    digest: str
    kept: str
    size: int
    frames: int


class Held:
    """Scan rows of the frames that are seen now, where their files were met before; pages and packets that are seen now. New files get their row."""

    def __init__(self, session: Session, coming: Sequence[tuple[Source, int]], pages: Collection[str]) -> None:
        self._session = session
        known = self._take_in({source.digest: source for source, _frame in coming})
        self._scans = list(session.scalars(_scans_of(known, {frame for _source, frame in coming}))) if known else []
        self._pages = {row.id: row for row in session.scalars(select(schema.Page).where(schema.Page.id.in_(pages)))} if pages else {}
        codes = {row.packet for row in self._pages.values() if row.packet}
        packets = session.scalars(select(schema.Packet).where(schema.Packet.code.in_(codes))) if codes else ()
        self._packets = {row.code: row for row in packets}
        self._read = set(session.scalars(_read_of(self._pages))) if self._pages else set()

    def scans(self, digest: str, frame: int) -> list[schema.Scan]:
        """The rows of one frame as they stood before this transaction, in the order of their parts."""
        return [row for row in self._scans if row.original == digest and row.frame == frame]

    def page(self, page_id: str | None) -> schema.Page | None:
        """A printed page that is seen now."""
        return self._pages.get(page_id) if page_id else None

    def packet(self, code: str | None) -> schema.Packet | None:
        """The packet of a page that is seen now."""
        return self._packets.get(code) if code else None

    def was_read(self, page_id: str) -> bool:
        """Whether the page has been read, before or in this transaction."""
        return page_id in self._read

    def note_read(self, page_id: str) -> None:
        """From now on the page has been read."""
        self._read.add(page_id)

    def incomplete(self, packets: Iterable[str]) -> set[str]:
        """Those of `packets` of which a worksheet has not been read."""
        wanted = select(schema.Page.packet).where(schema.Page.packet.in_(list(packets)), schema.Page.void.is_(False)).distinct()
        wanted = wanted.where(schema.Page.kind == PageKind.WORKSHEET.value)
        read = select(schema.Scan.id).where(schema.Scan.page == schema.Page.id, schema.Scan.state.in_(READ_STATES))
        return {code for code in self._session.scalars(wanted.where(~read.exists())) if code}

    def _take_in(self, sources: dict[str, Source]) -> list[str]:
        """Write the rows of files that are met for the first time; answers the digests of the others."""
        known = {row.digest: row for row in self._session.scalars(select(schema.Original).where(schema.Original.digest.in_(sources)))}
        for digest, row in known.items():
            row.frames = sources[digest].frames
        fresh = [
            {"digest": each.digest, "path": each.kept, "bytes": each.size, "frames": each.frames, "first_seen": now()}
            for each in sources.values()
            if each.digest not in known
        ]
        if fresh:
            self._session.execute(insert(schema.Original), fresh)
        return list(known)


def _scans_of(digests: Collection[str], frames: Collection[int]) -> Select[Any]:
    """Without measurements: a long file has thousands of other frames, and the rows of one weigh 10 KB each."""
    wanted = select(schema.Scan).where(schema.Scan.original.in_(digests), schema.Scan.frame.in_(frames))
    return wanted.options(defer(schema.Scan.measurements)).order_by(schema.Scan.original, schema.Scan.frame, schema.Scan.part)


def _read_of(pages: Collection[str]) -> Select[Any]:
    return select(schema.Scan.page).where(schema.Scan.page.in_(pages), schema.Scan.state.in_(READ_STATES))

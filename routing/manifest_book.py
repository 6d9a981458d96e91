"""Manifests in the database: prepared, kept, closed, withdrawn. routing/manifest_commands opens the sessions and writes the files.

A manifest is open from its printing to the hand-over, and closed for ever after: what it says, its pages and its bytes stay. While it is
open, a change of what it says makes its sheets anew and the old ones void. A packet stands on one open manifest.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from packets.archive import REBUILT, WITHDRAWN, keep_layouts
from packets.layout import PageKind
from packets.token import derive_page_id, short_code, write_token
from records import journal, schema
from records.errors import NotAllowed, PartMissing
from records.files import digest
from records.keys import Key, current_key
from records.language import N_, _, in_both
from records.lifecycle import PacketState
from routing.manifest import Manifest, Sealed, forms_of
from routing.manifest_form import printed_form
from routing.plan import PlannedRoute
from settlements.register import offices, schools

FOLDER = "routes"


@dataclass(frozen=True, slots=True)
class Draft:
    """A manifest ready to be drawn. `sealed`: its sheets; `key`: the id of the key that sealed them; `bags`: its packets by stop.

    `standing`: its sheets are kept already, as they are here. `closed`: since when it may not change; `pdf_digest` of the file then.
    """

    manifest: Manifest
    issue: int
    sealed: tuple[Sealed, ...]
    key: str
    bags: Mapping[int, tuple[str, ...]]
    standing: bool = False
    closed: datetime | None = None
    pdf_digest: str = ""

    @property
    def file(self) -> str:
        """Where its PDF stands, relative to home."""
        return f"{FOLDER}/{self.manifest.week}/manifest-{self.manifest.code}.pdf"


def prepare(session: Session, keys: Sequence[Key], manifest: Manifest, bags: Mapping[int, tuple[str, ...]]) -> Draft:
    """The manifest as it is to be printed: a closed one as it was closed, an open one that says the same on the sheets that it has."""
    row = session.get(schema.Manifest, manifest.code)
    if row is None:
        return _sealed(keys, manifest, 1, bags)
    known = from_json(row.definition)
    if row.closed_at is None and known != manifest:
        return _sealed(keys, manifest, row.issue + 1, bags)
    sheets = _sheets(session, row)
    drawn_alike = [sheet.layout for sheet in sheets] == [printed_form(form)[0].digest for form in forms_of(known)]
    if row.closed_at is None and not drawn_alike:
        return _sealed(keys, manifest, row.issue + 1, bags)
    carried = bags if row.closed_at is None else bags_of(session, row.code)
    key = _key_of(keys, sheets[0].key_id)
    sealed = tuple(_seal(key, sheet.id) for sheet in sheets)
    return Draft(known, row.issue, sealed, key.id, carried, True, row.closed_at, row.pdf_digest)


def keep(session: Session, draft: Draft, pdf: bytes) -> bool:
    """Keep a manifest whose file is written, with its pages and packets; answers whether anything was new.

    Raises NotAllowed where one of its packets stands on another open manifest, or where the manifest was closed meanwhile.
    """
    row = session.get(schema.Manifest, draft.manifest.code)
    if draft.closed is not None:
        return False
    if row is not None and row.closed_at is not None:
        raise NotAllowed(
            _("The manifest {manifest} was closed meanwhile, by a hand-over. Nothing was changed.").format(manifest=draft.manifest.code),
            _("Run the command again: it prints the manifest as it was handed over."),
        )
    if not draft.standing:
        _keep_pages(session, draft)
    if row is None:
        row = schema.Manifest(code=draft.manifest.code, route=draft.manifest.route.code, supplement=draft.manifest.supplement)
        session.add(row)
    row.week, row.definition, row.issue = draft.manifest.week, as_json(draft.manifest), draft.issue
    row.pdf, row.pdf_digest = draft.file, digest(pdf)
    session.flush()
    load(session, draft.manifest.code, draft.bags)
    if not draft.manifest.supplement:
        route = session.get_one(schema.Route, row.route)
        route.manifest, row.closed_at = draft.file, route.handed_over_at  # handed over by an older program, which kept no manifests
    if not draft.standing:
        journal.record(session, "routes.manifest", row.code, file=draft.file, sheets=len(draft.sealed))
    return not draft.standing


def is_closed(session: Session, manifest: str) -> bool:
    """Whether the manifest was handed over: from then on it never changes."""
    row = session.get(schema.Manifest, manifest)
    return row is not None and row.closed_at is not None


def load(session: Session, manifest: str, bags: Mapping[int, Collection[str]]) -> None:
    """Let exactly these packets stand on an open manifest, by stop; raises NotAllowed where one stands on another."""
    codes = [packet for bag in bags.values() for packet in bag]
    for packet, code in held_elsewhere(session, manifest, codes).items():
        raise NotAllowed(
            _("The packet {packet} stands on the manifest {manifest} already.").format(packet=packet, manifest=code),
            _("A packet travels by one manifest at a time. `poshta routes track` tells where it is."),
        )
    for carried, _code, _closed_at, _state in _held(session, manifest, codes):
        carried.released = True
    session.execute(delete(schema.ManifestPacket).where(schema.ManifestPacket.manifest == manifest))
    session.flush()
    session.add_all(
        schema.ManifestPacket(manifest=manifest, packet=packet, stop=stop, released=False) for stop, bag in bags.items() for packet in bag
    )
    session.flush()


def held_elsewhere(session: Session, manifest: str, codes: Collection[str]) -> dict[str, str]:
    """Which of these packets may not stand on `manifest`, and the other one that holds each: what came back to the office is free."""
    held = _held(session, manifest, codes)
    return {each.packet: code for each, code, closed_at, state in held if closed_at is None or state != PacketState.BUILT.value}


def close(session: Session, manifest: str, bags: Mapping[int, Collection[str]], at: datetime) -> None:
    """Close a manifest that was given to the driver with these packets; raises NotAllowed as `load` does."""
    load(session, manifest, bags)
    session.get_one(schema.Manifest, manifest).closed_at = at


def reopen(session: Session, manifest: str) -> None:
    """Let a manifest be open again whose hand-over is undone."""
    row = session.get(schema.Manifest, manifest)
    if row is not None:
        row.closed_at = None


def bags_of(session: Session, manifest: str) -> dict[int, tuple[str, ...]]:
    """The packets of each stop's bag, by code."""
    rows = select(schema.ManifestPacket).where(schema.ManifestPacket.manifest == manifest)
    found: dict[int, tuple[str, ...]] = {}
    for row in session.scalars(rows.order_by(schema.ManifestPacket.stop, schema.ManifestPacket.packet)):
        found[row.stop] = (*found.get(row.stop, ()), row.packet)
    return found


def release_superseded(session: Session, week: str, in_force: Collection[str]) -> None:
    """Let go of the packets on open manifests of routes that are no longer in force: they travel by another.

    Their sheets stay readable: where a van went by one all the same, its ticks are the only word of what happened.
    """
    rows = session.scalars(select(schema.Manifest).where(schema.Manifest.week == week, schema.Manifest.closed_at.is_(None)))
    gone = [row.code for row in rows if row.route not in in_force]
    session.execute(delete(schema.ManifestPacket).where(schema.ManifestPacket.manifest.in_(gone)))


def supplements(session: Session, routes: Collection[str]) -> list[tuple[Manifest, dict[int, tuple[str, ...]]]]:
    """The supplements of these routes by number, with their bags."""
    wanted = select(schema.Manifest).where(schema.Manifest.supplement > 0, schema.Manifest.route.in_(routes))
    rows = session.scalars(wanted.order_by(schema.Manifest.route, schema.Manifest.supplement))
    return [(from_json(row.definition), bags_of(session, row.code)) for row in rows]


def withdraw_supplements(session: Session, route: str) -> None:
    """Make the sheets of a route's open supplements void, and let go of their packets: its own manifest is open again and counts them."""
    for made, _bags in supplements(session, [route]):
        if not is_closed(session, made.code):
            _void(session, made.code, WITHDRAWN)
            session.execute(delete(schema.ManifestPacket).where(schema.ManifestPacket.manifest == made.code))
            session.execute(delete(schema.Manifest).where(schema.Manifest.code == made.code))


def handover_places(session: Session) -> dict[str, str]:
    """Where packets can be handed over, by the KATO of a village: at the post office that stands there, else at the school."""
    at = {school.kato: school.name_kk or school.name_ru for school in schools(session).values() if school.kato}
    return at | {office.kato: f"{office.index} {office.name}".strip() for office in offices(session) if office.kato}


def places_of(route: PlannedRoute, known: Mapping[str, str]) -> dict[str, str]:
    """The places of the route's stops out of `known`; a line to write on where none is."""
    blank = f"{in_both(N_('place'))}: ________________"
    return {stop.kato: known.get(stop.kato, blank) for stop in route.stops}


def as_json(manifest: Manifest) -> dict[str, Any]:
    """The manifest as plain JSON values; `from_json` reads it back to an equal one."""
    return {
        "week": manifest.week,
        "route": manifest.route.as_json(),
        "places": dict(manifest.places),
        "supplement": manifest.supplement,
        "reached": [[order, metres, early] for order, (metres, early) in manifest.reached.items()],
    }


def from_json(body: Mapping[str, Any]) -> Manifest:
    """What `as_json` wrote."""
    reached = {order: (metres, early) for order, metres, early in body.get("reached", ())}
    return Manifest(body["week"], PlannedRoute.from_json(body["route"]), body["places"], body["supplement"], reached)


def _sealed(keys: Sequence[Key], manifest: Manifest, issue: int, bags: Mapping[int, tuple[str, ...]]) -> Draft:
    """New sheets: an id says what is printed, so that a run that was killed repeats itself."""
    key = current_key(tuple(keys))
    said = digest(json.dumps(as_json(manifest), sort_keys=True, ensure_ascii=False).encode())
    layouts = [printed_form(form)[0].digest for form in forms_of(manifest)]
    purposes = (f"manifest/{manifest.code}/{issue}/{said}/{number}/{layout}" for number, layout in enumerate(layouts, start=1))
    return Draft(manifest, issue, tuple(_seal(key, derive_page_id(key, purpose)) for purpose in purposes), key.id, bags)


def _seal(key: Key, page: str) -> Sealed:
    return Sealed(page, (write_token(key, page, 0), write_token(key, page, 1)))


def _key_of(keys: Sequence[Key], wanted: str) -> Key:
    found = next((key for key in keys if key.id == wanted), None)
    if found is None:
        raise PartMissing(
            _("The key {key} that sealed this manifest is missing.").format(key=wanted),
            _("Copy the folder keys/ back from the last backup."),
        )
    return found


def _sheets(session: Session, row: schema.Manifest) -> list[schema.Page]:
    """The valid sheets of a manifest, in order."""
    wanted = select(schema.Page).where(schema.Page.pdf == row.pdf, schema.Page.kind == PageKind.MANIFEST, schema.Page.void.is_(False))
    return list(session.scalars(wanted.order_by(schema.Page.number)))


def _keep_pages(session: Session, draft: Draft) -> None:
    """The sheets as pages of ours; those of an earlier issue become void. A withdrawn sheet that is printed again, word for word, is valid again."""
    _void(session, draft.manifest.code, REBUILT)
    forms = [printed_form(form) for form in forms_of(draft.manifest)]
    keep_layouts(session, {layout.digest: (layout, blank) for layout, blank in forms})
    for number, (seal, (layout, _blank)) in enumerate(zip(draft.sealed, forms, strict=True), start=1):
        session.merge(
            schema.Page(
                id=seal.page,
                short_code=short_code(seal.page),
                kind=PageKind.MANIFEST.value,
                week=draft.manifest.week,
                route=draft.manifest.route.code,
                number=number,
                of=len(forms),
                pdf=draft.file,
                pdf_page=number,
                layout=layout.digest,
                key_id=draft.key,
                void=False,
                void_reason="",
            )
        )
    session.flush()


def _void(session: Session, manifest: str, reason: str) -> None:
    row = session.get(schema.Manifest, manifest)
    if row is not None:
        mine = (schema.Page.pdf == row.pdf, schema.Page.kind == PageKind.MANIFEST.value, schema.Page.void.is_(False))
        session.execute(update(schema.Page).where(*mine).values(void=True, void_reason=reason))


def _held(session: Session, manifest: str, codes: Collection[str]) -> list[tuple[schema.ManifestPacket, str, datetime | None, str]]:
    """Where else these packets stand: the row, the manifest, when that was closed, and the packet's state."""
    other = (schema.ManifestPacket.manifest != manifest, schema.ManifestPacket.released.is_(False))
    wanted = (
        select(schema.ManifestPacket, schema.Manifest.code, schema.Manifest.closed_at, schema.Packet.state)
        .join(schema.Manifest, schema.Manifest.code == schema.ManifestPacket.manifest)
        .join(schema.Packet, schema.Packet.code == schema.ManifestPacket.packet)
        .where(*other, schema.ManifestPacket.packet.in_(codes))
    )
    return [(carried, code, closed_at, state) for carried, code, closed_at, state in session.execute(wanted)]

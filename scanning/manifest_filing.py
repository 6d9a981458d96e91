"""A driver's sheet into the records: what was ticked and counted at every stop becomes notes of its route, by way of records/road_notes.

scanning/filing calls this for pages of kind manifest, within its transaction. What is in doubt waits for `poshta routes note`; a second copy fills what was
blank or doubtful, disagrees aloud, and changes nothing that a person said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from records import schema
from records.events import Outcome
from records.journal import record
from records.road import RoadRoute, road_route
from records.road_checks import BLANK, DISAGREEMENT, DOUBT, OUTCOME, READ, REPLACED_PLAN, UNKNOWN_VALUE, stop_item
from records.road_notes import Note, noted, notes_of
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, ItemVerdict, PageVerdict

NOT_FILLED = "not_filled"
SHEET = "sheet"  # stands in the place of an item where the doubt is about the whole sheet
Doubts = tuple[tuple[str, str], ...]


def file_manifest(session: Session, page: schema.Page, verdict: PageVerdict, scan: schema.Scan, copy: bool) -> Doubts:
    """Note what the sheet says of its route; answers the doubts that it leaves or makes. A sheet that nobody filled in says nothing."""
    seen = [_seen(page.id, scan.id, each) for each in verdict.items]
    if not page.route or all(note.state == BLANK or note.reason == DoubtReason.OUT_OF_PLACE for note in seen):
        return ((SHEET, NOT_FILLED),) if seen else ()
    route = road_route(session, page.route)
    held = notes_of(session, [route.code]).get(route.code, {})
    said = settled(held, _trusted(route, seen)) if copy else _trusted(route, seen)
    changed = noted(session, route, said)
    if changed:
        record(session, "scan.manifest", route.code, page=page.id, fields=len(changed))
    mine = {note.item for note in seen}
    now = notes_of(session, [route.code]).get(route.code, {})
    return tuple((item, note.reason) for item, note in now.items() if item in mine and note.state == DOUBT)


def settled(held: Mapping[str, Note], seen: Sequence[Note]) -> list[Note]:
    """What a second copy changes, given what is held. Pure: blanks and doubts are filled, a disagreement is a doubt, a person's word stands."""
    changed = []
    for note in seen:
        before = held.get(note.item)
        after = note if before is None else _settled(before, note)
        if after is not None:
            changed.append(after)
    return changed


def _settled(held: Note, seen: Note) -> Note | None:
    if held.spoken or seen.state == BLANK or held.reason == DISAGREEMENT or held.said == seen.value != "":
        return None
    if held.state == BLANK or (held.state == DOUBT and not held.said):
        fills = not held.candidates or seen.value in held.candidates
        return (seen if fills else _between(held, seen)) if seen.state == READ else None
    return _between(held, seen) if seen.state == READ else None


def _between(held: Note, seen: Note) -> Note:
    """The doubt between two copies, the earlier reading first."""
    possible = (*((held.said,) if held.said else held.candidates), seen.value)
    return replace(seen, value="", candidates=tuple(dict.fromkeys(possible)), state=DOUBT, reason=DISAGREEMENT)


def _trusted(route: RoadRoute, seen: Sequence[Note]) -> list[Note]:
    """The notes as they are, or as doubts where another plan has taken the place of the route's and nobody handed it over."""
    if route.in_force:
        return list(seen)
    return [_doubted(note, REPLACED_PLAN) if note.state == READ else note for note in seen]


def _seen(page: str, scan: int, verdict: ItemVerdict) -> Note:
    """What the reader makes of one field."""
    note = Note(verdict.item, page=page, scan=scan)
    match verdict.judgement:
        case Chosen(values):
            read = replace(note, value=values[0], state=READ)
            return read if _possible(read) else _doubted(read, UNKNOWN_VALUE)
        case Doubt(reason, candidates):
            return replace(note, candidates=candidates, state=DOUBT, reason=reason.value)
        case Blank():
            return note


def _possible(note: Note) -> bool:
    place = stop_item(note.item)
    return note.value in set(Outcome) if place is not None and place[1] == OUTCOME else note.value.isdigit()


def _doubted(note: Note, reason: str) -> Note:
    return replace(note, value="", candidates=(note.value,), state=DOUBT, reason=reason)

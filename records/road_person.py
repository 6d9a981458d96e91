"""A person's word on a route: taken in, written into the journal, and taken back.

routing/note_commands, routing/undo and scanning/review_road come here, so that a word is the same wherever it is said. The caller opens the session.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from records import journal
from records.road import RoadRoute, road_route
from records.road_notes import Note, noted, standing, take_back
from records.undo import UNDO

ACT = "routes.note"
MOST_ACTS = 1000  # of one route


@dataclass(frozen=True, slots=True)
class Said:
    """What a word came to: the notes that changed, also those of other fields that it settled or put in doubt, and their records by item."""

    changed: list[Note] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)


def say(session: Session, route: RoadRoute, said: Iterable[Note]) -> Said:
    """Note what a person says of a route; nothing is written where it stands like that already."""
    changed = noted(session, route, said)
    if not changed:
        return Said()
    fields = {each.item: each.value or each.state for each in changed}
    records = standing(session, route.code, fields)
    journal.record(session, ACT, route.code, fields=fields, records=records)
    return Said(changed, records)


def unsay(session: Session, route: str, records: Mapping[str, int]) -> bool:
    """Let a word not have been said, by the records that it made; False, with nothing changed, where something newer stands of one of its fields."""
    if not records or standing(session, route, records) != dict(records):
        return False
    take_back(session, road_route(session, route), records.values())
    return True


def take_back_word(session: Session, route: str, records: Mapping[str, int]) -> bool:
    """`unsay`, and say so in the journal, so that `poshta undo` passes the word over."""
    if not unsay(session, route, records):
        return False
    act = next(each for each in journal.entries(session, ACT, route, MOST_ACTS) if each.details.get("records") == dict(records))
    journal.record(session, UNDO, route, act=act.id, undone=ACT, fields=sorted(records))
    return True

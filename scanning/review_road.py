"""What of drivers' sheets waits for a person: fields in doubt, what they may be, and a person's word on one. Codes and places only.

scanning/review_app shows it beside the answers of pupils (`scan review`); `poshta routes note` says the same from the command line, with the same records and acts
(records/road_person). Each word names the record that the person saw; where another stands by now, nothing is written and RoadConflict tells what stands.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.layout import Layout
from packets.token import grouped, short_code
from records import schema
from records.errors import InputRefused, NotAllowed, NotFound
from records.events import OUTCOME_WORDS, PERSON, Outcome
from records.language import _, current_language
from records.road import RoadRoute, road_route, road_routes
from records.road_checks import ALL_BACK, BACK, BLANK, DOUBT, NOT_LEGIBLE, ODOMETER_END, ODOMETER_START, OUTCOME, READ, stop_item
from records.road_notes import Note, notes_of, standing
from records.road_person import Said, say, take_back_word
from records.road_words import field_words
from scanning.words import ANSWER_WORDS
from settlements.register import villages

OUTCOMES = tuple(Outcome)
OF_ALL = (ODOMETER_START, ODOMETER_END, ALL_BACK)  # as they stand in the foot of a sheet
MOST_BACK, MOST_KM = 9999, 999_999  # where no sheet says how many digits it has


@dataclass(frozen=True, slots=True)
class RoadCase:
    """A field of a route that is in doubt. `record` is its row, `village` the name of the stop's, `most` the highest number that its digits can say, 0 for an outcome."""

    record: int
    route: RoadRoute
    note: Note
    village: str
    most: int

    @property
    def code(self) -> str:
        """The sheet's short code as it is printed."""
        return grouped(short_code(self.note.page)) if self.note.page else ""

    @property
    def set_aside(self) -> bool:
        """Whether a person has looked, and could not read it either."""
        return self.note.decided_by == PERSON


class RoadConflict(NotAllowed):
    """Somebody else said something else meanwhile, or a newer sheet did; `stands` is what holds now."""

    code = "conflict"

    def __init__(self, route: str, item: str, stands: Note) -> None:
        super().__init__(
            _("Of the route {route}, {item}, something else stands meanwhile.").format(route=route, item=field_words(item)),
            _("Nothing of yours was written. Look at what stands now."),
        )
        self.stands = stands_in_words(stands)


def waiting_fields(session: Session, week: str = "", routes: Collection[str] | None = None) -> list[RoadCase]:
    """The fields in doubt of a week's routes, or of these, or of all: by date and route, then in the order of the sheet."""
    doubtful = select(schema.RoadNote.route).where(schema.RoadNote.state == DOUBT, schema.RoadNote.superseded_by.is_(None)).distinct()
    codes = [code for code in session.scalars(doubtful) if routes is None or code in routes]
    found = road_routes(session, codes=codes, week=week)
    held = notes_of(session, [route.code for route in found])
    doubts = {code: [note for note in notes.values() if note.state == DOUBT] for code, notes in held.items()}
    names = {each.kato: each.name(current_language()) for each in villages(session)} if any(doubts.values()) else {}
    cases = []
    for route in found:
        mine = doubts.get(route.code, [])
        records = standing(session, route.code, [note.item for note in mine])
        own = [RoadCase(records[note.item], route, note, _village(route, note, names), _most(session, note)) for note in mine]
        cases += sorted(own, key=lambda case: _place(route, case.note.item))
    return cases


def decide_field(session: Session, seen: int, value: str) -> tuple[str, Said]:
    """Record `value` (an outcome, a number, or "" for nothing) in place of the record `seen`; answers the route and what it came to.

    Raises RoadConflict, NotFound, and InputRefused where the field cannot have that value.
    """
    route, note = _still(session, seen)
    said = _possible(note.item, value.strip(), _most(session, note))
    word = replace(note, value=said, candidates=(), state=READ if said else BLANK, reason="", decided_by=PERSON, why="")
    return route, say(session, road_route(session, route), [word])


def set_field_aside(session: Session, seen: int) -> tuple[str, Said]:
    """Record that a person looked and could not read it: it stays a doubt, told apart, and a better copy may settle it."""
    route, note = _still(session, seen)
    return route, say(session, road_route(session, route), [replace(note, reason=NOT_LEGIBLE, decided_by=PERSON)])


def take_back_field(session: Session, route: str, item: str, said: Said) -> int:
    """Let a word on `item` not have been said; answers the record that now stands of it. Raises RoadConflict where something newer stands."""
    if not take_back_word(session, route, said.records):
        now = notes_of(session, [route]).get(route, {})
        newer = next((each for each, number in said.records.items() if standing(session, route, [each]).get(each) != number), item)
        raise RoadConflict(route, newer, now.get(newer, Note(newer)))
    return standing(session, route, [item])[item]


def row_of(session: Session, record: int) -> schema.RoadNote:
    """The row of a note; raises NotFound."""
    row = session.get(schema.RoadNote, record)
    if row is None:
        raise NotFound(_("There is no record {number}.").format(number=record), _("Load the page of the review again."))
    return row


def value_words(value: str) -> str:
    """An outcome in words; a number as it is."""
    return _(OUTCOME_WORDS[Outcome(value)]) if value in OUTCOMES else value


def stands_in_words(note: Note) -> str:
    """What holds of a field now, for a person who came second."""
    return value_words(note.value) or _(ANSWER_WORDS[note.state])


def _still(session: Session, seen: int) -> tuple[str, Note]:
    """The route and the note of the record, which must be the one that stands, and in doubt."""
    row = row_of(session, seen)
    now = notes_of(session, [row.route])[row.route].get(row.item, Note(row.item))
    if row.superseded_by is not None or now.state != DOUBT:
        raise RoadConflict(row.route, row.item, now)
    return row.route, now


def _possible(item: str, value: str, most: int) -> str:
    """The value as it is recorded: without leading zeros; raises InputRefused with what the field can have."""
    if not value:
        return ""
    if _is_outcome(item):
        if value in OUTCOMES:
            return value
        raise InputRefused(
            _("«{value}» is nothing that can happen at a stop.").format(value=value),
            _("Give one of: {words}.").format(words=", ".join(OUTCOMES)),
        )
    if not (value.isascii() and value.isdigit() and int(value) <= most):
        raise InputRefused(
            _("«{value}» is no number that this field can have.").format(value=value),
            _("Give a whole number from 0 to {last}.").format(last=most),
        )
    return str(int(value))


def _most(session: Session, note: Note) -> int:
    """The highest number that the field's digits can say."""
    if _is_outcome(note.item):
        return 0
    page = session.get(schema.Page, note.page) if note.page else None
    if page is None:
        return MOST_KM if stop_item(note.item) is None else MOST_BACK
    layout = Layout.from_json(session.get_one(schema.Layout, page.layout).geometry)
    return int(10 ** max((box.column or 1 for box in layout.boxes_of(note.item)), default=1) - 1)


def _is_outcome(item: str) -> bool:
    place = stop_item(item)
    return place is not None and place[1] == OUTCOME


def _village(route: RoadRoute, note: Note, names: dict[str, str]) -> str:
    place = stop_item(note.item)
    stop = next((each for each in route.stops if place and each.name == place[0]), None)
    return names.get(stop.kato, stop.kato) if stop else ""


def _place(route: RoadRoute, item: str) -> tuple[int, bool, str]:
    """Where a field stands on the sheet: by stop, its outcome before its count; what is of the whole route comes last."""
    place = stop_item(item)
    names = [stop.name for stop in route.stops]
    if place is None or place[0] not in names:
        return len(names), False, str(OF_ALL.index(item)) if item in OF_ALL else item
    return names.index(place[0]), place[1] == BACK, item

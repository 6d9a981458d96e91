"""The ledger of pages: how far each page of a study week has come, and why it went no further. Pure: no database, no clock.

expected - printed - handed over - arrived - read - decided. Every page has exactly one furthest stage, so that the stages add up to all pages; a page that was
read has arrived, whatever nobody told about its way. packets/ledger_book says what the tables know of each page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from records.events import Event, Happening, TrackState, Where
from records.language import N_

Key = TypeVar("Key", bound=Hashable)


class Stage(StrEnum):
    """The columns of the ledger, in order."""

    EXPECTED = "expected"  # a pupil is to get it, and it is not printed
    PRINTED = "printed"
    HANDED_OVER = "handed_over"
    ARRIVED = "arrived"
    READ = "read"
    DECIDED = "decided"


class Stop(StrEnum):
    """Why a page went no further; a decided page has none."""

    NOT_BUILT = "not_built"
    WITHDRAWN = "withdrawn"  # its packet was, and no other was built
    AT_DESK = "at_desk"
    BROUGHT_BACK = "brought_back"
    WITH_THE_POST = "with_the_post"
    NOT_DELIVERED = "not_delivered"
    WITH_THE_PUPIL = "with_the_pupil"
    MISSING = "missing"
    LOST = "lost"
    COUNTED_BACK = "counted_back"  # the van brought its packet, and nobody has scanned it
    UNREADABLE = "unreadable"
    IN_DOUBT = "in_doubt"
    WAITING = "waiting"  # for a teacher's points
    DONE = ""


MISSED = (Stop.MISSING, Stop.LOST)
ORDER = {stage: place for place, stage in enumerate(Stage)}
STAGE_WORDS = {
    Stage.EXPECTED: N_("Expected"),
    Stage.PRINTED: N_("Printed"),
    Stage.HANDED_OVER: N_("Handed over"),
    Stage.ARRIVED: N_("Arrived"),
    Stage.READ: N_("Read"),
    Stage.DECIDED: N_("Decided"),
}
STOP_WORDS = {
    Stop.NOT_BUILT: N_("not printed: `packets build` tells why"),
    Stop.WITHDRAWN: N_("withdrawn, and nothing printed instead"),
    Stop.AT_DESK: N_("at the desk"),
    Stop.BROUGHT_BACK: N_("brought back, at the desk again"),
    Stop.WITH_THE_POST: N_("with the post"),
    Stop.NOT_DELIVERED: N_("not delivered"),
    Stop.WITH_THE_PUPIL: N_("with the pupil"),
    Stop.MISSING: N_("missing"),
    Stop.LOST: N_("lost"),
    Stop.COUNTED_BACK: N_("came back with the van, not scanned"),
    Stop.UNREADABLE: N_("scanned, but it cannot be read"),
    Stop.IN_DOUBT: N_("an answer is in doubt"),
    Stop.WAITING: N_("an open answer waits for points"),
    Stop.DONE: "",
}
READ_STATES, COPIES = ("read", "doubtful"), ("read", "doubtful", "duplicate")
_ON_THE_WAY = {
    TrackState.HANDED_OVER: Stop.WITH_THE_POST,
    TrackState.DELIVERED: Stop.WITH_THE_PUPIL,
    TrackState.RETURNED: Stop.WITH_THE_PUPIL,  # others of its packet came
    TrackState.OVERDUE: Stop.MISSING,
    TrackState.LOST: Stop.LOST,
}
_AT_HOME = frozenset((Happening.REPRINTED, Happening.BROUGHT_BACK, Happening.OTHER))


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture of a page: the state and reason that its scan got, and when."""

    state: str
    reason: str
    at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tables know of a page. `where` is its packet's place, `events` what happened to that; `told`: somebody notes hand-overs of this week at all.

    `typed`: a person typed every answer on it; `doubts` and `waiting` count its answers that are open. A page that was not printed has `unbuilt`, no
    id and no place.
    """

    packet: str
    pupil: str
    kato: str
    assignment: str
    page: str = ""
    short_code: str = ""
    number: int = 0
    route: str = ""
    void: str = ""  # why it is void
    where: Where | None = None
    events: tuple[Event, ...] = ()
    told: bool = True
    came_with: int = 0  # other pages of its packet that were read
    seen: tuple[Seen, ...] = ()
    typed: bool = False
    doubts: int = 0
    waiting: int = 0
    unbuilt: Stop = Stop.DONE


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the ledger: how far it came, why no further, since when. `copies`: pictures beyond the first that show it."""

    facts: Facts
    stage: Stage
    stop: Stop
    since: datetime | None
    copies: int
    late: bool

    @property
    def missed(self) -> bool:
        """Whether it should be back by now."""
        return self.stop in MISSED

    def as_json(self) -> dict[str, Any]:
        """The page as `packets ledger --by page` answers it."""
        facts = self.facts
        named = {"page": facts.page or None, "short_code": facts.short_code or None, "number": facts.number or None}
        whose = {
            "packet": facts.packet,
            "pupil": facts.pupil,
            "kato": facts.kato,
            "route": facts.route or None,
            "assignment": facts.assignment,
        }
        stands = {"stage": self.stage.value, "reason": self.stop.value, "since": self.since.isoformat() if self.since else None}
        return {**named, **whose, **stands, "copies": self.copies, "late": self.late}


@dataclass(frozen=True, slots=True)
class Sum:
    """Of some pages: how many stopped at each stage, and for each reason; `copies` are second pictures, `late` pages that came after their day."""

    stopped: Mapping[Stage, int]
    reasons: Mapping[Stop, int]
    copies: int
    late: int

    def reached(self, stage: Stage) -> int:
        """How many came so far, or further."""
        return sum(count for each, count in self.stopped.items() if ORDER[each] >= ORDER[stage])

    @property
    def missed(self) -> int:
        """How many should be back by now."""
        return sum(self.reasons.get(stop, 0) for stop in MISSED)

    def as_json(self) -> dict[str, Any]:
        """The sum as `packets ledger` answers it: `expected` to `decided` count pages that came so far or further, `stopped` those that came no further."""
        reached = {stage.value: self.reached(stage) for stage in Stage}
        stopped = {stage.value: self.stopped.get(stage, 0) for stage in Stage}
        reasons = {stop.value: self.reasons[stop] for stop in Stop if stop and self.reasons.get(stop)}
        return {**reached, "stopped": stopped, "reasons": reasons, "missing": self.missed, "copies": self.copies, "late": self.late}


def entry(facts: Facts, day: date) -> Entry:
    """How far a page that is not void has come by `day`."""
    stage, stop, since = _stands(facts, day)
    copies = max(sum(each.state in COPIES for each in facts.seen) - 1, 0)
    return Entry(facts, stage, stop, since, copies, any(each.late for each in facts.seen if each.state in READ_STATES))


def summed(entries: Iterable[Entry]) -> Sum:
    """Pages together."""
    rows = list(entries)
    stopped, reasons = Counter(row.stage for row in rows), Counter(row.stop for row in rows)
    return Sum(stopped, reasons, sum(row.copies for row in rows), sum(row.late for row in rows))


def grouped(entries: Iterable[Entry], key: Callable[[Entry], Key]) -> dict[Key, list[Entry]]:
    """Pages by whatever `key` says of each; each stands in one group."""
    found: dict[Key, list[Entry]] = {}
    for row in entries:
        found.setdefault(key(row), []).append(row)
    return found


def _stands(facts: Facts, day: date) -> tuple[Stage, Stop, datetime | None]:
    """The furthest stage, why no further, and since when."""
    read = [each.at for each in facts.seen if each.state in READ_STATES]
    if read or facts.typed:
        since = min(read) if read else None
        if facts.doubts:
            return Stage.READ, Stop.IN_DOUBT, since
        return (Stage.READ, Stop.WAITING, since) if facts.waiting else (Stage.DECIDED, Stop.DONE, since)
    if facts.seen:
        return Stage.ARRIVED, Stop.UNREADABLE, min(each.at for each in facts.seen)
    if facts.where is None:
        return Stage.EXPECTED, facts.unbuilt or Stop.NOT_BUILT, None
    return _on_its_way(facts, facts.where, day)


def _on_its_way(facts: Facts, where: Where, day: date) -> tuple[Stage, Stop, datetime]:
    if where.state is TrackState.RETURNED and not facts.came_with:
        return Stage.ARRIVED, Stop.COUNTED_BACK, where.since
    stop = _ON_THE_WAY.get(where.state)
    if stop is not None:
        return Stage.HANDED_OVER, stop, where.since
    if _away(facts.events):
        undelivered = where.state is TrackState.NOT_DELIVERED
        return Stage.HANDED_OVER, Stop.NOT_DELIVERED if undelivered else Stop.WITH_THE_PUPIL, where.since
    if not facts.told and day > where.due:  # a desk that notes no hand-over has sent them all
        return Stage.HANDED_OVER, Stop.MISSING, datetime.combine(where.due, datetime.min.time())
    back = any(event.kind is Happening.BROUGHT_BACK for event in facts.events)
    return Stage.PRINTED, Stop.BROUGHT_BACK if back else Stop.AT_DESK, where.since


def _away(events: Sequence[Event]) -> bool:
    """Whether the packet had left the desk, and was not brought back."""
    away = False
    for event in events:
        if event.kind is Happening.BROUGHT_BACK:
            away = False
        elif event.kind not in _AT_HOME:
            away = True
    return away

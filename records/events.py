"""What can happen to a packet on its way, and where it is after all that happened. Pure: no database, no clock.

routing/tracking asks `whereabouts` for every packet, records/road writes the events, routing/post_events takes in those of Kazpost. Paper is not
obedient: events may be missing, told twice or told late; what is scanned has come back, whatever nobody told about its way there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from records.errors import NotAllowed
from records.language import N_
from records.lifecycle import PacketEvent, PacketState, move


class Happening(StrEnum):
    """One thing that happened. The order is that of a day: what is told of one minute is taken in this order."""

    REPRINTED = "reprinted"
    HANDED_OVER = "handed_over"
    ACCEPTED = "accepted"
    SORTED = "sorted"
    SENT = "sent"
    ARRIVED = "arrived"
    OUT_FOR_DELIVERY = "out_for_delivery"
    KEPT = "kept"
    FORWARDED = "forwarded"
    DID_NOT_ARRIVE = "did_not_arrive"
    NOT_DELIVERED = "not_delivered"
    DELIVERED = "delivered"
    BROUGHT_BACK = "brought_back"  # undelivered, at the office again
    RETURNED = "returned"  # the pupils' work is back at the office
    OTHER = "other"  # under a name that is not known here: kept, and it moves nothing


class TrackState(StrEnum):
    """Where a packet is, as `routes track` tells it."""

    PRINTED = "printed"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    RETURNED = "returned"
    SCANNED = "scanned"
    OVERDUE = "overdue"
    LOST = "lost"
    VOID = "void"


class Outcome(StrEnum):
    """What the driver ticked at a stop; the values of a manifest's tick circles."""

    DELIVERED = "delivered"
    NOBODY = "nobody"
    ROAD_CLOSED = "road_closed"
    REFUSED = "refused"


DESK, MANIFEST, PERSON, POST = "desk", "manifest", "person", "post"  # who told an event

HAPPENING_WORDS = {
    Happening.REPRINTED: N_("printed again"),
    Happening.HANDED_OVER: N_("handed over"),
    Happening.ACCEPTED: N_("accepted by the post"),
    Happening.SORTED: N_("sorted"),
    Happening.SENT: N_("sent on"),
    Happening.ARRIVED: N_("arrived at a post office"),
    Happening.OUT_FOR_DELIVERY: N_("out for delivery"),
    Happening.KEPT: N_("kept at the post office"),
    Happening.FORWARDED: N_("forwarded"),
    Happening.DID_NOT_ARRIVE: N_("did not arrive"),
    Happening.NOT_DELIVERED: N_("not delivered"),
    Happening.DELIVERED: N_("delivered"),
    Happening.BROUGHT_BACK: N_("brought back to the office"),
    Happening.RETURNED: N_("the pupils' work came back"),
    Happening.OTHER: N_("told by the post"),
}
TRACK_WORDS = {
    TrackState.PRINTED: N_("printed"),
    TrackState.HANDED_OVER: N_("handed over"),
    TrackState.DELIVERED: N_("delivered"),
    TrackState.NOT_DELIVERED: N_("not delivered"),
    TrackState.RETURNED: N_("returned"),
    TrackState.SCANNED: N_("scanned"),
    TrackState.OVERDUE: N_("overdue"),
    TrackState.LOST: N_("lost"),
    TrackState.VOID: N_("void"),
}
OUTCOME_WORDS = {
    Outcome.DELIVERED: N_("handed out"),
    Outcome.NOBODY: N_("nobody there"),
    Outcome.ROAD_CLOSED: N_("road closed"),
    Outcome.REFUSED: N_("would not take it"),
}
KAZPOST: Mapping[str, tuple[str, Happening]] = {  # Kazpost's codes with their Russian names (docs/tracking.md says where from)
    "RCPOPS": ("Прием", Happening.ACCEPTED),
    "BAT": ("Партионный прием", Happening.ACCEPTED),
    "SRTRPOREG": ("Сортировка", Happening.SORTED),
    "SRTSND": ("Отправка из участка сортировки", Happening.SENT),
    "TRNRPO": ("Прибытие", Happening.ARRIVED),
    "TRNBAG": ("Прибытие емкости", Happening.ARRIVED),
    "PRC": ("Поступление", Happening.ARRIVED),
    "DLV": ("Выдача на доставку", Happening.OUT_FOR_DELIVERY),
    "ISSPAY": ("Вручено", Happening.DELIVERED),
    "DPAY": ("Вручено", Happening.DELIVERED),
    "ISSSC": ("Вручено", Happening.DELIVERED),
    "NONDLV": ("Не доставлено", Happening.NOT_DELIVERED),
    "NON": ("Не выдано", Happening.NOT_DELIVERED),
    "STR": ("Хранение", Happening.KEPT),
    "RDR": ("Досыл", Happening.FORWARDED),
    "RET": ("Возврат", Happening.BROUGHT_BACK),
    "NONTRNOPS": ("Неприбытие", Happening.DID_NOT_ARRIVE),
}
_ORDER = {kind: place for place, kind in enumerate(Happening)}
_WITH_THE_POST = frozenset(
    (
        *(Happening.HANDED_OVER, Happening.ACCEPTED, Happening.SORTED, Happening.SENT, Happening.ARRIVED),
        *(Happening.OUT_FOR_DELIVERY, Happening.KEPT, Happening.FORWARDED),
    )
)
_STATE_OF = {
    **dict.fromkeys(_WITH_THE_POST, TrackState.HANDED_OVER),
    Happening.REPRINTED: TrackState.PRINTED,
    Happening.DELIVERED: TrackState.DELIVERED,
    Happening.NOT_DELIVERED: TrackState.NOT_DELIVERED,
    Happening.BROUGHT_BACK: TrackState.NOT_DELIVERED,
    Happening.DID_NOT_ARRIVE: TrackState.LOST,
    Happening.RETURNED: TrackState.RETURNED,
}
_MOVES = {
    **dict.fromkeys(_WITH_THE_POST, PacketEvent.HAND_OVER),
    Happening.DELIVERED: PacketEvent.DELIVER,
    Happening.BROUGHT_BACK: PacketEvent.BRING_BACK,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a packet or a bag, with its evidence: a page and its scan, a file and its row, an office."""

    at: datetime
    kind: Happening
    source: str
    packet: str | None = None
    route: str | None = None
    stop: int | None = None
    reason: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The event as `routes track` shows it."""
        told = {"at": self.at.isoformat(), "event": self.kind.value, "source": self.source}
        more = {"route": self.route, "stop": self.stop, "reason": self.reason, "evidence": dict(self.evidence)}
        return told | {name: value for name, value in more.items() if value not in (None, "", {})}


@dataclass(frozen=True, slots=True)
class Paper:
    """What the desk knows of a packet by itself: when it was printed, by when it is to come back, how many of its worksheets were read, and when last."""

    printed_at: datetime
    return_by: date
    pages: int
    read: int = 0
    last_read: datetime | None = None
    void: bool = False


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many days beyond its date work is called for, told to the district, visited for, given up; `return_days` a pupil has for a packet."""

    return_days: int = 14
    call_days: int = 1
    district_days: int = 30
    visit_days: int = 60
    lost_days: int = 60


@dataclass(frozen=True, slots=True)
class Where:
    """Where a packet is and since when. `event` is the last one that says so (None: printed, scanned and void speak for themselves).

    `due` is the day by which its work is to be back, `over` the days beyond it.
    """

    state: TrackState
    since: datetime
    due: date
    over: int
    event: Event | None = None


def in_order(events: Iterable[Event]) -> list[Event]:
    """The events as they happened; of one minute in the order of a day."""
    return sorted(events, key=lambda event: (event.at, _ORDER[event.kind]))


def whereabouts(paper: Paper, events: Iterable[Event], day: date, patience: Patience) -> Where:
    """Where the packet is on `day`. What was read has come back; what nobody could hand out is not its pupil's debt."""
    told = [event for event in in_order(events) if event.kind is not Happening.OTHER]
    due = _due(paper, told, patience)
    over = (day - due).days
    last = told[-1] if told else None
    if paper.void:
        return Where(TrackState.VOID, paper.printed_at, due, 0)
    if paper.pages and paper.read >= paper.pages and paper.last_read is not None:
        return Where(TrackState.SCANNED, paper.last_read, due, 0, last)
    state, since = _position(paper, told)
    owed = state in (TrackState.HANDED_OVER, TrackState.DELIVERED) or (state is TrackState.RETURNED and paper.read > 0)
    owed = owed or (state is TrackState.PRINTED and _out(told))
    if owed and over >= patience.lost_days:
        return Where(TrackState.LOST, datetime.combine(due + timedelta(days=patience.lost_days), time()), due, over, last)
    if owed and over > 0:
        return Where(TrackState.OVERDUE, datetime.combine(due + timedelta(days=1), time()), due, over, last)
    waited = owed or state in (TrackState.RETURNED, TrackState.LOST)
    return Where(state, since, due, max(over, 0) if waited else 0, last)


def ledger_state(before: PacketState, events: Iterable[Event]) -> PacketState:
    """What the packet's own state is after its events; pages that came back and a withdrawal are not undone by any event."""
    moves = [_MOVES[event.kind] for event in in_order(events) if event.kind in _MOVES]
    if before not in (PacketState.BUILT, PacketState.HANDED_OVER, PacketState.DELIVERED) or not moves:
        return before
    state = PacketState.BUILT
    for event in moves:
        with suppress(NotAllowed):  # told twice, or by two who do not know of each other
            state = move(state, event)
    return state


def kazpost_event(name: str) -> Happening | None:
    """What a code or Russian name of Kazpost's means here; None where it is not known. Case, ё and spaces do not matter."""
    wanted = _plain(name)
    for code, (russian, kind) in KAZPOST.items():
        if wanted in (_plain(code), _plain(russian)):
            return kind
    return next((kind for kind in Happening if wanted == _plain(kind.value.replace("_", " "))), None)


def outcome_events(outcome: Outcome) -> Sequence[tuple[Happening, str]]:
    """What a ticked outcome means for every packet of the bag: a bag that nobody took comes back with the van."""
    if outcome is Outcome.DELIVERED:
        return ((Happening.DELIVERED, ""),)
    return ((Happening.NOT_DELIVERED, outcome.value), (Happening.BROUGHT_BACK, outcome.value))


def _position(paper: Paper, told: Sequence[Event]) -> tuple[TrackState, datetime]:
    """The state that the events leave, and since when they say nothing else."""
    state, since = TrackState.PRINTED, paper.printed_at
    for event in told:
        after = _STATE_OF[event.kind]
        if after is not state or event.kind is Happening.REPRINTED:
            state, since = after, event.at
    if paper.read and paper.last_read is not None:
        return TrackState.RETURNED, paper.last_read if state is not TrackState.RETURNED else since
    return state, since


def _out(told: Sequence[Event]) -> bool:
    """Whether a packet had left the office, and had not been brought back, when it was printed again: its work is still waited for."""
    out = False
    for event in told:
        if event.kind is not Happening.REPRINTED:
            out = _STATE_OF[event.kind] in (TrackState.HANDED_OVER, TrackState.DELIVERED, TrackState.LOST, TrackState.RETURNED)
    return out


def _due(paper: Paper, told: Sequence[Event], patience: Patience) -> date:
    """The printed day, or later where the packet came late or was printed again: a pupil has `return_days` for it."""
    came = [event.at.date() for event in told if event.kind in (Happening.DELIVERED, Happening.REPRINTED)]
    return max([paper.return_by, *(day + timedelta(days=patience.return_days) for day in came)])


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").replace("_", " ").split())

"""What a build will do, found out before a file is written: who gets a packet, and whether it stands, is lost, or has changed.

Called by packets/commands; packets/bundle carries the plan out. A plan keeps what becomes of every packet and nothing more: villages are looked at a
stretch at a time, and what the drawing of a stretch needs is looked up again when its turn comes (`task_of`), so that a country's week takes no more
memory than a district's. Reads the database and looks whether files are there; writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from packets.archive import Sealed, Standing, at_desk, sealed_pages, standing_packets, typed_packets
from packets.assignment import Assignment
from packets.awaited import Awaited, awaited, not_back
from packets.feedback import Told, feedback, told_until, untold
from packets.lesson_book import WeekBook, week_book
from packets.orders import Order, Reason, Without, orders, packet_code
from packets.shelf import OnShelf, Remembered, on_shelf
from packets.variants_dealt import with_variants
from packets.verdicts import Known, Outcome, Verdict, verdict
from records.calendar import today
from records.comments import Said, to_tell, told_by
from records.errors import Busy, NotFound, PartMissing
from records.grades import last_id
from records.home import Home
from records.keys import Key, current_key
from records.language import _
from records.lifecycle import PacketState
from settlements.register import HubSchool, schools, villages
from settlements.roster import learners, names, pupils_by_village

STRETCH = 40  # pupils at least: enough for a query and a transaction to cost little, few enough for two presses to end together


@dataclass(frozen=True, slots=True)
class Scope:
    """Which pupils: all, or those of a KATO district or village, or one."""

    district: str = ""
    village: str = ""
    pupil: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """An order with what to do about it."""

    order: Order
    outcome: Outcome
    issue: int
    told: tuple[int, int]
    awaited: list[Any]
    before: Standing | None
    key: Key
    comments: tuple[Said, ...] = ()  # that its cover tells
    sealed: tuple[Sealed, ...] = ()  # the pages of a packet that is drawn again; new pages get their ids from what they show
    timetable: int = 0  # edition of the week's lessons that its cover shows


@dataclass(frozen=True, slots=True)
class Task:
    """Packets to be drawn together, with the news that their covers tell and the pages that are still awaited, by pupil."""

    jobs: tuple[Job, ...]
    told: Mapping[str, tuple[Told, ...]]
    awaited: Mapping[str, tuple[Awaited, ...]]


@dataclass(frozen=True, slots=True)
class Ground:
    """What all of a plan stands on, looked up once: an assignment, a key or a record that comes later is not for this build."""

    home: Home
    week: str
    scope: Scope
    shelf: Sequence[OnShelf]
    book: WeekBook
    schools: Mapping[str, HubSchool]
    villages: frozenset[str]
    latest: int  # record that covers tell of
    keys: Mapping[str, Key]
    newest: Key
    works: Remembered = field(default_factory=Remembered)
    with_boxes: dict[str, bool] = field(default_factory=dict)  # as packets.awaited remembers it

    @property
    def assignments(self) -> list[Assignment]:
        """The week's assignments, in their order."""
        return [kept.assignment for kept in self.shelf]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring villages, by KATO code, with how many of their packets are to be drawn."""

    villages: tuple[str, ...]
    packets: int


@dataclass(slots=True)
class Plan:
    """Everything that was found out before a file is written: what becomes of each packet by code, and which fixed pages that wants."""

    ground: Ground
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    without: list[Without] = field(default_factory=list)
    former_points: list[str] = field(default_factory=list)
    fixed: dict[tuple[Assignment, str], None] = field(default_factory=dict)  # assignments with the size of their print
    stretches: list[Stretch] = field(default_factory=list)  # where something is to be drawn

    @property
    def drawn(self) -> int:
        """How many packets are to be drawn."""
        return sum(stretch.packets for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found of a stretch: a verdict for each order that is not refused, how its packet stands, and who gets nothing."""

    verdicts: list[Verdict]
    before: Mapping[str, Standing]
    unordered: list[Without]
    refused: list[Without]

    @property
    def to_draw(self) -> list[Verdict]:
        return [each for each in self.verdicts if each.outcome is not Outcome.UNCHANGED]

    @property
    def again(self) -> list[str]:
        return [each.order.packet for each in self.verdicts if each.outcome is Outcome.REDRAWN]


def plan(home: Home, week: str, scope: Scope) -> Plan:
    """What a build of `week` will do. Raises PartMissing without a key, NotFound without assignments or pupils."""
    refused: list[Without] = []
    with home.database.read() as session:
        planned = Plan(_ground(session, home, week, scope))
        for together in _stretches(session, scope):
            found = _look(session, planned.ground, together)
            _add(session, planned, together, found)
            refused += found.refused
        planned.without += [*_left_over(session, planned, refused), *refused]
    return planned


def task_of(planned: Plan, stretch: Stretch) -> Task:
    """What the drawing of a stretch needs; raises Busy where a packet is to be drawn otherwise than was planned. Who came since is for the next build."""
    ground = planned.ground
    with ground.home.database.read() as session:
        looked = _look(session, ground, stretch.villages)
        found = replace(looked, verdicts=[each for each in looked.verdicts if each.order.packet in planned.outcomes])
        if not _as_planned(planned, stretch, found.to_draw):
            raise _not_as_planned()
        jobs = _jobs(session, ground, found)
        comments = {job.order.learner.code: job.comments for job in jobs}
        told = feedback(session, {job.order.learner.code: job.told for job in jobs}, comments, ground.works)
        waited = awaited(session, {job.order.learner.code: job.awaited for job in jobs}, ground.works)
    return Task(tuple(jobs), told, waited)


def changed_meanwhile() -> Busy:
    """The refusal to go on with packets that are no longer as they were planned."""
    return Busy(
        _("Another program is building the same packets, or has changed what they show."),
        _("Wait until it has finished, then run the same command again."),
    )


def _not_as_planned() -> Busy:
    return Busy(
        _("A pupil, an assignment or a packet has changed since this build began; what was built until then stays."),
        _("Run the same command again."),
    )


def _ground(session: Session, home: Home, week: str, scope: Scope) -> Ground:
    found = home.keys()
    newest, keys = current_key(found), {key.id: key for key in found}
    shelf = on_shelf(session, week)
    if not shelf:
        raise NotFound(
            _("There are no assignments for the study week {week}.").format(week=week),
            _("Add them with `poshta assignments add FILE`, or check the week's number."),
        )
    known = frozenset(village.kato for village in villages(session))
    return Ground(home, week, scope, shelf, week_book(session, week), schools(session), known, last_id(session), keys, newest)


def _stretches(session: Session, scope: Scope) -> Iterator[tuple[str, ...]]:
    """The villages of the scope, together as far as a stretch needs; raises NotFound where nobody lives there."""
    counted = pupils_by_village(session, scope.district, scope.village, scope.pupil)
    if not counted:
        raise NotFound(_("There are no pupils there."), _("`poshta pupils list` shows who is known, and in which village."))
    together: list[str] = []
    pupils = 0
    for village, count in counted.items():
        together.append(village)
        pupils += count
        if pupils >= STRETCH:
            yield tuple(together)
            together, pupils = [], 0
    if together:
        yield tuple(together)


def _look(session: Session, ground: Ground, together: Sequence[str]) -> _Found:
    made, unordered = _orders(session, ground, together)
    before = standing_packets(session, codes=[order.packet for order in made])
    typed, fresh = typed_packets(session, before), _fresh(session, ground, made, before)
    former = {kept.assignment.code: kept.former_points for kept in ground.shelf}
    verdicts: list[Verdict] = []
    refused: list[Without] = []
    for order in made:
        known = Known(before.get(order.packet), order.packet in typed, fresh[order.packet])
        decided = verdict(ground.home.path, order, known, former, ground.book, named=ground.scope.pupil == order.learner.code)
        if isinstance(decided, Verdict):
            verdicts.append(decided)
        else:
            refused.append(Without(order.learner.code, decided, order.learner.grade, order.learner.language))
    return _Found(verdicts, before, unordered, refused)


def _orders(session: Session, ground: Ground, together: Sequence[str]) -> tuple[list[Order], list[Without]]:
    found = learners(session, pupil=ground.scope.pupil, villages=together)
    people = names(session, codes=[learner.code for learner in found])
    settings = ground.home.settings.packets
    made, without = orders(
        found, ground.assignments, people, ground.villages, ground.schools, ground.week, settings.return_days, settings.hotline
    )
    dealt = with_variants(session, made, found)
    return [replace(order, lessons=ground.book.of(order.learner)) for order in dealt], without


def _add(session: Session, planned: Plan, together: tuple[str, ...], found: _Found) -> None:
    planned.without += found.unordered
    for each in found.verdicts:
        planned.outcomes[each.order.packet] = each.outcome
        planned.former_points += [each.order.packet] if each.former_points else []
    if found.to_draw:
        _require_keys(session, planned.ground, found)
        planned.stretches.append(Stretch(together, len(found.to_draw)))
        planned.fixed |= dict.fromkeys((work, each.order.learner.print) for each in found.to_draw for work in each.order.assignments)


def _left_over(session: Session, planned: Plan, refused: Sequence[Without]) -> Iterator[Without]:
    """Packets that were built for pupils who get nothing any more: they left, or lost their assignments, village or channel."""
    week, scope = planned.ground.week, planned.ground.scope
    wanted = {packet_code(week, each.pupil) for each in refused}
    for packet, pupil in at_desk(session, week, scope.village or scope.district):
        if packet not in planned.outcomes and packet not in wanted and scope.pupil in ("", pupil):
            yield Without(pupil, Reason.LEFT_OVER, 0, "")


def _fresh(session: Session, ground: Ground, made: Sequence[Order], before: Mapping[str, Standing]) -> dict[str, tuple[int, int]]:
    """For each packet the range of records that a cover built now would tell of.

    A packet that stands keeps where its range begins, unless the cover before it was withdrawn and that one's news would be lost.
    """
    told = told_until(session, [order.learner.code for order in made], ground.week)
    begins = {order.packet: told.get(order.learner.code, 0) for order in made}
    gaps = {
        before[packet].pupil: (begin, before[packet].told[0])
        for packet, begin in begins.items()
        if packet in before and begin < before[packet].told[0]
    }
    lost = untold(session, gaps)
    for packet in begins.keys() & before.keys():
        if before[packet].state is not PacketState.VOID and before[packet].pupil not in lost:
            begins[packet] = before[packet].told[0]
    return {packet: (begin, ground.latest) for packet, begin in begins.items()}


def _as_planned(planned: Plan, stretch: Stretch, found: Sequence[Verdict]) -> bool:
    """Whether the same is to be drawn as when it was planned, and every fixed page that it wants was drawn."""
    same = all(planned.outcomes.get(each.order.packet) is each.outcome for each in found)
    ready = all((work, each.order.learner.print) in planned.fixed for each in found for work in each.order.assignments)
    return len(found) == stretch.packets and same and ready


def _jobs(session: Session, ground: Ground, found: _Found) -> list[Job]:
    pupils = [each.order.learner.code for each in found.to_draw]
    waited = not_back(session, pupils, ground.week, today(), ground.with_boxes)
    said, sealed = to_tell(session, pupils, ground.week), _sealed(session, ground, found)
    printed = told_by(session, ground.week, found.again) if found.again else {}
    jobs: list[Job] = []
    for each in found.to_draw:
        packet, pupil = each.order.packet, each.order.learner.code
        standing = found.before.get(packet)
        if each.outcome is Outcome.REDRAWN and standing is not None:
            kept, comments = standing.awaited, printed.get(packet, [])
        else:
            kept, comments = waited.get(pupil, []), said.get(pupil, [])
        key, pages = sealed.get(packet, (ground.newest, ()))
        jobs.append(Job(each.order, each.outcome, each.issue, each.told, kept, standing, key, tuple(comments), pages, ground.book.newest))
    return jobs


def _require_keys(session: Session, ground: Ground, found: _Found) -> None:
    """Raise PartMissing where the key of a packet that is to be drawn again is not there, before anything is drawn."""
    _sealed(session, ground, found)


def _sealed(session: Session, ground: Ground, found: _Found) -> dict[str, tuple[Key, tuple[Sealed, ...]]]:
    """The key and the pages of each packet that is drawn again; raises PartMissing where that key is not there."""
    sealed = sealed_pages(session, ground.week, found.again) if found.again else {}
    return {packet: (_key_of(ground.keys, sealed[packet][0]), sealed[packet][1]) for packet in found.again if packet in sealed}


def _key_of(keys: Mapping[str, Key], wanted: str) -> Key:
    if wanted not in keys:
        raise PartMissing(
            _("The key {key}, which sealed pages of this week, is not there.").format(key=wanted),
            _("Copy the folder keys/ back from the last backup."),
        )
    return keys[wanted]

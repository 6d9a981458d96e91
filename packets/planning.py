"""What a build will do, found out before a file is written: who gets a packet, and whether it stands, is lost, or has changed.

Called by packets/commands; packets/bundle carries the plan out. Reads the database and looks whether files are there; writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from packets.archive import Sealed, Standing, sealed_pages, standing_packets, typed_packets
from packets.assignment import Assignment
from packets.awaited import not_back
from packets.feedback import told_until, untold
from packets.lesson_book import WeekBook, week_book
from packets.orders import Order, Reason, Without, as_printed, orders
from packets.shelf import on_shelf
from packets.variants_dealt import with_variants
from records.calendar import today
from records.comments import Said, to_tell, told_by
from records.errors import NotFound, PartMissing
from records.files import file_digest
from records.grades import last_id
from records.home import Home
from records.keys import Key, current_key
from records.language import _
from records.lifecycle import PacketState
from settlements.register import schools, villages
from settlements.roster import learners, names


class Outcome(StrEnum):
    """What became of one order."""

    BUILT = "built"
    REBUILT = "rebuilt"
    REDRAWN = "redrawn"  # its file was lost
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which pupils: all, or those of a KATO district or village, or one."""

    district: str = ""
    village: str = ""
    pupil: str = ""


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What to do about an order; `order` is the one that the paper shows."""

    order: Order
    outcome: Outcome
    issue: int
    told: tuple[int, int]
    former_points: bool = False


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
class Plan:
    """Everything that was found out before a file is written."""

    jobs: tuple[Job, ...]
    without: tuple[Without, ...]
    former_points: tuple[str, ...] = ()


def plan(home: Home, week: str, scope: Scope) -> Plan:
    """What a build of `week` will do. Raises PartMissing without a key, NotFound without assignments or pupils."""
    found = home.keys()
    newest, keys = current_key(found), {key.id: key for key in found}
    with home.database.read() as session:
        shelf = on_shelf(session, week)
        made, without = _orders(session, home, week, scope, [kept.assignment for kept in shelf])
        book = week_book(session, week)
        made = [replace(order, lessons=book.of(order.learner)) for order in made]
        before, typed = standing_packets(session, week), typed_packets(session, week)
        pupils = [order.learner.code for order in made]
        fresh = _fresh(session, made, week, before)
        waited = not_back(session, pupils, week, today())
        said, printed = to_tell(session, pupils, week), told_by(session, week)
        sealed = sealed_pages(session, week, [order.packet for order in made if order.packet in before])
        within = standing_packets(session, week, scope.village or scope.district).values()
    without += _left_over(within, {order.packet for order in made}, scope.pupil)
    jobs: list[Job] = []
    former = {kept.assignment.code: kept.former_points for kept in shelf}
    outdated: list[str] = []
    for order in made:
        standing, pupil = before.get(order.packet), order.learner
        named, gone = scope.pupil == pupil.code, order.packet in typed
        verdict = _decide(home.path, order, standing, fresh[order.packet], former, book, named=named, gone=gone)
        if isinstance(verdict, Reason):
            without.append(Without(pupil.code, verdict, pupil.grade, pupil.language))
            continue
        outdated += [order.packet] if verdict.former_points else []
        redrawn = verdict.outcome is Outcome.REDRAWN
        key_id, pages = sealed.get(order.packet, (newest.id, ())) if redrawn else (newest.id, ())
        kept = standing.awaited if redrawn and standing is not None else waited.get(pupil.code, [])
        comments = tuple(printed.get(order.packet, ()) if redrawn else said.get(pupil.code, ()))
        issue, key = verdict.issue, _key_of(keys, key_id)
        jobs.append(Job(verdict.order, verdict.outcome, issue, verdict.told, kept, standing, key, comments, pages, book.newest))
    return Plan(tuple(jobs), tuple(without), tuple(outdated))


def _orders(session: Session, home: Home, week: str, scope: Scope, assignments: Sequence[Assignment]) -> tuple[list[Order], list[Without]]:
    if not assignments:
        raise NotFound(
            _("There are no assignments for the study week {week}.").format(week=week),
            _("Add them with `poshta assignments add FILE`, or check the week's number."),
        )
    found = learners(session, scope.district, scope.village, scope.pupil)
    if not found:
        raise NotFound(_("There are no pupils there."), _("`poshta pupils list` shows who is known, and in which village."))
    settings = home.settings.packets
    known = {village.kato for village in villages(session)}
    people = names(session, codes=[learner.code for learner in found])
    made, without = orders(found, assignments, people, known, schools(session), week, settings.return_days, settings.hotline)
    return with_variants(session, made, found), without


def _left_over(standing: Iterable[Standing], wanted: set[str], pupil: str) -> list[Without]:
    """Packets that were built for pupils who get nothing any more: they left, or lost their assignments, village or channel."""
    return [
        Without(each.pupil, Reason.LEFT_OVER, 0, "")
        for each in standing
        if each.code not in wanted and each.state is PacketState.BUILT and pupil in ("", each.pupil)
    ]


def _fresh(session: Session, made: Sequence[Order], week: str, before: Mapping[str, Standing]) -> dict[str, tuple[int, int]]:
    """For each packet the range of records that a cover built now would tell of.

    A packet that stands keeps where its range begins, unless the cover before it was withdrawn and that one's news would be lost.
    """
    latest = last_id(session)
    told = told_until(session, [order.learner.code for order in made], week)
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
    return {packet: (begin, latest) for packet, begin in begins.items()}


def _decide(
    home: Path,
    order: Order,
    before: Standing | None,
    fresh: tuple[int, int],
    former: Mapping[str, Sequence[Sequence[str]]],
    book: WeekBook,
    named: bool,
    gone: bool,
) -> _Verdict | Reason:
    """What to do about an order, given the packet that stands; `named`: its pupil was asked for by code, which renews a withdrawn packet.

    `gone`: answers of it were typed, so that it has left the desk though nobody told.
    """
    if before is None:
        return _Verdict(order, Outcome.BUILT, 1, fresh)
    if before.state is PacketState.VOID:
        return _Verdict(order, Outcome.REBUILT, before.issue + 1, fresh) if named else Reason.WITHDRAWN
    if gone or before.state is not PacketState.BUILT:
        return _gone(home, replace(order, lessons=book.of(order.learner, before.timetable)), before, former)
    if order.digest(before.told) == before.input_digest and fresh[0] >= before.told[0]:
        return _Verdict(order, _unless_lost(home, before), before.issue, before.told)
    return _Verdict(order, Outcome.REBUILT, before.issue + 1, fresh)


def _gone(home: Path, order: Order, before: Standing, former: Mapping[str, Sequence[Sequence[str]]]) -> _Verdict | Reason:
    """About a packet that has left the desk: its file may be drawn again as it was, and nothing else."""
    shown = as_printed(order, before.told, before.input_digest, former)
    if shown is None:
        return Reason.CHANGED_AFTER_HANDOVER
    return _Verdict(shown, _unless_lost(home, before), before.issue, before.told, former_points=shown != order)


def _unless_lost(home: Path, before: Standing) -> Outcome:
    intact = (home / before.pdf).exists() and file_digest(home / before.pdf) == before.pdf_digest
    return Outcome.UNCHANGED if intact else Outcome.REDRAWN


def _key_of(keys: dict[str, Key], wanted: str) -> Key:
    if wanted not in keys:
        raise PartMissing(
            _("The key {key}, which sealed pages of this week, is not there.").format(key=wanted),
            _("Copy the folder keys/ back from the last backup."),
        )
    return keys[wanted]

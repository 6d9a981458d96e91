"""A study week's packets: one PDF and its rows for every pupil who learns by post. Safe to run twice, and to be killed.

Files first, then the rows that name them, a village at a time; page ids are derived under the key, so that a build that was cut off repeats itself
byte for byte. packets/orders says who gets what, packets/workshop draws, packets/archive keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from packets.archive import NewPacket, Standing, keep_layouts, keep_packets, keep_redrawn, known_layouts, sealing_keys, standing_packets
from packets.assignment import Assignment
from packets.awaited import Awaited, awaited, not_back
from packets.feedback import Told, feedback, told_until, untold
from packets.orders import Order, Reason, Without, as_printed, orders
from packets.shelf import on_shelf, printed_digests
from packets.workshop import Drawn, Workshop
from records.calendar import today
from records.errors import Busy, Complaint, InputRefused, NotFound, PartMissing
from records.files import digest, file_digest, remove, write_bytes
from records.grades import last_id
from records.home import Home
from records.keys import Key, current_key
from records.language import _
from records.lifecycle import PacketState
from records.terminal import Ticker
from settlements.register import schools, villages
from settlements.roster import learners, names

FOLDER = "packets"


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


@dataclass(slots=True)
class Built:
    """What a build did: packets by outcome, pages drawn, pupils without, files written (relative to the home)."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    pages: int = 0
    without: list[Without] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    former_points: list[str] = field(default_factory=list)  # packets that have gone and whose paper shows points that were corrected since


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What to do about an order; `order` is the one that the paper shows."""

    order: Order
    outcome: Outcome
    issue: int
    told: tuple[int, int]
    former_points: bool = False


@dataclass(frozen=True, slots=True)
class _Job:
    """An order with what to do about it."""

    order: Order
    outcome: Outcome
    issue: int
    told: tuple[int, int]
    awaited: list[Any]
    before: Standing | None
    key: Key


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that was found out before a file is written."""

    jobs: tuple[_Job, ...]
    without: tuple[Without, ...]
    former_points: tuple[str, ...] = ()


def plan(home: Home, week: str, scope: Scope) -> Plan:
    """What a build of `week` will do. Raises PartMissing without a key, NotFound without assignments or pupils."""
    found = home.keys()
    newest, keys = current_key(found), {key.id: key for key in found}
    with home.database.read() as session:
        shelf = on_shelf(session, week)
        made, without = _orders(session, home, week, scope, [kept.assignment for kept in shelf])
        before = standing_packets(session, week)
        pupils = [order.learner.code for order in made]
        fresh = _fresh(session, made, week, before)
        waited = not_back(session, pupils, week, today())
        sealed = sealing_keys(session, week, [order.packet for order in made if order.packet in before])
        within = standing_packets(session, week, scope.village or scope.district).values()
    without += _left_over(within, {order.packet for order in made}, scope.pupil)
    jobs: list[_Job] = []
    former = {kept.assignment.code: kept.former_points for kept in shelf}
    outdated: list[str] = []
    for order in made:
        standing, pupil = before.get(order.packet), order.learner
        verdict = _decide(home.path, order, standing, fresh[order.packet], former, named=scope.pupil == pupil.code)
        if isinstance(verdict, Reason):
            without.append(Without(pupil.code, verdict, pupil.grade, pupil.language))
            continue
        outdated += [order.packet] if verdict.former_points else []
        redrawn = verdict.outcome is Outcome.REDRAWN
        key = _key_of(keys, sealed.get(order.packet, newest.id)) if redrawn else newest
        kept = standing.awaited if redrawn and standing is not None else waited.get(pupil.code, [])
        jobs.append(_Job(verdict.order, verdict.outcome, verdict.issue, verdict.told, kept, standing, key))
    return Plan(tuple(jobs), tuple(without), tuple(outdated))


def build(home: Home, planned: Plan, tick: Ticker) -> Built:
    """Carry out a plan, a village at a time. Raises InputRefused before anything is written where an assignment cannot be printed."""
    work = [job for job in planned.jobs if job.outcome is not Outcome.UNCHANGED]
    outcomes = {job.order.packet: job.outcome for job in planned.jobs}
    built = Built(without=list(planned.without), outcomes=outcomes, former_points=list(planned.former_points))
    tick(len(planned.jobs) - len(work))
    workshop = Workshop()
    _prepare(workshop, work)
    if work:
        with home.database.read() as session:
            known = known_layouts(session)
        blanks = workshop.blanks(known)
        with home.database.write() as session:
            keep_layouts(session, blanks)
    for _village, group in groupby(work, key=lambda job: job.order.learner.kato):
        _build_village(home, workshop, list(group), built, tick)
    return built


def pdf_path(order: Order) -> str:
    """Where a packet's PDF stands, relative to the home."""
    return f"{FOLDER}/{order.week}/{order.learner.kato}/{order.packet}.pdf"


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
    return orders(found, assignments, people, known, schools(session), week, settings.return_days, settings.hotline)


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
    named: bool,
) -> _Verdict | Reason:
    """What to do about an order, given the packet that stands; `named`: its pupil was asked for by code, which renews a withdrawn packet."""
    if before is None:
        return _Verdict(order, Outcome.BUILT, 1, fresh)
    if before.state is PacketState.VOID:
        return _Verdict(order, Outcome.REBUILT, before.issue + 1, fresh) if named else Reason.WITHDRAWN
    if before.state is not PacketState.BUILT:
        return _gone(home, order, before, former)
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


def _prepare(workshop: Workshop, jobs: Iterable[_Job]) -> None:
    """Draw every fixed page; refusals are collected, so that a teacher hears all of them at once."""
    wanted = dict.fromkeys((assignment, job.order.learner.print) for job in jobs for assignment in job.order.assignments)
    refused: list[InputRefused] = []
    for assignment, print_size in wanted:
        try:
            workshop.prepare(assignment, print_size)
        except InputRefused as refusal:
            refused.append(refusal)
    if refused:
        complaints = tuple(Complaint(each.code, each.message, each.hint) for each in refused)
        raise InputRefused(refused[0].message, refused[0].hint, complaints, code=refused[0].code)


def _build_village(home: Home, workshop: Workshop, jobs: Sequence[_Job], built: Built, tick: Ticker) -> None:
    with home.database.read() as session:
        told = feedback(session, {job.order.learner.code: job.told for job in jobs})
        waited = awaited(session, {job.order.learner.code: job.awaited for job in jobs})
    made: list[NewPacket] = []
    redrawn: dict[str, str] = {}
    stale: list[str] = []
    for job, drawn in _drawn(workshop, jobs, told, waited):
        path = pdf_path(job.order) if job.outcome is not Outcome.REDRAWN or job.before is None else job.before.pdf
        write_bytes(home.path / path, drawn.pdf)
        built.files.append(path)
        built.pages += len(drawn.pages)
        if job.outcome is Outcome.REDRAWN:
            redrawn[job.order.packet] = digest(drawn.pdf)
        else:
            made.append(_new_packet(home, job, path, drawn))
            stale += [job.before.pdf] if job.before is not None and job.before.pdf != path else []
        tick()
    with home.database.write() as session:
        _refuse_rivals(session, jobs)
        keep_packets(session, made)
        for code, pdf_digest in redrawn.items():
            keep_redrawn(session, code, pdf_digest)
        for old in stale:  # before the rows are kept: one that cannot be removed leaves the packets as they were, to be built again
            remove(home.path / old)


def _drawn(
    workshop: Workshop, jobs: Iterable[_Job], told: Mapping[str, tuple[Told, ...]], waited: Mapping[str, tuple[Awaited, ...]]
) -> Iterator[tuple[_Job, Drawn]]:
    for job in jobs:
        pupil = job.order.learner.code
        yield job, workshop.draw(job.order, job.issue, job.key, told.get(pupil, ()), waited.get(pupil, ()))


def _new_packet(home: Home, job: _Job, path: str, drawn: Drawn) -> NewPacket:
    settings, order, sheets = home.settings.packets, job.order, len(drawn.pages)
    standing = Standing(
        code=order.packet,
        week=order.week,
        pupil=order.learner.code,
        kato=order.learner.kato,
        school=order.learner.school,
        state=PacketState.BUILT,
        issue=job.issue,
        input_digest=order.digest(job.told),
        pdf=path,
        pdf_digest=digest(drawn.pdf),
        sheets=sheets,
        grams=round(sheets * settings.grams_per_sheet + settings.grams_per_envelope),
        return_by=order.return_by,
        told=job.told,
        awaited=job.awaited,
    )
    return NewPacket(standing, drawn.pages, rebuilt=job.before is not None)


def _refuse_rivals(session: Session, jobs: Sequence[_Job]) -> None:
    """Raise Busy where a packet or the words of an assignment have changed since they were looked up: the paper would not be what is kept."""
    now_standing = standing_packets(session, codes=[job.order.packet for job in jobs])
    now_seen = printed_digests(session, jobs[0].order.week)
    printed = {each.code: each for job in jobs for each in job.order.assignments}
    replaced = any(now_seen.get(code) != each.printed_digest for code, each in printed.items())
    if replaced or any(now_standing.get(job.order.packet) != job.before for job in jobs):
        raise Busy(
            _("Another program is building the same packets, or has replaced an assignment."),
            _("Wait until it has finished, then run the same command again."),
        )

"""A study week's packets: one PDF and its rows for every pupil who learns by post. Safe to run twice, and to be killed.

Files first, then the rows that name them, a village at a time; page ids are derived under the key, so that a build that was cut off repeats itself
byte for byte. packets/orders says who gets what, packets/workshop draws, packets/archive keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from sqlalchemy.orm import Session

from packets.archive import NewPacket, Standing, keep_layouts, keep_packets, keep_redrawn, known_layouts, sealing_keys, standing_packets
from packets.assignment import Assignment
from packets.feedback import Told, feedback, told_until
from packets.orders import Order, Reason, Without, orders, same_but_points
from packets.shelf import on_shelf, printed_digests
from packets.workshop import Drawn, Workshop
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


@dataclass(frozen=True, slots=True)
class _Job:
    """An order with what to do about it."""

    order: Order
    outcome: Outcome
    issue: int
    told: tuple[int, int]
    before: Standing | None
    key: Key


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that was found out before a file is written."""

    jobs: tuple[_Job, ...]
    without: tuple[Without, ...]


def plan(home: Home, week: str, scope: Scope) -> Plan:
    """What a build of `week` will do. Raises PartMissing without a key, NotFound without assignments or pupils."""
    found = home.keys()
    newest, keys = current_key(found), {key.id: key for key in found}
    with home.database.read() as session:
        made, without = _orders(session, home, week, scope)
        before = standing_packets(session, week)
        told = told_until(session, [order.learner.code for order in made], week)
        sealed = sealing_keys(session, week, [order.packet for order in made if order.packet in before])
        latest = last_id(session)
        within = standing_packets(session, week, scope.village or scope.district).values()
    without += _left_over(within, {order.packet for order in made}, scope.pupil)
    jobs: list[_Job] = []
    for order in made:
        standing = before.get(order.packet)
        fresh = (told.get(order.learner.code, 0), latest)
        decided = _decide(home.path, order, standing, fresh, named=scope.pupil == order.learner.code)
        if isinstance(decided, Reason):
            without.append(Without(order.learner.code, decided, order.learner.grade, order.learner.language))
            continue
        outcome, issue, bounds = decided
        key = newest if outcome is not Outcome.REDRAWN else _key_of(keys, sealed.get(order.packet, newest.id))
        jobs.append(_Job(order, outcome, issue, bounds, standing, key))
    return Plan(tuple(jobs), tuple(without))


def build(home: Home, planned: Plan, tick: Ticker) -> Built:
    """Carry out a plan, a village at a time. Raises InputRefused before anything is written where an assignment cannot be printed."""
    work = [job for job in planned.jobs if job.outcome is not Outcome.UNCHANGED]
    built = Built(without=list(planned.without), outcomes={job.order.packet: job.outcome for job in planned.jobs})
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


def _orders(session: Session, home: Home, week: str, scope: Scope) -> tuple[list[Order], list[Without]]:
    assignments = [kept.assignment for kept in on_shelf(session, week)]
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


def _decide(
    home: Path, order: Order, before: Standing | None, fresh: tuple[int, int], named: bool
) -> tuple[Outcome, int, tuple[int, int]] | Reason:
    """What to do about an order, given the packet that stands; `named`: its pupil was asked for by code, which renews a withdrawn packet."""
    if before is None:
        return Outcome.BUILT, 1, fresh
    if before.state is PacketState.VOID:
        return (Outcome.REBUILT, before.issue + 1, fresh) if named else Reason.WITHDRAWN
    if order.digest(before.told) == before.input_digest:
        intact = (home / before.pdf).exists() and file_digest(home / before.pdf) == before.pdf_digest
        return Outcome.UNCHANGED if intact else Outcome.REDRAWN, before.issue, before.told
    if before.state is not PacketState.BUILT:
        same = same_but_points(order.digest(before.told), before.input_digest)
        return (Outcome.UNCHANGED, before.issue, before.told) if same else Reason.CHANGED_AFTER_HANDOVER
    return Outcome.REBUILT, before.issue + 1, (before.told[0], fresh[1])


def _key_of(keys: dict[str, Key], wanted: str) -> Key:
    if wanted not in keys:
        raise PartMissing(
            _("The key {key}, which sealed pages of this week, is not there.").format(key=wanted),
            _("Copy the folder keys/ back from the last backup."),
        )
    return keys[wanted]


def _prepare(workshop: Workshop, jobs: Iterable[_Job]) -> None:
    """Draw every fixed page; refusals are collected, so that a teacher hears all of them at once."""
    wanted: dict[tuple[str, str], Assignment] = {
        (assignment.code, job.order.learner.print): assignment for job in jobs for assignment in job.order.assignments
    }
    refused: list[InputRefused] = []
    for (_code, print_size), assignment in wanted.items():
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
    made: list[NewPacket] = []
    redrawn: dict[str, str] = {}
    stale: list[str] = []
    for job, drawn in _drawn(workshop, jobs, told):
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


def _drawn(workshop: Workshop, jobs: Iterable[_Job], told: dict[str, tuple[Told, ...]]) -> Iterator[tuple[_Job, Drawn]]:
    for job in jobs:
        yield job, workshop.draw(job.order, job.issue, job.key, told.get(job.order.learner.code, ()))


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

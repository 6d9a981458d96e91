"""A study week's packets: one PDF and its rows for every pupil who learns by post. Safe to run twice, and to be killed.

Files first, then the rows that name them, a village at a time; page ids are derived under the key, so that a build that was cut off repeats itself
byte for byte. packets/orders says who gets what, packets/workshop draws, packets/archive keeps.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import groupby

from sqlalchemy.orm import Session

from packets.archive import NewPacket, Standing, keep_layouts, keep_packets, keep_redrawn, known_layouts, standing_packets
from packets.awaited import awaited
from packets.feedback import feedback
from packets.orders import Reason, Without
from packets.planning import Job, Outcome, Plan
from packets.press_room import Pressed, VillageTask, open_press_room, press_village, written_path
from packets.reprint_files import remove_reprints
from packets.shelf import printed_digests
from packets.variants_dealt import keep_variants
from packets.workshop import Workshop
from records.comments import note_told, stands
from records.errors import Busy, Complaint, InputRefused, PoshtaError
from records.files import remove
from records.home import Home
from records.language import _
from records.lifecycle import PacketState
from records.named_files import forgotten_meanwhile, forgotten_since
from records.terminal import Ticker
from records.workers import SerialExecutor, workers

WORTH_PROCESSES = 1_000  # packets: fewer are drawn sooner than other processes have started and drawn the fixed pages for themselves


@dataclass(slots=True)
class Built:
    """What a build did: packets by outcome, pages drawn, pupils without, files written and removed (relative to the home)."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    pages: int = 0
    without: list[Without] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)  # pages printed again of an issue that is void now
    former_points: list[str] = field(default_factory=list)  # packets that have gone and whose paper shows points that were corrected since


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
    _in_turn(home, workshop, work, built, tick)
    return built


def _prepare(workshop: Workshop, jobs: Iterable[Job]) -> None:
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


def _in_turn(home: Home, workshop: Workshop, work: Sequence[Job], built: Built, tick: Ticker) -> None:
    """A village at a time, by several presses where it is worth their start; rows are kept in the order of the villages."""
    villages = deque(list(group) for _village, group in groupby(work, key=lambda job: job.order.learner.kato))
    count = home.settings.workers if len(work) >= WORTH_PROCESSES else 1
    pressing: deque[tuple[VillageTask, Future[list[Pressed]]]] = deque()
    with _no_forgotten_names(home, work), workers(count, open_press_room, () if count > 1 else (workshop,)) as pool:
        while villages or pressing:
            while villages and len(pressing) < 2 * count:
                task = _task(home, villages.popleft())
                pressing.append((task, _submitted(pool, task, workshop)))
            task, future = pressing.popleft()
            _keep_village(home, task.jobs, _pressed(future, task, workshop), built)
            tick(len(task.jobs))


@contextmanager
def _no_forgotten_names(home: Home, work: Sequence[Job]) -> Iterator[None]:
    """Where a build ends early, no file stays that it has written for a pupil who was forgotten in the meantime."""
    try:
        yield
    except BaseException:
        with suppress(PoshtaError), home.database.read() as session:
            gone = _forgotten(session, work)
            for job in work:
                with suppress(PoshtaError):  # open in another program: the next `pupils forget` finds it
                    if job.order.learner.code in gone:
                        remove(home.path / written_path(job))
        raise


def _forgotten(session: Session, jobs: Sequence[Job]) -> set[str]:
    return forgotten_since(session, [job.order.learner.code for job in jobs if job.order.first_name])


def _submitted(pool: Executor, task: VillageTask, workshop: Workshop) -> Future[list[Pressed]]:
    try:
        return pool.submit(press_village, task)
    except BrokenProcessPool:
        open_press_room(workshop)
        return SerialExecutor().submit(press_village, task)


def _pressed(future: Future[list[Pressed]], task: VillageTask, workshop: Workshop) -> list[Pressed]:
    """What the press made; where its process died, from outside or for want of memory, its village is drawn in this one."""
    try:
        return future.result()
    except BrokenProcessPool:
        open_press_room(workshop)
        return press_village(task)


def _task(home: Home, jobs: Sequence[Job]) -> VillageTask:
    with home.database.read() as session:
        comments = {job.order.learner.code: job.comments for job in jobs}
        told = feedback(session, {job.order.learner.code: job.told for job in jobs}, comments)
        waited = awaited(session, {job.order.learner.code: job.awaited for job in jobs})
    return VillageTask(home.path, tuple(jobs), told, waited)


def _keep_village(home: Home, jobs: Sequence[Job], pressed: Sequence[Pressed], built: Built) -> None:
    both = [(job, each) for job, each in zip(jobs, pressed, strict=True) if each.path]
    for job in [job for job, each in zip(jobs, pressed, strict=True) if not each.path]:
        built.without.append(Without(job.order.learner.code, Reason.PRINTED_OTHERWISE, job.order.learner.grade, job.order.learner.language))
        del built.outcomes[job.order.packet]
    made = [_new_packet(home, job, each) for job, each in both if job.outcome is not Outcome.REDRAWN]
    stale = [job.before.pdf for job, each in both if job.before is not None and job.before.pdf != each.path]
    built.files += [each.path for _job, each in both]
    built.pages += sum(len(each.pages) for _job, each in both)
    with home.database.write() as session:
        _refuse_rivals(session, jobs)
        keep_packets(session, made)
        keep_variants(session, [job.order for job in jobs])
        note_told(session, {job.order.packet: [each.id for each in job.comments] for job in jobs if job.outcome is not Outcome.REDRAWN})
        for job, each in both:
            if job.outcome is Outcome.REDRAWN:
                keep_redrawn(session, job.order.packet, each.digest)
        anew = [job.order.packet for job, _each in both if job.outcome is Outcome.REBUILT]
        built.removed += remove_reprints(session, home, jobs[0].order.week, anew)
        for old in stale:  # before the rows are kept: one that cannot be removed leaves the packets as they were, to be built again
            remove(home.path / old)


def _new_packet(home: Home, job: Job, pressed: Pressed) -> NewPacket:
    settings, order, sheets = home.settings.packets, job.order, len(pressed.pages)
    standing = Standing(
        code=order.packet,
        week=order.week,
        pupil=order.learner.code,
        kato=order.learner.kato,
        school=order.learner.school,
        state=PacketState.BUILT,
        issue=job.issue,
        input_digest=order.digest(job.told),
        pdf=pressed.path,
        pdf_digest=pressed.digest,
        sheets=sheets,
        grams=round(sheets * settings.grams_per_sheet + settings.grams_per_envelope),
        return_by=order.return_by,
        told=job.told,
        awaited=job.awaited,
        timetable=job.timetable,
    )
    return NewPacket(standing, pressed.pages, rebuilt=job.before is not None)


def _refuse_rivals(session: Session, jobs: Sequence[Job]) -> None:
    """Raise Busy where a packet, the words of an assignment or a name has changed since they were looked up: the paper would not be what is kept."""
    if _forgotten(session, jobs):
        raise forgotten_meanwhile()
    now_standing = standing_packets(session, codes=[job.order.packet for job in jobs])
    now_seen = printed_digests(session, jobs[0].order.week)
    printed = {each.code: each for job in jobs for each in job.order.assignments}
    replaced = any(now_seen.get(code) != each.printed_digest for code, each in printed.items())
    spoken = [each.id for job in jobs if job.outcome is not Outcome.REDRAWN for each in job.comments]
    if replaced or not stands(session, spoken) or any(now_standing.get(job.order.packet) != job.before for job in jobs):
        raise Busy(
            _("Another program is building the same packets, or has replaced an assignment or a comment."),
            _("Wait until it has finished, then run the same command again."),
        )

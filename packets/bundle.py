"""A study week's packets: one PDF and its rows for every pupil who learns by post. Safe to run twice, and to be killed.

Files first, then the rows that name them, a stretch of villages at a time; page ids are derived under the key, so that a build that was cut off repeats itself
byte for byte. A packet that has rows already keeps its file until the new rows are kept. packets/planning says who gets what, packets/press_room draws,
packets/archive keeps, packets/rebuilt_files puts new files in the place of old ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from packets.archive import NewPacket, Standing, keep_layouts, keep_packets, keep_redrawn, known_layouts, standing_packets, typed_packets
from packets.orders import Reason, Without, packet_code, printed_digest
from packets.planning import Job, Plan, Task, changed_meanwhile, task_of
from packets.press_room import Pressed, PressRoom, press_room, written_path
from packets.rebuilt_files import give_up, put_in_place, require_places
from packets.reprint_files import remove_reprints
from packets.shelf import printed_digests
from packets.variants_dealt import keep_variants
from packets.verdicts import Outcome
from packets.workshop import Workshop
from records.comments import note_told, stands
from records.errors import Busy, Complaint, InputRefused, PoshtaError
from records.files import remove
from records.home import Home
from records.language import _
from records.lifecycle import PacketState
from records.named_files import forgotten_meanwhile, forgotten_since
from records.terminal import Ticker

WORTH_PROCESSES = 1_000  # packets: fewer are drawn sooner than another process has started


@dataclass(slots=True, eq=False)
class _Begun:
    """A task that is being drawn; `pressed` is of whoever draws it.

    It is entered before its drawing begins, so that a build that ends in the midst of it looks for its files too (`_no_forgotten_names`).
    """

    task: Task
    pressed: Future[list[Pressed]] = field(default_factory=Future)


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
    """Carry out a plan, a stretch of villages at a time. Raises InputRefused before anything is written where an assignment cannot be printed."""
    built = Built(dict(planned.outcomes), without=list(planned.without), former_points=list(planned.former_points))
    tick(len(planned.outcomes) - planned.drawn)
    if not planned.drawn:
        return built
    workshop = Workshop()
    under_way: list[_Begun] = []
    processes = home.settings.workers if planned.drawn >= WORTH_PROCESSES else 1
    with _no_forgotten_names(home, planned.ground.week, under_way), press_room(home, workshop, processes - 1) as room:
        _draw_fixed_pages(home, workshop, planned)
        room.share()
        try:
            for stretch in planned.stretches:
                under_way.append(_Begun(task_of(planned, stretch)))
                under_way[-1].pressed = room.press(under_way[-1].task)
                for begun in [each for each in under_way if each.pressed.done()]:
                    _keep_begun(home, room, under_way, begun, built, tick)
            for begun in under_way[:]:
                _keep_begun(home, room, under_way, begun, built, tick)
        except PoshtaError:  # about one stretch: what is begun of the others is not lost with it
            for begun in under_way[:]:
                with suppress(PoshtaError):
                    _keep_begun(home, room, under_way, begun, built, tick)
            raise
    _put_in_order(planned, built)
    return built


def _draw_fixed_pages(home: Home, workshop: Workshop, planned: Plan) -> None:
    """Draw every fixed page and keep their layouts; refusals are collected, so that a teacher hears all of them at once, and nothing is kept."""
    refused: list[InputRefused] = []
    for assignment, print_size in planned.fixed:
        try:
            workshop.prepare(assignment, print_size)
        except InputRefused as refusal:
            refused.append(refusal)
    if refused:
        complaints = tuple(Complaint(each.code, each.message, each.hint) for each in refused)
        raise InputRefused(refused[0].message, refused[0].hint, complaints, code=refused[0].code)
    with home.database.read() as session:
        known = known_layouts(session)
    blanks = workshop.blanks(known)
    with home.database.write() as session:
        keep_layouts(session, blanks)


def _keep_begun(home: Home, room: PressRoom, under_way: list[_Begun], begun: _Begun, built: Built, tick: Ticker) -> None:
    """Keep the rows of a task, waiting for whoever draws it: each as soon as it is done, so that little is lost where a build ends early."""
    _keep(home, begun.task.jobs, room.pressed(begun.task, begun.pressed), built)
    under_way.remove(begun)
    tick(len(begun.task.jobs))


def _put_in_order(planned: Plan, built: Built) -> None:
    """Let what is told stand in the order of the villages, whoever was done first."""
    place = {packet: number for number, packet in enumerate(planned.outcomes)}
    known = len(planned.without)
    built.files.sort(key=lambda file: place[PurePosixPath(file).stem])
    built.without[known:] = sorted(built.without[known:], key=lambda each: place[packet_code(planned.ground.week, each.pupil)])
    built.removed.sort()


@contextmanager
def _no_forgotten_names(home: Home, week: str, under_way: Sequence[_Begun]) -> Iterator[None]:
    """Where a build ends early, no file stays that it has written for a pupil who was forgotten in the meantime, nor one that lies apart.

    Of packets whose rows are kept, `pupils forget` has removed the files itself.
    """
    try:
        yield
    except BaseException:
        jobs = [job for begun in under_way for job in begun.task.jobs]
        give_up(home, week, {job.order.packet for job in jobs if job.before is not None})
        with suppress(PoshtaError), home.database.read() as session:
            gone = _forgotten(session, jobs)
            for job in jobs:
                with suppress(PoshtaError):  # open in another program: the next `pupils forget` finds it
                    if job.order.learner.code in gone:
                        remove(home.path / written_path(job))
        raise


def _forgotten(session: Session, jobs: Sequence[Job]) -> set[str]:
    return forgotten_since(session, [job.order.learner.code for job in jobs if job.order.first_name])


def _keep(home: Home, jobs: Sequence[Job], pressed: Sequence[Pressed], built: Built) -> None:
    both = [(job, each) for job, each in zip(jobs, pressed, strict=True) if each.path]
    made = [_new_packet(home, job, each) for job, each in both if job.outcome is not Outcome.REDRAWN]
    with home.database.write() as session:
        _refuse_rivals(session, jobs)
        require_places(home, both)
        keep_packets(session, made)
        keep_variants(session, [job.order for job in jobs])
        note_told(session, {job.order.packet: [each.id for each in job.comments] for job in jobs if job.outcome is not Outcome.REDRAWN})
        for job, each in both:
            if job.outcome is Outcome.REDRAWN:
                keep_redrawn(session, job.order.packet, each.digest)
        anew = [job.order.packet for job, _each in both if job.outcome is Outcome.REBUILT]
        removed = remove_reprints(session, home, jobs[0].order.week, anew)
    put_in_place(home, both)
    for job in [job for job, each in zip(jobs, pressed, strict=True) if not each.path]:
        built.without.append(Without(job.order.learner.code, Reason.PRINTED_OTHERWISE, job.order.learner.grade, job.order.learner.language))
        del built.outcomes[job.order.packet]
    built.files += [each.path for _job, each in both]
    built.pages += sum(len(each.pages) for _job, each in both)
    built.removed += removed


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
    printed = dict.fromkeys(each for job in jobs for each in job.order.assignments)
    replaced = any(now_seen.get(each.code) != printed_digest(each) for each in printed)
    spoken = [each.id for job in jobs if job.outcome is not Outcome.REDRAWN for each in job.comments]
    if replaced or not stands(session, spoken) or any(now_standing.get(job.order.packet) != job.before for job in jobs):
        raise changed_meanwhile()
    if typed_packets(session, [job.order.packet for job in jobs if job.outcome is Outcome.REBUILT]):
        raise Busy(_("Answers of a packet were typed while it was being built anew; it stays as it was."), _("Run the same command again."))

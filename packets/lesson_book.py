"""The week's timetables in the database: editions of each, of which every cover remembers the one that it shows.

packets/lesson_commands imports into it, packets/planning asks it. A lesson that a list no longer has is not deleted: a packet that has gone is drawn again with the timetable that it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from packets.on_air import OnAir, lessons_for
from records import journal
from records.journal import Entry
from records.language import _
from records.lifecycle import PacketState
from records.schema import Broadcast, Packet
from records.undo import in_the_way
from settlements.roster import Learner

ACTION = "lessons.import"


@dataclass(frozen=True, slots=True)
class Change:
    """What a list changes in one week: lessons to add, and the rows of those that go."""

    week: str
    added: tuple[OnAir, ...]
    removed: tuple[int, ...]
    unchanged: int


@dataclass(frozen=True)
class WeekBook:
    """A week's lessons of all editions: each with the edition that added it and the one that has it no more."""

    rows: tuple[tuple[OnAir, int, int | None], ...] = ()
    _editions: dict[int, Mapping[tuple[int, str], Sequence[OnAir]]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def newest(self) -> int:
        """The edition that holds now; 0 where there never was one."""
        return max((max(added, removed or 0) for _lesson, added, removed in self.rows), default=0)

    def of(self, learner: Learner, edition: int | None = None) -> tuple[OnAir, ...]:
        """A pupil's own lessons in an edition; in the newest where none is named."""
        wanted = self.newest if edition is None else edition
        if wanted not in self._editions:
            classes: dict[tuple[int, str], list[OnAir]] = {}
            for lesson, added, removed in self.rows:
                if added <= wanted and (removed is None or removed > wanted):
                    classes.setdefault((lesson.grade, lesson.language), []).append(lesson)
            self._editions[wanted] = classes
        return lessons_for(learner, self._editions[wanted].get((learner.grade, learner.language), ()))


def week_book(session: Session, week: str) -> WeekBook:
    """The lessons of a week."""
    rows = session.scalars(select(Broadcast).where(Broadcast.week == week).order_by(Broadcast.id))
    return WeekBook(tuple((_lesson(row), row.added_in, row.removed_in) for row in rows))


def standing_lessons(session: Session, week: str = "") -> list[OnAir]:
    """The lessons that hold, of one week or of all, in the order of time."""
    wanted = select(Broadcast).where(Broadcast.removed_in.is_(None))
    return sorted(map(_lesson, session.scalars(wanted.where(Broadcast.week == week) if week else wanted)))


def changes(session: Session, lessons: Iterable[OnAir], whole: bool, tidy: bool) -> list[Change]:
    """What a list would change, week by week; writes nothing.

    A lesson takes the place of the one that was there at the same time. With `tidy`, lessons of the same week, channel, subject, grade and language that the list does not have go too; with
    `whole`, all others of its weeks.
    """
    by_week: dict[str, list[OnAir]] = {}
    for lesson in lessons:
        by_week.setdefault(lesson.week, []).append(lesson)
    return [_change(session, week, set(found), whole, tidy) for week, found in sorted(by_week.items())]


def _change(session: Session, week: str, wanted: set[OnAir], whole: bool, tidy: bool) -> Change:
    held = {
        row.id: _lesson(row) for row in session.scalars(select(Broadcast).where(Broadcast.week == week, Broadcast.removed_in.is_(None)))
    }
    added = wanted - set(held.values())
    places, courses = {each.place for each in added}, {each.course for each in wanted}
    gone = [
        number
        for number, lesson in held.items()
        if lesson not in wanted and (whole or lesson.place in places or (tidy and lesson.course in courses))
    ]
    return Change(week, tuple(sorted(added)), tuple(sorted(gone)), len(wanted) - len(added))


def keep(session: Session, subject: str, found: Sequence[Change]) -> dict[str, int]:
    """Write the changes as new editions; answers them by week. `subject` is the digest of the list, for the journal."""
    editions: dict[str, int] = {}
    for change in found:
        if not change.added and not change.removed:
            continue
        edition = week_book(session, change.week).newest + 1
        session.execute(update(Broadcast).where(Broadcast.id.in_(change.removed)).values(removed_in=edition))
        session.add_all(Broadcast(week=change.week, added_in=edition, removed_in=None, **_fields(each)) for each in change.added)
        editions[change.week] = edition
    if editions:
        added, removed = sum(len(each.added) for each in found), sum(len(each.removed) for each in found)
        journal.record(session, ACTION, subject, weeks=editions, added=added, removed=removed)
    return editions


def built_packets(session: Session, weeks: Iterable[str]) -> int:
    """How many packets of these weeks are built and still at the desk."""
    mine = (Packet.week.in_(list(weeks)), Packet.state == PacketState.BUILT.value)
    return session.scalar(select(func.count()).select_from(Packet).where(*mine)) or 0


def take_back(session: Session, entry: Entry) -> dict[str, object]:
    """Undo an import; raises NotAllowed where covers that show it have been built since."""
    for week, edition in entry.details["weeks"].items():
        if session.scalar(select(func.count()).select_from(Packet).where(Packet.week == week, Packet.timetable >= edition)):
            raise in_the_way(_("packets of {week} that show these lessons were built").format(week=week))
        if week_book(session, week).newest != edition:
            raise in_the_way(_("the timetable of {week} is not as the act left it").format(week=week))
        session.execute(delete(Broadcast).where(Broadcast.week == week, Broadcast.added_in == edition))
        session.execute(update(Broadcast).where(Broadcast.week == week, Broadcast.removed_in == edition).values(removed_in=None))
    return {"weeks": sorted(entry.details["weeks"])}


def _lesson(row: Broadcast) -> OnAir:
    return OnAir(row.date, row.time, row.channel, row.subject, row.grade, row.language, row.medium, row.title, row.link)


def _fields(lesson: OnAir) -> dict[str, object]:
    names = ("date", "time", "channel", "subject", "grade", "language", "medium", "title", "link")
    return {name: getattr(lesson, name) for name in names}

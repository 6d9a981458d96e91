"""Exact counts of a span of study weeks, district by district: who was reached, whose work came back, how soon, with which marks, and what it cost the teachers.

scanning/district_commands gathers them for a report, or for the file that goes to the region (scanning/district_file). They are for official use: what may be
shown to anybody is decided by scanning/district_report. Children are counted and never named; a child who was reached in several weeks is one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.assignment import Assignment, OpenQuestion
from packets.ledger_book import ledger
from packets.whereabouts import Tracked, Wanted, tracked
from records import schema
from records.events import Patience, TrackState
from records.grades import DOUBT, WAITING
from records.ledger import Stage, Stop
from records.marks import Scales
from scanning.gradebook import assignments_of, totals
from settlements.areas import areas
from settlements.register import schools, villages
from settlements.roster import learners, teacher_of

MARKS = (2, 3, 4, 5)
SILENT_WEEKS, LOOKED_BACK = 2, 12  # study weeks without a return, and how far they are looked for
PAGES = (*(stage.value for stage in Stage), Stop.MISSING.value, Stop.LOST.value)


@dataclass
class Children:
    """Children by what came of their packets. The parts add up: pupils are unreached, silent, lost, partly and whole.

    `silent`: nothing came back; `lost`: nothing, and every packet is lost; `partly`, `whole`: some worksheets were read, or every one.
    """

    unreached: int = 0
    silent: int = 0
    lost: int = 0
    partly: int = 0
    whole: int = 0

    @property
    def returned(self) -> int:
        """Those whose work came back."""
        return self.partly + self.whole

    @property
    def reached(self) -> int:
        """Those who got a packet."""
        return self.returned + self.silent + self.lost

    def add(self, other: Children) -> None:
        """Count others too."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Load:
    """What stood before a teacher: pages that were read, open answers, of them those without points, and doubts; `children` whose pages these are."""

    pages: int = 0
    open: int = 0
    waiting: int = 0
    doubts: int = 0
    children: int = 0

    def add(self, other: Load) -> None:
        """Count others too."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True)
class SilentVillage:
    """A village of which nothing has come back for so many study weeks running; `children` were reached there."""

    kato: str
    name_kk: str
    name_ru: str
    weeks: int
    children: int


@dataclass
class District:
    """One district's counts. `parts`: children by hub school, with the school's names; `days`: packets by the days from hand-over to the last worksheet read.

    `marks`: works by subject, grade and mark, as `math/5/4`; `markers`: the children behind each, and behind `math/5`, `math//4` and `math`.
    `loads` are by teacher's code, empty where none is known.
    """

    kato: str
    name_kk: str
    name_ru: str
    parts: dict[str, Children] = field(default_factory=dict)
    school_names: dict[str, tuple[str, str]] = field(default_factory=dict)
    days: Counter[int] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    markers: Counter[str] = field(default_factory=Counter)
    loads: dict[str, Load] = field(default_factory=dict)
    silent: list[SilentVillage] = field(default_factory=list)

    @property
    def children(self) -> Children:
        """All its children together."""
        total = Children()
        for part in self.parts.values():
            total.add(part)
        return total


def districts(
    session: Session, weeks: Sequence[str], patience: Patience, scales: Scales, only: str = "", silent_weeks: int = SILENT_WEEKS
) -> list[District]:
    """The counts of every district of the desk, or of one KATO code, by code.

    A village is silent after so many study weeks running, up to the last of the span, that are due and of which nothing came back.
    """
    parts = areas(session, "district")
    found: dict[str, District] = {}
    places = {each.kato: each for each in villages(session)}
    packets = {week: tracked(session, Wanted(week, village=only), patience) for week in weeks}

    def of(kato: str) -> District:
        code = parts.of(kato)
        if code not in found:
            found[code] = District(code, parts.name(code, "kk"), parts.name(code, "ru"))
        return found[code]

    _children(session, packets, only, of)
    for each in packets.values():
        _days(each, of)
    for week in weeks:
        for row in ledger(session, week, patience, only).entries:
            _page(of(row.facts.kato).pages, row.stage, row.stop)
    _marks(session, packets, scales, of)
    _loads(session, packets, of)
    for kato, (weeks_silent, children) in _silences(session, weeks[-1], only, patience).items():
        if weeks_silent >= silent_weeks:
            place = places.get(kato)
            names = (place.name("kk"), place.name("ru")) if place else (kato, kato)
            of(kato).silent.append(SilentVillage(kato, *names, weeks_silent, children))
    return [found[code] for code in sorted(found)]


def _children(session: Session, packets: Mapping[str, Sequence[Tracked]], only: str, of: Any) -> None:
    """Each child once, by the best that came of its packets; those of the roster without a packet are unreached."""
    mine: dict[str, list[Tracked]] = defaultdict(list)
    for each in packets.values():
        for packet in each:
            if not packet.paper.void:
                mine[packet.pupil].append(packet)
    known = schools(session)
    for pupil in learners(session, village=only):
        if pupil.code not in mine and "post" in pupil.channels:
            _part(of(pupil.kato), pupil.school, known).unreached += 1
    for held in mine.values():
        part = _part(of(held[-1].kato), held[-1].school, known)
        kind = _came(held)
        setattr(part, kind, getattr(part, kind) + 1)


def _part(district: District, school: str, known: Mapping[str, Any]) -> Children:
    if school in known:
        district.school_names[school] = (known[school].name("kk"), known[school].name("ru"))
    return district.parts.setdefault(school, Children())


def _came(packets: Sequence[Tracked]) -> str:
    """What came of a child's packets, as the name of a field of Children."""
    if all(each.where.state is TrackState.SCANNED for each in packets):
        return "whole"
    if any(each.paper.read or each.where.state is TrackState.RETURNED for each in packets):
        return "partly"
    return "lost" if all(each.where.state is TrackState.LOST for each in packets) else "silent"


def _days(packets: Sequence[Tracked], of: Any) -> None:
    for each in packets:
        if each.where.state is TrackState.SCANNED and each.handed is not None and each.paper.last_read is not None:
            of(each.kato).days[max(0, (each.paper.last_read.date() - each.handed.at.date()).days)] += 1


def _page(pages: Counter[str], stage: Stage, stop: Stop) -> None:
    pages.update([each.value for each in list(Stage)[: list(Stage).index(stage) + 1]])
    if stop in (Stop.MISSING, Stop.LOST):
        pages[stop.value] += 1


def _marks(session: Session, packets: Mapping[str, Sequence[Tracked]], scales: Scales, of: Any) -> None:
    """Works with a mark, by subject, grade and mark, and the children behind them."""
    place = {each.packet: each.kato for week in packets.values() for each in week if not each.paper.void}
    behind: dict[tuple[str, str], set[str]] = defaultdict(set)
    for week in packets:
        rows = [row for row in totals(session, week, scales=scales) if row.mark is not None and row.packet in place]
        known = assignments_of(session, {row.assignment for row in rows})
        for row in rows:
            work, district = known[row.assignment], of(place[row.packet])
            cell = f"{work.subject}/{work.grade}/{row.mark}"
            district.marks[cell] += 1
            for name in (cell, f"{work.subject}/{work.grade}", f"{work.subject}//{row.mark}", work.subject):
                behind[district.kato, name].add(row.pupil)
    for (kato, name), pupils in behind.items():
        of(kato).markers[name] = len(pupils)


def _loads(session: Session, packets: Mapping[str, Sequence[Tracked]], of: Any) -> None:
    """What was read of each packet, by the teacher whose subject it is."""
    answer, page = schema.Answer, schema.Page
    teachers = teacher_of(session)
    place = {each.packet: each for week in packets.values() for each in week if not each.paper.void}
    seen: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    shelf: dict[str, Assignment] = {}
    for week in packets:
        columns = (page.id, page.packet, page.pupil, page.assignment, answer.item, answer.state)
        rows = session.execute(
            select(*columns)
            .join(answer, answer.page == page.id)
            .where(page.week == week, page.void.is_(False), answer.superseded_by.is_(None))
        ).all()
        shelf |= assignments_of(session, {row.assignment for row in rows if row.assignment})
        open_items = {(code, each.number) for code, work in shelf.items() for each in work.questions if isinstance(each, OpenQuestion)}
        for row in rows:
            packet, work = place.get(row.packet), shelf.get(row.assignment)
            if packet is None or work is None:
                continue
            teacher, district = teachers(packet.school, work.subject, work.grade, work.language), of(packet.kato)
            load = district.loads.setdefault(teacher, Load())
            pages, pupils = seen[district.kato, teacher]
            pages.add(row.id)
            pupils.add(row.pupil)
            load.pages, load.children = len(pages), len(pupils)
            load.open += (row.assignment, row.item) in open_items
            load.waiting += row.state == WAITING
            load.doubts += row.state == DOUBT


def _silences(session: Session, last: str, only: str, patience: Patience) -> dict[str, tuple[int, int]]:
    """For each village how many weeks running, up to `last`, are due and brought nothing back, and how many children they reached."""
    week = schema.Packet.week
    weeks = session.scalars(select(week).where(week <= last).distinct().order_by(week.desc()).limit(LOOKED_BACK)).all()
    silent: Counter[str] = Counter()
    spoken: set[str] = set()
    children: dict[str, set[str]] = defaultdict(set)
    for each in weeks:
        by_village: dict[str, list[Tracked]] = defaultdict(list)
        for packet in tracked(session, Wanted(each, village=only), patience):
            if not packet.paper.void:
                by_village[packet.kato].append(packet)
        for kato, mine in by_village.items():
            if any(packet.paper.read or packet.where.state is TrackState.RETURNED for packet in mine):
                spoken.add(kato)
            elif kato not in spoken and any(packet.where.state in (TrackState.OVERDUE, TrackState.LOST) for packet in mine):
                silent[kato] += 1
                children[kato].update(packet.pupil for packet in mine)
    return {kato: (count, len(children[kato])) for kato, count in sorted(silent.items())}

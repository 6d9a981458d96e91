"""What a teacher's return tells: gathered from the records, before anything is drawn. One return a teacher; without one, a school, subject, grade and language.

scanning/return_commands gathers here and hands the result to scanning/return_pages. Names of pupils are taken in here, since the return goes to their teacher
and nowhere else.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.assignment import Assignment, Question
from packets.layout import Layout, PageKind
from packets.together import summed
from records import schema
from records.calendar import today
from records.comments import standing_comments
from records.grades import WAITING, Recorded, item_order, recorded
from records.language import alphabetical
from records.lifecycle import PacketState
from records.marks import Scales
from scanning.filing import SAME_PAGE
from scanning.gradebook import Total, assignments_of, totals
from scanning.held import READ_STATES
from scanning.pooled import Pool
from scanning.statistics import ClassFigures, class_figures
from scanning.verdict import PageState
from settlements.register import schools, villages
from settlements.roster import TEACHER, names, teacher_of

STRUGGLING = Decimal("0.4")  # of the points of decided questions


@dataclass(frozen=True, slots=True)
class SheetBack:
    """A printed page of a pupil's assignment. `scan` is None where it has not come back.

    `original` (below the desk's folder) and `frame` say where its picture is; `measurements` are the scan's `transform` and `at`. `remarks` are a
    person's words to the pupil, each with the number of its question, empty where they are about the page.
    """

    page: str
    number: int
    of: int
    layout: str
    scan: int | None = None
    original: str = ""
    frame: int = 0
    measurements: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PupilWork:
    """What one pupil did in one assignment. `silent_since` is the day by which the first of the packets that stayed away was due.

    `questions` are those of the assignment, by which answers are summed.
    """

    pupil: str
    name: str
    packet: str
    return_by: date
    sheets: tuple[SheetBack, ...]
    answers: Mapping[str, Recorded]
    total: Total | None
    silent_since: date | None = None
    village: str = ""
    questions: tuple[Question, ...] = ()

    @property
    def is_named(self) -> bool:
        """Whether the name is known; a forgotten pupil goes by the code."""
        return self.name != self.pupil

    @property
    def came(self) -> bool:
        """Whether any page came back, or a person typed what stands on one."""
        return bool(self.answers) or any(sheet.scan is not None for sheet in self.sheets)

    @property
    def overdue(self) -> bool:
        """Whether nothing came back although it should have."""
        return not self.came and today() > self.return_by

    @property
    def absent(self) -> tuple[int, ...]:
        """The numbers of the pages that have not come back."""
        return tuple(sheet.number for sheet in self.sheets if sheet.scan is None)

    @property
    def waiting(self) -> int:
        """How many open answers wait for the teacher's points."""
        return sum(held.state == WAITING for held in self.answers.values())

    @property
    def share(self) -> Decimal | None:
        """Points earned of points possible among the decided questions, 0 to 1; None where nothing is decided."""
        decided = summed(self.questions, self.answers)
        return decided.points / decided.of if decided.of else None

    @property
    def struggles(self) -> bool:
        """Whether less than 40 % of the decided points were earned."""
        return self.share is not None and self.share < STRUGGLING


@dataclass(frozen=True)
class ClassWork:
    """One assignment with its pupils in the order of the alphabet. `everybody` are the figures of all pupils of the desk who were given it, None
    where too few of them sit elsewhere.
    """

    assignment: Assignment
    pupils: tuple[PupilWork, ...]
    everybody: ClassFigures | None = None

    @cached_property
    def figures(self) -> ClassFigures:
        """What the class made of it."""
        return class_figures(self.assignment, [pupil.answers for pupil in self.pupils])


@dataclass(frozen=True, slots=True)
class TeachersReturn:
    """One return. `code` names its file; `language` is kk or ru; `teacher` is empty where nobody is named for the class."""

    code: str
    teacher: str
    school: str
    language: str
    week: str
    works: tuple[ClassWork, ...]
    layouts: Mapping[str, Layout] = field(default_factory=dict)

    @property
    def sheets(self) -> list[SheetBack]:
        """Every printed page."""
        return [sheet for work in self.works for pupil in work.pupils for sheet in pupil.sheets]


@dataclass(frozen=True, slots=True)
class _Row:
    """A worksheet page with its packet, before it is known whose return it belongs to."""

    page: str
    number: int
    of: int
    layout: str
    assignment: str
    packet: str
    pupil: str
    school: str
    kato: str
    return_by: date


def gather(session: Session, week: str, scales: Scales | None = None) -> list[TeachersReturn]:
    """Every return of `week`, by code: each pupil who was sent an assignment is in one, whether or not anything came back.

    Marks follow the desk's `scales`; the program's own where none are given.
    """
    rows = _rows(session, week)
    known = assignments_of(session, {row.assignment for row in rows})
    teachers, teacher_names = teacher_of(session), names(session, TEACHER)
    works: dict[tuple[str, str], dict[str, list[_Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        lesson = known[row.assignment]
        teacher = teachers(row.school, lesson.subject, lesson.grade, lesson.language)
        code = teacher or f"{row.school or 'school'}-{lesson.subject}-{lesson.grade}-{lesson.language}"
        works[code, teacher][row.assignment].append(row)
    pupils = _Pupils(session, week, rows, known, scales)
    school_names, layouts = _school_names(session), _layouts(session, {row.layout for row in rows})
    found = []
    for (code, teacher), by_assignment in sorted(works.items()):
        language = _language(known[each] for each in by_assignment)
        classes = tuple(pupils.work(known[each], own, language) for each, own in sorted(by_assignment.items()))
        school = next(iter(by_assignment.values()))[0].school
        name = teacher_names[teacher].full if teacher in teacher_names else teacher
        own = {row.layout: layouts[row.layout] for rows in by_assignment.values() for row in rows if row.layout in layouts}
        found.append(TeachersReturn(file_code(code), name, school_names.get((school, language), school), language, week, classes, own))
    return found


def file_code(code: str) -> str:
    """The code as a file name: letters, digits, points and dashes; anything else becomes an underscore."""
    return re.sub(r"[^\w.-]", "_", code).strip(".") or "_"


class _Pupils:
    """Puts a pupil's pages, answers and history together."""

    def __init__(self, session: Session, week: str, rows: Iterable[_Row], known: Mapping[str, Assignment], scales: Scales | None) -> None:
        pupils = {row.pupil for row in rows}
        self._names = names(session, codes=pupils)
        self._villages = {village.kato: village for village in villages(session)}
        self._scans = _scans(session, week)
        self._remarks = _remarks(session, {row.page for row in rows})
        self._lessons = known
        self._totals = {(total.packet, total.assignment): total for total in totals(session, week, scales=scales)}
        self._silent = _silent_since(session, week, pupils)
        self._answers: dict[tuple[str, str], dict[str, Recorded]] = defaultdict(dict)
        records = recorded(session, week=week)
        for held in records:
            self._answers[held.packet or "", held.assignment or ""][held.item] = held
        self._pool = Pool(session, week, known, records)

    def work(self, lesson: Assignment, rows: Iterable[_Row], language: str) -> ClassWork:
        """The work of everybody who was sent these pages of `lesson`, beside what all pupils of the desk made of it."""
        pupils = self.of(rows, language)
        return ClassWork(lesson, pupils, self._pool.beside(lesson.code, (each.pupil for each in pupils)))

    def of(self, rows: Iterable[_Row], language: str) -> tuple[PupilWork, ...]:
        """The work of everybody who was sent these pages, in the order of the alphabet; villages are named in `language`."""
        by_packet: dict[str, list[_Row]] = defaultdict(list)
        for row in rows:
            by_packet[row.packet].append(row)
        works = [self._work(packet, own, language) for packet, own in by_packet.items()]
        return tuple(sorted(works, key=lambda work: (alphabetical(work.name), work.packet)))

    def _work(self, packet: str, rows: list[_Row], language: str) -> PupilWork:
        first = rows[0]
        person = self._names.get(first.pupil)
        sheets = tuple(self._sheet(row) for row in rows)
        place = (packet, first.assignment)
        name = (person.full if person else "") or first.pupil
        silent = self._silent.get(first.pupil)
        village = self._villages[first.kato].name(language) if first.kato in self._villages else ""
        answers, total = self._answers[place], self._totals.get(place)
        questions = self._lessons[first.assignment].questions
        return PupilWork(first.pupil, name, packet, first.return_by, sheets, answers, total, silent, village, questions)

    def _sheet(self, row: _Row) -> SheetBack:
        blank = SheetBack(row.page, row.number, row.of, row.layout, remarks=self._remarks.get(row.page, ()))
        scan = self._scans.get(row.page)
        if scan is None:
            return blank
        number, original, frame, measurements = scan
        return replace(blank, scan=number, original=original, frame=frame, measurements=measurements)


def _rows(session: Session, week: str) -> list[_Row]:
    page, packet = schema.Page, schema.Packet
    columns = (page.id.label("page"), page.number, page.of, page.layout, page.assignment)
    whose = (packet.code.label("packet"), packet.pupil, packet.school, packet.kato, packet.return_by)
    wanted = select(*columns, *whose).join(packet, packet.code == page.packet).where(page.week == week, page.void.is_(False))
    wanted = wanted.where(page.kind == PageKind.WORKSHEET.value, page.assignment.is_not(None), packet.state != PacketState.VOID.value)
    return [_Row(**row._asdict()) for row in session.execute(wanted.order_by(packet.code, page.number))]


_Picture = tuple[int, str, int, dict[str, Any]]  # scan, path of the original, frame, measurements


def _scans(session: Session, week: str) -> dict[str, _Picture]:
    """The newest picture of each page that was read."""
    scan, original = schema.Scan, schema.Original
    wanted = select(scan.page, scan.id, original.path, scan.frame, scan.measurements).join(original, original.digest == scan.original)
    wanted = wanted.join(schema.Page, schema.Page.id == scan.page).where(schema.Page.week == week).order_by(scan.id)
    copies = (scan.state == PageState.DUPLICATE.value) & (scan.reason == SAME_PAGE)
    found = {}
    for page, number, path, frame, measured in session.execute(wanted.where(scan.state.in_(READ_STATES) | copies)):
        found[page or ""] = (number, path, frame, {name: measured[name] for name in ("transform", "at") if name in measured})
    return found


def _remarks(session: Session, pages: set[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """A person's words to the pupils, by page: on the page as a whole first, then by question."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for (page, item), said in standing_comments(session, pages).items():
        found[page].append((item, said.words))
    return {page: tuple(sorted(said, key=lambda each: item_order(each[0]))) for page, said in found.items()}


def _silent_since(session: Session, week: str, pupils: set[str]) -> dict[str, date]:
    """For pupils whose last packets up to `week` stayed away: the day by which the first of these was due."""
    packet, page, scan = schema.Packet, schema.Page, schema.Scan
    back = select(scan.id).join(page, page.id == scan.page).where(page.packet == packet.code, scan.state.in_(READ_STATES)).exists()
    wanted = select(packet.pupil, packet.return_by, back).where(packet.week <= week, packet.state != PacketState.VOID.value)
    since: dict[str, date] = {}
    for pupil, return_by, came in session.execute(wanted.order_by(packet.week)):
        if came:
            since.pop(pupil, None)
        elif pupil in pupils:
            since.setdefault(pupil, return_by)
    return since


def _layouts(session: Session, digests: set[str]) -> dict[str, Layout]:
    row = schema.Layout
    found = session.execute(select(row.digest, row.geometry).where(row.digest.in_(sorted(digests))))
    return {digest: Layout.from_json(geometry) for digest, geometry in found}


def _school_names(session: Session) -> dict[tuple[str, str], str]:
    return {(code, language): getattr(school, f"name_{language}") for code, school in schools(session).items() for language in ("kk", "ru")}


def _language(lessons: Iterable[Assignment]) -> str:
    """The language in which most of the classes are taught, if it is Russian; else Kazakh."""
    counted = Counter(each.language for each in lessons)
    return "ru" if counted["ru"] > sum(counted.values()) / 2 else "kk"

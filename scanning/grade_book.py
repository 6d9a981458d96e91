"""The grade book: what each pupil earned in each work, what is undecided and why, and the marks of weeks, quarters and years. Reads only.

scanning/grade_book_commands and the exports call this. Formulas and scales stand in records/marks and records/marks_quarter. A page that did not come back and an
answer in doubt leave a mark open between what it can become; neither counts as 0 unless a person says from when (`missing_as_zero`), and then it is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.assignment import Assignment
from packets.layout import PageKind
from packets.subjects import SUBJECTS
from packets.together import at_stake, summed
from packets.token import short_code
from records import schema
from records.calendar import StudyWeek, today
from records.errors import NotFound
from records.grades import BLANK, DECIDED, item_order
from records.language import _
from records.lifecycle import PacketState
from records.marks import Scales, percent_of
from records.marks_quarter import Earned
from scanning.verdict import PageState
from settlements.roster import FEW, Learner, learners, unknown_pupil

OUTSTANDING, MISSING, UNREADABLE, NO_PAGE = "outstanding", "missing", "unreadable", "no_page"  # beside records.grades.DOUBT and WAITING


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose works: all where nothing is given; `grade` 0 is every grade."""

    school: str = ""
    grade: int = 0
    subject: str = ""
    language: str = ""
    pupil: str = ""

    def has_work(self, subject: str, grade: int, language: str) -> bool:
        """Whether assignments of this kind are meant."""
        wanted = ((self.subject, subject), (self.grade, grade), (self.language, language))
        return all(not want or want == have for want, have in wanted)

    def has_pupil(self, code: str, school: str) -> bool:
        """Whether this pupil is meant."""
        return (not self.pupil or self.pupil == code) and (not self.school or self.school == school)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A question that may still move a mark: on which page (empty: on none), why, and for how many points."""

    page: str
    item: str
    why: str
    max_points: Decimal
    due: date | None

    def as_json(self) -> dict[str, object]:
        """As the contract tells it."""
        code = short_code(self.page) if self.page else None
        due = self.due.isoformat() if self.due else None
        return {
            "page": self.page or None,
            "short_code": code,
            "item": self.item,
            "why": self.why,
            "max_points": float(self.max_points),
            "due": due,
        }


@dataclass(frozen=True, slots=True)
class Work:
    """One assignment of one pupil. `points` are what is decided, `most` what a faultless sheet earns; `zeroed` counts questions that count as 0."""

    pupil: str
    school: str
    assignment: Assignment
    packet: str
    points: Decimal
    most: Decimal
    undecided: tuple[Undecided, ...]
    zeroed: int

    @property
    def possible(self) -> Decimal:
        """The points that it can still come to."""
        return self.points + sum((each.max_points for each in self.undecided), Decimal(0))

    @property
    def earned(self) -> Earned:
        """What the formulas of a quarter see of it."""
        return Earned(self.assignment.kind, self.points, self.possible, self.most)

    @property
    def day(self) -> date:
        """The day that stands over it in a journal: its lesson's, else the Monday of its study week."""
        return day_of(self.assignment)

    def percent(self) -> int | None:
        """Whole percent; None while something is undecided."""
        return None if self.undecided else percent_of(self.points, self.most)

    def marks(self, scales: Scales) -> tuple[int | None, int | None, int | None]:
        """The mark, and the lowest and highest that are possible; None where it is open, or the grade gets none."""
        monday, grade = StudyWeek.parse(self.assignment.week).monday, self.assignment.grade
        lowest, highest = (scales.mark(percent_of(points, self.most), grade, monday) for points in (self.points, self.possible))
        return (None if self.undecided else lowest), lowest, highest


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A printed page that is not void."""

    page: str
    packet: str
    school: str
    return_by: date
    items: tuple[str, ...]
    unreadable: bool


@dataclass(frozen=True, slots=True)
class _Held:
    state: str
    points: Decimal | None
    max_points: Decimal


def require_known(session: Session, scope: Scope) -> None:
    """Raise NotFound for a pupil, school or subject that nobody here has heard of: a mistyped one would otherwise look like one without works."""
    printed = select(schema.Page.id).where(schema.Page.pupil == scope.pupil).limit(1)
    if scope.pupil and session.get(schema.Pupil, scope.pupil) is None and session.scalar(printed) is None:
        raise unknown_pupil(scope.pupil)
    if scope.school and scope.school not in set(school_of(session).values()) and session.get(schema.School, scope.school) is None:
        raise NotFound(_("There is no school with the code {code}.").format(code=scope.school), _("`poshta schools import` takes them in."))
    if scope.subject and scope.subject not in SUBJECTS:
        known = ", ".join(sorted(SUBJECTS))
        raise NotFound(
            _("There is no subject with the code {code}.").format(code=scope.subject), _("There are: {codes}.").format(codes=known)
        )


def day_of(assignment: Assignment) -> date:
    """The day of an assignment's lesson, else the Monday of its study week."""
    lesson = assignment.lesson
    return lesson.date if lesson and lesson.date else StudyWeek.parse(assignment.week).monday


def assignments_in(session: Session, weeks: Collection[str], scope: Scope) -> list[Assignment]:
    """The assignments of these study weeks, by subject, grade, language, week and code."""
    rows = session.scalars(select(schema.Assignment).where(schema.Assignment.week.in_(weeks)))
    found = (Assignment.from_json(row.definition) for row in rows if scope.has_work(row.subject, row.grade, row.language))
    return sorted(found, key=lambda each: (*class_of(each), each.week, each.code))


def class_of(assignment: Assignment) -> tuple[str, int, str]:
    """What is taught together: subject, grade and language."""
    return assignment.subject, assignment.grade, assignment.language


def works(session: Session, assignments: Sequence[Assignment], scope: Scope, zero_days: int | None) -> Iterator[Work]:
    """What each pupil earned in each of the assignments that was printed for him, class by class, in the order of the assignments and pupils' codes.

    `zero_days`: questions of pages that are so many days beyond their return day count as 0; None: never. A withdrawn packet is not counted.
    """
    schools = school_of(session)
    layouts: dict[str, tuple[str, ...]] = {}
    for group in _groups(assignments):
        codes = [each.code for each in group]
        held = _held(session, codes, scope.pupil)
        sheets = _sheets(session, codes, scope.pupil, layouts)
        for assignment in group:
            for pupil, printed in sorted(sheets.get(assignment.code, {}).items()):
                school = schools.get(pupil, printed[0].school)
                if scope.has_pupil(pupil, school):
                    yield _work(pupil, school, assignment, printed, held, zero_days)


def school_of(session: Session) -> dict[str, str]:
    """The school of every pupil on the roster, of those who left too."""
    return {each.code: each.school for each in learners(session, with_left=True)}


def expected(assignments: Iterable[Assignment], pupils: Iterable[Learner]) -> set[tuple[str, str]]:
    """Pupils and subjects of which some assignment was meant for them."""
    by_class: dict[tuple[int, str], list[Assignment]] = defaultdict(list)
    for each in assignments:
        by_class[each.grade, each.language].append(each)
    return {
        (pupil.code, each.subject)
        for pupil in pupils
        if "post" in pupil.channels
        for each in by_class[pupil.grade, pupil.language]
        if (not each.schools or pupil.school in each.schools) and (not each.pupils or pupil.code in each.pupils)
    }


def _groups(assignments: Sequence[Assignment]) -> list[list[Assignment]]:
    """Class by class, so that a country's quarter is never in memory at once."""
    found: dict[tuple[str, int, str], list[Assignment]] = defaultdict(list)
    for each in assignments:
        found[class_of(each)].append(each)
    return list(found.values())


def _held(session: Session, codes: Sequence[str], pupil: str) -> dict[str, dict[str, _Held]]:
    """The current answers of the assignments' pages, by page and question."""
    answer = schema.Answer
    wanted = select(answer.page, answer.item, answer.state, answer.points, answer.max_points).join(
        schema.Page, schema.Page.id == answer.page
    )
    wanted = wanted.where(schema.Page.assignment.in_(codes), answer.superseded_by.is_(None))
    found: dict[str, dict[str, _Held]] = defaultdict(dict)
    for page, item, state, points, most in session.execute(wanted.where(schema.Page.pupil == pupil) if pupil else wanted):
        found[page][item] = _Held(state, None if points is None else Decimal(points), Decimal(most))
    return found


def _sheets(session: Session, codes: Sequence[str], pupil: str, layouts: dict[str, tuple[str, ...]]) -> dict[str, dict[str, list[_Sheet]]]:
    """The valid pages of the assignments, by assignment and pupil, in their order."""
    page, packet = schema.Page, schema.Packet
    columns = (page.id, page.assignment, page.pupil, page.packet, page.layout, packet.school, packet.return_by)
    mine = (page.assignment.in_(codes), page.kind == PageKind.WORKSHEET.value, page.void.is_(False), packet.state != PacketState.VOID.value)
    wanted = select(*columns).join(packet, packet.code == page.packet).where(*mine).order_by(page.packet, page.number)
    rows = session.execute(wanted.where(page.pupil == pupil) if pupil else wanted).all()
    _read_layouts(session, {row.layout for row in rows}, layouts)
    spoilt = _spoilt(session, codes)
    found: dict[str, dict[str, list[_Sheet]]] = defaultdict(lambda: defaultdict(list))
    for identity, code, whose, of, layout, school, due in rows:
        found[code or ""][whose or ""].append(_Sheet(identity, of or "", school, due, layouts[layout], identity in spoilt))
    return found


def _read_layouts(session: Session, wanted: Collection[str], layouts: dict[str, tuple[str, ...]]) -> None:
    """Take in which questions stand on pages of these layouts."""
    digests = sorted(set(wanted) - set(layouts))
    for start in range(0, len(digests), FEW):
        rows = session.execute(
            select(schema.Layout.digest, schema.Layout.geometry).where(schema.Layout.digest.in_(digests[start : start + FEW]))
        )
        layouts.update((digest, tuple(each["item"] for each in geometry["items"])) for digest, geometry in rows)


def _spoilt(session: Session, codes: Sequence[str]) -> set[str]:
    """Pages that came and could not be read."""
    scan = schema.Scan
    wanted = select(scan.page).join(schema.Page, schema.Page.id == scan.page).where(schema.Page.assignment.in_(codes))
    return {page for page in session.scalars(wanted.where(scan.state == PageState.UNREADABLE.value)) if page}


def _work(
    pupil: str,
    school: str,
    assignment: Assignment,
    printed: Sequence[_Sheet],
    held: Mapping[str, Mapping[str, _Held]],
    zero_days: int | None,
) -> Work:
    place = {item: sheet for sheet in printed for item in sheet.items}
    known, undecided, zeroed = dict[str, _Held](), [], 0
    questions = assignment.questions
    for question in questions:
        sheet = place.get(question.number)
        answer = held.get(sheet.page, {}).get(question.number) if sheet else None
        if answer is not None and answer.state in DECIDED:
            known[question.number] = answer
        elif answer is None and sheet is not None and _counts_as_zero(sheet, zero_days):
            zeroed += 1
            known[question.number] = _Held(BLANK, Decimal(0), question.points)
        else:
            undecided.append(_undecided(sheet, question.number, answer, question.points))
    stake = at_stake(questions, known)
    still = tuple(replace(each, max_points=stake.get(each.item, each.max_points)) for each in undecided)
    points = summed(questions, known).points
    return Work(pupil, school, assignment, printed[0].packet, points, assignment.max_points, still, zeroed)


def _undecided(sheet: _Sheet | None, item: str, answer: _Held | None, most: Decimal) -> Undecided:
    if sheet is None:
        return Undecided("", item, NO_PAGE, most, None)
    if answer is not None:
        return Undecided(sheet.page, item, answer.state, answer.max_points, None)
    why = UNREADABLE if sheet.unreadable else MISSING if today() > sheet.return_by else OUTSTANDING
    return Undecided(sheet.page, item, why, most, None if sheet.unreadable else sheet.return_by)


def _counts_as_zero(sheet: _Sheet, zero_days: int | None) -> bool:
    """Whether a person said that a page so long overdue earns nothing; one that came and cannot be read never does."""
    return zero_days is not None and not sheet.unreadable and today() > sheet.return_by + timedelta(days=zero_days)


def in_order(undecided: Iterable[Undecided]) -> list[Undecided]:
    """By page and question."""
    return sorted(undecided, key=lambda each: (each.page, item_order(each.item)))

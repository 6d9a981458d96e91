"""What waits for a person's eyes: doubts and open answers without points, grouped by question. Reads the records, changes nothing.

scanning/review_app shows it. A case carries codes, never names; what the key says is not in it, so that nobody is led by the right answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.assignment import Assignment, ChoiceQuestion, NumberQuestion, OpenQuestion, Question
from packets.layout import Layout
from packets.token import grouped, short_code
from records import schema
from records.comments import Said, standing_comments
from records.grades import DOUBT, PERSON, WAITING, Recorded, item_order, recorded
from records.lifecycle import PacketState
from scanning.gradebook import assignments_of
from settlements.roster import teacher_of

ONE, SEVERAL, NUMBER, POINTS = "one", "several", "number", "points"  # how a question is answered


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: `value` is the assignment's letter, `label` the one printed on this page, `text` its words."""

    value: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """One answer that waits. `held` is its record, `options` stand as they are printed; `most` is the highest number or the points."""

    held: Recorded
    question: Question
    kind: str
    options: tuple[Option, ...]
    most: str
    said: Said | None = None  # to the pupil, so far

    @property
    def code(self) -> str:
        """The page's short code as it is printed."""
        return grouped(short_code(self.held.page))

    @property
    def set_aside(self) -> bool:
        """Whether a person has looked, and could not read it either."""
        return self.held.state == DOUBT and self.held.decided_by == PERSON


@dataclass(frozen=True, slots=True)
class Group:
    """All cases of one question."""

    assignment: Assignment
    question: Question
    cases: tuple[Case, ...]


def waiting_groups(session: Session, week: str = "", teacher: str = "") -> list[Group]:
    """The questions of which answers wait, of one week or all, of one teacher's pupils or all: doubts before open answers, then by assignment and number."""
    rows = [row for row in recorded(session, week=week, states=(DOUBT, WAITING)) if row.assignment]
    rows = _of_valid_pages(session, rows)
    known = assignments_of(session, {row.assignment or "" for row in rows})
    if teacher:
        rows = _of_teacher(session, rows, known, teacher)
    layouts = _layouts_of(session, rows)
    comments = standing_comments(session, {row.page for row in rows})
    by_question: dict[tuple[str, str], list[Case]] = {}
    for row in rows:
        case = case_of(row, known[row.assignment or ""], layouts[row.page])
        if case is not None:
            case = replace(case, said=comments.get((row.page, row.item)))
            by_question.setdefault((row.assignment or "", row.item), []).append(case)
    groups = [Group(known[code], cases[0].question, tuple(cases)) for (code, _item), cases in by_question.items()]
    return sorted(groups, key=_order)


def case_of(row: Recorded, assignment: Assignment, layout: Layout) -> Case | None:
    """The case of a record; None where its assignment has lost the question."""
    question = next((each for each in assignment.questions if each.number == row.item), None)
    match question:
        case ChoiceQuestion():
            return Case(row, question, SEVERAL if question.several else ONE, _options(question, layout), "")
        case NumberQuestion():
            return Case(row, question, NUMBER, (), ("±" if question.minus else "") + question.columns.largest)
        case OpenQuestion():
            return Case(row, question, POINTS, (), f"{question.points.normalize():f}")
        case None:
            return None


def without_decided(groups: list[Group], set_aside: bool) -> list[Group]:
    """The groups with only the cases that were set aside, or only the others; empty groups are left out."""
    kept = [replace(each, cases=tuple(case for case in each.cases if case.set_aside == set_aside)) for each in groups]
    return [each for each in kept if each.cases]


def _options(question: ChoiceQuestion, layout: Layout) -> tuple[Option, ...]:
    texts = dict(zip("ABCDEFGH", question.choices, strict=False))
    return tuple(Option(box.value, box.label, texts.get(box.value, "")) for box in layout.boxes_of(question.number))


def _order(group: Group) -> tuple[bool, str, str, object]:
    return (group.cases[0].kind == POINTS, group.assignment.week, group.assignment.code, item_order(group.question.number))


def _of_valid_pages(session: Session, rows: list[Recorded]) -> list[Recorded]:
    """Without pages and packets that were withdrawn: their answers count for nobody."""
    page, packet = schema.Page, schema.Packet
    void = set(session.scalars(select(page.id).where(page.void)))
    withdrawn = set(session.scalars(select(packet.code).where(packet.state == PacketState.VOID.value)))
    return [row for row in rows if row.page not in void and row.packet not in withdrawn]


def _of_teacher(session: Session, rows: list[Recorded], known: Mapping[str, Assignment], teacher: str) -> list[Recorded]:
    """Those to whose return the answer belongs, as `poshta returns` deals them out."""
    teachers = teacher_of(session)
    schools = {row.code: row.school for row in session.execute(select(schema.Packet.code, schema.Packet.school))}

    def his(row: Recorded) -> bool:
        work = known[row.assignment or ""]
        return teachers(schools.get(row.packet or "", ""), work.subject, work.grade, work.language) == teacher

    return [row for row in rows if his(row)]


def _layouts_of(session: Session, rows: list[Recorded]) -> Mapping[str, Layout]:
    """The layout of each page, each read once."""
    printed: dict[str, str] = {}
    pages = sorted({row.page for row in rows})
    for start in range(0, len(pages), 500):
        some = pages[start : start + 500]
        found = session.execute(select(schema.Page.id, schema.Page.layout).where(schema.Page.id.in_(some)))
        printed |= {str(row.id): str(row.layout) for row in found}
    digests = set(printed.values())
    layouts = {digest: Layout.from_json(session.get_one(schema.Layout, digest).geometry) for digest in sorted(digests)}
    return {page: layouts[digest] for page, digest in printed.items()}

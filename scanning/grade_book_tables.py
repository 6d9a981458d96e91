"""The grade book as plain tables for other programs: answers of a week, marks of a quarter or a year, a pupil's extract, a list for entry elsewhere.

scanning/grade_book_export_commands writes them. Headings are English and stable; codes stand everywhere, names only where they were asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from packets.subjects import subject_name
from packets.token import short_code
from records.errors import NotFound
from records.exchange import Scalar, Table
from records.grades import recorded
from records.language import _, page_language, translate
from records.marks import Scales, ten_of
from records.marks_calendar import Quarter, year_name
from records.marks_quarter import FORMATIVE, TERM, UNIT
from scanning.earned_together import as_earned
from scanning.grade_book import Scope, Work, assignments_in, works
from scanning.grade_book_marks import Key, QuarterRow, Rules, annual_rows, exact_number, quarter_rows
from scanning.grade_book_words import SHORT_KINDS
from scanning.gradebook import assignments_of, totals
from settlements.roster import PersonName, names


@dataclass(frozen=True, slots=True)
class People:
    """Pupils' names, if they were asked for; then they stand beside the code."""

    names: Mapping[str, PersonName] | None

    @classmethod
    def of(cls, session: Session, wanted: bool) -> People:
        """The names of the roster, or none."""
        return cls(names(session) if wanted else None)

    @property
    def headings(self) -> list[str]:
        """The columns beside `pupil`."""
        return [] if self.names is None else ["last_name", "first_name"]

    def cells(self, code: str | None) -> list[Scalar]:
        """What stands in them."""
        if self.names is None:
            return []
        found = self.names.get(code or "")
        return [found.last_name if found else "", found.first_name if found else ""]

    def shown(self, code: str) -> str:
        """The full name, or the code where there is none."""
        found = (self.names or {}).get(code)
        return found.full or code if found else code

    def named(self, codes: Iterable[str | None]) -> set[str]:
        """Those of the pupils whose names stand in a file that tells them all."""
        return {code for code in codes if code and self.names and (found := self.names.get(code)) and found.full}


def answer_tables(session: Session, week: str, people: People, scales: Scales) -> list[Table]:
    """Every answer of a week, and the sums; raises NotFound where nothing was read."""
    rows = recorded(session, week=week)
    if not rows:
        raise NotFound(_("Nothing of {week} has been read yet.").format(week=week), _("Scan its pages first."))
    known = assignments_of(session, {each.assignment or "" for each in rows})
    body: list[list[Scalar]] = []
    for each in as_earned(known, rows):
        work = known[each.assignment or ""]
        what: list[Scalar] = [
            each.packet,
            each.page,
            work.code,
            work.subject,
            work.grade,
            work.language,
            work.kind,
            each.item,
            ",".join(each.reading),
        ]
        outcome: list[Scalar] = [
            each.state,
            each.reason,
            number(each.points),
            number(each.max_points),
            each.decided_by,
            each.made_at.isoformat(),
        ]
        body.append([week, each.pupil, *people.cells(each.pupil), *what, *outcome])
    headings = [
        "week",
        "pupil",
        *people.headings,
        "packet",
        "page",
        "assignment",
        "subject",
        "grade",
        "language",
        "kind",
        "item",
        "reading",
    ]
    headings += ["state", "reason", "points", "max_points", "decided_by", "decided_at"]
    return [Table("answers", headings, body), _totals_table(session, week, people, scales)]


def quarter_tables(session: Session, quarter: Quarter, scope: Scope, rules: Rules, people: People) -> list[Table]:
    """The marks of a quarter, the works that they are made of, and each question that is undecided; raises NotFound where nothing was printed."""
    rows = quarter_rows(session, quarter, scope, rules)
    _require_some(rows, str(quarter))
    whose = ["school", "grade", "language", "subject", "pupil", *people.headings, "quarter"]
    headings = [*whose, "formula", *(f"{kind}_{what}" for kind in (FORMATIVE, UNIT, TERM) for what in ("works", "points", "max_points"))]
    headings += [
        "percent_exact",
        "percent",
        "mark",
        "state",
        "reason",
        "lowest",
        "highest",
        "zeroed",
        "undecided",
        "closed_at",
        "percent_now",
        "mark_now",
    ]
    done = [(row, work) for row in rows for work in row.works]
    return [
        Table("marks", headings, [[*_whose(row, people), *_mark_cells(row)] for row in rows]),
        Table("works", [*whose, *WORK_HEADINGS], [[*_whose(row, people), *_work_cells(work, rules)] for row, work in done]),
        Table(
            "undecided",
            [*whose, "page", "short_code", "item", "why", "max_points", "due"],
            [
                [
                    *_whose(row, people),
                    each.page,
                    short_code(each.page) if each.page else "",
                    each.item,
                    each.why,
                    number(each.max_points),
                    each.due,
                ]
                for row in rows
                for each in row.undecided
            ],
        ),
    ]


def year_tables(
    session: Session, start: int, scope: Scope, rules: Rules, people: People, exams: Mapping[Key, int] | None = None
) -> list[Table]:
    """The annual marks with those of the quarters, and of examinations where they are given; raises NotFound where nothing was printed."""
    rows = annual_rows(session, start, scope, rules, exams)
    _require_some(rows, year_name(start))
    quarters = rules.year(start).quarters
    headings = ["school", "grade", "language", "subject", "pupil", *people.headings, "year"]
    headings += [f"quarter_{each.number}{what}" for each in quarters for what in ("", "_state")]
    headings += ["mark", "state", "reason", "lowest", "highest", "without", "exam", "final"]
    body: list[list[Scalar]] = []
    for row in rows:
        cells: list[Scalar] = [row.school, row.grade, row.language, row.subject, row.pupil, *people.cells(row.pupil), year_name(row.year)]
        for mark in row.quarters:
            cells += [mark.mark, mark.state] if mark else [None, "to_come"]
        annual = row.annual
        body.append([*cells, annual.mark, annual.state, annual.reason, annual.lowest, annual.highest, annual.without, row.exam, row.final])
    return [Table("years", headings, body)]


def extract_tables(session: Session, pupil: str, start: int, rules: Rules, people: People) -> list[Table]:
    """What goes with a pupil who moves: points and most points of each БЖБ and ТЖБ, and the marks of the quarters; raises NotFound where there is nothing."""
    scope = Scope(pupil=pupil)
    summative: list[list[Scalar]] = []
    marks: list[list[Scalar]] = []
    for quarter in rules.year(start).quarters:
        for row in quarter_rows(session, quarter, scope, rules):
            counted = (*row.of_kind(UNIT), *row.of_kind(TERM))
            summative += [[*_whose(row, people), *_work_cells(work, rules)] for work in counted]
            if row.works:
                marks.append(
                    [*_whose(row, people), row.stands.percent, row.stands.mark, row.stands.state, row.stands.lowest, row.stands.highest]
                )
    _require_some(marks, f"{pupil}, {year_name(start)}")
    whose = ["school", "grade", "language", "subject", "pupil", *people.headings, "quarter"]
    return [
        Table("summative", [*whose, *WORK_HEADINGS], summative),
        Table("marks", [*whose, "percent", "mark", "state", "lowest", "highest"], marks),
    ]


def entry_table(session: Session, weeks: Sequence[str], scope: Scope, rules: Rules, people: People) -> Table:
    """A row for each work of each pupil, for typing or copying into the electronic journal: class, subject, date, kind, most points, pupil, points.

    `ten` is formative work as a mark of 1 to 10; points are empty where something is undecided, and `state` says so. Raises NotFound where there is nothing.
    """
    body: list[list[Scalar]] = []
    for work in works(session, assignments_in(session, weeks, scope), scope, rules.zero_days):
        what, done = work.assignment, not work.undecided
        language = page_language(what.language)
        kind = translate(SHORT_KINDS[what.kind], language)
        ten = ten_of(work.points, work.most) if done and what.kind == FORMATIVE else None
        cells: list[Scalar] = [
            work.school,
            f"{what.grade} {what.language}",
            subject_name(what.subject, language),
            work.day.isoformat(),
            kind,
        ]
        points = number(work.points) if done else None
        body.append([*cells, number(work.most), work.pupil, *people.cells(work.pupil), points, ten, "" if done else "open", what.code])
    _require_some(body, ", ".join(weeks[:1]))
    headings = ["school", "class", "subject", "date", "work_type", "max", "pupil", *people.headings, "points", "ten", "state", "assignment"]
    return Table("entry", headings, body)


WORK_HEADINGS = (
    "week",
    "date",
    "assignment",
    "title",
    "kind",
    "points",
    "possible",
    "max_points",
    "percent",
    "mark",
    "zeroed",
    "undecided",
)


def number(points: Decimal | None) -> float | None:
    """Points as a number of a table."""
    return None if points is None else float(points)


def pupils_of(tables: Iterable[Table]) -> set[str]:
    """The pupils' codes that stand in the tables."""
    return {
        str(row[place])
        for table in tables
        if "pupil" in table.headings
        for place in [list(table.headings).index("pupil")]
        for row in table.rows
    }


def _totals_table(session: Session, week: str, people: People, scales: Scales) -> Table:
    headings = [
        "week",
        "pupil",
        *people.headings,
        "packet",
        "assignment",
        "points",
        "max_points",
        "percent",
        "mark",
        "waiting",
        "doubts",
        "missing",
    ]
    body: list[list[Scalar]] = []
    for total in totals(session, week, scales=scales):
        earned = [number(total.points), number(total.max_points), total.percent, total.mark, total.waiting, total.doubts, total.missing]
        body.append([week, total.pupil, *people.cells(total.pupil), total.packet, total.assignment, *earned])
    return Table("totals", headings, body)


def _whose(row: QuarterRow, people: People) -> list[Scalar]:
    return [row.school, row.grade, row.language, row.subject, row.pupil, *people.cells(row.pupil), str(row.quarter)]


def _mark_cells(row: QuarterRow) -> list[Scalar]:
    cells: list[Scalar] = [row.formula.name]
    for kind in (FORMATIVE, UNIT, TERM):
        done = row.of_kind(kind)
        sums = (sum((each.points for each in done), Decimal(0)), sum((each.most for each in done), Decimal(0)))
        cells += [len(done), *(number(each) for each in sums)] if done else [0, None, None]
    mark, closed = row.stands, row.closed
    made: list[Scalar] = [number(exact_number(mark.exact)), mark.percent, mark.mark, mark.state, mark.reason, mark.lowest, mark.highest]
    now: list[Scalar] = [closed.closed_at.isoformat(), row.now.percent, row.now.mark] if closed else [None, None, None]
    return [*cells, *made, row.zeroed, len(row.undecided), *now]


def _work_cells(work: Work, rules: Rules) -> list[Scalar]:
    what = work.assignment
    cells: list[Scalar] = [what.week, work.day.isoformat(), what.code, what.title, what.kind, number(work.points), number(work.possible)]
    return [*cells, number(work.most), work.percent(), work.marks(rules.scales)[0], work.zeroed, len(work.undecided)]


def _require_some(rows: Sequence[object], what: str) -> None:
    if not rows:
        raise NotFound(_("Nothing was printed for {what}.").format(what=what), _("`poshta grades book` shows what there is."))

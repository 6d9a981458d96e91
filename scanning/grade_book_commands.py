"""`poshta grades book`: works of a week, marks of a quarter or of a school year, as a table. Nothing is written. scanning/grade_commands hangs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from packets.subjects import subject_name
from packets.token import grouped, short_code
from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import Complaint, UsageRefused
from records.language import _, current_language, date_until, ngettext
from records.marks_calendar import MarkedYear, Quarter, parse_year, year_name
from records.marks_quarter import FORMATIVE, MARKED, NOT_MARKED, OPEN, TERM, UNIT, QuarterMark
from records.terminal import Answer, Sheet
from scanning.grade_book import Scope, Undecided, Work, assignments_in, require_known, works
from scanning.grade_book_exams import Exams, exams_beside, exams_of
from scanning.grade_book_json import annual_json, plain, row_json, work_json
from scanning.grade_book_marks import AnnualRow, QuarterRow, Rules, annual_rows, is_over, quarter_rows
from scanning.grade_book_words import KIND_WORDS, SHORT_KINDS, WHY_WORDS, mark_words, span_words, undecided_words
from scanning.rescore import rescore

WeekOption = Annotated[str, typer.Option("--week", help="A study week, as in 2026-W41.")]
QuarterOption = Annotated[str, typer.Option("--quarter", help="A quarter, as in 2026-27/1.")]
YearOption = Annotated[str, typer.Option("--year", help="A school year, as in 2026-27.")]
SchoolOption = Annotated[str, typer.Option("--school", help="Only pupils of this hub school.")]
GradeOption = Annotated[int, typer.Option("--grade", min=0, max=12, help="Only this grade.")]
SubjectOption = Annotated[str, typer.Option("--subject", help="Only this subject, by its short code: math.")]
LanguageOption = Annotated[str, typer.Option("--language", help="Only classes taught in this language: kk, ru ...")]
PupilOption = Annotated[str, typer.Option("--pupil", help="Only the pupil with this code.")]
ZeroOption = Annotated[
    int | None, typer.Option("--missing-as-zero", min=0, max=366, help="Work that is so many days beyond its return day counts as 0.")
]
ExamsOption = Annotated[
    Path | None, typer.Option("--exams", metavar="FILE", help="With --year: marks of examinations, a table of pupil, subject and mark.")
]


def register_book(group: typer.Typer) -> None:
    """Hang the grade book on `poshta grades`."""
    group.command("book")(book)


def book(
    context: typer.Context,
    week: WeekOption = "",
    quarter: QuarterOption = "",
    year: YearOption = "",
    school: SchoolOption = "",
    grade: GradeOption = 0,
    subject: SubjectOption = "",
    language: LanguageOption = "",
    pupil: PupilOption = "",
    missing_as_zero: ZeroOption = None,
    exams: ExamsOption = None,
) -> Answer:
    """Works of a week with their marks, the marks of a quarter, or those of a year: with what is undecided, and what it can become."""
    one_of(week, quarter, year)
    scope = Scope(school, grade, subject, language, pupil)
    read = exams_of(exams, year)
    with desk_of(context).opened() as home:
        rescore(home.database)
        rules = Rules.of(home.settings, missing_as_zero)
        with home.database.read() as session:
            require_known(session, scope)
            if week:
                return _week_answer(session, str(StudyWeek.parse(week)), scope, rules)
            if quarter:
                return _quarter_answer(session, Quarter.parse(quarter), scope, rules)
            return _year_answer(session, parse_year(year), scope, rules, read)


def one_of(week: str, quarter: str, year: str) -> None:
    """Refuse none, and several at once."""
    if sum(bool(each) for each in (week, quarter, year)) != 1:
        raise UsageRefused(
            _("Name one of --week, --quarter and --year."), _("As in --week 2026-W41, --quarter 2026-27/1 or --year 2026-27.")
        )


def assumed_calendar(year: MarkedYear) -> list[Complaint]:
    """That no order is known for the school year, and which quarters were taken."""
    if not year.assumed:
        return []
    spans = ", ".join(f"{first}..{last}" for first, last in year.year.quarters)
    text = _("The calendar of the school year {year} is not known here; these quarters are assumed: {spans}.").format(
        year=year_name(year.start), spans=spans
    )
    return [Complaint("assumed_calendar", text, _("Say the right ones in poshta.toml: [[calendar.school_years]]."), refused=False)]


def quarter_lines(year: MarkedYear, quarter: Quarter, rows: Sequence[QuarterRow]) -> Iterable[str]:
    """What must be said of a quarter's marks beside the table."""
    if not rows:
        yield _("Nothing was printed for this quarter.")
        return
    formula = rows[0].formula
    yield _("By the formula {formula} ({source}).").format(formula=formula.name, source=formula.source)
    if not formula.verified:
        yield _("Since when it is in force is not verified; poshta.toml may name another: marks.formula.")
    if not is_over(year, quarter):
        yield _("The quarter lasts until {day}: more works may come.").format(day=date_until(year.span(quarter)[1], current_language()))
    for count, sentence in _counts(rows):
        if count:
            yield sentence.format(count=count)


def _counts(rows: Sequence[QuarterRow]) -> Iterable[tuple[int, str]]:
    still = sum(row.stands.state == OPEN for row in rows)
    yield still, ngettext("{count} mark is open: work is undecided.", "{count} marks are open: work is undecided.", still)
    zeroed = sum(row.zeroed for row in rows)
    yield (
        zeroed,
        ngettext("{count} question that never came back counts as 0.", "{count} questions that never came back count as 0.", zeroed),
    )
    changed = sum(row.changed for row in rows)
    yield (
        changed,
        ngettext(
            "{count} closed mark would be another one today: look at it with --json, and take it in with `poshta grades close --again`.",
            "{count} closed marks would be others today: look at them with --json, and take them in with `poshta grades close --again`.",
            changed,
        ),
    )


def _week_answer(session: Session, week: str, scope: Scope, rules: Rules) -> Answer:
    found = list(works(session, assignments_in(session, [week], scope), scope, rules.zero_days))
    headings = (_("Pupil"), _("Grade"), _("Assignment"), _("Kind"), _("Points"), _("Of"), "%", _("Mark"), _("Open"))
    rows = [_work_row(each, rules) for each in found]
    data = {"week": week, "works": [work_json(each, rules) for each in found]}
    lines = [] if found else [_("Nothing was printed for this week.")]
    return Answer(data, lines, [Sheet(_("Grade book of {week}").format(week=week), headings, rows)] if rows else [])


def _quarter_answer(session: Session, quarter: Quarter, scope: Scope, rules: Rules) -> Answer:
    year = rules.year(quarter.year)
    rows = quarter_rows(session, quarter, scope, rules)
    headings = [
        _("Pupil"),
        _("Grade"),
        _("School subject"),
        *(_(SHORT_KINDS[kind]) for kind in (FORMATIVE, UNIT, TERM)),
        "%",
        _("Mark"),
        _("Open"),
    ]
    sheets = [Sheet(_("Marks of {quarter}").format(quarter=quarter), headings, [_quarter_row(row) for row in rows])] if rows else []
    if scope.pupil and any(row.undecided for row in rows):
        sheets.append(_undecided_sheet(rows))
    first, last = year.span(quarter)
    span = {"first": first.isoformat(), "last": last.isoformat(), "over": is_over(year, quarter), "assumed": year.assumed}
    data = {"quarter": str(quarter), "weeks": year.weeks(quarter), **span, "marks": [row_json(row) for row in rows]}
    return Answer(data, list(quarter_lines(year, quarter, rows)), sheets, assumed_calendar(year))


def _year_answer(session: Session, start: int, scope: Scope, rules: Rules, exams: Exams) -> Answer:
    year = rules.year(start)
    rows = annual_rows(session, start, scope, rules, exams.marks)
    ends = [_("Exam"), _("Final")] if exams.rows else []
    headings = [_("Pupil"), _("Grade"), _("School subject"), *(str(each.number) for each in year.quarters), _("Year"), *ends, _("Open")]
    table = [_annual_row(row, bool(exams.rows)) for row in rows]
    sheets = [Sheet(_("Marks of {year}").format(year=year_name(start)), headings, table)] if rows else []
    lines = [] if rows else [_("Nothing was printed for this school year.")]
    data = {"year": year_name(start), "assumed": year.assumed, "marks": [annual_json(row) for row in rows]}
    told = [*exams.complaints, *exams_beside(exams, rows, scope == Scope())]
    return Answer(data, lines, sheets, [*assumed_calendar(year), *told], waiting=bool(told))


def _work_row(work: Work, rules: Rules) -> tuple[object, ...]:
    mark, lowest, highest = work.marks(rules.scales)
    percent = work.percent()
    still = f"{span_words(lowest, highest)}; {undecided_words(work.undecided)}".strip("; ") if work.undecided else ""
    what = (work.pupil, _class(work.assignment.grade, work.assignment.language), work.assignment.code, _(KIND_WORDS[work.assignment.kind]))
    return (*what, plain(work.points), plain(work.most), "" if percent is None else percent, "" if mark is None else mark, still)


def _quarter_row(row: QuarterRow) -> tuple[object, ...]:
    stands = row.stands
    sums = (_sum_words(row.of_kind(kind)) for kind in (FORMATIVE, UNIT, TERM))
    shown = ("" if stands.percent is None else stands.percent, "" if stands.mark is None else stands.mark)
    return (
        row.pupil,
        _class(row.grade, row.language),
        subject_name(row.subject, current_language()),
        *sums,
        *shown,
        mark_words(stands, row.undecided),
    )


def _annual_row(row: AnnualRow, with_exams: bool) -> tuple[object, ...]:
    marks = (_annual_cell(each) for each in row.quarters)
    ends = [_shown(each) for each in ((row.annual.mark, row.exam, row.final) if with_exams else (row.annual.mark,))]
    subject = subject_name(row.subject, current_language())
    return (row.pupil, _class(row.grade, row.language), subject, *marks, *ends, mark_words(row.annual))


def _shown(mark: int | None) -> object:
    return "" if mark is None else mark


def _class(grade: int, language: str) -> str:
    """The class in a table: 7 kk."""
    return f"{grade} {language}"


def _annual_cell(mark: QuarterMark | None) -> object:
    if mark is None:
        return ""
    if mark.state == MARKED:
        return mark.mark or ""
    return "–" if mark.state == NOT_MARKED else span_words(mark.lowest, mark.highest)


def _undecided_sheet(rows: Iterable[QuarterRow]) -> Sheet:
    headings = (_("School subject"), _("Page"), _("Question"), _("Why"), _("Points"), _("Due"))
    found = [(row.subject, each) for row in rows for each in row.undecided]
    return Sheet(_("Undecided"), headings, [(subject_name(subject, current_language()), *_undecided_row(each)) for subject, each in found])


def _undecided_row(each: Undecided) -> tuple[object, ...]:
    told = each.as_json()
    return (
        grouped(short_code(each.page)) if each.page else "",
        each.item,
        _(WHY_WORDS.get(each.why, each.why)),
        plain(each.max_points),
        told["due"] or "",
    )


def _sum_words(found: Sequence[Work]) -> str:
    """7.5/10; nothing where there are no works."""
    if not found:
        return ""
    return f"{plain(sum((each.points for each in found), Decimal(0)))}/{plain(sum((each.most for each in found), Decimal(0)))}"

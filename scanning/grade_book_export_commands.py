"""`poshta grades export | journal | analysis | extract | entry`: the grade book in files. scanning/grade_commands hangs them.

Names stand in a file only with --names; then a file in the desk's folder is noted, so that `pupils forget` finds it. Each answer carries the audit's bound.
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from records.calendar import StudyWeek, today
from records.desk import desk_of
from records.errors import NotFound, UsageRefused
from records.exchange import Table
from records.grades import Decision, Recorded, recorded
from records.home import Home
from records.language import _, ngettext
from records.marks_calendar import Quarter, parse_year, start_year, year_name
from records.terminal import Answer
from scanning.audit import sums
from scanning.audit_command import audit_table, bound_lines
from scanning.grade_book import Scope, require_known
from scanning.grade_book_analysis import analysis_pages
from scanning.grade_book_commands import (
    ExamsOption,
    GradeOption,
    LanguageOption,
    PupilOption,
    QuarterOption,
    SchoolOption,
    SubjectOption,
    WeekOption,
    YearOption,
    ZeroOption,
    assumed_calendar,
    one_of,
)
from scanning.grade_book_exams import exams_of
from scanning.grade_book_files import noted, outside, said_again, tables_into
from scanning.grade_book_journal import journal_pages
from scanning.grade_book_marks import QuarterRow, Rules, quarter_rows
from scanning.grade_book_paper import Page, write_pages
from scanning.grade_book_tables import People, answer_tables, entry_table, extract_tables, quarter_tables, year_tables
from scanning.rescore import rescore

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help=".csv, .xlsx, .parquet or .json")]
BookArgument = Annotated[Path, typer.Argument(metavar="FILE", help=".xlsx")]
NamesOption = Annotated[bool, typer.Option("--names", help="With pupils' names; without it, codes only.")]
QuarterNeeded = Annotated[str, typer.Option("--quarter", help="The quarter, as in 2026-27/1.")]
MOST_PAGES = 200  # of one workbook: more takes a spreadsheet minutes to open


def register_exports(group: typer.Typer) -> None:
    """Hang these commands on `poshta grades`."""
    group.command("export")(export)
    group.command("journal")(journal)
    group.command("analysis")(analysis)
    group.command("extract")(extract)
    group.command("entry")(entry)


def export(
    context: typer.Context,
    file: FileArgument,
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
    with_names: NamesOption = False,
) -> Answer:
    """Write the answers of a week, or the marks of a quarter or year, for another program; .xlsx and .json hold all tables, the others the first."""
    one_of(week, quarter, year)
    scope = Scope(school, grade, subject, language, pupil)
    if week and scope != Scope():
        raise UsageRefused(
            _("The answers of a week are written whole."), _("Leave --school, --grade, --subject, --language and --pupil away.")
        )
    name = str(StudyWeek.parse(week)) if week else str(Quarter.parse(quarter)) if quarter else year_name(parse_year(year))
    read = exams_of(exams, year)
    option = "--week" if week else "--quarter" if quarter else "--year"
    with desk_of(context).opened() as home:
        rules = Rules.of(home.settings, missing_as_zero)

        def tables(session: Session, people: People) -> list[Table]:
            if week:
                return answer_tables(session, name, people, rules.scales)
            if quarter:
                return quarter_tables(session, Quarter.parse(quarter), scope, rules, people)
            return year_tables(session, parse_year(year), scope, rules, people, read.marks)

        said = f"grades export {{file}} {option} {name}{said_again(scope, missing_as_zero)}{_exams_again(exams)} --names"
        made, known, shown = tables_into(home, file, said, with_names, scope, tables)
        complaints = [] if week else assumed_calendar(rules.year(Quarter.parse(quarter).year if quarter else parse_year(year)))
    count = len(made[0].rows)
    line = (
        ngettext("{count} answer was written to {file}.", "{count} answers were written to {file}.", count)
        if week
        else ngettext("{count} mark was written to {file}.", "{count} marks were written to {file}.", count)
    )
    data = {option[2:]: name, "answers" if week else "marks": count, "files": [shown], "audit": known.as_json()}
    return Answer(
        data, [line.format(count=count, file=shown), *bound_lines(known), *outside(home, file, with_names)], complaints=complaints
    )


def extract(
    context: typer.Context,
    file: FileArgument,
    pupil: Annotated[str, typer.Option("--pupil", help="The pupil who moves, by code.")],
    year: YearOption = "",
    with_names: NamesOption = False,
) -> Answer:
    """Write what goes with a pupil to another school: points and most points of each unit and quarter summative work, and the marks."""
    start = parse_year(year) if year else start_year(today())
    with desk_of(context).opened() as home:
        rules = Rules.of(home.settings)
        said = f"grades extract {{file}} --pupil {pupil} --year {year_name(start)} --names"
        made, known, shown = tables_into(
            home, file, said, with_names, Scope(pupil=pupil), lambda session, people: extract_tables(session, pupil, start, rules, people)
        )
    count = len(made[0].rows)
    line = ngettext("{count} summative work was written to {file}.", "{count} summative works were written to {file}.", count)
    data = {
        "pupil": pupil,
        "year": year_name(start),
        "works": count,
        "marks": len(made[1].rows),
        "files": [shown],
        "audit": known.as_json(),
    }
    told = [line.format(count=count, file=shown), *bound_lines(known), *outside(home, file, with_names)]
    return Answer(data, told, complaints=assumed_calendar(rules.year(start)))


def entry(
    context: typer.Context,
    file: FileArgument,
    week: WeekOption = "",
    quarter: QuarterOption = "",
    school: SchoolOption = "",
    grade: GradeOption = 0,
    subject: SubjectOption = "",
    language: LanguageOption = "",
    pupil: PupilOption = "",
    with_names: NamesOption = False,
) -> Answer:
    """Write a flat list for entry into the electronic journal: class, subject, date, kind of work, most points, pupil, points."""
    one_of(week, quarter, "")
    scope = Scope(school, grade, subject, language, pupil)
    name = str(StudyWeek.parse(week)) if week else str(Quarter.parse(quarter))
    with desk_of(context).opened() as home:
        rules = Rules.of(home.settings)
        weeks = [name] if week else rules.year(Quarter.parse(quarter).year).weeks(Quarter.parse(quarter))
        said = f"grades entry {{file}} {'--week' if week else '--quarter'} {name}{said_again(scope, None)} --names"
        made, known, shown = tables_into(
            home, file, said, with_names, scope, lambda session, people: [entry_table(session, weeks, scope, rules, people)]
        )
        complaints = [] if week else assumed_calendar(rules.year(Quarter.parse(quarter).year))
    rows = made[0].rows
    still = sum(row[list(made[0].headings).index("state")] == "open" for row in rows)
    line = ngettext("{count} row was written to {file}.", "{count} rows were written to {file}.", len(rows)).format(
        count=len(rows), file=shown
    )
    waits = ngettext(
        "{count} has no points yet: something is undecided.", "{count} have no points yet: something is undecided.", still
    ).format(count=still)
    data = {"week" if week else "quarter": name, "rows": len(rows), "open": still, "files": [shown], "audit": known.as_json()}
    told = [line, *([waits] if still else []), *bound_lines(known), *outside(home, file, with_names)]
    return Answer(data, told, complaints=complaints)


def journal(
    context: typer.Context,
    file: BookArgument,
    quarter: QuarterNeeded,
    school: SchoolOption = "",
    grade: GradeOption = 0,
    subject: SubjectOption = "",
    language: LanguageOption = "",
    pupil: PupilOption = "",
    missing_as_zero: ZeroOption = None,
    with_names: NamesOption = False,
) -> Answer:
    """Write the class journal of a quarter, ready to print: for each class and subject its marks and its topics."""
    scope = Scope(school, grade, subject, language, pupil)
    name = str(Quarter.parse(quarter))

    def pages(session: Session, rows: Sequence[QuarterRow], people: People) -> list[Page]:
        return journal_pages(rows, people, _school_names(session))

    with desk_of(context).opened() as home:
        rules = Rules.of(home.settings, missing_as_zero)
        said = f"grades journal {{file}} --quarter {name}{said_again(scope, missing_as_zero)} --names"
        return _book(home, file, Quarter.parse(quarter), scope, rules, said, with_names, pages)


def analysis(
    context: typer.Context,
    file: BookArgument,
    quarter: QuarterNeeded,
    school: SchoolOption = "",
    grade: GradeOption = 0,
    subject: SubjectOption = "",
    language: LanguageOption = "",
) -> Answer:
    """Write the analysis of summative work of a quarter, ready to print: levels, quality and success of each class; no pupil is named."""
    scope = Scope(school, grade, subject, language)

    with desk_of(context).opened() as home:
        rules = Rules.of(home.settings)

        def pages(session: Session, rows: Sequence[QuarterRow], _people: People) -> list[Page]:
            return analysis_pages(rows, _answers(session, rows), _pupil_of, _school_names(session), rules.scales)

        return _book(home, file, Quarter.parse(quarter), scope, rules, "", False, pages)


def _book(
    home: Home,
    file: Path,
    quarter: Quarter,
    scope: Scope,
    rules: Rules,
    said: str,
    with_names: bool,
    pages: Callable[[Session, Sequence[QuarterRow], People], list[Page]],
) -> Answer:
    """Write a workbook of pages; raises UsageRefused for another kind of file or too many pages, NotFound where there is nothing to write."""
    if file.suffix.lower() != ".xlsx":
        raise UsageRefused(_("{file} is no workbook.").format(file=file.name), _("Use .xlsx."))
    rescore(home.database)
    with home.database.read() as session:
        require_known(session, scope)
        people = People.of(session, with_names)
        rows = quarter_rows(session, quarter, scope, rules)
        made = pages(session, rows, people)
        audit, known = audit_table(session), sums(session)[-1]
    if not made:
        raise NotFound(_("Nothing was printed for {what}.").format(what=quarter), _("`poshta grades book` shows what there is."))
    if len(made) > MOST_PAGES:
        text = _("That would be a workbook of {count} pages.").format(count=len(made))
        raise UsageRefused(text, _("Narrow it with --school, --grade, --subject or --language."))
    named = people.named(row.pupil for row in rows)
    shown = noted(home, file, said, named, lambda: write_pages(file, made, [audit]))
    line = ngettext("{count} page was written to {file}.", "{count} pages were written to {file}.", len(made)).format(
        count=len(made), file=shown
    )
    data = {"quarter": str(quarter), "pages": [page.name for page in made], "files": [shown], "audit": known.as_json()}
    told = [line, *bound_lines(known), *outside(home, file, with_names)]
    return Answer(data, told, complaints=assumed_calendar(rules.year(quarter.year)))


def _exams_again(file: Path | None) -> str:
    return "" if file is None else f" --exams {shlex.quote(str(file))}"


def _school_names(session: Session) -> Callable[[str, str], str]:
    from settlements.register import schools  # with numpy, which those who only look do not wait for

    known = schools(session)

    def name(code: str, language: str) -> str:
        found = known.get(code)
        return (found.name_ru if language == "ru" else found.name_kk) or code if found else code

    return name


def _answers(session: Session, rows: Iterable[QuarterRow]) -> dict[str, list[Decision]]:
    codes = {work.assignment.code for row in rows for work in row.works}
    found: dict[str, list[Decision]] = defaultdict(list)
    for code in sorted(codes):
        found[code].extend(recorded(session, assignment=code))
    return found


def _pupil_of(decision: Decision) -> str:
    assert isinstance(decision, Recorded)
    return decision.pupil or ""

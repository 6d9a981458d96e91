"""The class journal of a quarter as pages to print: pupils down, works across, sums and the mark; and the page of topics. Reads rows, draws nothing.

After annexes 2 (grades 1-4) and 3 (grades 5-11) of order 130 of 6 April 2020. The columns were not compared with the order's own text: each page says that it is
unverified. scanning/grade_book_export_commands writes it. Annex 5 (study at home) is not made: its columns are not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from packets.assignment import Assignment
from packets.subjects import subject_name
from records.exchange import Scalar
from records.language import N_, alphabetical, page_language, short_date, translate
from records.marks import ten_of
from records.marks_quarter import FORMATIVE, NOT_MARKED, OPEN, TERM, UNIT
from scanning.grade_book import Work, day_of
from scanning.grade_book_marks import QuarterRow
from scanning.grade_book_paper import Page
from scanning.grade_book_tables import People
from scanning.grade_book_words import SHORT_KINDS, class_line, quarter_line, span_words

ClassKey = tuple[str, int, str, str]  # school, grade, language and subject
PRIMARY = 4  # the last grade of annex 2
NUMBER_WIDTH, NAME_WIDTH, WORK_WIDTH, SUM_WIDTH, TOPIC_WIDTH = 5.0, 26.0, 7.5, 8.5, 60.0
UNVERIFIED = N_("Form: after annex {annex} of order 130 of 6 April 2020; its columns were not compared with the order (unverified).")


def journal_pages(rows: Iterable[QuarterRow], people: People, school_name: Callable[[str, str], str]) -> list[Page]:
    """For each class and subject its page of marks and its page of topics, in the language of the class (uz, ug, tg: Kazakh).

    `school_name` answers the name of a school in a language.
    """
    classes: dict[ClassKey, list[QuarterRow]] = defaultdict(list)
    for row in rows:
        classes[row.school, row.grade, row.language, row.subject].append(row)
    pages = []
    for (school, grade, language, subject), group in sorted(classes.items()):
        spoken = page_language(language)
        ordered = sorted(group, key=lambda row: (*alphabetical(people.shown(row.pupil)), row.pupil))
        columns = _columns(ordered)
        heading = [class_line(school_name(school, spoken), grade, language, spoken), quarter_line(group[0].quarter, spoken)]
        annex = translate(UNVERIFIED, spoken).format(annex=2 if grade <= PRIMARY else 3)
        name = f"{grade} {language} {subject_name(subject, spoken)}"
        title = translate("Class journal: {subject}", spoken).format(subject=subject_name(subject, spoken))
        pages.append(_marks_page(name, title, [*heading, annex], ordered, columns, people, spoken))
        pages.append(_topics_page(name, title, heading, columns, spoken))
    return pages


def _marks_page(
    name: str, title: str, lines: Sequence[str], rows: Sequence[QuarterRow], columns: Sequence[Assignment], people: People, spoken: str
) -> Page:
    works = [f"{short_date(day_of(each))}\n{translate(SHORT_KINDS[each.kind], spoken)} ({_plain(each.max_points)})" for each in columns]
    sums = [f"Σ {translate(SHORT_KINDS[kind], spoken)}" for kind in (FORMATIVE, UNIT, TERM)]
    headings = ["№", translate("Pupil", spoken), *works, *sums, "%", translate("Mark", spoken)]
    body = [[place, people.shown(row.pupil), *_cells(row, columns)] for place, row in enumerate(rows, start=1)]
    widths = [NUMBER_WIDTH, NAME_WIDTH, *[WORK_WIDTH] * len(works), *[SUM_WIDTH] * 5]
    legend = translate(
        "FA with a stroke: points, then the mark of 1 to 10. A question mark: undecided, with the marks that are possible.", spoken
    )
    return Page(name, title, lines, headings, body, widths, [legend], upright=range(2, 2 + len(works)))


def _topics_page(name: str, title: str, lines: Sequence[str], columns: Sequence[Assignment], spoken: str) -> Page:
    headings = ["№", translate("Date", spoken), translate("Study week", spoken), translate("Topic", spoken), translate("Kind", spoken)]
    headings += [translate("Most points", spoken)]
    body: list[list[Scalar]] = [
        [place, short_date(day_of(each)), each.week, each.title, translate(SHORT_KINDS[each.kind], spoken), float(each.max_points)]
        for place, each in enumerate(columns, start=1)
    ]
    topics = translate("Topics", spoken)
    return Page(f"{name[:22]} {topics}", title, [*lines, topics], headings, body, [NUMBER_WIDTH, 12, 12, TOPIC_WIDTH, 8, 10])


def _columns(rows: Iterable[QuarterRow]) -> list[Assignment]:
    """The works of a class in the order of days; some pupils may have had others."""
    found = {work.assignment.code: work for row in rows for work in row.works}
    return [work.assignment for work in sorted(found.values(), key=lambda work: (work.day, work.assignment.code))]


def _cells(row: QuarterRow, columns: Iterable[Assignment]) -> list[Scalar]:
    done = {work.assignment.code: work for work in row.works}
    cells: list[Scalar] = [_points(done.get(each.code)) for each in columns]
    cells += [_sum(row.of_kind(kind)) for kind in (FORMATIVE, UNIT, TERM)]
    mark = row.stands
    if mark.state == OPEN:
        return [*cells, "?", f"? {span_words(mark.lowest, mark.highest)}"]
    return [*cells, mark.percent, "–" if mark.state == NOT_MARKED else mark.mark]


def _points(work: Work | None) -> Scalar:
    if work is None:
        return ""
    if work.undecided:
        return "?"
    if work.assignment.kind == FORMATIVE:
        return f"{_plain(work.points)} / {ten_of(work.points, work.most)}"
    return float(work.points)


def _sum(done: Sequence[Work]) -> Scalar:
    if not done:
        return ""
    if any(work.undecided for work in done):
        return "?"
    return f"{_plain(sum((each.points for each in done), Decimal(0)))}/{_plain(sum((each.most for each in done), Decimal(0)))}"


def _plain(points: Decimal) -> str:
    return format(points.normalize(), "f")

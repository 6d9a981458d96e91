"""The analysis of summative work as pages to print: for each class and subject, how many pupils reached which level in each БЖБ and ТЖБ of a quarter.

After annex 8 of order 130 of 6 April 2020, whose text was not compared: each page says that it is unverified. No pupil is named. What a teacher has to write by
hand stays free. scanning/grade_book_export_commands writes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from packets.assignment import Assignment
from packets.subjects import subject_name
from records.exchange import Scalar
from records.grades import DECIDED, Decision, item_order
from records.language import N_, page_language, short_date, translate
from records.marks import Scales, half_up, percent_of
from records.marks_quarter import TERM, UNIT
from scanning.grade_book import Work, day_of
from scanning.grade_book_marks import QuarterRow
from scanning.grade_book_paper import Page
from scanning.grade_book_words import SHORT_KINDS, class_line, quarter_line

MIDDLE, HIGH = 40, 85  # the lowest percent of the middle and the high level: 0-39, 40-84, 85-100
GOOD, PASSED = 4, 3  # the lowest mark that counts for quality, and for success
UNVERIFIED = N_("Form: after annex 8 of order 130 of 6 April 2020; its columns and rules were not compared with the order (unverified).")
RULES = N_(
    "Level: percent of the most points, rounded half up. Quality: marks 4 and 5; success: marks 3, 4 and 5; both of the pupils whose work is decided. "
    "Solved: 85 % of the points and more; difficult: below 40 %."
)


@dataclass(frozen=True, slots=True)
class Levels:
    """What a class made of one work. `quality` and `success` are whole percent of the `decided`, None where there are none."""

    pupils: int
    decided: int
    low: int
    middle: int
    high: int
    quality: int | None
    success: int | None


def levels(works: Sequence[Work], scales: Scales) -> Levels:
    """Count the works of one assignment by level; those that are undecided stand in `pupils` only."""
    percents = [(percent, work.marks(scales)[0]) for work in works if (percent := work.percent()) is not None]
    marks = [mark for _percent, mark in percents if mark is not None]
    decided = len(percents)
    low, high = sum(percent < MIDDLE for percent, _mark in percents), sum(percent >= HIGH for percent, _mark in percents)
    shares = [half_up(Decimal(100 * sum(mark >= least for mark in marks)) / len(marks)) if marks else None for least in (GOOD, PASSED)]
    return Levels(len(works), decided, low, decided - low - high, high, shares[0], shares[1])


def solved(decisions: Iterable[Decision]) -> tuple[list[str], list[str]]:
    """The questions that were solved by most, and those that were difficult, by the share of points of decided answers."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for each in decisions:
        if each.state in DECIDED:
            sums[each.item][0] += each.points or Decimal(0)
            sums[each.item][1] += each.max_points
    shares = {item: percent_of(points, most) for item, (points, most) in sums.items() if most > 0}
    ordered = sorted(shares, key=item_order)
    return [item for item in ordered if shares[item] >= HIGH], [item for item in ordered if shares[item] < MIDDLE]


def analysis_pages(
    rows: Iterable[QuarterRow],
    answers: Mapping[str, Sequence[Decision]],
    pupil_of: Callable[[Decision], str],
    school_name: Callable[[str, str], str],
    scales: Scales,
) -> list[Page]:
    """A page for each class and subject that had summative work. `answers` are the current records by assignment, `pupil_of` tells whose each is."""
    classes: dict[tuple[str, int, str, str], list[QuarterRow]] = defaultdict(list)
    for row in rows:
        if row.of_kind(UNIT) or row.of_kind(TERM):
            classes[row.school, row.grade, row.language, row.subject].append(row)
    pages = []
    for (school, grade, language, subject), group in sorted(classes.items()):
        spoken, mine = page_language(language), {row.pupil for row in group}
        body = []
        for place, (work, done) in enumerate(_by_work(group), start=1):
            held = [each for each in answers.get(work.code, ()) if pupil_of(each) in mine]
            body.append(_line(place, work, levels(done, scales), *solved(held), spoken))
        title = translate("Analysis of summative assessment: {subject}", spoken).format(subject=subject_name(subject, spoken))
        lines = [
            class_line(school_name(school, spoken), grade, language, spoken),
            quarter_line(group[0].quarter, spoken),
            translate(UNVERIFIED, spoken),
        ]
        name = f"{grade} {language} {subject_name(subject, spoken)}"
        pages.append(Page(name, title, lines, _headings(spoken), body, WIDTHS, _foot(spoken)))
    return pages


WIDTHS = (5.0, 34.0, 11.0, 11.5, 10.0, 10.0, 9.5, 9.5, 10.5, 11.0, 15.5, 14.0, 14.0)


def _by_work(rows: Iterable[QuarterRow]) -> list[tuple[Assignment, list[Work]]]:
    """The summative works of a class in the order of their days, each with what the pupils made of it."""
    found: dict[str, list[Work]] = defaultdict(list)
    for row in rows:
        for work in (*row.of_kind(UNIT), *row.of_kind(TERM)):
            found[work.assignment.code].append(work)
    groups = [(works[0].assignment, works) for works in found.values()]
    return sorted(groups, key=lambda each: (each[0].kind == TERM, day_of(each[0]), each[0].code))


def _line(place: int, work: Assignment, counted: Levels, easy: Sequence[str], hard: Sequence[str], spoken: str) -> list[Scalar]:
    kind = translate(SHORT_KINDS[work.kind], spoken)
    counts: list[Scalar] = [counted.pupils, counted.decided, float(work.max_points), counted.low, counted.middle, counted.high]
    shares: list[Scalar] = ["–" if share is None else share for share in (counted.quality, counted.success)]
    return [place, f"{kind}: {work.title}", short_date(day_of(work)), *counts, *shares, ", ".join(easy), ", ".join(hard)]


def _headings(spoken: str) -> list[str]:
    words = (
        N_("Work"),
        N_("Date"),
        N_("Pupils"),
        N_("Decided"),
        N_("Most points"),
        N_("Low\n0–39 %"),
        N_("Middle\n40–84 %"),
        N_("High\n85–100 %"),
        N_("Quality, %"),
        N_("Success, %"),
        N_("Questions solved"),
        N_("Difficult questions"),
    )
    return ["№", *(translate(each, spoken) for each in words)]


def _foot(spoken: str) -> list[str]:
    free = (
        N_("Goals that were reached:"),
        N_("Goals that caused difficulty, and why:"),
        N_("Planned work:"),
        N_("Teacher, signature, date:"),
    )
    return [translate(RULES, spoken), "", *(f"{translate(each, spoken)} {'_' * 90}" for each in free)]

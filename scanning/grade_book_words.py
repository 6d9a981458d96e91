"""The words in which a person is told a mark, why there is none, and what is still undecided; programs get the short English ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from records.grades import DOUBT, WAITING
from records.language import N_, _, translate
from records.marks_calendar import Quarter, year_name
from records.marks_quarter import (
    FORMATIVE,
    NO_MARKS,
    NO_WORKS,
    NONE_COUNTS,
    NOT_MARKED,
    OPEN,
    PRACTICE,
    TERM,
    TO_COME,
    UNIT,
    AnnualMark,
    QuarterMark,
)
from scanning.grade_book import MISSING, NO_PAGE, OUTSTANDING, UNREADABLE, Undecided

KIND_WORDS = {
    PRACTICE: N_("practice"),
    FORMATIVE: N_("formative"),
    UNIT: N_("unit summative"),
    TERM: N_("quarter summative"),
}
SHORT_KINDS = {PRACTICE: N_("exercise"), FORMATIVE: N_("FA"), UNIT: N_("SAU"), TERM: N_("SAT")}  # as journals write them
WHY_WORDS = {
    DOUBT: N_("in doubt"),
    WAITING: N_("waits for points"),
    OUTSTANDING: N_("not due back yet"),
    MISSING: N_("not returned"),
    UNREADABLE: N_("came back and cannot be read"),
    NO_PAGE: N_("stands on no page that is in force"),
}
INSTRUCTION_WORDS = {
    "kk": N_("Kazakh (language of instruction)"),
    "ru": N_("Russian (language of instruction)"),
    "uz": N_("Uzbek (language of instruction)"),
    "ug": N_("Uyghur (language of instruction)"),
    "tg": N_("Tajik (language of instruction)"),
    "en": N_("English (language of instruction)"),
}
NO_MARK_WORDS = {
    NO_WORKS: N_("no work was printed"),
    NONE_COUNTS: N_("no work that counts by this formula"),
    NO_MARKS: N_("the grade gets no marks"),
    TO_COME: N_("quarters are still to come"),
}


def mark_words(mark: QuarterMark | AnnualMark, undecided: Iterable[Undecided] = ()) -> str:
    """Why there is no mark yet, and what it can become; nothing where there is one."""
    if mark.state == NOT_MARKED:
        return _(NO_MARK_WORDS.get(mark.reason, mark.reason))
    if mark.state != OPEN:
        return ""
    parts = [span_words(mark.lowest, mark.highest), undecided_words(undecided), _(NO_MARK_WORDS[mark.reason]) if mark.reason else ""]
    return "; ".join(part for part in parts if part)


def class_line(school: str, grade: int, language: str, spoken: str) -> str:
    """The class over a printed page, in the language `spoken` there."""
    taught = translate(INSTRUCTION_WORDS.get(language, language), spoken).removesuffix(" (language of instruction)")
    return translate("{school}; grade {grade}; language of instruction: {language}", spoken).format(
        school=school, grade=grade, language=taught
    )


def quarter_line(quarter: Quarter, spoken: str) -> str:
    """The quarter over a printed page."""
    return translate("School year {year}, quarter {quarter}", spoken).format(year=year_name(quarter.year), quarter=quarter.number)


def span_words(lowest: int | None, highest: int | None) -> str:
    """2–4, or one mark where nothing can change it any more."""
    if lowest is None or highest is None:
        return ""
    return str(lowest) if lowest == highest else f"{lowest}–{highest}"


def undecided_words(undecided: Iterable[Undecided]) -> str:
    """How many questions are undecided for which reason: «not returned: 3, in doubt: 1»."""
    counts = Counter(each.why for each in undecided)
    return ", ".join(
        f"{_(WHY_WORDS.get(why, why))}: {counts[why]}" for why in (*WHY_WORDS, *sorted(counts.keys() - WHY_WORDS.keys())) if counts[why]
    )

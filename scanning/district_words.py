"""The words of a district's page and paper, in Kazakh, Russian or English, and its numbers as they are written there."""

from __future__ import annotations

from dataclasses import dataclass

from packets.subjects import subject_name
from records.language import N_, page_language, translate
from scanning.district_report import ALL, MarksRow, Report, Row

HIDDEN = "х"  # Cyrillic, in the place of a number that is not told, as in the tables of Kazakhstan's statistics
COLUMN_WORDS = {
    "pupils": N_("Pupils"),
    "reached": N_("Got packets"),
    "returned": N_("Sent work back"),
    "whole": N_("Sent all of it"),
    "lost": N_("Packets lost"),
}
LOAD_WORDS = {
    "pages": N_("Pages read"),
    "open": N_("Open answers"),
    "waiting": N_("Waiting for points"),
    "doubts": N_("Answers in doubt"),
}
PAGE_WORDS = {
    "expected": N_("Expected"),
    "printed": N_("Printed"),
    "handed_over": N_("Handed over"),
    "arrived": N_("Arrived"),
    "read": N_("Read"),
    "decided": N_("Decided"),
    "missing": N_("Not back"),
    "lost": N_("Lost"),
}
BAR_WORDS = {"whole": N_("all came back"), "partly": N_("some came back"), "none": N_("nothing came back")}


@dataclass(frozen=True, slots=True)
class Voice:
    """Says everything of one report in one language."""

    report: Report
    language: str

    def say(self, message: str, **fields: object) -> str:
        """A sentence with its fields."""
        return translate(message, self.language).format(**fields)

    @property
    def whose(self) -> str:
        """The district or region; the desk's districts together have no name."""
        first, second = self.report.name_kk, self.report.name_ru
        name = second if page_language(self.language) == "ru" else first
        return name or first or second or self.say(N_("All districts"))

    @property
    def title(self) -> str:
        """What the paper is."""
        span = self.report.span
        if len(span.weeks) == 1:
            return self.say(N_("Learning by post, study week {week}"), week=span.name)
        return self.say(N_("Learning by post, quarter {quarter}"), quarter=span.name)

    def name(self, row: Row) -> str:
        """What a line is of."""
        if row.key == ALL:
            return self.say(N_("Total"))
        first, second = row.name_kk, row.name_ru
        return (second if page_language(self.language) == "ru" else first) or first or second or row.key or "—"

    def subject(self, row: MarksRow) -> str:
        """The subject, or that of the sum."""
        return subject_name(row.subject, self.language) if row.subject else self.say(N_("Total"))

    def grade(self, row: MarksRow) -> str:
        """The grade, or that it is all of them."""
        return str(row.grade) if row.grade else self.say(N_("all"))

    def count(self, number: int | None) -> str:
        """A count as it is written."""
        return HIDDEN if number is None else str(number)

    def percent(self, share: float | None) -> str:
        """A share in percent, with the comma or point of the language."""
        if share is None:
            return HIDDEN
        text = f"{100 * share:.1f}".removesuffix(".0")
        return f"{text if page_language(self.language) == 'en' else text.replace('.', ',')} %"

    def number(self, value: float | None) -> str:
        """A number that may have a half."""
        if value is None:
            return HIDDEN
        text = f"{value:g}"
        return text if page_language(self.language) == "en" else text.replace(".", ",")

    def headline(self) -> list[tuple[str, str]]:
        """The few figures that stand at the top, each with its words."""
        total, turnaround = self.report.total, self.report.turnaround
        return [
            (self.percent(total.share("reached", "pupils")), self.say(N_("of the pupils got packets"))),
            (self.percent(total.share("returned", "reached")), self.say(N_("of them sent work back"))),
            (self.number(turnaround.median), self.say(N_("days until all was read, median"))),
            (self.number(turnaround.p90), self.say(N_("days for nine packets of ten"))),
            (self.percent(total.share("lost", "reached")), self.say(N_("of them: packets lost"))),
        ]

    def notes(self) -> list[str]:
        """What whoever reads the numbers must know."""
        few = N_("{sign}: not told, because fewer than five children stand behind it or behind a number that it would give away.")
        told = [self.say(few, sign=HIDDEN)] if self.report.hidden else []
        return [
            *told,
            self.say(
                N_("A pupil counts once, whatever number of packets there were. Marks are those of works on which nothing is undecided.")
            ),
        ]

    def silent(self) -> list[str]:
        """The silent villages, one a line."""
        line = N_("{name}: {weeks} study weeks running")
        lines = []
        for each in self.report.silent:
            name = (each.name_ru if page_language(self.language) == "ru" else each.name_kk) or each.kato
            lines.append(self.say(line, name=name, weeks=each.weeks))
        if self.report.small_silent:
            lines.append(self.say(N_("Villages of fewer than five pupils, not named here: {count}"), count=self.report.small_silent))
        return lines or [self.say(N_("None."))]

"""What a return says, in words and before it is drawn: who is missing and who struggles, what waits, what to teach again; the same on paper and on a screen.

scanning/first_page sets these lines on paper, scanning/return_page on a screen. The most urgent stands first. A line knows the scanned page that it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from packets.assignment import Question
from packets.subjects import subject_name
from packets.together import whole_grids
from records.calendar import today
from records.grades import WAITING
from records.language import N_, long_date, ntranslate, short_date, translate
from scanning.annotate import Verdict, points_said
from scanning.gradebook import percent_of
from scanning.returns import ClassWork, PupilWork, SheetBack, TeachersReturn
from scanning.statistics import Figures, choice_text, to_teach_again

NOT_RETURNED, STRUGGLING = N_("Not returned"), N_("Below 40 % of the points decided so far")
TO_SCORE, TO_TEACH = N_("Waiting for your points"), N_("To teach again")
NAMES = 10  # in one line of those whose answers wait
ANSWER = 40  # letters of a wrong answer's words


class Words:
    """Sentences in the teacher's language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def translate(self, sentence: str, **fields: object) -> str:
        """The sentence in the teacher's language."""
        return translate(sentence, self.language).format(**fields)

    def ntranslate(self, one: str, many: str, count: int, **fields: object) -> str:
        """A counted sentence in the teacher's language."""
        return ntranslate(one, many, count, self.language).format(count=count, **fields)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the first page. `page` is the id of the scanned page that it is about, empty where there is none.

    `names` follow the text, each with the page on which something waits.
    """

    text: str
    page: str = ""
    share: Decimal | None = None
    names: tuple[tuple[str, str], ...] = ()

    @property
    def sentence(self) -> str:
        """The text with the names behind it."""
        return f"{self.text} {', '.join(name for name, _page in self.names)}" if self.names else self.text


@dataclass(frozen=True, slots=True)
class Hard:
    """A question to teach again; `wrong` says the commonest wrong answer, empty where there is none."""

    number: str
    text: str
    share: Decimal
    wrong: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one class found hardest."""

    title: str
    came: str
    hard: tuple[Hard, ...]


def heading(words: Words, report: TeachersReturn) -> tuple[str, str, list[str]]:
    """The title of a return, whose it is, and the lines below."""
    title = words.translate("What came back: study week {week}", week=report.week)
    whose = " · ".join(part for part in (report.teacher, report.school) if part)
    lines = [words.translate("As of {day}. Nothing needs to be reported back.", day=long_date(today(), report.language))]
    pupils = (pupil for work in report.works for pupil in work.pupils)
    on_the_way = {pupil.packet: pupil.return_by for pupil in pupils if not pupil.came and not pupil.overdue}
    if on_the_way:
        said = words.ntranslate("{count} packet may still be on its way", "{count} packets may still be on their way", len(on_the_way))
        lines.append(f"{said} ({short_date(max(on_the_way.values()))})")
    return title, whose, lines


def not_returned(words: Words, works: Sequence[ClassWork]) -> list[Told]:
    """Who has been silent longest, then those of whose packet a page is missing; each pupil once."""
    silent: dict[str, tuple[date, Told]] = {}
    partly: dict[str, tuple[str, str, set[int]]] = {}
    for work in works:
        for pupil in work.pupils:
            whose = _whose(pupil, words.translate("grade {grade}", grade=work.assignment.grade))
            if pupil.overdue:
                since = pupil.silent_since or pupil.return_by
                silent[pupil.packet] = (since, Told(words.translate("{name}: nothing since {day}", name=whose, day=short_date(since))))
            elif pupil.came and pupil.absent:
                partly.setdefault(pupil.packet, (whose, first_back(pupil), set()))[2].update(pupil.absent)
    said = [told for _since, told in sorted(silent.values(), key=lambda each: each[0])]
    for whose, page, numbers in partly.values():
        gone = ", ".join(map(str, sorted(numbers)))
        said.append(Told(words.translate("{name}: without page {pages} of the packet", name=whose, pages=gone), page))
    return said


def struggling(words: Words, works: Sequence[ClassWork]) -> list[Told]:
    """Who earned least first."""
    held = [(pupil.share, pupil, work) for work in works for pupil in work.pupils if pupil.struggles and pupil.share is not None]
    held.sort(key=lambda each: each[0])
    return [Told(_whose(pupil, label(words, work, works)), first_back(pupil), share) for share, pupil, work in held]


def to_score(words: Words, works: Sequence[ClassWork]) -> list[Told]:
    """A class a line, or several where it is large; the longest wait first, with the number of answers of each pupil."""
    held = [(sum(pupil.waiting for pupil in work.pupils), work) for work in works]
    said = []
    for count, work in sorted((each for each in held if each[0]), key=lambda each: -each[0]):
        answers = words.ntranslate("{count} answer", "{count} answers", count)
        named = label(words, work, works)
        names = [(_with_count(each), _first_waiting(each)) for each in work.pupils if each.waiting]
        for start in range(0, len(names), NAMES):
            some = tuple(names[start : start + NAMES])
            said.append(Told(f"{named}:" if start else f"{named}, {answers}:", some[0][1], names=some))
    return said


def lesson(words: Words, work: ClassWork, longest: int) -> Lesson:
    """The questions that a class found hardest, in at most `longest` letters each."""
    came = sum(pupil.came for pupil in work.pupils)
    said = words.translate("Pages came back from {came} of {all} pupils.", came=came, all=len(work.pupils))
    hard = to_teach_again(work.figures.questions)
    found = (Hard(each.question.number, asked(each.question, longest), each.share, _commonest(words, each)) for each in hard)
    return Lesson(shortened(class_title(words, work), longest), said, tuple(found))


def class_title(words: Words, work: ClassWork) -> str:
    """The assignment as a heading, in the teacher's language; the pupils' language where it is another."""
    given = work.assignment
    subject = subject_name(given.subject, words.language)
    named = words.translate("{subject}, grade {grade}: {title}", subject=subject, grade=given.grade, title=given.title)
    return f"{named} ({given.language})" if given.language != words.language else named


def label(words: Words, work: ClassWork, works: Sequence[ClassWork]) -> str:
    """A class in a word or two: its grade, with the subject where the teacher has several."""
    given = work.assignment
    said = words.translate("grade {grade}", grade=given.grade)
    if len({each.assignment.subject for each in works}) > 1:
        said = f"{subject_name(given.subject, words.language)}, {said}"
    return said if given.language == words.language else f"{said} ({given.language})"


def remarks(words: Words, sheet: SheetBack) -> list[str]:
    """What a person said to the pupil on this page, a line each."""
    said = []
    for item, remark in sheet.remarks:
        about = words.translate("To the pupil, on question {number}:", number=item) if item else words.translate("To the pupil:")
        said.append(f"{about} {remark}")
    return said


def verdicts_on(work: ClassWork, pupil: PupilWork, sheet: SheetBack) -> list[Verdict]:
    """What is held of the questions on one page; of a grid that counts only as a whole, the points stand at its last row."""
    questions = {question.number: question for question in work.assignment.questions}
    held = [each for each in pupil.answers.values() if each.page == sheet.page and each.item in questions]
    grids = whole_grids(questions.values(), pupil.answers)
    said = {row: "" for grid in grids for row in grid.rows} | {grid.rows[-1]: points_said(grid.points, grid.most) for grid in grids}
    return [Verdict(questions[each.item], each, said.get(each.item)) for each in held]


def whole_said(words: Words, work: ClassWork, questions: Iterable[Question]) -> list[str]:
    """A line for each grid among these questions that counts only as a whole: what the share below its rows means, and how many earned its points."""
    shown = {question.number for question in questions}
    stand = [grid for pupil in work.pupils for grid in whole_grids(work.assignment.questions, pupil.answers)]
    said = []
    for number in dict.fromkeys(grid.number for grid in stand if shown & set(grid.rows)):
        told = [grid.points == grid.most for grid in stand if grid.number == number and grid.points is not None]
        if told:
            sentence = N_(
                "Question {number}: below its rows, % of pupils who had the row right; all rows right, which alone earns points: {percent} %."
            )
            said.append(words.translate(sentence, number=number, percent=percent(Decimal(sum(told)) / len(told))))
        else:
            sentence = N_("Question {number}: below its rows, % of pupils who had the row right; only all rows together earn points.")
            said.append(words.translate(sentence, number=number))
    return said


def first_back(pupil: PupilWork) -> str:
    """The id of the first page that came back, empty where none did."""
    return next((sheet.page for sheet in pupil.sheets if sheet.scan is not None), "")


def asked(question: Question, longest: int) -> str:
    """What a question asks, in at most `longest` letters; of a grid's row the row first."""
    text, _newline, row = question.text.rpartition("\n")
    in_a_grid = bool(text) and not question.number.isdigit()
    return shortened(f"{row} – {text}" if in_a_grid else question.text, longest)


def shortened(text: str, longest: int) -> str:
    """One line of a question's text without the signs of Markdown, cut between words."""
    line = " ".join(text.replace("$", "").replace("**", "").replace("`", "").split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0].rstrip(" .,;:") + "…"


def percent(share: Decimal) -> int:
    """A share from 0 to 1 in whole percent."""
    return percent_of(share, Decimal(1))


def points_text(points: Decimal) -> str:
    """Points without trailing zeros."""
    return f"{points.normalize():f}"


def pages_back(works: Iterable[ClassWork]) -> list[str]:
    """The ids of the pages that came back, in the order in which a return shows them."""
    return [sheet.page for work in works for pupil in work.pupils for sheet in pupil.sheets if sheet.scan is not None]


def _whose(pupil: PupilWork, said: str) -> str:
    """A pupil's name with class and village."""
    return f"{pupil.name} ({', '.join(part for part in (said, pupil.village) if part)})"


def _with_count(pupil: PupilWork) -> str:
    return f"{pupil.name} ({pupil.waiting})" if pupil.waiting > 1 else pupil.name


def _first_waiting(pupil: PupilWork) -> str:
    waiting = {held.page for held in pupil.answers.values() if held.state == WAITING}
    return next((sheet.page for sheet in pupil.sheets if sheet.page in waiting), "")


def _commonest(words: Words, hard: Figures) -> str:
    if not hard.times:
        return ""
    said = choice_text(hard.question, hard.wrong)
    wrong = f"{hard.wrong} ({shortened(said, ANSWER)})" if said else hard.wrong
    return words.ntranslate(
        "most often wrong: {answer}, {count} time", "most often wrong: {answer}, {count} times", hard.times, answer=wrong
    )

"""The words of the workbook that a teacher fills in: fields, columns, kinds of questions, and everything that a cell of a list may say. Pure.

packets/template writes them in one language, packets/xlsx_door reads them in all three. A word that is not here is left to the judge of assignments,
who names what is possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from packets.assignment import LETTERS
from packets.authoring import CONTENT_LANGUAGES
from packets.authoring import KINDS as WORK_KINDS
from packets.subjects import SUBJECTS, subject_name
from records.language import LANGUAGES, N_, _, alphabetical, current_language, translate
from settlements.letters import folded

MARK = "poshta-assignment"  # stands in the workbook with the number of its kind
VERSION = 1
CODES = ("assignment", "week", "schools", "pupils")  # fields whose letters are Latin


@dataclass(frozen=True, slots=True)
class Named:
    """A field or a column: its name in an assignment file, its heading, and what to write there."""

    name: str
    label: str
    hint: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """A kind of row: the columns it needs, and those it may have, beside the words."""

    name: str
    label: str
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    hint: str = ""


SHEETS = {
    "head": N_("Assignment"),
    "questions": N_("Questions"),
    "example": N_("Example"),
    "explanations": N_("Explanations"),
    "lists": N_("Lists"),
}
HEAD = (
    Named("assignment", N_("Code"), N_("Latin letters, digits, «-», «_» and «.», as in math-5-kk-w41")),
    Named("subject", N_("School subject"), N_("choose from the list")),
    Named("grade", N_("Grade"), N_("1 to 12")),
    Named("language", N_("Language"), N_("choose from the list: the language of the pupils' sheets")),
    Named("title", N_("Title"), N_("one line, printed on every sheet")),
    Named("kind", N_("Kind of work"), N_("choose from the list")),
    Named("week", N_("Study week"), N_("the year and the week, as in 2026-W41")),
    Named("channel", N_("Lesson: channel"), N_("may stay empty, as all below: TV, radio or platform"), required=False),
    Named("date", N_("Lesson: date"), N_("as in 2026-10-06"), required=False),
    Named("time", N_("Lesson: time"), N_("as in 10:20"), required=False),
    Named("variants", N_("Variants"), N_("2 to 4: sheets with the choices in other orders; empty: one for all"), required=False),
    Named("schools", N_("Only for schools"), N_("codes with commas"), required=False),
    Named("pupils", N_("Only for pupils"), N_("codes with commas"), required=False),
    Named("pdf", N_("PDF of your own"), N_("the name of a file beside this one, whose pages are placed; may stay empty"), required=False),
)
COLUMNS = (
    Named("kind", N_("Kind of question")),
    Named("question", N_("Question or text")),
    *(Named(letter, letter) for letter in LETTERS),
    Named("answer", N_("Right answer")),
    Named("points", N_("Points")),
    Named("digits", N_("Digits")),
    Named("decimals", N_("Digits after the comma")),
    Named("minus", N_("Minus")),
    Named("lines", N_("Lines")),
    Named("frame", N_("Frame, mm")),
    Named("squares", N_("Squared paper")),
    Named("partial", N_("Partial points")),
    Named("shuffle", N_("Shuffle")),
    Named("rubric", N_("What earns points")),
)
KINDS = (
    QuestionKind("text", N_("text"), (), (), N_("Reading matter between the questions; it may have several lines.")),
    QuestionKind(
        "one",
        N_("one choice"),
        ("choices", "answer", "points"),
        ("shuffle",),
        N_("2 to 8 choices in A to H; the right answer is one letter. Shuffle: no, or the last one stays, where there are variants."),
    ),
    QuestionKind(
        "several",
        N_("several choices"),
        ("choices", "answer", "points"),
        ("partial", "shuffle"),
        N_("The right answer is letters with commas, as in A, C. Partial points: yes, or all or nothing."),
    ),
    QuestionKind("truth", N_("true or false"), ("answer", "points"), (), N_("The right answer is true or false.")),
    QuestionKind(
        "grid",
        N_("matching"),
        ("choices", "points"),
        ("partial",),
        N_(
            "The columns in A to H; below it, one line of the kind «row of matching» for each row. The points are those of each row. Partial points: no, where they are for all rows together."
        ),
    ),
    QuestionKind("row", N_("row of matching"), ("answer",), (), N_("The words of the row, and the letter of its column.")),
    QuestionKind(
        "number",
        N_("number"),
        ("answer", "digits", "points"),
        ("decimals", "minus"),
        N_("Digits: how many columns of circles stand before the comma. Minus: yes, where a minus may be marked."),
    ),
    QuestionKind(
        "short",
        N_("short answer"),
        ("points", "rubric"),
        (),
        N_("One line. What earns points: the words that are expected, never printed."),
    ),
    QuestionKind(
        "open",
        N_("written answer"),
        ("lines", "points"),
        ("rubric",),
        N_("Lines: 1 to 25 ruled lines. Points are whole, at most 20. What earns points is for the teacher, never printed."),
    ),
    QuestionKind(
        "frame",
        N_("drawing"),
        ("frame", "points"),
        ("squares", "rubric"),
        N_("A frame, 20 to 150 mm high, plain or on squared paper of 5 mm."),
    ),
    QuestionKind(
        "page",
        N_("page of the PDF"),
        (),
        (),
        N_(
            "The page's number in place of a question. Lines below it are its questions; words that stand on the page stay empty, choices are A, B, C, D."
        ),
    ),
    QuestionKind("field", N_("answer on the page"), ("points",), ("rubric",), N_("Written anywhere on the page of the PDF above.")),
)
WORK = {"practice": N_("practice"), "formative": N_("formative assessment"), "unit": N_("unit assessment"), "term": N_("term assessment")}
WORK_SHORT = {"formative": ("ҚБ", "ФО"), "unit": ("БЖБ", "СОР"), "term": ("ТЖБ", "СОЧ")}
LANGUAGE_WORDS = {
    "kk": N_("Kazakh"),
    "ru": N_("Russian"),
    "uz": N_("Uzbek"),
    "ug": N_("Uyghur"),
    "tg": N_("Tajik"),
    "en": N_("English"),
}
YES, NO = N_("yes"), N_("no")
BUT_LAST = N_("the last one stays")
TRUE, FALSE = N_("True"), N_("False")
_MORE_YES = ("true", "+", "1", "да", "иә", "ия", "yes", "y")
_MORE_NO = ("false", "-", "0", "нет", "жоқ", "no", "n")
_MORE_BUT_LAST = ("but_last", "кроме последнего", "соңғысынан басқасы")
_MORE_TRUE = (*_MORE_YES, "t", "верно", "дұрыс")
_MORE_FALSE = (*_MORE_NO, "f", "неверно", "бұрыс", "дұрыс емес")


def in_all(words: str) -> tuple[str, ...]:
    """A word of ours in the languages of the country."""
    return tuple(translate(words, language) for language in LANGUAGES)


def same(text: str) -> str:
    """A word for comparison: without capitals, signs, and the letters that a Russian keyboard lacks."""
    return folded(text) or text.strip()


@cache
def head_names() -> dict[str, str]:
    """Every way in which a field of the head may be called → its name."""
    return _known((each.name, (each.name, *in_all(each.label))) for each in HEAD)


@cache
def column_names() -> dict[str, str]:
    """Every way in which a column may be headed → its name."""
    return _known((each.name, (each.name, *in_all(each.label))) for each in COLUMNS if each.name not in LETTERS)


@cache
def kind_names() -> dict[str, str]:
    """Every way in which a kind of question may be called → its name."""
    return _known((each.name, (each.name, *in_all(each.label))) for each in KINDS)


@cache
def sheet_names(role: str) -> frozenset[str]:
    """What the sheet of a role is called in each language."""
    return frozenset(map(same, in_all(SHEETS[role])))


def offered(field: str) -> list[str]:
    """The words of a list to choose from, as the desk's language calls them."""
    match field:
        case "subject":
            return sorted((subject_name(code, current_language()) for code in SUBJECTS), key=alphabetical)
        case "language":
            return [_(word) for word in LANGUAGE_WORDS.values()]
        case _:
            return [_(word) for word in WORK.values()]


@cache
def values_of(field: str) -> dict[str, str]:
    """Every way in which a value of a list may be written → the word of an assignment file."""
    match field:
        case "subject":
            return _known((code, (code, *names)) for code, names in SUBJECTS.items())
        case "language":
            return _known((code, (code, *in_all(LANGUAGE_WORDS[code]))) for code in CONTENT_LANGUAGES)
        case "kind":
            return _known((code, (code, *in_all(WORK[code]), *WORK_SHORT.get(code, ()))) for code in WORK_KINDS)
        case "partial" | "minus" | "squares" | "shuffle":
            last = (("but_last", (*in_all(BUT_LAST), *_MORE_BUT_LAST)),) if field == "shuffle" else ()
            return _known((("true", (*in_all(YES), *_MORE_YES)), ("false", (*in_all(NO), *_MORE_NO)), *last))
        case "truth":
            return _known((("true", (*in_all(TRUE), *_MORE_TRUE)), ("false", (*in_all(FALSE), *_MORE_FALSE))))
    return {}


def _known(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    known: dict[str, str] = {}
    for name, words in named:
        for word in words:
            known.setdefault(same(word), name)
    return known

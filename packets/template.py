"""The workbook that a teacher fills in: a head, a sheet of questions, an example, explanations. The same words give the same bytes.

packets/door_commands writes it, empty or filled with an assignment; packets/xlsx_door reads it. Every cell that takes words is formatted as text, so
that 3/4 stays a fraction, 084 keeps its zero and a sign at the beginning makes no formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from packets.assignment import LETTERS, Assignment, ChoiceQuestion, GridQuestion, NumberQuestion, OpenQuestion, Part, TextPart
from packets.authoring import CONTENT_LANGUAGES
from packets.authoring import KINDS as WORK_KINDS
from packets.kinds import LAST, WHOLE, PagePart, plain_points
from packets.subjects import SUBJECTS, subject_name
from packets.template_cells import BEYOND, choose, give_room, put, same_bytes, set_page
from packets.template_words import BUT_LAST, COLUMNS, HEAD, KINDS, LANGUAGE_WORDS, MARK, NO, SHEETS, VERSION, WORK, YES, QuestionKind
from records.errors import InputRefused
from records.exchange import LONGEST_CELL
from records.language import N_, _, translate

ROWS = 120  # of questions that are ready to be filled in
HEAD_TOP, QUESTIONS_TOP = 3, 1
WIDTHS = {
    "kind": 18,
    "question": 46,
    "answer": 12,
    "points": 8,
    "digits": 9,
    "decimals": 11,
    "minus": 9,
    "lines": 9,
    "partial": 11,
    "shuffle": 14,
    "rubric": 36,
}
CHOICE_WIDTH = 15
NUMERIC = ("points", "digits", "decimals", "lines", "frame", "grade", "variants")
YES_OR_NO = ("minus", "squares", "partial")
GRADES = range(1, 13)
HEADING = PatternFill("solid", fgColor="DCE6F1")
FIELD = PatternFill("solid", fgColor="FFFFE8")
_SIDE = Side(style="thin", color="B0B0B0")
GRID = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
EXAMPLE: tuple[Mapping[str, str], ...] = (
    {"kind": "text", "question": N_("Read each question twice. **Write clearly.**")},
    {"kind": "one", "question": "1/2 + 1/4 = ?", "A": "3/4", "B": "1/6", "C": "2/6", "D": "1/8", "answer": "A", "points": "1"},
    {"kind": "several", "question": N_("Which numbers are even?"), "A": "2", "B": "3", "C": "4", "answer": "A, C", "points": "2", "partial": YES},
    {"kind": "truth", "question": N_("The Caspian Sea is salty."), "answer": N_("True"), "points": "1"},
    {"kind": "grid", "question": N_("Match the shape with the number of its corners."), "A": "3", "B": "4", "C": "0", "points": "1"},
    {"kind": "row", "question": N_("square"), "answer": "B"},
    {"kind": "row", "question": N_("circle"), "answer": "C"},
    {"kind": "number", "question": "7 × 12 = ?", "answer": "84", "digits": "3", "points": "2"},
    {"kind": "short", "question": N_("The capital of Kazakhstan?"), "points": "1", "rubric": N_("Astana")},
    {"kind": "frame", "question": N_("Draw a square with a side of 2 cm."), "frame": "40", "squares": YES, "points": "1"},
    {"kind": "open", "question": N_("Explain your answer."), "lines": "4", "points": "3", "rubric": N_("1 point: a reason is given")},
)  # fmt: skip


def empty_workbook(language: str) -> bytes:
    """The workbook to be filled in, with its words in `language` (kk, ru or en)."""
    return _workbook({}, (), language)


def filled_workbook(assignment: Assignment, language: str) -> bytes:
    """The workbook with an assignment in it; raises InputRefused where a text is longer than a cell can be, or a place on a page is measured."""
    if any((isinstance(part, PagePart) and part.strip) or (isinstance(part, OpenQuestion) and part.field) for part in assignment.parts):
        text = _("{assignment} says where on a page of the PDF things stand; a workbook has no cell for that.")
        raise InputRefused(text.format(assignment=assignment.code), _("Go on from its text file."))
    rows = [row for part in assignment.parts for row in _rows(part, assignment.variants > 1)]
    for words in (word for row in rows for word in row.values()):
        if len(words) > LONGEST_CELL:
            text = _("A text of {assignment} is longer than a cell of a workbook can be.").format(assignment=assignment.code)
            raise InputRefused(text, _("Part it into several texts first."))
    return _workbook(_head(assignment), rows, language)


def _head(assignment: Assignment) -> dict[str, str]:
    lesson = assignment.lesson
    return {
        "assignment": assignment.code,
        "subject": assignment.subject,
        "grade": str(assignment.grade),
        "language": assignment.language,
        "title": assignment.title,
        "kind": assignment.kind,
        "week": assignment.week,
        "channel": lesson.channel if lesson else "",
        "date": lesson.date.isoformat() if lesson and lesson.date else "",
        "time": lesson.time if lesson else "",
        "variants": str(assignment.variants) if assignment.variants > 1 else "",
        "schools": ", ".join(assignment.schools),
        "pupils": ", ".join(assignment.pupils),
        "pdf": assignment.pdf.file if assignment.pdf else "",
    }


def _rows(part: Part, varied: bool) -> list[dict[str, str]]:
    """A part as rows of the sheet of questions; of an assignment with variants (`varied`) it is said of all choices whether they are shuffled."""
    if isinstance(part, TextPart):
        return [{"kind": "text", "question": part.markdown}]
    if isinstance(part, PagePart):
        return [{"kind": "page", "question": str(part.page)}]
    row = {"question": part.text, "points": plain_points(part.points)}
    match part:
        case ChoiceQuestion():
            row |= {"kind": "several" if part.several else "one", **_lettered(part.choices), "answer": ", ".join(part.answer)}
            return [row | ({"partial": YES} if part.partial else {}) | _shuffle(part, varied)]
        case GridQuestion():
            lines = [{"kind": "row", "question": words, "answer": right} for words, right in zip(part.rows, part.answer, strict=True)]
            return [row | {"kind": "grid", **_lettered(part.columns)} | ({"partial": NO} if part.whole else {}), *lines]
        case NumberQuestion():
            row |= {"kind": "number", "answer": part.answer, "digits": str(part.digits)}
            return [row | ({"decimals": str(part.decimals)} if part.decimals else {}) | ({"minus": YES} if part.minus else {})]
        case OpenQuestion():
            return [row | _room(part) | {"rubric": part.rubric}]


def _shuffle(question: ChoiceQuestion, varied: bool) -> dict[str, str]:
    word = {WHOLE: NO, LAST: BUT_LAST}.get(question.stays, YES if varied else "")
    return {"shuffle": word} if word else {}


def _room(question: OpenQuestion) -> dict[str, str]:
    if question.short:
        return {"kind": "short"}
    if question.on_page:
        return {"kind": "field"}
    if question.frame:
        return {"kind": "frame", "frame": str(question.frame)} | ({"squares": YES} if question.squares else {})
    return {"kind": "open", "lines": str(question.lines)}


def _lettered(choices: Sequence[str]) -> dict[str, str]:
    """Choices by their columns; those that stand on a page of the PDF are letters alone."""
    return {letter: choice or letter for letter, choice in zip(LETTERS, choices, strict=False)}


def _workbook(head: Mapping[str, str], rows: Sequence[Mapping[str, str]], language: str) -> bytes:
    book = Workbook()
    say = partial(translate, language=language)
    sheets = {role: book.create_sheet(say(name)) for role, name in SHEETS.items()}
    book.remove(book.worksheets[0])
    lists = _fill_lists(sheets["lists"], language)
    _fill_head(sheets["head"], head, lists, language)
    _fill_questions(sheets["questions"], rows, ROWS, lists, language)
    example = [{name: words if name in ("kind", *YES_OR_NO) else say(words) for name, words in row.items()} for row in EXAMPLE]
    _fill_questions(sheets["example"], example, 0, lists, language)
    _explain(sheets["explanations"], language)
    sheets["lists"].sheet_state = "hidden"
    for role in ("example", "explanations"):
        sheets[role].sheet_properties.tabColor = "B0B0B0"
    return same_bytes(book)


def _fill_lists(sheet: Any, language: str) -> dict[str, str]:
    """One column for each list to choose from; answers where it stands, by its name."""
    lists = {
        "subject": sorted(subject_name(code, language) for code in SUBJECTS),
        "language": [translate(LANGUAGE_WORDS[code], language) for code in CONTENT_LANGUAGES],
        "kind": [translate(WORK[code], language) for code in WORK_KINDS],
        "question": [translate(kind.label, language) for kind in KINDS],
        "partial": [translate(YES, language), translate(NO, language)],
        "shuffle": [translate(word, language) for word in (YES, NO, BUT_LAST)],
    }
    for column, words in enumerate(lists.values(), start=1):
        for row, word in enumerate(words, start=1):
            put(sheet, row, column, word)
    return {
        name: f"'{sheet.title}'!${get_column_letter(column)}$1:${get_column_letter(column)}${len(words)}"
        for column, (name, words) in enumerate(lists.items(), start=1)
    }


def _fill_head(sheet: Any, head: Mapping[str, str], lists: Mapping[str, str], language: str) -> None:
    put(sheet, 1, 1, translate(N_("Poshta Mektebi: an assignment"), language)).font = Font(bold=True, size=14)
    put(sheet, 1, 3, f"{MARK} {VERSION}").font = Font(color="808080", size=9)
    for row, field in enumerate(HEAD, start=HEAD_TOP):
        label = put(sheet, row, 1, translate(field.label, language))
        label.font, label.fill, label.border = Font(bold=True), HEADING, GRID
        cell = put(sheet, row, 2, _shown(field.name, head.get(field.name, ""), language), numeric=field.name in NUMERIC)
        cell.fill, cell.border = FIELD, GRID
        put(sheet, row, 3, translate(field.hint, language)).font = Font(italic=True, color="606060")
        if field.name in lists:
            choose(sheet, f"B{row}", f"={lists[field.name]}")
        elif field.name == "grade":
            choose(sheet, f"B{row}", '"' + ",".join(map(str, GRADES)) + '"')
    for column, width in (("A", 26), ("B", 44), ("C", 60)):
        sheet.column_dimensions[column].width = width
    sheet.cell(1, 1).alignment = BEYOND
    give_room(sheet)
    sheet.freeze_panes = f"A{HEAD_TOP}"
    set_page(sheet)


def _fill_questions(sheet: Any, rows: Sequence[Mapping[str, str]], ready: int, lists: Mapping[str, str], language: str) -> None:
    for place, column in enumerate(COLUMNS, start=1):
        heading = put(sheet, QUESTIONS_TOP, place, translate(column.label, language) if len(column.label) > 1 else column.label)
        heading.font, heading.fill, heading.border = Font(bold=True), HEADING, GRID
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column.name, CHOICE_WIDTH)
    last = QUESTIONS_TOP + max(len(rows) + ready // 4, ready)
    for number in range(QUESTIONS_TOP + 1, (last if ready else QUESTIONS_TOP + len(rows)) + 1):
        row = rows[number - QUESTIONS_TOP - 1] if number - QUESTIONS_TOP <= len(rows) else {}
        for place, column in enumerate(COLUMNS, start=1):
            words = _shown("question kind" if column.name == "kind" else column.name, row.get(column.name, ""), language)
            put(sheet, number, place, words, numeric=column.name in NUMERIC).border = GRID
    if ready:
        for name, wanted in (("kind", "question"), ("shuffle", "shuffle"), *((each, "partial") for each in YES_OR_NO)):
            letter = get_column_letter([column.name for column in COLUMNS].index(name) + 1)
            choose(sheet, f"{letter}{QUESTIONS_TOP + 1}:{letter}{last}", f"={lists[wanted]}")
    give_room(sheet)
    sheet.freeze_panes = f"C{QUESTIONS_TOP + 1}"
    set_page(sheet)


def _explain(sheet: Any, language: str) -> None:
    say = partial(translate, language=language)
    lines = [
        (say(N_("How to fill this in")), ""),
        ("", say(N_("Fill in the sheet «{head}» and, line by line, the sheet «{questions}». The sheet «{example}» shows how; it is not read."))
            .format(**{role: say(SHEETS[role]) for role in ("head", "questions", "example")})),
        ("", say(N_("Words may be **bold** or *italic*. The order of the lines is the order on paper."))),
        (say(COLUMNS[0].label), say(N_("What to fill in"))),
        *((say(kind.label), f"{_needed(kind, say)} {say(kind.hint)}".strip()) for kind in KINDS),
    ]  # fmt: skip
    for number, (left, right) in enumerate(lines, start=1):
        put(sheet, number, 1, left).font = Font(bold=True, size=14 if number == 1 else 11)
        put(sheet, number, 2, right).font = Font(bold=number == 4)
        if number >= 4:
            for column in (1, 2):
                sheet.cell(number, column).border = GRID
                if number == 4:
                    sheet.cell(number, column).fill = HEADING
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 90
    sheet.cell(1, 1).alignment = BEYOND
    give_room(sheet)
    set_page(sheet)


def _needed(kind: QuestionKind, say: partial[str]) -> str:
    labels = {column.name: column.label for column in COLUMNS}
    named = [f"{LETTERS[0]}–{LETTERS[-1]}" if name == "choices" else f"«{say(labels[name])}»" for name in (*kind.needs, *kind.may)]
    return f"{', '.join(named)}." if named else ""


def _shown(name: str, word: str, language: str) -> str:
    """A word of an assignment file as the workbook's language calls it."""
    match name:
        case "subject" if word:
            return subject_name(word, language)
        case "language" if word:
            return translate(LANGUAGE_WORDS[word], language)
        case "kind" if word:
            return translate(WORK[word], language)
        case "question kind" if word:
            return translate(next(kind.label for kind in KINDS if kind.name == word), language)
        case "partial" | "minus" | "squares" | "shuffle" if word:
            return translate(word, language)
    return word

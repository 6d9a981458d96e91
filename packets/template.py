"""The workbook that a teacher fills in: a head, a sheet of questions, an example, explanations. The same words give the same bytes.

packets/door_commands writes it, empty or filled with an assignment; packets/xlsx_door reads it. Every cell that takes words is formatted as text, so
that 3/4 stays a fraction, 084 keeps its zero and a sign at the beginning makes no formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from packets.assignment import LETTERS, Assignment, ChoiceQuestion, GridQuestion, NumberQuestion, OpenQuestion, Part, TextPart
from packets.authoring import CONTENT_LANGUAGES
from packets.authoring import KINDS as WORK_KINDS
from packets.kinds import LAST, WHOLE, PagePart, plain_points
from packets.paper import Face, width_mm
from packets.subjects import SUBJECTS, subject_name
from packets.template_words import BUT_LAST, COLUMNS, HEAD, KINDS, LANGUAGE_WORDS, MARK, NO, SHEETS, VERSION, WORK, YES, QuestionKind
from records.errors import InputRefused
from records.exchange import LONGEST_CELL, defused
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
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_DATE = b"2026-01-01T00:00:00Z"
_HELD_HEIGHT = b' customHeight="1"'
LINE_POINTS, COLUMN_UNIT_MM, BREAKING = 15.0, 1.9, 1.12  # of a row; of a column's width; for what is left empty at the ends of lines
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
HEADING = PatternFill("solid", fgColor="DCE6F1")
FIELD = PatternFill("solid", fgColor="FFFFE8")
_SIDE = Side(style="thin", color="B0B0B0")
GRID = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
WRAPPED = Alignment(wrap_text=True, vertical="top")
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
    return _same_bytes(book)


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
            _put(sheet, row, column, word)
    return {
        name: f"'{sheet.title}'!${get_column_letter(column)}$1:${get_column_letter(column)}${len(words)}"
        for column, (name, words) in enumerate(lists.items(), start=1)
    }


def _fill_head(sheet: Any, head: Mapping[str, str], lists: Mapping[str, str], language: str) -> None:
    _put(sheet, 1, 1, translate(N_("Poshta Mektebi: an assignment"), language)).font = Font(bold=True, size=14)
    _put(sheet, 1, 3, f"{MARK} {VERSION}").font = Font(color="808080", size=9)
    for row, field in enumerate(HEAD, start=HEAD_TOP):
        label = _put(sheet, row, 1, translate(field.label, language))
        label.font, label.fill, label.border = Font(bold=True), HEADING, GRID
        cell = _put(sheet, row, 2, _shown(field.name, head.get(field.name, ""), language), numeric=field.name in NUMERIC)
        cell.fill, cell.border = FIELD, GRID
        _put(sheet, row, 3, translate(field.hint, language)).font = Font(italic=True, color="606060")
        if field.name in lists:
            _choose(sheet, f"B{row}", f"={lists[field.name]}")
        elif field.name == "grade":
            _choose(sheet, f"B{row}", '"' + ",".join(map(str, GRADES)) + '"')
    for column, width in (("A", 26), ("B", 44), ("C", 60)):
        sheet.column_dimensions[column].width = width
    sheet.cell(1, 1).alignment = Alignment(vertical="top")  # beyond its column
    _give_room(sheet)
    sheet.freeze_panes = f"A{HEAD_TOP}"
    _set_page(sheet)


def _fill_questions(sheet: Any, rows: Sequence[Mapping[str, str]], ready: int, lists: Mapping[str, str], language: str) -> None:
    for place, column in enumerate(COLUMNS, start=1):
        heading = _put(sheet, QUESTIONS_TOP, place, translate(column.label, language) if len(column.label) > 1 else column.label)
        heading.font, heading.fill, heading.border = Font(bold=True), HEADING, GRID
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column.name, CHOICE_WIDTH)
    last = QUESTIONS_TOP + max(len(rows) + ready // 4, ready)
    for number in range(QUESTIONS_TOP + 1, (last if ready else QUESTIONS_TOP + len(rows)) + 1):
        row = rows[number - QUESTIONS_TOP - 1] if number - QUESTIONS_TOP <= len(rows) else {}
        for place, column in enumerate(COLUMNS, start=1):
            words = _shown("question kind" if column.name == "kind" else column.name, row.get(column.name, ""), language)
            _put(sheet, number, place, words, numeric=column.name in NUMERIC).border = GRID
    if ready:
        for name, wanted in (("kind", "question"), ("shuffle", "shuffle"), *((each, "partial") for each in YES_OR_NO)):
            letter = get_column_letter([column.name for column in COLUMNS].index(name) + 1)
            _choose(sheet, f"{letter}{QUESTIONS_TOP + 1}:{letter}{last}", f"={lists[wanted]}")
    _give_room(sheet)
    sheet.freeze_panes = f"C{QUESTIONS_TOP + 1}"
    _set_page(sheet)


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
        _put(sheet, number, 1, left).font = Font(bold=True, size=14 if number == 1 else 11)
        _put(sheet, number, 2, right).font = Font(bold=number == 4)
        if number >= 4:
            for column in (1, 2):
                sheet.cell(number, column).border = GRID
                if number == 4:
                    sheet.cell(number, column).fill = HEADING
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 90
    sheet.cell(1, 1).alignment = Alignment(vertical="top")
    _give_room(sheet)
    _set_page(sheet)


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


def _put(sheet: Any, row: int, column: int, words: str, numeric: bool = False) -> Any:
    """Write a cell as text, which no program takes for a formula, or as a number."""
    cell = sheet.cell(row, column)
    cell.alignment = WRAPPED
    if numeric:
        if words:
            cell.value = float(words) if "." in words else int(words)
        return cell
    cell.number_format = "@"
    if words:
        cell.value = defused(words) if words.startswith("'") else words
        cell.data_type = "s"
        cell.quotePrefix = words[0] in "=+-@"
    return cell


def _choose(sheet: Any, cells: str, formula: str) -> None:
    """Let cells offer a list; what is typed by hand is taken after a question."""
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True, errorStyle="warning")
    rule.add(cells)
    sheet.add_data_validation(rule)


def _give_room(sheet: Any) -> None:
    """Rows as high as their wrapped words need: some programs give them no height of their own when they open a file."""
    for row in sheet.iter_rows():
        lines = max((_lines(cell, sheet) for cell in row if cell.value and cell.alignment.wrap_text), default=1)
        size = max(cell.font.size or 11 for cell in row)
        if lines > 1 or size > 11:
            sheet.row_dimensions[row[0].row].height = LINE_POINTS * max(lines, size / 11)


def _lines(cell: Any, sheet: Any) -> int:
    """How many lines the words of a cell take, in letters as wide as those of our own font."""
    wide = sheet.column_dimensions[cell.column_letter].width * COLUMN_UNIT_MM - COLUMN_UNIT_MM
    face = Face.BOLD if cell.font.bold else Face.REGULAR
    return sum(max(1, ceil(width_mm(line, cell.font.size or 11, face) * BREAKING / wide)) for line in str(cell.value).split("\n"))


def _set_page(sheet: Any) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _same_bytes(book: Workbook) -> bytes:
    """The workbook without the moment at which it was written; rows with a height still grow with what is typed into them."""
    book.properties.creator = "Poshta Mektebi"
    written, kept = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for name in _in_order(source.namelist()):
            content = source.read(name)
            content = content.replace(_HELD_HEIGHT, b"")
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(lambda found: found[1] + _DATE, content)
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            target.writestr(entry, content)
    return kept.getvalue()


def _in_order(names: Iterable[str]) -> list[str]:
    """The list of contents first, as some readers want it."""
    return sorted(names, key=lambda name: (name != "[Content_Types].xml", name))

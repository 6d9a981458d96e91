"""The lines of a workbook's sheet of questions as the parts of an assignment; what the judge of assignments could not word is told here.

packets/xlsx_door calls `read_questions`.
"""

from __future__ import annotations

import re
from itertools import pairwise

from packets.assignment import LETTERS
from packets.document import Listing, Mapping, Scalar, Value
from packets.kinds import ON_PAGE
from packets.template_words import KINDS, QuestionKind, kind_names, same, values_of
from packets.xlsx_cells import Cell
from packets.xlsx_sheets import Making, plain_number, scalar
from records.language import _


def read_questions(making: Making) -> None:
    """Every line below the headings as a part; lines of a matching grid belong to the line above them."""
    grid: dict[str, Value] | None = None
    on_page = False
    for row in sorted({number for number, _place in making.questions.cells if number > making.heading_row}):
        cells = {
            name: making.seen(name, cell)
            for name, place in making.columns.items()
            if (cell := making.questions.cells.get((row, place))) and cell.text
        }
        if not cells:
            continue
        kind = _kind(making, row, cells)
        if kind is None or not _fits(making, row, kind, cells):
            grid = {}  # rows that follow are not told to have no question above
            continue
        if kind.name == "row":
            _add_row(making, row, cells, grid)
            continue
        line = making.line(making.questions, row)
        fields = _fields(kind, cells, line)
        if on_page and "question" not in cells:
            fields.pop("question", None)
        if kind.name in ("page", "text"):
            on_page = kind.name == "page"
        grid = fields if kind.name == "grid" else None
        making.parts.append(Mapping(line, fields, dict.fromkeys(fields, line)))


def _kind(making: Making, row: int, cells: dict[str, Cell]) -> QuestionKind | None:
    typed = cells["kind"].text if "kind" in cells else ""
    name = kind_names().get(same(typed))
    if name is not None:
        return next(kind for kind in KINDS if kind.name == name)
    known = _("Possible here: {names}.").format(names=", ".join(_(kind.label) for kind in KINDS))
    text = (
        _("There is no kind of question «{value}».").format(value=typed)
        if typed
        else _("The line does not say what kind of question it is.")
    )
    making.complain("unknown_kind" if typed else "no_kind", text, known, row, "kind", typed)
    return None


def _fits(making: Making, row: int, kind: QuestionKind, cells: dict[str, Cell]) -> bool:
    """Whether the line can be judged: no cell holds a formula, a date or what its kind has no use for."""
    before = len(making.document.complaints)
    known = {"kind", "question", *kind.needs, *kind.may, *(LETTERS if "choices" in kind.needs else ())}
    if needless := [name for name in cells if name not in known]:
        columns = ", ".join(map(making.heading, needless))
        text = _("For the kind «{kind}» nothing may stand here: {columns}.").format(kind=cells["kind"].text, columns=columns)
        hint = _("Empty the cell, or choose another kind of question.")
        making.complain("two_kinds", text, hint, row, needless[0], cells[needless[0]].text)
    for name, cell in cells.items():
        if cell.fault:
            making.complain(*cell.fault, row, name, cell.text)
        elif cell.is_moment:
            text = _("The spreadsheet program has made a date of what was typed here: {value}.").format(value=cell.text)
            hint = _("Type it again with an apostrophe before it, as in '3/4, or format the cell as text first.")
            making.complain("date", text, hint, row, name, cell.text)
    gap = next((letter for letter, after in pairwise(LETTERS) if letter not in cells and after in cells), None)
    if gap and "choices" in kind.needs:
        making.complain(
            "gap",
            _("The cell {column} is empty, but a choice stands behind it.").format(column=gap),
            _("Move the choices together."),
            row,
            gap,
        )
    return len(making.document.complaints) == before


def _fields(kind: QuestionKind, cells: dict[str, Cell], line: int) -> dict[str, Value]:
    """The line as the fields of an assignment file; an empty cell leaves its field to the judge."""
    if kind.name == "text":
        return {"text": _words(cells, "question", line)}
    if kind.name == "page":
        return {"page": scalar(plain_number(_text(cells, "question")), line)}
    made: dict[str, Value] = {"question": _words(cells, "question", line)} | _answered(kind, cells, line)
    for name in ("points", "digits", "decimals", "lines", "frame"):
        if name in cells:
            made[name] = scalar(plain_number(cells[name].text), line)
    for name in ("partial", "minus", "squares", "shuffle"):
        if name in cells:
            made[name] = scalar(values_of(name).get(same(cells[name].text), cells[name].text), line)
    return made | ({"rubric": _words(cells, "rubric", line)} if "rubric" in cells and kind.name != "short" else {})


def _answered(kind: QuestionKind, cells: dict[str, Cell], line: int) -> dict[str, Value]:
    """The fields that say how a question is answered, and the right answer."""
    choices = Listing(line, tuple(_words(cells, letter, line) for letter in LETTERS if letter in cells))
    answer = _text(cells, "answer")
    made: dict[str, dict[str, Value]] = {
        "one": {"choices": choices, "answer": scalar(answer, line)},
        "several": {"choices": choices, "answer": _letters(answer, line) if answer else scalar("", line)},
        "truth": {"true_false": scalar(values_of("truth").get(same(answer), answer), line)},
        "grid": {"rows": Listing(line, ()), "columns": choices, "answer": Listing(line, ())},
        "number": {"number": scalar(answer, line)},
        "short": {"short": _words(cells, "rubric", line)},
        "frame": {"frame": scalar("", line)},
        "open": {"lines": scalar("", line)},
        "field": {"field": scalar(ON_PAGE, line)},
    }
    return made[kind.name]


def _add_row(making: Making, row: int, cells: dict[str, Cell], grid: dict[str, Value] | None) -> None:
    """A row of the matching grid above, with its answer."""
    line = making.line(making.questions, row)
    if grid is None:
        hint = _("Put it below a line of the kind «{kind}».").format(kind=_(next(kind.label for kind in KINDS if kind.name == "grid")))
        making.complain(
            "row_without_grid", _("A row of matching stands below no matching question."), hint, row, "kind", cells["kind"].text
        )
        return
    for name, words in (("rows", _words(cells, "question", line)), ("answer", scalar(_text(cells, "answer"), line))):
        listing = grid.get(name)
        if isinstance(listing, Listing):
            grid[name] = Listing(listing.line, (*listing.items, words))


def _letters(answer: str, line: int) -> Listing:
    """Several right letters: A, C or AC."""
    words = list(answer) if re.fullmatch("[A-Ha-h]{2,8}", answer) else [word for word in re.split(r"[\s,;]+", answer) if word]
    return Listing(line, tuple(scalar(word, line) for word in words))


def _text(cells: dict[str, Cell], name: str) -> str:
    return cells[name].text.strip() if name in cells else ""


def _words(cells: dict[str, Cell], name: str, line: int) -> Scalar:
    return scalar(cells[name].text if name in cells else "", line)

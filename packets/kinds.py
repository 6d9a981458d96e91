"""The parts of an assignment: reading matter and every kind of question, with the fields in which they are stored. Pure.

packets/assignment gathers them; packets/parts makes them of a teacher's file, packets/questions and packets/grid draw them, scanning/score reads the
key. Nothing here checks a teacher's mistakes. A grid is asked as one question and answered row by row: each row is a question of one choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from packets.numbers import Columns

LETTERS = "ABCDEFGH"  # of the choices of one question
ROW_LETTERS = "abcdefghij"  # of the rows of one grid
WHOLE, LAST = "whole", "last"  # of the choices of a question: all stay where the author put them, in every variant, or the last one does
HUNDREDTH = Decimal("0.01")
SHUFFLES = {"false": WHOLE, "but_last": LAST}  # how an assignment file says it


@dataclass(frozen=True, slots=True)
class TextPart:
    """Reading matter between the questions, in the Markdown of packets.markdown."""

    markdown: str


@dataclass(frozen=True, slots=True)
class PagePart:
    """A page of the teacher's own PDF, by its number there: a sheet of its own, with the questions behind it, up to the next text or page, in its answer strip.

    `strip` is where that stands, bottom or right; empty: where the page stays larger.
    """

    page: int
    strip: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceQuestion:
    """One or several of `choices`; `answer` holds the right letters (A is the first choice) in their order.

    All or nothing, unless `partial`. `several` is printed: a pupil is told that more than one may be marked. `stays`: which choices keep their place in
    every variant of the assignment; packets/variants says how the others move. `grid`: the number of the grid whose row this is, where its rows earn
    their points only all together (packets/together); empty: it earns its own.
    """

    number: str
    text: str
    choices: tuple[str, ...]
    answer: tuple[str, ...]
    several: bool
    partial: bool
    points: Decimal
    stays: str = ""
    grid: str = ""


@dataclass(frozen=True, slots=True)
class GridQuestion:
    """Rows that are matched with columns: one choice a row. `answer` holds the right letter of each row.

    `points` is what each row earns; where the grid is `whole`, what all rows earn together, and only where every one is right.
    """

    number: str
    text: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    answer: tuple[str, ...]
    points: Decimal
    whole: bool = False

    @property
    def row_questions(self) -> tuple[ChoiceQuestion, ...]:
        """The rows as the questions that are read, scored and recorded: 5a, 5b and so on."""
        rows = zip(ROW_LETTERS, self.rows, self.answer, self.row_points, strict=False)
        return tuple(
            ChoiceQuestion(
                f"{self.number}{letter}", f"{self.text}\n{row}", self.columns, (right,), False, False, points, grid=self.number * self.whole
            )
            for letter, row, right, points in rows
        )

    @property
    def row_points(self) -> tuple[Decimal, ...]:
        """What each row is worth: all the same; of a grid that is whole a share in hundredths, of which the last takes the rest."""
        count = len(self.rows)
        if not self.whole or not count:
            return (self.points,) * count
        share = (self.points / count).quantize(HUNDREDTH, ROUND_DOWN).normalize()
        return (*(share,) * (count - 1), self.points - share * (count - 1))


@dataclass(frozen=True, slots=True)
class NumberQuestion:
    """A number in columns of digit bubbles; `answer` is plain (84, -3.5), `digits` and `decimals` count the columns before and behind the comma."""

    number: str
    text: str
    answer: str
    digits: int
    points: Decimal
    decimals: int = 0
    minus: bool = False

    @property
    def columns(self) -> Columns:
        """How its circles stand."""
        return Columns(self.digits, self.decimals, self.minus)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A written answer on `lines` ruled lines, in a frame of `frame` millimetres, or `on_page`: on the teacher's own page; the teacher gives 0 to `points` whole points in a strip of bubbles.

    `short`: one line, with the strip at its end. `squares`: the frame is squared paper. `rubric` says what earns how many, in the Markdown of packets.markdown: for whoever gives the points, never printed.
    `field`: left, top, width and height of the place on the teacher's page, in its millimetres; without it, the whole page.
    """

    number: str
    text: str
    lines: int
    points: Decimal
    rubric: str = ""
    short: bool = False
    frame: int = 0
    squares: bool = False
    on_page: bool = False
    field: tuple[float, float, float, float] | None = None


Question = ChoiceQuestion | NumberQuestion | OpenQuestion  # what is answered, read and scored as one
Part = TextPart | PagePart | Question | GridQuestion
UNASKED = (TextPart, PagePart)  # parts that ask nothing
ON_PAGE = "page"  # the field of an answer that may stand anywhere on the teacher's page


def questions_of(part: Part) -> tuple[Question, ...]:
    """What is answered in a part: nothing, the question itself, or the rows of a grid."""
    match part:
        case TextPart() | PagePart():
            return ()
        case GridQuestion():
            return part.row_questions
        case _:
            return (part,)


def words_of(part: Part) -> tuple[str, ...]:
    """Everything in a part that is printed as words."""
    match part:
        case TextPart():
            return (part.markdown,)
        case PagePart():
            return ()
        case ChoiceQuestion():
            return (part.text, *part.choices)
        case GridQuestion():
            return (part.text, *part.rows, *part.columns)
        case _:
            return (part.text,)


def part_of(body: Mapping[str, Any], number: str) -> Part:
    """The part that `part_json` wrote; `number` is the question's."""
    if "text" in body:
        return TextPart(body["text"])
    if "page" in body:
        return PagePart(body["page"], body.get("strip", ""))
    return _question_of(body, number)


def _question_of(body: Mapping[str, Any], number: str) -> Question | GridQuestion:
    text, points = body["question"], Decimal(body["points"])
    if "choices" in body:
        several = isinstance(body["answer"], list)
        answer = tuple(body["answer"]) if several else (body["answer"],)
        stays = SHUFFLES.get(body.get("shuffle", ""), "")
        return ChoiceQuestion(number, text, tuple(body["choices"]), answer, several, body.get("partial", False), points, stays)
    if "rows" in body:
        return GridQuestion(
            number, text, tuple(body["rows"]), tuple(body["columns"]), tuple(body["answer"]), points, not body.get("partial", True)
        )
    if "number" in body:
        return NumberQuestion(number, text, body["number"], body["digits"], points, body.get("decimals", 0), body.get("minus", False))
    return _open_of(body, number, text, points)


def _open_of(body: Mapping[str, Any], number: str, text: str, points: Decimal) -> OpenQuestion:
    if "short" in body:
        return OpenQuestion(number, text, 1, points, body["short"], short=True)
    if "field" in body:
        field = None if body["field"] == ON_PAGE else _four(body["field"])
        return OpenQuestion(number, text, 0, points, body.get("rubric", ""), on_page=True, field=field)
    frame, squares = body.get("frame", 0), body.get("squares", False)
    return OpenQuestion(number, text, body.get("lines", 0), points, body.get("rubric", ""), frame=frame, squares=squares)


def part_json(part: Part) -> dict[str, Any]:
    """A part in the fields of an assignment file (DESIGN section 6); points and numbers are text."""
    match part:
        case TextPart():
            return {"text": part.markdown}
        case PagePart():
            return {"page": part.page, **({"strip": part.strip} if part.strip else {})}
        case ChoiceQuestion():
            answer = list(part.answer) if part.several else part.answer[0]
            stays = {"shuffle": next(word for word, stays in SHUFFLES.items() if stays == part.stays)} if part.stays else {}
            more = ({"partial": True} if part.partial else {}) | stays
            return {"question": part.text, "choices": list(part.choices), "answer": answer, **more, "points": str(part.points)}
        case GridQuestion():
            grid = {"rows": list(part.rows), "columns": list(part.columns), "answer": list(part.answer)}
            return {"question": part.text, **grid, **_only_whole(part), "points": str(part.points)}
        case NumberQuestion():
            return {"question": part.text, "number": part.answer, **_columns(part), "points": str(part.points)}
        case OpenQuestion():
            rubric = {"rubric": part.rubric} if part.rubric and not part.short else {}
            room = {"short": part.rubric} if part.short else _room(part)
            return {"question": part.text, **room, "points": str(part.points), **rubric}


def printed_fields(part: Part) -> dict[str, Any]:
    """What of a part a pupil sees: no key, and of points only those that decide how many score bubbles there are."""
    match part:
        case TextPart():
            return {"text": part.markdown}
        case PagePart():
            return part_json(part)
        case ChoiceQuestion():
            return {"question": part.text, "choices": list(part.choices), "several": part.several}
        case GridQuestion():
            return {"question": part.text, "rows": list(part.rows), "columns": list(part.columns), **_only_whole(part)}
        case NumberQuestion():
            return {"question": part.text, **_columns(part)}
        case OpenQuestion():
            room = {"short": True} if part.short else _room(part)
            return {"question": part.text, **room, "points": plain_points(part.points)}


def key_fields(question: Question) -> dict[str, Any]:
    """What scores a question: its number, points, right answer and the rule of partial points."""
    key: dict[str, Any] = {"number": question.number, "points": plain_points(question.points)}
    if isinstance(question, ChoiceQuestion):
        key |= {"answer": sorted(question.answer), "partial": question.partial} | ({"grid": question.grid} if question.grid else {})
    elif isinstance(question, NumberQuestion):
        key["answer"] = question.answer
    return key


def _only_whole(question: GridQuestion) -> dict[str, Any]:
    return {"partial": False} if question.whole else {}


def _columns(question: NumberQuestion) -> dict[str, Any]:
    decimals = {"decimals": question.decimals} if question.decimals else {}
    return {"digits": question.digits, **decimals, **({"minus": True} if question.minus else {})}


def _room(question: OpenQuestion) -> dict[str, Any]:
    if question.on_page:
        return {"field": list(question.field) if question.field else ON_PAGE}
    if not question.frame:
        return {"lines": question.lines}
    return {"frame": question.frame, **({"squares": True} if question.squares else {})}


def _four(sides: Any) -> tuple[float, float, float, float]:
    left, top, width, height = map(float, sides)
    return (left, top, width, height)


def plain_points(points: Decimal) -> str:
    """2 and 2.0 are the same points."""
    return format(points.normalize(), "f")

"""A printed review sheet: pictures of answers that wait for a person, a row of circles beneath each, to be filled in by pen and scanned. Pure but for fonts.

scanning/review_print decides what stands on which sheet and keeps it; scanning/review_filing takes the circles as a person's decisions. What is alike on all sheets with the same
rows is the fixed print that the reader knows (`printed_form`); pictures, codes and the words beside them are the sheet's own. Millimetres from the page's top left, y downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from packets.layout import BODY_MM, BOX_MM, PITCH_MM, ROW_MM, Box, BoxKind, Item, Layout, PageKind, clear_of_folds
from packets.legend import draw_legend
from packets.paper import GREY, Face, Pen, width_mm
from packets.press import blank_png
from packets.review_values import NONE, NONE_ITEM
from packets.typeset import Type, draw_line, fitted_lines
from packets.worksheet import draw_frame, draw_identity
from records.language import N_, translate

ONE, SEVERAL, NUMBER, SCORE = "one", "several", "number", "score"
SLOTS_MM = (
    14.0,
    18.0,
    22.0,
    26.0,
    30.0,
    36.0,
    42.0,
    50.0,
    58.0,
    66.0,
)  # heights of a picture's room: few, so that sheets share their fixed print
WORDS_MM, ABOVE_MM, AFTER_MM = 5.6, 4.0, 3.0  # the line above a picture, the white between it and its circles, what follows
LETTER_LINE_MM, LETTER_MIDDLE_MM = 11.4, 6.9  # a line of circles with letters above them, and their middle in it
FIRST_MM, LETTER_PITCH_MM, NUMBER_PITCH_MM, BAR_MM = 46.0, 12.0, 8.0, 6.5
SCORES_A_LINE = 15
LEFT, TOP, RIGHT, BOTTOM = BODY_MM
PICTURE_MM = RIGHT - LEFT
SMALLER = 0.85  # of the paper: pencil is still read, and a third more stands on a sheet
HEAD = Type(8.5, 3.9)


@dataclass(frozen=True, slots=True)
class Row:
    """One answer on a sheet: how it is answered, how many options, digits or points there are, and the room of its picture."""

    kind: str
    count: int
    slot: float

    @property
    def lines(self) -> int:
        """Lines of circles."""
        return self.count if self.kind == NUMBER else -(-(self.count + 1) // SCORES_A_LINE) if self.kind == SCORE else 1

    @property
    def line_mm(self) -> float:
        """The height of one of them."""
        return ROW_MM if self.kind == NUMBER else LETTER_LINE_MM

    @property
    def height(self) -> float:
        """All that it takes."""
        return WORDS_MM + self.slot + ABOVE_MM + self.lines * self.line_mm + AFTER_MM


@dataclass(frozen=True, slots=True)
class Form:
    """What makes two sheets alike: their rows, and the language of their fixed words."""

    rows: tuple[Row, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on one row of one sheet: the words above the picture, the picture as a grey JPEG, its pixels and its size in millimetres."""

    words: str
    jpeg: bytes
    pixels: tuple[int, int]
    size_mm: tuple[float, float]


def slot_of(size_mm: tuple[float, float]) -> tuple[float, tuple[float, float]]:
    """The room for a picture of this size, and the size in which it is printed there: as it is, or smaller where it is too large."""
    width, height = size_mm
    times = min(SMALLER, PICTURE_MM / width, SLOTS_MM[-1] / height)
    printed = (width * times, height * times)
    return next(slot for slot in SLOTS_MM if slot >= printed[1] - 0.01), printed


def tops(rows: Sequence[Row]) -> list[float] | None:
    """Where each row begins, its circles clear of the folds; None where they do not fit on one sheet."""
    found, y = [], TOP
    for row in rows:
        while not _clear(row, y):
            y += 1.0
        if y + row.height - AFTER_MM > BOTTOM:
            return None
        found.append(y)
        y += row.height
    return found


def in_sheets(rows: Sequence[Row]) -> list[int]:
    """How many of the rows each sheet takes, in their order."""
    taken, start = [], 0
    while start < len(rows):
        count = 1
        while start + count < len(rows) and tops(rows[start : start + count + 1]) is not None:
            count += 1
        taken.append(count)
        start += count
    return taken


@lru_cache(maxsize=64)
def printed_form(form: Form) -> tuple[Layout, bytes]:
    """The layout of the sheets of a form, and their blank print."""
    pen = Pen(title="review")
    draw_form(pen, form)
    pen.end_page()
    items = [item for number, row in enumerate(form.rows, start=1) for item in _items(str(number), row)]
    return Layout(PageKind.REVIEW, boxes(form), tuple(items), pen.page_digests[0]), blank_png(pen.pdf())


def boxes(form: Form) -> tuple[Box, ...]:
    """All circles of a sheet. Their values are letters as printed in the picture, digits or points."""
    placed = zip(form.rows, tops(form.rows) or (), strict=True)
    return tuple(box for number, (row, top) in enumerate(placed, start=1) for box in _boxes(str(number), row, top))


def draw_form(pen: Pen, form: Form) -> None:
    """The fixed print: fiducials, what to do, and every row's circles with their letters, its number and a bar at both ends."""
    draw_frame(pen)
    pen.text(28.0, 19.5, translate(N_("Answers for the teacher"), form.language), 13, Face.BOLD)
    pen.line(LEFT, 41.5, 167.0, 41.5, 0.3)
    told = translate(
        N_(
            "Fill one circle below each picture, or several where several may be right. A dash: not answered. Leave empty what you cannot tell."
        ),
        form.language,
    )
    type_, lines = fitted_lines((told,), 139.0, HEAD, 9.0, Type(7.0, 3.2))
    for number, line in enumerate(lines):
        draw_line(pen, line, 28.0, 33.4 + number * type_.leading, type_)
    draw_legend(pen, form.language)
    for number, (row, top) in enumerate(zip(form.rows, tops(form.rows) or (), strict=True), start=1):
        _draw_row(pen, str(number), row, top)


def draw_own(pen: Pen, form: Form, shown: Sequence[Shown], title: str) -> None:
    """The sheet's own words and pictures."""
    pen.text(28.0, 27.0, title, 11)
    for number, (each, top) in enumerate(zip(shown, tops(form.rows) or (), strict=True), start=1):
        words = f"{number}.  {each.words}"
        size = min(9.0, 9.0 * PICTURE_MM / max(width_mm(words, 9.0), 0.1))
        pen.text(LEFT, top + 4.2, words, size)
        width, height = each.size_mm
        pen.photograph(LEFT, top + WORDS_MM, width, height, each.jpeg, each.pixels)
        pen.rectangle(LEFT, top + WORDS_MM, width, height, outline=0.15, grey=GREY)


def draw_sealed(pen: Pen, tokens: Sequence[str], page: str, number: int, of: int, language: str) -> None:
    """Both codes, the short code and the sheet's number."""
    draw_identity(pen, tokens, page, number, of, language)


def _items(item: str, row: Row) -> list[Item]:
    rule = Item(item, row.kind, str(row.count) if row.kind == SCORE else "0")
    return [rule, Item(NONE_ITEM.format(item=item), ONE, "0")] if row.kind == NUMBER else [rule]


def _boxes(item: str, row: Row, top: float) -> list[Box]:
    made = []
    for line, y in enumerate(_middles(row, top)):
        if row.kind == NUMBER:
            made += [_box(item, str(digit), BoxKind.DIGIT, FIRST_MM + digit * NUMBER_PITCH_MM, y, line + 1) for digit in range(10)]
        elif row.kind == SCORE:
            some = range(line * SCORES_A_LINE, min((line + 1) * SCORES_A_LINE, row.count + 1))
            made += [_box(item, str(score), BoxKind.SCORE, FIRST_MM + place * PITCH_MM, y) for place, score in enumerate(some)]
        else:
            letters = [*"ABCDEFGH"[: row.count], NONE]
            made += [_box(item, each, BoxKind.CHOICE, FIRST_MM + place * LETTER_PITCH_MM, y) for place, each in enumerate(letters)]
    if row.kind == NUMBER:
        made.append(_box(NONE_ITEM.format(item=item), NONE, BoxKind.CHOICE, _none_x(), _middles(row, top)[0]))
    return made


def _box(item: str, value: str, kind: BoxKind, x: float, y: float, column: int | None = None) -> Box:
    return Box(item, value, "–" if value == NONE else value, kind, (round(x, 3), round(y, 3)), column=column)


def _none_x() -> float:
    return FIRST_MM + 10 * NUMBER_PITCH_MM + 2 * BAR_MM + 6.0


def _middles(row: Row, top: float) -> list[float]:
    first = top + WORDS_MM + row.slot + ABOVE_MM + (ROW_MM / 2 if row.kind == NUMBER else LETTER_MIDDLE_MM)
    return [first + line * row.line_mm for line in range(row.lines)]


def _clear(row: Row, top: float) -> bool:
    return all(clear_of_folds(y - BOX_MM / 2, y + BOX_MM / 2) for y in _middles(row, top))


def _draw_row(pen: Pen, item: str, row: Row, top: float) -> None:
    made = _boxes(item, row, top)
    for y in _middles(row, top):
        line = [box for box in made if box.center_mm[1] == round(y, 3) and box.item == item]
        for x in (line[0].center_mm[0] - BAR_MM - (3.0 if row.kind == NUMBER else 0.0), line[-1].center_mm[0] + BAR_MM - 1.0):
            pen.rectangle(x, y - 2.3, 1.0, 4.6, fill=0.0, outline=None)
    pen.text(LEFT + 6.0, _middles(row, top)[0] + 1.7, f"{item}.", 13, Face.BOLD)
    for box in made:
        pen.box(box)
        x, y = box.center_mm
        if box.kind is BoxKind.DIGIT:
            pen.text(x - NUMBER_PITCH_MM / 2, y + 1.15, box.label, 8, align="center")
        else:
            pen.text(x, y - BOX_MM / 2 - 1.2, box.label, 9, Face.BOLD, "center")
    if row.kind == NUMBER:
        pen.rectangle(_none_x() + BAR_MM - 1.0, _middles(row, top)[0] - 2.3, 1.0, 4.6, fill=0.0, outline=None)

"""Reading matter as blocks of slabs: paragraphs and list items, tables, pictures.

packets/worksheet stacks the blocks between the questions. Only here may a block be parted between pages: long paragraphs, and tables between rows.
Millimetres, as in packets/questions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from packets.markdown import NUMBERED, PARAGRAPH, Image, Run, Table, pieces
from packets.markdown import Block as Paragraph
from packets.paper import BLACK, GREY, Pen
from packets.pictures import Picture
from packets.press import Ink
from packets.questions import LEFT, WIDTH, Style, text_slabs
from packets.slabs import Block, Slab
from packets.typeset import Line, Type, baselines, beyond, draw_line, line_width, widest_word, wrap

WHOLE_LINES = 4  # a paragraph of so many lines is not parted; of a longer one, two lines stay together at either end
WHOLE_TABLE_MM = 90.0  # a table so high is not parted
READING = "-"  # how the name of a block begins that is no question, for a refusal: «-3:12» is the table or picture of line 12 in the text of the third part
SMALLEST = 9.0  # points, of the words of a table
PADDING = (1.6, 0.9)  # beside and above the words of a table's cell
PIXELS_PER_MM = 6.0  # of a picture whose width nobody says: 150 dpi
HIGHEST_PICTURE_MM = 120.0
_WIDEST = 10_000.0
Runs = tuple[Run, ...]


def reading_blocks(markdown: str, pictures: Mapping[str, Picture], style: Style, part: int = 0) -> Iterator[Block]:
    """The blocks of a text, in reading order; `pictures` by their names in it, `part` its place in the assignment, from 1."""
    for piece in pieces(markdown):
        match piece:
            case Table():
                yield from (replace(block, name=reading_name(part, piece.line)) for block in _table(piece, style))
            case Image():
                yield replace(_picture(pictures[piece.file], piece.width), name=reading_name(part, piece.line))
            case _:
                yield from paragraph_blocks(piece, style)


def reading_name(part: int, line: int) -> str:
    """What the blocks of a table or picture are called."""
    return f"{READING}{part}:{line}"


def place_of(name: str) -> tuple[int, int]:
    """The part and the line in its text, each from 1, of a table or picture by that name."""
    part, line = name.removeprefix(READING).split(":")
    return int(part), int(line)


def paragraph_blocks(paragraph: Paragraph, style: Style) -> Iterator[Block]:
    """A paragraph or list item; a long one may be parted between pages, but never after its first or before its last line."""
    indent = 0.0 if paragraph.kind == PARAGRAPH else style.list_indent
    lines = wrap(paragraph.runs, WIDTH - indent, style.type)
    slabs = text_slabs(lines, LEFT + indent, style.type)
    if indent and slabs:
        lift = beyond(lines[0], style.type)[0]
        slabs[0] = Slab(slabs[0].height, partial(_draw_list_item, paragraph, slabs[0], lift, style))
    after = 2.0 if paragraph.kind == PARAGRAPH else 0.8
    if len(slabs) <= WHOLE_LINES and sum(slab.height for slab in slabs) <= WHOLE_TABLE_MM:
        if slabs:
            yield Block(tuple(slabs), after=after)
        return
    if len(slabs) <= WHOLE_LINES:  # high formulas
        yield from (Block((slab,), after=after if slab is slabs[-1] else 0.0) for slab in slabs)
        return
    yield Block(tuple(slabs[:2]), after=0.0)
    yield from (Block((slab,), after=0.0) for slab in slabs[2:-2])
    yield Block(tuple(slabs[-2:]), after=after)


def _draw_list_item(paragraph: Paragraph, words: Slab, lift: float, style: Style, pen: Ink, top: float) -> None:
    baseline = top + lift + style.type.baseline
    if paragraph.kind == NUMBERED:
        pen.text(LEFT + style.list_indent - 1.5, baseline, f"{paragraph.number}.", style.type.size, align="right")
    else:
        pen.circle(LEFT + style.list_indent - 2.5, baseline - style.type.half_cap, style.bullet, fill=BLACK, outline=None)
    words.draw(pen, top)


def _table(table: Table, style: Style) -> Iterator[Block]:
    """A table: whole where it is low, else parted between rows, its head on each page; none where its words would have to be broken."""
    head = tuple(tuple(replace(run, bold=True) for run in cell) for cell in table.rows[0])
    rows = (head, *table.rows[1:])
    type_ = _type_of(rows, style.type)
    if sum(_least(rows, type_)) > WIDTH:
        yield Block((Slab(0.0),), fits=False)
        return
    widths = _widths(rows, type_)
    slabs = [_table_row(row, widths, table.aligns, type_) for row in rows]
    if sum(slab.height for slab in slabs) <= WHOLE_TABLE_MM:
        yield Block(tuple(slabs), after=3.0)
        return
    head_again = (slabs[0],)
    yield Block(tuple(slabs[:2]), after=0.0)
    for slab in slabs[2:-1]:
        yield Block((slab,), after=0.0, again=head_again)
    yield from (Block((slab,), after=3.0, again=head_again) for slab in slabs[2:][-1:])


def _type_of(rows: Sequence[Sequence[Runs]], type_: Type) -> Type:
    """The type of the sheet, or the largest smaller one in which no word of the table has to be broken."""
    while type_.size > SMALLEST and sum(_least(rows, type_)) > WIDTH:
        type_ = Type(type_.size - 1, type_.leading * (type_.size - 1) / type_.size)
    return type_


def _least(rows: Sequence[Sequence[Runs]], type_: Type) -> list[float]:
    """What the unbroken words of each column need, in millimetres."""
    return [2 * PADDING[0] + 0.1 + max(widest_word(runs, type_) for runs in column) for column in zip(*rows, strict=True)]


def _widths(rows: Sequence[Sequence[Runs]], type_: Type) -> list[float]:
    """As wide as the words are; where the sheet has no room for that, what unbroken words need, and of the rest each its share."""
    beside, least = 2 * PADDING[0] + 0.1, _least(rows, type_)
    columns = list(zip(*rows, strict=True))
    natural = [
        beside + max((line_width(line, type_) for runs in column for line in wrap(runs, _WIDEST, type_)), default=0.0) for column in columns
    ]
    if sum(natural) <= WIDTH:
        return natural
    share = (WIDTH - sum(least)) / (sum(natural) - sum(least))
    return [low + (high - low) * share for low, high in zip(least, natural, strict=True)]


def _table_row(cells: Sequence[Runs], widths: Sequence[float], aligns: Sequence[str], type_: Type) -> Slab:
    wrapped = [wrap(runs, width - 2 * PADDING[0], type_) for runs, width in zip(cells, widths, strict=True)]
    height = max(type_.leading, *(baselines(lines, type_)[1] for lines in wrapped)) + 2 * PADDING[1]

    def draw(pen: Ink, top: float) -> None:
        left = LEFT
        for lines, width, align in zip(wrapped, widths, aligns, strict=True):
            pen.rectangle(left, top, width, height, outline=0.2, grey=GREY)
            places, high = baselines(lines, type_)
            for line, place in zip(lines, places, strict=True):
                draw_line(pen, line, left + PADDING[0] + _aside(line, width, align, type_), top + (height - high) / 2 + place, type_)
            left += width

    return Slab(height, draw)


def _aside(line: Line, width: float, align: str, type_: Type) -> float:
    room = width - 2 * PADDING[0] - line_width(line, type_)
    return {"left": 0.0, "center": room / 2, "right": room}[align]


def _picture(picture: Picture, wanted: int | None) -> Block:
    """A picture in the middle of the sheet, as wide as its title says, never wider or higher than there is room for."""
    width = min(WIDTH, wanted or picture.width / PIXELS_PER_MM)
    height = width * picture.height / picture.width
    if height > HIGHEST_PICTURE_MM:
        width, height = width * HIGHEST_PICTURE_MM / height, HIGHEST_PICTURE_MM
    left = LEFT + (WIDTH - width) / 2

    def draw(pen: Ink, top: float) -> None:
        assert isinstance(pen, Pen), "pictures are fixed print"
        if picture.marks:
            pen.marks(left, top + 1.0, width, height, json.loads(picture.marks))
        else:
            pen.photograph(left, top + 1.0, width, height, picture.content, (picture.width, picture.height))

    return Block((Slab(height + 2.0, draw),), after=2.0)

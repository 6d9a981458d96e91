"""Stacked bars for a district's page and paper: a list of shapes in millimetres, drawn once as SVG and once with packets.paper's pen. The same numbers give the same bytes.

Parts differ in grey and in order, so that a copy without colours can be read; what is hidden is a dashed frame without parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from packets.paper import GREY, Pen, width_mm
from records.language import N_
from scanning.district_report import ALL, MarksRow, Row
from scanning.district_words import BAR_WORDS, HIDDEN, Voice

WIDTH, LABEL, VALUE, ROW, BAR, KEY = 180.0, 62.0, 22.0, 7.0, 4.6, 7.0  # millimetres
SIZE = 8.5  # points
POINT_MM = 25.4 / 72
SHADES = {"whole": 0.25, "partly": 0.65, "none": 1.0, "5": 0.25, "4": 0.55, "3": 0.82, "2": 1.0}
MOST_BARS = 40


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle with an edge; `grey` its inside, None for a dashed frame."""

    x: float
    y: float
    width: float
    height: float
    grey: float | None


@dataclass(frozen=True, slots=True)
class Word:
    """Words with their baseline at `y`."""

    x: float
    y: float
    text: str
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of so many millimetres; `title` says what it shows, for those who cannot see it."""

    title: str
    height: float
    shapes: tuple[Rect | Word, ...]


def returns_chart(voice: Voice) -> Chart | None:
    """Of each row how much of the children's work came back: all, some, nothing."""
    rows = [row for row in voice.report.rows if row.key != ALL][:MOST_BARS]
    bars = [(voice.name(row), _came(row), voice.percent(row.share("returned", "reached"))) for row in rows]
    return _chart(voice.say(N_("What came back")), {kind: voice.say(words) for kind, words in BAR_WORDS.items()}, bars)


def marks_chart(voice: Voice) -> Chart | None:
    """Of each subject of which all may be told, and of all together, the shares of 5, 4, 3 and 2; None where that is none."""
    rows = [row for row in voice.report.marks if not row.grade and _marks(row)][-MOST_BARS:]
    bars = [(voice.subject(row), _marks(row), voice.count(row.works)) for row in rows]
    return _chart(voice.say(N_("Marks by subject")), {mark: mark for mark in ("5", "4", "3", "2")}, bars)


def as_svg(chart: Chart | None) -> str:
    """The picture as SVG text, to stand in a page; nothing of none."""
    if chart is None:
        return ""
    parts = [_svg(each) for each in chart.shapes]
    title = escape(chart.title)
    box = f'viewBox="0 0 {WIDTH:g} {chart.height:g}" role="img" aria-label="{title}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}><title>{title}</title>{"".join(parts)}</svg>'


def draw(pen: Pen, chart: Chart, left: float, top: float) -> None:
    """The picture on paper, its top left corner there."""
    for each in chart.shapes:
        if isinstance(each, Word):
            pen.text(left + each.x, top + each.y, each.text, SIZE, align=each.align)
        elif each.grey is None:
            _frame(pen, left + each.x, top + each.y, each.width, each.height)
        else:
            pen.rectangle(left + each.x, top + each.y, each.width, each.height, fill=each.grey, outline=0.2)


def _came(row: Row) -> dict[str, int] | None:
    reached, whole, partly = (row.counts[name] for name in ("reached", "whole", "partly"))
    if not reached or whole is None or partly is None:
        return None
    return {"whole": whole, "partly": partly, "none": reached - whole - partly}


def _marks(row: MarksRow) -> dict[str, int] | None:
    if not row.works or any(count is None for count in row.marks):
        return None
    return {mark: count or 0 for mark, count in zip("5432", reversed(row.marks), strict=True)}


def _chart(title: str, key: dict[str, str], bars: Sequence[tuple[str, dict[str, int] | None, str]]) -> Chart | None:
    if not bars:
        return None
    shapes: list[Rect | Word] = []
    x = LABEL
    for kind, words in key.items():
        shapes += [Rect(x, 1.0, BAR - 1.0, BAR - 1.0, SHADES[kind]), Word(x + BAR + 0.6, 3.9, words)]
        x += BAR + 6.0 + width_mm(words, SIZE)
    y = KEY
    for label, parts, value in bars:
        shapes += [Word(LABEL - 2.0, y + 3.5, _fitting(label), "right"), Word(WIDTH, y + 3.5, value, "right")]
        shapes += _bar(parts, y)
        y += ROW
    return Chart(title, y, tuple(shapes))


def _bar(parts: dict[str, int] | None, y: float) -> list[Rect | Word]:
    width = WIDTH - LABEL - VALUE
    if parts is None:
        return [Rect(LABEL, y, width, BAR, None), Word(LABEL + width / 2, y + 3.5, HIDDEN, "center")]
    whole, x, found = sum(parts.values()), LABEL, list[Rect | Word]()
    for kind, count in parts.items():
        if count:
            found.append(Rect(round(x, 3), y, round(width * count / whole, 3), BAR, SHADES[kind]))
            x += width * count / whole
    return found


def _fitting(label: str) -> str:
    """The label, cut where it does not fit beside the bars."""
    text = label
    while text and width_mm(text if text == label else f"{text}…", SIZE) > LABEL - 4.0:
        text = text[:-1]
    return text if text == label else f"{text.rstrip()}…"


def _svg(shape: Rect | Word) -> str:
    if isinstance(shape, Word):
        anchor = {"left": "start", "center": "middle", "right": "end"}[shape.align]
        return f'<text x="{shape.x:g}" y="{shape.y:g}" font-size="{SIZE * POINT_MM:.2f}" text-anchor="{anchor}">{escape(shape.text)}</text>'
    place = f'x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" height="{shape.height:g}"'
    if shape.grey is None:
        return f'<rect {place} fill="none" stroke="#777" stroke-width="0.25" stroke-dasharray="1 1"/>'
    level = round(255 * shape.grey)
    return f'<rect {place} fill="#{level:02x}{level:02x}{level:02x}" stroke="#222" stroke-width="0.2"/>'


def _frame(pen: Pen, x: float, y: float, width: float, height: float) -> None:
    for start, end in (
        ((x, y), (x + width, y)),
        ((x, y + height), (x + width, y + height)),
        ((x, y), (x, y + height)),
        ((x + width, y), (x + width, y + height)),
    ):
        pen.line(*start, *end, 0.2, GREY, (1.0, 1.0))

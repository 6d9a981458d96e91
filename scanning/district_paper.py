"""A district's or region's figures on A4 for a signature: tables, bars, and a place for name, signature and stamp. The same figures of one day give the same bytes.

scanning/district_commands writes it, once in each language. What may be told was decided by scanning/district_report.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from packets.paper import BLACK, GREY, PALE, Face, Pen, width_mm
from packets.typeset import Type, draw_line, line_width, plain, wrap
from records.language import N_, long_date
from scanning.district_chart import Chart, draw, marks_chart, returns_chart
from scanning.district_tables import PART, SUM, Grid, loads_grid, marks_grid, pages_grid, returns_grid
from scanning.district_words import Voice

LEFT, RIGHT, TOP, BOTTOM = 15.0, 195.0, 16.0, 282.0
WIDTH = RIGHT - LEFT
TEXT, SMALL, HEADING, TITLE, FIGURE = Type(9.5, 4.8), Type(8.0, 4.0), Type(11.5, 6.4), Type(15.0, 8.0), Type(16.0, 8.0)
ROW_MM, PAD_MM, FIRST_SHARE = 5.4, 1.6, 0.34  # of a table's width for its first column
SIGN_MM = 46.0
END_MM = 84.0  # the table of pages, the notes and the signature


def paper_of(voice: Voice, day: date) -> bytes:
    """The PDF in the voice's language; `day`: on which it was made."""
    paper = _Paper(voice)
    paper.say(voice.title, TITLE, bold=True)
    paper.say(f"{voice.whose} · {long_date(day, voice.language)}", TEXT, after=2.0)
    paper.figures(voice.headline())
    paper.heading(N_("Reached, and back"))
    paper.chart(returns_chart(voice))
    paper.table(returns_grid(voice), first=FIRST_SHARE if voice.report.of_schools else 0.33)
    paper.heading(N_("Marks by subject and grade"))
    if voice.report.marks:
        paper.chart(marks_chart(voice))
        paper.table(marks_grid(voice), first=0.24)
    else:
        paper.say(voice.say(N_("No work has a mark yet.")), TEXT)
    paper.heading(N_("Villages from which nothing came"))
    for line in voice.silent():
        paper.say(line, TEXT, after=0.0)
    paper.heading(N_("Work of the teachers"))
    paper.table(loads_grid(voice))
    paper.together(END_MM)  # nobody signs a sheet without figures
    paper.heading(N_("Pages"))
    paper.table(pages_grid(voice), first=1 / 8)
    paper.gap(2.0)
    for note in voice.notes():
        paper.say(note, SMALL, after=0.5)
    paper.signature()
    return paper.done()


class _Paper:
    """Sets one thing below the other, on as many pages as it takes."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._pen = Pen(title=voice.title)
        self._y, self._page = TOP, 1

    def gap(self, height: float) -> None:
        self._y += height

    def together(self, height: float) -> None:
        """Begin a page unless all of the height is left on this one."""
        self._room(height)

    def say(self, sentence: str, type_: Type, bold: bool = False, after: float = 1.0) -> None:
        for line in wrap(plain(sentence, bold), WIDTH, type_):
            self._room(type_.leading)
            draw_line(self._pen, line, LEFT, self._y + type_.baseline, type_)
            self._y += type_.leading
        self._y += after

    def heading(self, message: str) -> None:
        """A heading, never at the foot of a page without what it heads."""
        self._y += 3.0
        self._room(HEADING.leading + 24.0)
        self.say(self._voice.say(message), HEADING, bold=True, after=0.6)

    def figures(self, found: Sequence[tuple[str, str]]) -> None:
        """The headline: a frame for each figure."""
        width = (WIDTH - 3.0 * (len(found) - 1)) / len(found)
        for number, (figure, words) in enumerate(found):
            x = LEFT + number * (width + 3.0)
            self._pen.rectangle(x, self._y, width, 22.0, outline=0.25)
            self._pen.text(x + 2.0, self._y + 7.5, figure, FIGURE.size, Face.BOLD)
            for place, line in enumerate(wrap(plain(words), width - 3.0, SMALL)[:3]):
                draw_line(self._pen, line, x + 2.0, self._y + 12.0 + place * SMALL.leading, SMALL)
        self._y += 23.0

    def chart(self, chart: Chart | None) -> None:
        if chart is None:
            return
        self._room(chart.height + 2.0)
        draw(self._pen, chart, LEFT, self._y)
        self._y += chart.height + 2.0

    def table(self, grid: Grid, first: float = FIRST_SHARE) -> None:
        """Rows below headings, which stand again on every further page."""
        widths = [WIDTH * first, *[WIDTH * (1 - first) / (len(grid.headings) - 1)] * (len(grid.headings) - 1)]
        self._room(4 * ROW_MM)
        self._headings(grid.headings, widths)
        for kind, cells in grid.rows:
            if self._y + ROW_MM > BOTTOM:
                self._turn()
                self._headings(grid.headings, widths)
            self._row(cells, widths, kind)

    def signature(self) -> None:
        """Lines for office, name, signature and date, and the stamp's place."""
        self._y += 6.0
        self._room(SIGN_MM)
        y = self._y + 8.0
        for words, left, right in (
            (N_("Head of the education department"), LEFT, LEFT + 68.0),
            (N_("signature"), LEFT + 74.0, LEFT + 112.0),
            (N_("full name"), LEFT + 118.0, RIGHT),
        ):
            self._pen.line(left, y, right, y, 0.25)
            self._pen.text((left + right) / 2, y + 4.0, self._voice.say(words), 8, align="center")
        self._pen.line(LEFT + 118.0, y + 16.0, RIGHT, y + 16.0, 0.25)
        self._pen.text((LEFT + 118.0 + RIGHT) / 2, y + 20.0, self._voice.say(N_("date (dd.mm.yyyy)")), 8, align="center")
        self._pen.circle(LEFT + 92.0, y + 20.0, 26.0, outline=0.2, grey=GREY)
        self._pen.text(LEFT + 92.0, y + 21.0, self._voice.say(N_("stamp")), 8, align="center", grey=GREY)
        self._y += SIGN_MM

    def done(self) -> bytes:
        self._foot()
        self._pen.end_page()
        return self._pen.pdf()

    def _headings(self, headings: Sequence[str], widths: Sequence[float]) -> None:
        type_ = _fitting(headings, widths)
        wrapped = [wrap(plain(words, bold=True), width - PAD_MM, type_) for words, width in zip(headings, widths, strict=True)]
        height = max(map(len, wrapped)) * type_.leading + 1.2
        x = LEFT
        for number, (lines, width) in enumerate(zip(wrapped, widths, strict=True)):
            top = self._y + height - 1.0 - len(lines) * type_.leading
            for line in lines:
                indent = 0.0 if number == 0 else width - PAD_MM - line_width(line, type_)
                draw_line(self._pen, line, x + indent, top + type_.baseline, type_)
                top += type_.leading
            x += width
        self._y += height
        self._pen.line(LEFT, self._y, RIGHT, self._y, 0.35)

    def _row(self, cells: Sequence[str], widths: Sequence[float], kind: str) -> None:
        face = Face.BOLD if kind == SUM else Face.REGULAR
        if kind == SUM:
            self._pen.line(LEFT, self._y, RIGHT, self._y, 0.35)
        x, baseline = LEFT, self._y + 3.9
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            if number == 0:
                indent = 4.0 if kind == PART else 0.0
                self._pen.text(x + indent, baseline, _cut(cell, width - indent - PAD_MM, face), TEXT.size, face, grey=BLACK)
            else:
                self._pen.text(x + width - PAD_MM, baseline, cell, TEXT.size, face, align="right")
            x += width
        self._y += ROW_MM
        self._pen.line(LEFT, self._y, RIGHT, self._y, 0.12, PALE)

    def _room(self, height: float) -> None:
        if self._y + height > BOTTOM:
            self._turn()

    def _turn(self) -> None:
        self._foot()
        self._pen.end_page()
        self._y, self._page = TOP, self._page + 1

    def _foot(self) -> None:
        words = f"{self._voice.title} · {self._voice.whose}"
        self._pen.text(LEFT, 290.0, _cut(words, WIDTH - 20.0, Face.REGULAR, 7.5), 7.5, grey=GREY)
        self._pen.text(RIGHT, 290.0, self._voice.say(N_("p. {first}"), first=self._page), 7.5, align="right", grey=GREY)


def _fitting(headings: Sequence[str], widths: Sequence[float]) -> Type:
    """The largest type in which no word of the headings is broken."""
    for size in (SMALL.size, 7.5, 7.0, 6.5):
        words = ((word, width) for heading, width in zip(headings, widths, strict=True) for word in heading.split())
        if all(width_mm(word, size, Face.BOLD) <= width - PAD_MM for word, width in words):
            break
    return Type(size, SMALL.leading * size / SMALL.size)


def _cut(text: str, room: float, face: Face, size: float = TEXT.size) -> str:
    """The text, cut where it does not fit."""
    cut = text
    while cut and width_mm(cut if cut == text else f"{cut}…", size, face) > room:
        cut = cut[:-1]
    return cut if cut == text else f"{cut.rstrip()}…"

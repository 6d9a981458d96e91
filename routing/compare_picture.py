"""`routes compare --out FILE`: the ways side by side as bars, for a report or a meeting: SVG, PNG, PDF, or a page of HTML with the table.

The picture is a list of shapes in millimetres, drawn once as SVG text and once with packets.paper's pen; nothing is loaded from the net.
"""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packets.paper import BLACK, GREY, PALE, Face, Pen
from records.errors import UsageRefused
from records.files import write_bytes, write_text
from records.language import _, current_language
from records.terminal import Sheet

SUFFIXES = (".svg", ".png", ".pdf", ".html")
WIDTH_MM, LABEL_MM, BAR_MM, ROW_MM, BAR_HEIGHT_MM, HEAD_MM, LINE_MM = 220.0, 84.0, 66.0, 15.0, 7.0, 22.0, 6.0
PNG_SCALE = 2.5  # pixels for each point: 180 dpi
POINT_MM = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Bar:
    """One way: its words, what it drives in metres, and of that what is driven for packets alone, where the rest is driven anyway."""

    label: str
    below: str
    metres: int
    own_metres: int
    value: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What the picture says: a title, the bars, and sentences below them."""

    title: str
    bars: Sequence[Bar]
    lines: Sequence[str]
    sheets: Sequence[Sheet] = ()

    @property
    def height(self) -> float:
        """In millimetres."""
        return HEAD_MM + ROW_MM * len(self.bars) + LINE_MM * (len(self.lines) + 1)


Rectangle = tuple[float, float, float, float, float]  # left, top, width, height, grey
Words = tuple[float, float, str, float, bool]  # left, baseline, text, points, bold


def write_picture(path: Path, picture: Picture) -> None:
    """Write it by the file's suffix; raises UsageRefused for another one."""
    suffix = path.suffix.lower()
    if suffix == ".svg":
        write_text(path, as_svg(picture))
    elif suffix == ".html":
        write_text(path, as_html(picture))
    elif suffix == ".pdf":
        write_bytes(path, as_pdf(picture))
    else:
        write_bytes(path, _as_png(picture))


def require_suffix(path: Path) -> None:
    """Refuse, before anything is planned, a file that could not be written."""
    if path.suffix.lower() not in SUFFIXES:
        raise UsageRefused(_("A picture cannot be written as {file}.").format(file=path.name), _("Use .svg, .png, .pdf or .html."))


def as_svg(picture: Picture) -> str:
    """The picture as text, 1 unit to the millimetre."""
    rectangles, words = _shapes(picture)
    parts = [f'<rect x="{x:.2f}" y="{y:.2f}" width="{w:.2f}" height="{h:.2f}" fill="{_shade(grey)}"/>' for x, y, w, h, grey in rectangles]
    parts += [
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size * POINT_MM:.2f}" font-weight="{"bold" if bold else "normal"}">{html.escape(text)}</text>'
        for x, y, text, size, bold in words
    ]
    size = f'width="{WIDTH_MM:.0f}mm" height="{picture.height:.0f}mm" viewBox="0 0 {WIDTH_MM:.0f} {picture.height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Noto Sans, Arial, sans-serif" role="img">'
    return "\n".join([head, f"<title>{html.escape(picture.title)}</title>", *parts, "</svg>", ""])


def as_html(picture: Picture) -> str:
    """A page with the picture and its tables, complete in itself."""
    tables = "\n".join(_table(sheet) for sheet in picture.sheets)
    style = "body{font-family:sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3em .6em}"
    head = f'<meta charset="utf-8"><title>{html.escape(picture.title)}</title><style>{style}</style>'
    return f'<!doctype html>\n<html lang="{current_language()}"><head>{head}</head><body>\n{as_svg(picture)}\n{tables}\n</body></html>\n'


def as_pdf(picture: Picture) -> bytes:
    """One page of the picture's own size."""
    rectangles, words = _shapes(picture)
    pen = Pen((WIDTH_MM, picture.height), picture.title)
    for x, y, width, height, grey in rectangles:
        pen.rectangle(x, y, width, height, fill=grey, outline=None)
    for x, y, text, size, bold in words:
        pen.text(x, y, text, size, Face.BOLD if bold else Face.REGULAR)
    pen.end_page()
    return pen.pdf()


def _as_png(picture: Picture) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(as_pdf(picture))
    file = io.BytesIO()
    document[0].render(scale=PNG_SCALE).to_pil().save(file, "PNG")
    document.close()
    return file.getvalue()


def _shapes(picture: Picture) -> tuple[list[Rectangle], list[Words]]:
    longest = max((bar.metres for bar in picture.bars), default=0) or 1
    rectangles: list[Rectangle] = []
    words: list[Words] = [(10.0, 12.0, picture.title, 14.0, True)]
    for number, bar in enumerate(picture.bars):
        top = HEAD_MM + ROW_MM * number
        width, own = (BAR_MM * metres / longest for metres in (bar.metres, bar.own_metres))
        rectangles += [(LABEL_MM, top, width, BAR_HEIGHT_MM, PALE), (LABEL_MM, top, own, BAR_HEIGHT_MM, GREY)]
        words.append((10.0, top + 3.2, bar.label, 9.0, True))
        words.append((10.0, top + 7.6, bar.below, 7.5, False))
        words.append((LABEL_MM + max(width, own) + 2, top + 5.2, bar.value, 9.5, False))
    bottom = HEAD_MM + ROW_MM * len(picture.bars)
    words += [(10.0, bottom + LINE_MM * (number + 0.6), line, 9.0, False) for number, line in enumerate(picture.lines)]
    return rectangles, words


def _shade(grey: float) -> str:
    return "#" + f"{round((grey if grey != BLACK else 0) * 255):02x}" * 3


def _table(sheet: Sheet) -> str:
    head = "".join(f"<th>{html.escape(str(heading))}</th>" for heading in sheet.headings)
    rows = "\n".join("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in sheet.rows)
    return f"<h2>{html.escape(sheet.title)}</h2>\n<table><tr>{head}</tr>\n{rows}\n</table>"

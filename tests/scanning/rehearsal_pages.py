"""Pages drawn for the rehearsal's own tests: a PDF and the layout that `packets layout` would tell of it, made without the printing room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab.pdfgen.canvas import Canvas

MM = 72 / 25.4
HEIGHT = 297.0


def draw_packet(home: Path, packets: int = 1, pages: int = 2) -> dict[str, Any]:
    """`packets` PDFs below `home` with `pages` worksheets each; answers the data of `packets layout`."""
    told = []
    for packet in range(packets):
        pdf = home / f"packet-{packet}.pdf"
        canvas = Canvas(str(pdf), pagesize=(210 * MM, HEIGHT * MM), invariant=True)
        for number in range(1, pages + 1):
            boxes = _draw_page(canvas)
            canvas.showPage()
            told.append(
                {
                    "page": f"{packet * 100 + number:014x}", "short_code": "", "kind": "worksheet", "week": "2026-W41", "packet": f"PK{packet}", "pupil": f"P{packet}",
                    "assignment": "math-5", "number": number, "of": pages, "pdf": pdf.name, "pdf_page": number, "size_mm": [210.0, HEIGHT], "layout": "0", "boxes": boxes,
                }
            )  # fmt: skip
        canvas.save()
    return {"pages": told}


def _draw_page(canvas: Canvas) -> list[dict[str, Any]]:
    boxes: list[dict[str, Any]] = []
    canvas.setFont("Helvetica", 11)
    y = 50.0
    for question in range(1, 9):
        canvas.drawString(24 * MM, (HEIGHT - y) * MM, f"{question}. What is the question that stands in this line?")
        boxes += [_box(canvas, str(question), letter, "choice", 36 + 38 * place, y + 6) for place, letter in enumerate("ABCD")]
        y += 14
    for column in (1, 2, 3):
        boxes += [_box(canvas, "9", str(digit), "digit", 40 + 9 * digit, 168 + 9 * column, column) for digit in range(10)]
    for line in range(4):
        canvas.line(24 * MM, (HEIGHT - 210 - 9 * line) * MM, 186 * MM, (HEIGHT - 210 - 9 * line) * MM)
    boxes += [_box(canvas, "10", str(points), "score", 120 + 9 * points, 248) for points in range(4)]
    return boxes


def _box(canvas: Canvas, item: str, value: str, kind: str, x: float, y: float, column: int | None = None) -> dict[str, Any]:
    canvas.setLineWidth(0.4)
    canvas.circle(x * MM, (HEIGHT - y) * MM, 2.3 * MM)
    canvas.drawRightString((x - 3) * MM, (HEIGHT - y - 1.3) * MM, value)
    return {
        "item": item,
        "value": value,
        "label": value,
        "column": column,
        "kind": kind,
        "shape": "circle",
        "center_mm": [x, y],
        "size_mm": [4.6, 4.6],
    }

"""Pages a second, printed: this program's press against the plain reportlab loop that draws every page anew. `python bench/printing.py [PUPILS]`.

Both print the same: a worksheet page of 20 choice questions with a pupil's name and two codes of its own. The press is timed with tokens, page
ids and finished PDFs in memory, one packet of a cover and four worksheets a pupil; a whole build with files and rows is timed apart.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from packets.assignment import Assignment, ChoiceQuestion, Part
from packets.bundle import build
from packets.orders import Order
from packets.paper import Face, font
from packets.planning import Scope, plan
from packets.shelf import keep
from packets.token import derive_page_id, write_token
from packets.workshop import Workshop
from records import schema
from records.home import make_home
from records.keys import Key
from settlements.roster import Learner

WEEK, KATO, SHEETS = "2026-W41", "595033100", 4
KEY = Key("be9c0000", bytes(range(32)), datetime(2026, 9, 1))


def assignment(number: int) -> Assignment:
    """A page of 20 questions with five short choices."""
    parts: tuple[Part, ...] = tuple(
        ChoiceQuestion(str(q), f"Сұрақ {q}: қай сан үлкен?", ("бір", "екі", "үш", "төрт"), ("A",), False, False, Decimal(1))
        for q in range(1, 21)
    )
    return Assignment(f"bench-{number}", "math", 5, "kk", "Жылдамдық", "practice", WEEK, None, parts)


def press_pages(pupils: int) -> int:
    """Packets through the workshop; answers the pages drawn."""
    workshop, assignments = Workshop(), tuple(assignment(number) for number in range(SHEETS))
    for each in assignments:
        workshop.prepare(each, "normal")
    pages = 0
    for number in range(pupils):
        learner = Learner(f"P{number:05d}", 5, "kk", KATO, "")
        order = Order(f"{WEEK}-{learner.code}", WEEK, learner, "Әсел", None, assignments, date(2026, 10, 19), "1450")
        pages += len(workshop.draw(order, 1, KEY, ()).pages)
    return pages


def plain_pages(count: int) -> int:
    """The ordinary loop: every circle, letter and code of every page through reportlab."""
    font(Face.REGULAR)
    canvas = Canvas(io.BytesIO(), pagesize=A4, pageCompression=1)
    for number in range(count):
        identity = derive_page_id(KEY, str(number))
        for corner, (x, y) in enumerate(((174, 261), (14, 14))):
            widget = QrCodeWidget(write_token(KEY, identity, corner), barLevel="H", barWidth=22 * mm, barHeight=22 * mm)
            drawing = Drawing(22 * mm, 22 * mm)
            drawing.add(widget)
            renderPDF.draw(drawing, canvas, x * mm, y * mm)
        canvas.setFont(Face.REGULAR.value, 11)
        canvas.drawString(28 * mm, 277 * mm, "Әсел")
        for row in range(20):
            y = (245 - 10 * row) * mm
            canvas.drawString(24 * mm, y, f"{row + 1}. Сұрақ {row + 1}: қай сан үлкен?")
            for place, word in enumerate(("бір", "екі", "үш", "төрт")):
                canvas.circle((100 + 22 * place) * mm, y, 2.3 * mm)
                canvas.drawString((104 + 22 * place) * mm, y, word)
        canvas.showPage()
    canvas.save()
    return count


def build_pages(pupils: int) -> int:
    """A whole build on a new desk: files, rows, layouts, journal; answers the pages drawn."""
    with tempfile.TemporaryDirectory() as folder:
        home, _made = make_home(Path(folder))
        with home.database.write() as session:
            session.add(schema.Settlement(kato=KATO, name_kk="Қарағаш", name_ru="Карагаш", lat=54.0, lon=69.0))
            for number in range(pupils):
                session.add(
                    schema.Pupil(code=f"P{number:05d}", grade=5, language="kk", kato=KATO, school="", print="normal", channels="post")
                )
                session.add(schema.Person(code=f"P{number:05d}", role="pupil", first_name="Әсел"))
            for number in range(SHEETS):
                keep(session, assignment(number))
        pages = build(home, plan(home, WEEK, Scope()), lambda _steps=1: None).pages
        home.close()
    return pages


def timed(name: str, work: Callable[[int], int], amount: int) -> float:
    """Run `work` and print its pages a second, by the clock and by this process's own time; answers the latter."""
    clock, own = time.perf_counter(), time.process_time()
    pages = work(amount)
    clock, own = time.perf_counter() - clock, time.process_time() - own
    sys.stdout.write(
        f"{name:28} {pages:6d} pages  {pages / clock:8.0f} pages/s by the clock  {pages / own:8.0f} pages/s of processor time\n"
    )
    return pages / own


def main() -> None:
    """Print the three figures and the ratio."""
    pupils = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    press_pages(1)  # fonts and tables are loaded once
    plain_pages(1)
    plain = timed("plain reportlab loop", plain_pages, max(20, pupils // 4))
    press = timed("press, packets in memory", press_pages, pupils)
    timed("whole build, files and rows", build_pages, pupils)
    sys.stdout.write(f"press / plain loop: {press / plain:.1f} times\n")


if __name__ == "__main__":
    main()

"""Pages a second, printed: this program's press against the plain reportlab loop that draws every page anew. `python -m bench.printing [PUPILS]`.

Both print the same: a worksheet page of 20 choice questions with a pupil's name and two codes of its own. The press is timed with tokens, page
ids and finished PDFs in memory, one packet of a cover and eight worksheets a pupil; `packets build` as the command that a user runs: its start,
database, files and rows.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import insert

from bench import second_core
from bench.memory import watching
from packets.assignment import Assignment, ChoiceQuestion, Part
from packets.orders import Order
from packets.paper import Face, font
from packets.press import Page, Press, Stamp
from packets.shelf import keep
from packets.token import derive_page_id, write_token
from packets.worksheet import draw_assignment, draw_personal
from packets.workshop import Workshop
from records import schema
from records.home import Home, make_home
from records.keys import Key
from settlements.roster import Learner

ROOT = Path(__file__).parents[1]
WEEK, KATO, SHEETS, IN_VILLAGE = "2026-W41", 595033100, 4, 10
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
        learner = Learner(f"P{number:05d}", 5, "kk", str(KATO), "")
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


def make_desk(folder: Path, pupils: int) -> Home:
    """A desk with so many pupils, ten to a village, and the assignments of a week."""
    home, _made = make_home(folder)
    village = {"name_kk": "Қарағаш", "name_ru": "Карагаш", "lat": 54.0, "lon": 69.0}
    learner = {"grade": 5, "language": "kk", "school": "", "print": "normal", "channels": "post"}
    katos = [str(KATO + 100 * number) for number in range(-(-pupils // IN_VILLAGE))]
    codes = [f"P{number:06d}" for number in range(pupils)]
    with home.database.write() as session:
        session.execute(insert(schema.Settlement), [{"kato": kato} | village for kato in katos])
        session.execute(insert(schema.Pupil), [{"code": code, "kato": katos[at // IN_VILLAGE]} | learner for at, code in enumerate(codes)])
        session.execute(insert(schema.Person), [{"code": code, "role": "pupil", "first_name": "Әсел"} for code in codes])
        for number in range(SHEETS):
            keep(session, assignment(number))
    return home


@dataclass(frozen=True, slots=True)
class Built:
    """What one `poshta packets build` took, its start and its processes included: seconds by the clock and of processors, megabytes of its largest process."""

    pages: int
    clock: float
    own: float
    megabytes: float
    bytes_written: int


def build(pupils: int, processes: int) -> Built:
    """The command as a user runs it, on a new desk."""
    with tempfile.TemporaryDirectory() as folder:
        home = make_desk(Path(folder), pupils)
        home.close()
        surroundings = os.environ | {"POSHTA_WORKERS": str(processes), "POSHTA_TODAY": "2026-09-28"}
        command = [sys.executable, str(ROOT / "cli.py"), "--home", folder, "--json", "packets", "build", "--week", WEEK]
        answer, clock = Path(folder, "answer.json"), time.perf_counter()
        with answer.open("wb") as told:
            running = subprocess.Popen(command, env=surroundings, stdout=told)
            with watching(running.pid) as peak:
                _pid, status, used = os.wait4(running.pid, 0)  # of this build alone, with the processes that it started
        clock = time.perf_counter() - clock
        running.returncode = os.waitstatus_to_exitcode(status)
        assert running.returncode == 0, answer.read_text()
        written = sum(file.stat().st_size for file in Path(folder, "packets").rglob("*.pdf"))
        pages = json.loads(answer.read_text())["data"]["pages"]
        return Built(pages, clock, used.ru_utime + used.ru_stime, peak.megabytes or used.ru_maxrss / 1024, written)


def bytes_of_a_page(packets: int = 20) -> float:
    """Bytes that a worksheet more adds to a packet, beyond fonts and fixed pages that its pages share."""
    press = Press()
    (number, *_more) = press.take_in(draw_assignment(assignment(0)).pdf)
    sizes = []
    for count in (1, packets + 1):
        pages = []
        for place in range(count):
            stamp, identity = Stamp(), derive_page_id(KEY, str(place))
            draw_personal(stamp, [write_token(KEY, identity, corner) for corner in (0, 1)], identity, "Әсел", "P00001", place, count, "kk")
            pages.append(Page(number, stamp))
        sizes.append(len(press.packet(pages)))
    return (sizes[1] - sizes[0]) / packets


def timed(name: str, work: Callable[[int], int], amount: int) -> float:
    """Run `work` and print its pages a second, by the clock and by this process's own time; answers the latter."""
    clock, own = time.perf_counter(), time.process_time()
    pages = work(amount)
    clock, own = time.perf_counter() - clock, time.process_time() - own
    told(name, pages, clock, own)
    return pages / own


def told(name: str, pages: int, clock: float, own: float, more: str = "") -> None:
    """One line of the table."""
    sys.stdout.write(f"{name:34} {pages:7d} pages {pages / clock:7.0f} /s by the clock {pages / own:7.0f} /s of processor time{more}\n")
    sys.stdout.flush()


def main() -> None:
    """Print pages a second, the ratios to the plain loop, and the curve where it is asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("pupils", type=int, nargs="?", default=334, help="pupils of the desk; nine pages each")
    asked.add_argument("--two", action="store_true", help="the whole build with two processes too: on an idle machine of two cores")
    asked.add_argument(
        "--curve", type=int, nargs="*", default=[], help="whole builds of so many pupils, one after another; 100000 want 11 GB of disk"
    )
    asked.add_argument("--processes", type=int, default=1, help="of the curve's builds")
    chosen = asked.parse_args()
    press_pages(1)  # fonts and tables are loaded once
    plain_pages(1)
    plain = timed("plain reportlab loop", plain_pages, max(20, chosen.pupils // 4))
    press = timed("press, packets in memory", press_pages, chosen.pupils)
    whole = build(chosen.pupils, 1)
    told("packets build, start and files", whole.pages, whole.clock, whole.own)
    sys.stdout.write(
        f"press / plain loop: {press / plain:.1f} times; whole build / plain loop: {whole.pages / whole.own / plain:.1f} times\n"
    )
    sys.stdout.write(
        f"a worksheet more: {bytes_of_a_page():.0f} bytes; a packet of nine pages: {whole.bytes_written * 9 // whole.pages} bytes\n"
    )
    if chosen.two:
        two = build(chosen.pupils, 2)
        told("packets build, two processes", two.pages, two.clock, two.own, f"; {whole.clock / two.clock:.2f} times as fast by the clock")
        sys.stdout.write(second_core.told() + "\n")
    for pupils in chosen.curve:
        each = build(pupils, chosen.processes)
        told(
            f"packets build, {pupils} pupils",
            each.pages,
            each.clock,
            each.own,
            f"; {each.megabytes:.0f} MB, {each.clock:.0f} s by the clock",
        )


if __name__ == "__main__":
    main()

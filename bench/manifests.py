"""The reader and the driver's sheet: simulated pens on manifests of every condition, read in memory, compared with the truth.

    python -m bench.manifests --routes 20 --condition office_scan,hard_photo [--seed 1] [--workers 2] [--save FOLDER]

Invented routes of 8 stops (two sheets each). Who fills them in guesses: any outcome, any count, any odometer. One row a condition, as in
bench.judgement: items, right, doubts that nobody needed, doubts that were due, silent errors.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.judgement import details, run, table
from bench.printed_week import BENCH_KEY, PrintedWeek
from packets.layout import PageKind, as_printed, contract_box
from packets.token import derive_page_id, short_code, write_token
from routing.manifest import Manifest, Sealed, draw, forms_of
from routing.manifest_form import printed_form
from routing.plan import PlannedRoute, Stop, clock
from scanning.rehearsal.conditions import CONDITIONS
from scanning.verdict import PrintedPage

WEEK, MONDAY, STOPS = "2026-W41", date(2026, 9, 28), 8
NAMES = (("Ақтүбек а.", "с. Актубек"), ("Өрнек а.", "с. Орнек"), ("Һарман қыстауы", "зимовка Харман"), ("Үлкенсай рзд.", "рзд. Улькенсай"))


def invented(number: int) -> PlannedRoute:
    """A route of eight stops, an hour apart."""
    stops = tuple(_stop(number, order) for order in range(1, STOPS + 1))
    day = MONDAY + timedelta(days=number % 5)
    metres = sum(stop.leg_metres for stop in stops) + 30_000
    head = (f"26W41A-1504{number:02d}-1-MON", f"1504{number:02d}", "Тайынша", 1, "mon", day.isoformat(), "УАЗ 1", "08:00")
    return PlannedRoute(*head, metres, 500, 7_200, None, None, 30_000, 40, "estimate", stops)


def _stop(number: int, order: int) -> Stop:
    name_kk, name_ru = NAMES[(number + order) % len(NAMES)]
    return Stop(
        order=order,
        kato=f"5936{number % 100:02d}{order:03d}",
        name_kk=name_kk,
        name_ru=name_ru,
        lat=None,
        lon=None,
        visit=1,
        visits=1,
        arrive=clock(8 * 60 + 50 * order),
        service_minutes=8,
        packets_out=4 + order,
        packets_back=4 + order,
        grams_out=900,
        grams_back=900,
        leg_metres=21_000 + 700 * order,
        leg_minutes=42,
        source="estimate",
    )


def print_routes(home: Path, routes: int) -> PrintedWeek:
    """Print the manifests of so many routes below `home`."""
    week = PrintedWeek(home, {"pages": []}, {})
    for number in range(routes):
        manifest = Manifest(WEEK, invented(number))
        ids = [derive_page_id(BENCH_KEY, f"{manifest.code}/{place}") for place in range(len(forms_of(manifest)))]
        sealed = [Sealed(page, (write_token(BENCH_KEY, page, 0), write_token(BENCH_KEY, page, 1))) for page in ids]
        file = f"{manifest.code}.pdf"
        (home / file).write_bytes(draw([(manifest, sealed)], manifest.code))
        for place, (page, form) in enumerate(zip(ids, forms_of(manifest), strict=True), start=1):
            layout, blank = printed_form(form)
            week.layouts[layout.digest], week.blanks[layout.digest] = layout, blank
            week.pages[page] = PrintedPage(page, PageKind.MANIFEST, layout.digest, BENCH_KEY.id)
            size, boxes = as_printed(layout)
            told: dict[str, Any] = {
                "page": page,
                "short_code": short_code(page),
                "kind": "manifest",
                "week": WEEK,
                "packet": None,
                "pupil": None,
            }
            told |= {"assignment": None, "number": place, "of": len(ids), "pdf": file, "pdf_page": place, "size_mm": list(size)}
            week.layout["pages"].append(told | {"layout": layout.digest, "boxes": [contract_box(box) for box in boxes]})
    return week


def main() -> None:
    """Parse, print routes, judge, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--condition", default="all", help="all, or names with commas: " + ", ".join(CONDITIONS))
    parser.add_argument("--routes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--save", type=Path, help="keep pictures of silent errors and lost pages here")
    given = parser.parse_args()
    names = list(CONDITIONS) if given.condition == "all" else given.condition.split(",")
    home = Path(tempfile.mkdtemp(prefix="manifests-"))
    try:
        week, tallies = print_routes(home, given.routes), []
        for number, name in enumerate(names):
            tallies.append(run(name, week, 1000 * given.seed + number, given.workers, given.save))
            print("\n".join(details(tallies[-1])), flush=True)
        print("\n".join(table(tallies)))
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()

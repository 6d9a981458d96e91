"""What a week's returns cost for a class of 30 with 8 subjects: `poshta returns` as a process, beside a naive loop over the same records in the same run.

    python -m bench.returns [--pupils 30] [--subjects 8] [--folder KEEP]

The desk is made through the front door: one school, a teacher for each subject, an assignment of eight questions on two pages for each. Half of the sheets
come back as one JPEG each, half in PDFs of 40 pages, all at 200 dpi from a feeder. The naive loop opens the file of every page anew, warps the sheet
whole at the scan's own resolution and draws each into the teacher's PDF; it draws neither tables nor bars, and writes no HTML. Processor seconds (user and
system) are what counts. `--folder` keeps the desk for the next run.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import cv2

from bench.scanned_pages import BUILD_DAY, PrintedDesk, scanned
from scanning.rehearsal.frames import jpeg_of, write_frames
from scanning.rehearsal.pages import WORKSHEET, sheets_of

ROOT = Path(__file__).resolve().parents[1]
WEEK, RETURN_DAY = "2026-W41", "2026-10-20"
DPI, PAGES_A_PDF = 200, 40
SUBJECTS = (
    "math",
    "kazakh",
    "russian",
    "english",
    "science",
    "history",
    "geography",
    "informatics",
    "biology",
    "physics",
    "chemistry",
    "art",
)
NAMES = ("Айгерім", "Нұрсұлтан", "Өмірбек", "Іңкәр", "Ғалым", "Қуаныш", "Ұлжан", "Әсел")


@dataclass(frozen=True, slots=True)
class Run:
    """One process: processor seconds, seconds by the clock, and the megabytes of the files that it wrote, by kind."""

    what: str
    processor: float
    seconds: float
    megabytes: dict[str, float]


def make_desk(folder: Path, pupils: int, subjects: int) -> Path:
    """A desk on which everything has been scanned; one that stands in `folder` already is taken as it is."""
    home, inputs, scans = folder / "desk", folder / "inputs", folder / "scans"
    if (folder / "scanned").exists():
        return home
    _lists(inputs, pupils, subjects)
    _poshta(home, "init")
    for kind in ("settlements", "schools", "teachers", "pupils"):
        _poshta(home, kind, "import", str(inputs / f"{kind}.csv"))
    _poshta(home, "assignments", "add", *(str(file) for file in sorted(inputs.glob("*.yaml"))))
    _poshta(home, "packets", "build", "--week", WEEK)
    sheets = sheets_of(_layout(home))
    desk = PrintedDesk(home, tuple(sheet for sheet in sheets if sheet.kind == WORKSHEET))
    _scans(desk, scans)
    _poshta(home, "scan", str(scans))
    (folder / "scanned").touch()
    return home


def _lists(inputs: Path, pupils: int, subjects: int) -> None:
    inputs.mkdir(parents=True)
    taught = SUBJECTS[:subjects]
    villages = [f"5936{number:02}100" for number in range(30, 35)]
    _table(
        inputs / "settlements.csv",
        "kato,name_kk,name_ru,lat,lon,population",
        [(kato, f"Ауыл {kato}", f"Село {kato}", 54.1, 68.2, 90) for kato in villages],
    )
    _table(inputs / "schools.csv", "school,name_kk,name_ru,kato", [("S1", "Тірек мектебі", "Опорная школа", villages[0])])
    teachers = [(f"T{place:02}", f"Мұғалім {place}", "S1", subject, 5, "kk") for place, subject in enumerate(taught, start=1)]
    _table(inputs / "teachers.csv", "teacher,name,school,subject,grade,language", teachers)
    children = [(f"C{n:04}", f"Тегі{n}", NAMES[n % len(NAMES)], 5, "kk", villages[n % len(villages)], "S1", "post") for n in range(pupils)]
    _table(inputs / "pupils.csv", "code,last_name,first_name,grade,language,kato,school,channels", children)
    for subject in taught:
        (inputs / f"{subject}.yaml").write_text(_assignment(subject), encoding="utf-8")


def _table(file: Path, heading: str, rows: Sequence[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(heading.split(","))
        writer.writerows(rows)


def _assignment(subject: str) -> str:
    """Five questions of one choice, two numbers, and one that the teacher scores."""
    out = io.StringIO()
    out.write(
        f"assignment: {subject}-5\nsubject: {subject}\ngrade: 5\nlanguage: kk\ntitle: Апталық жұмыс\nkind: formative\nweek: {WEEK}\nparts:\n"
    )
    for number in range(1, 6):
        choices = ", ".join(f'"жауап {number}{letter}"' for letter in "абвг")
        out.write(
            f"  - question: {number}-сұрақтың дұрыс жауабын таңда\n    choices: [{choices}]\n    answer: {'ABCD'[number % 4]}\n    points: 1\n"
        )
    for number, value in ((6, 84), (7, 125)):
        out.write(f"  - question: {number}-есепті шығар\n    number: {value}\n    digits: 3\n    points: 2\n")
    out.write("  - question: Қалай шығарғаныңды түсіндір\n    lines: 5\n    points: 3\n")
    return out.getvalue()


def _scans(desk: PrintedDesk, folder: Path) -> None:
    folder.mkdir(parents=True)
    pile = []
    for number, taken in enumerate(scanned(desk, DPI)):
        if number % 2:
            (folder / f"{number:05}.jpg").write_bytes(jpeg_of(taken))
            continue
        pile.append(taken)
        if len(pile) == PAGES_A_PDF:
            write_frames(folder / f"{number:05}.pdf", "pdf", pile)
            pile = []
    if pile:
        write_frames(folder / "last.pdf", "pdf", pile)


def _layout(home: Path) -> dict[str, object]:
    from cli import invoke

    os.environ["POSHTA_TODAY"] = BUILD_DAY
    answer = invoke(("--home", str(home), "--quiet", "packets", "layout", "--week", WEEK))
    assert answer is not None
    return answer.data


def _poshta(home: Path, *words: str) -> None:
    day = RETURN_DAY if words[0] == "scan" else BUILD_DAY
    ended = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "--quiet", *words], env={**os.environ, "POSHTA_TODAY": day}, check=False
    )
    assert ended.returncode in {0, 3}, words


def naive(home: Path, out: Path) -> None:
    """One PDF a teacher: each page's file opened for this page alone, put upright whole, its verdicts drawn over it."""
    from packets.layout import PAGE_MM
    from packets.paper import Pen
    from records.home import open_home
    from scanning.annotate import Place, draw_verdicts, transform_of, upright
    from scanning.intake import Frame, Limits, frames
    from scanning.return_words import verdicts_on
    from scanning.returns import gather

    opened = open_home(home)
    with opened.database.read() as session:
        reports = gather(session, WEEK)
    for report in reports:
        pen = Pen()
        for work in report.works:
            for pupil in work.pupils:
                for sheet in pupil.sheets:
                    if sheet.scan is None:
                        continue
                    (frame,) = frames(home / sheet.original, Limits(), only=[sheet.frame])
                    assert isinstance(frame, Frame)
                    flat = upright(frame.image, transform_of(sheet.measurements), dpi=DPI)
                    jpeg = cv2.imencode(".jpg", flat)[1].tobytes()
                    pen.photograph(0, 0, *PAGE_MM, jpeg, (flat.shape[1], flat.shape[0]))
                    draw_verdicts(pen, Place(0, 0, 1), sheet.measurements, report.layouts[sheet.layout], verdicts_on(work, pupil, sheet))
                    pen.end_page()
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{report.code}.pdf").write_bytes(pen.pdf())
    opened.close()


def timed(what: str, command: Sequence[str], out: Path) -> Run:
    """Run a process that writes into `out`, on one core."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        [sys.executable, *command],
        check=True,
        cwd=ROOT,
        env={**os.environ, "POSHTA_TODAY": RETURN_DAY, "POSHTA_WORKERS": "1"},
        stdout=subprocess.DEVNULL,
    )
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - begun
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    sizes = {kind: sum(file.stat().st_size for file in out.glob(f"*.{kind}")) / 1e6 for kind in ("pdf", "html")}
    return Run(what, processor, seconds, {kind: size for kind, size in sizes.items() if size})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pupils", type=int, default=30)
    parser.add_argument("--subjects", type=int, default=8)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--naive", type=Path, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.naive:
        naive(*given.naive)
        return
    with ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home = make_desk(folder.resolve(), given.pupils, given.subjects)
        loop = folder.resolve() / "naive"
        runs = [
            timed("start of the program", [str(ROOT / "cli.py"), "--version"], loop),
            timed(
                "poshta returns", [str(ROOT / "cli.py"), "--home", str(home), "--quiet", "returns", "--week", WEEK], home / "returns" / WEEK
            ),
            timed("naive loop", ["-m", "bench.returns", "--naive", str(home), str(loop)], loop),
            timed(
                "poshta returns, again",
                [str(ROOT / "cli.py"), "--home", str(home), "--quiet", "returns", "--week", WEEK],
                home / "returns" / WEEK,
            ),
        ]
    print(f"{given.pupils} pupils, {given.subjects} subjects, {given.pupils * given.subjects * 2} pages at {DPI} dpi")
    for run in runs:
        sizes = ", ".join(f"{kind} {size:.1f} MB" for kind, size in run.megabytes.items())
        print(f"{run.what:24} {run.processor:7.1f} s processor {run.seconds:7.1f} s clock  {sizes}")


if __name__ == "__main__":
    main()

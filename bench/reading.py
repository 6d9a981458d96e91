"""How fast `poshta scan` is: the whole command as a process, with database, originals and commits, beside the decoding of its pictures alone.

    python -m bench.reading [--pages 200] [--folder KEEP] [--only jpeg,pdf,two,hard,memory,peers,dask] [--profile]

Processor seconds (user and system, of the command and its workers) are what counts: others on the machine make them longer too, so that each row stands
beside `floor`, the decoding to grey of the same pictures in this process right before and after it. `--folder` keeps what was made for the next run.
The sizes of `memory` are 200, 1,000 and 4,000 files: the same drawn pages again under a comment of their own, so that every file is new to the desk.
`dask` needs requirements-cluster.lock and a PostgreSQL server named by POSHTA_TEST_POSTGRES.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench import omr_peers, second_core
from bench.memory import watching
from bench.scanned_pages import SCAN_DAY, PrintedDesk, printed_desk, write_copies, write_hard, write_jpegs, write_pdfs

ROOT = Path(__file__).resolve().parents[1]
HARD = ("rough_scan", "hard_photo", "worst_scan", "worst_photo")
HARD_EACH = 15
FLOOR_FILES = 40
MEMORY = (200, 1000, 4000)
TWO = 600
NAIVE_PAGES, AMC_PAGES = 30, 20
TITLES = ("what", "pages", "processor ms", "floor ms", "ratio", "pages/s/core", "seconds", "MB", "states")


@dataclass(frozen=True, slots=True)
class Run:
    """One command: its processor seconds with all its children's, seconds by the clock, and the memory of the largest process."""

    processor: float
    seconds: float
    megabytes: float
    pages: tuple[dict[str, Any], ...] = ()


def command(words: Sequence[str], more: Mapping[str, str], folder: Path = ROOT) -> tuple[Run, str]:
    """Run a command to its end; answers what it took, and what it said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSHTA_") and name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        process = subprocess.Popen(words, cwd=folder, stdout=said, stderr=complained, stdin=subprocess.DEVNULL, env={**kept, **more})
        with watching(process.pid) as peak:
            _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode()
        complained.seek(0)
        assert process.returncode in {0, 3}, text[-800:] + complained.read().decode()[-800:]
    return Run(used.ru_utime + used.ru_stime, time.perf_counter() - begun, peak.megabytes or used.ru_maxrss / 1024), text


def scan(desk: PrintedDesk, scans: Path, options: Sequence[str], more: Mapping[str, str]) -> Run:
    """`poshta scan` over a folder, on a desk that has read nothing yet."""
    with tempfile.TemporaryDirectory(dir=desk.home.parent) as folder:
        home = Path(folder) / "desk"
        shutil.copytree(desk.home, home)
        poshta = (sys.executable, str(ROOT / "cli.py"), "--home", str(home), "--json")
        run, said = command((*poshta, "scan", str(scans), *options), {"POSHTA_TODAY": SCAN_DAY, **more})
    return Run(run.processor, run.seconds, run.megabytes, tuple(json.loads(said)["data"]["pages"]))


def decoding_ms(files: Sequence[Path]) -> float:
    """Processor milliseconds to decode one of the JPEGs to grey: the floor of any reader."""
    contents = [np.frombuffer(file.read_bytes(), np.uint8) for file in files]
    begun = time.process_time()
    for content in contents:
        cv2.imdecode(content, cv2.IMREAD_GRAYSCALE)
    return (time.process_time() - begun) / len(contents) * 1000


def row(what: str, run: Run, pages: int, floor: float) -> None:
    """Print one line of the table."""
    each = run.processor / pages * 1000
    states = Counter(page["state"] for page in run.pages)
    told = " ".join(f"{state} {count}" for state, count in states.most_common())
    figures = (
        f"{each:.1f}",
        f"{floor:.1f}",
        f"{each / floor:.2f}",
        f"{1000 / each:.1f}",
        f"{run.seconds:.1f}",
        f"{run.megabytes:.0f}",
        told,
    )
    print("| " + " | ".join((what, str(pages), *figures)) + " |", flush=True)


def measured(
    what: str, desk: PrintedDesk, scans: Path, pages: int, decoded: Path, *options: str, more: Mapping[str, str] | None = None
) -> Run:
    """One row of `poshta scan`, with the floor taken before and after."""
    files = sorted(decoded.glob("*.jpg"))[:FLOOR_FILES]
    before = decoding_ms(files)
    run = scan(desk, scans, options, more or {})
    row(what, run, pages, (before + decoding_ms(files)) / 2)
    return run


@dataclass(slots=True)
class Bench:
    """What the parts of the benchmark share."""

    folder: Path
    pages: int
    desk: PrintedDesk

    def jpegs(self, dpi: int = 200) -> Path:
        return write_jpegs(self.desk, dpi, self.folder / f"jpeg{dpi}")

    def jpeg(self) -> None:
        """A single page, which is the start of the command; then all pages at 200 and 300 dpi."""
        one = self.folder / "one"
        one.mkdir(exist_ok=True)
        shutil.copy(self.jpegs() / "00000.jpg", one)
        measured("one page: the start", self.desk, one, 1, self.jpegs())
        for dpi in (200, 300):
            measured(f"JPEG {dpi} dpi", self.desk, self.jpegs(dpi), self.pages, self.jpegs(dpi))

    def pdf(self) -> None:
        """The same in PDFs of 50 pages."""
        measured("PDF 200 dpi", self.desk, write_pdfs(self.desk, 200, self.folder / "pdf200"), self.pages, self.jpegs())

    def two(self) -> None:
        """One process against two, by the clock, over so many files that starting does not count."""
        scans = write_copies(self.jpegs(), TWO, self.folder / f"copies{TWO}")
        one, two = (
            measured(f"JPEG 200 dpi, --workers {count}", self.desk, scans, TWO, self.jpegs(), "--workers", str(count)) for count in (1, 2)
        )
        times = (one.seconds / two.seconds, two.processor / one.processor)
        print(f"two processes against one: {times[0]:.2f} times as fast by the clock, for {times[1]:.2f} times the processor seconds")
        print(f"the same answers: {_answers(one) == _answers(two)}")
        print(second_core.told())

    def hard(self) -> None:
        """What takes the slow path; milliseconds by the clock as `scan` tells them."""
        for name in HARD:
            scans = write_hard(self.desk, self.folder / "hard", (name,), HARD_EACH) / name
            run = measured(name, self.desk, scans, len(list(scans.iterdir())), scans)
            times = sorted(page["ms"] for page in run.pages)
            print(f"    {name}: median {times[len(times) // 2]} ms, longest {times[-3:]} ms")

    def memory(self) -> None:
        """The largest process over more and more files."""
        for count in MEMORY:
            measured(
                f"memory, {count} files", self.desk, write_copies(self.jpegs(), count, self.folder / f"copies{count}"), count, self.jpegs()
            )

    def peers(self) -> None:
        """An ordinary reader, and Auto Multiple Choice."""
        files = sorted(self.jpegs().glob("*.jpg"))
        sheets = {sheet.page: sheet for sheet in self.desk.sheets}
        before, begun = decoding_ms(files[:FLOOR_FILES]), time.process_time()
        found = [omr_peers.read_naively(file, sheets) for file in files[:NAIVE_PAGES]]
        run = Run(time.process_time() - begun, 0.0, 0.0)
        row(f"naive reader, {sum(map(bool, found))} found", run, NAIVE_PAGES, (before + decoding_ms(files[:FLOOR_FILES])) / 2)
        if not omr_peers.amc_is_installed():
            print("Auto Multiple Choice: not installed")
            return
        with tempfile.TemporaryDirectory() as folder:
            analyse = omr_peers.amc_scans(Path(folder), AMC_PAGES)
            own = sorted((Path(folder) / "scans").glob("*.jpg"))
            before = decoding_ms(own)
            run, _said = command(analyse, {}, Path(folder))
            row(f"Auto Multiple Choice, {omr_peers.amc_found(Path(folder))} found", run, AMC_PAGES, (before + decoding_ms(own)) / 2)
            measured(f"ours, {AMC_PAGES} pages", self.desk, _some(self.jpegs(), AMC_PAGES, Path(folder) / "ours"), AMC_PAGES, self.jpegs())

    def dask(self) -> None:
        """A scheduler and two workers of this machine against two processes, both on PostgreSQL."""
        from bench.dask_machine import dask_machine

        with ExitStack() as stack:
            ready = dask_machine(stack, self.folder, self.pages)
            if isinstance(ready, str):
                print(f"dask: {ready}")
                return
            desk, address, more = ready
            one = measured("PostgreSQL, --workers 2", desk, self.jpegs(), self.pages, self.jpegs(), "--workers", "2", more=more())
            far = measured(
                "PostgreSQL, Dask, 2 workers", desk, self.jpegs(), self.pages, self.jpegs(), "--workers", f"dask:{address}", more=more()
            )
        print(
            f"Dask against two processes, by the clock: {far.seconds / one.seconds:.2f} times (the row's processor time is the desk's own part)"
        )
        print(f"the same answers: {_answers(one) == _answers(far)}")


def _some(folder: Path, count: int, into: Path) -> Path:
    into.mkdir()
    for file in sorted(folder.glob("*.jpg"))[:count]:
        shutil.copy(file, into)
    return into


def _answers(run: Run) -> list[tuple[object, ...]]:
    return [(page["file"], page["frame"], page["part"], page["state"], page["page"], json.dumps(page["doubts"])) for page in run.pages]


def profile(bench: Bench) -> None:
    """Where the time of reading goes."""
    words = (sys.executable, "-m", "cProfile", "-s", "tottime", str(ROOT / "cli.py"), "--home")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "desk"
        shutil.copytree(bench.desk.home, home)
        _run, said = command((*words, str(home), "scan", str(bench.jpegs())), {"POSHTA_TODAY": SCAN_DAY, "OPENBLAS_NUM_THREADS": "1"})
    print("\n".join(said[said.index("function calls") - 20 :].splitlines()[:60]))


def main() -> None:
    """Run the parts that are asked for."""
    parts = ("jpeg", "pdf", "two", "hard", "memory", "peers", "dask")
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pages", type=int, default=200)
    arguments.add_argument("--folder", type=Path)
    arguments.add_argument("--only", default=",".join(parts))
    arguments.add_argument("--dask", action="store_true", help="the same as --only dask")
    arguments.add_argument("--profile", action="store_true")
    chosen = arguments.parse_args()
    cv2.setNumThreads(1)
    with ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bench = Bench(folder.resolve(), chosen.pages, printed_desk(folder.resolve(), chosen.pages))
        if chosen.profile:
            profile(bench)
            return
        print(f"| {' | '.join(TITLES)} |\n|{'---|' * len(TITLES)}", flush=True)
        for part in ["dask"] if chosen.dask else chosen.only.split(","):
            work: Callable[[], None] = getattr(bench, part)
            work()


if __name__ == "__main__":
    main()

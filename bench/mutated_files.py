"""Thousands of damaged and hostile files before `poshta scan`: none may end a batch, hold it up, or change an answer in silence.

    python -m bench.mutated_files --files 2000 --seed 1

Real scans of a small desk are damaged by seed (bench/accidents), hostile files are made by hand (bench/bombs), and folders, links and names are laid beside
them. Each batch is one `poshta --json scan FOLDER` in a process of its own, with a limit of memory for every process and of time by the clock; one and two workers in
turn. In each batch lies one whole page that must be read. Answers read from damaged files are compared with those of the whole file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.accidents import Sample, damaged, whole_files
from bench.bombs import BOMBS
from bench.memory import watching
from packets.layout import Layout
from packets.samples import write_samples
from records import schema
from records.home import open_home
from records.keys import Key, keep_key
from scanning.judge import judge_page
from scanning.rehearsal.play import play_post
from scanning.verdict import Doubt, Judgement, PageState
from settlements.sample_lists import write_sample

ROOT = Path(__file__).resolve().parent.parent
WEEK, BUILD_DAY, SCAN_DAY = "2026-W41", "2026-09-24", "2026-10-14"
LISTS = ("settlements", "offices", "vehicles", "schools", "pupils")
MEMORY = 2 << 30  # bytes that a process may hold (RLIMIT_DATA)
CLOCK = 1200.0  # seconds that a batch may take by the clock, on a machine that is not idle
BATCH = 100
DONE = (0, 3, 4)
WHOLE = "zz-whole.jpg"
NAMES = (
    "Сканерленген бет №{} Ә Ғ Қ Ң Ө Ұ Ү Һ І{}",
    "two\nlines {}{}",
    "-flag {}{}",
    " {} spaces {}",
    "tab\t{}{}",
    "*?[{}]{}",
    "%s{}{}",
    "{}" + "ж" * 100 + "{}",
)


@dataclass(slots=True)
class Account:
    """What came of all batches; `faults` names everything that must not be."""

    files: int = 0
    rows: int = 0
    seconds: float = 0.0
    states: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    longest_batch: float = 0.0
    peak_megabytes: int = 0
    answers: int = 0
    doubted: int = 0
    blank_paper: list[str] = field(default_factory=list)
    made_by: dict[str, str] = field(default_factory=dict)  # the file's digest -> what was done to it


def make_desk(folder: Path) -> tuple[Path, Path]:
    """A desk of two villages with a printed week, and clean scans of it: home, folder of scans. The same pages each time."""
    home, inputs, scans = folder / "desk", folder / "inputs", folder / "scans"
    write_sample(inputs, 7, villages=2, pupils=(2, 2))
    write_samples(inputs / "assignments", (WEEK, "2026-W42"))
    _poshta(home, "init")
    keep_key(home / "keys", Key("00000000", hashlib.sha256(b"mutated files").digest(), datetime(2030, 1, 1)))
    for kind in LISTS:
        _poshta(home, kind, "import", str(next(inputs.glob(f"{kind}.*"))))
    _poshta(home, "assignments", "add", str(inputs / "assignments"))
    _poshta(home, "packets", "build", "--week", WEEK)
    pages = _poshta(home, "packets", "layout", "--week", WEEK)["pages"]
    play_post(home, {"pages": [page for page in pages if page["kind"] == "worksheet"][:4]}, scans, 3, "clean_scan")
    return home, scans


def files_of(samples: Sequence[Sample], count: int, seed: int) -> Iterator[Sample]:
    """`count` files: the whole ones, every bomb that there is room for, and accidents by the seed."""
    luck = np.random.default_rng(seed)
    bombs = [Sample(f"bomb: {name}", suffix, make()) for name, (suffix, make) in list(BOMBS.items())[: count // 4]]
    yield from [*samples, *bombs][:count]
    for _file in range(count - len(samples) - len(bombs)):
        yield damaged(samples, luck)


def lay_out(folder: Path, number: int, sample: Sample) -> Path:
    """Put a file into the folder of its batch; every eighth has a strange name."""
    name = NAMES[number // 8 % len(NAMES)].format(number, sample.suffix) if number % 8 == 0 else f"{number:05d}{sample.suffix}"
    path = folder / name
    path.write_bytes(sample.content)
    return path


def odd_places(folder: Path, content: bytes) -> None:
    """What else may lie in a folder of scans: folders with a file's name, links in a ring and to nowhere, pipes, names that are no text."""
    (folder / "folder.pdf" / "within").mkdir(parents=True)
    (folder / "folder.pdf" / "within" / "page.jpg").write_bytes(content + b"in a folder")
    (folder / "empty-folder").mkdir()
    (folder / "ring").symlink_to(folder, target_is_directory=True)
    (folder / "self.jpg").symlink_to(folder / "self.jpg")
    (folder / "nowhere.pdf").symlink_to(folder / "gone.pdf")
    (folder / "endless.png").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.jpg")
    (folder / "long").with_suffix("." + "p" * 240).write_bytes(content + b"long suffix")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe no text.jpg")).write_bytes(content + b"bytes for a name")
    (folder / "locked.jpg").write_bytes(content + b"locked")
    (folder / "locked.jpg").chmod(0)


def run(home: Path, samples: Sequence[Sample], count: int, seed: int, folder: Path, batch: int = BATCH) -> Account:
    """Lay out `count` files in batches, scan each, and call to account."""
    account, names = Account(), dict[str, str]()
    page = samples[0].content
    files = list(files_of(samples, count, seed))
    for place, start in enumerate(range(0, count, batch)):
        heap = folder / f"batch-{place}"
        heap.mkdir(parents=True)
        laid = {str(lay_out(heap, start + number, each)): each.name for number, each in enumerate(files[start : start + batch])}
        account.made_by |= {hashlib.sha256(each.content).hexdigest(): each.name for each in files[start : start + batch]}
        if place == 0:
            odd_places(heap, page)
        (heap / WHOLE).write_bytes(page + f"batch {place}".encode())
        names |= laid
        _scan_batch(home, heap, 1 + place % 2, laid, account)
        shutil.rmtree(heap)
    _compare_answers(home, account)
    return account


def _scan_batch(home: Path, heap: Path, workers: int, laid: dict[str, str], account: Account) -> None:
    begun = time.perf_counter()
    words = ("--home", str(home), "--lang", "kk", "--json", "scan", str(heap), "--workers", str(workers))
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "cli.py"), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(SCAN_DAY),
        preexec_fn=partial(_limit, MEMORY),  # noqa: PLW1509 - the thread that looks at memory begins after it
    )
    with process, watching(process.pid) as peak:
        try:
            said, complained = process.communicate(timeout=CLOCK)
        except subprocess.TimeoutExpired:
            process.kill()
            account.faults.append(f"{heap.name}: not ended after {CLOCK:.0f} s")
            return
    account.peak_megabytes = max(account.peak_megabytes, round(peak.megabytes))
    seconds = time.perf_counter() - begun
    account.seconds += seconds
    account.longest_batch = max(account.longest_batch, seconds)
    account.files += len(laid)
    if process.returncode not in DONE or b"Traceback" in complained + said:
        account.faults.append(f"{heap.name}: exit {process.returncode} {said[-300:]!r} {complained[-2000:].decode()}")
        return
    _take_in(heap, laid, json.loads(said)["data"]["pages"], account)


def _take_in(heap: Path, laid: dict[str, str], rows: Sequence[dict[str, Any]], account: Account) -> None:
    """The rows of one batch: every file has one, none is a fault of the program, the whole page was read."""
    told = {row["file"] for row in rows}
    account.faults += [f"{heap.name}: no row for {name!r} ({what})" for name, what in laid.items() if name not in told]
    taken: Counter[str] = Counter()
    for row in rows:
        what = laid.get(row["file"], Path(row["file"]).name)
        account.rows += 1
        account.states[f"{row['state']}:{row['reason']}" if row["state"] == PageState.REFUSED else row["state"]] += 1
        taken[row["file"]] += row["ms"]
        if row["reason"].startswith("fault_") or row["reason"] == "worker_died":
            account.faults.append(f"{heap.name}: {row['reason']} at {what}")
        if row["state"] == PageState.EMPTY and not what.startswith("bomb"):
            account.blank_paper.append(what)
    (whole,) = [row for row in rows if row["file"] == str(heap / WHOLE)] or [{"state": "no row"}]
    if whole["state"] not in {PageState.READ, PageState.DOUBTFUL, PageState.DUPLICATE}:
        account.faults.append(f"{heap.name}: the whole page is {whole['state']}")
    name, milliseconds = max(taken.items(), key=lambda each: each[1])
    account.slowest = max(account.slowest, (milliseconds / 1000, laid.get(name, Path(name).name)))


def _compare_answers(home: Path, account: Account) -> None:
    """Judge every scan again from its kept measurements: an answer that differs from the one most files give is silently wrong."""
    desk = open_home(home)
    with desk.database.read() as session:
        columns = (schema.Scan.page, schema.Scan.original, schema.Scan.measurements, schema.Page.layout)
        found = session.query(*columns).join(schema.Page).all()
        layouts = {row.digest: Layout.from_json(row.geometry) for row in session.query(schema.Layout)}
    said: dict[tuple[str, str], dict[Judgement, list[str]]] = {}
    for page, original, measurements, layout in found:
        for verdict in judge_page(measurements, layouts[layout]) if measurements.get("boxes") else ():
            by_judgement = said.setdefault((page, verdict.item), {})
            by_judgement.setdefault(verdict.judgement, []).append(account.made_by.get(original, original))
    desk.close()
    for (page, item), judgements in said.items():
        plain = {each: files for each, files in judgements.items() if not isinstance(each, Doubt)}
        sure = sum(map(len, plain.values()))
        account.answers += sum(map(len, judgements.values()))
        account.doubted += sum(map(len, judgements.values())) - sure
        for other, files in sorted(plain.items(), key=lambda each: -len(each[1]))[1:]:
            account.faults.append(f"answer changed in silence: page {page} item {item}: {other} by {files}")


def _limit(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _environment(day: str) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if not name.startswith("POSHTA_")}, "POSHTA_TODAY": day}


def _poshta(home: Path, *words: str) -> dict[str, Any]:
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "--json", *words]
    ended = subprocess.run(command, capture_output=True, check=False, env=_environment(BUILD_DAY))
    assert ended.returncode in DONE, (words, ended.stdout, ended.stderr)
    data: dict[str, Any] = json.loads(ended.stdout)["data"]
    return data


def told(account: Account) -> Iterator[str]:
    """The lines to print."""
    yield f"{account.files} files, {account.rows} rows, {account.seconds:.0f} s; longest batch {account.longest_batch:.0f} s"
    yield f"slowest file {account.slowest[0]:.1f} s ({account.slowest[1]}); largest process {account.peak_megabytes} MB"
    yield "states: " + ", ".join(f"{state} {count}" for state, count in account.states.most_common())
    yield f"answers read from damaged and whole files: {account.answers}, in doubt {account.doubted}"
    yield f"damaged scans told as blank paper: {len(account.blank_paper)} {account.blank_paper[:20]}"
    yield f"FAULTS: {len(account.faults)}"
    yield from account.faults


def main() -> None:
    """Parse, make a desk, damage, scan, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mutated-"))
    try:
        home, scans = make_desk(folder)
        packet = next(path for path in sorted((home / "packets").rglob("*.pdf")))
        account = run(home, whole_files(scans, packet.read_bytes()), given.files, given.seed, folder / "post")
        print("\n".join(told(account)))
    finally:
        shutil.rmtree(folder)
    sys.exit(bool(account.faults))


if __name__ == "__main__":
    main()

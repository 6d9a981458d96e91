"""A finished week of two villages, made once for a whole test run: lists, packets, routes, simulated post, scans, returns.

tests/conftest.py hands out the desk itself (`small_desk`: look, do not touch) and copies of it (`own_desk`).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

import cli
from packets.samples import write_samples
from scanning.rehearsal.play import play_post
from settlements.sample_lists import write_sample

ROOT = Path(__file__).parents[1]
WEEK, NEXT_WEEK = "2026-W41", "2026-W42"
BEFORE, AFTER = "2026-09-24", "2026-10-14"  # the days on which packets are built, and on which they are back
LISTS = ("settlements", "offices", "vehicles", "schools", "teachers", "pupils")


@dataclass(frozen=True)
class SmallDesk:
    """`home` is the desk; `inputs` the lists and assignment files; `scans` what the post brought; `played` the packets that came back.

    `unread` is the desk as it was before anything was scanned.
    """

    home: Path
    inputs: Path
    scans: Path
    unread: Path
    played: tuple[str, ...] = ()

    def copied(self, folder: Path) -> SmallDesk:
        """The same desk in another folder."""
        shutil.copytree(self.home, folder / "desk")
        return replace(self, home=folder / "desk")


@dataclass(frozen=True)
class Told:
    """What a command answered: exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def body(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body["data"]
        return found


def here(home: Path, *words: str, day: str = AFTER, lang: str = "en", json: bool = True, **more: Any) -> Told:
    """A command in this process, on that day."""
    out, err = StringIO(), StringIO()
    flags = ["--home", str(home), "--lang", lang, *(["--json"] if json else [])]
    with _surroundings({"POSHTA_TODAY": day, **more}), redirect_stdout(out), redirect_stderr(err):
        code = cli.main([*flags, *words])
    return Told(code, out.getvalue(), err.getvalue())


def outside(home: Path, *words: str, day: str = AFTER, lang: str = "en", json: bool = True, **more: Any) -> Told:
    """The same command as a process of its own."""
    ended = subprocess.run(
        command(home, *words, lang=lang, json=json),
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environment(day, **more),
        timeout=300,
    )
    return Told(ended.returncode, ended.stdout, ended.stderr)


def command(home: Path, *words: str, lang: str = "en", json: bool = True) -> list[str]:
    """The command line of a process."""
    return [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "--lang", lang, *(["--json"] if json else []), *words]


def environment(day: str = AFTER, **more: str) -> dict[str, str]:
    """The machine's variables without its settings for this program."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSHTA_")}
    return {**kept, "POSHTA_TODAY": day, **more}


def make_small_desk(folder: Path) -> SmallDesk:
    """Lead a district of two villages and four pupils through a week; two packets come back."""
    desk = SmallDesk(folder / "desk", folder / "inputs", folder / "scans", folder / "unread")
    write_inputs(desk.inputs)
    load(desk.home, desk.inputs)
    steps: tuple[tuple[str, ...], ...] = (
        ("packets", "build"),
        ("packets", "labels"),
        ("routes", "plan"),
        ("routes", "manifest"),
        ("routes", "handover"),
    )
    for words in steps:
        _well(here(desk.home, *words, "--week", WEEK, day=BEFORE), words)
    played = post(desk.home, desk.scans)
    shutil.copytree(desk.home, desk.unread)
    _well(here(desk.home, "scan", str(desk.scans)), ("scan",))
    _well(here(desk.home, "returns", "--week", WEEK), ("returns",))
    return replace(desk, played=played)


def write_inputs(folder: Path) -> None:
    """The lists of the district and the sample assignments of its pupils' grades."""
    write_sample(folder, 7, villages=2, pupils=(2, 2))
    write_samples(folder / "assignments", (WEEK, NEXT_WEEK))


def load(home: Path, inputs: Path, **more: Any) -> None:
    """A new desk with everything on its lists and shelf."""
    _well(here(home, "init", day=BEFORE, **more), ("init",))
    for kind in LISTS:
        file = next(inputs.glob(f"{kind}.*"))
        _well(here(home, kind, "import", str(file), day=BEFORE, **more), (kind,))
    _well(here(home, "assignments", "add", str(inputs / "assignments"), day=BEFORE, **more), ("assignments",))


def post(home: Path, scans: Path, packets: int = 2, **more: Any) -> tuple[str, ...]:
    """Let pens, post and scanner play the week's first packets; answers their codes."""
    pages = here(home, "packets", "layout", "--week", WEEK, **more).data["pages"]
    played = tuple(sorted({page["packet"] for page in pages if page["packet"]})[:packets])
    play_post(home, {"pages": [page for page in pages if page["packet"] in played]}, scans, seed=3)
    return played


def _well(told: Told, words: Sequence[str]) -> None:
    assert told.code in {0, 3}, (words, told.out, told.err)


@contextmanager
def _surroundings(wanted: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)

"""The stage that both demos play on: a folder of its own, the command line, the day, and the account at the end.

Called by scanning/demo and scanning/demo_country.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from records.errors import Complaint, IntegrityFailed, NotAllowed
from records.files import write_text
from records.keys import Key
from records.language import _, current_language
from records.terminal import Answer, Ticker
from scanning.rehearsal.truth import Comparison

Invoke = Callable[[Sequence[str]], Answer | None]

MARKER = ".poshta-demo"


@dataclass(slots=True)
class Stage:
    """Where the demo plays: the home, the command line, the seed, the progress bar, and every file that a command named."""

    home: Path
    invoke: Invoke
    seed: int
    workers: int
    tick: Ticker
    files: list[str] = field(default_factory=list)
    quiet: bool = True  # else each command shows its own progress bar

    def run(self, *words: str) -> Mapping[str, Any]:
        """Run one command in the demo's home; answers its data."""
        flags = ("--home", str(self.home), "--lang", current_language(), *(["--quiet"] if self.quiet else []))
        answer = self.invoke((*flags, *words))
        assert answer is not None, "a command of the demo answers"
        self.files += answer.data.get("files", [])
        self.tick()
        return answer.data


def demo_key(seed: int, day: date) -> Key:
    """A key by the seed, so that page ids, and the chances of pens and post that hang on them, are the same again. It guards nobody."""
    secret = hashlib.sha256(f"poshta demo {seed}".encode()).digest()
    return Key(secret.hex()[:8], secret, datetime.combine(day, datetime.min.time()))


def clear(out: Path) -> Path:
    """An empty folder for the demo: what an earlier demo left is removed, anything else is never touched."""
    home = out.resolve()
    if home.exists() and any(home.iterdir()):
        if not (home / MARKER).exists():
            raise NotAllowed(
                _("{folder} is not empty and was not made by the demo.").format(folder=home), _("Name another folder with --out.")
            )
        shutil.rmtree(home)
    write_text(home / MARKER, "Made by `poshta demo`; the next demo with this --out begins by removing this folder.\n")
    return home


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """Let it be `day` for every dated rule."""
    before = os.environ.get("POSHTA_TODAY")
    os.environ["POSHTA_TODAY"] = day.isoformat()
    try:
        yield
    finally:
        if before is None:
            del os.environ["POSHTA_TODAY"]
        else:
            os.environ["POSHTA_TODAY"] = before


def hold_to_account(home: Path, comparisons: Sequence[Comparison | None], files: Sequence[str]) -> None:
    """Raise IntegrityFailed for a silent error, a wrong identity, a picture without a state, or a file that was named and is not there."""
    complaints = [
        Complaint(finding.kind, _("The reader was wrong here: {what}").format(what=finding), file=finding.file)
        for found in comparisons
        if found is not None
        for finding in (*found.silent, *found.strangers, *found.stateless)
    ]
    gone = [name for name in files if not (home / name).exists()]
    complaints += [Complaint("file_missing", _("A command named this file, but it is not there."), file=name) for name in gone]
    if complaints:
        raise IntegrityFailed(
            _("The demo found {count} faults of the program.").format(count=len(complaints)),
            _("The folder {folder} is kept as it is. Please report the first of these lines.").format(folder=home),
            tuple(complaints),
        )

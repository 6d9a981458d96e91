"""The one place that prints: tables through rich, or one JSON object; progress on stderr.

Commands return an `Answer`; cli.py hands it to `show`. Nothing else in the program writes to stdout.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from records.errors import Complaint, ExitCode, PoshtaError
from records.language import _

CONTRACT_VERSION = 1
SHORTEST_CODE = 6  # a postal index; KATO has nine signs
NARROWEST = 100


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for the screen: a title, headings and rows; numbers are set to the right."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found or did. `data` is the contract; `lines` and `sheets` say the same to a person.

    `complaints` are refused or doubtful parts. `waiting` makes the exit code 3: done, but something waits for a person.
    """

    data: dict[str, Any]
    lines: Sequence[str] = ()
    sheets: Sequence[Sheet] = ()
    complaints: Sequence[Complaint] = ()
    waiting: bool = False
    exit_code: ExitCode = field(default=ExitCode.DONE)

    @property
    def code(self) -> ExitCode:
        """What the process answers."""
        if self.exit_code is ExitCode.DONE and self.waiting:
            return ExitCode.WAITING
        return self.exit_code


class Ticker(Protocol):
    """Something that counts finished work."""

    def __call__(self, steps: int = 1) -> None:
        """So many more are done."""
        ...


def show(answer: Answer, command: str, as_json: bool, quiet: bool) -> None:
    """Print an answer: one JSON object, or lines, tables and complaints."""
    if as_json:
        status = {ExitCode.DONE: "ok", ExitCode.WAITING: "partial"}.get(answer.code, "error")
        _print_json(command, status, answer.data, [complaint.as_json() for complaint in answer.complaints])
        return
    if not quiet:
        console = _console(sys.stdout)
        for sheet in answer.sheets:
            console.print(_table(sheet))
        for line in answer.lines:
            _say(console, line)
    _show_complaints(answer.complaints)


def show_error(error: PoshtaError, command: str, as_json: bool) -> None:
    """Print a failure: its sentence, what to do, and where."""
    own = Complaint(error.code, error.message, error.hint).as_json()
    if as_json:
        _print_json(command, "error", {}, [own, *(complaint.as_json() for complaint in error.complaints)])
        return
    console = _console(sys.stderr)
    _say(console, error.message, "bold red")
    if error.hint:
        _say(console, error.hint)
    _show_complaints([complaint for complaint in error.complaints if complaint.text != error.message])


def announce(sentence: str) -> None:
    """A sentence on stderr while a command is still at work: what a person must know before its answer."""
    _say(_console(sys.stderr), sentence)
    sys.stderr.flush()


@contextmanager
def progress(title: str, total: int | None, quiet: bool = False) -> Iterator[Ticker]:
    """A bar on stderr for long work; silent where stderr is no terminal."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task(title, total=total)

        def tick(steps: int = 1) -> None:
            bar.advance(task, steps)

        yield tick


def _print_json(command: str, status: str, data: dict[str, Any], errors: list[dict[str, object]]) -> None:
    body = {"version": CONTRACT_VERSION, "command": command, "status": status, "data": data, "errors": errors}
    sys.stdout.write(json.dumps(body, ensure_ascii=False, default=str) + "\n")


class _Paper(Console):
    """A console that leaves it to cli.py what a reader's early leaving means."""

    def on_broken_pipe(self) -> None:
        """Rich would end the program here."""
        raise BrokenPipeError


def _console(stream: Any) -> Console:
    console = _Paper(file=stream, highlight=False, markup=False)
    if not console.is_terminal:
        console = _Paper(file=stream, highlight=False, markup=False, width=max(NARROWEST, console.width))
    return console


def _say(console: Console, sentence: str, style: str = "") -> None:
    """One sentence; broken into lines only for a person's window."""
    console.print(Text(sentence, style=style), soft_wrap=not console.is_terminal)


def _table(sheet: Sheet) -> Table:
    table = Table(title=sheet.title, title_justify="left", title_style="bold", header_style="bold")
    for number, heading in enumerate(sheet.headings):
        numeric = bool(sheet.rows) and all(isinstance(row[number], int | float) for row in sheet.rows)
        codes = [cell for row in sheet.rows if (cell := str(row[number])).isdigit() and len(cell) >= SHORTEST_CODE]
        whole = 2 * len(codes) > len(sheet.rows)  # a code is never broken in two; a row of sums may have none
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold", no_wrap=whole)
    for row in sheet.rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    return table


def _show_complaints(complaints: Sequence[Complaint]) -> None:
    console = _console(sys.stderr)
    for complaint in complaints:
        place = [complaint.file, complaint.sheet]
        if complaint.row is not None:
            place.append(_("row {row}").format(row=complaint.row))
        if complaint.column:
            place.append(_("column {column}").format(column=complaint.column))
        head = ", ".join(part for part in place if part)
        _say(console, f"{head}: {complaint.text}" if head else complaint.text)
        if complaint.hint:
            _say(console, f"    {complaint.hint}")

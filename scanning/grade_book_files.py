"""How the grade book's files are written: names noted first, the audit's table with every export, whole or not at all.

scanning/grade_book_export_commands calls this.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy.orm import Session

from records.exchange import Table, require_room_for, write_tables
from records.files import write_text
from records.home import Home
from records.language import _
from records.named_files import Written, is_inside, naming
from scanning.audit import Sum, sums
from scanning.audit_command import audit_table
from scanning.grade_book import Scope, require_known
from scanning.grade_book_tables import People, pupils_of
from scanning.rescore import rescore

JSON = ".json"


def tables_into(
    home: Home, file: Path, said: str, with_names: bool, scope: Scope, tables: Callable[[Session, People], list[Table]]
) -> tuple[list[Table], Sum, str]:
    """Make tables and write them, with the audit's; answers them, what is known of the reader's errors, and the file as it is shown."""
    if file.suffix.lower() != JSON:
        require_room_for(file, 1)
    rescore(home.database)
    with home.database.read() as session:
        require_known(session, scope)
        people = People.of(session, with_names)
        made = [*tables(session, people), audit_table(session)]
        known = sums(session)[-1]
    return made, known, noted(home, file, said, people.named(pupils_of(made)), lambda: _write(file, made))


def noted(home: Home, file: Path, said: str, named: Iterable[str], write: Callable[[], object]) -> str:
    """Write a file, noting first whose names it carries; answers it as it is shown. `said` is the command that writes it, with {file} in it."""
    inside = is_inside(home, file)
    again = said.replace("{file}", _quoted(file))
    with naming(home, {Written(home.relative(file), again): set(named)} if inside else {}):
        write()
    return home.named(file)


def outside(home: Home, file: Path, with_names: bool) -> list[str]:
    """That names were written where `pupils forget` will not look; nothing where that is not so."""
    if not with_names or is_inside(home, file):
        return []
    return [_("The file stands outside of the desk: `pupils forget` will not find the names in it.")]


def _write(file: Path, tables: list[Table]) -> None:
    if file.suffix.lower() == JSON:
        body = {table.name: [dict(zip(table.headings, row, strict=True)) for row in table.rows] for table in tables}
        write_text(file, json.dumps(body, ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        write_tables(file, tables if file.suffix.lower() == ".xlsx" else tables[:1])


def said_again(scope: Scope, zero_days: int | None) -> str:
    """The options that narrow a command, to be said again."""
    given = {name: getattr(scope, name) for name in ("school", "grade", "subject", "language", "pupil") if getattr(scope, name)}
    if zero_days is not None:
        given["missing-as-zero"] = zero_days
    return "".join(f" --{name} {shlex.quote(str(value))}" for name, value in given.items())


def _quoted(file: Path) -> str:
    return f'"{file}"' if " " in str(file) else str(file)

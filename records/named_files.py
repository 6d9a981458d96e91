"""Which written file carries whose name, so that `pupils forget` finds it. The names themselves do not stand here.

Every room that writes a pupil's name into a file of the desk notes it *before* the file appears: a killed program leaves a note without a
file, never a file without its note. settlements/forgetting deletes the files; packets of pupils are known from their own table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from records.schema import NamedFile


@dataclass(frozen=True, slots=True)
class Written:
    """A file, relative to the home, and the command that writes it anew (without `poshta`)."""

    path: str
    again: str


def note(session: Session, file: Written, pupils: Iterable[str]) -> None:
    """Remember that `file` is about to carry the names of `pupils`, and of nobody else."""
    session.execute(delete(NamedFile).where(NamedFile.path == file.path))
    rows = [{"path": file.path, "pupil": pupil, "again": file.again} for pupil in sorted(set(pupils))]
    if rows:
        session.execute(insert(NamedFile), rows)


def files_naming(session: Session, pupil: str) -> list[Written]:
    """The files that carry the pupil's name, by path."""
    rows = session.execute(select(NamedFile.path, NamedFile.again).where(NamedFile.pupil == pupil).order_by(NamedFile.path))
    return [Written(path, again) for path, again in rows]

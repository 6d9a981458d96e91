"""Which written file carries whose name, so that `pupils forget` finds it. The names themselves do not stand here.

Every room that writes pupils' names into files of the desk does so within `naming`: whoever is to be named is noted *before* the files appear, and whoever
stood in the older file only is let go of *after* it was replaced. So neither a killed program nor a file that cannot be replaced leaves a name of which
nobody knows. settlements/forgetting deletes the files; packets of pupils are known by their code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from records.errors import Busy, PoshtaError
from records.files import remove
from records.home import Home
from records.language import _
from records.schema import NamedFile, Person

FEW = 500  # codes that a database is asked for by name
PUPIL = "pupil"


@dataclass(frozen=True, slots=True)
class Written:
    """A file, relative to the home, and the command that writes it anew (without `poshta`)."""

    path: str
    again: str


@contextmanager
def naming(home: Home, files: Mapping[Written, Iterable[str]]) -> Iterator[None]:
    """Write `files` within the block: each carries the names of these pupils, and of nobody else.

    Raises Busy, with the files that name them removed, where one of them was forgotten since the names were looked up.
    """
    wanted = {file: set(pupils) for file, pupils in files.items()}
    if not wanted:
        yield
        return
    with home.database.write() as session:
        for file, pupils in wanted.items():
            _add(session, file, pupils)
    try:
        yield
    except BaseException:
        with suppress(PoshtaError):
            with home.database.read() as session:
                gone = forgotten_since(session, set().union(*wanted.values()))
            _remove_naming(home.path, wanted, gone)
        raise
    with home.database.write() as session:
        gone = forgotten_since(session, set().union(*wanted.values()))
        for file, pupils in () if gone else wanted.items():
            _settle(session, file, pupils)
    if gone:
        _remove_naming(home.path, wanted, gone)
        raise forgotten_meanwhile()


def is_inside(home: Home, path: Path) -> bool:
    """Whether a file that a person chose stands in the desk's folder, where `pupils forget` finds it."""
    return path.resolve().is_relative_to(home.path.resolve())


def files_naming(session: Session, pupil: str) -> list[Written]:
    """The files that carry the pupil's name, by path."""
    rows = session.execute(select(NamedFile.path, NamedFile.again).where(NamedFile.pupil == pupil).order_by(NamedFile.path))
    return [Written(path, again) for path, again in rows]


def noted_below(session: Session, folder: str) -> set[str]:
    """The files below a folder, relative to the home, that are noted to carry a name."""
    return set(session.scalars(select(NamedFile.path).where(NamedFile.path.startswith(f"{folder}/", autoescape=True))))


def let_go(session: Session, paths: Iterable[str]) -> None:
    """Forget who is named in files that are no more."""
    for path in paths:
        session.execute(delete(NamedFile).where(NamedFile.path == path))


def forgotten_since(session: Session, named: Iterable[str]) -> set[str]:
    """Those of the pupils, all of whom had names when these were looked up, who have none any more."""
    codes = set(named)
    known = select(Person.code).where(Person.role == PUPIL)
    if len(codes) <= FEW:
        known = known.where(Person.code.in_(codes))
    return codes - set(session.scalars(known)) if codes else set()


def forgotten_meanwhile() -> Busy:
    """The refusal of files for which a name was looked up that has been forgotten since."""
    return Busy(
        _("A pupil was forgotten while files with the name were being written; these were removed."),
        _("Run the same command again: it writes them without the name."),
    )


def _add(session: Session, file: Written, pupils: set[str]) -> None:
    noted = _noted(session, file)
    session.execute(update(NamedFile).where(NamedFile.path == file.path).values(again=file.again))
    if new := sorted(pupils - noted):
        session.execute(insert(NamedFile), [{"path": file.path, "pupil": pupil, "again": file.again} for pupil in new])


def _settle(session: Session, file: Written, pupils: set[str]) -> None:
    """Let the notes be of these pupils exactly: another program may have written the same file in the meantime."""
    _add(session, file, pupils)
    if surplus := sorted(_noted(session, file) - pupils):
        place = (NamedFile.path == file.path, NamedFile.pupil == bindparam("of"))
        session.connection().execute(delete(NamedFile).where(*place), [{"of": pupil} for pupil in surplus])


def _noted(session: Session, file: Written) -> set[str]:
    return set(session.scalars(select(NamedFile.pupil).where(NamedFile.path == file.path)))


def _remove_naming(folder: Path, wanted: Mapping[Written, set[str]], gone: set[str]) -> None:
    for file, pupils in wanted.items():
        if pupils & gone:
            remove(folder / file.path)

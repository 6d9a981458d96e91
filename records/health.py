"""`poshta doctor`: is everything there that this desk needs, and sound? Here is what a check is, and the checks of the desk itself.

Rooms keep their own in ROOM/health.py; cli.py joins all and hands them to `examine`. A check looks and tells; it mends and writes nothing.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from sqlalchemy import func, select, text

from records.calendar import today
from records.errors import Complaint, ExitCode, PoshtaError
from records.files import file_digest
from records.home import Home, attach, require_desk
from records.journal import entries
from records.keys import current_key
from records.language import N_, _, ngettext
from records.schema import Act, Original, Page
from records.terminal import Answer, Sheet

State = Literal["ok", "warn", "fail"]
STATE_WORDS = {"ok": N_("ok"), "warn": N_("attention"), "fail": N_("not right")}
SCARCE_BYTES, TOO_FEW_BYTES = 2 << 30, 200 << 20  # a week of one district is some 100 MB of scans
ORIGINALS_LOOKED_AT = 25
BACKUP_DAYS = 14  # an older backup is worth a warning


@dataclass(frozen=True, slots=True)
class Check:
    """What one look found. `name` is a stable English word; `text` and `hint` are sentences; `code` is the exit code that a failure asks for."""

    name: str
    state: State
    text: str
    hint: str = ""
    code: ExitCode = ExitCode.PART_MISSING


Look = Callable[[Home], Check]


def examine(folder: Path, looks: Sequence[tuple[str, Look]]) -> Answer:
    """Take every look at the desk in `folder`; exit 0 unless one failed, then 10 where something stored is damaged, else 12."""
    home = attach(folder)
    try:
        checks = [_taken(name, look, home) for name, look in looks]
    finally:
        home.close()
    failed = [check for check in checks if check.state == "fail"]
    data = [{"name": each.name, "state": each.state, "text": each.text, "hint": each.hint} for each in checks]
    rows = [(each.name, _(STATE_WORDS[each.state]), each.text) for each in checks]
    return Answer(
        {"checks": data},
        lines=[each.hint for each in checks if each.state == "warn" and each.hint],
        sheets=[Sheet(_("What the doctor found"), (_("Check"), _("State"), _("Finding")), rows)],
        complaints=[Complaint(each.name, each.text, each.hint) for each in failed],
        exit_code=_worst(failed),
    )


def _taken(name: str, look: Look, home: Home) -> Check:
    try:
        return look(home)
    except PoshtaError as error:
        return Check(name, "fail", error.message, error.hint, error.exit_code)
    except Exception as failure:  # noqa: BLE001 - a doctor who falls ill must still finish the round
        return Check(name, "fail", _("This could not be looked at: {reason}").format(reason=f"{type(failure).__name__}: {failure}"))


def _worst(failed: Sequence[Check]) -> ExitCode:
    if not failed:
        return ExitCode.DONE
    return ExitCode.INTEGRITY if any(check.code is ExitCode.INTEGRITY for check in failed) else ExitCode.PART_MISSING


def settings(home: Home) -> Check:
    """They were read before this; how many were set here?"""
    chosen = sum(origin != "default" for origin in home.loaded.origins.values())
    found = ngettext(
        "{count} setting is set here; the others have their defaults.",
        "{count} settings are set here; the others have their defaults.",
        chosen,
    )
    return Check("settings", "ok", found.format(count=chosen))


def database(home: Home) -> Check:
    """The database opens, and SQLite's own quick check is content."""
    require_desk(home)
    if not home.database.is_sqlite:
        with home.database.read() as session:
            session.execute(text("SELECT 1"))
        return Check("database", "ok", _("The database server answers."))
    with home.database.read() as session:
        found = session.execute(text("PRAGMA quick_check(1)")).scalar_one()
    if found == "ok":
        return Check("database", "ok", _("The database opens and is sound."))
    hint = _("Keep the file as it is and restore the last backup beside it.")
    return Check("database", "fail", _("The database file is damaged."), hint, ExitCode.INTEGRITY)


def migrations(home: Home) -> Check:
    """The tables are of this program's version."""
    require_desk(home)
    home.database.require_current()
    return Check("migrations", "ok", _("The tables are of version {version}.").format(version=home.database.version()))


def key(home: Home) -> Check:
    """There is a key, nobody else may read it, and none is gone that pages were sealed with."""
    require_desk(home)
    keys = home.keys()
    current = current_key(keys)
    shared = [file.name for file in sorted(home.keys_folder.glob("*.key")) if _readable_by_others(file)]
    if shared:
        hint = _("Whoever has a key can print pages that this desk believes. Take the right away: chmod 600 keys/*.key")
        return Check("key", "fail", _("Other users may read {files}.").format(files=", ".join(shared)), hint)
    with home.database.read() as session:
        lost = sorted(set(session.scalars(select(Page.key_id).where(Page.void.is_(False)).distinct())) - {each.id for each in keys})
    if lost:
        hint = _("Copy them back from the last backup. Until then, pages sealed with them wait for a person when they are scanned.")
        return Check("key", "fail", _("Pages were sealed with keys that are not here: {keys}.").format(keys=", ".join(lost)), hint)
    found = ngettext("{count} key, the current one is {id}.", "{count} keys, the current one is {id}.", len(keys))
    return Check("key", "ok", found.format(count=len(keys), id=current.id))


def _readable_by_others(file: Path) -> bool:
    return os.name != "nt" and bool(stat.S_IMODE(file.stat().st_mode) & 0o077)


def room(home: Home) -> Check:
    """The disk has room for scans and backups."""
    free = shutil.disk_usage(_existing(home.path)).free
    found = _("{gigabytes} GB are free on the disk.").format(gigabytes=f"{free / 1e9:.1f}")
    if free >= SCARCE_BYTES:
        return Check("room", "ok", found)
    hint = _("A week of scans of one district takes about 0.1 GB. Free some space.")
    return Check("room", "warn" if free >= TOO_FEW_BYTES else "fail", found, hint, ExitCode.NO_ROOM)


def _existing(folder: Path) -> Path:
    folder = folder.resolve()
    return folder if folder.exists() else _existing(folder.parent)


def originals(home: Home) -> Check:
    """A sample of the scanned files, spread over all, is what it was when it came in."""
    require_desk(home)
    home.database.require_current()
    with home.database.read() as session:
        total = session.scalar(select(func.count()).select_from(Original)) or 0
        step = max(1, total // ORIGINALS_LOOKED_AT)
        listed = list(session.execute(select(Original.digest, Original.path).order_by(Original.digest)).all())[::step]
    wrong = [path for digest, path in listed if not _unchanged(home.path / path, digest)]
    if wrong:
        found = _("{wrong} of {looked} scanned files looked at are gone or changed, {file} first.")
        hint = _("Copy them back from the last backup. What was read from them is kept.")
        return Check("originals", "fail", found.format(wrong=len(wrong), looked=len(listed), file=wrong[0]), hint, ExitCode.INTEGRITY)
    found = ngettext(
        "{count} scanned file looked at is as it came in.", "{count} scanned files looked at are as they came in.", len(listed)
    )
    return Check("originals", "ok", found.format(count=len(listed)))


def _unchanged(file: Path, digest: str) -> bool:
    return file.exists() and file_digest(file) == digest


def backup(home: Home) -> Check:
    """How old is the last backup, by the journal: one that was made, or that this desk was restored from? Without any, the desk's first act counts."""
    require_desk(home)
    home.database.require_current()
    with home.database.read() as session:
        made = [entry.at.date() for entry in entries(session, "backup.make", limit=1)]
        made += [date.fromisoformat(entry.subject) for entry in entries(session, "backup.restore", limit=1)]
        begun = session.scalar(select(func.min(Act.at)))
    last = max(made, default=None)
    found = _("The last backup was made on {day}.").format(day=last.isoformat()) if last else _("No backup of this desk was made yet.")
    since = last or (begun.date() if begun else None)
    old = since is not None and (today() - since).days > BACKUP_DAYS
    return Check("backup", "warn" if old else "ok", found, _("Run `poshta backup make` onto another disk.") if old else "")


CHECKS: tuple[tuple[str, Look], ...] = (
    ("settings", settings),
    ("database", database),
    ("migrations", migrations),
    ("key", key),
    ("room", room),
    ("originals", originals),
    ("backup", backup),
)

"""Commands of backups: make, verify, restore. What they do stands in records/backup; here are words, passphrase and progress."""

from __future__ import annotations

import getpass
import os
import sys
import unicodedata
from pathlib import Path
from typing import Annotated

import typer

from records.backup import CLOSED, ODD, TAKEN, Made, Restored, make_backup, require_file, require_place, restore_backup, verify_backup
from records.backup_archive import Manifest
from records.backup_forgotten import lists_for, out_of_reach, spread
from records.desk import desk_of
from records.errors import Complaint, InputRefused, UsageRefused
from records.home import BACKUPS, Home, attach
from records.language import N_, _, ngettext
from records.terminal import Answer, progress

SHORTEST = 12  # letters of a passphrase
VARIABLE = "POSHTA_PASSPHRASE"
REMEDIES = {
    ODD: N_("Rename it, or replace the link by the file."),
    TAKEN: N_("Rename it, or take it out of the desk's folder, if the desk does without it."),
    CLOSED: N_("Check who owns the file and its folder."),
}
BackupFile = Annotated[Path, typer.Argument(help="The backup.")]


def register(app: typer.Typer) -> None:
    """Hang the commands on the front door."""
    group = typer.Typer(no_args_is_help=True, help="The whole desk in one encrypted file, and back.")
    group.command("make")(make)
    group.command("verify")(verify)
    group.command("restore")(restore)
    app.add_typer(group, name="backup")


def make(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A new file, or a folder; else the desk's folder backups/.")] = None,
) -> Answer:
    """Write the database, scans, keys and settings into one file, encrypted with a passphrase."""
    desk = desk_of(context)
    with desk.opened() as home:
        passphrase = new_passphrase()
        with progress(_("Backing up"), None, desk.quiet or desk.as_json) as tick:
            made = make_backup(home, file, passphrase, tick)
        missed = spread(home, made.file.resolve().parent)
        named = home.named(made.file)
    return _told(made, named, missed)


def verify(context: typer.Context, file: BackupFile) -> Answer:
    """Read a whole backup and compare every digest."""
    desk = desk_of(context)
    require_file(file)
    with progress(_("Reading the backup"), None, desk.quiet or desk.as_json) as tick:
        manifest = verify_backup(file, known_passphrase(), tick)
    return Answer(_shown(file, manifest), [_("The backup is whole."), _held(manifest)])


def restore(
    context: typer.Context,
    file: BackupFile,
    forgotten: Annotated[Path | None, typer.Option(help="A later list of forgotten pupils: forgotten.json of the lost desk.")] = None,
) -> Answer:
    """Make the desk of a backup in the home, which must be a new or an empty folder."""
    desk = desk_of(context)
    folder = desk.home.resolve()
    require_file(file)
    require_place(folder)
    if forgotten is not None:
        require_file(forgotten)
    passphrase = known_passphrase()
    lists: list[str] = []

    def forget(home: Home) -> list[str]:
        found = lists_for(home, file, forgotten)
        lists.extend(map(str, found))
        return [code for content in found.values() for code in desk.forget_again(home, content)]

    with progress(_("Restoring"), None, desk.quiet or desk.as_json) as tick:
        restored = restore_backup(file, folder, passphrase, forget, tick)
    missed = _remembered(folder, file)
    lines = [_("The desk is back in {folder}, as it was on {moment}.").format(folder=folder, moment=_moment(restored.manifest))]
    lines.append(_held(restored.manifest))
    lines.append(_("The packets' PDFs are not in a backup: `poshta packets build --week W` draws them again, the same pages."))
    lines += [*_forgotten_lines(restored, lists), *out_of_reach(missed)]
    complaints = _server_complaint(restored.manifest.database) + _elsewhere_complaint(restored.elsewhere)
    data = {**_shown(file, restored.manifest), "home": str(folder), "forgotten": list(restored.forgotten), "lists": lists}
    return Answer(data, lines, complaints=complaints, waiting=bool(complaints))


def _remembered(folder: Path, file: Path) -> list[Path]:
    """Let the desk in `folder` know where the backup lies that it came from: whom it forgets is to stand there too."""
    home = attach(folder)
    try:
        return spread(home, file.resolve().parent)
    finally:
        home.close()


def _forgotten_lines(restored: Restored, lists: list[str]) -> list[str]:
    """Who was forgotten again, and by which lists; nothing of a database that is not in the backup."""
    if not restored.manifest.database:
        return []
    if not lists:
        return [
            _(
                "No list of forgotten pupils stands beside the backup: whoever was forgotten since has a name again. "
                "Forget them once more with `poshta pupils forget CODE`."
            )
        ]
    count = len(restored.forgotten)
    again = ngettext("{count} pupil forgotten since was forgotten again.", "{count} pupils forgotten since were forgotten again.", count)
    return [again.format(count=count)] if count else []


def new_passphrase() -> str:
    """The passphrase for a new backup: from the environment, or typed twice; raises InputRefused for a short one, UsageRefused without a terminal."""
    given = os.environ.get(VARIABLE) or _typed(_("A passphrase for this backup: "))
    passphrase = _normal(given)
    if len(passphrase) < SHORTEST:
        raise InputRefused(
            _("The passphrase is too short: {count} letters at least.").format(count=SHORTEST),
            _("Take four or five words that have nothing to do with each other. Write them down, and keep them away from the backup."),
            code="short_passphrase",
        )
    if not os.environ.get(VARIABLE) and _normal(_typed(_("The same passphrase once more: "))) != passphrase:
        raise InputRefused(_("The two passphrases are not the same."), _("Run the same command again."), code="different_passphrases")
    return passphrase


def known_passphrase() -> str:
    """The passphrase of a backup that exists: from the environment, or typed."""
    return _normal(os.environ.get(VARIABLE) or _typed(_("The passphrase of this backup: ")))


def _normal(typed: str) -> str:
    """The same letters give the same passphrase on every system (Unicode NFC)."""
    return unicodedata.normalize("NFC", typed)


def _typed(question: str) -> str:
    if not sys.stdin.isatty():
        raise UsageRefused(
            _("A backup needs its passphrase."),
            _("Run the command in a terminal, or set {variable}. It is never given as an option: others could read it there.").format(
                variable=VARIABLE
            ),
        )
    try:
        return getpass.getpass(question)
    except EOFError:
        raise KeyboardInterrupt from None


def _told(made: Made, named: str, missed: list[Path]) -> Answer:
    lines = [
        ngettext("{count} file is in the backup {file}.", "{count} files are in the backup {file}.", made.files).format(
            count=made.files, file=named
        ),
        _("Without the passphrase nobody can open it, you neither. Keep the file on another disk, the passphrase elsewhere."),
    ]
    if f"{BACKUPS}/" in named and not Path(named).is_absolute():
        lines.append(_("It stands on the same disk as the desk: copy it to another."))
    complaints = _server_complaint("" if not made.with_database else "database")
    for path, reason in made.left_out.items():
        text = _("{file} is not in the backup: {reason}.").format(file=path, reason=_(reason))
        complaints.append(Complaint("left_out", text, _(REMEDIES[reason]), file=path, refused=False))
    lines += out_of_reach(missed)
    data = {"file": named, "files": [named], "members": made.files, "bytes": made.bytes, "database": made.with_database}
    return Answer(data, lines, complaints=complaints, waiting=bool(complaints))


def _server_complaint(database: str) -> list[Complaint]:
    if database:
        return []
    text = _("The database is on a server and not in this file: scans, keys and settings are.")
    hint = _(
        "Copy the database at the same time with `pg_dump --format=custom`, and bring it back with `pg_restore` before the desk is used."
    )
    return [Complaint("database_on_server", text, hint, refused=False)]


def _elsewhere_complaint(elsewhere: bool) -> list[Complaint]:
    if not elsewhere:
        return []
    text = _("The settings name a database outside this folder; the restored one stands inside.")
    hint = _("Take the setting «database» out of poshta.toml and the environment, or move the file there.")
    return [Complaint("database_elsewhere", text, hint, refused=False)]


def _shown(file: Path, manifest: Manifest) -> dict[str, object]:
    return {
        "file": str(file),
        "made_at": manifest.made_at.isoformat(),
        "schema": manifest.schema,
        "members": len(manifest.members),
        "bytes": manifest.total,
        "database": bool(manifest.database),
    }


def _held(manifest: Manifest) -> str:
    sentence = ngettext(
        "{count} file of {megabytes} MB, as the desk was on {moment}.",
        "{count} files of {megabytes} MB, as the desk was on {moment}.",
        len(manifest.members),
    )
    return sentence.format(count=len(manifest.members), megabytes=f"{manifest.total / 1e6:.1f}", moment=_moment(manifest))


def _moment(manifest: Manifest) -> str:
    return f"{manifest.made_at:%Y-%m-%d %H:%M}"

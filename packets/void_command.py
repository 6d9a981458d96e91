"""`poshta packets void`: withdraw a packet. Results are returned, not printed.

The rows come first, then the files: whatever stops it, no packet stands whose files are gone, and the next run removes what was left. A file that is held
open is seen before anything is changed; one that is opened in that very moment is named, and stays until the next run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from packets.archive import Standing, next_to_tell, packet_named, withdraw
from packets.rebuilt_files import files_of
from packets.reprint_files import is_reprint, reprints_of
from records.desk import desk_of
from records.errors import Complaint, PoshtaError
from records.files import remove, require_removable
from records.home import Home
from records.language import _, ngettext
from records.lifecycle import PacketState
from records.named_files import let_go
from records.terminal import Answer


def void(
    context: typer.Context, code: Annotated[str, typer.Argument(metavar="CODE", help="A packet's code, as 2026-W41-K7M2P.")]
) -> Answer:
    """Withdraw a packet: its pages are no longer accepted, its file is removed; where the file cannot be removed, nothing is changed."""
    with desk_of(context).opened() as home:
        found, files, later = _withdrawn(home, code)
        own, again, left = _removed(home, found, files)
    lines = [_("The packet {code} is withdrawn; its pages are void.").format(code=code), *removed_lines(again)]
    if later:
        told = _("Its cover told of earlier weeks. Build the study week {week} again, so that the cover of {later} tells it.")
        lines.append(told.format(week=later.week, later=later.code))
    data = {"packet": code, "state": "void", "build_again": later.code if later else None, "removed": [*own, *again]}
    return Answer(data, lines, complaints=left, waiting=bool(left))


def removed_lines(files: Sequence[str]) -> list[str]:
    """That files of void pages, printed again earlier, are gone."""
    text = ngettext(
        "{count} file of pages printed again, which are void now, was removed: {files}.",
        "{count} files of pages printed again, which are void now, were removed: {files}.",
        len(files),
    )
    return [text.format(count=len(files), files=", ".join(files))] if files else []


def _withdrawn(home: Home, code: str) -> tuple[Standing, list[str], Standing | None]:
    """The packet, withdrawn now or by a run that was stopped; its files; and the packet that can tell what its cover told. Raises as `withdraw` does."""
    with home.database.write() as session:
        found = packet_named(session, code)
        again = reprints_of(session, home, found.week, [code])  # there, or noted still
        files = [*again, *sorted({found.pdf, *files_of(home, found.week, code)})]
        there = [file for file in files if (home.path / file).is_file()]
        if found.state is not PacketState.VOID or not (there or again):
            withdraw(session, code)
        for file in there:
            require_removable(home.path / file)
        return found, files, next_to_tell(session, found)


def _removed(home: Home, found: Standing, files: Sequence[str]) -> tuple[list[str], list[str], list[Complaint]]:
    """Remove the files, and the notes that they carry a name; answers its own and those printed again that were there, and what could not be removed.

    Where another program has built the packet anew since it was withdrawn, they are that one's: it has removed what was void, and nothing is done.
    """
    gone, left, there = [], [], []
    with home.database.write() as session:  # nobody renews the packet between the look and the act
        for file in files if packet_named(session, found.code).state is PacketState.VOID else ():
            try:
                there += [file] if remove(home.path / file) else []
                gone.append(file)
            except PoshtaError as refusal:
                left.append(Complaint(refusal.code, refusal.message, refusal.hint, file=file, refused=False))
        let_go(session, gone)
    again = [file for file in there if is_reprint(file)]
    return [file for file in there if file not in again], again, left

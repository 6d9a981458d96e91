"""`poshta undo`: the last act of the journal is taken back, where that can be done properly; itself an act in the journal.

Rooms keep their `Undoer`s in ROOM/undo.py; cli.py joins all and hands them to `take_back`. Only the last act is ever undone, so that nothing later can
depend on it; acts that change nothing for a person (a backup, a file drawn again) are passed over, and acts that were undone already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records import journal
from records.errors import NotAllowed
from records.home import Home
from records.journal import Entry
from records.language import N_, _
from records.schema import Act
from records.terminal import Answer

UNDO = "undo"
PASSED_OVER = frozenset(  # not grades.rescore: points change, and may be printed
    {UNDO, "backup.make", "packets.redraw", "routes.manifest", "review.import", "review.print"}
)
INSTEAD = {
    "loans.kind": N_("Lend it to the same pupil again with the right kind: `poshta loans lend DEVICE CODE --kind KIND`."),
    "pupils.remember": N_("Forget the pupil again with `poshta pupils forget CODE`."),
    "desk.key": N_("A key stays for ever: pages may have been sealed with it."),
    "backup.restore": N_("Restore another backup into another folder."),
    "scan.manifest": N_("Say what is right with `poshta routes note`."),
    "packets.reprint": N_("The same pages are out twice, and count once; put the second copy away."),
    "settlements.": N_("Load or import the right list: what differs is changed."),
    "pupils.forget": N_("A name that was forgotten is gone for good; `pupils import --remember` takes it in again from a list."),
    "assignments.": N_("Add the earlier file again with `poshta assignments add`."),
    "packets.build": N_("Build again after the correction, or withdraw the packet with `poshta packets void CODE`."),
    "routes.plan": N_("Plan again: `poshta routes plan --week W`."),
    "forms.rejudge": N_("Set the earlier thresholds in poshta.toml and judge again: `poshta forms rejudge FORM --apply`."),
    "scan.form": N_("What was read stays; a person's word goes into the table of results."),
    "scan.": N_("What was read stays; correct an answer with `poshta grades amend`."),
    "grades.": N_("Correct the key and add the assignment again: its answers are scored again."),
}
COLUMNS_FORGET = ".columns_forget"  # after the name of any list


@dataclass(frozen=True, slots=True)
class Undoer:
    """How one kind of act is undone. `says` names the act, with the fields of its details and `subject`.

    `undo` does it in the open write session and answers what to journal; it raises NotAllowed with the reason where something stands in the way.
    `then` is what is left for a person to do, with the fields of what was journalled; `after` clears away files that nothing stands for any more.
    """

    says: str
    undo: Callable[[Session, Entry], Mapping[str, Any]]
    then: str = ""
    after: Callable[[Home], object] | None = None


def take_back(home: Home, undoers: Mapping[str, Undoer], act: int | None = None, dry_run: bool = False) -> Answer:
    """Undo the last act; with `act` only if it is that one. Raises NotAllowed with the reason and what to do instead."""
    with home.database.write() as session:
        entry = _last(session)
        if entry is None:
            raise NotAllowed(_("The journal holds nothing that could be undone."))
        named = _named(entry, undoers)
        if act is not None and act != entry.id:
            raise NotAllowed(
                _("The last act is {number}: {act}, not {other}.").format(number=entry.id, act=named, other=act),
                _("Only the last act can be undone: others may depend on an earlier one."),
            )
        undoer = undoers.get(entry.action)
        if undoer is None:
            raise NotAllowed(_("This cannot be undone: {act}.").format(act=named), instead_of(entry.action))
        told = undoer.undo(session, entry)
        journal.record(session, UNDO, entry.subject, act=entry.id, undone=entry.action, **told)
        if dry_run:
            session.rollback()
    if undoer.after is not None and not dry_run:
        undoer.after(home)
    sentence = _("This would be undone: {act}.") if dry_run else _("This was undone: {act}.")
    data = {"act": entry.id, "action": entry.action, "subject": entry.subject, "at": entry.at.isoformat(), "dry_run": dry_run}
    left = [_(undoer.then).format(**told)] if undoer.then and not dry_run else []
    return Answer(data, [sentence.format(act=named), *left])


def instead_of(action: str) -> str:
    """What a person does where an act cannot be undone."""
    if action.endswith(COLUMNS_FORGET):
        return _("Import a list with these headings again and name the columns with --columns: they are remembered.")
    found = next((sentence for beginning, sentence in INSTEAD.items() if action.startswith(beginning)), "")
    return _(found) if found else _("`poshta journal` shows what was done.")


def in_the_way(reason: str) -> NotAllowed:
    """The refusal of an act that could be undone if nothing stood in the way."""
    return NotAllowed(
        _("This cannot be undone: {act}.").format(act=reason), _("Nothing was changed. `poshta journal` shows what was done.")
    )


def _last(session: Session) -> Entry | None:
    """The newest act that counts; the undone ones were told by later acts."""
    undone: set[int] = set()
    for entry in _newest_first(session):
        if entry.action == UNDO:
            undone.add(int(entry.details["act"]))
        elif entry.action not in PASSED_OVER and entry.id not in undone:
            return entry
    return None


def _newest_first(session: Session) -> Iterator[Entry]:
    for act in session.scalars(select(Act).order_by(Act.id.desc()).execution_options(yield_per=100)):
        yield Entry(act.id, act.at, act.action, act.subject, act.details)


def _named(entry: Entry, undoers: Mapping[str, Undoer]) -> str:
    """The act in words: those of its undoer, or its name in the journal."""
    undoer = undoers.get(entry.action)
    what = _(undoer.says).format(**{"subject": entry.subject, **entry.details}) if undoer else f"{entry.action} {entry.subject}"
    return f"{what} ({entry.at:%Y-%m-%d %H:%M})"

"""Forgetting a pupil: names out of the roster and out of written files, and never back in by an old list or an old backup.

settlements/commands calls it; settlements/pupil_codes asks `Forgetful` about every child that a list would add. A forgotten name is known again by a
seal under the desk's key, never by a plain digest; nothing ties the seal to the pupil's code, so that marks stay without a name. Names that a list replaced
before have been sealed by settlements/earlier_names.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from records import journal
from records.backup_forgotten import LIST_FILE, spread
from records.calendar import today
from records.comments import forget_comments
from records.errors import InputRefused, PoshtaError
from records.files import explained, sweep, write_text
from records.home import Home, plain_copies
from records.keys import Key, current_key
from records.language import _
from records.named_files import Written, files_naming
from records.schema import Act, EarlierSeal, Forgotten, ForgottenName, LastImport, Original, Page, Person, Pupil, Scan
from settlements.last_import import EARLIER
from settlements.letters import folded
from settlements.roster import PUPIL, packet_files, unknown_pupil

PACKETS = "packets"  # below it WEEK/KATO/WEEK-PUPIL.pdf, as packets/press_room writes them; packets/reprint's parts end in +pages, a new file of an old packet in +digest


@dataclass(frozen=True, slots=True)
class Forgot:
    """What forgetting did. `removed` are files that are gone, `kept` those that could not be deleted with the reason, `scans` originals with pages of the pupil.

    `missed` are folders of backups that were out of reach: their lists of forgotten pupils do not have this one yet.
    """

    changed: bool
    removed: tuple[Written, ...]
    kept: tuple[tuple[str, PoshtaError], ...]
    scans: tuple[str, ...]
    missed: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Forgetful:
    """The seals of forgotten names, the keys to know a name by them, and the codes of the forgotten."""

    seals: frozenset[str]
    keys: tuple[Key, ...]
    codes: frozenset[str] = frozenset()

    def seals_of(self, values: Mapping[str, Any]) -> list[str]:
        """The seals that a row's name and village have, if they were forgotten."""
        if not self.seals:
            return []
        made = (seal(key, values["last_name"], values["first_name"], values["kato"]) for key in self.keys)
        return [each for each in made if each in self.seals]


def forget(home: Home, code: str) -> Forgot:
    """Remove a pupil's names from the roster, then the files that carry them; codes, marks and pages stay. Raises NotFound, PartMissing without a key."""
    keys = home.keys()
    current_key(keys)  # without which nothing is known again
    with home.database.write() as session:
        changed = _forget_names(session, code, keys)
        files = _files_of(session, home.path, code)
        scans = tuple(_scans_of(session, code))
        write_text(home.path / LIST_FILE, json.dumps(forgotten_list(session), indent=1) + "\n")
    home.database.empty_log()
    missed = spread(home)
    _sweep_packets(home.path)
    removed, kept = _remove(home.path, files + [Written(path, "") for path in plain_copies(home)])
    return Forgot(changed, tuple(removed), tuple(kept), scans, tuple(missed))


def forget_again(home: Home, content: str) -> list[str]:
    """Apply a list of forgotten pupils to a desk restored from an older backup, files too; answers the codes whose names were still there."""
    with home.database.write() as session:
        codes = apply_list(session, content)
        files = [file for code in codes for file in _files_of(session, home.path, code)]
        write_text(home.path / LIST_FILE, json.dumps(forgotten_list(session), indent=1) + "\n")
    _sweep_packets(home.path)
    _remove(home.path, files)
    return codes


def seal(key: Key, last_name: str, first_name: str, kato: str) -> str:
    """What a forgotten name is known by: HMAC-SHA256, hexadecimal, of the folded names in any order and the village."""
    words = "\0".join(("forgotten name", *sorted((folded(last_name), folded(first_name))), kato))
    return hmac.new(key.secret, words.encode(), hashlib.sha256).hexdigest()


def forgetful(session: Session, keys: Sequence[Key]) -> Forgetful:
    """The forgotten names that a list must not bring back."""
    return Forgetful(
        frozenset(session.scalars(select(ForgottenName.seal))), tuple(keys), frozenset(session.scalars(select(Forgotten.pupil)))
    )


def remember(session: Session, seals: Iterable[str]) -> list[tuple[str, str]]:
    """Let names come back that were forgotten; answers the seals that are gone with the ids of their keys, for settlements/last_import."""
    gone = delete(ForgottenName).where(ForgottenName.seal.in_(list(seals))).returning(ForgottenName.seal, ForgottenName.key_id)
    return [(each, key_id) for each, key_id in session.execute(gone)]


def forgotten_list(session: Session) -> dict[str, Any]:
    """Who was forgotten, as `forgotten.json` in the home keeps it for a restore of an older backup: codes and seals, no names."""
    pupils = session.execute(select(Forgotten.pupil, Forgotten.forgotten_on).order_by(Forgotten.pupil))
    names = session.execute(select(ForgottenName.seal, ForgottenName.key_id).order_by(ForgottenName.seal))
    return {
        "pupils": [{"pupil": pupil, "forgotten_on": day.isoformat()} for pupil, day in pupils],
        "names": [{"seal": each, "key_id": key_id} for each, key_id in names],
    }


def apply_list(session: Session, content: str) -> list[str]:
    """Forget again whom `forgotten.json` names, after a restore; answers the codes whose names were still there. Raises InputRefused."""
    try:
        body = json.loads(content)
        pupils = {each["pupil"]: date.fromisoformat(each["forgotten_on"]) for each in body["pupils"]}
        names = {each["seal"]: each["key_id"] for each in body["names"]}
    except (ValueError, KeyError, TypeError):
        raise InputRefused(
            _("{file} is not a list of forgotten pupils.").format(file=LIST_FILE), _("Copy it from the desk again.")
        ) from None
    for each, key_id in names.items():
        session.merge(ForgottenName(seal=each, key_id=key_id))
    return [pupil for pupil, day in sorted(pupils.items()) if _strike(session, pupil, day)]


def _forget_names(session: Session, code: str, keys: tuple[Key, ...]) -> bool:
    pupil, person = session.get(Pupil, code), session.get(Person, (code, PUPIL))
    if pupil is None and person is None and session.get(Forgotten, code) is None:
        raise unknown_pupil(code)
    key = current_key(keys)
    if person is not None and pupil is not None:
        for kato in {pupil.kato, *_earlier_villages(session, code)}:
            _forget_name(session, code, seal(key, person.last_name, person.first_name, kato), kato, key)
    by_id = {each.id: each for each in keys}
    for earlier in session.scalars(select(EarlierSeal).where(EarlierSeal.pupil == code)):
        if earlier.key_id in by_id:  # of a key that is lost, nothing can be known again
            _forget_name(session, code, earlier.seal, earlier.kato, by_id[earlier.key_id])
    return _strike(session, code, today())


def _forget_name(session: Session, code: str, made: str, kato: str, key: Key) -> None:
    if made not in _seals_in(session, kato, key, code):
        session.merge(ForgottenName(seal=made, key_id=key.id))


def _seals_in(session: Session, kato: str, key: Key, but: str) -> set[str]:
    """The seals that those who stay in a village would have: a namesake, or the other code of one child, must not be refused for it."""
    staying = select(Person.last_name, Person.first_name).join(Pupil, (Pupil.code == Person.code) & (Person.role == PUPIL))
    staying = staying.where(Pupil.kato == kato, Pupil.left_on.is_(None), Pupil.code != but)
    return {seal(key, last, first, kato) for last, first in session.execute(staying)}


def _strike(session: Session, code: str, day: date) -> bool:
    """Take a pupil's names off the roster; answers whether there was anything to do."""
    removed = session.execute(
        delete(Person).where(Person.code == code, Person.role.in_((PUPIL, PUPIL + EARLIER))).returning(Person.code)
    ).all()
    session.execute(delete(EarlierSeal).where(EarlierSeal.pupil == code))  # what ties a seal to a code
    forget_comments(session, code)
    left = session.execute(update(Pupil).where(Pupil.code == code, Pupil.left_on.is_(None)).values(left_on=day).returning(Pupil.code)).all()
    if session.get(Forgotten, code) is None:
        session.add(Forgotten(pupil=code, forgotten_on=day))
    if removed or left:
        seals_of_import = LastImport.list_table == ForgottenName.__tablename__
        session.execute(delete(LastImport).where(seals_of_import))  # else a seal would stand beside its code
        journal.record(session, "pupils.forget", code)
    return bool(removed or left)


def _earlier_villages(session: Session, code: str) -> set[str]:
    """Where the pupil lived before, by the journal: the list that comes back may be an old one."""
    moves = session.scalars(select(Act.details).where(Act.action == "pupils.move", Act.subject == code))
    return {str(details["before"]) for details in moves if "before" in details}


def _files_of(session: Session, folder: Path, code: str) -> list[Written]:
    """Every file below the desk's `folder` with the pupil's name, packets of a build that was cut off before it kept their rows too."""
    weeks = (each for each in (folder / PACKETS).glob("*/*") if each.is_dir())
    cut_off = [each / f"{each.parent.name}-{code}.pdf" for each in weeks]
    for apart in ("reprint", "anew"):
        cut_off += (folder / PACKETS).glob(f"*/{apart}/????-W??-{code}+*.pdf")
    packets = {each.relative_to(folder).as_posix() for each in cut_off if each.is_file()} | set(packet_files(session, code))
    return [Written(path, "") for path in sorted(packets)] + files_naming(session, code)


def _scans_of(session: Session, code: str) -> list[str]:
    """The kept scans on which pages of the pupil were seen, with the first name printed on them."""
    seen = exists().where(Scan.original == Original.digest, Scan.page == Page.id, Page.pupil == code)
    return list(session.scalars(select(Original.path).where(seen).order_by(Original.path)))


def _sweep_packets(folder: Path) -> None:
    """Remove what a killed program has left half-written among the packets: it may carry a name, and nobody could tell whose."""
    for each in (folder / PACKETS).glob("*/*"):
        if each.is_dir():
            sweep(each.resolve())


def _remove(folder: Path, files: Iterable[Written]) -> tuple[list[Written], list[tuple[str, PoshtaError]]]:
    removed: list[Written] = []
    kept: list[tuple[str, PoshtaError]] = []
    for file in files:
        path = folder / file.path
        try:
            with explained(path):
                there = path.is_file()
                path.unlink(missing_ok=True)
        except PoshtaError as refusal:  # open in another program: the other files go all the same
            kept.append((file.path, refusal))
            continue
        if there:
            removed.append(file)
    return removed, kept

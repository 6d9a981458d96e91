"""Names that a list replaces: sealed before they go, so that forgetting the pupil later forgets those too.

settlements/enrol calls `seal_earlier` before it writes a list; settlements/forgetting makes the seals of a pupil forgotten names. What an earlier name was is
known nowhere: only a name that comes back in a list can be compared with a seal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from records.keys import Key, current_key
from records.schema import Act, EarlierSeal, Person, Pupil
from settlements.forgetting import seal
from settlements.roster import PUPIL

TOGETHER = 5_000  # pupils that are asked for in one statement


def seal_earlier(session: Session, pupils: Iterable[str], keys: tuple[Key, ...]) -> None:
    """Seal the names of `pupils` as they stand now, in every village they have lived in; without a key nothing can be sealed, or forgotten."""
    if not keys:
        return
    codes, key = sorted(set(pupils)), current_key(keys)
    for some in (codes[start : start + TOGETHER] for start in range(0, len(codes), TOGETHER)):
        moved, known = _earlier_villages(session, some), _sealed(session, some)
        named = select(Pupil.code, Pupil.kato, Person.last_name, Person.first_name)
        named = named.join(Person, (Person.code == Pupil.code) & (Person.role == PUPIL)).where(Pupil.code.in_(some))
        made = {
            (code, seal(key, last_name, first_name, village)): village
            for code, kato, last_name, first_name in session.execute(named)
            for village in {kato, *moved[code]}
        }
        fresh = [
            {"pupil": code, "seal": each, "key_id": key.id, "kato": village}
            for (code, each), village in made.items()
            if (code, each) not in known
        ]
        if fresh:
            session.execute(insert(EarlierSeal), fresh)


def _earlier_villages(session: Session, codes: Sequence[str]) -> defaultdict[str, set[str]]:
    """Where pupils lived before, by the journal."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for code, details in session.execute(select(Act.subject, Act.details).where(Act.action == "pupils.move", Act.subject.in_(codes))):
        if "before" in details:
            found[code].add(str(details["before"]))
    return found


def _sealed(session: Session, codes: Sequence[str]) -> set[tuple[str, str]]:
    kept = select(EarlierSeal.pupil, EarlierSeal.seal).where(EarlierSeal.pupil.in_(codes))
    return {(code, each) for code, each in session.execute(kept)}

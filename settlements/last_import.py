"""What the last import changed, and how it is taken back. Called by settlements/enrol when it writes, and by settlements/undo.

Of the last import only: the next one takes its place. Codes and fields stand in the table `last_import`; earlier names stay in the one table of
names, under a role of their own, where `pupils forget` finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Date, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from records import journal, schema
from records.journal import Entry
from records.language import _
from records.undo import UNDO, in_the_way

Key = tuple[Any, ...]
Fields = Mapping[str, Any]
EARLIER = "/earlier"  # after the role of a name as it was before the last import
KEYS: dict[type[schema.Table], tuple[str, ...]] = {
    schema.Settlement: ("kato",),
    schema.Office: ("index",),
    schema.Vehicle: ("office", "vehicle"),
    schema.School: ("school",),
    schema.Teaching: ("teacher", "school", "subject", "grade", "language"),
    schema.Pupil: ("code",),
    schema.Person: ("code", "role"),
    schema.ExistingStop: ("office", "route", "order"),
    schema.Loan: ("device", "lent_on"),
}
WHOLE: dict[type[schema.Table], tuple[str, ...]] = {
    schema.ExistingStop: (*KEYS[schema.ExistingStop], "kato", "days", "vehicle")
}  # of what is kept where it is removed
SEALS, REMEMBER = schema.ForgottenName, "pupils.remember"
NAMES = ("last_name", "first_name", "parent", "address")


@dataclass(slots=True)
class Changes:
    """What an import did to one table: keys that it added and removed, and the fields of changed rows as they were."""

    added: list[Key] = field(default_factory=list)
    changed: list[tuple[Key, Fields]] = field(default_factory=list)
    removed: list[Key] = field(default_factory=list)


def keep_changes(session: Session, changes: Mapping[type[schema.Table], Changes], seals: Iterable[tuple[str, str]] = ()) -> None:
    """Keep what the import of this transaction did, in place of the one before; its act has just been recorded.

    `seals` of forgotten names that it let come back, with the ids of their keys.
    """
    session.flush()
    act = session.scalar(select(func.max(schema.Act.id)))
    session.execute(delete(schema.LastImport))
    session.execute(delete(schema.Person).where(schema.Person.role.endswith(EARLIER)))
    for table, each in changes.items():
        if table is schema.Person:
            _keep_names(session, each.changed)
        fields = [[_written(key), {} if table is schema.Person else _written_fields(before)] for key, before in each.changed]
        row = {"list_table": table.__tablename__, "act": act, "changed": fields}
        session.execute(
            insert(schema.LastImport), [row | {"added": [*map(_written, each.added)], "removed": [*map(_written, each.removed)]}]
        )
    if removed := [list(each) for each in seals]:
        row = {"list_table": SEALS.__tablename__, "act": act, "added": [], "changed": [], "removed": removed}
        session.execute(insert(schema.LastImport), [row])


def take_back_import(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Remove what the import added, and let the rest be as it was; raises NotAllowed where it is not the last import."""
    kept = {row.list_table: row for row in session.scalars(select(schema.LastImport).where(schema.LastImport.act == entry.id))}
    if not kept:
        raise in_the_way(_("only the last import can be taken back, and a later one was"))
    for table in KEYS:
        row = kept.get(table.__tablename__)
        if row is not None:
            _delete(session, table, row.added)
            _insert(session, table, row.removed)
            _restore(session, table, row.changed)
    if SEALS.__tablename__ in kept:
        _forget_again(session, entry, kept[SEALS.__tablename__].removed)
    session.execute(delete(schema.LastImport))
    session.execute(delete(schema.Person).where(schema.Person.role.endswith(EARLIER)))
    return {"removed": sum(len(row.added) for row in kept.values()), "restored": sum(len(row.changed) for row in kept.values())}


def _forget_again(session: Session, entry: Entry, seals: Iterable[tuple[str, str]]) -> None:
    """Bring the seals of forgotten names back; the act by which this import remembered them is undone with it."""
    for seal, key_id in seals:
        session.merge(SEALS(seal=seal, key_id=key_id))
    acts = select(func.max(schema.Act.id)).where(schema.Act.action == REMEMBER, schema.Act.subject == entry.subject)
    journal.record(session, UNDO, entry.subject, act=session.scalar(acts.where(schema.Act.id < entry.id)), undone=REMEMBER)


def _keep_names(session: Session, changed: Iterable[tuple[Key, Fields]]) -> None:
    rows = [{"code": code, "role": role + EARLIER, **{name: before[name] for name in NAMES}} for (code, role), before in changed]
    if rows:
        session.execute(insert(schema.Person), rows)


def _delete(session: Session, table: type[schema.Table], keys: Iterable[Iterable[Any]]) -> None:
    rows = [_place(table, key) for key in keys]
    if rows:
        session.connection().execute(delete(_core(table)).where(*_where(table)), rows)


def _insert(session: Session, table: type[schema.Table], keys: Iterable[Iterable[Any]]) -> None:
    """Lessons are all key, stops of existing routes are kept whole; no other row is ever removed by a list."""
    rows = [dict(zip(WHOLE.get(table, KEYS[table]), key, strict=True)) for key in keys]
    if rows:
        session.execute(insert(table), rows)


def _restore(session: Session, table: type[schema.Table], changed: Iterable[tuple[Iterable[Any], Fields]]) -> None:
    if table is schema.Person:
        _restore_names(session, [tuple(key) for key, _before in changed])
        return
    for key, before in changed:
        values = {f"new_{name}": _read(table, name, value) for name, value in before.items()}
        statement = update(_core(table)).where(*_where(table)).values({name: bindparam(f"new_{name}") for name in before})
        session.connection().execute(statement, [_place(table, key) | values])


def _restore_names(session: Session, keys: Iterable[tuple[str, ...]]) -> None:
    for code, role in keys:
        earlier = session.get(schema.Person, (code, role + EARLIER))
        now = session.get(schema.Person, (code, role))
        if earlier is not None and now is not None:  # else it was forgotten in between: then it stays so
            for name in NAMES:
                setattr(now, name, getattr(earlier, name))


def _core(table: type[schema.Table]) -> Table:
    core = table.__table__
    assert isinstance(core, Table)
    return core


def _where(table: type[schema.Table]) -> list[Any]:
    return [_core(table).c[name] == bindparam(f"key_{name}") for name in KEYS[table]]


def _place(table: type[schema.Table], key: Iterable[Any]) -> dict[str, Any]:
    return {f"key_{name}": _read(table, name, value) for name, value in zip(KEYS[table], key, strict=True)}


def _written(values: Iterable[Any]) -> list[Any]:
    """Values as JSON holds them: days as text."""
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def _written_fields(fields: Fields) -> dict[str, Any]:
    return dict(zip(fields, _written(fields.values()), strict=True))


def _read(table: type[schema.Table], name: str, value: Any) -> Any:
    """A value as its column holds it."""
    return date.fromisoformat(value) if isinstance(_core(table).c[name].type, Date) and isinstance(value, str) else value

"""Writing what a list says: new rows added, changed rows changed, everything else left as it is. Bulk statements, one transaction.

Called by settlements/commands with what settlements/intake has read. Doubles within the file and pupils without a code are settled here, since
both need to know who is already on the roster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from records import journal, keys, schema
from records.errors import Complaint
from settlements.doubles import settle_doubles
from settlements.earlier_names import seal_earlier
from settlements.forgetting import forgetful, remember
from settlements.intake import SKIPPED_SHEET, Reading
from settlements.last_import import KEYS, NAMES, REMEMBER, Changes, Key, keep_changes
from settlements.lessons import settle_lessons
from settlements.loan_list import settle_loans
from settlements.moved_codes import follow_moves
from settlements.pupil_codes import resolve_pupils
from settlements.remembered import SheetRow
from settlements.roster import PUPIL, TEACHER
from settlements.rows import TakenRow
from settlements.schedule import ended_stops
from settlements.suggestions import suggest_codes

ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"


@dataclass(frozen=True, slots=True)
class Record:
    """One row of one table: its key and the fields that the list gives."""

    table: type[schema.Table]
    key: Key
    fields: Mapping[str, Any]


Changed = tuple[Record, Mapping[str, Any]]  # with its fields as they were
Stale = list[tuple[type[schema.Table], Key]]  # rows that the list puts an end to: their keys, and what else they are


@dataclass(slots=True)
class Outcome:
    """What became of a list's rows. `refused` counts rows, `doubled` rows that repeat an earlier one, `given` codes that were made.

    `removed`: stops that an existing route no longer has.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    doubled: int = 0
    given: int = 0
    replaced: int = 0
    removed: int = 0
    complaints: list[Complaint] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """The four counts that every import answers, and the doubles."""
        return {"added": self.added, "changed": self.changed, "unchanged": self.unchanged, "refused": self.refused, "doubled": self.doubled}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person at the desk says about a list.

    With `dry_run` nothing is written; only with `replace` does a lesson leave its teacher; only the rows `remember` may bring back a forgotten
    name, which is known by the desk's `keys`.
    """

    dry_run: bool = False
    replace: bool = False
    remember: frozenset[SheetRow] = frozenset()
    keys: tuple[keys.Key, ...] = ()


_EMPTY: dict[str, Any] = {
    "lat": None,
    "lon": None,
    "population": None,
    "visits": 1,
    "priority": 1,
    "speed": 1.0,
    "day_minutes": None,
    "print": "normal",
    "channels": "post",
}


def enrol(session: Session, reading: Reading, subject: str, wishes: Wishes | None = None) -> Outcome:
    """Take the list into the open write session; `subject` is the file's digest, for the journal."""
    wishes = wishes or Wishes()
    outcome = Outcome(complaints=list(reading.complaints))
    rows = follow_moves(session, reading.kind.name, reading.taken, outcome.complaints)
    suggest_codes(session, reading, outcome.complaints)
    seals: list[tuple[str, str]] = []
    if reading.kind.name == "pupils":
        resolved = resolve_pupils(session, rows, outcome.complaints, forgetful(session, wishes.keys), wishes.remember)
        rows, outcome.given = resolved.rows, resolved.given
        if resolved.returning and not wishes.dry_run:
            seals = remember(session, resolved.returning)
            journal.record(session, REMEMBER, subject, rows=len(resolved.returning))
    if reading.kind.name == "loans":
        rows = settle_loans(session, rows, outcome.complaints)
    rows, outcome.doubled = settle_doubles(reading.kind.name, rows, outcome.complaints)
    stale: Stale = []
    if reading.kind.name == "teachers":
        settled = settle_lessons(session, rows, wishes.replace, outcome.complaints)
        rows, stale = settled.rows, [(schema.Teaching, lesson) for lesson in settled.ended]
    if reading.kind.name == "schedule":
        stale = [(schema.ExistingStop, stop) for stop in ended_stops(session, rows, reading.refused)]
    refused = [each for each in outcome.complaints if each.refused and each.code != SKIPPED_SHEET]
    outcome.refused = len({(each.sheet, each.row) for each in refused})
    added, changed = _compare(session, reading.kind.name, rows, outcome)
    outcome.replaced = sum(table is schema.Teaching for table, _key in stale)
    outcome.removed = len(stale) - outcome.replaced
    if not wishes.dry_run and (added or changed or stale):
        seal_earlier(session, _renamed(changed), wishes.keys)
        _write(session, added, [record for record, _before in changed], stale)
        counts = {name: count for name, count in (outcome.counts | {"removed": outcome.removed}).items() if count}
        journal.record(session, f"{reading.kind.name}.import", subject, **counts)
        keep_changes(session, _changes(added, changed, stale), seals)
    return outcome


def _renamed(changed: Iterable[Changed]) -> set[str]:
    """The pupils whose name or village the list replaces: what a list of before would know them by."""
    names = {schema.Person: ("last_name", "first_name"), schema.Pupil: ("kato",)}
    return {
        str(record.key[0])
        for record, before in changed
        if record.key[1:] in ((), (PUPIL,))
        and any(before[name] != record.fields.get(name, before[name]) for name in names.get(record.table, ()) if name in before)
    }


def _changes(added: Iterable[Record], changed: Iterable[Changed], stale: Stale) -> dict[type[schema.Table], Changes]:
    """What the list did, table by table, as settlements/last_import keeps it."""
    told: defaultdict[type[schema.Table], Changes] = defaultdict(Changes)
    for record in added:
        told[record.table].added.append(record.key)
    for record, before in changed:
        told[record.table].changed.append((record.key, before))
    for table, key in stale:
        told[table].removed.append(key)
    return told


def _compare(session: Session, kind: str, rows: Sequence[TakenRow], outcome: Outcome) -> tuple[list[Record], list[Changed]]:
    records_of = _RECORDS[kind]
    present = {table: _present(session, table) for table in _TABLES[kind]}
    added: dict[tuple[type[schema.Table], Key], Record] = {}
    changed: dict[tuple[type[schema.Table], Key], Record] = {}
    for row in rows:
        fates = {_fate(present, record, added, changed) for record in records_of(row.values)}
        fate = next(each for each in (ADDED, CHANGED, UNCHANGED) if each in fates)
        setattr(outcome, fate, getattr(outcome, fate) + 1)
    return list(added.values()), [(record, _before(present[record.table][record.key], record)) for record in changed.values()]


def _before(known: Mapping[str, Any], record: Record) -> dict[str, Any]:
    """The fields of a row as they stood: of a name all of them, of any other row those that the list gives."""
    return {name: known[name] for name in (NAMES if record.table is schema.Person else record.fields)}


def _fate(
    present: Mapping[type[schema.Table], Mapping[Key, Mapping[str, Any]]],
    record: Record,
    added: dict[tuple[type[schema.Table], Key], Record],
    changed: dict[tuple[type[schema.Table], Key], Record],
) -> str:
    known = present[record.table].get(record.key)
    place = (record.table, record.key)
    if place in added or place in changed:
        return UNCHANGED  # a teacher's name comes with each of the lessons
    if known is None:
        added[place] = record
        return ADDED
    if any(known[name] != value for name, value in record.fields.items()):
        changed[place] = record
        return CHANGED
    return UNCHANGED


def _present(session: Session, table: type[schema.Table]) -> dict[Key, dict[str, Any]]:
    columns = [column.name for column in _core(table).columns]
    places = [columns.index(name) for name in KEYS[table]]
    return {tuple(row[place] for place in places): dict(zip(columns, row, strict=True)) for row in session.execute(select(_core(table)))}


def _write(session: Session, added: Iterable[Record], changed: Iterable[Record], stale: Stale) -> None:
    for table, records in _by_table(added).items():
        session.execute(insert(table), [_whole(table, record) for record in records])
    for (table, names), records in _by_fields(changed).items():
        place = [_core(table).c[name] == bindparam(f"key_{name}") for name in KEYS[table]]
        statement = update(_core(table)).where(*place).values({name: bindparam(f"new_{name}") for name in names})
        session.connection().execute(statement, [_named(table, record, names) for record in records])
    for table, key in stale:
        where = [_core(table).c[name] == value for name, value in zip(KEYS[table], key, strict=False)]
        session.execute(delete(table).where(*where))


def _core(table: type[schema.Table]) -> Table:
    core = table.__table__
    assert isinstance(core, Table)
    return core


def _by_table(records: Iterable[Record]) -> dict[type[schema.Table], list[Record]]:
    tables: dict[type[schema.Table], list[Record]] = {}
    for record in records:
        tables.setdefault(record.table, []).append(record)
    return tables


def _by_fields(records: Iterable[Record]) -> dict[tuple[type[schema.Table], tuple[str, ...]], list[Record]]:
    """Records that one statement can change together: sheets of a workbook may have different columns."""
    alike: dict[tuple[type[schema.Table], tuple[str, ...]], list[Record]] = {}
    for record in records:
        alike.setdefault((record.table, tuple(record.fields)), []).append(record)
    return alike


def _whole(table: type[schema.Table], record: Record) -> dict[str, Any]:
    """A new row with every column: what the list does not give is empty."""
    named = dict(zip(KEYS[table], record.key, strict=True))
    blank = {column.name: _EMPTY.get(column.name, None if column.nullable else "") for column in _core(table).columns}
    return {**blank, **record.fields, **named}


def _named(table: type[schema.Table], record: Record, names: Sequence[str]) -> dict[str, Any]:
    place = {f"key_{name}": value for name, value in zip(KEYS[table], record.key, strict=True)}
    return place | {f"new_{name}": record.fields[name] for name in names}


# ---- what each list says of which table


def _simple(table: type[schema.Table], renamed: Mapping[str, str] | None = None) -> Callable[[Mapping[str, Any]], Iterator[Record]]:
    """Records of a list that fills one table; `renamed` gives column -> field where they differ."""

    def records(values: Mapping[str, Any]) -> Iterator[Record]:
        named = {(renamed or {}).get(name, name): value for name, value in values.items()}
        key = tuple(named.pop(name) for name in KEYS[table])
        yield Record(table, key, {name: _filled(name, value) for name, value in named.items() if name in _core(table).c})

    return records


def _teaching(values: Mapping[str, Any]) -> Iterator[Record]:
    for grade in values["grade"]:
        yield Record(schema.Teaching, (values["teacher"], values["school"], values["subject"], grade, values["language"]), {})
    if "name" in values:
        last_name, _space, first_name = " ".join(values["name"].replace(",", " ").split()).partition(" ")
        yield Record(schema.Person, (values["teacher"], TEACHER), {"last_name": last_name, "first_name": first_name})


def _pupil(values: Mapping[str, Any]) -> Iterator[Record]:
    fields = {name: values[name] for name in ("grade", "language", "kato", "school", "print", "channels") if name in values}
    yield Record(schema.Pupil, (values["code"],), fields)
    person = {name: values[name] for name in ("last_name", "first_name", "parent", "address") if name in values}
    yield Record(schema.Person, (values["code"], PUPIL), person)


def _filled(name: str, value: Any) -> Any:
    return _EMPTY.get(name) if value is None else value


_TABLES: dict[str, tuple[type[schema.Table], ...]] = {
    "settlements": (schema.Settlement,),
    "offices": (schema.Office,),
    "vehicles": (schema.Vehicle,),
    "schools": (schema.School,),
    "teachers": (schema.Teaching, schema.Person),
    "pupils": (schema.Pupil, schema.Person),
    "schedule": (schema.ExistingStop,),
    "loans": (schema.Loan,),
}
_RECORDS: dict[str, Callable[[Mapping[str, Any]], Iterator[Record]]] = {
    "settlements": _simple(schema.Settlement),
    "offices": _simple(schema.Office, {"latitude": "lat", "longitude": "lon"}),
    "vehicles": _simple(schema.Vehicle),
    "schools": _simple(schema.School),
    "teachers": _teaching,
    "pupils": _pupil,
    "schedule": _simple(schema.ExistingStop),
    "loans": _simple(schema.Loan),
}

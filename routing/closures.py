"""Closures of roads and villages by date: noted, opened, listed, and read out as planning needs them for a delivery week.

routing/closure_commands writes them, routing/request reads them. A closure has a first day and, where it is known, a last; the road is closed on
both. Why it is closed stands in its row only, never in the journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from records import journal
from records.calendar import WEEKDAYS, StudyWeek, now
from records.errors import NotFound, UsageRefused
from records.language import _
from records.schema import Closure as Row
from records.schema import Office, Settlement
from routing.closed import ClosedWay
from settlements.spoken_reason import require_short_reason


@dataclass(frozen=True, slots=True)
class Closure:
    """A road between two places, or the place `start` as a whole where `end` is empty. `until`: its last closed day, None until it is opened."""

    number: int
    start: str
    end: str
    since: date
    until: date | None
    one_way: bool
    why: str

    def as_json(self) -> dict[str, object]:
        """The closure as `routes closures` answers it."""
        until = None if self.until is None else self.until.isoformat()
        places = {"number": self.number, "from": self.start, "to": self.end}
        return places | {"since": self.since.isoformat(), "until": until, "one_way": self.one_way, "why": self.why}

    def on(self, day: date) -> bool:
        """Whether it is closed on `day`."""
        return self.since <= day and (self.until is None or day <= self.until)


def closures(session: Session, first: date | None = None, last: date | None = None) -> list[Closure]:
    """All closures by their first day; with `first` and `last` those that hold on a day between them."""
    wanted = select(Row).order_by(Row.since, Row.id)
    if first is not None:
        wanted = wanted.where(or_(Row.until.is_(None), Row.until >= first))
    if last is not None:
        wanted = wanted.where(Row.since <= last)
    return [_closure(row) for row in session.scalars(wanted)]


def closed_in(session: Session, week: StudyWeek) -> tuple[ClosedWay, ...]:
    """What is closed on which days of a delivery week; the same whatever the order in which it was noted."""
    found = []
    for each in closures(session, week.day("mon"), week.day("sun")):
        days = tuple(day for day in WEEKDAYS if each.on(week.day(day)))
        found.append(ClosedWay(each.start, each.end, days, each.one_way))
    return tuple(sorted(set(found), key=lambda way: (way.start, way.end, way.days, way.one_way)))


def close(session: Session, start: str, end: str, since: date, until: date | None, one_way: bool, why: str) -> tuple[Closure, bool]:
    """Note a closure; answers it and whether it is new. The same one again changes nothing.

    Raises NotFound for a place that neither list knows, UsageRefused where it ends before it begins or `why` is no place for what it says.
    """
    for code in filter(None, (start, end)):
        _require_known(session, code)
    _require_sense(start, end, since, until, why)
    for row in session.scalars(select(Row).where(_of_road(start, end))):
        if (row.since, row.until, row.one_way) == (since, until, one_way) and (not one_way or row.start == start):
            return _closure(row), False
    row = Row(start=start, end=end, since=since, until=until, one_way=one_way, why=why.strip(), noted_at=now())
    session.add(row)
    session.flush()
    last = None if until is None else until.isoformat()
    journal.record(session, "routes.close", str(row.id), start=start, end=end, since=since.isoformat(), until=last)
    return _closure(row), True


def open_again(session: Session, places: Sequence[str], day: date) -> list[Closure]:
    """Let the road or village be open from `day` on; answers the closures that ended earlier by it, as they were.

    `places`: a closure's number, a village, or the two ends of a road in either order. Raises NotFound where nothing of the kind was ever closed.
    """
    number = int(places[0]) if len(places) == 1 and places[0].isascii() and places[0].isdigit() and len(places[0]) < 6 else None
    rows = list(session.scalars(select(Row).where(Row.id == number if number is not None else _of_road(*(*places, "")[:2]))))
    if not rows:
        raise NotFound(
            _("Nothing of {place} was ever closed.").format(place=" – ".join(places)),
            _("`poshta routes closures --all` lists the closures."),
        )
    ended = []
    for row in (each for each in rows if each.until is None or each.until >= day):
        ended.append(_closure(row))
        if row.since >= day:
            session.delete(row)
        else:
            row.until = day - timedelta(days=1)
        journal.record(session, "routes.open", str(row.id), start=row.start, end=row.end, day=day.isoformat())
    return ended


def known_names(session: Session, codes: set[str], language: str) -> dict[str, str]:
    """What the places are called: villages in `language`, offices by their name."""
    villages = session.scalars(select(Settlement).where(Settlement.kato.in_(codes)))
    named = {row.kato: (row.name_ru if language == "ru" else row.name_kk) or row.name_kk or row.name_ru for row in villages}
    return named | {row.index: row.name for row in session.scalars(select(Office).where(Office.index.in_(codes)))}


def _of_road(start: str, end: str) -> ColumnElement[bool]:
    """Closures of the road between the two places, whichever was named first."""
    return or_(and_(Row.start == start, Row.end == end), and_(Row.start == end, Row.end == start))


def _closure(row: Row) -> Closure:
    return Closure(row.id, row.start, row.end, row.since, row.until, row.one_way, row.why)


def _require_known(session: Session, code: str) -> None:
    office = select(Office.index).where(or_(Office.index == code, Office.kato == code)).limit(1)
    if session.get(Settlement, code) is None and session.scalar(office) is None:
        raise NotFound(
            _("«{code}» is neither a village's KATO nor an office's index.").format(code=code),
            _("`poshta settlements list` and `poshta settlements find NAME` tell the codes."),
        )


def _require_sense(start: str, end: str, since: date, until: date | None, why: str) -> None:
    if start == end:
        raise UsageRefused(_("A road leads from one place to another: {code} stands at both ends.").format(code=start))
    if until is not None and until < since:
        raise UsageRefused(
            _("The closure would end on {until}, before it begins on {since}.").format(until=until, since=since),
            _("--until is the last closed day."),
        )
    require_short_reason(why)

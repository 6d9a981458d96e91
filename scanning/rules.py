"""The rules of a desk: the program's thresholds with what its settings, or a trial, say otherwise; checked, and kept under a digest.

`scan`, `scan rejudge`, `doctor` and `config show` ask here. What a threshold means stands in scanning/thresholds; nothing is judged here.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from records import schema
from records.calendar import now
from records.database import Database
from records.errors import Complaint, SettingsInvalid, UsageRefused
from records.language import _
from records.settings import LoadedSettings
from records.validation import reason_of
from scanning.thresholds import THRESHOLDS, Thresholds

TABLE = "scan.thresholds"
RISING = ("faint_mark", "mark", "clear")  # none may be above the next
MOST_COUNTED, MOST_TIMES = 50, 10.0
Value = int | float | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A threshold that is not the program's own."""

    name: str
    value: Value
    default: Value

    def as_json(self) -> dict[str, object]:
        """As `scan rejudge` and `config show` tell it."""
        return {"name": self.name, "value": _plain(self.value), "default": _plain(self.default)}

    @property
    def shown(self) -> str:
        """The value as it stands in poshta.toml."""
        return written(self.value)

    @property
    def usual(self) -> str:
        """The program's own, written alike."""
        return written(self.default)

    def __str__(self) -> str:
        return _("{name} {value} instead of {default}").format(name=self.name, value=self.shown, default=self.usual)


def desk_thresholds(loaded: LoadedSettings) -> Thresholds:
    """The thresholds in force on a desk; raises SettingsInvalid naming each that is unknown or out of its range."""
    given = loaded.values.scan.thresholds
    if not given:
        return THRESHOLDS
    found, complaints = _checked(given, THRESHOLDS, lambda name: loaded.origins.get(f"{TABLE}.{name}", "poshta.toml"))
    if complaints:
        raise SettingsInvalid(complaints[0].text, _("Correct it and run the same command again."), tuple(complaints))
    return found


def on_trial(thresholds: Thresholds, words: Sequence[str]) -> Thresholds:
    """`thresholds` with what `words` such as mark=0.3 say otherwise; raises UsageRefused for a word that says nothing."""
    given: dict[str, Any] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise UsageRefused(
                _("«{word}» is not a threshold with its value.").format(word=word),
                _("Write it as --set mark=0.3; several numbers with commas."),
            )
        given[name.strip()] = value
    found, complaints = _checked(given, thresholds, lambda _name: "--set")
    if complaints:
        raise UsageRefused(complaints[0].text, _("docs/reading.md lists the thresholds and their ranges."), tuple(complaints))
    return found


def differences(thresholds: Thresholds, default: Thresholds = THRESHOLDS) -> list[Difference]:
    """What is not as the program has it, in the program's order."""
    pairs = ((each.name, getattr(thresholds, each.name), getattr(default, each.name)) for each in fields(Thresholds))
    return [Difference(name, value, usual) for name, value, usual in pairs if value != usual]


def ranges() -> dict[str, tuple[Value, float, float]]:
    """Of every threshold the program's own value, and the least and the most that a desk may set."""
    return {each.name: (getattr(THRESHOLDS, each.name), *_range(getattr(THRESHOLDS, each.name))) for each in fields(Thresholds)}


def digest_of(thresholds: Thresholds) -> str:
    """The SHA-256 of all thresholds by name, 64 hexadecimal letters."""
    return hashlib.sha256(json.dumps(asdict(thresholds), sort_keys=True).encode()).hexdigest()


def keep(session: Session, thresholds: Thresholds) -> str:
    """Remember this set of thresholds in the open write session; answers its digest."""
    digest = digest_of(thresholds)
    if session.get(schema.Rules, digest) is None:
        session.add(schema.Rules(digest=digest, thresholds=json.loads(json.dumps(asdict(thresholds))), since=now()))
        session.flush()
    return digest


def remembered(database: Database, thresholds: Thresholds) -> str:
    """The same in a transaction of its own, which is opened only where the set is new."""
    digest = digest_of(thresholds)
    with database.read() as session:
        known = session.get(schema.Rules, digest) is not None
    if not known:
        with database.write() as session:
            keep(session, thresholds)
    return digest


def written(value: Value) -> str:
    """A threshold as it stands in poshta.toml."""
    return f"[{', '.join(f'{each:g}' for each in value)}]" if isinstance(value, tuple) else f"{value:g}"


def _checked(given: Mapping[str, Any], base: Thresholds, origin: Any) -> tuple[Thresholds, list[Complaint]]:
    """`base` with `given` put in, and what is wrong with that."""
    known = {each.name for each in fields(Thresholds)}
    changed: dict[str, Any] = {}
    complaints = []
    for name, typed in given.items():
        wrong, value = _read(typed, getattr(THRESHOLDS, name)) if name in known else (_Wrong("extra_forbidden"), None)
        if value is None:
            reason = reason_of({"type": wrong.kind, "ctx": {wrong.bound: f"{wrong.limit:g}"}, "msg": ""})
            complaints.append(_complaint(name, typed, reason, origin(name)))
        else:
            changed[name] = value
    found = replace(base, **changed)
    if not complaints:
        complaints = [_complaint(name, given[name], said, origin(name)) for name, said in _out_of_order(found) if name in given]
    return found, complaints


def _out_of_order(found: Thresholds) -> list[tuple[str, str]]:
    """The thresholds that stand above one that they may not exceed, each under both names."""
    sentences = []
    for lower, upper in pairwise(RISING):
        if getattr(found, lower) > getattr(found, upper):
            said = _("{lower} may not be more than {upper}.").format(lower=lower, upper=upper)
            sentences += [(lower, said), (upper, said)]
    return sentences


def _complaint(name: str, typed: Any, reason: str, origin: str) -> Complaint:
    whole = f"{TABLE}.{name}"
    text = _("The setting {name} (from {origin}) is «{value}»: {reason}").format(name=whole, origin=origin, value=typed, reason=reason)
    return Complaint("setting", text, column=whole, value=str(typed), file=origin)


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Pydantic's name for what is wrong with a value, and the bound that it breaks."""

    kind: str = ""
    bound: str = ""
    limit: float = 0.0


def _read(typed: Any, default: Value) -> tuple[_Wrong, Value | None]:
    """The value that was typed, or what is wrong with it."""
    limits = _range(default)
    if isinstance(default, tuple):
        words = [word for word in typed.strip(" []()").split(",") if word.strip()] if isinstance(typed, str) else typed
        if not isinstance(words, list | tuple) or len(words) != len(default):
            return _Wrong("list_type"), None
        several = [_within(word, *limits) for word in words]
        wrong = next((fault for fault, value in several if value is None), None)
        return (wrong, None) if wrong else (_Wrong(), tuple(value for _fault, value in several if value is not None))
    wrong, number = _within(typed, *limits)
    if number is None or not isinstance(default, int):
        return wrong, number
    return (_Wrong(), int(number)) if number == int(number) else (_Wrong("int_type"), None)


def _within(typed: Any, least: float, most: float) -> tuple[_Wrong, float | None]:
    number = _number(typed)
    if number is None:
        return _Wrong("float_parsing"), None
    if number < least:
        return _Wrong("greater_than_equal", "ge", least), None
    if number > most:
        return _Wrong("less_than_equal", "le", most), None
    return _Wrong(), number


def _number(typed: Any) -> float | None:
    """What was typed as a finite number; true and false are none."""
    if isinstance(typed, bool) or not isinstance(typed, int | float | str):
        return None
    try:
        number = float(typed)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _range(default: Value) -> tuple[float, float]:
    """Counts from 1; darkness, shares and radii from 0 to 1; multiples of something from 0 to 10."""
    if isinstance(default, int):
        return 1, MOST_COUNTED
    largest = max(default) if isinstance(default, tuple) else default
    return 0.0, 1.0 if largest <= 1 else MOST_TIMES


def _plain(value: Value) -> object:
    return list(value) if isinstance(value, tuple) else value

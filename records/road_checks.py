"""What a manifest's fields say together: readings that cannot be true are doubts with a reason, not facts. Pure.

scanning/manifest_filing asks after reading a sheet, records/road after a person's word. A person's own word is never put in doubt.
Items of a manifest: `s3.outcome`, `s3.back` of the third stop (`x1.s3.outcome` on the first supplement); `odometer.start`, `odometer.end`; `packets.back`, all that came back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from records.events import PERSON, Outcome
from records.language import N_

READ, BLANK, DOUBT = "read", "blank", "doubt"
ODOMETER_START, ODOMETER_END, ALL_BACK = "odometer.start", "odometer.end", "packets.back"
OUTCOME, BACK = "outcome", "back"
DISAGREEMENT = "disagreement"  # of two copies
REPLACED_PLAN = "replaced_plan"
UNKNOWN_VALUE = "unknown_value"
NOT_LEGIBLE = "not_legible"  # a person has looked in vain
MORE_THAN_EXPECTED, ENDS_BEFORE_START, OUTCOME_MISSING, TAKEN_FROM_NOBODY, DOES_NOT_ADD_UP = CHECKS = (
    *("more_than_expected", "ends_before_start", "outcome_missing"),
    *("taken_from_nobody", "does_not_add_up"),
)
CHECK_WORDS = {
    MORE_THAN_EXPECTED: N_("more packets were counted back than the village has"),
    ENDS_BEFORE_START: N_("the odometer ends before it starts"),
    OUTCOME_MISSING: N_("no circle tells what happened at this stop"),
    TAKEN_FROM_NOBODY: N_("packets were counted back where nothing was handed out"),
    DOES_NOT_ADD_UP: N_("the count of all packets is not the sum of the stops"),
    DISAGREEMENT: N_("two copies of the sheet say different things"),
    REPLACED_PLAN: N_("another plan has taken the place of the one on this sheet"),
    UNKNOWN_VALUE: N_("a value that this field cannot have"),
    NOT_LEGIBLE: N_("a person could not read it either"),
}
_STOP_ITEM = re.compile(r"((?:x[1-9]\d*\.)?s[1-9]\d*)\.(outcome|back)")


@dataclass(frozen=True, slots=True)
class Field:
    """What is held of one item. `value` is empty where it is blank or in doubt; then `candidates` tell what it may be."""

    item: str
    value: str = ""
    candidates: tuple[str, ...] = ()
    state: str = BLANK
    reason: str = ""
    decided_by: str = "reader"

    @property
    def spoken(self) -> bool:
        """Whether a person has said what holds: no sheet changes that. One who could not read it either has said nothing of it."""
        return self.decided_by == PERSON and self.state != DOUBT

    @property
    def said(self) -> str:
        """What stands on the paper as far as it was plain: also where it was doubted only for what stands elsewhere."""
        if self.state == READ:
            return self.value
        return self.candidates[0] if self.state == DOUBT and self.reason in CHECKS and len(self.candidates) == 1 else ""


@dataclass(frozen=True, slots=True)
class StopLoad:
    """What a stop of the route was to give and to take: `most_back` packets at most can come back from its village. `name` begins its items."""

    name: str
    packets_out: int
    most_back: int


def stop_item(item: str) -> tuple[str, str] | None:
    """The stop's name and the kind (outcome, back) that an item is of; None for those of the whole route."""
    found = _STOP_ITEM.fullmatch(item)
    return (found[1], found[2]) if found else None


def item_of(stop: str, kind: str) -> str:
    """The item of a stop by its name: s3 and outcome."""
    return f"{stop}.{kind}"


def checked(fields: Mapping[str, Field], stops: Sequence[StopLoad]) -> dict[str, Field]:
    """The route's fields with everything put in doubt that cannot be true together; earlier doubts of that kind are taken back where it is right now."""
    plain = {item: _as_said(each) for item, each in fields.items()}
    wrong = _contradictions(plain, {stop.name: stop for stop in stops})
    return {item: _doubted(each, wrong[item]) if item in wrong and each.decided_by != PERSON else each for item, each in plain.items()}


def _contradictions(fields: Mapping[str, Field], stops: Mapping[str, StopLoad]) -> dict[str, str]:
    """The reason for each item that cannot stand, the gravest first."""
    wrong: dict[str, str] = {}
    for item, each in fields.items():
        place = stop_item(item)
        if place is None:
            continue
        name, kind = place
        outcome = fields.get(item_of(name, OUTCOME))
        if kind == BACK and _number(each) is not None:
            if name in stops and (_number(each) or 0) > stops[name].most_back:
                wrong[item] = MORE_THAN_EXPECTED
            elif (_number(each) or 0) > 0 and outcome is not None and outcome.value in (Outcome.NOBODY, Outcome.ROAD_CLOSED):
                wrong[item] = TAKEN_FROM_NOBODY
        if kind == OUTCOME and each.state == BLANK:
            wrong[item] = OUTCOME_MISSING
    start, end = (_number(fields.get(item)) for item in (ODOMETER_START, ODOMETER_END))
    if start is not None and end is not None and end < start:
        wrong |= {ODOMETER_START: ENDS_BEFORE_START, ODOMETER_END: ENDS_BEFORE_START}
    if not any(item.endswith(f".{BACK}") for item in wrong) and _sum_is_wrong(fields, stops):
        wrong[ALL_BACK] = DOES_NOT_ADD_UP
    return wrong


def _sum_is_wrong(fields: Mapping[str, Field], stops: Mapping[str, StopLoad]) -> bool:
    """Whether every stop's count is known and all together are not what was counted at the office."""
    total = _number(fields.get(ALL_BACK))
    counts = [_number(fields.get(item_of(name, BACK))) for name, stop in stops.items() if stop.most_back or item_of(name, BACK) in fields]
    known = [count for count in counts if count is not None]
    return total is not None and bool(counts) and len(known) == len(counts) and sum(known) != total


def _number(field: Field | None) -> int | None:
    """What the field counts for. One number that a person could not read still does: it is not known to be right, so what contradicts it is not either."""
    if field is None:
        return None
    unread = field.candidates[0] if field.reason == NOT_LEGIBLE and len(field.candidates) == 1 else ""
    value = field.value if field.state == READ else unread
    return int(value) if value.isdigit() else None


def _as_said(field: Field) -> Field:
    """The field as the paper has it, without what was doubted for the sake of other fields."""
    if field.state != DOUBT or field.reason not in CHECKS:
        return field
    return replace(field, value=field.said, candidates=(), state=READ if field.said else BLANK, reason="")


def _doubted(field: Field, reason: str) -> Field:
    return replace(field, value="", candidates=(field.value,) if field.value else (), state=DOUBT, reason=reason)

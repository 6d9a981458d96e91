"""Finding a place by part of its name or its code, in the classifier and in the register. Pure.

Called by `settlements find`. Names are compared as settlements/letters folds them, so that capitals, ё and a keyboard without Kazakh
letters do not matter; what is answered is always a code with the units above it, since thousands of villages share a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from settlements.codes import is_kato, scope_prefix
from settlements.kato import Classifier, Unit, bare_name
from settlements.letters import folded
from settlements.register import Village

EXACT, BEGINS, HOLDS = range(3)


@dataclass(frozen=True, slots=True)
class Found:
    """A place with everything above it, the region first and itself last.

    `registered`: whether the register of villages has it; `moved`: whether it was found by a code that it no longer bears.
    """

    unit: Unit
    path: tuple[Unit, ...]
    registered: bool
    moved: bool = False


def find_places(
    text: str, classifier: Classifier | None, villages: Iterable[Village], within: str = "", on: date | None = None
) -> list[Found]:
    """Every place whose name or code holds `text`, the closest first; `within` narrows to a KATO code.

    A code that has moved by `on` finds the place that it named before, beside the one that it names now.
    """
    registered = {village.kato: Unit(village.kato, "", village.name_kk, village.name_ru) for village in villages}
    units = {**registered, **(classifier.units if classifier else {})}
    head = scope_prefix(within) if within else ""
    ranked = sorted((rank, kato) for kato, unit in units.items() if kato.startswith(head) and (rank := _closeness(text, unit)) is not None)
    codes = [kato for _rank, kato in ranked]
    moved = classifier.successor(text, on or date.max) if classifier and is_kato(text) else ""
    if moved and moved not in codes:
        codes.append(moved)
    return [_found(units[kato], classifier, kato in registered, kato == moved) for kato in codes]


def _found(unit: Unit, classifier: Classifier | None, registered: bool, moved: bool) -> Found:
    path = classifier.path(unit.kato) if classifier else ()
    return Found(unit, path or (unit,), registered, moved)


def _closeness(text: str, unit: Unit) -> int | None:
    if text.isdigit():
        return (EXACT if unit.kato == text else BEGINS) if unit.kato.startswith(text) else None
    wanted = folded(text)
    if not wanted:
        return None
    closest = None
    for name in (unit.name_kk, unit.name_ru):
        if wanted in (bare_name(name), folded(name)):
            return EXACT
        if bare_name(name).startswith(wanted):
            closest = BEGINS
        elif wanted in folded(name) and closest is None:
            closest = HOLDS
    return closest

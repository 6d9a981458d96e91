"""Which pupils seem to live in one household: siblings, as far as the lists tell. Pure; nothing of it is stored.

Called by settlements/roster_commands. A household has no name: it goes by the lowest code of its pupils. Names are read for the comparison
and do not leave this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from settlements.letters import folded
from settlements.roster import Learner, PersonName

Trait = tuple[str, ...]

# A brother's and a sister's last names differ in their ends: Тетрадкин and Тетрадкина, Қаламұлы and Қаламқызы.
_HERS = (("ова", "ов"), ("ева", "ев"), ("ина", "ин"), ("ская", "ский"), ("цкая", "цкий"), ("кызы", "улы"))


def households(learners: Iterable[Learner], names: Mapping[str, PersonName]) -> dict[str, str]:
    """For every pupil the household's code.

    Two are of one household where, in one village, parent and address are the same (an empty address is the post office), or last name
    and an address that is not empty. A pupil without a name is a household alone.
    """
    of: dict[str, str] = {}
    first: dict[Trait, str] = {}
    for learner in sorted(learners, key=lambda learner: learner.code):
        of[learner.code] = learner.code
        name = names.get(learner.code)
        for trait in _traits(learner, name) if name else ():
            _join(of, first.setdefault(trait, learner.code), learner.code)
    return {code: _root(of, code) for code in of}


def siblings(household_of: Mapping[str, str]) -> dict[str, str]:
    """The same without the pupils who are alone in their household."""
    several = {household for code, household in household_of.items() if code != household}
    return {code: household for code, household in household_of.items() if household in several}


def family_name(last_name: str) -> str:
    """A last name for comparing sisters with brothers: folded, in the form of the brother."""
    name = folded(last_name)
    return next((name.removesuffix(hers) + his for hers, his in _HERS if name.endswith(hers) and len(name) > len(hers)), name)


def _traits(learner: Learner, name: PersonName) -> Iterator[Trait]:
    """What pupils of one household have in common."""
    parent, address = folded(name.parent), folded(name.address)
    if parent:
        yield "parent", learner.kato, parent, address
    if address and name.last_name:
        yield "address", learner.kato, family_name(name.last_name), address


def _join(of: dict[str, str], one: str, other: str) -> None:
    first, second = sorted((_root(of, one), _root(of, other)))
    of[second] = first


def _root(of: Mapping[str, str], code: str) -> str:
    while of[code] != code:
        code = of[code]
    return code

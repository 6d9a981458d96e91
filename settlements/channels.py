"""Who is reached by post, television, radio or the web: the channel table of a district, by district, village or hub school.

Called by settlements/summary_commands. A pupil may have several channels, so the columns do not add up to the pupils.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from sqlalchemy.orm import Session

from records.language import _
from settlements.areas import LEVELS, areas
from settlements.loans import open_loans
from settlements.register import schools, villages
from settlements.roster import CHANNELS, Learner, learners

GROUPS = (*LEVELS, "village", "school")


@dataclass(frozen=True, slots=True)
class Reach:
    """One row: how many pupils there are, how many each channel reaches, how many nothing or only the post does, how many have a lent device."""

    pupils: int = 0
    post: int = 0
    tv: int = 0
    radio: int = 0
    web: int = 0
    nobody: int = 0
    only_post: int = 0
    lent: int = 0

    def as_json(self) -> dict[str, int]:
        """The counts by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, slots=True)
class Group:
    """A row of the table with what it is about: the code of an area, village or school, and its name."""

    code: str
    name: str
    reach: Reach


def channel_table(session: Session, by: str, within: str, language: str) -> list[Group]:
    """The rows of the table by code; `by` is one of GROUPS."""
    found = learners(session, within)
    holders = {loan.pupil for loan in open_loans(session, within)}
    grouped: dict[str, list[Learner]] = {}
    names: dict[str, str] = {}
    if by in LEVELS:
        parts = areas(session, by)
        for learner in found:
            grouped.setdefault(parts.of(learner.kato), []).append(learner)
        names = {code: parts.name(code, language) for code in grouped}
    else:
        for learner in found:
            grouped.setdefault(learner.school if by == "school" else learner.kato, []).append(learner)
        names = _place_names(session, by, within, language)
    return [Group(code, names.get(code, code) or _("none"), reach_of(grouped[code], holders)) for code in sorted(grouped)]


def reach_of(learners: Iterable[Learner], holders: Iterable[str]) -> Reach:
    """The counts of some pupils; `holders` are the codes of those who have a lent device."""
    pupils, lent = list(learners), set(holders)
    reached = {channel: sum(1 for each in pupils if channel in each.channels) for channel in CHANNELS}
    nobody = sum(1 for each in pupils if not each.channels)
    only_post = sum(1 for each in pupils if each.channels == ("post",))
    return Reach(len(pupils), **reached, nobody=nobody, only_post=only_post, lent=sum(1 for each in pupils if each.code in lent))


def together(groups: Iterable[Group]) -> Reach:
    """The sum of the rows: each pupil stands in one of them."""
    rows = [group.reach for group in groups]
    return Reach(**{each.name: sum(getattr(row, each.name) for row in rows) for each in fields(Reach)})


def _place_names(session: Session, by: str, within: str, language: str) -> dict[str, str]:
    if by == "school":
        return {code: school.name(language) for code, school in schools(session).items()}
    return {village.kato: village.name(language) for village in villages(session, within)}

"""Lists of pupils as they are asked for: of a village, a district, a hub school, a teacher, a grade; on the screen and in files.

Called by settlements/roster_commands. A file with names in it is noted before it is written, so that `pupils forget` finds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from records.errors import NotFound
from records.exchange import write_table
from records.home import Home
from records.language import _
from records.named_files import Written, is_inside, naming
from settlements.households import households, siblings
from settlements.roster import Learner, learners, lessons, names

NO_CHANNEL = "none"  # written where no lesson reaches the pupil: an empty cell means post
NAMED = ("last_name", "first_name")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which pupils a list is about; what is empty does not narrow it. `district` and `village` are KATO codes of any level."""

    district: str = ""
    village: str = ""
    school: str = ""
    teacher: str = ""
    grade: int | None = None
    language: str = ""
    with_left: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list tells beside codes: names, households of two and more only."""

    names: bool = False
    siblings: bool = False


def chosen(session: Session, choice: Choice) -> list[Learner]:
    """The pupils that the choice means, by village, grade and code. Raises NotFound for a teacher who has no lessons."""
    found = learners(session, choice.district, choice.village, school=choice.school, with_left=choice.with_left)
    if choice.teacher:
        taught = {(each.school, each.grade, each.language) for each in lessons(session) if each.teacher == choice.teacher}
        if not taught:
            raise NotFound(
                _("There is no teacher with the code {code}.").format(code=choice.teacher),
                _("The list of teachers says who teaches whom: import it, or correct the code."),
            )
        found = [each for each in found if (each.school, each.grade, each.language) in taught]
    return [each for each in found if choice.grade in (None, each.grade) and choice.language in ("", each.language)]


def rows_of(session: Session, choice: Choice, shown: Shown) -> list[dict[str, Any]]:
    """The list's rows as `pupils list` answers them; siblings stand together."""
    found = chosen(session, choice)
    people = names(session) if shown.names or shown.siblings else {}
    household_of: Mapping[str, str] = {}
    if shown.siblings:
        household_of = siblings(households(learners(session, with_left=choice.with_left), people))
        found = sorted(
            (each for each in found if each.code in household_of), key=lambda each: (household_of[each.code], each.grade, each.code)
        )
    rows = []
    for each in found:
        row = _row(each)
        if shown.siblings:
            row["household"] = household_of[each.code]
        if shown.names:
            row |= {name: getattr(people[each.code], name) if each.code in people else "" for name in NAMED}
        rows.append(row)
    return rows


def columns(choice: Choice, shown: Shown) -> list[str]:
    """The columns of the list on paper and in files, in the words of the list `pupils`."""
    left, household = (["left_on"] if choice.with_left else []), (["household"] if shown.siblings else [])
    named = list(NAMED) if shown.names else []
    return ["code", *household, *named, "grade", "language", "kato", "school", "print", "channels", *left]


def cells_of(row: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    """The row's cells in the order of `names`; no channel at all is written as a word."""
    return [",".join(row[name]) or NO_CHANNEL if name == "channels" else row[name] for name in names]


def write_list(home: Home, path: Path, names: Sequence[str], rows: Sequence[Mapping[str, Any]], again: str) -> bool:
    """Write the list by the file's suffix; answers whether `pupils forget` will find every name in it: not in a file outside of the desk.

    `again` is the command that writes it anew. Raises UsageRefused for another kind of file, Busy as records.named_files.naming does.
    """
    named = [str(row["code"]) for row in rows if any(row.get(name) for name in NAMED)]
    with naming(home, {Written(home.relative(path), again): named} if is_inside(home, path) else {}):
        write_table(path, names, [cells_of(row, names) for row in rows], "pupils")
    return is_inside(home, path) or NAMED[0] not in names


def _row(each: Learner) -> dict[str, Any]:
    return {
        "code": each.code,
        "grade": each.grade,
        "language": each.language,
        "kato": each.kato,
        "school": each.school,
        "print": each.print,
        "channels": list(each.channels),
        "left_on": each.left_on.isoformat() if each.left_on else None,
    }

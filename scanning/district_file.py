"""A desk's counts as a file for the region, and such files taken in. Exact numbers for official use: no names, no codes of children or teachers.

`poshta district export` writes one, `poshta district rollup` reads many. The file carries a digest of what it says, so that a damaged one is told; nothing in it is
secret or signed. Small numbers are exact in it, since the region's own tables must add up: it is for the region's office and nobody else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from records.calendar import StudyWeek
from records.errors import Complaint, InputRefused, UsageRefused
from records.files import explained
from records.language import N_, _
from records.marks_calendar import Quarter
from scanning.district_counts import Children, District, Load
from scanning.district_report import Span
from settlements.codes import is_kato

FORMAT, VERSION = "poshta district counts", 1
NOTE = "For official use: counts of children, exact. Қызмет бабында пайдалануға. Для служебного пользования."
MOST_BYTES = 64 << 20
MOST = 10_000_000  # of anything that is counted: more than a country has
TALLIES = ("days", "pages", "marks", "markers")
_WORK = re.compile(r"[a-z_0-9]+/[0-9]{1,2}/[2-5]")  # subject, grade, mark
HINT = N_("Ask the district for the file again, as `poshta district export` wrote it.")


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """One desk's file: `desk` tells desks apart and says nothing else; `day`: when it was made."""

    file: str
    desk: str
    made_at: str
    span: Span
    districts: tuple[District, ...]


def desk_name(keys: Sequence[str]) -> str:
    """What tells this desk from others in a region: a digest of the id of its first key."""
    return hashlib.sha256(f"desk {min(keys, default='')}".encode()).hexdigest()[:16]


def as_text(counts: DeskCounts) -> str:
    """The file's text; the same counts on the same moment give the same bytes."""
    body: dict[str, Any] = {"format": FORMAT, "version": VERSION, "note": NOTE, "desk": counts.desk, "made_at": counts.made_at}
    body |= {"span": {"name": counts.span.name, "weeks": list(counts.span.weeks)}}
    body["districts"] = [_plain(each) for each in counts.districts]
    return json.dumps(body | {"digest": _digest(body)}, ensure_ascii=False, indent=1) + "\n"


def read_counts(path: Path) -> DeskCounts:
    """The counts in a file; raises NotFound, InputRefused where it is something else, of another version, or was changed."""
    with explained(path):
        content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise _damaged(path) from None
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise InputRefused(_("{file} holds no counts of a district.").format(file=path.name), _(HINT))
    if body.get("version") != VERSION:
        raise InputRefused(
            _("{file} was written by another version of the program.").format(file=path.name), _("Bring both desks to the same version.")
        )
    try:
        if _digest({name: value for name, value in body.items() if name != "digest"}) != body.get("digest"):
            raise _damaged(path)
        districts = TypeAdapter(list[District]).validate_python(body["districts"])
        span = _span(body["span"])
        made_at = datetime.fromisoformat(body["made_at"]).isoformat()
    except (ValidationError, KeyError, TypeError, ValueError, UsageRefused):
        raise _damaged(path) from None
    if not all(0 <= number <= MOST for number in _numbers(body["districts"])) or not all(map(_possible, districts)):
        raise _damaged(path)
    return DeskCounts(path.name, str(body["desk"]), made_at, span, tuple(districts))


def together(found: Sequence[DeskCounts]) -> tuple[list[District], list[DeskCounts], list[Complaint]]:
    """The districts of all files, those files that count, and what was wrong: other weeks than the first file's, a desk twice (the later file counts),
    a district of two desks (both count)."""
    complaints: list[Complaint] = []
    latest: dict[str, DeskCounts] = {}
    for each in found:
        if each.span != found[0].span:
            text = _("{file} is of {span}, the others of {other}. It is left away.")
            complaints.append(
                Complaint("other_weeks", text.format(file=each.file, span=each.span.name, other=found[0].span.name), file=each.file)
            )
            continue
        held = latest.get(each.desk)
        if held is not None:
            older, newer = sorted((held, each), key=lambda counts: (counts.made_at, counts.file))
            text = _("{file} and {other} are of the same desk: the later one counts, {other}.")
            complaints.append(Complaint("same_desk", text.format(file=older.file, other=newer.file), file=older.file))
            each = newer  # noqa: PLW2901 - whichever of both is later
        latest[each.desk] = each
    merged: dict[str, District] = {}
    for counts in latest.values():
        for district in counts.districts:
            if district.kato in merged:
                text = _("The district {kato} stands in {file} too: two desks share it, and their numbers were added.")
                complaints.append(
                    Complaint("shared_district", text.format(kato=district.kato, file=counts.file), file=counts.file, refused=False)
                )
                district = _added(merged[district.kato], district)  # noqa: PLW2901 - both together
            merged[district.kato] = district
    return [merged[kato] for kato in sorted(merged)], list(latest.values()), complaints


def _span(told: Mapping[str, Any]) -> Span:
    """The span that a file is of; it names the files that are written, so it must be one that a desk has. Raises UsageRefused, KeyError, TypeError."""
    weeks = tuple(str(StudyWeek.parse(week)) for week in told["weeks"])
    name = str(told["name"])
    return Span(str(Quarter.parse(name) if "/" in name else StudyWeek.parse(name)), weeks)


def _possible(district: District) -> bool:
    """Whether a desk could have written it."""
    works = all(map(_WORK.fullmatch, district.marks))
    return works and (not district.kato or is_kato(district.kato)) and sum(district.days.values()) <= MOST


def _added(one: District, other: District) -> District:
    """Two desks' counts of one district; children of different desks are different children."""
    parts = {key: Children() for key in (*one.parts, *other.parts)}
    loads = {key: Load() for key in (*one.loads, *other.loads)}
    for each in (one, other):
        for key, part in each.parts.items():
            parts[key].add(part)
        for key, load in each.loads.items():
            loads[key].add(load)
    names = one.school_names | other.school_names
    sums = {name: getattr(one, name) + getattr(other, name) for name in (*TALLIES, "silent")}
    return replace(one, parts=parts, school_names=names, loads=loads, **sums)


def _plain(district: District) -> dict[str, Any]:
    """The district without its teachers' codes: all together, and behind them the children of whom something was read."""
    whole = Load()
    for load in district.loads.values():
        whole.add(load)
    whole.children = district.children.whole + district.children.partly
    tallies = {name: dict(sorted(getattr(district, name).items())) for name in TALLIES}
    lean = replace(district, loads={"": whole}, days=Counter(), pages=Counter(), marks=Counter(), markers=Counter())
    return asdict(lean) | tallies


def _numbers(value: Any) -> list[int]:
    """Every number in plain JSON."""
    if isinstance(value, Mapping):
        return [number for each in value.values() for number in _numbers(each)]
    if isinstance(value, list):
        return [number for each in value for number in _numbers(each)]
    return [value] if isinstance(value, int) else []


def _digest(body: Mapping[str, Any]) -> str:
    plain = json.loads(json.dumps(body))  # numbers as keys become text
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _damaged(path: Path) -> InputRefused:
    return InputRefused(_("{file} is damaged, or was changed after it was written.").format(file=path.name), _(HINT), code="damaged")

"""What may be told of a district or a region: counts with those of few children hidden, and with them whatever would give them away. Pure.

scanning/district_page and scanning/district_paper show it. A report of one district has its hub schools as rows, one of several the districts. All tables of a report
are hidden together by records/small_cells; None stands for what is hidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from records.ledger import Stage, Stop
from records.small_cells import FEW, Addition, is_small, to_hide
from scanning.district_counts import MARKS, PAGES, Children, District, Load, SilentVillage

COLUMNS = ("pupils", "reached", "returned", "whole", "partly", "silent", "lost", "unreached")
LOADS = ("pages", "open", "waiting", "doubts")
STAGES = tuple(stage.value for stage in Stage)
_PARTS = (("pupils", ("reached", "unreached")), ("reached", ("returned", "silent", "lost")), ("returned", ("whole", "partly")))
Told = dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Span:
    """The study weeks of a report: one, or a quarter's; `name` is 2026-W41 or 2026-27/1."""

    name: str
    weeks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it is of, in both languages, and its counts; None where hidden. `median_days`: of a district's turnaround."""

    key: str
    name_kk: str
    name_ru: str
    counts: Told
    median_days: float | None = None

    def share(self, of: str, whole: str) -> float | None:
        """A count as a share of another, to three places, where both are told."""
        part, total = self.counts[of], self.counts[whole]
        return round(part / total, 3) if part is not None and total else None

    def as_json(self) -> dict[str, Any]:
        """The line as `district report` answers it."""
        return {"key": self.key, "name_kk": self.name_kk, "name_ru": self.name_ru, **self.counts}


@dataclass(frozen=True, slots=True)
class MarksRow:
    """Works with a mark in a subject and grade (0: all grades; no subject: all): how many, and how many of 2, 3, 4 and 5."""

    subject: str
    grade: int
    works: int | None
    marks: tuple[int | None, ...]

    @property
    def good(self) -> float | None:
        """The share of 4 and 5 among the works, where these are told."""
        good, works = self.marks[2:], self.works
        told = [count for count in good if count is not None]
        return round(sum(told) / works, 3) if works and len(told) == len(good) else None

    def as_json(self) -> dict[str, Any]:
        """The line as `district report` answers it."""
        marks = {str(mark): count for mark, count in zip(MARKS, self.marks, strict=True)}
        return {"subject": self.subject or None, "grade": self.grade or None, "works": self.works, "marks": marks, "good": self.good}


@dataclass(frozen=True, slots=True)
class Turnaround:
    """Days from hand-over to the last worksheet read, of packets that were read whole: the median, and the day by which nine of ten were."""

    packets: int | None
    median: float | None
    p90: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """All that may be told. `rows` ends with the sum of all; `small_silent` counts silent villages of fewer than five children, which are not named;
    `of_schools`: the rows are schools and teachers of one district, else districts.
    """

    span: Span
    kato: str
    name_kk: str
    name_ru: str
    rows: tuple[Row, ...]
    marks: tuple[MarksRow, ...]
    turnaround: Turnaround
    pages: Told
    loads: tuple[Row, ...]
    silent: tuple[SilentVillage, ...]
    small_silent: int
    hidden: int
    of_schools: bool

    @property
    def total(self) -> Row:
        """The sum of all rows."""
        return self.rows[-1]

    def as_json(self) -> dict[str, Any]:
        """The report as the contract tells it."""
        silent = [{"kato": each.kato, "name_kk": each.name_kk, "name_ru": each.name_ru, "weeks": each.weeks} for each in self.silent]
        shares = {"coverage": self.total.share("reached", "pupils"), "return_rate": self.total.share("returned", "reached")}
        shares["loss"] = self.total.share("lost", "reached")
        turnaround = {"packets": self.turnaround.packets, "median_days": self.turnaround.median, "p90_days": self.turnaround.p90}
        return {
            "span": {"name": self.span.name, "weeks": list(self.span.weeks)},
            "kato": self.kato or None,
            **shares,
            "rows": [row.as_json() | {"median_days": row.median_days} for row in self.rows],
            "marks": [row.as_json() for row in self.marks],
            "turnaround": turnaround,
            "pages": self.pages,
            "loads": [row.as_json() for row in self.loads],
            "silent_villages": silent,
            "small_silent_villages": self.small_silent,
            "hidden": self.hidden,
        }


def report(found: Sequence[District], span: Span, kato: str = "", name_kk: str = "", name_ru: str = "") -> Report:
    """What may be told of these districts; of one, by its schools."""
    alone = found[0] if len(found) == 1 else None
    whose = (alone.kato, alone.name_kk, alone.name_ru) if alone else (kato, name_kk, name_ru)
    rows = _school_rows(alone) if alone else {each.kato: (each.name_kk, each.name_ru, each.children) for each in found}
    loads = dict(sorted(alone.loads.items())) if alone else {each.kato: _whole_load(each) for each in found}
    cells = _Cells()
    cells.children({key: children for key, (_kk, _ru, children) in rows.items()})
    marks, markers = _summed(each.marks for each in found), _summed(each.markers for each in found)
    cells.marks(marks, markers)
    cells.loads(loads)
    told = cells.told()
    named = {key: (kk, ru) for key, (kk, ru, _children) in rows.items()}
    days = {each.kato: _turnaround(each.days, each.children.returned).median for each in ([] if alone else found)}
    whole_days = _turnaround(_summed(each.days for each in found), sum(each.children.returned for each in found))
    days[ALL] = whole_days.median
    pages = _pages(_summed(each.pages for each in found), sum(each.children.reached for each in found))
    return Report(
        span,
        *whose,
        rows=tuple(
            Row(key, *named.get(key, ("", "")), {column: told[f"c|{key}|{column}"] for column in COLUMNS}, days.get(key))
            for key in (*rows, ALL)
        ),
        marks=tuple(_marks_rows(marks, told)),
        turnaround=whole_days,
        pages=pages,
        loads=tuple(
            Row(key, *named.get(key, (key, key) if key != ALL else ("", "")), {name: told[f"l|{key}|{name}"] for name in LOADS})
            for key in (*loads, ALL)
        ),
        silent=tuple(each for district in found for each in district.silent if each.children >= FEW),
        small_silent=sum(each.children < FEW for district in found for each in district.silent),
        hidden=sum(count is None for count in (*told.values(), *pages.values())),
        of_schools=alone is not None,
    )


WORDS = (*map(str, MARKS), "")  # of a mark in the names of cells; none: all marks
ALL = "*"  # the sum of all rows: an empty code is a school or a teacher whom nobody knows


class _Cells:
    """Every count of a report with the children behind it, and the sums that a reader can do."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._behind: dict[str, int] = {}
        self._additions: list[Addition] = []

    def children(self, rows: Mapping[str, Children]) -> None:
        """Children by row and column, and the sum of all rows."""
        total = Children()
        for part in rows.values():
            total.add(part)
        for key, part in [*rows.items(), (ALL, total)]:
            counts = dict(vars(part))
            counts |= {"returned": part.returned, "reached": part.reached, "pupils": part.reached + part.unreached}
            self._counts |= {f"c|{key}|{column}": counts[column] for column in COLUMNS}
            self._additions += [Addition(f"c|{key}|{whole}", tuple(f"c|{key}|{each}" for each in parts)) for whole, parts in _PARTS]
        self._additions += [Addition(f"c|{ALL}|{column}", tuple(f"c|{key}|{column}" for key in rows)) for column in COLUMNS if rows]

    def marks(self, works: Mapping[str, int], markers: Mapping[str, int]) -> None:
        """Works by subject, grade and mark, with every sum of them."""
        classes = sorted({tuple(cell.split("/")[:2]) for cell in works})
        subjects = sorted({subject for subject, _grade in classes})
        for subject in subjects:
            grades = [grade for each, grade in classes if each == subject]
            for place in (*grades, ""):
                self._class(subject, place, grades, works, markers)
            for word in WORDS:
                self._additions.append(Addition(f"m|{subject}||{word}", tuple(f"m|{subject}|{grade}|{word}" for grade in grades)))
        for word in WORDS:
            parts = tuple(f"m|{subject}||{word}" for subject in subjects)
            behind = max((self._behind[part] for part in parts), default=0)  # at least so many: a child has works in several subjects
            self._mark("", "", word, sum(self._counts[part] for part in parts), behind)
            self._additions.append(Addition(f"m|||{word}", parts))
        self._additions.append(Addition("m|||", tuple(f"m|||{mark}" for mark in MARKS)))

    def _class(self, subject: str, grade: str, grades: Sequence[str], works: Mapping[str, int], markers: Mapping[str, int]) -> None:
        """A subject's grade, or all its grades under an empty one. Of a class of few even a nought is hidden: it would tell that all the rest have another mark."""
        children = markers.get(f"{subject}/{grade}" if grade else subject, 0)
        place = f"m|{subject}|{grade}|"
        for mark in MARKS:
            count = sum(works.get(f"{subject}/{each}/{mark}", 0) for each in ([grade] if grade else grades))
            behind = children if is_small(children) else markers.get(f"{subject}/{grade}/{mark}", 0)
            self._mark(subject, grade, str(mark), count, behind)
        self._mark(subject, grade, "", sum(self._counts[f"{place}{mark}"] for mark in MARKS), children)
        self._additions.append(Addition(place, tuple(f"{place}{mark}" for mark in MARKS)))

    def loads(self, loads: Mapping[str, Load]) -> None:
        """What stood before teachers; counts of pages and answers, behind which stand the children whose they are."""
        for name in LOADS:
            for key, load in loads.items():
                self._counts[f"l|{key}|{name}"] = getattr(load, name)
                self._behind[f"l|{key}|{name}"] = min(load.children, getattr(load, name))
            self._counts[f"l|{ALL}|{name}"] = sum(getattr(load, name) for load in loads.values())
            self._behind[f"l|{ALL}|{name}"] = min(
                max((load.children for load in loads.values()), default=0), self._counts[f"l|{ALL}|{name}"]
            )
            self._additions.append(Addition(f"l|{ALL}|{name}", tuple(f"l|{key}|{name}" for key in loads)))

    def told(self) -> Told:
        """Every count, None where it is hidden."""
        secret = to_hide(self._counts, self._additions, self._behind)
        return {name: None if name in secret else count for name, count in self._counts.items()}

    def _mark(self, subject: str, grade: str, mark: str, works: int, children: int) -> None:
        self._counts[f"m|{subject}|{grade}|{mark}"] = works
        self._behind[f"m|{subject}|{grade}|{mark}"] = children


def _school_rows(district: District) -> dict[str, tuple[str, str, Children]]:
    names = district.school_names
    return {key: (*names.get(key, (key, key)), part) for key, part in sorted(district.parts.items())}


def _whole_load(district: District) -> Load:
    """All teachers of a district together; behind that stand the children of whom something was read."""
    total = Load()
    for load in district.loads.values():
        total.add(load)
    total.children = district.children.whole + district.children.partly
    return total


def _marks_rows(works: Mapping[str, int], told: Told) -> Iterable[MarksRow]:
    """By subject, the subject's sum before its grades; the sum of all at the end."""
    classes = sorted({(cell.split("/")[0], int(cell.split("/")[1])) for cell in works})
    for subject in sorted({subject for subject, _grade in classes}):
        for grade in (0, *(grade for each, grade in classes if each == subject)):
            yield _marks_row(subject, grade, told)
    if classes:
        yield _marks_row("", 0, told)


def _marks_row(subject: str, grade: int, told: Told) -> MarksRow:
    place = f"m|{subject}|{grade or ''}"
    return MarksRow(subject, grade, told[f"{place}|"], tuple(told[f"{place}|{mark}"] for mark in MARKS))


def _turnaround(days: Mapping[int, int], returned: int) -> Turnaround:
    """Told of at least five packets and five children."""
    packets = sum(days.values())
    if packets < FEW or returned < FEW:
        return Turnaround(None, None, None)
    ordered = sorted(Counter(days).elements())
    middle = packets // 2
    median = float(ordered[middle]) if packets % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return Turnaround(packets, median, ordered[ceil(0.9 * packets) - 1])


def _pages(pages: Mapping[str, int], reached: int) -> Told:
    """The ledger's sums, without those that come within fewer than five of another: one page that is not back is one child, and hidden by name already."""
    told: Told = dict.fromkeys(PAGES)
    if reached < FEW:
        return told
    kept: list[int] = [0]
    for name in STAGES:
        count = pages.get(name, 0)
        if not any(is_small(abs(count - other)) for other in kept):
            told[name] = count
            kept.append(count)
    missed = {name: pages.get(name, 0) for name in (Stop.MISSING.value, Stop.LOST.value)}
    if not any(map(is_small, missed.values())):  # both or neither: what is away less the one gives the other
        told |= missed
    return told


def _summed(parts: Iterable[Mapping[Any, int]]) -> Counter[Any]:
    total: Counter[Any] = Counter()
    for part in parts:
        total.update(part)
    return total

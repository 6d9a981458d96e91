"""The truth of a rehearsal as a file, and the comparison with what the reader answered. Pure but for `save` and `load`.

The reader never opens this file. `compare` judges the contract's rows (`scan` pages and `grades answers`), so any reader that speaks the
contract can be judged.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from records.files import write_text
from scanning.rehearsal.meaning import ItemTruth, Must

VERSION = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """One sheet in one picture: which page it is, which copy of it, and what can still be seen on it."""

    page: str
    copy: int
    items: tuple[ItemTruth, ...]


@dataclass(frozen=True, slots=True)
class FrameTruth:
    """One picture in a file. `kind`: page, pair (two sheets side by side), back (empty paper), foreign or broken; `file` as it lies below the folder of the post."""

    file: str
    frame: int
    batch: int
    kind: str
    condition: str = ""
    sheets: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """A whole post: every picture, and the pages that did not come, came twice, or came late."""

    seed: int
    frames: tuple[FrameTruth, ...]
    dropped: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    late: tuple[str, ...] = ()

    def items(self, batches: Iterable[int] | None = None) -> dict[tuple[str, str], ItemTruth]:
        """The truth of each (page, item) that came, the best-kept copy first; a doubt is excused where any copy excuses it."""
        wanted = None if batches is None else set(batches)
        found: dict[tuple[str, str], ItemTruth] = {}
        for frame in self.frames:
            if wanted is not None and frame.batch not in wanted:
                continue
            for sheet in frame.sheets:
                for item in sheet.items:
                    key = (sheet.page, item.item)
                    found[key] = _better(found[key], item) if key in found else item
        return found

    def pages(self) -> set[str]:
        """The ids of all pages that came."""
        return {sheet.page for frame in self.frames for sheet in frame.sheets}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of the reader, told so that the picture can be looked at."""

    kind: str
    page: str
    item: str = ""
    expected: str = ""
    got: str = ""
    marks: tuple[str, ...] = ()
    file: str = ""
    frame: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Counts of items and pages. `silent` holds every silent error and ghost answer; `lost` every page not found, `strangers` every wrong identity."""

    items: int
    right: int
    doubtful: int  # a person is asked although the mark is plain
    doubt_accepted: int  # a person is asked, rightly or with good excuse
    missing: int  # items of pages that came, without any answer
    silent: tuple[Finding, ...] = ()
    lost: tuple[Finding, ...] = ()
    strangers: tuple[Finding, ...] = ()
    stateless: tuple[Finding, ...] = ()
    styles: Mapping[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """No silent error, no wrong identity, and a state for every picture."""
        return not (self.silent or self.strangers or self.stateless)


def compare(truth: Truth, answers: Sequence[Mapping[str, Any]], scans: Sequence[Mapping[str, Any]] | None = None) -> Comparison:
    """Judge the reader. `answers` are rows of `grades answers`; `scans` rows of `scan`, whose `file` ends in the truth's file.

    Without `scans`, pages are not judged: only their answers are.
    """
    expected = truth.items()
    got = {(row["page"], row["item"]): row for row in answers}
    where = {sheet.page: frame for frame in truth.frames for sheet in frame.sheets}
    counts: Counter[str] = Counter()
    silent = []
    for key, item in expected.items():
        verdict = _verdict(item, got.get(key))
        counts[verdict] += 1
        if verdict == "silent":
            silent.append(_finding("silent", where[key[0]], key[0], item, got[key]))
    ghosts = [_ghost(row) for key, row in got.items() if key not in expected and row["state"] == "read"]
    lost, strangers, stateless = _judge_pages(truth, scans) if scans is not None else ((), (), ())
    return Comparison(
        items=len(expected),
        right=counts["right"],
        doubtful=counts["doubtful"],
        doubt_accepted=counts["accepted"],
        missing=counts["missing"],
        silent=(*silent, *ghosts),
        lost=lost,
        strangers=strangers,
        stateless=stateless,
        styles=Counter(mark for finding in silent for mark in finding.marks),
    )


def _verdict(item: ItemTruth, row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "missing"
    state = {"waiting": "blank"}.get(row["state"], row["state"])
    if state == "doubt":
        return "accepted" if item.doubt_ok or item.must is Must.DOUBT else "doubtful"
    said = tuple(row["reading"])
    return "right" if (item.must is Must(state) and said == item.reading) or said in item.also else "silent"


def _judge_pages(truth: Truth, scans: Sequence[Mapping[str, Any]]) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[Finding, ...]]:
    found: set[str] = set()
    strangers, stateless = [], []
    for frame in truth.frames:
        rows = [row for row in scans if row["frame"] == frame.frame and _same_file(row["file"], frame.file)]
        own = {sheet.page for sheet in frame.sheets}
        if not any(row.get("state") for row in rows) and not _told_as_a_whole(frame, scans):
            stateless.append(_page_finding("stateless", frame, next(iter(own), "")))
        for row in rows:
            if row.get("page") and row["page"] not in own:
                strangers.append(_page_finding("stranger", frame, next(iter(own), ""), row["page"]))
            elif row.get("page"):
                found.add(row["page"])
    lost = tuple(_page_finding("lost", frame, sheet.page) for frame in truth.frames for sheet in frame.sheets if sheet.page not in found)
    return lost, tuple(strangers), tuple(stateless)


def _told_as_a_whole(frame: FrameTruth, scans: Sequence[Mapping[str, Any]]) -> bool:
    """A broken file has one row for all its frames."""
    return frame.kind == "broken" and any(_same_file(row["file"], frame.file) and row.get("state") for row in scans)


def _same_file(told: str, own: str) -> bool:
    return told == own or told.replace("\\", "/").endswith("/" + own)


def _better(one: ItemTruth, other: ItemTruth) -> ItemTruth:
    kept = other if one.must is Must.DOUBT else one
    kept = replace(kept, also=tuple(dict.fromkeys((*one.also, *other.also))))
    return kept.excused() if one.doubt_ok or other.doubt_ok else kept


def _finding(kind: str, frame: FrameTruth, page: str, item: ItemTruth, row: Mapping[str, Any]) -> Finding:
    return Finding(
        kind,
        page,
        item.item,
        _told(item.must.value, item.reading),
        _told(row["state"], row["reading"]),
        item.marks,
        frame.file,
        frame.frame,
    )


def _ghost(row: Mapping[str, Any]) -> Finding:
    return Finding("ghost", row["page"], row["item"], "", _told(row["state"], row["reading"]))


def _page_finding(kind: str, frame: FrameTruth, page: str, got: str = "") -> Finding:
    return Finding(kind, page, got=got, file=frame.file, frame=frame.frame)


def _told(state: str, reading: Iterable[str]) -> str:
    return " ".join([state, ",".join(reading)]).strip()


def save(truth: Truth, path: Path) -> None:
    """Write the truth as JSON."""
    write_text(path, json.dumps({"version": VERSION, **asdict(truth)}, ensure_ascii=False))


def load(path: Path) -> Truth:
    """The truth that `save` wrote."""
    body = json.loads(path.read_text(encoding="utf-8"))
    return Truth(
        seed=body["seed"],
        frames=tuple(_frame(frame) for frame in body["frames"]),
        dropped=tuple(body["dropped"]),
        doubled=tuple(body["doubled"]),
        late=tuple(body["late"]),
    )


def _frame(body: Mapping[str, Any]) -> FrameTruth:
    sheets = tuple(Seen(sheet["page"], sheet["copy"], tuple(_item(item) for item in sheet["items"])) for sheet in body["sheets"])
    return FrameTruth(body["file"], body["frame"], body["batch"], body["kind"], body["condition"], sheets)


def _item(body: Mapping[str, Any]) -> ItemTruth:
    also = tuple(tuple(reading) for reading in body.get("also", ()))
    return ItemTruth(
        body["item"],
        tuple(body["reading"]),
        Must(body["must"]),
        body["doubt_ok"],
        tuple(body["marks"]),
        body["dark"],
        tuple(body.get("columns", ())),
        also,
    )

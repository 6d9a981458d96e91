"""The judge: reads pictures through a reader, compares with the truth, counts.

A silent error is an accepted answer that is not the truth; `outside` counts those of them whose mark stood beside its circle, round it or round its
letter. A needless doubt waits where everything was clear; a due doubt is right. A page is lost where no verdict gives its answers, wrong where a
verdict names a page that is not in the picture. __main__ prints what comes out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from scipy.stats import chi2

from bench.other_hands import crops
from bench.other_hands.conditions import SECRET
from bench.other_hands.events import OUTSIDE
from bench.other_hands.field import Shown, take
from bench.other_hands.sheets import PrintRoom
from bench.other_hands.truth import Truth
from bench.printed_week import MemoryBook
from scanning.verdict import Blank, Chosen, Doubt, Grey, Judgement, PageVerdict

STEPS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1.1)  # of the reliability table
Reader = Callable[[Grey, MemoryBook], Sequence[PageVerdict]]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: a silent error, a needless doubt, a lost or wrong page."""

    what: str
    condition: str
    number: int
    item: str
    kind: str
    meant: str
    said: str
    outside: bool = False

    def line(self) -> str:
        """One line for a person."""
        return f"{self.condition} picture {self.number} item {self.item or '-'}: {self.what}; drawn: {self.kind}; meant {self.meant}, said {self.said}"


@dataclass(slots=True)
class Tally:
    """One condition's counts, or a part of them."""

    pages: int = 0
    answers: int = 0
    right: int = 0
    needless: int = 0
    due: int = 0
    silent: int = 0
    outside: int = 0
    lost: int = 0
    wrong: int = 0
    read_ms: float = 0.0
    drawn_ms: float = 0.0
    findings: list[Finding] = field(default_factory=list)
    trust: dict[str, list[float]] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Take another part in."""
        for name in ("pages", "answers", "right", "needless", "due", "silent", "outside", "lost", "wrong", "read_ms", "drawn_ms"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.findings.extend(other.findings)
        for name, sums in other.trust.items():
            self.trust[name] = [one + more for one, more in zip(self.trust.get(name, (0, 0, 0.0)), sums, strict=True)]

    def believe(self, confidence: float, right: bool) -> None:
        """Take in one reading and how sure the reader was of it: [readings, right ones, sum of confidences] of its step."""
        name = next(f"{low:g} to {high:g}" for low, high in pairwise(STEPS) if confidence < high)
        sums = self.trust.get(name, [0, 0, 0.0])
        self.trust[name] = [sums[0] + 1, sums[1] + right, sums[2] + confidence]

    @property
    def bound(self) -> float:
        """One-sided 95 % upper bound of silent errors per 1,000 answers (Poisson)."""
        read = self.right + self.needless + self.due + self.silent
        return float(chi2.ppf(0.95, 2 * (self.silent + 1)) / 2 / read * 1000) if read else float("nan")


def judge_picture(name: str, seed: int, number: int, room: PrintRoom, read: Reader, save: Path | None = None) -> Tally:
    """Draw, read and judge one picture."""
    tally, start = Tally(), time.process_time()
    grey, shown = take(name, seed, number, room)
    tally.drawn_ms, start = (time.process_time() - start) * 1000, time.process_time()
    verdicts = read(grey, room.book())
    tally.read_ms = (time.process_time() - start) * 1000
    present = {each.sheet.page_id for each in shown}
    for verdict in verdicts:
        if verdict.page_id is not None and verdict.page_id not in present:
            tally.wrong += 1
            tally.findings.append(Finding("wrong page", name, number, "", verdict.state, ",".join(sorted(present)), verdict.page_id))
    for each in shown:
        _judge_sheet(tally, name, number, each, verdicts)
    if save is not None:
        for finding in tally.findings:
            crops.save(save, finding.what, finding.line(), grey, shown, finding.item)
    room.forget()
    return tally


def judge_pictures(name: str, seed: int, numbers: Iterable[int], room: PrintRoom, read: Reader, save: Path | None = None) -> Tally:
    """Judge several pictures of one condition; crops go below `save`, but none of withheld conditions."""
    total = Tally()
    for number in numbers:
        total.add(judge_picture(name, seed, number, room, read, None if name in SECRET else save))
    return total


def verdict_on(truth: Truth, judgement: Judgement | None) -> str:
    """right, due (a doubt that is right), needless (a doubt that nobody needed) or silent."""
    if judgement is None or isinstance(judgement, Doubt):
        return "needless" if truth.clear else "due"
    values = judgement.values if isinstance(judgement, Chosen) else ()
    return "right" if tuple(values) in truth.accepted else "silent"


def _judge_sheet(tally: Tally, name: str, number: int, shown: Shown, verdicts: Sequence[PageVerdict]) -> None:
    tally.pages += 1
    tally.answers += len(shown.truths)
    own = [verdict for verdict in verdicts if verdict.page_id == shown.sheet.page_id and verdict.items]
    if not own:
        tally.lost += 1
        said = "; ".join(f"{verdict.state} {verdict.reason}".strip() for verdict in verdicts) or "nothing"
        tally.findings.append(Finding("lost page", name, number, "", "page", shown.sheet.page_id, said))
        return
    said_of = {item.item: item for item in own[0].items}
    for truth in shown.truths:
        answer = said_of.get(truth.item)
        judgement = answer.judgement if answer else None
        if answer and answer.confidence is not None and shown.sheet.rules[truth.item] != "several":
            tally.believe(answer.confidence, _likeliest(answer.judgement) in truth.accepted)
        outcome = verdict_on(truth, judgement)
        setattr(tally, outcome, getattr(tally, outcome) + 1)
        if outcome in {"silent", "needless"}:
            what = "silent error" if outcome == "silent" else "needless doubt"
            outside = outcome == "silent" and any(event in truth.kind for event in OUTSIDE)
            tally.outside += outside
            tally.findings.append(Finding(what, name, number, truth.item, truth.kind, _words(truth.meant), _said(judgement), outside))


def _likeliest(judgement: Judgement) -> tuple[str, ...]:
    """The reading, or a doubt's first candidate."""
    match judgement:
        case Chosen(values):
            return tuple(values)
        case Doubt(_reason, candidates):
            return tuple(candidates[:1])
        case _:
            return ()


def _words(values: Sequence[str]) -> str:
    return ",".join(values) or "blank"


def _said(judgement: Judgement | None) -> str:
    match judgement:
        case Chosen(values):
            return _words(values)
        case Blank():
            return "blank"
        case Doubt(reason, candidates):
            return f"doubt {reason} ({_words(candidates)})"
        case _:
            return "no verdict"

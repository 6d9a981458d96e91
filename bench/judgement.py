"""The judge: simulated pages of every condition, read in memory, compared with the truth.

    python -m bench.judgement --pages 200 --condition all [--seed 1] [--workers 2] [--save FOLDER] [--kinds]

One row a condition: items, right, doubts that nobody needed, doubts that were due or excused, silent errors per 1,000 items with the upper end of
a one-sided 95 % interval (exact, Poisson), pages not found, pages taken for others, milliseconds a page of reading alone. `--save` keeps a picture
of every silent error and lost page. `--kinds` adds a table of what was drawn against what was said. `--find N` makes pages until N silent errors are found (or the pages run out).
`--keep FOLDER` keeps what was measured, a file a condition; `--again FILE ...` judges such pages once more and plays none.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.kept import Store, kept, pages_of
from bench.printed_week import MemoryBook, PrintedWeek, print_week
from records.workers import workers as pool_of
from scanning.rehearsal.conditions import CONDITIONS, MIXES, shares_of
from scanning.rehearsal.frames import jpeg_of, picture_of
from scanning.rehearsal.meaning import ItemTruth
from scanning.rehearsal.pages import PrintedSheet, sheets_of
from scanning.rehearsal.play import Setting, take_page
from scanning.rehearsal.scanner import QUARTERS, Taken
from scanning.rehearsal.truth import Comparison, Finding, FrameTruth, Seen, Truth, compare
from scanning.verdict import Blank, Chosen, Doubt, Grey, ItemVerdict, PageState, PageVerdict

BACK = {0: 0, 90: 270, 180: 180, 270: 90}
SAID = ("right", "needless", "due", "silent", "missing")
Kind = tuple[str, str, str]  # what was drawn, what became of it (SAID), the reason of a doubt
_worker: dict[str, Any] = {}


@dataclass(slots=True)
class Tally:
    """One condition's sums."""

    name: str
    pages: int = 0
    items: int = 0
    right: int = 0
    doubtful: int = 0
    accepted: int = 0
    missing: int = 0
    silent: list[Finding] = field(default_factory=list)
    lost: list[Finding] = field(default_factory=list)
    strangers: list[Finding] = field(default_factory=list)
    milliseconds: float = 0.0
    doubts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[Kind] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)

    def add(self, told: Comparison, milliseconds: float, kinds: Counter[Kind], state: str) -> None:
        """Take in one page."""
        self.pages += 1
        self.items += told.items
        self.right += told.right
        self.doubtful += told.doubtful
        self.accepted += told.doubt_accepted
        self.missing += told.missing
        self.silent += told.silent
        self.lost += told.lost
        self.strangers += told.strangers
        self.milliseconds += milliseconds
        self.kinds += kinds
        for (_drawn, said, reason), count in kinds.items():
            self.doubts[reason] += count if said == "needless" else 0
        self.states[state] += 1


Result = tuple[Comparison, float, Counter[Kind], str]


def judge_page(index: int) -> tuple[Result, bytes]:
    """Play one page, read it, compare. Runs in a worker."""
    from scanning.page import read_page

    setting: Setting = _worker["setting"]
    taken, items, condition = take_page(setting, index)
    picture = as_read(taken)
    start = time.perf_counter()
    verdicts = read_page(picture, _worker["book"])
    milliseconds = (time.perf_counter() - start) * 1000
    page = setting.sheets[index]
    frame = FrameTruth(page.page, 1, 1, "page", condition, (Seen(page.page, 1, items),))
    result = compared(frame, verdicts, milliseconds)
    if _worker["save"]:
        _save(_worker["save"], taken, picture, page, result[0])
    return result, kept(frame, verdicts, _worker["layouts"]) if _worker["keep"] else b""


def compared(frame: FrameTruth, verdicts: list[PageVerdict], milliseconds: float) -> Result:
    """What was read of one page, compared with what was drawn on it."""
    answers, pages = rows_of(frame.file, verdicts)
    told = compare(Truth(0, (frame,)), answers, pages)
    return told, milliseconds, kinds_of(frame, answers), f"{verdicts[0].state}:{verdicts[0].reason}"


def again(file: Path) -> Tally:
    """Judge the pages of a kept file once more."""
    condition, _seed, layouts, pages = pages_of(file)
    tally = Tally(condition)
    for page in pages:
        tally.add(*compared(page.truth, page.judged(layouts), 0.0))
    return tally


def kinds_of(frame: FrameTruth, answers: list[dict[str, Any]]) -> Counter[Kind]:
    """Of every item of the picture, what was drawn and what was said of it."""
    kinds: Counter[Kind] = Counter()
    for item in frame.sheets[0].items:
        own = [row for row in answers if row["item"] == item.item]
        alone = compare(Truth(0, (replace(frame, sheets=(replace(frame.sheets[0], items=(item,)),)),)), own)
        counts = (alone.right, alone.doubtful, alone.doubt_accepted, len(alone.silent), alone.missing)
        said = SAID[next(index for index, count in enumerate(counts) if count)]
        kinds[drawn(item), said, next((row["reason"] for row in own), "")] += 1
    return kinds


def drawn(item: ItemTruth) -> str:
    """The marks of an item in a few words: `hatched`, `crossed_out + tick`, `nothing`."""
    words = (mark.split(":") for mark in item.marks)
    return " + ".join(sorted({style if act == "answer" else act for act, style, _value in words})) or "nothing"


def as_read(taken: Taken) -> Grey:
    """The picture after its file format, as a reader gets it."""
    if taken.bits == 1:
        return np.asarray(picture_of(taken).convert("L"), np.uint8)
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg_of(taken), np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def rows_of(file: str, verdicts: list[PageVerdict]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Verdicts as the contract's rows: answers, pages."""
    known = [verdict for verdict in verdicts if verdict.state in (PageState.READ, PageState.DOUBTFUL)]
    answers = [{"page": verdict.page_id, "item": item.item, **_answer(item)} for verdict in known for item in verdict.items]
    pages = [
        {"file": file, "frame": 1, "state": str(verdict.state), "page": verdict.page_id if verdict in known else None}
        for verdict in verdicts
    ]
    return answers, pages


def _answer(item: ItemVerdict) -> dict[str, Any]:
    match item.judgement:
        case Chosen(values):
            return {"state": "read", "reading": list(values), "reason": ""}
        case Blank():
            return {"state": "blank", "reading": [], "reason": ""}
        case Doubt(reason):
            return {"state": "doubt", "reading": [], "reason": str(reason)}


def _save(folder: Path, taken: Taken, picture: Grey, page: PrintedSheet, told: Comparison) -> None:
    for finding in (*told.silent, *told.lost):
        upright = picture if not taken.turned else cv2.rotate(picture, QUARTERS[BACK[taken.turned]])  # type: ignore[arg-type]
        if finding.kind == "silent":
            upright = _crop(np.asarray(upright, np.uint8), taken, page, finding.item)
        name = f"{told_name(finding)}.png"
        cv2.imwrite(str(folder / name), upright)


def told_name(finding: Finding) -> str:
    """A file name that says what is wrong."""
    words = f"{finding.kind}-{finding.page}-{finding.item}-{finding.expected}-but-{finding.got}".replace(" ", "").replace(",", "+")
    return words.rstrip("-").replace("/", "_")


def _crop(upright: Grey, taken: Taken, page: PrintedSheet, item: str) -> Grey:
    centers = np.array([[*place.center, 1.0] for place in page.items[item]]) @ taken.to_pixels.T
    spots = centers[:, :2] / centers[:, 2:]
    margin = 14 * np.sqrt(abs(np.linalg.det(taken.to_pixels[:2, :2])))
    low = np.maximum(spots.min(axis=0) - margin, 0).astype(int)
    high = (spots.max(axis=0) + margin).astype(int)
    return upright[low[1] : high[1], low[0] : high[0]]


def _prepare(setting: Setting, week: PrintedWeek, save: Path | None, keep: bool) -> None:
    cv2.setNumThreads(1)
    layouts = {page.id: page.layout for page in week.pages.values()}
    _worker.update(setting=setting, book=MemoryBook(week), save=save, keep=keep, layouts=layouts)


def run(condition: str, week: PrintedWeek, seed: int, workers: int, save: Path | None, find: int = 0, keep: Path | None = None) -> Tally:
    """Judge every page of the week under one condition."""
    sheets = tuple(sheets_of(week.layout, week.several))
    setting = Setting(week.home, week.home, seed, shares_of(condition), sheets, {})
    tally = Tally(condition)
    if save:
        (save / condition).mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        pool = stack.enter_context(pool_of(workers, _prepare, (setting, week, save / condition if save else None, keep is not None)))
        store = stack.enter_context(Store(keep / f"{condition}.kept", condition, seed, week.layouts)) if keep else None
        for result, page in pool.map(judge_page, range(len(sheets)), chunksize=4):
            tally.add(*result)
            if store:
                store.add(page)
            if find and len(tally.silent) >= find:
                break
    return tally


def upper_bound(count: int, total: int) -> float:
    """The upper end of the one-sided 95 % interval of a Poisson rate, per 1,000."""
    from scipy.stats import chi2

    return float(chi2.ppf(0.95, 2 * (count + 1))) / 2 / max(total, 1) * 1000


def table(tallies: list[Tally]) -> Iterator[str]:
    """The lines to print."""
    yield f"{'condition':<12} {'pages':>6} {'items':>7} {'right %':>8} {'needless doubts %':>18} {'due doubts %':>13} {'silent':>7} {'/1000':>7} {'<95%':>7} {'lost':>5} {'wrong id':>8} {'ms':>6}"
    for each in tallies:
        share = 100 / max(each.items, 1)
        yield (
            f"{each.name:<12} {each.pages:>6} {each.items:>7} {each.right * share:>8.3f} {each.doubtful * share:>18.3f} {each.accepted * share:>13.3f} "
            f"{len(each.silent):>7} {10 * len(each.silent) * share:>7.3f} {upper_bound(len(each.silent), each.items):>7.3f} {len(each.lost):>5} "
            f"{len(each.strangers):>8} {each.milliseconds / max(each.pages, 1):>6.0f}"
        )


def details(tally: Tally) -> Iterator[str]:
    """What went wrong, one line each."""
    for finding in (*tally.silent, *tally.strangers, *tally.lost):
        yield f"  {tally.name} {finding.kind} page {finding.page} item {finding.item}: {finding.expected} -> {finding.got}  {' '.join(finding.marks)}"
    if tally.doubts:
        yield f"  {tally.name} needless doubts: " + ", ".join(f"{reason} {count}" for reason, count in tally.doubts.most_common())
    odd = {state: count for state, count in tally.states.items() if not state.startswith(("read", "doubtful"))}
    if odd:
        yield f"  {tally.name} states: {odd}"


def confusion(tally: Tally) -> Iterator[str]:
    """What was drawn against what was said, the kinds with the most needless doubts first."""
    every = sorted({kind for kind, _said, _reason in tally.kinds}, key=lambda kind: (-_count(tally, kind, "needless"), kind))
    yield f"  {tally.name:<38} " + " ".join(f"{said:>8}" for said in SAID) + "   reasons of needless doubts"
    for kind in every:
        reasons = {reason: count for (own, said, reason), count in tally.kinds.items() if own == kind and said == "needless"}
        told = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items(), key=lambda pair: -pair[1]))
        yield f"  {kind:<38} " + " ".join(f"{_count(tally, kind, said):>8}" for said in SAID) + f"   {told}"


def _count(tally: Tally, kind: str, said: str) -> int:
    return sum(count for (own, what, _reason), count in tally.kinds.items() if own == kind and what == said)


def summary(tally: Tally) -> dict[str, Any]:
    """The sums as plain JSON values."""
    plain = {name: getattr(tally, name) for name in ("name", "pages", "items", "right", "doubtful", "accepted", "missing", "milliseconds")}
    told = {name: [asdict(finding) for finding in getattr(tally, name)] for name in ("silent", "lost", "strangers")}
    return {
        **plain,
        **told,
        "doubts": dict(tally.doubts),
        "kinds": [[*kind, count] for kind, count in sorted(tally.kinds.items())],
        "states": dict(tally.states),
        "silent_per_1000_upper": upper_bound(len(tally.silent), tally.items),
    }


def main() -> None:
    """Parse, print a week, judge, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--condition", default="all", help="all, or names with commas: " + ", ".join((*CONDITIONS, *MIXES)))
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--assignments", type=Path, nargs="*", default=(), help="files to print instead of the samples")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--save", type=Path, help="keep pictures of silent errors and lost pages here")
    parser.add_argument("--kinds", action="store_true", help="tell what was drawn against what was said")
    parser.add_argument("--find", type=int, default=0, help="stop a condition after so many silent errors")
    parser.add_argument("--json", type=Path, help="write the sums here")
    parser.add_argument("--keep", type=Path, help="keep what was measured in this folder")
    parser.add_argument("--again", type=Path, nargs="+", help="judge kept pages once more, and play none")
    given = parser.parse_args()
    tallies = [again(file) for file in given.again] if given.again else _played(given)
    if given.again:
        for tally in tallies:
            _tell(tally, given.kinds)
    print("\n".join(table(tallies)))
    if given.json:
        given.json.write_text(json.dumps([summary(tally) for tally in tallies], ensure_ascii=False, indent=1))


def _tell(tally: Tally, kinds: bool) -> None:
    print("\n".join((*details(tally), *(confusion(tally) if kinds else ()))), flush=True)


def _played(given: argparse.Namespace) -> list[Tally]:
    names = list(CONDITIONS) if given.condition == "all" else given.condition.split(",")
    home = Path(tempfile.mkdtemp(prefix="judgement-"))
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    try:
        week = print_week(home, given.pages, files=given.assignments)
        tallies = []
        for number, name in enumerate(names):  # other hands for every condition
            tallies.append(run(name, week, 1000 * given.seed + number, given.workers, given.save, given.find, given.keep))
            _tell(tallies[-1], given.kinds)
        return tallies
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()

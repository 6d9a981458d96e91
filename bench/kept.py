"""What the reader measured on simulated pages, kept so that another judge can be tried on the same pages in seconds. A file of bench/judgement's `--keep`, one a condition."""

from __future__ import annotations

import gzip
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from packets.layout import Layout
from scanning.judge import judge_page
from scanning.page import state_of
from scanning.rehearsal.truth import FrameTruth
from scanning.verdict import PageState, PageVerdict

JUDGED = (PageState.READ, PageState.DOUBTFUL)


@dataclass(frozen=True, slots=True)
class Kept:
    """A page: what was drawn on it, and what was read, without the answers. `layouts` names the layout of each page that a verdict names."""

    truth: FrameTruth
    verdicts: tuple[PageVerdict, ...]
    layouts: Mapping[str, str]

    def judged(self, layouts: Mapping[str, Layout]) -> list[PageVerdict]:
        """The verdicts with the answers that today's judge gives."""
        return [_again(each, layouts[self.layouts[each.page_id]]) if each.page_id in self.layouts else each for each in self.verdicts]


def _again(verdict: PageVerdict, layout: Layout) -> PageVerdict:
    if verdict.state not in JUDGED or not verdict.measurements:
        return verdict
    items = judge_page(verdict.measurements, layout)
    state, reason = state_of(items)
    return replace(verdict, state=state, reason=reason, items=items)


def kept(truth: FrameTruth, verdicts: list[PageVerdict], layouts: Mapping[str, str]) -> bytes:
    """A page as it is kept, pickled: much smaller than its numbers in memory."""
    named = {each.page_id for each in verdicts if each.page_id}
    return pickle.dumps(
        Kept(truth, tuple(replace(each, items=()) for each in verdicts), {page: layouts[page] for page in named & set(layouts)})
    )


class Store:
    """Writes the pages of one condition: a line for its name, seed and layouts, then page after page."""

    def __init__(self, file: Path, condition: str, seed: int, layouts: Mapping[str, Layout]) -> None:
        self._file, self._first = file, (condition, seed, dict(layouts))

    def __enter__(self) -> Self:
        self._into: IO[bytes] = gzip.open(self._file, "wb", compresslevel=1)  # type: ignore[assignment]
        pickle.dump(self._first, self._into)
        return self

    def add(self, page: bytes) -> None:
        self._into.write(page)

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None) -> None:
        self._into.close()


def pages_of(file: Path) -> tuple[str, int, Mapping[str, Layout], Iterator[Kept]]:
    """Condition, seed, layouts by digest, and the pages."""
    source = gzip.open(file, "rb")  # noqa: SIM115  # closed when the pages are through
    condition, seed, layouts = pickle.load(source)
    return condition, seed, layouts, _rest(source)


def _rest(source: gzip.GzipFile) -> Iterator[Kept]:
    with source:
        while True:
            try:
                yield pickle.load(source)
            except EOFError:
                return

"""Files to grade records: workers read, this process files in the order of the files, a few pages a transaction.

A batch may be killed at any moment and run again: originals are kept first, a frame is filed whole or not at all, and what is filed is not read again.
Verdicts do not depend on the number of workers, nor on what else is in the batch. `poshta scan` and the demo call this.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

from sqlalchemy.orm import Session

from records import schema
from records.errors import NotFound
from records.home import Home
from records.language import _, current_language
from records.terminal import Ticker
from scanning.alarms_numbers import PageNumbers
from scanning.arrival import Arrival, arrivals
from scanning.crew import Crew, Reader, Task, page_reader
from scanning.filing import Filing, FrameSeen, PageRow, again, stored
from scanning.healing import to_be_read
from scanning.held import Source
from scanning.intake import Limits, Refused, Unreadable, count_frames, refuse
from scanning.rules import desk_thresholds, remembered
from scanning.verdict import PageState

FRAMES_PER_TASK = 8
FRAMES_PER_FAR_TASK = 100  # of a cluster
FILES_AT_ONCE = 16  # that the records are asked for together


@dataclass(frozen=True, slots=True)
class _Unit:
    """A piece of a file in the batch: a refusal, frames that were filed before, or frames to read. `place` is the file's in the batch."""

    place: int
    name: str
    refused: Refused | None = None
    source: Source | None = None
    filed: frozenset[int] = frozenset()
    task: Task | None = None


def scan_files(
    home: Home,
    paths: Sequence[Path],
    count: int,
    reader: Reader | None = None,
    tick: Ticker | None = None,
    numbers: list[PageNumbers] | None = None,
    cluster: str = "",
) -> list[PageRow]:
    """Read every file of `paths` (folders with all that is in them); answers a row for each sheet, in the order of files, frames and parts.

    `count` is the number of worker processes, or `cluster` the address of a Dask scheduler (records.cluster says what that may raise); `reader` a module-level function in the shape of scanning.page.read_page, by default the program's with
    the desk's thresholds; `numbers` takes those of every sheet that was filed. Raises NotFound where no path exists, SettingsInvalid for wrong thresholds.
    """
    if not any(path.exists() for path in paths):
        missing = ", ".join(str(path) for path in paths)
        raise NotFound(_("There is no file {file}.").format(file=missing), _("Check the name and the folder."))
    thresholds = desk_thresholds(home.loaded)
    rules = remembered(home.database, thresholds)
    arguments = (home.path.resolve(), current_language(), Limits.of(home.settings.scan), reader or page_reader(thresholds))
    with Crew(count, arguments, cluster) as crew:
        frames = FRAMES_PER_FAR_TASK if cluster else FRAMES_PER_TASK
        return _Batch(home, crew, frames, tick=tick, rules=rules, numbers=numbers).run(paths)


class _Batch:
    """One run over many files: plans, reads ahead a little, files in order."""

    def __init__(
        self, home: Home, crew: Crew, frames: int, tick: Ticker | None, rules: str | None = None, numbers: list[PageNumbers] | None = None
    ) -> None:
        self._home = home
        self._crew = crew
        self._frames = frames  # that a worker is asked for at once
        self._tick = tick
        self._rules = rules
        self._numbers = numbers
        self._limits = Limits.of(home.settings.scan)
        self._met: set[str] = set()
        self._read: list[tuple[int, Source, FrameSeen]] = []
        self._rows: list[tuple[int, PageRow]] = []

    def run(self, paths: Sequence[Path]) -> list[PageRow]:
        """Everything, filed; the rows in the order of files, frames and parts."""
        line: deque[tuple[list[_Unit], Future[list[list[FrameSeen]]]]] = deque()
        try:
            for units in _loads(self._units(paths), self._frames):
                line.append((units, self._crew.submit([unit.task for unit in units if unit.task])))
                if len(line) >= self._crew.ahead:
                    self._take(*line.popleft())
            while line:
                self._take(*line.popleft())
            self._commit_all()
        except BaseException:
            for _units, future in line:
                future.cancel()
            raise
        return [row for _place, row in sorted(self._rows, key=lambda each: (each[0], each[1].frame, each[1].part))]

    def _units(self, paths: Sequence[Path]) -> Iterator[_Unit]:
        coming = arrivals(paths, self._home.originals, self._limits)
        while some := list(islice(coming, FILES_AT_ONCE)):
            filed = self._filed([each.digest for each in some if not each.reason])
            for each in some:
                if each.reason:
                    yield _Unit(each.place, each.name, refuse(each.name, each.reason, self._limits))
                else:
                    yield from self._planned(each, filed.get(each.digest, frozenset()))

    def _planned(self, arrival: Arrival, filed: frozenset[int]) -> Iterator[_Unit]:
        """What is to be done about a file of which the frames `filed` are there already."""
        place, name, kept = arrival.place, arrival.name, arrival.kept
        if arrival.digest in self._met:
            yield _Unit(place, name, source=Source(name, arrival.digest, "", 0, 0))
            return
        self._met.add(arrival.digest)
        count, refused = self._count(name, kept)
        source = Source(name, arrival.digest, self._home.relative(kept), arrival.size, count)
        if refused is not None:
            yield _Unit(place, name, refused, source)
            return
        if filed:
            yield _Unit(place, name, source=source, filed=filed)
        todo = [number for number in range(1, count + 1) if number not in filed]
        for start in range(0, len(todo), self._frames):
            yield _Unit(place, name, source=source, task=Task(str(kept.resolve()), name, tuple(todo[start : start + self._frames])))

    def _count(self, name: str, kept: Path) -> tuple[int, Refused | None]:
        try:
            return count_frames(kept, self._limits), None
        except Unreadable as failure:
            return 1, refuse(name, failure.reason, self._limits)

    def _filed(self, digests: Sequence[str]) -> dict[str, frozenset[int]]:
        """Of each file that was met before, the frames that need not be read again."""
        with self._home.database.read() as session:
            frames = groupby(stored(session, digests), key=lambda row: (row.original, row.frame))
            settled = [place for place, rows in frames if not to_be_read(list(rows))]
        return {digest: frozenset(frame for _digest, frame in places) for digest, places in groupby(settled, key=itemgetter(0))}

    def _take(self, units: Sequence[_Unit], future: Future[list[list[FrameSeen]]]) -> None:
        """File what a load of units brought."""
        read = iter(self._crew.result([unit.task for unit in units if unit.task], future))
        for unit in units:
            if unit.source is None:
                assert unit.refused is not None
                self._told(unit.place, [_refusal(unit.refused)])
            elif unit.refused is not None:
                self._read.append((unit.place, unit.source, FrameSeen(1, 0, refused=unit.refused)))
            elif unit.task is None:
                self._repeat(unit.place, unit.name, unit.source, unit.filed)
            else:
                self._read += [(unit.place, unit.source, seen) for seen in next(read)]
            while sum(map(_sheets_in, self._read)) >= self._home.settings.scan.commit_pages:
                self._commit()

    def _repeat(self, place: int, name: str, source: Source, only: frozenset[int]) -> None:
        """Tell the sheets of a file that is filed already; of all frames where `only` is empty (the same file twice in one batch)."""
        self._commit_all()
        with self._home.database.read() as session:
            found = [row for row in stored(session, [source.digest]) if not only or row.frame in only]
            self._told(place, [self._again(session, name, row) for row in found])

    def _again(self, session: Session, name: str, scan: schema.Scan) -> PageRow:
        if scan.state == PageState.REFUSED:
            return _refusal(refuse(name, scan.reason, self._limits, scan.frame))
        page = session.get(schema.Page, scan.page) if scan.page else None
        return again(name, scan, page.packet if page else None)

    def _commit_all(self) -> None:
        while self._read:
            self._commit()

    def _commit(self) -> None:
        """File what has been read, up to the setting's number of pages, in one transaction."""
        last = _last_within(self._read, self._home.settings.scan.commit_pages)
        now, self._read = self._read[:last], self._read[last:]
        with self._home.database.write() as session:
            filing = Filing(session, [(source, seen) for _place, source, seen in now], self._rules)
            rows = [(place, row) for place, source, seen in now for row in filing.frame(source, seen)]
            filing.finish()
        if self._numbers is not None:
            self._numbers += filing.numbers
        for place, row in rows:
            self._told(place, [row])

    def _told(self, place: int, rows: Sequence[PageRow]) -> None:
        self._rows += [(place, row) for row in rows]
        if self._tick is not None:
            self._tick(len(rows))


def _loads(units: Iterator[_Unit], most: int) -> Iterator[list[_Unit]]:
    """Units in loads of at most so many frames to read: what a worker is asked for at once."""
    load: list[_Unit] = []
    frames = 0
    for unit in units:
        new = len(unit.task.frames) if unit.task else 1
        if load and frames + new > most:
            yield load
            load, frames = [], 0
        load.append(unit)
        frames += new
    if load:
        yield load


def _sheets_in(read: tuple[int, Source, FrameSeen]) -> int:
    return len(read[2].sheets) or 1


def _last_within(read: Sequence[tuple[int, Source, FrameSeen]], pages: int) -> int:
    """How many frames fit into a transaction of so many pages; at least one."""
    total = 0
    for count, each in enumerate(read):
        total += _sheets_in(each)
        if total > pages and count:
            return count
    return len(read)


def _refusal(refused: Refused) -> PageRow:
    return PageRow(refused.file, refused.number, 1, PageState.REFUSED, refused.reason, text=refused.text)

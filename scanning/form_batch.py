"""Many pictures of foreign forms into the records: originals kept, frames read by workers, sheets filed by picture. Safe to run twice.

scanning/form_commands calls `scan_forms`. Intake, workers and the limits are those of scanning/batch. No code of ours says whose a sheet is, so a sheet is known by
its original's digest and its place in it; a sheet that was read by this very form is told from the records, all else is read again, and what comes out
otherwise takes the place of what stood there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from records import schema
from records.calendar import now
from records.errors import InputRefused, NotFound
from records.home import Home
from records.journal import record
from records.language import _, current_language
from records.terminal import Ticker
from scanning.arrival import Arrival, arrivals
from scanning.crew import Crew, Task
from scanning.filing import FrameSeen
from scanning.form import Form
from scanning.form_page import kept_shelf, read_form
from scanning.form_results import READ_STATES, FormRow, answers_of, standing_of
from scanning.form_text import files_digest
from scanning.intake import Limits, Refused, Unreadable, count_frames, refuse
from scanning.rules import desk_thresholds, remembered
from scanning.thresholds import Thresholds
from scanning.verdict import Colour, Grey, PageBook, PageState, PageVerdict

FRAMES_PER_TASK = 4
SAME_FILE = "same_file"
_Load = tuple[Arrival, int, tuple[int, ...], Task | None]
_Waiting = tuple[_Load, Future[list[list[FrameSeen]]] | None] | FormRow  # frames, or a file's refusal in its turn


@dataclass(frozen=True, slots=True)
class _Files:
    """The forms of a run by their files, as a worker is told of them."""

    names: tuple[str, ...]
    digests: tuple[str, ...]


def scan_forms(
    home: Home, paths: Sequence[Path], files: Sequence[Path], forms: Sequence[Form], count: int, tick: Ticker | None = None
) -> list[FormRow]:
    """Read every file of `paths` as sheets of `forms`, which `files` describe; a row for each picture, in the order of files and frames.

    `count` is the number of worker processes. Raises NotFound where no path exists.
    """
    if not any(path.exists() for path in paths):
        missing = ", ".join(str(path) for path in paths)
        raise NotFound(_("There is no file {file}.").format(file=missing), _("Check the name and the folder."))
    own = tuple(str(file.resolve()) for file in files)
    reader = partial(_read, _Files(own, tuple(files_digest(file) for file in files)), desk_thresholds(home.loaded))
    with Crew(count, (home.path, current_language(), Limits.of(home.settings.scan), reader)) as crew:
        return _FormBatch(home, crew, forms, 1 if count <= 1 else 2 * count, tick).run(paths)


def stored_rows(session: Session, forms: Sequence[Form]) -> list[FormRow]:
    """The sheets of these forms that the records hold, in the order in which they came; `file` is the original's name among the originals."""
    wanted = select(schema.FormSheet, schema.Original.path).join(schema.Original, schema.Original.digest == schema.FormSheet.original)
    wanted = wanted.where(schema.FormSheet.form.in_([form.code for form in forms])).order_by(schema.FormSheet.id)
    return [_row(path, sheet) for sheet, path in session.execute(wanted)]


def _read(files: _Files, thresholds: Thresholds, image: Grey, _book: PageBook, *, colour: Colour | None = None) -> list[PageVerdict]:  # noqa: ARG001
    """What a worker does with a picture: the forms are made ready once in its life. Forms of others are read in grey."""
    return read_form(image, kept_shelf(files.names, files.digests), thresholds)


class _FormBatch:
    """One run over many files: reads ahead a little, files in order."""

    def __init__(self, home: Home, crew: Crew, forms: Sequence[Form], ahead: int, tick: Ticker | None) -> None:
        self._home, self._crew, self._ahead, self._tick = home, crew, ahead, tick
        self._forms = {form.digest: form for form in forms}
        self._limits = Limits.of(home.settings.scan)
        self._rules = remembered(home.database, desk_thresholds(home.loaded))
        self._rows: list[FormRow] = []
        self._met: set[str] = set()

    def run(self, paths: Sequence[Path]) -> list[FormRow]:
        """Everything, filed."""
        line: deque[_Waiting] = deque()
        try:
            for load in self._loads(paths):
                line.append(load if isinstance(load, FormRow) else (load, self._crew.submit([load[3]]) if load[3] else None))
                if len(line) >= self._ahead:
                    self._take(line.popleft())
            while line:
                self._take(line.popleft())
        except BaseException:
            for waiting in line:
                if not isinstance(waiting, FormRow) and waiting[1] is not None:
                    waiting[1].cancel()
            raise
        return self._rows

    def _loads(self, paths: Sequence[Path]) -> Iterator[_Load | FormRow]:
        for arrival in arrivals(paths, self._home.originals, self._limits):
            count, reason = 0, arrival.reason
            try:
                count = 0 if reason else count_frames(arrival.kept, self._limits)
            except Unreadable as failure:
                reason = failure.reason
            if reason:
                yield _refused(refuse(arrival.name, reason, self._limits))
            else:
                yield from self._planned(arrival, count)

    def _planned(self, arrival: Arrival, count: int) -> Iterator[_Load]:
        """The frames of a file by turns: runs that were read by these forms, and runs to be read."""
        again = arrival.digest in self._met
        self._met.add(arrival.digest)
        with self._home.database.read() as session:
            known = set(self._known(session, arrival.digest))
        for group in _groups(count, range(1, count + 1).__contains__ if again else known.__contains__):
            done = again or group[0] in known
            yield arrival, count, group, None if done else Task(str(arrival.kept), arrival.name, group)

    def _known(self, session: Session, digest: str) -> list[int]:
        wanted = select(schema.FormSheet.frame).where(schema.FormSheet.original == digest, schema.FormSheet.form_digest.in_(self._forms))
        return list(session.scalars(wanted.where(schema.FormSheet.state.in_([state.value for state in READ_STATES]))))

    def _take(self, waiting: _Waiting) -> None:
        if isinstance(waiting, FormRow):
            self._tell(waiting)
            return
        (arrival, count, group, task), future = waiting
        if task is None or future is None:
            with self._home.database.read() as session:
                wanted = select(schema.FormSheet).where(schema.FormSheet.original == arrival.digest, schema.FormSheet.frame.in_(group))
                found = {sheet.frame: _row(arrival.name, sheet, again=True) for sheet in session.scalars(wanted)}
            for number in group:
                self._tell(found.get(number) or FormRow(arrival.name, number, PageState.DUPLICATE, SAME_FILE))
            return
        (seen,) = self._crew.result([task], future)
        with self._home.database.write() as session:
            rows = [self._filed(session, arrival, count, each) for each in seen]
        for row in rows:
            self._tell(row)

    def _filed(self, session: Session, arrival: Arrival, count: int, seen: FrameSeen) -> FormRow:
        """What became of one frame, written where it says anything new. What no form of this run fits leaves an earlier reading as it is."""
        if seen.refused is not None:
            return _refused(seen.refused)
        verdict = seen.sheets[0]
        form = self._forms.get(str(verdict.measurements.get("form_digest", "")))
        if form is None:
            _require_no_reading(verdict)
            return FormRow(arrival.name, seen.number, verdict.state, verdict.reason, ms=seen.ms)
        sheet = self._sheet(session, arrival, count, seen.number)
        page = form.pages[int(verdict.measurements["form_page"]) - 1]
        sheet.form, sheet.form_digest, sheet.form_page = form.code, form.digest, page.number
        sheet.answers = answers_of(form, page, verdict.items)
        state, sheet.reason = standing_of(verdict.state, verdict.reason, sheet.answers)
        sheet.state, sheet.rules = state.value, self._rules
        sheet.error_mm, sheet.measurements = verdict.error_mm, verdict.measurements
        sheet.ms, sheet.scanned_at = seen.ms, now()
        session.flush()
        place = f"{arrival.digest[:12]}:{seen.number}"
        record(session, "scan.form", form.code, place=place, state=sheet.state, reason=sheet.reason)
        return _row(arrival.name, sheet)

    def _sheet(self, session: Session, arrival: Arrival, count: int, number: int) -> schema.FormSheet:
        """The row of a frame: the one that stands there, or a new one."""
        if session.get(schema.Original, arrival.digest) is None:
            path = self._home.relative(arrival.kept)
            session.add(schema.Original(digest=arrival.digest, path=path, bytes=arrival.size, frames=count, first_seen=now()))
            session.flush()
        wanted = select(schema.FormSheet).where(schema.FormSheet.original == arrival.digest, schema.FormSheet.frame == number)
        sheet = session.scalar(wanted)
        if sheet is None:
            sheet = schema.FormSheet(original=arrival.digest, frame=number)
            session.add(sheet)
        return sheet

    def _tell(self, row: FormRow) -> None:
        self._rows.append(row)
        if self._tick is not None:
            self._tick(1)


def _require_no_reading(verdict: PageVerdict) -> None:
    """Raise InputRefused for answers that were read by boxes which this run does not know: they may not be told as read and be kept nowhere."""
    if verdict.state in READ_STATES:
        raise InputRefused(
            _("The file of the form {form} was changed while sheets were read.").format(form=verdict.measurements.get("form", "")),
            _("What was read by it before is kept. Run the same command again."),
            code="form_changed",
        )


def _groups(count: int, is_known: Callable[[int], bool]) -> Iterator[tuple[int, ...]]:
    """The numbers from 1 to `count` in runs of the same kind, of at most FRAMES_PER_TASK."""
    run: list[int] = []
    for number in range(1, count + 1):
        if run and (len(run) == FRAMES_PER_TASK or is_known(number) != is_known(run[0])):
            yield tuple(run)
            run = []
        run.append(number)
    if run:
        yield tuple(run)


def _row(name: str, sheet: schema.FormSheet, again: bool = False) -> FormRow:
    state, reason = (PageState.DUPLICATE, SAME_FILE) if again else (PageState(sheet.state), sheet.reason)
    place = f"{sheet.original[:12]}:{sheet.frame}"
    return FormRow(name, sheet.frame, state, reason, place, sheet.form, sheet.form_page, tuple(sheet.answers), 0 if again else sheet.ms)


def _refused(refused: Refused) -> FormRow:
    return FormRow(refused.file, refused.number, PageState.REFUSED, refused.reason, text=refused.text)

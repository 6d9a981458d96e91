"""`poshta scan watch DIR`: files that a scanner writes are filed as they come, and moved. Results are returned, not printed; remarks go to stderr.

A round files all that is whole through scanning/batch, as `poshta scan` does, then moves it (scanning/inbox). The desk is opened for each round that has work:
other commands go on beside a watch.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Annotated

import typer

from records.desk import Desk, desk_of
from records.errors import Busy, Complaint, ExitCode, NoRoom, NotFound, PoshtaError
from records.language import _, ngettext
from records.terminal import Answer, announce, progress
from records.workers import Hands
from scanning.alarms import Alarm
from scanning.alarms_book import raise_alarms
from scanning.alarms_numbers import PageNumbers
from scanning.commands import scanned
from scanning.filing import PageRow
from scanning.grade_book_told import NONE_TOUCHED, ClosedTouched, newest_record, told_of_closed
from scanning.inbox import DONE, LEFT_WORDS, REFUSED, Filed, Inbox, Moved, require_inbox
from scanning.inbox_away import changed_while_away
from scanning.intake import Limits, refuse
from scanning.rescore import rescore
from scanning.rules import desk_thresholds, digest_of
from scanning.verdict import PageState

AGAIN = {
    "changing": "growing",
    "no_access": "held_open",
    "not_found": "gone",
    "broken_medium": "held_open",
}  # refusals of the moment: the file stays
MOST_KEPT = 100_000  # of sheets and files that a watch of many weeks tells at its end
TOLD = ("held_open", "not_moved")  # what keeps a file that a person may have to see to


def watch(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder into which the scanner writes, and nobody else.")],
    once: Annotated[bool, typer.Option("--once", help="File what is there, and end.")] = False,
    workers: Annotated[
        str, typer.Option(metavar="N|dask:ADDRESS", help="Processes; 0: as the settings say. Or a Dask cluster: docs/cluster.md.")
    ] = "0",
) -> Answer:
    """File every scan as it arrives in DIR, and move it to DIR/done or DIR/refused. Ends with Ctrl+C; safe to start again."""
    desk = desk_of(context)
    with desk.opened() as home:
        require_inbox(home, folder)
        Hands.of(workers, home.settings.workers)
        seconds = home.settings.scan.watch_seconds
    watching = Watching(desk, folder, workers)
    try:
        with _ended_alike():
            watching.once(seconds) if once else watching.until_stopped(seconds)
    except KeyboardInterrupt:
        return watching.answer(_stopped())
    return watching.answer()


class Watching:
    """A watch: what its rounds have filed and moved so far. `pause` waits so many seconds."""

    def __init__(self, desk: Desk, folder: Path, workers: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._desk = desk
        self._inbox = Inbox(folder)
        self._workers = workers
        self._pause = pause
        self._rows: list[PageRow] = []
        self._alarms: list[Alarm] = []
        self._final = NONE_TOUCHED
        self._moved: list[Moved] = []
        self._back: list[Moved] = []
        self._looked_back = False
        self._trouble: set[str] = set()

    def once(self, seconds: float) -> None:
        """One round: two looks, so many seconds apart."""
        self._bring_back()
        self._inbox.look()
        self._pause(seconds)
        self._round()

    def until_stopped(self, seconds: float) -> None:
        """Round after round, until KeyboardInterrupt. A folder that is gone, a desk that is busy and a disk that is full are waited for."""
        self._say(_("Watching {folder}. Stop with Ctrl+C.").format(folder=self._inbox.folder))
        while True:
            before = len(self._rows), len(self._moved)
            try:
                self._bring_back()
                self._round()
            except (NotFound, Busy, NoRoom) as trouble:
                self._tell_once([trouble.message])
            else:
                self._tell_once(_sentences(self._inbox.left))
            self._tell_round(self._rows[before[0] :], self._moved[before[1] :])
            del self._rows[:-MOST_KEPT], self._moved[:-MOST_KEPT], self._alarms[:-MOST_KEPT], self._back[:-MOST_KEPT]
            self._pause(seconds)

    def answer(self, stopped: PoshtaError | None = None) -> Answer:
        """All that was filed and moved, as `poshta scan` tells it; `stopped` says that a person ended it."""
        told = scanned(self._rows, self._alarms, self._final)
        left = self._inbox.left
        moved, back = ([{"file": str(each.file), "to": str(each.to)} for each in some] for some in (self._moved, self._back))
        data = told.data | {"moved": moved, "back": back, "left": [{"file": str(file), "reason": reason} for file, reason in left.items()]}
        data["files"] = [self._named(each.reason) for each in self._moved if each.reason is not None]
        kept = [Complaint(why, _(LEFT_WORDS[why]).format(file=file.name), file=str(file)) for file, why in left.items() if why in TOLD]
        complaints = [*told.complaints, *kept]
        lines = [*told.lines, ngettext("{count} file was moved.", "{count} files were moved.", len(moved)).format(count=len(moved))]
        if back:
            lines.append(_grown(len(back)))
        if left:
            lines.append(ngettext("{count} file stays for now.", "{count} files stay for now.", len(left)).format(count=len(left)))
        code = told.exit_code
        if stopped is not None:
            complaints.insert(0, Complaint(stopped.code, stopped.message, stopped.hint))
            code = ExitCode.INTERRUPTED
        return Answer(data, lines, told.sheets, complaints, told.waiting or bool(kept), code)

    def _named(self, path: Path) -> str:
        """A file that was written, relative to the home where it stands there."""
        home, whole = self._desk.home.resolve(), path.resolve()
        return (whole.relative_to(home) if whole.is_relative_to(home) else whole).as_posix()

    def _bring_back(self) -> None:
        """Take back what was written to after it was moved; at the start also where nobody watched then."""
        changed = self._inbox.changed_since()
        if not self._looked_back:
            with self._desk.opened() as home, home.database.read() as session:
                changed = changed_while_away(session, self._inbox.folder)
            self._looked_back = True
        back = self._inbox.bring_back(changed)
        self._back += back
        for each in back:
            self._say(_("{file} was written to after it had been moved; it is read again.").format(file=each.file.name))

    def _round(self) -> None:
        """File what is whole, and move what was filed."""
        files = self._inbox.look()
        filed = self._file(files) if files else []
        self._moved += self._inbox.put_away(filed)

    def _file(self, files: Sequence[Path]) -> list[Filed]:
        """One batch of files into the records."""
        from scanning.batch import scan_files  # with the libraries that see

        numbers: list[PageNumbers] = []
        with self._desk.opened() as home:
            since = newest_record(home)
            rescore(home.database)
            hands = Hands.of(self._workers, home.settings.workers)
            with progress(_("Reading"), None, self._desk.quiet or self._desk.as_json) as tick:
                rows = scan_files(home, files, hands.count, tick=tick, numbers=numbers, cluster=hands.cluster)
            self._alarms += raise_alarms(home.database, numbers, digest_of(desk_thresholds(home.loaded)))
            self._final |= self._told(told_of_closed(home, since))
            limits = Limits.of(home.settings.scan)
        filed = []
        for name, group in groupby(rows, key=attrgetter("file")):
            own = list(group)
            if own[0].state is PageState.REFUSED and own[0].reason in AGAIN:
                self._inbox.left[Path(name)] = AGAIN[own[0].reason]
            else:
                self._rows += own
                filed.append(_filed(Path(name), own, limits))
        return filed

    def _told(self, final: ClosedTouched) -> ClosedTouched:
        """The closed marks that have new answers of this round, told at once: a watch goes on for weeks."""
        for line in final.lines:
            self._say(line)
        return final

    def _tell_once(self, sentences: Sequence[str]) -> None:
        """Remark on what is in the way, once for as long as it is."""
        for sentence in sentences:
            if sentence not in self._trouble:
                self._say(sentence)
        self._trouble = set(sentences)

    def _tell_round(self, rows: Sequence[PageRow], moved: Sequence[Moved]) -> None:
        if not rows and not moved:
            return
        for line in scanned(rows).lines if rows else ():
            self._say(line)
        for each in moved:
            self._say(_("{file} was moved to {folder}.").format(file=each.file.name, folder=each.to.parent))

    def _say(self, sentence: str) -> None:
        if not self._desk.quiet:
            announce(sentence)


def _filed(file: Path, rows: Sequence[PageRow], limits: Limits) -> Filed:
    """Where the file belongs: refused where nothing in it could be read, with the sentences of all that was refused."""
    refused = [row for row in rows if row.state is PageState.REFUSED]
    why = tuple(refuse(file.name, row.reason, limits, row.frame).text for row in refused)
    return Filed(file, REFUSED if len(refused) == len(rows) else DONE, why)


def _grown(count: int) -> str:
    text = ngettext(
        "{count} file was written to after it had been moved, and is read again.",
        "{count} files were written to after they had been moved, and are read again.",
        count,
    )
    return text.format(count=count)


def _sentences(left: dict[Path, str]) -> list[str]:
    return [_(LEFT_WORDS[reason]).format(file=file.name) for file, reason in left.items() if reason in TOLD]


def _stopped() -> PoshtaError:
    hint = _("What was filed is kept; files that were filed and not moved are moved when the watch is started again.")
    return PoshtaError(_("The watch was stopped."), hint, code="interrupted")


@contextmanager
def _ended_alike() -> Iterator[None]:
    """Let the system's request to end (SIGTERM) mean what Ctrl+C means."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_signal: int, _where: object) -> None:
    raise KeyboardInterrupt

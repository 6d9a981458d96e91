"""One place prints: one JSON object or a page for people on stdout; complaints and progress on stderr."""

import io
import json
import os
import pty
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from records.errors import Complaint, ExitCode, NotFound
from records.terminal import Answer, Sheet, progress, show, show_error

ROOT = Path(__file__).parents[2]
ROW = Complaint("bad_day", "«мон» is not a day.", "Write mon, tue ...", file="list.xlsx", sheet="Ауыл", row=3, column="days", value="мон")


def test_json_is_one_line_with_the_whole_envelope(capsys: pytest.CaptureFixture[str]) -> None:
    show(
        Answer({"points": Decimal("1.50"), "day": date(2026, 10, 5), "name": "Ақтас"}, ["line"], complaints=[ROW]),
        "grades list",
        True,
        False,
    )
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1
    assert "Ақтас" in printed.out
    assert printed.err == ""
    assert json.loads(printed.out) == {
        "version": 1,
        "command": "grades list",
        "status": "ok",
        "data": {"points": "1.50", "day": "2026-10-05", "name": "Ақтас"},
        "errors": [ROW.as_json()],
    }


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (Answer({}), "ok", 0),
        (Answer({}, waiting=True), "partial", 3),
        (Answer({}, exit_code=ExitCode.REFUSED), "error", 4),
        (Answer({}, exit_code=ExitCode.REFUSED, waiting=True), "error", 4),
    ],
)
def test_the_status_follows_the_exit_code(capsys: pytest.CaptureFixture[str], answer: Answer, status: str, code: int) -> None:
    show(answer, "x", True, False)
    assert json.loads(capsys.readouterr().out)["status"] == status
    assert answer.code == code


def test_people_see_tables_and_lines_on_stdout_and_complaints_with_their_place_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    sheet = Sheet("Villages", ("Name", "Pupils"), [("Ақтас [bold]", 7), ("Үшкөл", 12)])
    show(Answer({}, ["Two villages."], [sheet], [ROW]), "x", False, False)
    printed = capsys.readouterr()
    for words in ("Villages", "Ақтас [bold]", "Үшкөл", "12", "Two villages."):
        assert words in printed.out
    assert "list.xlsx, Ауыл, row 3, column days: «мон» is not a day." in printed.err
    assert "Write mon, tue" in printed.err
    assert "\x1b" not in printed.out + printed.err


def test_a_sentence_stays_on_one_line_where_no_person_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    long = "word " * 60 + "end."
    show(Answer({}, [long]), "x", False, False)
    show_error(NotFound(long, long), "x", False)
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [long]
    assert printed.err.splitlines() == [long, long]


def test_quiet_leaves_complaints(capsys: pytest.CaptureFixture[str]) -> None:
    show(Answer({}, ["line"], [Sheet("t", ("a",), [(1,)])], [ROW]), "x", False, True)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "list.xlsx" in printed.err


def test_an_error_is_a_sentence_on_stderr_or_an_object_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    show_error(NotFound("No packet P1.", "List them.", (ROW,)), "packets show", False)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines()[:2] == ["No packet P1.", "List them."]
    assert "row 3" in printed.err
    show_error(NotFound("No packet P1.", "List them."), "packets show", True)
    body = json.loads(capsys.readouterr().out)
    assert (body["status"], body["errors"]) == ("error", [{"code": "not_found", "text": "No packet P1.", "hint": "List them."}])


def test_progress_is_silent_where_nobody_watches(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Reading", 3) as tick:
        tick()
        tick(2)
    printed = capsys.readouterr()
    assert printed.out == printed.err == ""


WATCHED = """
import sys
sys.path.insert(0, {root!r})
from records.terminal import progress
with progress("Reading", 3, quiet=sys.argv[1] == "quiet") as tick:
    tick(2)
"""


@pytest.mark.skipif(os.name == "nt", reason="a pseudo-terminal")
@pytest.mark.parametrize("how", ["shown", "quiet"])
def test_progress_is_shown_on_a_terminal_and_never_on_stdout(how: str) -> None:
    watching, terminal = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", WATCHED.format(root=str(ROOT)), how],
        stdout=subprocess.PIPE,
        stderr=terminal,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        check=True,
    )
    os.close(terminal)
    seen = io.BytesIO()
    try:
        while piece := os.read(watching, 4096):
            seen.write(piece)
    except OSError:
        pass
    finally:
        os.close(watching)
    assert done.stdout == b""
    assert (b"Reading" in seen.getvalue()) is (how == "shown")

"""Whatever is wrong with what comes in, or with the machine: a clear sentence in three languages, the right exit code, nothing lost.

Each cause is met as a shell meets it (a process, in Kazakh) and again in this process in Russian and English; rows and files are the same before
and after, and the same command goes through once the cause is removed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from records.database import Database
from records.errors import ExitCode
from tests.small_desk import BEFORE, NEXT_WEEK, ROOT, WEEK, SmallDesk, Told, environment, here, outside

BUILD = ("packets", "build", "--week", NEXT_WEEK)


def kept(home: Path) -> dict[str, Any]:
    """Every row of every table, and the digest of every other file below the home."""
    with sqlite3.connect(f"file:{home / 'poshta.sqlite3'}?mode=ro", uri=True) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        rows: dict[str, Any] = {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in tables}
    files = (path for path in home.rglob("*") if path.is_file() and not path.name.startswith("poshta.sqlite3"))
    return rows | {path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def lost(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The tables and files of which something is gone or changed; blank sheets that were drawn already may stay for the next run."""
    changed = [name for name in before if name != "layout" and after.get(name) != before[name]]
    return changed + [row for row in before["layout"] if row not in after["layout"]]


def refused(desk: SmallDesk, code: ExitCode, *words: str, **more: Any) -> dict[str, Any]:
    """Run the command in three languages; answers the complaint that says most (the last), in English."""
    before = kept(desk.home)
    told = [
        outside(desk.home, *words, day=BEFORE, lang="kk", **more),
        *(here(desk.home, *words, day=BEFORE, lang=lang, **more) for lang in ("ru", "en")),
    ]
    for each in told:
        assert each.code == code, (each.out, each.err)
        assert "Traceback" not in each.err + each.out
        assert each.body["status"] == ("partial" if code is ExitCode.WAITING else "error")
    assert kept(desk.home) == before
    _clear_in_three_languages([each.body["errors"] for each in told])
    found: dict[str, Any] = told[-1].body["errors"][-1]
    return found


def _clear_in_three_languages(told: list[list[dict[str, Any]]]) -> None:
    for same in zip(*told, strict=True):
        kazakh, russian, english = (error["text"] + " " + error.get("hint", "") for error in same)
        assert same[-1].get("hint"), f"no word of what to do: {english}"
        assert len({kazakh, russian, english}) == 3, english
        assert re.search("[әғқңөұүһі]", kazakh), kazakh
        assert re.search("[а-яё]", russian), russian
        assert not re.search("[әғқңөұүһі]", russian.split("«")[0]), russian
        assert {error["code"] for error in same} == {same[-1]["code"]}


def goes_through(desk: SmallDesk, *words: str) -> Told:
    """The command after the cause is gone."""
    told = here(desk.home, *words, day=BEFORE)
    assert told.code == ExitCode.DONE, told.out
    return told


def written(desk: SmallDesk, change: Callable[[str], str], folder: Path) -> tuple[Path, str]:
    """A good assignment of next week under a new code, and a file of it with one thing wrong; answers the file and the good text."""
    source = desk.inputs / "assignments" / "math-3-ru-w42.yaml"
    good = source.read_text(encoding="utf-8").replace("assignment: math-3-ru-w42", "assignment: trial-3-ru-w42")
    wrong = change(good)
    assert wrong != good
    (folder / "trial.yaml").write_text(wrong, encoding="utf-8")
    return folder / "trial.yaml", good


LONG = "question: " + '"' + "слово " * 1600 + '"'
FILES: dict[str, tuple[Callable[[str], str], str, dict[str, Any]]] = {
    "a tab where blanks belong": (lambda text: text.replace("parts:", "parts:\n\t- text: x"), "yaml", {"row": 10}),
    "a quotation mark that is not closed": (lambda text: text.replace('числа"\n', "числа\n", 1), "yaml", {}),
    "points that are no number": (
        lambda text: text.replace("points: 1", "points: lots", 1),
        "wrong_type",
        {"row": 13, "column": "parts[1].points", "value": "lots"},
    ),
    "a key that names no choice": (
        lambda text: text.replace("answer: B", "answer: Z", 1),
        "key_without_choice",
        {"row": 12, "column": "parts[1].answer", "value": "Z"},
    ),
    "a question too large for a page": (lambda text: re.sub("question: .*", LONG, text, count=1), "too_large", {"row": 10}),
    "a week that does not exist": (lambda text: text.replace(NEXT_WEEK, "2026-W54"), "wrong_week", {"row": 7, "value": "2026-W54"}),
    "a letter that the font lacks": (lambda text: text.replace("Какое число", "漢 число", 1), "missing_letter", {"row": 10}),
}


@pytest.mark.parametrize("cause", FILES)
def test_a_bad_assignment_file_is_refused_with_its_line_and_field(own_desk: SmallDesk, tmp_path: Path, cause: str) -> None:
    change, code, place = FILES[cause]
    file, good = written(own_desk, change, tmp_path)
    complaint = refused(own_desk, ExitCode.REFUSED, "assignments", "add", str(file))
    assert complaint["code"] == code
    assert complaint["file"] == str(file)
    assert complaint["row"] > 0
    assert {name: complaint[name] for name in place} == place
    file.write_text(good, encoding="utf-8")
    assert goes_through(own_desk, "assignments", "add", str(file)).data["added"] == ["trial-3-ru-w42"]


def test_good_files_beside_a_bad_one_are_kept(own_desk: SmallDesk, tmp_path: Path) -> None:
    _file, good = written(own_desk, FILES["a key that names no choice"][0], tmp_path)
    (tmp_path / "good.yaml").write_text(good.replace("trial-3", "other-3"), encoding="utf-8")
    told = here(own_desk.home, "assignments", "add", str(tmp_path / "trial.yaml"), str(tmp_path / "good.yaml"))
    assert (told.code, told.data["added"]) == (ExitCode.WAITING, ["other-3-ru-w42"])


def test_a_week_that_does_not_exist_is_no_week_to_build(own_desk: SmallDesk) -> None:
    assert "54" in refused(own_desk, ExitCode.USAGE, "packets", "build", "--week", "2026-W54")["text"]
    goes_through(own_desk, *BUILD)


def test_a_pupil_without_a_village_is_kept_named_and_gets_a_packet_later(own_desk: SmallDesk, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(own_desk.inputs / "pupils.xlsx")
    (_heading, first, *_others) = book.active.iter_rows()
    code, village = first[0].value, first[5].value
    first[5].value = "599899100"
    book.save(tmp_path / "pupils.xlsx")
    here(own_desk.home, "pupils", "import", str(tmp_path / "pupils.xlsx"))
    goes_well = here(own_desk.home, *BUILD, day=BEFORE)
    assert goes_well.data["without"] == [{"reason": "no_village", "pupils": [code]}]
    complaint = refused(own_desk, ExitCode.WAITING, *BUILD)
    assert (complaint["code"], code in complaint["text"]) == ("no_village", True)
    check = here(own_desk.home, "settlements", "check")
    assert check.code == ExitCode.WAITING
    assert "599899100" in check.out
    here(own_desk.home, "pupils", "move", str(code), str(village))
    assert goes_through(own_desk, *BUILD).data["built"] == 1


def test_a_name_with_a_letter_that_the_font_lacks_keeps_one_packet_back(own_desk: SmallDesk, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(own_desk.inputs / "pupils.xlsx")
    (_heading, first, *_others) = book.active.iter_rows()
    code, name = first[0].value, first[2].value
    first[2].value = "漢字"
    book.save(tmp_path / "pupils.xlsx")
    here(own_desk.home, "pupils", "import", str(tmp_path / "pupils.xlsx"))
    here(own_desk.home, *BUILD, day=BEFORE)
    complaint = refused(own_desk, ExitCode.WAITING, *BUILD)
    assert (complaint["code"], code in complaint["text"], "漢" in complaint["text"]) == ("missing_letter", True, False)
    first[2].value = name
    book.save(tmp_path / "pupils.xlsx")
    here(own_desk.home, "pupils", "import", str(tmp_path / "pupils.xlsx"))
    assert goes_through(own_desk, *BUILD).data["built"] == 1


def test_without_a_key_nothing_is_sealed_or_judged(own_desk: SmallDesk) -> None:
    before = kept(own_desk.home)
    (own_desk.home / "keys").rename(own_desk.home.parent / "keys")
    assert "keys" in refused(own_desk, ExitCode.PART_MISSING, *BUILD)["hint"]
    (own_desk.home.parent / "keys").rename(own_desk.home / "keys")
    assert kept(own_desk.home) == before
    goes_through(own_desk, *BUILD)


def test_a_database_of_a_newer_program_is_left_alone(own_desk: SmallDesk) -> None:
    with sqlite3.connect(own_desk.home / "poshta.sqlite3") as database:
        ((ours,),) = database.execute("SELECT version_num FROM alembic_version").fetchall()
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for words in (BUILD, ("init",), ("packets", "list", "--week", WEEK)):
        assert "9999" in refused(own_desk, ExitCode.SCHEMA, *words)["text"]
    with sqlite3.connect(own_desk.home / "poshta.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (ours,))
    goes_through(own_desk, *BUILD)


HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Another process holds the database until the block ends."""
    words = [sys.executable, "-c", HOLDER, str(home / "poshta.sqlite3")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.stdin.close()


def test_while_another_program_holds_the_database_nothing_is_written(own_desk: SmallDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.home.Database", partial(Database, busy_seconds=0.2))
    with locked(own_desk.home):
        assert refused(own_desk, ExitCode.BUSY, *BUILD)["code"] == "busy"
        assert here(own_desk.home, "packets", "list", "--week", WEEK).code == ExitCode.DONE  # readers are not kept out
    goes_through(own_desk, *BUILD)


FULL_AFTER = """
import errno, os, sys
sys.path.insert(0, sys.argv[1])
left, real = int(sys.argv[2]), os.fsync
def fsync(handle):
    global left
    left -= 1
    if left < 0:
        raise OSError(errno.ENOSPC, "No space left on device")
    real(handle)
os.fsync = fsync
from cli import main
sys.exit(main(sys.argv[3:]))
"""


@pytest.mark.parametrize("room", [0, 3])
def test_a_disk_that_fills_while_packets_are_built_loses_nothing(own_desk: SmallDesk, room: int) -> None:
    undisturbed = own_desk.copied(own_desk.home.parent / "other")
    goes_through(undisturbed, *BUILD)
    before = kept(own_desk.home)
    words = [sys.executable, "-c", FULL_AFTER, str(ROOT), str(room), "--home", str(own_desk.home), "--lang", "ru", "--json", *BUILD]
    ended = subprocess.run(words, capture_output=True, encoding="utf-8", check=False, env=environment(BEFORE), timeout=300)
    told = Told(ended.returncode, ended.stdout, ended.stderr)
    assert told.code == ExitCode.NO_ROOM, (told.out, told.err)
    assert re.search("[а-я]", told.body["errors"][0]["hint"])
    assert not list(own_desk.home.rglob(".new-*"))
    assert lost(before, kept(own_desk.home)) == []
    goes_through(own_desk, *BUILD)
    assert _files(own_desk.home) == _files(undisturbed.home)


def _files(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file() and "sqlite3" not in path.name}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 20 MB; skips where this user may not mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and os.name == "posix" and os.geteuid() == 0
    if (
        not mounted
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(place)], capture_output=True, check=False).returncode
    ):
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("left", [0, 40_000, 400_000])
def test_on_a_disk_that_is_really_full_nothing_is_lost(small_desk: SmallDesk, small_disk: Path, left: int) -> None:
    desk = small_desk.copied(small_disk)
    before = kept(desk.home)
    _fill(small_disk / "ballast", left)
    told = outside(desk.home, *BUILD, day=BEFORE, lang="kk")
    assert told.code == ExitCode.NO_ROOM, (told.out, told.err)
    assert "Traceback" not in told.err
    (small_disk / "ballast").unlink()
    assert lost(before, kept(desk.home)) == []
    goes_through(desk, *BUILD)


def _fill(ballast: Path, left: int) -> None:
    """Fill the disk but for `left` bytes."""
    with ballast.open("wb") as file:
        free = shutil.disk_usage(ballast.parent).free
        file.write(b"\0" * (free - left))


def test_pages_scanned_without_the_key_are_read_once_it_is_back(small_desk: SmallDesk, tmp_path: Path) -> None:
    shutil.copytree(small_desk.unread, tmp_path / "desk")
    home, scan = tmp_path / "desk", ("scan", str(small_desk.scans))
    (home / "keys").rename(tmp_path / "keys")
    first = here(home, *scan)
    waiting = [(page["file"], page["frame"], page["page"]) for page in first.data["pages"] if page["reason"] == "key_missing"]
    assert (first.code, len(waiting)) == (ExitCode.WAITING, first.data["counts"]["unsigned"])
    assert waiting
    before = kept(home)
    assert here(home, *scan).data["counts"] == {**first.data["counts"]} | _read_before(first)
    assert kept(home) == before
    (tmp_path / "keys").rename(home / "keys")
    second = here(home, *scan)
    read = [(page["file"], page["frame"], page["page"]) for page in second.data["pages"] if page["state"] in {"read", "doubtful"}]
    assert read == waiting
    assert {answer["page"] for answer in here(home, "grades", "answers", "--week", WEEK).data["answers"]} == {page for *_at, page in read}


def _read_before(told: Told) -> dict[str, int]:
    """What becomes of the other counts when the same files come again."""
    counts = told.data["counts"]
    known = sum(counts[state] for state in ("foreign", "empty", "unreadable", "duplicate"))
    return {"foreign": 0, "empty": 0, "unreadable": 0, "duplicate": known}

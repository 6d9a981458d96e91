"""The front door, through its three doors: the function, the command in this process, and the process. Never a traceback."""

import itertools
import json
import os
import re
import signal
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.core import TyperGroup

import cli
from records import commands
from records.commandline import Spoken
from records.desk import Desk, GroupWithDefault, desk_of
from records.errors import ExitCode, InputRefused, PartMissing
from records.terminal import Answer
from tests.conftest import Poshta

ROOT = Path(__file__).parents[2]


def process(*words: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`poshta` as the shell starts it."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("POSHTA_")}
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "--home", str(home), *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**surroundings, "LANG": "C", **environment},
        check=False,
    )


def test_three_doors_give_one_answer(desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    context: Any = type("Context", (), {"obj": Desk(desk)})()
    by_function = commands.journal(context)
    by_command = poshta("journal")
    by_process = process("--json", "journal", home=desk)
    assert by_command.code == by_process.returncode == by_function.code == 0
    assert by_command.data == json.loads(by_process.stdout)["data"] == by_function.data
    assert by_process.stderr == ""


def test_invoke_hands_back_the_answer_unprinted(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    answer = cli.invoke(["--home", str(desk), "journal"])
    assert answer is not None
    assert answer.data["acts"]
    assert capsys.readouterr().out == ""


def test_the_version_is_the_project_s(tmp_path: Path) -> None:
    asked = process("--version", home=tmp_path)
    assert (asked.returncode, asked.stdout) == (0, f"poshta {cli.VERSION}\n")
    assert f'version = "{cli.VERSION}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_help_exits_0_and_lists_every_room(tmp_path: Path) -> None:
    told = process("--help", home=tmp_path)
    assert told.returncode == 0
    for command in ("init", "doctor", "journal", "config", "settlements", "packets", "routes", "scan", "grades", "returns"):
        assert f" {command} " in told.stdout
    assert process("journal", "--help", home=tmp_path).returncode == 0


WRONG = [
    ((), "missing"),
    (("config",), "config"),
    (("nonsense",), "nonsense"),
    (("journl",), "journal"),
    (("config", "shw"), "config shw"),
    (("journal", "--limit", "x"), "--limit"),
    (("journal", "--limit", "0"), "1"),
    (("journal", "--limit"), "--limit"),
    (("journal", "--nonsense"), "--nonsense"),
    (("journal", "one"), "journal"),
    (("--nonsense", "journal"), "--nonsense"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(words) or "nothing" for words, _said in WRONG])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_usage_error_exits_2_in_the_user_s_words(
    tmp_path: Path, poshta: Poshta, words: tuple[str, ...], said: str, language: str
) -> None:
    answer = poshta(*words, lang=language)
    assert answer.code == 2
    assert answer.out.count("\n") == 1
    error = answer.body["errors"][0]
    if said != "missing":
        assert said in error["text"] + error["hint"]
    assert error["hint"]
    letters = [letter for letter in error["text"] + error["hint"] if letter.isalpha()]
    assert any("а" <= letter <= "я" for letter in letters) is (language != "en")
    told = poshta(*words, lang=language, json=False)
    assert told.code == 2
    assert told.out == ""
    assert error["text"].split("{")[0][:40] in told.err


@pytest.mark.parametrize("flags", [["--lang", "xx"], ["--home", "cli.py"]])
def test_a_bad_global_flag_exits_2(flags: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert cli.main([*flags, "--json", "journal"]) == 2
    assert flags[1] in json.loads(capsys.readouterr().out)["errors"][0]["text"]


def test_a_bad_date_exits_2(poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "tomorrow")
    assert poshta("journal").code == 2


def test_the_home_may_come_from_the_environment_and_the_flag_wins(desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_HOME", str(desk))
    assert cli.main(["--json", "journal"]) == 0
    assert cli.main(["--home", str(tmp_path / "none"), "--json", "journal"]) == 6


def test_the_command_line_is_followed_past_flags_and_their_values() -> None:
    def command(*words: str) -> str:
        return Spoken.of(cli.front(cli.rooms_for(words)), words).command

    assert command("--home", "journal", "config", "show") == "config show"
    assert command("--json", "journal", "--action", "config") == "journal"
    assert command("--home=x", "journal") == "journal"
    assert command("--lang", "kk", "nonsense") == ""
    assert command() == ""


def test_each_word_of_the_command_line_belongs_to_the_room_that_is_said_to_hold_it() -> None:
    for room, words in cli.ROOMS.items():
        own = set(cli.front((room,)).commands) - set(cli.front(()).commands)
        assert own == set(words), room
    assert set(cli.front(()).commands) == set(cli.OWN_WORDS)


def every_command(group: TyperGroup, before: str = "") -> set[str]:
    found: set[str] = set()
    for name, command in group.commands.items():
        if isinstance(command, GroupWithDefault):
            found |= {f"{before}{name}"} | (every_command(command, f"{before}{name} ") - {f"{before}{name} {command.default}"})
        else:
            found |= every_command(command, f"{before}{name} ") if isinstance(command, TyperGroup) else {f"{before}{name}"}
    return found


def test_the_contract_page_names_exactly_the_commands_that_there_are() -> None:
    page = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    table = page[page.index("## Commands") : page.index("## Answers that")]
    cells = [re.split(r"(?<!\\)\|", row)[1] for row in table.splitlines() if row.startswith("| `")]
    listed = {
        " ".join(itertools.takewhile(lambda word: word.replace("-", "").isalnum(), re.split(r" (?=[^a-z]|$)", named)[0].split()))
        for cell in cells
        for named in re.findall(r"`([^`]+)`", cell)
    }
    assert listed == every_command(cli.front(tuple(cli.ROOMS)))


PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/assignments.md",
    "docs/spreadsheets.md",
    "docs/routes.md",
    "docs/returns.md",
    "docs/measured.md",
)


@pytest.mark.parametrize("page", [page for page in PAGES if (ROOT / page).exists()])
def test_every_command_that_a_page_shows_exists(page: str) -> None:
    lines = re.findall(r"^(?:\$ )?(?:\./run|poshta) ([^#\n]+)", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    root = cli.front(tuple(cli.ROOMS))
    shown = [Spoken.of(root, words) for words in map(str.split, lines) if words[0] != "test"]
    assert not [spoken.unknown for spoken in shown if spoken.unknown and "COMMAND" not in spoken.unknown]
    assert page != "README.md" or len(shown) > 5, "the look finds nothing"


class Colour(StrEnum):
    RED = "red"


@pytest.fixture
def with_faults(monkeypatch: pytest.MonkeyPatch, poshta: Poshta) -> Poshta:
    """A front door with a room of faults."""

    class Files(GroupWithDefault):
        default = "files"

    def register(app: typer.Typer) -> None:
        faults = typer.Typer()
        app.add_typer(faults, name="faults")
        files = typer.Typer(cls=Files)
        app.add_typer(files, name="files")

        @faults.command()
        def fault() -> Answer:
            raise ZeroDivisionError("a secret name")

        @faults.command()
        def stop() -> Answer:
            raise KeyboardInterrupt

        @faults.command()
        def refuse() -> Answer:
            raise InputRefused("Refused.", "Do better.")

        @faults.command()
        def gone(context: typer.Context) -> Answer:
            raise PartMissing(str(desk_of(context).quiet))

        @faults.command()
        def colour(colour: Colour, size: Annotated[float, typer.Option(min=0)] = 0) -> Answer:
            return Answer({"colour": colour, "size": size}, waiting=True)

        @faults.command()
        def nothing() -> None:
            return None

        @files.command("files")
        def take(paths: list[str], slow: Annotated[bool, typer.Option("--slow")] = False) -> Answer:
            return Answer({"paths": paths, "slow": slow})

        @files.command()
        def status() -> Answer:
            return Answer({"status": True})

    module = type(sys)("room_of_faults")
    module.register = register  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "room_of_faults", module)
    module.__spec__ = __import__("importlib.machinery").machinery.ModuleSpec("room_of_faults", None)
    monkeypatch.setattr(cli, "ROOMS", {"room_of_faults": ("faults", "files")})
    cli.front.cache_clear()
    return poshta


@pytest.fixture(autouse=True)
def _fresh_front(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    yield
    cli.front.cache_clear()


def test_a_fault_of_the_program_is_a_sentence_with_a_place_and_exits_1(with_faults: Poshta) -> None:
    answer = with_faults("faults", "fault", json=False)
    assert answer.code == 1
    assert "ZeroDivisionError at test_cli.py:" in answer.err
    assert "Traceback" not in answer.err + answer.out
    assert "secret" not in answer.err + answer.out
    assert with_faults("faults", "fault").body["status"] == "error"


def test_a_room_that_cannot_be_imported_is_a_sentence_too(with_faults: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_app: typer.Typer) -> None:
        raise SyntaxError

    monkeypatch.setattr(sys.modules["room_of_faults"], "register", broken)
    answer = with_faults("faults", "fault")
    assert answer.code == 1
    assert "SyntaxError" in answer.body["errors"][0]["text"]


def test_ctrl_c_exits_130_and_says_that_finished_work_is_kept(with_faults: Poshta) -> None:
    answer = with_faults("faults", "stop")
    assert answer.code == 130
    assert answer.body["errors"][0]["code"] == "interrupted"
    assert "kept" in with_faults("faults", "stop", json=False).err


def test_a_refusal_exits_as_its_kind_and_an_answer_as_it_says(with_faults: Poshta) -> None:
    assert with_faults("faults", "refuse").code == 4
    assert with_faults("faults", "colour", "red", "--size", "2").code == 3
    assert with_faults("faults", "nothing").code == 0
    assert "red" in with_faults("faults", "colour", "blue").body["errors"][0]["text"]
    assert "0" in with_faults("faults", "colour", "red", "--size", "-1").body["errors"][0]["text"]
    assert "COLOUR" in with_faults("faults", "colour").body["errors"][0]["text"]


def test_a_group_may_leave_its_first_word_out(with_faults: Poshta) -> None:
    assert with_faults("files", "a.pdf", "b.pdf").data == {"paths": ["a.pdf", "b.pdf"], "slow": False}
    assert with_faults("files", "--slow", "a.pdf").data == {"paths": ["a.pdf"], "slow": True}
    assert with_faults("files", "files", "a.pdf").data["paths"] == ["a.pdf"]
    assert with_faults("files", "status").data == {"status": True}
    assert with_faults("files", "a.pdf").body["command"] == "files"
    assert with_faults("files").code == 2
    assert "--nonsense" in with_faults("files", "--nonsense", "a.pdf").body["errors"][0]["text"]


STOPPED = """
import os, signal, sys
sys.path.insert(0, {root!r})
import cli
from records import commands
def entries(*_words):
    os.kill(os.getpid(), signal.SIGINT)
    import time; time.sleep(10)
commands.entries = entries
cli.run()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_process_stopped_by_ctrl_c_exits_130_without_a_traceback(desk: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPPED.format(root=str(ROOT)), "--home", str(desk), "--lang", "en", "journal"],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert done.returncode == ExitCode.INTERRUPTED
    assert "Interrupted." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a shell's pipe")
def test_a_reader_who_leaves_early_changes_nothing(desk: Path) -> None:
    command = f'"{sys.executable}" "{ROOT / "cli.py"}" --home "{desk}" journal; echo "exit $?" >&2'
    done = subprocess.run(["sh", "-c", f"{{ {command}; }} | true"], capture_output=True, text=True, check=False)
    assert done.stderr == "exit 0\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_stdout_exits_11(desk: Path) -> None:
    command = f'"{sys.executable}" "{ROOT / "cli.py"}" --home "{desk}" --lang en journal > /dev/full'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.NO_ROOM
    assert "Traceback" not in done.stderr
    assert "no room" in done.stderr


def test_output_is_utf8_whatever_the_terminal_says(tmp_path: Path) -> None:
    told = process("--lang", "kk", "journal", home=tmp_path, LC_ALL="C", PYTHONIOENCODING="ascii")
    assert told.returncode == 6
    assert "қалтасында" in told.stderr


HEAVY = ("cv2", "pandas", "pyvrp", "reportlab", "pyarrow", "scipy", "alembic", "openpyxl", "sqlalchemy", "numpy")


def test_the_version_does_not_wait_for_heavy_libraries(tmp_path: Path) -> None:
    counted = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import cli; cli.main(['--version']); print([name for name in {HEAVY!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", counted], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"

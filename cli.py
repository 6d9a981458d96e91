"""The front door: global flags, the rooms' commands, and the one boundary where errors become sentences and exit codes.

A room is imported only when one of its words is said, so that `poshta --version` does not wait for pictures, tables and solvers.
"""

from __future__ import annotations

import errno
import importlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer._click.core import Context
from typer._click.exceptions import UsageError  # the pinned typer carries click inside and re-exports only a part
from typer.core import TyperGroup

from records import garbage
from records.calendar import today
from records.commandline import Spoken, explain_usage
from records.desk import Desk, desk_of
from records.errors import ExitCode, Interrupted, NoRoom, PoshtaError, UsageRefused
from records.language import LANGUAGES, _, set_language, system_language
from records.terminal import Answer, show, show_error
from records.threads import one_thread_each

if TYPE_CHECKING:
    from records.home import Home
    from records.settings import LoadedSettings

VERSION = "0.1.0"
ROOMS = {
    "records.commands": ("init", "journal", "config"),
    "records.backup_commands": ("backup",),
    "settlements.commands": ("settlements", "offices", "vehicles", "schools", "teachers", "pupils"),
    "settlements.loan_commands": ("loans",),
    "packets.assignment_commands": ("assignments",),
    "packets.lesson_commands": ("lessons",),
    "packets.commands": ("packets",),
    "routing.commands": ("routes",),
    "routing.overdue_commands": ("overdue",),
    "scanning.commands": ("scan",),
    "scanning.form_commands": ("forms",),
    "scanning.review_commands": ("review",),
    "scanning.grade_commands": ("grades",),
    "scanning.return_commands": ("returns",),
    "scanning.district_commands": ("district",),
}
OWN_WORDS = ("doctor", "undo", "demo")  # joined from several rooms, below
VALUE_FLAGS = ("--home", "--lang")


def run() -> None:
    """The command `poshta`."""
    one_thread_each()
    garbage.seldom()
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command line; answers the exit code. Prints once, at the end."""
    _utf8_streams()
    set_language(_language_flag(arguments) or system_language())
    as_json, quiet = "--json" in arguments, "--quiet" in arguments
    try:
        spoken = Spoken.of(front(rooms_for(arguments)), arguments)
    except Exception as failure:  # noqa: BLE001 - a room that cannot even be imported
        return _failed(_fault(failure), "", as_json)
    try:
        return _printed(invoke(arguments), spoken.command, as_json, quiet)
    except PoshtaError as error:
        return _failed(error, spoken.command, as_json)
    except UsageError as error:
        return _failed(explain_usage(error, spoken), spoken.command, as_json)
    except (KeyboardInterrupt, typer.Abort):
        return _failed(
            Interrupted(_("Interrupted."), _("What was finished is kept; run the same command again to go on.")), spoken.command, as_json
        )
    except Exception as failure:  # noqa: BLE001 - the last boundary: a fault of ours must still end in a sentence
        return _failed(_fault(failure), spoken.command, as_json)


def invoke(arguments: Sequence[str]) -> Answer | None:
    """Run one command line and hand back its answer unprinted; None after --help and --version. Raises what the command raises."""
    command = front(rooms_for(arguments))
    try:
        with command.make_context("poshta", list(arguments)) as context:
            answer = command.invoke(context)
    except typer.Exit:
        return None
    if answer is None:
        return None
    assert isinstance(answer, Answer), "a command returns an Answer"
    return answer


def _score_again(home: Home) -> Mapping[str, int]:
    """Lent to packets, which cannot ask scanning, above it: after a corrected key, and before a cover tells points."""
    from scanning.rescore import rescore

    return rescore(home.database)


def _thresholds_here(loaded: LoadedSettings) -> list[dict[str, object]]:
    """Lent to records, which cannot ask scanning, above it: what `config show` tells beside the values."""
    from scanning.rules import desk_thresholds, differences

    return [each.as_json() for each in differences(desk_thresholds(loaded))] if loaded.values.scan.thresholds else []


def _bag_labels(home: Home, week: str, route: str) -> str:
    """Lent to packets, which cannot ask routing, above it: labels that go with a print job."""
    from routing.postal_commands import write_bag_labels

    return write_bag_labels(home, week, route)[0]


def _forget_again(home: Home, content: str) -> list[str]:
    """Lent to records, which cannot ask settlements, above it: after a backup was restored."""
    from settlements.forgetting import forget_again

    return forget_again(home, content)


@lru_cache(maxsize=8)
def front(rooms: tuple[str, ...]) -> TyperGroup:
    """The command line with the commands of `rooms`."""
    app = typer.Typer(name="poshta", add_completion=False, pretty_exceptions_enable=False)
    app.callback()(front_door)
    app.command()(doctor)
    app.command()(undo)
    app.command()(demo)
    for room in rooms:
        if importlib.util.find_spec(room) is None:
            continue  # not built yet
        importlib.import_module(room).register(app)
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    _speak_for_itself(command)
    return command


def _speak_for_itself(group: TyperGroup) -> None:
    """Let a group without a command be our usage error (records.commandline) rather than a page of help on stdout."""
    group.no_args_is_help = False
    for command in group.commands.values():
        if isinstance(command, TyperGroup):
            _speak_for_itself(command)


def rooms_for(arguments: Sequence[str]) -> tuple[str, ...]:
    """The room that the first word of the command line belongs to; all rooms where no room claims it."""
    word = _first_word(arguments)
    if word in OWN_WORDS or (not word and "--version" in arguments):
        return ()
    claimed = tuple(room for room, words in ROOMS.items() if word in words)
    return claimed or tuple(ROOMS)


def doctor(context: typer.Context) -> Answer:
    """Whether everything this desk needs is there and sound."""
    from packets import health as printing
    from records import health
    from scanning import health as reading

    return health.examine(desk_of(context).home, (*health.CHECKS, *printing.CHECKS, *reading.CHECKS))


def undo(
    context: typer.Context,
    act: Annotated[int | None, typer.Option(help="Only if this is the last act: its number in `poshta --json journal`.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be undone.")] = False,
) -> Answer:
    """Take back the last act, where nothing depends on it."""
    from packets import undo as printing
    from records.undo import take_back
    from routing import undo as post
    from scanning import undo as reading
    from scanning.grade_book_told import newest_record, told_of_closed
    from settlements import undo as roster

    with desk_of(context).opened() as home:
        since = newest_record(home)
        said = take_back(home, {**roster.UNDOERS, **printing.UNDOERS, **post.UNDOERS, **reading.UNDOERS}, act, dry_run)
        final = told_of_closed(home, since)
    return replace(said, data={**said.data, **final.as_json()}, lines=[*said.lines, *final.lines])


def demo(
    context: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option(help="The folder for the demo's desk, made anew each time; else --home, else demo-home.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another district.")] = 1,
    villages: Annotated[int, typer.Option(min=1, max=200, help="Villages of the district.")] = 7,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: one for each processor.")] = 0,
    country: Annotated[
        bool, typer.Option("--country", help="All twenty regions instead: one week, one district's paper goes round.")
    ] = False,
    country_villages: Annotated[int, typer.Option(min=1, help="Villages of the country.")] = 1_200,
    country_offices: Annotated[int, typer.Option(min=1, help="Post offices of the country.")] = 160,
    country_pupils: Annotated[tuple[int, int], typer.Option(min=1, help="Pupils of a village, at least and at most.")] = (5, 10),
) -> Answer:
    """An invented district lives through two study weeks: packets, routes, simulated pens and post, scans, grades, returns."""
    desk, processes = desk_of(context), workers or os.cpu_count() or 1
    _refuse_sizes_of_the_other(context, country)
    folder = out or (desk.home if _said(context.find_root(), "home") else Path("demo-home"))
    if country:
        from scanning.demo_country import Size, play_country

        size = Size(country_villages, country_offices, country_pupils)
        return play_country(invoke, folder, seed, size, processes, desk.quiet or desk.as_json)
    from scanning.demo import play

    return play(invoke, folder, seed, villages, processes, desk.quiet or desk.as_json)


def _refuse_sizes_of_the_other(context: typer.Context, country: bool) -> None:
    """Raise UsageRefused where the demo of the district is told the size of the country, or the other way round."""
    others = ("villages",) if country else ("country_villages", "country_offices", "country_pupils")
    for name in others:
        if _said(context, name):
            flag = f"--{name.replace('_', '-')}"
            text = _("{flag} means nothing with --country.") if country else _("{flag} means nothing without --country.")
            raise UsageRefused(text.format(flag=flag), _("The district has --villages; the country has sizes that begin with --country-."))


def _said(context: Context, name: str) -> bool:
    """Whether the option stands on the command line; a variable of the environment does not count."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"poshta {VERSION}\n")
        raise typer.Exit


def front_door(
    context: typer.Context,
    home: Annotated[Path, typer.Option("--home", envvar="POSHTA_HOME", help="The desk's folder.")] = Path(),
    lang: Annotated[str, typer.Option("--lang", help="kk, ru or en.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No tables, no progress.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")] = False,
) -> None:
    """Poshta Mektebi: a school week on paper."""
    del version  # answered by its callback
    if home.exists() and not home.is_dir():
        raise UsageRefused(_("«{home}» is a file, not a folder.").format(home=home), _("Name the desk's folder with --home."))
    context.obj = Desk(home, as_json, quiet, _score_again, _forget_again, _thresholds_here, _bag_labels)
    _speak(home, lang)
    today()  # a bad POSHTA_TODAY is said at once


def _first_word(arguments: Sequence[str]) -> str:
    before = ""
    for word in arguments:
        if not word.startswith("-") and before not in VALUE_FLAGS:
            return word
        before = word
    return ""


def _language_flag(arguments: Sequence[str]) -> str:
    for flag, value in zip(arguments, [*arguments[1:], ""], strict=False):
        named = value if flag == "--lang" else flag.removeprefix("--lang=") if flag.startswith("--lang=") else ""
        if named in LANGUAGES:
            return named
    return ""


def _speak(home: Path, lang: str) -> None:
    from records.settings import load_settings

    if lang and lang not in LANGUAGES:
        raise UsageRefused(_("«{value}» is not a language of this program.").format(value=lang), _("Choose kk, ru or en."))
    loaded = load_settings(home)
    set_language(lang or loaded.values.language or system_language())
    if loaded.values.scan.thresholds:  # whose names and ranges only the reader knows
        from scanning.rules import desk_thresholds

        desk_thresholds(loaded)


def _printed(answer: Answer | None, command: str, as_json: bool, quiet: bool) -> int:
    """Print the answer; whoever reads it may stop early (`| head`), which changes nothing of what was done."""
    try:
        if answer is not None:
            show(answer, command, as_json, quiet)
        sys.stdout.flush()
    except BrokenPipeError:
        _point_stdout_nowhere()
    except OSError as failure:
        if failure.errno != errno.ENOSPC:
            raise
        _point_stdout_nowhere()
        raise NoRoom(_("There is no room on the disk to write {file}.").format(file="stdout")) from failure
    return int(answer.code) if answer is not None else int(ExitCode.DONE)


def _point_stdout_nowhere() -> None:
    """So that Python does not try again, and complain, when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _failed(error: PoshtaError, command: str, as_json: bool) -> int:
    try:
        show_error(error, command, as_json)
        sys.stdout.flush()
    except OSError:
        _point_stdout_nowhere()
    return int(error.exit_code)


def _fault(failure: Exception) -> PoshtaError:
    if os.environ.get("POSHTA_DEBUG"):
        traceback.print_exception(failure)
    places = traceback.extract_tb(failure.__traceback__)
    where = f"{Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
    return PoshtaError(
        _("The program has a fault: {kind} at {where}.").format(kind=type(failure).__name__, where=where),
        _("What was finished is kept. Please report this line, the command and the program's version."),
    )


def _utf8_streams() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    run()

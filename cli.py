"""The front door: global flags, the rooms' commands, and the one boundary where errors become sentences and exit codes."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer
from typer._click import exceptions as usage  # the pinned typer carries click inside and re-exports only a part

from records import commands as desk_commands
from records.calendar import today
from records.desk import Desk
from records.errors import ExitCode, PoshtaError, UsageRefused
from records.language import LANGUAGES, _, set_language, system_language
from records.settings import load_settings
from records.terminal import Answer, show, show_error

VERSION = "0.1.0"
app = typer.Typer(name="poshta", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
desk_commands.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"poshta {VERSION}\n")
        raise typer.Exit


@app.callback()
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
    context.obj = Desk(home, as_json, quiet)
    _speak(home, lang)
    today()  # a bad POSHTA_TODAY is said at once


def run() -> None:
    """The command `poshta`."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run one command line; answers the exit code. Prints once, at the end."""
    _utf8_streams()
    set_language(_language_flag(arguments) or system_language())
    command = command_name(arguments)
    as_json, quiet = "--json" in arguments, "--quiet" in arguments
    try:
        answer = app(arguments, standalone_mode=False)
        if isinstance(answer, Answer):
            show(answer, command, as_json, quiet)
            return int(answer.code)
        return answer if isinstance(answer, int) else 0
    except PoshtaError as error:
        return _failed(error, command, as_json)
    except usage.UsageError as error:
        return _failed(_usage(error), command, as_json)
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write(_("Interrupted. What was finished is kept; run the same command again to go on.") + "\n")
        return int(ExitCode.INTERRUPTED)
    except Exception as failure:  # noqa: BLE001 - the last boundary: a fault of ours must still end in a sentence
        return _failed(_fault(failure), command, as_json)


def command_name(arguments: list[str]) -> str:
    """The words of the command that `arguments` ask for, without options: «packets build», «scan»."""
    group: Any = typer.main.get_command(app)
    words: list[str] = []
    for argument in arguments:
        found = getattr(group, "commands", {}).get(argument)
        if found is not None:
            words.append(argument)
            group = found
    return " ".join(words)


def _language_flag(arguments: list[str]) -> str:
    for flag, value in zip(arguments, [*arguments[1:], ""], strict=True):
        named = value if flag == "--lang" else flag.removeprefix("--lang=") if flag.startswith("--lang=") else ""
        if named in LANGUAGES:
            return named
    return ""


def _speak(home: Path, lang: str) -> None:
    if lang and lang not in LANGUAGES:
        raise UsageRefused(_("«{value}» is not a language of this program.").format(value=lang), _("Choose kk, ru or en."))
    set_language(lang or load_settings(home).values.language or system_language())


def _failed(error: PoshtaError, command: str, as_json: bool) -> int:
    show_error(error, command, as_json)
    return int(error.exit_code)


def _usage(error: usage.UsageError) -> UsageRefused:
    """A usage error of the command-line library, in our words where it is one of the common ones."""
    hint = _("Add --help to the command to see what it takes.")
    if isinstance(error, usage.NoSuchOption):
        return UsageRefused(_("There is no option {name}.").format(name=error.option_name), hint)
    if isinstance(error, usage.MissingParameter):
        name = (error.param.name or "") if error.param else ""
        return UsageRefused(_("{name} is missing.").format(name=name), hint)
    if isinstance(error, usage.BadParameter):
        name = (error.param.name or "") if error.param else ""
        return UsageRefused(_("The value of {name} cannot be used: {reason}").format(name=name, reason=error.message), hint)
    return UsageRefused(_("The command line cannot be understood: {reason}").format(reason=error.format_message()), hint)


def _fault(failure: Exception) -> PoshtaError:
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

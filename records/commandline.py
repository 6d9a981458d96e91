"""What a command line says, and what is wrong with it, in our words. cli.py asks; the commands themselves stand in the rooms."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from enum import Enum
from typing import Any

from pydantic import ValidationError
from typer._click import exceptions as usage  # the pinned typer carries click inside and re-exports only a part
from typer.core import TyperGroup, TyperOption

from records.desk import GroupWithDefault
from records.errors import UsageRefused
from records.language import _
from records.validation import reason_of


class Spoken:
    """The command that a command line asks for: its words, the group or command they lead to, and the first word that leads nowhere."""

    def __init__(self, words: list[str], reached: Any, unknown: str) -> None:
        self.command, self.reached, self.unknown = " ".join(words), reached, unknown

    @classmethod
    def of(cls, root: TyperGroup, arguments: Sequence[str]) -> Spoken:
        """Follow `arguments` from `root` through the groups, past options and their values."""
        words: list[str] = []
        reached: Any = root
        rest = list(arguments)
        while rest and isinstance(reached, TyperGroup):
            word = rest.pop(0)
            if word.startswith("-"):
                del rest[: _values_of(reached, word)]
            elif word in reached.commands:
                words.append(word)
                reached = reached.commands[word]
            elif isinstance(reached, GroupWithDefault):
                reached = reached.commands.get(reached.default)
            else:
                return cls(words, reached, word)
        return cls(words, reached, "")


def _values_of(group: TyperGroup, flag: str) -> int:
    """How many of the following words belong to `flag`."""
    for option in group.params:
        if isinstance(option, TyperOption) and flag in option.opts:
            return 0 if option.is_flag else option.nargs
    return 0


def explain_usage(error: usage.UsageError, spoken: Spoken) -> UsageRefused:
    """A usage error of the command-line library in our words."""
    hint = _("Add --help to the command to see what it takes.")
    match error:
        case usage.NoSuchOption():
            text = _("There is no option {name}.").format(name=error.option_name)
        case usage.BadOptionUsage():
            text = _("The option {name} needs a value, or has one too many.").format(name=error.option_name)
        case usage.MissingParameter():
            text = _("{name} is missing.").format(name=_name(error.param))
        case usage.BadParameter():
            text = _("{name} is «{value}»: {reason}").format(name=_name(error.param), value=_given(error), reason=_wanted(error))
        case _ if isinstance(spoken.reached, TyperGroup):
            return _which(spoken)
        case _:
            text = _("There are more words than «{command}» takes.").format(command=spoken.command)
    return UsageRefused(text, hint)


def _which(spoken: Spoken) -> UsageRefused:
    """No command, or one that does not exist."""
    known = list(spoken.reached.commands)
    choice = _("Choose one of: {commands}.").format(commands=", ".join(known))
    if not spoken.unknown:
        return UsageRefused(
            _("Say what to do: a command is missing after «{words}».").format(words=f"poshta {spoken.command}".strip()), choice
        )
    near = difflib.get_close_matches(spoken.unknown, known)
    hint = _("Did you mean: {commands}?").format(commands=", ".join(near)) if near else choice
    return UsageRefused(_("There is no command «{word}».").format(word=f"{spoken.command} {spoken.unknown}".strip()), hint)


def _name(parameter: Any) -> str:
    if parameter is None:
        return "?"
    return str(parameter.opts[0] if isinstance(parameter, TyperOption) else parameter.metavar or parameter.name.upper())


def _given(error: usage.BadParameter) -> str:
    cause = error.__cause__
    return str(cause.errors()[0]["input"]) if isinstance(cause, ValidationError) else "?"


def _wanted(error: usage.BadParameter) -> str:
    """What is wrong with the value; the library's own words where it tells no more."""
    kind = getattr(getattr(error.param, "type_descriptor", None), "annotation", None)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _("it must be one of: {expected}.").format(expected=", ".join(str(choice.value) for choice in kind))
    if isinstance(error.__cause__, ValidationError):
        return reason_of(error.__cause__.errors()[0])
    return error.message

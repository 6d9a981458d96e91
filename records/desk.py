"""What every command is handed: which home, which language, how to answer. Rooms' commands use this and return an Answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperArgument, TyperGroup

if TYPE_CHECKING:
    from records.home import Home
    from records.settings import LoadedSettings


def _nothing_to_score(_home: Home) -> Mapping[str, int]:
    return {}


def _no_thresholds(_loaded: LoadedSettings) -> list[dict[str, object]]:
    return []


def _nobody_to_forget(_home: Home, _content: str) -> list[str]:
    return []


def _no_bags(_home: Home, _week: str, _route: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The global flags of one call, and what the front door lends to rooms that stand below the one that scores.

    `score_again` scores what was read by an old key, and answers how many records changed, by assignment. Whoever prints points or takes in a key asks it.
    `forget_again` takes off a restored roster whom a list of forgotten pupils names, and answers their codes.
    `bag_labels` writes the labels of a week's bags, or of one route's, and answers their file. A print job asks it.
    `thresholds_here` tells which of the reader's thresholds the settings change: name, value, the program's own.
    """

    home: Path
    as_json: bool = False
    quiet: bool = False
    score_again: Callable[[Home], Mapping[str, int]] = field(default=_nothing_to_score, repr=False)
    forget_again: Callable[[Home, str], list[str]] = field(default=_nobody_to_forget, repr=False)
    thresholds_here: Callable[[LoadedSettings], list[dict[str, object]]] = field(default=_no_thresholds, repr=False)
    bag_labels: Callable[[Home, str, str], str] = field(default=_no_bags, repr=False)

    @contextmanager
    def opened(self, flags: dict[str, Any] | None = None) -> Iterator[Home]:
        """The home, ready for work, and closed afterwards. `flags` override settings for this call: {"routes": {"seed": 2}}."""
        from records.home import open_home

        home = open_home(self.home, flags)
        try:
            yield home
        finally:
            home.close()


def desk_of(context: typer.Context) -> Desk:
    """The desk of this call."""
    desk = context.obj
    assert isinstance(desk, Desk)
    return desk


class GroupWithDefault(TyperGroup):
    """A group whose first word may be left out: `poshta scan FILE` means its command named `default`, `poshta scan status` the other.

    `default` is no word that a person says, so that a folder may have any name; help tells what it takes as if the group were that command.
    """

    default = "PATH..."

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command's name before arguments that begin with no command, and in the place of no arguments."""
        if not args or args[0] not in self.commands:
            args = ["--help"] if "--help" in args else [self.default, *args]
        rest: list[str] = super().parse_args(ctx, args)
        return rest

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as the command-line library calls it
        """What may follow the group's name: the default command's arguments."""
        arguments = [parameter for parameter in self.commands[self.default].params if isinstance(parameter, TyperArgument)]
        return ["[OPTIONS]", *(each.metavar or each.name.upper() for each in arguments)]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help of the default command, and the other commands below it."""
        shown = copy(self)
        shown.params = self.commands[self.default].params
        shown.commands = {name: command for name, command in self.commands.items() if name != self.default}
        shown.collect_usage_pieces = self.collect_usage_pieces  # type: ignore[method-assign]
        TyperGroup.format_help(shown, ctx, formatter)

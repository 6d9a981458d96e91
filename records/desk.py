"""What every command is handed: which home, which language, how to answer. Rooms' commands use this and return an Answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from records.home import Home


@dataclass(frozen=True, slots=True)
class Desk:
    """The global flags of one call."""

    home: Path
    as_json: bool = False
    quiet: bool = False

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
    """A group whose first word may be left out: `poshta scan FILE` means its command named `default`, `poshta scan status` the other."""

    default = "files"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command's name before arguments that begin with no command, and in the place of no arguments."""
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "-h")):
            args = [self.default, *args]
        rest: list[str] = super().parse_args(ctx, args)
        return rest

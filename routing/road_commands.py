"""The commands about routes on the road, joined for routing/commands: track, note, events, figures."""

from __future__ import annotations

import typer

from routing import figures_commands, note_commands, track_commands


def register(routes: typer.Typer) -> None:
    """Hang them on the group of routes."""
    track_commands.register(routes)
    note_commands.register(routes)
    figures_commands.register(routes)

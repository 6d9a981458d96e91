"""`poshta returns --week W`: the teacher's report, a PDF for each teacher, out of what was scanned. Nobody writes anything."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Hang this command on the front door."""
    del app

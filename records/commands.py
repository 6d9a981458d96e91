"""Commands of the desk itself: init, journal, config show. `doctor` joins the rooms' checks and stands in cli.py."""

from __future__ import annotations

from typing import Annotated

import typer

from records.desk import desk_of
from records.home import make_home
from records.journal import entries
from records.language import N_, _
from records.settings import load_settings
from records.terminal import Answer, Sheet

ORIGIN_WORDS = {"default": N_("default"), "environment": N_("environment"), "flag": N_("command line")}


def register(app: typer.Typer) -> None:
    """Hang this room's commands on the front door."""
    app.command("init")(init)
    app.command("journal")(journal)
    config = typer.Typer(no_args_is_help=True, help="Settings and where they come from.")
    config.command("show")(config_show)
    app.add_typer(config, name="config")


def init(context: typer.Context) -> Answer:
    """Make a desk in the home folder, or bring an older one up to date. Safe to run twice."""
    upgrades: list[tuple[str, str]] = []
    home, key_made = make_home(desk_of(context).home, upgraded=lambda found, copy: upgrades.append((found, copy)))
    try:
        version = home.database.version()
    finally:
        home.close()
    lines = [_("The desk in {folder} is ready.").format(folder=home.path.resolve())]
    if key_made:
        lines.append(_("A key was made in keys/. Keep a copy of that folder in a safe place: without it, pages cannot be recognised."))
    lines += [_told(found, copy, version or "") for found, copy in upgrades]
    copies = [copy for _found, copy in upgrades if copy]
    return Answer({"home": str(home.path.resolve()), "schema": version, "key_made": key_made, "files": copies}, lines)


def journal(
    context: typer.Context,
    action: Annotated[str, typer.Option(help="Only acts whose name begins so, as in packets.build.")] = "",
    subject: Annotated[str, typer.Option(help="Only acts on this code.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many, the newest first.")] = 100,
) -> Answer:
    """What was done, when, to what."""
    with desk_of(context).opened() as home, home.database.read() as session:
        found = entries(session, action, subject, limit)
    rows = [(entry.at.isoformat(sep=" "), entry.action, entry.subject, _detail(entry.details)) for entry in found]
    data = [{"id": e.id, "at": e.at.isoformat(), "action": e.action, "subject": e.subject, "details": e.details} for e in found]
    if not found:
        return Answer({"acts": data}, [_("The journal holds no such act.")])
    return Answer({"acts": data}, sheets=[Sheet(_("Journal"), (_("When"), _("Act"), _("Subject"), _("Details")), rows)])


def config_show(context: typer.Context) -> Answer:
    """Every setting, its value and where that comes from."""
    desk = desk_of(context)
    loaded = load_settings(desk.home)
    found, thresholds = loaded.rows(), desk.thresholds_here(loaded)
    data = [{"name": name, "value": value, "origin": origin} for name, value, origin in found]
    rows = [(name, value, _(ORIGIN_WORDS.get(origin, origin))) for name, value, origin in found]
    said = _("The reader judges by {name} = {value}; the program's own is {default}.")
    lines = [said.format(**each) for each in thresholds]
    return Answer(
        {"settings": data, "thresholds": thresholds}, lines, [Sheet(_("Settings"), (_("Setting"), _("Value"), _("Origin")), rows)]
    )


def _told(found: str, copy: str, version: str) -> str:
    """An upgrade, and where the database stands as it was."""
    if not copy:
        sentence = _("The tables were brought from version {found} to {version}. The database is on a server: it was not copied before.")
        return sentence.format(found=found, version=version)
    sentence = _("The tables were brought from version {found} to {version}; the database as it was before stands in {copy}.")
    return sentence.format(found=found, version=version, copy=copy)


def _detail(details: dict[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(details.items()))

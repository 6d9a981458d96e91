"""Commands of the classifier: load an edition, find a place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from records.calendar import today
from records.desk import desk_of
from records.errors import NotFound, UsageRefused
from records.language import _, current_language, ngettext
from records.terminal import Answer, Sheet
from settlements.kato_file import ReadEdition, read_edition, shown, year_of
from settlements.kato_store import Kept, classifier, editions, keep
from settlements.places import Found, find_places
from settlements.register import villages
from settlements.scope import require_place

SHOWN = 40  # places that are listed on a screen; --json answers all


def register(group: typer.Typer) -> None:
    """Hang the commands on the group `settlements`."""
    group.command("load-kato")(settlements_load_kato)
    group.command("find")(settlements_find)


def settlements_load_kato(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="The classifier: CSV, or the statistics bureau's workbook.", metavar="FILE")],
    edition: Annotated[str, typer.Option(help="The edition's name, where the file does not say it.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Load it even if much of the loaded edition is not in it.")] = False,
    since: Annotated[
        datetime | None, typer.Option(help="The day it came into force; else the year in its name.", formats=["%Y-%m-%d"])
    ] = None,
) -> Answer:
    """Load an edition of KATO; editions stand side by side, and codes that moved between them are found by themselves."""
    with desk_of(context).opened() as home:
        read = read_edition(path)
        name = edition or read.name
        start = since.date() if since else year_of(name)
        if not name or start is None:
            raise UsageRefused(
                _("{file} does not say of which edition it is, or since when.").format(file=path.name),
                _("Name both: --edition «NK RK 11-2025» --since 2025-02-01."),
            )
        with home.database.write() as session:
            kept = keep(session, name, start, read.units, whole=replace)
            loaded = [{"edition": each, "since": day.isoformat()} for each, day in editions(session)]
    levels: dict[str, int] = {}
    for unit in read.units.values():
        levels[unit.level.value] = levels.get(unit.level.value, 0) + 1
    data = {"edition": name, "since": start.isoformat(), "rows": read.rows, "units": len(read.units), "levels": levels}
    data |= {"added": kept.added, "changed": kept.changed, "removed": kept.removed, "moves": kept.moves, "editions": loaded}
    return Answer(data, _lines(name, read, kept, levels), complaints=read.complaints, waiting=bool(read.complaints))


def _lines(name: str, read: ReadEdition, kept: Kept, levels: dict[str, int]) -> list[str]:
    count = ngettext("{count} unit of the edition {edition}:", "{count} units of the edition {edition}:", len(read.units))
    parts = _("{oblast} regions, {district} districts, {sub_district} sub-districts, {settlement} settlements.")
    counts = {level: levels.get(level, 0) for level in ("oblast", "district", "sub_district", "settlement")}
    lines = [f"{count.format(count=len(read.units), edition=name)} {parts.format(**counts)}"]
    if kept.anything:
        told = _("Added {added}, changed {changed}, removed {removed}.")
        lines.append(told.format(added=kept.added, changed=kept.changed, removed=kept.removed))
    else:
        lines.append(_("This edition was loaded already: nothing changed."))
    if kept.moves:
        moved = ngettext("{count} code moved between two editions.", "{count} codes moved between two editions.", kept.moves)
        lines.append(moved.format(count=kept.moves))
    return lines


def settlements_find(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Part of a name in Kazakh or Russian, or of a KATO code.")],
    within: Annotated[str, typer.Option(help="Only within this KATO code.")] = "",
) -> Answer:
    """Find places by part of their name or code, in the classifier and the register."""
    require_place(within)
    with desk_of(context).opened() as home, home.database.read() as session:
        known = classifier(session)
        found = find_places(text, known, villages(session), within, today())
    if not found:
        hint = _("Try a shorter part of the name.") if known else _("Load the classifier first: `poshta settlements load-kato FILE`.")
        raise NotFound(_("No place is called «{text}».").format(text=text), hint)
    headings = (_("KATO"), _("Name (kk)"), _("Name (ru)"), _("Within"), _("Registered"))
    table = [
        (each.unit.kato, each.unit.name_kk, each.unit.name_ru, shown(each.path[:-1], current_language()), "✓" if each.registered else "")
        for each in found[:SHOWN]
    ]
    lines = [
        _("{old} was the code of {name} on older lists; since then it is {new}.").format(
            old=text, name=each.unit.name(current_language()), new=each.unit.kato
        )
        for each in found
        if each.moved
    ]
    if len(found) > SHOWN:
        rest = len(found) - SHOWN
        more = ngettext("{count} more place: narrow with --within.", "{count} more places: narrow with --within.", rest)
        lines.append(more.format(count=rest))
    return Answer({"places": [_as_json(each) for each in found]}, lines, sheets=[Sheet(_("Places"), headings, table)])


def _as_json(found: Found) -> dict[str, Any]:
    above = [{"kato": unit.kato, "name_kk": unit.name_kk, "name_ru": unit.name_ru} for unit in found.path[:-1]]
    unit = found.unit
    level = unit.level.value
    return {
        "kato": unit.kato,
        "level": level,
        "name_kk": unit.name_kk,
        "name_ru": unit.name_ru,
        "within": above,
        "registered": found.registered,
        "moved": found.moved,
    }

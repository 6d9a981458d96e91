"""`poshta routes note` and `routes events import`: a person's word on what a manifest says, and Kazpost's own events."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from records.desk import desk_of
from records.errors import UsageRefused
from records.events import PERSON, Outcome
from records.language import _, ngettext
from records.road import RoadRoute, road_route, route_of
from records.road_checks import ALL_BACK, BACK, BLANK, DOUBT, ODOMETER_END, ODOMETER_START, OUTCOME, READ, item_of
from records.road_notes import Note, notes_of
from records.road_person import say
from records.road_words import field_words
from records.terminal import Answer
from routing.post_events import Imported, import_events
from routing.track_commands import doubt_complaint, value_words
from settlements.spoken_reason import require_short_reason

NONE = "none"
MOST_NUMBERS = 10  # that a line names


def register(routes: typer.Typer) -> None:
    """Hang the commands on the group of routes."""
    routes.command("note")(note)
    group = typer.Typer(no_args_is_help=True, help="What the post's own tracking tells.")
    group.command("import")(import_)
    routes.add_typer(group, name="events")


def note(
    context: typer.Context,
    route: Annotated[str, typer.Argument(metavar="ROUTE", help="The route's code, as on the manifest.")],
    stop: Annotated[
        int, typer.Argument(metavar="[STOP]", min=0, help="The stop's number, from 1; 0 or nothing: the route as a whole.")
    ] = 0,
    outcome: Annotated[str, typer.Argument(metavar="[OUTCOME]", help="delivered, nobody, road_closed, refused; none: nobody knows.")] = "",
    back: Annotated[
        int | None, typer.Option("--back", min=0, max=9999, help="Packets counted back: at the stop, or without a stop all of them.")
    ] = None,
    start: Annotated[int | None, typer.Option("--start", min=0, max=999_999, help="The odometer at the start, km.")] = None,
    end: Annotated[int | None, typer.Option("--end", min=0, max=999_999, help="The odometer at the end, km.")] = None,
    why: Annotated[str, typer.Option("--why", help="The reason, kept with the note. No names.")] = "",
) -> Answer:
    """Say by hand what happened at a stop: where a sheet was doubtful, or never scanned. What was noted before is kept."""
    require_short_reason(why)
    code = route.strip().upper()
    said = _said(
        int(code.removeprefix(f"{route_of(code)}-S") or 0) if code != route_of(code) else 0,
        stop,
        outcome.strip().lower(),
        back,
        start,
        end,
        why,
    )
    with desk_of(context).opened() as home, home.database.write() as session:
        found = road_route(session, route)
        if stop:
            found.stop(stop, code)
        before = notes_of(session, [found.code]).get(found.code, {})
        changed = say(session, found, said).changed
        after = notes_of(session, [found.code]).get(found.code, {})
    doubts = [each for each in after.values() if each.state == DOUBT]
    data: dict[str, Any] = {
        "route": found.code,
        "changed": [_changed(each, before.get(each.item)) for each in changed],
        "doubts": [{"item": each.item, "reason": each.reason, "candidates": list(each.candidates)} for each in doubts],
    }
    return Answer(data, _lines(found, changed), complaints=[doubt_complaint(found.code, each) for each in doubts], waiting=bool(doubts))


def import_(
    context: typer.Context, path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or XLSX: item, event, time[, packet, office].")]
) -> Answer:
    """Take in Kazpost's events. Safe to run twice: the same event told again changes nothing."""
    with desk_of(context).opened() as home, home.database.write() as session:
        result = import_events(session, path)
    data = {
        "rows": result.rows,
        "added": result.added,
        "known": result.known,
        "tied": result.tied,
        "refused": result.refused,
        "unknown": [{"name": name, "rows": count} for name, count in sorted(result.unknown.items())],
        "waiting": sorted(set(result.waiting)),
    }
    waiting = bool(result.refused or result.unknown or result.waiting)
    return Answer(data, _imported_lines(result), complaints=result.complaints, waiting=waiting)


def _said(supplement: int, stop: int, outcome: str, back: int | None, start: int | None, end: int | None, why: str) -> list[Note]:
    """The notes that the words of the command make; raises UsageRefused where they make none."""
    values: dict[str, str] = {}
    name = f"x{supplement}.s{stop}" if supplement else f"s{stop}"
    if outcome:
        if not stop or outcome not in {*Outcome, NONE}:
            raise UsageRefused(
                _("«{value}» is nothing that can happen at a stop.").format(value=outcome),
                _("Give the stop's number and one of: {words}.").format(words=", ".join([*Outcome, NONE])),
            )
        values[item_of(name, OUTCOME)] = "" if outcome == NONE else outcome
    if back is not None:
        values[item_of(name, BACK) if stop else ALL_BACK] = str(back)
    values |= {item: str(value) for item, value in ((ODOMETER_START, start), (ODOMETER_END, end)) if value is not None}
    if not values:
        raise UsageRefused(_("Nothing is said of the route."), _("Give a stop with an outcome, or --back, --start, --end."))
    return [Note(item, value, (), READ if value else BLANK, "", PERSON, why=why) for item, value in values.items()]


def _changed(note: Note, before: Note | None) -> dict[str, Any]:
    return {"item": note.item, "before": before.value if before else None, "value": note.value, "state": note.state, "reason": note.reason}


def _lines(route: RoadRoute, changed: list[Note]) -> list[str]:
    if not changed:
        return [_("That is what is recorded already; nothing was changed.")]
    told = "; ".join(f"{field_words(each.item)}: {value_words(each.value) or '—'}" for each in changed if each.state != DOUBT)
    return [_("Noted for the route {route}: {told}.").format(route=route.code, told=told)] if told else []


def _imported_lines(result: Imported) -> list[str]:
    lines = [
        ngettext("{count} new event.", "{count} new events.", result.added).format(count=result.added)
        + " "
        + _("Known before: {known}; refused rows: {refused}.").format(known=result.known, refused=result.refused)
    ]
    numbers = sorted(set(result.waiting))
    if numbers:
        shown = ", ".join(numbers[:MOST_NUMBERS]) + (" …" if len(numbers) > MOST_NUMBERS else "")
        lines.append(
            _(
                "Nobody has said on which packets these numbers stand: {numbers}. Import a table that has both, the number and the packet."
            ).format(numbers=shown)
        )
    return lines

"""`poshta routes track`: each packet and bag with where it is and since when, and what of the manifests waits for a person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from packets.whereabouts import Tracked, Wanted, patience_of, tracked
from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import Complaint, NotFound
from records.events import HAPPENING_WORDS, OUTCOME_WORDS, TRACK_WORDS, Event, Outcome, TrackState
from records.language import N_, _, current_language, ngettext
from records.road import road_route, road_routes, route_of
from records.road_checks import CHECK_WORDS, ODOMETER_END, ODOMETER_START, OUTCOME, stop_item
from records.road_notes import Note, notes_of
from records.road_words import field_words
from records.schema import Packet
from records.terminal import Answer, Sheet
from routing.tracking import TrackedBag, bags, route_doubts
from settlements.register import villages
from settlements.scope import require_place, unknown_places

_STOP = re.compile(r"(?:x(\d+)\.)?s(\d+)")
MOST_ROWS = 200  # of a table on a screen; --json tells all
READER_WORDS = {
    "two_marks": N_("two marks"),
    "faint": N_("a faint mark"),
    "erased": N_("a mark that was rubbed out"),
    "crossed_out": N_("a mark that was crossed out"),
    "torn": N_("a torn place"),
    "stained": N_("a stained place"),
    "out_of_place": N_("a mark beside its circle"),
    "gap": N_("an empty column after a digit"),
    "other_pen": N_("a red or green mark beside others"),
}

WeekOption = Annotated[str, typer.Option("--week", help="Only this study week, as in 2026-W41.")]
PacketOption = Annotated[str, typer.Option("--packet", help="Only this packet, with everything that happened to it.")]
RouteOption = Annotated[str, typer.Option("--route", help="Only what travelled by this route.")]
VillageOption = Annotated[str, typer.Option("--village", help="Only this village, or any KATO code above it.")]


def register(routes: typer.Typer) -> None:
    """Hang the command on the group of routes."""
    routes.command("track")(track)


def track(
    context: typer.Context, week: WeekOption = "", packet: PacketOption = "", route: RouteOption = "", village: VillageOption = ""
) -> Answer:
    """Where every packet and bag is, and since when: printed, handed over, delivered, returned, scanned, overdue, lost."""
    wanted = Wanted(str(StudyWeek.parse(week)) if week else "", packet.strip(), route.strip().upper(), village.strip())
    with desk_of(context).opened() as home, home.database.read() as session:
        _require(session, wanted)
        found = tracked(session, wanted, patience_of(home.settings))
        carried = bags(session, wanted)
        doubts = _doubts(session, wanted, carried)
        names = {village.kato: village.name(current_language()) for village in villages(session)}
        unknown = unknown_places(session, wanted.village)
        notes = notes_of(session, {route_of(bag.route) for bag in carried})
    counts = Counter(each.where.state for each in found)
    data: dict[str, Any] = {
        "week": wanted.week or None,
        "packets": [each.as_json(history=bool(wanted.packet)) for each in found],
        "bags": [bag.as_json() for bag in carried],
        "counts": {state.value: counts[state] for state in TrackState},
        "doubts": [_doubt_json(code, note) for code, note in doubts],
        "notes": [_note_json(code, note) for code, fields in notes.items() for note in fields.values()],
    }
    sheets = _sheets(found, carried, names, history=bool(wanted.packet))
    complaints = [*unknown, *(doubt_complaint(code, note) for code, note in doubts)]
    return Answer(data, _lines(found, doubts), sheets, complaints, waiting=bool(doubts))


def doubt_complaint(route: str, note: Note) -> Complaint:
    """What waits for a person on a manifest, and the command that decides it."""
    reason, field = doubt_words(note.reason), field_words(note.item)
    text = _("Route {route}, {item}: {reason}.").format(route=route, item=field, reason=reason)
    if note.candidates:
        text = _("Route {route}, {item}: {reason}; it may be {candidates}.").format(
            route=route, item=field, reason=reason, candidates=", ".join(map(value_words, note.candidates))
        )
    hint = _("Look at the sheet and say what it tells: `{command}`.").format(command=_deciding(route, note.item))
    return Complaint(note.reason, text, hint, value=", ".join(note.candidates), refused=False)


def _deciding(route: str, item: str) -> str:
    """The command by which a person decides a field."""
    place = stop_item(item)
    if place is None:
        flag = {ODOMETER_START: "--start", ODOMETER_END: "--end"}.get(item, "--back")
        return f"poshta routes note {route} {flag} N"
    added, stop = _STOP.findall(place[0])[0]
    manifest = f"{route}-S{added}" if added else route
    return f"poshta routes note {manifest} {stop} " + ("OUTCOME" if place[1] == OUTCOME else "--back N")


def doubt_words(reason: str) -> str:
    """Why a field waits for a person, in the language of the desk."""
    words = CHECK_WORDS.get(reason) or READER_WORDS.get(reason)
    return _(words) if words else reason


def value_words(value: str) -> str:
    """An outcome in words; a number as it is."""
    return _(OUTCOME_WORDS[Outcome(value)]) if value in set(Outcome) else value


def event_words(event: Event | None) -> str:
    """The event that says where something is."""
    if event is None:
        return ""
    words = _(HAPPENING_WORDS[event.kind])
    return f"{words}: {value_words(event.reason)}" if event.reason else words


def _require(session: Session, wanted: Wanted) -> None:
    """Raise NotFound for a packet, route or village that is not there."""
    if wanted.packet and session.get(Packet, wanted.packet) is None:
        raise NotFound(_("There is no packet {code}.").format(code=wanted.packet), _("`poshta packets list --week W` shows the codes."))
    if wanted.route:
        road_route(session, wanted.route)
    require_place(wanted.village)


def _doubts(session: Session, wanted: Wanted, carried: Sequence[TrackedBag]) -> list[tuple[str, Note]]:
    """Doubts of the routes that are shown; of a village, packet or supplement those of its stops alone."""
    if wanted.village or wanted.packet or wanted.route != route_of(wanted.route):
        return [(route_of(bag.route), note) for bag in carried for note in bag.doubts]
    codes = [wanted.route] if wanted.route else [route.code for route in road_routes(session, week=wanted.week)]
    return route_doubts(session, codes)


def _doubt_json(route: str, note: Note) -> dict[str, Any]:
    return {"route": route, "item": note.item, "reason": note.reason, "candidates": list(note.candidates), "page": note.page}


def _note_json(route: str, note: Note) -> dict[str, Any]:
    """A field of a manifest as it stands, in the words of `grades answers`."""
    told = {"route": route, "page": note.page, "item": note.item, "reading": [note.value] if note.value else []}
    return told | {"candidates": list(note.candidates), "state": note.state, "reason": note.reason, "decided_by": note.decided_by}


def _lines(found: Sequence[Tracked], doubts: Sequence[object]) -> list[str]:
    counts = Counter(each.where.state for each in found)
    told = "; ".join(f"{_(TRACK_WORDS[state])}: {counts[state]}" for state in TrackState if counts[state])
    lines = [ngettext("{count} packet.", "{count} packets.", len(found)).format(count=len(found)) + (f" {told}." if told else "")]
    if len(found) > MOST_ROWS:
        lines.append(_("The table shows the first {count}; --json tells all.").format(count=MOST_ROWS))
    if doubts:
        line = ngettext("{count} field of a manifest waits for a person.", "{count} fields of manifests wait for a person.", len(doubts))
        lines.append(line.format(count=len(doubts)))
    return lines


def _sheets(found: Sequence[Tracked], carried: Sequence[TrackedBag], names: Mapping[str, str], history: bool) -> list[Sheet]:
    if history:
        rows = [
            (f"{event.at:%Y-%m-%d %H:%M}", event_words(event), event.route or "", event.stop or "")
            for each in found
            for event in each.events
        ]
        return [_packets_sheet(found), Sheet(_("What happened"), (_("When"), _("What"), _("Route"), _("Stop")), rows)]
    return [*_bags_sheets(carried, names), _packets_sheet(found)]


def _packets_sheet(found: Sequence[Tracked]) -> Sheet:
    headings = (_("Packet"), _("Village"), _("State"), _("Since"), _("Due"), _("Pages read"), _("Last told"))
    rows = [
        (
            *(each.packet, each.kato, _(TRACK_WORDS[each.where.state]), f"{each.where.since:%Y-%m-%d}", each.where.due.isoformat()),
            *(f"{each.paper.read}/{each.paper.pages}", event_words(each.where.event)),
        )
        for each in found[:MOST_ROWS]
    ]
    return Sheet(_("Packets"), headings, rows)


def _bags_sheets(carried: Sequence[TrackedBag], names: Mapping[str, str]) -> list[Sheet]:
    """A table for each route, as far as a screen holds them."""
    headings = (_("Stop"), _("Village"), _("KATO"), _("Packets"), _("State"), _("Since"), _("Counted back"))
    routes: dict[str, list[TrackedBag]] = {}
    for bag in carried[:MOST_ROWS]:
        routes.setdefault(bag.route, []).append(bag)
    return [
        Sheet(_("Route {route}").format(route=route), headings, [_bag_row(bag, names) for bag in mine]) for route, mine in routes.items()
    ]


def _bag_row(bag: TrackedBag, names: Mapping[str, str]) -> tuple[object, ...]:
    state = _(TRACK_WORDS[bag.state])
    if bag.event is not None and bag.event.reason:
        state = f"{state}: {value_words(bag.event.reason)}"
    back = _("{count} of {expected}").format(count="—" if bag.back is None else bag.back, expected=bag.stop.packets_back)
    since = f"{bag.since:%Y-%m-%d %H:%M}" if bag.since else ""
    return (bag.stop.order, names.get(bag.stop.kato, ""), bag.stop.kato, bag.stop.packets_out, state, since, back)

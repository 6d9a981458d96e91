"""`poshta packets build | list | show | layout | void`: the week's paper; `labels` stands in packets/label_commands, `s10` in packets/s10_command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer

from packets.archive import Standing, geometry, packet_named, pages_of, standing_packets
from packets.bundle import Built, build
from packets.label_commands import labels
from packets.ledger_command import ledger_
from packets.orders import WAITING, Reason, Without
from packets.planning import Scope, plan
from packets.print_command import print_, stale_batches
from packets.rebuilt_files import finish
from packets.reprint_commands import reprint
from packets.s10_command import s10
from packets.variants_dealt import variants_of
from packets.verdicts import Outcome
from packets.void_command import removed_lines, void
from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import Complaint, NotFound
from records.journal import entries
from records.language import N_, _, ngettext
from records.lifecycle import STATE_WORDS
from records.school_year import school_holidays
from records.terminal import Answer, Sheet, progress
from settlements.scope import narrowest, require_place, unknown_places

Week = Annotated[str, typer.Option("--week", help="The study week, as 2026-W41.")]
District = Annotated[str, typer.Option("--district", help="Only below this KATO code.")]
Village = Annotated[str, typer.Option("--village", help="Only this village's KATO code.")]
Pupil = Annotated[str, typer.Option("--pupil", help="Only this pupil's code; renews a packet that was withdrawn.")]
PacketCode = Annotated[str, typer.Argument(metavar="CODE", help="A packet's code, as 2026-W41-K7M2P.")]

OUTCOME_WORDS = {
    Outcome.BUILT: N_("newly built"),
    Outcome.REBUILT: N_("built anew, since something in it changed"),
    Outcome.REDRAWN: N_("drawn again, since the file was gone or damaged"),
    Outcome.UNCHANGED: N_("unchanged"),
}
REASON_WORDS = {
    Reason.NO_VILLAGE: N_("The pupil's village is not known."),
    Reason.NO_ASSIGNMENT: N_("There is no assignment for grade {grade} in {language}."),
    Reason.OTHER_CHANNEL: N_("Lessons do not reach the pupil by post."),
    Reason.MISSING_LETTER: N_("The font lacks a letter of the pupil's first name."),
    Reason.WITHDRAWN: N_("The packet was withdrawn."),
    Reason.CHANGED_AFTER_HANDOVER: N_("Something in the packet changed after it was handed over. It stays as it is."),
    Reason.PRINTED_OTHERWISE: N_(
        "The packet's file is gone or damaged, and this version of the program would print it otherwise. Nothing is drawn."
    ),
    Reason.LEFT_OVER: N_("A packet was built earlier, but nothing is to be sent to the pupil now."),
}
REASON_HINTS = {
    Reason.NO_VILLAGE: N_("Import the village, or correct the pupil's KATO code: `poshta settlements check` shows both."),
    Reason.NO_ASSIGNMENT: N_("Add one with `poshta assignments add FILE`, then build again."),
    Reason.MISSING_LETTER: N_("Write the name with letters of the Kazakh, Russian or English alphabet."),
    Reason.WITHDRAWN: N_("Name the pupil with --pupil to print a new one."),
    Reason.LEFT_OVER: N_("Withdraw it with `poshta packets void CODE`, so that it is not delivered."),
    Reason.PRINTED_OTHERWISE: N_(
        "Take the file from a backup; or withdraw the packet with `poshta packets void CODE`, then build again and name the pupil with --pupil."
    ),
    Reason.CHANGED_AFTER_HANDOVER: N_("Send what has changed as an assignment of its own in a later week."),
}


def register(app: typer.Typer) -> None:
    """Hang this room on the front door."""
    group = typer.Typer(no_args_is_help=True, help="The paper of a study week.")
    group.command("build")(build_)
    group.command("list")(list_)
    group.command("show")(show)
    group.command("layout")(layout)
    group.command("labels")(labels)
    group.command("void")(void)
    group.command("ledger")(ledger_)
    group.command("reprint")(reprint)
    group.command("s10")(s10)
    group.command("print")(print_)
    app.add_typer(group, name="packets")


def build_(context: typer.Context, week: Week, district: District = "", village: Village = "", pupil: Pupil = "") -> Answer:
    """Draw the packets of a study week. Safe to run twice: the same input gives the same bytes, and nothing is done."""
    desk, study_week = desk_of(context), str(StudyWeek.parse(week))
    narrowest(district, village)
    with desk.opened() as home:
        rescored = sorted(code for code, changed in desk.score_again(home).items() if changed)
        scope = Scope(district, village, pupil)
        finish(home, study_week, scope)
        planned = plan(home, study_week, scope)
        with progress(_("Packets"), len(planned.outcomes), desk.quiet) as tick:
            built = build(home, planned, tick)
        holidays = school_holidays(StudyWeek.parse(week), home.settings.calendar)
        stale = stale_batches(home, study_week)
    complaints = [*holidays, *_complaints(built.without), *stale]
    waiting = any(each.reason in WAITING for each in built.without)
    data = _built_json(study_week, built) | {"rescored": rescored}
    return Answer(data, _rescored_lines(rescored) + _built_lines(built), complaints=complaints, waiting=waiting)


def list_(context: typer.Context, week: Week, district: District = "", village: Village = "") -> Answer:
    """The packets of a study week, by village."""
    study_week = str(StudyWeek.parse(week))
    place = narrowest(district, village)
    with desk_of(context).opened() as home, home.database.read() as session:
        found = list(standing_packets(session, study_week, place).values())
        unknown = unknown_places(session, place)
    headings = (_("Packet"), _("Village"), _("State"), _("Issue"), _("Sheets"), _("Grams"), _("Return by"), _("File"))
    rows = [_row(each) for each in found]
    data = {"week": study_week, "packets": [each.as_json() for each in found]}
    return Answer(data, sheets=[Sheet(_("Packets of {week}").format(week=study_week), headings, rows)], complaints=unknown)


def show(context: typer.Context, code: PacketCode) -> Answer:
    """One packet: its state, its pages and everything that happened to it."""
    with desk_of(context).opened() as home, home.database.read() as session:
        found = packet_named(session, code)
        variants = variants_of(session, found.pupil)
        pages = [{**page, "variant": variants.get(page["assignment"] or "")} for page in pages_of(session, code)]
        acts = entries(session, subject=code)
    data: dict[str, Any] = {
        **found.as_json(),
        "pages": pages,
        "acts": [{"at": act.at.isoformat(), "action": act.action, "details": act.details} for act in acts],
    }
    act_rows = [(act.at.isoformat(sep=" "), act.action) for act in acts]
    sheets = [
        _pages_sheet(pages),
        Sheet(_("Journal"), (_("When"), _("Act")), act_rows),
    ]
    state = _(STATE_WORDS[found.state])
    return Answer(data, [_("Packet {code}: {state}, return by {date}.").format(code=code, state=state, date=found.return_by)], sheets)


def _pages_sheet(pages: Sequence[dict[str, Any]]) -> Sheet:
    """The pages of a packet; the variant of each where there are any."""
    columns = [(_("Page"), "number"), (_("Short code"), "short_code"), (_("Kind"), "kind"), (_("Assignment"), "assignment")]
    if any(page["variant"] for page in pages):
        columns.append((_("Variant"), "variant"))
    columns.append((_("Void because"), "void_reason"))
    rows = [tuple(page[key] or "" for _heading, key in columns) for page in pages]
    return Sheet(_("Pages"), [heading for heading, _key in columns], rows)


def layout(
    context: typer.Context,
    week: Week,
    packet: Annotated[str, typer.Option("--packet", help="Only this packet's code.")] = "",
    district: District = "",
) -> Answer:
    """Where every box of every valid page lies, in millimetres."""
    study_week = str(StudyWeek.parse(week))
    require_place(district)
    with desk_of(context).opened() as home, home.database.read() as session:
        if packet and packet_named(session, packet).week != study_week:
            raise NotFound(
                _("The packet {code} is of another week.").format(code=packet), _("Its week stands at the beginning of its code.")
            )
        pages = list(geometry(session, study_week, packet, district))
        unknown = unknown_places(session, district)
    headings = (_("Page"), _("Short code"), _("Kind"), _("Packet"), _("Boxes"))
    rows = [(page["number"], page["short_code"], page["kind"], page["packet"] or "", len(page["boxes"])) for page in pages]
    return Answer({"pages": pages}, sheets=[Sheet(_("Pages of {week}").format(week=study_week), headings, rows)], complaints=unknown)


def _built_json(week: str, built: Built) -> dict[str, Any]:
    counts = Counter(built.outcomes.values())
    return {
        "week": week,
        **{outcome.value: counts[outcome] for outcome in Outcome},
        "pages": built.pages,
        "packets": sorted(built.outcomes),
        "without": [{"reason": reason.value, "pupils": pupils} for reason, pupils in _by_reason(built.without).items()],
        "files": built.files,
        "removed": built.removed,
        "former_points": built.former_points,
    }


def _rescored_lines(codes: Sequence[str]) -> list[str]:
    """That points on covers are those of the corrected key: its own command was stopped before it had scored the answers again."""
    return [_("Answers were first scored again by a corrected key: {codes}.").format(codes=", ".join(codes))] if codes else []


def _built_lines(built: Built) -> list[str]:
    counts = Counter(built.outcomes.values())
    lines = [
        ngettext("{count} packet: {outcome}.", "{count} packets: {outcome}.", counts[outcome]).format(
            count=counts[outcome], outcome=_(OUTCOME_WORDS[outcome])
        )
        for outcome in Outcome
        if counts[outcome]
    ]
    if built.pages:
        lines.append(ngettext("{count} page drawn.", "{count} pages drawn.", built.pages).format(count=built.pages))
    lines += removed_lines(built.removed)
    if built.former_points:
        count = len(built.former_points)
        told = ngettext(
            "{count} packet that has gone out shows points as they were before a correction; its answers earn the corrected ones.",
            "{count} packets that have gone out show points as they were before a correction; their answers earn the corrected ones.",
            count,
        )
        lines.append(told.format(count=count))
    return lines


def _by_reason(without: Iterable[Without]) -> dict[Reason, list[str]]:
    grouped: dict[Reason, list[str]] = {}
    for each in without:
        grouped.setdefault(each.reason, []).append(each.pupil)
    return grouped


def _complaints(without: Sequence[Without]) -> Iterable[Complaint]:
    """One complaint for each reason; assignments are missed by grade and language."""
    groups: dict[tuple[Reason, int, str], list[str]] = {}
    for each in without:
        detail = (each.grade, each.language) if each.reason is Reason.NO_ASSIGNMENT else (0, "")
        groups.setdefault((each.reason, *detail), []).append(each.pupil)
    for (reason, grade, language), pupils in groups.items():
        sentence = _(REASON_WORDS[reason]).format(grade=grade, language=language)
        nothing = ngettext("{count} pupil: {pupils}.", "{count} pupils: {pupils}.", len(pupils)).format(
            count=len(pupils), pupils=", ".join(pupils)
        )
        hint = _(REASON_HINTS[reason]) if reason in REASON_HINTS else ""
        yield Complaint(reason.value, f"{sentence} {nothing}", hint, refused=False)


def _row(packet: Standing) -> tuple[object, ...]:
    state = _(STATE_WORDS[packet.state])
    return (packet.code, packet.kato, state, packet.issue, packet.sheets, packet.grams, packet.return_by.isoformat(), packet.pdf)

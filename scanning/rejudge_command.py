"""`poshta scan rejudge`: what other thresholds would make of the pages that were read, and with --apply, making it so. Results are returned, not printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import select

from packets.shelf import on_shelf
from records import schema
from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import NotFound, UsageRefused
from records.grades import DOUBT, PERSON, TEACHER_MARK, Decision
from records.home import Home
from records.language import _
from records.terminal import Answer, progress
from scanning.grade_book_told import newest_record, told_of_closed
from scanning.rejudge_points import Moved, Sibling, points_moved
from scanning.rejudge_words import Sums, complaints, lines, number, sheets

if TYPE_CHECKING:
    from scanning.rejudge import Change, PageOutcome

NOBODYS_WORK = frozenset({"withdrawn"})  # waits for nobody


def rejudge(
    context: typer.Context,
    week: Annotated[str, typer.Option(help="Only this study week, as in 2026-W41.")] = "",
    packet: Annotated[str, typer.Option(help="Only this packet.")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="Write it. Without this, only say what would change.")] = False,
    trial: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A threshold for a trial; may be repeated.")
    ] = None,
    why: Annotated[str, typer.Option(help="With --apply: the reason, kept with the records. No names.")] = "",
) -> Answer:
    """Judge again what was measured, by the thresholds of poshta.toml: what would change, without the paper; what persons decided stays."""
    from scanning.rejudge import apply as write
    from scanning.rejudge import survey
    from scanning.rescore import rescore
    from scanning.rules import desk_thresholds, differences, digest_of, on_trial

    refuse_senseless(apply, trial or [], why)
    name = str(StudyWeek.parse(week)) if week else ""
    desk = desk_of(context)
    with desk.opened() as home:
        since = newest_record(home)
        thresholds = on_trial(desk_thresholds(home.loaded), trial or [])
        _require_packet(home, packet)
        if apply:
            rescore(home.database)
        sums, scope = Sums(), f"{name} {packet}".strip()
        with progress(_("Judging again"), None, desk.quiet or desk.as_json) as tick:
            for outcome in survey(home.database, thresholds, digest_of(thresholds), name, packet, tick):
                sums.add(write(home.database, outcome, thresholds, why, scope) if apply and not outcome.same else outcome)
        moved, final, varied = points_moved(home, sums.touched), told_of_closed(home, since), _varied(home, sums.changes)
    differ = differences(thresholds)
    data: dict[str, object] = {"week": name or None, "packet": packet or None, "applied": apply, "rules": digest_of(thresholds)}
    data |= {"thresholds": [each.as_json() for each in differ], **_told(sums, moved), **final.as_json()}
    waiting = any(_arises(change) for change in sums.changes) or any(each.left not in NOBODYS_WORK for each in sums.left)
    again = " ".join(["poshta scan rejudge", *([f"--week {name}"] if name else []), *([f"--packet {packet}"] if packet else []), "--apply"])
    told = [*lines(sums, apply, bool(trial), again), *varied, *final.lines]
    return Answer(data, told, sheets(sums, moved, differ, apply), complaints(sums.left), waiting)


def refuse_senseless(apply: bool, trial: Sequence[str], why: str = "") -> None:
    """Raise UsageRefused where flags of a judging again contradict each other."""
    if apply and trial:
        wanted = "; ".join(word.replace("=", " = ", 1) for word in trial)
        raise UsageRefused(
            _("--set is for a trial and writes nothing: batches scanned later would be judged by other thresholds than these answers."),
            _("Write it below [scan.thresholds] in poshta.toml, then run the same command without --set: {lines}").format(lines=wanted),
        )
    if why and not apply:
        raise UsageRefused(_("--why means nothing without --apply."), _("Without --apply nothing is written."))


def _require_packet(home: Home, packet: str) -> None:
    if not packet:
        return
    with home.database.read() as session:
        known = session.scalar(select(schema.Packet.code).where(schema.Packet.code == packet))
    if known is None:
        raise NotFound(_("There is no packet {code}.").format(code=packet), _("`poshta packets list --week W` tells all."))


def _arises(change: Change) -> bool:
    """Whether a person is asked who was not asked before."""
    return change.after.state == DOUBT and change.before.state != DOUBT


def _varied(home: Home, changes: Sequence[Change]) -> list[str]:
    """Whose letters the changes are told in, where their sheets may print others."""
    with home.database.read() as session:
        works = on_shelf(session, codes=sorted({change.before.assignment or "" for change in changes}))
    several = any(each.assignment.variants > 1 for each in works)
    return [_("Letters are the assignment's own; sheets of a variant may print others.")] if several else []


def _told(sums: Sums, moved: Moved) -> dict[str, object]:
    """The sums as the contract has them."""
    from scanning.rejudge import KINDS

    counts = Counter(change.kind for change in sums.changes)
    pages = [
        {"page": outcome.page, "packet": outcome.packet or None, "before": each.before[0], "after": each.after[0]}
        for outcome in sums.touched
        for each in outcome.standings
        if each.before[0] != each.after[0]
    ]
    return {
        "pages": sums.pages,
        "items": sums.items,
        "kept": {who: sums.by_hand[who] for who in (PERSON, TEACHER_MARK)},
        "changes": [_change_json(outcome, change) for outcome in sums.touched for change in outcome.changes],
        "counts": {kind: counts[kind] for kind in (*KINDS, *sorted(set(counts) - set(KINDS)))},
        "page_states": pages,
        "points": [
            {"pupil": pupil, "packet": packet, "assignment": assignment, "before": number(before), "after": number(after), "max_points": number(of)}
            for (pupil, packet, assignment), (before, after, of) in moved.sums.items()
        ],
        "together": [_sibling_json(each) for each in moved.siblings],
        "left": [
            {"page": each.page, "short_code": each.short_code, "packet": each.packet or None, "file": each.original, "frame": each.frame, "reason": each.left}
            for each in sums.left
        ],
    }  # fmt: skip


def _sibling_json(each: Sibling) -> dict[str, object]:
    held = each.held
    return {
        "page": held.page,
        "short_code": each.short_code,
        "packet": held.packet,
        "pupil": held.pupil,
        "assignment": held.assignment,
        "item": held.item,
        "because": list(each.because),
        "before": None if each.before is None else number(each.before),
        "after": None if each.after is None else number(each.after),
        "max_points": number(held.max_points),
    }


def _change_json(outcome: PageOutcome, change: Change) -> dict[str, object]:
    before = change.before
    return {
        "page": outcome.page,
        "short_code": outcome.short_code,
        "packet": before.packet,
        "pupil": before.pupil,
        "assignment": before.assignment,
        "week": before.week,
        "item": before.item,
        "change": change.kind,
        "before": _side(before),
        "after": _side(change.after),
        "max_points": number(change.after.max_points),
    }


def _side(said: Decision) -> dict[str, object]:
    points = None if said.points is None else number(said.points)
    return {
        "state": said.state,
        "reason": said.reason,
        "reading": list(said.reading),
        "candidates": list(said.candidates),
        "points": points,
    }

"""`poshta grades list | answers | amend`: what pupils answered and earned, and a person's word on it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from packets.assignment import GridQuestion
from packets.shelf import on_shelf
from records.calendar import StudyWeek
from records.desk import desk_of
from records.grades import Recorded, recorded
from records.language import _
from records.marks import scales_of
from records.terminal import Answer, Sheet
from scanning.amend import amend
from scanning.by_area import earned_by_area, earned_sheet
from scanning.comment_command import register_comment
from scanning.earned_together import as_earned, grid_json, grid_said, on_page
from scanning.grade_book_appeals import CHANGED, UPHELD, close_appeal
from scanning.grade_book_closing import closed_row
from scanning.grade_book_commands import register_book
from scanning.grade_book_export_commands import register_exports
from scanning.grade_book_json import row_json
from scanning.grade_book_marks import Rules
from scanning.grade_book_trail import changed_words, register_trail
from scanning.gradebook import Total, totals
from scanning.printed_letters import as_printed
from scanning.rescore import rescore
from scanning.words import ANSWER_WORDS, reason_words

Week = Annotated[str, typer.Option(help="The study week printed on the pages, as in 2026-W41.")]
Packet = Annotated[str, typer.Option(help="Only this packet.")]


def register(app: typer.Typer) -> None:
    """Hang these commands on the front door."""
    group = typer.Typer(no_args_is_help=True, help="What pupils answered and earned.")
    group.command("list")(list_)
    group.command("answers")(answers)
    group.command("amend", cls=NumbersAreWords)(amend_)
    register_comment(group)
    register_book(group)
    register_trail(group)
    register_exports(group)
    app.add_typer(group, name="grades")


class NumbersAreWords(TyperCommand):
    """A command to which -1 is a value, not an option that does not exist."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As ever, but let a number with a minus through."""
        ctx.ignore_unknown_options = any(re.fullmatch(r"-\d[\d.,]*", word) for word in args)
        return super().parse_args(ctx, args)


def list_(
    context: typer.Context,
    week: Week,
    packet: Packet = "",
    by: Annotated[str, typer.Option(help="Summed by region, district or sub_district.")] = "",
) -> Answer:
    """What each pupil earned in each assignment: points, percent, mark."""
    name = str(StudyWeek.parse(week))
    with desk_of(context).opened() as home:
        rescore(home.database)
        with home.database.read() as session:
            found = totals(session, name, packet, scales_of(home.settings.marks))
            summed = earned_by_area(session, found, by) if by else []
    data: dict[str, object] = {"week": name, "grades": [total_json(total) for total in found]}
    if by:
        data |= {"by": by, "areas": [each.as_json() for each in summed]}
        return Answer(data, sheets=[earned_sheet(name, summed)])
    headings = (_("Pupil"), _("Assignment"), _("Points"), _("Of"), "%", _("Mark"), _("Waiting"), _("In doubt"), _("Not returned"))
    sheet = Sheet(_("Grades of {week}").format(week=name), headings, [_total_row(total) for total in found])
    return Answer(data, sheets=[sheet])


def answers(context: typer.Context, week: Week, packet: Packet = "") -> Answer:
    """Every answer of every page read."""
    name = str(StudyWeek.parse(week))
    with desk_of(context).opened() as home:
        rescore(home.database)
        with home.database.read() as session:
            shelf = on_shelf(session, name)
            found = as_earned({each.assignment.code: each.assignment for each in shelf}, recorded(session, week=name, packet=packet))
    varied = any(each.assignment.variants > 1 for each in shelf)
    headings = (_("Pupil"), _("Assignment"), _("Question"), _("Answer"), _("State"), _("Points"), _("Of"))
    sheet = Sheet(_("Answers of {week}").format(week=name), headings, [_answer_row(each) for each in found])
    lines = [_("Letters are the assignment's own; sheets of a variant may print others.")] if varied else []
    if any(isinstance(each, GridQuestion) and each.whole for kept in shelf for each in kept.assignment.parts):
        lines.append(_("Rows of a grid that counts only as a whole earn its points together, or nothing."))
    return Answer({"week": name, "answers": [answer_json(each) for each in found]}, lines, sheets=[sheet])


def amend_(
    context: typer.Context,
    page: Annotated[str, typer.Argument(metavar="PAGE", help="The page's id, or the short code beside its QR code.")],
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The question's number.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help='A, or A,C, or 84, or points of an open question, or "" for blank.')],
    why: Annotated[str, typer.Option(help="The reason, kept with the record. No names.")] = "",
    appeal: Annotated[bool, typer.Option("--appeal", help="Close the open appeal against this answer; needs --why.")] = False,
    printed: Annotated[
        bool, typer.Option("--printed", help="VALUE is the letter that stands on this sheet; else the assignment's own.")
    ] = False,
) -> Answer:
    """Decide one answer by hand. What stood there is kept."""
    with desk_of(context).opened() as home:
        rescore(home.database)
        with home.database.write() as session:
            result = amend(session, page, item, value, why, printed)
            closed = close_appeal(session, page, item, CHANGED if result.changed else UPHELD, why) if appeal else None
        with home.database.read() as session:
            final = closed_row(session, result.page, Rules.of(home.settings))
            on_paper = as_printed(session, result.page, result.after.item, result.after.reading)
            stands = on_page(session, result.page)
    after, grid = result.after, stands.grid(result.after.item)
    points = stands.points(after)
    data = {
        "page": result.page,
        "short_code": result.short_code,
        "item": after.item,
        "changed": result.changed,
        "before": answer_json(replace(result.before, points=stands.points(result.before))) if result.before else None,
        "reading": list(after.reading),
        "printed": list(on_paper),
        "state": after.state,
        "points": number(points),
        "max_points": number(after.max_points),
        "decided_by": after.decided_by,
        "grid": grid_json(grid) if grid else None,
        "appeal": closed.as_json() if closed else None,
        "closed_mark": row_json(final) if final else None,
    }
    line = _("Question {item}: «{reading}», {points} of {max_points} points.").format(
        item=after.item, reading=",".join(after.reading), points=number(points), max_points=number(after.max_points)
    )
    if grid:
        line = _("Question {item}: «{reading}».").format(item=after.item, reading=",".join(after.reading))
    told = [line if result.changed else _("That is what is recorded already; nothing was changed.")]
    told += [grid_said(grid)] if grid else []
    if on_paper != after.reading:
        told.append(
            _("On this sheet, which is one of several variants, that stands behind «{letters}».").format(letters=",".join(on_paper))
        )
    if closed:
        told.append(_("The appeal is closed."))
    if final and final.changed:
        told += [changed_words(final), _("What was closed stands. `poshta grades close --again --why TEXT` takes in what changed.")]
    return Answer(data, told)


def number(points: Decimal | None) -> int | float | None:
    """Points as a number of JSON: whole where they are whole."""
    if points is None:
        return None
    return int(points) if points == int(points) else float(points)


def answer_json(each: Recorded) -> dict[str, object]:
    """The row of the contract (DESIGN section 6)."""
    return {
        "pupil": each.pupil,
        "packet": each.packet,
        "page": each.page,
        "assignment": each.assignment,
        "item": each.item,
        "reading": list(each.reading),
        "candidates": list(each.candidates),
        "state": each.state,
        "reason": each.reason,
        "points": number(each.points),
        "max_points": number(each.max_points),
        "decided_by": each.decided_by,
    }


def total_json(total: Total) -> dict[str, object]:
    """A row of `grades list --json`."""
    return {
        "pupil": total.pupil,
        "packet": total.packet,
        "assignment": total.assignment,
        "points": number(total.points),
        "max_points": number(total.max_points),
        "percent": total.percent,
        "mark": total.mark,
        "waiting": total.waiting,
        "doubts": total.doubts,
        "missing": total.missing,
    }


def _total_row(total: Total) -> tuple[object, ...]:
    mark = "" if total.mark is None else str(total.mark)
    shown = (str(number(total.points)), str(number(total.max_points)))
    return (total.pupil, total.assignment, *shown, total.percent, mark, total.waiting, total.doubts, total.missing)


def _answer_row(each: Recorded) -> tuple[object, ...]:
    state = _(ANSWER_WORDS[each.state])
    if each.reason:
        state = f"{state}: {reason_words(each.reason)}"
    points = "" if each.points is None else str(number(each.points))
    return (each.pupil or "", each.assignment or "", each.item, ",".join(each.reading), state, points, str(number(each.max_points)))

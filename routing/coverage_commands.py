"""The command `routes coverage`: where a week's distances come from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from records.desk import desk_of
from records.errors import Complaint
from records.language import N_, _, current_language, ngettext
from records.terminal import Answer, Sheet
from routing.asked import asked
from routing.coverage import NONE, Covered, coverage, totals
from routing.roads import ESTIMATE, MATRIX, OSRM
from routing.scopes import Scope
from settlements.areas import areas

WORDS = {MATRIX: N_("measured roads"), OSRM: N_("road server"), ESTIMATE: N_("estimate"), NONE: N_("no road")}


def register(routes: typer.Typer) -> None:
    """Hang the command under `routes`."""
    routes.command("coverage")(routes_coverage)


def routes_coverage(
    context: typer.Context,
    week: Annotated[str, typer.Option("--week", help="The study week, as in 2026-W41.")],
    scope: Annotated[Scope, typer.Option(help="Among the places that this scope plans together.")] = Scope.DISTRICT,
    matrix: Annotated[Path | None, typer.Option("--matrix", help="Roads as from,to,metres,seconds[,season].")] = None,
) -> Answer:
    """How many legs of a week come from which source, district by district, and which villages no road is known to."""
    desk = desk_of(context)
    with desk.opened() as home:
        request, complaints = asked(home, desk.quiet, week, scope, matrix)
        with home.database.read() as session:
            named = areas(session, "district")
            names = {call.kato: named.name(named.of(call.kato), current_language()) for call in request.calls}
    found = coverage(request)
    without = [_nobody(kato) for each in found for kato in each.without]
    data = {
        "week": request.week,
        "scope": scope.value,
        "legs": totals(found),
        "districts": [_row(each) for each in found],
        "estimated": [kato for each in found for kato in each.estimated],
        "without": [kato for each in found for kato in each.without],
    }
    names_of = {each.district: next(name for kato, name in names.items() if kato[:4] == each.district[:4]) for each in found}
    return Answer(data, _lines(found), [_sheet(found, names_of)], [*complaints, *without], waiting=bool(without))


def _row(each: Covered) -> dict[str, object]:
    return {
        "district": each.district,
        "villages": each.villages,
        **each.legs,
        "estimated": len(each.estimated),
        "without": len(each.without),
    }


def _nobody(kato: str) -> Complaint:
    text = _("{kato}: no road is known between this village and an office, in one direction at least.").format(kato=kato)
    return Complaint("no_road", text, _("Add its coordinates, or its legs to the matrix."), value=kato, refused=False)


def _lines(found: list[Covered]) -> list[str]:
    legs, villages = totals(found), sum(each.villages for each in found)
    told = ", ".join(f"{_(WORDS[word])} {legs[word]}" for word in WORDS if legs[word])
    estimated = sum(len(each.estimated) for each in found)
    return [
        ngettext("{count} village. Legs: {told}.", "{count} villages. Legs: {told}.", villages).format(count=villages, told=told or "0"),
        _("Villages whose way to an office is only estimated: {count}.").format(count=estimated),
    ]


def _sheet(found: list[Covered], names: dict[str, str]) -> Sheet:
    headings = (_("District"), _("Villages"), *(_(WORDS[word]) for word in WORDS), _("only estimated"), _("without a road"))
    rows = [
        (names[each.district], each.villages, *(each.legs[word] for word in WORDS), len(each.estimated), len(each.without))
        for each in found
    ]
    return Sheet(_("Legs by source"), headings, rows)

"""`poshta routes figures`: turnaround, return rate, loss and cost of the routes that were driven, for reports. Small counts are hidden."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from packets.whereabouts import patience_of
from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import UsageRefused
from records.exchange import Scalar, Table, write_tables
from records.home import Home
from records.language import _, ngettext
from records.terminal import Answer, Sheet
from routing.figures import RouteFigures, by_office, route_figures, summed, to_hide
from routing.tariffs import OWN, SERVICES, Tariff, read_tariffs

NUMBERS = (
    *("packets", "delivered", "not_delivered", "untold", "returned", "scanned", "lost", "return_rate", "loss", "turnaround_days"),
    *("routes", "stops", "planned_km", "driven_km", "cost", "unpriced"),
)


def register(routes: typer.Typer) -> None:
    """Hang the command on the group of routes."""
    routes.command("figures")(figures)


def figures(
    context: typer.Context,
    week: Annotated[str, typer.Option("--week", help="Routes of this study week, as in 2026-W41.")] = "",
    first: Annotated[str, typer.Option("--from", help="Routes since this day, as in 2026-09-28.")] = "",
    last: Annotated[str, typer.Option("--to", help="Routes until this day.")] = "",
    tariffs: Annotated[
        Path | None, typer.Option("--tariffs", help="Prices as service,grams_up_to,tenge,since,source in CSV or XLSX.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write to FILE.xlsx (routes and offices), .csv or .parquet (routes).")] = None,
) -> Answer:
    """What the routes achieved and cost: by route, by office and together. Counts under five are hidden."""
    if not (week or first or last):
        raise UsageRefused(_("Say of which time."), _("Give --week, or --from and --to."))
    chosen, since, until = str(StudyWeek.parse(week)) if week else "", _day(first), _day(last)
    with desk_of(context).opened() as home:
        prices = _prices(home, tariffs)
        with home.database.read() as session:
            rows = route_figures(session, patience_of(home.settings), prices, chosen, since, until)
        told = _told(rows)
        if out is not None:
            _write(out, told)
        files = [] if out is None else [home.named(out)]
    reckoned = [each for each in prices if each.service in SERVICES and each.since is not None]
    data: dict[str, Any] = {
        "week": chosen or None,
        "from": since.isoformat() if since else None,
        "to": until.isoformat() if until else None,
        **told,
        "tariffs": [each.as_json() for each in reckoned],
        "files": files,
    }
    return Answer(data, _lines(len(rows), told["total"]["unpriced"], reckoned), _sheets(told))


def _told(rows: Sequence[RouteFigures]) -> dict[str, Any]:
    """Routes, offices and the total, with what must stay hidden so that no difference gives it away."""
    offices = by_office(rows)
    secret = to_hide(offices)
    within: dict[str, set[str]] = {}
    for office in offices:
        mine = to_hide({row.route: row.figures for row in rows if row.office == office})
        within |= {route: groups | secret[office] for route, groups in mine.items()}
    return {
        "routes": [row.head() | row.figures.as_json(within[row.route]) for row in rows],
        "offices": [{"office": office} | mine.as_json(secret[office]) for office, mine in offices.items()],
        "total": summed(rows).as_json(),
    }


def _prices(home: Home, path: Path | None) -> list[Tariff]:
    """The prices of the file that was named, else of the setting's, else what the program knows."""
    named = path or (home.path / home.settings.routes.tariffs if home.settings.routes.tariffs else OWN)
    return read_tariffs(named)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageRefused(_("«{text}» is not a day.").format(text=text), _("Write it as 2026-10-05.")) from None


def _lines(routes: int, unpriced: int | None, reckoned: Sequence[Tariff]) -> list[str]:
    lines = [ngettext("{count} route was driven.", "{count} routes were driven.", routes).format(count=routes)]
    if routes and not reckoned:
        lines.append(_("No price is known that was in force: name a table of tariffs with --tariffs or the setting routes.tariffs."))
    if unpriced:
        lines.append(_("Packets that are heavier than every price reaches: {count}. They are not in the cost.").format(count=unpriced))
    return [*lines, _("Counts of one to four packets, and shares that would give them away, are hidden.")]


def _headings() -> list[str]:
    return [
        *(_("Packets"), _("Delivered"), _("Not delivered"), _("Not told"), _("Returned"), _("Scanned"), _("Lost")),
        *(_("Return rate"), _("Loss"), _("Days until read"), _("Routes"), _("Stops"), _("Planned km"), _("Driven km")),
        *(_("Cost, tenge"), _("Without a price")),
    ]


def _cells(row: dict[str, Any]) -> list[Scalar]:
    return [row[name] for name in NUMBERS]


def _sheets(told: dict[str, Any]) -> list[Sheet]:
    """What a screen holds; --out writes everything."""
    headings = (_("Packets"), _("Delivered"), _("Return rate"), _("Loss"), _("Days until read"), _("Driven km"), _("Cost, tenge"))
    routes = [(row["route"], *_line(row)) for row in told["routes"]]
    offices = [(row["office"], *_line(row)) for row in told["offices"]]
    together = [(_("Together"), *_line(told["total"]))]
    return [
        Sheet(_("Routes"), (_("Route"), *headings), routes),
        Sheet(_("Post offices"), (_("Post office"), *headings), [*offices, *together]),
    ]


def _line(row: dict[str, Any]) -> list[object]:
    shares = [None if row[name] is None else f"{100 * row[name]:.0f} %" for name in ("return_rate", "loss")]
    cells = [row["packets"], row["delivered"], *shares, row["turnaround_days"], row["driven_km"], row["cost"]]
    return ["—" if cell is None else cell for cell in cells]


def _write(out: Path, told: dict[str, Any]) -> None:
    routes = Table(
        _("Routes"), [_("Route"), _("Post office"), _("Date"), _("Study week"), *_headings()], [_route_cells(row) for row in told["routes"]]
    )
    offices = Table(_("Post offices"), [_("Post office"), *_headings()], [[row["office"], *_cells(row)] for row in told["offices"]])
    write_tables(out, [routes, offices] if out.suffix.lower() == ".xlsx" else [routes])


def _route_cells(row: dict[str, Any]) -> list[Scalar]:
    return [row["route"], row["office"], row["date"], row["week"], *_cells(row)]

"""`poshta packets reprint`: the pages that did not come back, printed again under the same codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from packets.ledger_book import ledger
from packets.reprint import Reprint, chosen_pages, missing_pages, page_named, print_again
from packets.whereabouts import Wanted, patience_of, tracked
from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import UsageRefused
from records.events import Patience, TrackState
from records.language import _, ngettext
from records.settings import Settings
from records.terminal import Answer
from settlements.scope import require_place, unknown_places


def reprint(
    context: typer.Context,
    codes: Annotated[list[str] | None, typer.Argument(metavar="[CODE...]", help="Packets' codes, as 2026-W41-K7M2P.")] = None,
    lost: Annotated[bool, typer.Option("--lost", help="All packets that are lost, as `poshta overdue` tells.")] = False,
    missing: Annotated[
        bool, typer.Option("--missing", help="Just the pages that should be back by now, as `packets ledger` tells; with --week.")
    ] = False,
    pages: Annotated[list[str] | None, typer.Option("--pages", help="Just this page: its short code; may be said again.")] = None,
    week: Annotated[str, typer.Option("--week", help="With --lost or --missing: this study week.")] = "",
    village: Annotated[str, typer.Option("--village", help="With --lost or --missing: only this village, or any KATO code above it.")] = "",
) -> Answer:
    """Print again the pages that did not come back, the same pages: whichever copy comes first counts. Safe to run twice."""
    village = village.strip()
    _one_way(bool(codes), lost, missing, bool(pages), week, village)
    name = str(StudyWeek.parse(week)) if week else ""
    with desk_of(context).opened() as home:
        settings = home.settings
        with home.database.read() as session:
            if pages:
                reprints = chosen_pages(session, [page_named(each) for each in pages], settings.packets)
            elif missing:
                reprints = _missing(session, name, village, settings)
            else:
                chosen = list(dict.fromkeys(codes or ())) or _lost(session, name, village, patience_of(settings))
                reprints = [missing_pages(session, code, settings.packets) for code in chosen]
            unknown = unknown_places(session, village)
        files = print_again(home, reprints)
    return Answer(_json(reprints, files), [*_lines(reprints), *files], complaints=unknown)


def _one_way(codes: bool, lost: bool, missing: bool, pages: bool, week: str, village: str) -> None:
    """Raise UsageRefused unless exactly one way of choosing was said, with what belongs to it."""
    if [codes, lost, missing, pages].count(True) != 1:
        raise UsageRefused(
            _("Say which packets or pages are to be printed again."),
            _("Give packets' codes; or --pages CODE; or --lost, or --missing, with --week and --village if you like."),
        )
    if (week or village) and not (lost or missing):
        raise UsageRefused(
            _("--week and --village narrow --lost and --missing; the code of a packet or of a page is enough by itself."),
            _("Leave them out."),
        )
    if missing and not week:
        raise UsageRefused(_("--missing needs a study week."), _("Add --week, as in --week 2026-W41."))
    require_place(village)


def _lost(session: Session, week: str, village: str, patience: Patience) -> list[str]:
    found = tracked(session, Wanted(week, village=village, awaited=True), patience)
    return [each.packet for each in found if each.where.state is TrackState.LOST]


def _missing(session: Session, week: str, village: str, settings: Settings) -> list[Reprint]:
    """The missing pages of a week, packet by packet; those that cannot be read are not missing."""
    book = ledger(session, week, patience_of(settings), village)
    return chosen_pages(session, [row.facts.page for row in book.entries if row.missed], settings.packets)


def _json(reprints: Sequence[Reprint], files: Sequence[str]) -> dict[str, Any]:
    packets = [
        {"packet": each.packet.code, "pages": list(each.pages), "slip": each.slip is not None, "file": each.file} for each in reprints
    ]
    return {"packets": packets, "pages": sum(len(each.pages) for each in reprints), "files": list(files)}


def _lines(reprints: Sequence[Reprint]) -> list[str]:
    if not reprints:
        return [_("Nothing was printed again: no page is missing or lost there.")]
    count = sum(len(each.pages) for each in reprints)
    line = ngettext("{count} page of {packets} packets was printed again.", "{count} pages of {packets} packets were printed again.", count)
    return [line.format(count=count, packets=len(reprints)), _("Print them at 100 %, one page to a sheet.")]

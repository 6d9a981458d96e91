"""`poshta packets reprint`: the pages that did not come back, printed again under the same codes."""

from __future__ import annotations

from typing import Annotated

import typer

from packets.reprint import missing_pages, print_again
from packets.whereabouts import Wanted, patience_of, tracked
from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import UsageRefused
from records.events import TrackState
from records.language import _, ngettext
from records.terminal import Answer


def reprint(
    context: typer.Context,
    codes: Annotated[list[str] | None, typer.Argument(metavar="[CODE...]", help="Packets' codes, as 2026-W41-K7M2P.")] = None,
    lost: Annotated[bool, typer.Option("--lost", help="All that are lost, as `poshta overdue` tells.")] = False,
    week: Annotated[str, typer.Option("--week", help="With --lost: only this study week.")] = "",
    village: Annotated[str, typer.Option("--village", help="With --lost: only this village, or any KATO code above it.")] = "",
) -> Answer:
    """Print again the pages that did not come back, the same pages: whichever copy comes first counts. Safe to run twice."""
    if bool(codes) == lost or ((week or village) and not lost):
        raise UsageRefused(
            _("Say which packets are to be printed again."), _("Give their codes; or --lost, with --week and --village if you like.")
        )
    wanted = Wanted(str(StudyWeek.parse(week)) if week else "", village=village.strip(), awaited=True)
    with desk_of(context).opened() as home:
        with home.database.read() as session:
            found = tracked(session, wanted, patience_of(home.settings)) if lost else []
            chosen = list(dict.fromkeys(codes or ())) or [each.packet for each in found if each.where.state is TrackState.LOST]
            reprints = [missing_pages(session, code) for code in chosen]
        files = print_again(home, reprints)
    count = sum(len(each.pages) for each in reprints)
    line = ngettext("{count} page of {packets} packets was printed again.", "{count} pages of {packets} packets were printed again.", count)
    data = {
        "packets": [{"packet": each.packet.code, "pages": list(each.pages), "file": each.file} for each in reprints],
        "pages": count,
        "files": files,
    }
    return Answer(data, [line.format(count=count, packets=len(reprints)), *files])

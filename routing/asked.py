"""A week's request as the command line asks for it: the register, the user's matrix, the road server, and everything that is to be told of them.

The commands that plan, compare or look at roads begin here.
"""

from __future__ import annotations

from pathlib import Path

from records.calendar import StudyWeek
from records.errors import Complaint
from records.home import Home
from records.language import _
from records.terminal import progress
from routing import week_days
from routing.coverage import NONE, coverage, totals
from routing.matrix import read_matrix, season_of
from routing.request import Request, gather
from routing.roads import MATRIX
from routing.scopes import Scope
from routing.served import areas_to_ask, with_server
from routing.sound_places import unserved_offices, with_sound_places
from settlements.boundaries import boundaries


def asked(
    home: Home, quiet: bool, week: str, scope: Scope, matrix: Path | None, widest: Scope | None = None
) -> tuple[Request, tuple[Complaint, ...]]:
    """What is to be planned, and what is said of vehicles, offices, the matrix and the road server, which is asked as widely as `widest`."""
    study = StudyWeek.parse(week)
    roads = None if matrix is None else read_matrix(matrix, season_of(study.plus(-home.settings.lead_weeks).monday))
    with home.database.read() as session:
        request = gather(session, study, home.settings, scope, None if roads is None else roads.matrix)
        request, misplaced = with_sound_places(request, boundaries(session))
    with progress(_("Asking the road server"), areas_to_ask(request, widest or scope), quiet) as tick:
        request, told = with_server(home.path, request, widest or scope, tick)
    days = week_days.told(study, request.open_calls, request.fleet, home.settings.calendar)
    register = [*request.fleet.complaints, *unserved_offices(request), *misplaced]
    return request, (*register, *days, *(() if roads is None else roads.complaints), *_holes(request), *told)


def _holes(request: Request) -> list[Complaint]:
    """That the user's matrix lacks legs of this week, and how many."""
    if request.roads.matrix is None:
        return []
    legs = totals(coverage(request))
    lacking = sum(legs.values()) - legs[MATRIX] - legs[NONE]
    if not lacking:
        return []
    text = _("The matrix lacks {count} of the {all} legs between the places of this week: their figures come from elsewhere.")
    hint = _("`poshta routes coverage` tells for which villages.")
    return [Complaint("matrix_holes", text.format(count=lacking, all=sum(legs.values())), hint, refused=False)]

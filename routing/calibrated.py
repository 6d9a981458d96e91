"""Factors that a district's own trips taught, kept in the desk: routing/calibrate fits them, routing/request plans with them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from records import journal
from records.calendar import now
from records.schema import RoadFactor
from routing.calibrate import Fit
from routing.roads import Factors


def factors(session: Session) -> dict[str, Factors]:
    """By district, where some were applied."""
    rows = session.scalars(select(RoadFactor).order_by(RoadFactor.district))
    return {row.district: Factors(row.metres_factor, row.seconds_factor) for row in rows}


def apply(session: Session, fits: Sequence[Fit]) -> list[str]:
    """Take the fitted factors of these districts; answers the districts that changed."""
    changed = []
    for each in fits:
        assert each.fitted is not None, "only what was fitted is applied"
        row = session.get(RoadFactor, each.district)
        if row is not None and (row.metres_factor, row.seconds_factor, row.trips) == (each.fitted.metres, each.fitted.seconds, each.trips):
            continue
        figures = {"metres_factor": each.fitted.metres, "seconds_factor": each.fitted.seconds, "trips": each.trips}
        session.merge(RoadFactor(district=each.district, **figures, fitted_at=now()))
        journal.record(session, "routes.calibrate", each.district, **figures)
        changed.append(each.district)
    return changed


def forget(session: Session) -> list[str]:
    """Go back to the settings' factors everywhere; answers the districts that had their own."""
    districts = list(factors(session))
    if districts:
        session.execute(delete(RoadFactor))
        journal.record(session, "routes.calibrate", "all", forgotten=districts)
    return districts

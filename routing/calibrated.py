"""Factors that a district's own trips taught, kept in the desk: routing/calibrate fits them, routing/request plans with them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.schema import RoadFactor
from routing.roads import Factors


def factors(session: Session) -> dict[str, Factors]:
    """By district, where some were applied."""
    rows = session.scalars(select(RoadFactor).order_by(RoadFactor.district))
    return {row.district: Factors(row.metres_factor, row.seconds_factor) for row in rows}

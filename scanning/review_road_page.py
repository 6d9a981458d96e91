"""The drivers' sheets on the review's page: pictures of fields in doubt, and what a person says of them. scanning/review_app hangs these on its application.

One word may settle other fields of its sheet, or put them in doubt (records/road_checks): every answer brings the route's fields that wait now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response, abort, request
from sqlalchemy.orm import Session

from records.road_person import Said
from scanning.review_pictures import PictureLost, Pictures, source_of
from scanning.review_road import decide_field, row_of, set_field_aside, take_back_field, waiting_fields
from scanning.review_said import record_of, text_of
from scanning.review_words import road_group_json

if TYPE_CHECKING:
    from scanning.review_app import Review


@dataclass(frozen=True, slots=True)
class Word:
    """One word of this review on a field, to be taken back."""

    route: str
    item: str
    said: Said


def road_picture(review: Review, pictures: Pictures, record: int) -> Response:
    """The field beside its stop's name, or with `?whole` its sheet."""
    with review.home.database.read() as session:
        row = row_of(session, record)
        item, source = row.item, source_of(session, row.scan, row.page or "") if row.page else None
    if source is None:
        raise PictureLost
    content = pictures.sheet(source) if "whole" in request.args else pictures.field(source, item)
    return Response(content, mimetype="image/jpeg")


def decide_road(review: Review, body: dict[str, Any]) -> dict[str, Any]:
    """What the field says."""
    value = text_of(body, "value")
    with review.home.database.write() as session:
        route, said = decide_field(session, record_of(body), value)
        return _said(review, session, record_of(body), route, said)


def set_road_aside(review: Review, body: dict[str, Any]) -> dict[str, Any]:
    """It cannot be read."""
    with review.home.database.write() as session:
        route, said = set_field_aside(session, record_of(body))
        return _said(review, session, record_of(body), route, said)


def undo_road(review: Review, body: dict[str, Any]) -> dict[str, Any]:
    """A word of this review is taken back."""
    word = review.words.get(record_of(body))
    if word is None:
        abort(403)
    with review.home.database.write() as session:
        stands = take_back_field(session, word.route, word.item, word.said)
        told = _waiting(session, word.route)
    del review.words[record_of(body)]
    review.decided -= 1
    return {"id": stands, **told}


def _said(review: Review, session: Session, seen: int, route: str, said: Said) -> dict[str, Any]:
    """The field's record that now stands; it is this review's own only where it was written."""
    item = row_of(session, seen).item
    made = said.records.get(item, seen)
    if made != seen:
        review.words[made] = Word(route, item, said)
        review.decided += 1
    return {"id": made, **_waiting(session, route)}


def _waiting(session: Session, route: str) -> Mapping[str, Any]:
    return {"route": route, "groups": [road_group_json(each) for each in waiting_fields(session, routes=[route])]}

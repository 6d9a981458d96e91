"""What the review's page sends, checked: one JSON object with a record's number and words. scanning/review_app and review_road_page ask; nonsense is answered 400."""

from __future__ import annotations

from typing import Any

from flask import abort


def record_of(body: dict[str, Any]) -> int:
    """The number of the record that the page is about."""
    number = body.get("id")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        abort(400)
    return number


def text_of(body: dict[str, Any], name: str) -> str:
    """A text that the page sends under that name."""
    text = body.get(name)
    if not isinstance(text, str):
        abort(400)
    return text

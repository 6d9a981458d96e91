"""The review's page as a web application: what it shows, and what it takes. scanning/review_command serves it on this machine alone.

Every answer passes the guard first (scanning/review_guard); what is decided goes through scanning/review_decisions. Nothing is fetched from the net.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from flask import Flask, Response, abort, jsonify, render_template, request

from records.errors import ExitCode, PoshtaError
from records.home import Home
from records.language import _, current_language, set_language
from records.schema import Answer
from scanning.intake import Limits
from scanning.rescore import rescore
from scanning.review_decisions import CommentConflict, Conflict, comment_case, decide_case, set_aside, take_back_case
from scanning.review_guard import HEADERS, Guard
from scanning.review_nameless import name_sheet, nameless, picture_of
from scanning.review_pictures import PictureLost, Pictures, source_of
from scanning.review_queue import POINTS, waiting_groups
from scanning.review_road import RoadConflict, waiting_fields
from scanning.review_road_page import Word, decide_road, road_picture, set_road_aside, undo_road
from scanning.review_said import record_of, text_of
from scanning.review_words import group_json, page_words, road_group_json, stands_in_words
from scanning.verdict import FAULT
from scanning.words import reason_words

FILES = Path(__file__).with_name("review_page")
MOST_BYTES = 16_384  # of what a page may send
FAULTS = 500  # and above: ours
NOT_SERVED = (400, 403, 404, 405, 413, 415, 500)
STATUS = {ExitCode.REFUSED: 422, ExitCode.NOT_FOUND: 404, ExitCode.NOT_ALLOWED: 409, ExitCode.BUSY: 503}


@dataclass(slots=True)
class Review:
    """One review of a desk: whose page it is, and what it has come to. `made` and `words` hold what can be taken back: records of answers, and of drivers' sheets."""

    home: Home
    guard: Guard
    week: str = ""
    language: str = field(default_factory=current_language)
    made: set[int] = field(default_factory=set)
    words: dict[int, Word] = field(default_factory=dict)
    decided: int = 0
    named: int = 0
    ended: Event = field(default_factory=Event)


Take = Callable[[Review, dict[str, Any]], dict[str, Any]]


def review_app(review: Review) -> Flask:
    """The application of one review."""
    app = Flask("review", static_folder=str(FILES), static_url_path="/files", template_folder=str(FILES))
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    pictures = Pictures(review.home.path, Limits.of(review.home.settings.scan))
    app.before_request(lambda: _let_in(review))
    app.after_request(_sealed)
    app.register_error_handler(PoshtaError, _refused)
    app.register_error_handler(PictureLost, lambda _failure: _not_served(404))
    for status in NOT_SERVED:
        app.register_error_handler(status, lambda _failure, status=status: _not_served(status))
    app.add_url_rule("/", view_func=lambda: _page(review), endpoint="page")
    app.add_url_rule("/cases", view_func=lambda: _cases(review), endpoint="cases")
    app.add_url_rule("/picture/<int:answer>", view_func=lambda answer: _picture(review, pictures, answer), endpoint="picture")
    app.add_url_rule("/road/picture/<int:record>", view_func=lambda record: road_picture(review, pictures, record), endpoint="road_picture")
    app.add_url_rule("/nameless", view_func=lambda: _nameless(review), endpoint="nameless")
    app.add_url_rule("/nameless/<int:scan>", view_func=lambda scan: _nameless_picture(review, scan), endpoint="nameless_picture")
    for name, take in TAKEN.items():
        app.add_url_rule(f"/{name}", methods=["POST"], view_func=_taking(review, take), endpoint=name)
    return app


def _let_in(review: Review) -> None:
    """Turn away whoever is not the browser that was handed the address; then speak the desk's language in this thread."""
    set_language(review.language)
    guard = review.guard
    if not guard.knows_host(request.headers.get("Host", "")):
        abort(400)
    newly = request.path == "/" and request.method == "GET" and guard.opens(request.args.get("key", ""))
    if not newly and not guard.knows(request.cookies):
        abort(403)
    if request.method not in ("GET", "HEAD") and not guard.is_own_page(dict(request.headers)):
        abort(403)


def _sealed(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


def _page(review: Review) -> Response:
    words = page_words()
    response = Response(render_template("page.html", words=words, key=review.guard.form_key, language=review.language, week=review.week))
    response.set_cookie(review.guard.cookie, review.guard.session, httponly=True, samesite="Strict", path="/")
    return response


def _cases(review: Review) -> Response:
    rescore(review.home.database)
    with review.home.database.read() as session:
        groups = [group_json(each) for each in waiting_groups(session, review.week)]
        fields = [road_group_json(each) for each in waiting_fields(session, review.week)]
    first = sum(group["cases"][0]["kind"] != POINTS for group in groups)  # doubts before written answers
    return jsonify(groups=[*groups[:first], *fields, *groups[first:]])


def _picture(review: Review, pictures: Pictures, answer: int) -> Response:
    """The question of a case, or with `?whole` its sheet."""
    with review.home.database.read() as session:
        row = session.get(Answer, answer)
        if row is None:
            raise PictureLost
        item, source = row.item, source_of(session, row.scan, row.page)
    content = pictures.sheet(source) if "whole" in request.args else pictures.question(source, item)
    return Response(content, mimetype="image/jpeg")


def _nameless(review: Review) -> Response:
    with review.home.database.read() as session:
        return jsonify(sheets=[each.as_json() for each in nameless(session)])


def _nameless_picture(review: Review, scan: int) -> Response:
    with review.home.database.read() as session:
        return Response(picture_of(review.home, session, scan), mimetype="image/jpeg")


def _taking(review: Review, take: Take) -> Callable[[], Response]:
    """A view that takes one JSON object and answers one."""

    def view() -> Response:
        body = request.get_json()
        if not isinstance(body, dict):
            abort(400)
        return jsonify(take(review, body))

    return view


def _decide(review: Review, body: dict[str, Any]) -> dict[str, Any]:
    value = text_of(body, "value")
    with review.home.database.write() as session:
        made = decide_case(session, record_of(body), value)
    return _made(review, record_of(body), made)


def _aside(review: Review, body: dict[str, Any]) -> dict[str, Any]:
    with review.home.database.write() as session:
        made = set_aside(session, record_of(body))
    return _made(review, record_of(body), made)


def _comment(review: Review, body: dict[str, Any]) -> dict[str, Any]:
    words, said = text_of(body, "words"), body.get("said")
    if not isinstance(said, int) or isinstance(said, bool):
        abort(400)
    with review.home.database.write() as session:
        return {"said": comment_case(session, record_of(body), said, words)}


def _undo(review: Review, body: dict[str, Any]) -> dict[str, Any]:
    made = record_of(body)
    if made not in review.made:
        abort(403)
    with review.home.database.write() as session:
        stands = take_back_case(session, made)
    review.made.discard(made)
    review.decided -= 1
    return {"id": stands}


def _name(review: Review, body: dict[str, Any]) -> dict[str, Any]:
    typed = text_of(body, "code")
    row = name_sheet(review.home, record_of(body), typed)
    review.named += 1
    return {"page": row.page, "state": row.state.value}


def _close(review: Review, _body: dict[str, Any]) -> dict[str, Any]:
    review.ended.set()
    return {}


def _made(review: Review, seen: int, made: int) -> dict[str, Any]:
    """The record that now stands; it is this review's own only where it was written, and not where the same stood already."""
    if made != seen:
        review.made.add(made)
        review.decided += 1
    return {"id": made}


def _refused(error: PoshtaError) -> tuple[Response, int]:
    told = {"code": error.code, "text": error.message, "hint": error.hint}
    if isinstance(error, Conflict):
        told |= {"stands": stands_in_words(error.on_paper)}
    elif isinstance(error, (CommentConflict, RoadConflict)):
        told |= {"stands": error.stands}
    return jsonify(told), STATUS.get(error.exit_code, 500)


def _not_served(status: int) -> tuple[Response, int]:
    """A refusal without details; a person who opened an old address is told what to do."""
    text = _(
        "This page opens only from the address that `poshta scan review` has just shown; each opens once. Start it again for a new one."
    )
    if status >= FAULTS:
        text = reason_words(f"{FAULT}{status}")
    if request.path == "/":
        return Response(text, mimetype="text/plain"), status
    return jsonify(code="not_served", text=text, hint=""), status


TAKEN: dict[str, Take] = {
    "name": _name,
    "decide": _decide,
    "aside": _aside,
    "comment": _comment,
    "undo": _undo,
    "road/decide": decide_road,
    "road/aside": set_road_aside,
    "road/undo": undo_road,
    "close": _close,
}

"""`poshta scan review`: serves the review's page to a browser on this machine, until the page or the keyboard ends it. Results are returned, not printed."""

from __future__ import annotations

import logging
import webbrowser
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any

import typer

from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import UsageRefused
from records.home import Home
from records.language import _, ngettext
from records.terminal import Answer, announce
from scanning.grade_book_told import newest_record, told_of_closed

if TYPE_CHECKING:
    from scanning.review_app import Review

THREADS = 4  # a browser asks for a few pictures ahead
LOOK_SECONDS = 0.2  # how soon the end of the review is noticed


def review(
    context: typer.Context,
    week: Annotated[str, typer.Option(help="Only this study week, as in 2026-W41.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="On this port of this machine; 0: any that is free.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only tell the address.")] = False,
) -> Answer:
    """A page in the browser, on this machine only: what is in doubt, question by question, to be decided by keys."""
    name = str(StudyWeek.parse(week)) if week else ""
    desk = desk_of(context)
    with desk.opened() as home:
        since = newest_record(home)
        found = _served(home, name, port, not (no_browser or desk.as_json))
        left, final = _left(home, name), told_of_closed(home, since)
    done = ngettext("{count} answer was decided.", "{count} answers were decided.", found.decided).format(count=found.decided)
    waits = ngettext("{count} answer still waits.", "{count} answers still wait.", left).format(count=left)
    data = {"week": name or None, "decided": found.decided, "left": left, **final.as_json()}
    return Answer(data, [done, waits, *final.lines], waiting=bool(left))


def _served(home: Home, week: str, port: int, open_browser: bool) -> Review:
    """Serve the page until it ends; answers what it came to."""
    from scanning.review_app import Review, review_app
    from scanning.review_guard import Guard

    logging.getLogger("waitress").setLevel(logging.CRITICAL)  # it would name addresses with their keys
    guard = Guard(port)
    found = Review(home, guard, week)
    sockets: dict[int, Any] = {}
    server = _server(review_app(found), port, sockets)
    guard.port = server.effective_port
    try:
        announce(_("The review's page, for this machine only: {address}").format(address=guard.address))
        announce(_("End it there with «Finish», or here with Ctrl+C."))
        if open_browser:
            Thread(target=webbrowser.open, args=(guard.address,), daemon=True).start()  # some wait until the page has answered
        _serve(found, server, sockets)
    except KeyboardInterrupt:
        pass  # the ordinary end at the keyboard: what was decided is kept
    finally:
        server.task_dispatcher.shutdown()
        server.close()
    return found


def _server(app: Any, port: int, sockets: dict[int, Any]) -> Any:
    from waitress import create_server

    from scanning.review_app import MOST_BYTES
    from scanning.review_guard import HOST

    own = {"ident": "", "clear_untrusted_proxy_headers": True, "max_request_body_size": MOST_BYTES + 1}  # which is the first size refused
    try:
        return create_server(app, map=sockets, host=HOST, port=port, threads=THREADS, **own)
    except OSError:
        text = _("Port {port} of this machine is taken.").format(port=port)
        raise UsageRefused(text, _("Leave --port out, or name another.")) from None


def _serve(found: Review, server: Any, sockets: dict[int, Any]) -> None:
    while not found.ended.is_set():
        server.asyncore.loop(timeout=LOOK_SECONDS, map=sockets, count=1)
    server.asyncore.loop(timeout=LOOK_SECONDS, map=sockets, count=3)  # the page's last answer


def _left(home: Home, week: str) -> int:
    from scanning.review_queue import waiting_groups
    from scanning.review_road import waiting_fields

    with home.database.read() as session:
        return sum(len(group.cases) for group in waiting_groups(session, week)) + len(waiting_fields(session, week))

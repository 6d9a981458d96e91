"""Whom the review's page lets in, what it refuses, and how its serving begins and ends."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from records.home import Home
from records.language import set_language
from scanning.review_app import Review, review_app
from scanning.review_guard import FORM_KEY, HEADERS, Guard
from tests.conftest import Poshta
from tests.scanning.reviewing import HERE, PORT, acts, send, shown, stands


def test_the_address_opens_once_and_becomes_a_cookie_that_scripts_cannot_read(review: Review) -> None:
    app, opening = review_app(review), review.guard.opening
    first = app.test_client().get("/", query_string={"key": opening}, base_url=HERE)
    assert first.status_code == 200
    cookie = first.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", f"poshta-review-{PORT}="))
    assert opening not in cookie
    assert opening not in first.get_data(as_text=True)
    assert app.test_client().get("/", query_string={"key": opening}, base_url=HERE).status_code == 403
    assert app.test_client().get("/", query_string={"key": ""}, base_url=HERE).status_code == 403


@pytest.mark.parametrize("path", ["/", "/cases", "/picture/1", "/nameless", "/nameless/1", "/files/page.js", "/nothing"])
def test_without_the_cookie_nothing_is_answered(review: Review, path: str) -> None:
    assert review_app(review).test_client().get(path, base_url=HERE).status_code == 403


def test_a_name_that_somebody_pointed_at_this_machine_is_refused(review: Review, browser: FlaskClient) -> None:
    assert browser.get("/cases", base_url=HERE).status_code == 200
    for host in ("school.example", f"127.0.0.1.school.example:{PORT}", "127.0.0.1:1", "127.0.0.1"):
        assert browser.get("/cases", base_url=HERE, headers={"Host": host}).status_code == 400


def test_a_post_without_the_pages_own_key_or_from_another_origin_writes_nothing(home: Home, review: Review, browser: FlaskClient) -> None:
    body = {"id": shown(browser)["P1", "1"]["id"], "value": "B"}
    assert browser.post("/decide", json=body, base_url=HERE).status_code == 403
    assert browser.post("/decide", json=body, base_url=HERE, headers={FORM_KEY: "x"}).status_code == 403
    assert send(browser, review, "/decide", body, Origin="http://school.example").status_code == 403
    assert send(browser, review, "/decide", body, Origin=f"https://127.0.0.1:{PORT}").status_code == 403
    assert browser.get("/decide", base_url=HERE).status_code == 405
    assert stands(home, "P1", "1").state == "doubt"
    assert send(browser, review, "/decide", body, Origin=HERE).status_code == 200
    assert stands(home, "P1", "1").reading == ("B",)


def test_every_answer_carries_the_strict_policy_also_refusals(browser: FlaskClient, review: Review) -> None:
    stranger = review_app(review).test_client()
    for answer in (browser.get("/cases", base_url=HERE), browser.get("/files/page.css", base_url=HERE), stranger.get("/", base_url=HERE)):
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_page_holds_no_script_style_or_address_of_its_own(browser: FlaskClient) -> None:
    """What the policy forbids would silently not work."""
    body = browser.get("/", base_url=HERE).get_data(as_text=True)
    assert "style=" not in body
    assert " on" + "click" not in body
    assert "//" not in body.replace("<!DOCTYPE html>", "")
    assert body.count("<script") == 3


@pytest.mark.parametrize(
    "body",
    [[], "x", {}, {"id": "1", "value": "A"}, {"id": True, "value": "A"}, {"id": 1}, {"id": 1, "value": ["A"]}, {"id": -1, "value": ""}],
)
def test_nonsense_is_refused(home: Home, review: Review, browser: FlaskClient, body: Any) -> None:
    before = acts(home)
    assert send(browser, review, "/decide", body).status_code == 400
    assert acts(home) == before


def test_a_record_that_does_not_exist_or_too_much_at_once_is_refused(review: Review, browser: FlaskClient) -> None:
    assert send(browser, review, "/decide", {"id": 10**9, "value": "A"}).status_code == 404
    assert send(browser, review, "/decide", {"id": 1, "value": "A" * 20_000}).status_code == 413


@pytest.mark.parametrize(("language", "said"), [("kk", "Растау"), ("ru", "Подтвердить"), ("en", "Confirm")])
def test_the_page_speaks_the_desks_language_in_every_thread(home: Home, language: str, said: str) -> None:
    other = Review(home, Guard(PORT), language=language)
    set_language("en")
    client = review_app(other).test_client()
    body = client.get("/", query_string={"key": other.guard.opening}, base_url=HERE).get_data(as_text=True)
    assert said in body
    assert f'<html lang="{language}">' in body


def test_finish_ends_it(review: Review, browser: FlaskClient) -> None:
    assert browser.post("/close", json={}, base_url=HERE).status_code == 403
    assert not review.ended.is_set()
    assert send(browser, review, "/close", {}).status_code == 200
    assert review.ended.is_set()


def test_a_port_that_is_taken_is_told(home: Home, poshta: Poshta) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = poshta("scan", "review", "--no-browser", "--port", str(port), home=home.path)
    assert (said.code, str(port) in said.body["errors"][0]["text"]) == (2, True)


def test_a_browser_that_waits_for_the_page_is_answered(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    import _thread
    import urllib.request

    from scanning import review_command

    answered: list[int] = []

    def opened(address: str) -> None:
        try:
            with urllib.request.urlopen(address, timeout=30) as page:
                answered.append(page.status)
        finally:
            _thread.interrupt_main()

    monkeypatch.setattr("webbrowser.open", opened)
    assert review_command._served(home, "", 0, True).decided == 0
    assert answered == [200]


def test_what_is_too_long_is_refused_before_it_is_taken_in() -> None:
    from scanning.review_app import MOST_BYTES
    from scanning.review_command import _server

    server = _server(lambda *_: [], 0, {})
    try:
        assert server.adj.max_request_body_size == MOST_BYTES + 1
    finally:
        server.task_dispatcher.shutdown()
        server.close()


def test_a_fault_of_the_program_is_a_sentence_and_an_old_address_too(
    home: Home, review: Review, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanning.review_app.waiting_groups", lambda *_: 1 / 0)
    answer = browser.get("/cases", base_url=HERE)
    assert (answer.status_code, "report" in answer.get_json()["text"]) == (500, True)
    old = review_app(review).test_client().get("/", query_string={"key": "old"}, base_url=HERE)
    assert (old.status_code, old.mimetype) == (403, "text/plain")
    assert "scan review" in old.get_data(as_text=True)

"""What a decision on the review's page writes, that two people never overwrite each other, and that each decision can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from records import schema
from records.home import Home
from records.undo import take_back
from scanning.amend import amend
from scanning.review_app import Review, review_app
from scanning.review_guard import Guard
from scanning.undo import UNDOERS
from tests.scanning.desks import scan
from tests.scanning.paper import Sheet, page, save
from tests.scanning.reviewing import HERE, PORT, acts, send, shown, stands


def test_doubts_come_before_written_answers_and_carry_codes_only(browser: FlaskClient) -> None:
    groups = browser.get("/cases", base_url=HERE).get_json()["groups"]
    assert [(group["item"], [case["pupil"] for case in group["cases"]]) for group in groups][:3] == [
        ("1", ["P1", "P2"]),
        ("2", ["P1"]),
        ("3", ["P1"]),
    ]
    text = browser.get("/cases", base_url=HERE).get_data(as_text=True) + browser.get("/", base_url=HERE).get_data(as_text=True)
    assert "Әсел" not in text
    assert "Тегі" not in text
    one = groups[0]["cases"][0]
    assert (one["kind"], one["reason"], one["candidates"], [option["label"] for option in one["options"]]) == (
        "one",
        "rubbed out",
        ["B"],
        list("ABCD"),
    )
    assert [groups[1]["cases"][0]["kind"], groups[2]["cases"][0]["kind"]] == ["several", "number"]


@pytest.mark.parametrize(
    ("pupil", "item", "value", "reading", "state", "points"),
    [
        ("P1", "1", "A", ("A",), "read", "1"),
        ("P1", "1", "B", ("B",), "read", "0"),
        ("P1", "1", "", (), "blank", "0"),
        ("P1", "2", "A,C", ("A", "C"), "read", "2"),
        ("P1", "3", "084", ("84",), "read", "2"),
    ],
)
def test_a_decision_is_recorded_as_a_persons(
    home: Home, review: Review, browser: FlaskClient, pupil: str, item: str, value: str, reading: tuple[str, ...], state: str, points: str
) -> None:
    case = shown(browser)[pupil, item]
    answer = send(browser, review, "/decide", {"id": case["id"], "value": value})
    now = stands(home, pupil, item)
    assert answer.get_json() == {"id": now.id}
    assert (now.reading, now.state, str(now.points), now.decided_by) == (reading, state, points, "person")
    assert (pupil, item) not in shown(browser)
    assert acts(home)[-1] == "grades.amend"


@pytest.mark.parametrize("value", ["E", "A,B", "?", "84"])
def test_what_the_question_cannot_have_is_refused_with_a_sentence(home: Home, review: Review, browser: FlaskClient, value: str) -> None:
    answer = send(browser, review, "/decide", {"id": shown(browser)["P1", "1"]["id"], "value": value})
    assert answer.status_code == 422
    assert value in answer.get_json()["text"]
    assert stands(home, "P1", "1").state == "doubt"


def test_who_comes_second_is_told_what_stands_and_writes_nothing(home: Home, review: Review, browser: FlaskClient) -> None:
    case = shown(browser)["P1", "1"]
    other = Review(home, Guard(PORT))
    second = review_app(other).test_client()
    second.get("/", query_string={"key": other.guard.opening}, base_url=HERE)
    assert shown(second)["P1", "1"]["id"] == case["id"], "both see the same"
    assert send(browser, review, "/decide", {"id": case["id"], "value": "A"}).status_code == 200
    for path, body in (("/decide", {"value": "B"}), ("/aside", {}), ("/decide", {"value": "A"})):
        answer = send(second, other, path, {"id": case["id"], **body})
        assert (answer.status_code, answer.get_json()["code"], answer.get_json()["stands"]) == (409, "conflict", "A")
    assert stands(home, "P1", "1").reading == ("A",)
    assert acts(home).count("grades.amend") == 1


def test_taking_back_restores_what_stood_and_only_ones_own(home: Home, review: Review, browser: FlaskClient) -> None:
    before = stands(home, "P1", "1")
    made = send(browser, review, "/decide", {"id": before.id, "value": "C"}).get_json()["id"]
    answer = send(browser, review, "/undo", {"id": made})
    now = stands(home, "P1", "1")
    assert answer.get_json() == {"id": now.id}
    assert now.says_the_same(before)
    assert acts(home)[-2:] == ["grades.amend", "undo"]
    assert send(browser, review, "/undo", {"id": made}).status_code == 403, "taken back once"
    assert send(browser, review, "/undo", {"id": stands(home, "P2", "1").id}).status_code == 403, "the reader's own"
    assert review.decided == 0


def test_nothing_is_taken_back_over_a_newer_word(home: Home, review: Review, browser: FlaskClient) -> None:
    made = send(browser, review, "/decide", {"id": shown(browser)["P1", "1"]["id"], "value": "C"}).get_json()["id"]
    with home.database.write() as session:
        amend(session, page("P1", 2), "1", "D")
    answer = send(browser, review, "/undo", {"id": made})
    assert (answer.status_code, answer.get_json()["stands"]) == (409, "D")
    assert stands(home, "P1", "1").reading == ("D",)


def test_poshta_undo_takes_back_what_the_page_decided_and_passes_over_what_it_took_back(
    home: Home, review: Review, browser: FlaskClient
) -> None:
    cases = shown(browser)
    send(browser, review, "/decide", {"id": cases["P1", "1"]["id"], "value": "C"})
    made = send(browser, review, "/decide", {"id": cases["P2", "1"]["id"], "value": "C"}).get_json()["id"]
    send(browser, review, "/undo", {"id": made})
    assert take_back(home, UNDOERS).data["subject"] == page("P1", 2)
    assert stands(home, "P1", "1").state == "doubt"


def test_what_a_person_cannot_read_stays_a_doubt_is_told_apart_and_a_better_copy_settles_it(
    home: Home, review: Review, browser: FlaskClient, tmp_path: Path
) -> None:
    case = shown(browser)["P2", "1"]
    assert send(browser, review, "/aside", {"id": case["id"]}).status_code == 200
    now = stands(home, "P2", "1")
    assert (now.state, now.reason, now.decided_by, now.points, now.candidates) == ("doubt", "not_legible", "person", None, ("A",))
    assert shown(browser)["P2", "1"]["aside"] is True
    assert case["aside"] is False
    scan(home, save(tmp_path / "better.png", Sheet(page("P2", 2), {"1": "A", "2": "A,C"}), note="better"))
    assert stands(home, "P2", "1").reading == ("A",)


def test_what_was_set_aside_is_taken_back_too(home: Home, review: Review, browser: FlaskClient) -> None:
    before = stands(home, "P2", "1")
    made = send(browser, review, "/aside", {"id": before.id}).get_json()["id"]
    assert send(browser, review, "/undo", {"id": made}).status_code == 200
    assert stands(home, "P2", "1").says_the_same(before)


def test_what_another_set_aside_does_not_become_ones_own_by_saying_the_same(home: Home, review: Review, browser: FlaskClient) -> None:
    made = send(browser, review, "/aside", {"id": stands(home, "P2", "1").id}).get_json()["id"]
    other = Review(home, Guard(PORT))
    second = review_app(other).test_client()
    second.get("/", query_string={"key": other.guard.opening}, base_url=HERE)
    assert send(second, other, "/aside", {"id": made}).get_json() == {"id": made}
    assert (other.made, other.decided) == (set(), 0)
    assert send(second, other, "/undo", {"id": made}).status_code == 403
    assert stands(home, "P2", "1").id == made
    assert send(browser, review, "/undo", {"id": made}).status_code == 200


def test_pages_that_were_withdrawn_wait_for_nobody(home: Home, browser: FlaskClient) -> None:

    with home.database.write() as session:
        session.get_one(schema.Page, page("P1", 2)).void = True
    assert ("P1", "1") not in shown(browser)
    assert ("P2", "1") in shown(browser)


def test_another_week_shows_nothing(home: Home) -> None:
    other = Review(home, Guard(PORT), "2026-W42")
    client = review_app(other).test_client()
    client.get("/", query_string={"key": other.guard.opening}, base_url=HERE)
    assert shown(client) == {}

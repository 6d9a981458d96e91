"""The review's page: whom it lets in, what a decision writes, that two people never overwrite each other, and that each decision can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from packets.layout import PAGE_MM
from packets.token import grouped, short_code
from records.grades import Recorded, recorded
from records.home import Home
from records.journal import entries
from records.language import set_language
from records.undo import take_back
from scanning.amend import amend
from scanning.review_app import Review, review_app
from scanning.review_guard import FORM_KEY, HEADERS, Guard
from scanning.review_pictures import region_of
from scanning.undo import UNDOERS
from tests.conftest import Poshta
from tests.scanning.desks import TODAY, scan
from tests.scanning.measured_desk import boxes_of, measured_desk
from tests.scanning.paper import ITEMS, Sheet, fake_reader, page, picture, save

PORT = 8765
HERE = f"http://127.0.0.1:{PORT}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Two doubts about question 1, one about question 2 and one about the number; two written answers without points."""
    monkeypatch.setenv("POSHTA_TODAY", TODAY)
    desk = measured_desk(tmp_path / "desk")
    sheets = (
        Sheet(page("P1", 2), {"1": "?erased:B", "2": "?two_marks:A|C"}),
        Sheet(page("P1", 3), {"3": "?gap:84", "4": ""}),
        Sheet(page("P2", 2), {"1": "?faint:A", "2": "A,C"}),
        Sheet(page("P2", 3), {"3": "84", "4": ""}),
    )
    scan(desk, *[save(tmp_path / f"{number}.png", sheet, note=str(number)) for number, sheet in enumerate(sheets)])
    yield desk
    desk.close()


@pytest.fixture
def review(home: Home) -> Review:
    return Review(home, Guard(PORT))


@pytest.fixture
def browser(review: Review) -> FlaskClient:
    """A browser that has opened the address."""
    client = review_app(review).test_client()
    assert client.get("/", query_string={"key": review.guard.opening}, base_url=HERE).status_code == 200
    return client


def send(client: FlaskClient, review: Review, path: str, body: Any, **headers: str) -> Any:
    return client.post(path, json=body, base_url=HERE, headers={FORM_KEY: review.guard.form_key, **headers})


def shown(client: FlaskClient) -> dict[tuple[str, str], dict[str, Any]]:
    """The cases of the page by pupil and question."""
    groups = client.get("/cases", base_url=HERE).get_json()["groups"]
    return {(case["pupil"], group["item"]): case for group in groups for case in group["cases"]}


def stands(home: Home, pupil: str, item: str) -> Recorded:
    with home.database.read() as session:
        return next(each for each in recorded(session, pupil=pupil) if each.item == item)


def acts(home: Home) -> list[str]:
    with home.database.read() as session:
        return [entry.action for entry in reversed(entries(session))]


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
    from records import schema

    with home.database.write() as session:
        session.get_one(schema.Page, page("P1", 2)).void = True
    assert ("P1", "1") not in shown(browser)
    assert ("P2", "1") in shown(browser)


def test_another_week_shows_nothing(home: Home) -> None:
    other = Review(home, Guard(PORT), "2026-W42")
    client = review_app(other).test_client()
    client.get("/", query_string={"key": other.guard.opening}, base_url=HERE)
    assert shown(client) == {}


def test_a_sheet_without_a_picture_is_told_not_a_fault(browser: FlaskClient) -> None:
    case = shown(browser)["P1", "1"]
    assert browser.get(f"/picture/{case['id']}", base_url=HERE).status_code == 404
    assert browser.get("/picture/999999", base_url=HERE).status_code == 404


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


@given(st.sampled_from([(number, item) for number, items in ITEMS.items() for item in items]))
def test_a_questions_part_of_the_sheet_holds_its_boxes_and_no_others(place: tuple[int, str]) -> None:
    number, item = place
    layout = boxes_of(number)
    left, top, right, bottom = region_of(layout, item)
    inside = {box.item for box in layout.boxes if left < box.center_mm[0] < right and top < box.center_mm[1] < bottom}
    assert inside == {item}
    assert 0 <= left < right <= PAGE_MM[0]
    assert 0 <= top < bottom <= PAGE_MM[1]


def test_a_sheet_without_a_name_is_shown_and_a_wrong_short_code_changes_nothing(
    home: Home, review: Review, browser: FlaskClient, tmp_path: Path
) -> None:
    scan(home, save(tmp_path / "nameless.png", Sheet(None, {}, "unreadable", "code_lost"), Sheet(None, {}, "empty", "")))
    sheets = browser.get("/nameless", base_url=HERE).get_json()["sheets"]
    assert [sorted(sheet) for sheet in sheets] == [["reason", "scan"]], "blank paper waits for nobody"
    picture = browser.get(f"/nameless/{sheets[0]['scan']}", base_url=HERE)
    assert (picture.status_code, picture.data[:3]) == (200, b"\xff\xd8\xff")
    before = acts(home)
    assert send(browser, review, "/name", {"id": sheets[0]["scan"], "code": "АВСД-2345-67892"}).status_code == 404
    answer = send(browser, review, "/name", {"id": sheets[0]["scan"], "code": short_code(page("P1", 2))})
    assert answer.status_code == 422, "the picture shows no such page"
    assert send(browser, review, "/name", {"id": 10**6, "code": short_code(page("P1", 2))}).status_code == 404
    assert send(browser, review, "/name", {"id": sheets[0]["scan"]}).status_code == 400
    assert acts(home) == before
    assert len(browser.get("/nameless", base_url=HERE).get_json()["sheets"]) == 1


def test_a_short_code_that_fits_files_the_sheet(
    home: Home, review: Review, browser: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "scanning.by_hand.read_as", lambda *_: fake_reader(picture(Sheet(page("P1", 2), {"1": "A", "2": "?faint:A"})), None)[0]
    )
    scan(home, save(tmp_path / "nameless.png", Sheet(None, {}, "unreadable", "code_lost")))
    (sheet,) = browser.get("/nameless", base_url=HERE).get_json()["sheets"]
    typed = grouped(short_code(page("P1", 2))).lower().translate(str.maketrans("abcehkmptxy", "авсенкмртху"))
    answer = send(browser, review, "/name", {"id": sheet["scan"], "code": typed})
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["page"] == page("P1", 2)
    assert "scan.named" in acts(home)
    assert browser.get("/nameless", base_url=HERE).get_json()["sheets"] == []


def test_a_fault_of_the_program_is_a_sentence_and_an_old_address_too(
    home: Home, review: Review, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanning.review_app.waiting_groups", lambda *_: 1 / 0)
    answer = browser.get("/cases", base_url=HERE)
    assert (answer.status_code, "report" in answer.get_json()["text"]) == (500, True)
    old = review_app(review).test_client().get("/", query_string={"key": "old"}, base_url=HERE)
    assert (old.status_code, old.mimetype) == (403, "text/plain")
    assert "scan review" in old.get_data(as_text=True)

"""What is in doubt on a driver's sheet stands on the review's page: its picture, a person's word and its undoing, and two people never overwrite each other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient

from packets.layout import Layout
from records.home import Home, open_home
from records.road import road_route
from records.road_checks import READ
from records.road_notes import Note, noted, notes_of
from records.schema import Layout as LayoutRow
from records.schema import Page
from routing.manifest_form import COLUMNS, EDGES, OUTCOME, TIME, Form, printed_form
from scanning.manifest_filing import settled
from scanning.review_app import Review, review_app
from scanning.review_guard import Guard
from scanning.road_regions import DRIVER_MM, STOP_MM, field_regions
from tests.driven import driven_desk
from tests.scanning.chromium import Browser, chromium
from tests.scanning.reviewing import HERE, PORT, acts, send
from tests.scanning.test_review_chromium import opened
from tests.small_desk import WEEK, SmallDesk, here
from tests.test_manifest_round import TUESDAY

FIELDS = ["s1.back", "s2.outcome", "odometer.start", "odometer.end"]


@pytest.fixture(scope="module")
def sheet_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sheet is scanned, and four of its fields are in doubt."""
    return driven_desk(tmp_path_factory.mktemp("driven"))


@pytest.fixture
def folder(sheet_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the desk."""
    monkeypatch.setenv("POSHTA_TODAY", TUESDAY)
    shutil.copytree(sheet_desk, tmp_path / "desk")
    return tmp_path / "desk"


@pytest.fixture
def home(folder: Path) -> Iterator[Home]:
    desk = open_home(folder)
    yield desk
    desk.close()


@pytest.fixture
def review(home: Home) -> Review:
    return Review(home, Guard(PORT))


@pytest.fixture
def browser(review: Review) -> FlaskClient:
    return let_in(review)


def let_in(review: Review) -> FlaskClient:
    client = review_app(review).test_client()
    assert client.get("/", query_string={"key": review.guard.opening}, base_url=HERE).status_code == 200
    return client


def shown(client: FlaskClient) -> dict[str, dict[str, Any]]:
    """The fields on the page, in its order."""
    groups = client.get("/cases", base_url=HERE).get_json()["groups"]
    return {case["field"]: case | {"text": group["text"]} for group in groups for case in group["cases"]}


def fields(answer: Any) -> list[str]:
    return [case["field"] for group in answer.get_json()["groups"] for case in group["cases"]]


def note_of(home: Home, item: str) -> Note:
    with home.database.read() as session:
        (notes,) = notes_of(session, [route(home)]).values()
        return notes[item]


def route(home: Home) -> str:
    with home.database.read() as session:
        return next(str(row.route) for row in session.query(Page) if row.route)


def told(folder: Path) -> Any:
    """What `routes track` says of bags and packets."""
    data = here(folder, "routes", "track", "--week", WEEK, day=TUESDAY).data
    return data["bags"], data["packets"], data["doubts"]


def test_each_doubt_stands_there_with_what_it_may_be_and_names_nobody(browser: FlaskClient) -> None:
    found = shown(browser)
    assert list(found) == FIELDS
    assert (found["s1.back"]["kind"], found["s1.back"]["candidates"], found["s1.back"]["most"]) == ("number", ["9"], "99")
    assert found["s1.back"]["reason"] == "more packets were counted back than the village has"
    assert [option["value"] for option in found["s2.outcome"]["options"]] == ["delivered", "nobody", "road_closed", "refused"]
    assert found["s2.outcome"]["text"].startswith("stop 2, what happened · Қызыләскер")
    assert "reader" not in browser.get("/cases", base_url=HERE).get_data(as_text=True)


def test_the_field_is_cut_out_as_it_is_printed_beside_its_stop_and_the_drivers_name_is_covered(home: Home, browser: FlaskClient) -> None:
    for case in shown(browser).values():
        picture = grey(browser.get(f"/road/picture/{case['id']}", base_url=HERE).data)
        assert picture.shape[1] > picture.shape[0], "lying, as it is printed"
        dark = (picture < 100).mean()
        assert 0.01 < dark < 0.3, "print and marks are on it"
    whole = grey(browser.get(f"/road/picture/{case['id']}?whole", base_url=HERE).data)
    assert whole.shape[1] > whole.shape[0]
    left, top, right, bottom = (round(side * whole.shape[1] / 297) for side in DRIVER_MM)
    assert (whole[top + 2 : bottom - 2, left + 2 : right - 2] > 200).all(), "nothing is printed or written there, but for the dust of JPEG"


def grey(jpeg: bytes) -> Any:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)


def test_the_cut_follows_the_form_that_is_printed(home: Home) -> None:
    """Rooms that may not ask each other hold the same places; the manifest's columns moved, this would tell."""
    layout = printed_form(Form(((1, 2), (2, 3)), 3, last=True))[0]
    assert (EDGES[0] - 1, EDGES[TIME] + 1) == STOP_MM
    stop, outcome = field_regions(layout, "s1.outcome")
    assert (stop[0], stop[2]) == STOP_MM
    assert EDGES[OUTCOME] <= outcome[0]
    assert outcome[2] <= EDGES[OUTCOME] + COLUMNS[OUTCOME] + 0.5
    with pytest.raises(KeyError):
        field_regions(layout, "s9.outcome")


def test_a_word_is_a_persons_and_what_it_settles_waits_no_more(home: Home, review: Review, browser: FlaskClient, folder: Path) -> None:
    cases = shown(browser)
    answer = send(browser, review, "/road/decide", {"id": cases["odometer.end"]["id"], "value": "0120612"})
    assert (answer.status_code, fields(answer)) == (200, ["s1.back", "s2.outcome"]), "the start is plain again"
    end = note_of(home, "odometer.end")
    assert (end.value, end.state, end.decided_by, end.page is not None) == ("120612", "read", "person", True)
    assert acts(home)[-1] == "routes.note"
    send(browser, review, "/road/decide", {"id": cases["s2.outcome"]["id"], "value": "nobody"})
    assert told(folder)[0][1]["state"] == "not_delivered"
    assert review.decided == 2


def test_a_word_that_puts_another_field_in_doubt_shows_it(home: Home, review: Review, browser: FlaskClient) -> None:
    send(browser, review, "/road/decide", {"id": shown(browser)["s2.outcome"]["id"], "value": "delivered"})
    answer = send(browser, review, "/road/decide", {"id": shown(browser)["s1.back"]["id"], "value": "4"})
    assert fields(answer) == ["odometer.start", "odometer.end", "packets.back"]
    assert note_of(home, "packets.back").reason == "does_not_add_up"


def test_nothing_said_is_a_word_too(home: Home, review: Review, browser: FlaskClient) -> None:
    assert send(browser, review, "/road/decide", {"id": shown(browser)["s2.outcome"]["id"], "value": ""}).status_code == 200
    assert (note_of(home, "s2.outcome").state, note_of(home, "s2.outcome").decided_by) == ("blank", "person")
    assert "s2.outcome" not in shown(browser)


@pytest.mark.parametrize(
    ("item", "value"),
    [("s2.outcome", "lost"), ("s2.outcome", "3"), ("s1.back", "100"), ("s1.back", "delivered"), ("s1.back", "-1"), ("s1.back", "٣")],
)
def test_what_a_field_cannot_have_is_refused_and_nothing_is_written(
    home: Home, review: Review, browser: FlaskClient, item: str, value: str
) -> None:
    before = acts(home)
    answer = send(browser, review, "/road/decide", {"id": shown(browser)[item]["id"], "value": value})
    assert (answer.status_code, value in answer.get_json()["text"]) == (422, True)
    assert acts(home) == before


def test_who_comes_second_is_told_what_stands_and_writes_nothing(home: Home, review: Review, browser: FlaskClient) -> None:
    other = Review(home, Guard(PORT))
    second = let_in(other)
    case = shown(second)["s2.outcome"]
    assert send(browser, review, "/road/decide", {"id": case["id"], "value": "nobody"}).status_code == 200
    for path, body in (("/road/decide", {"value": "delivered"}), ("/road/aside", {}), ("/road/decide", {"value": "nobody"})):
        answer = send(second, other, path, {"id": case["id"], **body})
        assert (answer.status_code, answer.get_json()["code"], answer.get_json()["stands"]) == (409, "conflict", "nobody there")
    assert note_of(home, "s2.outcome").value == "nobody"
    assert acts(home).count("routes.note") == 1


def test_taking_back_leaves_everything_as_it_was_also_what_the_word_had_moved(
    home: Home, review: Review, browser: FlaskClient, folder: Path
) -> None:
    before = told(folder)
    cases = shown(browser)
    made = [
        send(browser, review, "/road/decide", {"id": cases[item]["id"], "value": value}).get_json()["id"]
        for item, value in (("s2.outcome", "delivered"), ("odometer.end", "120612"))
    ]
    assert told(folder)[0][1]["state"] == "delivered"
    assert send(browser, review, "/undo", {"id": made[0]}).status_code == 403, "a record of answers is another matter"
    for number in reversed(made):
        assert send(browser, review, "/road/undo", {"id": number}).status_code == 200
    assert told(folder) == before
    assert shown(browser) == cases
    assert review.decided == 0
    assert send(browser, review, "/road/undo", {"id": made[0]}).status_code == 403, "taken back once"
    assert "routes note" in here(folder, "undo", "--dry-run", day=TUESDAY).body["errors"][0]["hint"], (
        "passed over: the scan is the last act"
    )


def test_poshta_undo_takes_back_a_word_of_the_page_with_what_it_moved(
    home: Home, review: Review, browser: FlaskClient, folder: Path
) -> None:
    before = told(folder)
    send(browser, review, "/road/decide", {"id": shown(browser)["s2.outcome"]["id"], "value": "delivered"})
    assert told(folder) != before
    assert here(folder, "undo", day=TUESDAY).data["action"] == "routes.note"
    assert told(folder) == before


def test_nothing_is_taken_back_over_a_newer_word(home: Home, review: Review, browser: FlaskClient) -> None:
    made = send(browser, review, "/road/decide", {"id": shown(browser)["s2.outcome"]["id"], "value": "delivered"}).get_json()["id"]
    with home.database.write() as session:
        noted(session, road_route(session, route(home)), [Note("s2.outcome", "refused", (), READ, "", "person")])
    answer = send(browser, review, "/road/undo", {"id": made})
    assert (answer.status_code, answer.get_json()["stands"]) == (409, "would not take it")
    assert note_of(home, "s2.outcome").value == "refused"


def test_what_nobody_can_read_stays_a_doubt_is_told_apart_and_a_better_copy_settles_it(
    home: Home, review: Review, browser: FlaskClient, folder: Path
) -> None:
    made = send(browser, review, "/road/aside", {"id": shown(browser)["s2.outcome"]["id"]})
    assert fields(made) == FIELDS
    assert shown(browser)["s2.outcome"]["aside"] is True
    held = note_of(home, "s2.outcome")
    assert (held.state, held.reason, held.decided_by) == ("doubt", "not_legible", "person")
    assert {each["reason"] for each in told(folder)[2] if each["item"] == "s2.outcome"} == {"not_legible"}
    better = replace(held, value="nobody", candidates=(), state=READ, reason="", decided_by="reader")
    with home.database.write() as session:
        noted(session, road_route(session, route(home)), settled({"s2.outcome": held}, [better]))
    assert note_of(home, "s2.outcome").value == "nobody"


def test_what_contradicts_a_number_that_nobody_can_read_is_not_taken_for_true(home: Home, review: Review, browser: FlaskClient) -> None:
    answer = send(browser, review, "/road/aside", {"id": shown(browser)["odometer.start"]["id"]})
    assert fields(answer) == FIELDS
    assert note_of(home, "odometer.end").reason == "ends_before_start"


def test_a_sheet_whose_picture_is_gone_can_still_be_decided(home: Home, review: Review, browser: FlaskClient) -> None:
    shutil.rmtree(home.path / "originals")
    case = shown(browser)["s2.outcome"]
    assert browser.get(f"/road/picture/{case['id']}", base_url=HERE).status_code == 404
    assert send(browser, review, "/road/decide", {"id": case["id"], "value": "nobody"}).status_code == 200


def test_another_week_shows_nothing_and_a_stranger_gets_no_picture(home: Home, review: Review, browser: FlaskClient) -> None:
    number = shown(browser)["s1.back"]["id"]
    assert shown(let_in(Review(home, Guard(PORT), "2026-W42"))) == {}
    assert review_app(review).test_client().get(f"/road/picture/{number}", base_url=HERE).status_code == 403
    assert browser.get("/road/picture/999999", base_url=HERE).status_code == 404
    assert send(browser, review, "/road/decide", {"id": 999_999, "value": "nobody"}).status_code == 404
    assert send(browser, review, "/road/decide", {"id": number}).status_code == 400


def test_the_layout_of_the_sheet_says_how_large_a_number_may_be(home: Home, browser: FlaskClient) -> None:
    with home.database.read() as session:
        page = next(row for row in session.query(Page) if row.route)
        layout = Layout.from_json(session.get_one(LayoutRow, page.layout).geometry)
    columns = {box.column for box in layout.boxes_of("odometer.end")}
    assert shown(browser)["odometer.end"]["most"] == "9" * len(columns)


@pytest.mark.slow
@pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
def test_a_drivers_doubts_are_cleared_by_keys_alone_in_a_browser(folder: Path, tmp_path: Path) -> None:
    with opened(SmallDesk(folder, folder, folder, folder), tmp_path, "kk") as browser:
        browser.picture(tmp_path / "page.png")
        assert browser.evaluate("desk.cases.map((each) => each.field)") == FIELDS
        assert browser.evaluate("document.getElementById('said').hidden")
        typed(browser, "4")
        browser.until("desk.done === 1 && desk.seen && !desk.busy && now().field === 's2.outcome'")
        assert "жоқ" in browser.evaluate("document.querySelectorAll('#options button')[1].textContent")
        browser.press("2")
        browser.press("Enter")
        browser.until("desk.done === 2 && desk.seen && !desk.busy && now().field === 'odometer.start'")
        assert browser.evaluate("left()") == 3, "the sum of all is doubted now"
        browser.press("u")
        browser.until("desk.done === 3 && desk.seen && !desk.busy && now().field === 'odometer.end'")
        browser.press("z")
        browser.until("desk.done === 2 && desk.seen && !desk.busy && now().field === 'odometer.start'")
        browser.press("w")
        browser.until("desk.whole && desk.seen")
        assert browser.evaluate("document.getElementById('picture').naturalWidth > document.getElementById('picture').naturalHeight")
        typed(browser, "119900")
        browser.until("desk.done === 3 && !desk.busy && desk.seen")
        assert browser.evaluate("now().field") == "packets.back", "the end is plain again"
        assert browser.complaints() == []
    opened_home = open_home(folder)
    assert [note_of(opened_home, item).value for item in FIELDS] == ["4", "nobody", "119900", "120012"]
    opened_home.close()


def typed(browser: Browser, number: str) -> None:
    for digit in number:
        browser.press(digit)
    browser.press("Enter")

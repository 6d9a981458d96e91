"""A road server's legs: taken where they can be true, kept in the home, and told by name where the server is down, slow or lies."""

from __future__ import annotations

import errno
import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from records.language import set_language
from routing import osrm, sheet
from routing.osrm_cache import FILE
from routing.request import Request, answer
from routing.roads import ESTIMATE, MATRIX, OSRM, Place
from routing.scopes import Scope, models
from routing.served import _blocks, _existing, with_server
from routing.verify import faults, legs_of
from tests.conftest import Poshta
from tests.routing.road_server import ROAD_FACTOR, road_server
from tests.routing.test_commands import WEEK, change
from tests.routing.weeks import call, days, existing, fill_desk, replace_settings, request, schedule

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens there


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries are told, not waited for."""
    monkeypatch.setattr(osrm, "FIRST_PAUSE", 0.0)


def week(url: str, villages: int = 5, **settings: object) -> Request:
    """A week whose roads are asked of a server."""
    calls = [call(f"5936302{place:02d}", 54.05 + place * 0.03, 69.05 + place * 0.02) for place in range(villages)]
    made = {"osrm_url": url, "osrm_tries": 2, "osrm_timeout_seconds": 5.0, "iterations": 60}
    return request(calls, days(), settings=replace_settings(**{**made, **settings}))


def sources(asked: Request) -> set[str]:
    """Where the legs between different places come from."""
    (model,) = models(asked.calls, asked.fleet, asked.roads, Scope.COUNTRY)
    rows = range(len(model.depots) + len(model.calls))
    return {model.roads.source(a, b) for a in rows for b in rows if a != b}


def test_every_leg_is_the_servers_and_says_so(tmp_path: Path) -> None:
    """Metres and whole minutes of the server; the plan is judged by the same roads."""
    with road_server() as server:
        asked, told = with_server(tmp_path, week(server.url))
    assert told == ()
    assert sources(asked) == {OSRM}
    plan = answer(asked, 1)
    assert {stop.source for stop in plan.stops} | {route.return_source for route in plan.routes} == {OSRM}
    (model,) = models(asked.calls, asked.fleet, asked.roads, Scope.COUNTRY)
    estimated = models(asked.calls, asked.fleet, week("").roads, Scope.COUNTRY)[0]
    ratio = model.roads.metres[0, 1:] / estimated.roads.metres[0, 1:]
    assert ratio == pytest.approx(ROAD_FACTOR / 1.3, rel=1e-3)


def test_the_manifest_and_the_judge_know_the_source(tmp_path: Path) -> None:
    """The head says where the distances come from, times are no range, and a plan that says otherwise is found out."""
    with road_server() as server:
        asked, _told = with_server(tmp_path, week(server.url))
    plan = answer(asked, 1)
    assert sheet.sources(plan.routes[0]) == "жол сервері / сервер дорог"
    assert all(row.early == row.stop.arrive for row in sheet.rows(plan.routes[0]))
    first = plan.routes[0]
    lying = replace(plan, routes=(replace(first, stops=(replace(first.stops[0], source=MATRIX), *first.stops[1:])), *plan.routes[1:]))
    legs = legs_of(lying, asked.calls, asked.fleet, asked.roads)
    found = faults(lying, asked.calls, asked.fleet, legs, asked.roads.settings.service_minutes)
    assert [(fault.kind, "osrm" in fault.text) for fault in found] == [("source", True)]


def test_what_was_answered_is_not_asked_again(tmp_path: Path) -> None:
    """Neither with the server gone; another vehicle, another server or another village asks only for what is new."""
    with road_server() as server:
        first, _told = with_server(tmp_path, week(server.url))
        url = server.url
        before = len(server.asked)
        more, _told = with_server(tmp_path, week(url, villages=6))
        assert sum(server.asked[before:]) <= 5 + 5 + 1 + 1
        with_server(tmp_path, week(url, osrm_profile="truck"))
        assert server.asked[-1] == 36
    again, told = with_server(tmp_path, week(url))
    assert told == ()
    assert sources(more) == {OSRM}
    assert first.roads.served is not None
    assert again.roads.served is not None
    assert again.digest == first.digest


def test_questions_stay_within_the_servers_limit(tmp_path: Path) -> None:
    """Ten places at once, found out from the server's own refusal; every leg is asked for all the same."""
    with road_server(most=10) as server:
        asked, told = with_server(tmp_path, week(server.url, villages=30))
        assert 5 < server.largest <= 10
    assert told == ()
    assert sources(asked) == {OSRM}


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("most", [2, 3, 10])
def test_blocks_hold_every_missing_leg_and_no_more_places_than_allowed(count: int, most: int) -> None:
    """Whatever is missing."""
    dice = np.random.default_rng(count * 100 + most)
    missing = dice.random((count, count)) < 0.5
    asked = np.zeros_like(missing)
    for rows, columns in _blocks(missing, most):
        assert len({*rows, *columns}) <= most
        asked[np.ix_(rows, columns)] = True
    assert not (missing & ~asked).any()


ILL = {
    "negative": "road_server_lies",
    "shorter": "road_server_lies",
    "instant": "road_server_lies",
    "elsewhere": "road_server_far",
    "wayless": "road_server_no_way",
    "narrow": "road_server_wrong",
    "wordy": "road_server_wrong",
    "distanceless": "road_server_wrong",
    "half": "road_server_wrong",
    "page": "road_server_wrong",
    "list": "road_server_wrong",
    "broken": "road_server_down",
    "profileless": "road_server_refuses",
    "unsegmented": "road_server_refuses",
}


@pytest.mark.parametrize("mood", ILL)
def test_an_ill_server_is_told_by_name_and_the_week_is_planned_by_the_estimate(mood: str, tmp_path: Path) -> None:
    """The sentence names the server and how many legs are estimated; nothing of it is believed."""
    with road_server(mood) as server:
        asked, told = with_server(tmp_path, week(server.url))
        assert [each.code for each in told] == [ILL[mood]]
        assert server.url in told[0].text
        assert "30 legs" in told[0].text
        assert not told[0].refused
    assert sources(asked) == {ESTIMATE}
    plan = answer(asked, 1)
    assert not plan.unplanned
    assert {stop.source for stop in plan.stops} == {ESTIMATE}


@pytest.mark.parametrize("mood", ["slow", "dripping"])
def test_a_slow_server_is_given_up(mood: str, tmp_path: Path) -> None:
    """One that thinks for long, and one that sends a letter at a time."""
    with road_server(mood) as server:
        begun = time.monotonic()
        asked, told = with_server(tmp_path, week(server.url, osrm_timeout_seconds=0.2, osrm_tries=1))
        assert time.monotonic() - begun < 3
    assert [each.code for each in told] == ["road_server_slow"]
    assert sources(asked) == {ESTIMATE}


def test_a_server_that_is_down_is_asked_twice_and_not_for_every_block(tmp_path: Path) -> None:
    """Two blocks without an answer, and the rest is estimated at once."""
    begun = time.monotonic()
    asked, told = with_server(tmp_path, week(NOWHERE, villages=40, osrm_block=4))
    assert time.monotonic() - begun < 5
    assert [each.code for each in told] == ["road_server_down"]
    assert "1640 legs" in told[0].text
    assert sources(asked) == {ESTIMATE}


def test_a_server_that_is_busy_at_first_is_tried_again(tmp_path: Path) -> None:
    """With a pause between; then all is well, and nothing is told."""
    with road_server(fail_first=1) as server:
        asked, told = with_server(tmp_path, week(server.url))
    assert told == ()
    assert sources(asked) == {OSRM}


def test_pauses_grow() -> None:
    """Half a second, one, two ... and never more than eight."""
    pauses: list[float] = []
    osrm.FIRST_PAUSE = 0.5
    server = osrm.Server(NOWHERE, "driving", 1.0, 7, pauses.append)
    with pytest.raises(osrm.ServerFailed):
        osrm.table(server, [(54.0, 69.0)], [(54.1, 69.1)])
    assert pauses == [0.5, 1, 2, 4, 8, 8]


def test_an_answer_without_places_is_taken(tmp_path: Path) -> None:
    """A server that does not say where it put the places is believed as far as its legs can be true."""
    with road_server("bare") as server:
        asked, told = with_server(tmp_path, week(server.url))
    assert told == ()
    assert sources(asked) == {OSRM}


def test_one_village_far_from_any_road_spoils_nothing_for_the_others(tmp_path: Path) -> None:
    """Its legs are estimated, all others are the server's; the next run knows it without asking."""

    def answer_with_one_place_far(path: str) -> tuple[int, bytes]:
        status, content = plain(path)
        return status, content.replace(b"[69.05, 54.05]", b"[69.25, 54.05]")

    with road_server() as server:
        plain = server.answer
        server.answer = answer_with_one_place_far  # type: ignore[method-assign]
        asked, told = with_server(tmp_path, week(server.url))
        times = len(server.asked)
        again, told_again = with_server(tmp_path, week(server.url))
        assert len(server.asked) == times
    assert [each.code for each in told] == [each.code for each in told_again] == ["road_server_far"]
    assert "10 legs" in told[0].text
    assert "(593630200)" in told[0].text
    assert sources(asked) == {OSRM, ESTIMATE} == sources(again)


def test_the_users_matrix_goes_before_the_server(tmp_path: Path) -> None:
    """And the estimate comes last: a village without coordinates is not asked for."""
    from routing.matrix import read_matrix

    (tmp_path / "roads.csv").write_text("from,to,metres,seconds\n150400,593630200,20000,1201\n")
    matrix = read_matrix(tmp_path / "roads.csv", "summer").matrix
    with road_server() as server:
        wanted = week(server.url)
        wanted = replace(wanted, calls=(*wanted.calls, call("593630299", None, None)), roads=replace(wanted.roads, matrix=matrix))
        asked, told = with_server(tmp_path, wanted)
    assert told == ()
    (model,) = models(asked.calls, asked.fleet, asked.roads, Scope.COUNTRY)
    assert (model.roads.source(0, 1), model.roads.source(1, 0), model.roads.source(0, 6)) == (MATRIX, OSRM, ESTIMATE)
    assert [each.kato for each in answer(asked, 1).unplanned] == ["593630299"]


def test_a_damaged_cache_is_begun_anew(tmp_path: Path) -> None:
    """It holds nothing that cannot be asked for again."""
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_bytes(b"SQLite format 3\0" + b"rubbish" * 500)
    with road_server() as server:
        asked, told = with_server(tmp_path, week(server.url))
    assert told == ()
    assert sources(asked) == {OSRM}


KILLED = """
import sys
from pathlib import Path
from tests.routing.test_served import week, with_server
with_server(Path(sys.argv[1]), week(sys.argv[2], villages=20, osrm_block=4))
"""


@pytest.mark.slow
def test_a_killed_command_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """What the first, killed one was answered is not asked for again."""
    with road_server() as server:
        child = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path), server.url], cwd=ROOT)
        while len(server.asked) < 30:
            assert child.poll() is None, "it was not killed in the midst"
            time.sleep(0.005)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        done = len(server.asked)
        asked, told = with_server(tmp_path, week(server.url, villages=20, osrm_block=4))
        assert len(server.asked) - done <= 11 * 11 - done + 2
    assert told == ()
    assert sources(asked) == {OSRM}


@pytest.fixture
def district(desk: Path) -> Path:
    """A desk with eight villages and their built packets."""
    change(desk, fill_desk)
    return desk


@pytest.fixture
def settings_of(district: Path) -> Path:
    """The desk's settings file."""
    return district / "poshta.toml"


def test_the_command_asks_the_server_of_the_settings(settings_of: Path, poshta: Poshta) -> None:
    """Every leg says osrm; without the server the same week is the same plan, out of the cache; a new village shows that it is down."""
    with road_server() as server:
        settings_of.write_text(f'[routes]\nosrm_url = "{server.url}"\nosrm_tries = 1\n')
        said = poshta("routes", "plan", *WEEK)
        assert (said.code, said.body["errors"]) == (0, [])
        routes = poshta("routes", "export", *WEEK).data["routes"]
        assert {stop["source"] for route in routes for stop in route["stops"]} == {"osrm"}
    assert not poshta("routes", "plan", *WEEK).data["changed"]
    change(settings_of.parent, lambda session: fill_desk(session, villages=3, district="5940", office="150500", seed=2))
    down = poshta("routes", "plan", *WEEK, lang="ru")
    assert down.code == 0
    assert [each["code"] for each in down.body["errors"]] == ["road_server_down"]
    exported = poshta("routes", "export", *WEEK).data["routes"]
    assert {stop["source"] for route in exported for stop in route["stops"]} == {"osrm", "estimate"}


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org", "http://user:secret@example.org", "example.org"])
def test_what_is_no_servers_address_is_refused_with_the_settings(url: str, settings_of: Path, poshta: Poshta) -> None:
    """Exit 5; a password has no place in the settings."""
    settings_of.write_text(f'[routes]\nosrm_url = "{url}"\n')
    assert poshta("routes", "plan", *WEEK).code == 5


def test_the_cache_tells_nothing_of_pupils(settings_of: Path, poshta: Poshta) -> None:
    """Coordinates, metres and seconds, and the server's address."""
    with road_server() as server:
        settings_of.write_text(f'[routes]\nosrm_url = "{server.url}"\n')
        poshta("routes", "plan", *WEEK)
    with sqlite3.connect(settings_of.parent / FILE) as kept:
        tables = {name for (name,) in kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"server", "place", "leg"}


def test_places_that_existing_routes_pass_are_asked_for_too(tmp_path: Path) -> None:
    """A village without a packet lies on the post's own route: its legs are the server's, and nothing is counted twice."""
    wanted = week("", villages=3)
    riding = schedule(existing("1", [wanted.calls[0].kato, "593639900"]), calls=wanted.calls, passed={"593639900": (54.2, 69.2)})
    with road_server() as server:
        asked, told = with_server(tmp_path, replace(week(server.url, villages=3), schedule=riding))
    assert told == ()
    table = asked.roads.table([Place(("593630200",), 54.05, 69.05), Place(("593639900",), 54.2, 69.2)])
    assert (table.source(0, 1), table.source(1, 0)) == (OSRM, OSRM)


def test_coordinates_that_are_not_believed_are_not_asked_for_by_an_existing_route() -> None:
    """What is known of the week's village stands, whatever the list of routes knew of it."""
    lost, sound = call("593630200", None, None), call("593630201", 54.2, 69.0)
    wanted = request([lost, sound], days())
    wanted = replace(wanted, schedule=schedule(existing("3", [lost.kato, sound.kato]), calls=[sound], passed={lost.kato: (69.1, 54.1)}))
    (places,) = _existing(wanted)
    assert [(place.names[0], place.lat) for place in places] == [("150400", 54.0), (lost.kato, None), (sound.kato, 54.2)]


@pytest.mark.parametrize("mood", ["wordy", "distanceless", "half", "page", "list"])
def test_why_a_server_is_not_believed_is_told_in_the_language_of_the_desk(mood: str, tmp_path: Path) -> None:
    """No English word is left but the names of fields."""
    set_language("ru")
    with road_server(mood) as server:
        _asked, told = with_server(tmp_path, week(server.url))
    words = set(re.findall(r"[A-Za-z]+", told[0].text.replace(server.url, "")))
    assert words <= {"JSON", "distances", "durations"}


def test_a_server_that_is_not_there_is_told_without_the_systems_words(tmp_path: Path) -> None:
    """Nobody listens, the name is unknown, the connection breaks off: in the language of the desk."""
    set_language("ru")
    _asked, told = with_server(tmp_path, week(NOWHERE))
    assert "там никто не отвечает" in told[0].text
    broken = (socket.gaierror(-2, "Name or service not known"), ConnectionResetError(104, "reset"), http.client.RemoteDisconnected("x"))
    assert not [words for words in map(osrm._plain, broken) if re.search("[A-Za-z]", words)]
    assert osrm._plain(OSError(errno.ENETUNREACH, "Network is unreachable")) == "по сети туда нет пути"
    assert osrm._plain(OSError("a word of its own")) == "a word of its own"

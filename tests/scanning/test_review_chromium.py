"""The review's page in a real browser: doubts are cleared by the keyboard alone, with pictures of the sheets, asking nothing of the net."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from records import schema
from records.grades import DOUBT, PERSON, Decision, Recorded, decide, recorded
from records.home import open_home
from scanning.amend import amend
from tests.scanning.chromium import Browser, chromium
from tests.small_desk import SmallDesk, command, environment

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine: the page is tested without a browser in test_review.py"),
]
SHOWN = "!document.getElementById('shown').hidden"


def make_doubts(home: Path, most: int) -> None:
    """Put so many one-letter answers of the finished week in doubt."""
    desk = open_home(home)
    with desk.database.write() as session:
        rows = [each for each in recorded(session) if each.state == "read" and each.reading[0] in "ABCD" and len(each.reading) == 1]
        for each in rows[:most]:
            decide(session, in_doubt(each))
    desk.close()


def in_doubt(held: Recorded) -> Decision:
    fields = {name: getattr(held, name) for name in Decision.__slots__}
    return Decision(**fields | {"state": DOUBT, "reason": "faint", "candidates": held.reading, "reading": (), "points": None})


@contextmanager
def served(desk: SmallDesk, lang: str = "en") -> Iterator[str]:
    """`poshta scan review` as a process; its address."""
    words = command(desk.home, "scan", "review", "--no-browser", lang=lang)
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environment()) as process:
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/\?key=\S+", process.stderr.readline())
        assert found
        try:
            yield found[0]
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            finally:
                process.kill()


def current(browser: Browser) -> dict[str, object]:
    return dict(browser.evaluate("({id: now().id, kind: now().kind, left: left(), keys: desk.keys, done: desk.done})"))


def test_doubts_are_cleared_by_keys_alone_two_each_and_taken_back(own_desk: SmallDesk, tmp_path: Path) -> None:
    make_doubts(own_desk.home, 12)
    program = chromium()
    assert program
    with served(own_desk) as address, Browser(program, tmp_path / "profile") as browser:
        browser.go(address)
        browser.until(f"{SHOWN} && desk.seen && document.getElementById('picture').naturalWidth > 300")
        assert browser.evaluate("location.search") == "", "the key is gone from the address"
        assert browser.evaluate("document.cookie") == "", "scripts cannot read the cookie"
        start = browser.evaluate("left()")
        browser.press("Enter")
        assert "Choose first" in browser.evaluate("document.getElementById('message').textContent")
        browser.evaluate("desk.keys = 0")
        count = 0
        while browser.evaluate("now() && open(now()) && now().kind === 'one'") and count < 10:
            browser.press("ф" if count % 2 else "a", "KeyA")
            browser.press("Enter")
            count += 1
            browser.until(f"desk.done === {count} && !desk.busy && desk.seen")
        assert count >= 5
        assert current(browser)["keys"] == 2 * count, "two keys for each doubt"
        browser.press("z")
        browser.until(f"desk.done === {count - 1} && !desk.busy && desk.seen")
        assert browser.evaluate("left()") == start - count + 1
        browser.press("u")
        browser.until(f"desk.done === {count} && !desk.busy")
        strangers = [each for each in browser.asked() if not each.startswith(address.split("/?")[0]) and each != "about:blank"]
        assert strangers == []
        assert browser.complaints() == []
    desk = open_home(own_desk.home)
    with desk.database.read() as session:
        mine = [each for each in recorded(session) if each.decided_by == PERSON]
        acts = [row.action for row in session.query(schema.Act).order_by(schema.Act.id)]
    desk.close()
    assert sum(each.reading == ("A",) for each in mine) == count - 1
    assert [each.reason for each in mine if each.state == DOUBT] == ["not_legible"]
    assert acts[-1] == "grades.amend"
    assert acts.count("undo") == 1


def test_nothing_is_decided_before_its_own_picture_is_there(own_desk: SmallDesk, tmp_path: Path) -> None:
    make_doubts(own_desk.home, 3)
    program = chromium()
    assert program
    with served(own_desk) as address, Browser(program, tmp_path / "profile") as browser:
        browser.go(address)
        browser.until(f"{SHOWN} && desk.seen && now().kind === 'one'")
        assert browser.evaluate("document.getElementById('picture').offsetHeight") > 0
        browser.hold("*?whole")
        browser.press("w")
        for key in ("a", "Enter", " ", "u"):
            browser.press(key)
        time.sleep(0.3)
        assert browser.evaluate("[desk.done, desk.chosen.size, document.getElementById('picture').offsetHeight]") == [0, 0, 0]
        assert not browser.evaluate("desk.seen")
        browser.release()
        browser.until("desk.seen && document.getElementById('picture').offsetHeight > 0")
        browser.press("a")
        browser.press("Enter")
        browser.until("desk.done === 1 && !desk.busy && desk.seen")
        assert browser.complaints() == []


def test_what_somebody_else_decided_since_is_not_in_the_way_of_taking_back_what_came_before(own_desk: SmallDesk, tmp_path: Path) -> None:
    make_doubts(own_desk.home, 3)
    program = chromium()
    assert program
    with served(own_desk) as address, Browser(program, tmp_path / "profile") as browser:
        browser.go(address)
        for count in (1, 2):
            browser.until(f"{SHOWN} && desk.done === {count - 1} && !desk.busy && desk.seen && now().kind === 'one'")
            browser.press("a")
            browser.press("Enter")
        browser.until("desk.done === 2 && !desk.busy")
        made = browser.evaluate("desk.made.at(-1).made")
        desk = open_home(own_desk.home)
        with desk.database.write() as session:
            (mine,) = [each for each in recorded(session) if each.id == made]
            amend(session, mine.page, mine.item, "B")
        desk.close()
        browser.press("z")
        browser.until("desk.made.length === 1 && !desk.busy")
        assert browser.evaluate("desk.done") == 2
        browser.press("z")
        browser.until("desk.done === 1 && desk.made.length === 0")


def test_a_button_that_is_reached_by_keys_is_pressed_and_decides_nothing_else(own_desk: SmallDesk, tmp_path: Path) -> None:
    make_doubts(own_desk.home, 3)
    program = chromium()
    assert program
    with served(own_desk) as address, Browser(program, tmp_path / "profile") as browser:
        browser.go(address)
        browser.until(f"{SHOWN} && desk.seen && now().kind === 'one'")
        browser.evaluate("document.getElementById('around').focus()")
        browser.press(" ")
        browser.until("desk.whole && desk.seen")
        browser.evaluate("document.querySelector('#options button').focus()")
        browser.press("Enter")
        assert browser.evaluate("[desk.done, desk.chosen.size, desk.busy]") == [0, 1, False]
        browser.press("Enter")
        browser.until("desk.done === 1 && !desk.busy && desk.seen")
        assert browser.complaints() == []


def test_a_narrow_screen_shows_one_column_that_fits(own_desk: SmallDesk, tmp_path: Path) -> None:
    make_doubts(own_desk.home, 2)
    program = chromium()
    assert program
    with served(own_desk, "kk") as address, Browser(program, tmp_path / "profile", (500, 900)) as browser:
        browser.go(address)
        browser.until(f"{SHOWN} && document.getElementById('picture').naturalWidth > 300")
        assert browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        lowest = browser.evaluate(
            "Math.min(...[...document.querySelectorAll('button')].filter(b => b.offsetHeight).map(b => b.offsetHeight))"
        )
        assert lowest >= 48, "a finger finds it"
        assert browser.evaluate(
            "document.getElementById('desk').getBoundingClientRect().top > document.getElementById('picture').getBoundingClientRect().bottom - 1"
        )

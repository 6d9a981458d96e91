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


def amended(home: Path, record: int, value: str) -> None:
    """Let somebody else say otherwise."""
    desk = open_home(home)
    with desk.database.write() as session:
        (mine,) = [each for each in recorded(session) if each.id == record]
        amend(session, mine.page, mine.item, value)
    desk.close()


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


@contextmanager
def opened(desk: SmallDesk, folder: Path, lang: str = "en", size: tuple[int, int] = (1280, 800)) -> Iterator[Browser]:
    """The review of a desk in a browser, its first picture there; what the browser complains of fails the test."""
    program = chromium()
    assert program
    with served(desk, lang) as address, Browser(program, folder / "profile", size) as browser:
        browser.go(address)
        browser.until(f"{SHOWN} && desk.seen && document.getElementById('picture').naturalWidth > 300")
        yield browser
        strangers = [each for each in browser.asked() if not each.startswith(address.split("/?")[0]) and each != "about:blank"]
        assert strangers == []


def decide_one(browser: Browser, key: str = "a", code: str = "") -> None:
    """Two keys for the case that is shown, and wait for the next."""
    done = browser.evaluate("desk.done")
    browser.until("!desk.busy && desk.seen && now().kind === 'one'")
    browser.press(key, code)
    browser.press("Enter")
    browser.until(f"desk.done === {done + 1} && !desk.busy")


def current(browser: Browser) -> dict[str, object]:
    return dict(browser.evaluate("({id: now().id, kind: now().kind, left: left(), keys: desk.keys, done: desk.done})"))


def test_doubts_are_cleared_by_keys_alone_two_each_and_taken_back(own_desk: SmallDesk, tmp_path: Path) -> None:
    make_doubts(own_desk.home, 12)
    with opened(own_desk, tmp_path) as browser:
        assert browser.evaluate("location.search") == "", "the key is gone from the address"
        assert browser.evaluate("document.cookie") == "", "scripts cannot read the cookie"
        start = browser.evaluate("left()")
        browser.press("Enter")
        assert "Choose first" in browser.evaluate("document.getElementById('message').textContent")
        browser.evaluate("desk.keys = 0")
        count = 0
        while browser.evaluate("now() && open(now()) && now().kind === 'one'") and count < 10:
            decide_one(browser, "ф" if count % 2 else "a", "KeyA")
            browser.until("desk.seen || !now() || !open(now())")
            count += 1
        assert count >= 2, "how many come before one of another kind depends on the desk's key"
        assert current(browser)["keys"] == 2 * count, "two keys for each doubt"
        browser.press("z")
        browser.until(f"desk.done === {count - 1} && !desk.busy && desk.seen")
        assert browser.evaluate("left()") == start - count + 1
        browser.press("u")
        browser.until(f"desk.done === {count} && !desk.busy")
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
    with opened(own_desk, tmp_path) as browser:
        browser.until("desk.seen && now().kind === 'one'")
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
    with opened(own_desk, tmp_path) as browser:
        decide_one(browser)
        decide_one(browser)
        made = browser.evaluate("desk.made.at(-1).made")
        amended(own_desk.home, made, "B")
        browser.press("z")
        browser.until("desk.made.length === 1 && !desk.busy")
        assert browser.evaluate("desk.done") == 2
        browser.press("z")
        browser.until("desk.done === 1 && desk.made.length === 0")


def test_a_button_that_is_reached_by_keys_is_pressed_and_decides_nothing_else(own_desk: SmallDesk, tmp_path: Path) -> None:
    make_doubts(own_desk.home, 3)
    with opened(own_desk, tmp_path) as browser:
        browser.until("desk.seen && now().kind === 'one'")
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
    with opened(own_desk, tmp_path, "kk", (500, 900)) as browser:
        assert browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        lowest = browser.evaluate(
            "Math.min(...[...document.querySelectorAll('button')].filter(b => b.offsetHeight).map(b => b.offsetHeight))"
        )
        assert lowest >= 48, "a finger finds it"
        assert browser.evaluate(
            "document.getElementById('desk').getBoundingClientRect().top > document.getElementById('picture').getBoundingClientRect().bottom - 1"
        )


def test_what_cannot_be_taken_back_is_told_also_where_nothing_is_left(own_desk: SmallDesk, tmp_path: Path) -> None:
    make_doubts(own_desk.home, 2)
    with opened(own_desk, tmp_path) as browser:
        decide_one(browser)
        made = browser.evaluate("desk.made.at(-1).made")
        amended(own_desk.home, made, "B")
        browser.evaluate("desk.cases.forEach((each) => { each.gone = true; }); showNone()")
        browser.press("z")
        browser.until("desk.made.length === 0 && !desk.busy")
        assert "What stands now: B" in browser.evaluate("document.getElementById('none').innerText")


def test_a_sheet_whose_name_is_being_sent_stays_until_the_desk_has_answered(own_desk: SmallDesk, tmp_path: Path) -> None:
    """Else «Next», pressed meanwhile, would take another sheet off the list than the one that was named."""
    make_doubts(own_desk.home, 1)
    with opened(own_desk, tmp_path) as browser:
        browser.evaluate("sheets.all = [{ scan: 1, reason: 'one' }, { scan: 2, reason: 'two' }, { scan: 3, reason: 'three' }]; showSheet()")
        browser.evaluate(
            "sheets.seen = true; document.getElementById('code').value = 'x'; "
            "ask = () => new Promise((answered) => { window.letThrough = () => answered({ ok: true, body: {} }); })"
        )
        browser.evaluate("void nameSheet()")
        browser.evaluate("document.getElementById('sheet_next').click(); document.getElementById('to_cases').click()")
        assert browser.evaluate("[sheets.here, document.getElementById('nameless').hidden]") == [0, False]
        browser.evaluate("letThrough()")
        browser.until("!desk.busy")
        assert browser.evaluate("sheets.all.map((each) => each.scan)") == [2, 3]

"""An exported review in a real browser, opened from the disk: decided by keys alone, kept over a reload, saved to a file, taken in by the desk."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path

import pytest

from records import schema
from records.comments import standing_comments
from records.grades import PERSON, WAITING, Decision, decide, recorded
from records.home import open_home
from tests.scanning.chromium import Browser, chromium
from tests.scanning.test_review_chromium import make_doubts, opened
from tests.small_desk import WEEK, SmallDesk, here

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")]
READY = "!document.getElementById('shown').hidden && desk.seen && !desk.busy"


def exported(desk: SmallDesk, folder: Path, lang: str = "en") -> Path:
    file = folder / "review.html"
    assert here(desk.home, "review", "export", str(file), "--week", WEEK, lang=lang).code == 0
    return file


def say(browser: Browser, words: str) -> None:
    """Type words to the pupil: the field by its key, letter by letter, and Enter."""
    browser.press("m")
    for letter in words:
        browser.press(letter)
    browser.press("Enter")


def saved_in(folder: Path) -> Path:
    end = time.monotonic() + 30
    while not (found := list(folder.glob("*.json"))):
        assert time.monotonic() < end, "nothing was saved"
        time.sleep(0.1)
    return found[0]


def test_a_teacher_decides_by_keys_from_the_disk_and_the_desk_takes_it_in(own_desk: SmallDesk, tmp_path: Path) -> None:
    make_doubts(own_desk.home, 6)
    file = exported(own_desk, tmp_path)
    program = chromium()
    assert program
    with Browser(program, tmp_path / "profile") as browser:
        browser.save_into(tmp_path / "saved")
        browser.go(file.as_uri())
        browser.until(f"typeof desk === 'object' && {READY}")
        assert browser.evaluate("document.getElementById('picture').naturalWidth") > 300
        say(browser, "jaksy")
        browser.until("desk.made.length === 1")
        done = 0
        while done < 4:
            browser.until(f"{READY} && now().kind === 'one'")
            browser.press("b")
            browser.press("Enter")
            done += 1
            browser.until(f"desk.done === {done}")
        browser.press("z")
        browser.until(f"desk.done === 3 && {READY}")
        browser.press("u")
        browser.until("desk.done === 4")
        left = browser.evaluate("left()")
        browser.press("s")
        answers = json.loads(saved_in(tmp_path / "saved").read_text(encoding="utf-8"))
        assert len(answers["answers"]) == 4
        assert "answers-" in browser.evaluate("document.getElementById('saved').textContent")
        browser.go(file.as_uri() + "?again")
        browser.until(f"typeof desk === 'object' && {READY}")
        assert browser.evaluate("left()") == left, "kept in the browser"
        assert [each for each in browser.asked() if not each.startswith(("file:", "data:", "blob:", "about:"))] == []
        assert browser.complaints() == []
    told = here(own_desk.home, "review", "import", str(saved_in(tmp_path / "saved")))
    assert (told.code, told.data["decided"], told.data["comments"]) == (0, 4, 1)
    home = open_home(own_desk.home)
    with home.database.read() as session:
        mine = [each for each in recorded(session) if each.decided_by == PERSON]
        words = [each.words for each in standing_comments(session, {each.page for each in mine}).values()]
    home.close()
    assert sorted(each.reading for each in mine) == [(), ("B",), ("B",), ("B",)]
    assert words == ["jaksy"]


def test_written_answers_stand_beside_what_earns_points_and_take_one_key(own_desk: SmallDesk, tmp_path: Path) -> None:
    """On the desk's own page too: the rubric is shown, words to the pupil are kept, and Z takes back points first, then words."""
    home = open_home(own_desk.home)
    with home.database.write() as session:
        rows = [each for each in recorded(session) if each.item == "1"]
        work = session.get_one(schema.Assignment, str(rows[0].assignment))
        parts = list(work.definition["parts"])
        first = next(place for place, part in enumerate(parts) if "question" in part)
        parts[first] = {"question": "Неге?", "lines": 5, "points": "3", "rubric": "- 1: ой\n- 2: дәлел"}
        work.definition = {**work.definition, "parts": parts}
        for each in rows:
            waits = {"state": WAITING, "reading": (), "points": None, "max_points": Decimal(3)}
            decide(session, Decision(**{name: getattr(each, name) for name in Decision.__slots__} | waits))
    home.close()
    with opened(own_desk, tmp_path, "kk") as browser:
        browser.evaluate("desk.cases.forEach((each) => { each.gone = each.kind !== 'points'; }); desk.here = -1; move(1)")
        browser.until(f"{READY} && now().kind === 'points'")
        assert browser.evaluate("document.getElementById('picture').offsetWidth > 600"), "the writing is large"
        assert browser.evaluate("[...document.querySelectorAll('#rubric li')].map((each) => each.textContent)") == ["1: ой", "2: дәлел"]
        say(browser, "oila")
        browser.until("desk.made.length === 1")
        browser.press("1")
        browser.until("desk.done === 1 && !desk.busy")
        browser.press("z")
        browser.until("desk.done === 0 && desk.made.length === 1 && !desk.busy")
        assert browser.evaluate("document.getElementById('words_to_pupil').value") == "oila"
        browser.press("z")
        browser.until("desk.made.length === 0")
        browser.until("document.getElementById('words_to_pupil').value === ''")
        assert browser.complaints() == []


def test_a_narrow_screen_holds_it_in_one_column(own_desk: SmallDesk, tmp_path: Path) -> None:
    make_doubts(own_desk.home, 2)
    file = exported(own_desk, tmp_path, "kk")
    program = chromium()
    assert program
    with Browser(program, tmp_path / "profile", (500, 900)) as browser:
        browser.go(file.as_uri())
        browser.until(f"typeof desk === 'object' && {READY}")
        assert browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert browser.evaluate("document.documentElement.lang") == "kk"

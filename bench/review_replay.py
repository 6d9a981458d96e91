"""How many keys it takes to clear 200 doubts on the page of `scan review`, in a real Chromium: `python -m bench.review_replay DESK` (a desk of the demo; a copy is used).

Answers that the reader was sure of are put in doubt by seed, and decided by the keyboard as they were read. Not a timed test: it counts, and tells how long the machine took.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from records.grades import DOUBT, decide, recorded
from records.home import open_home
from tests.scanning.chromium import Browser, chromium
from tests.scanning.test_review_chromium import SHOWN, in_doubt, served
from tests.small_desk import SmallDesk

DOUBTS, SEED = 200, 200
READY = "desk.seen && !desk.busy"


def put_in_doubt(home: Path) -> dict[int, str]:
    """Bring the desk to so many doubts; answers what the reader had read of those that it was sure of, by record."""
    desk, chance = open_home(home), random.Random(SEED)
    with desk.database.write() as session:
        rows = recorded(session)
        sure = [each for each in rows if each.state == "read" and each.decided_by == "reader"]
        chosen = chance.sample(sure, DOUBTS - sum(each.state == DOUBT for each in rows))
        meant = {decide(session, in_doubt(each)): ",".join(each.reading) for each in chosen}
    desk.close()
    return meant


def keys_for(kind: str, said: str, labels: dict[str, str]) -> list[str]:
    """What a person presses for an answer: letters as they are printed on the page, or digits."""
    if kind == "number":
        return [*(said or "7"), "Enter"]
    if kind == "points":
        return [said or "0"]
    return [*(labels.get(value, value).lower() for value in (said or "A").split(",")), "Enter"]


def replay(home: Path, profile: Path) -> tuple[int, float, Counter[str]]:
    """Clear every doubt; answers keystrokes, seconds, and how many doubts there were of each kind."""
    meant, kinds, program = put_in_doubt(home), Counter[str](), chromium()
    assert program, "Chromium is not installed"
    with served(SmallDesk(home, home, home, home)) as address, Browser(program, profile) as browser:
        browser.go(address)
        browser.until(f"{SHOWN} && {READY}")
        browser.evaluate(
            "desk.cases.forEach((each) => { each.gone = !each.doubt || !!each.road; })"
        )  # written answers and drivers' sheets are not counted here
        begun = time.monotonic()
        while browser.evaluate("!!(now() && open(now()))"):
            browser.until(READY)
            kind, record, options = browser.evaluate("[now().kind, now().id, now().given.map((each) => [each.value, each.label])]")
            said = meant.get(record) or browser.evaluate("now().candidates[0] ?? ''")
            for key in keys_for(kind, said, dict(map(tuple, options))):
                browser.press(key)
            kinds[kind] += 1
            browser.until(f"desk.done === {kinds.total()} && !desk.busy")
            browser.until(f"{READY} || !now() || !open(now())")
        return int(browser.evaluate("desk.keys")), time.monotonic() - begun, kinds


def main() -> None:
    """Replay on a copy of the desk that is named."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "desk"
        shutil.copytree(sys.argv[1], home)
        keys, seconds, kinds = replay(home, Path(folder) / "profile")
    print(f"{kinds.total()} doubts {dict(kinds)}: {keys} keys, {seconds:.1f} s")


if __name__ == "__main__":
    main()

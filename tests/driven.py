"""A desk whose driver's sheet came back and cannot all be true: made once for the tests of its doubts on the review's page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from records.home import open_home
from records.keys import keep_key
from scanning.rehearsal.conditions import CONDITIONS, Condition
from scanning.stage import demo_key
from tests.routing.weeks import fill_desk
from tests.small_desk import WEEK, here
from tests.test_manifest_round import CAREFUL, CAREFUL_HABITS, GOOD, MONDAY, SEED, TUESDAY, filled_in

WRONG = GOOD | {"s1.back": ["9"], "odometer.end": ["120012"], "s2.outcome": [], "packets.back": ["14"]}


def driven_desk(folder: Path) -> Path:
    """Three stops, handed over on Monday and scanned on Tuesday: too many back at the first, no circle at the second, an odometer that ends before it starts."""
    home = folder / "desk"
    keep_key(home / "keys", demo_key(SEED, date.fromisoformat(MONDAY)))
    here(home, "init", day=MONDAY)
    opened = open_home(home)
    with opened.database.write() as session:
        fill_desk(session, villages=3)
    opened.close()
    for word in ("plan", "manifest", "handover"):
        assert here(home, "routes", word, "--week", WEEK, day=MONDAY).code == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CONDITIONS, CAREFUL, Condition(CAREFUL, CAREFUL_HABITS))
        file = filled_in(home, WRONG, folder / "post")
    assert here(home, "scan", str(file), day=TUESDAY).code == 3
    return home

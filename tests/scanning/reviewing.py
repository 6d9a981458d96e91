"""A desk with doubts and written answers, and a review of it: what the tests of the review's page begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from records.grades import Recorded, recorded
from records.home import Home
from records.journal import entries
from scanning.review_app import Review
from scanning.review_guard import FORM_KEY
from tests.scanning.desks import scan
from tests.scanning.measured_desk import measured_desk
from tests.scanning.paper import Sheet, page, save

PORT = 8765
HERE = f"http://127.0.0.1:{PORT}"


def doubtful_desk(folder: Path) -> Home:
    """Two doubts about question 1, one about question 2 and one about the number; two written answers without points."""
    desk = measured_desk(folder / "desk")
    sheets = (
        Sheet(page("P1", 2), {"1": "?erased:B", "2": "?two_marks:A|C"}),
        Sheet(page("P1", 3), {"3": "?gap:84", "4": ""}),
        Sheet(page("P2", 2), {"1": "?faint:A", "2": "A,C"}),
        Sheet(page("P2", 3), {"3": "84", "4": ""}),
    )
    scan(desk, *[save(folder / f"{number}.png", sheet, note=str(number)) for number, sheet in enumerate(sheets)])
    return desk


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

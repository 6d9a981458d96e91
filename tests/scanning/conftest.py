"""What the tests of the review's page are handed; a module that has a `home` of its own keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from records.home import Home
from scanning.review_app import Review, review_app
from scanning.review_guard import Guard
from tests.scanning.desks import TODAY
from tests.scanning.reviewing import HERE, PORT, doubtful_desk


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Answers of two pupils that wait for a person."""
    monkeypatch.setenv("POSHTA_TODAY", TODAY)
    desk = doubtful_desk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def review(home: Home) -> Review:
    """A review of that desk."""
    return Review(home, Guard(PORT))


@pytest.fixture
def browser(review: Review) -> FlaskClient:
    """A browser that has opened its address."""
    client = review_app(review).test_client()
    assert client.get("/", query_string={"key": review.guard.opening}, base_url=HERE).status_code == 200
    return client

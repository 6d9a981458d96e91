"""What this room's tests share: a desk of the small week."""

from __future__ import annotations

from pathlib import Path

import pytest

from packets import template
from records.home import Home
from tests.packets.week import NEXT_WEEK, WEEK, open_desk


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("POSHTA_TODAY", "2026-09-28")
    return open_desk(tmp_path / "desk", (WEEK, NEXT_WEEK))


@pytest.fixture
def short_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbooks of assignments have few empty rows, and are made the faster."""
    monkeypatch.setattr(template, "ROWS", 12)

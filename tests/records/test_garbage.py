"""A command and its workers look for rings of objects seldom."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

import cli
from records import garbage
from records.workers import workers

SELDOM = (garbage.YOUNG, garbage.MIDDLING, garbage.OLD)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_a_command_looks_for_garbage_seldom_but_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    gc.set_threshold(700, 10, 10)
    monkeypatch.setattr(sys, "argv", ["poshta", "--version"])
    with pytest.raises(SystemExit):
        cli.run()
    assert gc.get_threshold() == SELDOM
    assert gc.isenabled()


def test_so_does_each_of_its_workers() -> None:
    with workers(1, apart=True) as crew:
        assert crew.submit(gc.get_threshold).result() == SELDOM

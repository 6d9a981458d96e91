"""A command calculates on one thread, unless the user says otherwise."""

from __future__ import annotations

import os
import sys

import pytest

import cli
from records.threads import THREADS


def test_a_command_calculates_on_one_thread_unless_the_user_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    said, *others = THREADS
    for name in others:
        monkeypatch.setenv(name, "gone")  # so that it is taken back after the test
        monkeypatch.delenv(name)
    monkeypatch.setenv(said, "3")
    monkeypatch.setattr(sys, "argv", ["poshta", "--version"])
    with pytest.raises(SystemExit):
        cli.run()
    assert {os.environ[name] for name in others} == {"1"}
    assert os.environ[said] == "3"

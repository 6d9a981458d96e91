"""Pages kept by `bench.judgement --keep` and judged once more give the figures of the play, and another judge's where the judge is another."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import kept
from bench.judgement import again, run, summary
from bench.printed_week import print_week
from scanning.judge import judge_page
from scanning.thresholds import Thresholds


def test_kept_pages_tell_what_the_play_told_until_the_judge_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played = summary(run("office_scan", print_week(tmp_path / "week", 6), 7, 1, None, keep=tmp_path))
    file = tmp_path / "office_scan.kept"
    assert summary(again(file)) == {**played, "milliseconds": 0.0}
    harsher = Thresholds(sure=0.9999, agreed=0.9999, agreed_several=0.9999)
    monkeypatch.setattr(kept, "judge_page", lambda measurements, layout: judge_page(measurements, layout, harsher))
    assert summary(again(file))["doubtful"] > played["doubtful"]

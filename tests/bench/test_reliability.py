"""The reliability table counts what it says, and a reader that boasts shows in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import reliability
from bench.judgement import run
from bench.printed_week import print_week
from bench.reliability import Told, brier, questions, table, told_of
from scanning.rehearsal.meaning import ItemTruth, Must
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, ItemVerdict, Judgement

READ_B = ItemTruth("1", ("B",), Must.READ, also=(("C",),))


@pytest.mark.parametrize(
    ("judgement", "told"),
    [
        (Chosen(("B",)), Told(0.9, True, True)),
        (Chosen(("C",)), Told(0.9, True, True)),
        (Chosen(("A",)), Told(0.9, False, True)),
        (Doubt(DoubtReason.FAINT, ("B", "A")), Told(0.9, True, False)),
        (Doubt(DoubtReason.FAINT, ("A", "B")), Told(0.9, False, False)),
        (Doubt(DoubtReason.FAINT, ("C",)), Told(0.9, True, False)),
        (Doubt(DoubtReason.FAINT), None),
        (Blank(), None),
    ],
)
def test_a_question_tells_of_its_reading_or_of_the_first_candidate(judgement: Judgement, told: Told | None) -> None:
    assert told_of(READ_B, ItemVerdict("1", judgement, 0.9)) == told


def test_what_only_a_person_may_settle_and_what_was_not_weighed_tell_nothing() -> None:
    assert told_of(ItemTruth("1", (), Must.DOUBT), ItemVerdict("1", Chosen(("B",)), 0.9)) is None
    assert told_of(READ_B, ItemVerdict("1", Chosen(("B",)))) is None


def test_the_table_has_every_question_once_and_its_edges_belong_to_the_row_above_them() -> None:
    told = [Told(each, each > 0.5, True) for each in (0.0, 0.4, 0.5, 0.95, 0.999, 1.0)]
    lines = table(told)
    assert [(line.low, line.count) for line in lines] == [(0.0, 2), (0.5, 1), (0.95, 1), (0.999, 2)]
    assert lines[0].mean == pytest.approx(0.2)
    assert (lines[0].right, lines[-1].right) == (0.0, 1.0)
    assert brier([Told(1.0, True, True), Told(1.0, False, True)]) == 0.5


def test_a_reader_that_boasts_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run("office_scan", print_week(tmp_path / "week", 8), 7, 1, None, keep=tmp_path)
    file = tmp_path / "office_scan.kept"
    told = list(questions(file))
    assert len(told) > 10
    with monkeypatch.context() as patched:
        patched.setattr(reliability, "SEVERAL", "none such")
        assert len(list(questions(file))) > len(told), "where several may be marked, one number says nothing"
    assert brier(told) < 0.01 < brier(Told(each.confidence, not each.right, True) for each in told)
    monkeypatch.setattr("sys.argv", ["reliability", str(file), "--accepted"])
    reliability.main()
    assert f"{sum(each.accepted for each in told):,} questions, Brier score 0.0" in capsys.readouterr().out

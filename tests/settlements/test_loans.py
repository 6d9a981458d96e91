"""Lent devices: one device with one pupil at a time, dated, and told when it is with somebody who left."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Poshta
from tests.small_desk import Told


@pytest.fixture
def lender(desk: Path, poshta: Poshta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Poshta:
    """A desk with two pupils, on 20 October 2026."""
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-20")
    pupils = "code,last_name,first_name,grade,language,kato\nA1,Қаламов,Әділ,3,kk,599830100\nA2,Тетрадкина,Вера,5,ru,599730200\n"
    (tmp_path / "pupils.csv").write_text(pupils, encoding="utf-8")
    assert poshta("pupils", "import", str(tmp_path / "pupils.csv")).code == 0
    return poshta


def lend(poshta: Poshta, pupil: str, day: str = "", kind: str = "tablet") -> Told:
    return poshta("loans", "lend", "KZ-7", pupil, "--kind", kind, *(["--on", day] if day else []))


def give_back(poshta: Poshta, day: str = "") -> Told:
    return poshta("loans", "return", "KZ-7", *(["--on", day] if day else []))


def loans(poshta: Poshta, *options: str) -> list[tuple[str, str, str | None]]:
    rows = poshta("loans", "list", *options).data["loans"]
    return [(row["pupil"], row["lent_on"], row["returned_on"]) for row in rows]


def test_a_device_is_lent_and_returned_once(lender: Poshta) -> None:
    assert [lend(lender, "A1", "2026-10-01").data["changed"] for _time in range(2)] == [True, False]
    assert lend(lender, "A1").data["changed"] is False, "it is with the pupil already, since whenever"
    assert [give_back(lender, "2026-10-05").data["changed"], give_back(lender).data["changed"]] == [True, False]
    assert give_back(lender).data["returned_on"] == "2026-10-05"
    assert loans(lender) == [("A1", "2026-10-01", "2026-10-05")]
    acts = lender("journal", "--action", "loans.").data["acts"]
    assert [(act["action"], act["subject"]) for act in acts] == [("loans.return", "KZ-7"), ("loans.lend", "KZ-7")]


def test_a_device_is_with_one_pupil_at_a_time(lender: Poshta) -> None:
    lend(lender, "A1", "2026-10-01")
    told = lend(lender, "A2")
    assert (told.code, "loans return KZ-7" in told.body["errors"][0]["hint"]) == (7, True)
    give_back(lender, "2026-10-10")
    assert lend(lender, "A2", "2026-10-09").code == 7, "on that day it was with the other"
    assert lend(lender, "A2", "2026-10-10").code == 0
    assert loans(lender) == [("A1", "2026-10-01", "2026-10-10"), ("A2", "2026-10-10", None)]
    assert loans(lender, "--open") == [("A2", "2026-10-10", None)]
    assert loans(lender, "--within", "598300000") == []
    assert loans(lender, "--within", "599800000") == [("A1", "2026-10-01", "2026-10-10")]


def test_a_loan_to_the_wrong_pupil_can_be_put_right_on_the_same_day(lender: Poshta) -> None:
    lend(lender, "A1")
    give_back(lender)
    assert lend(lender, "A2").code == 0
    assert loans(lender) == [("A2", "2026-10-20", None)]
    acts = lender("journal", "--action", "loans.lend").data["acts"]
    assert [act["details"]["pupil"] for act in acts] == ["A2", "A1"], "the journal keeps both"


def test_a_loan_and_a_return_can_be_undone_the_replaced_one_too(lender: Poshta) -> None:
    lend(lender, "A1")
    give_back(lender)
    lend(lender, "A2")
    states = [[("A1", "2026-10-20", "2026-10-20")], [("A1", "2026-10-20", None)], []]
    for state in states:
        assert lender("undo").code == 0
        assert loans(lender) == state


def test_another_kind_corrects_the_list(lender: Poshta) -> None:
    lend(lender, "A1")
    assert lend(lender, "A1", kind="computer").data["changed"] is True
    assert [row["kind"] for row in lender("loans", "list").data["loans"]] == ["computer"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("lend", "KZ-7", "ZZ", "--kind", "tablet"), 6),
        (("lend", "KZ-7", "A1", "--kind", "samovar"), 2),
        (("lend", "KZ-7", "A1", "--kind", "tablet", "--on", "2026-10-21"), 2),
        (("lend", " ", "A1", "--kind", "tablet"), 2),
        (("lend", "K" * 65, "A1", "--kind", "tablet"), 2),
        (("return", "KZ-8"), 6),
        (("list", "--within", "аудан"), 2),
        (("list", "--out", "loans.doc"), 2),
    ],
)
def test_what_makes_no_sense_is_refused(lender: Poshta, words: tuple[str, ...], code: int) -> None:
    told = lender("loans", *words)
    assert (told.code, bool(told.body["errors"][0]["hint"])) == (code, True)
    assert loans(lender) == []


def test_a_device_cannot_come_back_before_it_was_lent(lender: Poshta) -> None:
    lend(lender, "A1", "2026-10-10")
    assert give_back(lender, "2026-10-09").code == 7
    assert loans(lender) == [("A1", "2026-10-10", None)]


def test_a_device_with_somebody_who_left_is_told_until_it_is_back(lender: Poshta) -> None:
    lend(lender, "A1")
    left = lender("pupils", "leave", "A1")
    assert (left.code, left.data["devices"], left.body["errors"][0]["code"]) == (3, ["KZ-7"], "device_with_left_pupil")
    problems = lender("settlements", "check").body["errors"]
    assert ("device_with_left_pupil", "KZ-7") in [(error["code"], error.get("value")) for error in problems]
    assert lend(lender, "A1", kind="phone").code == 7
    give_back(lender)
    assert "device_with_left_pupil" not in [error["code"] for error in lender("settlements", "check").body["errors"]]


def test_a_device_of_a_forgotten_pupil_is_told_and_comes_back(lender: Poshta) -> None:
    lend(lender, "A1")
    lender("pupils", "forget", "A1")
    assert lender("settlements", "check").data["problems"]["device_with_left_pupil"] == 1
    assert give_back(lender).data["changed"] is True


def test_the_list_goes_into_a_file(lender: Poshta, tmp_path: Path) -> None:
    lend(lender, "A1", "2026-10-01")
    told = lender("loans", "list", "--out", str(tmp_path / "desk" / "loans.csv"))
    assert told.data["files"] == ["loans.csv"]
    written = pd.read_csv(tmp_path / "desk" / "loans.csv", dtype=str)
    assert written.to_dict("records")[0] | {"returned_on": "", "left_on": ""} == {
        "device": "KZ-7",
        "kind": "tablet",
        "pupil": "A1",
        "kato": "599830100",
        "lent_on": "2026-10-01",
        "returned_on": "",
        "left_on": "",
    }


def test_a_word_without_a_digit_is_no_inventory_number_and_reaches_no_journal(poshta: Poshta, desk: Path) -> None:
    told = poshta("loans", "lend", "Қаламов Әділ", "A1", "--kind", "tablet")
    assert told.code == 2
    assert poshta("journal", "--subject", "Қаламов Әділ").data["acts"] == []

"""Figures of routes: rates, days, kilometres and cost, with small counts of children hidden so that no difference gives them away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from records.errors import InputRefused
from routing.figures import Figures, to_hide
from routing.suppression import FEW, median, rows_to_hide, shown
from routing.tariffs import OWN, Tariff, price, read_tariffs
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change
from tests.routing.test_waiting import at, built
from tests.routing.weeks import fill_desk

TABLE = (
    "service,grams_up_to,tenge,since,source\npacket,100,300,2026-01-01,contract 7\npacket,2000,500,2026-01-01,contract 7\n"
    "packet,2000,550,2026-10-01,contract 8\nkilometre,,90,2026-01-01,contract 7\nstop,,100,2026-01-01,contract 7\n"
)
COUNTS = st.integers(0, 40)


@pytest.fixture
def driven(desk: Path, poshta: Poshta, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A route of eight villages that was driven, with its sheet noted; answers its code."""
    change(desk, fill_desk)
    monkeypatch.setenv("POSHTA_TODAY", "2026-09-28")
    poshta("routes", "plan", *WEEK)
    poshta("routes", "handover", *WEEK)
    (route,) = poshta("routes", "export", *WEEK).data["routes"]
    for stop in range(1, 9):
        poshta("routes", "note", route["route"], str(stop), "delivered" if stop < 7 else "nobody")
    poshta("routes", "note", route["route"], "--start", "1000", "--end", "1200")
    monkeypatch.setenv("POSHTA_TODAY", "2026-12-30")
    return str(route["route"])


def figures(poshta: Poshta, *words: str) -> Any:
    return poshta("routes", "figures", *words).data


def test_a_route_says_what_it_achieved(driven: str, poshta: Poshta) -> None:
    (row,) = figures(poshta, *WEEK)["routes"]
    assert (row["route"], row["packets"], row["delivered"], row["not_delivered"], row["untold"]) == (driven, 40, 30, 10, 0)
    assert (row["returned"], row["lost"], row["loss"], row["return_rate"]) == (0, 30, 1.0, 0.0)
    assert (row["stops"], row["driven_km"], row["cost"]) == (8, 200, None)
    assert figures(poshta, *WEEK)["total"]["packets"] == figures(poshta, *WEEK)["offices"][0]["packets"] == 40


def test_packets_that_waited_are_counted_on_the_route_that_carried_them(
    desk: Path, poshta: Poshta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five of the week before and two of its own, with their weight in the cost; the week before has the others only."""
    later = ("--week", "2026-W42")
    change(desk, fill_desk)
    at(desk, "593631100", lat=54.9, lon=70.9, priority=2)
    poshta("routes", "plan", *WEEK)
    monkeypatch.setenv("POSHTA_TODAY", "2026-09-28")
    assert poshta("routes", "handover", *WEEK).data["packets"] == 35
    for place, kato in enumerate(("593631100", "593631103")):
        change(desk, partial(built, kato=kato, week="2026-W42", pupil=f"P90{place}"))
    assert poshta("routes", "plan", *later).data["packets"] == 7
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-05")
    assert poshta("routes", "handover", *later).data["packets"] == 7
    prices = tmp_path / "prices.csv"
    prices.write_text("service,grams_up_to,tenge,since,source\npacket,,10,2026-01-01,contract 7\n", encoding="utf-8")
    (total,) = figures(poshta, *later, "--tariffs", str(prices))["offices"]
    assert (total["packets"], total["cost"]) == (7, 70)
    assert figures(poshta, *WEEK)["total"]["packets"] == 35


def test_an_odometer_that_ran_backwards_measures_nothing(driven: str, poshta: Poshta) -> None:
    poshta("routes", "note", driven, "--start", "1200", "--end", "1000")
    assert figures(poshta, *WEEK)["routes"][0]["driven_km"] is None


def test_cost_follows_the_table_in_force_on_the_day(driven: str, poshta: Poshta, tmp_path: Path) -> None:
    table = tmp_path / "prices.csv"
    table.write_text(TABLE, encoding="utf-8")
    (row,) = figures(poshta, *WEEK, "--tariffs", str(table))["routes"]
    assert row["cost"] == 200 * 90 + 8 * 100 + 40 * 500  # packets weigh 150 g; the route was driven in September
    assert figures(poshta, *WEEK)["tariffs"] == []


def test_the_setting_names_the_desks_own_table(driven: str, poshta: Poshta, desk: Path) -> None:
    (desk / "prices.csv").write_text(TABLE, encoding="utf-8")
    (desk / "poshta.toml").write_text('[routes]\ntariffs = "prices.csv"\n', encoding="utf-8")
    assert figures(poshta, *WEEK)["routes"][0]["cost"] == 38800
    (desk / "poshta.toml").write_text('[routes]\ntariffs = "gone.csv"\n', encoding="utf-8")
    assert poshta("routes", "figures", *WEEK).code == 6


def test_days_narrow_the_routes_and_a_table_is_written(driven: str, poshta: Poshta, desk: Path) -> None:
    assert len(figures(poshta, "--from", "2026-09-28", "--to", "2026-09-28")["routes"]) == 1
    assert figures(poshta, "--from", "2026-09-29")["routes"] == []
    for name in ("f.xlsx", "f.csv"):
        assert figures(poshta, *WEEK, "--out", str(desk / name))["files"] == [name]
    assert driven in (desk / "f.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("words", [(), ("--from", "yesterday"), ("--week", "41")])
def test_a_time_must_be_said(desk: Path, poshta: Poshta, words: tuple[str, ...]) -> None:
    assert poshta("routes", "figures", *words).code == 2


def test_a_route_that_never_left_has_no_figures(desk: Path, poshta: Poshta) -> None:
    change(desk, fill_desk)
    poshta("routes", "plan", *WEEK)
    assert figures(poshta, *WEEK)["routes"] == []


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ("packet,heavy,1,2026-01-01,s", "grams_up_to"),
        ("packet,,cheap,2026-01-01,s", "tenge"),
        ("packet,,-1,2026-01-01,s", "tenge"),
        ("packet,,1,spring,s", "since"),
        ("packet,,1,2026-01-01,", "source"),
        (",,1,2026-01-01,s", "service"),
    ],
)
def test_a_price_that_cannot_be_used_is_named(tmp_path: Path, cell: str, column: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"service,grams_up_to,tenge,since,source\n{cell}\n", encoding="utf-8")
    with pytest.raises(InputRefused) as refusal:
        read_tariffs(path)
    assert [(each.row, each.column) for each in refusal.value.complaints] == [(2, column)]


def test_an_empty_sheet_before_the_prices_is_passed_over(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Prices")
    for row in ("service,grams_up_to,tenge,since,source", "route,,7,2026-01-01,s"):
        sheet.append(row.split(","))
    book.save(tmp_path / "t.xlsx")
    assert [each.tenge for each in read_tariffs(tmp_path / "t.xlsx")] == [7]


def test_no_price_is_built_in() -> None:
    assert all(each.since is None and each.source for each in read_tariffs(OWN))


@given(st.lists(st.tuples(st.sampled_from(["packet", "stop"]), st.sampled_from([None, 20, 100, 500]), st.integers(1, 9), st.dates(date(2026, 1, 1), date(2026, 3, 1))), max_size=8), st.dates(date(2025, 12, 1), date(2026, 4, 1)), st.integers(0, 700))  # fmt: skip
def test_the_newest_edition_in_force_and_its_lowest_fitting_step(
    rows: list[tuple[str, int | None, int, date]], day: date, grams: int
) -> None:
    table = [Tariff(service, step, Decimal(tenge), since, "s") for service, step, tenge, since in rows]
    found = price(table, "packet", day, grams)
    in_force = [each for each in table if each.service == "packet" and each.since is not None and each.since <= day]
    newest = [each for each in in_force if each.since == max(other.since for other in in_force if other.since)]
    fitting = [each for each in newest if each.grams_up_to is None or each.grams_up_to >= grams]
    assert (found is None) == (not fitting)
    if found is not None:
        assert found in fitting
        assert all((each.grams_up_to or 10**9) >= (found.grams_up_to or 10**9) for each in fitting)


def of(packets: int, delivered: int, kept: int, returned: int) -> Figures:
    return Figures(
        packets=packets, delivered=min(delivered, packets), kept=min(kept, packets), returned=min(returned, kept, packets), routes=1
    )


@given(st.lists(st.builds(of, COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=6))
def test_no_count_of_one_to_four_is_told_nor_comes_out_by_subtraction(parts: list[Figures]) -> None:
    named = {str(place): each for place, each in enumerate(parts)}
    total = Figures()
    for each in parts:
        total.add(each)
    secret = to_hide(named)
    rows = {name: each.as_json(secret[name]) for name, each in named.items()}
    together = total.as_json()
    for column in ("packets", "delivered", "not_delivered", "untold", "returned", "scanned", "lost"):
        told = {name: row[column] for name, row in rows.items()}
        assert not any(value is not None and 0 < value < FEW for value in [*told.values(), together[column]])
        gone = sum(getattr(named[name], column) for name, value in told.items() if value is None)
        assert together[column] is None or gone == 0 or gone >= FEW
    for row in rows.values():
        parts_of = [row[name] for name in ("delivered", "not_delivered", "untold")]
        assert parts_of.count(None) in (0, 3)


@pytest.mark.parametrize(("packets", "unpriced", "told"), [(9, 0, 0), (9, 9, 9), (12, 5, 5), (9, 2, None), (9, 6, None), (3, 0, None)])
def test_a_cost_does_not_tell_of_a_few_packets(packets: int, unpriced: int, told: int | None) -> None:
    row = Figures(packets=packets, routes=1, cost=Decimal(900), unpriced=unpriced).as_json()
    assert (row["unpriced"], row["cost"]) == (told, None if told is None else 900)


def test_a_few_packets_without_a_price_do_not_come_out_by_subtraction() -> None:
    secret = to_hide({"a": Figures(packets=20, unpriced=2), "b": Figures(packets=30), "c": Figures(packets=40)})
    assert {name for name, groups in secret.items() if "priced" in groups} == {"a", "b", "c"}


@given(COUNTS, COUNTS)
def test_a_share_is_told_of_enough_only(count: int, more: int) -> None:
    share = shown(count, count + more)
    if count + more < FEW or 0 < count < FEW or 0 < more < FEW:
        assert share is None
    else:
        assert share == pytest.approx(count / (count + more), abs=0.001)


def test_hiding_by_hand() -> None:
    assert rows_to_hide({"a": [3], "b": [9], "c": [7]}, {"a": 3, "b": 9, "c": 7}) == {"a", "c"}
    assert rows_to_hide({"a": [3], "b": [2], "c": [7]}, {"a": 3, "b": 2, "c": 7}) == {"a", "b"}
    assert rows_to_hide({"a": [1], "b": [2], "c": [7]}, {"a": 1, "b": 2, "c": 7}) == {"a", "b", "c"}
    assert rows_to_hide({"a": [0], "b": [9]}, {"a": 0, "b": 9}) == set()
    assert (median([1, 2, 3, 4]), median([5, 1, 9, 2, 2]), median([1, 2, 3, 4, 5, 6])) == (None, 2.0, 3.5)

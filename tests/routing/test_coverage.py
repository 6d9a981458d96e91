"""Where a week's distances come from: every leg counted once, by source and district."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.schema import Settlement
from routing.coverage import coverage, totals
from routing.scopes import models
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change
from tests.routing.weeks import fill_desk, random_request


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_every_leg_to_a_village_is_counted_once(seed: int) -> None:
    """The sources and «none» add up to all ways that lead to villages."""
    wanted = random_request(seed)
    (model,) = models(wanted.calls, wanted.fleet, wanted.roads, wanted.scope)
    places = len(model.depots) + len(model.calls)
    assert sum(totals(coverage(wanted)).values()) == len(model.calls) * (places - 1)


@pytest.fixture
def district(desk: Path) -> Path:
    """Two districts, of eight and three villages."""
    change(desk, fill_desk)
    change(desk, lambda session: fill_desk(session, villages=3, district="5940", office="150500", seed=2))
    return desk


def test_the_report_tells_matrix_and_estimate_apart(district: Path, poshta: Poshta) -> None:
    """One leg there, one back, of one village: the others' ways are estimated."""
    matrix = district / "roads.csv"
    matrix.write_text("from,to,metres,seconds\n150400,593631101,20000,1200\n593631101,150400,20000,1200\n150400,593631102,,\n")
    said = poshta("routes", "coverage", *WEEK, "--matrix", str(matrix))
    assert said.code == 3
    assert said.data["legs"] == {"matrix": 1, "osrm": 0, "estimate": 8 * 8 + 3 * 3 - 2, "none": 1}
    first, second = said.data["districts"]
    assert (first["district"], first["villages"], first["matrix"], first["estimated"], first["without"]) == ("593600000", 8, 1, 6, 1)
    assert (second["district"], second["estimate"], second["none"]) == ("594000000", 9, 0)
    assert said.data["without"] == ["593631102"]
    assert [each["code"] for each in said.body["errors"]] == ["matrix_holes", "no_road"]


def test_a_village_without_coordinates_is_named(district: Path, poshta: Poshta) -> None:
    """With what to do."""
    change(district, lambda session: session.get_one(Settlement, "593631103").__setattr__("lat", None))
    said = poshta("routes", "coverage", *WEEK, lang="kk")
    assert said.data["without"] == ["593631103"]
    assert "593631103" in said.body["errors"][0]["text"]


def test_a_covered_week_needs_nobody(district: Path, poshta: Poshta) -> None:
    """Exit 0; without packets 7."""
    assert poshta("routes", "coverage", *WEEK).code == 0
    assert poshta("routes", "coverage", "--week", "2026-W50").code == 7

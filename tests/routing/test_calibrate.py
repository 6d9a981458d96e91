"""Factors out of odometers: found again where they are known, not moved by wrong readings, applied only when asked, and then planned with."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.home import open_home
from records.road import road_route
from records.road_checks import ODOMETER_END, ODOMETER_START, READ
from records.road_notes import Note, noted
from records.schema import Route, Vehicle
from routing.calibrate import Fit, Trip, district_driven, fits, straight_metres
from routing.plan import PlannedRoute
from routing.roads import Factors, Place, Roads
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change
from tests.routing.test_roads import OFFICE, SETTINGS, VILLAGE
from tests.routing.weeks import fill_desk

USUAL = Factors(1.3, 1.4)
HEAD = ("route", "odometer_start", "odometer_end", "start", "end")


def trips(ratios: list[float], district: str = "593600000", minutes: float | None = None) -> list[Trip]:
    """Trips of 100 km in a straight line."""
    return [Trip(f"R{place}", district, 100_000, 100_000 * ratio, minutes) for place, ratio in enumerate(ratios)]


@given(st.floats(1.05, 3.0), st.integers(5, 40), st.integers(0, 1000))
@settings(max_examples=50)
def test_the_true_factor_is_found_though_a_third_of_the_odometers_lie(factor: float, count: int, seed: int) -> None:
    """Noise of two in a hundred, and wild readings among them: the median stays within three in a hundred."""
    dice = random.Random(seed)
    ratios = [factor * dice.uniform(0.98, 1.02) for _trip in range(count)]
    for place in range((count - 1) // 3):
        ratios[place] = dice.choice((0.98, 4.9))
    (fit,) = fits(trips(ratios), 5, 60.0, USUAL)
    assert fit.fitted is not None
    assert fit.fitted.metres == pytest.approx(factor, rel=0.03)
    assert fit.metres[0] <= fit.metres[1] <= fit.metres[2]


def test_too_few_trips_fit_nothing() -> None:
    """They are counted all the same."""
    assert fits(trips([1.5] * 4), 5, 60.0, USUAL) == [Fit("593600000", 4, (1.5, 1.5, 1.5), 0, None, None)]


def test_without_times_time_follows_the_metres() -> None:
    """In the relation that the settings have; with times it is the upper quartile, a promise."""
    (fit,) = fits(trips([1.95] * 5), 5, 60.0, USUAL)
    assert fit.fitted == Factors(1.95, 2.1)
    timed = [Trip(f"R{place}", "593600000", 60_000, 90_000, 60.0 * ratio) for place, ratio in enumerate((1.5, 1.6, 1.7, 1.8, 1.9))]
    (fit,) = fits(timed, 5, 60.0, USUAL)
    assert fit.fitted == Factors(1.5, 1.8)
    assert fit.timed == 5


def test_each_district_has_its_own_factor_in_the_estimate() -> None:
    """A leg between two districts has the larger one; a district without its own has the settings'."""
    other = Place(("594030200",), 54.1, 69.2)
    roads = Roads(SETTINGS, factors={"593600000": Factors(2.0, 3.0)})
    plain = Roads(SETTINGS).table([OFFICE, VILLAGE, other])
    own = roads.table([OFFICE, VILLAGE, other])
    assert own.metres[0, 1] / plain.metres[0, 1] == pytest.approx(2.0 / 1.3, rel=1e-3)
    assert own.metres[0, 2] == own.metres[0, 1]
    assert own.minutes[0, 1] > plain.minutes[0, 1]
    assert (
        Roads(SETTINGS, factors={"111100000": Factors(2.0, 3.0)}).table([OFFICE, VILLAGE]).metres.tolist() == plain.metres[:2, :2].tolist()
    )


@pytest.fixture
def driven(desk: Path, poshta: Poshta) -> Path:
    """A desk with two districts, five routes or more in the first, fewer in the second, all planned."""
    change(desk, lambda session: fill_desk(session, villages=24, packets=2))
    change(desk, lambda session: fill_desk(session, villages=6, packets=2, district="5940", office="150500", seed=2))
    change(desk, lambda session: session.get_one(Vehicle, ("150400", "УАЗ 1")).__setattr__("day_minutes", 220))
    assert poshta("routes", "plan", *WEEK, "--iterations", "100").code == 0
    return desk


def routes_of(desk: Path) -> list[PlannedRoute]:
    home = open_home(desk)
    with home.database.read() as session:
        found = [PlannedRoute.from_json(row.definition) for row in session.query(Route)]
    home.close()
    return found


def table(desk: Path, factor: float = 1.8, pace: float = 2.0) -> Path:
    """Odometers and clocks of all routes, as if roads were `factor` times the straight line, driven in `pace` times its minutes at 60 km/h."""
    rows: list[tuple[object, ...]] = [HEAD]
    for number, route in enumerate(routes_of(desk)):
        straight = straight_metres(route)
        assert straight is not None
        minutes = round(straight / 1000 * pace) + sum(stop.service_minutes for stop in route.stops)
        rows.append(
            (route.code.lower(), 10_000 + number, round(10_000 + number + straight * factor / 1000, 1), "07:00", clock(420 + minutes))
        )
    file = desk / "trips.csv"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows(rows)
    return file


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def test_a_table_of_trips_is_fitted_applied_and_planned_with(driven: Path, poshta: Poshta) -> None:
    """Nothing changes without --apply; then the next plan's kilometres are the odometer's, and twice changes nothing."""
    routes = routes_of(driven)
    assert sum(1 for route in routes if district_driven(route) == "593600000") >= 5
    assert sum(1 for route in routes if district_driven(route) == "594000000") < 5
    file = str(table(driven))
    said = poshta("routes", "calibrate", "--from", file)
    first, second = said.data["districts"]
    assert (first["district"], first["metres_factor"], first["before"]) == ("593600000", pytest.approx(1.8, rel=0.01), None)
    assert first["seconds_factor"] == pytest.approx(2.0, rel=0.02)
    assert (second["district"], second["metres_factor"]) == ("594000000", None)
    before = poshta("routes", "export", *WEEK).data["routes"]
    assert not poshta("routes", "plan", *WEEK, "--iterations", "100").data["changed"]
    assert poshta("routes", "calibrate", "--from", file, "--apply").data["changed"] == ["593600000"]
    assert poshta("routes", "calibrate", "--from", file, "--apply").data["changed"] == []
    assert poshta("routes", "plan", *WEEK, "--iterations", "100").data["changed"]
    after = poshta("routes", "export", *WEEK).data["routes"]
    legs = {(stop["kato"], stop["leg_metres"]) for route in before for stop in route["stops"] if stop["kato"].startswith("5940")}
    assert legs == {(stop["kato"], stop["leg_metres"]) for route in after for stop in route["stops"] if stop["kato"].startswith("5940")}
    route = next(each for each in routes_of(driven) if each.code == next(r["route"] for r in after if r["office"] == "150400"))
    assert route.metres / (straight_metres(route) or 1) == pytest.approx(1.8, rel=0.01)
    assert poshta("routes", "calibrate", "--forget").data["changed"] == ["593600000"]
    assert poshta("routes", "plan", *WEEK, "--iterations", "100").data["changed"]


def test_odometers_of_returned_manifests_are_read(driven: Path, poshta: Poshta) -> None:
    """What scanning or a person noted is enough; no table is needed."""
    home = open_home(driven)
    with home.database.write() as session:
        for route in [PlannedRoute.from_json(row.definition) for row in session.query(Route)]:
            kilometres = round((straight_metres(route) or 0) * 1.6 / 1000)
            readings = ((ODOMETER_START, "50000"), (ODOMETER_END, str(50_000 + kilometres)))
            noted(session, road_route(session, route.code), [Note(item, value, state=READ) for item, value in readings])
    home.close()
    first = poshta("routes", "calibrate").data["districts"][0]
    assert first["metres_factor"] == pytest.approx(1.6, rel=0.02)
    assert first["timed"] == 0


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("NOWHERE,1,2,,", "trip_cell", "route"),
        ("{route},x,2,,", "trip_cell", "odometer_start"),
        ("{route},1,-2,,", "trip_cell", "odometer_end"),
        ("{route},1,99999999999,,", "trip_cell", "odometer_end"),
        ("{route},500,400,,", "trip_left_out", ""),
        ("{route},500,501,,", "trip_left_out", ""),
        ("{route},500,90000,,", "trip_left_out", ""),
    ],
)
def test_a_bad_row_is_told_and_the_others_taken(row: str, code: str, column: str, driven: Path, poshta: Poshta) -> None:
    """File, row, column and what is wrong; alone it is refused with exit 4."""
    file = table(driven)
    good = file.read_text()
    line = row.format(route=routes_of(driven)[0].code)
    file.write_text(good + line + "\n")
    said = poshta("routes", "calibrate", "--from", str(file))
    assert said.code == 3
    (told,) = said.body["errors"]
    assert (told["code"], told.get("column", ""), told["row"], told["file"]) == (code, column, len(good.splitlines()) + 1, "trips.csv")
    file.write_text(",".join(HEAD) + "\n" + line + "\n")
    assert poshta("routes", "calibrate", "--from", str(file)).code == 4


def test_too_few_trips_are_not_applied(driven: Path, poshta: Poshta) -> None:
    """Exit 7, with what to do; a table without its columns, exit 4."""
    assert poshta("routes", "calibrate", "--apply").code == 7
    assert poshta("routes", "calibrate").code == 0
    (driven / "trips.csv").write_text("route,start\nA,1\n")
    assert poshta("routes", "calibrate", "--from", str(driven / "trips.csv")).code == 4
    assert poshta("routes", "calibrate", "--from", str(driven / "nothing.csv")).code == 6

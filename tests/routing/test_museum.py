"""A museum of bad input for routes, each piece through the front door: it is told in a sentence that names it, and the rest is planned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from records.schema import DistrictShape, Office, Settlement, Vehicle
from tests.conftest import Poshta
from tests.routing.road_server import road_server
from tests.routing.test_commands import WEEK, change
from tests.routing.weeks import add_packet, fill_desk
from tests.small_desk import Told

VILLAGE, OFFICE = "593631103", "150400"
SQUARE = {"type": "Polygon", "coordinates": [[[52.5, 42.5], [71.5, 42.5], [71.5, 55], [52.5, 55], [52.5, 42.5]]]}


@pytest.fixture
def district(desk: Path) -> Path:
    """Eight villages with built packets, and the boundary of a district that reaches to the Caspian."""
    change(desk, fill_desk)
    shape = DistrictShape(kato="593600000", name_kk="Тайынша", name_ru="Тайынша", geometry=SQUARE)
    change(desk, lambda session: session.add(shape))
    return desk


def put(table: type, key: object, **values: object) -> Callable[[Session], None]:
    """Change a row of the register behind the imports' back."""

    def act(session: Session) -> None:
        for name, value in values.items():
            setattr(session.get_one(table, key), name, value)

    return act


def told(said: Told, code: str) -> dict[str, str]:
    """The one complaint of that code."""
    (found,) = [each for each in said.body["errors"] if each["code"] == code]
    assert len(found["text"]) > 20
    return dict(found)


def served(poshta: Poshta) -> set[str]:
    return {stop["kato"] for route in poshta("routes", "export", *WEEK).data["routes"] for stop in route["stops"]}


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        (44.0, 51.0, "in_the_sea"),
        (54.0, 86.9, "outside_country"),
        (69.77, 53.85, "coordinates_exchanged"),
        (0.0, 0.0, "outside_country"),
        (53.85, -69.77, "outside_country"),
        (float("inf"), 69.0, "outside_country"),
    ],
)
def test_a_village_where_no_village_can_be(lat: float, lon: float, code: str, district: Path, poshta: Poshta) -> None:
    """In the sea, in Siberia, with latitude and longitude exchanged, in the Gulf of Guinea: named, left out, the other seven planned."""
    change(district, put(Settlement, VILLAGE, lat=lat, lon=lon))
    said = poshta("routes", "plan", *WEEK)
    assert said.code == 3
    assert VILLAGE in told(said, code)["text"]
    assert [(each["kato"], each["reason"]) for each in said.data["unplanned"]] == [(VILLAGE, "no_road")]
    assert len(served(poshta)) == 7


def test_a_village_whose_coordinates_are_mad_is_still_reached_by_the_matrix(district: Path, poshta: Poshta) -> None:
    """The roads are measured: where the point lies does not matter."""
    change(district, put(Settlement, VILLAGE, lat=44.0, lon=51.0))
    matrix = district / "roads.csv"
    matrix.write_text(f"from,to,metres,seconds\n{OFFICE},{VILLAGE},20000,1200\n{VILLAGE},{OFFICE},20000,1200\n")
    said = poshta("routes", "plan", *WEEK, "--matrix", str(matrix))
    assert said.code == 0
    told(said, "in_the_sea")
    assert VILLAGE in served(poshta)


def test_an_office_with_exchanged_coordinates(district: Path, poshta: Poshta) -> None:
    """Named; its villages go to the other office of the district."""
    change(district, put(Office, OFFICE, lat=69.77, lon=53.85))
    change(district, lambda session: session.add(Office(index="150401", name="Екінші", kato="593633100", lat=53.9, lon=69.8)))
    change(district, lambda session: session.add(Vehicle(office="150401", vehicle="ГАЗ", payload_kg=400, day_minutes=600, days="")))
    said = poshta("routes", "plan", *WEEK)
    assert said.code == 0
    assert OFFICE in told(said, "coordinates_exchanged")["text"]
    assert {route["office"] for route in poshta("routes", "export", *WEEK).data["routes"]} == {"150401"}


def test_a_matrix_with_holes(district: Path, poshta: Poshta) -> None:
    """How many legs it lacks is told; they are estimated, and every leg says so."""
    matrix = district / "roads.csv"
    matrix.write_text(f"from,to,metres,seconds\n{OFFICE},{VILLAGE},20000,1200\n")
    said = poshta("routes", "plan", *WEEK, "--matrix", str(matrix))
    assert said.code == 0
    assert "63 of the 64" in told(said, "matrix_holes")["text"]
    assert len(served(poshta)) == 8


def test_a_matrix_with_negative_legs(district: Path, poshta: Poshta) -> None:
    """Row, column and value are named; the good rows hold."""
    matrix = district / "roads.csv"
    matrix.write_text(f"from,to,metres,seconds\n{OFFICE},{VILLAGE},-20000,1200\n{VILLAGE},{OFFICE},20000,1200\n")
    said = poshta("routes", "plan", *WEEK, "--matrix", str(matrix))
    assert said.code == 0
    found = told(said, "matrix_cell")
    assert (found["row"], found["column"], found["value"]) == (2, "metres", "-20000")
    assert len(served(poshta)) == 8


def test_an_office_without_vehicles(district: Path, poshta: Poshta) -> None:
    """That a village names it is told; the district's other vehicles come."""
    change(district, lambda session: session.add(Office(index="150409", name="Көліксіз", kato="593632100", lat=53.9, lon=69.8)))
    change(district, put(Settlement, VILLAGE, office="150409"))
    change(district, put(Settlement, "593631104", office="150777"))
    said = poshta("routes", "plan", *WEEK, lang="kk")
    assert said.code == 0
    found = [each["value"] for each in said.body["errors"] if each["code"] == "office_without_vehicles"]
    assert found == ["150409", "150777"]
    assert len(served(poshta)) == 8


def test_a_district_whose_office_has_no_vehicle(district: Path, poshta: Poshta) -> None:
    """Its villages have the reason no_vehicle; the other district is planned."""
    change(district, lambda session: session.add(Settlement(kato="594031100", name_kk="А", name_ru="А", lat=54, lon=70, population=9)))
    change(district, lambda session: session.add(Office(index="150500", name="Көліксіз", kato="594030100", lat=54.0, lon=70.1)))
    change(district, lambda session: add_packet(session, "594031100", "P900"))
    said = poshta("routes", "plan", *WEEK)
    assert said.code == 3
    assert [(each["kato"], each["reason"]) for each in said.data["unplanned"]] == [("594031100", "no_vehicle")]
    assert len(served(poshta)) == 8


def test_two_offices_with_one_index(district: Path, poshta: Poshta) -> None:
    """The import keeps one, and names the row of the other; the plan stands."""
    offices = district / "offices.csv"
    offices.write_text(
        "index,name,kato,latitude,longitude\n150400,Тайынша,593630100,53.85,69.77\n150400,Басқа,593630100,53.95,69.97\n", encoding="utf-8"
    )
    said = poshta("offices", "import", str(offices))
    assert said.code in (3, 4)
    assert any("150400" in each["text"] for each in said.body["errors"])
    assert poshta("routes", "plan", *WEEK).code == 0


@pytest.mark.parametrize("mood", ["broken", "page", "negative", "shorter", "elsewhere", "narrow"])
def test_a_road_server_that_is_ill(mood: str, district: Path, poshta: Poshta) -> None:
    """Told with its address, and every village planned by the estimate."""
    with road_server(mood) as server:
        (district / "poshta.toml").write_text(f'[routes]\nosrm_url = "{server.url}"\nosrm_tries = 1\n')
        said = poshta("routes", "plan", *WEEK)
    assert said.code == 0
    (error,) = said.body["errors"]
    assert error["code"].startswith("road_server_")
    assert server.url in error["text"]
    assert len(served(poshta)) == 8

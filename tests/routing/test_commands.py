"""The commands of routes, through the front door."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from records.home import open_home
from records.schema import Act, Office, Packet, Person, Pupil, Route, Settlement, Vehicle
from routing.plan import CONTRACT_STOP
from tests.conftest import Poshta
from tests.routing.weeks import add_packet, fill_desk

WEEK = ("--week", "2026-W41")
ROUTE_KEYS = {"route", "office", "day", "date", "vehicle", "depart", "metres", "minutes", "max_load_grams"}
ROUTE_KEYS |= {"start", "return_metres", "return_minutes", "stops"}
ROUTE_KEYS |= {"kind", "schedule", "night_after", "back_date", "return_break", "return_via"}


def change(desk: Path, act: Callable[[Session], object]) -> None:
    """Do something in the desk's database."""
    home = open_home(desk)
    with home.database.write() as session:
        act(session)
    home.close()


def states(desk: Path) -> set[str]:
    """The states of the week's packets."""
    home = open_home(desk)
    with home.database.read() as session:
        found = set(session.scalars(select(Packet.state)))
    home.close()
    return found


@pytest.fixture
def district(desk: Path) -> Path:
    """A desk with eight villages and their built packets."""
    change(desk, fill_desk)
    return desk


def test_an_export_is_the_contract_to_the_letter(district: Path, poshta: Poshta) -> None:
    """Names, types and sums of DESIGN section 6."""
    assert poshta("routes", "plan", *WEEK).code == 0
    data = poshta("routes", "export", *WEEK).data
    assert set(data) == {"routes", "unplanned"}
    for route in data["routes"]:
        assert set(route) == ROUTE_KEYS
        assert all(set(stop) == {*CONTRACT_STOP, "via"} for stop in route["stops"])
        assert route["metres"] == sum(stop["leg_metres"] for stop in route["stops"]) + route["return_metres"]
        driving = sum(stop["leg_minutes"] + stop["service_minutes"] for stop in route["stops"])
        assert route["minutes"] == driving + route["return_minutes"]
        assert route["date"] == "2026-09-28"
        assert [stop["order"] for stop in route["stops"]] == list(range(1, len(route["stops"]) + 1))
        assert {stop["source"] for stop in route["stops"]} == {"estimate"}
    assert sum(stop["packets_out"] for route in data["routes"] for stop in route["stops"]) == 40
    assert data["unplanned"] == []


def test_without_built_packets_there_is_nothing_to_plan(desk: Path, poshta: Poshta) -> None:
    """Exit 7 with the next thing to do; void packets do not travel."""
    assert poshta("routes", "plan", *WEEK).code == 7
    change(desk, lambda session: add_packet(session, "593631100", "P1", state="void"))
    said = poshta("routes", "plan", *WEEK)
    assert said.code == 7
    assert "packets build" in said.body["errors"][0]["hint"]


def test_planning_twice_changes_nothing(district: Path, poshta: Poshta) -> None:
    """The same input is the same plan under the same code."""
    first, second = poshta("routes", "plan", *WEEK).data, poshta("routes", "plan", *WEEK).data
    assert (first["changed"], second["changed"]) == (True, False)
    assert {**first, "changed": False} == second
    assert [act["action"] for act in poshta("journal", "--action", "routes").data["acts"]] == ["routes.plan"]


def test_a_changed_week_gets_a_new_plan_with_its_own_codes(district: Path, poshta: Poshta) -> None:
    """So paper of the earlier plan can be told apart; export shows the plan in force."""
    assert poshta("routes", "plan", *WEEK).data["plan"] == "26W41A"
    change(district, lambda session: add_packet(session, "593631100", "P999"))
    assert poshta("routes", "plan", *WEEK).data["plan"] == "26W41B"
    data = poshta("routes", "export", *WEEK).data
    assert {route["route"][:6] for route in data["routes"]} == {"26W41B"}
    assert sum(stop["packets_out"] for route in data["routes"] for stop in route["stops"]) == 41


def test_a_village_that_nobody_reaches_is_named(district: Path, poshta: Poshta) -> None:
    """The rest is planned; the exit code says that something waits for a person."""
    change(district, lambda session: session.get_one(Settlement, "593631103").__setattr__("lat", None))
    change(district, lambda session: add_packet(session, "593631999", "P500"))
    said = poshta("routes", "plan", *WEEK)
    assert said.code == 3
    assert [(each["kato"], each["reason"]) for each in said.data["unplanned"]] == [("593631103", "no_road"), ("593631999", "no_road")]
    exported = poshta("routes", "export", *WEEK).data["unplanned"]
    assert exported == said.data["unplanned"]
    assert "coordinates" in exported[0]["text"]
    assert "координат" in poshta("routes", "export", *WEEK, lang="ru").data["unplanned"][0]["text"]


def test_a_week_without_any_vehicle_has_no_plan(district: Path, poshta: Poshta) -> None:
    """Exit 13, each village with its reason, nothing saved."""
    change(district, lambda session: session.delete(session.get_one(Vehicle, ("150400", "УАЗ 1"))))
    said = poshta("routes", "plan", *WEEK)
    assert said.code == 13
    assert [error["code"] for error in said.body["errors"]] == ["no_plan", *["no_vehicle"] * 8]
    assert poshta("routes", "export", *WEEK).code == 6


def test_a_vehicle_of_an_unknown_office_is_told(district: Path, poshta: Poshta) -> None:
    """It is left out by name, and the rest is planned."""
    change(district, lambda session: session.add(Vehicle(office="999999", vehicle="ГАЗ", payload_kg=100, days="")))
    said = poshta("routes", "plan", *WEEK)
    assert said.code == 0
    assert [(error["code"], error["value"]) for error in said.body["errors"]] == [("vehicle_left_out", "ГАЗ")]


def test_an_office_without_coordinates_is_told(district: Path, poshta: Poshta) -> None:
    """Its villages have no road, until its settlement's coordinates or a matrix help."""
    change(district, lambda session: session.get_one(Office, "150400").__setattr__("lat", None))
    said = poshta("routes", "plan", *WEEK)
    assert said.code == 13
    assert {error["code"] for error in said.body["errors"]} == {"no_plan", "office_unplaced", "no_road"}
    change(district, lambda session: session.get_one(Office, "150400").__setattr__("kato", "593631103"))
    assert poshta("routes", "plan", *WEEK).code == 0


def test_a_matrix_gives_measured_legs(district: Path, poshta: Poshta, tmp_path: Path) -> None:
    """Legs in the file are its own, others estimated; a bad cell is told and does not stop the plan."""
    codes = ["150400", *(f"593631{100 + number}" for number in range(8))]
    rows = [f"{a},{b},{1000 * abs(n - m)},{60 * abs(n - m)}" for n, a in enumerate(codes) for m, b in enumerate(codes) if n != m]
    (tmp_path / "roads.csv").write_text("\n".join(["from,to,metres,seconds", *rows, "150400,593631100,x,1"]), encoding="utf-8")
    said = poshta("routes", "plan", *WEEK, "--matrix", str(tmp_path / "roads.csv"))
    assert said.code == 0
    assert said.data["metres"] == 16_000
    assert [(error["row"], error["column"], error["value"]) for error in said.body["errors"]] == [(74, "metres", "x")]
    stops = poshta("routes", "export", *WEEK).data["routes"][0]["stops"]
    assert {stop["source"] for stop in stops} == {"matrix"}


@pytest.mark.parametrize(
    ("words", "code"),
    [(("--week", "2026-W60"), 2), (("--week", "2026-W41", "--matrix", "nowhere.csv"), 6), (("--week", "2026-W41", "--iterations", "0"), 2)],
)
def test_what_makes_no_sense_is_refused(words: tuple[str, ...], code: int, district: Path, poshta: Poshta) -> None:
    """With the right exit code."""
    assert poshta("routes", "plan", *words).code == code


def test_manifests_stand_where_the_answer_says_and_do_not_change(district: Path, poshta: Poshta) -> None:
    """A PDF for each route, one for the office; printed again, after the hand-over too, they hold the same bytes."""
    poshta("routes", "plan", *WEEK)
    data = poshta("routes", "manifest", *WEEK).data
    assert data["files"] == ["routes/2026-W41/manifest-26W41A-150400-1-MON.pdf", "routes/2026-W41/manifests-150400.pdf"]
    before = {name: (district / name).read_bytes() for name in data["files"]}
    poshta("routes", "handover", *WEEK)
    change(district, lambda session: session.get_one(Settlement, "593631103").__setattr__("name_kk", "Басқа"))
    poshta("routes", "manifest", *WEEK)
    assert {name: (district / name).read_bytes() for name in data["files"]} == before
    assert len([act for act in poshta("journal").data["acts"] if act["action"] == "routes.manifest"]) == 1


def test_handover_moves_the_packets_once(district: Path, poshta: Poshta) -> None:
    """Nothing of the week is left to plan then, whatever else changes."""
    poshta("routes", "plan", *WEEK)
    assert poshta("routes", "handover", *WEEK).data["packets"] == 40
    assert states(district) == {"handed_over"}
    assert poshta("routes", "handover", *WEEK).data["packets"] == 0
    assert poshta("routes", "plan", *WEEK).data["changed"] is False
    said = poshta("routes", "plan", *WEEK, "--scope", "oblast")
    assert (said.code, said.data["changed"], said.data["plan"]) == (0, False, "26W41A")


def test_a_stale_plan_is_not_handed_over(district: Path, poshta: Poshta) -> None:
    """A packet built after the plan is on no manifest: nothing moves until it is planned again."""
    poshta("routes", "plan", *WEEK)
    change(district, lambda session: add_packet(session, "593631100", "P999"))
    assert poshta("routes", "handover", *WEEK).code == 7
    assert states(district) == {"built"}


def test_one_route_can_be_named(district: Path, poshta: Poshta) -> None:
    """By its code, in any case; an unknown code is said to be unknown."""
    change(district, lambda session: session.get_one(Vehicle, ("150400", "УАЗ 1")).__setattr__("day_minutes", 240))
    poshta("routes", "plan", *WEEK)
    routes = [route["route"] for route in poshta("routes", "export", *WEEK).data["routes"]]
    assert len(routes) > 1
    moved = poshta("routes", "handover", *WEEK, "--route", routes[1].lower()).data
    assert [each["route"] for each in moved["routes"]] == [routes[1]]
    assert states(district) == {"built", "handed_over"}
    assert len(poshta("routes", "manifest", *WEEK, "--route", routes[0]).data["files"]) == 1
    assert poshta("routes", "handover", *WEEK, "--route", "26W41A-1-1-SUN").code == 6


SECRETS = ("Жұмабекқызы", "Айгерімшолпан", "Серікболсынұлы", "Бейбітшілік 14-25", "P00000", "K-593631100")


def add_person(session: Session) -> None:
    """The pupil of a packet, with names and an address such as nobody else has, in Kazakh as it is written."""
    last, first, parent, address = SECRETS[:4]
    session.add(Person(code="P00000", role="pupil", last_name=last, first_name=first, parent=parent, address=address))
    session.add(Pupil(code="P00000", grade=5, language="kk", kato="593631100"))


def everything_routes_made(desk: Path, poshta: Poshta) -> dict[str, str]:
    """All that a week's routes leave behind, as text: answers, tables, files and their names, manifests as a reader copies them."""
    said = [poshta("routes", *words, *WEEK).out for words in (("plan",), ("manifest",), ("handover",), ("export",))]
    kinds = ("json", "geojson", "csv")
    said += [poshta("routes", "export", *WEEK, "--to", str(desk / f"plan.{kind}")).out for kind in kinds]
    files = [file for file in desk.rglob("*") if file.is_file()]
    manifests = [file for file in files if file.suffix == ".pdf"]
    home = open_home(desk)
    with home.database.read() as session:
        stored = json.dumps(list(session.scalars(select(Route.definition))), ensure_ascii=False)
        acts = json.dumps([[act.action, act.subject, act.details] for act in session.scalars(select(Act))], ensure_ascii=False)
    home.close()
    return {
        "answers": "".join(said),
        "routes": stored,
        "journal": acts,
        "files": "".join((desk / f"plan.{kind}").read_text(encoding="utf-8-sig") for kind in kinds),
        "file names": " ".join(str(file.relative_to(desk)) for file in files),
        "manifests": "".join(page.get_textpage().get_text_range() for file in manifests for page in pypdfium2.PdfDocument(file)),
    }


def test_no_name_of_a_person_travels(district: Path, poshta: Poshta) -> None:
    """Answers, tables, journal, files and manifests hold villages and route codes; no name, address or code of a pupil."""
    change(district, add_person)
    found = everything_routes_made(district, poshta)
    for place in ("routes", "files", "manifests"):
        assert "Қызыләскер 3 а." in found[place], place
    for place in ("answers", "routes", "journal", "file names", "manifests"):
        assert "26W41A-150400-1-MON" in found[place], place
    assert [(place, secret) for place, words in found.items() for secret in SECRETS if secret.casefold() in words.casefold()] == []


def test_a_name_that_did_travel_would_be_seen(district: Path, poshta: Poshta) -> None:
    """The test above looks where words stand: a vehicle that bears a pupil's name is found in each place that shows vehicles."""
    change(district, add_person)
    change(district, lambda session: session.get_one(Vehicle, ("150400", "УАЗ 1")).__setattr__("vehicle", SECRETS[0]))
    found = everything_routes_made(district, poshta)
    assert {place for place, words in found.items() if SECRETS[0] in words} == {"answers", "routes", "files", "manifests"}


@pytest.mark.parametrize("suffix", ["json", "geojson", "csv", "xlsx", "parquet"])
def test_an_export_is_written_for_other_programs(suffix: str, district: Path, poshta: Poshta) -> None:
    """The contract's JSON, a map, or a table with a row for each stop."""
    poshta("routes", "plan", *WEEK)
    said = poshta("routes", "export", *WEEK, "--to", str(district / f"plan.{suffix}"))
    assert said.data["files"] == [f"plan.{suffix}"]
    file = district / f"plan.{suffix}"
    if suffix == "json":
        assert json.loads(file.read_text(encoding="utf-8")) == {name: said.data[name] for name in ("routes", "unplanned")}
    elif suffix == "geojson":
        kinds = [feature["geometry"]["type"] for feature in json.loads(file.read_text(encoding="utf-8"))["features"]]
        assert kinds == ["LineString", *["Point"] * 8]
    elif suffix == "csv":
        assert len(file.read_text(encoding="utf-8-sig").splitlines()) == 9


def test_an_export_in_no_known_form_is_refused(district: Path, poshta: Poshta) -> None:
    """And nothing is written."""
    poshta("routes", "plan", *WEEK)
    assert poshta("routes", "export", *WEEK, "--to", str(district / "plan.doc")).code == 2
    assert not (district / "plan.doc").exists()

"""The post's existing routes out of a spreadsheet: good rows kept, bad ones told, the list's word on a route is the last one."""

from __future__ import annotations

from pathlib import Path

from records.home import open_home
from settlements.schedule import ExistingRoute, ScheduledCall, existing_routes
from tests.conftest import Poshta
from tests.routing.test_commands import change
from tests.routing.weeks import fill_desk

WORKING = ("mon", "tue", "wed", "thu", "fri", "sat")
LIST = """Маршрут;Индекс;Порядок;КАТО;Дни
3;150400;1;593631100;вт, чт
3;150400;2;593631101;вт, чт
3;150400;3;593631102;чт
5;150400;1;593631103;
"""


def written(folder: Path, text: str = LIST, name: str = "schedule.csv") -> str:
    """A file with the list."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def stored(desk: Path) -> list[ExistingRoute]:
    """The routes that the desk knows."""
    home = open_home(desk)
    with home.database.read() as session:
        found = existing_routes(session)
    home.close()
    return found


def test_a_list_of_routes_is_taken_once(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    """In Russian headings; the second time it changes nothing; a dry run writes nothing."""
    assert poshta("routes", "import-schedule", written(tmp_path), "--dry-run").data["added"] == 4
    assert stored(desk) == []
    first, second = (poshta("routes", "import-schedule", written(tmp_path)) for _again in range(2))
    assert (first.code, first.data["added"], second.code, second.data["unchanged"]) == (0, 4, 0, 4)
    three = [("593631100", ("tue", "thu")), ("593631101", ("tue", "thu")), ("593631102", ("thu",))]
    assert stored(desk) == [
        ExistingRoute("150400", "3", "", tuple(ScheduledCall(*call) for call in three)),
        ExistingRoute("150400", "5", "", (ScheduledCall("593631103", WORKING),)),
    ]


def test_the_list_says_which_stops_a_route_has(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    """A shorter list of one route removes its last stop, leaves the other route alone, and can be undone."""
    poshta("routes", "import-schedule", written(tmp_path))
    before = stored(desk)
    shorter = "route,office,order,kato,days,vehicle\n3,150400,1,593631104,tue,UAZ 1\n3,150400,2,593631101,tue,UAZ 1\n"
    said = poshta("routes", "import-schedule", written(tmp_path, shorter))
    assert (said.code, said.data["changed"], said.data["removed"]) == (0, 2, 1)
    assert [(route.name, route.vehicle, [call.kato for call in route.calls]) for route in stored(desk)] == [
        ("3", "UAZ 1", ["593631104", "593631101"]),
        ("5", "", ["593631103"]),
    ]
    assert poshta("undo").code == 0
    assert stored(desk) == before


def test_bad_rows_are_told_and_keep_nothing_from_the_desk(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    """Exit 3 with row, column and value; a stop whose row is refused stays as it was; exit 4 where all are refused."""
    poshta("routes", "import-schedule", written(tmp_path))
    bad = "route,office,order,kato,days\n3,150400,1,593631100,tue\n3,150400,2,593600000,tue\n3,150400,3,593631102,tuesdey\n,150400,4,593631102,\n"
    said = poshta("routes", "import-schedule", written(tmp_path, bad))
    assert (said.code, said.data["refused"], said.data["changed"], said.data["removed"]) == (3, 3, 1, 0)
    assert [(each["row"], each["column"], each.get("value", "")) for each in said.body["errors"]] == [
        (3, "kato", "593600000"),
        (4, "days", "tuesdey"),
        (5, "route", ""),
    ]
    assert [len(route.calls) for route in stored(desk)] == [3, 1]
    worse = "route,office,order,kato\n3,150400,zero,593631100\n3,15,1,593631100\n"
    before = stored(desk)
    assert poshta("routes", "import-schedule", written(tmp_path, worse)).code == 4
    assert stored(desk) == before


def test_one_stop_told_in_two_ways_is_refused_once(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    """Two rows for one stop of a route: the first is kept."""
    double = "route,office,order,kato\n3,150400,1,593631100\n3,150400,1,593631101\n3,150400,1,593631100\n"
    said = poshta("routes", "import-schedule", written(tmp_path, double))
    assert (said.code, said.data["added"], said.data["refused"], said.data["doubled"]) == (3, 1, 1, 1)
    assert [call.kato for call in stored(desk)[0].calls] == ["593631100"]


def test_columns_named_once_are_remembered(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    """As for every list; the answer tells the command that shows them."""
    own = "R,Office,N,KATO\n3,150400,1,593631100\n"
    said = poshta("routes", "import-schedule", written(tmp_path, own), "--columns", "route=R,order=N")
    assert said.data["columns_remembered"] is True
    assert poshta("routes", "import-schedule", written(tmp_path, own)).code == 0
    named = poshta("routes", "schedule-columns").data["named"]
    assert [each["columns"] for each in named] == [{"order": "n", "route": "r"}]
    assert poshta("routes", "schedule-columns", "--forget", named[0]["number"]).data["named"] == []


def test_what_existing_routes_refer_to_in_vain_is_told_by_the_check(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    """An office, a vehicle, a place without coordinates: each once, and nothing where all are known."""
    odd = "route,office,order,kato,vehicle\n3,150400,1,593631100,GAZ\n3,150400,2,593699100,GAZ\n5,150900,1,593699100,\n"
    change(desk, fill_desk)
    poshta("routes", "import-schedule", written(tmp_path, odd))
    problems = [
        (each["code"], each["value"]) for each in poshta("settlements", "check").body["errors"] if each["code"].startswith("schedule")
    ]
    assert problems == [("schedule_vehicle_unknown", "GAZ"), ("schedule_place_unknown", "593699100"), ("schedule_office_unknown", "150900")]

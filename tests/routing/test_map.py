"""Maps: one file that asks nothing of the net, every route and village on it in both languages; a picture, GeoJSON, and GPX for a phone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest
from shapely.geometry import Polygon

from records.language import set_language
from records.schema import DistrictShape, Settlement
from routing.gpx import NAMESPACE, as_gpx
from routing.map_page import route_map
from routing.map_picture import route_picture
from routing.map_sketch import COLOURS, DASHES, Missed, Outline, Sketch, districts_of, sketch
from routing.plan import Plan, PlannedRoute, Unplanned
from routing.request import answer
from tests.conftest import Poshta
from tests.routing.test_commands import WEEK, change
from tests.routing.weeks import WORKING, call, days, depot, fill_desk, request

SQUARE = Polygon([(68.5, 53.5), (70.5, 53.5), (70.5, 54.9), (68.5, 54.9)])
OUTLINES = [Outline("593600000", "Тайынша ауданы", "Тайыншинский район", SQUARE), Outline("594000000", "Басқа", "Другой", SQUARE)]


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Six routes of two districts; one village nobody reaches. Names with letters that HTML and XML must not take as theirs."""
    calls = [call(f"5936302{place:02d}", 54.05 + place * 0.05, 69.05 + place * 0.06, days=(WORKING[place],)) for place in range(5)]
    calls.append(call("594030200", 54.3, 69.9))
    calls = [replace(each, name_kk=f"Қ<b>&«{each.kato[-2:]}» а.", name_ru=f"с. Ё<i>&{each.kato[-2:]}") for each in calls]
    calls.append(call("593630299", None, None))
    made = answer(request(calls, days(), (depot(),)), 1)
    return replace(made, code="26W41A", routes=tuple(replace(route, code=f"26W41A-{route.day}") for route in made.routes))


def drawn(plan: Plan, district: str = "") -> Sketch:
    """The map of a district, or of all."""
    missed = [Missed(each, "Ұзақ", "Далёкое", None) for each in plan.unplanned]
    return sketch(plan, missed, OUTLINES, district, ("Тайынша ауданы", "Тайыншинский район") if district else ("", ""))


class Page(HTMLParser):
    """What stands in a page: tags with their attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def of(self, css: str) -> list[dict[str, str | None]]:
        """The attributes of all tags of a class."""
        return [words for _tag, words in self.tags if css in (words.get("class") or "").split()]


def test_a_page_asks_nothing_of_the_net(plan: Plan) -> None:
    """No address but the names of standards, no source of anything; its own policy forbids all else."""
    page = route_map(drawn(plan))
    assert not re.search(r"https?:|\bsrc=|\bhref=|@import|url\(", page)
    assert "default-src 'none'" in page
    assert "{{" not in page


def test_every_route_stop_and_office_is_on_the_page(plan: Plan) -> None:
    """A line for each route, a numbered mark for each stop, both names as text, and no name taken for markup."""
    page = Page(route_map(drawn(plan)))
    assert len(page.of("way")) == len(plan.routes)
    assert len(page.of("stop-mark")) == len(plan.stops) + 1  # and one in the legend
    assert len(page.of("district")) == 2
    text = "".join(page.words)
    for stop in plan.stops:
        assert text.count(stop.name_kk) >= 2
        assert text.count(stop.name_ru) >= 2
    assert not [tag for tag, _words in page.tags if tag == "i"]
    assert "Далёкое" in text
    assert "координат" in text


def test_lines_differ_in_colour_and_dash() -> None:
    """Twenty-eight routes, no two alike; neighbours in the list differ in both."""
    looks = [(COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]) for number in range(28)]
    assert len(set(looks)) == 28
    assert all(one[0] != other[0] and one[1] != other[1] for one, other in pairwise(looks))


def test_a_districts_map_holds_its_own(plan: Plan) -> None:
    """Routes that call there, whole; villages on no route that lie there; its own outline."""
    assert districts_of(plan) == ["593600000", "594000000"]
    own, other = drawn(plan, "593600000"), drawn(plan, "594000000")
    assert {line.route.code for line in own.lines} | {line.route.code for line in other.lines} == {route.code for route in plan.routes}
    assert (len(own.missed), len(other.missed)) == (1, 0)
    assert [each.kato for each in own.outlines] == ["593600000"]
    assert len(other.own_plan.routes) == 1


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_begins_in_the_desks_language(plan: Plan, language: str) -> None:
    """Kazakh where the desk speaks English; a button shows the other."""
    set_language(language)
    page = route_map(drawn(plan))
    assert f'<body class="{"ru" if language == "ru" else "kk"}">' in page
    assert "Барлық маршруттар" in page
    assert "Все маршруты" in page


def test_a_map_without_any_place_is_still_a_page() -> None:
    """Nobody has coordinates: the country is shown, the list tells the rest."""
    lost = Plan("2026-W41", "district", (), (Unplanned("593630299", "no_road", 0, 1, (("known", 0),)),), "26W41A")
    page = Page(route_map(sketch(lost, [Missed(lost.unplanned[0], "А", "Б", None)], [])))
    assert len(page.of("way")) == 0
    assert route_picture(sketch(lost, [], []))


def test_the_picture_shows_every_line_and_is_the_same_twice(plan: Plan) -> None:
    """A4 lying at 150 dots an inch; each route's colour is there."""
    content = route_picture(drawn(plan))
    assert content == route_picture(drawn(plan))
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape[1] == pytest.approx(297 / 25.4 * 150, abs=2)
    for line in drawn(plan).lines:
        colour = [int(line.colour[place : place + 2], 16) for place in (5, 3, 1)]
        assert (np.abs(picture.astype(int) - colour).max(axis=2) < 12).sum() > 100


def gpx(route: PlannedRoute) -> ET.Element:
    return ET.fromstring(as_gpx(route))


def test_gpx_leads_along_the_stops_in_order_and_home(plan: Plan) -> None:
    """Names in both languages with the number of the stop; the office first and last; the same bytes twice."""
    route = max(plan.routes, key=lambda each: len(each.stops))
    root, space = gpx(route), {"g": NAMESPACE}
    names = [point.findtext("g:name", "", space) for point in root.findall("g:rte/g:rtept", space)]
    assert names[0].startswith("00 Пошта бөлімшесі / Отделение")
    assert names[1:-1] == [f"{stop.order:02d} {stop.name_kk} / {stop.name_ru}" for stop in route.stops]
    assert names[-1][3:] == names[0][3:]
    ends = [(point.get("lat"), point.get("lon")) for point in root.findall("g:rte/g:rtept", space)]
    assert ends[0] == ends[-1] == (f"{route.lat:.6f}", f"{route.lon:.6f}")
    assert len(root.findall("g:wpt", space)) == len(route.stops) + 1
    assert as_gpx(route) == as_gpx(route)


def test_gpx_passes_over_a_village_without_coordinates(plan: Plan) -> None:
    """Its number stays free, so that the others keep theirs."""
    route = plan.routes[0]
    lost = replace(route, stops=(replace(route.stops[0], lat=None), *(replace(route.stops[0], order=2),)))
    names = [point.findtext("g:name", "", {"g": NAMESPACE}) for point in gpx(lost).findall("g:rte/g:rtept", {"g": NAMESPACE})]
    assert [name[:2] for name in names] == ["00", "02", "03"]


@pytest.fixture
def district(desk: Path) -> Path:
    """Two planned districts, one with its boundary, and a village without coordinates."""
    change(desk, fill_desk)
    change(desk, lambda session: fill_desk(session, villages=3, district="5940", office="150500", seed=2))
    change(desk, lambda session: session.get_one(Settlement, "593631103").__setattr__("lat", None))
    shape = {"type": "Polygon", "coordinates": [[[69, 53], [71, 53], [71, 55], [69, 55], [69, 53]]]}
    change(desk, lambda session: session.add(DistrictShape(kato="593600000", name_kk="Тайынша", name_ru="Тайынша", geometry=shape)))
    return desk


def test_the_command_draws_the_country_and_every_district(district: Path, poshta: Poshta) -> None:
    """Page, picture and GeoJSON of each, a GPX file of each route; twice gives the same bytes."""
    poshta("routes", "plan", *WEEK)
    said = poshta("routes", "map", *WEEK)
    assert said.code == 0
    assert [each["district"] for each in said.data["maps"]] == ["", "593600000", "594000000"]
    files = said.data["files"]
    assert len(files) == 3 * 3 + len(poshta("routes", "export", *WEEK).data["routes"])
    contents = {file: (district / file).read_bytes() for file in files}
    poshta("routes", "map", *WEEK)
    assert contents == {file: (district / file).read_bytes() for file in files}
    features = json.loads(contents["routes/2026-W41/maps/map-594000000.geojson"])["features"]
    assert {each["properties"]["kato"][:4] for each in features if each["geometry"]["type"] == "Point"} == {"5940"}


def test_one_district_can_be_named_and_another_folder(district: Path, poshta: Poshta, tmp_path: Path) -> None:
    """By any code within it; exit 6 where no route calls, 2 for what is no code, 6 before there is a plan."""
    assert poshta("routes", "map", *WEEK).code == 6
    poshta("routes", "plan", *WEEK)
    said = poshta("routes", "map", *WEEK, "--district", "594031100", "--out", str(tmp_path / "maps"))
    assert [each["page"] for each in said.data["maps"]] == ["map-594000000.html"]
    assert (tmp_path / "maps" / "map-594000000.png").is_file()
    assert poshta("routes", "map", *WEEK, "--district", "110000000").code == 6
    assert poshta("routes", "map", *WEEK, "--district", "north").code == 2

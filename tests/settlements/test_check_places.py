"""Villages against the classifier and the boundaries of districts, and the map that shows them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from records.errors import InputRefused
from settlements.boundaries import Boundaries, metres_to, read_boundaries
from settlements.check_map import DOUBT, FITS, STOP, check_map
from settlements.check_places import check_places, problem
from settlements.kato import Classifier, Move, Unit, units_of
from settlements.register import Village
from tests.conftest import Poshta

TODAY = date(2026, 10, 5)
REAL = Path(__file__).parents[3] / "shared" / "data"


def square(west: float, south: float, size: float = 1.0) -> dict[str, Any]:
    east, north = west + size, south + size
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


def feature(kato: str, name: str, geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"kato": kato, "name_kk": name, "name_ru": name}, "geometry": geometry}


def written(folder: Path, *features: Any) -> Path:
    path = folder / "districts.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


@pytest.fixture
def two_districts(tmp_path: Path) -> Boundaries:
    path = written(tmp_path, feature("593200000", "Айыртау", square(67, 53)), feature("594200000", "Есіл", square(68, 53)))
    return Boundaries(tuple(read_boundaries(path, None)[0]))


def village(kato: str, lat: float | None, lon: float | None, name: str = "Қалам") -> Village:
    return Village(kato, name, name, lat, lon)


def told(villages: Iterable[Village], classifier: Classifier | None = None, shapes: Boundaries | None = None) -> list[tuple[str, str]]:
    return [(each.code, each.value) for each in check_places(villages, classifier, shapes, TODAY)]


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        (53.5, 67.5, None),
        (53.5, 68.02, None),  # a mile over a simplified border
        (53.5, 68.5, "in_wrong_district"),
        (54.03, 67.5, None),
        (54.2, 67.5, "outside_country"),
        (45.5, 50.9, "in_the_sea"),
        (None, None, None),  # told elsewhere
    ],
)
def test_a_village_far_from_where_its_code_says_is_told_with_where_it_lies(
    two_districts: Boundaries, lat: float | None, lon: float | None, code: str | None
) -> None:
    assert told([village("593230100", lat, lon)], shapes=two_districts) == ([(code, "593230100")] if code else [])


def test_a_district_without_a_boundary_is_looked_for_in_its_region(two_districts: Boundaries) -> None:
    assert told([village("596030100", 53.5, 67.5)], shapes=two_districts) == []
    assert told([village("350030100", 53.5, 67.5)], shapes=two_districts) == []  # of that region nothing is known


def test_distances_to_a_border_are_in_metres_on_the_ground(two_districts: Boundaries) -> None:
    outline = two_districts.by_code["593200000"].outline
    assert metres_to(outline, 53.5, 67.5) == 0
    assert metres_to(outline, 54.1, 67.5) == pytest.approx(11_120, rel=0.01)
    assert metres_to(outline, 53.5, 66.9) == pytest.approx(11_120 * 0.595, rel=0.01)  # cos 53.5


CLASSIFIER = Classifier(
    "NK RK 11-2025",
    date(2025, 2, 1),
    units_of(
        [
            Unit("590000000", "0", "Солтүстік Қазақстан облысы", "Северо-Казахстанская область"),
            Unit("593200000", "4", "Айыртау ауданы", "Айыртауский район"),
            Unit("593230100", "2", "Қалам а.", "с.Каламное"),
            Unit("620000000", "0", "Ұлытау облысы", "область Ұлытау"),
            Unit("623600000", "4", "Жаңаарқа ауданы", "Жанааркинский район"),
            Unit("623635100", "2", "Ақтау а.", "с.Актау"),
        ]
    ),
    (Move("354400000", "623600000", date(2022, 6, 8)),),
)


def test_codes_are_held_against_the_classifier() -> None:
    assert told([village("593230100", None, None)], CLASSIFIER) == []
    assert told([village("593230100", None, None, "КАЛАМ")], CLASSIFIER) == []  # typed without Kazakh letters
    assert told([village("593230100", None, None, "Дәптер")], CLASSIFIER) == [("name_differs", "593230100")]
    assert told([village("593230900", None, None)], CLASSIFIER) == [("code_unknown", "593230900")]
    assert told([village("354435100", None, None)], CLASSIFIER) == [("code_moved", "354435100")]
    assert told([village("593200000", None, None)], CLASSIFIER) == [("wrong_level", "593200000"), ("name_differs", "593200000")]


def test_an_unknown_code_of_a_moved_district_is_told_where_to_look() -> None:
    hints = [each.hint for each in check_places([village("354499100", None, None)], CLASSIFIER, None, TODAY)]
    assert len(hints) == 1
    assert "--within 623600000" in hints[0]


def test_two_codes_at_one_place_are_told_once() -> None:
    assert told([village("593230100", 53.5, 67.5), village("593230200", 53.50001, 67.5)]) == [("doubled_place", "593230200")]


def test_boundaries_that_cross_themselves_are_repaired_and_what_is_no_polygon_is_told(tmp_path: Path) -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[[67, 53], [68, 54], [68, 53], [67, 54], [67, 53]]]}
    flat = {"type": "Polygon", "coordinates": [[[67, 53], [68, 53], [67, 53], [67, 53]]]}
    path = written(
        tmp_path,
        feature("593200000", "а", bow_tie),
        feature("593400000", "б", flat),
        feature("593600000", "в", {"type": "Point", "coordinates": [67, 53]}),
        feature("593800000", "г", {"type": "Polygon", "coordinates": [["x"]]}),
        feature("nine", "д", square(67, 53)),
        feature("593200000", "а", square(60, 50)),
        feature("594400000", "е", square(670, 53)),
        "not a feature",
    )
    found, complaints = read_boundaries(path, None)
    assert [(each.kato, each.outline.is_valid) for each in found] == [("593200000", True)]
    assert [(each.row, each.code) for each in complaints] == [
        (2, "geometry"), (3, "geometry"), (4, "geometry"), (5, "kato"), (6, "doubled"), (7, "geometry"), (8, "kato"),
    ]  # fmt: skip


def test_a_boundary_under_a_towns_code_is_kept_under_its_districts(tmp_path: Path) -> None:
    town = feature("593230100", "Айыртау", square(67, 53))
    found, complaints = read_boundaries(written(tmp_path, town), CLASSIFIER)
    assert [each.kato for each in found] == ["593200000"]
    assert [(each.code, each.refused) for each in complaints] == [("code_mended", False)]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"features": 3}', '{"features": []}', "kato,name"])
def test_another_file_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "districts.geojson"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputRefused, match="does not hold boundaries"):
        read_boundaries(path, None)


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_map_shows_every_village_with_its_state_and_loads_nothing(two_districts: Boundaries) -> None:
    villages = [village("593230100", 53.5, 67.5), village("593230200", 53.6, 67.5), village("593230300", 53.7, 68.5, "<b>")]
    problems = [problem("name_differs", "593230200", "look"), problem("no_mail_day", "593230300", "stop & think")]
    page = check_map(villages, problems, two_districts)
    tags = Tags(page).seen
    marks = {tag["data-kato"]: (tag["class"] or "").split()[-1] for _name, tag in tags if "village" in (tag.get("class") or "").split()}
    assert marks == {"593230100": FITS, "593230200": DOUBT, "593230300": STOP}
    assert [name for name, tag in tags if tag.get("src") or tag.get("href")] == []
    assert "http:" not in page
    assert "https:" not in page
    assert "stop &amp; think" in page
    assert "<b></title>" not in page
    assert "{{" not in page


def test_the_check_writes_its_map_and_table_and_names_them(poshta: Poshta, desk: Path) -> None:
    lists = desk / "villages.csv"
    lists.write_text("kato,name_kk,name_ru,lat,lon\n593230100,Қалам,Калам,45.5,50.9\n", encoding="utf-8")
    poshta("settlements", "import", str(lists))
    poshta("settlements", "load-districts", str(written(desk, feature("593200000", "Айыртау", square(67, 53)))))
    told_of = poshta("settlements", "check", "--map", str(desk / "map.html"), "--out", str(desk / "check.csv"))
    assert told_of.data["files"] == ["map.html", "check.csv"]
    assert told_of.data["problems"]["in_the_sea"] == 1
    assert "in_the_sea" in (desk / "check.csv").read_text(encoding="utf-8-sig")
    again = poshta("settlements", "load-districts", str(desk / "districts.geojson"))
    assert again.data == {"districts": 1, "changed": False}


@pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not beside the project")
def test_the_real_boundaries_are_taken_and_the_real_towns_lie_where_their_codes_say(poshta: Poshta, desk: Path) -> None:
    poshta("settlements", "load-kato", str(REAL / "kato_2025.csv"))
    told_of = poshta("settlements", "load-districts", str(REAL / "districts_2024.geojson"))
    assert told_of.data["districts"] == 224
    assert [(each["code"], each["value"]) for each in told_of.body["errors"]] == [
        ("code_mended", "101010000"),
        ("code_mended", "622010000"),
    ]
    names = ("kato=kato", "name_kk=kato_name_kk", "name_ru=kato_name_ru", "note=match")
    poshta("settlements", "import", str(REAL / "north_kazakhstan_settlements.csv"), "--columns", ",".join(names))
    problems = poshta("settlements", "check").data["problems"]
    assert not {"in_wrong_district", "in_the_sea", "outside_country", "code_unknown", "name_differs", "wrong_level"} & set(problems)

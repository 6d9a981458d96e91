"""Counts by region, district and sub-district follow the classifier; without one, the beginnings of the codes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from settlements.areas import Areas
from settlements.channels import reach_of
from settlements.codes import Level, scope_prefix
from settlements.kato import Classifier, Move, Unit
from settlements.roster import CHANNELS, Learner
from tests.conftest import Poshta

UNITS = (
    ("590000000", "Солтүстік Қазақстан облысы", "Северо-Казахстанская область"),
    ("591000000", "Петропавл Қ.Ә.", "Петропавловск Г.А."),
    ("591010000", "Петропавл қ.", "г.Петропавловск"),
    ("593200000", "Айыртау ауданы", "Айыртауский район"),
    ("593230000", "Антоновка а.о.", "Антоновский с.о."),
    ("593230100", "Антоновка а.", "с.Антоновка"),
    ("593200300", "Жеке қыстау", "зимовка Жеке"),
    ("620000000", "Ұлытау облысы", "область Улытау"),
    ("623600000", "Жаңаарқа ауданы", "Жанааркинский район"),
    ("623630000", "Ақтау а.о.", "с.о.Актау"),
    ("623630100", "Ақтау а.", "с.Актау"),
    ("750000000", "Алматы қ.", "г.Алматы"),
    ("751110000", "Алмалы ауданы", "Алмалинский район"),
)
MOVES = (Move("354400000", "623600000", date(2022, 6, 8)),)
KNOWN = Classifier("2025", date(2025, 2, 1), {kato: Unit(kato, "0", kk, ru) for kato, kk, ru in UNITS}, MOVES)
HALL = "599830100"


def areas(level: Level, known: Classifier | None = KNOWN) -> Areas:
    return Areas(level, known, date(2026, 10, 5))


@pytest.mark.parametrize(
    ("kato", "region", "district", "sub_district"),
    [
        ("593230100", "590000000", "593200000", "593230000"),
        ("593200300", "590000000", "593200000", "593200000"),  # right below its district
        ("591010000", "590000000", "591000000", "591010000"),
        ("751110000", "750000000", "750000000", "750000000"),  # a city of republican significance
        ("354430100", "620000000", "623600000", "623630000"),  # moved in 2022
        ("599830100", "590000000", "599800000", "599830000"),  # no classifier holds it
        ("", "", "", ""),
    ],
)
def test_a_place_belongs_where_the_classifier_says(kato: str, region: str, district: str, sub_district: str) -> None:
    found = [areas(level).of(kato) for level in (Level.OBLAST, Level.DISTRICT, Level.SUB_DISTRICT)]
    assert found == [region, district, sub_district]


def test_names_are_in_the_users_language_and_codes_where_there_is_none() -> None:
    assert [areas(Level.DISTRICT).name("593200000", language) for language in ("kk", "ru")] == ["Айыртау ауданы", "Айыртауский район"]
    assert areas(Level.DISTRICT).name("599800000", "kk") == "599800000"
    assert areas(Level.DISTRICT, None).name("593200000", "kk") == "593200000"


KATOS = st.from_regex(r"[1-7][0-9]{8}", fullmatch=True)


@given(KATOS, st.sampled_from([Level.OBLAST, Level.DISTRICT, Level.SUB_DISTRICT]))
def test_without_a_classifier_an_area_holds_its_places_and_itself(kato: str, level: Level) -> None:
    without = areas(level, None)
    area = without.of(kato)
    assert kato.startswith(scope_prefix(area)) or area[2:] == "0000000"
    assert without.of(area) == area


@given(st.lists(st.sets(st.sampled_from(CHANNELS)), max_size=12))
def test_the_channel_counts_are_those_of_the_pupils(reached: list[set[str]]) -> None:
    pupils = [
        Learner(f"P{number}", 3, "kk", HALL, "", channels=tuple(each for each in CHANNELS if each in ways))
        for number, ways in enumerate(reached)
    ]
    found = reach_of(pupils, {"P0", "P1", "P99"})
    assert found.pupils == len(pupils)
    assert found.post + found.tv + found.radio + found.web == sum(len(ways) for ways in reached)
    assert found.nobody == reached.count(set())
    assert found.only_post == reached.count({"post"})
    assert found.lent == min(2, len(pupils))


# ---- through the door


@pytest.fixture
def two_regions(desk: Path, poshta: Poshta, tmp_path: Path) -> Poshta:
    """Three villages of two regions, one under a code that has moved; an office without a code; the classifier loaded."""
    lists = {
        "settlements": ["kato,name_kk,name_ru,lat,lon", "593230100,Антоновка,Антоновка,53.5,68.2", "593200300,Жеке,Жеке,,", "354430100,Ақтау,Актау,48.6,71.6"],
        "offices": ["index,name,kato", "150100,A,593230100", "100500,B,354430100", "150199,C,"],
        "vehicles": ["office,vehicle,payload_kg", "150100,V1,800", "100500,V2,800", "150199,V3,800"],
        "schools": ["school,name_ru,kato", "s1,Школа,593230100"],
        "pupils": [
            "code,last_name,first_name,grade,language,kato,school,channels",
            "A1,А,А,3,kk,593230100,s1,post",
            "A2,Б,Б,9,ru,593230100,s1,\"tv,web\"",
            "A3,В,В,11,kk,354430100,,none",
        ],
    }  # fmt: skip
    for kind, lines in lists.items():
        (tmp_path / f"{kind}.csv").write_text("\n".join(lines), encoding="utf-8")
        assert poshta(kind, "import", str(tmp_path / f"{kind}.csv")).code == 0
    rows = "\n".join(f"{kato},0,{kk},{ru},2025" for kato, kk, ru in UNITS)
    (tmp_path / "kato.csv").write_text(f"kato,type_code,name_kk,name_ru,kato_version\n{rows}\n", encoding="utf-8")
    assert poshta("settlements", "load-kato", str(tmp_path / "kato.csv"), "--edition", "2025", "--since", "2025-02-01").code in (0, 3)
    return poshta


def test_the_summary_counts_each_thing_once_where_it_stands(two_regions: Poshta) -> None:
    told = two_regions("settlements", "summary", "--by", "region", lang="ru").data
    assert [(row["kato"], row["name"]) for row in told["rows"]] == [
        ("", "нет"),
        ("590000000", "Северо-Казахстанская область"),
        ("620000000", "область Улытау"),
    ]
    nowhere, north, ulytau = told["rows"]
    assert (nowhere["offices"], nowhere["vehicles"], nowhere["villages"]) == (1, 1, 0)
    assert {name: north[name] for name in ("villages", "with_pupils", "pupils", "offices", "schools", "vehicles")} == {
        "villages": 2,
        "with_pupils": 1,
        "pupils": 2,
        "offices": 1,
        "schools": 1,
        "vehicles": 1,
    }
    assert (north["without_coordinates"], north["languages"], north["grades"]) == (1, {"kk": 1, "ru": 1}, {"1-4": 1, "5-9": 1, "10-12": 0})
    assert (ulytau["pupils"], ulytau["grades"]["10-12"]) == (1, 1)
    assert (told["total"]["villages"], told["total"]["pupils"], told["total"]["vehicles"]) == (3, 3, 3)
    assert told["edition"] == "2025"


def test_the_summary_is_narrowed_and_goes_into_a_file(two_regions: Poshta, tmp_path: Path) -> None:
    path = tmp_path / "desk" / "summary.xlsx"
    told = two_regions("settlements", "summary", "--within", "590000000", "--by", "sub-district", "--out", str(path)).data
    assert ([row["kato"] for row in told["rows"]], told["files"]) == (["593200000", "593230000"], ["summary.xlsx"])
    written = pd.read_excel(path, dtype=str)
    assert written["kato"].tolist() == ["593200000", "593230000"]
    assert {"villages", "kk", "grades_1-4"} <= set(written.columns)
    assert two_regions("settlements", "summary", "--by", "okrug").code == 2
    assert two_regions("settlements", "summary", "--within", "590").code == 2


def test_the_channel_table_counts_by_district_village_and_school(two_regions: Poshta, tmp_path: Path) -> None:
    told = two_regions("pupils", "channels", lang="kk").data
    assert [(row["name"], row["pupils"], row["nobody"], row["only_post"]) for row in told["rows"]] == [
        ("Айыртау ауданы", 2, 0, 1),
        ("Жаңаарқа ауданы", 1, 1, 0),
    ]
    assert {name: told["total"][name] for name in ("post", "tv", "radio", "web", "lent")} == {
        "post": 1,
        "tv": 1,
        "radio": 0,
        "web": 1,
        "lent": 0,
    }
    two_regions("loans", "lend", "K1", "A2", "--kind", "computer")
    path = tmp_path / "desk" / "channels.csv"
    by_school = two_regions("pupils", "channels", "--by", "school", "--out", str(path)).data
    assert [(row["code"], row["lent"]) for row in by_school["rows"]] == [("", 0), ("s1", 1)]
    assert pd.read_csv(path, dtype=str)["pupils"].tolist() == ["1", "2"]
    by_village = two_regions("pupils", "channels", "--by", "village", "--within", "593200000").data
    assert [(row["code"], row["name"], row["lent"]) for row in by_village["rows"]] == [("593230100", "Антоновка", 1)]
    assert two_regions("pupils", "channels", "--by", "street").code == 2


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet", "geojson"])
def test_an_export_tells_district_and_region_and_is_imported_again_in_silence(two_regions: Poshta, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out.{suffix}"
    assert two_regions("settlements", "export", str(path), lang="ru").code == 0
    if suffix == "geojson":
        rows = [feature["properties"] for feature in json.loads(path.read_text(encoding="utf-8"))["features"]]
    else:
        read = {
            "csv": lambda: pd.read_csv(path, dtype=str),
            "xlsx": lambda: pd.read_excel(path, dtype=str),
            "parquet": lambda: pd.read_parquet(path),
        }
        rows = read[suffix]().to_dict("records")
    moved = next(row for row in rows if row["kato"] == "354430100")
    assert [moved[name] for name in ("district_kato", "district", "region_kato", "region")] == [
        "623600000",
        "Жанааркинский район",
        "620000000",
        "область Улытау",
    ]
    if suffix in ("csv", "xlsx"):
        again = two_regions("settlements", "import", str(path))
        assert (again.code, again.data["unchanged"], again.body["errors"]) == (0, 3, [])


def test_a_list_of_villages_is_narrowed_by_any_code(two_regions: Poshta) -> None:
    def listed(*options: str) -> list[str]:
        return [village["kato"] for village in two_regions("settlements", "list", *options).data["settlements"]]

    assert listed("--within", "593200000") == listed("--district", "593200000") == ["593200300", "593230100"]
    assert listed("--within", "593230000", "--district", "593200000") == ["593230100"]

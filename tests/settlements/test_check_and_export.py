"""What the lists say together: the overview, the check, the files that are written from them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from settlements.register import PostOffice, Village, days_of, office_of
from settlements.sample_lists import write_sample
from tests.conftest import Poshta


def take(poshta: Poshta, folder: Path, kind: str, *lines: str) -> None:
    path = folder / f"{kind}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert poshta(kind, "import", str(path)).code == 0


def problems(poshta: Poshta) -> set[tuple[str, str]]:
    told = poshta("settlements", "check")
    assert told.code == (3 if told.body["errors"] else 0)
    return {(error["code"], error.get("value", "")) for error in told.body["errors"]}


def test_a_whole_district_fits_together(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    for path in write_sample(tmp_path / "lists", seed=3):
        assert poshta(path.stem, "import", str(path)).code == 0
    assert problems(poshta) == set()
    listed = poshta("settlements", "list").data["settlements"]
    assert [set(village) for village in listed] == [{"kato", "name_kk", "name_ru", "lat", "lon", "pupils", "office", "school"}] * 10
    assert {village["school"] for village in listed} == {"tirek-1"}
    assert all(5 <= village["pupils"] <= 10 for village in listed)


def test_an_empty_desk_has_no_problems(desk: Path, poshta: Poshta) -> None:
    assert problems(poshta) == set()


def test_each_thing_that_does_not_fit_is_told(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    take(poshta, tmp_path, "settlements",
        "kato;name_kk;name_ru;lat;lon;office;mail_days;visits",
        "599830100;Қ1;К1;54,5;70,1;150800;mon;1",
        "599830200;Қ2;К2;;;159999;;1",
        "599830300;Қ3;;50,5;70,1;150800;sun;2",
        "599830400;Қ4;К4;54,5;70,2;020000;-;1",
        "599730100;Қ5;К5;54,5;70,3;;;1",
    )  # fmt: skip
    take(poshta, tmp_path, "offices", "index,name,kato,latitude,longitude", "150800,A,599810100,54.9,70.4", "020000,B,599810100,,")
    take(poshta, tmp_path, "vehicles", "office,vehicle,payload_kg,days", "150800,V1,800,mon", "150700,V2,800,")
    take(poshta, tmp_path, "pupils",
        "code,last_name,first_name,grade,language,kato,school",
        "A1,Қ,Ә,3,kk,599830100,s1",
        "A2,Қ,Б,3,kk,599830300,",
        "A3,Қ,В,3,kk,599830900,s9",
        "A4,Қ,Г,3,kk,599830400,s1",
    )  # fmt: skip
    take(poshta, tmp_path, "schools", "school,name_ru", "s1,Школа")
    take(poshta, tmp_path, "teachers", "teacher,school,subject,grade,language", "T1,s1,math,3,kk", "T2,s1,math,3,kk", "T3,s8,math,3,kk")
    assert problems(poshta) == {
        ("village_without_office", "599700000"),
        ("village_without_coordinates", "599830200"),
        ("office_unknown", "599830200"),
        ("village_without_name", "599830300"),
        ("office_far_away", "599830300"),
        ("no_mail_day", "599830300"),
        ("too_many_visits", "599830300"),
        ("office_of_other_region", "599830400"),
        ("no_mail_day", "599830400"),
        ("office_without_coordinates", "020000"),
        ("office_of_other_region", "020000"),
        ("office_without_vehicle", "020000"),
        ("vehicle_office_unknown", "150700"),
        ("school_without_coordinates", "s1"),
        ("pupil_without_village", "599830900"),
        ("pupil_without_school", ""),
        ("school_unknown", "s9"),
        ("teacher_school_unknown", "s8"),
        ("several_teachers", "s1"),
    }


def test_a_lesson_without_a_teacher_is_told_once_something_is_assigned(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    import sqlite3

    take(poshta, tmp_path, "schools", "school,name_ru,lat,lon", "s1,Школа,54.5,70.1")
    take(poshta, tmp_path, "teachers", "teacher,school,subject,grade,language", "T1,s1,math,3,kk")
    take(poshta, tmp_path, "pupils", "code,last_name,first_name,grade,language,kato,school", "A1,Қ,Ә,3,kk,599830100,s1")
    before = problems(poshta)
    with sqlite3.connect(desk / "poshta.sqlite3") as database:
        for subject, grade in (("math", 3), ("reading", 3), ("reading", 4)):
            columns = [name for _id, name, *_rest in database.execute("pragma table_info(assignment)")]
            row = {"code": f"{subject}{grade}", "subject": subject, "grade": grade, "language": "kk", "definition": "{}"}
            database.execute(f"insert into assignment values ({','.join('?' * len(columns))})", [row.get(name, "") for name in columns])
    assert problems(poshta) - before == {("teacher_missing", "s1")}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_exported_register_can_be_imported_again_and_changes_nothing(desk: Path, poshta: Poshta, tmp_path: Path, suffix: str) -> None:
    for path in write_sample(tmp_path / "lists", seed=3):
        poshta(path.stem, "import", str(path))
    told = poshta("settlements", "export", str(desk / f"out.{suffix}"))
    assert told.data == {"files": [f"out.{suffix}"], "settlements": 10}
    again = poshta("settlements", "import", str(desk / f"out.{suffix}"))
    assert (again.code, again.data["unchanged"]) == (0, 10)


def test_a_map_layer_and_a_parquet_file_hold_every_village(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    take(poshta, tmp_path, "settlements", "kato,name_ru,lat,lon", "599830100,К1,54.5,70.1", "599830200,К2,,")
    poshta("settlements", "export", str(tmp_path / "out.geojson"))
    layer = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    assert [feature["geometry"] for feature in layer["features"]] == [{"type": "Point", "coordinates": [70.1, 54.5]}, None]
    poshta("settlements", "export", str(tmp_path / "out.parquet"))
    assert pd.read_parquet(tmp_path / "out.parquet")["kato"].tolist() == ["599830100", "599830200"]
    assert poshta("settlements", "export", str(tmp_path / "out.doc")).code == 2


def test_a_village_belongs_to_its_own_office_or_to_the_nearest_of_its_district() -> None:
    def office(index: str, kato: str, lat: float | None) -> PostOffice:
        return PostOffice(index, "", kato, lat, 70.0 if lat else None)

    near, far, elsewhere = office("1", "599810100", 54.0), office("2", "599820100", 53.0), office("3", "597810100", 54.4)
    village = Village("599830100", "Қ", "К", 54.4, 70.0)
    assert office_of(village, [far, near, elsewhere]) == "1"
    assert office_of(Village("599830100", "Қ", "К", 54.4, 70.0, office="9"), [near]) == "9"
    assert office_of(Village("599830100", "Қ", "К", None, None), [near, far]) == ""
    assert office_of(Village("599830100", "Қ", "К", None, None), [office("4", "599810100", None)]) == "4"
    assert office_of(village, [elsewhere]) == ""


def test_empty_days_mean_monday_to_saturday() -> None:
    assert days_of("") == ("mon", "tue", "wed", "thu", "fri", "sat")
    assert days_of("thu,mon") == ("mon", "thu")
    assert days_of("none") == ()

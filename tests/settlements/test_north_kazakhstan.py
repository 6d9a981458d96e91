"""A real list with real dirt: the joined villages are taken, each of the other rows is explained."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import Poshta

LIST = Path(__file__).parents[3] / "shared" / "data" / "north_kazakhstan_settlements.csv"
MAPPING = "kato=kato,name_kk=kato_name_kk,name_ru=kato_name_ru,note=match"


@pytest.mark.skipif(not LIST.exists(), reason="the real list of North Kazakhstan is not beside the repository (../shared/data)")
def test_the_550_joined_villages_are_taken_and_each_other_row_is_explained(desk: Path, poshta: Poshta) -> None:
    with LIST.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    told = poshta("settlements", "import", str(LIST), "--columns", MAPPING)
    distinct = {row["kato"] for row in rows if row["kato"]}
    assert (told.code, told.data["rows"], told.data["added"], told.data["refused"]) == (3, 606, len(distinct), 56)
    assert len(distinct) == 550
    assert {village["kato"] for village in poshta("settlements", "list").data["settlements"]} == distinct
    refused = {error["row"]: error for error in told.body["errors"] if error["code"] != "dropped_column"}
    assert Counter(error["code"] for error in refused.values()) == {"empty": 54, "doubled_code": 2}
    for number, row in enumerate(rows, start=2):
        assert (number in refused) == (not row["kato"] or refused.get(number, {}).get("code") == "doubled_code")
        if not row["kato"]:
            assert row["match"] in refused[number]["text"]
    assert told.data["dropped_columns"] == ["osm_name", "osm_place"], "district_kato is a column of the program's own export"
    again = poshta("settlements", "import", str(LIST), "--columns", MAPPING)
    assert (again.data["added"], again.data["changed"], again.data["unchanged"]) == (0, 0, 550)

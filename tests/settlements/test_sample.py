"""The invented district: the same by seed, plainly invented, and in the forms that schools use."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.errors import NotFound
from records.exchange import read_sheets
from settlements.codes import is_kato, is_place
from settlements.distance import metres
from settlements.sample import FIRST_DISTRICT, LAST_DISTRICT, make_sample
from settlements.sample_country import make_country
from settlements.sample_lists import write_lists, write_sample
from settlements.sample_towns import TOWNS, town_named, towns
from tests.conftest import Poshta


def is_invented(kato: str) -> bool:
    """Whether the code stands in one of the districts that the classifier does not use (its districts are numbered 10 to 70)."""
    return 70 < LAST_DISTRICT <= int(kato[2:4]) <= FIRST_DISTRICT


def test_a_seed_gives_one_district_and_another_gives_another() -> None:
    assert make_sample(5) == make_sample(5)
    assert make_sample(5) != make_sample(6)


@pytest.mark.parametrize(("town", "count"), [("Булаево", 10), ("Shymkent", 40), ("Атырау", 25)])
def test_villages_lie_5_to_60_km_around_under_codes_that_no_village_has(town: str, count: int) -> None:
    district = make_sample(1, villages=count, town=town)
    assert len({village.kato for village in district.villages}) == len({village.name_kk for village in district.villages}) == count
    for village in district.villages:
        assert is_kato(village.kato)
        assert is_place(village.kato)
        assert is_invented(village.kato)
        assert village.lat is not None
        assert village.lon is not None
        assert 4_990 <= metres(district.office.lat or 0, district.office.lon or 0, village.lat, village.lon) <= 60_010


def test_every_village_has_5_to_10_pupils_of_both_languages_with_codes_of_their_own() -> None:
    district = make_sample(2)
    per_village = [sum(each.kato == village.kato for each in district.learners) for village in district.villages]
    assert all(5 <= count <= 10 for count in per_village)
    assert {each.language for each in district.learners} == {"kk", "ru"}
    assert {each.grade for each in district.learners} <= set(range(1, 10))
    assert len({each.code for each in district.learners}) == len(district.learners)
    assert [each.code for each in district.learners] == [each.code for each in district.people]


def test_more_villages_than_one_district_holds_still_have_codes_and_names_of_their_own() -> None:
    district = make_sample(1, villages=700, pupils=(1, 1))
    assert len({village.kato for village in district.villages}) == 700
    assert len({village.name_ru for village in district.villages}) == 700
    assert all(is_invented(village.kato) for village in district.villages)


def test_the_lists_are_written_with_headings_of_three_languages(tmp_path: Path) -> None:
    files = write_sample(tmp_path, seed=1)
    assert [path.name for path in files] == ["offices.csv", "vehicles.csv", "schools.csv", "settlements.csv", "teachers.csv", "pupils.xlsx"]
    headings = {path.stem: read_sheets(path)[0].rows[0][1] for path in files}
    assert headings["pupils"][1] == "Фамилия"
    assert headings["settlements"][1] == "Қазақша атауы"
    assert headings["offices"][0] == "index"


def test_real_towns_carry_their_source() -> None:
    assert len(towns()) > 300
    assert town_named("bulayevo").region == "59"
    assert town_named("Жаңаөзен").region == "47"
    with pytest.raises(NotFound):
        town_named("Атлантида")
    assert "Attribution 4.0" in TOWNS.with_name("towns.SOURCE.md").read_text(encoding="utf-8")


def test_a_country_has_offices_in_every_region_and_no_code_twice() -> None:
    country = make_country(seed=1)
    assert country == make_country(seed=1)
    villages = [village for district in country for village in district.villages]
    assert len(country) == 160
    assert len({village.kato for village in villages}) == len(villages) == 1200
    assert len({village.kato[:2] for village in villages}) == 20
    assert len({district.office.index for district in country}) == 160
    learners = [learner for district in country for learner in district.learners]
    assert len({learner.code for learner in learners}) == len(learners) >= 6000
    assert len({teacher.name.code for district in country for teacher in district.teachers}) == 160 * 8
    assert all(is_invented(village.kato) for village in villages)


def test_a_countrys_size_is_a_setting_and_its_lists_are_imported_whole(poshta: Poshta, desk: Path) -> None:
    country = make_country(seed=2, villages=30, offices=22, pupils=(1, 2))
    for path in write_lists(desk / "lists", country):
        told = poshta(path.stem, "import", str(path))
        assert told.code == 0, told.out
    assert len(poshta("settlements", "list").data["settlements"]) == 30
    assert poshta("settlements", "check").data["problems"] == {}

"""The classifier: parents by its rules, names without what they are, codes that moved, and its loading through the command."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import InputRefused, NotAllowed, NotFound, UsageRefused
from records.home import make_home
from settlements.codes import Level, level_of
from settlements.kato import Classifier, Move, Unit, bare_name, derived_moves, units_of
from settlements.kato_file import read_edition, year_of
from settlements.kato_store import classifier, editions, keep, known_moves
from settlements.letters import folded, in_one_script
from settlements.places import find_places
from tests.conftest import Poshta

REAL = Path(__file__).parents[3] / "shared" / "data" / "kato_2025.csv"
NEW_DAY, OLD_DAY = date(2025, 2, 1), date(2020, 1, 1)


def unit(kato: str, name_kk: str, name_ru: str = "", type_code: str = "2") -> Unit:
    return Unit(kato, type_code, name_kk, name_ru or name_kk)


def edition(*units: Unit, since: date = NEW_DAY, moves: tuple[Move, ...] = ()) -> Classifier:
    return Classifier("NK RK 11-2025", since, units_of(units), moves)


ULYTAU = (
    unit("620000000", "Ұлытау облысы", "область Ұлытау"),
    unit("623600000", "Жаңаарқа ауданы", "Жанааркинский район"),
    unit("623635000", "Ақтау а.о.", "Актауский с.о."),
    unit("623635100", "Ақтау а.", "с.Актау"),
    unit("623600200", "Бір разъезд", "рзд. Бир"),
)


def written(path: Path, *rows: tuple[str, ...], heading: str = "kato,kato_version,level,type_code,name_ru,name_kk") -> Path:
    path.write_text("\n".join([heading, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


def test_a_parent_is_the_first_code_with_a_zeroed_tail_that_exists() -> None:
    known = edition(*ULYTAU)
    assert [each.kato for each in known.path("623635100")] == ["620000000", "623600000", "623635000", "623635100"]
    assert [each.kato for each in known.path("623600200")] == ["620000000", "623600000", "623600200"]  # EF is 00
    assert known.path("999999999") == ()
    assert known.parent("620000000") is None


def test_a_district_of_a_republican_city_hangs_below_the_city() -> None:
    known = edition(unit("710000000", "Астана қ.", "г.Астана"), unit("711110000", "Алматы ауданы", "район Алматы"))
    assert known.at_level("711110000", Level.OBLAST) == known.units["710000000"]
    assert known.at_level("711110000", Level.DISTRICT) is None


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("с.Новоишимское", "новоишимское"),
        ("Новоишим а.о.", "новоишим"),
        ("Көкшетау Қ.Ә.", "кокшетау"),
        ("зимовка Кокшетау", "кокшетау"),
        ("Зимовка", "зимовка"),
        ("ст. Ёлка", "елка"),
    ],
)
def test_a_bare_name_says_what_is_called_so_and_not_what_it_is(name: str, bare: str) -> None:
    assert bare_name(name) == bare


def test_latin_look_alikes_in_a_cyrillic_word_are_written_in_cyrillic_and_a_latin_word_stays() -> None:
    assert in_one_script("Кoкшeтaу CK-1 London") == "Кокшетау CK-1 London"


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_a_code_of_a_moved_district_leads_to_its_new_code_with_the_same_tail() -> None:
    known = edition(*ULYTAU, moves=known_moves())
    assert known.successor("354400000", NEW_DAY) == "623600000"
    assert known.successor("354435100", NEW_DAY) == "623635100"
    assert known.successor("354499100", NEW_DAY) == ""  # no such tail in the new district: nobody guesses
    assert known.successor("354400000", date(2022, 6, 7)) == ""  # it had not moved yet


def test_a_code_that_was_given_again_leads_from_its_old_place_and_still_names_its_new_one() -> None:
    known = edition(unit("191000000", "Қонаев Қ.Ә."), unit("331000000", "Талдықорған Қ.Ә."), moves=known_moves())
    assert known.successor("191000000", NEW_DAY) == "331000000"
    found = find_places("191000000", known, [], on=NEW_DAY)
    assert [(each.unit.kato, each.moved) for each in found] == [("191000000", False), ("331000000", True)]


def test_moves_between_two_editions_are_found_by_both_names_below_the_moved_parent() -> None:
    old = edition(
        unit("350000000", "Қарағанды облысы"),
        unit("354400000", "Жаңаарқа ауданы", "Жанааркинский район"),
        unit("354435000", "Ақтау а.о.", "Актауский с.о."),
        unit("354435100", "Ақтау а.", "с.Актау"),
        since=OLD_DAY,
    )
    new = edition(unit("350000000", "Қарағанды облысы"), *ULYTAU, unit("350035100", "Ақтау а.", "с.Актау"))
    assert {(move.old, move.new) for move in derived_moves(old, new)} == {
        ("354400000", "623600000"),
        ("354435000", "623635000"),
        ("354435100", "623635100"),  # and not the namesake elsewhere
    }


def test_two_namesakes_in_one_parent_are_no_move_at_all() -> None:
    old = edition(unit("350000000", "Қ"), unit("354400000", "Ж"), unit("354400100", "Көл а."), since=OLD_DAY)
    new = edition(unit("350000000", "Қ"), unit("354400000", "Ж"), unit("354400200", "Көл а."), unit("354400300", "Көл а."))
    assert list(derived_moves(old, new)) == []


def test_editions_stand_side_by_side_and_the_day_says_which_is_in_force(tmp_path: Path) -> None:
    home, _made = make_home(tmp_path)
    with home.database.write() as session:
        keep(session, "NK RK 11-2019", OLD_DAY, units_of([unit("350000000", "Ескі"), unit("354400000", "Жаңаарқа ауданы")]))
        kept = keep(session, "NK RK 11-2025", NEW_DAY, units_of([unit("350000000", "Жаңа"), unit("623600000", "Жаңаарқа ауданы")]))
        assert kept.added == 2
        assert kept.moves == 1
        again = keep(session, "NK RK 11-2025", NEW_DAY, units_of([unit("350000000", "Жаңа"), unit("623600000", "Жаңаарқа ауданы")]))
        assert not again.anything
        then, now = classifier(session, date(2021, 5, 1)), classifier(session, date(2026, 5, 1))
        assert then is not None
        assert then.units["350000000"].name_kk == "Ескі"
        assert now is not None
        assert now.units["350000000"].name_kk == "Жаңа"
        assert now.successor("354400000", date(2026, 5, 1)) == "623600000"
        assert editions(session) == [("NK RK 11-2019", OLD_DAY), ("NK RK 11-2025", NEW_DAY)]
    home.close()


def test_a_row_with_a_fault_is_told_with_its_place_and_the_others_are_kept(tmp_path: Path) -> None:
    name = "NK RK 11-2025"
    file = written(
        tmp_path / "kato.csv",
        ("100000000", name, "oblast", "0", "область Абай", "Абай облысы"),
        ("10x000000", name, "district", "1", "а", "б"),
        ("100000000", name, "oblast", "0", "область Абай", "Абай облысы"),
        ("101000000", name, "oblast", "1", "Семей Г.А.", "Семей Қ.Ә."),
        ("101010000", name, "sub_district", "7", "г.Семей", "Семей қ."),
        ("101010100", name, "settlement", "2", "", "Семей қ."),
        ("591010100", name, "settlement", "2", "с.Без области", "Облыссыз а."),
    )
    read = read_edition(file)
    assert [(each.row, each.column, each.code) for each in read.complaints] == [
        (3, "kato", "kato"),
        (4, "kato", "doubled"),
        (5, "level", "wrong_level"),
        (6, "type_code", "type_code"),
        (7, "name_ru", "empty"),
        (None, "", "region_missing"),
    ]
    assert sorted(read.units) == ["100000000", "591010100"]
    assert read.rows == 7


def test_the_bureaus_own_workbook_is_read_by_its_headings(tmp_path: Path) -> None:
    heading = "te,ab,cd,ef,hij,k,kaz_name,rus_name,nn"
    file = written(tmp_path / "wb.csv", ("100000000", "10", "00", "00", "000", "0", "Абай облысы", "область Абай", "1"), heading=heading)
    read = read_edition(file)
    assert read.units["100000000"] == Unit("100000000", "0", "Абай облысы", "область Абай")
    assert read.name == ""


def test_another_list_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="does not hold the KATO classifier"):
        read_edition(written(tmp_path / "x.csv", ("a", "b"), heading="code,name"))


def test_an_editions_year_stands_in_its_name() -> None:
    assert year_of("NK RK 11-2025") == date(2025, 1, 1)
    assert year_of("KATO") is None


def test_an_edition_without_a_name_must_be_named(poshta: Poshta, desk: Path) -> None:
    file = written(desk / "k.csv", ("100000000", "Абай облысы", "область Абай"), heading="kato,name_kk,name_ru")
    assert poshta("settlements", "load-kato", str(file)).code == UsageRefused.exit_code
    named = ("--edition", "Сынақ 2024", "--since", "2024-03-01")
    assert poshta("settlements", "load-kato", str(file), *named).data["since"] == "2024-03-01"


def test_a_file_that_was_cut_short_does_not_empty_the_classifier(poshta: Poshta, desk: Path) -> None:
    name = "NK RK 11-2025"
    rows = [(f"10{number}00000", name, "district", "4", f"район {number}", f"{number} ауданы") for number in range(10, 60)]
    region = ("100000000", name, "oblast", "0", "область Абай", "Абай облысы")
    poshta("settlements", "load-kato", str(written(desk / "whole.csv", region, *rows)))
    cut = str(written(desk / "cut.csv", region, *rows[:20]))
    assert poshta("settlements", "load-kato", cut).code == NotAllowed.exit_code
    assert len(poshta("settlements", "find", "район").data["places"]) == 50
    assert poshta("settlements", "load-kato", cut, "--replace").data["removed"] == 30


def test_a_place_is_found_by_part_of_either_name_the_closest_first_and_within_a_code(tmp_path: Path) -> None:
    known = edition(*ULYTAU, unit("100000000", "Абай облысы"), unit("101000100", "Жаңа Ақтау а.", "с.Новый Актау"))
    assert [each.unit.kato for each in find_places("актау", known, [])] == ["623635000", "623635100", "101000100"]
    assert [each.unit.kato for each in find_places("АКТАУ", known, [], within="623600000")] == ["623635000", "623635100"]
    assert [each.unit.kato for each in find_places("6236", known, [])] == ["623600000", "623600200", "623635000", "623635100"]
    assert find_places("!", known, []) == []


@pytest.mark.usefixtures("desk")
def test_what_nobody_is_called_is_not_found(poshta: Poshta) -> None:
    told = poshta("settlements", "find", "Жоқжер")
    assert told.code == NotFound.exit_code
    assert "load-kato" in told.body["errors"][0]["hint"]


@pytest.mark.skipif(not REAL.is_file(), reason="the real classifier (kato_2025.csv) is not beside the project")
def test_the_real_edition_is_taken_whole_and_every_unit_hangs_below_its_region(poshta: Poshta, desk: Path) -> None:
    data = poshta("settlements", "load-kato", str(REAL)).data
    assert data["levels"] == {"oblast": 20, "district": 209, "sub_district": 2379, "settlement": 12986}
    assert data["added"] == 15594
    again = poshta("settlements", "load-kato", str(REAL)).data
    assert (again["added"], again["changed"], again["removed"]) == (0, 0, 0)
    home, _made = make_home(desk)
    with home.database.read() as session:
        known = classifier(session)
    home.close()
    assert known is not None
    paths = [known.path(kato) for kato in known.units]
    assert all(path[0].level is Level.OBLAST for path in paths)
    assert sum(path[-1].level is Level.SETTLEMENT and path[-2].level is Level.DISTRICT for path in paths) == 78
    for move in known_moves():
        assert move.new in known.units
        assert level_of(move.old) is level_of(move.new)
    found = poshta("settlements", "find", "354400000").data["places"]
    assert [(each["kato"], each["moved"], each["within"][0]["kato"]) for each in found] == [("623600000", True, "620000000")]


def test_the_known_moves_are_districts_with_their_names() -> None:
    file = Path(__file__).parents[2] / "settlements" / "data" / "kato_moves.csv"
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    assert len(rows) == len({row["old"] for row in rows}) == 19
    assert ("354400000", "623600000", "2022-06-08", "Жаңаарқа") in [tuple(row.values()) for row in rows]

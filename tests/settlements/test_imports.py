"""Imports: headings, good rows kept, bad rows explained, the same list twice."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from settlements.columns import KINDS
from settlements.headings import find_heading, plain
from tests.conftest import Poshta

IIN = "100101500012"
COUNTS = ("added", "changed", "unchanged", "refused")


def listed(folder: Path, *lines: str, name: str = "list.csv", encoding: str = "utf-8") -> str:
    path = folder / name
    path.write_bytes("\n".join(lines).encode(encoding))
    return str(path)


def counts(data: dict[str, Any]) -> tuple[int, ...]:
    return tuple(data[name] for name in COUNTS)


VILLAGES = (
    "kato,name_kk,name_ru,lat,lon,mail_days",
    '599830100,Қаламкөл,Каламколь,54.5,70.1,"mon,thu"',
    "599830200,Хатсай,Хатсай,54.6,70.2,",
)


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_every_name_of_every_column_is_recognised_in_any_order(kind_name: str, data: st.DataObject) -> None:
    kind = KINDS[kind_name]
    chosen = [data.draw(st.sampled_from((column.name, *column.synonyms))) for column in kind.columns]
    order = data.draw(st.permutations(range(len(chosen))))
    written = [data.draw(st.sampled_from((str.upper, str.title, lambda text: f" {text}: ")))(chosen[place]) for place in order]
    heading = find_heading(kind, [(1, ("2026 ж.",)), (3, tuple(written))], {})
    assert heading is not None
    assert heading.row == 3
    assert {name: order[place] for name, place in heading.places.items()} == {name: index for index, name in enumerate(kind.names)}


def test_no_heading_means_two_columns_of_one_list() -> None:
    for kind in KINDS.values():
        names = [plain(name) for column in kind.columns for name in {plain(each) for each in (column.name, *column.synonyms)}]
        assert len(names) == len(set(names)), kind.name


def test_the_same_list_twice_changes_nothing_and_says_so(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    path = listed(tmp_path, *VILLAGES)
    first, second = poshta("settlements", "import", path), poshta("settlements", "import", path)
    assert (first.code, counts(first.data)) == (0, (2, 0, 0, 0))
    assert (second.code, counts(second.data)) == (0, (0, 0, 2, 0))
    assert len(poshta("journal", "--action", "settlements.import").data["acts"]) == 1, "nothing done, nothing journalled"
    assert "changed nothing" in poshta("settlements", "import", path, json=False).out


def test_a_trial_run_writes_nothing(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    told = poshta("settlements", "import", listed(tmp_path, *VILLAGES), "--dry-run")
    assert counts(told.data) == (2, 0, 0, 0)
    assert poshta("settlements", "list").data["settlements"] == []
    assert poshta("journal", "--action", "settlements").data["acts"] == []


def test_a_column_that_is_missing_keeps_what_was_known(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    poshta("settlements", "import", listed(tmp_path, *VILLAGES))
    told = poshta("settlements", "import", listed(tmp_path, "name_ru;kato", "Каламколь новый;599830100"))
    assert counts(told.data) == (0, 1, 0, 0)
    village = poshta("settlements", "list").data["settlements"][0]
    assert (village["name_kk"], village["name_ru"], village["lat"]) == ("Қаламкөл", "Каламколь новый", 54.5)


def test_bad_rows_are_explained_and_good_ones_kept(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    rows = (
        "599830100,Жақсы,Хорошее,54.5,70.1,2",
        "59983010,Қ,К,54.5,70.1,1",
        "593200000,Қ,К,54.5,70.1,1",
        "599830300,Қ,К,71.1,60.5,1",
        "599830400,Қ,К,54.5,,1",
        "599830500,,,54.5,70.1,1",
        "599830600,Қ,К,54.5,70.1,9",
        "599830700,?ызылжар,К,54.5,70.1,1",
        ",Қ,К,54.5,70.1,1",
    )
    told = poshta("settlements", "import", listed(tmp_path, "kato,name_kk,name_ru,lat,lon,visits", *rows))
    assert (told.code, told.body["status"], counts(told.data)) == (3, "partial", (1, 0, 0, 8))
    where = [(error["row"], error["column"], error["code"]) for error in told.body["errors"]]
    assert where == [
        (3, "kato", "kato"),
        (4, "kato", "wrong_level"),
        (5, "lat", "outside"),
        (6, "lon", "half_placed"),
        (7, "name_kk", "empty"),
        (8, "visits", "number"),
        (9, "name_kk", "lost_letters"),
        (10, "kato", "empty"),
    ]
    assert all(error["file"] == "list.csv" and error["text"] for error in told.body["errors"])


def test_when_every_row_is_refused_the_list_is(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    told = poshta("settlements", "import", listed(tmp_path, "kato,name_ru", "1,x", "2,y"))
    assert (told.code, told.body["status"]) == (4, "error")
    assert [error.get("row") for error in told.body["errors"]] == [None, 2, 3]


@pytest.mark.parametrize("lines", [("kato,name_ru",), ("a,b", "1,2"), ("name_ru,lat,lon", "x,54,70")])
def test_a_list_without_rows_or_heading_is_refused(desk: Path, poshta: Poshta, tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert poshta("settlements", "import", listed(tmp_path, *lines)).code == 4


def test_columns_that_are_not_listed_are_named_and_never_stored(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    secret = "Тайныймедотвод"
    told = poshta("settlements", "import", listed(tmp_path, "kato,name_ru,здоровье,ИИН", f"599830100,Село,{secret},{IIN}"))
    assert told.code == 0
    assert told.data["dropped_columns"] == ["здоровье", "ИИН"]
    stored = b"".join(path.read_bytes() for path in desk.rglob("*") if path.is_file())
    assert secret.encode() not in stored
    assert IIN.encode() not in stored
    assert "Село".encode() in stored, "the search would find what is stored"


def test_an_iin_in_any_column_is_refused_and_not_repeated(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    columns = ("code", "last_name", "first_name", "grade", "language", "kato", "school", "parent", "address", "print", "channels")
    good = dict(zip(columns, ("", "Қаламов", "Әділ", "3", "kk", "599830100", "s1", "", "", "", ""), strict=True))
    rows = [",".join({**good, column: IIN}[name] for name in columns) for column in columns]
    told = poshta("pupils", "import", listed(tmp_path, ",".join(columns), ",".join(good.values()), *rows))
    assert counts(told.data) == (1, 0, 0, len(columns))
    assert [error["code"] for error in told.body["errors"]] == ["iin"] * len(columns)
    assert IIN not in told.out


def test_headings_in_kazakh_and_russian_on_several_sheets_of_a_workbook(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Каз"
    for row in (["Тізім 2026"], ["КАТО коды", "Елді мекен", "Ендік", "Бойлық"], [599830100, " Қаламкөл\u00a0", "54,5", 70.1]):
        book.active.append(row)
    second = book.create_sheet("Рус")
    for row in (["Широта", "Долгота", "Название", "КАТО", "Почтовый индекс"], [54.6, 70.2, "Хатсай", "599830200", "150800"]):
        second.append(row)
    book.create_sheet("Заметки").append(["позвонить"])
    book.save(tmp_path / "list.xlsx")
    told = poshta("settlements", "import", str(tmp_path / "list.xlsx"))
    assert (told.code, counts(told.data)) == (0, (2, 0, 0, 0))
    assert [(error["code"], error["sheet"]) for error in told.body["errors"]] == [("skipped_sheet", "Заметки")]
    assert [village["lat"] for village in poshta("settlements", "list").data["settlements"]] == [54.5, 54.6]


def test_a_formula_without_its_value_is_refused_by_its_cell_and_one_with_an_empty_text_is_empty(
    desk: Path, poshta: Poshta, tmp_path: Path
) -> None:
    book = Workbook()
    book.active.title = "Лист1"
    for row in (["kato", "name_ru", "lat", "lon"], ["599830100", "Село", "=50+4", 70.1], ["599830200", "Хутор", 54.5, 70.2], ["=A3"]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    told = poshta("settlements", "import", str(tmp_path / "list.xlsx"))
    assert (told.code, counts(told.data)) == (3, (1, 0, 0, 2))
    where = [(error["code"], error["sheet"], error["row"], error["column"]) for error in told.body["errors"] if error["code"] == "formula"]
    assert where == [("formula", "Лист1", 2, "lat"), ("formula", "Лист1", 4, "kato")], "a row of nothing but formulas is not passed over"
    assert "save it" in told.body["errors"][0]["hint"]


def test_hidden_sheets_are_left_out_by_name_and_hidden_rows_taken_by_number(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Список"
    for row in (["kato", "name_ru"], ["599830100", "Село"], ["599830200", "Хутор"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    old = book.create_sheet("Прошлый год")
    for row in (["kato", "name_ru"], ["599830900", "Старое"]):
        old.append(row)
    words = book.create_sheet("Списки")
    words.append(["да", "нет"])
    old.sheet_state, words.sheet_state = "hidden", "veryHidden"
    book.save(tmp_path / "list.xlsx")
    told = poshta("settlements", "import", str(tmp_path / "list.xlsx"))
    assert (told.code, counts(told.data)) == (3, (2, 0, 0, 0)), "a hidden list asks for a decision"
    errors = [(error["code"], error["sheet"], error.get("row")) for error in told.body["errors"]]
    assert errors == [("skipped_sheet", "Прошлый год", None), ("skipped_sheet", "Списки", None), ("hidden_rows", "Список", 3)]
    assert "Прошлый год" in told.body["errors"][0]["text"]
    del book["Прошлый год"]
    book.save(tmp_path / "list.xlsx")
    assert poshta("settlements", "import", str(tmp_path / "list.xlsx")).code == 0, "hidden words of a drop-down are only named"


def test_a_mapping_names_columns_and_a_wrong_one_is_told(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    path = listed(tmp_path, "id,title,why", "599830100,Село,", ",Другое,no match")
    told = poshta("settlements", "import", path, "--columns", "kato=id,name_ru=title,note=why")
    assert (told.code, counts(told.data)) == (3, (1, 0, 0, 1))
    assert "no match" in told.body["errors"][0]["text"]
    assert poshta("settlements", "import", path, "--columns", "kato=nothing,name_ru=title").code == 4
    assert poshta("settlements", "import", path, "--columns", "iin=id").code == 2


def test_a_code_twice_in_one_list_is_told_by_both_rows(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    lines = ("kato,name_ru", "599830100,Село", "599830100,Село", "599830100,Другое")
    told = poshta("settlements", "import", listed(tmp_path, *lines))
    assert (told.code, counts(told.data), told.data["doubled"]) == (3, (1, 0, 0, 1), 1)
    assert [(error["row"], error["code"]) for error in told.body["errors"]] == [(3, "doubled_row"), (4, "doubled_code")]
    assert all("Row 2" in error["text"] for error in told.body["errors"])


def test_offices_vehicles_and_schools_are_taken(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    offices = listed(
        tmp_path, "index;name;latitude;longitude;kato", "020000;Көкшетау;53,28;69,4;111010000", "20000;Кокшетау;53;69;111010000"
    )
    told = poshta("offices", "import", offices)
    assert counts(told.data) == (1, 0, 0, 1)
    assert "020000" in told.body["errors"][0]["hint"]
    vehicles = listed(tmp_path, "office,vehicle,payload_kg,days", "020000,А1,800,пн-пт", "020000,А2,0,", '020000,А3,"400,5",дс бс')
    assert counts(poshta("vehicles", "import", vehicles).data) == (2, 0, 0, 1)
    assert counts(poshta("schools", "import", listed(tmp_path, "Код,Наименование,Телефон", "s1,Школа,+7 701")).data) == (1, 0, 0, 0)
    with sqlite3.connect(desk / "poshta.sqlite3") as database:
        assert database.execute("select vehicle, payload_kg, days from vehicle order by vehicle").fetchall() == [
            ("А1", 800.0, "mon,tue,wed,thu,fri"),
            ("А3", 400.5, "mon,thu"),
        ]


TEACHERS = "teacher,name,school,subject,grade,language"
OLGA, EVA = "T1,Мелкова Ольга,s1,math", "T2,Партина Ева,s1,math"


def taught(desk: Path) -> list[tuple[str, str, int]]:
    with sqlite3.connect(desk / "poshta.sqlite3") as database:
        return database.execute("select teacher, subject, grade from teaching order by subject, grade, teacher").fetchall()


def test_another_teacher_for_a_lesson_takes_the_place_of_the_first_where_that_is_asked_for(
    desk: Path, poshta: Poshta, tmp_path: Path
) -> None:
    first = poshta("teachers", "import", listed(tmp_path, TEACHERS, f'{OLGA},"1-3",қазақша', "T1,Мелкова Ольга,s1,reading,1,kk"))
    assert counts(first.data) == (2, 0, 0, 0)
    second = poshta("teachers", "import", listed(tmp_path, TEACHERS, f"{EVA},2,kk"), "--replace")
    assert second.data["replaced"] == 1
    assert taught(desk) == [("T1", "math", 1), ("T2", "math", 2), ("T1", "math", 3), ("T1", "reading", 1)]
    with sqlite3.connect(desk / "poshta.sqlite3") as database:
        assert database.execute("select last_name, first_name from person order by code").fetchall() == [
            ("Мелкова", "Ольга"),
            ("Партина", "Ева"),
        ]


def test_two_lists_that_name_different_teachers_do_not_take_turns(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    olgas = listed(tmp_path, TEACHERS, f"{OLGA},5,kk", name="olga.csv")
    evas = listed(tmp_path, TEACHERS, f"{EVA},5,kk", f"{EVA},6,kk", name="eva.csv")
    assert poshta("teachers", "import", olgas).code == 0
    for _time in range(2):
        told = poshta("teachers", "import", evas)
        assert (told.code, told.data["refused"], told.data["replaced"]) == (3, 1, 0)
        (error,) = told.body["errors"]
        assert (error["code"], error["row"], error["column"], error["value"]) == ("lesson_taken", 2, "teacher", "T2")
        assert "taught by T1" in error["text"]
        assert "--replace" in error["hint"]
        again = poshta("teachers", "import", olgas)
        assert (again.code, counts(again.data)) == (0, (0, 0, 1, 0))
        assert taught(desk) == [("T1", "math", 5), ("T2", "math", 6)]
    assert len(poshta("journal", "--action", "teachers.import").data["acts"]) == 2


def test_a_list_that_names_the_present_teacher_beside_the_new_one_takes_nothing_away(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    poshta("teachers", "import", listed(tmp_path, TEACHERS, f"{OLGA},5,kk"))
    assert poshta("teachers", "import", listed(tmp_path, TEACHERS, f"{EVA},5,kk", f"{OLGA},5,kk")).code == 0
    assert taught(desk) == [("T1", "math", 5), ("T2", "math", 5)]


def test_refusals_speak_kazakh_and_russian(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    path = listed(tmp_path, "kato,name_ru", "599830100,Село", "1,x")
    assert "не код КАТО" in poshta("settlements", "import", path, lang="ru").body["errors"][0]["text"]
    assert "коды емес" in poshta("settlements", "import", path, lang="kk").body["errors"][0]["text"]

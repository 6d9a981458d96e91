"""Mends that a fresh reader of dirty lists asked for: what can mean two things is refused, and nobody is lost in silence."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from settlements import cells
from settlements.coordinates import angles, latitude, longitude, pair
from settlements.joints import last_name_first
from settlements.mending import Mended, code_digits
from settlements.not_rows import is_signature
from settlements.refusal import CellRefused
from tests.conftest import Poshta

PUPILS = "Фамилия;Имя;Класс;Язык;КАТО"
TEACHERS = "код;фио;школа;предмет;класс;язык"


def value(read: object) -> object:
    return read.value if isinstance(read, Mended) else read


def imported(poshta: Poshta, folder: Path, kind: str, *rows: str) -> tuple[int, list[tuple[str, int | None]]]:
    """Exit code, and the codes and rows of complaints."""
    path = folder / f"{kind}.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    told = poshta(kind, "import", str(path))
    return told.code, [(error["code"], error.get("row")) for error in told.body["errors"]]


@pytest.mark.parametrize("blank", ["__", "______"])
def test_a_child_with_a_blank_is_refused_by_row_and_not_taken_for_a_signature(
    desk: Path, poshta: Poshta, tmp_path: Path, blank: str
) -> None:
    rows = ("Қаламов;Әділ;3;каз;599830100", f"Беков;Бек;4;каз;{blank}", f"Сеитова;Ая;{blank};;", f"{blank};Ая;3;каз;599830100")
    assert imported(poshta, tmp_path, "pupils", PUPILS, *rows)[1] == [
        ("empty", 3),
        ("empty", 4),
        ("empty", 4),
        ("empty", 4),
        ("empty", 5),
    ]


def test_a_blank_of_a_column_that_may_stay_empty_is_empty(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    assert imported(poshta, tmp_path, "pupils", PUPILS + ";Школа;Адрес", "Қаламов;Әділ;3;каз;599830100;____;____") == (0, [])
    assert poshta("pupils", "list").data["pupils"][0]["school"] == ""


def test_a_line_that_names_a_grade_a_language_or_a_code_is_no_signature() -> None:
    for texts in (
        ("HEAD-1", "Ахметов Али", "____"),
        ("Дата", "каз"),
        ("Директор", "5 А"),
        ("Директор", "Али", "599830100"),
        ("Беков", "Бек", "____"),
    ):
        assert not is_signature(texts), texts
    assert is_signature(("Директор школы", "________", "Мелкова О."))
    assert is_signature(("Дата", "12.05.2026"))
    assert not is_signature(("Директор", "Иванов", "Пётр", "далее"))


@pytest.mark.parametrize("text", ["1,500", "1.500", "12.000", "800,125"])
def test_a_number_with_a_sign_before_three_digits_is_refused_where_it_may_mean_thousands(text: str) -> None:
    for read in (cells.payload, cells.whole(0, 10_000_000)):
        with pytest.raises(CellRefused) as refusal:
            read(text)
        assert text in refusal.value.text
    assert latitude("54,500") == 54.5, "no degree has thousands"


def test_numbers_that_mean_one_thing_are_taken() -> None:
    assert [cells.payload(text) for text in ("1 500", "1500", "1,5", "0.500", "1500,0")] == [1500, 1500, 1.5, 0.5, 1500]
    assert cells.whole(0, 10_000_000)("2 000") == 2000


@pytest.mark.parametrize("text", ["V-VI", "V 2", "X-A (физмат) 9", "5 лет", "1 год", "V-VIII класс", "5 физмат", "VI I", "5-6"])
def test_a_grade_with_anything_beyond_its_class_is_refused(text: str) -> None:
    with pytest.raises(CellRefused):
        cells.grade(text)


@pytest.mark.parametrize(
    "text", ["5А", "5 «Б»", "5 сынып", "5-ші сынып", "5-й класс", "5 'А' класс", "5-А", "V", "V «А»", "V-А", "Vа", "V сынып", "5.0"]
)
def test_a_grade_with_its_class_is_read(text: str) -> None:
    assert value(cells.grade(text)) == 5


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("V-VIII", (5, 6, 7, 8)),
        ("I – IV", (1, 2, 3, 4)),
        ("Х-ХІ", (10, 11)),
        ("5-9 классы", (5, 6, 7, 8, 9)),
        ("1-4 сыныптар", (1, 2, 3, 4)),
        ("5, 7 кл.", (5, 7)),
        ("V, VII", (5, 7)),
        ("7А,7Б", (7,)),
    ],
)
def test_several_grades_are_read_also_in_roman_numerals_and_with_their_word(text: str, read: tuple[int, ...]) -> None:
    assert value(cells.grades(text)) == read


@pytest.mark.parametrize("text", ["VIII-V", "5-X", "5-9 лет", "0-4", "1-13", "классы"])
def test_what_names_no_grades_is_refused_with_the_forms_that_a_list_of_teachers_may_use(text: str) -> None:
    with pytest.raises(CellRefused) as refusal:
        cells.grades(text)
    assert "1-4" in refusal.value.hint
    assert text in refusal.value.text


@pytest.mark.parametrize("text", ["2014-05-06", "true", "ИСТИНА", "5", "12.", "№ 5", "Али 140102501234", "(Али)", "Али 12345"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(CellRefused):
        cells.person(text)


def test_a_number_of_a_person_within_a_name_is_not_repeated(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    path = tmp_path / "pupils.csv"
    path.write_text(f"{PUPILS}\nАхметов;Али 140102501234;3;каз;599830100\n", encoding="utf-8")
    told = poshta("pupils", "import", str(path))
    assert told.code == 4
    assert "140102501234" not in str(told.body)


@pytest.mark.parametrize("text", ["Әділ", "әділ", "О'Коннор", "Ө. Қ.", "де Врис", "Али-Бек", ""])
def test_names_of_letters_are_names(text: str) -> None:
    assert cells.person(text) == text


@pytest.mark.parametrize("number", ["1. ", "12) ", "3.", "1 . "])
def test_the_number_before_a_whole_name_is_no_part_of_it(number: str) -> None:
    assert last_name_first(f"{number}Иванов Пётр")[0] == {"last_name": "Иванов", "first_name": "Пётр"}
    with pytest.raises(CellRefused):
        last_name_first(f"{number}Иванов Пётр 55555")


@pytest.mark.parametrize(
    ("text", "read"), [("МТФ 2", "МТФ 2"), ("ГЭС", "ГЭС"), ("РЗД № 12", "РЗД № 12"), ("ЖАҢА ГЭС", "Жаңа ГЭС"), ("РТТС", "РТТС")]
)
def test_abbreviations_in_names_of_villages_stay(text: str, read: str) -> None:
    assert value(cells.village(text)) == read


def test_a_child_with_a_short_name_in_capitals_is_written_small() -> None:
    assert value(cells.person("АЛИ")) == "Али"


@pytest.mark.parametrize("text", ["54 75", "54 30 61", "54°75'", "54°30'61\"", "54°60'"])
def test_minutes_and_seconds_end_at_sixty(text: str) -> None:
    with pytest.raises(CellRefused):
        latitude(text)


@pytest.mark.parametrize("text", ["47°50", "47° 50", "47°50.5", "47° 50,5"])
def test_degrees_followed_by_a_bare_number_are_no_pair(text: str) -> None:
    assert pair(text) is None
    with pytest.raises(CellRefused):
        latitude(text)


def test_pairs_of_degrees_are_still_pairs() -> None:
    assert pair("54.5° 70.1°") == pair("54.5°, 70.1°") == pair("N54.5 E70.1") == pair("54,5°; 70,1°") == ("54.5", "70.1")
    assert [value(latitude("N54.5")), value(longitude("E70.1"))] == [54.5, 70.1]
    assert angles("S54.5") == [-54.5]


def test_a_comma_in_the_name_of_a_teacher_is_a_space(desk: Path, poshta: Poshta, tmp_path: Path) -> None:
    assert imported(poshta, tmp_path, "teachers", TEACHERS, 'T1;"Ахметов, Али";S1;math;5;рус')[0] == 0
    with closing(sqlite3.connect(desk / "poshta.sqlite3")) as tables:
        assert tables.execute("select last_name, first_name from person").fetchall() == [("Ахметов", "Али")]


@pytest.mark.parametrize("text", ["5,932301E+08", "5.932301E+08", "1.508E+05"])
def test_a_shortened_code_may_be_another_one(text: str) -> None:
    assert code_digits(text) == text
    assert (code_digits("5,93230100E+08"), code_digits("1.50800E+05")) == ("593230100", "150800")


def test_common_words_are_understood() -> None:
    assert [cells.language(text) for text in ("казахский язык", "Русский язык", "қазақ тілі", "English language")] == [
        "kk",
        "ru",
        "kk",
        "en",
    ]
    assert value(cells.days("Ежедневно")) == value(cells.days("күн сайын")) == "mon,tue,wed,thu,fri,sat,sun"
    with pytest.raises(CellRefused) as refusal:
        cells.language("марсианский язык")
    assert "марсианский язык" in refusal.value.text


def test_a_teacher_is_not_told_of_pupils_codes() -> None:
    hints = []
    for read in (cells.code, cells.pupil_code):
        with pytest.raises(CellRefused) as refusal:
            read("код 1")
        hints.append("pupil" in refusal.value.hint)
    assert hints == [False, True]


def test_a_school_that_has_two_of_one_name_may_number_them() -> None:
    assert cells.person("Иванов 2") == "Иванов 2"

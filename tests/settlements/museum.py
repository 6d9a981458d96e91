"""A museum of dirty spreadsheets, as schools send them: each exhibit is bytes made by code, what must be taken of it, and what must be told.

tests/settlements/test_museum.py hangs them before settlements/intake and before the command. `told` holds (code, row) of every complaint except
dropped columns, which `dropped` names; a cell that is mended rather than refused is told as `mended`. `values` holds what a taken row must
say, by the row's number.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Told = tuple[str, int | None]
PUPILS = ("Фамилия", "Имя", "Класс", "Язык обучения", "КАТО")
PUPIL = ("Қаламов", "Әділ", "3", "каз", "599830100")
SECOND = ("Тетрадкина", "Вера", "5", "рус", "599830100")
PLACES = ("КАТО", "Елді мекен", "Село", "Широта", "Долгота")
PLACE = ("599830100", "Қаламкөл", "Каламколь", "54.5", "70.1")


@dataclass(frozen=True)
class Exhibit:
    """One dirty spreadsheet. `taken` counts the rows that must be taken; `asked` where a person is needed though every row was taken or told."""

    name: str
    kind: str
    content: bytes
    taken: int
    told: tuple[Told, ...] = ()
    values: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    suffix: str = ".csv"
    dropped: tuple[str, ...] = ()
    asked: bool = False


def text(*rows: Sequence[str], sign: str = ";", encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    return "\r\n".join(sign.join(row) for row in rows).encode(encoding)


def book(
    *rows: Sequence[Any], dress: Callable[[Worksheet], None] | None = None, more: Mapping[str, Sequence[Sequence[Any]]] | None = None
) -> bytes:
    """An XLSX file; `dress` merges, hides or formats the first sheet, `more` are further sheets."""
    workbook = Workbook()
    first = workbook.worksheets[0]
    for row in rows:
        first.append(list(row))
    for name, others in (more or {}).items():
        sheet = workbook.create_sheet(name)
        for row in others:
            sheet.append(list(row))
    if dress:
        dress(first)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def sheet(
    name: str,
    kind: str,
    content: bytes,
    taken: int,
    *told: Told,
    dropped: tuple[str, ...] = (),
    asked: bool = False,
    **values: Mapping[str, Any],
) -> Exhibit:
    """An exhibit of a workbook; values as r5={"kato": ...}."""
    return Exhibit(name, kind, content, taken, told, {int(row[1:]): each for row, each in values.items()}, ".xlsx", dropped, asked)


def csv(
    name: str, kind: str, content: bytes, taken: int, *told: Told, dropped: tuple[str, ...] = (), **values: Mapping[str, Any]
) -> Exhibit:
    """An exhibit of a text file."""
    return Exhibit(name, kind, content, taken, told, {int(row[1:]): each for row, each in values.items()}, dropped=dropped)


def _with(row: Sequence[str], place: int, value: Any) -> list[Any]:
    return [value if at == place else cell for at, cell in enumerate(row)]


def _merged_villages(first: Worksheet) -> None:
    first.merge_cells("E2:E3")


def _merged_title(first: Worksheet) -> None:
    first.merge_cells("A1:E1")


def _hidden_third(first: Worksheet) -> None:
    first.row_dimensions[3].hidden = True


ENCODINGS = (
    csv("utf8_with_its_mark", "pupils", text(PUPILS, PUPIL, encoding="utf-8-sig"), 1, r2={"last_name": "Қаламов"}),
    csv("utf16_of_excel", "pupils", text(PUPILS, PUPIL, sign="\t", encoding="utf-16"), 1, r2={"last_name": "Қаламов"}),
    csv("old_windows_page_of_kazakhstan", "pupils", text(PUPILS, PUPIL, encoding="kz1048"), 1, r2={"last_name": "Қаламов"}),
    csv("old_windows_page_of_russia", "pupils", text(PUPILS, SECOND, encoding="cp1251"), 1, r2={"last_name": "Тетрадкина"}),
    csv("letters_lost_to_question_marks", "pupils", text(PUPILS, _with(PUPIL, 0, "?аламов")), 0, ("lost_letters", 2)),
    csv(
        "commas_between_cells_and_in_numbers",
        "settlements",
        text(PLACES, _with(_with(PLACE, 3, '"54,5"'), 4, '"70,1"'), sign=","),
        1,
        r2={"lat": 54.5},
    ),
    csv("semicolons_and_decimal_commas", "settlements", text(PLACES, _with(_with(PLACE, 3, "54,5"), 4, "70,1")), 1, r2={"lon": 70.1}),
    csv("tabs", "pupils", text(PUPILS, PUPIL, SECOND, sign="\t"), 2),
    csv("excels_own_hint_of_the_sign", "pupils", b"sep=;\r\n" + text(PUPILS, PUPIL), 1, r3={"grade": 3}),
)
HEADINGS = (
    csv("kazakh_headings", "pupils", text(("Тегі", "Аты", "Сынып", "Оқыту тілі", "КАТО коды"), PUPIL), 1),
    csv("english_headings_in_capitals", "pupils", text(("LAST NAME", "FIRST NAME", "GRADE", "LANGUAGE", "KATO"), PUPIL), 1),
    csv("headings_in_another_order", "pupils", text(PUPILS[::-1], PUPIL[::-1]), 1, r2={"kato": "599830100"}),
    sheet(
        "title_and_date_above",
        "pupils",
        book(["Список учеников"], ["на 01.09.2026"], [], PUPILS, PUPIL, dress=_merged_title),
        1,
        r5={"grade": 3},
    ),
    sheet("numbers_of_the_columns_below_the_heading", "pupils", book(PUPILS, (1, 2, 3, 4, 5), PUPIL), 1, ("not_a_row", 2)),
    sheet(
        "two_heading_rows",
        "settlements",
        book(("КАТО", "Наименование", None, "Координаты", None), (None, "каз", "рус", "широта", "долгота"), PLACE),
        1,
        r3={"name_kk": "Қаламкөл", "name_ru": "Каламколь", "lat": 54.5},
    ),
    csv(
        "name_in_one_column",
        "pupils",
        text(("ФИО", *PUPILS[2:]), ("Қаламов Әділ", *PUPIL[2:])),
        1,
        ("mended", 2),
        r2={"first_name": "Әділ"},
    ),
    csv("latin_letters_in_the_heading", "pupils", text(("Фамилия", "Имя", "Клaсс", "Язык обучения", "KATO"), PUPIL), 1),
    sheet("lists_pasted_one_below_the_other", "pupils", book(PUPILS, PUPIL, PUPILS, SECOND), 2),
)
SHAPES = (
    sheet("totals_at_the_foot", "pupils", book(PUPILS, PUPIL, SECOND, ("Итого", 2)), 2, ("not_a_row", 4)),
    sheet("totals_in_kazakh", "pupils", book(PUPILS, PUPIL, ("Барлығы: 1",)), 1, ("not_a_row", 3)),
    sheet("a_signature_below", "pupils", book(PUPILS, PUPIL, [], ("Директор школы", None, None, "Мелкова О.")), 1, ("not_a_row", 4)),
    sheet(
        "merged_village",
        "pupils",
        book(PUPILS, PUPIL, _with(SECOND, 4, None), dress=_merged_villages),
        2,
        ("mended", 3),
        r3={"kato": "599830100"},
    ),
    sheet("one_sheet_a_village", "pupils", book(PUPILS, PUPIL, more={"Хатсай": [PUPILS, _with(SECOND, 4, "599830200")]}), 2),
    sheet("a_sheet_of_notes", "pupils", book(PUPILS, PUPIL, more={"Заметки": [["позвонить"]]}), 1, ("skipped_sheet", None)),
    sheet("filtered_rows", "pupils", book(PUPILS, PUPIL, SECOND, dress=_hidden_third), 2, ("hidden_rows", 3)),
    sheet("formula_without_its_value", "pupils", book(PUPILS, _with(PUPIL, 2, "=1+2")), 0, ("formula", 2)),
    sheet("error_in_place_of_a_value", "pupils", book(PUPILS, _with(PUPIL, 0, "#Н/Д")), 0, ("cell_error", 2)),
)
CELLS = (
    sheet("code_made_a_number", "pupils", book(PUPILS, _with(PUPIL, 4, 599830100.0)), 1, r2={"kato": "599830100"}),
    csv("code_in_thousands", "pupils", text(PUPILS, _with(PUPIL, 4, "599 830 100")), 1, ("mended", 2), r2={"kato": "599830100"}),
    csv("code_with_a_point_and_zero", "pupils", text(PUPILS, _with(PUPIL, 4, "599830100.0")), 1, ("mended", 2), r2={"kato": "599830100"}),
    csv("code_in_scientific_form", "pupils", text(PUPILS, _with(PUPIL, 4, "5,9983E+08")), 0, ("kato", 2)),
    sheet(
        "grade_made_a_date",
        "teachers",
        book(("teacher", "school", "subject", "grade", "language"), ("T1", "s1", "math", date(2026, 5, 9), "kk")),
        0,
        ("grade", 2),
    ),
    sheet("grade_made_a_moment", "pupils", book(PUPILS, _with(PUPIL, 2, datetime(2026, 5, 3, 12))), 0, ("grade", 2)),
    csv("grade_in_roman_numerals", "pupils", text(PUPILS, _with(PUPIL, 2, "VII «А»")), 1, ("mended", 2), r2={"grade": 7}),
    csv("grade_with_its_word", "pupils", text(PUPILS, _with(PUPIL, 2, "3 сынып")), 1, r2={"grade": 3}),
    csv(
        "non_breaking_and_narrow_spaces",
        "pupils",
        text(PUPILS, _with(PUPIL, 0, "\u00a0Қаламов\u202f\u200b ")),
        1,
        r2={"last_name": "Қаламов"},
    ),
    csv(
        "latin_look_alikes_in_a_name",
        "pupils",
        text(PUPILS, _with(SECOND, 0, "Тeтpaдкинa")),
        1,
        ("mended", 2),
        r2={"last_name": "Тетрадкина"},
    ),
    csv("names_in_capitals", "pupils", text(PUPILS, _with(PUPIL, 0, "ҚАЛАМОВ")), 1, ("mended", 2), r2={"last_name": "Қаламов"}),
    csv(
        "swapped_coordinates",
        "settlements",
        text(PLACES, _with(_with(PLACE, 3, "70.1"), 4, "54.5")),
        1,
        ("mended", 2),
        r2={"lat": 54.5, "lon": 70.1},
    ),
    csv(
        "degrees_and_minutes",
        "settlements",
        text(PLACES, _with(_with(PLACE, 3, "54°30'"), 4, "70°06'")),
        1,
        *[("mended", 2)] * 2,
        r2={"lat": 54.5, "lon": 70.1},
    ),
    csv(
        "both_coordinates_in_one_cell",
        "settlements",
        text((*PLACES[:3], "Координаты"), (*PLACE[:3], "54.5, 70.1")),
        1,
        ("mended", 2),
        r2={"lat": 54.5},
    ),
    csv("coordinates_without_their_point", "settlements", text(PLACES, _with(PLACE, 3, "545000")), 0, ("outside", 2)),
    csv("language_misspelt", "pupils", text(PUPILS, _with(PUPIL, 3, "казакский")), 0, ("language", 2)),
    csv("kazakh_typed_with_russian_letters", "pupils", text(("Теги", "Аты", "Сынып", "Окыту тили", "КАТО коды"), PUPIL), 1),
    csv("language_of_both", "pupils", text(PUPILS, _with(PUPIL, 3, "каз/рус")), 0, ("language", 2)),
    csv("a_dash_for_nothing", "pupils", text((*PUPILS, "Адрес"), (*PUPIL, "-")), 1, r2={"address": ""}),
)
TOGETHER = (
    csv(
        "first_name_before_last",
        "pupils",
        text(("Имя, фамилия", *PUPILS[2:]), ("Әділ Қаламов", *PUPIL[2:])),
        1,
        ("mended", 2),
        r2={"last_name": "Қаламов", "first_name": "Әділ"},
    ),
    csv(
        "fathers_name_in_the_one_column",
        "pupils",
        text(("Аты-жөні", *PUPILS[2:]), ("Қаламов Әділ Серік ұлы", *PUPIL[2:])),
        1,
        ("mended", 2),
        r2={"last_name": "Қаламов", "first_name": "Әділ"},
    ),
    csv("one_name_only", "pupils", text(("ФИО", *PUPILS[2:]), ("Әділ", *PUPIL[2:])), 0, ("one_name", 2)),
    csv(
        "whole_name_beside_its_parts",
        "pupils",
        text((*PUPILS, "ФИО"), (*PUPIL, "Кто Угодно")),
        1,
        dropped=("ФИО",),
        r2={"last_name": "Қаламов"},
    ),
    csv(
        "hyphens_initials_and_patronymics_in_capitals",
        "pupils",
        text(PUPILS, _with(_with(PUPIL, 0, "ҚАЛАМОВ-ӨТЕУ ҰЛЫ"), 1, "Ә.Б.")),
        1,
        ("mended", 2),
        r2={"last_name": "Қаламов-Өтеу ұлы", "first_name": "Ә.Б."},
    ),
    csv("a_code_with_an_apostrophe", "pupils", text(PUPILS, _with(PUPIL, 4, "'599830100")), 1, ("mended", 2), r2={"kato": "599830100"}),
    csv("exact_scientific_form", "pupils", text(PUPILS, _with(PUPIL, 4, "5,99830100E+08")), 1, ("mended", 2), r2={"kato": "599830100"}),
    csv(
        "index_with_a_space_and_cyrillic_letters",
        "offices",
        text(("Индекс", "Новый индекс", "Название"), ("150 800", "Т15Х4У2".replace("У", "Y"), "Почта")),
        1,
        *[("mended", 2)] * 2,
        r2={"index": "150800", "new_index": "T15X4Y2"},
    ),
    csv("index_without_its_first_zero", "offices", text(("Индекс", "Название"), ("20000", "Почта")), 0, ("index", 2)),
    csv(
        "seconds_and_sides_of_the_world",
        "settlements",
        text(PLACES, _with(_with(PLACE, 3, '"54°30\'00,0""N"'), 4, '"70°06\'00""E"')),
        1,
        *[("mended", 2)] * 2,
        r2={"lat": 54.5, "lon": 70.1},
    ),
    csv(
        "both_in_the_cell_of_the_latitude",
        "settlements",
        text(PLACES, _with(_with(PLACE, 3, "54,5 70,1"), 4, "")),
        1,
        ("mended", 2),
        r2={"lat": 54.5, "lon": 70.1},
    ),
    csv("in_the_sea_either_way", "settlements", text(PLACES, _with(_with(PLACE, 3, "10.5"), 4, "20.1")), 0, *[("outside", 2)] * 2),
    csv("a_region_for_a_village", "settlements", text(PLACES, _with(PLACE, 0, "590000000")), 0, ("wrong_level", 2)),
    csv("a_dash_in_a_cell_that_must_be_filled", "pupils", text(PUPILS, _with(PUPIL, 1, "—")), 0, ("empty", 2)),
    csv("an_iin_in_the_name", "pupils", text(("ФИО", *PUPILS[2:]), ("Қаламов Әділ 100101500012", *PUPIL[2:])), 0, ("iin", 2)),
    sheet(
        "merged_over_children_with_a_total_and_numbers",
        "pupils",
        book(PUPILS, (1, 2, 3, 4, 5), PUPIL, _with(SECOND, 4, None), ("Всего: 2",), dress=lambda first: first.merge_cells("E3:E4")),
        2,
        ("not_a_row", 2),
        ("mended", 4),
        ("not_a_row", 5),
        r4={"kato": "599830100"},
    ),
    csv("a_child_called_like_a_total", "pupils", text(PUPILS, _with(SECOND, 0, "Итогова")), 1, r2={"last_name": "Итогова"}),
    csv("a_pupil_of_whom_only_the_name_is_there", "pupils", text(PUPILS, ("Қаламов", "Әділ")), 0, *[("empty", 2)] * 3),
)
EXHIBITS = (*ENCODINGS, *HEADINGS, *SHAPES, *CELLS, *TOGETHER)

"""Dirty spreadsheets of the museum whose headings are near each other, where the name in full is believed before one with words cut off; and
sheets that go on without any heading.

tests/settlements/test_museum.py hangs them with the others.
"""

from __future__ import annotations

from tests.settlements.museum import PLACE, PUPIL, PUPILS, SECOND, book, csv, sheet, text

COLUMNS = (
    csv(
        "names_in_the_state_language_and_in_russian",
        "settlements",
        text(("КАТО", "Название (на гос. языке)", "Название (на рус. языке)"), PLACE[:3]),
        1,
        r2={"name_kk": "Қаламкөл", "name_ru": "Каламколь"},
    ),
    csv(
        "an_index_new_and_old",
        "offices",
        text(("Индекс (новый)", "Индекс (старый)", "Название"), ("T15X4Y2", "150800", "Почта")),
        1,
        r2={"index": "150800", "new_index": "T15X4Y2"},
    ),
    csv(
        "last_years_grade_before_this_years",
        "pupils",
        text(("Класс (в прошлом году)", *PUPILS), ("2", *PUPIL)),
        1,
        dropped=("Класс (в прошлом году)",),
        r2={"grade": 3},
    ),
    csv(
        "a_maiden_name_a_mother_tongue_and_a_place_of_birth",
        "pupils",
        text(("Фамилия (девичья)", "Язык (родной)", "КАТО (место рождения)", *PUPILS), ("Иная", "рус", "599830300", *PUPIL)),
        1,
        dropped=("Фамилия (девичья)", "Язык (родной)", "КАТО (место рождения)"),
        r2={"last_name": "Қаламов", "language": "kk", "kato": "599830100"},
    ),
    csv(
        "a_parents_name_beside_the_pupils_in_one_column",
        "pupils",
        text(("Фамилия (матери)", "Имя (матери)", "ФИО", *PUPILS[2:]), ("Иная", "Мать", "Қаламов Әділ", *PUPIL[2:])),
        1,
        ("mended", 2),
        dropped=("Фамилия (матери)", "Имя (матери)"),
        r2={"last_name": "Қаламов"},
    ),
    csv(
        "a_grade_with_more_words_and_no_other",
        "pupils",
        text((*PUPILS[:2], "Класс (на 1 сентября)", *PUPILS[3:]), PUPIL),
        1,
        r2={"grade": 3},
    ),
    csv(
        "two_indices_of_which_none_is_in_full",
        "settlements",
        text(("КАТО", "Село", "Индекс (летний)", "Индекс (зимний)"), (PLACE[0], PLACE[2], "150800", "150801")),
        1,
        ("unclear_column", 1),
        dropped=("Индекс (летний)", "Индекс (зимний)"),
    ),
)
SHEETS = (
    sheet(
        "a_second_sheet_that_goes_on_without_a_heading",
        "pupils",
        book(PUPILS, PUPIL, more={"Продолжение": [SECOND, SECOND]}),
        1,
        ("skipped_sheet", None),
        asked=True,
    ),
    sheet(
        "a_second_sheet_as_wide_as_the_first",
        "vehicles",
        book(("Индекс", "Машина", "Грузоподъёмность"), ("150800", "УАЗ", 500), more={"Ещё": [("150801", "Нива", 300)]}),
        1,
        ("skipped_sheet", None),
        asked=True,
    ),
    sheet(
        "a_sheet_of_notes_with_a_telephone",
        "pupils",
        book(PUPILS, PUPIL, more={"Заметки": [("позвонить", "87012345678")]}),
        1,
        ("skipped_sheet", None),
    ),
)
COLUMNS_AND_SHEETS = (*COLUMNS, *SHEETS)

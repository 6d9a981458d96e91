"""Dirty spreadsheets of the museum of which nothing can be taken honestly: each is refused whole, with a sentence that says these words.

tests/settlements/test_museum.py hangs them before the command.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.settlements.museum import PLACE, PUPIL, PUPILS, SECOND, text

KNOWN = ("last_name", "first_name", "grade", "language", "kato")


@dataclass(frozen=True)
class Refused:
    """A file, and words of the sentence with which it is refused."""

    name: str
    kind: str
    content: bytes
    words: str


def _spoilt(content: bytes, letter: str) -> bytes:
    """`content` with the first such letter cut in half."""
    return content.replace(letter.encode(), letter.encode()[:1], 1)


ADDRESSED = (*PUPILS, "Адрес")
QUOTES = (
    Refused(
        "a_quotation_mark_that_never_closes",
        "pupils",
        text(ADDRESSED, (*PUPIL, '"Абая 5'), *[(*SECOND, "Абая 6")] * 30),
        "begins in line 2",
    ),
    Refused(
        "a_quotation_mark_within_a_quoted_cell", "pupils", text(ADDRESSED, (*SECOND, "х"), (*PUPIL, '"ТОО "Абай""')), "begins in line 3"
    ),
    Refused(
        "a_quotation_mark_closed_one_child_later",
        "pupils",
        text(ADDRESSED, (*PUPIL, '"Абая 5'), (*SECOND, 'Абая 6"'), (*PUPIL, "Абая 7")),
        "begins in line 2",
    ),
    Refused(
        "a_quotation_mark_closed_in_the_same_column_below",
        "pupils",
        text(PUPILS, SECOND, ('"Қаламов', *PUPIL[1:]), ('Мелков"', *SECOND[1:])),
        "begins in line 3",
    ),
)
LETTERS = (
    Refused("a_letter_of_utf8_cut_in_half", "pupils", _spoilt(text(KNOWN, PUPIL, SECOND), "Қ"), "UTF-8, but line 2 holds"),
    Refused("the_dos_page_of_russia", "pupils", text(KNOWN, SECOND, encoding="cp866"), "code page that is not understood"),
    Refused(
        "the_dos_page_in_a_list_of_villages",
        "settlements",
        text(("kato", "name_kk", "name_ru", "lat", "lon"), (PLACE[0], "", *PLACE[2:]), encoding="cp866"),
        "code page that is not understood",
    ),
)
HEADINGS = (
    Refused(
        "two_names_of_which_none_is_in_full",
        "settlements",
        text(("КАТО", "Название (прежнее)", "Название (нынешнее)"), PLACE[:3]),
        "Each of these headings could mean name_ru",
    ),
    Refused(
        "a_parents_name_and_a_pupils_in_equal_columns",
        "pupils",
        text(("Фамилия (матери)", "Фамилия (ребёнка)", *PUPILS[1:]), ("Иная", *PUPIL)),
        "Each of these headings could mean last_name",
    ),
)
REFUSED = (*QUOTES, *LETTERS, *HEADINGS)

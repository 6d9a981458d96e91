"""Numbers in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.words import LARGEST, in_words

NUMBERS = st.integers(0, LARGEST)
EXAMPLES = [
    (0, "нөл", "ноль"),
    (1, "бір", "один"),
    (12, "он екі", "двенадцать"),
    (40, "қырық", "сорок"),
    (99, "тоқсан тоғыз", "девяносто девять"),
    (100, "жүз", "сто"),
    (215, "екі жүз он бес", "двести пятнадцать"),
    (1000, "мың", "одна тысяча"),
    (1001, "мың бір", "одна тысяча один"),
    (2011, "екі мың он бір", "две тысячи одиннадцать"),
    (11_000, "он бір мың", "одиннадцать тысяч"),
    (21_000, "жиырма бір мың", "двадцать одна тысяча"),
    (114_300, "жүз он төрт мың үш жүз", "сто четырнадцать тысяч триста"),
    (1_000_000, "бір миллион", "один миллион"),
    (3_022_000, "үш миллион жиырма екі мың", "три миллиона двадцать две тысячи"),
]


@pytest.mark.parametrize(("number", "kk", "ru"), EXAMPLES)
def test_numbers_are_said_as_people_say_them(number: int, kk: str, ru: str) -> None:
    """Tens, teens, hundreds, thousands and their forms."""
    assert in_words(number, "kk") == kk
    assert in_words(number, "ru") == ru


def test_russian_stops_are_feminine() -> None:
    """Одна остановка, but один пакет; eleven and twelve do not change."""
    assert in_words(21, "ru", feminine=True) == "двадцать одна"
    assert in_words(2, "ru", feminine=True) == "две"
    assert in_words(12, "ru", feminine=True) == "двенадцать"


@given(NUMBERS, NUMBERS, st.sampled_from(("kk", "ru")))
def test_two_numbers_never_sound_alike(first: int, second: int, language: str) -> None:
    """A total in words names one number only."""
    assert (in_words(first, language) == in_words(second, language)) == (first == second)


@given(st.integers(1, 999), st.sampled_from(("kk", "ru")))
def test_thousands_are_said_like_the_numbers_before_them(number: int, language: str) -> None:
    """85 thousand is the feminine word for 85 and a form of the thousand; a lone Kazakh thousand needs no number."""
    said = in_words(number * 1000, language).split()
    assert " ".join(said[:-1]) == ("" if number == 1 and language == "kk" else in_words(number, language, feminine=True))


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_a_number_out_of_reach_is_refused(number: int) -> None:
    """Rather than said wrongly."""
    with pytest.raises(ValueError, match=str(number)):
        in_words(number, "kk")

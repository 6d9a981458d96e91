"""What is mended in a cell is what a reader's eye would mend, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settlements import cells
from settlements.coordinates import LAT_BOUNDS, LON_BOUNDS, angles, exchanged, latitude, longitude, pair
from settlements.mending import Mended, code_digits, in_small_letters, roman
from settlements.not_rows import is_numbering, is_signature, is_total
from settlements.refusal import CellRefused

CYRILLIC = "абвгдежзийклмнопрстуфцчшыьэюяәғқңөұүһ"  # without х and і, which make numerals
LATS, LONS = st.floats(*LAT_BOUNDS), st.floats(*LON_BOUNDS)
ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def value(read: object) -> object:
    return read.value if isinstance(read, Mended) else read


@given(st.lists(st.text(CYRILLIC, min_size=5, max_size=9), min_size=1, max_size=3), st.sampled_from((" ", "-")))
def test_a_name_in_capitals_is_the_name_and_a_name_is_left_alone(words: list[str], between: str) -> None:
    name = between.join(word.capitalize() for word in words)
    assert in_small_letters(name) == name
    mended = in_small_letters(name.upper())
    assert isinstance(mended, Mended)
    assert str(mended.value).casefold() == name.casefold()
    assert all(word[1:] == word[1:].lower() for word in str(mended.value).replace("-", " ").split())


@pytest.mark.parametrize("name", ["Ә.Б.", "Мирное-II", "Иванова", "Ю", "А-3", ""])
def test_initials_numerals_and_names_as_they_should_be_stay(name: str) -> None:
    assert in_small_letters(name) == name


@pytest.mark.parametrize("name", ["COOK", "Cook", "Cook Вера", "СК-1"])
def test_a_word_of_latin_letters_only_stays_latin(name: str) -> None:
    assert value(cells.words(name)) == name


@given(st.integers(100_000_000, 799_999_999))
def test_a_code_is_read_from_every_form_that_lost_no_digit(number: int) -> None:
    code = str(number)
    forms = [f"{number:,}".replace(",", sign) for sign in " .,'"] + [f"{code}.0", f"{code},00", f"'{code}", f"{code[0]}.{code[1:]}E+08"]
    assert {code_digits(form) for form in forms} == {code}


@pytest.mark.parametrize("text", ["5,9983E+08", "5.99E+8", "59983010O", "599 830 100 в", "1.2.3", "", "12,5"])
def test_what_may_mean_several_codes_is_no_code(text: str) -> None:
    assert code_digits(text) == text


@pytest.mark.parametrize(("number", "numeral"), list(enumerate(ROMANS, start=1)))
def test_roman_grades_in_both_alphabets(number: int, numeral: str) -> None:
    assert {roman(numeral), roman(numeral.lower()), roman(numeral.translate(str.maketrans("IX", "ІХ")))} == {number}
    assert value(cells.grade(f"{numeral} «Б»")) == number


@pytest.mark.parametrize("text", ["IIII", "VX", "XIII", "IIX", "C", "О", "IV5"])
def test_what_is_no_numeral_is_no_grade(text: str) -> None:
    assert roman(text) is None
    with pytest.raises(CellRefused):
        cells.grade(text)


@given(LATS, st.sampled_from(("°{}'{}\"", "° {}′ {}″", "° {}' {}'' с.ш.", "°{}'{}\" N")))
def test_degrees_minutes_and_seconds_name_the_same_place_as_decimal_degrees(lat: float, form: str) -> None:
    minutes = (lat - int(lat)) * 60
    seconds = f"{(minutes - int(minutes)) * 60:.2f}"
    read = latitude(f"{int(lat)}" + form.format(int(minutes), seconds))
    assert isinstance(read, Mended)
    assert read.value == pytest.approx(lat, abs=1e-5)


@given(LATS, LONS)
def test_coordinates_are_put_right_only_where_the_exchange_alone_lies_in_the_country(lat: float, lon: float) -> None:
    north, east = f"{lat:.4f}", f"{lon:.4f}"
    assert not exchanged(north, east)
    assert exchanged(east, north) == (lon > LAT_BOUNDS[1] or lat < LON_BOUNDS[0])


@given(LATS, LONS, st.sampled_from((", ", "; ", " ", "/", ",")), st.sampled_from((".", ",")))
def test_both_coordinates_are_found_in_one_cell_with_points_or_commas(lat: float, lon: float, between: str, sign: str) -> None:
    north, east = f"{lat:.4f}", f"{lon:.4f}"
    assert pair((north + between + east).replace(".", sign)) == (str(float(north)), str(float(east)))


@pytest.mark.parametrize("text", ["54°", "54 70 99 12", "с.ш.", "54°30'в", "54..5", "5" * 100, "около 54"])
def test_what_is_no_angle_is_none(text: str) -> None:
    assert len(angles(text)) != 2
    assert text == "54°" or angles(text) != [54.0]


def test_a_place_in_the_west_that_fits_both_ways_is_left_as_it_was_written() -> None:
    assert (latitude("47.1"), longitude("51.9"), exchanged("51.9", "47.1")) == (47.1, 51.9, False)


@pytest.mark.parametrize("text", ["Итого", "ИТОГО:", "Всего 25 учеников", "Барлығы: 3", "Жиыны", "Total"])
def test_totals_are_known_by_their_first_word(text: str) -> None:
    assert is_total(("", text, "3"))
    assert not is_total(("Итогова", text))


def test_numbers_of_columns_and_signatures() -> None:
    assert is_numbering(("1", "2", "3"))
    assert not is_numbering(("1", "2", "4"))
    assert not is_numbering(("1",))
    assert is_signature(("Мектеп директоры", "", "Мелкова О."))
    assert is_signature(("", "____________", "(подпись)"))
    assert is_signature(("Ответственная за список", "Мелкова О."))
    assert not is_signature(("Директоров", "Иван", "5"))
    assert not is_signature(("Дата", "Иван", "5", "", "599830100"))
    assert not is_signature(("Директоров", "Иван", "5", "ru", "599830100", "s1"))

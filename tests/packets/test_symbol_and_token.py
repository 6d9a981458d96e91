"""The QR symbol equals qrcode's; a token and a short code survive the way there and back, and nothing else is believed."""

from __future__ import annotations

import random
from datetime import datetime

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from packets.symbol import modules, reference_modules, runs
from packets.token import ALPHABET, derive_page_id, grouped, page_id, read_short_code, read_token, sealing_key, short_code, write_token
from records.keys import Key

KEY = Key("0a0b0c0d", bytes(range(32)), datetime(2026, 9, 1))
OTHER = Key("01020304", bytes(32), datetime(2026, 9, 1))
ids = st.integers(0, 2**56 - 1).map(page_id)


@given(st.text(ALPHABET, min_size=20, max_size=20))
def test_every_symbol_equals_the_reference_bit_for_bit(text: str) -> None:
    assert np.array_equal(modules(text), reference_modules(text))


def test_an_independent_reader_reads_the_symbol_back() -> None:
    token = write_token(KEY, page_id(0x123456789ABCDE), 1)
    picture = np.kron(np.pad(1 - modules(token), 4, constant_values=1), np.ones((8, 8), np.uint8)) * 255
    assert [found.text for found in zxingcpp.read_barcodes(picture.astype(np.uint8))] == [token]


def test_runs_paint_exactly_the_black_modules() -> None:
    symbol = modules("0123456789ABCDEFGHIJ")
    painted = np.zeros_like(symbol)
    for x, y, length in runs(symbol).tolist():
        painted[y, x : x + length] += 1
    assert np.array_equal(painted, symbol)


@pytest.mark.parametrize("text", ["", "A" * 19, "A" * 21, "a" * 20, "Ж" * 20])
def test_other_texts_make_no_symbol(text: str) -> None:
    with pytest.raises(ValueError, match="twenty letters"):
        modules(text)


@given(ids, st.integers(0, 1))
def test_a_token_comes_back_with_its_page_and_corner(identity: str, corner: int) -> None:
    word = read_token(write_token(KEY, identity, corner))
    assert word is not None
    assert (word.page_id, word.corner) == (identity, corner)
    assert sealing_key(word, [OTHER, KEY]) is KEY
    assert sealing_key(word, [OTHER]) is None


def test_none_of_a_hundred_thousand_mutated_tokens_is_believed() -> None:
    dice = random.Random(20261005)
    believed = 0
    for number in range(1000):
        token = write_token(KEY, page_id(dice.getrandbits(56)), number % 2)
        for _try in range(100):
            letters = list(token)
            for place in dice.sample(range(20), dice.randint(1, 3)):
                letters[place] = dice.choice([letter for letter in ALPHABET if letter != token[place]])
            word = read_token("".join(letters))
            believed += word is not None and sealing_key(word, [KEY]) is not None
    assert believed == 0


@given(ids)
def test_a_short_code_is_read_back_however_it_is_typed(identity: str) -> None:
    code = short_code(identity)
    cyrillic = code.translate(str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ"))
    for typed in (code, grouped(code), code.lower(), cyrillic, cyrillic.lower(), f" {code[:5]} {code[5:]} "):
        assert read_short_code(typed) == identity


@given(ids, st.integers(0, 12), st.sampled_from("23456789ABCDEFGHJKMNPQRSTUVWXYZ"))
def test_one_wrong_letter_in_a_short_code_is_noticed(identity: str, place: int, letter: str) -> None:
    code = short_code(identity)
    mistyped = code[:place] + letter + code[place + 1 :]
    assert (read_short_code(mistyped) == identity) == (mistyped == code)


@given(ids, st.integers(0, 11))
def test_two_neighbours_swapped_in_a_short_code_are_noticed(identity: str, place: int) -> None:
    code = short_code(identity)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (read_short_code(swapped) is not None) == (swapped == code)


def test_page_ids_depend_on_key_and_purpose_alone() -> None:
    assert derive_page_id(KEY, "a") == derive_page_id(KEY, "a")
    assert len({derive_page_id(KEY, "a"), derive_page_id(KEY, "b"), derive_page_id(OTHER, "a")}) == 3

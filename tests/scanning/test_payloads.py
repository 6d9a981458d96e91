"""What is printed in the codes of many pages at once equals what is printed in one; and a desk offers the pages that are out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.layout import FORMAT
from packets.symbol import modules, packed_modules
from packets.token import ALPHABET, newer_format, page_id, read_token, write_token
from records import schema
from scanning.book import DeskBook
from scanning.payloads import Payloads, Printed
from tests.scanning import paper
from tests.scanning import sheets as drawn

numbers = st.integers(0, 2**56 - 1)


@given(st.lists(st.text(ALPHABET, min_size=20, max_size=20), min_size=1, max_size=5))
def test_many_symbols_at_once_equal_each_alone(texts: list[str]) -> None:
    pairs = np.array([[45 * ALPHABET.index(text[k]) + ALPHABET.index(text[k + 1]) for k in range(0, 20, 2)] for text in texts])
    for text, packed in zip(texts, packed_modules(pairs), strict=True):
        assert np.array_equal(np.unpackbits(packed)[:625], modules(text).ravel())


@given(st.lists(numbers, min_size=1, max_size=4, unique=True), st.integers(0, 1))
def test_the_symbol_of_a_page_agrees_with_its_own_payload_far_beyond_chance(ids: list[int], corner: int) -> None:
    payloads = Payloads([Printed(page_id(each), drawn.KEY.id) for each in ids], [drawn.OTHER_KEY, drawn.KEY])
    for index, each in enumerate(ids):
        assert payloads.token(index, corner) == write_token(drawn.KEY, page_id(each), corner)
        signs = (2.0 * modules(payloads.token(index, corner)).ravel() - 1).astype(np.float32)
        scores = payloads.scores(corner, signs)
        assert scores[index] > 15
        assert all(score < 8 for place, score in enumerate(scores.tolist()) if place != index)
        assert payloads.scores(1 - corner, signs).max() < 8


def test_the_best_of_twenty_thousand_wrong_payloads_stays_far_below_what_is_believed() -> None:
    luck = np.random.default_rng(1)
    payloads = Payloads([Printed(page_id(each), drawn.KEY.id) for each in luck.integers(0, 1 << 56, 20_000).tolist()], [drawn.KEY])
    best = [payloads.scores(0, luck.normal(0, 1, 625).astype(np.float32)).max() for _sample in range(20)]
    strangers = [write_token(drawn.OTHER_KEY, page_id(each), 0) for each in range(20)]
    best += [payloads.scores(0, (2.0 * modules(each).ravel() - 1).astype(np.float32)).max() for each in strangers]
    assert max(best) < 6.5


def test_pages_whose_key_is_not_here_have_no_payload() -> None:
    assert len(Payloads([Printed(drawn.PAGE, "gone")], [drawn.KEY])) == 0


@pytest.mark.parametrize("form", range(16))
def test_only_known_formats_are_tokens_and_only_higher_ones_are_newer(form: int) -> None:
    text = write_token(drawn.KEY, drawn.PAGE, 1, form)
    assert (read_token(text) is not None) == (form == FORMAT)
    assert newer_format(text) == (form if form > FORMAT else None)


def test_a_desk_offers_what_is_out_and_nothing_withdrawn_or_long_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-20")
    home = paper.open_desk(tmp_path / "desk")
    key = home.keys()[0]
    with home.database.write() as session:
        for row in session.query(schema.Page):
            row.key_id = key.id
        session.get_one(schema.Page, paper.page("P1", 2)).void = True
    book = DeskBook(home.database, home.keys())
    assert len(book.payloads()) == 5
    assert book.payloads() is book.payloads()
    with home.database.write() as session:
        session.get_one(schema.Packet, paper.packet("P2")).return_by = date(2026, 1, 1)
    assert len(DeskBook(home.database, home.keys()).payloads()) == 2
    home.close()

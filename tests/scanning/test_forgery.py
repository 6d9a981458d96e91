"""Forged tokens are never believed: a seeded part of `python -m bench.forgery`, and the proof that its count bites."""

from __future__ import annotations

import random

import pytest

from bench.forgery import FORGERS, Book, believed, count_believed, count_taken, forgeries, is_taken, picture_of, seal_unchecked
from bench.printed_week import print_week
from packets.token import read_token
from scanning.page import read_page
from scanning.verdict import PageState

MOST_SILENT = {"random_letters", "cut_or_drawn_out", "small_letters"}  # whose letters seldom name a page even where no seal is checked


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return Book(print_week(tmp_path_factory.mktemp("week"), 1), 500, random.Random(3))


def test_real_tokens_are_believed_under_the_key_of_today_and_under_the_retired_one(book: Book) -> None:
    assert all(believed(book.token(identity, corner), book) for identity in book.pages for corner in (0, 1))


def test_no_forged_token_is_believed(book: Book) -> None:
    assert count_believed(book, 24_000, random.Random(5)) == {}


def test_with_the_seal_unchecked_every_forger_who_names_real_pages_is_believed(book: Book) -> None:
    """The negative control: without it, a count of none might come from forgeries that nobody could believe."""
    with seal_unchecked():
        counts = count_believed(book, 6_000, random.Random(5))
    assert set(counts) >= {forger.__name__ for forger in FORGERS} - MOST_SILENT


def test_forgeries_differ_from_what_is_printed_and_most_have_a_tokens_form(book: Book) -> None:
    texts = [each.text for each in forgeries(book, 2_400, random.Random(9))]
    real = {book.token(identity, corner) for identity in book.pages for corner in (0, 1)}
    assert not real & set(texts)
    assert sum(read_token(text) is not None for text in texts) > len(texts) / 2


def test_pictures_with_forged_codes_are_taken_for_no_page(book: Book) -> None:
    taken, states = count_taken(book, len(FORGERS), random.Random(7))
    assert taken == 0
    assert any(state.startswith(PageState.UNSIGNED) for state in states)


def test_the_same_picture_with_its_own_tokens_is_taken_for_the_page(book: Book) -> None:
    identity = book.pages[1]
    (verdict,) = read_page(picture_of(book, [book.token(identity, 0), book.token(identity, 1)]), book)
    assert is_taken(verdict)
    assert verdict.page_id == identity

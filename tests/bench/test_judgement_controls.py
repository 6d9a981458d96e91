"""The figures of `bench.judgement` are themselves judged: planted readers that guess, lose, confuse or doubt must each be seen in the figure that is theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest

from bench import judgement
from bench.judgement import Tally, run, table, upper_bound
from bench.printed_week import PrintedWeek, print_week
from scanning import page as reader
from scanning.rehearsal import play
from scanning.verdict import Blank, Chosen, Doubt, DoubtReason, Grey, ItemVerdict, Judgement, PageBook, PageState, PageVerdict

SEED, PAGES = 3000, 4
Spoil = Callable[[list[PageVerdict]], list[PageVerdict]]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> PrintedWeek:
    return print_week(tmp_path_factory.mktemp("week"), PAGES)


@pytest.fixture(scope="module")
def read(week: PrintedWeek) -> dict[bytes, list[PageVerdict]]:
    """What the real reader says of each picture: read once, spoilt by every planted reader."""
    return {}


@pytest.fixture
def judged(week: PrintedWeek, read: dict[bytes, list[PageVerdict]], monkeypatch: pytest.MonkeyPatch) -> Callable[[Spoil], Tally]:
    """`judged(spoil)`: the tally of a reader whose verdicts are the real ones after `spoil`."""
    honest = reader.read_page
    monkeypatch.setattr(judgement, "take_page", lambda setting, index: _taken(_Once(setting), index))

    def call(spoil: Spoil) -> Tally:
        def planted(image: Grey, book: PageBook) -> list[PageVerdict]:
            key = image.tobytes()
            if key not in read:
                read[key] = honest(image, book)
            return spoil(read[key])

        monkeypatch.setattr(reader, "read_page", planted)
        return run("clean_scan", week, SEED, 1, None)

    return call


class _Once:
    """A setting that is known again, so that its pictures are taken once."""

    def __init__(self, setting: Any) -> None:
        self.setting = setting

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once)

    def __hash__(self) -> int:
        return 1


@lru_cache(maxsize=PAGES * 4)
def _taken(once: _Once, index: int) -> Any:
    return _take_page(once.setting, index)


_take_page = play.take_page


def each_item(say: Callable[[ItemVerdict], Judgement]) -> Spoil:
    """A reader that says something else of every question."""
    return lambda verdicts: [replace(each, items=tuple(replace(item, judgement=say(item)) for item in each.items)) for each in verdicts]


def test_the_real_reader_is_right_and_nothing_is_counted_against_it(judged: Callable[[Spoil], Tally]) -> None:
    tally = judged(lambda verdicts: verdicts)
    assert tally.pages >= PAGES
    assert tally.items == tally.right + tally.doubtful + tally.accepted
    assert tally.right > 0.85 * tally.items
    assert (tally.silent, tally.lost, tally.strangers, tally.missing) == ([], [], [], 0)


def test_a_reader_that_guesses_is_silently_wrong(judged: Callable[[Spoil], Tally]) -> None:
    tally = judged(each_item(lambda _item: Chosen(("A",))))
    assert len(tally.silent) > 0.4 * tally.items
    assert tally.doubtful == 0


def test_a_reader_that_sees_nothing_is_silently_wrong(judged: Callable[[Spoil], Tally]) -> None:
    assert len(judged(each_item(lambda _item: Blank())).silent) > 0.4 * judged(lambda verdicts: verdicts).items


def test_one_answer_changed_on_each_page_is_counted_once_a_page(judged: Callable[[Spoil], Tally]) -> None:
    def change_one(verdicts: list[PageVerdict]) -> list[PageVerdict]:
        (verdict,) = verdicts
        items = list(verdict.items)
        place = next(place for place, item in enumerate(items) if isinstance(item.judgement, Chosen))
        items[place] = replace(items[place], judgement=Chosen(("Z",)))
        return [replace(verdict, items=tuple(items))]

    tally = judged(change_one)
    assert len(tally.silent) == tally.pages
    assert upper_bound(len(tally.silent), tally.items) > upper_bound(0, tally.items)


def test_a_reader_that_doubts_everything_is_counted_as_needless(judged: Callable[[Spoil], Tally]) -> None:
    tally = judged(each_item(lambda _item: Doubt(DoubtReason.FAINT)))
    assert tally.right == 0
    assert tally.doubtful > 0.7 * tally.items
    assert tally.doubts["faint"] == tally.doubtful
    assert tally.silent == []


def test_a_reader_that_invents_an_answer_to_no_question_is_silently_wrong(judged: Callable[[Spoil], Tally]) -> None:
    ghost = ItemVerdict("99", Chosen(("A",)))
    tally = judged(lambda verdicts: [replace(each, items=(*each.items, ghost)) for each in verdicts])
    assert len(tally.silent) == tally.pages


def test_a_reader_that_loses_pages_is_seen(judged: Callable[[Spoil], Tally]) -> None:
    tally = judged(lambda _verdicts: [PageVerdict(PageState.FOREIGN, "no_code")])
    assert len(tally.lost) == tally.pages
    assert tally.missing == tally.items
    assert set(tally.states) == {"foreign:no_code"}


def test_a_reader_that_takes_one_page_for_another_is_seen(judged: Callable[[Spoil], Tally]) -> None:
    tally = judged(lambda verdicts: [replace(each, page_id="00000000000bad") for each in verdicts])
    assert len(tally.strangers) == tally.pages
    assert len(tally.lost) == tally.pages
    assert tally.right == 0


def test_the_table_shows_each_of_these_figures(judged: Callable[[Spoil], Tally]) -> None:
    good, bad = judged(lambda verdicts: verdicts), judged(lambda _verdicts: [PageVerdict(PageState.FOREIGN, "no_code")])
    _heading, one, other = table([good, bad])
    assert one != other
    assert str(len(bad.lost)) in other.split()

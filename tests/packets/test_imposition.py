"""The order of pages on sheets: nothing lost, nothing twice, and a folded booklet reads from its first page to its last."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.imposition import WHITE, Imposition, booklet, packet_sides, sheets_of, two_up

KINDS = st.lists(st.sampled_from(("cover", "worksheet")), min_size=1, max_size=12).map(tuple)


@pytest.mark.parametrize("count", range(1, 34))
def test_a_folded_booklet_is_read_in_order(count: int) -> None:
    sides = booklet(range(1, count + 1))
    assert len(sides) % 2 == 0
    sheets = [(*sides[place], *sides[place + 1]) for place in range(0, len(sides), 2)]  # front left, front right, back left, back right
    leaves = [(front[1], front[2]) for front in sheets] + [(front[3], front[0]) for front in reversed(sheets)]  # as one turns them
    read = [page for leaf in leaves for page in leaf]
    assert read == [*range(1, count + 1), *[WHITE] * (-count % 4)]


@pytest.mark.parametrize("count", range(1, 34))
def test_two_up_is_read_from_left_to_right(count: int) -> None:
    read = [page for side in two_up(range(1, count + 1)) for page in side]
    assert read == [*range(1, count + 1), *[WHITE] * (count % 2)]


@given(KINDS, st.booleans(), st.sampled_from(Imposition))
def test_every_page_is_printed_once_and_every_worksheet_alone_at_full_size(
    kinds: tuple[str, ...], duplex: bool, imposition: Imposition
) -> None:
    sides = packet_sides(kinds, duplex, imposition)
    assert sorted(page for side in sides for page in side if page != WHITE) == list(range(1, len(kinds) + 1))
    for place, side in enumerate(sides):
        if any(page and kinds[page - 1] == "worksheet" for page in side):
            assert len(side) == 1
            assert not duplex or (place % 2 == 0 and sides[place + 1] == ())
    assert not duplex or len(sides) % 2 == 0


@given(KINDS)
def test_one_sided_and_not_imposed_a_packet_is_printed_as_it_is(kinds: tuple[str, ...]) -> None:
    assert packet_sides(kinds, False) == tuple((number,) for number in range(1, len(kinds) + 1))


def test_two_pages_of_a_cover_take_one_sheet_on_both_sides_or_one_side_two_up() -> None:
    kinds = ("cover", "cover", "worksheet")
    assert packet_sides(kinds, True) == ((1,), (2,), (3,), ())
    assert packet_sides(kinds, False, Imposition.TWO_UP) == ((1, 2), (3,))
    assert packet_sides(kinds, True, Imposition.BOOKLET) == ((WHITE, 1), (2, WHITE), (3,), ())
    assert [sheets_of(packet_sides(kinds, duplex), duplex) for duplex in (True, False)] == [2, 3]

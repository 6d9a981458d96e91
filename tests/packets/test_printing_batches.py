"""Batches: every packet once and in order, none torn, no batch longer than the tray unless one packet is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from packets.printing import Bag, Batch, Printed, Route, Way, in_batches, separator_pages

WAYS = st.builds(Way, most=st.integers(2, 60), duplex=st.booleans())


@st.composite
def bags(draw: st.DrawFn) -> list[Bag]:
    made = []
    for route in range(draw(st.integers(1, 3))):
        for stop in range(draw(st.integers(1, 4))):
            lengths = draw(st.lists(st.integers(1, 14), min_size=1, max_size=8))
            packets = tuple(_packet(f"{route}-{stop}-{place}", length) for place, length in enumerate(lengths))
            made.append(Bag(Route(f"R{route}"), stop, f"{stop:09d}", ("а", "б"), packets))
    return made


def _packet(code: str, length: int) -> Printed:
    return Printed(code, code, "", f"{code}.pdf", "", ("cover", *["worksheet"] * (length - 1)))


@given(bags(), WAYS)
def test_every_packet_lies_in_one_batch_in_its_order(found: list[Bag], way: Way) -> None:
    made = in_batches(found, way)
    assert [packet for batch in made for packet in batch.packets] == [packet for bag in found for packet in bag.packets]
    assert all(len({part.bag.route for part in batch.parts}) == 1 for batch in made)
    assert [part.bag for batch in made for part in batch.parts if part.begins] == found


@given(bags(), WAYS)
def test_only_a_packet_that_is_longer_by_itself_makes_a_batch_longer(found: list[Bag], way: Way) -> None:
    for batch in in_batches(found, way):
        assert batch.sheets(way) <= way.most or len(batch.packets) == 1


@given(bags(), WAYS)
def test_a_village_that_fits_into_a_batch_is_not_torn(found: list[Bag], way: Way) -> None:
    for batch in in_batches(found, way):
        for part in batch.parts:
            if part.packets != part.bag.packets:
                assert Batch((type(part)(part.bag, 0, len(part.bag.packets)),)).sheets(way) > way.most


def test_a_separator_goes_on_where_it_lists_many_villages() -> None:
    assert [separator_pages(count) for count in (1, 18, 19, 52, 53)] == [1, 1, 2, 2, 3]

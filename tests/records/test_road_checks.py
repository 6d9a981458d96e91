"""What a manifest's fields say together: what cannot be true is asked about, and a person's word stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.events import PERSON, Outcome
from records.road_checks import CHECK_WORDS, CHECKS, Field, StopLoad, checked

STOPS = (StopLoad("s1", 5, 5), StopLoad("s2", 3, 3))


def read(**values: str) -> dict[str, Field]:
    """Fields that were read; `s1_back` is s1.back."""
    named = {name.replace("_", ".", 1): value for name, value in values.items()}
    return {item: Field(item, value, (), "read" if value else "blank") for item, value in named.items()}


GOOD = read(
    s1_outcome="delivered", s1_back="4", s2_outcome="nobody", s2_back="0", odometer_start="120", odometer_end="240", packets_back="4"
)


def test_a_manifest_that_makes_sense_is_left_alone() -> None:
    assert checked(GOOD, STOPS) == GOOD


@pytest.mark.parametrize(
    ("item", "value", "doubted"),
    [
        ("s1.back", "6", {"s1.back": "more_than_expected"}),
        ("s2.back", "2", {"s2.back": "taken_from_nobody"}),
        ("s1.outcome", "", {"s1.outcome": "outcome_missing"}),
        ("odometer.end", "119", {"odometer.start": "ends_before_start", "odometer.end": "ends_before_start"}),
        ("packets.back", "5", {"packets.back": "does_not_add_up"}),
    ],
)
def test_what_cannot_be_true_is_a_doubt_with_its_reason(item: str, value: str, doubted: dict[str, str]) -> None:
    spoiled = GOOD | {item: Field(item, value, (), "read" if value else "blank")}
    found = checked(spoiled, STOPS)
    assert {name: field.reason for name, field in found.items() if field.state == "doubt"} == doubted
    assert all(found[name].value == "" for name in doubted)


def test_a_doubt_is_taken_back_when_what_spoke_against_it_is_corrected() -> None:
    wrong = checked(GOOD | {"odometer.end": Field("odometer.end", "119", (), "read")}, STOPS)
    right = checked(wrong | {"odometer.end": Field("odometer.end", "340", (), "read", "", PERSON)}, STOPS)
    assert (right["odometer.start"].state, right["odometer.start"].value) == ("read", "120")


def test_a_person_is_not_doubted() -> None:
    said = {item: replace(field, decided_by=PERSON) for item, field in GOOD.items()} | read(s1_back="99")
    said["s1.back"] = replace(said["s1.back"], decided_by=PERSON)
    found = checked(said, STOPS)
    assert found["s1.back"].value == "99"


FIELD = st.one_of(
    st.builds(lambda value: (value, "read" if value else "blank"), st.sampled_from(["", "0", "1", "3", "7", "250"])),
)
OUTCOMES = st.builds(lambda value: (value, "read" if value else "blank"), st.sampled_from(["", *Outcome]))


@given(
    st.fixed_dictionaries(
        {
            "s1.outcome": OUTCOMES,
            "s2.outcome": OUTCOMES,
            "s1.back": FIELD,
            "s2.back": FIELD,
            "odometer.start": FIELD,
            "odometer.end": FIELD,
            "packets.back": FIELD,
        }
    )
)
def test_checking_twice_is_checking_once(values: dict[str, tuple[str, str]]) -> None:
    fields = {item: Field(item, value, (), state) for item, (value, state) in values.items()}
    once = checked(fields, STOPS)
    assert checked(once, STOPS) == once


def test_every_reason_has_a_word() -> None:
    assert set(CHECKS) <= set(CHECK_WORDS)

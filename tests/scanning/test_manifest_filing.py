"""What a second copy of a driver's sheet may change: blanks and doubts it fills, a person's word it leaves, and it never disagrees in silence."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from records.events import PERSON
from records.road_checks import CHECKS, DISAGREEMENT
from records.road_notes import Note
from scanning.manifest_filing import settled

VALUES = st.sampled_from(["0", "4", "5", "12"])


def read(value: str, **more: str) -> Note:
    return Note("s1.back", value, (), "read", **more)


def doubt(reason: str, *candidates: str) -> Note:
    return Note("s1.back", "", candidates, "doubt", reason)


BLANK = Note("s1.back")
NOTES = st.one_of(
    st.builds(read, VALUES),
    st.just(BLANK),
    st.builds(lambda values: doubt("two_marks", *values), st.lists(VALUES, max_size=3, unique=True)),
    st.builds(doubt, st.sampled_from(CHECKS), VALUES),
)


def after(held: Note, seen: Note) -> Note:
    """What stands after the copy."""
    changed = settled({"s1.back": held}, [seen])
    return changed[0] if changed else held


@given(NOTES, NOTES)
def test_a_person_is_never_overruled(held: Note, seen: Note) -> None:
    said = replace(held, decided_by=PERSON)
    assume(said.state != "doubt")
    assert after(said, seen) == said


@given(VALUES, NOTES)
def test_what_was_read_stays_or_becomes_a_doubt_between_both(value: str, seen: Note) -> None:
    found = after(read(value), seen)
    if seen.state == "read" and seen.value != value:
        assert (found.state, found.reason, found.candidates) == ("doubt", DISAGREEMENT, (value, seen.value))
    else:
        assert found == read(value)


@given(NOTES, NOTES)
def test_the_same_copy_again_changes_nothing_more(held: Note, seen: Note) -> None:
    once = after(held, seen)
    assert after(once, seen) == once


def test_blanks_are_filled_and_a_doubt_by_one_of_its_candidates_only() -> None:
    assert after(BLANK, read("4")) == read("4")
    assert after(doubt("two_marks", "4", "5"), read("5")) == read("5")
    assert after(doubt("two_marks", "4", "5"), read("0")).candidates == ("4", "5", "0")
    assert after(doubt("more_than_expected", "12"), read("12")) == doubt("more_than_expected", "12")
    assert after(doubt("more_than_expected", "12"), read("2")).reason == DISAGREEMENT
    assert after(doubt(DISAGREEMENT, "4", "5"), read("5")) == doubt(DISAGREEMENT, "4", "5")

"""The letters that a page prints before its choices, and the author's own, which all records hold: they differ on the sheets of variants.

Whoever looks at paper or at a cut-out picture says the printed letter; whoever looks at records, the author's. scanning/amend, scanning/audit, scanning/grade_book_trail and the commands that tell answers ask here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from packets.layout import BoxKind, Layout
from records import schema


def by_print(session: Session, page: str, item: str, letters: Sequence[str]) -> tuple[str, ...]:
    """The author's letters for printed ones, in the order of the alphabet; digits and points stay what they are."""
    kept = {label: value for value, label in letters_of(session, page, item).items()}
    return exchanged(letters, kept)


def as_printed(session: Session, page: str, item: str, values: Sequence[str]) -> tuple[str, ...]:
    """The way back: the letters that the page prints for the author's."""
    return exchanged(values, letters_of(session, page, item))


def exchanged(letters: Sequence[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Each letter as `known` calls it, in the order of the alphabet; as they are where one is not known."""
    return tuple(sorted(known[each] for each in letters)) if known.keys() >= set(letters) else tuple(letters)


def letters_of(session: Session, page: str, item: str) -> dict[str, str]:
    """By the author's letter, what the page prints there; empty for a question without choices."""
    row = session.get_one(schema.Page, page)
    layout = Layout.from_json(session.get_one(schema.Layout, row.layout).geometry)
    return {box.value: box.label for box in layout.boxes_of(item) if box.kind is BoxKind.CHOICE}

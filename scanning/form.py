"""A printed form that is not ours: its pages, the print of each, where the boxes lie, what is right, and who it may say that it is. Pure.

scanning/form_file makes a `Form` from a file; the reader of forms (scanning/form_page) and the results (scanning/form_results) use it. A form is known by
`digest`: of everything that a reading depends on. The key and the points are no part of that, so that both may be corrected later.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from packets.layout import Item, Layout
from scanning.verdict import Grey

PER_MM = 12.0  # of a blank print: about 300 dpi, so that letters inside the boxes keep their shape
COLUMN = "\N{MIDDLE DOT}"  # between the identity field and its column, in the name of an item of the layout


@dataclass(frozen=True, slots=True, eq=False)
class FormPage:
    """One printed side: `number` in the form from 1, `layout` its boxes in millimetres, `blank` its print, (height, width) at PER_MM."""

    number: int
    layout: Layout
    blank: Grey


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A form with its pages. `key`: right values of an item, sorted; a number is one text. `identity`: the field whose digits say who wrote, or nothing.

    `rules` and `points` (maximum) are of every item but the identity, in the order of the file; a strip of score boxes has no key.
    """

    code: str
    title: str
    pages: tuple[FormPage, ...]
    rules: Mapping[str, str]
    points: Mapping[str, Decimal] = field(default_factory=dict)
    key: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    identity: str = ""

    @property
    def digest(self) -> str:
        """The SHA-256 of all that a reading depends on, 64 hexadecimal letters."""
        told = [self.code, self.identity, *(page.layout.digest for page in self.pages)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def items_of(self, page: FormPage) -> tuple[Item, ...]:
        """The questions of a page, without the columns of the identity."""
        return tuple(item for item in page.layout.items if not is_column(item.item, self.identity))

    def identity_columns(self, page: FormPage) -> tuple[str, ...]:
        """The layout's items for the columns of the identity on a page, from the left."""
        return tuple(item.item for item in page.layout.items if is_column(item.item, self.identity))


def column_item(identity: str, column: int) -> str:
    """The name of the layout's item for one column of the identity field: leading zeros of a code count, so each column is read for itself."""
    return f"{identity}{COLUMN}{column}"


def is_column(item: str, identity: str) -> bool:
    """Whether an item of the layout is a column of the identity field."""
    return bool(identity) and item.startswith(f"{identity}{COLUMN}")

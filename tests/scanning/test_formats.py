"""Formats of the sheet that were given out: their geometry never changes, and a page printed under one is read for ever.

`formats/1` holds a layout, its blank print and a filled-in page as they were when format 1 was frozen: made once, never made again.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from packets.layout import FORMAT, FORMATS, Layout
from packets.token import FORMAT_BITS
from records.keys import Key
from scanning.page import read_page
from scanning.payloads import Payloads, Printed
from scanning.verdict import Chosen, Grey, PageState, PrintedPage
from tests.scanning import sheets as drawn

FOLDER = Path(__file__).parent / "formats"
DIGESTS = {1: "d1c4d70d89e875f0f913b826a277c3cd2d13f76702c4b37f5d365ae14e6dc493"}  # of a bare sheet: codes, fiducials, page


class KeptBook:
    """The book of one kept page."""

    def __init__(self, folder: Path) -> None:
        self.expected: dict[str, Any] = json.loads((folder / "expected.json").read_text())
        self.keys = [Key(self.expected["key"], bytes.fromhex(self.expected["secret"]), datetime(2026, 10, 5, tzinfo=UTC))]
        self._layout = Layout.from_json(json.loads((folder / "layout.json").read_text()))
        self._blank = folder / "blank.png"

    def page(self, page_id: str) -> PrintedPage | None:
        known = page_id == self.expected["page"]
        return PrintedPage(page_id, self._layout.kind, self._layout.digest, self.expected["key"]) if known else None

    def payloads(self) -> Payloads:
        return Payloads([Printed(self.expected["page"], self.expected["key"], self._layout.format)], self.keys)

    def layout(self, digest: str) -> Layout:
        assert digest == self.expected["layout"]
        return self._layout

    def blank(self, digest: str) -> Grey:
        assert digest == self.expected["layout"]
        return np.asarray(cv2.imread(str(self._blank), cv2.IMREAD_GRAYSCALE), np.uint8)


def test_the_geometry_of_every_format_stands_as_it_was_given_out() -> None:
    """A change of a code's or fiducial's place makes paper that is out there unreadable: it needs a new format, and the old one stays."""
    bare = {
        form: Layout(drawn.choice_layout().kind, (), (), "bare", codes=it.codes, fiducials=it.fiducials, format=form)
        for form, it in FORMATS.items()
    }
    assert {form: layout.digest for form, layout in bare.items()} == DIGESTS
    assert FORMAT == max(FORMATS) < 1 << FORMAT_BITS


@pytest.mark.parametrize("form", sorted(DIGESTS))
def test_a_page_printed_under_that_format_is_read_as_it_was_then(form: int) -> None:
    book = KeptBook(FOLDER / str(form))
    image = np.asarray(cv2.imread(str(FOLDER / str(form) / "page.png"), cv2.IMREAD_GRAYSCALE), np.uint8)
    (verdict,) = read_page(image, book)
    assert book.layout(book.expected["layout"]).digest == book.expected["layout"]
    assert (verdict.state, verdict.page_id) == (PageState.READ, book.expected["page"])
    read = {item.item: list(item.judgement.values) for item in verdict.items if isinstance(item.judgement, Chosen)}
    assert read == book.expected["answers"]


def test_every_format_has_its_kept_page() -> None:
    assert {int(each.name) for each in FOLDER.iterdir() if each.is_dir()} == set(FORMATS)

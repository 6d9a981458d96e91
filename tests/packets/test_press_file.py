"""The press's own files: sound for three readers, the same whatever else the press holds, and small beyond what pages share."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest

import packets.press_file
from packets.assignment import Assignment
from packets.paper import Face
from packets.press import Page, Press, Stamp, blank_png
from packets.worksheet import draw_assignment
from tests.packets.week import KAZAKH, assignment

WORDS = f"{KAZAKH} № ₸ 7 0 R (1 0 R) \\ endobj stream"


def stamp(words: str = WORDS) -> Stamp:
    made = Stamp()
    made.text(20, 150, words, 11)
    made.text(20, 160, words, 11, Face.BOLD)
    return made


def fixed(made: Assignment) -> bytes:
    return draw_assignment(made).pdf


def test_a_file_is_sound_and_says_its_words(tmp_path: Path) -> None:
    press = Press()
    pages = press.take_in(fixed(assignment("a")))
    pdf = press.packet([Page(None, stamp()), *(Page(number, stamp()) for number in pages)])
    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert made.check_pdf_syntax() == []
        assert len(made.pages) == 1 + len(pages)
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            words = page.get_textpage().get_text_range()
            assert words.count(WORDS) == 2
    if shutil.which("pdftoppm"):
        (tmp_path / "a.pdf").write_bytes(pdf)
        told = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, check=True)
        assert (told.stderr, KAZAKH in told.stdout.decode()) == (b"", True)


def test_what_else_a_press_holds_does_not_change_a_packets_bytes() -> None:
    one, other = fixed(assignment("a")), fixed(assignment("b", language="ru"))
    alone, together = Press(), Press()
    together.packet([Page(None, stamp())])
    (first, *_more), (_others, (second, *_rest)) = alone.take_in(one), (together.take_in(other), together.take_in(one))
    assert alone.packet([Page(first, stamp())]) == together.packet([Page(second, stamp())])


def test_a_stamped_page_looks_like_its_fixed_page() -> None:
    drawn = fixed(assignment("a"))
    press = Press()
    pdf = press.packet([Page(number, Stamp()) for number in press.take_in(drawn)])
    one, other = (cv2.imdecode(np.frombuffer(blank_png(each), np.uint8), cv2.IMREAD_GRAYSCALE).astype(float) for each in (pdf, drawn))
    assert one.min() < 50
    assert (
        np.abs(cv2.blur(one, (5, 5)) - cv2.blur(other, (5, 5))).max() < 64
    )  # fonts without hints: no stroke moves by more than a rounding


def test_a_page_more_costs_little_beyond_what_pages_share() -> None:
    press = Press()
    (page, *_more) = press.take_in(fixed(assignment("a")))
    few, many = (len(press.packet([Page(page, stamp(f"Әсел {number}")) for number in range(count)])) for count in (1, 101))
    assert (many - few) / 100 < 400


def test_what_a_press_has_forgotten_it_spells_alike_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packets.press_file, "MOST_BLOCKS", 1)
    press = Press()
    (page, *_more) = press.take_in(fixed(assignment("a")))
    kinds = [[Page(page, stamp())], [Page(None, stamp())], [Page(page, Stamp())]]
    first = [press.packet(kind) for kind in kinds]
    assert [press.packet(kind) for kind in kinds] == first
    assert len(set(first)) == 3


def test_words_in_a_fixed_page_that_look_like_references_stay_words() -> None:
    with pikepdf.open(io.BytesIO(fixed(assignment("a")))) as pdf:
        note = pikepdf.Dictionary(Said=pikepdf.String("see 99 0 R (and \\ 7 0 R)"), Asked=pdf.make_indirect(pikepdf.Array([1, 2])))
        pdf.pages[0].obj.Resources.Properties = pikepdf.Dictionary(Note=pdf.make_indirect(note))
        file = io.BytesIO()
        pdf.save(file)
    press = Press()
    (page, *_more) = press.take_in(file.getvalue())
    with pikepdf.open(io.BytesIO(press.packet([Page(page, stamp())]))) as made:
        kept = made.pages[0].obj.Resources.XObject.Fixed.Resources.Properties.Note
        assert str(kept.Said) == "see 99 0 R (and \\ 7 0 R)"
        assert list(kept.Asked) == [1, 2]

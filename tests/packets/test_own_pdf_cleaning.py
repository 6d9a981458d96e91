"""A teacher's own PDF is cleaned of all that is no print, or refused by name."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from packets import own_pdf_intake
from packets.own_pdf_cleaning import Cleaned, Refused, clean
from packets.own_pdf_intake import take_in
from packets.token import write_token
from records.keys import Key
from tests.packets.teacher_pdfs import (
    beside,
    endless,
    noted,
    refused,
    scripted,
    sheet,
    stamped,
    turned,
    with_code,
    with_drawn_letters,
)

BAD = refused()


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_placed_is_refused_by_its_name(name: str) -> None:
    content, code = BAD[name]
    with pytest.raises(Refused) as told:
        clean(content, [1])
    assert told.value.code == code


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_is_upright_as_it_is_shown_whatever_way_it_lies_in_the_file(degrees: int) -> None:
    cleaned = clean(turned(degrees), [2])
    wide = degrees % 180 == 90
    assert (cleaned.pages[0]["width"], cleaned.pages[0]["height"]) == ((297.0, 210.0) if wide else (210.0, 297.0))
    assert words(cleaned) >= {"2-бет"}


def words(cleaned: Cleaned) -> set[str]:
    document = pypdfium2.PdfDocument(cleaned.pdf)
    try:
        return {line.strip() for page in document for line in page.get_textpage().get_text_range().splitlines()}
    finally:
        document.close()


def test_fonts_and_vectors_stay_and_nothing_else_of_the_file_does() -> None:
    cleaned = clean(scripted(), [1])
    assert "pdf_left_behind" in [code for code, _values in cleaned.told]
    with pikepdf.open(io.BytesIO(cleaned.pdf)) as made:
        spelled = b"".join(each.unparse(resolved=True) if not isinstance(each, pikepdf.Stream) else b"" for each in made.objects)
        assert not made.attachments
    for name in (b"JavaScript", b"OpenAction", b"EmbeddedFile", b"/Annots"):
        assert name not in spelled
    document = pypdfium2.PdfDocument(cleaned.pdf)
    kinds = {type(each) for each in document[0].get_objects(max_depth=8)}
    document.close()
    assert pypdfium2.PdfTextObj in kinds, "words are words yet"
    assert pypdfium2.PdfImage not in kinds, "and no picture of them"
    assert "1-бет" in words(cleaned)


def test_a_stamp_that_is_printed_becomes_print() -> None:
    plain, with_stamp = clean(sheet(), [1]).pages[0]["ink"], clean(stamped(), [1]).pages[0]["ink"]
    assert with_stamp[3] > plain[3] + 50


def test_a_note_that_is_not_printed_is_no_reason_to_refuse_the_page() -> None:
    assert clean(noted(), [1]).pages == clean(sheet(), [1]).pages


def test_a_sheet_of_a_packet_is_refused_and_a_code_for_a_telephone_is_not() -> None:
    key = Key("0a0a0a0a", bytes(32), datetime(2026, 9, 1, tzinfo=UTC))
    for corner in (0, 1):
        with pytest.raises(Refused) as told:
            clean(with_code(write_token(key, "0123456789abcd", corner)), [1])
        assert told.value.code == "pdf_ours"
    assert clean(with_code("HTTP://EXAMPLE.KZ/A1"), [1]).pages


def test_letters_that_are_drawings_stay_whatever_they_are_called() -> None:
    cleaned = clean(with_drawn_letters(), [1])
    with pikepdf.open(io.BytesIO(cleaned.pdf)) as made:
        fonts = [each for each in made.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Subtype") == pikepdf.Name.Type3]
        assert [set(font.CharProcs.keys()) for font in fonts] == [{"/A", "/B"}]


def test_a_page_that_takes_too_long_is_refused_and_nothing_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_pdf_intake, "SECONDS", 2)
    (tmp_path / "endless.pdf").write_bytes(endless())
    with pytest.raises(own_pdf_intake.Refused) as told:
        take_in("endless.pdf", tmp_path, [1])
    assert told.value.said.code == "pdf_heavy"


def test_no_program_that_lies_in_the_working_folder_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside(tmp_path, sheet())
    (tmp_path / "numpy.py").write_text("raise SystemExit('run')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    own, _told = take_in("sheet.pdf", tmp_path, [1])
    assert [page.number for page in own.pages] == [1]

"""The slip before pages that are printed again: columns that do not meet, in every size and language, on as many pages as it takes."""

from __future__ import annotations

from datetime import date

import pypdfium2
import pytest

from packets.reprint_slip import SlipLine, SlipWords, draw_slip
from packets.subjects import subject_name
from records.language import page_language

TITLES = {"kazakh_and_lit": "Абай Құнанбайұлының қара сөздері: ұғым, мағына және түсіндірме", "math": "Жай бөлшектер"}


def slip(language: str, large: bool, lines: int = 2) -> bytes:
    subjects = list(TITLES) * lines
    made = tuple(SlipLine(10 + n, 14 + lines, "2PXU2ZJ4856ZU", subjects[n], TITLES[subjects[n]]) for n in range(lines))
    return draw_slip(SlipWords("2026-W44-7DB477", "7DB477", "2026-W44", language, large, date(2026, 12, 14), "1450", made))


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", ["kk", "ru", "en", "uz"])
def test_the_pages_number_the_subject_and_the_code_stand_apart(language: str, large: bool) -> None:
    with pypdfium2.PdfDocument(slip(language, large)) as document:
        text = document[0].get_textpage()
        whole = text.get_text_range()
        subject = whole.index(subject_name("math", page_language(language)))
        code = whole.index("2PXU", subject) if whole.find("2PXU", subject) >= 0 else whole.rindex("2PXU")
        number = whole.index("11")
        (left, bottom, _right, _top), above = text.get_charbox(subject), text.get_charbox(number)
        assert abs(above[1] - bottom) < 3, "on one line"
        last = max(
            text.get_charbox(at)[2] for at in range(number, subject) if whole[at].strip() and abs(text.get_charbox(at)[1] - bottom) < 4
        )
        assert last < left
        assert text.get_charbox(code)[0] > left


def test_many_pages_go_on_over_the_sheet() -> None:
    with pypdfium2.PdfDocument(slip("ru", True, lines=60)) as document:
        assert len(document) > 1
        found = " ".join(page.get_textpage().get_text_range() for page in document)
        assert found.count("2PXU") == 60


def test_the_same_slip_is_the_same_bytes() -> None:
    assert slip("kk", False) == slip("kk", False)

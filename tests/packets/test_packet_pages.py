"""What stands on the pages of a packet, and what does not: codes, words in the pupil's language, names inside only."""

from __future__ import annotations

import json

import pikepdf
import pypdfium2
import zxingcpp
from sqlalchemy import update

from packets.token import read_token, sealing_key
from records import schema
from records.home import Home
from tests.conftest import Poshta
from tests.packets.week import FIRST, FIRST_PACKET, KAZAKH, SECOND, WEEK, printed, texts


def test_layout_tells_every_page_with_its_boxes(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    pages = poshta("packets", "layout", "--week", WEEK).data["pages"]
    keys = {
        "page",
        "short_code",
        "kind",
        "week",
        "packet",
        "pupil",
        "assignment",
        "number",
        "of",
        "pdf",
        "pdf_page",
        "size_mm",
        "layout",
        "boxes",
    }
    assert all(set(page) == keys for page in pages)
    covers = [page for page in pages if page["kind"] == "cover"]
    assert [page["boxes"] for page in covers] == [[], [], []]
    assert all(page["assignment"] is None for page in covers)
    for page in pages:
        assert 1 <= page["number"] == page["pdf_page"] <= page["of"] == len(pikepdf.open(home.path / page["pdf"]).pages)
        for box in page["boxes"]:
            assert set(box) == {"item", "value", "label", "column", "kind", "shape", "center_mm", "size_mm"}


def test_both_codes_of_every_page_carry_its_id_and_no_word_about_the_pupil(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK, "--pupil", "P1")
    key = home.keys()[0]
    pages = poshta("packets", "layout", "--week", WEEK).data["pages"]
    for page in pages:
        picture = pypdfium2.PdfDocument(home.path / page["pdf"])[page["pdf_page"] - 1].render(scale=200 / 72).to_pil()
        found = [read_token(code.text) for code in zxingcpp.read_barcodes(picture)]
        assert sorted((word.page_id, word.corner) for word in found if word) == [(page["page"], 0), (page["page"], 1)]
        assert all(word is not None and sealing_key(word, [key]) for word in found)


def test_names_stay_inside(home: Home, poshta: Poshta) -> None:
    said = poshta("packets", "build", "--week", WEEK)
    told = json.dumps([said.data, poshta("packets", "layout", "--week", WEEK).data, poshta("journal").data], ensure_ascii=False)
    names = ("Әсел", "Ёжик", "Гүлнұр", "Серік")
    assert not any(name in told for name in names)
    assert not any(name in file for name in names for file in printed(home))
    shown = texts(home, FIRST_PACKET)
    assert all("Әсел" in text and "P1" in text for text in shown)
    assert not any("Серік" in text for text in shown)


def test_forgetting_a_pupil_deletes_the_paper_that_bears_the_name(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    said = poshta("pupils", "forget", "P1")
    assert (said.data["changed"], said.data["removed"]) == (True, [FIRST_PACKET])
    assert not (home.path / FIRST_PACKET).exists()
    assert len(printed(home)) == 2
    again = poshta("pupils", "forget", "P1").data
    assert again == {"pupil": "P1", "changed": False, "removed": [], "again": [], "scans": [], "out_of_reach": []}
    poshta("packets", "build", "--week", WEEK)
    assert not (home.path / FIRST_PACKET).exists()


def test_cover_and_worksheets_speak_the_pupils_language(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    kazakh, russian = texts(home, FIRST_PACKET), texts(home, f"packets/{WEEK}/{FIRST}/{WEEK}-P2.pdf")
    for words in ("Сәлем, Әсел!", "Жай бөлшектер", "Балапан, 06.10.2026, 10:20", "+7 715 200 1122", "1450", "19 қазан"):
        assert words in kazakh[0]
    for words in ("Здравствуй, Ёжик!", "Математика", "с. 2", "19 октября 2026"):
        assert words in russian[0]
    assert KAZAKH in kazakh[1]
    assert "5-сынып" in kazakh[1]
    assert "5 класс" in russian[1]


def test_a_long_name_of_a_school_stands_on_the_cover_to_its_last_word(home: Home, poshta: Poshta) -> None:
    name = "«Солтүстік Қазақстан облысы әкімдігінің білім басқармасы» КММ «Айыртау ауданының білім бөлімі» КММ «Арықбалық орта мектебі» коммуналдық мекемесі"
    with home.database.write() as session:
        session.execute(update(schema.School).values(name_kk=name, name_ru=name))
    poshta("packets", "build", "--week", WEEK, "--pupil", "P1")
    assert "".join(name.split()) in "".join(texts(home, FIRST_PACKET)[0].split())


def test_every_font_is_embedded(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK, "--pupil", "P3")
    with pikepdf.open(home.path / f"packets/{WEEK}/{SECOND}/{WEEK}-P3.pdf") as pdf:
        fonts = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"]
        assert fonts
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_every_message_of_the_commands_comes_in_kazakh_and_russian(home: Home, poshta: Poshta) -> None:
    for lang, word in (("kk", "пакет"), ("ru", "пакета")):
        said = poshta("packets", "build", "--week", WEEK, json=False, lang=lang)
        assert f"3 {word}" in said.out

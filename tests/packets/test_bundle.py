"""A week's packets: safe to run twice and to be killed; nothing printed in silence, nobody left out without a reason; names stay inside."""

from __future__ import annotations

import errno
import json
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import update

import packets.archive
import packets.bundle
import records.files
from packets.archive import geometry
from packets.assignment import OpenQuestion
from packets.bundle import Scope, build, plan
from packets.shelf import keep
from packets.token import read_token, sealing_key
from records import schema
from records.errors import Busy
from records.home import Home
from tests.conftest import Poshta
from tests.packets.week import FIRST, KAZAKH, NEXT_WEEK, SECOND, WEEK, answered, assignment, open_desk

FIRST_PACKET = f"packets/{WEEK}/{FIRST}/{WEEK}-P1.pdf"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("POSHTA_TODAY", "2026-09-28")
    return open_desk(tmp_path / "desk", (WEEK, NEXT_WEEK))


def _texts(home: Home, pdf: str) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(home.path / pdf)]


def _bytes(home: Home) -> dict[str, bytes]:
    return {file.relative_to(home.path).as_posix(): file.read_bytes() for file in sorted((home.path / "packets").rglob("*.pdf"))}


def test_a_build_writes_a_packet_for_everybody_by_post_and_names_the_others(home: Home, poshta: Poshta) -> None:
    said = poshta("packets", "build", "--week", WEEK)
    assert said.code == 3
    assert said.data["built"] == 3
    assert said.data["files"] == [
        f"packets/{WEEK}/{FIRST}/{WEEK}-P1.pdf",
        f"packets/{WEEK}/{FIRST}/{WEEK}-P2.pdf",
        f"packets/{WEEK}/{SECOND}/{WEEK}-P3.pdf",
    ]
    assert {each["reason"]: each["pupils"] for each in said.data["without"]} == {
        "no_village": ["P5"],
        "no_assignment": ["P4"],
        "other_channel": ["P6"],
    }
    assert all((home.path / file).exists() for file in said.data["files"])


def test_a_second_build_does_nothing(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    before, acts = _bytes(home), len(poshta("journal").data["acts"])
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["unchanged"], said.data["built"], said.data["files"]) == (3, 0, [])
    assert _bytes(home) == before
    assert len(poshta("journal").data["acts"]) == acts


def test_a_lost_or_damaged_file_is_drawn_again_with_the_same_bytes(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    before = _bytes(home)
    (home.path / FIRST_PACKET).unlink()
    (home.path / f"packets/{WEEK}/{SECOND}/{WEEK}-P3.pdf").write_bytes(b"%PDF-torn")
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["redrawn"], said.data["unchanged"]) == (2, 1)
    assert _bytes(home) == before


def test_changed_input_builds_anew_under_new_page_ids_and_voids_the_old_pages(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    old = {page["page"] for page in poshta("packets", "layout", "--week", WEEK, "--packet", f"{WEEK}-P1").data["pages"]}
    with home.database.write() as session:
        session.execute(update(schema.Person).where(schema.Person.code == "P1").values(first_name="Әлия"))
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["rebuilt"], said.data["unchanged"]) == (1, 2)
    shown = poshta("packets", "show", f"{WEEK}-P1").data
    assert shown["issue"] == 2
    assert {page["page"] for page in shown["pages"] if page["void"]} == old
    assert {page["void_reason"] for page in shown["pages"] if page["void"]} == {"rebuilt"}
    assert "Әлия" in _texts(home, FIRST_PACKET)[0]


def test_a_packet_that_was_handed_over_stays_as_it_is_and_that_is_told(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    before = _bytes(home)
    with home.database.write() as session:
        session.execute(update(schema.Packet).where(schema.Packet.pupil == "P1").values(state="handed_over"))
        session.execute(update(schema.Person).where(schema.Person.code == "P1").values(first_name="Әлия"))
    said = poshta("packets", "build", "--week", WEEK, "--pupil", "P1")
    assert said.code == 3
    assert said.data["without"] == [{"reason": "changed_after_handover", "pupils": ["P1"]}]
    assert _bytes(home) == before


def test_corrected_points_print_a_built_packet_anew_and_leave_one_that_has_gone_alone(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    given = assignment(f"math-kk-{WEEK[-3:]}")
    first = replace(given.parts[1], points=Decimal(4))
    with home.database.write() as session:
        keep(session, replace(given, parts=(given.parts[0], first, *given.parts[2:])))
        session.execute(update(schema.Packet).where(schema.Packet.pupil == "P1").values(state="handed_over"))
    said = poshta("packets", "build", "--week", WEEK)
    assert (said.data["unchanged"], said.data["rebuilt"]) == (2, 1)
    assert "changed_after_handover" not in [each["reason"] for each in said.data["without"]]


def test_a_packet_whose_pupil_left_is_told_until_it_is_withdrawn(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    with home.database.write() as session:
        session.execute(update(schema.Pupil).where(schema.Pupil.code == "P1").values(left_on=date(2026, 9, 29)))
    left = {"reason": "left_over", "pupils": ["P1"]}
    assert left in poshta("packets", "build", "--week", WEEK).data["without"]
    assert left not in poshta("packets", "build", "--week", WEEK, "--village", SECOND).data["without"]
    poshta("packets", "void", f"{WEEK}-P1")
    assert left not in poshta("packets", "build", "--week", WEEK).data["without"]


def test_a_pupil_who_moves_takes_the_file_along(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    with home.database.write() as session:
        session.execute(update(schema.Pupil).where(schema.Pupil.code == "P1").values(kato=SECOND))
    poshta("packets", "build", "--week", WEEK)
    assert not (home.path / FIRST_PACKET).exists()
    assert (home.path / f"packets/{WEEK}/{SECOND}/{WEEK}-P1.pdf").exists()


def test_a_build_killed_between_files_and_rows_repeats_itself_byte_for_byte(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_given: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(packets.bundle, "keep_packets", die)
        with pytest.raises(Killed):
            build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    half = _bytes(home)
    assert half, "the fault came too early: no file was written"
    with home.database.read() as session:
        assert session.query(schema.Packet).count() == 0
    build(home, plan(home, WEEK, Scope()), lambda _steps=1: None)
    assert {name: content for name, content in _bytes(home).items() if name in half} == half


def test_a_full_disk_is_said_and_leaves_nothing_half_written(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = records.files.os.replace
    written: list[str] = []

    def full(source: str, target: Path) -> None:
        if str(target).endswith("P2.pdf"):
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(str(target))
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(records.files.os, "replace", full)
        said = poshta("packets", "build", "--week", WEEK)
    assert said.code == 11
    assert written, "the disk was full too early for the test to mean anything"
    assert not list((home.path / "packets").rglob(".new-*"))
    with home.database.read() as session:
        assert session.query(schema.Page).count() == 0
    assert poshta("packets", "build", "--week", WEEK).data["built"] == 3


def test_two_builds_at_once_do_not_both_keep_a_packet(home: Home) -> None:
    first, second = plan(home, WEEK, Scope()), plan(home, WEEK, Scope())
    build(home, first, lambda _steps=1: None)
    with pytest.raises(Busy):
        build(home, second, lambda _steps=1: None)


def test_an_assignment_replaced_while_it_is_printed_stops_the_build(home: Home, poshta: Poshta) -> None:
    """Else the pupil would answer other questions than those that the answers are scored by."""
    planned = plan(home, WEEK, Scope())
    given = assignment(f"math-kk-{WEEK[-3:]}")
    with home.database.write() as session:
        keep(session, replace(given, title="Басқа тақырып"))
    with pytest.raises(Busy):
        build(home, planned, lambda _steps=1: None)
    assert poshta("packets", "build", "--week", WEEK).data["built"] == 3


def test_two_homes_with_one_key_print_the_same_bytes(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-01")
    other = open_desk(tmp_path / "other", (WEEK, NEXT_WEEK))
    shutil.rmtree(other.keys_folder)
    shutil.copytree(home.keys_folder, other.keys_folder)
    for each in (home, other):
        build(each, plan(each, WEEK, Scope()), lambda _steps=1: None)
    assert _bytes(home) == _bytes(other)


@pytest.mark.parametrize(
    ("option", "value", "count"), [("--village", FIRST, 2), ("--district", FIRST[:4] + "00000", 3), ("--pupil", "P2", 1)]
)
def test_a_build_can_be_narrowed(home: Home, poshta: Poshta, option: str, value: str, count: int) -> None:
    assert poshta("packets", "build", "--week", WEEK, option, value).data["built"] == count
    assert len(_bytes(home)) == count


def test_a_week_without_assignments_is_not_found(home: Home, poshta: Poshta) -> None:
    said = poshta("packets", "build", "--week", "2026-W20")
    assert said.code == 6
    assert "assignments add" in said.body["errors"][0]["hint"]


def test_a_desk_without_a_key_builds_nothing(home: Home, poshta: Poshta) -> None:
    shutil.rmtree(home.keys_folder)
    assert poshta("packets", "build", "--week", WEEK).code == 12
    assert not (home.path / "packets").exists()


def test_an_assignment_that_cannot_be_printed_stops_the_build_before_anything_is_written(home: Home, poshta: Poshta) -> None:
    with home.database.write() as session:
        keep(session, assignment("too-long", pieces=(OpenQuestion("1", "Жаз.", 40, Decimal(1)),)))
    said = poshta("packets", "build", "--week", WEEK)
    assert said.code == 4
    assert "too-long: question 1 is too large" in said.body["errors"][0]["text"]
    assert not (home.path / "packets").exists()


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
    assert not any(name in file for name in names for file in _bytes(home))
    texts = _texts(home, FIRST_PACKET)
    assert all("Әсел" in text and "P1" in text for text in texts)
    assert not any("Серік" in text for text in texts)


def test_forgetting_a_pupil_deletes_the_paper_that_bears_the_name(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    said = poshta("pupils", "forget", "P1")
    assert (said.data["changed"], said.data["removed"]) == (True, [FIRST_PACKET])
    assert not (home.path / FIRST_PACKET).exists()
    assert len(_bytes(home)) == 2
    assert poshta("pupils", "forget", "P1").data == {"pupil": "P1", "changed": False, "removed": []}
    poshta("packets", "build", "--week", WEEK)
    assert not (home.path / FIRST_PACKET).exists()


def test_cover_and_worksheets_speak_the_pupils_language(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    kazakh, russian = _texts(home, FIRST_PACKET), _texts(home, f"packets/{WEEK}/{FIRST}/{WEEK}-P2.pdf")
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
    assert "".join(name.split()) in "".join(_texts(home, FIRST_PACKET)[0].split())


def test_every_font_is_embedded(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK, "--pupil", "P3")
    with pikepdf.open(home.path / f"packets/{WEEK}/{SECOND}/{WEEK}-P3.pdf") as pdf:
        fonts = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"]
        assert fonts
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_void_withdraws_a_packet_until_its_pupil_is_named_again(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    assert poshta("packets", "void", f"{WEEK}-P1").data == {"packet": f"{WEEK}-P1", "state": "void"}
    assert not (home.path / FIRST_PACKET).exists()
    assert poshta("packets", "layout", "--week", WEEK, "--packet", f"{WEEK}-P1").data["pages"] == []
    assert poshta("packets", "void", f"{WEEK}-P1").code == 7
    assert poshta("packets", "build", "--week", WEEK).data["rebuilt"] == 0
    assert poshta("packets", "build", "--week", WEEK, "--pupil", "P1").data["rebuilt"] == 1
    assert poshta("packets", "show", f"{WEEK}-P1").data["state"] == "built"


@pytest.mark.parametrize("words", [("show", "X"), ("void", "X"), ("layout", "--week", WEEK, "--packet", "X")])
def test_a_packet_that_does_not_exist_is_not_found(home: Home, poshta: Poshta, words: tuple[str, ...]) -> None:
    assert poshta("packets", *words).code == 6


def test_labels_carry_addresses_and_codes_only(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    with home.database.write() as session:
        session.execute(update(schema.Person).where(schema.Person.code == "P1").values(address="Абай көшесі, 5"))
    said = poshta("packets", "labels", "--week", WEEK)
    assert (said.code, said.data["labels"]) == (0, 3)
    addresses, returns = ("\n".join(_texts(home, file)) for file in said.data["files"])
    assert "Серік Болат" in addresses
    assert "Абай көшесі, 5" in addresses
    assert "P2" in addresses
    assert "Опорная школа" in returns
    for forbidden in ("Әсел", "Гүлнұр", "сынып", "класс", "Математика"):
        assert forbidden not in addresses + returns


def test_return_labels_without_any_address_are_told(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    with home.database.write() as session:
        session.query(schema.School).delete()
    said = poshta("packets", "labels", "--week", WEEK)
    assert (said.code, said.body["errors"][0]["code"]) == (3, "no_return_address")


def _second_week(home: Home, poshta: Poshta) -> str:
    poshta("packets", "build", "--week", NEXT_WEEK, "--pupil", "P1")
    return _texts(home, f"packets/{NEXT_WEEK}/{FIRST}/{NEXT_WEEK}-P1.pdf")[0]


def test_the_next_cover_tells_what_was_decided_under_its_own_week(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1")
    answered(home, f"{WEEK}-P1", "2", "read", "0.75", "1.5")
    answered(home, f"{WEEK}-P1", "3", "blank", "0", "2")
    answered(home, f"{WEEK}-P1", "5", "waiting", None, "3")
    cover = _second_week(home, poshta)
    assert f"{WEEK} оқу аптасы" in cover
    assert "1,75 / 4,5 балл" in cover
    for words in ("дұрыс", "жартылай дұрыс", "жауап берілмеген", "мұғалім әлі тексеріп жатыр", "бұл бет қайтып келген жоқ"):
        assert words in cover


def test_what_a_cover_told_is_not_told_again_and_news_waits_for_the_next(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1")
    cover = _second_week(home, poshta)
    before = _bytes(home)
    answered(home, f"{WEEK}-P1", "2", "read", "1.5", "1.5")
    assert poshta("packets", "build", "--week", NEXT_WEEK, "--pupil", "P1").data["unchanged"] == 1
    assert _bytes(home) == before
    assert "1 / 1 балл" in cover


def test_a_third_cover_is_silent_about_what_the_second_told(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1")
    assert f"{WEEK} оқу аптасы" in _second_week(home, poshta)
    with home.database.write() as session:
        keep(session, assignment("third", week="2026-W43"))
    poshta("packets", "build", "--week", "2026-W43", "--pupil", "P1")
    assert WEEK not in _texts(home, f"packets/2026-W43/{FIRST}/2026-W43-P1.pdf")[0]


def test_what_a_withdrawn_cover_would_have_told_is_told_by_the_next(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1")
    _second_week(home, poshta)
    poshta("packets", "void", f"{NEXT_WEEK}-P1")
    with home.database.write() as session:
        keep(session, assignment("third", week="2026-W43"))
    poshta("packets", "build", "--week", "2026-W43", "--pupil", "P1")
    assert f"{WEEK} оқу аптасы" in _texts(home, f"packets/2026-W43/{FIRST}/2026-W43-P1.pdf")[0]


def test_a_cover_drawn_again_tells_what_it_told_even_after_a_mark_was_corrected(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    answered(home, f"{WEEK}-P1", "1", "read", "0", "1")
    _second_week(home, poshta)
    before = _bytes(home)
    answered(home, f"{WEEK}-P1", "1", "read", "1", "1")
    (home.path / f"packets/{NEXT_WEEK}/{FIRST}/{NEXT_WEEK}-P1.pdf").unlink()
    assert poshta("packets", "build", "--week", NEXT_WEEK, "--pupil", "P1").data["redrawn"] == 1
    assert _bytes(home) == before


def test_long_feedback_takes_a_second_cover_page(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.database.write() as session:
        for number in range(12):
            keep(session, assignment(f"extra-{number:02d}"))
    poshta("packets", "build", "--week", WEEK, "--pupil", "P1")
    with home.database.read() as session:
        pages = [page for page in geometry(session, WEEK, f"{WEEK}-P1") if page["assignment"] and page["boxes"]]
    with home.database.write() as session:
        session.add_all(
            schema.Answer(
                page=page["page"], item=page["boxes"][0]["item"], reading=[], candidates=[], state="read", reason="", points="1", max_points="1",
                decided_by="reader", scan=None, made_at=packets.archive.now(), why="", superseded_by=None,
            )
            for page in pages
        )  # fmt: skip
    _second_week(home, poshta)
    kinds = [page["kind"] for page in poshta("packets", "layout", "--week", NEXT_WEEK).data["pages"]]
    assert kinds[:2] == ["cover", "cover"]
    assert kinds[2:] == ["worksheet"] * (len(kinds) - 2)


def test_every_message_of_the_commands_comes_in_kazakh_and_russian(home: Home, poshta: Poshta) -> None:
    for lang, word in (("kk", "пакет"), ("ru", "пакета")):
        said = poshta("packets", "build", "--week", WEEK, json=False, lang=lang)
        assert f"3 {word}" in said.out

"""The teacher's return: who is missing, who struggles, what to teach again; verdicts on the scans by shape and colour; the same bytes twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest

from packets.assignment import Assignment, ChoiceQuestion
from records import schema
from records.grades import Decision, Recorded
from records.home import Home
from scanning.annotate import DPI, MM_PER_INCH
from scanning.batch import scan_files
from scanning.gradebook import Total
from scanning.return_pages import draw
from scanning.returns import ClassWork, PupilWork, SheetBack, TeachersReturn, file_code, gather
from tests.scanning.paper import WEEK, WORK, Sheet, fake_reader, open_desk, page, save

Poshta = Callable[..., Any]
PX = DPI / MM_PER_INCH


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-20")
    opened = open_desk(tmp_path / "desk")
    yield opened
    opened.close()


def _words(pdf: bytes | Path) -> list[str]:
    """The words of each page, one line."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [" ".join(each.get_textpage().get_text_range().split()) for each in document]
    finally:
        document.close()


def _scan(home: Home, folder: Path, *sheets: Sheet) -> None:
    scan_files(home, [save(folder / f"{number}.png", sheet, note=str(number)) for number, sheet in enumerate(sheets)], 1, fake_reader)


def test_without_a_teacher_there_is_one_return_a_class_and_with_one_it_bears_the_teachers_code(
    home: Home, poshta: Poshta, tmp_path: Path
) -> None:
    _scan(home, tmp_path / "s", Sheet(page("P1", 2), {"1": "A", "2": "A,C"}))
    said = poshta("returns", "--week", WEEK)
    assert (said.code, said.data["files"]) == (0, [f"returns/{WEEK}/S1-math-5-kk.{kind}" for kind in ("pdf", "html")])
    with home.database.write() as session:
        session.add(schema.Teaching(teacher="T1", school="S1", subject="math", grade=5, language="kk"))
        session.add(schema.Person(code="T1", role="teacher", last_name="Серік", first_name="Гүлнұр"))
    said = poshta("returns", "--week", WEEK)
    assert said.data["files"] == [f"returns/{WEEK}/T1.{kind}" for kind in ("pdf", "html")]
    assert "Серік Гүлнұр" in _words(home.path / said.data["files"][0])[0]
    assert poshta("returns", "--week", "2026-W50").code == 6
    nobody = poshta("returns", "--week", WEEK, "--teacher", "T9")
    assert (nobody.code, "T1" in nobody.body["errors"][0]["hint"]) == (6, True)


def test_the_same_records_give_the_same_bytes(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    _scan(home, tmp_path / "s", Sheet(page("P1", 2), {"1": "A", "2": ""}))
    files = [home.path / file for file in poshta("returns", "--week", WEEK).data["files"]]
    first = [file.read_bytes() for file in files]
    poshta("returns", "--week", WEEK)
    assert [file.read_bytes() for file in files] == first


def test_several_workers_write_the_bytes_that_one_writes(
    home: Home, poshta: Poshta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _scan(home, tmp_path / "s", Sheet(page("P1", 2), {"1": "A", "2": ""}), Sheet(page("P2", 2), {"1": "B", "2": "A"}))
    with home.database.write() as session:
        session.get_one(schema.Packet, "K-P2").school = "S2"
    alone = poshta("returns", "--week", WEEK).data
    first = [(home.path / file).read_bytes() for file in alone["files"]]
    monkeypatch.setenv("POSHTA_WORKERS", "2")
    assert poshta("returns", "--week", WEEK).data == alone
    assert len(first) == 4
    assert [(home.path / file).read_bytes() for file in alone["files"]] == first


def test_the_first_page_says_who_is_missing_and_since_when(
    home: Home, poshta: Poshta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.database.write() as session:
        session.add(schema.Settlement(kato="591000000", name_kk="Төңкеріс", name_ru="Тонкерис"))
    _scan(home, tmp_path / "s", Sheet(page("P1", 2), {"1": "A", "2": "A,C"}))
    file = home.path / poshta("returns", "--week", WEEK).data["files"][0]
    assert "жолда болуы мүмкін" in _words(file)[0]
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-27")
    poshta("returns", "--week", WEEK)
    first = _words(file)[0]
    assert "Тегі-P2 =Әсел (5-сынып, Төңкеріс): 26.10.2026 күнінен бері ештеңе келмеді" in first
    assert "Тегі-P1 =Әсел (5-сынып, Төңкеріс): пакеттің мына беті жоқ: 3" in first


def test_silence_is_counted_from_the_first_packet_that_stayed_away(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POSHTA_TODAY", "2026-12-01")
    with home.database.write() as session:
        for week, day in (("2026-W39", date(2026, 10, 12)), ("2026-W40", date(2026, 10, 19))):
            kept = session.get_one(schema.Packet, "K-P2")
            fields = {column.key: getattr(kept, column.key) for column in schema.Packet.__table__.columns}
            session.add(schema.Packet(**{**fields, "code": f"{week}-P2", "week": week, "return_by": day}))
    with home.database.read() as session:
        (report,) = gather(session, WEEK)
    silent = {pupil.pupil: pupil.silent_since for pupil in report.works[0].pupils}
    assert silent == {"P1": date(2026, 10, 26), "P2": date(2026, 10, 12)}
    with home.database.write() as session:
        session.get_one(schema.Page, page("P1", 3)).packet = "2026-W40-P2"  # a page of P2's second packet, which comes back now
    _scan(home, tmp_path / "s", Sheet(page("P1", 3), {"3": "84", "4": ""}))
    with home.database.read() as session:
        (report,) = gather(session, WEEK)
    assert {pupil.pupil: pupil.silent_since for pupil in report.works[0].pupils}["P2"] == date(2026, 10, 26)


def test_it_tells_who_struggles_what_to_teach_again_and_what_waits(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    _scan(
        home,
        tmp_path / "s",
        Sheet(page("P1", 2), {"1": "B", "2": "A,C"}),
        Sheet(page("P1", 3), {"3": "84", "4": ""}),
        Sheet(page("P2", 2), {"1": "B", "2": ""}),
        Sheet(page("P2", 3), {"3": "74", "4": "0"}),
    )
    first = _words(home.path / poshta("returns", "--week", WEEK).data["files"][0])[0]
    assert "40 %-ынан аз 0 % Тегі-P2 =Әсел (5-сынып)" in first
    assert first.count("Тегі-P1 =Әсел") == 1
    assert "0 % 1. 1/2 + 1/4 = ? ең жиі қате жауап: B (1/6), 2 рет" in first
    assert "5-сынып, 1 жауап: Тегі-P1 =Әсел" in first
    assert "Қайтпады" not in first


def test_a_picture_that_is_no_longer_kept_is_said(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    _scan(home, tmp_path / "s", Sheet(page("P1", 2), {"1": "A", "2": ""}))
    for original in home.originals.rglob("*.png"):
        original.unlink()
    said = poshta("returns", "--week", WEEK)
    assert "енді сақталмайды" in _words(home.path / said.data["files"][0])[-1]
    assert [row["without_picture"] for row in said.data["returns"]] == [1]
    assert "1 page is shown without its picture" in poshta("returns", "--week", WEEK, json=False).out


@pytest.mark.parametrize(("language", "word"), [("kk", "Оқушы"), ("ru", "Ученик"), ("uz", "Оқушы"), ("en", "Оқушы")])
def test_the_return_speaks_the_language_of_the_class_kazakh_or_russian(home: Home, language: str, word: str) -> None:
    with home.database.write() as session:
        row = session.get_one(schema.Assignment, WORK.code)
        row.definition = {**row.definition, "language": language}
    with home.database.read() as session:
        (report,) = gather(session, WEEK)
    assert any(word in page for page in _words(draw(report, {})))


@pytest.mark.parametrize(("code", "name"), [("T1", "T1"), ("S 1/../x-math", "S_1_.._x-math"), ("..", "_"), ("мектеп-1", "мектеп-1")])
def test_a_file_name_is_never_a_way_out_of_the_folder(code: str, name: str) -> None:
    assert file_code(code) == name


def test_a_teacher_of_six_classes_gets_one_page_and_a_hundred_silent_pupils_go_on_under_their_heading() -> None:
    six = TeachersReturn("T1", "Мұғалім", "Мектеп", "kk", WEEK, tuple(_class(12, 7, grade) for grade in range(5, 11)))
    pages = _words(draw(six, {}))
    assert all(f"Математика, {grade}-сынып: Ұзын тақырып" in pages[0] for grade in range(5, 11))
    assert "(жалғасы)" not in pages[0]
    silent = [
        replace(_pupil(number, 1), packet=f"K{number}", sheets=(SheetBack("p", 2, 3, "L"),), answers={}, return_by=date(2026, 1, 1))
        for number in range(100)
    ]
    work = replace(_class(1, 1), pupils=tuple(silent))
    pages = _words(draw(TeachersReturn("T1", "Мұғалім", "Мектеп", "kk", WEEK, (work,)), {}))
    assert "Қайтпады (жалғасы)" in pages[1]
    said = " ".join(each for each in pages if "Оқушы" not in each)
    for number in range(100):
        assert said.count(f"Әбілқайырова-{number} ") == 1


def test_the_longest_silence_and_the_fewest_points_stand_first() -> None:
    lost = replace(_pupil(1, 1), name="Кейін", packet="A", answers={}, return_by=date(2026, 1, 20))
    older = replace(_pupil(2, 1), name="Бұрын", packet="B", answers={}, return_by=date(2026, 1, 20), silent_since=date(2025, 12, 1))
    weak = {n: replace(_pupil(3, 1), name=f"Ұпай{n}", packet=f"C{n}", answers={"1": _earned(n)}, sheets=BACK) for n in (30, 10, 20)}
    work = replace(_class(1, 1), pupils=(lost, older, *weak.values()))
    first = _words(draw(TeachersReturn("T1", "", "", "kk", WEEK, (work,)), {}))[0]
    places = [first.index(name) for name in ("Бұрын", "Кейін", "Ұпай10", "Ұпай20", "Ұпай30")]
    assert places == sorted(places)


def test_small_classes_share_a_page_of_tables_and_each_scanned_page_bears_name_and_code() -> None:
    works = tuple(replace(_class(2, 7, grade), pupils=tuple(replace(_pupil(n, 7), sheets=BACK) for n in (1, 2))) for grade in (5, 6, 7, 8))
    pages = _words(draw(TeachersReturn("T1", "", "", "kk", WEEK, works), {}))
    assert all(f"{grade}-сынып: Ұзын тақырып" in pages[1] for grade in (5, 6, 7, 8))
    assert "Сұрақтар бойынша" in pages[1]
    assert len(pages) <= 2 + 3 + 8
    assert all(f"Әбілқайырова-{n} Нұрбибіайша P{n} " in said for n, said in zip((1, 2) * 4, pages[-8:], strict=True))


BACK = (SheetBack("p", 2, 3, "L", 1),)


def _earned(percent: int) -> Recorded:
    return _recorded(Decision("p", "1", ("B",), (), "read", "", Decimal(percent) / 100, Decimal(1), "reader", None))


def _class(pupils: int, questions: int, grade: int = 5) -> ClassWork:
    parts = tuple(ChoiceQuestion(str(n), f"Сұрақ {n}", ("a", "b"), ("A",), False, False, Decimal(1)) for n in range(1, questions + 1))
    work = Assignment(f"c{grade}", "math", grade, "kk", "Ұзын тақырып", "formative", WEEK, None, parts)
    return ClassWork(work, tuple(_pupil(number, questions) for number in range(pupils)))


def _pupil(number: int, questions: int) -> PupilWork:
    states = (
        ("read", Decimal(1)),
        ("read", Decimal(0)),
        ("blank", Decimal(0)),
        ("doubt", None),
        ("waiting", None),
        ("read", Decimal("0.5")),
    )
    answers = {}
    for item in range(1, questions + 1):
        state, points = states[(number + item) % len(states)]
        held = Decision("p", str(item), ("A",) if state == "read" else (), (), state, "", points, Decimal(1), "reader", None)
        answers[str(item)] = _recorded(held)
    total = Total("P", "K", "c", Decimal("12.5"), Decimal(questions), 1, 0, 0, 62, None)
    name = f"Әбілқайырова-{number} Нұрбибіайша"
    return PupilWork(f"P{number}", name, "K", date(2026, 10, 26), (SheetBack("p", 2, 3, "L"),), answers, total)


def _recorded(held: Decision) -> Recorded:
    fields = {name: getattr(held, name) for name in Decision.__slots__}
    return Recorded(**fields, id=1, made_at=datetime(2026, 10, 20), pupil="P", packet="K", assignment="c", week=WEEK, number=2)


@pytest.mark.parametrize(("pupils", "questions"), [(30, 20), (1, 1), (70, 40), (30, 17)])
def test_the_class_table_holds_everybody_within_the_margins(pupils: int, questions: int) -> None:
    report = TeachersReturn("T1", "Мұғалім", "Мектеп", "kk", WEEK, (_class(pupils, questions),))
    pdf = draw(report, {})
    said = " ".join(_words(pdf)[1:])
    for number in range(pupils):
        assert f"Әбілқайырова-{number} Нұрбибіайша" in said
    document = pdfium.PdfDocument(pdf)
    for each in document:
        ink = np.squeeze(each.render(scale=1, grayscale=True).to_numpy()) < 200
        assert not ink[:, :30].any()
        assert not ink[:, -30:].any()
        assert not ink[:28].any()
        assert not ink[-28:].any()
    document.close()


def test_the_first_page_says_where_a_pupils_pages_stand_and_leads_there() -> None:
    works = [_class(12, 7, grade) for grade in (5, 6)]
    told = tuple(
        replace(
            work,
            pupils=tuple(
                replace(each, answers={"1": _earned(10)}, sheets=(replace(BACK[0], page=f"{work.assignment.grade}-{number}"),))
                for number, each in enumerate(work.pupils)
            ),
        )
        for work in works
    )
    pdf = draw(TeachersReturn("T1", "", "", "kk", WEEK, told), {})
    pages = _words(pdf)
    said = re.findall(r"Әбілқайырова-(\d+) Нұрбибіайша \((\d)-сынып\) (\d+)-бет", pages[0])
    assert len(said) == 24
    for pupil, grade, number in said:
        assert pages[int(number) - 1].startswith(f"Әбілқайырова-{pupil} Нұрбибіайша")
        assert f"{grade}-сынып" in pages[int(number) - 1]
    with pikepdf.open(BytesIO(pdf)) as document:
        links = [link for page in document.pages for link in page.get("/Annots", [])]
        assert len(links) == 24
        assert len(document.Root.Outlines) > 0


def test_a_class_with_very_many_waiting_answers_ends() -> None:
    work = _class(200, 1)
    waiting = Decision("p", "1", (), (), "waiting", "", None, Decimal(1), "reader", None)
    pupils = tuple(replace(each, sheets=BACK, answers={"1": _recorded(waiting)}) for each in work.pupils)
    pages = _words(draw(TeachersReturn("T1", "", "", "kk", WEEK, (replace(work, pupils=pupils),)), {}))
    front = " ".join(said for said in pages if "Сіздің балыңызды күтуде" in said)
    for number in range(200):
        assert f"Әбілқайырова-{number} " in front

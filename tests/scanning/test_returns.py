"""The teacher's return: who is missing, who struggles, what to teach again; verdicts on the scans by shape and colour; the same bytes twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from packets.assignment import Assignment, ChoiceQuestion
from packets.layout import PAGE_MM, Box, BoxKind, Layout, PageKind
from packets.paper import Pen
from records import schema
from records.grades import Decision, Recorded
from records.home import Home
from scanning import return_pictures
from scanning.annotate import DPI, MM_PER_INCH, PIXELS, Outcome, Place, Verdict, draw_sign, draw_verdicts, flat_page, outcome_of, upright
from scanning.batch import scan_files
from scanning.gradebook import Total
from scanning.intake import Frame, Limits, Refused, frames
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
    assert (said.code, said.data["files"]) == (0, [f"returns/{WEEK}/S1-math-5-kk.pdf"])
    with home.database.write() as session:
        session.add(schema.Teaching(teacher="T1", school="S1", subject="math", grade=5, language="kk"))
        session.add(schema.Person(code="T1", role="teacher", last_name="Серік", first_name="Гүлнұр"))
    said = poshta("returns", "--week", WEEK)
    assert said.data["files"] == [f"returns/{WEEK}/T1.pdf"]
    assert "Серік Гүлнұр" in _words(home.path / said.data["files"][0])[0]
    assert poshta("returns", "--week", "2026-W50").code == 6


def test_the_same_records_give_the_same_bytes(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    _scan(home, tmp_path / "s", Sheet(page("P1", 2), {"1": "A", "2": ""}))
    file = home.path / poshta("returns", "--week", WEEK).data["files"][0]
    first = file.read_bytes()
    poshta("returns", "--week", WEEK)
    assert file.read_bytes() == first


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
    assert len(first) == 2
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
    file = home.path / poshta("returns", "--week", WEEK).data["files"][0]
    assert "енді сақталмайды" in _words(file)[-1]


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
    assert len(pages) == 2 + 8
    assert all(f"Әбілқайырова-{n} Нұрбибіайша P{n} " in said for n, said in zip((1, 2) * 4, pages[2:], strict=True))


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


BOXES = tuple(Box("1", letter, letter, BoxKind.CHOICE, (40.0 + 40 * place, 100.0)) for place, letter in enumerate("ABC"))
LAYOUT = Layout(PageKind.WORKSHEET, BOXES, (), "")
ASKED = ChoiceQuestion("1", "?", ("a", "b", "c"), ("B",), False, False, Decimal(1))


def _picture(turn: float) -> tuple[np.ndarray[Any, Any], dict[str, Any]]:
    """A blank sheet with a black box at A's place, seen at 150 dpi turned by `turn` degrees; with its measurements."""
    scale = 150 / MM_PER_INCH
    angle = np.radians(turn)
    rotate = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1.0]])
    to_picture = (
        np.diag([scale, scale, 1.0])
        @ np.array([[1, 0, 160], [0, 1, 160], [0, 0, 1.0]])
        @ rotate
        @ np.array([[1, 0, -105], [0, 1, -148.5], [0, 0, 1.0]])
    )
    image = np.full((1900, 1900), 255, np.uint8)
    corners = np.array([[[37, 97]], [[43, 97]], [[43, 103]], [[37, 103]]], np.float64)
    cv2.fillPoly(image, [np.round(cv2.perspectiveTransform(corners, to_picture)).astype(np.int32)], 0)
    at = cv2.perspectiveTransform(np.array([[box.center_mm] for box in BOXES], np.float64), to_picture)
    return image, {"transform": to_picture.ravel().tolist(), "at": at.reshape(-1, 2).tolist()}


@settings(max_examples=25)
@given(st.floats(0, 359))
def test_a_page_is_put_upright_however_it_lay(turn: float) -> None:
    image, measurements = _picture(turn)
    flat = upright(image, np.array(measurements["transform"]).reshape(3, 3))
    assert flat.shape == (round(PAGE_MM[1] * PX), round(PAGE_MM[0] * PX))
    assert flat[round(100 * PX), round(40 * PX)] < 30
    assert flat[round(100 * PX), round(80 * PX)] > 225


def _held(state: str, reading: tuple[str, ...], points: str | None, candidates: tuple[str, ...] = ()) -> Decision:
    return Decision("p", "1", reading, candidates, state, "", None if points is None else Decimal(points), Decimal(1), "reader", None)


def _hue(page: np.ndarray[Any, Any], letter: str) -> str:
    """The colour that was drawn round a box."""
    x, y = 40.0 + 40 * "ABC".index(letter), 100.0
    part = page[round((y - 5) * PX) : round((y + 5) * PX), round((x - 5) * PX) : round((x + 5) * PX)].astype(int)
    blue, green, red = part[..., 0], part[..., 1], part[..., 2]
    counts = {
        "green": int(((green - red > 50) & (green - blue > 30)).sum()),
        "red": int(((red - green > 80) & (red - blue > 80)).sum()),
        "orange": int(((red - blue > 100) & (green - blue > 40)).sum()),
    }
    return max(counts, key=lambda name: counts[name]) if max(counts.values()) > 20 else "none"


def _render(pen: Pen, dpi: int = DPI) -> np.ndarray[Any, Any]:
    """The first page of what was drawn: blue, green, red."""
    document = pdfium.PdfDocument(pen.pdf())
    try:
        return np.array(document[0].render(scale=dpi / 72).to_numpy())[..., :3]
    finally:
        document.close()


def _drawn(image: np.ndarray[Any, Any], measurements: dict[str, Any], held: Decision, sheet: float = 1.0) -> np.ndarray[Any, Any]:
    """The picture with the verdict of one answer over it, as large as the sheet."""
    pen = Pen()
    pen.photograph(0, 0, *PAGE_MM, flat_page(image, measurements), PIXELS)
    draw_verdicts(pen, Place(0, 0, sheet), measurements, LAYOUT, [Verdict(ASKED, held)])
    pen.end_page()
    return _render(pen)


@pytest.mark.parametrize(
    ("held", "hues"),
    [
        (_held("read", ("B",), "1"), {"A": "none", "B": "green", "C": "none"}),
        (_held("read", ("A",), "0"), {"A": "red", "B": "green", "C": "none"}),
        (_held("blank", (), "0"), {"A": "none", "B": "green", "C": "none"}),
        (_held("doubt", (), None, ("A", "C")), {"A": "orange", "B": "none", "C": "orange"}),
    ],
)
@pytest.mark.parametrize("turn", [0.0, 93.0, 181.0])
def test_rings_and_crosses_stand_where_the_marks_are(held: Decision, hues: dict[str, str], turn: float) -> None:
    image, measurements = _picture(turn)
    drawn = _drawn(image, measurements, held)
    assert {letter: _hue(drawn, letter) for letter in "ABC"} == hues


def test_signs_differ_in_shape_without_colour() -> None:
    shapes = []
    for outcome in Outcome:
        pen = Pen((8.0, 8.0))
        draw_sign(pen, outcome, 4.0, 4.0, 2.0)
        pen.end_page()
        shapes.append(_render(pen, 200).mean(axis=2) < 170)
    for number, one in enumerate(shapes):
        assert one.any()
        for other in shapes[number + 1 :]:
            assert (one != other).sum() > 0.25 * min(one.sum(), other.sum())


def test_right_wrong_and_doubtful_boxes_differ_in_shape_without_colour() -> None:
    image, measurements = _picture(0)
    image[:] = 255
    held = {"ring": _held("read", ("B",), "1"), "cross": _held("read", ("A",), "0"), "dashes": _held("doubt", (), None, ("A", "B"))}
    inks = {}
    for name, each in held.items():
        page = _drawn(image, measurements, each).min(axis=2) < 170
        x = 80.0 if name == "ring" else 40.0
        inks[name] = page[round(94 * PX) : round(106 * PX), round((x - 6) * PX) : round((x + 6) * PX)]
    for one, other in (("ring", "cross"), ("ring", "dashes"), ("cross", "dashes")):
        size = tuple(min(a, b) for a, b in zip(inks[one].shape, inks[other].shape, strict=True))
        first, second = (inks[name][: size[0], : size[1]] for name in (one, other))
        assert (first != second).sum() > 0.5 * min(first.sum(), second.sum())


def test_verdicts_show_on_a_black_scan() -> None:
    _image, measurements = _picture(0)
    black = np.zeros((1900, 1900), np.uint8)
    page = _drawn(black, measurements, _held("read", ("A",), "0")).min(axis=2)
    for x in (40.0, 80.0):
        box = page[round(94 * PX) : round(106 * PX), round((x - 6) * PX) : round((x + 6) * PX)]
        assert (box > 170).sum() > 30


@pytest.mark.parametrize("reduced", [2, 4])
def test_a_picture_decoded_smaller_stands_as_the_whole_one_does(reduced: int) -> None:
    image, measurements = _picture(10.0)
    large = cv2.resize(image, None, fx=4, fy=4, interpolation=cv2.INTER_NEAREST)
    to_picture = np.diag([4, 4, 1.0]) @ np.array(measurements["transform"]).reshape(3, 3)
    small = np.asarray(cv2.resize(large, None, fx=1 / reduced, fy=1 / reduced, interpolation=cv2.INTER_AREA), np.uint8)
    whole, part = upright(np.asarray(large, np.uint8), to_picture), upright(small, to_picture, reduced=reduced)
    assert (np.abs(whole.astype(int) - part) > 80).sum() < 40


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".pdf"])
def test_each_original_is_opened_once_whatever_its_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    image, measurements = _picture(0)
    file = tmp_path / f"scan{suffix}"
    (Image.fromarray(image).resize((3800, 3800)) if suffix == ".jpg" else Image.fromarray(image)).save(file)
    if suffix == ".jpg":
        measurements["transform"] = (np.diag([2, 2, 1.0]) @ np.array(measurements["transform"]).reshape(3, 3)).ravel().tolist()
    opened: list[Path] = []

    def noted(path: Path, limits: Limits, only: list[int]) -> Iterator[Frame | Refused]:
        opened.append(path)
        return frames(path, limits, only=only)

    monkeypatch.setattr(return_pictures, "frames", noted)
    sheets = [SheetBack("p", 2, 3, "L", scan, file.name, 1, measurements) for scan in (7, 8)]
    gone = SheetBack("q", 2, 3, "L", 9, "gone.png", 1, measurements)
    found = return_pictures.flat_sheets(tmp_path, [*sheets, gone], Limits())
    assert sorted(found) == [7, 8]
    assert opened == ([] if suffix == ".jpg" else [file])
    flat = cv2.imdecode(np.frombuffer(found[8], np.uint8), cv2.IMREAD_UNCHANGED)
    assert flat is not None
    assert flat.shape == (PIXELS[1], PIXELS[0])
    assert suffix == ".pdf" or flat[round(100 * PX), round(40 * PX)] < 60


@pytest.mark.parametrize(
    ("held", "outcome"),
    [
        (_held("read", ("B",), "1"), Outcome.RIGHT),
        (_held("read", ("B",), "0.5"), Outcome.PARTLY),
        (_held("read", ("A",), "0"), Outcome.WRONG),
        (_held("blank", (), "0"), Outcome.BLANK),
        (_held("doubt", (), None), Outcome.DOUBT),
        (_held("waiting", (), None), Outcome.WAITING),
    ],
)
def test_each_record_has_its_sign(held: Decision, outcome: Outcome) -> None:
    assert outcome_of(held) is outcome

"""The teacher's return: who is missing, who struggles, what to teach again; verdicts on the scans by shape and colour; the same bytes twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

from packets.assignment import Assignment, ChoiceQuestion
from packets.layout import PAGE_MM, Box, BoxKind, Layout, PageKind
from records import schema
from records.grades import Decision, Recorded
from records.home import Home
from scanning.annotate import DPI, MM_PER_INCH, Outcome, Verdict, draw_sign, marked_page, outcome_of, upright
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


def test_the_first_page_says_who_is_missing_and_since_when(
    home: Home, poshta: Poshta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _scan(home, tmp_path / "s", Sheet(page("P1", 2), {"1": "A", "2": "A,C"}))
    file = home.path / poshta("returns", "--week", WEEK).data["files"][0]
    assert "жолда болуы мүмкін" in _words(file)[0]
    monkeypatch.setenv("POSHTA_TODAY", "2026-10-27")
    poshta("returns", "--week", WEEK)
    first = _words(file)[0]
    assert "Тегі-P2 =Әсел: 26.10.2026 күнінен бері ештеңе келмеді" in first
    assert "Тегі-P1 =Әсел: пакеттің мына беті жоқ: 3" in first


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
    assert "Тегі-P2 =Әсел: 0 %" in first
    assert "Тегі-P1 =Әсел: 80 %" not in first
    assert "1. 1/2 + 1/4 = ? — балдың 0 %-ы; ең жиі қате жауап: B (1/6), 2 рет" in first
    assert "1 жауап; беті осы есепте: Тегі-P1 =Әсел" in first


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
    assert any(word in page for page in _words(draw(report, lambda _pupil, _sheet: None)))


@pytest.mark.parametrize(("code", "name"), [("T1", "T1"), ("S 1/../x-math", "S_1_.._x-math"), ("..", "_"), ("мектеп-1", "мектеп-1")])
def test_a_file_name_is_never_a_way_out_of_the_folder(code: str, name: str) -> None:
    assert file_code(code) == name


def _class(pupils: int, questions: int) -> ClassWork:
    parts = tuple(ChoiceQuestion(str(n), f"Сұрақ {n}", ("a", "b"), ("A",), False, False, Decimal(1)) for n in range(1, questions + 1))
    work = Assignment("c", "math", 5, "kk", "Ұзын тақырып", "formative", WEEK, None, parts)
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
    pdf = draw(report, lambda _pupil, _sheet: None)
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
    jpeg = marked_page(image, measurements, LAYOUT, [Verdict(ASKED, held)])
    drawn = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert drawn is not None
    assert {letter: _hue(drawn, letter) for letter in "ABC"} == hues


def test_signs_differ_in_shape_without_colour() -> None:
    shapes = []
    for outcome in Outcome:
        paper = np.full((60, 60, 3), 255, np.uint8)
        draw_sign(paper, outcome, np.array([30.0, 30.0]), size_mm=8)
        shapes.append(cv2.cvtColor(paper, cv2.COLOR_BGR2GRAY) < 170)
    for number, one in enumerate(shapes):
        assert one.any()
        for other in shapes[number + 1 :]:
            assert (one != other).sum() > 0.25 * min(one.sum(), other.sum())


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

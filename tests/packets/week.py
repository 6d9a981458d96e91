"""A small week for the tests of packets: two villages, a school, six pupils, assignments in Kazakh and Russian."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2

from packets.assignment import Assignment, ChoiceQuestion, Lesson, NumberQuestion, OpenQuestion, Part, TextPart
from packets.shelf import keep
from records import schema
from records.calendar import now
from records.home import Home, make_home

WEEK, NEXT_WEEK = "2026-W41", "2026-W42"
KAZAKH = "Ә Ғ Қ Ң Ө Ұ Ү Һ І ә ғ қ ң ө ұ ү һ і"
FIRST, SECOND = "595033100", "595033200"
FIRST_PACKET = f"packets/{WEEK}/{FIRST}/{WEEK}-P1.pdf"
PUPILS = (
    ("P1", "Әсел", 5, "kk", FIRST, "normal", "post"),
    ("P2", "Ёжик", 5, "ru", FIRST, "normal", "post,tv"),
    ("P3", "Гүлнұр", 5, "kk", SECOND, "large", "post"),
    ("P4", "Дамир", 4, "ug", SECOND, "normal", "post"),
    ("P5", "Мұрат", 5, "kk", "000000000", "normal", "post"),
    ("P6", "Айша", 5, "kk", SECOND, "normal", "web"),
)


def parts(language: str) -> tuple[Part, ...]:
    """One part of every kind, with all Kazakh letters."""
    words = f"Сложи дроби. {KAZAKH}" if language == "ru" else f"Бөлшектерді қос. {KAZAKH}"
    return (
        TextPart(words),
        ChoiceQuestion("1", "1/2 + 1/4 = ?", ("3/4", "1/6", "2/6", "1/8"), ("A",), False, False, Decimal(1)),
        ChoiceQuestion("2", "5 ≥ x − 1?", ("1", "4", "9"), ("A", "B"), True, True, Decimal("1.5")),
        NumberQuestion("3", "7 × 12 = ?", "84", 3, Decimal(2)),
        NumberQuestion("4", "100 − 1 = ?", "99", 3, Decimal(2)),
        OpenQuestion("5", "Жолды сипатта.", 4, Decimal(3)),
    )


def assignment(code: str, language: str = "kk", grade: int = 5, week: str = WEEK, pieces: tuple[Part, ...] | None = None) -> Assignment:
    """An assignment of mathematics."""
    lesson = Lesson("Балапан", date(2026, 10, 6), "10:20")
    return Assignment(code, "math", grade, language, "Жай бөлшектер", "formative", week, lesson, pieces or parts(language))


def open_desk(folder: Path, weeks: tuple[str, ...] = (WEEK,)) -> Home:
    """A desk with everybody in it and two assignments a week."""
    home, _made = make_home(folder)
    with home.database.write() as session:
        session.add(schema.Settlement(kato=FIRST, name_kk="Қарағаш", name_ru="Карагаш", lat=54.1, lon=69.2))
        session.add(schema.Settlement(kato=SECOND, name_kk="Ұзынкөл", name_ru="Узынколь", lat=54.2, lon=69.4))
        session.add(schema.School(school="S1", name_kk="Тірек мектебі", name_ru="Опорная школа", kato=FIRST, phone="+7 715 200 1122"))
        for code, name, grade, language, kato, print_size, channels in PUPILS:
            session.add(
                schema.Pupil(code=code, grade=grade, language=language, kato=kato, school="S1", print=print_size, channels=channels)
            )
            session.add(schema.Person(code=code, role="pupil", first_name=name, last_name="Серік", parent="Серік Болат", address=""))
        for week in weeks:
            keep(session, assignment(f"math-kk-{week[-3:]}", "kk", week=week))
            keep(session, assignment(f"math-ru-{week[-3:]}", "ru", week=week))
    return home


def texts(home: Home, pdf: str) -> list[str]:
    """The words of each page of a PDF of the desk."""
    document = pypdfium2.PdfDocument(home.path / pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def cover_of(home: Home, pupil: str, week: str) -> str:
    """The words of the first page of a pupil of the first village."""
    return texts(home, f"packets/{week}/{FIRST}/{week}-{pupil}.pdf")[0]


def printed(home: Home) -> dict[str, bytes]:
    """The bytes of every PDF below packets/, by name."""
    return {file.relative_to(home.path).as_posix(): file.read_bytes() for file in sorted((home.path / "packets").rglob("*.pdf"))}


def answered(home: Home, packet: str, item: str, state: str, points: str | None, most: str, reading: tuple[str, ...] = ()) -> int:
    """Record an answer on the page of `packet` that carries `item`; answers its id. An earlier record of it is superseded."""
    from packets.layout import Layout

    with home.database.write() as session:
        pages = session.query(schema.Page).filter_by(packet=packet, kind="worksheet", void=False).order_by(schema.Page.number)
        page = next(
            page
            for page in pages
            if item in {each.item for each in Layout.from_json(session.get_one(schema.Layout, page.layout).geometry).items}
        )
        before = session.query(schema.Answer).filter_by(page=page.id, item=item, superseded_by=None).one_or_none()
        if before is not None:
            before.superseded_by = 0
            session.flush()
        row = schema.Answer(
            page=page.id, item=item, reading=list(reading), candidates=[], state=state, reason="", points=points, max_points=most, decided_by="reader",
            scan=None, made_at=now(), why="", superseded_by=None,
        )  # fmt: skip
        session.add(row)
        session.flush()
        if before is not None:
            before.superseded_by = row.id
        return row.id

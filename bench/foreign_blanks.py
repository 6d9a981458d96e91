"""Invented answer sheets of other houses, to read as foreign forms: none is a copy of a real one, each has a habit that real ones have.

`exam`: 100 questions in four columns, the letter inside each circle, timing marks at the edge, a pupil's code. `squares`: squares to be crossed, in two
columns. `dropout`: thin pale red outlines and letters. `numbers`: A5 across, numbers in digit bubbles. `twins`: two pages that differ in their numbers only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packets.layout import PAGE_MM
from packets.paper import BLACK, Face, Pen, Shade

LETTERS = "ABCDE"
DIGITS = "0123456789"
RED = (0.95, 0.55, 0.55)
Pages = list[list[dict[str, Any]]]


@dataclass(slots=True)
class ForeignBlank:
    """A blank print and its boxes, as the form's file lists them."""

    code: str
    title: str
    size_mm: tuple[float, float]
    pdf: bytes = b""
    pages: Pages = field(default_factory=list)
    identity: str = ""

    def as_form(self) -> dict[str, Any]:
        """The form's file, with the blank beside it."""
        pages = [{"blank": f"{self.code}.pdf", "blank_page": number, "boxes": boxes} for number, boxes in enumerate(self.pages, start=1)]
        body = {"form": self.code, "title": self.title, "size_mm": list(self.size_mm), "pages": pages}
        return {**body, "identity": self.identity} if self.identity else body

    def save(self, folder: Path) -> Path:
        """Write the blank and the form's file into `folder`; answers the latter."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.code}.pdf").write_bytes(self.pdf)
        file = folder / f"{self.code}.json"
        file.write_text(json.dumps(self.as_form(), ensure_ascii=False, indent=1), encoding="utf-8")
        return file


def box(
    item: str, value: str, at: tuple[float, float], size: float, kind: str = "choice", shape: str = "circle", column: int | None = None
) -> dict[str, Any]:
    """A box as `packets layout` tells it."""
    center = [round(each, 3) for each in at]
    return {"item": item, "value": value, "label": value, "column": column, "kind": kind, "shape": shape, "center_mm": center, "size_mm": [size, size]}  # fmt: skip


def exam() -> ForeignBlank:
    """Four columns of 25 questions, five circles of 4.2 mm each, letters within."""
    made, pen, boxes = ForeignBlank("exam", "Сынақ емтиханы", PAGE_MM, identity="code"), Pen(title="exam"), list[dict[str, Any]]()
    pen.text(105, 18, "ЖАУАП ПАРАҒЫ · ЛИСТ ОТВЕТОВ", 14, Face.BOLD, "center")
    pen.text(18, 27, "Аты-жөні / Ф.И.О.", 8)
    pen.line(46, 28, 120, 28, 0.15)
    pen.text(18, 36, "Нұсқа / Вариант", 8)
    pen.rectangle(46, 31, 14, 6)
    pen.text(136, 24, "Код", 9, Face.BOLD)
    for column in range(1, 7):
        for place, digit in enumerate(DIGITS):
            at = (138 + 6 * (column - 1), 27.5 + 4.9 * place)
            boxes.append(box("code", digit, at, 3.8, "digit", column=column))
            _lettered(pen, at, digit, 3.8, 5.5)
    pen.text(18, 52, "Қара қаламмен дөңгелекті толық бояңыз.", 8)
    pen.text(18, 57, "Закрашивайте кружок полностью чёрной ручкой.", 8)
    for number in range(1, 101):
        column, row = divmod(number - 1, 25)
        x, y = 27 + 45 * column, 84 + 7.6 * row
        pen.text(x - 5, y + 1.1, str(number), 7.5, align="right")
        for place, letter in enumerate(LETTERS):
            boxes.append(box(str(number), letter, (x + 6.4 * place, y), 4.2))
            _lettered(pen, (x + 6.4 * place, y), letter, 4.2, 6.5)
    for row in range(25):
        pen.rectangle(8, 83 + 7.6 * row, 4, 2, fill=BLACK, outline=None)
    pen.rectangle(198, 8, 4, 4, fill=BLACK, outline=None)
    pen.rectangle(8, 8, 4, 4, fill=BLACK, outline=None)
    return _finished(made, pen, [boxes])


def squares() -> ForeignBlank:
    """Thirty questions in two columns, four squares of 5 mm to be crossed, the letters above the column."""
    made, pen, boxes = ForeignBlank("squares", "Бақылау жұмысы", PAGE_MM), Pen(title="squares"), list[dict[str, Any]]()
    pen.text(20, 22, "Контрольная работа. Бланк ответов", 15, Face.BOLD)
    pen.text(20, 32, "Фамилия, имя ____________________________   Класс _______", 10)
    pen.text(20, 42, "Поставьте × в квадрате выбранного ответа.", 9)
    for column in (0, 1):
        for place, letter in enumerate("АБВГ"):
            pen.text(48 + 90 * column + 11 * place, 62, letter, 10, Face.BOLD, "center")
    for number in range(1, 31):
        column, row = divmod(number - 1, 15)
        x, y = 48 + 90 * column, 70 + 13.2 * row
        pen.text(x - 12, y + 1.6, f"А{number}", 11, Face.BOLD, "right")
        for place, letter in enumerate("АБВГ"):
            boxes.append(box(str(number), letter, (x + 11 * place, y), 5.0, shape="square"))
            pen.rectangle(x + 11 * place - 2.5, y - 2.5, 5, 5, outline=0.25)
    pen.line(105, 56, 105, 262, 0.3)
    return _finished(made, pen, [boxes])


def dropout() -> ForeignBlank:
    """Forty questions, four circles each, everything but the title in a thin pale red."""
    made, pen, boxes = ForeignBlank("dropout", "Диагностика", PAGE_MM), Pen(title="dropout"), list[dict[str, Any]]()
    pen.text(20, 24, "Диагностикалық жұмыс · Диагностическая работа", 13, Face.BOLD)
    pen.text(20, 36, "Білім алушы / Обучающийся", 9, grey=RED)
    pen.line(65, 36.5, 160, 36.5, 0.15, grey=RED)
    for number in range(1, 41):
        column, row = divmod(number - 1, 20)
        x, y = 50 + 85 * column, 60 + 10.5 * row
        pen.text(x - 9, y + 1.4, f"{number}.", 9, align="right", grey=RED)
        for place, letter in enumerate("ABCD"):
            boxes.append(box(str(number), letter, (x + 9 * place, y), 5.0))
            _lettered(pen, (x + 9 * place, y), letter, 5.0, 7, RED, 0.13)
    return _finished(made, pen, [boxes])


def numbers() -> ForeignBlank:
    """A5 across: six numbers of three digits each and ten questions of one circle row."""
    made, pen, boxes = ForeignBlank("numbers", "Есептер", (210.0, 148.0)), Pen((210.0, 148.0), "numbers"), list[dict[str, Any]]()
    pen.text(16, 16, "Есептер. Жауаптар / Задачи. Ответы", 12, Face.BOLD)
    for number in range(1, 7):
        left = 24 + 19 * (number - 1)
        pen.text(left - 3, 28, f"№ {number}", 9, Face.BOLD)
        for column in (1, 2, 3):
            pen.rectangle(left + 5.6 * (column - 1) - 2.3, 31, 4.6, 6)
            for place, digit in enumerate(DIGITS):
                at = (left + 5.6 * (column - 1), 42 + 6.4 * place)
                boxes.append(box(str(number), digit, at, 4.0, "digit", column=column))
                _lettered(pen, at, digit, 4.0, 6)
    for number in range(7, 17):
        x, y = 152, 42 + 8.4 * (number - 7)
        pen.text(x - 8, y + 1.4, f"{number}", 9, align="right")
        for place, letter in enumerate(LETTERS):
            boxes.append(box(str(number), letter, (x + 8.5 * place, y), 4.4))
            pen.circle(x + 8.5 * place, y, 4.4)
            pen.text(x + 8.5 * place, y - 3.0, letter, 5, align="center")
    return _finished(made, pen, [boxes])


def twins() -> ForeignBlank:
    """Two pages of thirty questions with the same boxes in the same places: only the numbers and one word of the title tell them apart."""
    made, pen, pages = ForeignBlank("twins", "Екі бет", PAGE_MM), Pen(title="twins"), Pages()
    for page in (0, 1):
        boxes: list[dict[str, Any]] = []
        pen.text(105, 24, f"Тест. Жауап парағы, {page + 1}-бет", 14, Face.BOLD, "center")
        pen.text(25, 36, "Аты-жөні ______________________________", 10)
        for place in range(30):
            number, (column, row) = place + 1 + 30 * page, divmod(place, 15)
            x, y = 55 + 80 * column, 60 + 13 * row
            pen.text(x - 12, y + 1.5, str(number), 10, align="right")
            for step, letter in enumerate("ABCD"):
                boxes.append(box(str(number), letter, (x + 10 * step, y), 4.8))
                pen.circle(x + 10 * step, y, 4.8)
                pen.text(x + 10 * step - 4.2, y + 1.2, letter, 7, align="center")
        pen.end_page()
        pages.append(boxes)
    made.pdf, made.pages = pen.pdf(), pages
    return made


BLANKS: dict[str, Callable[[], ForeignBlank]] = {each.__name__: each for each in (exam, squares, dropout, numbers, twins)}


def every_blank(names: Sequence[str] = ()) -> Iterator[ForeignBlank]:
    """The blanks of these names; all of them without any."""
    for name in names or BLANKS:
        yield BLANKS[name]()


def _lettered(
    pen: Pen, at: tuple[float, float], letter: str, size: float, points: float, shade: Shade = BLACK, outline: float = 0.2
) -> None:
    """A circle with its letter inside."""
    pen.circle(*at, size, outline=outline, grey=shade)
    pen.text(at[0], at[1] + points * 0.126, letter, points, align="center", grey=shade)


def _finished(made: ForeignBlank, pen: Pen, pages: Pages) -> ForeignBlank:
    pen.end_page()
    made.pdf, made.pages = pen.pdf(), pages
    return made

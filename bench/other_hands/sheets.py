"""Dense worksheets: assignments with as many answers on a page as a sheet takes, printed in memory, a fresh id for every page.

bench/other_hands/field asks for one sheet at a time and renders its PDF. The reader gets the book, the simulator the PDF and the contract's boxes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2

from bench.printed_week import BENCH_KEY, NAMES, MemoryBook, PrintedWeek
from packets.assignment import Assignment
from packets.authoring import read_file
from packets.layout import Layout, PageKind, contract_box
from packets.press import Page, Press, Stamp
from packets.samples import sample_files
from packets.token import derive_page_id, write_token
from packets.worksheet import FixedPages, draw_assignment, draw_personal
from scanning.verdict import Grey, PrintedPage

WORDS = ("иә", "жоқ", "кейде", "сирек", "білмеймін", "әрқашан", "мүмкін", "ешқашан")
SAMPLES = (3, 11, 20, 27, 34, 45)  # places among the sample files: other subjects, grades and languages
DENSE = {  # what a page is filled with: c4, c5, c8 choices, t true or false, s several, n number, o open answer; and the grade
    "dense-choices": ("c4" * 36, 5), "dense-mixed": ("c4sc4tc4nnc4" * 4, 6), "dense-numbers": ("nnc4tnnsc4" * 3, 4), "dense-five": ("c5sc5tc5" * 6, 7),
    "dense-true": ("t" * 36, 3), "dense-open": ("oc4ooc4toc4" * 4, 8), "dense-young": ("c4tc4nnc4" * 3, 1), "dense-several": ("sc8s" * 8, 9),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """One box in the contract's words: centre and diameter in millimetres."""

    item: str
    value: str
    kind: str
    column: int | None
    center: tuple[float, float]
    size: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed page: its id, its PDF, its boxes, and the rule of every item (one, several, number or score)."""

    page_id: str
    pdf: bytes
    spots: tuple[Spot, ...]
    rules: dict[str, str]

    def render(self, dpi: float) -> Grey:
        """The print as grey pixels, (297, 210) millimetres."""
        document = pypdfium2.PdfDocument(self.pdf)
        try:
            return np.array(document[0].render(scale=dpi / 72, grayscale=True).to_numpy().squeeze(), np.uint8)
        finally:
            document.close()

    def spots_of(self, item: str) -> list[Spot]:
        """The boxes of one item, in printed order."""
        return [spot for spot in self.spots if spot.item == item]


@dataclass(frozen=True, slots=True)
class _Stock:
    """An assignment drawn once: its pages in a press."""

    assignment: Assignment
    fixed: FixedPages
    press: Press
    places: tuple[int, ...]


class PrintRoom:
    """All layouts, drawn once; sheets with ids of their own are pressed from them."""

    def __init__(self) -> None:
        self._week = PrintedWeek(Path(), {"pages": []}, {})
        self._stocks = [_stock(assignment, "normal") for assignment in _dense_assignments()]
        self._stocks += [_stock(_read(sample_files()[place]), "large" if place % 2 else "normal") for place in SAMPLES]
        self._pages = [(stock, index) for stock in self._stocks for index, layout in enumerate(stock.fixed.layouts) if layout.boxes]
        dense = [page for page in self._pages if len(page[0].fixed.layouts[page[1]].items) >= 10]
        self._deck = self._pages + 14 * dense

    def book(self) -> MemoryBook:
        """What the reader may look up."""
        return MemoryBook(self._week)

    def sheet(self, purpose: str, rng: np.random.Generator) -> Sheet:
        """A sheet off the deck with the page id of `purpose`."""
        stock, index = self._deck[int(rng.integers(len(self._deck)))]
        layout, identity = stock.fixed.layouts[index], derive_page_id(BENCH_KEY, purpose)
        stamp, of = Stamp(), len(stock.fixed.layouts)
        tokens = [write_token(BENCH_KEY, identity, corner) for corner in (0, 1)]
        name = NAMES[int(rng.integers(len(NAMES)))]
        draw_personal(stamp, tokens, identity, name, "P00017", index + 1, of, stock.assignment.language)
        self._remember(identity, layout, stock.fixed.blank(index + 1) if layout.digest not in self._week.layouts else b"")
        rules = {item.item: item.rule for item in layout.items}
        return Sheet(identity, stock.press.packet([Page(stock.places[index], stamp)]), tuple(_spots(layout)), rules)

    def forget(self) -> None:
        """Drop the ids of pages that have been judged."""
        self._week.pages.clear()

    def _remember(self, identity: str, layout: Layout, blank: bytes) -> None:
        self._week.pages[identity] = PrintedPage(identity, PageKind.WORKSHEET, layout.digest, BENCH_KEY.id)
        if blank:
            self._week.layouts[layout.digest], self._week.blanks[layout.digest] = layout, blank


def _spots(layout: Layout) -> Iterator[Spot]:
    for box in map(contract_box, layout.boxes):
        yield Spot(box["item"], box["value"], box["kind"], box["column"], tuple(box["center_mm"]), box["size_mm"][0])


def _stock(assignment: Assignment, size: str) -> _Stock:
    fixed, press = draw_assignment(assignment, size), Press()
    return _Stock(assignment, fixed, press, press.take_in(fixed.pdf))


def _read(file: Path) -> Assignment:
    reading = read_file(file)
    assert reading.assignment is not None, reading.complaints
    return reading.assignment


def _dense_assignments() -> list[Assignment]:
    with tempfile.TemporaryDirectory() as folder:
        assignments = []
        for code, (pattern, grade) in DENSE.items():
            file = Path(folder) / f"{code}.yaml"
            file.write_text(_assignment_file(code, pattern, grade), encoding="utf-8")
            assignments.append(_read(file))
    return assignments


def _assignment_file(code: str, pattern: str, grade: int) -> str:
    lines = [
        f"assignment: {code}",
        "subject: math",
        f"grade: {grade}",
        "language: kk",
        "title: Көп сұрақ",
        "kind: practice",
        "week: 2026-W41",
    ]
    lines.append("parts:")
    letters = pattern.replace("c4", "4").replace("c5", "5").replace("c8", "8")
    for number, letter in enumerate(letters, start=1):
        lines += [
            f'  - question: "{_question(letter, number)}"',
            *(f"    {line}" for line in _answer_lines(letter, number)),
            "    points: 5",
        ]
    return "\n".join(lines) + "\n"


def _question(letter: str, number: int) -> str:
    return {"n": f"{number} + 9 =", "o": "Неге?", "t": f"{number} × 7 = {number * 7}", "s": "Қайсысы жұп сан?"}.get(
        letter, f"{number} × 12 = ?"
    )


def _answer_lines(letter: str, number: int) -> list[str]:
    match letter:
        case "n":
            return [f"number: {number + 9}", f"digits: {2 + number % 3}"]
        case "o":
            return ["lines: 1"]
        case "t":
            return [f'choices: ["{WORDS[0]}", "{WORDS[1]}"]', "answer: A"]
        case "s":
            return [f'choices: ["{number}", "{number + 1}", "{number + 2}", "{number + 3}"]', "answer: [A, C]"]
        case _:
            words = ", ".join(f'"{word} {number}"' for word in WORDS[: int(letter)])
            return [f"choices: [{words}]", "answer: B"]

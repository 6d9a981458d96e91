"""Empty sheets drawn for the tests of `forms draft`: each has one habit of printed forms."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from packets.layout import PAGE_MM
from packets.paper import Face, Pen
from scanning.form import PER_MM
from scanning.form_blank import blank_of
from scanning.verdict import Grey

WORDS = "Толық аты-жөні және мектебі. Полное имя и школа. Белгілеу үлгісі."
Where = tuple[float, float]


def sheet(pen: Pen, file: Path) -> Path:
    """The drawing as a PDF, with words that say which way it is held."""
    pen.text(20, 20, WORDS, 10)
    pen.end_page()
    file.write_bytes(pen.pdf())
    return file


def grey_of(file: Path) -> Grey:
    return blank_of(file, 1, PAGE_MM)


def digits_from_one(file: Path) -> Path:
    """Four columns of digits, 1 to 9 and then 0, inside the circles; a block of questions beside it."""
    pen = Pen(title="one first")
    for column in range(4):
        for place in range(10):
            x, y = 30 + 7 * column, 50 + 6 * place
            pen.circle(x, y, 4.2)
            pen.text(x, y + 0.8, str((place + 1) % 10), 6, align="center")
    return sheet(pen, file)


def digits_across(file: Path) -> Path:
    """A number of three digits, each a line of ten circles with its digit to the left, as on our own sheets."""
    pen = Pen(title="across")
    for line in range(3):
        for digit in range(10):
            x, y = 40 + 8 * digit, 60 + 9 * line
            pen.circle(x, y, 4.6)
            pen.text(x - 4, y + 1.2, str(digit), 9, align="center")
    return sheet(pen, file)


def bare_ten(file: Path) -> Path:
    """Ten rows of four circles, with nothing printed at them."""
    pen = Pen(title="bare")
    for row in range(10):
        for column in range(4):
            pen.circle(50 + 9 * column, 60 + 9 * row, 4.4)
    return sheet(pen, file)


def in_fives(file: Path, lost: Where | None = None) -> Path:
    """Two columns of fifteen questions in groups of five, three choices each; `lost`: the outline there is printed in part only."""
    pen = Pen(title="fives")
    for column in range(2):
        for number in range(15):
            for place, letter in enumerate("АБВ"):
                x, y = 40 + 70 * column + 9 * place, 60 + 8 * number + 5 * (number // 5)
                pen.circle(x, y, 4.6)
                pen.text(x, y + 0.9, letter, 7, align="center")
                if lost == (x, y):
                    pen.rectangle(x - 3, y - 0.6, 3, 3.2, fill=1.0, outline=None)
    return sheet(pen, file)


def in_tens(file: Path) -> Path:
    """Two columns of twenty questions in groups of ten, four choices each, with letters inside."""
    pen = Pen(title="tens")
    for column in range(2):
        for number in range(20):
            for place, letter in enumerate("ABCD"):
                x, y = 40 + 70 * column + 9 * place, 60 + 8 * number + 10 * (number // 10)
                pen.circle(x, y, 4.6)
                pen.text(x, y + 0.9, letter, 7, align="center")
    return sheet(pen, file)


def with_cells(file: Path) -> Path:
    """A strip of cells to write a name into, one square by itself, and three questions."""
    pen = Pen(title="cells")
    for place in range(20):
        pen.rectangle(20 + 6 * place, 40, 6, 6)
    pen.rectangle(170, 40, 6, 6)
    for number in range(3):
        for place in range(4):
            pen.rectangle(40 + 10 * place, 80 + 10 * number, 5, 5)
    return sheet(pen, file)


def a_list_and_a_code(file: Path) -> Path:
    """Five boxes below each other, and the three eyes of a code."""
    pen = Pen(title="list")
    for row in range(5):
        pen.rectangle(30, 100 + 9 * row, 5, 5)
        pen.text(38, 104 + 9 * row, WORDS, 9)
    for x, y in ((150, 30), (166, 30), (150, 46)):
        pen.rectangle(x, y, 7, 7, outline=1.0)
        pen.rectangle(x + 2, y + 2, 3, 3, fill=0.0, outline=None)
    pen.text(40, 60, "ОООООООООО", 14, Face.BOLD)
    return sheet(pen, file)


def ovals(file: Path) -> Path:
    """Six questions of five ovals that are half as wide again as they are high, with letters inside: a picture of 300 dpi."""
    size = tuple(round(side * 300 / 25.4) for side in PAGE_MM)
    page = np.full((size[1], size[0]), 255, np.uint8)
    for row in range(6):
        for column, letter in enumerate("ABCDE"):
            middle = (round((50 + 10 * column) * 300 / 25.4), round((60 + 8 * row) * 300 / 25.4))
            cv2.ellipse(page, middle, (35, 23), 0, 0, 360, (0,), 3, cv2.LINE_AA)
            cv2.putText(page, letter, (middle[0] - 9, middle[1] + 9), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0,), 2, cv2.LINE_AA)
    Image.fromarray(page).save(file, dpi=(300, 300))
    return file


def a_letter(file: Path) -> Path:
    """Words only."""
    pen = Pen(title="letter")
    for line in range(30):
        pen.text(20, 40 + 7 * line, WORDS, 11, Face.BOLD if line % 5 == 0 else Face.REGULAR)
    return sheet(pen, file)


def turned(file: Path, out: Path, quarters: int = 1) -> Path:
    """The sheet as a picture, turned to the left by so many quarters."""
    Image.fromarray(np.rot90(grey_of(file), quarters)).save(out, dpi=(PER_MM * 25.4, PER_MM * 25.4))
    return out

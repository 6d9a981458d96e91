"""Invented foreign forms and pictures of them, filled in by a plain pen, for the tests of scanning/form*."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from bench.foreign_blanks import BLANKS
from scanning.form import PER_MM, Form, FormPage, column_item
from scanning.form_file import read_form_file
from scanning.form_page import Shelf, shelf_of
from scanning.verdict import Grey

DPI = 150
CODE = "104257"


@lru_cache(maxsize=1)
def folder() -> Path:
    """Where the blanks and the form files of this test run lie."""
    made = Path(tempfile.mkdtemp(prefix="poshta-forms-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    for blank in BLANKS.values():
        blank().save(made)
    return made


@lru_cache(maxsize=8)
def form(name: str) -> Form:
    """One of the invented forms."""
    return read_form_file(folder() / f"{name}.json")


@lru_cache(maxsize=8)
def shelf(*names: str) -> Shelf:
    """Several of them, ready to be told apart."""
    return shelf_of([form(name) for name in names])


def squares_in(home: Path) -> Path:
    """The file of the form of squares with a key, with its blank, in a folder of its own."""
    body = json.loads((folder() / "squares.json").read_text())
    (home / "squares.pdf").write_bytes((folder() / "squares.pdf").read_bytes())
    file = home / "squares.json"
    file.write_text(json.dumps(body | {"key": {"1": "Б", "2": "А"}, "points": {"1": 2}}))
    return file


def save(path: Path, *pictures: Grey) -> Path:
    """The pictures as one file of so many."""
    first, *rest = [Image.fromarray(each) for each in pictures]
    first.save(path, save_all=True, append_images=rest)
    return path


def coded(digits: str) -> dict[str, str]:
    """Marks in the columns of the identity field."""
    return {column_item("code", column): digit for column, digit in enumerate(digits, start=1) if digit != " "}


def filled(page: FormPage, marks: Mapping[str, str], grey: int = 45, seed: int = 1, dpi: int = DPI) -> Grey:
    """A scan of the page, turned by half a degree, with a filled box for every letter of `marks`: item to values."""
    fine = page.blank.copy()
    for box in page.layout.boxes:
        if box.value in marks.get(box.item, ""):
            middle = tuple(round(each * PER_MM) for each in box.center_mm)
            cv2.circle(fine, middle, round(0.42 * min(box.size_mm) * PER_MM), grey, -1, cv2.LINE_AA)
    return scanned(fine, seed, dpi)


def scanned(fine: Grey, seed: int = 1, dpi: int = DPI, degrees: float = 0.5) -> Grey:
    """The drawing as a scanner gives it: turned a little, coarser, with noise, on paper that is not quite white."""
    height, width = fine.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(fine, turn, (width, height), borderValue=(255,))
    factor = dpi / 25.4 / PER_MM
    small = cv2.resize(turned, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(np.float32)
    noise = np.random.default_rng(seed).normal(0, 3, small.shape)
    return np.asarray(np.clip(small * 0.93 + 8 + noise, 0, 255), np.uint8)

"""Peers of the reader, for bench/reading.py: an ordinary reader of marks in thirty lines, and Auto Multiple Choice where it is installed.

The naive one does what most programs do: decodes in colour, looks for codes in the whole picture, warps the whole page, thresholds it, counts dark pixels in each
box. It stores nothing, and judges nothing beyond that. Auto Multiple Choice (Debian: auto-multiple-choice) gets sheets of its own, made by itself with LaTeX: about as many
boxes as ours, four corner marks; only its `analyse` is timed. It is no part of this program's set-up.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from packets.token import read_token
from scanning.codes import code_corners_mm
from scanning.rehearsal.pages import PrintedSheet
from scanning.rehearsal.scanner import scan
from scanning.rehearsal.sheet import Sheet, render

PER_MM = 200 / 25.4
QUESTIONS = 8  # of five choices: 40 boxes, the mean of the sample worksheets
TEX = r"""\documentclass[a4paper]{article}
\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage[box]{automultiplechoice}
\begin{document}\onecopy{%d}{\namefield{\fbox{Name}}
%s\clearpage}\end{document}
"""
CHOICES = r"\wrongchoice{B}\wrongchoice{C}\wrongchoice{D}\wrongchoice{E}"
QUESTION = r"\begin{question}{q%d} What is it? \begin{choiceshoriz}\correctchoice{A}" + CHOICES + r"\end{choiceshoriz}\end{question}" + "\n"


def read_naively(file: Path, sheets: dict[str, PrintedSheet]) -> dict[str, float]:
    """The share of dark pixels in each box of the page in `file`; nothing where its codes are not found."""
    from pyzbar.pyzbar import ZBarSymbol, decode

    picture = cv2.imread(str(file), cv2.IMREAD_COLOR)
    assert picture is not None, file
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    mm, pixels, page = [], [], None
    for code in decode(grey, symbols=[ZBarSymbol.QRCODE]):
        word = read_token(code.data.decode("ascii", "replace"))
        if word is not None and len(code.polygon) == 4:
            page = word.page_id
            mm.append(code_corners_mm(word.corner))
            pixels.append(np.array([[point.x, point.y] for point in code.polygon], np.float64)[[0, 3, 2, 1]])
    if page is None or page not in sheets:
        return {}
    plane, _kept = cv2.findHomography(np.concatenate(pixels), np.concatenate(mm) * PER_MM)
    flat = cv2.warpPerspective(grey, plane, (round(210 * PER_MM), round(297 * PER_MM)))
    dark = cv2.threshold(flat, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
    found = {}
    for place in sheets[page].places:
        x, y = (round(each * PER_MM) for each in place.center)
        half = round(place.radius * PER_MM)
        found[f"{place.item} {place.column} {place.value}"] = float(dark[y - half : y + half, x - half : x + half].mean())
    return found


def amc_is_installed() -> bool:
    """Whether its program and LaTeX are there."""
    return all(map(shutil.which, ("auto-multiple-choice", "pdflatex")))


def amc_scans(folder: Path, pages: int) -> Sequence[str]:
    """Make `pages` sheets of its own below `folder`, some boxes filled, scanned at 200 dpi; answers the command that analyses them."""
    for name in ("cr", "data", "scans"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "sheet.tex").write_text(TEX % (pages, "".join(QUESTION % number for number in range(QUESTIONS))))
    parts = ("--out-sujet", "sheet.pdf", "--out-corrige", "key.pdf", "--out-calage", "cal.xy", "--data", "data")
    _amc(folder, "prepare", "--mode", "s", "--prefix", ".", "sheet.tex", *parts)
    _amc(folder, "meptex", "--src", "cal.xy", "--data", "data")
    with sqlite3.connect(folder / "data" / "layout.sqlite") as layout:
        boxes = layout.execute(
            "SELECT student, xmin, xmax, ymin, ymax FROM layout_box WHERE role = 1 ORDER BY student, question, answer"
        ).fetchall()
    chance = np.random.default_rng(1)
    names = []
    for page in range(pages):
        sheet = render(folder / "sheet.pdf", page + 1, 200)
        for _student, left, right, top, bottom in [box for box in boxes if box[0] == page + 1][page % 5 :: 5]:
            x0, x1, y0, y1 = (round(each * 200 / 300) for each in (left, right, top, bottom))
            sheet.grey[y0:y1, x0:x1] = 60
        names.append(_scanned(folder, page, sheet, chance))
    (folder / "list").write_text("\n".join(names) + "\n")
    return ("auto-multiple-choice", "analyse", "--data", "data", "--cr", "cr", "--n-procs", "1", "--liste-fichiers", "list")


def _scanned(folder: Path, page: int, sheet: Sheet, chance: np.random.Generator) -> str:
    from bench.scanned_pages import FEEDER

    taken = scan(sheet, chance, FEEDER, 200, 250, None)
    name = folder / "scans" / f"{page:05d}.jpg"
    cv2.imwrite(str(name), taken.grey, [cv2.IMWRITE_JPEG_QUALITY, 80])
    return str(name)


def amc_found(folder: Path) -> int:
    """How many pages its analysis recognised."""
    with sqlite3.connect(folder / "data" / "capture.sqlite") as capture:
        return int(capture.execute("SELECT COUNT(*) FROM capture_page").fetchone()[0])


def _amc(folder: Path, *words: str) -> None:
    done = subprocess.run(
        ("auto-multiple-choice", *words), cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-500:]

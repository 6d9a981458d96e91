"""A teacher's own PDF as an assignment holds it: the pages that are placed, what of each is print, and where that lies on the sheet. Pure.

packets/own_pdf_intake makes it of a file, packets/own_pdf_page places it. Millimetres; places on the teacher's page are from its top left as it is
shown, at 100 %.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LEAST_SCALE = 0.6  # below it, words of 11 points would be smaller than those of a newspaper
BOTTOM, AT_RIGHT = "bottom", "right"
STRIPS = (BOTTOM, AT_RIGHT)  # where the answer strip may stand
Area = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class TeacherPage:
    """One page of the teacher's file: its number there, its size, and the area within which anything is printed."""

    number: int
    width: float
    height: float
    ink: Area

    def as_json(self) -> dict[str, Any]:
        """The page as an assignment stores it."""
        return {"number": self.number, "width": self.width, "height": self.height, "ink": list(self.ink)}


@dataclass(frozen=True, slots=True)
class OwnPdf:
    """The file's name, the SHA-256 of the file as the teacher gave it, its pages that are placed, and those pages cleaned, as a PDF in base64."""

    file: str
    digest: str
    pages: tuple[TeacherPage, ...]
    kept: str = field(compare=False, repr=False)

    @property
    def content(self) -> bytes:
        """The PDF that holds the pages of `pages`, in their order, upright, and nothing else."""
        return base64.b64decode(self.kept)

    @property
    def shown(self) -> str:
        """SHA-256 of what the pages look like, as far as a program can say: the teacher's file and what of it is placed."""
        return hashlib.sha256(repr((self.digest, self.pages)).encode()).hexdigest()

    def places(self, other: OwnPdf) -> bool:
        """Whether `other` is of the same file and places the same pages, under the same name."""
        own, others = ([page.number for page in each.pages] for each in (self, other))
        return (self.file, self.digest, own) == (other.file, other.digest, others)

    def page(self, number: int) -> TeacherPage:
        """The page of that number in the teacher's file."""
        return next(page for page in self.pages if page.number == number)

    def as_json(self) -> dict[str, Any]:
        """The file as an assignment stores it."""
        return {"file": self.file, "digest": self.digest, "pages": [page.as_json() for page in self.pages], "kept": self.kept}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> OwnPdf:
        """The file that `as_json` wrote."""
        pages = tuple(TeacherPage(page["number"], page["width"], page["height"], area(page["ink"])) for page in body["pages"])
        return cls(body["file"], body["digest"], pages, body["kept"])


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a teacher's page lies on the sheet: its ink's top left corner, and its scale, never above 1."""

    page: TeacherPage
    left: float
    top: float
    scale: float

    @property
    def covered(self) -> Area:
        """The area of the sheet that the page's ink takes."""
        left, top, right, bottom = self.page.ink
        return (self.left, self.top, self.left + (right - left) * self.scale, self.top + (bottom - top) * self.scale)

    def on_sheet(self, place: Area) -> Area:
        """An area of the teacher's page as it lies on the sheet, as far as the page is placed, in whole tenths of a millimetre."""
        left, top, right, bottom = self.page.ink
        within = (max(place[0], left), max(place[1], top), min(place[2], right), min(place[3], bottom))
        x, y = self.left - left * self.scale, self.top - top * self.scale
        laid = (x + within[0] * self.scale, y + within[1] * self.scale, x + within[2] * self.scale, y + within[3] * self.scale)
        return (round(laid[0], 1), round(laid[1], 1), round(laid[2], 1), round(laid[3], 1))


def placed(page: TeacherPage, room: Area) -> Placing:
    """The page as large as `room` and 100 % allow, at its top, in the middle of its width."""
    left, top, right, bottom = page.ink
    width, height = right - left, bottom - top
    scale = max(0.0, min(1.0, (room[2] - room[0]) / width, (room[3] - room[1]) / height))
    return Placing(page, (room[0] + room[2] - width * scale) / 2, room[1], scale)


def area(sides: Any) -> Area:
    """Four sides out of a list."""
    left, top, right, bottom = map(float, sides)
    return (left, top, right, bottom)

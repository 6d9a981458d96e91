"""One assignment: questions, key, points, language. Pure: no files, database or clock.

packets/authoring makes these from a teacher's file, packets/assignment_commands keeps them, packets/worksheet prints them, scanning/score reads the
key. The kinds of questions stand in packets/kinds. Nothing here checks a teacher's mistakes: that is authoring's work; only the numbering is guarded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from packets.kinds import (
    LETTERS,
    UNASKED,
    ChoiceQuestion,
    GridQuestion,
    NumberQuestion,
    OpenQuestion,
    Part,
    Question,
    TextPart,
    key_fields,
    part_json,
    part_of,
    printed_fields,
    questions_of,
)
from packets.own_pdf import OwnPdf
from packets.pictures import Picture
from packets.variants import order_of, orders_of

__all__ = [
    "LETTERS",
    "Assignment",
    "ChoiceQuestion",
    "GridQuestion",
    "Lesson",
    "NumberQuestion",
    "OpenQuestion",
    "Part",
    "Question",
    "TextPart",
]


@dataclass(frozen=True, slots=True)
class Lesson:
    """The TV, radio or platform lesson that belongs to the assignment; any of the three may be missing."""

    channel: str = ""
    date: date | None = None
    time: str = ""  # HH:MM


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a teacher wrote for one grade, language and study week. Questions are numbered from 1 in their order, as text.

    `schools` and `pupils` narrow who gets it; both empty: every pupil of the grade and language. There are `variants` of it, which show choices in
    different orders; `variant` is the one that a sheet shows, 0 where that is nobody's sheet.
    """

    code: str
    subject: str
    grade: int
    language: str
    title: str
    kind: str
    week: str
    lesson: Lesson | None
    parts: tuple[Part, ...]
    schools: tuple[str, ...] = ()
    pupils: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    variants: int = 1
    variant: int = 0
    pdf: OwnPdf | None = None

    def __post_init__(self) -> None:
        numbers = [part.number for part in self.parts if not isinstance(part, UNASKED)]
        if numbers != [str(place) for place in range(1, len(numbers) + 1)]:
            raise ValueError(f"the questions of {self.code} are numbered {numbers}")

    def __hash__(self) -> int:
        return hash((self.code, self.variant))  # seldom two of one code: the rest is left to ==

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is answered, in its order; each row of a grid is a question of its own, 5a."""
        return tuple(question for part in self.parts for question in questions_of(part))

    @property
    def asked(self) -> int:
        """How many questions a pupil counts: a grid is one, whatever its rows."""
        return sum(not isinstance(part, UNASKED) for part in self.parts)

    @property
    def max_points(self) -> Decimal:
        """What a faultless worksheet earns."""
        return sum((question.points for question in self.questions), Decimal(0))

    def order(self, question: ChoiceQuestion) -> str:
        """The author's letters of the choices in the order in which this variant prints them; those of a grid's row never move."""
        return order_of(self.code, self.variant, question)

    def in_variant(self, variant: int) -> Assignment:
        """The assignment as a sheet of a variant shows it, from 1; as it is where there is only one."""
        return replace(self, variant=variant if self.variants > 1 else 0)

    @property
    def in_all_variants(self) -> tuple[Assignment, ...]:
        """The assignment as the sheets of each variant show it."""
        return tuple(self.in_variant(variant) for variant in range(1, self.variants + 1))

    def with_points(self, points: Sequence[str]) -> Assignment:
        """The assignment with other points for its `questions`, in their order; all rows of a grid earn what its first row does, of a whole one their sum."""
        given, parts = iter(points), []
        for part in self.parts:
            own = [Decimal(next(given)) for _question in questions_of(part)]
            all_rows = isinstance(part, GridQuestion) and part.whole
            parts.append(part if isinstance(part, UNASKED) else replace(part, points=sum(own, Decimal(0)) if all_rows else own[0]))
        return replace(self, parts=tuple(parts))

    @property
    def printed_digest(self) -> str:
        """SHA-256 of what a pupil sees: words, choices, their order, digits, lines and the number of score bubbles.

        The points of a question that the key scores are left out, though they are printed: a correction of points re-scores
        the pages that are out there (DESIGN section 4, stage 6), while any other change needs a new assignment code.
        """
        seen = self.as_json()
        for name in ("schools", "pupils"):
            seen.pop(name, None)
        if self.pictures:
            seen["pictures"] = [[picture.file, picture.digest] for picture in self.pictures]
        if self.pdf is not None:
            seen["pdf"] = self.pdf.shown
        seen["parts"] = [printed_fields(part) for part in self.parts]
        if self.variants > 1:
            seen["orders"] = orders_of(self.code, self.variants, self.parts)
        return _digest(seen)

    @property
    def key_digest(self) -> str:
        """SHA-256 of answers, points and the rule of partial points: where it changes, pages are scored again."""
        return _digest([key_fields(question) for question in self.questions])

    def as_json(self) -> dict[str, Any]:
        """The assignment in the fields of an assignment file (DESIGN section 6); points and numbers are text."""
        body: dict[str, Any] = {
            "assignment": self.code,
            "subject": self.subject,
            "grade": self.grade,
            "language": self.language,
            "title": self.title,
            "kind": self.kind,
            "week": self.week,
        }
        if self.lesson is not None:
            body["lesson"] = _lesson_json(self.lesson)
        if self.variants > 1:
            body["variants"] = self.variants
        if self.schools:
            body["schools"] = list(self.schools)
        if self.pupils:
            body["pupils"] = list(self.pupils)
        body["parts"] = [part_json(part) for part in self.parts]
        if self.pictures:
            body["pictures"] = [picture.as_json() for picture in self.pictures]
        if self.pdf is not None:
            body["pdf"] = self.pdf.as_json()
        return body

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Assignment:
        """The assignment that `as_json` wrote."""
        lesson = body.get("lesson")
        return cls(
            code=body["assignment"],
            subject=body["subject"],
            grade=body["grade"],
            language=body["language"],
            title=body["title"],
            kind=body["kind"],
            week=body["week"],
            lesson=None if lesson is None else _lesson(lesson),
            parts=_parts(body["parts"]),
            schools=tuple(body.get("schools", ())),
            pupils=tuple(body.get("pupils", ())),
            pictures=tuple(Picture(**picture) for picture in body.get("pictures", ())),
            variants=body.get("variants", 1),
            pdf=OwnPdf.from_json(body["pdf"]) if "pdf" in body else None,
        )


def _parts(bodies: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    parts: list[Part] = []
    questions = 0
    for body in bodies:
        questions += "text" not in body and "page" not in body
        parts.append(part_of(body, str(questions)))
    return tuple(parts)


def _lesson(body: Mapping[str, Any]) -> Lesson:
    day = body.get("date")
    return Lesson(body.get("channel", ""), None if day is None else date.fromisoformat(day), body.get("time", ""))


def _lesson_json(lesson: Lesson) -> dict[str, str]:
    day = "" if lesson.date is None else lesson.date.isoformat()
    return {name: value for name, value in (("channel", lesson.channel), ("date", day), ("time", lesson.time)) if value}


def _digest(body: Any) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

"""One assignment: questions, key, points, language. Pure: no files, database or clock.

packets/authoring makes these from a teacher's file, packets/assignment_commands keeps them, packets/worksheet prints them, scanning/score reads the
key. Nothing here checks a teacher's mistakes: that is authoring's work; only the numbering is guarded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

LETTERS = "ABCDEFGH"  # of the choices of one question


@dataclass(frozen=True, slots=True)
class Lesson:
    """The TV, radio or platform lesson that belongs to the assignment; any of the three may be missing."""

    channel: str = ""
    date: date | None = None
    time: str = ""  # HH:MM


@dataclass(frozen=True, slots=True)
class TextPart:
    """Reading matter between the questions, in the Markdown of packets.markdown."""

    markdown: str


@dataclass(frozen=True, slots=True)
class ChoiceQuestion:
    """One or several of `choices`; `answer` holds the right letters (A is the first choice) in their order.

    All or nothing, unless `partial`. `several` is printed: a pupil is told that more than one may be marked.
    """

    number: str
    text: str
    choices: tuple[str, ...]
    answer: tuple[str, ...]
    several: bool
    partial: bool
    points: Decimal


@dataclass(frozen=True, slots=True)
class NumberQuestion:
    """A whole number in columns of digit bubbles; `answer` has no leading zeros, `digits` counts the columns."""

    number: str
    text: str
    answer: str
    digits: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A written answer on `lines` ruled lines; the teacher gives 0 to `points` whole points in a strip of bubbles.

    `rubric` says what earns how many, in the Markdown of packets.markdown: for whoever gives the points, never printed.
    """

    number: str
    text: str
    lines: int
    points: Decimal
    rubric: str = ""


Question = ChoiceQuestion | NumberQuestion | OpenQuestion
Part = TextPart | Question


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a teacher wrote for one grade, language and study week. Questions are numbered from 1 in their order, as text.

    `schools` and `pupils` narrow who gets it; both empty: every pupil of the grade and language.
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

    def __post_init__(self) -> None:
        numbers = [question.number for question in self.questions]
        if numbers != [str(place) for place in range(1, len(numbers) + 1)]:
            raise ValueError(f"the questions of {self.code} are numbered {numbers}")

    @property
    def questions(self) -> tuple[Question, ...]:
        """The parts that are answered, in their order."""
        return tuple(part for part in self.parts if not isinstance(part, TextPart))

    @property
    def max_points(self) -> Decimal:
        """What a faultless worksheet earns."""
        return sum((question.points for question in self.questions), Decimal(0))

    def with_points(self, points: Sequence[str]) -> Assignment:
        """The assignment with other points for its questions, in their order."""
        given = iter(points)
        parts = (part if isinstance(part, TextPart) else replace(part, points=Decimal(next(given))) for part in self.parts)
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
        seen["parts"] = [_printed(part) for part in self.parts]
        return _digest(seen)

    @property
    def key_digest(self) -> str:
        """SHA-256 of answers, points and the rule of partial points: where it changes, pages are scored again."""
        return _digest([_key(question) for question in self.questions])

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
        if self.schools:
            body["schools"] = list(self.schools)
        if self.pupils:
            body["pupils"] = list(self.pupils)
        body["parts"] = [_part_json(part) for part in self.parts]
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
        )


def _parts(bodies: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    parts: list[Part] = []
    questions = 0
    for body in bodies:
        questions += "text" not in body
        parts.append(_part(body, str(questions)))
    return tuple(parts)


def _part(body: Mapping[str, Any], number: str) -> Part:
    if "text" in body:
        return TextPart(body["text"])
    text, points = body["question"], Decimal(body["points"])
    if "choices" in body:
        several = isinstance(body["answer"], list)
        answer = tuple(body["answer"]) if several else (body["answer"],)
        return ChoiceQuestion(number, text, tuple(body["choices"]), answer, several, body.get("partial", False), points)
    if "number" in body:
        return NumberQuestion(number, text, body["number"], body["digits"], points)
    return OpenQuestion(number, text, body["lines"], points, body.get("rubric", ""))


def _part_json(part: Part) -> dict[str, Any]:
    match part:
        case TextPart():
            return {"text": part.markdown}
        case ChoiceQuestion():
            answer = list(part.answer) if part.several else part.answer[0]
            partial = {"partial": True} if part.partial else {}
            return {"question": part.text, "choices": list(part.choices), "answer": answer, **partial, "points": str(part.points)}
        case NumberQuestion():
            return {"question": part.text, "number": part.answer, "digits": part.digits, "points": str(part.points)}
        case OpenQuestion():
            rubric = {"rubric": part.rubric} if part.rubric else {}
            return {"question": part.text, "lines": part.lines, "points": str(part.points), **rubric}


def _printed(part: Part) -> dict[str, Any]:
    match part:
        case TextPart():
            return {"text": part.markdown}
        case ChoiceQuestion():
            return {"question": part.text, "choices": list(part.choices), "several": part.several}
        case NumberQuestion():
            return {"question": part.text, "digits": part.digits}
        case OpenQuestion():
            return {"question": part.text, "lines": part.lines, "points": _plain(part.points)}


def _key(question: Question) -> dict[str, Any]:
    key: dict[str, Any] = {"number": question.number, "points": _plain(question.points)}
    if isinstance(question, ChoiceQuestion):
        key |= {"answer": sorted(question.answer), "partial": question.partial}
    elif isinstance(question, NumberQuestion):
        key["answer"] = question.answer
    return key


def _lesson(body: Mapping[str, Any]) -> Lesson:
    day = body.get("date")
    return Lesson(body.get("channel", ""), None if day is None else date.fromisoformat(day), body.get("time", ""))


def _lesson_json(lesson: Lesson) -> dict[str, str]:
    day = "" if lesson.date is None else lesson.date.isoformat()
    return {name: value for name, value in (("channel", lesson.channel), ("date", day), ("time", lesson.time)) if value}


def _plain(points: Decimal) -> str:
    """2 and 2.0 are the same points."""
    return format(points.normalize(), "f")


def _digest(body: Any) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

"""A teacher's assignment file (YAML, so also JSON) becomes an Assignment, or a list of everything that is wrong with it.

packets/assignment_commands calls this. All complaints of a file are told at once, each with its line and the path of its field. Nothing
here touches the database; whether a code may still change is decided where assignments are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from packets.assignment import Assignment
from packets.document import Document, Listing, Mapping, Scalar, Value, read_document
from packets.fields import Fields, suggestion
from packets.own_pdf_said import on_pages, page_complaints, read_own_pdf
from packets.parts import read_part, read_pictures
from packets.subjects import SUBJECTS
from packets.variants_said import read_variants, settle_shuffles
from records.calendar import StudyWeek
from records.errors import Complaint, UsageRefused
from records.files import explained
from records.language import N_, _

SUFFIXES = (".yaml", ".yml", ".json")
CONTENT_LANGUAGES = ("kk", "ru", "uz", "ug", "tg", "en")
KINDS = ("practice", "formative", "unit", "term")
FIELDS = ("assignment", "subject", "grade", "language", "title", "kind", "week", "lesson", "variants", "schools", "pupils", "pdf", "parts")
MOST_TITLE = 120
MOST_PARTS = 200
SIZES = {
    "normal": N_("Question {number} is too large for one page."),
    "large": N_("Question {number} is too large for one page in large print."),
}
READING_SIZES = {
    "normal": N_("A table or picture is too large for one page."),
    "large": N_("A table or picture is too large for one page in large print."),
}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Reading:
    """One file: its assignment, or None and the complaints that stand against it."""

    file: str
    assignment: Assignment | None
    complaints: tuple[Complaint, ...]


def read_file(path: Path) -> Reading:
    """The assignment in the file at `path`; raises NotFound or NotAllowed where it cannot be opened."""
    with explained(path):
        return read_assignment(path.read_bytes(), str(path), path.parent)


def read_assignment(content: bytes, file: str = "", folder: Path | None = None) -> Reading:
    """The assignment that the bytes of a file describe; `file` is its name for complaints, `folder` where its pictures are sought."""
    return judged(read_document(content, file), folder)


def judged(document: Document, folder: Path | None = None) -> Reading:
    """The assignment of a file that is already a tree: what every door leads to, whatever its files look like; `folder` is where pictures are sought."""
    file, body = document.file, _body(document)
    if body is not None and (pictures := read_pictures(document, folder)):
        body["pictures"] = [picture.as_json() for picture in pictures]
    if body is not None:
        body |= read_own_pdf(document, body, folder)
    complaints = tuple(sorted(document.complaints, key=lambda complaint: complaint.row or 0))
    if body is None or any(complaint.refused for complaint in complaints):
        return Reading(file, None, complaints)
    assignment = Assignment.from_json(body)
    large = [*_too_large(assignment, document), *page_complaints(assignment, document)]
    refused = any(complaint.refused for complaint in large)
    return Reading(file, None if refused else assignment, (*complaints, *large))


def _body(document: Document) -> dict[str, Any] | None:
    if document.root is None:
        return None
    if not isinstance(document.root, Mapping):
        hint = _("An assignment begins with «assignment:» and its code.")
        document.complain("wrong_type", _("The file holds no fields of an assignment."), hint, document.root.line)
        return None
    fields = Fields(document, document.root)
    fields.allow(FIELDS)
    body: dict[str, Any] = {
        "assignment": _code(fields),
        "subject": _subject(fields),
        "grade": fields.whole("grade", 1, 12),
        "language": fields.choice("language", CONTENT_LANGUAGES),
        "title": _title(fields),
        "kind": fields.choice("kind", KINDS),
        "week": _week(fields),
    }
    body |= {
        name: read
        for name, read in (("lesson", _lesson(fields)), ("schools", _codes(fields, "schools")), ("pupils", _codes(fields, "pupils")))
        if read
    }
    body |= read_variants(fields) | {"parts": _parts(fields, body["language"] or "kk")}
    settle_shuffles(fields, body)
    return body


def _code(fields: Fields) -> str | None:
    code = fields.word("assignment")
    if code is not None and not _CODE.fullmatch(code):
        hint = _("Use Latin letters, digits, «-», «_» and «.», at most 64, as in math-5-kk-w41.")
        fields.complain("wrong_code", "assignment", _("«{value}» cannot be the code of an assignment.").format(value=code), hint, code)
    return code


def _subject(fields: Fields) -> str | None:
    code = fields.word("subject")
    if code is None or code in SUBJECTS:
        return code
    named = [known for known, names in SUBJECTS.items() if code.casefold() in (name.casefold() for name in names)]
    hint = _("Its code is {code}.").format(code=named[0]) if named else suggestion(code, SUBJECTS)
    fields.complain("unknown_subject", "subject", _("There is no subject «{value}».").format(value=code), hint, code)
    return None


def _title(fields: Fields) -> str | None:
    title = fields.words("title")
    if title is not None and ("\n" in title or len(title) > MOST_TITLE):
        fields.complain("long_title", "title", _("A title is one line of at most {most} letters.").format(most=MOST_TITLE))
    return title


def _week(fields: Fields) -> str | None:
    text = fields.word("week")
    if text is None:
        return None
    try:
        return str(StudyWeek.parse(text))
    except UsageRefused as refused:
        fields.complain("wrong_week", "week", refused.message, refused.hint, text)
        return None


def _lesson(fields: Fields) -> dict[str, str] | None:
    value = fields.mapping.fields.get("lesson")
    if value is None or (isinstance(value, Scalar) and value.null):
        return None
    if not isinstance(value, Mapping):
        fields.complain(
            "wrong_type",
            "lesson",
            _("A lesson has the fields channel, date and time."),
            _('Write it on lines of their own: channel: Балапан, date: 2026-10-06, time: "10:20".'),
        )
        return None
    inner = Fields(fields.document, value, "lesson")
    inner.allow(("channel", "date", "time"))
    channel = inner.words("channel") or "" if inner.has("channel") else ""
    lesson = {"channel": channel, "date": _day(inner) or "", "time": _time(inner)}
    return {name: value for name, value in lesson.items() if value} or None


def _day(fields: Fields) -> str | None:
    text = fields.word("date") if fields.has("date") else None
    if text is None:
        return None
    try:
        return date.fromisoformat(text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else "").isoformat()
    except ValueError:
        fields.complain("wrong_date", "date", _("«{value}» is not a date.").format(value=text), _("Write it as 2026-10-06."), text)
        return None


def _time(fields: Fields) -> str:
    text = fields.word("time") or "" if fields.has("time") else ""
    if text and not _TIME.fullmatch(text):
        fields.complain("wrong_time", "time", _("«{value}» is not a time of day.").format(value=text), _('Write it as "10:20".'), text)
    return text.zfill(5) if text else ""


def _codes(fields: Fields, name: str) -> list[str]:
    """A list of codes of schools or pupils; one code alone is taken as a list of one."""
    value = fields.mapping.fields.get(name)
    if value is None or (isinstance(value, Scalar) and value.null):
        return []
    if isinstance(value, Scalar):
        return [value.text.strip()]
    listing = fields.listing(name)
    return [] if listing is None else list(dict.fromkeys(scalar.text.strip() for _path, scalar in fields.scalars(name, listing)))


def _parts(fields: Fields, language: str) -> list[dict[str, Any] | None]:
    listing = fields.listing("parts")
    if listing is None:
        return []
    if len(listing.items) > MOST_PARTS:
        fields.complain("too_many_parts", "parts", _("An assignment has at most {most} parts.").format(most=MOST_PARTS))
        return []
    if not any(map(_is_question, listing.items)):
        fields.complain("no_question", "parts", _("The assignment has no question."), _("Add a part that begins with «question:»."))
    under = on_pages(listing.items)
    return [read_part(fields.document, value, place, language, under[place - 1]) for place, value in enumerate(listing.items, start=1)]


def _is_question(value: Value) -> bool:
    return not isinstance(value, Mapping) or not ("text" in value.fields or "page" in value.fields)


def _too_large(assignment: Assignment, document: Document) -> list[Complaint]:
    """The questions, tables and pictures that fit on no page, in normal or else in large print."""
    from packets.worksheet import too_large_for_a_page

    told: dict[str, Complaint] = {}
    for size in SIZES:
        large = (number for shown in assignment.in_all_variants for number in too_large_for_a_page(shown, size))
        for number in large:
            told.setdefault(number, _too_large_one(number, size, document))
    return list(told.values())


def _too_large_one(number: str, size: str, document: Document) -> Complaint:
    from packets.reading import READING, place_of

    if number.startswith(READING):
        row, path = _place_in_text(document, *place_of(number))
        return Complaint("too_large", _(READING_SIZES[size]), _("Make it smaller, or part it."), file=document.file, row=row, column=path)
    text = _(SIZES[size]).format(number=number)
    row, path = _place(document, int(number))
    hint = _("Shorten its words, give it fewer lines, or split it into two questions.")
    return Complaint("too_large", text, hint, file=document.file, row=row, column=path)


def _place_in_text(document: Document, place: int, line: int) -> tuple[int, str]:
    """The line and path of a line, from 1, within the text of a part, which is kept without the empty lines before it."""
    assert isinstance(document.root, Mapping), "only a whole assignment has parts"
    parts = document.root.fields["parts"]
    assert isinstance(parts, Listing)
    part = parts.items[place - 1]
    text = part.fields["text"] if isinstance(part, Mapping) else None
    assert isinstance(text, Scalar), "a table or picture stands in a text"
    before = text.text[: len(text.text) - len(text.text.lstrip())].count("\n")
    return min(text.text_line + before + line - 1, text.last_line), f"parts[{place}].text"


def _place(document: Document, number: int) -> tuple[int, str]:
    """The line and path of a question, by its number."""
    assert isinstance(document.root, Mapping), "only a whole assignment has numbered questions"
    parts = document.root.fields["parts"]
    assert isinstance(parts, Listing)
    questions = [(part.line, f"parts[{place}]") for place, part in enumerate(parts.items, start=1) if _is_question(part)]
    return questions[number - 1]


def assignment_files(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """The files meant by `paths`, where a folder stands for the assignment files in it and below; and what was left alone there."""
    taken: list[Path] = []
    left: list[Path] = []
    for path in paths:
        if not path.is_dir():
            taken.append(path)
            continue
        inside = sorted(file for file in path.rglob("*") if file.is_file() and not _hidden(file.relative_to(path)))
        taken += [file for file in inside if file.suffix.lower() in SUFFIXES]
        left += [file for file in inside if file.suffix.lower() not in SUFFIXES]
    return list(dict.fromkeys(taken)), left


def _hidden(path: Path) -> bool:
    return any(name.startswith(".") or name == "__pycache__" for name in path.parts)

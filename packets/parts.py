"""The parts of an assignment file: texts and questions, each checked and turned into the fields that packets.assignment stores.

packets/authoring calls `read_part`; complaints go to the document. The limits here are those of a sheet: eight choices, six digits, twenty
bubbles. Whether a question fits on a page is for packets/worksheet to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from packets.assignment import LETTERS
from packets.digits import read_digits
from packets.document import Document, Listing, Mapping, Scalar, Value
from packets.fields import MOST_LETTERS, Fields
from packets.looks import Look, on_paper, seen_of
from packets.markdown import images, unsupported_inline, unsupported_reading
from packets.matching import check_shares, read_grid, read_truth
from packets.numbers import read_number
from packets.own_pdf_said import bare_choices, read_field, read_page
from packets.pictures import MOST_PICTURES, Picture, Refused, take_in
from packets.room import read_room, read_rubric, read_short
from packets.variants_said import read_shuffle
from records.language import _, ngettext

FEWEST_CHOICES, MOST_CHOICES = 2, len(LETTERS)
MOST_BUBBLES, MOST_SHORT, MOST_POINTS = 20, 9, 100  # points of a written answer, of a short one, of any other
_KINDS = {
    "choices": ("question", "choices", "answer", "points", "partial", "shuffle"),
    "number": ("question", "number", "digits", "decimals", "minus", "points"),
    "lines": ("question", "lines", "points", "rubric"),
    "short": ("question", "short", "points"),
    "frame": ("question", "frame", "squares", "points", "rubric"),
    "field": ("question", "field", "points", "rubric"),
    "true_false": ("question", "true_false", "points"),
    "rows": ("question", "rows", "columns", "answer", "points", "partial"),
}


def read_part(document: Document, value: Value, place: int, language: str, on_page: bool = False) -> dict[str, Any] | None:
    """One entry of `parts` (from 1) of an assignment in `language` as packets.assignment stores it; None, with complaints, where it cannot be used.

    `on_page`: it stands below a page of the teacher's own PDF, so that its words may stand there.
    """
    path = f"parts[{place}]"
    if not isinstance(value, Mapping):
        document.complain(
            "wrong_type", _("A part is a text or a question: it begins with «text:» or «question:»."), line=value.line, path=path
        )
        return None
    fields = Fields(document, value, path)
    before = len(document.complaints)
    body = read_page(fields) if fields.has("page") else _text(fields) if fields.has("text") else _question(fields, language, on_page)
    return body if len(document.complaints) == before else None


def _text(fields: Fields) -> dict[str, Any]:
    if fields.has("question"):
        fields.complain("two_kinds", "question", _("A part is either a text or a question."), _("Begin a new part with a dash."))
    else:
        fields.allow(("text",))
    return {"text": fields.words("text", unsupported_reading)}


def read_pictures(document: Document, folder: Path | None) -> list[Picture]:
    """The pictures that the texts of `parts` show, each once; complains of each that cannot be taken, with its line."""
    root = document.root.fields.get("parts") if isinstance(document.root, Mapping) else None
    found: dict[str, Picture | None] = {}
    for place, part in enumerate(root.items if isinstance(root, Listing) else (), start=1):
        text = part.fields.get("text") if isinstance(part, Mapping) else None
        if not isinstance(text, Scalar) or len(text.text) > MOST_LETTERS:
            continue
        for image in images(text.text):
            line, path = min(text.text_line + image.line - 1, text.last_line), f"parts[{place}].text"
            if len(found) == MOST_PICTURES and image.file not in found:
                said = _("An assignment has at most {most} pictures.").format(most=MOST_PICTURES)
                document.complain("too_many_pictures", said, line=line, path=path, value=image.file)
                return []
            found.setdefault(image.file, _picture(document, image.file, folder, line, path))
    return [picture for picture in found.values() if picture is not None]


def _picture(document: Document, name: str, folder: Path | None, line: int, path: str) -> Picture | None:
    try:
        return take_in(name, folder)
    except Refused as refused:
        document.complain(refused.code, refused.text, refused.hint, line, path, name)
        return None


def _question(fields: Fields, language: str, on_page: bool) -> dict[str, Any]:
    bare = on_page and not fields.has("question")
    body: dict[str, Any] = {"question": "" if bare else fields.words("question", unsupported_inline)}
    kinds = [name for name in _KINDS if fields.has(name) and (on_page or name != "field")]
    if len(kinds) != 1:
        _tell_kinds(fields, kinds, [name for name in _KINDS if on_page or name != "field"])
        return {}
    kind = kinds[0]
    fields.allow(_KINDS[kind])
    if kind == "choices" and on_page and (count := bare_choices(fields)):
        return body | _choice(fields, count) | {"points": _points(fields)}
    return body | _answered(fields, kind, language)


def _answered(fields: Fields, kind: str, language: str) -> dict[str, Any]:
    """How a question of `kind` is answered, and its points."""
    match kind:
        case "choices":
            body = _choice(fields)
        case "number":
            body = read_digits(fields)
        case "true_false":
            body = read_truth(fields, language)
        case "rows":
            body = read_grid(fields) | {"points": _points(fields)}
            check_shares(fields, body)
            return body
        case "short":
            return read_short(fields) | {"points": _whole_points(fields, MOST_SHORT)}
        case "field":
            return read_field(fields) | {"points": _whole_points(fields, MOST_BUBBLES)} | read_rubric(fields)
        case _:
            return read_room(fields, kind) | {"points": _whole_points(fields, MOST_BUBBLES)} | read_rubric(fields)
    return body | {"points": _points(fields)}


def _tell_kinds(fields: Fields, kinds: Sequence[str], possible: Sequence[str]) -> None:
    if kinds:
        names = ", ".join(f"«{name}»" for name in kinds)
        text = _("A question is answered in one way, but here are {names}.").format(names=names)
        fields.complain("two_kinds", kinds[1], text, _("Make two questions of it."))
        return
    fields.allow(("question", "answer", "digits", "columns", "points", "partial", "text", "page", *possible))
    hint = _("Possible here: {names}.").format(names=", ".join(f"«{name}»" for name in possible))
    fields.complain("no_kind", "question", _("The question does not say how it is answered."), hint)


def _choice(fields: Fields, bare: int = 0) -> dict[str, Any]:
    """A choice; `bare` is how many there are where their words stand on the teacher's page: then their order is that of the page."""
    choices, count = ([""] * bare, bare) if bare else _choices(fields)
    answer = _answer(fields, count)
    if not bare:
        _tell_alike(fields, choices, isinstance(answer, str))
    partial = fields.truth("partial")
    if partial and isinstance(answer, str):
        hint = _("Write the answer as a list: [A, C].")
        fields.complain("partial_of_one", "partial", _("Partial points are for questions where several choices may be marked."), hint)
    return (
        {"choices": choices, "answer": answer}
        | ({"partial": True} if partial else {})
        | read_shuffle(fields)
        | ({"shuffle": "false"} if bare else {})
    )


def _choices(fields: Fields) -> tuple[list[str], int]:
    """The choices that can be printed, and how many were meant."""
    listing = fields.listing("choices")
    if listing is None:
        return [], 0
    count = len(listing.items)
    if not FEWEST_CHOICES <= count <= MOST_CHOICES:
        text = ngettext(
            "There is {count} choice; a question has {low} to {high}.", "There are {count} choices; a question has {low} to {high}.", count
        )
        fields.complain("choice_count", "choices", text.format(count=count, low=FEWEST_CHOICES, high=MOST_CHOICES))
    found: list[str] = []
    first: dict[Look, str] = {}
    for path, scalar in fields.scalars("choices", listing):
        fields.check_letters(scalar, path)
        fields.check_markdown(scalar, path, unsupported_inline)
        choice = " ".join(scalar.text.split())
        look = seen_of(choice)
        if look and look in first:
            text = _("The choice «{choice}» stands here twice.").format(choice=choice)
            fields.document.complain("doubled_choice", text, _("The first is {path}.").format(path=first[look]), scalar.line, path, choice)
            continue
        first[look] = path
        found.append(choice)
    return found, count


def _tell_alike(fields: Fields, choices: Sequence[str], one: bool) -> None:
    """Complain of two choices that look the same on paper, and, where only `one` is right, of two that are the same number."""
    looks: dict[Look, str] = {}
    numbers: dict[str, str] = {}
    for place, choice in enumerate(choices, start=1):
        path, look, value = fields.path_of(f"choices[{place}]"), on_paper(choice), read_number(choice)
        if look and look in looks:
            said = _("«{choice}» looks like {path} on paper: one has Latin letters, the other Cyrillic ones.")
            fields.complain(
                "choices_look_alike", "choices", said.format(choice=choice, path=looks[look]), _("Make the choices differ."), choice
            )
        elif one and value is not None and value in numbers:
            said = _("«{choice}» is the same number as {path}, but only one of them is right.")
            hint = _("Make the choices differ, or write the answer as a list.")
            fields.complain("choices_same_value", "choices", said.format(choice=choice, path=numbers[value]), hint, choice)
        looks.setdefault(look, path)
        if value is not None:
            numbers.setdefault(value, path)


def _answer(fields: Fields, count: int) -> str | list[str] | None:
    value = fields.value("answer")
    if isinstance(value, Listing):
        return _answers(fields, value, count)
    if isinstance(value, Scalar):
        return _letter(fields, fields.path_of("answer"), value, count)
    if value is not None:
        fields.complain("wrong_type", "answer", _("The answer is a letter, or a list of letters."), _("Write A, or [A, C]."))
    return None


def _answers(fields: Fields, listing: Listing, count: int) -> list[str]:
    if not listing.items:
        fields.complain("empty_field", "answer", _("The list of right answers is empty."), _("At least one choice must be right."))
    found = [_letter(fields, path, scalar, count) for path, scalar in fields.scalars("answer", listing)]
    letters = [letter for letter in found if letter is not None]
    for letter in sorted({letter for letter in letters if letters.count(letter) > 1}):
        text = _("The answer {letter} stands in the list twice.").format(letter=letter)
        fields.complain("doubled_answer", "answer", text, value=letter)
    return sorted(letters)


def _letter(fields: Fields, path: str, scalar: Scalar, count: int) -> str | None:
    """One letter of the key, where it names a choice; small letters are taken as capitals."""
    typed = scalar.text.strip()
    known = LETTERS[:count]
    if len(typed) == 1 and typed.upper() in known:
        return typed.upper()
    code, text, hint = _wrong_letter(typed, known)
    if known or code != "key_without_choice":
        fields.document.complain(code, text, hint, scalar.line, path, typed)
    return None


def _wrong_letter(typed: str, known: str) -> tuple[str, str, str]:
    if len(typed) == 1 and "CYRILLIC" in unicodedata.name(typed, ""):
        text = _("«{letter}» is a Cyrillic letter; choices are named by the Latin letters A, B, C, D.").format(letter=typed)
        return "cyrillic_letter", text, _("Switch the keyboard to Latin letters for the answer.")
    if re.fullmatch(r"[A-Ha-h]([\s,;]+[A-Ha-h])+", typed):
        hint = _("Write it as a list: [{letters}].").format(letters=", ".join(re.findall("[A-H]", typed.upper())))
        return "wrong_type", _("«{value}» is not one letter.").format(value=typed), hint
    text = _("The key names «{value}», but the choices are {letters}.").format(value=typed, letters=", ".join(known))
    return "key_without_choice", text, _("Name a choice by its letter: the first is A.")


def _whole_points(fields: Fields, most: int) -> str | None:
    """The points of a written answer, for which there are bubbles."""
    points = _points(fields, most)
    if points is not None and Decimal(points) % 1:
        hint = _("The teacher fills a bubble from 0 to the full points.")
        text = _("The points of a written answer are a whole number, not {value}.").format(value=points)
        fields.complain("wrong_points", "points", text, hint, points)
    return points


def _points(fields: Fields, most: int = MOST_POINTS) -> str | None:
    points = fields.decimal("points")
    if points is None:
        return None
    if not 0 < points <= most:
        text = _("{value} points cannot be given: they are more than 0 and at most {most} here.").format(value=points, most=most)
        fields.complain("wrong_points", "points", text, value=str(points))
        return None
    return format(points.normalize(), "f")

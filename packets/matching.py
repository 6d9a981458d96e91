"""Matching grids and true-or-false questions of an assignment file, checked and turned into the fields that packets.kinds stores.

packets/parts calls `read_grid` and `read_truth`. A question of true or false becomes a choice between two words in the assignment's language, so
that it is printed, read and scored like any other choice.
"""

from __future__ import annotations

import unicodedata
from collections import abc
from decimal import Decimal
from typing import Any

from packets.document import Listing, Mapping, Scalar
from packets.fields import Fields
from packets.kinds import HUNDREDTH, LETTERS, ROW_LETTERS
from packets.looks import Look, on_paper
from packets.markdown import unsupported_inline
from records.language import N_, _, ngettext, translate

TRUE, FALSE = N_("True"), N_("False")
FEWEST, MOST_ROWS, MOST_COLUMNS = 2, len(ROW_LETTERS), len(LETTERS)


def read_truth(fields: Fields, language: str) -> dict[str, Any]:
    """`true_false: true` as two choices, of which A says that the sentence is true."""
    right = fields.truth("true_false")
    if fields.value("true_false") is None:
        return {}
    return {"choices": [translate(TRUE, language), translate(FALSE, language)], "answer": "A" if right else "B"}


def read_grid(fields: Fields) -> dict[str, Any]:
    """The rows, the columns, the right column of each row, and `partial: false` where the grid counts only as a whole."""
    rows, asked = _words(fields, "rows", MOST_ROWS)
    columns, offered = _words(fields, "columns", MOST_COLUMNS)
    whole = {"partial": False} if fields.has("partial") and not fields.truth("partial") else {}
    return {"rows": rows, "columns": columns, "answer": _answers(fields, asked, offered)} | whole


def check_shares(fields: Fields, body: abc.Mapping[str, Any]) -> None:
    """Complain of points of a whole grid that are too few for its rows: each is worth a hundredth at least (packets/kinds.GridQuestion.row_points)."""
    rows, points = len(body["rows"]), body["points"]
    least = HUNDREDTH * rows
    if "partial" in body and points is not None and Decimal(points) < least:
        said = _("{value} points are too few for all {rows} rows of a grid together.").format(value=points, rows=rows)
        fields.complain("wrong_points", "points", said, _("Give {least} points at least.").format(least=least), points)


def _words(fields: Fields, name: str, most: int) -> tuple[list[str], int]:
    """The entries that can be printed, and how many were meant."""
    listing = fields.listing(name)
    if listing is None:
        return [], 0
    count = len(listing.items)
    if not FEWEST <= count <= most:
        said = ngettext(
            "There is {count} entry; a grid has {low} to {high} here.", "There are {count} entries; a grid has {low} to {high} here.", count
        )
        hint = _("Split the grid into two questions.") if count > most else ""
        fields.complain("entry_count", name, said.format(count=count, low=FEWEST, high=most), hint)
    found: list[str] = []
    first: dict[Look, str] = {}
    for path, scalar in fields.scalars(name, listing):
        fields.check_letters(scalar, path)
        fields.check_markdown(scalar, path, unsupported_inline)
        words = " ".join(scalar.text.split())
        look = on_paper(words)
        if look and look in first:
            said = _("«{words}» stands here twice.").format(words=words)
            fields.document.complain("doubled_entry", said, _("The first is {path}.").format(path=first[look]), scalar.line, path, words)
            continue
        first[look] = path
        found.append(words)
    return found, count


def _answers(fields: Fields, rows: int, columns: int) -> list[str]:
    value = fields.value("answer")
    if isinstance(value, Listing):
        given = list(fields.scalars("answer", value))
        if rows and len(value.items) != rows:
            said = _("There are {rows} rows, but {answers} answers.").format(rows=rows, answers=len(value.items))
            fields.complain("answer_count", "answer", said, _("Give one letter for each row, in their order: [B, A]."))
        return [_letter(fields, path, scalar, columns) for path, scalar in given]
    if isinstance(value, Mapping):
        return _by_row(fields, value, rows, columns)
    if value is not None:
        fields.complain(
            "wrong_type",
            "answer",
            _("The answer of a grid names a column for each row."),
            _("Write [B, A], or, row by row, a: B and b: A."),
        )
    return []


def _by_row(fields: Fields, given: Mapping, rows: int, columns: int) -> list[str]:
    inner = Fields(fields.document, given, fields.path_of("answer"))
    known = ROW_LETTERS[:rows]
    if rows:
        inner.allow(tuple(known))
    found = []
    for row in known:
        scalar = inner.scalar(row)
        if scalar is not None:
            found.append(_letter(inner, inner.path_of(row), scalar, columns))
    return found


def _letter(fields: Fields, path: str, scalar: Scalar, columns: int) -> str:
    """The letter of a column; a small one is taken as a capital."""
    typed = scalar.text.strip()
    known = LETTERS[:columns]
    if len(typed) == 1 and typed.upper() in known:
        return typed.upper()
    if len(typed) == 1 and "CYRILLIC" in unicodedata.name(typed, ""):
        said = _("«{letter}» is a Cyrillic letter; columns are named by the Latin letters A, B, C, D.").format(letter=typed)
        fields.document.complain(
            "cyrillic_letter", said, _("Switch the keyboard to Latin letters for the answer."), scalar.line, path, typed
        )
    elif known:
        said = _("The key names «{value}», but the columns are {letters}.").format(value=typed, letters=", ".join(known))
        fields.document.complain("key_without_choice", said, _("Name a column by its letter: the first is A."), scalar.line, path, typed)
    return ""

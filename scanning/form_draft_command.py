"""`poshta forms draft`: a first list of boxes from the blank of a form, with a picture of what was found. Results are returned, not printed.

Nothing is ever overwritten, and nothing is kept on the desk: a person corrects the file, then `poshta forms check` looks at it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from records.desk import Desk, desk_of
from records.errors import Complaint, InputRefused, NotAllowed, NotFound, UsageRefused
from records.files import remove, write_bytes, write_text
from records.language import _, ngettext
from records.terminal import Answer, progress

if TYPE_CHECKING:
    from scanning.form_draft import Draft
    from scanning.verdict import Grey

A4_MM = (210.0, 297.0)
UNEVEN = 0.02  # share by which a picture of A4 may differ from its shape
SIZES_MM = (50.0, 450.0)
MOST_PAGES = 20
_SIZE = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*[x×хX*]\s*(\d+(?:[.,]\d+)?)\s*")


@dataclass(slots=True)
class Made:
    """The pages so far: their part of the form's file, and what is not sure of each."""

    size: tuple[float, float] = A4_MM
    parts: list[dict[str, Any]] = field(default_factory=list)
    told: list[Complaint] = field(default_factory=list)
    questions: int = 0
    boxes: int = 0
    identity: str = ""


def draft(
    context: typer.Context,
    blank: Annotated[Path, typer.Argument(metavar="BLANK", help="The empty sheet: PDF, PNG, JPEG or TIFF.")],
    out: Annotated[Path, typer.Option("--out", help="The form's file to write: FORM.json. Never overwritten.", metavar="FORM.json")],
    size: Annotated[str, typer.Option("--size-mm", help="The paper's width and height, as 210x297, where the picture does not say.")] = "",
) -> Answer:
    """A first draft of a form's file from its empty sheet: boxes in rows and columns, and what is not sure. A person corrects it."""
    desk = desk_of(context)
    _require_free(out)
    if not blank.is_file():
        raise NotFound(_("There is no file {file}.").format(file=blank), _("Name the PDF or the picture of the empty sheet."))
    given = _size(size)
    made = Made()
    with progress(_("Looking at the print"), None, desk.quiet or desk.as_json):
        for number, grey, own in _pages(blank, given, made):
            made.size = own
            _take(made, blank, out, number, grey)
    if not made.boxes:
        raise InputRefused(
            _("No rows of circles or squares were found on {file}.").format(file=blank.name),
            _("Take the PDF, or a scan of 300 dpi in which every outline is closed; else write the boxes by hand (docs/forms.md)."),
            tuple(made.told),
            "no_boxes",
        )
    return _answer(desk, blank, out, made)


def _require_free(out: Path) -> None:
    if out.suffix.lower() != ".json":
        raise UsageRefused(_("A draft is a .json file."), _("Name it so with --out, as in --out exam.json."))
    taken = [each for each in (out, *out.parent.glob(f"{out.stem}-*.draft.png")) if each.exists()]
    if taken:
        raise NotAllowed(
            _("{file} is there already, and a draft never takes the place of a file.").format(file=taken[0].name),
            _("Name another with --out, or move that one away."),
        )


def _size(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    found = _SIZE.fullmatch(text)
    sides = tuple(float(each.replace(",", ".")) for each in found.groups()) if found else ()
    if len(sides) != 2 or not all(SIZES_MM[0] <= each <= SIZES_MM[1] for each in sides):
        raise UsageRefused(
            _("«{text}» in --size-mm is no size of paper.").format(text=text), _("Write width and height in millimetres, as 210x297.")
        )
    return (sides[0], sides[1])


def _pages(blank: Path, given: tuple[float, float] | None, made: Made) -> Iterator[tuple[int, Grey, tuple[float, float]]]:
    """The pages of the blank that are as large as the first, with their size; the others are told."""
    from scanning.form_blank import blank_of, page_count, read_blank

    pages = page_count(blank)
    if pages > MOST_PAGES:
        raise InputRefused(
            _("{file} has {count} pages; a form has up to {most}.").format(file=blank.name, count=pages, most=MOST_PAGES),
            _("Give the pages of one form."),
            code="too_many_pages",
        )
    first = given
    for number in range(1, pages + 1):
        grey, own = read_blank(blank, number)
        size = given or _rounded(own) or _a4(blank, grey, made)
        first = first or size
        if max(abs(one - other) for one, other in zip(size, first, strict=True)) > 2:
            text = _("Page {page} of {file} has another size and was left out.").format(page=number, file=blank.name)
            made.told.append(Complaint("other_size", text, _("Draft it by itself, as a form of its own."), blank.name, refused=False))
            continue
        yield number, blank_of(blank, number, first), first


def _rounded(own: tuple[float, float] | None) -> tuple[float, float] | None:
    """The size that the file says, to half a millimetre; None where it says none that a sheet can have."""
    if own is None or not all(SIZES_MM[0] <= each <= SIZES_MM[1] for each in own):
        return None
    return (round(own[0] * 2) / 2, round(own[1] * 2) / 2)


def _a4(blank: Path, grey: Grey, made: Made) -> tuple[float, float]:
    """A4, upright or across, where the picture has that shape, which is told; raises InputRefused for another."""
    shape = grey.shape[0] / grey.shape[1]
    for size in (A4_MM, A4_MM[::-1]):
        if abs(shape / (size[1] / size[0]) - 1) <= UNEVEN:
            text = _("{file} does not say how large the paper is: A4 was assumed.").format(file=blank.name)
            made.told.append(Complaint("size_assumed", text, _("If it is another, give --size-mm."), blank.name, refused=False))
            return (size[0], size[1])
    raise InputRefused(
        _("{file} does not say how large the paper is, and it has not the shape of A4.").format(file=blank.name),
        _("Give --size-mm, as in --size-mm 148x210, and cut the picture at the edges of the paper."),
        code="blank_size",
    )


def _take(made: Made, blank: Path, out: Path, number: int, grey: Grey) -> None:
    """Add the draft of a page; one without boxes is told."""
    from scanning.form_draft import draft_of
    from scanning.form_draft_words import complaint_of
    from scanning.form_outlines import outlines_of
    from scanning.form_upright import lies_on_its_side

    outlines = outlines_of(grey)
    if lies_on_its_side(grey, outlines):
        raise InputRefused(
            _("The words on page {page} of {file} run up or down: it lies on its side.").format(page=number, file=blank.name),
            _("Turn the page upright and draft it again."),
            code="blank_turned",
        )
    page: Draft = draft_of(grey, outlines, made.questions, bool(made.identity))
    if not page.boxes:
        text = _("No boxes were found on page {page} of {file}.").format(page=number, file=blank.name)
        made.told.append(Complaint("no_boxes", text, _("Look at it; it is not in the draft."), blank.name, refused=False))
        return
    made.parts.append({"blank": _beside(blank, out), "blank_page": number, "boxes": page.boxes})
    made.questions, made.identity = page.questions, made.identity or page.identity
    made.boxes += len(page.boxes)
    made.told += [complaint_of(each, out.name, number) for each in page.unsure]


def _beside(blank: Path, out: Path) -> str:
    """The blank as the form's file names it: by the way from its own folder."""
    try:
        return Path(os.path.relpath(blank.resolve(), out.resolve().parent)).as_posix()
    except ValueError:  # on another drive
        return blank.resolve().as_posix()


def _answer(desk: Desk, blank: Path, out: Path, made: Made) -> Answer:
    """Write the draft and its pictures; answers what was found, and that a person has to look at it."""
    code = re.sub(r"[^A-Za-z0-9._-]+", "-", out.stem).strip("-._")[:64] or "form"
    body: dict[str, Any] = {
        "form": code,
        "title": _("Draft from {file}: every box is to be looked at").format(file=blank.name),
        "size_mm": list(made.size),
    }
    body |= {"identity": made.identity} if made.identity else {}
    write_text(out, json.dumps(body | {"pages": made.parts}, ensure_ascii=False, indent=1) + "\n")
    try:
        files = [out, *_pictures(out)]
    except BaseException:
        remove(out)
        raise
    shown = [named(desk, file) for file in files]
    data = {"form": code, "pages": len(made.parts), "questions": made.questions, "boxes": made.boxes, "identity": made.identity or None}
    data |= {"size_mm": list(made.size), "unsure": [_unsure(each) for each in made.told], "files": shown}
    found = ngettext("{count} box was found", "{count} boxes were found", made.boxes).format(count=made.boxes)
    asked = ngettext("{count} question", "{count} questions", made.questions).format(count=made.questions)
    lines = [
        _("{boxes}: {questions}. Written: {files}.").format(boxes=found, questions=asked, files=", ".join(shown)),
        _("This is only a draft: compare the picture with the print, correct the file, then `poshta forms check {file}`.").format(
            file=shown[0]
        ),
    ]
    return Answer(data, lines, complaints=made.told, waiting=True)


def _pictures(out: Path) -> Iterator[Path]:
    """A PNG of each page with the boxes drawn and named, as the draft itself has them."""
    from scanning.form_check import preview
    from scanning.form_file import read_form_file

    for page in read_form_file(out).pages:
        target = out.with_name(f"{out.stem}-{page.number}.draft.png")
        write_bytes(target, preview(page))
        yield target


def _unsure(each: Complaint) -> dict[str, Any]:
    return {"code": each.code, "item": each.column or None, "value": each.value or None, "text": each.text}


def named(desk: Desk, target: Path) -> str:
    """`target` as answers name files: relative to the home where it stands in it."""
    whole, home = target.resolve(), desk.home.resolve()
    return whole.relative_to(home).as_posix() if whole.is_relative_to(home) else whole.as_posix()

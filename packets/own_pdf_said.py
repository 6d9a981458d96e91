"""What an assignment file says of the teacher's own PDF: its pages among the parts, and questions whose words stand on them. packets/authoring and packets/parts call this.

What is wrong has the line of the page or question. The PDF itself is looked at by packets/own_pdf_intake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from packets.assignment import Assignment
from packets.document import Document, Listing, Mapping, Scalar, Value
from packets.fields import Fields
from packets.kinds import LETTERS, ON_PAGE
from packets.own_pdf import STRIPS, OwnPdf
from packets.own_pdf_intake import MOST_PLACED, Refused, Said, take_in
from records.errors import Complaint
from records.language import _

PAGE_FIELDS = ("page", "strip")
HIGHEST_PAGE = 200
LEAST_FIELD_MM = 5.0
SMALL = 0.8  # a page that is shrunk more is told


def begins_page(value: Value) -> bool:
    """Whether an entry of `parts` is a page of the PDF."""
    return isinstance(value, Mapping) and "page" in value.fields


def on_pages(items: Sequence[Value]) -> list[bool]:
    """For each entry of `parts`, whether it stands under a page: behind one, up to the next text."""
    under, standing = False, []
    for value in items:
        standing.append(under)
        if isinstance(value, Mapping) and ("page" in value.fields or "text" in value.fields):
            under = "page" in value.fields
    return standing


def read_page(fields: Fields) -> dict[str, Any]:
    """A page by its number in the PDF, and where its answer strip stands."""
    fields.allow(PAGE_FIELDS)
    strip = {"strip": fields.choice("strip", STRIPS)} if fields.has("strip") else {}
    return {"page": fields.whole("page", 1, HIGHEST_PAGE)} | strip


def bare_choices(fields: Fields) -> int:
    """How many choices a question has whose choices stand on the page: `choices: 4` or `choices: [A, B, C, D]`; 0 where they are words of ours."""
    value = fields.mapping.fields.get("choices")
    if isinstance(value, Listing):
        said = [item.text.strip() for item in value.items if isinstance(item, Scalar)]
        return len(said) if len(said) > 1 and said == list(LETTERS[: len(said)]) else 0
    return fields.whole("choices", 2, len(LETTERS)) or 0 if isinstance(value, Scalar) else 0


def read_field(fields: Fields) -> dict[str, Any]:
    """Where on the page the answer is written: the whole page, or left, top, width and height in its millimetres."""
    value = fields.value("field")
    if isinstance(value, Scalar) and value.text.strip() == ON_PAGE:
        return {"field": ON_PAGE}
    sides = [_side(scalar) for _path, scalar in fields.scalars("field", value)] if isinstance(value, Listing) else []
    sizes = [side for side in sides if side is not None]
    if len(sides) != 4 or len(sizes) != 4 or min(sizes) < 0 or min(sizes[2:]) < LEAST_FIELD_MM:
        if value is not None:
            text = _("A place on the page is «page», or left, top, width and height in millimetres; no side is under {least} mm.")
            fields.complain("wrong_type", "field", text.format(least=round(LEAST_FIELD_MM)), _("Write it as [20, 150, 170, 60]."))
        return {"field": ON_PAGE}
    return {"field": sizes}


def _side(scalar: Scalar) -> float | None:
    try:
        side = float(scalar.text)
    except ValueError:
        return None
    return side if 0 <= side < 10_000 else None


def read_own_pdf(document: Document, body: dict[str, Any], folder: Path | None) -> dict[str, Any]:
    """The PDF with the pages that the parts name, as an assignment stores it; complains of what cannot be taken."""
    assert isinstance(document.root, Mapping), "only a whole assignment has parts"
    fields = Fields(document, document.root)
    named = [(part["page"], value, place) for part, value, place in _with_values(document, body) if part.get("page")]
    value = fields.mapping.fields.get("pdf")
    if value is None or (isinstance(value, Scalar) and (value.null or not value.text.strip())):
        for _page, value, place in named:
            text = _("A page is placed, but the assignment names no PDF.")
            document.complain("no_pdf", text, _("Add the field «pdf:» with the name of the file."), value.line, f"parts[{place}].page")
        return {}
    name = fields.word("pdf")
    if name is None:
        return {}
    if not named:
        text = _("The assignment names a PDF, but places no page of it.")
        fields.complain("no_page", "pdf", text, _("Add a part «page: 1», and below it the questions of that page."), name)
        return {}
    if len({page for page, _value, _place in named}) > MOST_PLACED:
        fields.complain("too_many_pages", "pdf", _("An assignment places at most {most} pages.").format(most=MOST_PLACED), value=name)
        return {}
    try:
        own, told = take_in(name, folder, [page for page, _value, _place in named])
    except Refused as refused:
        fields.complain(refused.said.code, "pdf", refused.said.text, refused.said.hint, name)
        return {}
    document.complaints += [_told(said, document, fields.line_of("pdf"), name) for said in told]
    _check_fields(document, body, own)
    return {"pdf": own.as_json()}


def _with_values(document: Document, body: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Value, int]]:
    """The parts that could be read, with what stands in the file and their place from 1."""
    listing = document.root.fields.get("parts") if isinstance(document.root, Mapping) else None
    values = listing.items if isinstance(listing, Listing) else ()
    for place, (part, value) in enumerate(zip(body["parts"], values, strict=False), start=1):
        if part is not None:
            yield part, value, place


def _told(said: Said, document: Document, line: int, name: str) -> Complaint:
    return Complaint(said.code, said.text, said.hint, file=document.file, row=line, column="pdf", value=name, refused=False)


def _check_fields(document: Document, body: dict[str, Any], own: OwnPdf) -> None:
    """Complain of every place for an answer that does not lie on its page."""
    page = None
    for part, value, place in _with_values(document, body):
        page = own.page(part["page"]) if part.get("page") else page
        if page is None or not isinstance(part.get("field"), list):
            continue
        left, top, width, height = part["field"]
        if left + width > page.width + 0.5 or top + height > page.height + 0.5:
            text = _("The place for the answer reaches beyond page {page}, which is {width} x {height} mm.")
            said = text.format(page=page.number, width=round(page.width), height=round(page.height))
            document.complain("field_outside", said, _("Measure it from the page's top left corner."), value.line, f"parts[{place}].field")


def page_complaints(assignment: Assignment, document: Document) -> list[Complaint]:
    """Every page that leaves no room, and what is to be told of those that are placed."""
    if assignment.pdf is None:
        return []
    from packets.own_pdf_page import NoRoom, no_room_words
    from packets.worksheet import page_scales

    found = []
    lines = _lines_of_pages(document)
    for (number, scale), (line, path) in zip(page_scales(assignment), lines, strict=True):
        if isinstance(scale, NoRoom):
            text, hint = no_room_words(scale)
            found.append(Complaint("no_room", text, hint, document.file, row=line, column=path))
        elif scale < SMALL:
            text = _("Page {page} of the PDF stands on the sheet at {percent} % of its size.")
            said = text.format(page=number, percent=round(scale * 100))
            found.append(Complaint("pdf_small", said, file=document.file, row=line, column=path, refused=False))
    if any(each.refused for each in found):
        return found
    text = _("In large print, pages of a PDF are as large as in normal print.")
    hint = _("Give pupils with large print an assignment of their own («pupils:»).")
    line, path = lines[0]
    return [*found, Complaint("pdf_large_print", text, hint, document.file, row=line, column=path, refused=False)]


def _lines_of_pages(document: Document) -> list[tuple[int, str]]:
    """The line and path of each page, in their order."""
    listing = document.root.fields["parts"] if isinstance(document.root, Mapping) else None
    items = listing.items if isinstance(listing, Listing) else ()
    return [(value.line, f"parts[{place}].page") for place, value in enumerate(items, start=1) if begins_page(value)]

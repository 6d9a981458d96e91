"""What of a teacher's PDF may go on a sheet: each wanted page as it prints, upright, with its fonts and vectors, and nothing else of the file.

Runs in a process of its own (packets/own_pdf_intake starts it and sets its limits), because the file comes from outside: whatever it holds, only so much time and
memory is spent on it. Scripts, links, attachments, forms' fields and notes on the side stay behind; what is printed of a note or a filled-in field is kept as print. A page that would not look the
same afterwards is refused. Speaks in codes; the sentences stand in packets/own_pdf_intake.
"""

from __future__ import annotations

import io
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdfium2

from packets.own_pdf_looks import POINTS_PER_MM, Refused, Told, facts

LEAST_SIDE_MM, MOST_SIDE_MM = 20.0, 1500.0
MOST_PAGES = 200  # of the file
MOST_OBJECTS = 20_000
MOST_DEPTH = 40
MOST_PIXELS = 60_000_000  # of one picture
MOST_KEPT = 3 * 1024 * 1024  # bytes of the cleaned pages: each packet carries them
LEFT_BEHIND = (
    "/PieceInfo", "/Metadata", "/StructParent", "/StructParents", "/OPI", "/Ref", "/AF", "/Alternates", "/Thumb", "/LastModified",
    "/A", "/AA", "/Annots", "/B", "/Dur", "/Trans", "/Tabs",
)  # fmt: skip
NAMED_BY_THE_FILE = {
    "/Font",
    "/XObject",
    "/ColorSpace",
    "/Pattern",
    "/Shading",
    "/ExtGState",
    "/Properties",
    "/CharProcs",
}  # /A may be a font or a letter there
PIECE = 1 << 14  # bytes unpacked at a time: into 16 MB at the most
UNPACKED = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The pages' facts as JSON values (packets.own_pdf.TeacherPage), what is to be told, and the PDF of the pages."""

    pages: list[dict[str, Any]]
    told: Told
    pdf: bytes


def serve() -> None:
    """The helper's whole life: one file in from stdin, one answer out."""
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    asked = json.loads(sys.stdin.buffer.readline())
    _limit("RLIMIT_DATA", asked["memory"])
    _limit("RLIMIT_CPU", asked["seconds"])
    pdf = b""
    try:
        made = clean(sys.stdin.buffer.read(), asked["pages"])
        answer: dict[str, Any] = {"pages": made.pages, "told": made.told}
        pdf = made.pdf
    except Refused as refused:
        answer = {"refused": refused.code, "values": refused.values}
    except MemoryError:
        answer = {"refused": "pdf_heavy", "values": {}}
    except Exception:  # noqa: BLE001 - whatever a library says of a broken file, it is broken
        answer = {"refused": "pdf_damaged", "values": {}}
    answers.write(json.dumps(answer).encode() + b"\n" + pdf)
    answers.flush()


def clean(content: bytes, wanted: Sequence[int]) -> Cleaned:
    """The `wanted` pages (from 1) of a PDF; raises Refused."""
    with _opened(content) as source:
        count = len(source.pages)
        if not 0 < count <= MOST_PAGES:
            raise Refused("pdf_pages", count=count, most=MOST_PAGES)
        for number in wanted:
            if number > count:
                raise Refused("pdf_no_page", page=number, count=count)
        told: Told = [("pdf_left_behind", {})] if _has_more(source) else []
        unused = [number for number in range(1, count + 1) if number not in wanted]
        if unused:
            told.append(("pdf_unused", {"pages": unused}))
        for number in wanted:
            if _fields_without_print(source, source.pages[number - 1]):
                raise Refused("pdf_differs", page=number)
        _flatten(source)
        made = pikepdf.Pdf.new()
        for number in wanted:
            _take(source.pages[number - 1], number, made)
        _sanitise(made, wanted)
        written = io.BytesIO()
        made.save(written, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)
    pdf = written.getvalue()
    if len(pdf) > MOST_KEPT:
        raise Refused("pdf_large", kilobytes=len(pdf) // 1024, most=MOST_KEPT // 1024)
    return Cleaned(_looked_at(content, pdf, wanted, told), told, pdf)


def _opened(content: bytes) -> pikepdf.Pdf:
    if b"%PDF-" not in content[:1024]:
        raise Refused("pdf_format")
    try:
        source = pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Refused("pdf_locked") from None
    except pikepdf.PdfError:
        raise Refused("pdf_damaged") from None
    if source.is_encrypted:
        source.close()
        raise Refused("pdf_locked")
    if len(source.objects) > MOST_OBJECTS:
        source.close()
        raise Refused("pdf_heavy")
    return source


def _has_more(source: pikepdf.Pdf) -> bool:
    """Whether the file holds scripts, attachments, fields or moving things that paper does not."""
    root = source.Root
    names = root.get("/Names", pikepdf.Dictionary())
    here = any(name in root for name in ("/AcroForm", "/OpenAction", "/AA", "/Collection", "/AF"))
    return here or any(name in names for name in ("/JavaScript", "/EmbeddedFiles")) or any("/Annots" in page for page in source.pages)


def _fields_without_print(source: pikepdf.Pdf, page: pikepdf.Page) -> bool:
    """Whether a filled-in field leaves it to each program how its words look."""
    form = source.Root.get("/AcroForm", pikepdf.Dictionary())
    each_anew = bool(form.get("/NeedAppearances", False))
    fields = [note for note in page.obj.get("/Annots", pikepdf.Array()).as_list() if note.get("/Subtype") == "/Widget"]
    filled = [field for field in fields if field.get("/V", field.get("/Parent", pikepdf.Dictionary()).get("/V")) is not None]
    return any(each_anew or "/AP" not in field for field in filled)


def _flatten(source: pikepdf.Pdf) -> None:
    """Make print of what notes and filled-in fields show when they are printed."""
    if any("/Annots" in page for page in source.pages):
        source.flatten_annotations("print")


def _take(page: pikepdf.Page, number: int, made: pikepdf.Pdf) -> None:
    """Put one page upright on a page of its own size, as a form."""
    if float(page.obj.get("/UserUnit", 1)) != 1:
        raise Refused("pdf_outside", page=number)
    box = [float(side) for side in page.cropbox]
    page.MediaBox = page.CropBox = pikepdf.Array(box)
    for name in ("/TrimBox", "/BleedBox", "/ArtBox"):
        if name in page:
            del page[name]
    width, height = abs(box[2] - box[0]), abs(box[3] - box[1])
    if page.rotation % 180:
        width, height = height, width
    sides = width / POINTS_PER_MM, height / POINTS_PER_MM
    if min(sides) < LEAST_SIDE_MM or max(sides) > MOST_SIDE_MM:
        raise Refused("pdf_page_size", page=number, width=round(sides[0]), height=round(sides[1]))
    contents = page.obj.get("/Contents", pikepdf.Array())
    for stream in contents.as_list() if isinstance(contents, pikepdf.Array) else [contents]:
        _read_through(stream)  # what stands on the page is put together from these, as far as they go
    sheet = made.add_blank_page(page_size=(width, height))
    form = made.copy_foreign(page.as_form_xobject())
    whole = pikepdf.Rectangle(0, 0, width, height)
    drawn = sheet.calc_form_xobject_placement(
        form, pikepdf.Name("/Own"), whole, invert_transformations=False, allow_shrink=False, allow_expand=False
    )
    sheet.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Own=form))
    sheet.obj.Contents = made.make_stream(drawn)


def _sanitise(made: pikepdf.Pdf, wanted: Sequence[int]) -> None:
    """Take away what paper has no use for; refuse what reaches outside of the file."""
    for page, number in zip(made.pages, wanted, strict=True):
        for each in _reachable(page.obj.Resources):
            if isinstance(each, pikepdf.Stream) and ("/F" in each or "/FFilter" in each or each.get("/Subtype") == "/PS"):
                raise Refused("pdf_outside", page=number)
            if int(each.get("/Width", 0)) * int(each.get("/Height", 0)) > MOST_PIXELS:
                raise Refused("pdf_heavy")
            if isinstance(each, pikepdf.Stream):
                _read_through(each)
            for name in LEFT_BEHIND:
                if name in each:
                    del each[name]


def _read_through(stream: pikepdf.Object) -> None:
    """Raise Refused where what the stream holds cannot be unpacked to its end: a renderer would draw a part of it, or white paper, and say nothing."""
    try:
        _unpack(stream)
    except (OSError, SyntaxError, ValueError, zlib.error, pikepdf.PdfError, pikepdf.DataDecodingError):
        raise Refused("pdf_damaged") from None


def _unpack(stream: pikepdf.Object) -> None:
    from PIL import Image

    packing = stream.get("/Filter", pikepdf.Array())
    filters = [str(packing)] if isinstance(packing, pikepdf.Name) else [str(each) for each in packing.as_list()]
    if filters == ["/DCTDecode"]:
        with Image.open(io.BytesIO(stream.read_raw_bytes())) as picture:
            picture.load()
    elif filters == ["/FlateDecode"]:
        _inflate(stream.read_raw_bytes())
    elif filters and set(filters) <= UNPACKED:
        stream.read_bytes()


def _inflate(packed: bytes) -> None:
    """Unpack to the end, a piece at a time, and keep nothing."""
    unpacking = zlib.decompressobj()
    for start in range(0, len(packed), PIECE):
        unpacking.decompress(packed[start : start + PIECE])
        if unpacking.eof:
            return
    if packed:
        raise zlib.error("the end is missing")


def _reachable(start: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Every dictionary and stream below `start`, each once, but for those whose entries the file names as it likes: what these hold is among them."""
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[pikepdf.Object, int, str]] = [(start, 0, "")]
    visited = 0
    while waiting:
        each, depth, called = waiting.pop()
        visited += 1
        if depth > MOST_DEPTH or visited > 10 * MOST_OBJECTS:
            raise Refused("pdf_heavy")
        if each.is_indirect:
            if each.objgen in seen:
                continue
            seen.add(each.objgen)
        if isinstance(each, pikepdf.Array):
            inner = [(value, "") for value in each.as_list()]
        else:
            if isinstance(each, pikepdf.Stream) or called not in NAMED_BY_THE_FILE:
                yield each
            inner = [(value, name) for name, value in each.items() if name != "/Parent"]
        parts = pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream
        waiting += [(value, depth + 1, name) for value, name in inner if isinstance(value, parts)]


def _looked_at(content: bytes, pdf: bytes, wanted: Sequence[int], told: Told) -> list[dict[str, Any]]:
    """The facts of the cleaned pages, each compared with the teacher's own."""
    before, after = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument(pdf)
    try:
        return [facts(before[number - 1], after[place], number, told) for place, number in enumerate(wanted)]
    finally:
        after.close()
        before.close()


def _limit(name: str, most: int) -> None:
    """Set a limit where the system knows it; elsewhere the clock alone counts."""
    with suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        which: Any = getattr(resource, name)
        resource.setrlimit(which, (most, resource.getrlimit(which)[1]))

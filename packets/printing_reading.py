"""Reading matter for a print job: a PDF of somebody else's, set two pages to a side or as a booklet. A worksheet of ours is refused: it would be too small to read.

packets/print_command calls it. Pages of any size are fitted into half a sheet. Read again from its file each time; nothing is kept of it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.imposition import Imposition, booklet, sheets_of, two_up
from packets.layout import PageKind
from packets.printing import Way
from packets.printing_press import Paper
from packets.token import grouped, read_short_code, short_code
from records.errors import InputRefused
from records.files import explained, remove, write_bytes
from records.home import Home
from records.language import _
from records.schema import Page

MOST_PAGES = 400
CODE = re.compile(r"\b[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{5}\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """A piece of reading matter that was written: its source as it was named, its file relative to home, pages of the source, sheets of paper."""

    source: str
    file: str
    pages: int
    sheets: int


def print_reading(home: Home, folder: str, sources: Sequence[Path], way: Way) -> list[Reading]:
    """Write each source imposed, as reading-01.pdf and so on below `folder`, in the place of those that an earlier job wrote there.

    Raises InputRefused, with nothing written, where one cannot be. Without sources nothing is touched.
    """
    if not sources:
        return []
    made = [_imposed(home, source, way) for source in sources]
    files = [f"{folder}/reading-{number:02d}.pdf" for number in range(1, len(made) + 1)]
    for file, (_pages, _sheets, pdf) in zip(files, made, strict=True):
        write_bytes(home.path / file, pdf)
    for left in sorted((home.path / folder).glob("reading-*.pdf")):
        if f"{folder}/{left.name}" not in files:
            remove(left)
    return [
        Reading(home.named(source), file, pages, sheets) for source, file, (pages, sheets, _pdf) in zip(sources, files, made, strict=True)
    ]


def _imposed(home: Home, source: Path, way: Way) -> tuple[int, int, bytes]:
    """Pages of the source, sheets of paper, and the PDF."""
    with explained(source):
        content = source.read_bytes()
    with _explained(source), pikepdf.open(io.BytesIO(content)) as found:
        words = _words(content)
        count = len(found.pages)
        _refuse_unprintable(source, found, words)
        with home.database.read() as session:
            _refuse_worksheets(session, words, source)
        found.flatten_annotations("print")  # stamps, and what was filled into a form, belong to the page
        numbers = range(1, count + 1)
        sides = booklet(numbers) if way.imposition is Imposition.BOOKLET else two_up(numbers)
        paper = Paper()
        paper.fit(found, sides, way.duplex)
        return count, sheets_of(sides, way.duplex), paper.pdf()


@contextmanager
def _explained(source: Path) -> Iterator[None]:
    """Turn what two PDF libraries say of a file that they cannot read into a sentence."""
    try:
        yield
    except (pypdfium2.PdfiumError, pikepdf.PdfError, pikepdf.PasswordError) as failure:
        raise _unreadable(source) from failure


def _unreadable(source: Path) -> InputRefused:
    return InputRefused(
        _("{file} cannot be read as a PDF, or asks for a password.").format(file=source.name),
        _("Open it in another program and save it as a plain PDF."),
    )


def _words(content: bytes) -> list[str]:
    """The text of every page, as another library finds them."""
    with pypdfium2.PdfDocument(content) as document:
        return [page.get_textpage().get_text_range() for page in document]


def _refuse_unprintable(source: Path, found: pikepdf.Pdf, words: Sequence[str]) -> None:
    """Raise InputRefused where a file has no pages or too many, pages without a size, or pages of which only one library knows."""
    count = len(found.pages)
    if not count or count != len(words) or not all(_has_room(page) for page in found.pages):
        raise _unreadable(source)
    if count > MOST_PAGES:
        raise InputRefused(
            _("{file} has {count} pages; reading matter has {most} at most.").format(file=source.name, count=count, most=MOST_PAGES),
            _("Divide it into several files."),
        )


def _has_room(page: pikepdf.Page) -> bool:
    left, bottom, right, top = (float(side) for side in page.trimbox)
    return right != left and top != bottom


def _refuse_worksheets(session: Session, words: Sequence[str], source: Path) -> None:
    """Raise InputRefused where a page bears the short code of a worksheet of this desk."""
    codes = {found: number for number, text in enumerate(words, start=1) for found in map(read_short_code, CODE.findall(text)) if found}
    for identity, number in codes.items():
        kind = session.scalar(select(Page.kind).where(Page.id == identity))
        if kind == PageKind.WORKSHEET:
            raise InputRefused(
                _("Page {page} of {file} is the worksheet {code}: worksheets are never made smaller.").format(
                    page=number, file=source.name, code=grouped(short_code(identity))
                ),
                _("The scanner would misjudge its circles. Print packets at 100 %; --reading is for what is only read."),
            )

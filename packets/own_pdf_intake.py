"""A teacher's own PDF taken in beside the assignment: read once, its pages cleaned by a helper with limits, and kept within the assignment.

packets/authoring calls `take_in`. What is refused or told has its sentence here; what is looked at, in packets/own_pdf_cleaning.
"""

from __future__ import annotations

import base64
import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from packets.own_pdf import OwnPdf, TeacherPage, area
from records.language import N_, _

MOST_BYTES = 20 * 1024 * 1024
MOST_PLACED = 12  # pages of one assignment
SECONDS = 15  # of processor time that all pages together may take
WAIT = 3  # times that by the clock
MEMORY = 1536 << 20
_BEGIN = "import sys; sys.path[:0] = sys.argv[1:]; from packets.own_pdf_cleaning import serve; serve()"
_HEAVY = {-getattr(signal, name) for name in ("SIGXCPU", "SIGABRT", "SIGTRAP", "SIGILL", "SIGKILL") if hasattr(signal, name)}
_AGAIN = N_("Save it as PDF again from the program that made it, or print it to a PDF.")
_SAID = {
    "pdf_format": (N_("«{file}» is no PDF."), N_("Save it as PDF.")),
    "pdf_locked": (N_("«{file}» is locked with a password."), N_("Save it without a password.")),
    "pdf_damaged": (N_("«{file}» is damaged."), _AGAIN),
    "pdf_heavy": (N_("«{file}» takes too much time or memory to draw."), N_("Print it to a PDF, or place its pages as pictures.")),
    "pdf_pages": (N_("«{file}» has {count} pages; it may have 1 to {most}."), N_("Save only the pages that are wanted.")),
    "pdf_no_page": (N_("«{file}» has no page {page}; its last is {count}."), ""),
    "pdf_page_size": (N_("Page {page} of «{file}» has a size that cannot be placed ({width} x {height} mm)."), N_("Save it on pages of A4.")),
    "pdf_outside": (N_("Page {page} of «{file}» needs something that does not stand in the file."), _AGAIN),
    "pdf_large": (
        N_("The pages take {kilobytes} KB; at most {most} KB go into a packet."),
        N_("Save it with smaller pictures: 150 dots per inch are enough."),
    ),
    "pdf_differs": (
        N_("Page {page} of «{file}» would not look on the sheet as it does now: it has hidden layers or the like."),
        N_("Print it to a PDF and take that."),
    ),
    "pdf_ours": (
        N_("Page {page} of «{file}» is a sheet of a packet: its codes, and whose it is, would stand on every pupil's sheet."),
        N_("Take the teacher's own file; `poshta assignments preview` shows an assignment without codes."),
    ),
    "pdf_blank": (N_("Page {page} of «{file}» is blank."), N_("Leave it out.")),
}  # fmt: skip
_TOLD = {
    "pdf_left_behind": (N_("«{file}» holds more than pages: links, fields, notes, scripts or attachments. Only what is printed is taken."), ""),
    "pdf_unused": (N_("Not placed of «{file}»: pages {pages}."), ""),
    "pdf_fonts": (
        N_("Page {page} of «{file}» does not hold its fonts ({fonts}); another printer may put others in their place."),
        N_("Save it with embedded fonts (PDF/A)."),
    ),
    "pdf_dark": (N_("Page {page} of «{file}» is dark: it takes much toner, and pupils cannot write on it."), ""),
    "pdf_fine": (
        N_("A picture on page {page} of «{file}» has {dpi} dots per inch: finer than it can be printed."),
        N_("Save it with smaller pictures: 150 dots per inch are enough."),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A code, a sentence in the user's language, and what to do."""

    code: str
    text: str
    hint: str


class Refused(Exception):
    """A PDF that cannot be taken; the argument is what is said of it."""

    def __init__(self, said: Said) -> None:
        super().__init__(said.text)
        self.said = said


def take_in(name: str, folder: Path | None, pages: Sequence[int]) -> tuple[OwnPdf, list[Said]]:
    """The `pages` (from 1) of the PDF `name` in the assignment's folder, and what is to be told of them. Raises Refused."""
    content = _bytes_of(name, folder)
    wanted = sorted(set(pages))
    answer, pdf = _cleaned(content, wanted)
    if "refused" in answer:
        raise Refused(_say(_SAID, answer["refused"], name, answer["values"]))
    facts = tuple(TeacherPage(page["number"], page["width"], page["height"], area(page["ink"])) for page in answer["pages"])
    own = OwnPdf(name, hashlib.sha256(content).hexdigest(), facts, base64.b64encode(pdf).decode())
    return own, [_say(_TOLD, code, name, values) for code, values in answer["told"]]


def _cleaned(content: bytes, wanted: Sequence[int]) -> tuple[dict[str, Any], bytes]:
    """The helper's answer and the pages as PDF."""
    asked = json.dumps({"pages": list(wanted), "memory": MEMORY, "seconds": SECONDS}).encode() + b"\n"
    command = [sys.executable, "-P", "-c", _BEGIN, str(Path(__file__).resolve().parent.parent)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, input=asked + content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=WAIT * SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return {"refused": "pdf_heavy", "values": {}}, b""
    head, line, pdf = done.stdout.partition(b"\n")
    if done.returncode or not line:  # ended by the system: too long, too much, or a library that fell over it
        return {"refused": "pdf_heavy" if done.returncode in _HEAVY else "pdf_damaged", "values": {}}, b""
    answer: dict[str, Any] = json.loads(head)
    return answer, pdf


def _say(sentences: Mapping[str, tuple[str, str]], code: str, name: str, values: Mapping[str, Any]) -> Said:
    text, hint = sentences[code]
    shown = {key: ", ".join(map(str, value)) if isinstance(value, list) else value for key, value in values.items()}
    return Said(code, _(text).format(file=name, **shown), _(hint) if hint else "")


def _bytes_of(name: str, folder: Path | None) -> bytes:
    path = PurePosixPath(name)
    if folder is None or path.is_absolute() or ".." in path.parts or ":" in name or "\\" in name:
        hint = _("Put it into the folder of the assignment, or below, and write its name with /.")
        raise Refused(Said("pdf_place", _("«{file}» does not lie beside the assignment.").format(file=name), hint))
    file = folder / path
    try:
        if file.stat().st_size > MOST_BYTES:
            text = _("«{file}» has {size} MB; at most {most} MB are taken.")
            said = text.format(file=name, size=file.stat().st_size // 1024 // 1024, most=MOST_BYTES // 1024 // 1024)
            raise Refused(Said("pdf_large", said, _("Save it with smaller pictures: 150 dots per inch are enough.")))
        return file.read_bytes()
    except OSError:
        hint = _("It is sought beside the assignment: check the name, capital letters too.")
        raise Refused(Said("pdf_missing", _("There is no file «{file}».").format(file=name), hint)) from None

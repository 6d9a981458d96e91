"""What a cleaned page of a teacher's PDF looks like: whether it still looks as it did, where its print lies, what is to be told of it.

packets/own_pdf_cleaning calls this, in its process of its own. Speaks in codes, as that does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import zxingcpp
from pypdfium2 import raw

from packets.token import read_token

POINTS_PER_MM = 72 / 25.4
SEEN_DPI = 100  # at which a page is looked at
PRINTED_DPI = 200  # at which it must be drawn within the time, as its blank print will be
PAPER = 250  # greys from here on are paper
MARGIN_MM = 1.0  # round the ink that is kept
APART = 64  # greys between a point and all of those round its place
MOST_APART = 10  # points of a page: one small letter has more
FINE_DPI = 450  # pictures beyond it are finer than any printer of ours
DARK = 0.4  # of a page's ink area
FORMS = 8  # within each other, in which words and pictures are looked for
Grey = npt.NDArray[np.uint8]
Told = list[tuple[str, dict[str, Any]]]


class Refused(Exception):
    """A file or page that cannot be placed: a code, and the values of its sentence."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def facts(before: pypdfium2.PdfPage, after: pypdfium2.PdfPage, number: int, told: Told) -> dict[str, Any]:
    """A page's size and the area of its print in millimetres, as packets.own_pdf.TeacherPage stores them; `before` is the teacher's own. Raises Refused."""
    seen = _seen(after, SEEN_DPI)
    if not _has_fields(before) and _differ(_seen(before, SEEN_DPI), seen):
        raise Refused("pdf_differs", page=number)
    ink = seen < PAPER
    if not ink.any():
        raise Refused("pdf_blank", page=number)
    if _bears_our_code(seen):
        raise Refused("pdf_ours", page=number)
    per_mm = SEEN_DPI / 25.4
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    width, height = (side / POINTS_PER_MM for side in after.get_size())
    left, top = max(0.0, columns[0] / per_mm - MARGIN_MM), max(0.0, rows[0] / per_mm - MARGIN_MM)
    right, bottom = min(width, (columns[-1] + 1) / per_mm + MARGIN_MM), min(height, (rows[-1] + 1) / per_mm + MARGIN_MM)
    if 1 - float(seen[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].mean()) / 255 > DARK:
        told.append(("pdf_dark", {"page": number}))
    if (dpi := _finest(after)) > FINE_DPI:
        told.append(("pdf_fine", {"page": number, "dpi": round(dpi)}))
    if fonts := _borrowed(after):
        told.append(("pdf_fonts", {"page": number, "fonts": fonts}))
    _seen(after, PRINTED_DPI)
    sides = [round(side, 2) for side in (left, top, right, bottom)]
    return {"number": number, "width": round(width, 2), "height": round(height, 2), "ink": sides}


def _seen(page: pypdfium2.PdfPage, dpi: int) -> Grey:
    picture = page.render(scale=dpi / 72, grayscale=True, optimize_mode="print").to_numpy()
    return np.asarray(picture.reshape(picture.shape[:2]), np.uint8)


def _has_fields(page: pypdfium2.PdfPage) -> bool:
    """Whether the page has fields to fill in, which are drawn otherwise on a screen than on paper."""
    count = raw.FPDFPage_GetAnnotCount(page.raw)
    return any(_kind_of_note(page, place) == raw.FPDF_ANNOT_WIDGET for place in range(count))


def _kind_of_note(page: pypdfium2.PdfPage, place: int) -> int:
    note = raw.FPDFPage_GetAnnot(page.raw, place)
    kind = int(raw.FPDFAnnot_GetSubtype(note))
    raw.FPDFPage_CloseAnnot(note)
    return kind


def _differ(before: Grey, after: Grey) -> bool:
    """Whether one shows something that the other does not have within a point of its place."""
    if abs(before.shape[0] - after.shape[0]) > 2 or abs(before.shape[1] - after.shape[1]) > 2:
        return True
    high, wide = min(before.shape[0], after.shape[0]), min(before.shape[1], after.shape[1])
    one, other = before[:high, :wide], after[:high, :wide]
    return max(_alone(one, other), _alone(other, one)) > MOST_APART


def _alone(one: Grey, other: Grey) -> int:
    """How many points of one picture are darker, or lighter, than everything round their place in the other."""
    wider = np.pad(other, 1, mode="edge")
    high, wide = other.shape
    round_it = [wider[down : down + high, across : across + wide] for down in range(3) for across in range(3)]
    darkest, lightest = np.minimum.reduce(round_it).astype(np.int16), np.maximum.reduce(round_it).astype(np.int16)
    return int(np.count_nonzero((one < darkest - APART) | (one > lightest + APART)))


def _bears_our_code(seen: Grey) -> bool:
    """Whether a sheet of ours can be seen on the page: its codes would name another pupil's page beside our own."""
    qr = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return any(read_token(each.text) is not None for each in zxingcpp.read_barcodes(np.ascontiguousarray(seen), formats=qr))


def _finest(page: pypdfium2.PdfPage) -> float:
    """The highest resolution of the page's pictures, in dots per inch at 100 %."""
    finest = 0.0
    for each in page.get_objects(max_depth=FORMS):
        if isinstance(each, pypdfium2.PdfImage):
            a, b = each.get_matrix().get()[:2]
            wide = float(np.hypot(a, b))
            finest = max(finest, each.get_px_size()[0] * 72 / wide if wide else 0.0)
    return finest


def _borrowed(page: pypdfium2.PdfPage) -> list[str]:
    """The fonts in which words of the page are set though the file does not hold them."""
    found = (each.get_font() for each in page.get_objects(max_depth=FORMS) if isinstance(each, pypdfium2.PdfTextObj))
    return sorted({font.get_base_name() for font in found if not font.is_embedded})

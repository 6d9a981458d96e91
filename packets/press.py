"""The press: fixed pages drawn once, stamped into many packets; and the blank print that the reader subtracts.

packets/bundle stamps; packets/worksheet and packets/cover draw what is stamped. No database, no clock: the same pages give the same bytes.
"""

from __future__ import annotations

import io

import pypdfium2

from packets.layout import BLANK_DPI


def blank_png(pdf: bytes, page: int = 1, dpi: int = BLANK_DPI) -> bytes:
    """Page `page` (from 1) of a PDF as an 8-bit grey PNG of `dpi`."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[page - 1].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    finally:
        document.close()
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=False)
    return file.getvalue()

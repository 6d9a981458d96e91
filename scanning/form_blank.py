"""The blank print of a form from its PDF or picture, at scanning.form.PER_MM. scanning/form_file and scanning/form_draft_command call this."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from records.errors import InputRefused
from records.language import _
from scanning.form import PER_MM
from scanning.intake import Frame, Kind, Limits, Refused, Unreadable, frames, kind_of, refuse
from scanning.verdict import Grey

MM_PER_INCH, POINTS_PER_MM = 25.4, 72 / 25.4
LARGEST_MM = 450.0  # A3 and a little
UNEVEN = 0.02  # share by which height over width of the blank may differ from what the form says
COARSEST_PER_MM = 4.0  # a picture of the blank must be at least 100 dpi


def blank_of(file: Path, number: int, size_mm: tuple[float, float]) -> Grey:
    """Page `number` (from 1) of the blank, laid out on `size_mm`: (height, width) grey; raises InputRefused where it cannot be used."""
    grey, own_mm = read_blank(file, number)
    expected, found = size_mm[1] / size_mm[0], own_mm[1] / own_mm[0] if own_mm else grey.shape[0] / grey.shape[1]
    if abs(found / expected - 1) > UNEVEN:
        raise InputRefused(
            _("The blank {file} is not as wide and high as the form says: {width} × {height} mm.").format(
                file=file.name, width=size_mm[0], height=size_mm[1]
            ),
            _("Correct size_mm, or cut the picture at the edges of the paper and turn it upright."),
            code="blank_shape",
        )
    if grey.shape[1] < COARSEST_PER_MM * size_mm[0]:
        raise InputRefused(
            _("The blank {file} is too coarse: {dpi} dpi.").format(file=file.name, dpi=round(grey.shape[1] / size_mm[0] * MM_PER_INCH)),
            _("Scan the blank at 300 dpi, or take its PDF."),
            code="blank_coarse",
        )
    wanted = (round(size_mm[0] * PER_MM), round(size_mm[1] * PER_MM))
    shrinks = wanted[0] < grey.shape[1]
    return np.asarray(cv2.resize(grey, wanted, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR), np.uint8)


def read_blank(file: Path, number: int) -> tuple[Grey, tuple[float, float] | None]:
    """The blank as it is, and its size in millimetres where the file says it: a PDF by its page, a picture by its dots per inch."""
    limits = Limits()
    try:
        kind = kind_of(file, limits)
        if kind is Kind.PDF:
            return _drawn(file, number)
    except Unreadable as failure:
        raise _refused(refuse(file.name, failure.reason, limits)) from None
    (frame,) = frames(file, limits, file.name, (number,))
    if isinstance(frame, Refused):
        raise _refused(frame)
    return frame.image, _own_size(frame)


def page_count(file: Path) -> int:
    """How many pages the blank has; a picture that cannot be opened counts as one, and is refused where it is read."""
    limits = Limits()
    try:
        kind = kind_of(file, limits)
    except Unreadable:
        return 1
    return _pdf_pages(file) if kind is Kind.PDF else sum(1 for _frame in frames(file, limits, file.name))


def _own_size(frame: Frame) -> tuple[float, float] | None:
    if frame.dpi is None or frame.dpi < 72:
        return None
    height, width = frame.image.shape
    return (width / frame.dpi * MM_PER_INCH, height / frame.dpi * MM_PER_INCH)


def _drawn(file: Path, number: int) -> tuple[Grey, tuple[float, float]]:
    """A page of a PDF, drawn: a blank's lines are sharper so than in any picture of them."""
    import pypdfium2 as pdfium

    from scanning.documents import why_unopened

    try:
        document = pdfium.PdfDocument(file)
    except pdfium.PdfiumError as failure:
        raise Unreadable(why_unopened(file, failure)) from failure
    try:
        if not 1 <= number <= len(document):
            raise InputRefused(
                _("The blank {file} has no page {number}.").format(file=file.name, number=number),
                _("Correct blank_page; it counts from 1."),
                code="blank_page",
            )
        width, height = (float(each) / POINTS_PER_MM for each in document[number - 1].get_size())
        if max(width, height) > LARGEST_MM:
            raise Unreadable("too_many_pixels")
        drawn = document[number - 1].render(scale=PER_MM / POINTS_PER_MM, grayscale=True).to_numpy()
        return np.array(drawn, np.uint8).reshape(drawn.shape[:2]), (width, height)
    finally:
        document.close()


def _pdf_pages(file: Path) -> int:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(file)
    except pdfium.PdfiumError:
        return 1
    try:
        return len(document)
    finally:
        document.close()


def _refused(refused: Refused) -> InputRefused:
    return InputRefused(refused.text, _("Name a PDF, JPEG, PNG or TIFF file of the empty form."), code=refused.reason)

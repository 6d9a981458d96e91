"""The picture by which a person confirms a drawn answer: the question cut out of the scan, without anything drawn on it. scanning/audit_command asks.

It is kept as a file, so the head of the sheet, where the pupil's name stands, is cut off.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from sqlalchemy.orm import Session

from packets.layout import BODY_MM
from scanning.annotate import MM_PER_INCH
from scanning.intake import Limits
from scanning.review_pictures import DPI, PictureLost, Pictures, region_of, source_of

HEAD_MM = BODY_MM[1] - 2.0  # of the sheet: above it stands whose it is


class Scissors:
    """Cuts questions out of the sheets of a desk; `folder` is its home."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._pictures = Pictures(folder, limits)

    def cut(self, session: Session, scan: int | None, page: str, item: str) -> bytes:
        """The question as a grey PNG at 200 dpi, nothing of the sheet's head on it; no bytes where its original is gone or damaged."""
        try:
            source = source_of(session, scan, page)
            content = self._pictures.question(source, item)
        except PictureLost:
            return b""
        image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert image is not None, "cut out just now"
        head = max(round((HEAD_MM - region_of(source.layout, item)[1]) * DPI / MM_PER_INCH), 0)
        written, picture = cv2.imencode(".png", image[head:])
        assert written
        return picture.tobytes()

"""The picture by which a person confirms a drawn answer: the question cut out of the scan, without anything drawn on it. scanning/audit_command asks.

What is covered and cut off, scanning/review_pictures decides for all: nothing of the sheet's head, where the pupil's name stands.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from sqlalchemy.orm import Session

from scanning.intake import Limits
from scanning.review_pictures import PictureLost, Pictures, source_of


class Scissors:
    """Cuts questions out of the sheets of a desk; `folder` is its home."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._pictures = Pictures(folder, limits)

    def cut(self, session: Session, scan: int | None, page: str, item: str) -> bytes:
        """The question as a grey PNG at 200 dpi, nothing of the sheet's head on it; no bytes where its original is gone or damaged."""
        try:
            content = self._pictures.question(source_of(session, scan, page), item)
        except PictureLost:
            return b""
        image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert image is not None, "cut out just now"
        written, picture = cv2.imencode(".png", image)
        assert written
        return picture.tobytes()

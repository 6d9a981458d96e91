"""Sheets of ours whose codes nobody could read: their pictures, and a short code typed for each. The same as `poshta scan FILE --page CODE`.

scanning/review_app calls this. A picture that does not fit the page is refused by scanning/by_hand with a sentence, and nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from records import schema
from records.errors import NotFound
from records.home import Home
from records.language import _
from scanning.by_hand import file_by_hand
from scanning.filing import PageRow
from scanning.intake import Frame, Limits, frames
from scanning.review_pictures import QUALITY, PictureLost
from scanning.verdict import Grey, PageState
from scanning.words import reason_words

OURS = (
    "code_lost",
    "codes_disagree",
    "no_code",
    "does_not_fit",
    "mirrored",
    "several_sheets",
    "nothing_found",
    "key_missing",
    "seal_broken",
)
STATES = (PageState.UNREADABLE.value, PageState.UNSIGNED.value)
SIDE = 1600  # pixels of the longer side that are shown: enough to read a short code


@dataclass(frozen=True, slots=True)
class Nameless:
    """A sheet without a name: its scan, where its picture lies below the home, and why it has none."""

    scan: int
    original: str
    frame: int
    reason: str

    def as_json(self) -> dict[str, object]:
        """The sheet for the page's script."""
        return {"scan": self.scan, "reason": reason_words(self.reason)}


def nameless(session: Session) -> list[Nameless]:
    """The sheets that wait for a short code, as they came."""
    scan, original = schema.Scan, schema.Original
    wanted = select(scan.id, original.path, scan.frame, scan.reason).join(original, original.digest == scan.original)
    rows = session.execute(wanted.where(scan.state.in_(STATES), scan.reason.in_(OURS)).order_by(scan.id))
    return [Nameless(*row) for row in rows]


def picture_of(home: Home, session: Session, scan: int) -> bytes:
    """The picture on which the sheet lies, as a JPEG; raises PictureLost."""
    sheet = _sheet(session, scan)
    path = home.path / sheet.original
    for frame in frames(path, Limits.of(home.settings.scan), only=(sheet.frame,)) if path.is_file() else ():
        if isinstance(frame, Frame):
            return _shown(frame.image)
    raise PictureLost


def name_sheet(home: Home, scan: int, typed: str) -> PageRow:
    """File the sheet under the short code that was typed. Raises NotFound where it waits no more, and what `file_by_hand` raises."""
    with home.database.read() as session:
        sheet = _sheet(session, scan)
    return file_by_hand(home, home.path / sheet.original, typed, sheet.frame)


def _sheet(session: Session, scan: int) -> Nameless:
    found = next((each for each in nameless(session) if each.scan == scan), None)
    if found is None:
        raise NotFound(_("This sheet has a name by now."), _("Load the page of the review again."))
    return found


def _shown(image: Grey) -> bytes:
    times = SIDE / max(image.shape)
    if times < 1:
        size = (round(image.shape[1] * times), round(image.shape[0] * times))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    written, content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert written
    return content.tobytes()

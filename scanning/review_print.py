"""Printed review sheets: what waits for a person goes on paper, with its pictures, for a teacher without a computer. scanning/review_commands calls this.

packets/review_sheet knows where all stands; scanning/review_filing takes in what was filled. The same answers, waiting as they wait now, give the same sheets byte for byte. Files
first, then the rows that name them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import cv2
import numpy as np
from sqlalchemy.orm import Session

from packets.archive import keep_layouts
from packets.layout import PageKind
from packets.paper import Pen
from packets.review_sheet import NUMBER, SCORE, Form, Row, Shown, draw_form, draw_own, draw_sealed, in_sheets, printed_form, slot_of
from packets.subjects import subject_name
from packets.token import derive_page_id, short_code, write_token
from records import schema
from records.errors import NotFound
from records.files import digest, write_bytes
from records.home import Home
from records.journal import record
from records.keys import Key, current_key
from records.language import _, current_language
from records.named_files import Written, naming
from scanning.intake import Limits
from scanning.review_pictures import DPI, PictureLost, Pictures, source_of
from scanning.review_queue import POINTS, Case, Group
from scanning.review_words import printed_words

FOLDER = "reviews"
MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class _Placed:
    """A case with its row and what is printed on it."""

    case: Case
    row: Row
    shown: Shown


@dataclass(frozen=True, slots=True)
class Sheets:
    """What was printed: the PDF below the home, the ids of its pages, how many answers stand on them, how many have no picture any more."""

    file: str
    pages: tuple[str, ...]
    answers: int
    lost: int


def print_sheets(home: Home, groups: Sequence[Group], week: str, teacher: str) -> Sheets:
    """Print what waits. Raises NotFound where no answer has a picture, PartMissing without a key."""
    key, language = current_key(home.keys()), current_language()
    with home.database.read() as session:
        placed = list(_placed(home, session, groups))
    if not placed:
        raise NotFound(_("The pictures of these answers are not on the desk any more."), _("Scan the pages again, or decide them by hand."))
    sheets = list(_dealt(placed))
    forms = [Form(tuple(each.row for each in sheet), language) for sheet in sheets]
    ids = [
        _identity(key, week, teacher, number, form, sheet) for number, (form, sheet) in enumerate(zip(forms, sheets, strict=True), start=1)
    ]
    file = f"{FOLDER}/{week}/review-{teacher or 'all'}-{digest(','.join(ids).encode())[:8]}.pdf"
    content = _drawn(key, ids, forms, sheets, " · ".join(part for part in (week, teacher) if part))
    again = f"review print --week {week}" + (f" --teacher {teacher}" if teacher else "")
    with naming(home, {Written(file, again): {each.case.held.pupil or "" for each in placed} - {""}}):
        write_bytes(home.path / file, content)
    with home.database.write() as session:
        _keep(session, file, week, key, ids, forms, sheets)
    return Sheets(file, tuple(ids), len(placed), sum(len(group.cases) for group in groups) - len(placed))


def on_paper(groups: Sequence[Group]) -> tuple[list[Group], int]:
    """The groups that a sheet can ask for, and how many answers it cannot: a number with a comma or a minus has no columns on it."""
    kept = [group for group in groups if group.cases[0].kind != NUMBER or group.cases[0].most.isdigit()]
    return kept, sum(len(group.cases) for group in groups) - sum(len(group.cases) for group in kept)


def _placed(home: Home, session: Session, groups: Sequence[Group]) -> Iterator[_Placed]:
    cut = Pictures(home.path, Limits.of(home.settings.scan), on_paper=True)
    for group in groups:
        for case in group.cases:
            try:
                jpeg = cut.question(source_of(session, case.held.scan, case.held.page), case.held.item)
            except PictureLost:
                continue
            yield _fitted(group, case, jpeg)


def _fitted(group: Group, case: Case, jpeg: bytes) -> _Placed:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None, "cut out just now"
    height, width = picture.shape[:2]
    slot, size = slot_of((width * MM_PER_INCH / DPI, height * MM_PER_INCH / DPI))
    work = group.assignment
    subject = subject_name(work.subject, current_language())
    words = printed_words(case, subject, work.grade)
    return _Placed(case, _row(case, slot), Shown(words, jpeg, (width, height), size))


def _row(case: Case, slot: float) -> Row:
    if case.kind == NUMBER:
        return Row(NUMBER, len(case.most), slot)
    if case.kind == POINTS:
        return Row(SCORE, int(Decimal(case.most)), slot)
    return Row(case.kind, len(case.options), slot)


def _dealt(placed: Sequence[_Placed]) -> Iterator[Sequence[_Placed]]:
    start = 0
    for count in in_sheets([each.row for each in placed]):
        yield placed[start : start + count]
        start += count


def _identity(key: Key, week: str, teacher: str, number: int, form: Form, sheet: Sequence[_Placed]) -> str:
    """An id by what is printed, so that a run that was killed repeats itself."""
    shown = ",".join(str(each.case.held.id) for each in sheet)
    return derive_page_id(key, f"review/{week}/{teacher}/{number}/{printed_form(form)[0].digest}/{shown}")


def _drawn(key: Key, ids: Sequence[str], forms: Sequence[Form], sheets: Sequence[Sequence[_Placed]], title: str) -> bytes:
    pen = Pen(title="review")
    for number, (page, form, sheet) in enumerate(zip(ids, forms, sheets, strict=True), start=1):
        draw_form(pen, form)
        draw_own(pen, form, [each.shown for each in sheet], title)
        draw_sealed(pen, (write_token(key, page, 0), write_token(key, page, 1)), page, number, len(ids), form.language)
        pen.end_page()
    return pen.pdf()


def _keep(
    session: Session, file: str, week: str, key: Key, ids: Sequence[str], forms: Sequence[Form], sheets: Sequence[Sequence[_Placed]]
) -> None:
    """The sheets as pages of ours, and which answer each row is about; what is kept already stays."""
    made = [printed_form(form) for form in forms]
    keep_layouts(session, {layout.digest: (layout, blank) for layout, blank in made})
    new = [number for number, page in enumerate(ids) if session.get(schema.Page, page) is None]
    for number in new:
        session.add(_page(ids[number], file, week, number + 1, len(ids), made[number][0].digest, key.id))
    session.flush()
    for number in new:
        for item, each in enumerate(sheets[number], start=1):
            held = each.case.held
            session.add(schema.ReviewItem(sheet=ids[number], item=str(item), page=held.page, question=held.item, answer=held.id))
    if new:
        record(session, "review.print", week, file=file, sheets=len(new), answers=sum(len(sheets[number]) for number in new))


def _page(page: str, file: str, week: str, number: int, of: int, layout: str, key: str) -> schema.Page:
    return schema.Page(
        id=page,
        short_code=short_code(page),
        kind=PageKind.REVIEW.value,
        week=week,
        number=number,
        of=of,
        pdf=file,
        pdf_page=number,
        layout=layout,
        key_id=key,
    )

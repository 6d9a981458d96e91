"""A person's words to a pupil, checked and kept: `poshta grades comment`, the page of `scan review`, and a review that comes home.

The words go to records/comments, the act into the journal by page and question only. What is printed of them, and where, packets/cover decides.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from records import schema
from records.comments import MOST_LETTERS, WHOLE_PAGE, say, standing_comments
from records.errors import InputRefused, NotAllowed, NotFound
from records.grades import item_order, standing
from records.journal import Entry, record
from records.language import _
from records.undo import in_the_way
from scanning.amend import page_typed

ACT = "grades.comment"
PAGE = "page"  # what a person types in the place of a question's number


@dataclass(frozen=True, slots=True)
class Commented:
    """What stands now: `record` its number, `words` empty where the comment was taken back, `told_in` the packet whose cover told the one before."""

    page: str
    short_code: str
    item: str
    words: str
    record: int
    changed: bool
    told_in: str | None


def comment(session: Session, typed_page: str, item: str, typed: str) -> Commented:
    """Let the words stand beside an answer (or `page`: the page) until others take their place; none take them back.

    Raises NotFound for an unknown page or question, NotAllowed where nothing of it has been read, InputRefused for words that cannot be printed.
    """
    page = page_typed(session, typed_page)
    place = _place(session, page, item.strip())
    words = printable(typed)
    before = standing_comments(session, {page.id}).get((page.id, place))
    if before is None and not words:
        return Commented(page.id, page.short_code, place, "", 0, False, None)
    superseded, number = say(session, page.id, place, words)
    changed = superseded != number
    if changed:
        record(session, ACT, page.id, item=place, record=number, superseded=superseded)
    return Commented(page.id, page.short_code, place, words, number, changed, before.told_in if before else None)


def printable(typed: str) -> str:
    """The words on one line, as a cover prints them. Raises InputRefused where they are too long or hold a letter that the font lacks."""
    from packets.paper import missing_letters  # with fonts: `undo` does without them

    words = " ".join(unicodedata.normalize("NFC", typed).split())
    if len(words) > MOST_LETTERS:
        raise InputRefused(
            _("A comment has at most {most} letters; this one has {count}.").format(most=MOST_LETTERS, count=len(words)),
            _("Say it more shortly: it is printed on the pupil's cover."),
            code="too_long",
        )
    letters = missing_letters(words) or "".join(each for each in words if unicodedata.category(each) in ("Cc", "Cf"))
    if letters:
        names = ", ".join(dict.fromkeys(f"U+{ord(each):04X}" if not each.isprintable() else each for each in letters))
        raise InputRefused(
            _("The printed font has no letter {letter}.").format(letter=names), _("Write it without."), code="missing_letter"
        )
    return words


def take_back(session: Session, entry: Entry) -> Mapping[str, Any]:
    """Let stand again what stood before the act; raises NotAllowed where something newer stands, or a cover has told it."""
    row = session.get(schema.Comment, entry.details["record"])
    if row is None:
        raise in_the_way(_("the pupil was forgotten"))
    now = standing_comments(session, {row.page}).get((row.page, row.item))
    if row.words != (now.words if now else ""):  # what was undone after it may have brought the same words back
        raise in_the_way(_("there is a newer comment"))
    if now is not None and now.told_in is not None:
        raise in_the_way(_("it is printed on the cover of the packet {packet}").format(packet=now.told_in))
    before = session.get(schema.Comment, entry.details["superseded"]) if entry.details["superseded"] else None
    words, told_in = (before.words, before.told_in) if before is not None else ("", None)
    _superseded, number = say(session, row.page, row.item, words, told_in)
    return {"item": row.item, "record": number}


def _place(session: Session, page: schema.Page, item: str) -> str:
    """The item as it is kept, which must have been read."""
    held = standing(session, page.id)
    if not held:
        raise NotAllowed(
            _("Nothing of the page {page} has been read: there is nothing to comment on.").format(page=page.short_code),
            _("Scan it first."),
        )
    if item == PAGE:
        return WHOLE_PAGE
    if item not in held:
        raise NotFound(
            _("There is no question {item} on this page.").format(item=item),
            _("The page has {items}.").format(items=", ".join(sorted(held, key=item_order))),
        )
    return item

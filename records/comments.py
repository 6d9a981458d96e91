"""Words to a pupil on an answer, or on a page as a whole: said by a person, printed on the pupil's next cover. Superseded, never updated.

scanning/comment writes them, packets/planning asks which ones a cover is to tell, packets/bundle notes whose cover tells them. The text stands here and
nowhere else: not in the journal, not in a file's name; `pupils forget` deletes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from records.calendar import now
from records.errors import Busy
from records.language import _
from records.lifecycle import PacketState
from records.schema import Comment, Packet, Page

MOST_LETTERS = 300  # some five lines of a cover
FEW = 500  # codes that a database is asked for by name
WHOLE_PAGE = ""  # stands in the place of an item
_PENDING = 0  # as in records.grades


@dataclass(frozen=True, slots=True)
class Said:
    """A comment that stands. `item` is empty where it is about the page; `told_in` the packet on whose cover it is printed."""

    id: int
    page: str
    item: str
    words: str
    told_in: str | None


def standing_comments(session: Session, pages: Collection[str]) -> dict[tuple[str, str], Said]:
    """What stands of these pages, by page and item; what was taken back is not there."""
    found: dict[tuple[str, str], Said] = {}
    asked = sorted(pages)
    for start in range(0, len(asked), 500):
        wanted = select(Comment).where(Comment.page.in_(asked[start : start + 500]), Comment.superseded_by.is_(None), Comment.words != "")
        found |= {(row.page, row.item): _said(row) for row in session.scalars(wanted)}
    return found


def say(session: Session, page: str, item: str, words: str, told_in: str | None = None) -> tuple[int | None, int]:
    """Let `words` be what is said; empty takes it back. Answers the ids of the row that stood (None: none) and of the one that stands.

    `told_in` only where what was printed before is restored. The same words again change nothing. Raises Busy where another got in between.
    """
    before = session.scalar(select(Comment).where(Comment.page == page, Comment.item == item, Comment.superseded_by.is_(None)))
    if before is not None and before.words == words:
        return before.id, before.id
    if before is not None:
        freed = update(Comment).where(Comment.id == before.id, Comment.superseded_by.is_(None)).values(superseded_by=_PENDING)
        if session.execute(freed).rowcount != 1:  # type: ignore[attr-defined]
            raise Busy(_("Another program has just decided the same answer."), _("Run the same command again."))
    row = Comment(page=page, item=item, words=words, made_at=now(), told_in=told_in)
    session.add(row)
    session.flush()
    if before is not None:
        session.execute(update(Comment).where(Comment.id == before.id).values(superseded_by=row.id))
    return (None if before is None else before.id), row.id


def to_tell(session: Session, pupils: Collection[str], week: str) -> dict[str, list[Said]]:
    """What a cover of `week` that is built now has to tell, by pupil and in order: what stands and is printed on no cover that counts.

    Covers that were withdrawn have told nothing; one of the same week that has not left is the one that is being built again.
    """
    wanted = _with_pupil().outerjoin(Packet, Packet.code == Comment.told_in)
    wanted = wanted.where(Comment.superseded_by.is_(None), Comment.words != "")
    again = and_(Packet.week == week, Packet.state == PacketState.BUILT.value)
    wanted = wanted.where(or_(Comment.told_in.is_(None), Packet.state == PacketState.VOID.value, again))
    asked = set(pupils)
    if len(asked) <= FEW:
        wanted = wanted.where(Page.pupil.in_(asked))
    found: dict[str, list[Said]] = {}
    for row, pupil in session.execute(wanted):
        if pupil is not None and pupil in asked:
            found.setdefault(pupil, []).append(_said(row))
    return found


def told_by(session: Session, week: str, packets: Collection[str] | None = None) -> dict[str, list[Said]]:
    """What is printed on the covers of a week, or of these packets of it, by packet: as it is printed there, whatever was said since."""
    found: dict[str, dict[tuple[str, str], Said]] = {}
    wanted = _with_pupil().join(Packet, Packet.code == Comment.told_in).where(Packet.week == week)
    if packets is not None and len(packets) <= FEW:
        wanted = wanted.where(Comment.told_in.in_(packets))
    for row, _pupil in session.execute(wanted):
        found.setdefault(row.told_in or "", {}).setdefault((row.page, row.item), _said(row))
    return {packet: list(each.values()) for packet, each in found.items()}


def stands(session: Session, comments: Iterable[int]) -> bool:
    """Whether each of these still stands, so that a cover may tell it."""
    asked = set(comments)
    wanted = select(Comment.id).where(Comment.id.in_(asked), Comment.superseded_by.is_(None))
    return not asked or set(session.scalars(wanted)) == asked


def note_told(session: Session, printed: Mapping[str, Collection[int]]) -> None:
    """Note which comments the covers of these packets tell, in place of what earlier covers of theirs told."""
    if not printed:
        return
    before = update(Comment).where(Comment.told_in.in_(printed)).values(told_in=None)
    session.execute(before, execution_options={"synchronize_session": False})
    for packet, comments in printed.items():
        if comments:
            session.execute(update(Comment).where(Comment.id.in_(comments)).values(told_in=packet))


def forget_comments(session: Session, pupil: str) -> None:
    """Delete all that was ever said to a pupil."""
    session.execute(delete(Comment).where(Comment.page.in_(select(Page.id).where(Page.pupil == pupil))))


def _with_pupil() -> Select[Comment, str | None]:
    return select(Comment, Page.pupil).join(Page, Page.id == Comment.page).order_by(Comment.id)


def _said(row: Comment) -> Said:
    return Said(row.id, row.page, row.item, row.words, row.told_in)

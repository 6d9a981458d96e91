"""What is said on the command line, read as the cells of lists are read; and the refusal of what is no place. Called by the commands of this room and of those above."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from records.errors import Complaint, UsageRefused
from records.language import _
from records.schema import Packet, Pupil, Settlement
from settlements.cells import Reader
from settlements.codes import is_kato, scope_prefix
from settlements.mending import Mended
from settlements.refusal import CellRefused


def require_place(*places: str) -> None:
    """Raise UsageRefused where one of `places`, to which an answer is narrowed, is neither empty nor of the form of a KATO code: nobody would be found there, and nothing said of it."""
    for text in (each for each in places if each and not is_kato(each)):
        raise UsageRefused(
            _("«{value}» is not a KATO code.").format(value=text),
            _("A KATO code has nine digits and begins with 1 to 7; `poshta settlements find NAME` tells that of a place."),
        )


def unknown_places(session: Session, *places: str) -> list[Complaint]:
    """A complaint, which refuses nothing, about each of `places` below which this desk knows no village, pupil or packet: an empty list would say that all is well there."""
    return [_unknown(place) for place in dict.fromkeys(places) if place and not _known(session, place)]


def _known(session: Session, place: str) -> bool:
    beginning = scope_prefix(place)
    below = (table.kato.startswith(beginning, autoescape=True) for table in (Settlement, Pupil, Packet))
    return any(session.scalar(select(exists().where(each))) for each in below)


def _unknown(place: str) -> Complaint:
    text = _("This desk knows no village, pupil or packet below {place}.").format(place=place)
    return Complaint("unknown_place", text, _("`poshta settlements find NAME` tells the code of a place."), value=place, refused=False)


def narrowest(district: str, village: str) -> str:
    """The village, or without one the district, each by its KATO code; empty where neither is said. Raises UsageRefused as `require_place` does, and for a village elsewhere."""
    require_place(district, village)
    if village and district and not village.startswith(scope_prefix(district)):
        raise UsageRefused(
            _("The village {village} is not below {district}.").format(village=village, district=district), _("Leave one of them out.")
        )
    return village or district


def said(read: Reader, text: str, needed: str = "") -> Any:
    """`text` as the reader of that column takes it. Raises UsageRefused for what it refuses, and for nothing where the option `needed` wants a word."""
    if needed and not text:
        raise UsageRefused(_("--{option} says nothing.").format(option=needed), _("Write the new value, or leave the option out."))
    try:
        found = read(text)
    except CellRefused as refusal:
        raise UsageRefused(refusal.text, refusal.hint) from None
    return found.value if isinstance(found, Mended) else found

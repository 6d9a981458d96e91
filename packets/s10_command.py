"""`poshta packets s10`: note the number that the post stuck on a packet. Numbers are read off the sticker, never made up here."""

from __future__ import annotations

import re
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from packets.archive import packet_named
from records import journal
from records.desk import desk_of
from records.errors import InputRefused, NotAllowed
from records.language import _
from records.lifecycle import PacketState
from records.postal_numbers import let_go, postal_number, tie, tied
from records.schema import PostalItem
from records.terminal import Answer

HOME = "KZ"


def s10(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="The packet's code.")],
    number: Annotated[str, typer.Argument(help="The number on the sticker: two letters, nine digits, KZ.")],
    instead: Annotated[bool, typer.Option("--instead", help="It takes the place of the number that was noted before.")] = False,
) -> Answer:
    """Note the number that the post stuck on a packet; its check digit must be right. Safe to run twice."""
    right = checked(number)
    with desk_of(context).opened() as home, home.database.write() as session:
        packet = packet_named(session, code.strip())
        if packet.state is PacketState.VOID:
            raise NotAllowed(
                _("The packet {code} is withdrawn.").format(code=packet.code), _("`poshta packets show CODE` tells what happened.")
            )
        before = _others(session, packet.code, right, instead)
        changed = tie(session, right, packet=packet.code)
        if changed or before:
            journal.record(session, "packets.s10", packet.code, number=right, before=before)
    told = _("The packet {code} travels under {number}.").format(code=packet.code, number=right)
    return Answer({"packet": packet.code, "number": right, "changed": changed, "before": before}, [told])


def checked(text: str) -> str:
    """The number in capitals without spaces; raises InputRefused, and tells whether its form, its country or its check digit is wrong."""
    right = postal_number(text)
    if right is not None and right.endswith(HOME):
        return right
    hint = _("Look at the sticker again: two letters, nine digits, KZ. The last digit checks the eight before it.")
    plain = re.sub(r"[\s-]", "", text).upper()
    if right is not None:
        sentence = _("«{number}» is a number of another country's post.")
    elif re.fullmatch(r"\w{2}[0-9]{9}[A-Z]{2}", plain):
        sentence = _("«{number}» cannot be right: its check digit does not fit.")
    else:
        sentence = _("«{number}» is no number of a postal item.")
    raise InputRefused(sentence.format(number=text.strip()), hint, code="s10")


def _others(session: Session, packet: str, number: str, instead: bool) -> list[str]:
    """Numbers noted for the packet before, which are let go of with `instead`; raises NotAllowed where one stands in the way."""
    known = tied(session, number)
    if known is not None and known.packet not in (None, packet):
        raise NotAllowed(
            _("The number {number} is noted for the packet {code} already.").format(number=number, code=known.packet),
            _("Look at both stickers; a wrong one is replaced with --instead."),
        )
    mine = select(PostalItem).where(PostalItem.packet == packet, PostalItem.number != number)
    rows = list(session.scalars(mine.order_by(PostalItem.number)))
    if rows and not instead:
        raise NotAllowed(
            _("The packet {code} travels under {number} already.").format(code=packet, number=rows[0].number),
            _("Say --instead where that number was wrong, or the post stuck on another."),
        )
    before = [row.number for row in rows]
    for each in before:
        let_go(session, each)
    return before

"""`poshta grades comment`: words to a pupil on an answer or a page, for the next cover. Results are returned, not printed."""

from __future__ import annotations

from typing import Annotated

import typer

from packets.token import grouped
from records.desk import desk_of
from records.language import _
from records.terminal import Answer
from scanning.comment import Commented, comment


def register_comment(group: typer.Typer) -> None:
    """Hang the command on the words of `grades`."""
    group.command("comment")(comment_)


def comment_(
    context: typer.Context,
    page: Annotated[str, typer.Argument(metavar="PAGE", help="The page's id, or the short code beside its QR code.")],
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The question's number; `page` for the page as a whole.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help='What the pupil is to read, at most 300 letters; "" takes it back.')],
) -> Answer:
    """Say something to a pupil: it is printed on the next cover, and stands in the teacher's return."""
    with desk_of(context).opened() as home, home.database.write() as session:
        said = comment(session, page, item, text)
    data = {
        "page": said.page,
        "short_code": said.short_code,
        "item": said.item or "page",
        "changed": said.changed,
        "text": said.words,
        "printed_before": said.told_in,
    }
    return Answer(data, _lines(said))


def _lines(said: Commented) -> list[str]:
    if not said.changed:
        return [_("That is what is recorded already; nothing was changed.")]
    code = grouped(said.short_code)
    if said.words:
        lines = [_("The pupil will read it on the next cover: {text}").format(text=said.words)]
    else:
        lines = [_("The comment on the page {page} was taken back.").format(page=code)]
    if said.told_in:
        lines.append(_("What was said before stands on the cover of the packet {packet}.").format(packet=said.told_in))
    return lines

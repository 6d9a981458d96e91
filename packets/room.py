"""Room for a written answer in an assignment file, and what earns points there, checked and turned into the fields that packets.kinds stores.

packets/parts calls these. The points are read there, since they are the number of the teacher's bubbles.
"""

from __future__ import annotations

from typing import Any

from packets.document import Listing
from packets.fields import Fields
from packets.markdown import unsupported, unsupported_inline
from records.language import _

MOST_LINES = 25
LOWEST_FRAME, HIGHEST_FRAME = 20, 150  # millimetres


def read_room(fields: Fields, kind: str) -> dict[str, Any]:
    """Ruled lines, or the height of a frame in millimetres and whether it is squared."""
    if kind == "lines":
        return {"lines": fields.whole("lines", 1, MOST_LINES)}
    squares = {"squares": True} if fields.truth("squares") else {}
    return {"frame": fields.whole("frame", LOWEST_FRAME, HIGHEST_FRAME)} | squares


def read_short(fields: Fields) -> dict[str, Any]:
    """The words that are expected on one line: one text, or a list of which any will do; for whoever gives the points, never printed."""
    return {"short": _told(fields, "short")}


def read_rubric(fields: Fields) -> dict[str, Any]:
    """What earns how many points, where the teacher says so."""
    rubric = _told(fields, "rubric") if fields.has("rubric") else ""
    return {"rubric": rubric} if rubric else {}


def _told(fields: Fields, name: str) -> str | None:
    """Markdown for whoever gives the points; a list becomes a list of it."""
    listing = fields.mapping.fields.get(name)
    if not isinstance(listing, Listing):
        return fields.words(name, unsupported)
    if not listing.items:
        fields.complain("empty_field", name, _("The field «{field}» is empty.").format(field=name))
    lines = []
    for path, scalar in fields.scalars(name, listing):
        fields.check_letters(scalar, path)
        fields.check_markdown(scalar, path, unsupported_inline)
        lines.append(f"- {' '.join(scalar.text.split())}")
    return "\n".join(lines)

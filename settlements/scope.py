"""What is said on the command line, read as the cells of lists are read. Called by the commands of this room."""

from __future__ import annotations

from typing import Any

from records.errors import UsageRefused
from records.language import _
from settlements.cells import Reader
from settlements.codes import is_kato
from settlements.mending import Mended
from settlements.refusal import CellRefused


def require_kato(text: str) -> None:
    """Raise UsageRefused where `text` is neither empty nor of the form of a KATO code."""
    if text and not is_kato(text):
        raise UsageRefused(_("«{value}» is not a KATO code.").format(value=text), _("A KATO code has nine digits and begins with 1 to 7."))


def said(read: Reader, text: str, needed: str = "") -> Any:
    """`text` as the reader of that column takes it. Raises UsageRefused for what it refuses, and for nothing where the option `needed` wants a word."""
    if needed and not text:
        raise UsageRefused(_("--{option} says nothing.").format(option=needed), _("Write the new value, or leave the option out."))
    try:
        found = read(text)
    except CellRefused as refusal:
        raise UsageRefused(refusal.text, refusal.hint) from None
    return found.value if isinstance(found, Mended) else found

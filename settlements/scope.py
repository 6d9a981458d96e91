"""Which part of the country a command is about, as it is said on the command line. Called by the commands of this room."""

from __future__ import annotations

from records.errors import UsageRefused
from records.language import _
from settlements.codes import is_kato


def require_kato(text: str) -> None:
    """Raise UsageRefused where `text` is neither empty nor of the form of a KATO code."""
    if text and not is_kato(text):
        raise UsageRefused(_("«{value}» is not a KATO code.").format(value=text), _("A KATO code has nine digits and begins with 1 to 7."))

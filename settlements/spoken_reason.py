"""The reason that a person gives beside an act: kept with it, never in the journal. Short, and no place for who a person is.

settlements/outages, routing/closures and routing/note_commands ask.
"""

from __future__ import annotations

from records.errors import UsageRefused
from records.language import _
from settlements.codes import holds_iin

LONGEST_WHY = 200


def require_short_reason(why: str) -> None:
    """Raise UsageRefused where the reason is too long, or holds an IIN."""
    if len(why) > LONGEST_WHY or holds_iin(why):
        raise UsageRefused(
            _("--why holds up to {letters} letters and no IIN.").format(letters=LONGEST_WHY),
            _("Say what is the matter in a few words, without naming people."),
        )

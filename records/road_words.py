"""A manifest's fields in words: what a person is told where programs get `s3.outcome`.

routing/track_commands, routing/note_commands and scanning/words say it; the same names stand on the paper (routing/manifest_form).
"""

from __future__ import annotations

import re

from records.language import N_, _
from records.road_checks import ALL_BACK, BACK, ODOMETER_END, ODOMETER_START, OUTCOME

KIND_WORDS = {OUTCOME: N_("what happened"), BACK: N_("packets taken back")}
WHOLE_WORDS = {
    ODOMETER_START: N_("odometer at the start"),
    ODOMETER_END: N_("odometer at the end"),
    ALL_BACK: N_("packets counted back at the office"),
}
_FIELD = re.compile(r"(?:x(?P<supplement>[1-9]\d*)\.)?s(?P<stop>[1-9]\d*)\.(?P<kind>outcome|back)")


def field_words(item: str) -> str:
    """The field in the language of the desk: stop 3, what happened. An item that no manifest has is answered as it is."""
    if item in WHOLE_WORDS:
        return _(WHOLE_WORDS[item])
    found = _FIELD.fullmatch(item)
    if found is None:
        return item
    kind = _(KIND_WORDS[found["kind"]])
    if found["supplement"]:
        return _("supplement {supplement}, stop {stop}, {field}").format(supplement=found["supplement"], stop=found["stop"], field=kind)
    return _("stop {stop}, {field}").format(stop=found["stop"], field=kind)

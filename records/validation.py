"""What is wrong with one value, in the user's language: pydantic's findings as phrases that end a sentence.

records/settings and records/commandline use it; any room whose files are checked by pydantic may. Places and values are told by the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from records.language import N_, _

REASONS = {
    "missing": N_("it is missing."),
    "extra_forbidden": N_("there is no such name; check its spelling."),
    "int_parsing": N_("a whole number is needed."),
    "int_type": N_("a whole number is needed."),
    "int_from_float": N_("a whole number is needed."),
    "float_parsing": N_("a number is needed."),
    "float_type": N_("a number is needed."),
    "decimal_parsing": N_("a number is needed."),
    "bool_parsing": N_("true or false is needed."),
    "bool_type": N_("true or false is needed."),
    "string_type": N_("a text is needed."),
    "date_parsing": N_("a date as 2026-10-05 is needed."),
    "date_from_datetime_parsing": N_("a date as 2026-10-05 is needed."),
    "list_type": N_("a list is needed."),
    "tuple_type": N_("a list is needed."),
    "dict_type": N_("a table of names and values is needed."),
    "model_type": N_("a table of names and values is needed."),
    "greater_than_equal": N_("it must be {ge} or more."),
    "greater_than": N_("it must be more than {gt}."),
    "less_than_equal": N_("it must be {le} or less."),
    "less_than": N_("it must be less than {lt}."),
    "literal_error": N_("it must be one of: {expected}."),
    "enum": N_("it must be one of: {expected}."),
    "string_pattern_mismatch": N_("it does not have the right form ({pattern})."),
    "string_too_short": N_("it is too short."),
    "string_too_long": N_("it is longer than {max_length} letters."),
}


def reason_of(error: Mapping[str, Any]) -> str:
    """The phrase for one of pydantic's `errors()`; pydantic's own English words where the kind is not in the table."""
    if error["type"] == "value_error":  # of our own validators: a phrase marked with N_
        return _(str(error["ctx"]["error"]))
    phrase = REASONS.get(error["type"])
    return _(phrase).format(**error.get("ctx", {})) if phrase else str(error["msg"])

"""Every foreseen failure: a sentence, what to do next, and an exit code.

Rooms raise these; cli.py is the one place that turns them into text or JSON and an exit code. Messages are already in the
user's language when they get here (see records.language); nothing here prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """What the process answers to the shell; the numbers are part of the contract (docs/contract.md)."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    WAITING = 3
    REFUSED = 4
    SETTINGS = 5
    NOT_FOUND = 6
    NOT_ALLOWED = 7
    BUSY = 8
    SCHEMA = 9
    INTEGRITY = 10
    NO_ROOM = 11
    PART_MISSING = 12
    NO_PLAN = 13
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with what came in, or one doubt, told so that a person can mend it.

    `row` counts from 1 as the spreadsheet or text editor shows it; `value` is what stood there. `code` is a stable English
    word for programs; `text` and `hint` are sentences in the user's language. Complaints are shown, never journalled.
    """

    code: str
    text: str
    hint: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    refused: bool = True

    def as_json(self) -> dict[str, object]:
        """The complaint as an entry of `errors`; empty fields are left out."""
        fields: dict[str, object] = {"code": self.code, "text": self.text}
        for name in ("hint", "file", "sheet", "row", "column", "value"):
            value = getattr(self, name)
            if value not in ("", None):
                fields[name] = value
        return fields


class PoshtaError(Exception):
    """A failure that was foreseen. `message` says what happened, `hint` what to do, `complaints` where."""

    exit_code: ExitCode = ExitCode.UNEXPECTED
    code: str = "unexpected"

    def __init__(self, message: str, hint: str = "", complaints: tuple[Complaint, ...] = (), code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.complaints = complaints
        if code:
            self.code = code

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (type(self), (self.message, self.hint, self.complaints, self.code))


class UsageRefused(PoshtaError):
    """The command line asks for something that makes no sense (a week that does not exist)."""

    exit_code = ExitCode.USAGE
    code = "usage"


class InputRefused(PoshtaError):
    """A file or value was read, understood and refused; nothing was changed."""

    exit_code = ExitCode.REFUSED
    code = "refused"


class SettingsInvalid(PoshtaError):
    """A setting has a value that cannot be used."""

    exit_code = ExitCode.SETTINGS
    code = "settings"


class NotFound(PoshtaError):
    """What was named does not exist here."""

    exit_code = ExitCode.NOT_FOUND
    code = "not_found"


class NotAllowed(PoshtaError):
    """It exists, but its state forbids this act."""

    exit_code = ExitCode.NOT_ALLOWED
    code = "not_allowed"


class Busy(PoshtaError):
    """Another program holds the database or the file; trying again later is right."""

    exit_code = ExitCode.BUSY
    code = "busy"


class SchemaMismatch(PoshtaError):
    """The database was made by another version of this program."""

    exit_code = ExitCode.SCHEMA
    code = "schema"


class IntegrityFailed(PoshtaError):
    """Something stored is not what was stored: a digest, a reference or a seal does not fit."""

    exit_code = ExitCode.INTEGRITY
    code = "integrity"


class NoRoom(PoshtaError):
    """The disk is full."""

    exit_code = ExitCode.NO_ROOM
    code = "no_room"


class PartMissing(PoshtaError):
    """A part of the program or of the desk is not there: a key, a font, a library."""

    exit_code = ExitCode.PART_MISSING
    code = "part_missing"


class NoPlan(PoshtaError):
    """No plan satisfies the rules."""

    exit_code = ExitCode.NO_PLAN
    code = "no_plan"


class Interrupted(PoshtaError):
    """The user stopped the command."""

    exit_code = ExitCode.INTERRUPTED
    code = "interrupted"

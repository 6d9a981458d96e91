"""What the reader says: an answer is Chosen, Blank or Doubt; a page has one state and a reason. Frozen, pure, picklable.

scanning/page makes these from pixels; scanning/batch writes them into the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from packets.layout import Layout, PageKind
from records.keys import Key

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from scanning.payloads import Payloads

Grey: TypeAlias = "npt.NDArray[np.uint8]"  # (height, width), 0 black to 255 white, rows downwards
Colour: TypeAlias = (
    "npt.NDArray[np.uint8]"  # (height, width, 3): blue, green, red; of the same picture as a Grey, many times smaller perhaps
)


class Picture(NamedTuple):
    """A decoded picture in grey, the dots per inch that it claims, and where it came in colour, its colours."""

    image: Grey
    dpi: float | None
    colour: Colour | None = None


class DoubtReason(StrEnum):
    """Why an answer waits for a person (DESIGN section 4)."""

    TWO_MARKS = "two_marks"
    FAINT = "faint"
    ERASED = "erased"
    CROSSED_OUT = "crossed_out"
    TORN = "torn"
    STAINED = "stained"
    OUT_OF_PLACE = "out_of_place"
    GAP = "gap"  # an empty digit column after a digit
    OTHER_PEN = "other_pen"  # red or green, where others of the page's marks are not


@dataclass(frozen=True, slots=True)
class Chosen:
    """The pupil's answer. One value; several, sorted, where several may be marked; a number is one text without leading zeros."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """Nothing is marked, and nothing looks like it."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A person decides. `candidates` are the readings that the marks allow, the likeliest first."""

    reason: DoubtReason
    candidates: tuple[str, ...] = ()


Judgement = Chosen | Blank | Doubt


class PageState(StrEnum):
    """What became of one sheet in one picture (DESIGN section 4)."""

    READ = "read"
    DOUBTFUL = "doubtful"
    DUPLICATE = "duplicate"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"
    VOID = "void"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    REFUSED = "refused"


MEASUREMENTS = 1  # the format of PageVerdict.measurements: another number where an older page cannot be judged like a new one
FAULT = "fault_"  # begins the reason of a sheet at which the program failed


def fault(failure: Exception) -> str:
    """The reason of a sheet at which the program failed; its end names the kind of failure."""
    return f"{FAULT}{type(failure).__name__}"


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """One question's judgement; a score strip that nobody has filled yet is Blank here.

    `confidence`: how likely the reading (of a doubt: its first candidate) is what was meant, 0 to 1; None where no box had to be weighed.
    """

    item: str
    judgement: Judgement
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """One sheet. `reason` is a stable English word, empty where the state says all.

    `measurements` are plain JSON values, enough to judge the page again without the paper: the transform from millimetres to
    pixels, the alignment error, and for each box its ink, its darkest tenth and its diagonals.
    """

    state: PageState
    reason: str = ""
    page_id: str | None = None
    items: tuple[ItemVerdict, ...] = ()
    error_mm: float | None = None
    measurements: dict[str, Any] = field(default_factory=dict)
    part: int = 1


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """What the desk knows of a page that it printed; `key_id` names the key that sealed it."""

    id: str
    kind: PageKind
    layout: str
    key_id: str
    void: bool = False


class PageBook(Protocol):
    """The printed pages as the reader may look them up: injected, so that the reader knows no database."""

    @property
    def keys(self) -> Sequence[Key]:
        """The desk's keys."""
        ...

    def page(self, page_id: str) -> PrintedPage | None:
        """The page with that id, if this desk printed one."""
        ...

    def payloads(self) -> Payloads:
        """What is printed in the codes of the pages that are out: asked only for a sheet of ours whose codes nobody can decode."""
        ...

    def layout(self, digest: str) -> Layout:
        """The geometry with that digest."""
        ...

    def blank(self, digest: str) -> Grey:
        """The blank print of that layout at packets.layout.BLANK_DPI, without codes and personal words."""
        ...

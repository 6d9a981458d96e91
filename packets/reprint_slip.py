"""The slip before pages that are printed again: which they are, by when they should be back, and that one copy is enough. It stays with the pupil.

packets/reprint draws it. It bears codes and no name, and no QR code: whoever sends it back in the envelope does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from packets.cover_voice import HEADING, LARGE_HEADING, LARGE_SMALL, LARGE_TEXT, SMALL, TEXT
from packets.paper import PALE, Face, Pen, width_mm
from packets.questions import LEFT, RIGHT, WIDTH
from packets.subjects import subject_name
from packets.token import grouped
from packets.typeset import Type, draw_line, plain, wrap
from records.language import N_, date_until, page_language, translate

TOP, BOTTOM = 28.0, 275.0
CODE_MM, APART_MM = 40.0, 5.0  # the column of the short code; between columns


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One page: its number of how many in the packet, its short code, whose subject and what title."""

    number: int
    of: int
    short_code: str
    subject: str
    title: str


@dataclass(frozen=True, slots=True)
class SlipWords:
    """All that a slip says; `language` is the pupil's."""

    packet: str
    pupil: str
    week: str
    language: str
    large: bool
    return_by: date
    hotline: str
    lines: tuple[SlipLine, ...]


def draw_slip(words: SlipWords) -> bytes:
    """The slip as a PDF of A4 pages; one page holds some forty lines."""
    heading, text, small = (LARGE_HEADING, LARGE_TEXT, LARGE_SMALL) if words.large else (HEADING, TEXT, SMALL)
    slip = _Slip(words, text)
    slip.say(slip.word(N_("Pages printed again")), heading, bold=True, after=1.5)
    named = slip.word(N_("Study week {week}"), week=words.week)
    slip.say(f"{named} · {words.packet} · {words.pupil}", small, after=3.0)
    by = date_until(words.return_by, page_language(words.language))
    slip.say(
        slip.word(N_("These pages have not reached us. Fill them in, and give them to the postman by {date}."), date=by), text, after=3.0
    )
    for line in words.lines:
        slip.line(line)
    slip.gap(3.0)
    slip.say(
        slip.word(N_("If you have sent them already, or if the first copy turns up: one is enough. Whichever comes first counts.")), text
    )
    slip.say(slip.word(N_("Keep this sheet; it need not come back.")), text, after=3.0)
    slip.say(slip.word(N_("Hotline: {number}, free of charge"), number=words.hotline), text, bold=True)
    return slip.done()


class _Slip:
    """Sets lines from the top down, on as many pages as they need."""

    def __init__(self, words: SlipWords, text: Type) -> None:
        self._language = page_language(words.language)
        self._text = text
        self._pen = Pen(title=words.packet)
        self._y = TOP
        numbers = (self._number(line) for line in words.lines)
        self._room_mm = max((width_mm(number, text.size, Face.BOLD) for number in numbers), default=0.0) + APART_MM

    def word(self, message: str, **fields: object) -> str:
        return translate(message, self._language).format(**fields)

    def gap(self, height: float) -> None:
        self._y += height

    def say(self, sentence: str, type_: Type, bold: bool = False, after: float = 1.0) -> None:
        for line in wrap(plain(sentence, bold), WIDTH, type_):
            self._room(type_.leading)
            draw_line(self._pen, line, LEFT, self._y + type_.baseline, type_)
            self._y += type_.leading
        self._y += after

    def line(self, line: SlipLine) -> None:
        """One page: number, subject and title, short code."""
        type_ = self._text
        name = subject_name(line.subject, self._language)
        rows = wrap((*plain(name, bold=True), *plain(f"  {line.title}")), WIDTH - self._room_mm - CODE_MM, type_)
        self._room(len(rows) * type_.leading + 1.4)
        baseline = self._y + type_.baseline
        self._pen.text(LEFT, baseline, self._number(line), type_.size, Face.BOLD)
        self._pen.text(RIGHT, baseline, grouped(line.short_code), min(type_.size, 11), align="right")
        for row in rows:
            draw_line(self._pen, row, LEFT + self._room_mm, self._y + type_.baseline, type_)
            self._y += type_.leading
        self._pen.line(LEFT, self._y + 0.7, RIGHT, self._y + 0.7, 0.15, PALE)
        self._y += 1.4

    def done(self) -> bytes:
        self._pen.end_page()
        return self._pen.pdf()

    def _number(self, line: SlipLine) -> str:
        return self.word(N_("Page {number} of {of}"), number=line.number, of=line.of)

    def _room(self, height: float) -> None:
        if self._y + height > BOTTOM:
            self._pen.end_page()
            self._y = TOP

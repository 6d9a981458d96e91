"""What the cells of a list of lent devices may hold: inventory numbers, kinds of device, days. Pure.

Called by settlements/columns, as settlements/cells for the other lists; `poshta loans lend` takes the same numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from records.calendar import today
from records.language import _
from settlements import cells
from settlements.letters import folded
from settlements.mending import Mended, read_as
from settlements.refusal import CellRefused

KIND_WORDS: Mapping[str, tuple[str, ...]] = {  # as they are written in lists, folded; the beginning of a word is enough
    "computer": ("computer", "pc", "laptop", "notebook", "компьютер", "ноутбук", "пк", "моноблок", "хромбук", "chromebook"),
    "tablet": ("tablet", "ipad", "планшет"),
    "phone": ("phone", "telephone", "smartphone", "телефон", "смартфон"),
    "tv": ("tv", "television", "тв", "телевизор", "теледидар"),
    "radio": ("radio", "радио"),
    "modem": ("modem", "router", "модем", "роутер", "маршрутизатор"),
    "other": ("other", "другое", "прочее", "иное", "баска"),
}
SHORTEST_BEGINNING = 4  # letters
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: \d{2}:\d{2}(?::\d{2})?)?")
_WRITTEN = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?: ?(?:г|ж)\.?)?")


def device(text: str) -> str:
    """An inventory number: it stands in the journal for ever, so that a name, which has no digit, is refused."""
    number = str(cells.vehicle(" ".join(text.split())))
    if number and not any(sign.isdigit() for sign in number):
        raise CellRefused("device", _("«{value}» is no inventory number.").format(value=number), _("It has at least one digit."))
    return number


def kind(text: str) -> str | Mended:
    """A kind of device: its word, or a description that begins with one or holds just one («Планшет Samsung Tab A7»), which is told."""
    plain = folded(text)
    if not plain:
        return ""
    exact = next((name for name, known in KIND_WORDS.items() if plain in known), "")
    if exact:
        return exact
    words = re.findall(r"[^\W\d_]+", plain)
    found = {name for name, known in KIND_WORDS.items() if any(_is_meant(word, known) for word in words)}
    if len(found) == 1:
        return read_as(text, found.pop())
    raise CellRefused(
        "device_kind",
        _("«{word}» is no kind of device.").format(word=text),
        _("Choose from: {choices}.").format(choices=", ".join(KIND_WORDS)),
    )


def _is_meant(word: str, known: tuple[str, ...]) -> bool:
    """Whether a word of a description is one of those, or a longer one that begins so: планшеты, but not пкс."""
    return any(word == each or (len(each) >= SHORTEST_BEGINNING and word.startswith(each)) for each in known)


def day(text: str) -> date | None:
    """A day, 2026-09-15 or 15.09.2026, not later than today; None where the cell is empty."""
    if not text:
        return None
    iso, written = _ISO.fullmatch(text), _WRITTEN.fullmatch(text)
    parts = [int(part) for part in iso.groups()] if iso else [int(part) for part in written.groups()[::-1]] if written else []
    try:
        found = date(parts[0], parts[1], parts[2])
    except (IndexError, ValueError):
        raise CellRefused("day", _("«{value}» is not a day.").format(value=text), _("Write it as 15.09.2026 or 2026-09-15.")) from None
    if found > today():
        raise CellRefused(
            "day_ahead", _("The day {day} lies ahead.").format(day=found), _("Correct the day: only what has happened is noted.")
        )
    return found

"""The columns of a timetable of lessons, what they may be called, and what a cell of each may hold. Pure.

packets/lesson_list reads by them, through settlements/intake; docs/lessons.md is checked against them by a test.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from packets.on_air import MEDIA
from packets.subjects import SUBJECTS
from records.calendar import StudyWeek
from records.errors import UsageRefused
from records.language import N_, _
from settlements import cells
from settlements.columns import Column, ListKind
from settlements.mending import Mended, read_as
from settlements.refusal import CellRefused

LONGEST_TITLE, LONGEST_LINK = 120, 120
MEDIA_WORDS = {
    "tv": ("tv", "television", "тв", "телевидение", "телеканал", "теледидар", "телеарна"),
    "radio": ("radio", "радио", "радиоканал"),
    "web": ("web", "online", "internet", "platform", "site", "платформа", "сайт", "интернет", "онлайн"),
}
MEDIA_LABELS = {"tv": N_("television"), "radio": N_("radio"), "web": N_("platform")}
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: 00:00(?::00)?)?")
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:\s*(?:г|ж)\.?)?")
_TIME = r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::00)?"
_SPAN = re.compile(rf"{_TIME}\s*[-–—]\s*{_TIME}")


def day_of(text: str) -> date | None:
    """A date as 2026-10-06 or 06.10.2026; None where the cell is empty."""
    if not text:
        return None
    iso, dotted = _ISO.fullmatch(text), _DOTTED.fullmatch(text)
    parts = iso.groups() if iso else dotted.groups()[::-1] if dotted else ()
    try:
        return date(*map(int, parts))
    except (TypeError, ValueError):
        raise CellRefused("date", _("«{value}» is not a date.").format(value=text), _("Write it as 2026-10-06 or 06.10.2026.")) from None


def weekdays(text: str) -> Any:
    """Days of the week as in other lists; a dash is no day."""
    return "" if text in ("-", "–", "—") else cells.days(text)


def week_of(text: str) -> str:
    """A study week."""
    if not text:
        return ""
    try:
        return str(StudyWeek.parse(text))
    except UsageRefused as refused:
        raise CellRefused("week", refused.message, refused.hint) from None


def time_of(text: str) -> str | Mended:
    """A time of day as HH:MM; of «10:20–10:40» the beginning, which is told. Empty where the cell is."""
    if not text:
        return ""
    span = _SPAN.fullmatch(text)
    found = span or re.fullmatch(_TIME, text)
    if found is None:
        raise CellRefused("time", _("«{value}» is not a time of day.").format(value=text), _("Write it as 10:20."))
    begins = f"{int(found[1]):02d}:{found[2]}"
    return read_as(text, begins) if span else begins


def medium_of(text: str) -> str:
    """tv, radio or web, by any of its words; empty where nothing is said."""
    bare = text.casefold().rstrip(".")
    for medium, words in MEDIA_WORDS.items():
        if bare in words:
            return medium
    if bare:
        raise CellRefused(
            "medium", _("«{value}» is neither television nor radio nor a platform.").format(value=text), _("Write tv, radio or web.")
        )
    return ""


def subject_of(text: str) -> str:
    """A subject by its code or by its name in any language of the program."""
    bare = " ".join(text.casefold().split())
    if bare in SUBJECTS:
        return bare
    named = [code for code, names in SUBJECTS.items() if bare in (name.casefold() for name in names)]
    if named:
        return named[0]
    hint = _("Write its code or its name, as in math; docs/assignments.md lists them.")
    raise CellRefused("subject", _("There is no subject «{value}».").format(value=text), hint)


def title_of(text: str) -> Any:
    """One line of words."""
    if len(text) > LONGEST_TITLE:
        raise CellRefused("too_long", _("The text is longer than {count} letters.").format(count=LONGEST_TITLE), _("Shorten it."))
    return cells.words(text)


def link_of(text: str) -> str:
    """An address or a code, as it is to be typed."""
    if len(text) > LONGEST_LINK or any(not letter.isprintable() for letter in text):
        raise CellRefused("too_long", _("The text is longer than {count} letters.").format(count=LONGEST_LINK), _("Shorten it."))
    return text


assert set(MEDIA_WORDS) == set(MEDIA)
LESSONS = ListKind(
    "lessons",
    (
        Column("date", day_of, ("day of the month", "дата", "күні", "дата урока", "сабақ күні")),
        Column("day", weekdays, ("weekday", "day of the week", "день", "день недели", "апта күні", "күн")),
        Column("week", week_of, ("study week", "неделя", "учебная неделя", "апта", "оқу аптасы")),
        Column("time", time_of, ("begins", "время", "время начала", "начало", "уақыты", "уақыт", "басталуы")),
        Column("channel", cells.words, ("канал", "телеканал", "арна", "телеарна", "станция", "платформа", "platform"), required=True),
        Column("medium", medium_of, ("kind", "type", "вид", "тип", "где", "түрі")),
        Column("subject", subject_of, ("предмет", "код предмета", "пән", "пәні", "пән коды"), required=True),
        Column("grade", cells.grades, ("class", "класс", "сынып", "сыныбы", "grades", "классы", "сыныптар", "сыныптары"), required=True),
        Column(
            "language",
            cells.language,
            ("language of instruction", "язык", "язык обучения", "тілі", "тіл", "оқыту тілі", "оқу тілі"),
            required=True,
        ),
        Column("title", title_of, ("topic", "lesson", "тема", "тема урока", "урок", "тақырып", "тақырыбы", "сабақ", "сабақтың тақырыбы")),
        Column("link", link_of, ("code", "url", "address", "ссылка", "код", "адрес", "сілтеме", "коды", "мекенжай")),
    ),
    any_of=(),
)

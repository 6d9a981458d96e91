"""Words in Kazakh, Russian and English: gettext catalogues, and the order of the Kazakh alphabet.

The English sentence in the code is the key. `_` translates into the language of the person at the desk; `translate` into
the language of a printed page; `N_` only marks a sentence for later. Catalogues stand in records/locale/LANGUAGE/ROOM.po,
one for each room, and are read as they are: there is no compiled copy that could be stale.
"""

from __future__ import annotations

import gettext
import io
import locale
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("kk", "ru", "en")
CATALOGUES = Path(__file__).parent / "locale"
KAZAKH_DATIVE = ("ға", "ға", "ға", "ге", "ға", "ға", "ге", "ға", "ке", "ға", "ға", "ға")  # of қаңтар ... желтоқсан
KAZAKH_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"

_current: ContextVar[str] = ContextVar("poshta_language", default="en")


def N_(message: str) -> str:
    """Mark `message` for the catalogues without translating it here."""
    return message


def _(message: str) -> str:
    """`message` in the language of the person at the desk."""
    return catalogue(_current.get()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a counted sentence that fits `count`, in the language of the person at the desk."""
    return catalogue(_current.get()).ngettext(one, many, count)


def translate(message: str, language: str) -> str:
    """`message` in `language`; languages without a catalogue (uz, ug, tg) fall back to Kazakh."""
    return catalogue(page_language(language)).gettext(message)


def ntranslate(one: str, many: str, count: int, language: str) -> str:
    """A counted sentence in `language`, which falls back like `translate`."""
    return catalogue(page_language(language)).ngettext(one, many, count)


def in_both(message: str) -> str:
    """A word in Kazakh and Russian for papers that everybody reads: «Кімге / Кому»; once where they are the same."""
    kazakh, russian = translate(message, "kk"), translate(message, "ru")
    return kazakh if kazakh == russian else f"{kazakh} / {russian}"


def page_language(language: str) -> str:
    """The language of covers and instructions for a pupil taught in `language` (DESIGN section 3)."""
    return language if language in LANGUAGES else "kk"


def current_language() -> str:
    """The language of the person at the desk: kk, ru or en."""
    return _current.get()


def set_language(language: str) -> None:
    """Use `language` (kk, ru or en) for everything that `_` says from here on."""
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}, not one of {LANGUAGES}")
    _current.set(language)


def system_language(environment: Mapping[str, str] = os.environ) -> str:
    """The first of kk, ru, en that the operating system is set to; English where it says nothing."""
    names = [environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    with suppress(ValueError):  # some systems name a locale that Python does not know
        names.append(locale.getlocale()[0] or "")
    heads = {"kk": "kk", "ru": "ru", "en": "en", "kazakh": "kk", "russian": "ru", "english": "en"}
    for name in names:
        head = re.split(r"[._@-]", name)[0].lower()
        if head in heads:
            return heads[head]
    return "en"


def catalogue_files(language: str) -> list[Path]:
    """The .po files of `language`, one for each room."""
    return sorted((CATALOGUES / language).glob("*.po"))


@lru_cache(maxsize=8)
def catalogue(language: str) -> gettext.NullTranslations:
    """All rooms' words of `language` as one gettext catalogue; English needs none."""
    files = catalogue_files(language)
    if language == "en" or not files:
        return gettext.NullTranslations()
    merged = Catalog(locale=language)
    for file in files:
        with file.open("rb") as source:
            for message in read_po(source, locale=language):
                if message.id:
                    merged.add(message.id, message.string)
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def alphabetical(text: str) -> tuple[tuple[int, ...], str]:
    """A sort key in the order of the Kazakh alphabet, which also holds every Russian letter; Latin stands before it."""
    ranks = tuple(_rank(letter) for letter in text.casefold())
    return ranks, text


def _rank(letter: str) -> int:
    place = KAZAKH_ALPHABET.find(letter)
    return 0x10000 + place if place >= 0 else min(ord(letter), 0xFFFF)


def long_date(day: date, language: str) -> str:
    """A date with the month's name: «2026 жылғы 5 қазан», «5 октября 2026 г.», «5 October 2026»."""
    form = {"kk": "y 'жылғы' d MMMM", "ru": "d MMMM y 'г'.", "en": "d MMMM y"}[page_language(language)]
    return format_date(day, format=form, locale=page_language(language))


def date_until(day: date, language: str) -> str:
    """A date as it stands before «дейін» and after «до» or «by»: Kazakh sets the month into the dative, «2026 жылғы 5 қазанға»."""
    written = long_date(day, language)
    return written + KAZAKH_DATIVE[day.month - 1] if page_language(language) == "kk" else written


def short_date(day: date) -> str:
    """A date as forms in Kazakhstan print it: dd.mm.yyyy."""
    return day.strftime("%d.%m.%Y")

"""Columns that hold two things at once, as lists have them: a whole name, both coordinates. Pure.

Called by settlements/rows for lists whose heading has such a column in the place of the two that the contract names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from records.language import _
from settlements.coordinates import pair
from settlements.refusal import CellRefused, person_name

FULL_NAME = (
    "фио",
    "ф и о",
    "фио ученика",
    "ф и о ученика",
    "фио учащегося",
    "фио обучающегося",
    "фио ребенка",
    "фамилия имя",
    "фамилия и имя",
    "фамилия имя отчество",
    "фамилия имя ученика",
    "ученик",
    "учащийся",
    "аты жөні",
    "тегі аты",
    "тегі мен аты",
    "тегі аты жөні",
    "тегі аты әкесінің аты",
    "оқушының аты жөні",
    "оқушы",
    "т а ә",
    "full name",
    "pupil name",
    "last name first name",
)
GIVEN_NAME_FIRST = ("имя фамилия", "имя и фамилия", "аты тегі", "аты мен тегі", "first name last name")
COORDINATES = (
    "coordinates",
    "координаты",
    "координаттар",
    "координаттары",
    "координаталар",
    "gps",
    "широта долгота",
    "ендік бойлық",
    "lat lon",
    "latitude longitude",
)

Divided = tuple[Mapping[str, str], str]


@dataclass(frozen=True, slots=True)
class Joint:
    """A column in the place of several: `divide` gives the texts of `parts` and a sentence, or raises CellRefused."""

    name: str
    parts: tuple[str, ...]
    divide: Callable[[str], Divided]
    synonyms: tuple[str, ...]


def last_name_first(text: str) -> Divided:
    """Last name, first name, and whatever follows them, which is told."""
    last, first, rest = _name_words(text)
    return {"last_name": last, "first_name": first}, _divided_name(last, first, rest)


def first_name_first(text: str) -> Divided:
    """First name, last name, and whatever follows them, which is told."""
    first, last, rest = _name_words(text)
    return {"last_name": last, "first_name": first}, _divided_name(last, first, rest)


def coordinates(lat: str, lon: str) -> Callable[[str], Divided]:
    """A divider of both coordinates into the columns `lat` and `lon`."""

    def divide(text: str) -> Divided:
        if not text:
            return {lat: "", lon: ""}, ""
        found = pair(text)
        if found is None:
            hint = _("Write latitude and longitude, as in 54.5, 70.1.")
            raise CellRefused("number", _("«{value}» is not a pair of coordinates.").format(value=text), hint)
        return dict(zip((lat, lon), found, strict=True)), _("It was read as latitude {lat}, longitude {lon}.").format(
            lat=found[0], lon=found[1]
        )

    return divide


def _name_words(text: str) -> tuple[str, str, str]:
    words = re.sub(r"^\d{1,4}\s*[.)]\s*", "", text).replace(",", " ").split()
    if len(words) == 1:
        hint = _("Write last name and first name, with a space between them.")
        raise CellRefused("one_name", _("«{value}» is one name only.").format(value=text), hint)
    person_name(" ".join(words))
    first, second, *rest = words or ["", ""]
    return first, second, " ".join(rest)


def _divided_name(last: str, first: str, rest: str) -> str:
    if not last:
        return ""
    if rest:
        return _("It was read as last name {last}, first name {first}; «{rest}» was left out.").format(last=last, first=first, rest=rest)
    return _("It was read as last name {last}, first name {first}.").format(last=last, first=first)

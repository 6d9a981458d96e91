"""Whether villages are what and where their codes say: against the classifier, and against the boundaries of districts, where loaded.

Called by settlements/check. Nothing is changed; each problem is a Complaint with a stable code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from records.errors import Complaint
from records.language import _, current_language
from settlements.boundaries import FAR_OUTSIDE_METRES, Boundaries, in_the_caspian
from settlements.codes import district_of, is_place
from settlements.kato import Classifier, bare_name
from settlements.register import Village

SAME_PLACE_DIGITS = 4  # of degrees: eleven metres


def check_places(
    villages: Iterable[Village], classifier: Classifier | None, boundaries: Boundaries | None, on: date
) -> Iterator[Complaint]:
    """Every problem of codes and coordinates, village by village."""
    known = list(villages)
    for village in known:
        yield from _level(village)
        if classifier is not None:
            yield from _code(village, classifier, on)
        if boundaries is not None and (classifier is None or village.kato in classifier.units):
            yield from _position(village, boundaries)
    yield from _twins(known)


def problem(code: str, value: str, text: str, hint: str = "") -> Complaint:
    """A complaint about what is in the register already; `value` is the code of the village or office."""
    return Complaint(code, text, hint, value=value, refused=False)


def _level(village: Village) -> Iterator[Complaint]:
    if not is_place(village.kato):
        text = _("{kato} ({name}) is the code of a district or region, not of a place where people live.")
        hint = _("Find the village's own code: `poshta settlements find NAME`.")
        yield problem("wrong_level", village.kato, text.format(kato=village.kato, name=_name(village)), hint)


def _code(village: Village, classifier: Classifier, on: date) -> Iterator[Complaint]:
    unit = classifier.units.get(village.kato)
    named = {"kato": village.kato, "name": _name(village), "edition": classifier.edition}
    if unit is None:
        moved = classifier.successor(village.kato, on)
        if moved:
            text = _("The code {kato} of the village {name} has moved: it is {new} now.").format(new=moved, **named)
            yield problem("code_moved", village.kato, text, _("Import the village and its pupils under the new code."))
            return
        text = _("The code {kato} of the village {name} is not in the classifier {edition}.").format(**named)
        district = classifier.successor(district_of(village.kato), on)
        hint = _("Find the right one: `poshta settlements find NAME`.")
        if district:
            hint = _("Its district has the code {district} now: `poshta settlements find NAME --within {district}`.").format(
                district=district
            )
        yield problem("code_unknown", village.kato, text, hint)
        return
    ours = {bare_name(name) for name in (village.name_kk, village.name_ru) if name}
    theirs = {bare_name(unit.name_kk), bare_name(unit.name_ru)}
    if ours and not ours & theirs:
        text = _("{kato} is called {name} in the register and {other} in the classifier.")
        yield problem(
            "name_differs",
            village.kato,
            text.format(other=unit.name(current_language()), **named),
            _("Names change, but a wrong code sends packets elsewhere: check it."),
        )


def _position(village: Village, boundaries: Boundaries) -> Iterator[Complaint]:
    if village.lat is None or village.lon is None:
        return
    outside = boundaries.metres_outside(village.kato, village.lat, village.lon)
    if outside <= FAR_OUTSIDE_METRES:
        return
    named = {"kato": village.kato, "name": _name(village), "km": round(outside / 1000)}
    found = boundaries.at(village.lat, village.lon)
    hint = _("Check the coordinates and the code: one of them is another village's.")
    if found is not None:
        district = found.name_ru if current_language() == "ru" else found.name_kk
        text = _("The village {name} ({kato}) lies in the district {district}, {km} km outside of its own.")
        yield problem("in_wrong_district", village.kato, text.format(district=district, **named), hint)
    elif boundaries.metres_from_land(village.lat, village.lon) <= FAR_OUTSIDE_METRES:
        text = _("The village {name} ({kato}) lies {km} km outside of its district.")
        yield problem("in_wrong_district", village.kato, text.format(**named), hint)
    elif in_the_caspian(village.lat, village.lon):
        text = _("The village {name} ({kato}) lies in the sea, {km} km from its district.")
        yield problem("in_the_sea", village.kato, text.format(**named), hint)
    else:
        text = _("The village {name} ({kato}) lies outside of Kazakhstan, {km} km from its district.")
        yield problem("outside_country", village.kato, text.format(**named), hint)


def _twins(villages: list[Village]) -> Iterator[Complaint]:
    """Villages of two codes at one place: most often one village twice."""
    places: defaultdict[tuple[float, float], list[Village]] = defaultdict(list)
    for village in villages:
        if village.lat is not None and village.lon is not None:
            places[round(village.lat, SAME_PLACE_DIGITS), round(village.lon, SAME_PLACE_DIGITS)].append(village)
    for together in places.values():
        first, *others = sorted(together, key=lambda village: village.kato)
        for village in others:
            text = _("The villages {name} ({kato}) and {other} ({code}) stand at one place.")
            sentence = text.format(name=_name(first), kato=first.kato, other=_name(village), code=village.kato)
            yield problem(
                "doubled_place", village.kato, sentence, _("Where it is one village, keep one code; else correct the coordinates.")
            )


def _name(village: Village) -> str:
    return village.name(current_language())

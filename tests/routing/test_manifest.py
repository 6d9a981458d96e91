"""What a manifest shows: every stop once, both languages, every Kazakh letter, a code that is read back, the same bytes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from packets.paper import Face, missing_letters, width_mm
from routing.manifest import Manifest, Sealed, draw, forms_of
from routing.plan import PlannedRoute
from routing.request import answer
from routing.sheet import in_lines, rows
from tests.routing.weeks import call, days, request


def route_of(villages: int) -> PlannedRoute:
    """A route with so many stops, under a code."""
    calls = [replace(call(f"5936302{place:02d}", 54.02 + place * 0.01, 69.02), name_kk=f"Әңғөұүһіқ {place}") for place in range(villages)]
    (route,) = answer(request(calls, days()), 1).routes
    return replace(route, code="26W41A-150400-1-MON", office_name="Тайынша")


def sealed(manifest: Manifest) -> list[Sealed]:
    """Sheets under invented ids."""
    return [Sealed(f"{place + 5:014x}", ("0" * 20, "1" * 20)) for place in range(len(forms_of(manifest)))]


def printed(*routes: PlannedRoute, supplement: int = 0, place: str = "") -> bytes:
    """The PDF of these routes' manifests."""
    reached = {row.stop.order: (row.total_metres, row.early) for route in routes for row in rows(route)}
    made = [Manifest("2026-W41", route, {stop.kato: place for stop in route.stops}, supplement, reached) for route in routes]
    return draw([(each, sealed(each)) for each in made], "t")


def texts(pdf: bytes) -> list[str]:
    """The words of each sheet."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


@pytest.mark.parametrize("villages", [1, 5, 6, 7, 8, 12, 13, 20])
def test_every_stop_stands_on_one_sheet_and_the_foot_on_the_last(villages: int) -> None:
    """However many there are; no sheet runs over its edge."""
    route = route_of(villages)
    sheets = texts(printed(route))
    assert len(sheets) == len(forms_of(Manifest("2026-W41", route)))
    for stop in route.stops:
        assert sum(stop.kato in words for words in sheets) == 1
    assert ["Итого в путь" in words for words in sheets] == [*[False] * (len(sheets) - 1), True]
    assert all(route.code in words and "2026-W41" in words and "УАЗ" not in words for words in sheets)
    assert sum((form.stops for form in forms_of(Manifest("2026-W41", route))), ()) == tuple((stop.order, 2) for stop in route.stops)


def test_both_languages_stand_side_by_side() -> None:
    """Kazakh and Russian words for every field, and the totals in words."""
    (words,) = texts(printed(route_of(2)))
    for expected in (
        "Маршрут парағы",
        "Маршрутный лист",
        "дүйсенбі / понедельник",
        "ешкім жоқ",
        "никого нет",
        "(он)",
        "(десять)",
        "Әңғөұүһіқ 1",
    ):
        assert expected in words
    assert "�" not in words
    assert missing_letters(words) == ""


def test_the_load_order_is_the_reverse_of_the_stops() -> None:
    """The last stop's bag goes in first."""
    assert "4 → 3 → 2 → 1" in texts(printed(route_of(4)))[-1]


def test_the_code_is_read_back_from_the_print() -> None:
    """At 150 dpi, as a copier would see it."""
    page = pypdfium2.PdfDocument(printed(route_of(2)))[0]
    picture = np.asarray(page.render(scale=150 / 72, grayscale=True).to_numpy())
    assert {code.text for code in zxingcpp.read_barcodes(picture)} == {"26W41A-150400-1-MON", "0" * 20, "1" * 20}


def test_times_are_ranges_only_where_distances_are_guessed() -> None:
    """The late end is the plan's own time; a measured leg has no early end."""
    route = route_of(3)
    assert all(row.early < row.stop.arrive for row in rows(route))
    measured = replace(route, stops=tuple(replace(stop, source="matrix") for stop in route.stops))
    assert all(row.early == row.stop.arrive for row in rows(measured))


def test_totals_grow_along_the_way() -> None:
    """Kilometres so far are the sum of the legs."""
    route = route_of(5)
    assert rows(route)[-1].total_metres == route.metres - route.return_metres


def test_the_same_route_gives_the_same_bytes() -> None:
    """Drawn twice, and beside another route."""
    route = route_of(9)
    assert printed(route) == printed(route)
    assert len(texts(printed(route, route))) == 2 * len(forms_of(Manifest("2026-W41", route)))


LONG = "Қарабұлақ ауылдық округінің Бірінші Май атындағы ауылы"


def long_named() -> PlannedRoute:
    """A route of two stops, one measured, with long names of village, office and vehicle."""
    route = route_of(2)
    first = replace(route.stops[0], name_kk=LONG, name_ru=LONG, source="matrix")
    return replace(route, stops=(first, route.stops[1]), office_name=LONG, vehicle="УАЗ-390995 «Фермер» 123 ABC 15")


def test_long_names_stay_whole() -> None:
    """They are set in several lines, never cut: the village's twice and the office's once."""
    (words,) = texts(printed(long_named()))
    assert " ".join(words.split()).count(LONG) == 3


def test_nothing_is_too_small_to_read() -> None:
    """Names and sources of distances are at least of 7.5 points; only the words under lines are smaller, of 6.5 and more."""
    page = pypdfium2.PdfDocument(printed(long_named()))[0].get_textpage()
    text = page.get_text_range()
    sizes = [pypdfium2.raw.FPDFText_GetFontSize(page, place) for place in range(page.count_chars())]
    drawn = [size for size, letter in zip(sizes, text, strict=False) if letter.strip()]
    assert min(drawn) >= 6.5
    for words in ("Қарабұлақ ауылдық", "измеренные дороги", "Фермер"):
        assert min(sizes[text.index(words) : text.index(words) + len(words)]) >= 7.5


@given(st.text("Әңғөұүһіқ -", min_size=1, max_size=120), st.floats(20, 120))
def test_lines_fit_and_hold_every_word(words: str, width: float) -> None:
    """One line as it is given, or two that say the same, neither wider than the place."""
    size, lines = in_lines(words, 14, width, Face.REGULAR, 8)
    assert max(width_mm(line, size) for line in lines) <= width + 1e-6
    assert " ".join(lines).split() == words.split()
    assert len(lines) <= 2


def test_a_stop_with_many_packets_has_more_digits() -> None:
    """Enough for twice as many as are expected; two at least."""
    route = route_of(1)
    for packets, digits in ((0, 2), (49, 2), (50, 3), (499, 3), (500, 4)):
        many = replace(route, stops=(replace(route.stops[0], packets_back=packets),))
        (form,) = forms_of(Manifest("2026-W41", many))
        assert form.stops == ((1, digits),)
        assert form.foot == max(3, digits)


def test_a_supplement_refers_to_its_manifest_and_counts_nothing_back() -> None:
    """Its own number, the first one's code, no odometer."""
    (words,) = texts(printed(route_of(2), supplement=2))
    assert "26W41A-150400-1-MON-S2" in words
    assert "Дополнение к маршрутному листу: 26W41A-150400-1-MON" in words
    assert "Одометр" not in words
    assert "в самом маршрутном листе" in words
    assert "Порядок погрузки" in words


def test_the_place_of_handing_over_is_printed() -> None:
    """With its index, or a line to write on."""
    (words,) = texts(printed(route_of(1), place="150423 Тайынша-3"))
    assert "150423 Тайынша-3" in words


def test_a_night_a_break_and_an_existing_route_are_told() -> None:
    """At the stop, with the day where it is the next one; and the day of the return."""
    route = route_of(3)
    first, second, third = route.stops
    stops = (replace(first, break_minutes=30), replace(second, visit=1, visits=2), replace(third, date="2026-09-29", arrive="09:15"))
    told = {"kind": "overnight", "night_after": 2, "back_date": "2026-09-29", "schedule": "Тайынша–3", "return_break": 20}
    (words,) = texts(printed(replace(route, stops=stops, **told)))
    for expected in ("перерыв 30", " 1/2", "түнеу/ночёвка", "29.09", "Тайынша–3", "на обратном пути, мин: 20"):
        assert expected in words
    assert words.count("29.09") == 2

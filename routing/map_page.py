"""Routes on a map, as one HTML file in Kazakh and Russian: lines that differ in colour and dash, numbered stops, offices, villages on no route.

routing/map_commands writes it. Nothing comes from the net; moving about is settlements/map_page's. Lines join the calls straight: they are no roads.
A button changes the language; villages, districts and offices are named, people are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from html import escape
from pathlib import Path

from records.calendar import DAY_WORDS, WEEKDAYS
from records.language import N_, current_language, set_language, short_date, translate
from routing.map_sketch import Line, Missed, Sketch
from routing.plan import PlannedRoute, Stop
from routing.reasons import sentence
from settlements.map_page import Projection, district_path, filled, framed, viewed

TEMPLATE = Path(__file__).parent / "data" / "route_map.html"
LANGUAGES = ("kk", "ru")
CROSS = '<path d="M-7 -7 H7 V7 H-7 Z M-4.5 -4.5 L4.5 4.5 M4.5 -4.5 L-4.5 4.5" stroke="#fff" stroke-width="1.6"/>'
OFFICE = '<rect x="-7" y="-7" width="14" height="14"/>'
LEGEND = (
    ("office", OFFICE, N_("Post office")),
    ("stop-mark", '<circle r="8"/>', N_("Stop, in order")),
    ("missed", CROSS, N_("Village on no route")),
)


def route_map(sketch: Sketch) -> str:
    """The whole page."""
    projection, view = framed(sketch.points, [each.shape for each in sketch.outlines])
    tongue = current_language() if current_language() in LANGUAGES else "kk"
    title = escape(f"{sketch.plan.code} {_named(tongue, sketch)}")
    return filled(
        TEMPLATE,
        {
            "language": tongue,
            "tongue": tongue,
            "title": title,
            "heading": _both(
                lambda language: f"{translate(N_('Routes of {week}'), language).format(week=sketch.plan.week)} · {_named(language, sketch)}"
            ),
            "subtitle": _both(lambda language: _summary(sketch, language)),
            "legend": "".join(_legend(css, sign, words) for css, sign, words in LEGEND),
            "hiding": "\n".join(f"  body.no-r{number} .r{number} {{ display: none; }}" for number in range(len(sketch.lines))),
            "view": viewed(view),
            "districts": "".join(district_path(each.shape, f"{each.name_kk} / {each.name_ru}", projection) for each in sketch.outlines),
            "ways": "".join(_way(number, line, projection) for number, line in enumerate(sketch.lines)),
            "marks": "".join(_marks(sketch, projection)),
            "routes": "".join(_listed(number, line) for number, line in enumerate(sketch.lines)),
            "missed": _listed_missed(sketch),
        },
    )


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """What is said within is said in `language`."""
    before = current_language()
    set_language(language)
    try:
        yield
    finally:
        set_language(before)


def _both(words: Callable[[str], str]) -> str:
    """A text in both languages, of which the page shows one."""
    texts = [words(language) for language in LANGUAGES]
    if texts[0] == texts[1]:
        return escape(texts[0])
    return "".join(f'<span class="{language}">{escape(text)}</span>' for language, text in zip(LANGUAGES, texts, strict=True))


def _named(language: str, sketch: Sketch) -> str:
    if not sketch.district:
        return translate(N_("All routes"), language)
    return (sketch.name_ru if language == "ru" else sketch.name_kk) or sketch.district


def _summary(sketch: Sketch, language: str) -> str:
    own = sketch.own_plan
    return translate(
        N_("Plan {code}: routes {routes}, stops {stops}, {km} km, villages on no route {missed}. Lines are no roads."), language
    ).format(code=own.code, routes=len(own.routes), stops=len(own.stops), km=f"{own.metres / 1000:.0f}", missed=len(own.unplanned))


def _legend(css: str, sign: str, words: str) -> str:
    return f'<span class="legend"><svg viewBox="-10 -10 20 20" class="village {css}" aria-hidden="true">{sign}</svg>{_both(lambda language: translate(words, language))}</span>'


def _look(line: Line) -> str:
    dash = f' stroke-dasharray="{" ".join(map(str, line.dash))}"' if line.dash else ""
    return f'stroke="{line.colour}"{dash}'


def _way(number: int, line: Line, projection: Projection) -> str:
    points = " ".join("{},{}".format(*projection.place(*point)) for point in line.points)
    title = f"<title>{escape(line.route.code)}</title>"
    return f'<polyline class="way r{number}" data-route="{escape(line.route.code)}" {_look(line)} points="{points}">{title}</polyline>'


def _marks(sketch: Sketch, projection: Projection) -> Iterator[str]:
    """Names below, then stops, offices above them, and what is on no route above all."""
    for draw in (_stop_name, _stop_mark):
        for number, line in enumerate(sketch.lines):
            yield from (draw(number, line, stop, *projection.place(*place)) for stop, place in line.stops)
    for office, place in sketch.offices.items():
        sign = f'{OFFICE}<text class="name" x="11" y="4">{escape(office)}</text>'
        yield _mark("office", office.split()[0], projection.place(*place), office, sign)
    for each, place in sketch.lost:
        sign = f'{CROSS}<text class="name" x="11" y="4">{_both_names(each)}</text>'
        yield _mark("missed", each.unplanned.kato, projection.place(*place), f"{each.name_kk} / {each.name_ru}", _svg_text(sign))


def _stop_mark(number: int, line: Line, stop: Stop, x: float, y: float) -> str:
    sign = f'<circle r="8.5" fill="{line.colour}"/><text y="4">{stop.order}</text>'
    title = f"{stop.name_kk} / {stop.name_ru} · {stop.kato} · {stop.arrive}"
    return _mark(f"stop-mark r{number}", stop.kato, (x, y), title, sign)


def _stop_name(number: int, _line: Line, stop: Stop, x: float, y: float) -> str:
    names = "".join(f'<text class="name {language}" x="11" y="4">{escape(_village(stop, language))}</text>' for language in LANGUAGES)
    return f'<g class="village r{number}" data-x="{x}" data-y="{y}">{names}</g>'


def _svg_text(sign: str) -> str:
    """Spans do not exist in SVG; its word for them is tspan."""
    return sign.replace("<span", "<tspan").replace("</span", "</tspan")


def _mark(css: str, kato: str, place: tuple[float, float], title: str, sign: str) -> str:
    return f'<g class="village {css}" data-kato="{escape(kato)}" data-x="{place[0]}" data-y="{place[1]}"><title>{escape(title)}</title>{sign}</g>'


def _village(each: Stop | Missed, language: str) -> str:
    first, second = (each.name_ru, each.name_kk) if language == "ru" else (each.name_kk, each.name_ru)
    kato = each.kato if isinstance(each, Stop) else each.unplanned.kato
    return first or second or kato


def _both_names(each: Stop | Missed) -> str:
    return _both(lambda language: _village(each, language))


def _listed(number: int, line: Line) -> str:
    """A route in the list beside the map, with its stops."""
    route = line.route
    sign = f'<svg class="line" viewBox="0 0 52 12" aria-hidden="true"><line x1="0" y1="6" x2="52" y2="6" stroke-width="4" {_look(line)}/></svg>'
    head = f'<label><input type="checkbox" checked data-state="r{number}">{sign}{escape(route.code)}</label>'
    stops = "".join(_listed_stop(stop) for stop in route.stops)
    code = escape(route.code)
    return f'<section data-route="{code}"><h2>{head}</h2><p>{_both(lambda language: _words(route, language))}</p><ol>{stops}</ol></section>'


def _words(route: PlannedRoute, language: str) -> str:
    day = date.fromisoformat(route.date)
    return translate(N_("{date}, {day}, vehicle {vehicle}, {depart} to {back}, {km} km, packets {packets}"), language).format(
        date=short_date(day),
        day=translate(DAY_WORDS[WEEKDAYS[day.weekday()]], language),
        vehicle=route.vehicle,
        depart=route.depart,
        back=route.back_at,
        km=f"{route.metres / 1000:.0f}",
        packets=route.packets_out,
    )


def _listed_stop(stop: Stop) -> str:
    name = _both_names(stop)
    return f'<li data-kato="{escape(stop.kato)}" tabindex="0"><b>{stop.order}. {name}</b><span class="when">{stop.arrive} · {stop.packets_out} → {stop.packets_back}</span></li>'


def _listed_missed(sketch: Sketch) -> str:
    """Villages on no route come first, each with its reason."""
    if not sketch.missed:
        return ""
    rows = []
    for each in sketch.missed:
        reasons = {}
        for language in LANGUAGES:
            with spoken(language):
                reasons[language] = sentence(each.unplanned)
        name = f"{_both_names(each)} · {each.unplanned.kato}"
        rows.append(f'<li data-kato="{escape(each.unplanned.kato)}" tabindex="0"><b>{name}</b>{_both(reasons.__getitem__)}</li>')
    heading = _both(lambda language: translate(N_("Villages on no route"), language))
    return f"<h2>{heading} ({len(rows)})</h2><ul>{''.join(rows)}</ul>"

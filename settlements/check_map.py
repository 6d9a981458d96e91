"""The check as a map: one HTML file with every village by its state and what was said of it, nothing from the net.

Called by `settlements check --map`. The shapes differ as well as the colours; projection and page are settlements/map_page's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from records.errors import Complaint
from records.language import _, current_language, ngettext
from settlements.boundaries import Boundaries
from settlements.codes import district_of
from settlements.map_page import DATA, Projection, district_path, filled, framed, viewed
from settlements.register import Village

TEMPLATE = DATA / "check_map.html"
FITS, DOUBT, STOP = "fits", "doubt", "stop"
STOPPING = frozenset(("village_without_coordinates", "no_mail_day", "in_the_sea", "outside_country", "wrong_level", "code_unknown"))
OF_A_DISTRICT = "village_without_office"  # told once for all villages of a district
# Drawn around the origin, in pixels of the screen.
SHAPES = {
    FITS: '<circle class="{css}" r="4.2"{rest}/>',
    DOUBT: '<path class="{css}" d="M0 -6.5 L6 4.5 L-6 4.5 Z"{rest}/>',
    STOP: '<rect class="{css}" x="-5" y="-5" width="10" height="10"{rest}/>',
}


def check_map(villages: Sequence[Village], problems: Iterable[Complaint], boundaries: Boundaries | None) -> str:
    """The whole page as HTML."""
    told: defaultdict[str, list[Complaint]] = defaultdict(list)
    for problem in problems:
        told[problem.value].append(problem)
    for village in villages:
        if not village.office:
            told[village.kato] += [each for each in told[district_of(village.kato)] if each.code == OF_A_DISTRICT]
    states = {village.kato: state_of(told[village.kato]) for village in villages}
    outlines = _shown(villages, boundaries)
    places = [(village.lat, village.lon) for village in villages if village.lat is not None and village.lon is not None]
    projection, view = framed(places, [outline for _name, outline in outlines])
    counts = Counter(states.values())
    count = ngettext("{count} village", "{count} villages", len(villages)).format(count=len(villages))
    return filled(
        TEMPLATE,
        {
            "language": current_language(),
            "title": escape(_("The villages by state")),
            "subtitle": escape(count),
            "legend": "\n  ".join(_legend(state, counts[state]) for state in (FITS, DOUBT, STOP)),
            "view": viewed(view),
            "whole": escape(_("The whole map")),
            "districts": "".join(district_path(outline, name, projection) for name, outline in outlines),
            "villages": "".join(_mark(village, states[village.kato], projection) for village in _stopping_last(villages, states)),
            "problems": _problems(villages, told, states),
        },
    )


def state_of(problems: Iterable[Complaint]) -> str:
    """What a village's problems amount to: `stop` where no packet can reach it as things stand, `doubt` where something should be looked at."""
    codes = {problem.code for problem in problems}
    if codes & STOPPING:
        return STOP
    return DOUBT if codes else FITS


def _shown(villages: Sequence[Village], boundaries: Boundaries | None) -> list[tuple[str, Any]]:
    """The districts of the regions that have villages in the register, by name."""
    regions = {village.kato[:2] for village in villages}
    found = boundaries.districts if boundaries else ()
    return [(each.name_ru if current_language() == "ru" else each.name_kk, each.outline) for each in found if each.kato[:2] in regions]


def _stopping_last(villages: Iterable[Village], states: Mapping[str, str]) -> list[Village]:
    """What needs a person is drawn above what does not."""
    order = (FITS, DOUBT, STOP)
    return sorted(villages, key=lambda village: (order.index(states[village.kato]), village.kato))


def _mark(village: Village, state: str, projection: Projection) -> str:
    if village.lat is None or village.lon is None:
        return ""
    x, y = projection.place(village.lat, village.lon)
    rest = f' data-kato="{escape(village.kato)}" data-x="{x}" data-y="{y}"'
    shape = SHAPES[state].format(css=f"village {state}", rest=rest)
    title = f"<title>{escape(village.name(current_language()))} · {escape(village.kato)}</title>"
    return shape.replace("/>", f">{title}</{shape[1:].split(' ', 1)[0]}>")


def _legend(state: str, count: int) -> str:
    words = {FITS: _("fits"), DOUBT: _("look at it"), STOP: _("no packet can reach it")}[state]
    sign = SHAPES[state].format(css=state, rest="")
    return (
        f'<label><input type="checkbox" checked data-state="{state}"><svg viewBox="-8 -8 16 16" aria-hidden="true">{sign}</svg>'
        f"{escape(words)}: {count}</label>"
    )


def _problems(villages: Sequence[Village], told: Mapping[str, Sequence[Complaint]], states: Mapping[str, str]) -> str:
    parts = []
    for state, heading in ((STOP, _("No packet can reach them")), (DOUBT, _("To look at"))):
        rows = [_row(village, told[village.kato]) for village in villages if states[village.kato] == state]
        if rows:
            parts.append(f"<h2>{escape(heading)} ({len(rows)})</h2><ul>{''.join(rows)}</ul>")
    codes = {village.kato for village in villages}
    others = [problem for value, problems in told.items() if value not in codes for problem in problems]
    if others:
        rows = [f"<li>{escape(problem.text)}</li>" for problem in others]
        parts.append(f"<h2>{escape(_('Not about one village'))} ({len(rows)})</h2><ul>{''.join(rows)}</ul>")
    return "".join(parts) or f"<p>{escape(_('Everything in the lists fits together.'))}</p>"


def _row(village: Village, problems: Sequence[Complaint]) -> str:
    texts = "<br>".join(f"{escape(problem.text)} <small>{escape(problem.hint)}</small>" for problem in problems)
    kato = escape(village.kato)
    return f'<li data-kato="{kato}" tabindex="0"><b>{escape(village.name(current_language()))} · {kato}</b>{texts}</li>'

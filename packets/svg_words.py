"""Words of an SVG whose lines stand within lines, as office programs write them, parted into words that packets/svg_door can place: svglib looks for a place in the innermost line only."""

from __future__ import annotations

from typing import Any

from packets.svg_safe import SVG, Unsafe, cannot

TEXT, LINE, GROUP = f"{SVG}text", f"{SVG}tspan", f"{SVG}g"
Place = dict[str, str]  # x and y, as far as somebody has said them


def part_words(root: Any, name: str) -> None:
    """Make a text of every line that holds no further lines, where lines stand within lines. Raises Unsafe for words that have no place of their own."""
    for text in list(root.iter(TEXT)):
        if any(inner.tag == LINE for line in text.iterchildren(LINE) for inner in line):
            _part(text, {}, name)


def _part(element: Any, place: Place, name: str) -> None:
    """`place` is that of the element's first words, where it says none itself."""
    own = place | {key: element.get(key) for key in ("x", "y") if element.get(key)}
    lines = list(element.iterchildren(LINE))
    if not any(inner.tag == LINE for line in lines for inner in line):
        if len(own) < 2:
            raise Unsafe("svg_unsupported", cannot(name, "tspan"))
        element.tag = TEXT
        element.set("x", own["x"])
        element.set("y", own["y"])
        return
    if (element.text or "").strip() or any((line.tail or "").strip() for line in lines):
        raise Unsafe("svg_unsupported", cannot(name, "tspan"))
    element.tag = GROUP
    for number, line in enumerate(lines):
        _part(line, {} if number else own, name)

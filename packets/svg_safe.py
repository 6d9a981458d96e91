"""Which SVG may be taken in: no program, nothing from outside, nothing that packets/svg_door would leave out without a word, within limits.

packets/svg_door asks this before anything is drawn. Reads bytes, opens no other file and no address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from records.language import N_, _

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
MOST_BYTES, MOST_ELEMENTS, DEEPEST = 1024 * 1024, 3_000, 60
MOST_MATCHES, MOST_LETTERS, MOST_VALUES = 20_000, 5_000, 40_000  # rules of style times elements; letters of words; numbers of one attribute
DRAWN = frozenset((
    "svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "clipPath", "style", "title",
    "desc", "metadata", "a",
))  # fmt: skip
UNUSED = frozenset((  # may lie about in a file, as long as nothing is drawn with them
    "linearGradient", "radialGradient", "pattern", "marker", "filter", "mask", "font", "font-face", "glyph", "missing-glyph",
))  # fmt: skip
PROGRAMS = frozenset(("script", "animate", "animateTransform", "animateMotion", "set", "handler", "listener"))
_URL = re.compile(r"url\(\s*['\"]?\s*([^'\")\s]*)", re.IGNORECASE)
_OPACITY = re.compile(r"(?<![-\w])opacity\s*:(?!\s*1(?:\.0*)?\s*[;}!])", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+")
_ENTITIES = re.compile(rb"<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)|<!DOCTYPE[^>\[]*\[", re.IGNORECASE)
HINT = N_("Save it as PNG, at least 1200 pixels wide.")


class Unsafe(Exception):
    """An SVG that is not taken: code and sentence."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def safe_root(content: bytes, name: str) -> Any:
    """The root element of an SVG that may be drawn. Raises Unsafe."""
    if len(content) > MOST_BYTES:
        raise Unsafe("picture_too_large", _("The picture «{file}» has more than {most} KB.").format(file=name, most=MOST_BYTES // 1024))
    if _ENTITIES.search(content) or b"\x00" in content:
        raise Unsafe("svg_entities", _("The picture «{file}» defines words of its own, which are not read.").format(file=name))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unsafe("picture_damaged", _("The picture «{file}» is damaged.").format(file=name)) from None
    if root.tag != f"{SVG}svg":
        raise Unsafe("picture_format", _("«{file}» is no SVG picture.").format(file=name))
    _refuse_pages_of_style(root, name)
    _check(root, name)
    _refuse_opacity(root, name)
    return root


def _refuse_pages_of_style(root: Any, name: str) -> None:
    if any(each.target == "xml-stylesheet" for each in root.itersiblings(etree.PI, preceding=True)):
        raise Unsafe("svg_outside", _outside(name))


def _check(root: Any, name: str) -> None:
    ids = {each.get("id"): each for each in root.iter() if each.get("id")}
    count = sum(1 for _each in root.iter())
    if count > MOST_ELEMENTS or _depth(root) > DEEPEST or _expanded(root, ids) > MOST_ELEMENTS:
        raise too_many_parts(name)
    rules = sum("".join(each.itertext()).count("{") for each in root.iter(f"{SVG}style"))
    letters = sum(len(words) for each in root.iter(f"{SVG}text") for words in each.itertext())
    longest = max((len(_NUMBER.findall(value)) for each in root.iter(etree.Element) for value in each.attrib.values()), default=0)
    if rules * count > MOST_MATCHES or letters > MOST_LETTERS or longest > MOST_VALUES:
        raise too_many_parts(name)
    for each in root.iter(etree.Element):
        _check_element(each, name)
        for target in _references(each):
            _check_reference(target, ids, name)


def _check_element(element: Any, name: str) -> None:
    space, _brace, tag = str(element.tag).rpartition("}")
    if tag in PROGRAMS or any(str(key).lower().startswith("on") for key in element.attrib):
        raise Unsafe("svg_program", _("The picture «{file}» holds a program or moves: «{part}».").format(file=name, part=tag))
    if space + _brace == SVG and tag not in DRAWN and tag not in UNUSED and not _within_unused(element):
        raise Unsafe("svg_unsupported", cannot(name, tag))


def _refuse_opacity(root: Any, name: str) -> None:
    """In rules of style it would be passed over; as an element's own it is understood."""
    if any(_OPACITY.search("".join(each.itertext())) for each in root.iter(f"{SVG}style")):
        raise Unsafe("svg_unsupported", cannot(name, "opacity"))


def _references(element: Any) -> Iterator[str]:
    """Everything that an element takes from elsewhere, as it is written."""
    own = str(element.tag).removeprefix(SVG)
    for key, value in element.attrib.items():
        if key in ("href", f"{XLINK}href") and own != "a":
            yield value.strip()
        yield from _URL.findall(value)
    if own == "style":
        words = "".join(element.itertext())
        yield from _URL.findall(words)
        yield from re.findall(r"@import\s+\S+", words, re.IGNORECASE)


def _check_reference(target: str, ids: dict[str, Any], name: str) -> None:
    if not target.startswith("#"):
        raise Unsafe("svg_outside", _outside(name))
    found = ids.get(target[1:])
    tag = "" if found is None else str(found.tag).removeprefix(SVG)
    if tag in UNUSED:
        raise Unsafe("svg_unsupported", cannot(name, tag))


def _within_unused(element: Any) -> bool:
    return any(str(each.tag).removeprefix(SVG) in UNUSED for each in element.iterancestors())


def _depth(root: Any) -> int:
    deepest, stack = 0, [(root, 1)]
    while stack:
        element, depth = stack.pop()
        deepest = max(deepest, depth)
        stack += [(child, depth + 1) for child in element]
    return deepest


def _expanded(root: Any, ids: dict[str, Any]) -> int:
    """How many elements are drawn with every `use` written out; more than MOST_ELEMENTS where one uses itself."""
    known: dict[Any, int] = {}

    def count(element: Any, within: frozenset[Any]) -> int:
        if element in within or len(within) > DEEPEST:
            return MOST_ELEMENTS + 1
        if element not in known:
            used = ids.get((element.get("href") or element.get(f"{XLINK}href") or "")[1:]) if element.tag == f"{SVG}use" else None
            parts = [*element, *([] if used is None else [used])]
            known[element] = min(MOST_ELEMENTS + 1, 1 + sum(count(part, within | {element}) for part in parts))
        return known[element]

    return count(root, frozenset())


def too_many_parts(name: str) -> Unsafe:
    """The refusal of a picture that would keep the printer busy for ever."""
    return Unsafe("picture_too_large", _("The picture «{file}» is drawn of too many parts.").format(file=name))


def _outside(name: str) -> str:
    return _("The picture «{file}» takes something from outside of itself.").format(file=name)


def cannot(name: str, tag: str) -> str:
    """That a picture is drawn with something that printing would leave out or misplace."""
    return _("The picture «{file}» is drawn with «{part}», which cannot be printed from SVG.").format(file=name, part=tag)

"""Words of a GIFT file as the Markdown of assignments: plain text with its signs kept, HTML as far as paper can show it. Pure.

packets/gift_door calls `markdown`. What HTML says that paper cannot show (pictures, links, tables) is named, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser

from packets.gift import BLANK, Words
from packets.markdown import inline as runs
from packets.raised import shifted

MISSING = r"\_" * 8  # the line on which a missing word is thought of
_FORMULA = re.compile(r"\\\((.+?)\\\)|\$\$(.+?)\$\$", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^>]*>|&(#\d+|#x[0-9A-Fa-f]+|\w+);")
_SPECIAL = re.compile(r"([\\`*_\[\]<>&$~|])")
_LINE_START = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]))", re.MULTILINE)
_ITEM = re.compile(r"^ {0,3}[*+] +(?=\S)", re.MULTILINE)
_FACES = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_PARAGRAPHS = ("p", "div")
_LISTS = ("ul", "ol")
_BARE = ("span", "font", "u", "html", "body", "nobr", "big", "small")  # what they say is how, not what


def inline(words: Words, refuse: Callable[[str], None]) -> str:
    """The words as those of a question: bold, italics and line breaks; a paragraph is a line, and so is an item of a list."""
    text = re.sub(r"\\?\n+", "\n", markdown(words, refuse))
    return _ITEM.sub("- ", text) if words.format == "markdown" else text


def markdown(words: Words, refuse: Callable[[str], None]) -> str:
    """The words in Markdown; `refuse` is told the name of each HTML tag that cannot be printed."""
    if words.format == "markdown":
        text = _dollars(words.text)
    elif words.format == "plain" or not _TAG.search(words.text):
        text = _breaks(_escaped_around_formulas(words.text, dollars=words.format != "plain"))
    else:
        reader = _Html(refuse)
        reader.feed(words.text if words.format == "html" else words.text.replace("\n", "<br>"))
        reader.close()
        text = reader.text()
    return text.replace(BLANK, MISSING)


def _breaks(text: str) -> str:
    """Every line break kept: an empty line stays one, a single one becomes a break within the paragraph."""
    text = re.sub(r" *\n *", "\n", text)
    return re.sub(r"(?<=[^\n])\n(?=[^\n])", "\\\\\n", text)


def _dollars(text: str) -> str:
    """Formulas between \\( and \\), or between two dollar signs, as our own: between single ones."""
    return _FORMULA.sub(lambda found: f"${(found[1] or found[2]).strip()}$", text)


def _escaped_around_formulas(text: str, dollars: bool = True) -> str:
    """The text with its signs kept from meaning anything in Markdown; formulas stay formulas, but in plain text there are none."""
    if not dollars:
        return escaped(text)
    made, place = [], 0
    for found in _FORMULA.finditer(text):
        made += [escaped(text[place : found.start()]), _dollars(found[0])]
        place = found.end()
    return "".join((*made, escaped(text[place:])))


def escaped(text: str) -> str:
    """The text so that Markdown prints it letter by letter."""
    return _LINE_START.sub(_start_escaped, _SPECIAL.sub(r"\\\1", text))


def _start_escaped(found: re.Match[str]) -> str:
    """The beginning of a line that would open a list or a heading: the sign behind a number is escaped by what follows it."""
    return found[0] if found[2].isdigit() and len(found[2]) > 9 else f"{found[1]}{_before_dot(found[2])}"


def _before_dot(sign: str) -> str:
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"


class _Html(HTMLParser):
    """Collects what HTML says as Markdown."""

    def __init__(self, refuse: Callable[[str], None]) -> None:
        super().__init__(convert_charrefs=True)
        self._refuse = refuse
        self._made: list[str] = []
        self._faces: list[str] = []  # the stars that are open
        self._stars = 0  # among the words themselves
        self._lists: list[int | None] = []  # the number of the last item, None in a list of dots
        self._script = ""

    def text(self) -> str:
        """What was said, without empty lines at its ends or more than one in a row; refuses bold and italics that Markdown cannot say."""
        self._close_faces(self._faces)
        lines = [line.strip(" ") for line in "".join(self._made).split("\n")]
        whole = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
        whole = re.sub(r"\\\n(?=\n|$)", "\n", whole).strip("\n\\")
        if sum(run.text.count("*") for run in runs(whole)) != self._stars:
            self._refuse("<b>, <i>")
        return whole

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What a tag means on paper; «a<b and c>» is none, and its words are not lost."""
        if any(value is None for _name, value in attrs):
            self._refuse(self.get_starttag_text() or f"<{tag}>")
        elif tag in _FACES:
            self._open_faces([_FACES[tag]])
        elif tag in _PARAGRAPHS:
            self._part("\n\n")
        elif tag == "br":
            self._part("\\\n")
        elif tag in _LISTS:
            self._lists.append(0 if tag == "ol" else None)
            self._part("\n")
        elif tag == "li":
            self._part(self._item())
        elif tag in ("sup", "sub"):
            self._script = tag
        elif tag not in _BARE:
            self._refuse(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        """What the end of a tag means on paper; it closes what was opened within and is open still."""
        if tag in _FACES and _FACES[tag] in self._faces:
            self._close_faces(self._faces[self._faces.index(_FACES[tag]) :])
        elif tag in _PARAGRAPHS:
            self._part("\n\n")
        elif tag in _LISTS and self._lists:
            self._lists.pop()
            self._part("\n\n")
        elif tag in ("sup", "sub"):
            self._script = ""

    def handle_data(self, data: str) -> None:
        """Words: spaces and line ends count as one space; one behind opening stars goes before them."""
        words = re.sub(r"\s+", " ", data)
        if self._script:
            words = self._shifted(words)
        self._stars += words.count("*")
        opened = self._just_opened()
        last = self._made[-opened - 1] if len(self._made) > opened else ""
        if words.startswith(" ") and opened and not last.endswith(("\n", " ")):
            self._made.insert(len(self._made) - opened, " ")
        if opened or last.endswith("\n"):
            words = words.lstrip(" ")
        if words:
            self._made.append(_escaped_around_formulas(words))

    def _part(self, between: str) -> None:
        """Begin a new paragraph or item, in which what was bold is bold again."""
        faces = list(self._faces)
        self._close_faces(faces)
        self._made.append(between)
        self._open_faces(faces)

    def _item(self) -> str:
        if self._lists and self._lists[-1] is not None:
            self._lists[-1] += 1
        number = self._lists[-1] if self._lists else None
        return "\n- " if number is None else f"\n{number}. "

    def _open_faces(self, faces: Sequence[str]) -> None:
        self._faces += faces
        self._made += faces

    def _just_opened(self) -> int:
        """How many faces are open without any words yet."""
        return next((count for count in range(len(self._faces), 0, -1) if self._made[-count:] == self._faces[-count:]), 0)

    def _close_faces(self, faces: Sequence[str]) -> None:
        """Stars close behind the last letter, since Markdown takes stars after a space for signs; those without words vanish."""
        for stars in reversed(list(faces)):
            if self._just_opened():
                self._made.pop()
            elif self._made[-1].endswith(" "):
                self._made[-1] = self._made[-1].rstrip(" ")
                self._made += [stars, " "]
            else:
                self._made.append(stars)
            self._faces.pop()

    def _shifted(self, words: str) -> str:
        """Raised or lowered digits; what has no such letter is told."""
        found = shifted(words, lowered=self._script == "sub")
        if not found.whole:
            self._refuse(f"<{self._script}>")
        return found.words

"""The Markdown of assignments as a small frozen tree: paragraphs, bullet and numbered lists, bold, italic, line breaks. Pure.

packets/worksheet draws the tree; packets/fields shows `Unsupported` to the teacher with its line, in the words of packets/markdown_said. Headings, links, code, quotations and
HTML, and what of a formula cannot be set, are found and named instead of being printed wrongly or dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from packets.formulas import fault_of, formula_of

PARAGRAPH, BULLET, NUMBERED = "paragraph", "bullet", "numbered"
_FORMULA = re.compile(r"(\$\$?)(?=[^\s$])([^$\n]*?[^\s\\$])\1(?!\d)")  # as pandoc: $5 and $6 are money
_STRAY = re.compile(r"\\[A-Za-z]+\{|\$[^$\n]{0,200}\\[A-Za-z]+")
_CELLS = re.compile(r"(?<!\\)\|")
_ALIGN = re.compile(r"text-align:\s*(left|center|right)")
_WIDTH = re.compile(r"([1-9]\d{0,2})\s*(?:mm|мм)")
WIDEST_EM = 23.8  # a formula so wide still fits a sheet in large print
HIGHEST_EM = 12.0
_DIGIT_BEFORE, _DIGIT_AFTER = re.compile(r"\d$"), re.compile(r"^\d")

_BLOCKS = {
    "table_open": "table",
    "heading_open": "heading",
    "html_block": "html",
    "fence": "code",
    "code_block": "code",
    "blockquote_open": "quotation",
    "hr": "rule",
}
_TABLED = {"tr_open": 2, "th_open": 3, "inline": 4}  # within a table, and how deep at least
_INLINES = {"image": "image", "link_open": "link", "html_inline": "html", "code_inline": "code", "s_open": "strike"}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one face; "\\n" in it is a line break. Of a `formula` the text is its TeX notation, without dollar signs."""

    text: str
    bold: bool = False
    italic: bool = False
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a list item. `number` is the item's own number in a numbered list, else None."""

    kind: str
    runs: tuple[Run, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, of which the first row is the head; `aligns`: left, center or right, one a column; and the line of the head, from 1."""

    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    aligns: tuple[str, ...]
    line: int = 1


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that is a paragraph of its own: its file, what it shows, its width in millimetres where the title says so, and the line, from 1."""

    file: str
    words: str
    width: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Markdown that cannot be printed: a key of packets.markdown_said.FEATURES, the line in the text, from 1, and which words of it, where that helps."""

    feature: str
    line: int
    words: str = ""


def blocks(text: str) -> tuple[Block, ...]:
    """The text as paragraphs and list items in reading order; what `unsupported` names is left out."""
    return tuple(piece for piece in pieces(text) if isinstance(piece, Block))


def images(text: str) -> tuple[Image, ...]:
    """The pictures of a text, in reading order."""
    return tuple(piece for piece in pieces(text) if isinstance(piece, Image))


def pieces(text: str) -> tuple[Block | Table | Image, ...]:
    """The text as paragraphs, list items, tables and pictures in reading order; what `unsupported_reading` names is left out."""
    made: list[Block | Table | Image] = []
    kinds: list[tuple[str, int | None]] = [(PARAGRAPH, None)]
    for token in _parsed(text):
        if len(kinds) == 1 and _tabled(made, token):
            continue
        match token.type:
            case "bullet_list_open":
                kinds.append((BULLET, None))
            case "ordered_list_open":
                kinds.append((NUMBERED, int(token.attrs.get("start", 1)) - 1))
            case "list_item_open":
                kinds[-1] = _next_item(kinds[-1])
                made.append(Block(kinds[-1][0], (), kinds[-1][1]))
            case "bullet_list_close" | "ordered_list_close":
                kinds.pop()
            case "inline" if len(kinds) == 1 and (image := _image(token)):
                made.append(image)
            case "inline":
                _place(made, kinds[-1], _runs(token.children or ()))
    return tuple(made)


def _tabled(made: list[Block | Table | Image], token: Token) -> bool:
    """Begin a table, or go on with the one that was begun last; whether the token belongs to one."""
    if token.type == "table_open":
        made.append(Table((), (), token.map[0] + 1 if token.map else 1))
        return True
    table = made[-1] if made else None
    if not isinstance(table, Table) or token.type not in _TABLED or token.level < _TABLED[token.type]:
        return False
    match token.type:
        case "tr_open":
            made[-1] = replace(table, rows=(*table.rows, ()))
        case "th_open":
            found = _ALIGN.search(str(token.attrs.get("style", "")))
            made[-1] = replace(table, aligns=(*table.aligns, found[1] if found else "left"))
        case "inline":
            made[-1] = replace(table, rows=(*table.rows[:-1], (*table.rows[-1], _runs(token.children or ()))))
    return True


def _image(token: Token) -> Image | None:
    """The picture that a paragraph is, where it holds nothing else, with a width such as "80 mm" or nothing for a title."""
    children = token.children or []
    if len(children) != 1 or children[0].type != "image" or not children[0].content.strip():
        return None
    title = str(children[0].attrs.get("title", ""))
    width = _WIDTH.fullmatch(title.strip())
    if title and not width:
        return None
    line = token.map[0] + 1 if token.map else 1
    return Image(unquote(str(children[0].attrs["src"])), children[0].content, int(width[1]) if width else None, line)


def inline(text: str) -> tuple[Run, ...]:
    """A question's words as runs: bold, italic, and every line break kept; lists and paragraphs are not looked for."""
    lines = [_runs(_inline_tokens(line)) for line in text.splitlines()]
    return _joined(run for place, runs in enumerate(lines) for run in ((Run("\n"),) if place else ()) + runs)


def seen(text: str) -> tuple[tuple[str, bool, bool], ...]:
    """What an eye makes of a question's words: stretches without what nobody sees, each with whether it is bold and italic; empty where nothing is seen."""
    runs = _joined(Run("".join(filter(_is_seen, run.text)), run.bold, run.italic) for run in inline(text))
    words = ((" ".join(run.text.split()), run.bold, run.italic) for run in runs)
    return tuple(each for each in words if each[0])


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) != "Cf"


def unsupported(text: str) -> tuple[Unsupported, ...]:
    """Everything in `text`, taken as blocks without tables and pictures, that cannot be printed, in the order of lines, each feature once a line."""
    return _unsupported(text, tables=False)


def unsupported_reading(text: str) -> tuple[Unsupported, ...]:
    """The same of reading matter, where a table may stand, and a picture in a paragraph of its own."""
    return _unsupported(text, tables=True)


def _unsupported(text: str, tables: bool) -> tuple[Unsupported, ...]:
    shown = {image.line for image in images(text)} if tables else set()
    found = {Unsupported("link", _line(text, place)) for place in _definitions(text)}
    deep, line = 0, 1
    tokens = _parsed(text)
    for place, token in enumerate(tokens):
        line = token.map[0] + 1 if token.map else line
        deep += token.type.endswith("_list_open") - token.type.endswith("_list_close")
        if token.type.endswith("_list_open") and deep > 1:
            found.add(Unsupported("nested", line))
        if token.type == "list_item_open" and tokens[place + 1].type == "list_item_close":
            found.add(Unsupported("empty_item", line))
        if token.type == "tr_open":
            found |= _lost_cells(text, line, tokens[place:])
        if token.type in _BLOCKS and not (tables and deep == 0 and token.type == "table_open"):
            found.add(Unsupported(_BLOCKS[token.type], line))
        if token.type != "inline" or deep or line not in shown:
            found |= set(_unsupported_runs(token.children or (), line))
    return tuple(sorted(found, key=lambda one: (one.line, one.feature)))


def unsupported_inline(text: str) -> tuple[Unsupported, ...]:
    """Everything in `text`, taken as a question's words, that cannot be printed."""
    found: set[Unsupported] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        found |= set(_unsupported_runs(_inline_tokens(line), number))
    if "|" in text:
        found |= {Unsupported("table", token.map[0] + 1) for token in _parsed(text) if token.type == "table_open" and token.map}
    return tuple(sorted(found, key=lambda one: (one.line, one.feature)))


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    reader.inline.ruler.before("escape", "formula", _formula)
    return reader


def _formula(state: StateInline, silent: bool) -> bool:
    """The parser's rule for $...$: what stands between is no Markdown."""
    found = _FORMULA.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("formula", "", 0).content = found[2].strip()
    state.pos = found.end()
    return True


def _parsed(text: str) -> list[Token]:
    return _reader().parse(text)


def _inline_tokens(text: str) -> Sequence[Token]:
    return [child for token in _reader().parseInline(text) for child in token.children or ()]


def _definitions(text: str) -> list[int]:
    """Where link definitions stand, which Markdown itself drops without a word."""
    env: dict[str, dict[str, dict[str, object]]] = {}
    _reader().parse(text, env)
    return [max(0, text.upper().find(f"[{label}]:")) for label in env.get("references", {})]


def _next_item(kind: tuple[str, int | None]) -> tuple[str, int | None]:
    return (kind[0], None if kind[1] is None else kind[1] + 1)


def _lost_cells(text: str, line: int, tokens: Sequence[Token]) -> set[Unsupported]:
    """Cells of a table's row, which begins with the first of `tokens`, beyond its last column: Markdown itself drops them without a word."""
    kept = 0
    for token in tokens:
        kept += token.type in ("th_open", "td_open")
        if token.type == "tr_close":
            break
    written = text.split("\n")[line - 1].strip().removeprefix("|")
    bare = written[:-1] if written.endswith("|") and not written.endswith("\\|") else written
    return {Unsupported("lost_cell", line)} if len(_CELLS.split(bare)) > kept else set()


def _place(made: list[Block | Table | Image], kind: tuple[str, int | None], runs: tuple[Run, ...]) -> None:
    """A paragraph of its own, or the words of the list item that was opened last; its second paragraph goes on a new line."""
    if kind[0] == PARAGRAPH:
        made.append(Block(PARAGRAPH, runs))
        return
    before = made[-1].runs if isinstance(made[-1], Block) else ()
    made[-1] = Block(kind[0], _joined([*before, *((Run("\n"),) if before else ()), *runs]), kind[1])


def _runs(tokens: Iterable[Token]) -> tuple[Run, ...]:
    return _joined(_faces(tokens))


def _faces(tokens: Iterable[Token]) -> Iterator[Run]:
    bold = italic = 0
    for token in tokens:
        bold += {"strong_open": 1, "strong_close": -1}.get(token.type, 0)
        italic += {"em_open": 1, "em_close": -1}.get(token.type, 0)
        if token.type in ("softbreak", "hardbreak"):
            yield Run(" " if token.type == "softbreak" else "\n", bold > 0, italic > 0)
        elif token.type == "text" and token.content:
            yield Run(token.content, bold > 0, italic > 0)
        elif token.type == "formula":
            yield Run(token.content, formula=True)


def _joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    joined: list[Run] = []
    for run in runs:
        if joined and not run.formula and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = Run(joined[-1].text + run.text, run.bold, run.italic)
        else:
            joined.append(run)
    return tuple(joined)


def _unsupported_runs(tokens: Sequence[Token], first_line: int) -> Iterator[Unsupported]:
    line = first_line
    for place, token in enumerate(tokens):
        line += token.type in ("softbreak", "hardbreak")
        if token.type in _INLINES:
            yield Unsupported(_INLINES[token.type], line)
        elif token.type == "formula" and (unknown := fault_of(token.content)):
            yield Unsupported("formula", line, unknown)
        elif token.type == "formula" and formula_of(token.content).width > WIDEST_EM:
            yield Unsupported("wide_formula", line, token.content)
        elif token.type == "formula" and formula_of(token.content).height + formula_of(token.content).depth > HIGHEST_EM:
            yield Unsupported("high_formula", line, token.content)
        elif token.type == "text" and (stray := _STRAY.search(token.content)):
            yield Unsupported("stray_formula", line, stray[0])
        elif token.type in ("em_open", "em_close", "strong_open", "strong_close") and _touches_digit(tokens, place):
            yield Unsupported("starred_digits", line)


def _touches_digit(tokens: Sequence[Token], place: int) -> bool:
    """Whether a digit stands before an opening or after a closing star, as in 2*3*4, where Markdown would make the stars vanish."""
    if tokens[place].type.endswith("_open"):
        return place > 0 and bool(_DIGIT_BEFORE.search(tokens[place - 1].content))
    return place + 1 < len(tokens) and bool(_DIGIT_AFTER.search(tokens[place + 1].content))


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1

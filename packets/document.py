"""A YAML (so also JSON) file as a tree of values that know their lines, within limits; everything wrong is a Complaint, not an exception.

packets/authoring makes assignments of the tree. Nothing is guessed from YAML's types: a scalar keeps the letters that stand in the file, so
that 10:20, 084 and «no» stay what the teacher wrote. Aliases, custom tags and second documents are refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from records.errors import Complaint
from records.language import N_, _

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16
_QUICK: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
)

_OPENED_EARLIER = ("found unexpected end of stream", "could not find expected ':'")  # told where it began, not where the parser gave up

# What PyYAML says, by its beginning, and what we say.
_DAMAGE = (
    ("mapping values are not allowed", N_("A colon stands where none is expected."), N_("Put a text that holds a colon in quotation marks.")),
    ("found unexpected end of stream", N_("A quotation mark is opened and never closed."), N_("Close it at the end of the text.")),
    ("found unknown escape", N_("A backslash in double quotation marks begins nothing known."), N_("Use single quotation marks, or write two backslashes.")),
    ("found character '\\t'", N_("A tab stands where only spaces may."), N_("Replace tabs by spaces at the beginning of lines.")),
    ("found character", N_("A text may not begin with the letter that stands here."), N_("Put the text in quotation marks.")),
    ("expected alphabetic or numeric", N_("A text may not begin with * or &."), N_("Put the text in quotation marks.")),
    ("expected <block end>", N_("The line does not fit the indentation or the quotation marks around it."), N_("Fields of one part begin in the same column; quotation marks enclose the whole text.")),
    ("could not find expected ':'", N_("A colon is missing after the name of a field."), N_("Write the field as «name: value».")),
    ("expected ',' or", N_("A comma or a closing bracket is missing."), N_("Lists are written as [A, B].")),
    ("sequence entries are not allowed", N_("A dash stands where no list is expected."), N_("Begin the list on a line of its own, or put the text in quotation marks.")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number, date or word as it stands in the file, from `line` to `last_line`. `null` where nothing stands.

    `text_line` is where its letters begin: below the sign | or > of a block of text.
    """

    line: int
    text: str
    null: bool
    text_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    line: int
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Fields by name; `lines` tells where each name stands."""

    line: int
    fields: dict[str, Value]
    lines: dict[str, int]


Value = Scalar | Listing | Mapping


@dataclass(slots=True)
class Document:
    """One file: its name for complaints, its lines, what was found wrong, and the tree where there is one."""

    file: str
    lines: list[str] = field(default_factory=list)
    root: Value | None = None
    complaints: list[Complaint] = field(default_factory=list)

    def complain(self, code: str, text: str, hint: str = "", line: int | None = None, path: str = "", value: str = "") -> None:
        """Note one thing that is wrong; `line` from 1, `path` as parts[3].answer (counted from 1)."""
        self.complaints.append(Complaint(code, text, hint, file=self.file, row=line, column=path, value=value))


def read_document(content: bytes, file: str) -> Document:
    """The tree of one file; `root` is None where the complaints leave nothing to look at."""
    document = Document(file)
    text = _decoded(content, document)
    if text is None or not _printable(text, document):
        return document
    try:
        if _within_limits(text, document):
            node = yaml.compose(text, Loader=_QUICK)
            document.root = None if node is None else _value(node, "", document)
    except yaml.YAMLError as failure:
        said, hint, line = damage(text, failure)
        document.complain("yaml", said, hint or _("Compare this line and the one above it with an assignment that works."), line)
    except ValueError:  # an escape beyond Unicode, which the parser in Python forgets to refuse
        document.complain("yaml", _("A backslash in double quotation marks begins nothing known."))
    if document.root is None and not document.complaints:
        document.complain("empty_file", _("The file is empty."), _("An assignment begins with «assignment:» and its code."))
    return document


def letter_name(letter: str) -> str:
    """A character as a complaint names it: «→» (U+2192 RIGHTWARDS ARROW)."""
    shown = f"«{letter}» " if letter.isprintable() else ""
    return f"{shown}(U+{ord(letter):04X} {unicodedata.name(letter, 'CONTROL CHARACTER')})"


def is_control(letter: str) -> bool:
    """Whether the character is a control sign, half a surrogate pair or a separator that editors do not show."""
    return unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in "\ufffe\uffff"


def _decoded(content: bytes, document: Document) -> str | None:
    if len(content) > MAX_BYTES:
        size, most = len(content) // 1024, MAX_BYTES // 1024
        document.complain("too_large", _("The file has {size} KB; an assignment has at most {most} KB.").format(size=size, most=most))
        return None
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as failure:
        document.complain("encoding", *encoding_fault(content, failure))
        return None
    document.lines = text.split("\n")
    return text.replace("\t", " ") if text.lstrip().startswith("{") else text  # JSON indents with tabs as it likes


def encoding_fault(content: bytes, failure: UnicodeDecodeError) -> tuple[str, str, int]:
    """What a file is that is no UTF-8, what to do, and the line, from 1, at which that shows."""
    line = content.count(b"\n", 0, failure.start) + 1
    hint = _("Open it in a text editor and save it again with the encoding UTF-8.")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _("The file is saved as UTF-16, not as UTF-8."), hint, line
    if _looks_cyrillic(content):
        return _("The file is saved as Windows-1251, not as UTF-8; that encoding has no Kazakh letters."), hint, line
    return _("The file is not a text in UTF-8."), hint, line


def _looks_cyrillic(content: bytes) -> bool:
    letters = [letter for letter in content.decode("cp1251", "replace") if ord(letter) > 127]
    return sum("А" <= letter <= "я" or letter in "ЁёІі№«»–—" for letter in letters) > 0.9 * len(letters)


def _printable(text: str, document: Document) -> bool:
    fine = True
    for number, line in enumerate(text.split("\n"), start=1):
        for letter in sorted(set(filter(is_control, line)) - {"\t"}):
            said = _("An invisible character stands in place {place}: {letter}.").format(
                place=line.index(letter) + 1, letter=letter_name(letter)
            )
            document.complain("control_character", said, _("Delete it: it cannot be printed."), number)
            fine = False
    return fine


def _within_limits(text: str, document: Document) -> bool:
    """Walk the events, which needs no recursion and expands nothing: one document, no aliases, not too deep."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_QUICK):
        line = event.start_mark.line + 1 if event.start_mark else None
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > MAX_DEPTH:
            _too_deep(document, line)
            return False
        if documents > 1:
            hint = _("Put what follows the line «---» into a file of its own.")
            document.complain("several_documents", _("A second document begins here; a file holds one assignment."), hint, line)
            return False
        if anchor := getattr(event, "anchor", None):
            hint = _("Write the text out, or put it in quotation marks.")
            document.complain("alias", _("References between parts of a file (& and *) are not taken."), hint, line, value=str(anchor))
            return False
    return True


def _too_deep(document: Document, line: int | None) -> None:
    document.complain("too_deep", _("Lists and fields are nested more than {most} deep.").format(most=MAX_DEPTH), line=line)


def _worded(text: str) -> yaml.YAMLError | None:
    """The same damage as the parser in Python words it, which `_DAMAGE` knows."""
    try:
        for _event in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as failure:
        return failure
    except ValueError:  # an escape beyond Unicode, which it forgets to refuse
        return None
    return None


def damage(text: str, failure: yaml.YAMLError) -> tuple[str, str, int | None]:
    """What is wrong with a YAML text that cannot be parsed: a sentence with the place, what to do (or nothing), and the line from 1."""
    worded = _worded(text) or failure
    mark = getattr(worded, "problem_mark", None)
    problem = str(getattr(worded, "problem", "") or "")
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
    opened = getattr(worded, "context_mark", None)
    if problem.startswith(_OPENED_EARLIER) and opened is not None:
        line, column = opened.line + 1, opened.column + 1
    known = ((_(said), _(hint)) for start, said, hint in _DAMAGE if problem.startswith(start))
    said, hint = next(known, (_("The file is damaged here."), ""))
    place = _("line {line}, place {place}").format(line=line, place=column) if line is not None else ""
    return f"{said} ({place})" if place else said, hint, line


def _value(node: Node, path: str, document: Document) -> Value:
    line = node.start_mark.line + 1
    if node.tag not in _PLAIN_TAGS:
        document.complain(
            "tag",
            _("The tag {tag} is not taken.").format(tag=node.tag),
            _("Delete the word that begins with an exclamation mark."),
            line,
            path,
        )
    if isinstance(node, SequenceNode):
        return Listing(line, tuple(_value(item, f"{path}[{number}]", document) for number, item in enumerate(node.value, start=1)))
    if isinstance(node, MappingNode):
        return _mapping(node, path, document)
    assert isinstance(node, ScalarNode), "YAML has three kinds of nodes"
    return _scalar(node)


def _scalar(node: ScalarNode) -> Scalar:
    line, last = node.start_mark.line + 1, node.end_mark.line + 1
    block = node.style in ("|", ">")
    null = node.style is None and node.tag == "tag:yaml.org,2002:null"
    return Scalar(line, unicodedata.normalize("NFC", node.value), null, line + 1 if block else line, last)


def _mapping(node: MappingNode, path: str, document: Document) -> Mapping:
    fields: dict[str, Value] = {}
    lines: dict[str, int] = {}
    for name, key, value in _entries(node, path, document):
        line = key.start_mark.line + 1
        if name in fields:
            text = _("The field «{field}» stands here a second time; the first is on line {line}.").format(field=name, line=lines[name])
            document.complain("doubled_field", text, _("Keep one of the two."), line, _joined(path, name))
            continue
        fields[name] = _value(value, _joined(path, name), document)
        lines[name] = line
    return Mapping(node.start_mark.line + 1, fields, lines)


def _entries(node: MappingNode, path: str, document: Document) -> Iterator[tuple[str, Node, Node]]:
    for key, value in node.value:
        if isinstance(key, ScalarNode):
            yield key.value, key, value
        else:
            document.complain("field_name", _("A field's name must be a word."), line=key.start_mark.line + 1, path=path)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name

"""Moodle's GIFT as its documentation tells it (docs.moodle.org, «GIFT format»): a text becomes questions that know their lines. Pure.

packets/gift_door makes an assignment of them and refuses what paper cannot hold; nothing here knows paper. Complaints here are about the notation
only: a brace that is never closed, a weight that is no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from packets.document import Document
from packets.gift_formats import Fault, fault_alone, fault_before, fault_behind, format_before
from records.language import _

BLANK = "\ufdd9"  # stands for the line of a missing word until its words are written
_ESCAPED = {"\\": "\ufdd0", "~": "\ufdd1", "=": "\ufdd2", "#": "\ufdd3", "{": "\ufdd4", "}": "\ufdd5", ":": "\ufdd6", "n": "\ufdd7"}
_RESTORED = {ord(stand_in): "\n" if letter == "n" else letter for letter, stand_in in _ESCAPED.items()}
_STAND_INS = re.compile("[\ufdd0-\ufdd9]")
_COMMENT = re.compile(r"\s*//")
_DIRECTIVE = re.compile(r"\s*//\s*poshta\s*:\s*([^:]*?)\s*:\s*(.*?)\s*$", re.IGNORECASE)
_CATEGORY = re.compile(r"\s*\$CATEGORY\s*:\s*(.*?)\s*$")
_NAME = re.compile(r"\s*::(.*?)::", re.DOTALL)
_WEIGHT = re.compile(r"\s*%([^%]*)%")
_TRUTH = re.compile(r"(T|TRUE|F|FALSE)", re.IGNORECASE)


class Kind(StrEnum):
    """What the braces of a question ask for."""

    TEXT = "description"
    ESSAY = "essay"
    TRUTH = "true or false"
    CHOICE = "multiple choice"
    SHORT = "short answer"
    NUMBER = "numerical"
    MATCHING = "matching"


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a format of packets/gift_formats, from `line` on to `last`. "\\n" where the writer asked for a new line, a space where the file only wraps."""

    text: str
    format: str
    line: int
    last: int = 0


@dataclass(frozen=True, slots=True)
class Alternative:
    """One entry between braces: right (=) or wrong (~), its weight in percent where one stands, the other half of a pair where it is one."""

    right: bool
    weight: Decimal | None
    words: Words
    match: Words | None = None


@dataclass(frozen=True, slots=True)
class GiftQuestion:
    """One entry of the file. `words` hold BLANK where a word is missing; `feedback` are the lines on which feedback begins."""

    kind: Kind
    name: str
    words: Words
    alternatives: tuple[Alternative, ...] = ()
    truth: bool = False
    feedback: tuple[int, ...] = ()

    @property
    def line(self) -> int:
        """Where the question begins."""
        return self.words.line


@dataclass(frozen=True, slots=True)
class Directive:
    """A line `// poshta: name: value`, which Moodle takes for a comment."""

    line: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Category:
    """A line `$CATEGORY: ...`: a drawer of Moodle's question bank."""

    line: int
    name: str


Entry = GiftQuestion | Directive | Category


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A piece of the file in which escaped letters are stand-ins; `lines` are the numbers of its lines."""

    text: str
    lines: tuple[int, ...]

    def line(self, place: int = 0) -> int:
        """The line of the file at `place`."""
        return self.lines[min(self.text.count("\n", 0, place), len(self.lines) - 1)]

    def part(self, start: int, end: int | None = None) -> _Stretch:
        """From `start` to before `end`, without spaces around."""
        piece = self.text[start:end]
        first = start + len(piece) - len(piece.lstrip())
        return _Stretch(piece.strip(), self.lines[self.text.count("\n", 0, first) :])


def entries(document: Document) -> Iterator[Entry]:
    """Every entry of the document's lines in their order; what cannot be understood is left out with a complaint."""
    waiting: list[tuple[int, str]] = []
    for number, line in enumerate([*document.lines, ""], start=1):
        directive, category = _DIRECTIVE.match(line), _CATEGORY.match(line)
        if line.strip() and not (_COMMENT.match(line) or category):
            waiting.append((number, line))
        elif waiting and (not line.strip() or category):
            yield from _question(waiting, document)
            waiting = []
        if directive:
            yield Directive(number, directive[1].strip().lower(), directive[2])
        elif category:
            yield Category(number, category[1])


def _question(lines: Sequence[tuple[int, str]], document: Document) -> Iterator[GiftQuestion]:
    """The question that stands on `lines`, or nothing and a complaint."""
    whole = _Stretch("\n".join(_hidden(line) for _number, line in lines), tuple(number for number, _line in lines))
    name, rest = _name(whole)
    opening, closing = rest.text.find("{"), rest.text.find("}")
    if opening < 0 and closing < 0:
        if _told(fault_before(rest.text) or fault_alone(rest.text), rest, document):
            return
        yield GiftQuestion(Kind.TEXT, name, _words(rest, "moodle"))
        return
    if fault := _brace_fault(rest, opening, closing):
        document.complain("gift_braces", *fault)
        return
    before, inside, after = rest.part(0, opening), rest.part(opening + 1, closing), rest.part(closing + 1)
    if _told(fault_before(before.text, question=True), before, document) or _told(fault_behind(after.text), after, document):
        return
    words = _words(before, "moodle")
    if after.text:
        rest_of_it = _plain(after.text)
        space = "" if rest_of_it[0] in ".,;:!?)»" else " "
        first = before.line() if before.text else rest.line()
        words = Words(f"{words.text} {BLANK}{space}{rest_of_it}".strip(), words.format, first, after.line(len(after.text)))
    yield from _answered(name, words, inside, document)


def _told(fault: Fault | None, stretch: _Stretch, document: Document) -> bool:
    """Whether there is a fault of the format; it is told with its line then."""
    if fault is not None:
        text, hint, place = fault
        document.complain("gift_format", _plain(text), hint, stretch.line(place))
    return fault is not None


def _brace_fault(rest: _Stretch, opening: int, closing: int) -> tuple[str, str, int] | None:
    if opening < 0 or 0 <= closing < opening:
        return (
            _("A curly brace is closed that was never opened."),
            _("Before a brace that is only a sign stands a backslash."),
            rest.line(closing),
        )
    if closing < 0:
        hint = _("Close it; between braces there is no empty line. Before a brace that is only a sign stands a backslash.")
        return _("A curly brace is opened and never closed before the next empty line."), hint, rest.line(opening)
    another = next((place for place in (rest.text.find("{", opening + 1), rest.text.find("}", closing + 1)) if place >= 0), -1)
    if another >= 0:
        hint = _("Make two questions of it, with an empty line between. Before a brace that is only a sign stands a backslash.")
        return _("A question has one pair of curly braces, but here is another brace."), hint, rest.line(another)
    return None


def _answered(name: str, words: Words, inside: _Stretch, document: Document) -> Iterator[GiftQuestion]:
    """The question by what stands between its braces."""
    body, general = _without_general_feedback(inside)
    text = body.text
    truth, sign, _comment = text.partition("#")
    if not text:
        yield GiftQuestion(Kind.ESSAY, name, words, feedback=general)
    elif text.startswith("#"):
        yield from _listed(Kind.NUMBER, name, words, _first_marked(body.part(1)), general, document)
    elif _TRUTH.fullmatch(truth.strip()):
        said = (body.line(len(truth)),) if sign else ()
        yield GiftQuestion(Kind.TRUTH, name, words, truth=truth.strip()[0] in "Tt", feedback=said + general)
    elif "~" in text:
        yield from _listed(Kind.CHOICE, name, words, body, general, document)
    elif "=" in text:
        pairs = all("->" in part.partition("#")[0] for part in re.split("=", text)[1:])
        yield from _listed(Kind.MATCHING if pairs else Kind.SHORT, name, words, body, general, document)
    else:
        hint = _("Write = before the right answer and ~ before each wrong one; empty braces ask for a written answer.")
        document.complain("gift_answers", _("Between the braces stands neither = nor ~."), hint, body.line(), value=_plain(text)[:40])


def _first_marked(numbers: _Stretch) -> _Stretch:
    """The answers of a numerical question with a = before the first, which may be left out."""
    if not numbers.text or numbers.text[0] in "=~":
        return numbers
    return _Stretch("=" + numbers.text, numbers.lines)


def _listed(kind: Kind, name: str, words: Words, body: _Stretch, general: tuple[int, ...], document: Document) -> Iterator[GiftQuestion]:
    """A question with alternatives; nothing where one of them cannot be understood."""
    marks = [found.start() for found in re.finditer("[=~]", body.text)]
    if not marks or body.text[: marks[0]].strip():
        hint = _("Write = before the right answer and ~ before each wrong one.")
        document.complain("gift_answers", _("Words stand between the braces before the first = or ~."), hint, body.line())
        return
    made: list[Alternative] = []
    feedback: list[int] = []
    for start, end in zip(marks, [*marks[1:], None], strict=True):
        part = body.part(start + 1, end)
        if not part.text and body.text[start] == "~" and end is not None:
            continue  # ~= is one mark
        answer, sign, _comment = part.text.partition("#")
        if sign:
            feedback.append(part.line(len(answer)))
        alternative = _alternative(kind, body.text[start] == "=", _Stretch(answer.strip(), part.lines), words.format, document)
        if alternative is None:
            return
        made.append(alternative)
    yield GiftQuestion(kind, name, words, tuple(made), feedback=(*feedback, *general))


def _alternative(kind: Kind, right: bool, part: _Stretch, form: str, document: Document) -> Alternative | None:
    weight = None
    if found := _WEIGHT.match(part.text):
        try:
            weight = Decimal(found[1].strip().replace(",", "."))
        except ArithmeticError:
            text = _("«%{value}%» is not a weight.").format(value=found[1])
            document.complain("gift_weight", text, _("Write a number between the percent signs, as in %50%."), part.line(), value=found[1])
            return None
        part = part.part(found.end())
    left = part.text.partition("->")[0] if kind is Kind.MATCHING else part.text
    halves = [part.part(0, len(left)), *([part.part(len(left) + 2)] if kind is Kind.MATCHING else [])]
    if any(_told(fault_before(each.text), each, document) for each in halves):
        return None
    return Alternative(right, weight, *(_words(each, form) for each in halves))


def _without_general_feedback(inside: _Stretch) -> tuple[_Stretch, tuple[int, ...]]:
    """What stands between braces, and the line of the feedback on the whole question, which begins with ####."""
    place = inside.text.find("####")
    return (inside, ()) if place < 0 else (inside.part(0, place), (inside.line(place),))


def _name(whole: _Stretch) -> tuple[str, _Stretch]:
    found = _NAME.match(whole.text)
    return (_plain(found[1]), whole.part(found.end())) if found else ("", whole.part(0))


def _words(part: _Stretch, form: str) -> Words:
    """The words of a stretch, in the format that it names or else in `form`."""
    named, place = format_before(part.text)
    if named:
        form, part = named, part.part(place)
    return Words(_plain(part.text, wrapped=form != "markdown"), form, part.line(), part.line(len(part.text)))


def _hidden(line: str) -> str:
    """A line with each escaped letter as one stand-in."""
    return re.sub(r"\\([\\~=#{}:n])", lambda found: _ESCAPED[found[1]], _STAND_INS.sub("\ufffd", line))


def _plain(text: str, wrapped: bool = True) -> str:
    """The text with its escaped letters; where the file only wraps a line (`wrapped`), a space."""
    if wrapped:
        text = " ".join(text.split())
    return text.translate(_RESTORED).strip()

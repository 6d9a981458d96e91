"""A file in Moodle's GIFT becomes an assignment: the head from comments that Moodle does not read, each question as paper can ask it.

packets/doors calls this. What paper cannot hold is refused by name with its line; what only the screen needs (feedback, categories) is told and
left behind. The tree that is made here is judged by packets/authoring like every other file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from packets.authoring import FIELDS, Reading, judged
from packets.document import MAX_BYTES, Document, Listing, Mapping, Value, encoding_fault, is_control, letter_name
from packets.fields import suggestion
from packets.gift import Category, Directive, GiftQuestion, entries
from packets.gift_questions import read_question, scalar, tell
from packets.own_pdf_said import begins_page
from records.errors import Complaint
from records.language import N_, _, ngettext

LESSON = {"channel": "channel", "date": "date", "time": "time"}
LISTS = ("schools", "pupils")
STANDING = {"points": "1", "lines": "5", "digits": ""}  # what holds for every question until another line says otherwise
HEAD = tuple(name for name in FIELDS if name not in ("parts", "lesson", *LISTS))
PAGE = "page"  # of the PDF: the questions behind it stand in its answer strip
WORDS_IN_HEAD = (*HEAD, *LESSON, *LISTS, *STANDING, PAGE)
LONGEST_LISTED = 8
HINTS = {
    "missing_field": N_("Write it at the top of the file: // poshta: {field}: ..."),
    "empty_field": N_("Write it at the top of the file: // poshta: {field}: ..."),
    "no_question": N_("A question in GIFT has its answers between braces: {example}"),
    "wrong_time": N_("Write it as 10:20."),
}
EXAMPLE = "2 + 2 {~3 =4 ~5}"


@dataclass(slots=True)
class _Making:
    """What has been made of the file so far."""

    document: Document
    folder: Path | None = None
    fields: dict[str, Value] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    standing: dict[str, str] = field(default_factory=lambda: dict(STANDING))
    parts: list[Value] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of the entries that became parts
    feedback: list[int] = field(default_factory=list)
    left_out: int = 0


def read_gift(content: bytes, file: str = "", leave_out: bool = False, folder: Path | None = None) -> Reading:
    """The assignment that the bytes of a GIFT file describe; `folder` is where its pictures are sought.

    With `leave_out`, questions that paper cannot hold are told and left out.
    """
    document = Document(file)
    text = _decoded(content, document)
    if text is None:
        return Reading(file, None, tuple(document.complaints))
    document.lines = text.split("\n")
    making = _Making(document, folder)
    for entry in entries(document):
        match entry:
            case Directive():
                _say_head(entry, making)
            case Category():
                tell(
                    document,
                    "category",
                    _("The category «{name}» of Moodle's question bank is not kept.").format(name=entry.name),
                    entry.line,
                )
            case GiftQuestion():
                _take(entry, making)
    making.left_out += sum(each.code in _OF_NOTATION for each in document.complaints)
    _tell_feedback(making)
    if not making.lines:
        text = _("The file has no head: code, subject, grade, language, title, kind and week of the assignment.")
        hint = _("`poshta assignments template HEAD.gift` writes its lines; fill them in and put them at the top of this file.")
        document.complain("gift_no_head", text, hint, 1)
    return _judged(making, leave_out)


def _decoded(content: bytes, document: Document) -> str | None:
    if len(content) > MAX_BYTES:
        size, most = len(content) // 1024, MAX_BYTES // 1024
        document.complain("too_large", _("The file has {size} KB; an assignment has at most {most} KB.").format(size=size, most=most))
        return None
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    except UnicodeDecodeError as failure:
        document.complain("encoding", *encoding_fault(content, failure))
        return None
    for number, line in enumerate(text.split("\n"), start=1):
        for letter in sorted(set(filter(is_control, line))):
            said = _("An invisible character stands in place {place}: {letter}.")
            said = said.format(place=line.index(letter) + 1, letter=letter_name(letter))
            document.complain("control_character", said, _("Delete it: it cannot be printed."), number)
    return None if document.complaints else text


def _say_head(said: Directive, making: _Making) -> None:
    """Take a line `// poshta: name: value`."""
    if said.name in STANDING:
        making.standing[said.name] = said.value
    elif said.name == PAGE:
        making.parts.append(_mapping(said.line, {PAGE: scalar(said.value, said.line)}))
        making.names.append("")
    elif said.name not in WORDS_IN_HEAD:
        text = _("There is no field «{field}» here.").format(field=said.name)
        making.document.complain("unknown_field", text, suggestion(said.name, WORDS_IN_HEAD), said.line, said.name)
    elif said.name in making.lines:
        text = _("The field «{field}» stands here a second time; the first is on line {line}.")
        text = text.format(field=said.name, line=making.lines[said.name])
        making.document.complain("doubled_field", text, _("Keep one of the two."), said.line, said.name)
    else:
        making.lines[said.name] = said.line
        value: Value = scalar(said.value, said.line)
        if said.name in LISTS:
            value = Listing(said.line, tuple(scalar(code, said.line) for code in re.split(r"[\s,;]+", said.value) if code))
        making.fields[said.name] = value


def _take(question: GiftQuestion, making: _Making) -> None:
    """Make a part of a question, or refuse it by name."""
    document = making.document
    before = len(document.complaints)
    fields = read_question(question, document, making.standing)
    if fields is None or any(each.refused for each in document.complaints[before:]):
        _name_faults(document, before, question.name)
        making.left_out += 1
        return
    making.feedback += question.feedback
    making.parts.append(_mapping(question.line, fields))
    making.names.append(question.name)


def _tell_feedback(making: _Making) -> None:
    lines = sorted(set(making.feedback))
    if lines:
        said = ngettext(
            "Feedback is not printed: it stands on line {lines}.", "Feedback is not printed: it stands on lines {lines}.", len(lines)
        )
        shown = ", ".join(map(str, lines[:LONGEST_LISTED])) + (" …" if len(lines) > LONGEST_LISTED else "")
        tell(making.document, "gift_feedback", said.format(lines=shown), lines[0])


def _name_faults(document: Document, start: int, name: str) -> None:
    """Give the complaints from `start` on the name of their question."""
    document.complaints[start:] = [replace(each, column=name) if name else each for each in document.complaints[start:]]


def _judged(making: _Making, leave_out: bool) -> Reading:
    """What the one judge of assignments says of the tree, with fields and hints as a GIFT file has them."""
    document, kept = making.document, list(range(len(making.parts)))
    own = [replace(each, refused=False) if leave_out and each.code in _OF_QUESTIONS else each for each in document.complaints]
    while True:
        document.complaints = []
        document.root = _root(making, [making.parts[place] for place in kept])
        reading = judged(document, making.folder)
        said = [each for each in reading.complaints if making.lines or each.code != "missing_field" or _part_of(each)]
        if making.left_out and not leave_out:
            said = [each for each in said if each.code != "no_question"]  # that none is left says nothing
        faults = [_with_name(each, [making.names[place] for place in kept]) for each in said]
        bad = {_part_of(each) for each in reading.complaints if each.refused} - {None}
        pages = any(begins_page(making.parts[kept[position - 1]]) for position in bad if position)
        if not leave_out or not bad or pages or len(bad) == len(kept):
            break
        own += [replace(each, refused=False) for each in faults if each.refused]
        kept = [place for position, place in enumerate(kept, start=1) if position not in bad]
    complaints = tuple(sorted((*own, *faults), key=lambda each: each.row or 0))
    refused = any(each.refused for each in complaints)
    out = making.left_out + len(making.parts) - len(kept) if leave_out else making.left_out + len(bad)
    rest = () if not out else (_left_out(document.file, out),) if leave_out else (_offer(document.file),)
    return Reading(reading.file, None if refused else reading.assignment, (*complaints, *rest))


def _left_out(file: str, count: int) -> Complaint:
    """How many questions are missing on paper, since somebody asked for that."""
    said = ngettext(
        "{count} question was left out; the others are numbered in their order.",
        "{count} questions were left out; the others are numbered in their order.",
        count,
    )
    return Complaint("gift_left_out", said.format(count=count), file=file, refused=False)


def _offer(file: str) -> Complaint:
    """How the others can be taken without mending the file."""
    text = _("The file is refused whole; with --leave-out, what paper cannot hold is left out and the rest is taken.")
    return Complaint("gift_leave_out", text, file=file, refused=False)


_OF_NOTATION = ("gift_braces", "gift_answers", "gift_weight", "gift_format")  # one for each entry that packets.gift cannot understand
_OF_QUESTIONS = (
    *_OF_NOTATION, "gift_part_points", "gift_several_right", "gift_no_right", "gift_weights", "gift_numbers", "gift_number", "gift_range",
    "unsupported", "empty_field",
)  # fmt: skip


def _root(making: _Making, parts: Sequence[Value]) -> Mapping:
    fields, lines = dict(making.fields), dict(making.lines)
    lesson = {name: fields.pop(name) for name in LESSON if name in fields}
    if lesson:
        first = min(lines[name] for name in lesson)
        fields["lesson"] = Mapping(first, lesson, {name: lines[name] for name in lesson})
        lines["lesson"] = first
    fields["parts"] = Listing(1, tuple(parts))
    return Mapping(1, fields, {**lines, "parts": 1})


def _with_name(complaint: Complaint, names: Sequence[str]) -> Complaint:
    """A complaint of the judge as one about this file: the question's name for its path, a hint that fits GIFT."""
    part = _part_of(complaint)
    column = complaint.column if part is None else names[part - 1]
    hint = complaint.hint
    if part is not None and complaint.code == "empty_field":
        hint = _("Write words behind each = and ~, or delete the sign.")
    if complaint.code == "choices_stay":
        hint = _("Say it in other words where that is not so.")
    if part is None and complaint.code in HINTS:
        hint = _(HINTS[complaint.code]).format(field=complaint.column.rpartition(".")[2], example=EXAMPLE)
    return replace(complaint, column=column, hint=hint)


def _part_of(complaint: Complaint) -> int | None:
    found = re.match(r"parts\[(\d+)\]", complaint.column)
    return int(found[1]) if found else None


def _mapping(line: int, fields: dict[str, Value]) -> Mapping:
    return Mapping(line, fields, dict.fromkeys(fields, line))

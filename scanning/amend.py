"""A person's word on one answer: what was typed, checked against the question, and recorded in place of what stood there.

`poshta grades amend` calls this; later the review desk does. Nothing is updated: the earlier record stays for appeals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sqlalchemy.orm import Session

from packets.assignment import LETTERS, Assignment, ChoiceQuestion, NumberQuestion, OpenQuestion, Question
from packets.numbers import read_number
from packets.token import read_short_code
from records import schema
from records.errors import InputRefused, NotAllowed, NotFound
from records.grades import Decision, Recorded, decide, item_order, standing
from records.journal import record
from records.language import _, ngettext
from scanning.printed_letters import by_print
from scanning.score import by_person

_LOOK_ALIKES = str.maketrans("АВСЕН", "ABCEH")
_PAGE_ID = re.compile(r"[0-9a-f]{14}")


@dataclass(frozen=True, slots=True)
class Amended:
    """What stood (None: nothing was recorded) and what stands now."""

    page: str
    short_code: str
    before: Recorded | None
    after: Decision

    @property
    def changed(self) -> bool:
        """Whether the person said something new."""
        return self.before is None or not self.after.says_the_same(self.before)


def amend(session: Session, page: str, item: str, value: str, why: str = "", printed: bool = False) -> Amended:
    """Record that the answer to `item` on `page` (its id or short code) is `value`: A, or A,C, or 84, or points, or nothing for blank.

    Letters are the author's, as records hold them, or those that the page prints, where `printed`. Raises NotFound for an unknown page or question, NotAllowed for a page without answers, InputRefused for a value that the question cannot have.
    """
    result = heard(session, page, item, value, why, printed)
    if result.changed:
        number = decide(session, result.after)
        superseded = result.before.id if result.before else None
        record(session, "grades.amend", result.page, item=result.after.item, record=number, superseded=superseded)
    return result


def heard(session: Session, page: str, item: str, value: str, why: str = "", printed: bool = False) -> Amended:
    """What a person's word would make of an answer; writes nothing. Takes and raises what `amend` does."""
    row = page_typed(session, page)
    question = _question(session, row, item)
    before = standing(session, row.id).get(question.number)
    values = parse_value(question, value)
    if printed:
        values = by_print(session, row.id, question.number, values)
    return Amended(row.id, row.short_code, before, by_person(row.id, question, values, before.scan if before else None, why))


def asked(session: Session, page: str, item: str) -> tuple[str, str]:
    """The page's id and the question's number that a person named; raises what `amend` raises for them."""
    row = page_typed(session, page)
    return row.id, _question(session, row, item).number


def parse_value(question: Question, typed: str) -> tuple[str, ...]:
    """The reading that a person typed for `question`; nothing typed is blank. Raises InputRefused with what is possible."""
    text = typed.strip()
    if not text:
        return ()
    match question:
        case ChoiceQuestion():
            return _letters(question, text)
        case NumberQuestion():
            return _number(question, text)
        case OpenQuestion():
            return _points(question, text)


def page_typed(session: Session, typed: str) -> schema.Page:
    """The worksheet's page that a person named by its id or short code. Raises NotFound, NotAllowed for one that takes no answers."""
    identity = typed.strip().lower() if _PAGE_ID.fullmatch(typed.strip().lower()) else read_short_code(typed)
    row = session.get(schema.Page, identity) if identity else None
    if row is None:
        raise NotFound(_("There is no page {page}.").format(page=typed), _("Check the short code that is printed beside the QR code."))
    if row.void or row.assignment is None:
        raise NotAllowed(
            _("The page {page} takes no answers: it is void or no worksheet.").format(page=typed), _("Name a worksheet's page.")
        )
    return row


def _letters(question: ChoiceQuestion, text: str) -> tuple[str, ...]:
    possible = LETTERS[: len(question.choices)]
    found = re.findall(r"\w", text.upper().translate(_LOOK_ALIKES))
    wrong = [letter for letter in found if letter not in possible]
    if wrong or not found or re.search(r"[^\w\s,;+]", text):
        raise _impossible(question, text, _("Give letters from {first} to {last}.").format(first=possible[0], last=possible[-1]))
    if len(set(found)) > 1 and not question.several:
        raise _impossible(question, text, _("This question takes one letter."))
    return tuple(sorted(set(found)))


def _number(question: NumberQuestion, text: str) -> tuple[str, ...]:
    number = read_number(text)
    if number is None or not question.columns.holds(number):
        raise _impossible(question, text, number_hint(question))
    return (number,)


def number_hint(question: NumberQuestion) -> str:
    """Which numbers can be marked in the columns of a question."""
    columns = question.columns
    if columns.plain:
        return _("Give a whole number from 0 to {last}.").format(last=columns.largest)
    least = f"-{columns.largest}" if columns.minus else "0"
    if not columns.decimals:
        return _("Give a whole number from {least} to {last}.").format(least=least, last=columns.largest)
    return ngettext(
        "Give a number from {least} to {last}, with {count} decimal at most.",
        "Give a number from {least} to {last}, with {count} decimals at most.",
        columns.decimals,
    ).format(least=least, last=columns.largest, count=columns.decimals)


def _points(question: OpenQuestion, text: str) -> tuple[str, ...]:
    try:
        points = Decimal(text.replace(",", "."))
    except InvalidOperation:
        points = Decimal(-1)
    if not points.is_finite() or not 0 <= points <= question.points or points != round(points, 2):
        raise _impossible(question, text, _("Give points from 0 to {points}.").format(points=question.points))
    return (f"{points.normalize():f}",)


def _impossible(question: Question, text: str, hint: str) -> InputRefused:
    return InputRefused(_("Question {item} cannot have the answer «{value}».").format(item=question.number, value=text), hint)


def _question(session: Session, page: schema.Page, item: str) -> Question:
    assignment = Assignment.from_json(session.get_one(schema.Assignment, page.assignment).definition)
    layout = session.get_one(schema.Layout, page.layout)
    printed = {each["item"] for each in layout.geometry["items"]}
    for question in assignment.questions:
        if question.number == item.strip() and question.number in printed:
            return question
    raise NotFound(
        _("There is no question {item} on this page.").format(item=item),
        _("The page has {items}.").format(items=", ".join(sorted(printed, key=item_order))),
    )

"""One question of a GIFT file as the fields of an assignment's part, or a refusal by name where paper has no such question. Pure.

packets/gift_door calls `read_question`. Weights, ranges and several right answers are taken only where circles and digit columns say the same.
"""

from __future__ import annotations

import re
from collections import abc
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from packets.digits import MOST_DIGITS, THOUSANDS
from packets.document import Document, Listing, Scalar, Value
from packets.gift import Alternative, GiftQuestion, Kind, Words
from packets.gift_number import only_number
from packets.gift_words import inline, markdown
from records.errors import Complaint
from records.language import _, alphabetical

ROUNDING = Decimal("0.05")  # 33.33333 three times is a hundred
Standing = abc.Mapping[str, str]


def read_question(question: GiftQuestion, document: Document, standing: Standing) -> dict[str, Value] | None:
    """The fields of a part; None, with a complaint, where paper has no such question. `standing`: points, lines and digits that hold here."""
    if question.kind is Kind.TEXT:
        return {"text": _spread(markdown(question.words, _refuser(document, question.line)), question.words)}
    asked = _inline(question.words, document)
    if not asked.text:
        document.complain("empty_field", _("The question has no words."), _("Write them before the brace."), question.line)
        return None
    points = scalar(standing["points"], question.line)
    match question.kind:
        case Kind.ESSAY:
            made: dict[str, Value] | None = {"lines": scalar(standing["lines"], question.line)}
        case Kind.SHORT:
            made = {"short": _rubric(question, document)}
        case Kind.TRUTH:
            made = {"true_false": scalar("true" if question.truth else "false", question.line)}
        case Kind.NUMBER:
            made = _number(question, document, standing["digits"])
        case Kind.MATCHING:
            made = _grid(question, document)
        case _:
            made = _choice(question, document)
    return None if made is None else {"question": asked, **made, "points": points}


def _rubric(question: GiftQuestion, document: Document) -> Listing:
    """The answers that Moodle takes for right, for whoever gives the points; a weight below 100 % stands before its answer."""
    items = []
    for each in question.alternatives:
        words = _inline(each.words, document)
        weight = "" if each.weight in (None, Decimal(100)) else f"{each.weight} %: "
        items.append(replace(words, text=weight + words.text.replace("\n", " ")))
    return Listing(question.line, tuple(items))


def _choice(question: GiftQuestion, document: Document) -> dict[str, Value] | None:
    """One choice where an answer is right by itself (=), several where only weights say what is right."""
    alternatives = question.alternatives
    rule = _one_right if any(each.right for each in alternatives) else _several_right
    right = rule(question, document)
    if right is None:
        return None
    letters = [chr(ord("A") + place) for place, each in enumerate(alternatives) if each in right]
    choices = Listing(question.line, tuple(_inline(each.words, document) for each in alternatives))
    answers = [scalar(letter, question.line) for letter in letters]
    if rule is _one_right:
        return {"choices": choices, "answer": answers[0]}
    return {"choices": choices, "answer": Listing(question.line, tuple(answers)), "partial": scalar("true", question.line)}


def _one_right(question: GiftQuestion, document: Document) -> list[Alternative] | None:
    """The right choice of one; several that are each right, or that earn a part, have no place on paper."""
    right = [each for each in question.alternatives if each.right or each.weight == 100]
    weighed = next((each for each in question.alternatives if _earns_a_part(each, each in right)), None)
    if weighed is not None:
        text = _(
            "A choice that earns a part of the points ({weight} %) beside one that earns all cannot be printed: one choice is right or wrong."
        )
        hint = _("Take the weight away; or give weights only, without =, if several choices may be marked.")
        document.complain("gift_part_points", text.format(weight=weighed.weight), hint, weighed.words.line)
        return None
    if len(right) > 1:
        text = _("{count} choices are each right by themselves; on paper one choice is right, or all the right ones are marked together.")
        hint = _("Keep one =; or write ~%50% before each of two right choices, if both are to be marked.")
        document.complain("gift_several_right", text.format(count=len(right)), hint, right[1].words.line)
        return None
    if any(each.weight is not None and each.weight < 0 for each in question.alternatives):
        text = _("A wrong choice takes nothing off; in Moodle it does here.")
        tell(document, "gift_other_weights", text, question.line)
    return right


def _earns_a_part(each: Alternative, right: bool) -> bool:
    """Whether a choice earns some of the points beside one that earns all; what takes points off is wrong like any other."""
    return each.weight is not None and (each.weight != 100 if right else each.weight > 0)


def _several_right(question: GiftQuestion, document: Document) -> list[Alternative] | None:
    """The right ones of several: those with weights, all alike. Tells where a wrong one counts otherwise than in Moodle."""
    weights = [each.weight or Decimal(0) for each in question.alternatives]
    right = [each for each in question.alternatives if (each.weight or 0) > 0]
    positive = sorted(weight for weight in weights if weight > 0)
    if not positive:
        text = _("No choice is right.")
        document.complain("gift_no_right", text, _("Write = before the right choice."), question.line)
        return None
    share = Decimal(100) / len(positive)
    if abs(positive[0] - share) > ROUNDING or abs(positive[-1] - share) > ROUNDING:
        said = ", ".join(f"{weight} %" for weight in positive)
        text = _("The right choices weigh {weights}; on paper all right choices of a question weigh the same, together 100 %.")
        document.complain("gift_weights", text.format(weights=said), _("Give each the same weight."), right[0].words.line)
        return None
    if any(abs(weight + share) > ROUNDING for weight in weights if weight <= 0):
        text = _(
            "A wrong choice that is marked takes off as much as a right one gives, and never below 0; Moodle counts by the weights here."
        )
        tell(document, "gift_other_weights", text, question.line)
    return right


def _number(question: GiftQuestion, document: Document, digits: str) -> dict[str, Value] | None:
    """A number that is the only one in its range; several answers with weights have no place in digit columns."""
    alternatives = question.alternatives
    if len(alternatives) != 1 or alternatives[0].weight not in (None, Decimal(100)) or not alternatives[0].right:
        text = _("Several numbers, or numbers that earn a part of the points, cannot be printed: digit columns know one right number.")
        document.complain("gift_numbers", text, _("Keep the one right number."), alternatives[min(1, len(alternatives) - 1)].words.line)
        return None
    words = alternatives[0].words
    found = only_number(words.text)
    if "," in words.text and THOUSANDS.fullmatch(words.text.strip()):
        plain = words.text.strip().replace(",", "")
        text = _("«{value}» may be {plain}, or a number with three digits behind the comma.").format(value=words.text, plain=plain)
        hint = _("Write {plain}, or a point for the comma.").format(plain=plain)
        document.complain("gift_number", text, hint, words.line, value=words.text)
    elif found is None:
        text = _("«{value}» is no number.").format(value=words.text)
        document.complain("gift_number", text, _("Write #1822 or #1822:0 between the braces."), words.line, value=words.text)
    elif not found.number:
        text = _("«{value}» is a range of numbers; digit columns know one right number.").format(value=words.text)
        hint = _("Keep the one right number, or ask for a written answer.")
        document.complain("gift_range", text, hint, words.line, value=words.text)
    else:
        whole, _point, parts = found.number.lstrip("-").partition(".")
        if len(whole) + len(parts) > MOST_DIGITS:
            text = _("The answer {answer} has more than {most} digits.").format(answer=found.number, most=MOST_DIGITS)
            document.complain("gift_number", text, _("Ask for a written answer."), words.line, value=found.number)
            return None
        columns = digits or str(len(whole))
        return {"number": scalar(found.number, words.line), "digits": scalar(columns, words.line)}
    return None


def _grid(question: GiftQuestion, document: Document) -> dict[str, Value]:
    """Rows to be matched with columns, which stand in the order of their words, so that the order gives nothing away."""
    matches = [each.match for each in question.alternatives if each.match is not None]
    columns = {words.text: words for words in sorted(matches, key=lambda words: _order(words.text))}
    letters = {text: chr(ord("A") + place) for place, text in enumerate(columns)}
    rows = [each for each in question.alternatives if each.words.text and each.match is not None]
    return {
        "rows": Listing(question.line, tuple(_inline(each.words, document) for each in rows)),
        "columns": Listing(question.line, tuple(_inline(words, document) for words in columns.values())),
        "answer": Listing(question.line, tuple(scalar(letters[each.match.text], each.words.line) for each in rows if each.match)),
    }


def _order(text: str) -> tuple[object, ...]:
    """Numbers by their size, words by the alphabet."""
    plain = text.replace(",", ".").strip()
    if re.fullmatch(r"-?\d{1,12}(\.\d{1,12})?", plain):
        return (0, Decimal(plain))
    return (1, alphabetical(text))


def _inline(words: Words, document: Document) -> Scalar:
    return _spread(inline(words, _refuser(document, words.line)), words)


def _spread(text: str, words: Words) -> Scalar:
    """What became of words, as a value that stands where they stand: a new line that they ask for need be none of the file."""
    return Scalar(words.line, text, False, words.line, max(words.line, words.last))


def _refuser(document: Document, line: int) -> Callable[[str], None]:
    def refuse(tag: str) -> None:
        text = _("The HTML tag {tag} cannot be printed.").format(tag=tag)
        document.complain(
            "unsupported", text, _("Say it in words, in bold or in italics; around a sign < or > put spaces."), line, value=tag
        )

    return refuse


def tell(document: Document, code: str, text: str, line: int) -> None:
    """Something that a teacher should know and that refuses nothing."""
    document.complaints.append(Complaint(code, text, file=document.file, row=line, refused=False))


def scalar(text: str, line: int) -> Scalar:
    """A value of the tree that stands on `line`."""
    return Scalar(line, text, False, line, line)

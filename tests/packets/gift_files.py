"""A GIFT file of one head, for tests: what is written below it is read, taken or refused."""

from decimal import Decimal

from packets.assignment import Assignment, ChoiceQuestion, Part
from packets.authoring import Reading
from packets.gift_door import read_gift

HEAD = """// poshta: assignment: geo-5-kk-w41
// poshta: subject: geography
// poshta: grade: 5
// poshta: language: kk
// poshta: title: Қазақстан
// poshta: kind: practice
// poshta: week: 2026-W41

"""
FIRST = HEAD.count("\n") + 1  # the line on which a question after the head begins
BLANK = r"\_" * 8


def read(text: str, leave_out: bool = False) -> Reading:
    return read_gift((HEAD + text).encode(), "test.gift", leave_out)


def taken(text: str) -> Assignment:
    reading = read(text)
    assert reading.assignment is not None, reading.complaints
    return reading.assignment


def only(text: str) -> Part:
    (part,) = taken(text).parts
    return part


def refusals(text: str) -> list[tuple[int | None, str]]:
    reading = read(text)
    assert reading.assignment is None
    return [(each.row, each.code) for each in reading.complaints if each.refused]


def choice(text: str, choices: tuple[str, ...], answer: str, several: bool = False) -> ChoiceQuestion:
    return ChoiceQuestion("1", text, choices, tuple(answer), several, several, Decimal(1))

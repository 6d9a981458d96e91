"""What a class made of each question: the share of points, and the commonest wrong answer. Pure.

scanning/returns calls this for the teacher's first page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from packets.assignment import Assignment, ChoiceQuestion, OpenQuestion, Question
from records.grades import DECIDED, READ, Decision
from scanning.score import is_right

TEACH_AGAIN = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """One question over a class. `share` is points earned of points possible among the `decided` answers, 0 to 1.

    `wrong` is the commonest answer that earned less than everything, as it was given ("B", "A,C", "74"), and `times` how often; both empty
    for open questions.
    """

    question: Question
    decided: int
    share: Decimal
    wrong: str = ""
    times: int = 0


def figures(assignment: Assignment, records: Iterable[Decision]) -> list[Figures]:
    """The figures of every question, in the order of the assignment."""
    by_item: dict[str, list[Decision]] = {}
    for record in records:
        if record.state in DECIDED and record.points is not None:
            by_item.setdefault(record.item, []).append(record)
    return [_figures(question, by_item.get(question.number, [])) for question in assignment.questions]


def to_teach_again(all_figures: Sequence[Figures], most: int = TEACH_AGAIN) -> list[Figures]:
    """The questions that a class found hardest, at most `most`, the hardest first; none that everybody solved."""
    hard = [each for each in all_figures if each.decided and each.share < 1]
    return sorted(hard, key=lambda each: (each.share, int(each.question.number)))[:most]


def choice_text(question: Question, answer: str) -> str:
    """The words of the choices that `answer` names; nothing for numbers."""
    if not isinstance(question, ChoiceQuestion):
        return ""
    letters = [letter for letter in answer.split(",") if letter]
    return "; ".join(question.choices[ord(letter) - ord("A")] for letter in letters)


def _figures(question: Question, held: Sequence[Decision]) -> Figures:
    possible = sum((each.max_points for each in held), Decimal(0))
    earned = sum((each.points or Decimal(0) for each in held), Decimal(0))
    share = earned / possible if possible else Decimal(0)
    given = Counter(",".join(each.reading) for each in held if each.state == READ and not is_right(question, each.points))
    if not given or isinstance(question, OpenQuestion):
        return Figures(question, len(held), share)
    wrong, times = min(given.items(), key=lambda each: (-each[1], each[0]))
    return Figures(question, len(held), share, wrong, times)

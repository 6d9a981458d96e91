"""What pupils made of an assignment: of each question the share of points, what was answered and how well it tells pupils apart; of the whole its mean,
spread and reliability. Pure; exact decimals, so that every machine says the same.

scanning/returns and scanning/pooled gather what is counted here, scanning/first_page and scanning/item_page show it. What too few pupils cannot tell is None,
never a number: the sizes are argued in docs/returns.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from math import sqrt, tanh

from packets.assignment import Assignment, ChoiceQuestion, NumberQuestion, OpenQuestion, Question
from records.grades import BLANK, DECIDED, DOUBT, READ, WAITING, Decision, item_order
from records.small_cells import FEW
from scanning.score import is_right

TEACH_AGAIN = 3
FEWEST_TO_DISCRIMINATE = 12  # pupils of whom 0.5 is more than `by_chance`
FEWEST_FOR_ALPHA = 30  # pupils, as Yurdugul asks (2008); of eight questions 0.7 still means 0.5 to 0.8
HUNDREDTH, DIGITS = Decimal("0.01"), 50

Work = Mapping[str, Decision]  # one pupil's current answers, by question


@dataclass(frozen=True, slots=True)
class Figures:
    """One question over some pupils. `share` is points earned of points possible among the `decided` answers, 0 to 1: its difficulty.

    `wrong` is the commonest answer that earned less than everything, as it was given ("B", "A,C", "74"), and `times` how often; both empty
    for open questions. `given` counts the answers: each letter in order, each number by how often it came, each number of points from 0.
    `discrimination` is the correlation with the points of all other questions, -1 to 1; None where it cannot be told. `turned` says that it lies further
    below nothing than chance explains.
    """

    question: Question
    decided: int
    share: Decimal
    wrong: str = ""
    times: int = 0
    given: tuple[tuple[str, int], ...] = ()
    blank: int = 0
    doubts: int = 0
    waiting: int = 0
    discrimination: Decimal | None = None
    turned: bool = False


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """An assignment over some pupils. `pupils` have a decided answer; the `complete` among them have all that are counted.

    `left_out` are the numbers of questions that are not counted, since points are still awaited in them. `mean`, `lowest`, `highest` and `spread` (the
    standard deviation of a sample) are shares of the points that can be had, 0 to 1, over the complete; `alpha` is Cronbach's.
    """

    questions: tuple[Figures, ...]
    pupils: int
    complete: int
    left_out: tuple[str, ...] = ()
    mean: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    spread: Decimal | None = None
    alpha: Decimal | None = None


def class_figures(assignment: Assignment, works: Iterable[Work]) -> ClassFigures:
    """The figures of `assignment` over the works of some pupils, one each."""
    held = [work for work in works if any(each.state in DECIDED for each in work.values())]
    items = figures(assignment, (each for work in held for each in work.values()))
    left_out = tuple(each.question.number for each in items if each.waiting)
    counted = [each.question for each in items if not each.waiting]
    rows = [row for work in held if (row := _points(work, counted)) is not None]
    table = [_together(row, counted) for row in rows]
    told = _discriminations(rows, table, counted)
    for place, value in told.items():
        number = items.index(next(each for each in items if each.question is counted[place]))
        items[number] = replace(items[number], discrimination=value, turned=float(value) < -by_chance(len(table)))
    found = ClassFigures(tuple(items), len(held), len(table), left_out)
    possible = sum((question.points for question in counted), Decimal(0))
    return _summed(found, table, possible) if table and possible else found


def figures(assignment: Assignment, records: Iterable[Decision]) -> list[Figures]:
    """The figures of every question without its discrimination, in the order of the assignment."""
    by_item: dict[str, list[Decision]] = {}
    for record in records:
        by_item.setdefault(record.item, []).append(record)
    return [_figures(question, by_item.get(question.number, [])) for question in assignment.questions]


def to_teach_again(all_figures: Sequence[Figures], most: int = TEACH_AGAIN) -> list[Figures]:
    """The questions that a class found hardest, at most `most`, the hardest first; none that everybody solved."""
    hard = [each for each in all_figures if each.decided and each.share < 1]
    return sorted(hard, key=lambda each: (each.share, item_order(each.question.number)))[:most]


def by_chance(pupils: int) -> float:
    """The correlation that so many pupils (4 or more) show by chance once in twenty times, one-sided: tanh(1.645 / sqrt(n - 3)).

    Fisher, Metron 1 (1921) 3-32.
    """
    return tanh(1.6449 / sqrt(pupils - 3))


def choice_text(question: Question, answer: str) -> str:
    """The words of the choices that `answer` names; nothing for numbers."""
    if not isinstance(question, ChoiceQuestion):
        return ""
    letters = [letter for letter in answer.split(",") if letter]
    return "; ".join(question.choices[ord(letter) - ord("A")] for letter in letters)


def key_of(question: Question) -> frozenset[str]:
    """The answers of `Figures.given` that are right; nothing for open questions."""
    if isinstance(question, ChoiceQuestion):
        return frozenset(question.answer)
    return frozenset({question.answer}) if isinstance(question, NumberQuestion) else frozenset()


def correlation(one: Sequence[Decimal], other: Sequence[Decimal]) -> Decimal | None:
    """Pearson's product-moment correlation of two columns, exact until its last step; None where one of them does not vary."""
    with localcontext(prec=DIGITS):
        count = len(one)
        across = count * sum((a * b for a, b in zip(one, other, strict=True)), Decimal(0)) - sum(one) * sum(other)
        squares = [count * sum((each * each for each in column), Decimal(0)) - sum(column) ** 2 for column in (one, other)]
        if not all(squares):
            return None
        return across / (squares[0].sqrt() * squares[1].sqrt())


def variance(column: Sequence[Decimal]) -> Decimal:
    """The variance of a sample of two or more, with n - 1 below."""
    with localcontext(prec=DIGITS):
        count = len(column)
        return (count * sum((each * each for each in column), Decimal(0)) - sum(column) ** 2) / (count * (count - 1))


def cronbach(table: Sequence[Sequence[Decimal]]) -> Decimal | None:
    """Cronbach's alpha of points by pupil and question: k/(k-1) (1 - sum of the questions' variances / variance of the sums).

    Cronbach, Psychometrika 16 (1951) 297-334. None for one question, or where all sums are alike.
    """
    columns = list(zip(*table, strict=True))
    whole = variance([sum(row, Decimal(0)) for row in table])
    if len(columns) < 2 or not whole:
        return None
    with localcontext(prec=DIGITS):
        count = Decimal(len(columns))
        return count / (count - 1) * (1 - sum((variance(column) for column in columns), Decimal(0)) / whole)


def _figures(question: Question, held: Sequence[Decision]) -> Figures:
    decided = [each for each in held if each.state in DECIDED and each.points is not None]
    possible = sum((each.max_points for each in decided), Decimal(0))
    earned = sum((each.points or Decimal(0) for each in decided), Decimal(0))
    states = Counter(each.state for each in held)
    found = Figures(
        question,
        len(decided),
        earned / possible if possible else Decimal(0),
        given=_given(question, decided),
        blank=0 if isinstance(question, OpenQuestion) else states[BLANK],
        doubts=states[DOUBT],
        waiting=states[WAITING],
    )
    answers = Counter(",".join(each.reading) for each in decided if each.state == READ and not is_right(question, each.points))
    if not answers or isinstance(question, OpenQuestion):
        return found
    wrong, times = min(answers.items(), key=lambda each: (-each[1], each[0]))
    return replace(found, wrong=wrong, times=times)


def _given(question: Question, decided: Sequence[Decision]) -> tuple[tuple[str, int], ...]:
    """How often each answer was given; of several choices each mark counts."""
    if isinstance(question, OpenQuestion):
        earned = Counter(each.points for each in decided)
        whole = range(int(question.points) + 1)
        return tuple((str(points), earned[Decimal(points)]) for points in whole)
    marks = Counter(value for each in decided if each.state == READ for value in each.reading)
    if isinstance(question, ChoiceQuestion):
        letters = (chr(ord("A") + place) for place in range(len(question.choices)))
        return tuple((letter, marks[letter]) for letter in letters)
    return tuple(sorted(marks.items(), key=lambda each: (-each[1], len(each[0]), each[0])))


def _points(work: Work, counted: Sequence[Question]) -> list[Decimal] | None:
    """What a pupil earned in each counted question; None where one of them is not decided."""
    row = []
    for question in counted:
        held = work.get(question.number)
        if held is None or held.state not in DECIDED or held.points is None:
            return None
        row.append(held.points)
    return row


def _unit(question: Question) -> str:
    """What earns points by itself: a question, or all rows of a grid that counts only as a whole."""
    return (question.grid if isinstance(question, ChoiceQuestion) else "") or question.number


def _together(row: Sequence[Decimal], counted: Sequence[Question]) -> list[Decimal]:
    """A pupil's points by unit, in the order of the questions: those of a grid that counts only as a whole, or 0 where one of its rows is wrong."""
    units: dict[str, list[tuple[Decimal, Question]]] = {}
    for points, question in zip(row, counted, strict=True):
        units.setdefault(_unit(question), []).append((points, question))
    return [
        Decimal(0)
        if len(own) > 1 and not all(is_right(question, points) for points, question in own)
        else sum((each[0] for each in own), Decimal(0))
        for own in units.values()
    ]


def _discriminations(
    rows: Sequence[Sequence[Decimal]], table: Sequence[Sequence[Decimal]], counted: Sequence[Question]
) -> dict[int, Decimal]:
    """By place of a question in `counted`: the corrected item-total correlation, of its column in `rows` with what all other units in `table` earned, to 0.01.

    The question's own points are left out of the sum, which would flatter it: Henrysson, Psychometrika 28 (1963) 211-218. A point-biserial where the
    question earns all or nothing. Of a row of a grid that counts only as a whole, the points of all its rows are left out.
    """
    if len(table) < FEWEST_TO_DISCRIMINATE or len(table[0]) < 2:
        return {}
    sums = [sum(row, Decimal(0)) for row in table]
    units = list(dict.fromkeys(_unit(question) for question in counted))
    found = {}
    for place, column in enumerate(zip(*rows, strict=True)):
        unit = units.index(_unit(counted[place]))
        told = correlation(column, [whole - row[unit] for whole, row in zip(sums, table, strict=True)])
        if told is not None:
            found[place] = told.quantize(HUNDREDTH, ROUND_HALF_UP)
    return found


def _summed(found: ClassFigures, table: Sequence[Sequence[Decimal]], possible: Decimal) -> ClassFigures:
    sums = [sum(row, Decimal(0)) for row in table]  # exact, where shares may be a hair apart
    shares = [each / possible for each in sums]
    told = replace(found, mean=sum(shares, Decimal(0)) / len(shares), lowest=min(shares), highest=max(shares))
    if len(table) >= FEW:
        told = replace(told, spread=variance(sums).sqrt() / possible)
    alpha = cronbach(table) if len(table) >= FEWEST_FOR_ALPHA else None
    return told if alpha is None else replace(told, alpha=alpha.quantize(HUNDREDTH, ROUND_HALF_UP))

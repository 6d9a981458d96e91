"""Variants of an assignment: in which order each shows the choices of a question, and which pupil gets which. Pure.

packets/assignment, packets/worksheet and packets/preview ask for orders, packets/variants_dealt deals variants out, packets/authoring asks which choices stay where the author put
them. docs/assignments.md describes the order exactly: it is derived by SHA-256, so that any program in any year finds the same.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from packets.kinds import LAST, LETTERS, WHOLE, ChoiceQuestion, Part

MOST_VARIANTS = 4
_LETTER = r"(?<![^\W_])[A-HАВСЕН](?![^\W_])"
_NAMED = r"(?<![^\W_])[A-HА-ЕСН](?![^\W_])"  # also as in Russian books: А, Б, В, Г
_JOINT = r"\s*(?:[,;/&+–-]|и|и/или|или|және|мен|бен|пен|немесе|and|or)\s*"
_ANSWER = r"(?:answers?|choices?|options?|only|ответы?|варианты?|только|жауаптар|жауап|нұсқалар|нұсқа|тек)"
_TOGETHER = re.compile(rf"{_NAMED}\)?(?:{_JOINT})\(?{_NAMED}")
_BY_NAME = re.compile(rf"\b{_ANSWER}\s+«?{_NAMED}|{_NAMED}»?\s+(?:answer|choice|жауабы|нұсқасы)", re.IGNORECASE)
_SUMMING = re.compile(
    r"\b(?:all|none|any|both|neither)\b.*\b(?:above|these|them|answers?)\b"
    r"|\b(?:все|всё|ничего|ни один|ни одного|ни одна|нет|оба)\b.*\b(?:перечисл\w*|вышеперечисл\w*|указанн\w*|ответ\w*|вариант\w*)\b"
    r"|\b(?:дұрыс|барлық|бәрі|басқа|ешбір) жауап\w*|\b(?:аталған\w*|жоғарыда\w*)\b.*\b(?:бәрі|барлығы|ешқайсысы)\b"
    r"|\b(?:другой ответ|another answer|(?:правильного|верного) ответа нет)\b|^(?:барлығы|бәрі|ешқайсысы|ешбірі|все|всё|ничего|all|none)(?: дұрыс| верно| of them)?[.]?$",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"(?<!\\)\$[^$\n]+(?<!\\)\$")


def order_of(assignment: str, variant: int, question: ChoiceQuestion) -> str:
    """The author's letters in the order in which a variant (from 1) prints them: «CABD» says that the choice C stands first, behind a printed A.

    Variant 1 is the author's order, and so is 0. The choices that may move stand on a ring in the order of their SHA-256; each other variant turns it by another number of places.
    So no choice stands behind the same letter in two variants, as long as there are at least as many of them as variants.
    """
    letters = LETTERS[: len(question.choices)]
    free = letters[: {WHOLE: 0, LAST: -1}.get(question.stays, len(letters))]
    if variant < 2 or len(free) < 2:
        return letters
    ring = sorted(free, key=lambda letter: _seal(assignment, question.number, letter))
    turns = [0, *sorted(range(1, len(ring)), key=lambda turn: _seal(assignment, question.number, str(turn)))]
    turn = turns[(variant - 1) % len(ring)]
    moved = {ring[(place + turn) % len(ring)]: letter for place, letter in enumerate(ring)}
    return "".join(moved.get(letter, letter) for letter in letters)


def orders_of(assignment: str, variants: int, parts: Iterable[Part]) -> dict[str, list[str]]:
    """By question, the order of its choices in each variant."""
    choices = (part for part in parts if isinstance(part, ChoiceQuestion))
    return {each.number: [order_of(assignment, variant, each) for variant in range(1, variants + 1)] for each in choices}


def deal(assignment: str, village: str, pupils: Iterable[str], known: Mapping[str, int], variants: int) -> dict[str, int]:
    """The variant of each pupil who gets the assignment in a village: `known` ones stay, each other pupil gets the one that fewest there have.

    So pupils who sit together get different ones as far as there are variants; with which the dealing begins is another in each village.
    """
    dealt = {pupil: known[pupil] for pupil in pupils if 1 <= known.get(pupil, 0) <= variants}
    held = Counter(dealt.values())
    first = int(_seal(assignment, village, "first"), 16) % variants
    for pupil in sorted(set(pupils) - dealt.keys()):
        dealt[pupil] = min(range(1, variants + 1), key=lambda variant: (held[variant], (variant - 1 - first) % variants))
        held[dealt[pupil]] += 1
    return dealt


def stays_by_words(text: str, choices: Sequence[str]) -> str:
    """What the words of a question say of the order of its choices: WHOLE where they name letters or places, LAST where the last one sums up the others, else nothing."""
    plain = [_FORMULA.sub(" ", choice).strip().strip("*.") for choice in choices]
    if any(re.fullmatch(_LETTER, choice) or _TOGETHER.search(choice) or _BY_NAME.search(choice) for choice in plain):
        return WHOLE
    if _BY_NAME.search(_FORMULA.sub(" ", text)) or any(map(_SUMMING.search, plain[:-1])):
        return WHOLE
    return LAST if _SUMMING.search(plain[-1]) else ""


def _seal(*words: str) -> str:
    return hashlib.sha256("/".join(words).encode()).hexdigest()

"""What the demo's invented pupils know: the answers that they mean to give, taken from the assignment files.

Called by scanning.demo and by trials. The simulated pens need it only to make believable classes; where nothing is meant, they guess.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from packets.assignment import Assignment, ChoiceQuestion, NumberQuestion
from packets.authoring import read_file

WEAKEST, STRONGEST = 0.3, 0.98  # the share of questions that a pupil knows


@dataclass(frozen=True, slots=True)
class Schoolwork:
    """The assignments by their codes."""

    assignments: Mapping[str, Assignment]

    @classmethod
    def of_files(cls, files: Iterable[Path]) -> Schoolwork:
        """The schoolwork in assignment files that are known to be good."""
        read = [read_file(file).assignment for file in files]
        return cls({each.code: each for each in read if each is not None})

    def several(self) -> dict[str, list[str]]:
        """For each assignment the questions of which several choices may be marked: the pupil sees that on the sheet."""
        return {
            code: [question.number for question in each.questions if isinstance(question, ChoiceQuestion) and question.several]
            for code, each in self.assignments.items()
        }

    def meant(self, pages: Sequence[Mapping[str, Any]], seed: int) -> dict[str, dict[str, Sequence[str]]]:
        """For each page of `packets layout` and each item that its pupil knows, the values that the pupil means to mark."""
        meant: dict[str, dict[str, Sequence[str]]] = {}
        for page in pages:
            assignment = self.assignments.get(page["assignment"] or "")
            if assignment is not None:
                meant[page["page"]] = _known(page, assignment, seed)
        return meant


def _known(page: Mapping[str, Any], assignment: Assignment, seed: int) -> dict[str, Sequence[str]]:
    ability = WEAKEST + (STRONGEST - WEAKEST) * float(_chance(seed, page["pupil"]).random())
    draw = _chance(seed, page["page"])
    here = {box["item"] for box in page["boxes"]}
    known: dict[str, Sequence[str]] = {}
    for question in assignment.questions:
        if question.number not in here or draw.random() > ability:
            continue
        if isinstance(question, ChoiceQuestion):
            known[question.number] = list(question.answer)
        elif isinstance(question, NumberQuestion):
            known[question.number] = [question.answer]
    return known


def _chance(seed: int, code: str) -> np.random.Generator:
    return np.random.default_rng([seed, int.from_bytes(hashlib.sha256(code.encode()).digest()[:8])])

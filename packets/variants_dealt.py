"""Which variant of an assignment each pupil gets, in the database: dealt within a village, then kept for good.

packets/planning asks before a build, packets/bundle keeps what was printed, `packets show` tells it. The dealing itself stands in packets/variants.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from packets.assignment import Assignment
from packets.orders import Order, assignments_for
from packets.variants import deal
from records.schema import DealtVariant
from settlements.roster import FEW, Learner, learners


def with_variants(session: Session, made: Sequence[Order], neighbours: Sequence[Learner]) -> list[Order]:
    """The orders with each pupil's variants. `neighbours` are the pupils of the same villages, so that the dealing does not hang on for whom a build is."""
    several = {each.code: each for order in made for each in order.assignments if each.variants > 1}
    if not several:
        return list(made)
    if len({order.learner.kato for order in made}) == 1:
        neighbours = learners(session, village=made[0].learner.kato)
    dealt = _dealt(session, several.values(), neighbours, {order.learner.kato for order in made})
    return [replace(order, assignments=tuple(_of(each, order, dealt) for each in order.assignments)) for order in made]


def keep_variants(session: Session, made: Iterable[Order]) -> None:
    """Keep the variants of packets that were built."""
    shown = {(each.code, order.learner.code): each.variant for order in made for each in order.assignments if each.variant}
    if not shown:
        return
    known = _known(session, {code for code, _pupil in shown}, {pupil for _code, pupil in shown})
    rows = [
        {"assignment": code, "pupil": pupil, "variant": variant} for (code, pupil), variant in shown.items() if (code, pupil) not in known
    ]
    if rows:
        session.execute(insert(DealtVariant), rows)


def variants_of(session: Session, pupil: str) -> dict[str, int]:
    """By assignment, the variant that was printed for a pupil, from 1; without those of which there is one only."""
    row = DealtVariant
    found = session.execute(select(row.assignment, row.variant).where(row.pupil == pupil))
    return {assignment: variant for assignment, variant in found}  # noqa: C416 - dict() of rows has no types


def _dealt(
    session: Session, several: Iterable[Assignment], neighbours: Iterable[Learner], villages: Collection[str]
) -> dict[tuple[str, str], int]:
    works = list(several)
    seated: dict[tuple[str, str], list[str]] = {}
    for learner in neighbours:
        if learner.kato in villages and "post" in learner.channels:
            for work in assignments_for(learner, works):
                seated.setdefault((work.code, learner.kato), []).append(learner.code)
    counts = {each.code: each.variants for each in works}
    kept = _known(session, set(counts), {pupil for pupils in seated.values() for pupil in pupils})
    dealt: dict[tuple[str, str], int] = {}
    for (code, kato), pupils in seated.items():
        known = {pupil: kept[code, pupil] for pupil in pupils if (code, pupil) in kept}
        dealt |= {(code, pupil): variant for pupil, variant in deal(code, kato, pupils, known, counts[code]).items()}
    return dealt


def _of(work: Assignment, order: Order, dealt: dict[tuple[str, str], int]) -> Assignment:
    return work.in_variant(dealt[work.code, order.learner.code]) if work.variants > 1 else work


def _known(session: Session, codes: Collection[str], pupils: Collection[str]) -> dict[tuple[str, str], int]:
    row = DealtVariant
    wanted = select(row.assignment, row.pupil, row.variant).where(row.assignment.in_(codes))
    if len(pupils) <= FEW:
        wanted = wanted.where(row.pupil.in_(pupils))
    return {(code, pupil): variant for code, pupil, variant in session.execute(wanted)}

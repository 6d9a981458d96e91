"""What the post and the scanning desk do to a week's pages: some lost, doubled, late, shuffled; put into files of several kinds.

Pure: decides who lies where; play.py makes the pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scanning.rehearsal.pages import COVER, MANIFEST, REVIEW, WORKSHEET, PrintedSheet

Rng = np.random.Generator
ON_TIME, LATE = 1, 2


@dataclass(frozen=True, slots=True)
class PostHabits:
    """Shares of pages (or of packets, for `late_packets`), and numbers of odd papers in the whole post."""

    dropped: float = 0.03
    doubled: float = 0.04
    late_packets: float = 0.1
    covers: float = 0.1
    pairs: float = 0.0  # of packets: two sheets lay side by side on a large glass
    backs: float = 0.06  # of files: the empty backs were scanned too
    foreign: int = 1
    broken: int = 1
    kinds: Mapping[str, float] | None = None


KINDS = {"jpeg": 0.55, "pdf": 0.3, "tiff": 0.1, "png": 0.05}


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture to be made. `kind`: page, pair, back, foreign or broken; `sheet` and, of a pair, `beside` are indices into the pages, else -1."""

    kind: str
    sheet: int = -1
    copy: int = 1
    beside: int = -1


@dataclass(frozen=True, slots=True)
class FilePlan:
    """One file: its name below the folder of the post, its kind and what stands in it."""

    name: str
    kind: str
    batch: int
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class PostPlan:
    """All files of a post, and the pages (ids) that were dropped, doubled or late."""

    files: tuple[FilePlan, ...]
    dropped: tuple[str, ...]
    doubled: tuple[str, ...]
    late: tuple[str, ...]


def plan_post(rng: Rng, sheets: Sequence[PrintedSheet], habits: PostHabits) -> PostPlan:
    """Decide what comes back of `sheets`, when, and in which files."""
    packets: dict[str, list[int]] = {}
    dropped, doubled, late = [], [], []
    extra: list[tuple[int, Frame]] = []
    for index, sheet in enumerate(sheets):
        if sheet.kind == WORKSHEET and rng.random() < habits.dropped:
            dropped.append(sheet.page)
        elif sheet.kind == WORKSHEET or (sheet.kind == COVER and rng.random() < habits.covers):
            packets.setdefault(sheet.packet, []).append(index)
            if rng.random() < habits.doubled:
                doubled.append(sheet.page)
                extra.append((int(rng.choice([ON_TIME, LATE])), Frame("page", index, 2)))
    piles: list[tuple[int, tuple[Frame, ...]]] = []
    for indices in packets.values():
        batch = LATE if rng.random() < habits.late_packets else ON_TIME
        late += [sheets[index].page for index in indices if batch == LATE]
        order = indices if rng.random() < 0.8 else [indices[place] for place in rng.permutation(len(indices))]
        piles.append((batch, _pictures(rng, order, habits.pairs)))
    piles += [(batch, (frame,)) for batch, frame in extra]
    piles += [(ON_TIME, (Frame("foreign", copy=number),)) for number in range(habits.foreign)]
    piles += [(ON_TIME, (Frame("broken", copy=number),)) for number in range(habits.broken)]
    piles += [
        (ON_TIME, (Frame("page", index),)) for index, sheet in enumerate(sheets) if sheet.kind in (MANIFEST, REVIEW)
    ]  # drivers and teachers bring theirs
    return PostPlan(_into_files(rng, piles, habits), tuple(dropped), tuple(doubled), tuple(late))


def _pictures(rng: Rng, order: Sequence[int], pairs: float) -> tuple[Frame, ...]:
    """One picture for each sheet; perhaps one for the first two together."""
    singles = tuple(Frame("page", index) for index in order)
    if len(order) > 1 and pairs and rng.random() < pairs:
        return (Frame("pair", order[0], beside=order[1]), *singles[2:])
    return singles


def _into_files(rng: Rng, piles: Sequence[tuple[int, tuple[Frame, ...]]], habits: PostHabits) -> tuple[FilePlan, ...]:
    shares = habits.kinds or KINDS
    kinds = sorted(shares)
    weights = np.array([shares[kind] for kind in kinds]) / sum(shares.values())
    files: list[FilePlan] = []
    for batch, frames in piles:
        kind = "jpeg" if frames[0].kind == "broken" else str(rng.choice(kinds, p=weights))
        if rng.random() < habits.backs and frames[0].kind == "page":
            pile = tuple(each for frame in frames for each in (frame, Frame("back", frame.sheet, frame.copy)))
        else:
            pile = frames
        groups = [pile] if kind in ("pdf", "tiff") else [(frame,) for frame in pile]
        for group in groups:
            files.append(FilePlan(f"batch-{batch}/scan-{len(files) + 1:05d}", kind, batch, group))
    return tuple(files)

"""The press room: draws a village's packets and writes their files, in this process or in several.

packets/bundle sends villages in and keeps the rows of what comes out; nothing here opens the database. Page ids are derived and fixed pages are
drawn alike in every process, so that the bytes do not depend on who drew them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packets.archive import NewPage, Sealed
from packets.awaited import Awaited
from packets.feedback import Told
from packets.orders import Order
from packets.planning import Job, Outcome
from packets.workshop import Workshop
from records.files import digest, write_bytes

FOLDER = "packets"


@dataclass(frozen=True, slots=True)
class VillageTask:
    """The packets of one village, with the news that their covers tell and the pages that are still awaited, by pupil."""

    home: Path
    jobs: tuple[Job, ...]
    told: Mapping[str, tuple[Told, ...]]
    awaited: Mapping[str, tuple[Awaited, ...]]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A packet whose file is written: its path relative to the home, the SHA-256 of its bytes, its pages.

    Without a path nothing was written: another version of the program printed the packet otherwise, and paper drawn now would be read by the older layout.
    """

    path: str
    digest: str
    pages: tuple[NewPage, ...]


_open: list[Workshop] = []  # of this process


def open_press_room(workshop: Workshop | None = None) -> None:
    """Make this process ready to press; a new process draws its fixed pages when they are first wanted."""
    _open[:] = [workshop or Workshop()]


def press_village(task: VillageTask) -> list[Pressed]:
    """Draw and write every packet of the task, in its order."""
    return [_press(task, job) for job in task.jobs]


def pdf_path(order: Order) -> str:
    """Where a packet's PDF stands, relative to the home."""
    return f"{FOLDER}/{order.week}/{order.learner.kato}/{order.packet}.pdf"


def written_path(job: Job) -> str:
    """Where a job's PDF is written, relative to the home: one that is drawn again stands where it stood."""
    return pdf_path(job.order) if job.outcome is not Outcome.REDRAWN or job.before is None else job.before.pdf


def _press(task: VillageTask, job: Job) -> Pressed:
    pupil = job.order.learner.code
    ids = tuple(page.id for page in job.sealed)
    drawn = _open[0].draw(job.order, job.issue, job.key, task.told.get(pupil, ()), task.awaited.get(pupil, ()), ids)
    if job.outcome is Outcome.REDRAWN and tuple(Sealed(page.id, page.layout) for page in drawn.pages) != job.sealed:
        return Pressed("", "", ())
    path = written_path(job)
    write_bytes(task.home / path, drawn.pdf)
    return Pressed(path, digest(drawn.pdf), drawn.pages)

"""A print job carried out: files checked, batches written one by one, what is too heavy and what has changed since the last time.

packets/print_command asks and tells. A batch at a time is in memory; one that says what it said before is not written again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from packets.press import Press
from packets.printing import Bag, Batch, Printed, Way, in_batches
from packets.printing_order import Choice, bags_to_print
from packets.printing_press import batch_pdf, grams_of, part_grams
from packets.printing_record import added, batch_files, changed, job_folder, note, noted
from packets.printing_sheets import Place
from records.errors import Complaint, NotFound
from records.files import digest, file_digest, write_bytes
from records.home import Home
from records.language import N_, _, translate
from records.named_files import Written, naming
from records.settings import PacketSettings
from records.terminal import Ticker

PACKET_HEAVY = N_("The packet {code} weighs {grams} g; letters and banderoles weigh {limit} g at most.")
BAG_HEAVY = N_("The bundle for {code} weighs {grams} g; a parcel weighs {limit} g at most.")


class Outcome(StrEnum):
    """What became of a batch's file."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Heavy:
    """Something that the post takes only otherwise: a packet by its code, or a village's bundle by its KATO and route."""

    code: str
    grams: int
    limit: int
    bag: Bag | None = None

    def said(self, language: str) -> str:
        """In one sentence."""
        message = PACKET_HEAVY if self.bag is None else BAG_HEAVY
        return translate(message, language).format(code=self.code, grams=self.grams, limit=self.limit)


@dataclass(frozen=True, slots=True)
class Job:
    """What was printed: batches with their files and what became of these; `changed`: files of an earlier job, and the packets in
    them that are built anew or gone since; `added`: packets that were in none of them.
    """

    choice: Choice
    way: Way
    folder: str
    batches: tuple[Batch, ...]
    outcomes: tuple[Outcome, ...]
    heavy: tuple[Heavy, ...]
    changed: dict[str, list[str]]
    added: list[str]

    @property
    def files(self) -> list[str]:
        """The batches' files, relative to home."""
        return batch_files(self.folder, len(self.batches))

    @property
    def sheets(self) -> list[int]:
        """Of each batch."""
        return [batch.sheets(self.way) for batch in self.batches]


@dataclass(frozen=True, slots=True)
class Planned:
    """A job before a file of it is written."""

    choice: Choice
    way: Way
    bags: tuple[Bag, ...]
    batches: tuple[Batch, ...]

    @property
    def again(self) -> str:
        """The command that does it, without `poshta`."""
        flags = {"two_up": " --two-up", "booklet": " --booklet"}
        sides = " --duplex" if self.way.duplex else ""
        return f"packets print {self.choice.flags} --batch {self.way.most}{sides}{flags.get(self.way.imposition, '')}"


def planned(home: Home, choice: Choice, way: Way) -> Planned:
    """What a job will print. Raises NotFound where a packet's file is gone or damaged, and as packets.printing_order does."""
    with home.database.read() as session:
        bags = bags_to_print(session, choice)
    _require_files(home, [packet for bag in bags for packet in bag.packets], choice.week)
    return Planned(choice, way, tuple(bags), tuple(in_batches(bags, way)))


def carry_out(home: Home, job: Planned, tick: Ticker) -> Job:
    """Write the batches, and note what they hold."""
    choice, way, batches = job.choice, job.way, job.batches
    folder, settings = job_folder(choice.week, choice.folder), home.settings.packets
    heavy = tuple(_heavy(job.bags, way, settings))
    before = noted(home.path, folder)
    files = batch_files(folder, len(batches))
    outcomes = []
    with naming(home, {Written(file, job.again): _named(batch) for file, batch in zip(files, batches, strict=True)}):
        press = Press()
        for number, (file, batch) in enumerate(zip(files, batches, strict=True), start=1):
            place = Place(choice.week, number, len(batches), _on_paper(heavy, batch))
            outcomes.append(_written(home, file, batch_pdf(home.path, batch, place, way, settings, press)))
            tick()
        note(home.path, folder, batches)
    return Job(choice, way, folder, batches, tuple(outcomes), heavy, changed(before, batches), added(before, batches))


def _written(home: Home, file: str, pdf: bytes) -> Outcome:
    path = home.path / file
    if path.is_file() and file_digest(path) == digest(pdf):
        return Outcome.UNCHANGED
    write_bytes(path, pdf)
    return Outcome.WRITTEN


def _named(batch: Batch) -> set[str]:
    """The pupils whose first names stand in a batch: on their pages, or on the list of a bag that begins there."""
    listed = [packet for part in batch.parts if part.begins for packet in part.bag.packets]
    return {packet.pupil for packet in (*batch.packets, *listed) if packet.first_name}


def _require_files(home: Home, packets: Sequence[Printed], week: str) -> None:
    damaged = [packet for packet in packets if not _intact(home, packet)]
    if damaged:
        text = _("The file of the packet {code} is gone or damaged.")
        hint = _("`poshta packets build --week {week}` draws it again as it was.").format(week=week)
        complaints = tuple(Complaint("file_gone", text.format(code=packet.packet), hint, file=packet.pdf) for packet in damaged)
        raise NotFound(complaints[0].text, hint, complaints, code=complaints[0].code)


def _intact(home: Home, packet: Printed) -> bool:
    path = home.path / packet.pdf
    return path.is_file() and file_digest(path) == packet.digest


def _heavy(bags: Sequence[Bag], way: Way, settings: PacketSettings) -> Iterator[Heavy]:
    by_letter = max(settings.letter_grams, settings.banderole_grams)
    for bag in bags:
        for packet in bag.packets:
            grams = grams_of(packet.sheets(way), settings)
            if grams > by_letter:
                yield Heavy(packet.packet, grams, by_letter)
        grams = part_grams(bag.whole, way, settings)
        if grams > settings.parcel_grams:
            yield Heavy(bag.kato, grams, settings.parcel_grams, bag)


def _on_paper(heavy: Sequence[Heavy], batch: Batch) -> tuple[str, ...]:
    """Of what is too heavy, that which lies in this batch, in Kazakh and Russian."""
    codes = {packet.packet for packet in batch.packets}
    bags = [part.bag for part in batch.parts]
    mine = [each for each in heavy if (each.bag in bags if each.bag is not None else each.code in codes)]
    return tuple(" ".join(dict.fromkeys(each.said(language) for language in ("kk", "ru"))) for each in mine)

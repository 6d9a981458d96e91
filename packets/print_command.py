"""`poshta packets print`: a week's packets as files for the printer, collated as vehicles are loaded. Results are returned, not printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from packets.archive import pdf_digests, standing_packets
from packets.imposition import Imposition
from packets.label_commands import Labels, write_labels
from packets.printing import Way
from packets.printing_job import Heavy, Job, Outcome, Planned, carry_out, planned
from packets.printing_order import Choice
from packets.printing_reading import Reading, print_reading
from packets.printing_record import job_folder, stale, was_printed
from records.calendar import StudyWeek
from records.desk import Desk, desk_of
from records.errors import Complaint, UsageRefused
from records.home import Home
from records.language import _, current_language, ngettext
from records.settings import PacketSettings
from records.terminal import Answer, Sheet, progress
from settlements.scope import narrowest

SMALLEST_BATCH = 5


def print_(
    context: typer.Context,
    week: Annotated[str, typer.Option("--week", help="The study week, as 2026-W41.")],
    district: Annotated[str, typer.Option("--district", help="Only below this KATO code.")] = "",
    village: Annotated[str, typer.Option("--village", help="Only this village's KATO code.")] = "",
    pupil: Annotated[str, typer.Option("--pupil", help="Only this pupil's packet.")] = "",
    route: Annotated[str, typer.Option("--route", help="Only what travels by this route or supplement.")] = "",
    batch: Annotated[int, typer.Option("--batch", min=SMALLEST_BATCH, help="Sheets in a batch: what the printer's tray holds.")] = 200,
    duplex: Annotated[bool | None, typer.Option("--duplex/--simplex", help="Both sides of the paper; worksheets keep white backs.")] = None,
    two_up: Annotated[bool, typer.Option("--two-up", help="Covers and reading matter: two pages to a side.")] = False,
    booklet: Annotated[bool, typer.Option("--booklet", help="Covers and reading matter: as booklets, folded once.")] = False,
    reading: Annotated[list[Path] | None, typer.Option("--reading", help="A PDF to be read, not filled in; may be said again.")] = None,
    labels: Annotated[bool, typer.Option("--labels", help="Address, return and bag labels in the same order.")] = False,
) -> Answer:
    """Files for the printer: separators, bundle covers and packets, by route in the order of loading. Safe to run twice."""
    way = _way(batch, duplex, two_up, booklet, bool(reading))
    choice = _choice(str(StudyWeek.parse(week)), district.strip(), village.strip(), pupil.strip(), route.strip().upper())
    desk = desk_of(context)
    with desk.opened() as home:
        plan = planned(home, choice, way)
        read = print_reading(home, job_folder(choice.week, choice.folder), reading or (), way)
        with progress(_("Batches"), len(plan.batches), desk.quiet) as tick:
            job = carry_out(home, plan, tick)
        labelled, files = _labels(desk, home, plan, job) if labels else (None, [])
        settings = home.settings.packets
    complaints = [*_heavy(job, settings), *_changed(job), *(labelled.complaints if labelled else ())]
    waiting = bool(job.heavy) or bool(labelled and labelled.homeless)
    return Answer(_json(job, read, files), [*_lines(job, read), *files], [_sheet(job)], complaints, waiting)


def stale_batches(home: Home, week: str) -> list[Complaint]:
    """Batches that were written before packets in them were built anew or withdrawn, for `packets build` to tell."""
    if not was_printed(home.path, week):
        return []
    with home.database.read() as session:
        digests = pdf_digests(session, week)
    return [
        Complaint(
            "batch_stale",
            _("{file} holds packets that are not what stands now: {packets}.").format(file=file, packets=", ".join(packets)),
            _("Write it anew with `poshta packets print --week {week}`.").format(week=week),
            file=file,
            refused=False,
        )
        for file, packets in stale(home.path, week, digests).items()
    ]


def _way(batch: int, duplex: bool | None, two_up: bool, booklet: bool, reading: bool) -> Way:
    if two_up and booklet:
        raise UsageRefused(_("--two-up and --booklet exclude each other."), _("Say one of them."))
    if booklet and duplex is False:
        raise UsageRefused(_("A booklet is printed on both sides."), _("Leave --simplex out, or say --two-up instead of --booklet."))
    if reading and not (two_up or booklet):
        raise UsageRefused(_("Say how the reading matter is to be printed."), _("Add --booklet or --two-up."))
    imposition = Imposition.BOOKLET if booklet else Imposition.TWO_UP if two_up else Imposition.NONE
    return Way(batch, booklet if duplex is None else duplex, imposition)


def _choice(week: str, district: str, village: str, pupil: str, route: str) -> Choice:
    if sum(map(bool, (village or district, pupil, route))) > 1:
        raise UsageRefused(_("--pupil, --route and a place exclude each other."), _("Say one of them."))
    return Choice(week, narrowest(district, village), pupil, route)


def _labels(desk: Desk, home: Home, plan: Planned, job: Job) -> tuple[Labels, list[str]]:
    """Labels in the order of the job; those of the bags where whole routes are printed."""
    codes = [packet.packet for batch in job.batches for packet in batch.packets]
    with home.database.read() as session:
        standing = standing_packets(session, job.choice.week)
    made = write_labels(home, [standing[code] for code in codes], job.folder, f"{plan.again} --labels")
    whole = not (job.choice.place or job.choice.pupil)
    on_routes = any(batch.route.code for batch in job.batches)
    bags = desk.bag_labels(home, job.choice.week, job.choice.route) if whole and on_routes else ""
    return made, [*made.files, *([bags] if bags else [])]


def _heavy(job: Job, settings: PacketSettings) -> list[Complaint]:
    return [Complaint(_heavy_code(each), each.said(current_language()), _lighter(each, settings), refused=False) for each in job.heavy]


def _heavy_code(each: Heavy) -> str:
    return "packet_too_heavy" if each.bag is None else "bundle_too_heavy"


def _lighter(each: Heavy, settings: PacketSettings) -> str:
    if each.bag is not None:
        count = -(-each.grams // settings.parcel_grams)
        return ngettext("Make {count} bag of it.", "Make {count} bags of it.", count).format(count=count)
    return _("Send it as a parcel, or divide its assignments between weeks. The limits are settings, and unverified: ask your office.")


def _changed(job: Job) -> list[Complaint]:
    """Batches that were written before and hold other packets now: what was printed of them is old."""
    return [
        Complaint(
            "batch_changed",
            _("Since {file} was last written, these packets in it were built anew or withdrawn: {packets}.").format(
                file=file, packets=", ".join(packets)
            ),
            _(
                "If it is printed already, put those packets aside and print them anew: `poshta packets print --week {week} --pupil CODE`."
            ).format(week=job.choice.week),
            file=file,
            refused=False,
        )
        for file, packets in job.changed.items()
    ]


def _json(job: Job, read: Sequence[Reading], labels: Sequence[str]) -> dict[str, Any]:
    rows = zip(job.batches, job.files, job.sheets, job.outcomes, strict=True)
    batches = [
        {
            "batch": number,
            "of": len(job.batches),
            "file": file,
            "route": batch.route.code or None,
            "stops": [
                {"stop": part.bag.stop or None, "kato": part.bag.kato, "packets": len(part.packets), "sheets": part.sheets(job.way)}
                for part in batch.parts
            ],
            "packets": [packet.packet for packet in batch.packets],
            "sheets": sheets,
            "outcome": outcome.value,
        }
        for number, (batch, file, sheets, outcome) in enumerate(rows, start=1)
    ]
    heavy = [
        {"packet": None if each.bag else each.code, "kato": each.code if each.bag else None, "grams": each.grams, "limit": each.limit}
        for each in job.heavy
    ]
    return {
        "week": job.choice.week,
        "duplex": job.way.duplex,
        "imposition": job.way.imposition.value,
        "batches": batches,
        "packets": sum(len(batch.packets) for batch in job.batches),
        "sheets": sum(job.sheets),
        "heavy": heavy,
        "changed": [{"file": file, "packets": packets} for file, packets in job.changed.items()],
        "added": job.added,
        "reading": [{"source": each.source, "file": each.file, "pages": each.pages, "sheets": each.sheets} for each in read],
        "labels": list(labels),
        "files": [*job.files, *(each.file for each in read), *labels],
    }


def _lines(job: Job, read: Sequence[Reading]) -> list[str]:
    packets, sheets = sum(len(batch.packets) for batch in job.batches), sum(job.sheets)
    count = len(job.batches)
    told = ngettext(
        "{count} batch in {folder}: {packets} packets on {sheets} sheets.",
        "{count} batches in {folder}: {packets} packets on {sheets} sheets.",
        count,
    )
    lines = [told.format(count=count, folder=job.folder, packets=packets, sheets=sheets)]
    written = job.outcomes.count(Outcome.WRITTEN)
    if written < count:
        lines.append(_("{written} written, {unchanged} unchanged.").format(written=written, unchanged=count - written))
    if job.added:
        lines.append(_("New since the last time: {packets}.").format(packets=", ".join(job.added)))
    if job.way.imposition is not Imposition.NONE:
        lines.append(_("Worksheets stay at 100 %, one to a side: only covers and reading matter are made smaller."))
    lines += [_("Reading matter: {file}, {sheets} sheets.").format(file=each.file, sheets=each.sheets) for each in read]
    return [*lines, _("Print at 100 %, and measure the line of 100 mm on the first sheet of each batch.")]


def _sheet(job: Job) -> Sheet:
    headings = (_("Batch"), _("Route"), _("Villages"), _("Packets"), _("Sheets"), _("File"))
    rows = [
        (number, batch.route.code or "—", len(batch.parts), len(batch.packets), sheets, file)
        for number, (batch, file, sheets) in enumerate(zip(job.batches, job.files, job.sheets, strict=True), start=1)
    ]
    return Sheet(_("Print batches of {week}").format(week=job.choice.week), headings, rows)

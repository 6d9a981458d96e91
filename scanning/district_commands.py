"""`poshta district report | export | rollup`: a district's figures as page and paper, and many districts' as the region's. Results are returned, not printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from packets.whereabouts import patience_of
from records.calendar import StudyWeek, now, today
from records.desk import desk_of
from records.errors import Complaint, InputRefused, NotFound, PoshtaError, UsageRefused
from records.files import write_bytes, write_text
from records.home import Home
from records.language import LANGUAGES, _, current_language, ngettext
from records.marks import scales_of
from records.marks_calendar import Quarter, marked_year
from records.terminal import Answer, Sheet
from scanning.district_counts import SILENT_WEEKS, District, districts
from scanning.district_file import DeskCounts, as_text, desk_name, read_counts, together
from scanning.district_page import page_of
from scanning.district_paper import paper_of
from scanning.district_report import Report, Span, report
from scanning.district_tables import Grid, marks_grid, returns_grid
from scanning.district_words import Voice
from scanning.rescore import rescore
from settlements.areas import areas
from settlements.codes import Level, level_of, oblast_of
from settlements.scope import require_place

FOLDER = "district"
PRINTED_IN = ("kk", "ru")
Week = Annotated[str, typer.Option("--week", help="A study week, as in 2026-W41.")]
QuarterName = Annotated[str, typer.Option("--quarter", help="A quarter, as in 2026-27/1.")]
Kato = Annotated[str, typer.Option("--district", help="Only this district or region, by its KATO code.")]
Silent = Annotated[int, typer.Option("--silent-weeks", min=1, max=12, help="From how many weeks without a return a village is silent.")]
Out = Annotated[Path | None, typer.Option("--out", help=f"The folder to write into; else {FOLDER} in the desk's.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Hang this room on the front door."""
    group = typer.Typer(no_args_is_help=True, help="The figures of a district, and of a region out of its districts' files.")
    group.command("report")(report_)
    group.command("export")(export)
    group.command("rollup")(rollup)
    app.add_typer(group, name="district")


def report_(
    context: typer.Context,
    week: Week = "",
    quarter: QuarterName = "",
    district: Kato = "",
    silent_weeks: Silent = SILENT_WEEKS,
    out: Out = None,
) -> Answer:
    """Coverage, returns, turnaround, marks, silent villages and the teachers' work, without small numbers: a page and a paper to sign."""
    with desk_of(context).opened() as home:
        span = _span(home, week, quarter)
        found = _counted(home, span, district, silent_weeks)
        made = report(found, span)
        files = _write(home, made, out, f"{FOLDER}-{_plain(span.name)}{f'-{district}' if district else ''}")
    return _told(made, files)


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="The file to write, for the region's office alone.")],
    week: Week = "",
    quarter: QuarterName = "",
    district: Kato = "",
    silent_weeks: Silent = SILENT_WEEKS,
) -> Answer:
    """Write the exact counts for the region: for official use, without names, without codes of pupils and teachers."""
    if file.suffix.lower() != ".json":
        raise UsageRefused(_("{file} does not end in .json.").format(file=file.name), _("Name the file as in district.json."))
    with desk_of(context).opened() as home:
        span = _span(home, week, quarter)
        found = _counted(home, span, district, silent_weeks)
        kept = home.keys()
        write_text(file, as_text(DeskCounts(file.name, desk_name([key.id for key in kept]), now().isoformat(), span, tuple(found))))
        files = [home.named(file)]
    pupils = sum(vars(each.children)[name] for each in found for name in vars(each.children))
    lines = [
        ngettext("{count} pupil in {districts} districts.", "{count} pupils in {districts} districts.", pupils).format(
            count=pupils, districts=len(found)
        ),
        _("The file holds exact numbers, small ones too: send it to the region's office and to nobody else."),
    ]
    return Answer({"span": span.name, "districts": [each.kato for each in found], "pupils": pupils, "files": files}, lines)


def rollup(
    context: typer.Context,
    given: Annotated[list[Path], typer.Argument(metavar="FILE.json...", help="What `poshta district export` wrote on each desk.")],
    out: Out = None,
) -> Answer:
    """The region's page and paper out of its districts' files. Files of other weeks, of one desk twice and damaged ones are told."""
    good: list[DeskCounts] = []
    refused: list[Complaint] = []
    for path in given:
        try:
            good.append(read_counts(path))
        except PoshtaError as failure:
            refused.append(Complaint(failure.code, failure.message, failure.hint, file=path.name))
    if not good:
        raise InputRefused(_("None of the files can be used."), complaints=tuple(refused))
    with desk_of(context).opened() as home:
        found, counted, doubts = together(good)
        made = report(found, counted[0].span, *_region(home, found))
        files = _write(home, made, out, f"region-{_plain(counted[0].span.name)}")
    told = _told(made, files, refused + doubts)
    used = [
        {"file": each.file, "desk": each.desk, "made_at": each.made_at, "districts": [one.kato for one in each.districts]}
        for each in counted
    ]
    return Answer({**told.data, "counted": used}, told.lines, told.sheets, told.complaints, waiting=bool(refused or doubts))


def _span(home: Home, week: str, quarter: str) -> Span:
    """The weeks that were asked for."""
    if bool(week) == bool(quarter):
        raise UsageRefused(_("Name a study week or a quarter."), _("As in --week 2026-W41 or --quarter 2026-27/1."))
    if week:
        name = str(StudyWeek.parse(week))
        return Span(name, (name,))
    wanted = Quarter.parse(quarter)
    return Span(str(wanted), tuple(marked_year(wanted.year, home.settings.calendar).weeks(wanted)))


def _counted(home: Home, span: Span, kato: str, silent_weeks: int) -> list[District]:
    """The counts; raises NotFound where nobody lives there, or nothing was printed."""
    require_place(kato)
    if kato and level_of(kato) not in (Level.DISTRICT, Level.OBLAST):  # whoever takes village from village off the whole has what is hidden
        raise UsageRefused(
            _("{kato} is neither a district nor a region.").format(kato=kato),
            _("Figures are told of districts and regions only: those of single villages would tell of children."),
        )
    rescore(home.database)
    with home.database.read() as session:
        found = districts(session, span.weeks, patience_of(home.settings), scales_of(home.settings.marks), kato, silent_weeks)
    if not any(each.pages["printed"] for each in found):
        raise NotFound(
            _("No packets of {span} were built there.").format(span=span.name), _("`poshta packets build --week W` builds those of a week.")
        )
    return found


def _region(home: Home, found: Sequence[District]) -> tuple[str, str, str]:
    """The region of all these districts with its names; nothing where they are of several."""
    codes = {oblast_of(each.kato) for each in found if each.kato}
    if len(codes) != 1:
        return "", "", ""
    (code,) = codes
    with home.database.read() as session:
        known = areas(session, "region")
        return code, known.name(code, "kk"), known.name(code, "ru")


def _write(home: Home, made: Report, out: Path | None, name: str) -> list[str]:
    """A page and a paper in each language; the desk's own beside Kazakh and Russian where it is another."""
    folder = home.path / FOLDER if out is None else out
    files = []
    for language in dict.fromkeys((*PRINTED_IN, current_language())):
        if language not in LANGUAGES:
            continue
        voice = Voice(made, language)
        page, paper = folder / f"{name}.{language}.html", folder / f"{name}.{language}.pdf"
        write_text(page, page_of(voice, today()))
        write_bytes(paper, paper_of(voice, today()))
        files += [home.named(page), home.named(paper)]
    return files


def _told(made: Report, files: Sequence[str], complaints: Sequence[Complaint] = ()) -> Answer:
    voice = Voice(made, current_language())
    sheets = [_sheet(voice.title, returns_grid(voice))]
    if made.marks:
        sheets.append(_sheet(_("Marks by subject and grade"), marks_grid(voice)))
    lines = [f"{figure} {words}" for figure, words in voice.headline()]
    data: dict[str, Any] = {**made.as_json(), "files": list(files)}
    return Answer(data, [*lines, *voice.notes(), *files], sheets, list(complaints))


def _sheet(title: str, grid: Grid) -> Sheet:
    return Sheet(title, grid.headings, [cells for _kind, cells in grid.rows])


def _plain(name: str) -> str:
    """A span's name as part of a file's."""
    return name.replace("/", "-")

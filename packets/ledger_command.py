"""`poshta packets ledger`: how far every page of a study week has come, by packet, village, route or page. Results are returned, not printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from packets.ledger_book import Ledger, VoidArrival, ledger
from packets.token import grouped as grouped_code
from packets.whereabouts import patience_of
from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import NotFound
from records.exchange import Scalar, Table, require_room_for, write_tables
from records.language import N_, _, current_language, long_date, ngettext
from records.ledger import STAGE_WORDS, STOP_WORDS, Entry, Stage, Stop, Sum, grouped, summed
from records.terminal import Answer, Sheet
from settlements.register import villages
from settlements.scope import require_place, unknown_places

MOST_ROWS = 200  # that are listed on a screen; --json and --out tell all


class By(StrEnum):
    """What the rows of the ledger are."""

    PACKET = "packet"
    VILLAGE = "village"
    ROUTE = "route"
    PAGE = "page"


BY_WORDS = {By.PACKET: N_("Packet"), By.VILLAGE: N_("Village"), By.ROUTE: N_("Route"), By.PAGE: N_("Page")}
KEYS: Mapping[By, Callable[[Entry], str]] = {
    By.PACKET: lambda row: row.facts.packet,
    By.VILLAGE: lambda row: row.facts.kato,
    By.ROUTE: lambda row: row.facts.route,
    By.PAGE: lambda row: row.facts.page,
}


def ledger_(
    context: typer.Context,
    week: Annotated[str, typer.Option("--week", help="The study week, as in 2026-W41.")],
    by: Annotated[By, typer.Option("--by", help="What the rows are.")] = By.VILLAGE,
    missing: Annotated[bool, typer.Option("--missing", help="Only pages that should be back by now.")] = False,
    village: Annotated[str, typer.Option("--village", help="Only this village, or any KATO code above it.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Write the rows to FILE.csv, .parquet, or .xlsx with the rest.")] = None,
) -> Answer:
    """How far every page has come: expected, printed, handed over, arrived, read, decided; and what is missing."""
    name, place = str(StudyWeek.parse(week)), village.strip()
    require_place(place)
    if out is not None:
        require_room_for(out, 1)
    with desk_of(context).opened() as home:
        with home.database.read() as session:
            book = ledger(session, name, patience_of(home.settings), place)
            unknown = unknown_places(session, place)
            places = {each.kato: each.name(current_language()) for each in villages(session)}
        if not (book.entries or book.void or place):
            raise NotFound(
                _("No page of the study week {week} was printed, and none is expected.").format(week=name),
                _("Check the week's number; `poshta packets build --week W` prints a week's packets."),
            )
        rows = [row for row in book.entries if row.missed] if missing else list(book.entries)
        groups = grouped(rows, KEYS[by])
        if out is not None:
            write_tables(out, _tables(out, by, rows, groups, book, places))
        files = [] if out is None else [home.named(out)]
    total = summed(book.entries)
    data: dict[str, Any] = {"week": name, "by": by.value, "totals": total.as_json(), "rows": _rows_json(by, rows, groups, places)}
    data["void"] = {"pages": book.void, "arrived": [each.as_json() for each in book.void_arrivals]}
    data["nameless"] = {"counts": Counter(each.state for each in book.nameless), "sheets": [each.as_json() for each in book.nameless]}
    sheets = [_sheet(name, by, groups, rows, places)]
    if missing and by is not By.PAGE and rows:
        sheets.append(_missing_sheet(rows, places))
    sheets += [*_reasons_sheet(total), *_void_sheet(book.void_arrivals)]
    return Answer(data | {"files": files}, _lines(name, total, book), sheets, unknown, bool(total.missed))


def _rows_json(by: By, rows: Sequence[Entry], groups: Mapping[str, Sequence[Entry]], places: Mapping[str, str]) -> list[dict[str, Any]]:
    if by is By.PAGE:
        return [row.as_json() for row in rows]
    found = []
    for key, mine in groups.items():
        head: dict[str, Any] = {by.value if by is not By.VILLAGE else "kato": key or None}
        if by is By.VILLAGE:
            head["name"] = places.get(key, "")
        if by is By.PACKET:
            head |= {"pupil": mine[0].facts.pupil, "kato": mine[0].facts.kato, "route": mine[0].facts.route or None}
        missed = [{"page": row.facts.page, "number": row.facts.number, "reason": row.stop.value} for row in mine if row.missed]
        found.append(head | summed(mine).as_json() | {"missing_pages": missed})
    return found


def _lines(week: str, total: Sum, book: Ledger) -> list[str]:
    expected = total.reached(Stage.EXPECTED)
    lines = [ngettext("{count} page was expected.", "{count} pages were expected.", expected).format(count=expected)]
    if total.missed:
        lines.append(
            ngettext(
                "{count} page is missing: `poshta packets reprint --missing --week {week}` prints it again.",
                "{count} pages are missing: `poshta packets reprint --missing --week {week}` prints them again.",
                total.missed,
            ).format(count=total.missed, week=week)
        )
    if total.copies:
        lines.append(ngettext("{count} second copy came.", "{count} second copies came.", total.copies).format(count=total.copies))
    if book.void_arrivals:
        count = len(book.void_arrivals)
        lines.append(
            ngettext(
                "{count} page that was withdrawn came all the same, and is not counted.",
                "{count} pages that were withdrawn came all the same, and are not counted.",
                count,
            ).format(count=count)
        )
    if book.nameless:
        count = len(book.nameless)
        lines.append(
            ngettext(
                "{count} sheet arrived since, and nobody knows whose it is; `poshta scan review` shows it if it is ours.",
                "{count} sheets arrived since, and nobody knows whose they are; `poshta scan review` shows those of ours.",
                count,
            ).format(count=count)
        )
    return lines


def _sheet(week: str, by: By, groups: Mapping[str, Sequence[Entry]], rows: Sequence[Entry], places: Mapping[str, str]) -> Sheet:
    title = _("Ledger of {week}").format(week=week)
    if by is By.PAGE:
        return _pages_sheet(title, rows, places)
    headings = (_(BY_WORDS[by]), *(_(STAGE_WORDS[stage]) for stage in Stage), _("Not back"), _("Copies"))
    cells: list[tuple[object, ...]] = [(_label(by, key, places), *_counts(summed(mine))) for key, mine in list(groups.items())[:MOST_ROWS]]
    return Sheet(title, headings, [*cells, (_("all"), *_counts(summed(rows)))])


def _missing_sheet(rows: Sequence[Entry], places: Mapping[str, str]) -> Sheet:
    """Every page that should be back, to be read out on the telephone."""
    heads = (_("Page"), _("Packet"), _("Village"), _("Number"), _("Why no further"))
    cells = [_page_cells(row, places) for row in rows[:MOST_ROWS]]
    return Sheet(_("Not back"), heads, [(*each[:4], each[-1]) for each in cells])


def _pages_sheet(title: str, rows: Sequence[Entry], places: Mapping[str, str]) -> Sheet:
    heads = (_("Page"), _("Packet"), _("Village"), _("Number"), _("Assignment"), _("Furthest"), _("Why no further"))
    return Sheet(title, heads, [_page_cells(row, places) for row in rows[:MOST_ROWS]])


def _counts(total: Sum) -> list[int]:
    return [*(total.reached(stage) for stage in Stage), total.missed, total.copies]


def _label(by: By, key: str, places: Mapping[str, str]) -> str:
    if not key:
        return _("no route yet") if by is By.ROUTE else "—"
    return places.get(key, "") or key if by is By.VILLAGE else key


def _page_cells(row: Entry, places: Mapping[str, str]) -> tuple[object, ...]:
    facts = row.facts
    place = places.get(facts.kato, "") or facts.kato
    code = grouped_code(facts.short_code) if facts.short_code else "—"
    return (code, facts.packet, place, facts.number or "", facts.assignment, _(STAGE_WORDS[row.stage]), stop_words(row.stop))


def stop_words(stop: Stop) -> str:
    """Why a page went no further, in the user's language; nothing for a decided one."""
    return _(STOP_WORDS[stop]) if stop else ""


def _reasons_sheet(total: Sum) -> list[Sheet]:
    rows = [(stop_words(stop), total.reasons[stop]) for stop in Stop if stop and total.reasons.get(stop)]
    return [Sheet(_("Where pages stopped"), (_("Why no further"), _("Pages")), rows)] if rows else []


def _void_sheet(arrivals: Sequence[VoidArrival]) -> list[Sheet]:
    if not arrivals:
        return []
    rows = [(each.short_code, each.packet, each.pupil, long_date(each.at[0].date(), current_language())) for each in arrivals]
    return [Sheet(_("Withdrawn pages that came"), (_("Page"), _("Packet"), _("Pupil"), _("Scanned on")), rows)]


def _tables(
    out: Path, by: By, rows: Sequence[Entry], groups: Mapping[str, Sequence[Entry]], book: Ledger, places: Mapping[str, str]
) -> list[Table]:
    """The rows; in a workbook also every missing page, withdrawn pages that came, and sheets without a name."""
    heads = [
        "page",
        "short_code",
        "number",
        "packet",
        "pupil",
        "kato",
        "village",
        "route",
        "assignment",
        "stage",
        "reason",
        "copies",
        "late",
    ]

    def page(row: Entry) -> list[Scalar]:
        told = row.as_json() | {"village": places.get(row.facts.kato, "")}
        return [told[head] for head in heads]

    if by is By.PAGE:
        first = Table("ledger", heads, [page(row) for row in rows])
    else:
        reasons = [stop for stop in Stop if stop]
        columns = [by.value, *(stage.value for stage in Stage), "missing_or_lost", "copies", *(stop.value for stop in reasons)]
        body: list[list[Scalar]] = []
        for key, mine in groups.items():
            total = summed(mine)
            body.append([key, *_counts(total), *(total.reasons.get(stop, 0) for stop in reasons)])
        first = Table("ledger", columns, body)
    if out.suffix.lower() != ".xlsx":
        return [first]
    missed = Table("missing", heads, [page(row) for row in book.entries if row.missed])
    void = Table(
        "void_arrived", ["page", "short_code", "packet", "pupil", "reason", "at"], [_void_row(each) for each in book.void_arrivals]
    )
    strangers = Table(
        "nameless",
        ["file", "frame", "part", "state", "reason", "at"],
        [[each.file, each.frame, each.part, each.state, each.reason, each.at.isoformat()] for each in book.nameless],
    )
    return [first, missed, void, strangers]


def _void_row(each: VoidArrival) -> list[Scalar]:
    return [each.page, each.short_code, each.packet, each.pupil, each.reason, ", ".join(at.isoformat() for at in each.at)]

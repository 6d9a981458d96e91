"""Commands that count: the register and the roster by region, district or sub-district; who is reached by which channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from records.desk import desk_of
from records.errors import UsageRefused
from records.exchange import write_table
from records.language import N_, _, current_language
from records.terminal import Answer, Sheet
from settlements.areas import areas
from settlements.channels import GROUPS, channel_table, together
from settlements.roster import LANGUAGES
from settlements.scope import require_place, unknown_places
from settlements.summary import BANDS, COUNTS, summary, total

Within = Annotated[str, typer.Option(help="Only within this KATO code.")]
Out = Annotated[Path | None, typer.Option(help="Write the table to a .csv, .xlsx or .parquet file.", metavar="FILE")]

COUNT_WORDS: Mapping[str, str] = {
    "villages": N_("Villages"),
    "with_pupils": N_("With pupils"),
    "pupils": N_("Pupils"),
    "offices": N_("Post offices"),
    "schools": N_("Hub schools"),
    "vehicles": N_("Vehicles"),
    "without_coordinates": N_("No coordinates"),
    "without_office": N_("No office"),
}
REACH_WORDS: Mapping[str, str] = {
    "pupils": N_("Pupils"),
    "post": N_("Post"),
    "tv": N_("TV"),
    "radio": N_("Radio"),
    "web": N_("Web"),
    "nobody": N_("By nothing"),
    "only_post": N_("By post only"),
    "lent": N_("With a lent device"),
}


def settlements_summary(
    context: typer.Context,
    by: Annotated[str, typer.Option(help="region, district or sub_district.")] = "district",
    within: Within = "",
    out: Out = None,
) -> Answer:
    """Villages, pupils, offices, schools and vehicles in numbers, rolled up as KATO has it."""
    require_place(within)
    files = []
    with desk_of(context).opened() as home:
        with home.database.read() as session:
            parts = areas(session, by)
            unknown = unknown_places(session, within)
            rows = [
                {"kato": area, "name": parts.name(area, current_language()) or _("none"), **row}
                for area, row in summary(session, parts, within).items()
            ]
        if out is not None:
            write_table(out, _flat_headings(), [_flat(row) for row in rows], "summary")
            files = [home.named(out)]
    summed = total(rows)
    shown = [*rows, {"kato": "", "name": _("Total"), **summed}]
    edition = parts.known.edition if parts.known else None
    data = {"by": by, "within": within, "edition": edition, "rows": rows, "total": summed, "files": files}
    return Answer(data, _edition_lines(edition, files), sheets=[_register_sheet(shown), _pupils_sheet(shown)], complaints=unknown)


def pupils_channels(
    context: typer.Context,
    within: Within = "",
    by: Annotated[str, typer.Option(help="region, district, sub_district, village or school.")] = "district",
    out: Out = None,
) -> Answer:
    """How many pupils are reached by post, TV, radio and web, by nothing, by post only, and have a lent device."""
    require_place(within)
    if by not in GROUPS:
        raise UsageRefused(
            _("«{word}» is no way to group pupils.").format(word=by), _("Say one of: {words}.").format(words=", ".join(GROUPS))
        )
    files = []
    with desk_of(context).opened() as home:
        with home.database.read() as session:
            groups = channel_table(session, by, within, current_language())
            unknown = unknown_places(session, within)
        rows: list[dict[str, Any]] = [{"code": each.code, "name": each.name, **each.reach.as_json()} for each in groups]
        if out is not None:
            names = ["code", "name", *REACH_WORDS]
            write_table(out, names, [[row[name] for name in names] for row in rows], "channels")
            files = [home.named(out)]
    summed = together(groups).as_json()
    headings = [_("Code"), _("Name"), *(_(word) for word in REACH_WORDS.values())]
    table = [
        [row["code"], row["name"], *(row[name] for name in REACH_WORDS)] for row in [*rows, {"code": "", "name": _("Total"), **summed}]
    ]
    data = {"by": by, "within": within, "rows": rows, "total": summed, "files": files}
    return Answer(
        data,
        [_("Written: {file}").format(file=file) for file in files],
        sheets=[Sheet(_("Who is reached by what"), headings, table)],
        complaints=unknown,
    )


def _edition_lines(edition: str | None, files: list[str]) -> list[str]:
    lines = [_("By the classifier {edition}.").format(edition=edition)] if edition else []
    if edition is None:
        lines = [
            _("No classifier is loaded: areas go by the beginning of the codes. `poshta settlements load-kato FILE` gives them names.")
        ]
    return lines + [_("Written: {file}").format(file=file) for file in files]


def _register_sheet(rows: Sequence[Mapping[str, Any]]) -> Sheet:
    headings = [_("KATO"), _("Name"), *(_(COUNT_WORDS[name]) for name in COUNTS)]
    return Sheet(_("The register in numbers"), headings, [[row["kato"], row["name"], *(row[name] for name in COUNTS)] for row in rows])


def _pupils_sheet(rows: Sequence[Mapping[str, Any]]) -> Sheet:
    """Pupils by language and grade, in the languages that anybody is taught in."""
    spoken = [language for language in LANGUAGES if rows[-1]["languages"].get(language)]
    headings = [_("KATO"), _("Name"), _("Pupils"), *spoken, *(_("Grades {band}").format(band=band) for band in BANDS)]
    table = [
        [row["kato"], row["name"], row["pupils"], *(row["languages"].get(language, 0) for language in spoken), *row["grades"].values()]
        for row in rows
    ]
    return Sheet(_("Pupils by language and grade"), headings, table)


def _flat_headings() -> list[str]:
    return ["kato", "name", *COUNTS, *LANGUAGES, *(f"grades_{band}" for band in BANDS)]


def _flat(row: Mapping[str, Any]) -> list[Any]:
    spoken = [row["languages"].get(language, 0) for language in LANGUAGES]
    return [row["kato"], row["name"], *(row[name] for name in COUNTS), *spoken, *(row["grades"][band] for band in BANDS)]

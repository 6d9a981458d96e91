"""Commands that look for what does not fit: boundaries in, the check as a list, a table or a map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from records.desk import desk_of
from records.errors import Complaint
from records.exchange import write_table
from records.files import write_text
from records.language import _, ngettext
from records.terminal import Answer
from settlements.check import check


def register(group: typer.Typer) -> None:
    """Hang the commands on the group `settlements`."""
    group.command("load-districts")(settlements_load_districts)
    group.command("check")(settlements_check)


def settlements_load_districts(
    context: typer.Context, path: Annotated[Path, typer.Argument(help="GeoJSON with the districts' boundaries.", metavar="FILE")]
) -> Answer:
    """Load the boundaries of districts, so that `check` can say which village lies outside of its own."""
    from settlements.boundaries import keep_boundaries, read_boundaries
    from settlements.kato_store import classifier

    with desk_of(context).opened() as home:
        with home.database.read() as session:
            known = classifier(session)
        found, complaints = read_boundaries(path, known)
        with home.database.write() as session:
            changed = keep_boundaries(session, found, path)
    sentence = ngettext("{count} district has its boundary now.", "{count} districts have their boundaries now.", len(found))
    lines = [sentence.format(count=len(found))]
    if not changed:
        lines.append(_("They were loaded already: nothing changed."))
    refused = any(each.refused for each in complaints)
    return Answer({"districts": len(found), "changed": changed}, lines, complaints=complaints, waiting=refused)


def settlements_check(
    context: typer.Context,
    map_file: Annotated[Path | None, typer.Option("--map", metavar="FILE", help="Draw the villages by state into an HTML file.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the problems as a table: .csv, .xlsx, .parquet.")] = None,
) -> Answer:
    """What in the lists does not fit together; exit code 3 where anything does not."""
    files = []
    with desk_of(context).opened() as home, home.database.read() as session:
        problems = check(session)
        if map_file is not None:
            write_text(map_file, _drawn(session, problems))
            files.append(home.named(map_file))
        if out is not None:
            _write(out, problems)
            files.append(home.named(out))
    counts: dict[str, int] = {}
    for problem in problems:
        counts[problem.code] = counts.get(problem.code, 0) + 1
    lines = [] if problems else [_("Everything in the lists fits together.")]
    if problems:
        sentence = ngettext("{count} thing does not fit.", "{count} things do not fit.", len(problems))
        lines = [sentence.format(count=len(problems))]
    lines += [_("Written: {file}").format(file=file) for file in files]
    return Answer({"problems": counts, "files": files}, lines, complaints=problems, waiting=bool(problems))


def _drawn(session: Session, problems: list[Complaint]) -> str:
    from settlements.boundaries import boundaries
    from settlements.check_map import check_map
    from settlements.register import villages

    return check_map(villages(session), problems, boundaries(session))


def _write(path: Path, problems: list[Complaint]) -> None:
    headings = (_("Kind"), _("Code"), _("What is wrong"), _("What to do"))
    write_table(path, headings, [(each.code, each.value, each.text, each.hint) for each in problems], "check")

"""`poshta assignments template | preview`: what a teacher fills in, and the pages as they will be printed.

packets/assignment_commands hangs them on the front door. A file needs no desk; the code of a kept assignment does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from packets.assignment import Assignment
from packets.authoring import SIZES
from packets.doors import GIFT, WORKBOOK, read_file
from packets.gift_door import HEAD as GIFT_HEAD
from packets.shelf import on_shelf
from records.desk import Desk, desk_of
from records.errors import Complaint, InputRefused, NotAllowed, NotFound, UsageRefused
from records.files import explained, write_bytes
from records.language import LANGUAGES, _, current_language, ngettext
from records.terminal import Answer

PREVIEWS = "preview"
Out = Annotated[Path, typer.Argument(help="The file to write: .xlsx, or .gift for the head of a GIFT file.", metavar="FILE")]


def template(
    context: typer.Context,
    file: Out,
    language: Annotated[str, typer.Option(help="The language of its headings: kk, ru or en.", show_default=False)] = "",
    of: Annotated[
        str, typer.Option("--of", help="Filled with this assignment: a file, or the code of a kept one.", show_default=False)
    ] = "",
) -> Answer:
    """Write a workbook to be filled in by a teacher. A file that holds something else is left as it is."""
    desk, spoken = desk_of(context), language or current_language()
    if spoken not in LANGUAGES:
        raise UsageRefused(_("«{value}» is not a language of this program.").format(value=language), _("Choose kk, ru or en."))
    suffix = file.suffix.lower()
    if suffix == WORKBOOK:
        from packets.template import empty_workbook, filled_workbook

        content = filled_workbook(named_assignment(desk, of)[0], spoken) if of else empty_workbook(spoken)
    elif suffix in GIFT and not of:
        content = "".join(f"// poshta: {name}: \n" for name in GIFT_HEAD).encode()
    else:
        hint = _("Name a file that ends in .xlsx, or in .gift without --of.")
        raise UsageRefused(_("{file} is no template that can be written.").format(file=file.name), hint)
    _write_once(file, content)
    named = named_from_home(desk, file)
    return Answer({"language": spoken, "files": [named]}, [_("Written: {file}").format(file=named)])


def preview(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="An assignment file, or the code of a kept assignment.", metavar="FILE|CODE")],
    key: Annotated[bool, typer.Option("--key", help="With the right answers marked, and listed behind.")] = False,
    print_size: Annotated[str, typer.Option("--print", help="normal or large.")] = "normal",
    out: Annotated[Path | None, typer.Option(help="The PDF to write; else below preview/.", show_default=False)] = None,
) -> Answer:
    """Write the pages as they will be printed, marked as a preview; no code on them can be scanned."""
    desk = desk_of(context)
    if print_size not in SIZES:
        raise UsageRefused(_("«{value}» is no size of print.").format(value=print_size), _("Choose normal or large."))
    if out is not None and out.suffix.lower() != ".pdf":
        raise UsageRefused(_("{file} is no PDF.").format(file=out.name), _("Name a file that ends in .pdf."))
    assignment, told = named_assignment(desk, name)
    from packets.preview import preview_pdf

    drawn = preview_pdf(assignment, print_size, key)
    ending = ("-key" if key else "") + ("-large" if print_size == "large" else "")
    file = out or desk.home / PREVIEWS / f"{assignment.code}{ending}.pdf"
    write_bytes(file, drawn.pdf)
    named = named_from_home(desk, file)
    data = {
        "assignment": assignment.code,
        "pages": drawn.pages,
        "questions": assignment.asked,
        "answers": len(assignment.questions),
        "max_points": float(assignment.max_points),
        "key": key,
        "files": [named],
    }
    said = ngettext("{count} page of {assignment}.", "{count} pages of {assignment}.", drawn.pages)
    lines = [said.format(count=drawn.pages, assignment=assignment.code), _("Written: {file}").format(file=named)]
    return Answer(data, lines, complaints=told)


def named_assignment(desk: Desk, word: str) -> tuple[Assignment, tuple[Complaint, ...]]:
    """The assignment in a file, or the kept one of that code, and what is told of it; raises InputRefused with all that is wrong, or NotFound."""
    path = Path(word)
    if path.is_file():
        reading = read_file(path)
        if reading.assignment is None:
            raise InputRefused(
                _("{file} is no assignment that can be printed.").format(file=word), _("Mend what is named below."), reading.complaints
            )
        return reading.assignment, reading.complaints
    if path.suffix and not (desk.home / "poshta.toml").exists():
        raise NotFound(_("There is no file {file}.").format(file=word), _("Check the name and the folder."))
    with desk.opened() as home, home.database.read() as session:
        found = on_shelf(session, codes=[word])
    if not found:
        text = _("There is neither a file nor a kept assignment «{name}».").format(name=word)
        raise NotFound(text, _("`poshta assignments list` shows what is kept."))
    return found[0].assignment, ()


def named_from_home(desk: Desk, file: Path) -> str:
    """A file as answers name it: from the home where it stands in it, else in full."""
    whole, home = file.resolve(), desk.home.resolve()
    return (whole.relative_to(home) if whole.is_relative_to(home) else whole).as_posix()


def _write_once(file: Path, content: bytes) -> None:
    """Write a template, but never over what somebody has filled in."""
    with explained(file):
        there = file.read_bytes() if file.exists() else None
    if there is not None and there != content:
        text = _("{file} is there already and holds something else; it was left as it is.").format(file=file)
        raise NotAllowed(text, _("Choose another name, or delete that file first."))
    write_bytes(file, content)

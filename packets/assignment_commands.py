"""`poshta assignments add | list | check` (template, preview: packets/door_commands): teachers' files onto the shelf, with everything that is wrong told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from packets.assignment import Assignment
from packets.authoring import Reading
from packets.door_commands import preview, template
from packets.doors import NAMES, assignment_files, read_file
from packets.shelf import Kept, OnShelf, keep, on_shelf
from packets.subjects import subject_name
from records.calendar import StudyWeek
from records.desk import desk_of
from records.errors import Complaint, InputRefused, NotAllowed, NotFound, PoshtaError
from records.language import N_, _, current_language, ngettext
from records.terminal import Answer, Sheet

Files = Annotated[list[Path], typer.Argument(help=f"Assignment files ({NAMES}), or folders of them.", metavar="FILE...")]
LeaveOut = Annotated[
    bool, typer.Option("--leave-out", help="Of a GIFT file, leave out what paper cannot hold, instead of refusing the file.")
]
OUTCOMES = {
    Kept.ADDED: N_("added"),
    Kept.UNCHANGED: N_("unchanged"),
    Kept.REPLACED: N_("replaced"),
    Kept.KEY_CHANGED: N_("key or points changed"),
    Kept.ALREADY_PRINTED: N_("refused: already printed"),
}


@dataclass(slots=True)
class Offered:
    """What became of the files of one call."""

    taken: list[tuple[Reading, Assignment]] = field(default_factory=list)
    kept: list[tuple[str, Assignment, Kept]] = field(default_factory=list)
    rescore: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)

    def refuse(self, file: str, complaints: Sequence[Complaint]) -> None:
        """Note that a file was refused, and why."""
        self.refused.append(file)
        self.complaints += complaints


def register(app: typer.Typer) -> None:
    """Hang this part of the room on the front door."""
    group = typer.Typer(no_args_is_help=True, help="What pupils are asked, and the right answers.")
    group.command("add")(add)
    group.command("list")(list_)
    group.command("check")(check)
    group.command("template")(template)
    group.command("preview")(preview)
    app.add_typer(group, name="assignments")


def add(context: typer.Context, files: Files, leave_out: LeaveOut = False) -> Answer:
    """Keep assignments. Good files are taken, bad ones explained. Safe to run twice."""
    desk = desk_of(context)
    with desk.opened() as home:
        offered = _read(files, leave_out)
        with home.database.write() as session:
            for reading, assignment in offered.taken:
                _keep(session, reading.file, assignment, offered)
        if offered.rescore:
            desk.score_again(home)
    taken = [(file, assignment, outcome) for file, assignment, outcome in offered.kept if outcome is not Kept.ALREADY_PRINTED]
    if not taken:
        raise _all_refused(offered)
    return _added(taken, offered)


def check(files: Files, leave_out: LeaveOut = False) -> Answer:
    """Tell everything that is wrong with assignment files; nothing is kept or changed."""
    offered = _read(files, leave_out)
    if not offered.taken:
        raise _all_refused(offered)
    codes = [assignment.code for _reading, assignment in offered.taken]
    lines = [ngettext("{count} file is in order.", "{count} files are in order.", len(codes)).format(count=len(codes))]
    data = {"correct": codes, "refused": offered.refused, "left_alone": offered.left_alone}
    return Answer(data, lines + _left_alone(offered), complaints=offered.complaints, waiting=bool(offered.refused))


def list_(
    context: typer.Context,
    week: Annotated[str, typer.Option(help="Only this study week, as in 2026-W41.")] = "",
) -> Answer:
    """The assignments that are kept."""
    wanted = str(StudyWeek.parse(week)) if week else ""
    with desk_of(context).opened() as home, home.database.read() as session:
        found = on_shelf(session, wanted)
    return Answer({"assignments": [_data(one) for one in found]}, sheets=[_sheet(found, with_week=not wanted)])


def _read(paths: Sequence[Path], leave_out: bool = False) -> Offered:
    """Read every file; of two different assignments with one code, the second is refused."""
    offered = Offered()
    files, left = assignment_files(paths)
    offered.left_alone = [str(path) for path in left]
    for folder in (path for path in paths if path.is_dir() and not any(path in file.parents for file in files)):
        text = _("There is no assignment file in the folder {folder}.").format(folder=folder)
        offered.refuse(
            str(folder), [Complaint("not_found", text, _("Assignment files end in {names}.").format(names=NAMES), file=str(folder))]
        )
    for path in files:
        _read_one(path, offered, leave_out)
    used = {path for reading, assignment in offered.taken for path in _files_of(Path(reading.file), assignment)}
    offered.left_alone = [file for file in offered.left_alone if Path(file) not in used]
    return offered


def _files_of(file: Path, assignment: Assignment) -> list[Path]:
    """The pictures and the PDF that an assignment was taken in with."""
    names = [picture.file for picture in assignment.pictures] + ([assignment.pdf.file] if assignment.pdf else [])
    return [file.parent / name for name in names]


def _read_one(path: Path, offered: Offered, leave_out: bool) -> None:
    try:
        reading = read_file(path, leave_out)
    except PoshtaError as failure:
        offered.refuse(str(path), [Complaint(failure.code, failure.message, failure.hint, file=str(path))])
        return
    if reading.assignment is None:
        offered.refuse(reading.file, reading.complaints)
        return
    twin = next((other for other in offered.taken if other[1].code == reading.assignment.code), None)
    if twin is not None and twin[1] != reading.assignment:
        text = _("The code {code} stands in {file} too, with other content.").format(code=reading.assignment.code, file=twin[0].file)
        hint = _("Give one of the two another code.")
        offered.refuse(reading.file, [Complaint("doubled_code", text, hint, file=reading.file, column="assignment", value=twin[1].code)])
        return
    offered.complaints += reading.complaints
    offered.taken.append((reading, reading.assignment))


def _keep(session: Session, file: str, assignment: Assignment, offered: Offered) -> None:
    outcome, printed = keep(session, assignment)
    offered.kept.append((file, assignment, outcome))
    if outcome is Kept.KEY_CHANGED and printed:
        offered.rescore.append(assignment.code)
    if outcome is Kept.ALREADY_PRINTED:
        text = _("Pages of {code} have been printed; its words, choices or places for answers may not change any more.").format(
            code=assignment.code
        )
        hint = _("Give the new version a code of its own. A corrected answer or other points for a keyed question are taken.")
        offered.refuse(file, [Complaint("already_printed", text, hint, file=file, column="assignment", value=assignment.code)])


def _all_refused(offered: Offered) -> PoshtaError:
    """The failure of a call that took nothing: by its only cause where there is one."""
    codes = {complaint.code for complaint in offered.complaints if complaint.refused}
    count = len(offered.refused)
    message = ngettext("{count} file was refused; nothing was changed.", "{count} files were refused; nothing was changed.", count).format(
        count=count
    )
    hint = _("Mend what is named below and run the same command again.")
    kind = {frozenset({"already_printed"}): NotAllowed, frozenset({"not_found"}): NotFound}.get(frozenset(codes), InputRefused)
    return kind(message, hint, tuple(offered.complaints))


def _added(taken: Sequence[tuple[str, Assignment, Kept]], offered: Offered) -> Answer:
    outcomes = (Kept.ADDED, Kept.UNCHANGED, Kept.REPLACED, Kept.KEY_CHANGED)
    data: dict[str, Any] = {
        outcome.value: [assignment.code for _file, assignment, became in taken if became is outcome] for outcome in outcomes
    }
    data |= {"rescore": offered.rescore, "refused": offered.refused, "left_alone": offered.left_alone}
    data["assignments"] = [
        {"assignment": one.code, "week": one.week, "file": file, "status": became.value} for file, one, became in offered.kept
    ]
    rows = [(one.code, one.week, file, _(OUTCOMES[became])) for file, one, became in offered.kept]
    lines = _left_alone(offered)
    if offered.rescore:
        lines.append(_("Answers that were read by the old key are to be scored again: {codes}.").format(codes=", ".join(offered.rescore)))
    sheet = Sheet(_("Assignments"), (_("Code"), _("Week"), _("File"), _("What became of it")), rows)
    return Answer(data, lines, [sheet], offered.complaints, waiting=bool(offered.refused))


def _left_alone(offered: Offered) -> list[str]:
    count = len(offered.left_alone)
    text = ngettext(
        "{count} other file in the folders was left alone: {files}.", "{count} other files in the folders were left alone: {files}.", count
    )
    return [text.format(count=count, files=", ".join(offered.left_alone))] if count else []


def _data(one: OnShelf) -> dict[str, Any]:
    assignment = one.assignment
    return {
        "assignment": assignment.code,
        "week": assignment.week,
        "subject": assignment.subject,
        "grade": assignment.grade,
        "language": assignment.language,
        "kind": assignment.kind,
        "title": assignment.title,
        "questions": assignment.asked,
        "answers": len(assignment.questions),
        "max_points": float(assignment.max_points),
        "variants": assignment.variants,
        "printed": one.printed,
    }


def _sheet(found: Sequence[OnShelf], with_week: bool) -> Sheet:
    columns: list[tuple[str, list[object]]] = [(_("Code"), [one.assignment.code for one in found])]
    if with_week:
        columns.append((_("Week"), [one.assignment.week for one in found]))
    columns += [
        (_("School subject"), [subject_name(one.assignment.subject, current_language()) for one in found]),
        (_("Grade"), [one.assignment.grade for one in found]),
        (_("Language"), [one.assignment.language for one in found]),
        (_("Title"), [one.assignment.title for one in found]),
        (_("Questions"), [one.assignment.asked for one in found]),
        (_("Answers"), [len(one.assignment.questions) for one in found]),
        (_("Points"), [str(one.assignment.max_points) for one in found]),
    ]
    if any(one.assignment.variants > 1 for one in found):
        columns.append((_("Variants"), [one.assignment.variants for one in found]))
    columns += [
        (_("Printed"), [_("yes") if one.printed else _("no") for one in found]),
    ]
    return Sheet(
        _("Assignments"), [heading for heading, _cells in columns], list(zip(*(cells for _heading, cells in columns), strict=True))
    )

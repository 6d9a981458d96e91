"""Marks of examinations from a spreadsheet: pupil, subject, mark. Good rows are kept, each bad one is told. Nothing is stored.

`poshta grades book --year Y --exams FILE` and `grades export` read it, since the desk itself knows no examinations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packets.subjects import SUBJECTS, subject_name
from records.errors import Complaint, InputRefused, UsageRefused
from records.exchange import ReadSheet, read_sheets
from records.language import _, current_language
from records.marks import BEST, WORST
from scanning.grade_book_marks import AnnualRow, Key

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "pupil": ("pupil", "code", "оқушы", "код", "ученик", "код ученика", "оқушы коды"),
    "subject": ("subject", "пән", "предмет"),
    "mark": ("mark", "exam", "баға", "емтихан", "оценка", "экзамен"),
}
MARKS = {str(mark): mark for mark in range(WORST, BEST + 1)}


@dataclass(frozen=True, slots=True)
class Exams:
    """The marks by pupil and subject, what was refused, and how many rows there were."""

    marks: Mapping[Key, int]
    complaints: tuple[Complaint, ...]
    rows: int


def read_exams(path: Path) -> Exams:
    """The marks of a file. Raises InputRefused where a column is missing, or no row can be used; NotFound where there is no file."""
    sheet = read_sheets(path)[0]
    (_first, headings), *rows = sheet.rows
    places = _places(sheet, headings)
    marks: dict[Key, int] = {}
    complaints: list[Complaint] = []
    for number, cells in rows:
        row = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        said = _fault(sheet, number, row) or _twice(sheet, number, row, marks)
        if said:
            complaints.append(said)
        else:
            marks[row["pupil"], _subject(row["subject"])] = MARKS[row["mark"]]
    if rows and not marks:
        raise InputRefused(
            _("No row of {file} can be used.").format(file=path.name), _("Correct the rows that are named below."), tuple(complaints)
        )
    return Exams(marks, tuple(complaints), len(rows))


def exams_of(file: Path | None, year: str) -> Exams:
    """The examinations' marks of a file, none without one; raises UsageRefused where they are named without a year."""
    if file is None:
        return Exams({}, (), 0)
    if not year:
        raise UsageRefused(_("--exams means something with --year only."), _("As in --year 2026-27 --exams marks.xlsx."))
    return read_exams(file)


def exams_beside(exams: Exams, rows: Iterable[AnnualRow], everybody: bool) -> list[Complaint]:
    """Marks of examinations that make no final mark, each with the reason; where not `everybody` is looked at, others' are passed over."""
    known = {(row.pupil, row.subject): row for row in rows}
    found = []
    for pupil, subject in exams.marks:
        row = known.get((pupil, subject))
        said = ""
        if row is None and everybody:
            said = _("{pupil}, {subject}: an examination, but no work of this year.")
        elif (
            row is not None and row.final is None and row.annual.mark is not None
        ):  # an annual mark that is open stands in the table as it is
            said = _("{pupil}, {subject}: only grades 9 and 11 end with an examination.")
        if said:
            text = said.format(pupil=pupil, subject=subject_name(subject, current_language()))
            found.append(Complaint("exam_unused", text, value=pupil))
    return found


def _places(sheet: ReadSheet, headings: Sequence[str]) -> dict[str, int]:
    found = {name: place for place, heading in enumerate(headings) for name, words in HEADINGS.items() if heading.casefold() in words}
    missing = [name for name in HEADINGS if name not in found]
    if missing:
        text = _("{file} has no column {columns}.").format(file=sheet.file, columns=", ".join(missing))
        raise InputRefused(text, _("The first row must name the columns pupil, subject and mark."))
    return found


def _fault(sheet: ReadSheet, number: int, row: Mapping[str, str]) -> Complaint | None:
    if not row["pupil"]:
        return _complaint(sheet, number, "pupil", "", _("The pupil's code is missing."), _("`poshta pupils list` shows the codes."))
    if not _subject(row["subject"]):
        known = _("There are: {codes}.").format(codes=", ".join(sorted(SUBJECTS)))
        return _complaint(sheet, number, "subject", row["subject"], _("«{value}» is no subject.").format(value=row["subject"]), known)
    if row["mark"] not in MARKS:
        return _complaint(sheet, number, "mark", row["mark"], _("«{value}» is no mark.").format(value=row["mark"]), _("Give 2, 3, 4 or 5."))
    return None


def _twice(sheet: ReadSheet, number: int, row: Mapping[str, str], marks: Mapping[Key, int]) -> Complaint | None:
    before = marks.get((row["pupil"], _subject(row["subject"])))
    if before is None or before == MARKS[row["mark"]]:
        return None
    text = _("The pupil {pupil} has another mark, {mark}, in a row above.").format(pupil=row["pupil"], mark=before)
    return _complaint(sheet, number, "mark", row["mark"], text, _("Leave the right row in."))


def _subject(text: str) -> str:
    """The subject's code, given as code or by its name in Kazakh, Russian or English; nothing where it is none."""
    plain = text.casefold()
    return next((code for code, names in SUBJECTS.items() if plain == code or plain in {name.casefold() for name in names}), "")


def _complaint(sheet: ReadSheet, number: int, column: str, value: str, said: str, hint: str) -> Complaint:
    return Complaint("exam_refused", said, hint, file=sheet.file, sheet=sheet.name, row=number, column=column, value=value)

"""The doors of an assignment: a text file (YAML), a filled-in workbook (XLSX) or Moodle's GIFT, by what the file is called.

packets/assignment_commands and packets/preview_command read files through this. All doors lead to one tree, one judge (packets/authoring) and one
model.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from packets import authoring
from packets.authoring import Reading
from records.errors import Complaint
from records.files import explained
from records.language import _

GIFT = (".gift", ".txt")
WORKBOOK = ".xlsx"
SPREADSHEETS = (".ods", ".fods", ".xls", ".xlsm", ".xlsb")  # that no door reads
NAMES = ".yaml, .yml, .json, .xlsx, .gift"


def read_file(path: Path, leave_out: bool = False) -> Reading:
    """The assignment in the file at `path`; raises NotFound or NotAllowed where it cannot be opened.

    With `leave_out`, questions of a GIFT file that paper cannot hold are told and left out.
    """
    suffix = path.suffix.lower()
    if suffix in GIFT:
        from packets.gift_door import read_gift

        with explained(path):
            return read_gift(path.read_bytes(), str(path), leave_out, path.parent)
    if suffix == WORKBOOK:
        from packets.xlsx_door import read_workbook

        return read_workbook(path)
    if suffix in SPREADSHEETS:
        return _another_spreadsheet(path)
    return authoring.read_file(path)


def assignment_files(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """The files meant by `paths`, where a folder stands for the assignment files in it and below; and what was left alone there."""
    files, left = authoring.assignment_files(paths)
    ours = [path for path in left if _is_ours(path)]
    return files + ours, [path for path in left if path not in ours]


def _another_spreadsheet(path: Path) -> Reading:
    """The complaint about a spreadsheet that is none of ours; raises as `read_file` does where there is no such file."""
    with explained(path), path.open("rb"):
        text = _("{file} is a spreadsheet of another kind.").format(file=path.name)
        hint = _("Open it and save it as .xlsx («Excel 2007–365»).")
        return Reading(str(path), None, (Complaint("spreadsheet", text, hint, str(path)),))


def _is_ours(path: Path) -> bool:
    """Whether a file of a folder is one of the other doors': Moodle gives its exports two endings, and not every workbook is one of ours."""
    if path.suffix.lower() == WORKBOOK:
        from packets.xlsx_sheets import is_template

        return is_template(path)
    return path.name.lower().endswith((".gift", ".gift.txt"))

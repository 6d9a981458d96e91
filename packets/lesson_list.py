"""A timetable of lessons out of a spreadsheet, and what is wrong with its rows. Reads a file, knows no database.

packets/lesson_commands calls `read_lessons`; the forgiving reading of sheets is that of settlements/intake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from packets.document import letter_name
from packets.lesson_columns import LESSONS
from packets.on_air import OnAir
from packets.paper import missing_letters
from records.calendar import WEEKDAYS, StudyWeek
from records.errors import Complaint, InputRefused
from records.language import _, ngettext
from settlements.intake import read_list
from settlements.rows import TakenRow, complain, mended

RADIO_WORDS = ("радио", "radio", "fm")
WEB_WORDS = (
    "bilim",
    "onlinemektep",
    "online mektep",
    "imektep",
    "daryn",
    "kundelik",
    "www",
    ".kz",
    ".com",
    "youtube",
    "platform",
    "платформа",
)


@dataclass(slots=True)
class Timetable:
    """What a file held: lessons, how many rows, how many of them were refused, and what is to be told."""

    rows: int = 0
    refused: int = 0
    lessons: list[OnAir] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def read_lessons(path: Path, week: str = "", mapping: Mapping[str, str] | None = None) -> Timetable:
    """The lessons of a list; `week` is that of rows that name a weekday only, `mapping` gives our name of a column -> the heading.

    Raises InputRefused where nothing can be taken.
    """
    reading = read_list(path, LESSONS, mapping)
    found = Timetable(reading.rows, len(reading.refused), complaints=list(reading.complaints), dropped=list(reading.dropped))
    first: dict[object, tuple[OnAir, int]] = {}
    for row in reading.taken:
        before = len(found.complaints)
        lessons = list(_lessons(row, week, found.complaints))
        if not any(each.refused for each in found.complaints[before:]):
            _refuse_doubles(row, lessons, first, found.complaints)
        if any(each.refused for each in found.complaints[before:]):
            found.refused += 1
            continue
        first |= {each.place: (each, row.place.row) for each in lessons}
        found.lessons += lessons
    found.lessons = sorted(dict.fromkeys(found.lessons))
    if not found.lessons:
        raise _nothing(path, found)
    return found


def _lessons(row: TakenRow, week: str, complaints: list[Complaint]) -> Iterator[OnAir]:
    """A row as lessons: one for each day and grade that it names."""
    values = row.values
    for column in ("channel", "title", "link"):
        for letter in missing_letters(values.get(column) or ""):
            text = _("The printed font has no letter {letter}.").format(letter=letter_name(letter))
            complaints.append(complain(row.place, "missing_letter", text, _("Leave it out, or say it in words."), column, letter))
    medium = values.get("medium") or _guessed(row, complaints)
    if medium != "web" and not values.get("time"):
        complaints.append(complain(row.place, "empty", _("The cell is empty."), _("Fill {columns}.").format(columns="time"), "time"))
    for day in _days(row, week, complaints):
        for grade in values["grade"]:
            yield OnAir(
                day,
                values.get("time") or "",
                values["channel"],
                values["subject"],
                grade,
                values["language"],
                medium,
                values.get("title") or "",
                values.get("link") or "",
            )


def _days(row: TakenRow, week: str, complaints: list[Complaint]) -> list[date]:
    """The dates of a row: its own, or its weekdays in its week."""
    day, named, own = row.values.get("date"), row.values.get("day") or "", row.values.get("week") or ""
    weekdays = [each for each in named.split(",") if each]
    if own and week and own != week:
        text = _("The row is of the week {own}, but the list is imported for {week}.").format(own=own, week=week)
        complaints.append(complain(row.place, "other_week", text, _("Leave out --week, or correct the row."), "week", own))
        return []
    if day is None:
        return _in_week(row, weekdays, own or week, complaints)
    year, number, weekday = day.isocalendar()
    if weekdays and weekdays != [WEEKDAYS[weekday - 1]]:
        text = _("The date {date} is another day of the week than the row says.").format(date=day.isoformat())
        complaints.append(complain(row.place, "day_differs", text, _("Correct one of the two, or leave the day empty."), "day", named))
    of = str(StudyWeek(year, number))
    if (own or week) not in ("", of):
        text = _("The date {date} is not in the week {week}.").format(date=day.isoformat(), week=own or week)
        complaints.append(complain(row.place, "other_week", text, _("Correct the date or the week."), "date", day.isoformat()))
    return [day]


def _in_week(row: TakenRow, weekdays: list[str], week: str, complaints: list[Complaint]) -> list[date]:
    if not weekdays:
        text = _("The row has neither a date nor a day of the week.")
        complaints.append(complain(row.place, "no_day", text, _("Fill {columns}.").format(columns="date / day"), "date"))
    elif not week:
        text = _("The row names a day of the week, but no week.")
        complaints.append(complain(row.place, "no_week", text, _("Import the list with --week, as in --week 2026-W41."), "week"))
    else:
        return [StudyWeek.parse(week).day(each) for each in weekdays]
    return []


def _guessed(row: TakenRow, complaints: list[Complaint]) -> str:
    """The medium of a channel that nobody names, by its name; television, which is told, where that says nothing."""
    name = str(row.values["channel"]).casefold()
    if any(word in name for word in RADIO_WORDS):
        return "radio"
    if any(word in name for word in WEB_WORDS) or row.values.get("link"):
        return "web"
    if name not in _TELEVISION:
        text = _("The channel was taken for television.")
        complaints.append(replace(mended(row.place, text, "medium", ""), value=str(row.values["channel"])))
    return "tv"


_TELEVISION = frozenset(
    ("балапан", "balapan", "ел арна", "el arna", "elarna", "еларна", "qazaqstan", "қазақстан", "казахстан", "хабар", "khabar", "хабар 24")
)


def _refuse_doubles(row: TakenRow, lessons: list[OnAir], first: dict[object, tuple[OnAir, int]], complaints: list[Complaint]) -> None:
    """Refuse a row that puts another lesson where an earlier row has one; the same lesson again is one lesson."""
    for each in lessons:
        if each.place in first and first[each.place][0] != each:
            text = _("Row {row} has another lesson at {time} on {channel} for the same grade and language.")
            said = text.format(row=first[each.place][1], time=each.time, channel=each.channel)
            complaints.append(complain(row.place, "doubled_lesson", said, _("Keep one of the two."), "time", each.time))
            return


def _nothing(path: Path, found: Timetable) -> InputRefused:
    if not found.rows:
        return InputRefused(
            _("{file} has a heading and no rows.").format(file=path.name), _("Check that the right file was saved and sent.")
        )
    text = ngettext("The only row ({count}) of {file} was refused.", "All {count} rows of {file} were refused.", found.rows)
    hint = _("Nothing was changed. Mend the rows and import again.")
    return InputRefused(text.format(count=found.rows, file=path.name), hint, tuple(found.complaints))

"""A lesson on television, on the radio or on a platform, as a timetable names it. Pure.

packets/lesson_list reads them out of a spreadsheet, packets/lesson_book keeps them, packets/lesson_lines prints a pupil's own on the cover. The lesson that an assignment
itself names is packets.assignment.Lesson.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from records.calendar import WEEKDAYS, StudyWeek
from settlements.roster import Learner

MEDIA = ("tv", "radio", "web")  # those of a pupil's channels that a lesson comes by


@dataclass(frozen=True, slots=True, order=True)
class OnAir:
    """One lesson for one grade and language; `time` is HH:MM, empty where a platform has it all day; `link` is an address or a code. `title` and `link` may be empty."""

    date: date
    time: str
    channel: str
    subject: str
    grade: int
    language: str
    medium: str
    title: str = ""
    link: str = ""

    @property
    def week(self) -> str:
        """The study week of its day."""
        year, number, _day = self.date.isocalendar()
        return str(StudyWeek(year, number))

    @property
    def place(self) -> tuple[object, ...]:
        """Where there is room for one lesson only; a platform has room for one of each subject."""
        return (self.date, self.time, self.channel.casefold(), self.grade, self.language, self.subject if self.medium == "web" else "")

    @property
    def course(self) -> tuple[str, str, str, int, str]:
        """What a list that names one of these lessons names whole: a week of a subject on a channel, for one grade and language."""
        return (self.week, self.channel.casefold(), self.subject, self.grade, self.language)

    def as_json(self) -> dict[str, Any]:
        """The lesson as `lessons list` answers it."""
        return {
            "week": self.week,
            "date": self.date.isoformat(),
            "day": WEEKDAYS[self.date.weekday()],
            "time": self.time,
            "medium": self.medium,
            "channel": self.channel,
            "subject": self.subject,
            "grade": self.grade,
            "language": self.language,
            "title": self.title,
            "link": self.link,
        }


def lessons_for(learner: Learner, lessons: Iterable[OnAir]) -> tuple[OnAir, ...]:
    """The lessons of the pupil's grade and language that come by a channel the pupil has, in the order of time."""
    mine = (
        each for each in lessons if (each.grade, each.language) == (learner.grade, learner.language) and each.medium in learner.channels
    )
    return tuple(sorted(mine))

"""A cover's headings stand above what they announce, on the same page; a worksheet of very many questions is told over several pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from packets.awaited import Awaited
from packets.cover import CoverWords, Entry, lay_out
from packets.feedback import Mark, Outcome, Told
from packets.layout import BODY_MM
from packets.on_air import OnAir
from packets.slabs import Placed
from records.language import translate
from tests.packets.week import assignment

TITLE = "Жай бөлшектер"
LANGUAGES = ("kk", "ru", "en")
HEADINGS = (
    "In this packet",
    "What to do",
    "This week on television, radio and platforms",
    "What came of your earlier worksheets",
    "Study week {week}",
    "These pages of earlier weeks have not reached us",
)


class _Eye:
    """Notes the words that are drawn and how far down, and nothing else."""

    def __init__(self) -> None:
        self.words: list[tuple[float, str]] = []

    def text(self, _x: float, y: float, words: str, *_how: Any, **_named: Any) -> None:
        self.words.append((round(y, 2), words))

    def __getattr__(self, name: str) -> Any:
        return lambda *_args, **_named: None


def lines(page: list[Placed]) -> list[str]:
    """The lines of words on a page, from the top."""
    eye = _Eye()
    for placed in page:
        placed.draw(eye)  # type: ignore[arg-type]
    found: dict[float, list[str]] = {}
    for y, words in eye.words:
        found.setdefault(y, []).append(words)
    return [" ".join(" ".join(each).split()) for _y, each in sorted(found.items())]


def cover(language: str, large: bool, entries: int, weeks: int = 2, worksheets: int = 2) -> CoverWords:
    marks = tuple(Mark(str(number), Outcome.RIGHT) for number in range(1, 9))
    told = tuple(
        Told(f"2026-W{41 - week}", f"math-{week}-{number}", "math", TITLE, Decimal(7), Decimal(10), marks)
        for week in range(weeks)
        for number in range(worksheets)
    )
    contents = tuple(Entry(assignment(f"a{number}", language), number + 2, number + 2) for number in range(entries))
    lessons = tuple(OnAir(date(2026, 10, day), "10:20", "Балапан", "math", 5, language, "tv", TITLE) for day in (5, 6, 7))
    late = (Awaited("2026-W39", "math-5", (2, 3), "math", TITLE),)
    return CoverWords(
        "EWU6V6", "Әсел", language, "2026-W41", date(2026, 10, 19), "№ 1 ОМ", "+7 715", "1450", large, contents, told, late, lessons
    )


def fallen(words: CoverWords) -> list[str]:
    """The headings that stand last on their page, by their last line."""
    weeks = {words.week, *(told.week for told in words.told)}
    said = {translate(heading, words.language).format(week=week) for heading in HEADINGS for week in weeks}
    return [last for last in (lines(page)[-1] for page in lay_out(words)) if any(heading.endswith(last) for heading in said)]


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_heading_stands_alone_at_the_foot_of_a_page(language: str, large: bool) -> None:
    """With each entry more in the contents, all that follows moves down by a little: every heading comes by the foot."""
    alone = {
        (entries, weeks, words)
        for weeks in (1, 3)
        for entries in range(1, 40)
        for words in fallen(cover(language, large, entries, weeks, worksheets=1 + weeks % 2))
    }
    assert alone == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_is_there_and_nothing_is_told_twice(language: str) -> None:
    words = cover(language, large=False, entries=3)
    told = [line for page in lay_out(words) for line in lines(page)]
    for heading in HEADINGS[:4]:
        assert told.count(translate(heading, language)) == 1, heading
    for week in ("2026-W41", "2026-W40"):
        assert told.count(translate("Study week {week}", language).format(week=week)) == 1


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
def test_a_worksheet_of_very_many_questions_is_told_over_several_pages(large: bool) -> None:
    words = cover("kk", large, entries=1)
    marks = tuple(Mark(str(number), Outcome.WRONG) for number in range(1, 500))
    pages = lay_out(replace(words, told=(replace(words.told[0], marks=marks),)))
    rows = [line.split() for page in pages for line in lines(page) if len(line.split()) > 1 and line.replace(" ", "").isdecimal()]
    assert [number for row in rows for number in row] == [mark.item for mark in marks]
    assert all(placed.bottom <= BODY_MM[3] + 0.01 for page in pages for placed in page)

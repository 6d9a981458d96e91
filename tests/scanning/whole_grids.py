"""A desk that has printed a grid which counts only as a whole, and what tests do there: scan sheets, say words on rows, ask for sums."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from records import schema
from records.home import Home, open_home
from scanning.batch import scan_files
from tests.packets.week import open_desk
from tests.scanning.measured_desk import measuring_reader
from tests.scanning.paper import Sheet, save
from tests.small_desk import AFTER, BEFORE, NEXT_WEEK, WEEK, here

WORK = """
assignment: geo-5
subject: world
grade: 5
language: kk
title: Өзендер
kind: unit
week: 2026-W41
parts:
  - question: "1/2 + 1/4 = ?"
    choices: ["3/4", "1/6"]
    answer: A
    points: 1
  - question: "Қайда құяды?"
    rows: ["Іле", "Жайық", "Сырдария"]
    columns: ["Балқаш", "Каспий", "Арал"]
    answer: [{key}]
    points: {points}
    partial: false
"""
KEY = "A, B, C"
RIGHT = {"1": "A:filled", "2a": "A:filled", "2b": "B:filled", "2c": "C:filled"}
DOUBT = {"2b": "B:rubbed"}
WRONG = {"2b": "A:filled"}


def file(folder: Path, key: str = KEY, points: str = "1") -> str:
    (folder / "geo.yaml").write_text(WORK.format(key=key, points=points), encoding="utf-8")
    return str(folder / "geo.yaml")


def printed_desk(folder: Path) -> Path:
    """A desk that has printed the assignment for two pupils."""
    open_desk(folder / "desk", weeks=()).close()
    assert here(folder / "desk", "assignments", "add", file(folder), day=BEFORE).code == 0
    assert here(folder / "desk", "packets", "build", "--week", WEEK, day=BEFORE).code in {0, 3}
    return folder / "desk"


def copied_desk(printed: Path, folder: Path) -> Iterator[Home]:
    """A copy of it below `folder`, closed in the end."""
    shutil.copytree(printed, folder / "desk")
    desk = open_home(folder / "desk")
    yield desk
    desk.close()


def build_next_week(home: Home) -> None:
    """Print the packets of the week after, whose covers tell of this one."""
    later = home.path.parent / "later.yaml"
    later.write_text(WORK.format(key=KEY, points="1").replace("geo-5", "geo-6").replace(WEEK, NEXT_WEEK), encoding="utf-8")
    assert here(home.path, "assignments", "add", str(later)).code == 0
    assert here(home.path, "packets", "build", "--week", NEXT_WEEK, day=AFTER).code in {0, 3}


def page_of(home: Home, pupil: str = "P1") -> str:
    with home.database.read() as session:
        wanted = select(schema.Page.id).where(schema.Page.pupil == pupil, schema.Page.assignment == "geo-5")
        return session.scalars(wanted).one()


def scan(home: Home, *marks: dict[str, str], pupil: str = "P1", note: str = "") -> str:
    """File sheets of a pupil with these marks beside those of a faultless one; answers the page."""
    page, folder = page_of(home, pupil), home.path.parent
    files = [save(folder / f"{pupil}{note}{n}.png", Sheet(page, RIGHT | each), note=f"{note}{n}") for n, each in enumerate(marks)]
    scan_files(home, files, 1, measuring_reader)
    return page


def points(home: Home, pupil: str = "P1") -> dict[str, float | None]:
    """What each answer earns, as `grades answers` tells it."""
    told = here(home.path, "grades", "answers", "--week", WEEK).data["answers"]
    return {each["item"]: each["points"] for each in told if each["pupil"] == pupil}


def total(home: Home, pupil: str = "P1") -> dict[str, Any]:
    told = here(home.path, "grades", "list", "--week", WEEK).data["grades"]
    return next(each for each in told if each["pupil"] == pupil)


def say(home: Home, item: str, value: str, *more: str) -> dict[str, Any]:
    told = here(home.path, "grades", "amend", page_of(home), item, value, *more)
    assert told.code == 0, told.err
    return told.data


def records(home: Home) -> list[tuple[Any, ...]]:
    """All records of answers, but for their moments."""
    with home.database.read() as session:
        row = schema.Answer
        columns = (row.id, row.page, row.item, row.reading, row.state, row.points, row.max_points, row.decided_by, row.superseded_by)
        return [tuple(map(str, each)) for each in session.execute(select(*columns).order_by(row.id))]

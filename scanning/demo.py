"""`poshta demo`: an invented district lives through two study weeks, by the program's own commands and simulated pens.

cli.py hands over `invoke`, which runs one command line in this process and returns its Answer: the demo goes through the same doors as an officer.
The scans are made from the printed PDFs and `packets layout` (scanning.rehearsal) and from what the pupils know, which is in the assignment files;
the truth stays in a file that the reader never opens.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from packets.samples import TIMETABLE, write_samples, write_timetable
from records.calendar import StudyWeek
from records.files import write_text
from records.keys import keep_key
from records.language import _
from records.settings import FILE_NAME
from records.terminal import Answer, Sheet, progress
from scanning.drivers import Driven, drive
from scanning.rehearsal.play import PostResult, play_post
from scanning.rehearsal.post import LATE, ON_TIME
from scanning.rehearsal.truth import Comparison, compare
from scanning.schoolwork import Schoolwork
from scanning.stage import Invoke, Stage, clear, demo_key, hold_to_account, on_day
from scanning.verdict import PageState
from scanning.words import PAGE_WORDS
from settlements.sample_lists import write_sample

WEEKS = (
    StudyWeek(2026, 41),
    StudyWeek(2026, 44),
)  # three weeks apart: out, a week's work, back and scanned, before the next cover is printed
IMPORTS = ("settlements", "offices", "vehicles", "schools", "teachers", "pupils")
STEPS = 9 + 2 * 18
VARIANTS = 3  # of the second week's mathematics
TRUTH, SCANS, INPUTS = "truth", "scans", "inputs"


@dataclass(slots=True)
class WeekStory:
    """What happened in one study week, as the table at the end tells it."""

    week: StudyWeek
    pages: Sequence[Mapping[str, Any]] = ()
    lessons: int = 0
    routes: Mapping[str, Any] = field(default_factory=dict)
    post: PostResult | None = None
    scans: list[Mapping[str, Any]] = field(default_factory=list)
    read_seconds: float = 0.0
    missing: int = 0
    in_other_orders: int = 0
    comparison: Comparison | None = None
    driven: Driven | None = None


def play(invoke: Invoke, out: Path, seed: int, villages: int, workers: int, quiet: bool = False) -> Answer:
    """Play both weeks in the folder `out`; raises IntegrityFailed where an answer was silently wrong or a page has no state."""
    home = clear(out)
    started = time.perf_counter()
    with progress(_("An invented district, two study weeks"), STEPS, quiet) as tick:
        stage = Stage(home, invoke, seed, workers, tick)
        schoolwork = _open_desk(stage, villages)
        first, second = (WeekStory(week) for week in WEEKS)
        _send_out(stage, first, schoolwork)
        _receive(stage, first, ON_TIME, first.week.plus(1).day("wed"))
        _send_out(stage, second, schoolwork)
        _receive(stage, first, LATE, first.week.plus(5).day("fri"))
        _receive(stage, second, ON_TIME, second.week.plus(1).day("wed"))
        _receive(stage, second, LATE, second.week.plus(5).day("fri"))
        for story in (first, second):
            _report(stage, story)
    sheets = [story.driven.comparison for story in (first, second) if story.driven is not None]
    hold_to_account(home, [first.comparison, second.comparison, *sheets], stage.files)
    return _tell(home, (first, second), stage.files, time.perf_counter() - started)


def _open_desk(stage: Stage, villages: int) -> Schoolwork:
    """The first day: a desk, its register from spreadsheets, the assignments of both weeks and their lessons on the air."""
    inputs = stage.home / INPUTS
    tables = {path.stem: path for path in write_sample(inputs, stage.seed, villages=villages)}
    weeks = (str(WEEKS[0]), str(WEEKS[1]))
    files, lessons = write_samples(inputs / "assignments", weeks, VARIANTS), write_timetable(inputs, weeks)
    keep_key(stage.home / "keys", demo_key(stage.seed, WEEKS[0].plus(-3).monday))
    write_text(stage.home / FILE_NAME, f"workers = {stage.workers}\n")
    with on_day(WEEKS[0].plus(-3).monday):
        stage.run("init")
        for kind in IMPORTS:
            stage.run(kind, "import", str(tables[kind]))
        stage.run("assignments", "add", *(str(file) for file in files))
        stage.run("lessons", "import", str(lessons))
    return Schoolwork.of_files(files)


def _send_out(stage: Stage, story: WeekStory, schoolwork: Schoolwork) -> None:
    """Print a week's packets, plan the vehicles, hand over, and let the pupils and the post do their part."""
    week = str(story.week)
    with on_day(story.week.plus(-2).day("thu")):
        story.lessons = len(stage.run("lessons", "list", "--week", week)["lessons"])
        stage.run("packets", "build", "--week", week)
        stage.run("packets", "labels", "--week", week)
        layout = stage.run("packets", "layout", "--week", week)
        story.pages = layout["pages"]
        stage.run("routes", "plan", "--week", week)
        stage.run("routes", "manifest", "--week", week)
        story.routes = stage.run("routes", "export", "--week", week)
    with on_day(story.week.plus(-1).monday):
        stage.run("routes", "handover", "--week", week)
    story.driven = drive(stage, story.week, story.routes["routes"])
    story.post = play_post(
        stage.home,
        layout,
        stage.home / SCANS / week,
        stage.seed + story.week.number,
        answers=schoolwork.meant(layout["pages"], stage.seed),
        several=schoolwork.several(),
        truth_path=stage.home / TRUTH / f"{week}.json",
        workers=stage.workers,
    )
    stage.tick()


def _receive(stage: Stage, story: WeekStory, batch: int, day: date) -> None:
    """Scan what the post brought in that batch, on that day."""
    assert story.post is not None, "nothing was posted"
    folder = stage.home / SCANS / str(story.week) / f"batch-{batch}"
    if not folder.exists():
        return
    started = time.perf_counter()
    with on_day(day):
        story.scans += stage.run("scan", str(folder))["pages"]
    story.read_seconds += time.perf_counter() - started


def _report(stage: Stage, story: WeekStory) -> None:
    """Make the teachers' returns, and hold the reader's answers against the truth."""
    assert story.post is not None, "nothing was posted"
    week = str(story.week)
    with on_day(WEEKS[-1].plus(5).day("sat")):
        stage.run("returns", "--week", week)
        story.missing = sum(len(packet["missing"]) for packet in stage.run("scan", "status", "--week", week)["packets"])
        answers = stage.run("grades", "answers", "--week", week)["answers"]
    moved = _in_other_orders(story.pages)
    story.in_other_orders = sum((row["page"], row["item"]) in moved for row in answers)
    story.comparison = compare(story.post.truth, answers, story.scans)


def _in_other_orders(pages: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """The pages and questions whose choices stand behind other letters than the author's."""
    boxes = ((page["page"], box) for page in pages for box in page["boxes"])
    return {(page, box["item"]) for page, box in boxes if box["kind"] == "choice" and box["value"] != box["label"]}


def _tell(home: Path, stories: Sequence[WeekStory], files: Sequence[str], seconds: float) -> Answer:
    """The short table of what happened, and where to look."""
    headings = ("", *(str(story.week) for story in stories))
    facts = [_facts(story) for story in stories]
    rows = [(label, *(fact[label] for fact in facts)) for label in facts[0]]
    places = _places(home, [str(story.week) for story in stories], _neighbours(stories[-1].pages))
    lines = [_("Two study weeks took {seconds:.0f} seconds.").format(seconds=seconds)]
    data = {
        "home": str(home),
        "seconds": round(seconds, 1),
        "weeks": [{"week": str(story.week), **_counts(story)} for story in stories],
        "files": sorted(set(files)),
    }
    sheets = [
        Sheet(_("What happened"), headings, rows),
        Sheet(_("Where to look"), (_("What"), _("File in {folder}").format(folder=home)), places),
    ]
    return Answer(data, lines, sheets)


def _counts(story: WeekStory) -> dict[str, Any]:
    assert story.comparison is not None, "the week was not compared"
    assert story.post is not None, "nothing was posted"
    assert story.driven is not None, "no route was driven"
    found, routes, driven = story.comparison, story.routes["routes"], story.driven
    return {
        "packets": len({page["packet"] for page in story.pages}),
        "pages": len(story.pages),
        "lessons": story.lessons,
        "routes": len(routes),
        "kilometres": round(sum(route["metres"] for route in routes) / 1000),
        "unplanned": len(story.routes["unplanned"]),
        "route_sheets": len(driven.scans),
        "bags_delivered": driven.bags.get("delivered", 0),
        "route_fields": driven.comparison.items,
        "route_doubts": driven.doubts,
        "pictures": len(story.scans),
        "states": dict(Counter(row["state"] for row in story.scans)),
        "late": sum(row["late"] for row in story.scans),
        "lost_by_post": len(story.post.truth.dropped),
        "missing": story.missing,
        "answers": found.items,
        "answers_in_other_orders": story.in_other_orders,
        "right": found.right,
        "doubtful": found.doubtful,
        "truly_doubtful": found.doubt_accepted,
        "silently_wrong": len(found.silent),
        "pages_per_second": round(len(story.scans) / story.read_seconds, 1) if story.read_seconds else 0.0,
    }


def _facts(story: WeekStory) -> dict[str, object]:
    counts = _counts(story)
    states = ", ".join(f"{_(PAGE_WORDS[PageState(state)])} {count}" for state, count in sorted(counts["states"].items()))
    return {
        _("Packets"): counts["packets"],
        _("Pages printed"): counts["pages"],
        _("Lessons on television, radio and platforms"): counts["lessons"],
        _("Routes"): counts["routes"],
        _("Kilometres"): counts["kilometres"],
        _("Villages without a route"): counts["unplanned"],
        _("Route sheets that came back"): counts["route_sheets"],
        _("Bags that they say were handed out"): counts["bags_delivered"],
        _("Fields on them that were read"): counts["route_fields"] - counts["route_doubts"],
        _("Fields on them left to a person"): counts["route_doubts"],
        _("Sheets seen by the scanner"): counts["pictures"],
        _("Their states"): states,
        _("Of these late"): counts["late"],
        _("Pages that the post lost"): counts["lost_by_post"],
        _("Pages reported as missing"): counts["missing"],
        _("Answers compared with the truth"): counts["answers"],
        _("Of these on sheets with choices in another order"): counts["answers_in_other_orders"],
        _("Right"): counts["right"],
        _("Left to a person, plain enough"): counts["doubtful"],
        _("Left to a person, truly doubtful"): counts["truly_doubtful"],
        _("Silently wrong"): counts["silently_wrong"],
        _("Sheets read in a second"): counts["pages_per_second"],
    }


def _places(home: Path, weeks: Sequence[str], neighbours: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """One example of each kind of file, the newest week first where there is a choice; every one exists."""
    wanted = [
        (_("A packet; its cover tells the results of {week}").format(week=weeks[0]), f"packets/{weeks[-1]}/*/*.pdf"),
        (_("The timetable of lessons that covers show"), f"{INPUTS}/{TIMETABLE}"),
        (_("Labels"), f"packets/{weeks[-1]}/*.pdf"),
        (_("A manifest for the postal worker"), f"routes/{weeks[0]}/*.pdf"),
        (_("A route sheet as its driver brought it back"), f"{SCANS}/{weeks[0]}-routes/batch-1/*"),
        (_("A teacher's return"), f"returns/{weeks[0]}/*.pdf"),
        (_("What the scanner saw"), f"{SCANS}/{weeks[0]}/batch-1/*"),
        (_("The spreadsheets of the register"), f"{INPUTS}/*.csv"),
        (_("The truth, which the reader never opens"), f"{TRUTH}/*.json"),
    ]
    found = [(label, next(iter(sorted(home.glob(pattern))), None)) for label, pattern in wanted]
    told = [(label, path.relative_to(home).as_posix()) for label, path in found if path is not None]
    return told[:1] + [(_("Neighbours whose choices stand in other orders"), " · ".join(files)) for files in neighbours[:1]] + told[1:]


def _neighbours(pages: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Files of two packets of one village that hold the same questions with their choices in other orders."""
    orders: dict[tuple[str, str, tuple[str, ...]], dict[str, str]] = {}
    for page in pages:
        choices = [box for box in page["boxes"] if box["kind"] == "choice"]
        same = (Path(page["pdf"]).parent.name, page["assignment"] or "", tuple(box["item"] for box in choices))
        orders.setdefault(same, {}).setdefault("".join(box["value"] for box in choices), page["pdf"])
    pairs = (list(files.values())[:2] for files in orders.values() if len(files) > 1)
    return [(one, other) for one, other in pairs]

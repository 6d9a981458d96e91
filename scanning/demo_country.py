"""`poshta demo --country`: twenty invented regions are registered, planned and printed, and one district's paper goes round.

cli.py hands over `invoke`, as to scanning/demo. One subject, one study week; the paper round is that of the district around one town, whose
pages are filled in, posted and scanned as in the small demo.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packets.samples import write_samples
from records.calendar import StudyWeek
from records.errors import UsageRefused
from records.files import remove, write_text
from records.keys import keep_key
from records.language import _
from records.settings import FILE_NAME
from records.terminal import Answer, Sheet
from scanning.rehearsal.play import play_post
from scanning.rehearsal.post import LATE, ON_TIME
from scanning.rehearsal.truth import Comparison, compare
from scanning.schoolwork import Schoolwork
from scanning.stage import Invoke, Stage, clear, demo_key, hold_to_account, on_day
from settlements.codes import district_of
from settlements.sample import SampleDistrict
from settlements.sample_country import make_country
from settlements.sample_lists import write_lists

WEEK = StudyWeek(2026, 41)
SUBJECT = ("algebra", "math")  # one subject: mathematics of grades 1 to 9
IMPORTS = ("settlements", "offices", "vehicles", "schools", "teachers", "pupils")
TOWN = "Булаево"


@dataclass(frozen=True, slots=True)
class Size:
    """How large the country is; `pupils` are the fewest and the most of a village."""

    villages: int
    offices: int
    pupils: tuple[int, int]


@dataclass(slots=True)
class CountryStory:
    """What the demo did, in the order of its table, and how long each step took."""

    seconds: dict[str, float] = field(default_factory=dict)
    register: dict[str, int] = field(default_factory=dict)
    built: Mapping[str, Any] = field(default_factory=dict)
    routes: Mapping[str, Any] = field(default_factory=dict)
    scans: list[Mapping[str, Any]] = field(default_factory=list)
    comparison: Comparison | None = None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 1)


def play_country(invoke: Invoke, out: Path, seed: int, size: Size, workers: int, quiet: bool = False) -> Answer:
    """Play the country in the folder `out`; raises UsageRefused for a size that cannot be, IntegrityFailed as the small demo does."""
    if size.pupils[0] > size.pupils[1]:
        raise UsageRefused(_("A village cannot have fewer pupils at most than at least."), _("Give the smaller figure first."))
    home = clear(out)
    stage = Stage(home, invoke, seed, workers, lambda *_steps: None, quiet=quiet)
    story = CountryStory()
    started = time.perf_counter()
    country = make_country(seed, size.villages, size.offices, size.pupils)
    home_district = next((each for each in country if each.office.name.startswith(TOWN)), country[-1])
    schoolwork = _register(stage, story, country)
    _send_out(stage, story)
    _paper_round(stage, story, home_district, schoolwork)
    hold_to_account(home, [story.comparison], stage.files)
    return _tell(home, story, home_district, stage.files, time.perf_counter() - started)


def _register(stage: Stage, story: CountryStory, country: Sequence[SampleDistrict]) -> Schoolwork:
    inputs = stage.home / "inputs"
    tables = {path.stem: path for path in write_lists(inputs, country)}
    files = _one_subject(inputs / "assignments")
    keep_key(stage.home / "keys", demo_key(stage.seed, WEEK.plus(-3).monday))
    write_text(stage.home / FILE_NAME, f"workers = {stage.workers}\n")
    with on_day(WEEK.plus(-3).monday), story.step("register"):
        stage.run("init")
        for kind in IMPORTS:
            story.register[kind] = stage.run(kind, "import", str(tables[kind]))["rows"]
        stage.run("assignments", "add", *(str(file) for file in files))
    return Schoolwork.of_files(files)


def _one_subject(folder: Path) -> list[Path]:
    """The samples of one subject for every grade, in both languages."""
    written = write_samples(folder, (str(WEEK), str(WEEK.plus(1))))
    kept = [path for path in written if path.stem.startswith(SUBJECT) and path.stem.endswith(f"-w{WEEK.number:02d}")]
    for path in set(written) - set(kept):
        remove(path)
    return kept


def _send_out(stage: Stage, story: CountryStory) -> None:
    """Print every village's packets and plan the vehicles, oblast by oblast."""
    week = str(WEEK)
    with on_day(WEEK.plus(-2).day("thu")):
        with story.step("packets"):
            story.built = stage.run("packets", "build", "--week", week)
        with story.step("routes"):
            stage.run("routes", "plan", "--week", week, "--scope", "oblast")
            story.routes = stage.run("routes", "export", "--week", week)


def _paper_round(stage: Stage, story: CountryStory, district: SampleDistrict, schoolwork: Schoolwork) -> None:
    """Hand over one district's packets, let its pupils and the post do their part, scan and report."""
    week, kato = str(WEEK), district_of(district.office.kato)
    with story.step("round"):
        with on_day(WEEK.plus(-1).monday):
            _hand_over(stage, story, district)
            pages = stage.run("packets", "layout", "--week", week, "--district", kato)["pages"]
        post = play_post(
            stage.home,
            {"pages": pages},
            stage.home / "scans" / week,
            stage.seed,
            answers=schoolwork.meant(pages, stage.seed),
            several=schoolwork.several(),
            truth_path=stage.home / "truth" / f"{week}.json",
            workers=stage.workers,
        )
        for batch, day in ((ON_TIME, WEEK.plus(1).day("wed")), (LATE, WEEK.plus(5).day("fri"))):
            folder = stage.home / "scans" / week / f"batch-{batch}"
            if folder.exists():
                with on_day(day):
                    story.scans += stage.run("scan", str(folder))["pages"]
        with on_day(WEEK.plus(5).day("sat")):
            answers = stage.run("grades", "answers", "--week", week)["answers"]
            stage.run("returns", "--week", week)
    story.comparison = compare(post.truth, answers, story.scans)


def _hand_over(stage: Stage, story: CountryStory, district: SampleDistrict) -> None:
    """Print and hand over the routes that touch the district's villages; planned by oblast, its office need not drive them all."""
    villages = {village.kato for village in district.villages}
    for route in story.routes["routes"]:
        if villages & {stop["kato"] for stop in route["stops"]}:
            stage.run("routes", "manifest", "--week", str(WEEK), "--route", route["route"])
            stage.run("routes", "handover", "--week", str(WEEK), "--route", route["route"])


def _tell(home: Path, story: CountryStory, district: SampleDistrict, files: Sequence[str], seconds: float) -> Answer:
    found = story.comparison
    assert found is not None, "the round was not compared"
    routes = story.routes["routes"]
    facts: list[tuple[str, object]] = [
        (_("Villages"), story.register["settlements"]),
        (_("Post offices"), story.register["offices"]),
        (_("Pupils"), story.register["pupils"]),
        (_("Packets"), len(story.built["packets"])),
        (_("Pages printed"), story.built["pages"]),
        (_("Routes"), len(routes)),
        (_("Kilometres"), round(sum(route["metres"] for route in routes) / 1000)),
        (_("Villages without a route"), len(story.routes["unplanned"])),
        (_("The district whose paper went round"), district.school.name("kk")),
        (_("Sheets seen by the scanner"), len(story.scans)),
        (_("Answers compared with the truth"), found.items),
        (_("Right"), found.right),
        (_("Left to a person, plain enough"), found.doubtful),
        (_("Left to a person, truly doubtful"), found.doubt_accepted),
        (_("Silently wrong"), len(found.silent)),
    ]
    data = {
        "home": str(home),
        "seconds": round(seconds, 1),
        "steps": story.seconds,
        "register": story.register,
        "packets": len(story.built["packets"]),
        "pages": story.built["pages"],
        "routes": len(routes),
        "kilometres": round(sum(route["metres"] for route in routes) / 1000),
        "unplanned": len(story.routes["unplanned"]),
        "pictures": len(story.scans),
        "answers": found.items,
        "right": found.right,
        "silently_wrong": len(found.silent),
        "files": sorted(set(files)),
    }
    lines = [_("The country took {seconds:.0f} seconds.").format(seconds=seconds)]
    titles = {"register": _("Register"), "packets": _("Packets"), "routes": _("Routes"), "round": _("The paper round of one district")}
    steps = [(titles[name], took) for name, took in story.seconds.items()]
    sheets = [Sheet(_("What happened"), ("", ""), facts), Sheet(_("How long"), (_("Step"), _("Seconds")), steps)]
    return Answer(data, lines, sheets)

"""The drivers of the demo: they tick and count on the route sheets that the desk printed, bring them back, and the desk scans them.

scanning/demo calls this. Like the pupils they know the PDFs and `packets layout` alone; what they mean goes into a truth that the reader never opens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packets.layout import PageKind
from records.calendar import StudyWeek
from scanning.rehearsal.play import play_post
from scanning.rehearsal.post import PostHabits
from scanning.rehearsal.truth import Comparison, compare
from scanning.stage import Stage, on_day

FIRST_KM = 120_450
WINDING = 1.04  # an odometer counts a little more than the plan
ONLY_SHEETS = PostHabits(foreign=0, broken=0, backs=0.0)


@dataclass(frozen=True, slots=True)
class Driven:
    """What the sheets of one week told: pictures, bags by state, fields that wait for a person, and how the reading compares with the truth."""

    scans: Sequence[Mapping[str, Any]]
    bags: Mapping[str, int]
    doubts: int
    comparison: Comparison


def drive(stage: Stage, week: StudyWeek, routes: Sequence[Mapping[str, Any]]) -> Driven:
    """Let every route of the week be driven on its day, and its sheet be scanned on the Saturday after."""
    pages = [page for page in stage.run("packets", "layout", "--week", str(week))["pages"] if page["kind"] == PageKind.MANIFEST]
    folder = stage.home / "scans" / f"{week}-routes"
    post = play_post(
        stage.home,
        {"pages": pages},
        folder,
        stage.seed + week.number,
        "office_scan",
        answers=meant(pages, routes),
        habits=ONLY_SHEETS,
        truth_path=stage.home / "truth" / f"{week}-routes.json",
        workers=stage.workers,
    )
    stage.tick()
    with on_day(week.plus(-1).day("sat")):
        scans = stage.run("scan", str(folder))["pages"]
        told = stage.run("routes", "track", "--week", str(week))
    states = [bag["state"] for bag in told["bags"]]
    return Driven(scans, {state: states.count(state) for state in states}, len(told["doubts"]), compare(post.truth, told["notes"], scans))


def meant(pages: Sequence[Mapping[str, Any]], routes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[str]]]:
    """What each driver means: everything handed out, all that was expected taken back, and the kilometres of the plan."""
    wanted = {}
    by_pdf = {f"manifest-{route['route']}.pdf": route for route in routes}
    for page in pages:
        route = by_pdf[str(page["pdf"]).rpartition("/")[2]]
        back = {f"s{stop['order']}.back": stop["packets_back"] for stop in route["stops"]}
        numbers = back | {"packets.back": sum(back.values())}
        numbers |= {"odometer.start": FIRST_KM, "odometer.end": FIRST_KM + round(route["metres"] / 1000 * WINDING)}
        items = {box["item"] for box in page["boxes"]}
        wanted[str(page["page"])] = {item: [str(numbers[item])] if item in numbers else ["delivered"] for item in sorted(items)}
    return wanted

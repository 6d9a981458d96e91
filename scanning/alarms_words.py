"""Alarms in words: what was seen, and what the officer should do about it. The sentence is made when it is shown, in the language of that moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from records.language import N_, _, ngettext
from records.terminal import Sheet
from scanning.alarms import Alarm, by_frame
from scanning.words import reason_words

MOST_FILES = 5  # on a screen; --json tells all
PALER = {
    "over_the_batch": N_("The print gets paler from the first sheets to the last: change the toner cartridge before more is printed."),
    "since_earlier": N_("The print is paler than in earlier batches: change the toner cartridge before more is printed."),
    "altogether": N_("The print is pale: change the toner cartridge, or set the scanner darker."),
}
STRIPES = {
    ("left", True): N_(
        "A dark line runs through many pictures: clean the scanner's glass at about {mm} mm from the left edge of the picture."
    ),
    ("left", False): N_(
        "A light line runs through many pictures: clean the scanner's glass at about {mm} mm from the left edge of the picture."
    ),
    ("top", True): N_(
        "A dark line runs through many pictures: clean the scanner's glass at about {mm} mm from the top edge of the picture."
    ),
    ("top", False): N_(
        "A light line runs through many pictures: clean the scanner's glass at about {mm} mm from the top edge of the picture."
    ),
}
SKEWED = N_("Sheets lie {degrees}° askew: knock the pile straight and set the feeder's guides close to the paper.")
MORE_SKEWED = N_("Sheets come through the feeder more and more askew, {last}° at the end: clean its rollers and set its guides.")
SCALED = N_("Sheets were printed at {percent} % of their size: choose “actual size” or 100 % when printing, never “fit to page”.")
STRETCHED = N_(
    "Pictures are {percent} % as wide as they should be for their height: clean the feeder's rollers; if that does not help, have the scanner looked at."
)
CORNERS = {
    "top_left": N_(
        "Many sheets lack their top left corner: unfold corners and take out staples before scanning, and look whether something lies on the glass."
    ),
    "top_right": N_(
        "Many sheets lack their top right corner: unfold corners and take out staples before scanning, and look whether something lies on the glass."
    ),
    "bottom_left": N_(
        "Many sheets lack their bottom left corner: unfold corners and take out staples before scanning, and look whether something lies on the glass."
    ),
    "bottom_right": N_(
        "Many sheets lack their bottom right corner: unfold corners and take out staples before scanning, and look whether something lies on the glass."
    ),
}
FEW_POINTS = N_(
    "Few of the printed points are found on the sheets ({points} of 16): scan at 200 dpi or more, the whole sheet, and look whether the print is pale."
)
OTHER_PRINT = N_(
    "Page {number} of {assignment} does not look like what this desk printed: find out which print was sent out, and print it again from here."
)
OTHER_ROWS = N_(
    "Page {number} of {assignment} looks different from what this desk printed, at question {items}: look at the paper before you trust its answers."
)
DOUBTFUL = N_("{percent} % of the questions are in doubt for one reason ({reason}). {advice}")
ADVICE = {
    "faint": N_("Scan in grey, not in black and white, and set the scanner darker; remind pupils to fill the circle."),
    "stained": N_("Clean the scanner's glass, and look at some of the sheets."),
    "torn": N_("Look whether the scanner takes in the whole sheet."),
    "out_of_place": N_("Look whether the sheets were printed at 100 %, and lie flat while they are scanned."),
    "other_pen": N_("Scan the sheets before a teacher corrects them: what is red or green on them may be the teacher's."),
    "gap": N_("Remind pupils to leave no column empty within a number."),
}
REMIND = N_("Remind pupils and teachers: to change an answer, cross out the whole circle and fill another.")
LOW_DPI = N_("Pictures have only {dpi} dots an inch: scan at 200 or 300.")
HARD_JPEG = N_("Pictures were saved as JPEG of about quality {quality}: choose a better quality, 75 or more.")
TWO_TONE = N_(
    "Pictures are black and white without greys, in which a pale pencil is lost and its answer looks empty: set the scanner to grey, and scan the sheets again."
)
PLAIN = {
    "scaled_prints": SCALED,
    "stretched_feed": STRETCHED,
    "few_points": FEW_POINTS,
    "low_dpi": LOW_DPI,
    "hard_jpeg": HARD_JPEG,
    "black_and_white": TWO_TONE,
}


def sentence(alarm: Alarm) -> str:
    """What was seen and what to do."""
    template, more = _template(alarm.code, alarm.numbers)
    return _(template).format(**{**alarm.numbers, **more})


def alarm_json(alarm: Alarm) -> dict[str, object]:
    """An alarm as `scan --json` tells it."""
    pages = [{"file": each.file, "frame": each.frame, "part": each.part} for each in alarm.places]
    return {"code": alarm.code, "text": sentence(alarm), "pages": pages, "numbers": dict(alarm.numbers)}


def alarm_sheets(found: Sequence[Alarm]) -> list[Sheet]:
    """The alarms as a table for the screen; none where there are none."""
    if not found:
        return []
    return [
        Sheet(
            _("Alarms"),
            (_("What was seen, and what to do"), _("Sheets"), _("Where")),
            [(sentence(each), len(each.places), _where(each)) for each in found],
        )
    ]


def _template(code: str, numbers: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    """The sentence of an alarm, and what it needs beyond the alarm's own numbers."""
    if code == "wrong_print":
        return (OTHER_ROWS if numbers["items"] else OTHER_PRINT), {"items": ", ".join(numbers["items"])}
    if code == "many_doubts":
        advice = _(ADVICE.get(numbers["reason"], REMIND))
        return DOUBTFUL, {"percent": round(100 * numbers["share"]), "reason": reason_words(numbers["reason"]), "advice": advice}
    return _plain_template(code, numbers), {}


def _plain_template(code: str, numbers: Mapping[str, Any]) -> str:
    match code:
        case "fading_toner":
            return PALER[numbers["seen"]]
        case "stripe":
            return STRIPES[numbers["edge"], numbers["dark"]]
        case "skewed_feed":
            return SKEWED if numbers["last"] is None else MORE_SKEWED
        case "lost_corner":
            return CORNERS[numbers["corner"]]
    return PLAIN[code]


def _where(alarm: Alarm) -> str:
    """Files and their pictures, as in: a.pdf 3-17, 19."""
    files = by_frame(alarm.places)
    shown = [f"{file} {runs(frames)}" for file, frames in list(files.items())[:MOST_FILES]]
    left = len(files) - len(shown)
    if left:
        shown.append(ngettext("and {count} more file", "and {count} more files", left).format(count=left))
    return "; ".join(shown)


def runs(numbers: Sequence[int]) -> str:
    """Whole numbers with their neighbours joined: 1-3, 5."""
    joined: list[list[int]] = []
    for number in sorted(set(numbers)):
        if joined and number == joined[-1][1] + 1:
            joined[-1][1] = number
        else:
            joined.append([number, number])
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in joined)

"""The named conditions: who writes, on what print, what befalls the sheet, and which machine takes its picture.

bench/other_hands/field runs them. `withheld_pen` and `withheld_paper` are opened once, at the end; nothing may be tuned to them.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.other_hands import habits as h
from bench.other_hands import printers as p
from bench.other_hands import wear as w
from bench.other_hands.cameras import Phone
from bench.other_hands.habits import Habits
from bench.other_hands.picture import Picture, Work
from bench.other_hands.scanners import Scan, TwoInOne, uneven_lamp

Stage = Callable[[Work], None]
Device = Callable[[Work], Picture]


@dataclass(frozen=True, slots=True)
class Condition:
    """`print_dpi` is of the page being drawn on; `before` and `after` are the stages before and after writing."""

    device: Device
    before: tuple[Stage, ...] = (p.office,)
    after: tuple[Stage, ...] = ()
    habits: Habits = h.USUAL
    print_dpi: float = 200.0
    eyes: tuple[str, ...] = ("luma", "green", "grey")
    back: bool = False
    two: TwoInOne | None = None


OFFICE = Scan(turn=2.0, shift=5.0, noise=(2.0, 5.0), quality=(70, 86), dust=25, streaks=0.15, gamma=(0.85, 1.2))
WITHHELD = frozenset({"withheld_pen", "withheld_paper"})
CONDITIONS: dict[str, Condition] = {
    "clean_200": Condition(Scan()),
    "office_200": Condition(OFFICE, after=(uneven_lamp,)),
    "low_150": Condition(replace(OFFICE, dpi=150)),
    "low_100": Condition(replace(OFFICE, dpi=100, turn=1.2)),
    "fine_300": Condition(replace(OFFICE, dpi=300), print_dpi=300),
    "fine_600": Condition(replace(OFFICE, dpi=600), print_dpi=600),
    "colour_office": Condition(OFFICE, eyes=("luma", "red", "red")),
    "one_bit_200": Condition(replace(OFFICE, quality=None, one_bit=True)),
    "one_bit_300": Condition(replace(OFFICE, dpi=300, quality=None, one_bit=True), print_dpi=300),
    "photocopy": Condition(OFFICE, before=(p.office, p.copied)),
    "copied_after": Condition(OFFICE, after=(p.copied,)),
    "toner_40": Condition(OFFICE, before=(p.faded,)),
    "inkjet_tired": Condition(OFFICE, before=(p.inkjet,)),
    "phone": Condition(Phone(), print_dpi=300, eyes=("luma",)),
    "phone_bad": Condition(
        Phone(tilt=0.13, lift=(2.0, 14.0), blur=(1.0, 2.3), motion=(0.0, 5.0), shadow=(0.4, 0.8), noise=(3.0, 9.0), fills=(0.7, 0.95), folds=0.7),
        after=(w.folded, w.stained, w.covered_corner), print_dpi=300, eyes=("luma",),
    ),
    "creased_scan": Condition(OFFICE, after=(w.folded,)),
    "stained_scan": Condition(OFFICE, after=(w.stained,)),
    "torn_scan": Condition(OFFICE, after=(w.torn,)),
    "any_way_up": Condition(replace(OFFICE, quarters=(0, 1, 2, 3))),
    "show_through": Condition(OFFICE, before=(p.office, p.shine_through), back=True),
    "two_in_one": Condition(OFFICE, two=TwoInOne()),
    "faint_writers": Condition(OFFICE, habits=h.FAINT),
    "rubbers": Condition(OFFICE, habits=h.RUBBERS),
    "crossers": Condition(OFFICE, habits=h.CROSSERS),
    "off_target": Condition(OFFICE, habits=h.OFF_TARGET),
    "elsewhere": Condition(OFFICE, habits=h.ELSEWHERE),
    "elsewhere_phone": Condition(Phone(), habits=h.ELSEWHERE, print_dpi=300, eyes=("luma",)),
    "blotted_codes": Condition(OFFICE, after=(w.blotted_codes,)),
    "withheld_pen": Condition(OFFICE, habits=h.WITHHELD),
    "withheld_paper": Condition(OFFICE, before=(p.office, p.newsprint_or_squares)),
}  # fmt: skip
KNOWN: ChainMap[str, Condition] = ChainMap({}, CONDITIONS)  # what can be taken by name: another collection adds its own when it is imported
SECRET = set(WITHHELD)  # of those: whose crops and findings nobody is shown

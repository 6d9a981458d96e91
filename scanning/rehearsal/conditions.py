"""Named circumstances under which a page is filled in, worn and taken: from a clean scan to the worst that a desk may see.

A mix names shares of conditions; every page draws its own. None of these ranges was fitted to a reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scanning.rehearsal.camera import Camera
from scanning.rehearsal.habits import HABITS, Habits
from scanning.rehearsal.paper import Wear
from scanning.rehearsal.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Condition:
    """One set of circumstances: who writes, what the post does to the paper, and what takes the picture."""

    name: str
    habits: Habits = field(default_factory=lambda: HABITS["ordinary"])
    wear: Wear = field(default_factory=Wear)
    eye: Scanner | Camera = field(default_factory=Scanner)


POSTED = Wear(
    fold=0.8, curl=(0.0, 0.4), stains=0.05, fingers=0.2, dog_ear=0.03, holes=0.03, show_through=0.15, toner=0.1, toner_loss=(0.1, 0.3)
)
WORN = Wear(
    fold=0.9, fold_shade=(0.05, 0.25), fold_shift=(0.0, 0.5), curl=(0.0, 1.2), crumple=0.15, stains=0.6, stain_shade=(0.05, 0.3), fingers=1.0, blots=0.05,
    tear=0.1, dog_ear=0.12, holes=0.1, staple=0.08, tape=0.08, show_through=0.4, show_shade=(0.02, 0.1), toner=0.35, toner_loss=(0.1, 0.5), specks=(0.0, 4.0),
)  # fmt: skip
RUINED = Wear(
    fold=0.95, fold_shade=(0.08, 0.35), fold_shift=(0.0, 0.8), curl=(0.2, 2.5), crumple=0.45, stains=1.8, stain_shade=(0.08, 0.4), fingers=2.0, blots=0.4,
    tear=0.35, tear_legs=(10.0, 45.0), dog_ear=0.3, holes=0.15, staple=0.15, tape=0.2, show_through=0.6, show_shade=(0.03, 0.16), toner=0.6,
    toner_loss=(0.2, 0.65), specks=(0.0, 12.0),
)  # fmt: skip

CONDITIONS = {
    condition.name: condition
    for condition in (
        Condition("clean_scan", HABITS["tidy"]),
        Condition("office_scan", wear=POSTED, eye=Scanner(dpi=(150, 150, 200, 200, 200, 300), skew=(-1.5, 1.5), shift_mm=(-2, 2), scale=(0.997, 1.003), jpeg=(60, 92))),
        Condition(
            "rough_scan",
            wear=WORN,
            eye=Scanner(
                dpi=(100, 150, 150, 200), skew=(-3.5, 3.5), shift_mm=(-4, 4), scale=(0.99, 1.01), stretch=(-0.005, 0.005), contrast=(0.8, 1.3),
                brightness=(-0.1, 0.1), gamma=(0.75, 1.3), noise=(2.0, 9.0), blur=(0.3, 1.1), lamp=(0.0, 0.12), stripe=0.25, black_border=0.35, wide_bed=0.3,
                jpeg=(38, 85), turned=(0.08, 0.2, 0.08),
            ),
        ),
        Condition(
            "photocopy",
            wear=Wear(fold=0.6, stains=0.1, toner=0.7, toner_loss=(0.1, 0.45), specks=(1.0, 18.0), show_through=0.2),
            eye=Scanner(
                dpi=(150, 200, 300), skew=(-2, 2), shift_mm=(-3, 3), scale=(0.94, 1.03), stretch=(-0.004, 0.004), contrast=(1.25, 1.9), brightness=(-0.04, 0.08),
                noise=(2.0, 7.0), blur=(0.6, 1.3), black_border=0.4, jpeg=(55, 90),
            ),
        ),
        Condition(
            "one_bit",
            HABITS["ordinary"],
            Wear(fold=0.8, fold_shade=(0.02, 0.1), curl=(0.0, 0.4), fingers=0.1, specks=(0.0, 3.0)),
            Scanner(dpi=(200, 300), skew=(-1.5, 1.5), shift_mm=(-2, 2), contrast=(1.0, 1.3), noise=(1.0, 5.0), binary=1.0, dither=0.2),
        ),
        Condition("phone_photo", wear=POSTED, eye=Camera()),
        Condition(
            "hard_photo",
            wear=WORN,
            eye=Camera(
                megapixels=(3.0, 8.0), fills=(0.62, 0.95), turn=(-18, 18), tilt=(0.03, 0.13), light=(0.1, 0.5), vignette=(0.0, 0.35), shadow=0.7,
                shadow_shade=(0.2, 0.6), focus=(0.5, 1.9), motion=(0.0, 3.5), noise=(3.0, 12.0), paper=(0.5, 0.9), jpeg=(38, 85), turned=(0.2, 0.2, 0.2), cut=0.05,
            ),
        ),
        Condition(
            "unruly",
            HABITS["unruly"],
            POSTED,
            Scanner(dpi=(150, 200, 300), skew=(-2, 2), shift_mm=(-2, 2), scale=(0.997, 1.003), noise=(1.0, 6.0), jpeg=(55, 92)),
        ),
        Condition(
            "worst_scan",
            HABITS["unruly"],
            RUINED,
            Scanner(
                dpi=(100, 150, 200, 600), skew=(-4, 4), shift_mm=(-5, 5), scale=(0.985, 1.015), stretch=(-0.006, 0.006), contrast=(0.7, 1.5),
                brightness=(-0.15, 0.12), gamma=(0.65, 1.5), noise=(2.0, 14.0), blur=(0.3, 1.4), lamp=(0.0, 0.25), stripe=0.4, black_border=0.5, wide_bed=0.4,
                jpeg=(35, 80), turned=(0.15, 0.25, 0.15),
            ),
        ),
        Condition(
            "worst_photo",
            HABITS["unruly"],
            RUINED,
            Camera(
                megapixels=(3.0, 12.0), fills=(0.55, 0.97), turn=(-25, 25), tilt=(0.04, 0.17), light=(0.15, 0.6), vignette=(0.0, 0.45), shadow=0.8,
                shadow_shade=(0.2, 0.7), focus=(0.5, 2.4), motion=(0.0, 5.0), noise=(3.0, 16.0), paper=(0.45, 0.9), jpeg=(35, 80), turned=(0.25, 0.25, 0.25), cut=0.12,
            ),
        ),
    )
}  # fmt: skip

MIXES: dict[str, Mapping[str, float]] = {
    "demo": {"office_scan": 0.72, "clean_scan": 0.14, "rough_scan": 0.08, "phone_photo": 0.06},
    "desk": {"office_scan": 0.55, "clean_scan": 0.1, "rough_scan": 0.12, "photocopy": 0.05, "phone_photo": 0.1, "unruly": 0.08},
}


def shares_of(name: str) -> Mapping[str, float]:
    """The conditions that `name` (a condition or a mix) stands for, with their shares; raises KeyError for an unknown name."""
    return MIXES[name] if name in MIXES else {CONDITIONS[name].name: 1.0}

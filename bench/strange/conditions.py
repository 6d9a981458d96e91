"""The third collection by name, and which half of it is withheld. Importing this makes the names known to bench/other_hands/field."""

from __future__ import annotations

import random
from dataclasses import replace

from bench.other_hands import conditions as known
from bench.other_hands import printers as p
from bench.other_hands.cameras import Phone
from bench.other_hands.conditions import OFFICE, Condition
from bench.other_hands.habits import Habits
from bench.strange import handling as g
from bench.strange import lights as e
from bench.strange import machines as m
from bench.strange import papers as a
from bench.strange import pens as n
from bench.strange import traces as r

CALM = replace(OFFICE, quality=None, noise=(1.0, 3.0))  # what comes after spoils enough
STEADY = Phone(motion=(0.0, 1.0), lift=(0.0, 2.0))


def _scanned(habits: Habits) -> Condition:
    return Condition(OFFICE, habits=habits)


def _phoned(*changes: m.Change, phone: Phone = STEADY) -> Condition:
    return Condition(m.Then(phone, changes), print_dpi=300, eyes=("luma",))


PENS = {
    "mechanical_pencil": _scanned(n.MECHANICAL),
    "carpenter_pencil": _scanned(n.CARPENTER),
    "coloured_pencils": _scanned(n.COLOURED),
    "soft_8b_smudged": Condition(OFFICE, after=(r.smudged,), habits=n.SOFT_8B),
    "wax_pastel": _scanned(n.PASTEL),
    "blobbing_ballpoint": _scanned(n.BLOBBING),
    "feathering_ink": _scanned(n.FEATHERING),
    "dry_felt_tip": _scanned(n.DRY_FELT),
    "highlighter": _scanned(n.HIGHLIGHTER),
    "correction_fluid": _scanned(n.FLUID),
    "coloured_in_one_way": _scanned(n.COLOURING),
    "erasable_gel": _scanned(n.ERASABLE),
}
PAPERS = {
    "recycled_paper": Condition(OFFICE, before=(p.office, a.recycled)),
    "old_foxed_paper": Condition(OFFICE, before=(p.office, a.foxed)),
    "coloured_paper": Condition(OFFICE, before=(p.office, a.coloured)),
    "notebook_lines": Condition(OFFICE, before=(p.office, a.ruled)),
    "laid_paper": Condition(OFFICE, before=(p.office, a.laid)),
    "table_behind": Condition(OFFICE, before=(p.office, a.table_behind)),
    "letterhead": Condition(OFFICE, before=(p.office, a.watermark)),
    "carbon_smudged": Condition(OFFICE, before=(p.office, a.carbon)),
    "draft_print": Condition(OFFICE, before=(a.draft,)),
    "drum_ghost": Condition(OFFICE, before=(p.office, a.drum_ghost)),
    "half_empty_cartridge": Condition(OFFICE, before=(p.office, a.half_empty)),
    "crumpled": Condition(OFFICE, after=(g.crumpled,)),
    "damp_tide_line": Condition(OFFICE, after=(g.tide,)),
    "glossy_glare": Condition(Phone(), after=(g.glare,), print_dpi=300, eyes=("luma",)),
}
MACHINES = {
    "app_magic": _phoned(m.flattened, m.magic),
    "app_black_white": _phoned(m.flattened, m.black_and_white),
    "messenger": _phoned(m.by_messenger),
    "text_mode": Condition(m.Then(CALM, (m.text_mode,))),
    "dithered": Condition(m.Then(replace(CALM, dpi=200), (m.dithered,))),
    "fax": Condition(m.Then(CALM, (m.faxed,))),
    "background_removed": Condition(m.Then(CALM, (m.clipped,))),
    "jittering_feeder": Condition(m.Then(CALM, (m.jittered,))),
    "double_and_moire": Condition(m.Then(CALM, (m.doubled,))),
    "lid_open": Condition(m.Then(replace(CALM, window=(216.0, 305.0)), (e.lid_open,))),
    "too_dark": Condition(m.Then(OFFICE, (e.too_dark,))),
    "four_greys": Condition(m.Then(CALM, (e.few_greys,))),
    "phone_at_night": _phoned(e.at_night, phone=replace(STEADY, shadow=(0.7, 0.95))),
}
CONDITIONS: dict[str, Condition] = PENS | PAPERS | MACHINES
_NAMES = sorted(CONDITIONS)
random.Random(1723).shuffle(_NAMES)
WITHHELD = frozenset(_NAMES[: len(_NAMES) // 2])
OPEN = frozenset(CONDITIONS) - WITHHELD
known.KNOWN.update(CONDITIONS)
known.SECRET.update(WITHHELD)

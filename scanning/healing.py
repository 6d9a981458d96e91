"""Which sheets of a picture that was filed before may come out otherwise when it is read again. Pure.

A key comes back, a program is mended, a machine has more time: then the same file heals. What was read stays as it is and is never filed twice.
scanning/batch asks which pictures to read again, scanning/filing which of their sheets to file.
"""

from __future__ import annotations

from collections.abc import Sequence

from records import schema
from scanning.verdict import FAULT, PageState, PageVerdict

_CHANCE = ("took_too_long", "nothing_found", "newer_format")


def curable(scan: schema.Scan) -> bool:
    """Whether the cause lay with this desk or its program, not with the paper: a seal not understood, a refusal, a fault."""
    if scan.state == PageState.UNREADABLE:
        return scan.reason in _CHANCE or scan.reason.startswith(FAULT)
    return scan.state in (PageState.UNSIGNED, PageState.REFUSED)


def to_be_read(scans: Sequence[schema.Scan]) -> bool:
    """Whether a picture with these scan rows is to be read (again): it has none, or one may heal."""
    return not scans or any(map(curable, scans))


def unfiled(settled: Sequence[schema.Scan], sheets: Sequence[PageVerdict]) -> list[PageVerdict]:
    """The sheets of a picture that are none of the `settled` ones of an earlier reading: known by their page, or else by their part."""
    left = list(sheets)
    for scan in sorted(settled, key=lambda row: row.page is None):
        same = [each for each in left if (each.page_id == scan.page if scan.page else each.part == scan.part)]
        if same:
            left.remove(min(same, key=lambda each: each.part != scan.part))
    return left

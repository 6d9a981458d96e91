"""The comparison finds every planted fault of a reader, and nothing where the reader is right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scanning.rehearsal.meaning import ItemTruth, Must
from scanning.rehearsal.truth import FrameTruth, Seen, Truth, compare, load, save

READ = ItemTruth("1", ("B",), Must.READ)
EXCUSED = ItemTruth("2", ("C",), Must.READ, doubt_ok=True)
BLANK = ItemTruth("3", (), Must.BLANK)
DOUBT = ItemTruth("4", (), Must.DOUBT, doubt_ok=True)
SHEET = Seen("aa", 1, (READ, EXCUSED, BLANK, DOUBT))
OTHER = Seen("bb", 1, (READ,))
TRUTH = Truth(
    1,
    (
        FrameTruth("batch-1/scan-1.jpg", 1, 1, "page", "office_scan", (SHEET,)),
        FrameTruth("batch-1/scan-2.pdf", 1, 1, "page", "office_scan", (OTHER,)),
        FrameTruth("batch-1/scan-2.pdf", 2, 1, "back"),
        FrameTruth("batch-1/scan-3.jpg", 1, 1, "broken"),
    ),
)


def row(page: str, item: str, state: str, *reading: str) -> dict[str, Any]:
    return {"page": page, "item": item, "state": state, "reading": list(reading)}


def scanned(file: str, frame: int, state: str, page: str | None = None) -> dict[str, Any]:
    return {"file": f"/somewhere/{file}", "frame": frame, "state": state, "page": page}


ANSWERS = [
    row("aa", "1", "read", "B"),
    row("aa", "2", "read", "C"),
    row("aa", "3", "blank"),
    row("aa", "4", "doubt"),
    row("bb", "1", "read", "B"),
]
SCANS = [
    scanned("batch-1/scan-1.jpg", 1, "doubtful", "aa"),
    scanned("batch-1/scan-2.pdf", 1, "read", "bb"),
    scanned("batch-1/scan-2.pdf", 2, "empty"),
    scanned("batch-1/scan-3.jpg", 1, "refused"),
]


def test_a_reader_who_is_right_is_told_so() -> None:
    told = compare(TRUTH, ANSWERS, SCANS)
    assert (told.items, told.right, told.doubt_accepted) == (5, 4, 1)
    assert (told.doubtful, told.missing, told.silent, told.lost) == (0, 0, (), ())
    assert told.clean


@pytest.mark.parametrize(
    ("index", "fault"),
    [
        (0, row("aa", "1", "read", "A")),
        (0, row("aa", "1", "read", "B", "C")),
        (0, row("aa", "1", "blank")),
        (1, row("aa", "2", "blank")),
        (2, row("aa", "3", "read", "A")),
        (3, row("aa", "4", "read", "A")),
        (3, row("aa", "4", "blank")),
    ],
)
def test_each_silent_error_is_found(index: int, fault: dict[str, Any]) -> None:
    answers = [fault if place == index else kept for place, kept in enumerate(ANSWERS)]
    told = compare(TRUTH, answers, SCANS)
    assert [(finding.page, finding.item) for finding in told.silent] == [(fault["page"], fault["item"])]
    assert told.silent[0].file == "batch-1/scan-1.jpg"
    assert not told.clean


def test_a_needless_doubt_is_counted_apart_from_an_excused_one_and_is_no_error() -> None:
    told = compare(TRUTH, [row("aa", "1", "doubt"), row("aa", "2", "doubt"), *ANSWERS[2:]], SCANS)
    assert (told.doubtful, told.doubt_accepted, told.clean) == (1, 2, True)


def test_a_score_strip_that_waits_counts_as_blank() -> None:
    told = compare(TRUTH, [*ANSWERS[:2], row("aa", "3", "waiting"), *ANSWERS[3:]], SCANS)
    assert told.right == 4


def test_an_answer_that_is_not_there_is_missing_and_one_too_many_is_a_ghost() -> None:
    told = compare(TRUTH, [*ANSWERS[1:], row("cc", "1", "read", "A")], SCANS)
    assert told.missing == 1
    assert [finding.kind for finding in told.silent] == ["ghost"]


def test_a_page_taken_for_another_is_found_and_so_is_its_loss() -> None:
    told = compare(TRUTH, ANSWERS, [replace_page(SCANS[0], "bb"), *SCANS[1:]])
    assert [finding.got for finding in told.strangers] == ["bb"]
    assert [finding.page for finding in told.lost] == ["aa"]
    assert not told.clean


def replace_page(scan: dict[str, Any], page: str) -> dict[str, Any]:
    return {**scan, "page": page}


@pytest.mark.parametrize("missing", range(4))
def test_a_picture_without_a_state_is_found(missing: int) -> None:
    told = compare(TRUTH, ANSWERS, [scan for place, scan in enumerate(SCANS) if place != missing])
    assert [(finding.file, finding.frame) for finding in told.stateless] == [(TRUTH.frames[missing].file, TRUTH.frames[missing].frame)]


def test_of_two_copies_the_one_that_can_be_read_counts() -> None:
    torn = FrameTruth("batch-2/scan-9.jpg", 1, 2, "page", "worst_scan", (Seen("bb", 2, (READ.doubtful(),)),))
    twice = replace(TRUTH, frames=(torn, *TRUTH.frames))
    item = twice.items()["bb", "1"]
    assert (item.must, item.reading, item.doubt_ok) == (Must.READ, ("B",), True)
    assert twice.items(batches=[2])["bb", "1"].must is Must.DOUBT


def test_the_truth_is_the_same_after_saving(tmp_path: Path) -> None:
    save(TRUTH, tmp_path / "truth.json")
    assert load(tmp_path / "truth.json") == TRUTH

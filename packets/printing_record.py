"""What a job's files hold, noted beside them: so that a packet that was built anew since makes its batch stale, and is told. Codes and digests only.

packets/print_command writes and compares; `packets build` asks `stale`. A note that is gone or damaged counts as none: the job is printed anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packets.printing import Batch
from records.files import remove, write_text

FOLDER, NOTE = "print", "batches.json"


@dataclass(frozen=True, slots=True)
class Noted:
    """A batch as it was written: its file, relative to home, and its packets with the digests of their files."""

    file: str
    packets: Mapping[str, str]


def job_folder(week: str, part: str = "") -> str:
    """Where the files of a job stand, relative to home: a narrowed job has a folder of its own."""
    return f"{FOLDER}/{week}" + (f"/{part}" if part else "")


def batch_files(folder: str, count: int) -> list[str]:
    """The files of so many batches. Their numbers are of one length, so that a folder shows them in the order of printing."""
    digits = max(2, len(str(count)))
    return [f"{folder}/batch-{number:0{digits}d}.pdf" for number in range(1, count + 1)]


def noted(home: Path, folder: str) -> list[Noted]:
    """The batches of the job that was written there last, in order."""
    try:
        body: dict[str, Any] = json.loads((home / folder / NOTE).read_text(encoding="utf-8"))
        return [Noted(str(each["file"]), {str(code): str(digest) for code, digest in each["packets"].items()}) for each in body["batches"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def note(home: Path, folder: str, batches: Sequence[Batch]) -> None:
    """Note what the files of a job hold, and remove those that an earlier, longer job left behind."""
    files = batch_files(folder, len(batches))
    for left in sorted((home / folder).glob("batch-*.pdf")):
        if f"{folder}/{left.name}" not in files:
            remove(left)
    told = [
        {"file": file, "packets": {packet.packet: packet.digest for packet in batch.packets}}
        for file, batch in zip(files, batches, strict=True)
    ]
    write_text(home / folder / NOTE, json.dumps({"batches": told}, indent=1) + "\n")


def changed(before: Sequence[Noted], batches: Sequence[Batch]) -> dict[str, list[str]]:
    """For each file of an earlier job the packets in it that are built anew or gone since; one that only lies in another batch now is the same."""
    now = {packet.packet: packet.digest for batch in batches for packet in batch.packets}
    differ = {each.file: sorted(code for code, digest in each.packets.items() if now.get(code) != digest) for each in before}
    return {file: codes for file, codes in differ.items() if codes}


def added(before: Sequence[Noted], batches: Sequence[Batch]) -> list[str]:
    """The packets that were in no batch of an earlier job; none where there was no such job."""
    held = {code for each in before for code in each.packets}
    return [packet.packet for batch in batches for packet in batch.packets if packet.packet not in held] if before else []


def was_printed(home: Path, week: str) -> bool:
    """Whether anything of a week was printed."""
    return (home / FOLDER / week).is_dir()


def stale(home: Path, week: str, digests: Mapping[str, str]) -> dict[str, list[str]]:
    """The printed files of a week that hold packets which are not what stands now, with these; `digests` of the packets that stand."""
    root = home / FOLDER / week
    folders = sorted(file.parent.relative_to(home).as_posix() for file in root.rglob(NOTE)) if root.is_dir() else []
    found = {}
    for folder in folders:
        for each in noted(home, folder):
            differ = sorted(code for code, digest in each.packets.items() if digests.get(code, digest) != digest)
            if differ:
                found[each.file] = differ
    return found

"""The list of forgotten pupils beside every backup, so that a restore of an older one forgets them again, also when the machine was lost.

The home's own list is forgotten.json (settlements/forgetting writes it: codes and seals, no names). Where backups are made to another folder, a copy
goes with them under the desk's name, `forgotten-DESK.json`, and grows with each forgetting that can reach that folder. What it cannot know: a
pupil forgotten after the folder was last within reach, on a machine that is gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from records.errors import InputRefused, PoshtaError
from records.files import explained, write_text
from records.home import BACKUPS, Home
from records.keys import Key
from records.language import _

LIST_FILE = "forgotten.json"
PLACES = "folders.json"  # in the home's folder of backups: where else backups were made to


def list_beside(folder: Path, keys: Iterable[Key]) -> Path:
    """Where the list of the desk with these keys stands in a folder of backups: named by its first key's id, which is no secret."""
    first = min(keys, key=lambda key: (key.made_at, key.id), default=None)
    return folder / f"forgotten-{first.id if first else 'desk'}.json"


def spread(home: Home, more: Path | None = None) -> list[Path]:
    """Bring the lists in all folders of backups up to date, and in `more`, which is remembered; answers those out of reach now."""
    places = _places(home) | ({more.resolve()} if more is not None else set())
    if more is not None:
        write_text(home.path / BACKUPS / PLACES, json.dumps(sorted(map(str, places)), indent=1) + "\n")
    missed = []
    for folder in sorted(places):
        try:
            if not folder.is_dir():
                raise NotADirectoryError
            _merge_into(list_beside(folder, home.keys()), home.path / LIST_FILE)
        except (PoshtaError, OSError):
            missed.append(folder)
    return missed


def lists_for(home: Home, backup: Path, named: Path | None) -> list[str]:
    """The lists that a restore of `backup` must apply to `home`: the one beside it, and the one that was named. Raises NotFound for the latter."""
    beside = list_beside(backup.resolve().parent, home.keys())
    files = [beside] if beside.is_file() else []
    found = []
    for file in [*files, *([named] if named is not None else [])]:
        with explained(file):
            found.append(file.read_text(encoding="utf-8"))
    return found


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Everybody who stands on either list; of two dates the earlier."""
    days: dict[str, str] = {}
    for each in [*one["pupils"], *other["pupils"]]:
        days[each["pupil"]] = min(each["forgotten_on"], days.get(each["pupil"], each["forgotten_on"]))
    seals = {each["seal"]: each["key_id"] for each in [*one["names"], *other["names"]]}
    return {
        "pupils": [{"pupil": pupil, "forgotten_on": day} for pupil, day in sorted(days.items())],
        "names": [{"seal": seal, "key_id": key} for seal, key in sorted(seals.items())],
    }


def _places(home: Home) -> set[Path]:
    with suppress(OSError, ValueError, TypeError):
        return {Path(each) for each in json.loads((home.path / BACKUPS / PLACES).read_text(encoding="utf-8"))}
    return set()


def _merge_into(target: Path, source: Path) -> None:
    lists = [_read(file) for file in (target, source) if file.is_file()]
    if lists:
        whole = merged(lists[0], lists[-1])
        if not target.is_file() or whole != lists[0]:
            write_text(target, json.dumps(whole, indent=1) + "\n")


def _read(file: Path) -> Any:
    try:
        with explained(file):
            body = json.loads(file.read_text(encoding="utf-8"))
        return merged(body, {"pupils": [], "names": []})
    except (ValueError, KeyError, TypeError):
        raise InputRefused(
            _("{file} is not a list of forgotten pupils.").format(file=file.name), _("Copy it from the desk again.")
        ) from None

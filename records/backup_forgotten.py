"""The list of forgotten pupils beside every backup, so that a restore of an older one forgets them again, also when the machine was lost.

The home's own list is forgotten.json (settlements/forgetting writes it: codes and seals, no names). In every folder of backups, the home's own too, a copy
stands under the desk's name, `forgotten-DESK.json`, also while nobody is on it, and grows with each forgetting that can reach that folder. What it cannot
know: a pupil forgotten after the folder was last within reach, on a machine that is gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from records.errors import InputRefused, PoshtaError
from records.files import explained, write_text
from records.home import BACKUPS, Home
from records.keys import Key
from records.language import _

LIST_FILE = "forgotten.json"
PLACES = "folders.json"  # in the home's folder of backups: where backups were made to
NOBODY: Mapping[str, Any] = {"pupils": [], "names": []}


def list_beside(folder: Path, keys: Iterable[Key]) -> Path:
    """Where the list of the desk with these keys stands in a folder of backups: named by its first key's id, which is no secret."""
    first = min(keys, key=lambda key: (key.made_at, key.id), default=None)
    return folder / f"forgotten-{first.id if first else 'desk'}.json"


def spread(home: Home, more: Path | None = None) -> list[Path]:
    """Bring the lists in all folders of backups up to date, and in `more`, which is remembered; answers those out of reach now."""
    known = _places(home)
    places = known | ({more.resolve()} if more is not None else set())
    if places != known:
        write_text(home.path / BACKUPS / PLACES, json.dumps(sorted(map(home.named, places)), indent=1) + "\n")
    missed = []
    for folder in sorted(places):
        try:
            if not folder.is_dir():
                raise NotADirectoryError
            _merge_into(list_beside(folder, home.keys()), home.path / LIST_FILE)
        except (PoshtaError, OSError):
            missed.append(folder)
    return missed


def out_of_reach(missed: Iterable[Path]) -> list[str]:
    """What is said of folders that `spread` did not reach."""
    text = _("The folder {folder} was not within reach: its list of forgotten pupils may be older than the desk's.")
    return [text.format(folder=folder) for folder in missed]


def lists_for(home: Home, backup: Path, named: Path | None) -> dict[Path, str]:
    """The lists that a restore of `backup` must apply to `home`, by their files: the one beside it, and the one that was named.

    Raises NotFound for the latter, InputRefused for what is no such list.
    """
    beside = list_beside(backup.resolve().parent, home.keys())
    files = [beside] if beside.is_file() else []
    return {file: json.dumps(_read(file)) for file in [*files, *([named] if named is not None else [])]}


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
        return {home.path.resolve() / each for each in json.loads((home.path / BACKUPS / PLACES).read_text(encoding="utf-8"))}
    return set()


def _merge_into(target: Path, source: Path) -> None:
    there, new = (_read(file) if file.is_file() else NOBODY for file in (target, source))
    whole = merged(there, new)
    if not target.is_file() or whole != there:
        write_text(target, json.dumps(whole, indent=1) + "\n")


def _read(file: Path) -> Mapping[str, Any]:
    try:
        with explained(file):
            body = merged(json.loads(file.read_text(encoding="utf-8")), NOBODY)
        for each in body["pupils"]:
            date.fromisoformat(each["forgotten_on"])
        if not all(isinstance(word, str) for kind in body.values() for each in kind for word in each.values()):
            raise TypeError
        return body
    except (ValueError, KeyError, TypeError):
        raise InputRefused(
            _("{file} is not a list of forgotten pupils, or is damaged.").format(file=file),
            _(
                "Nothing was restored. Set this file aside and run the same command again; name a whole one with --forgotten, if there is one."
            ),
            code="list_damaged",
        ) from None

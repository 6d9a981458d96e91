"""The desk's keys: what seals the word in a QR code. Retired keys are kept and still open old pages.

One file a key, `keys/ID.key`, mode 0600: a JSON object with the secret. Whoever has the file can print pages that this desk believes.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from records.errors import IntegrityFailed, PartMissing
from records.files import explained, write_bytes
from records.language import _

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A secret of 32 bytes and the id under which pages remember it."""

    id: str
    secret: bytes
    made_at: datetime

    def __repr__(self) -> str:
        return f"Key({self.id})"


def make_key(folder: Path, at: datetime) -> Key:
    """Make a new key below `folder`; it becomes the current one."""
    key = Key(secrets.token_hex(4), secrets.token_bytes(SECRET_BYTES), at)
    keep_key(folder, key)
    return key


def keep_key(folder: Path, key: Key) -> None:
    """Write `key` below `folder`, for its owner alone to read."""
    with explained(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    body = {"id": key.id, "made_at": key.made_at.isoformat(), "secret": key.secret.hex()}
    write_bytes(folder / f"{key.id}.key", json.dumps(body).encode(), mode=0o600)


def load_keys(folder: Path) -> tuple[Key, ...]:
    """All keys of the desk, the newest first; raises IntegrityFailed for a file that is no key."""
    return tuple(sorted(_each(sorted(folder.glob("*.key"))), key=lambda key: (key.made_at, key.id), reverse=True))


def current_key(keys: tuple[Key, ...]) -> Key:
    """The key that seals new pages; raises PartMissing where the desk has none."""
    if not keys:
        raise PartMissing(
            _("This desk has no key: nothing can be sealed."),
            _(
                "Copy the folder keys/ back from the last backup. `poshta init` makes a new key, but then pages already sent out wait for a person."
            ),
        )
    return keys[0]


def _each(files: Iterable[Path]) -> Iterable[Key]:
    for file in files:
        try:
            with explained(file):
                body = json.loads(file.read_text(encoding="utf-8"))
            key = Key(body["id"], bytes.fromhex(body["secret"]), datetime.fromisoformat(body["made_at"]))
            if len(key.secret) != SECRET_BYTES:
                raise ValueError("length")
        except (ValueError, KeyError, TypeError):
            raise IntegrityFailed(
                _("{file} is not a key.").format(file=file), _("Copy it back from the last backup, or move it away.")
            ) from None
        yield key

"""Keys are secret files; a missing or damaged one is told, retired ones still open."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from records.errors import ExitCode, IntegrityFailed, PartMissing
from records.keys import SECRET_BYTES, current_key, load_keys, make_key
from tests.conftest import Poshta

NOON = datetime(2026, 10, 5, 12)


@pytest.mark.skipif(os.name == "nt", reason="file modes")
def test_only_the_owner_may_read_a_key(tmp_path: Path) -> None:
    key = make_key(tmp_path / "keys", NOON)
    assert (tmp_path / "keys" / f"{key.id}.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_the_newest_key_is_current_and_retired_ones_are_kept(tmp_path: Path) -> None:
    old, new, middle = (make_key(tmp_path, NOON + timedelta(days=days)) for days in (0, 9, 4))
    assert load_keys(tmp_path) == (new, middle, old)
    assert current_key(load_keys(tmp_path)) == new


def test_keys_are_random_and_long(tmp_path: Path) -> None:
    keys = [make_key(tmp_path, NOON) for _each in range(20)]
    assert len({key.secret for key in keys}) == len({key.id for key in keys}) == 20
    assert {len(key.secret) for key in keys} == {SECRET_BYTES}


def test_a_key_does_not_print_its_secret(tmp_path: Path) -> None:
    key = make_key(tmp_path, NOON)
    assert key.secret.hex() not in f"{key} {key!r} {[key]}"


def test_a_desk_without_keys_says_what_to_do() -> None:
    with pytest.raises(PartMissing) as failure:
        current_key(())
    assert failure.value.exit_code is ExitCode.PART_MISSING
    assert "keys/" in failure.value.hint


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff\xfe",
        b'{"id": "a", "made_at": "2026-10-05", "secret": "zz"}',
        b'{"id": "a", "made_at": "2026-10-05", "secret": "00"}',
    ],
)
def test_a_damaged_key_is_named(tmp_path: Path, body: bytes) -> None:
    make_key(tmp_path, NOON)
    (tmp_path / "broken.key").write_bytes(body)
    with pytest.raises(IntegrityFailed, match=r"broken\.key"):
        load_keys(tmp_path)


def test_init_makes_one_key_and_never_a_second(desk: Path, poshta: Poshta) -> None:
    before = load_keys(desk / "keys")
    again = poshta("init")
    assert again.code == 0
    assert again.data["key_made"] is False
    assert load_keys(desk / "keys") == before
    assert len(before) == 1

"""A batch read by a Dask cluster: the same answers as on one process, also where a worker is killed half-way; and what is said where there is no cluster."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from records import cluster
from records.errors import Busy, ExitCode, PartMissing, PoshtaError, SettingsInvalid, UsageRefused
from records.home import Home
from records.workers import Hands
from scanning import batch
from scanning.batch import scan_files
from scanning.filing import PageRow
from scanning.verdict import PageState
from tests.scanning.desks import all_filed
from tests.scanning.paper import Sheet, open_desk, page, save
from tests.scanning.test_crew import _says, mortal_reader

DAY = "2026-10-20"


@pytest.fixture
def desks(tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Home, Home]]:
    """One desk on the server, and its twin on SQLite."""
    monkeypatch.setenv("POSHTA_TODAY", DAY)
    alone = open_desk(tmp_path / "alone")
    monkeypatch.setenv("POSHTA_DATABASE", postgres_url)
    cluster._program.cache_clear()  # somebody may be editing the program meanwhile
    many = open_desk(tmp_path / "many")
    yield alone, many
    alone.close()
    many.close()


@pytest.fixture
def scheduler(desks: tuple[Home, Home]) -> Iterator[str]:
    """A scheduler and two worker processes of this machine; a task that ended two of them is given up. Begins after the desks: workers share their settings."""
    distributed: Any = pytest.importorskip("distributed", reason="dask is not installed: requirements-dev.lock has it")
    dask: Any = pytest.importorskip("dask")
    calm = {"distributed.scheduler.allowed-failures": 1, "distributed.logging": {"distributed": "critical"}}
    with (
        dask.config.set(calm),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0", silence_logs=50, memory_limit=None
        ) as made,
    ):
        yield made.scheduler_address


def _told(rows: list[PageRow]) -> list[tuple[object, ...]]:
    return [(Path(row.file).name, row.frame, row.part, row.state, row.reason, row.page, row.doubts) for row in rows]


def _scans(folder: Path, marker: Path) -> Path:
    for number in range(14):
        pupil, sheet = ("P1", "P2")[number % 2], 2 + number % 3 // 2
        answers = {"1": "ABCD"[number % 4], "2": ""} if sheet == 2 else {"3": str(number), "4": ""}
        save(folder / f"{number:02}.png", Sheet(page(pupil, sheet), answers), note=str(number))
    _says(folder / "06-once.png", f"once {marker}")
    return folder


def test_a_cluster_of_which_a_worker_is_killed_half_way_files_what_one_process_does(
    desks: tuple[Home, Home], scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, many = desks
    marker = tmp_path / "a worker died"
    scans = _scans(tmp_path / "scans", marker)
    marker.touch()
    calm = scan_files(alone, [scans], 1, mortal_reader)
    marker.unlink()
    monkeypatch.setattr(batch, "FRAMES_PER_FAR_TASK", 2)
    far = scan_files(many, [scans], 1, mortal_reader, cluster=scheduler)
    assert marker.exists(), "no worker was killed"
    assert _told(far) == _told(calm)
    assert all_filed(many) == all_filed(alone)
    again = scan_files(many, [scans], 1, mortal_reader, cluster=scheduler)
    assert {row.state for row in again} == {PageState.DUPLICATE}
    assert all_filed(many) == all_filed(alone)


def test_a_picture_that_ends_every_worker_is_refused_by_name_and_the_batch_goes_on(
    desks: tuple[Home, Home], scheduler: str, tmp_path: Path
) -> None:
    _alone, many = desks
    _says(tmp_path / "scans" / "a.png", "die")
    save(tmp_path / "scans" / "b.png", Sheet(page("P1", 2), {"1": "A", "2": "A"}))
    rows = scan_files(many, [tmp_path / "scans"], 1, mortal_reader, cluster=scheduler)
    assert [(row.state, row.reason) for row in rows] == [(PageState.REFUSED, "worker_died"), (PageState.READ, "")]


def _prepared(home: Path, **other: Any) -> cluster.Preparation:
    """What a worker is told of the desk, with something of it otherwise."""
    desk = cluster.attach(home)
    probe = home / "probe"
    probe.touch()
    seen = {"program": cluster._program(), "keys": cluster._keys(desk), "database": cluster._database(desk), "probe": probe}
    desk.close()
    return cluster.Preparation("run", home, "en", cluster.Witness(**(seen | other)), print, ())


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"program": "another"}, "another version"),
        ({"probe": Path("/nowhere/probe")}, "does not see the desk's folder"),
        ({"keys": "others"}, "cannot read the desk's keys"),
        ({"database": "another"}, "does not use the desk's database"),
    ],
)
def test_a_worker_that_sees_another_desk_stops_the_batch_with_what_differs(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch, other: dict[str, Any], words: str
) -> None:
    monkeypatch.setenv("POSHTA_DATABASE", postgres_url)
    home = tmp_path / "desk"
    open_desk(home).close()
    cluster._see_the_desk(_prepared(home))
    with pytest.raises(SettingsInvalid, match=words):
        cluster._see_the_desk(_prepared(home, **other))


def test_a_desk_that_keeps_its_database_in_a_file_has_no_cluster(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "desk")
    file = save(tmp_path / "a.png", Sheet(page("P1", 2), {"1": "A", "2": ""}))
    with pytest.raises(SettingsInvalid, match="needs a database on a server"):
        scan_files(desk, [file], 1, mortal_reader, cluster="tcp://127.0.0.1:1")
    assert all_filed(desk)["scan"] == []
    desk.close()


@pytest.mark.parametrize(
    ("address", "refusal", "code"), [("tcp://127.0.0.1:1", Busy, ExitCode.BUSY), ("nonsense://x", UsageRefused, ExitCode.USAGE)]
)
def test_a_scheduler_that_does_not_answer_is_told_from_an_address_that_is_none(
    monkeypatch: pytest.MonkeyPatch, address: str, refusal: type[PoshtaError], code: ExitCode
) -> None:
    pytest.importorskip("distributed", reason="dask is not installed: requirements-dev.lock has it")
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(refusal) as told:
        cluster._connected(address)
    assert told.value.exit_code is code
    assert address in told.value.message


def test_without_dask_the_missing_part_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(PartMissing) as told:
        cluster._connected("tcp://127.0.0.1:1")
    assert "requirements-cluster.lock" in told.value.hint


@pytest.mark.parametrize(
    ("said", "hands"),
    [("0", Hands(3)), ("2", Hands(2)), ("dask:tcp://host:8786", Hands(1, "tcp://host:8786")), ("dask:host:1", Hands(1, "host:1"))],
)
def test_workers_are_a_number_or_a_cluster(said: str, hands: Hands) -> None:
    assert Hands.of(said, 3) == hands


@pytest.mark.parametrize("said", ["", "-1", "dask:", "dask", "2:x", "257", "two", "ray:host"])
def test_what_says_nothing_about_workers_is_refused(said: str) -> None:
    with pytest.raises(UsageRefused, match="does not say who is to work"):
        Hands.of(said, 3)

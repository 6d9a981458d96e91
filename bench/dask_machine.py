"""A Dask scheduler with two worker processes on this machine, and a desk on PostgreSQL that they read for: what bench/reading.py --dask measures.

Databases are made on the server that POSHTA_TEST_POSTGRES names, and dropped at the end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.scanned_pages import PrintedDesk, printed_desk

ROOT = Path(__file__).resolve().parents[1]
More = Callable[[], dict[str, str]]


def dask_machine(stack: ExitStack, folder: Path, pages: int) -> tuple[PrintedDesk, str, More] | str:
    """The desk, the scheduler's address, and what makes a fresh copy of the database and names it to a command; or why there is none."""
    server = os.environ.get("POSHTA_TEST_POSTGRES", "")
    if not server:
        return "POSHTA_TEST_POSTGRES names no PostgreSQL server"
    try:
        import distributed
        import psycopg
        from sqlalchemy.engine import make_url
    except ImportError as missing:
        return f"{missing.name} is not installed (requirements-cluster.lock)"
    template, used = (f"poshta_bench_{uuid.uuid4().hex[:8]}" for _each in range(2))
    admin = stack.enter_context(psycopg.connect(server, autocommit=True))
    admin.execute(f"CREATE DATABASE {template}")  # type: ignore[call-overload,unused-ignore]
    for name in (template, used):
        stack.callback(admin.execute, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    url = make_url(server)
    home = folder / "on PostgreSQL"
    (home / "printed").unlink(missing_ok=True)
    desk = printed_desk(home, pages, {"POSHTA_DATABASE": url.set(database=template).render_as_string(hide_password=False)})
    named = {"POSHTA_DATABASE": url.set(database=used).render_as_string(hide_password=False)}

    def more() -> dict[str, str]:
        admin.execute(f"DROP DATABASE IF EXISTS {used} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {used} TEMPLATE {template}")
        return named

    local: Any = distributed.LocalCluster
    cluster = stack.enter_context(local(n_workers=0, host="127.0.0.1", dashboard_address=":0", silence_logs=50))
    words = (
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        cluster.scheduler_address,
        "--nworkers",
        "1",
        "--nthreads",
        "1",
        "--no-dashboard",
    )
    for _each in range(2):
        worker = subprocess.Popen(
            words, cwd=ROOT, env={**os.environ, **named, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        stack.callback(worker.wait)
        stack.callback(worker.terminate)
    cluster.wait_for_workers(2)  # else the first would get everything
    return desk, cluster.scheduler_address, more

"""What every room's tests are handed: a desk of their own, the command line in this process, and a PostgreSQL database where CI has one."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import settings

import cli
from records.language import set_language
from tests.small_desk import SmallDesk, Told, make_small_desk

settings.register_profile("house", deadline=None, derandomize=False)
settings.load_profile("house")
POSTGRES = os.environ.get("POSHTA_TEST_POSTGRES", "")
if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # as in a suite started in the background: what tests start and interrupt would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def quiet_surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting or language of the machine reaches a test; English unless a test says otherwise."""
    for name in list(os.environ):
        if name.startswith("POSHTA_") and not name.startswith("POSHTA_TEST_"):
            monkeypatch.delenv(name)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    set_language("en")
    yield
    set_language("en")


Poshta = Callable[..., Told]


@pytest.fixture
def poshta(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Poshta:
    """`poshta("journal", home=...)`: a command in this process, with --json and a home in the test's folder unless said otherwise."""

    def call(*words: str, home: Path | None = None, json: bool = True, lang: str = "en") -> Told:
        flags: Sequence[str] = ["--home", str(home or tmp_path / "desk"), "--lang", lang, *(["--json"] if json else [])]
        capsys.readouterr()
        code = cli.main([*flags, *words])
        printed = capsys.readouterr()
        return Told(code, printed.out, printed.err)

    return call


@pytest.fixture
def desk(tmp_path: Path, poshta: Poshta) -> Path:
    """The folder of a new desk."""
    assert poshta("init").code == 0
    return tmp_path / "desk"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The URL of an empty PostgreSQL database, dropped afterwards; skips where POSHTA_TEST_POSTGRES names no server."""
    if not POSTGRES:
        pytest.skip("POSHTA_TEST_POSTGRES names no server; .ci/run starts one")
    import psycopg
    from sqlalchemy.engine import make_url

    name = f"poshta_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'house.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def small_desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """A finished week of two villages, made once: look, do not touch."""
    return make_small_desk(tmp_path_factory.mktemp("small"))


@pytest.fixture
def own_desk(small_desk: SmallDesk, tmp_path: Path) -> SmallDesk:
    """A copy of the finished week for one test."""
    return small_desk.copied(tmp_path)

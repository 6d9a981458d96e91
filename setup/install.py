"""Makes .venv and installs what a lock file says: `python3 setup/install.py requirements.lock`.

`run` and `run.cmd` call it when .venv does not hold a copy of the lock file, which is the stamp of a finished set-up. Interrupted, it
begins again where it must; a second one waits for the first. Standard library only; `-I` and any current folder are right.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
GUARD = ROOT / ".venv-guard"
MAKING = ROOT / ".venv-making"
CONTAINS = {
    "requirements-dev.lock": ("requirements.lock", "requirements-postgres.lock", "requirements-cluster.lock"),
    "requirements-cluster.lock": ("requirements.lock", "requirements-postgres.lock"),
    "requirements-postgres.lock": ("requirements.lock",),
}
OLDEST = "(3, 11)"
# A lock file names everything, so pip need not look for what a library asks for: asked, pip 23 takes the newest release for "name[extra]",
# finds no hash for it, and gives up, on the day that release is published.
PIP = ("install", "--require-hashes", "--no-deps", "--no-input", "--no-user", "--disable-pip-version-check")
PART_MISSING, INTERRUPTED = 12, 130


def main(lock: str) -> int:
    """Make the environment fit `lock`; answers an exit code."""
    try:
        with guarded():
            return 0 if stamped(lock) else install(lock)
    except KeyboardInterrupt:
        say("Тоқтатылды. Қайта іске қосыңыз.", "Прервано. Запустите ещё раз.", "Interrupted. Start it again.")
        return INTERRUPTED


def install(lock: str) -> int:
    """Make .venv where there is none that works, and install `lock` into it."""
    say(
        "Бағдарлама дайындалып жатыр. Бірнеше минут кетуі мүмкін.",
        "Программа готовится к работе. Это может занять несколько минут.",
        "Making the program ready. This may take a few minutes.",
    )
    for old in VENV.glob("requirements*.lock"):
        old.unlink()
    if not usable():
        make()
    if run([str(PYTHON), "-I", "-m", "pip", *PIP, "-r", str(ROOT / lock)]) != 0:
        say(
            "Кітапханалар орнатылмады: себебі жоғарыда. Интернетті және дискідегі орынды тексеріп, қайта іске қосыңыз.",
            "Библиотеки не установлены: причина выше. Проверьте интернет и место на диске и запустите ещё раз.",
            "The libraries were not installed: the reason stands above. Check the connection and the room on the disk, then start it again.",
        )
        return PART_MISSING
    for name in (*CONTAINS.get(lock, ()), lock):
        stamp(name)
    return 0


def make() -> None:
    """Make .venv afresh. The mark beside it tells a later set-up that this one was interrupted."""
    MAKING.touch()
    if run([str(steady_python()), "-I", "-m", "venv", "--clear", str(VENV)]) != 0:
        raise SystemExit(PART_MISSING)
    MAKING.unlink()


def usable() -> bool:
    """Whether .venv is whole, runs, and is of a Python that is new enough."""
    if MAKING.exists() or not PYTHON.exists():
        return False
    question = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([str(PYTHON), "-I", "-c", question], capture_output=True, check=False).returncode == 0


def steady_python() -> Path:
    """This Python under the name that survives an upgrade of the system: python3.11 rather than python3 or a folder of one patch."""
    here = Path(sys.executable)
    named = here.with_name(f"python{sys.version_info.major}.{sys.version_info.minor}")
    return named if os.name != "nt" and named.exists() else here


def stamped(lock: str) -> bool:
    """Whether .venv holds exactly what `lock` says."""
    stamp_file = VENV / lock
    return PYTHON.exists() and stamp_file.exists() and stamp_file.read_bytes() == (ROOT / lock).read_bytes()


def stamp(lock: str) -> None:
    """Note that `lock` is installed."""
    fresh = VENV / f".{lock}"
    shutil.copyfile(ROOT / lock, fresh)
    fresh.replace(VENV / lock)


def run(command: list[str]) -> int:
    """Run `command` with its words on stderr."""
    return subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False).returncode


@contextmanager
def guarded() -> Iterator[None]:
    """Let one set-up work at a time; the system lets go of the guard when a process dies."""
    with GUARD.open("a+b") as guard:
        if not taken(guard.fileno()):
            say(
                "Басқа терезеде дайындық жүріп жатыр, соны күтеміз.",
                "Подготовка идёт в другом окне, ждём её.",
                "Another window is making the program ready; waiting for it.",
            )
            while not taken(guard.fileno()):
                time.sleep(0.5)
        yield


def taken(handle: int) -> bool:
    """Try to take the guard."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def say(kazakh: str, russian: str, english: str) -> None:
    """One sentence on stderr, in the language that the system is set to."""
    system = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    sentence = {"kk": kazakh, "ru": russian}.get(system[:2], english)
    sys.stderr.buffer.write((sentence + "\n").encode())
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

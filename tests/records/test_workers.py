"""Work goes the same way in this process and in several, and stops when it is told to."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor
from pathlib import Path

import pytest

from records.errors import NotFound
from records.language import _, current_language, set_language
from records.workers import workers

_handed: list[int] = []


def hand(number: int) -> None:
    _handed.append(number)


def handed() -> tuple[int, ...]:
    return tuple(_handed)


def square(number: int) -> int:
    return number * number


def language_and_word() -> tuple[str, str]:
    return current_language(), _("Journal")


def fail() -> None:
    raise NotFound("No page.", "Look again.")


def process() -> int:
    return os.getpid()


def nap() -> None:
    time.sleep(0.4)


@pytest.fixture(params=[1, 2])
def count(request: pytest.FixtureRequest) -> int:
    _handed.clear()
    found: int = request.param
    return found


def test_each_executor_does_the_same(count: int) -> None:
    with workers(count, hand, (7,)) as executor:
        assert isinstance(executor, Executor)
        assert list(executor.map(square, range(5))) == [0, 1, 4, 9, 16]
        assert executor.submit(handed).result() == (7,)
        assert (executor.submit(process).result() == os.getpid()) is (count == 1)
        with pytest.raises(NotFound) as failure:
            executor.submit(fail).result()
        assert failure.value.hint == "Look again."


def test_a_worker_speaks_the_language_of_the_desk(count: int) -> None:
    set_language("ru")
    with workers(count) as executor:
        assert executor.submit(language_and_word).result() == ("ru", "Журнал")


def test_leaving_by_an_exception_drops_what_waits() -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), workers(2) as executor:
        executor.submit(process).result()
        began = time.monotonic()
        for _each in range(60):
            executor.submit(nap)
        raise KeyboardInterrupt
    assert time.monotonic() - began < 6


KILLED = """
import os, signal, sys
from records.workers import workers
if __name__ == "__main__":
    with workers(2) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals to kill with")
def test_workers_of_a_process_that_was_killed_end_with_it(tmp_path: Path) -> None:
    """Else each would sit there for ever with its memory, and with the pipes of whoever started the program."""
    program = tmp_path / "killed.py"
    program.write_text(KILLED)
    surroundings = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run([sys.executable, str(program)], capture_output=True, timeout=30, check=False, env=surroundings)
    assert ended.returncode == -signal.SIGKILL, "and the last process has let go of the pipe: else the reading would not have ended"


STARTING = """
import os, signal
from records.workers import workers
if __name__ == "__main__":
    with workers(2) as pool:
        begun = [pool.submit(os.getpid), pool.submit(os.getpid)]
        assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # after they were started: they do not have it from here
        print("started", flush=True)
        print(len([each.result() for each in begun]), flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals to send")
def test_a_worker_leaves_ctrl_c_to_the_program_from_its_first_moment(tmp_path: Path) -> None:
    """Else each that has not read in Python yet would end in twenty lines of a traceback on the user's screen."""
    program = tmp_path / "starting.py"
    program.write_text(STARTING)
    surroundings = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, str(program)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings, start_new_session=True, text=True
    ) as begun:
        assert begun.stdout is not None
        assert begun.stdout.readline() == "started\n"
        ends = time.monotonic() + 30
        while begun.poll() is None and time.monotonic() < ends:
            os.killpg(begun.pid, signal.SIGINT)
            time.sleep(0.02)
        said, complained = begun.communicate(timeout=30)
    assert (begun.returncode, said, complained) == (0, "2\n", "")

"""Work goes the same way in this process and in several, and stops when it is told to."""

import os
import time
from concurrent.futures import Executor

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

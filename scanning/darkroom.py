"""Where PDF pages are drawn that are more than one plain scan: a process of its own, which may take only so much time and memory.

scanning/documents hands over what it will not open itself: a drawing of a million curves or a packed bomb would hold up the batch, or end it. One helper is
kept for each process that asks; what it does not survive is refused by name, and the next page gets a new one.
"""

from __future__ import annotations

import atexit
import pickle
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from scanning.intake import Unreadable
from scanning.verdict import Colour, Grey, Picture

MEMORY = 1536 << 20  # bytes that the helper may hold
WAIT = 3.0  # times its processor time that a page may take by the clock
_BEGIN = "import sys; sys.path[:0] = sys.argv[1:]; from scanning.darkroom import serve; serve()"
_HEAVY = {-getattr(signal, name) for name in ("SIGXCPU", "SIGABRT", "SIGTRAP", "SIGILL", "SIGKILL") if hasattr(signal, name)}


def draw(path: Path, number: int, max_pixels: int, seconds: float) -> Picture:
    """Page `number` (from 1) of the PDF; raises Unreadable, `too_heavy` where it took more than `seconds` of processor time."""
    helper = _helper()
    timer = threading.Timer(WAIT * seconds, helper.kill)
    timer.start()
    try:
        pickle.dump((str(path), number, max_pixels, seconds), _pipe(helper.stdin))
        _pipe(helper.stdin).flush()
        reason, shape, dpi, colour = pickle.load(_pipe(helper.stdout))  # noqa: S301 - our own helper wrote it
        content = b"" if reason else _pipe(helper.stdout).read(shape[0] * shape[1])
    except (EOFError, OSError, pickle.UnpicklingError):
        reason = "too_heavy" if _ended(helper) in _HEAVY else "damaged"
    except BaseException:  # stopped half-way: what the helper answers yet would be taken for the next page
        helper.kill()
        _ended(helper)
        raise
    finally:
        timer.cancel()
    if reason:
        raise Unreadable(reason)
    return Picture(np.frombuffer(content, np.uint8).reshape(shape), dpi, colour)


def close() -> None:
    """Send the helper home."""
    while _helpers:
        _ended(_helpers[-1])


_helpers: list[subprocess.Popen[bytes]] = []


def _helper() -> subprocess.Popen[bytes]:
    if not _helpers:
        command = [sys.executable, "-P", "-c", _BEGIN, str(Path(__file__).resolve().parent.parent)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        _helpers.append(subprocess.Popen(command, **pipes, start_new_session=True))  # type: ignore[call-overload]  # noqa: S603 - Ctrl-C is not for it
    return _helpers[-1]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def _ended(helper: subprocess.Popen[bytes]) -> int:
    """How the helper ended; one that has lost the thread is ended."""
    if helper in _helpers:
        _helpers.remove(helper)
    with suppress(OSError):
        _pipe(helper.stdin).close()
    try:
        code = helper.wait(2)
    except subprocess.TimeoutExpired:
        helper.kill()
        code = helper.wait()
    _pipe(helper.stdout).close()
    return code


atexit.register(close)


def serve() -> None:
    """Draw what is asked for until nobody asks any more: the helper's whole life."""
    answers, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing but answers goes out there
    _limit_memory()
    while True:
        try:
            path, number, max_pixels, seconds = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own program asks
        except EOFError:
            return
        _limit_time(seconds)
        reason, image, dpi, colour = _drawn(Path(path), number, max_pixels)
        pickle.dump((reason, image.shape, dpi, colour), answers)
        if not reason:
            answers.write(image.tobytes())
        answers.flush()


def _drawn(path: Path, number: int, max_pixels: int) -> tuple[str, Grey, float | None, Colour | None]:
    from scanning import documents

    nothing = np.zeros((0, 0), np.uint8)
    try:
        return "", *documents.drawn(path, number, max_pixels)
    except Unreadable as failure:
        return failure.reason, nothing, None, None
    except MemoryError:
        return "too_heavy", nothing, None, None
    except Exception:  # noqa: BLE001 - decoders raise whatever they like at a damaged file
        return "damaged", nothing, None, None


def _limit_memory() -> None:
    _limit("RLIMIT_DATA", MEMORY)


def _limit_time(seconds: float) -> None:
    """From now on so many seconds of processor time; then the system ends this process."""
    import time

    _limit("RLIMIT_CPU", int(time.process_time() + seconds) + 1)


def _limit(name: str, most: int) -> None:
    """Set a limit where the system knows it (Windows does not: there the clock alone counts)."""
    with suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        which: Any = getattr(resource, name)
        resource.setrlimit(which, (most, resource.getrlimit(which)[1]))

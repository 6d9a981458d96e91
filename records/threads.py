"""How many threads the libraries that calculate may start: one for each process, unless the user says otherwise.

A page gives them matrices of a few hundred numbers: more threads only wait for each other, at half again of the processor time (docs/measured.md). They
look at the environment when they are first imported, so cli.py calls this before any room is.
"""

from __future__ import annotations

import os

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def one_thread_each() -> None:
    """Let this process, and those that it starts, calculate on one thread where nothing else was said."""
    for name in THREADS:
        os.environ.setdefault(name, "1")
